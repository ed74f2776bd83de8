/* SPDX-License-Identifier: MIT */
/*
 * A snapshot, loaded under another policy: the one that the input is the text of. It is refused for a reason, or the
 * engine goes on under it, and is saved and loaded again to the same bytes.
 */
#include "acts.h"
#include "use.h"

/* Some weeks of the small policy, of which some are reviewed, as the first byte says. */
static struct fuzz_made make_snapshot(uint32_t which)
{
    static const uint8_t acts[] = {0,  0,   0x21, 1, 0, 2,  1, 0x12, 0, 9, 3,  2, 0x13, 2, 0, 9,  3, 0x41, 0, 0,
                                   10, 1,   0x24, 3, 7, 15, 6, 0x01, 3, 0, 16, 0, 0x02, 1, 0, 20, 1, 0x31, 5, 5,
                                   22, 4,   0x33, 0, 0, 30, 1, 0x23, 2, 1, 33, 0, 0x14, 0, 0, 36, 2, 0x21, 1, 1,
                                   37, 255, 0x03, 1, 1};
    struct fuzz_input input = {acts, sizeof acts};
    const kith_engine_options options = fuzz_options(KITH_NAMED, 1);
    const kith_member_settings pinned = {.size = sizeof pinned, .pinned = 1, .tier = 1};
    kith_engine *engine = fuzz_engine(fuzz_small(), &options);
    if (which > 0)
        fuzz_add_acts(engine, &input, MONDAY, fuzz_small(), true, which > 4 ? 60 : 6);
    if (which > 1)
        MUST(fuzz_review(engine, MONDAY + (which % 4) * WEEK));
    if (which > 3)
        MUST(kith_engine_set_member(engine, 1, &pinned, NULL) == KITH_OK);
    struct fuzz_made bytes = fuzz_bytes_of(engine, kith_text_of("here"));
    kith_engine_free(engine);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { SNAPSHOTS = 8 };
    static struct fuzz_made snapshots[SNAPSHOTS];
    struct fuzz_input input = {data, size};
    uint32_t which = fuzz_below(&input, SNAPSHOTS);
    kith_policy *policy = NULL;
    if (snapshots[which].length == 0)
        snapshots[which] = make_snapshot(which);
    if (kith_policy_parse(fuzz_rest(&input), NULL, NULL, &policy, NULL) != KITH_OK)
        return -1;
    const kith_engine_options options = fuzz_options(KITH_NAMED, 1);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    kith_status status = fuzz_load(fuzz_text_of(&snapshots[which]), policy, &options, &engine, &error);
    if (status == KITH_OK) {
        kith_engine_info info = {.size = sizeof info};
        kith_policy_info under = {.size = sizeof under};
        MUST(kith_engine_get_info(engine, &info, NULL) == KITH_OK);
        MUST(kith_policy_get_info(policy, &under, NULL) == KITH_OK);
        MUST(info.policy_digest == under.digest);
        fuzz_use(engine, KITH_NAMED);
    } else {
        MUST(status == KITH_OTHER_POLICY && !engine && error.message[0] != '\0' && which > 0);
    }
    kith_policy_free(policy);
    return 0;
}
