/* SPDX-License-Identifier: MIT */
#include "acts.h"

/* No page has room for it in one line. */
#define LONG_NAME                                                                                                      \
    "eva, who has a name that goes on and on, so that it must be cut or broken wherever it is put into words for "     \
    "somebody to read, however wide the page may be that she reads it on"

const char *const fuzz_names[FUZZ_PEOPLE] = {
    "",
    "ana",
    "ben",
    "build-bot",
    "a, \"quoted\" name",
    "=HYPERLINK(\"x\")",
    "two\nlines\r\n",
    "\xE2\x80\xAEturned round",
    "\x1B[31mred\x07",
    " ' -1;+2|@3\t=4",
    "\xF0\x9F\x98\x80 \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
    "a name of more than twelve bytes",
    "\xEF\xBC\x9Dwide",
    "'",
    "seven b",
    LONG_NAME,
};

uint32_t fuzz_kinds_of(const kith_policy *policy)
{
    kith_kind kind = {.size = sizeof kind};
    uint32_t count = 0;
    while (kith_policy_get_kind(policy, count, &kind, NULL) == KITH_OK)
        count++;
    return count;
}

kith_event fuzz_act(struct fuzz_input *input, int64_t from, uint32_t kinds, bool named)
{
    static const uint32_t quantities[] = {1, 2, 3, 7, 40, 1000, 1000000000, 5};
    kith_event event = {.size = sizeof event};
    event.time = from + fuzz_byte(input) * DAY;
    uint32_t kind = fuzz_byte(input), who = fuzz_byte(input), much = fuzz_byte(input);
    event.time += fuzz_byte(input) * (DAY / 256);
    event.kind = kind == 255 ? KITH_KIND_LEAVE : kind % kinds;
    event.quantity = quantities[much % 8];
    if (event.kind == KITH_KIND_LEAVE)
        event.quantity = 1 + much % 60;
    if (named) {
        event.member_name = kith_text_of(fuzz_names[who % 16]);
        event.target_name = kith_text_of(fuzz_names[who / 16]);
    } else {
        event.member = who % 16;
        event.target = who / 16;
    }
    return event;
}

void fuzz_add_acts(kith_engine *engine, struct fuzz_input *input, int64_t from, const kith_policy *policy, bool named,
                   size_t most)
{
    uint32_t kinds = fuzz_kinds_of(policy);
    for (size_t i = 0; i < most && input->left > 0; i++) {
        kith_event event = fuzz_act(input, from, kinds, named);
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_add_event(engine, &event, &error);
        bool is_nobody =
            named ? event.member_name.length + event.target_name.length == 0 : event.member == 0 && event.target == 0;
        MUST(status == KITH_OK || (status == KITH_REFUSED && error.reason != KITH_REASON_NONE));
        MUST(!is_nobody || status == KITH_REFUSED);
    }
}
