/* SPDX-License-Identifier: MIT */
/* The text of a policy: refused with faults that are told, or taken, and then written and read back the same. */
#include <unistd.h>

#include "engines.h"

struct faults {
    uint64_t count;
    kith_error first;
};

static void note_fault(void *context, const kith_error *fault)
{
    struct faults *faults = context;
    MUST(fault->status == KITH_BAD_POLICY && fault->message[0] != '\0');
    if (faults->count++ == 0)
        faults->first = *fault;
}

static kith_policy_info info_of(const kith_policy *policy)
{
    kith_policy_info info = {.size = sizeof info};
    MUST(kith_policy_get_info(policy, &info, NULL) == KITH_OK);
    return info;
}

static struct fuzz_made written(const kith_policy *policy)
{
    struct fuzz_made made = {0};
    MUST(kith_policy_write(policy, fuzz_write, &made, NULL) == KITH_OK);
    return made;
}

/* By the ranges of docs/policy.md. */
static void check_tiers(const kith_policy *policy, const kith_policy_info *info)
{
    kith_tier before = {.promote_at = -1}, tier = {.size = sizeof tier};
    MUST(info->tiers >= 2 && info->tiers <= 16);
    for (uint32_t i = 0; i < info->tiers; i++, before = tier) {
        MUST(kith_policy_get_tier(policy, i, &tier, NULL) == KITH_OK);
        MUST(tier.promote_at > before.promote_at || i == 1);
        MUST(tier.promote_at >= 0 && tier.promote_at <= 10000);
        MUST(tier.keep_at >= 0 && tier.keep_at <= tier.promote_at);
        MUST(tier.min_active_days <= 28 && tier.min_supporters <= 65535);
        MUST(strlen(tier.name) >= 1 && strlen(tier.name) <= 64 && fuzz_is_utf8(kith_text_of(tier.name)));
    }
    MUST(kith_policy_get_tier(policy, info->tiers, &tier, NULL) == KITH_BAD_ARGUMENT);
}

static void check_credit(const kith_credit *credit)
{
    MUST(credit->given <= 1 && credit->dimension < KITH_DIMENSIONS);
    MUST(credit->points >= -1000000000 && credit->points <= 1000000000);
    MUST(credit->given || (credit->points == 0 && credit->cap == 0 && credit->each == 0 && credit->dimension == 0));
}

static void check_kinds(const kith_policy *policy, const kith_policy_info *info)
{
    kith_kind kind = {.size = sizeof kind};
    MUST(info->kinds >= 1 && info->kinds <= 64);
    for (uint32_t i = 0; i < info->kinds; i++) {
        uint32_t found = UINT32_MAX;
        MUST(kith_policy_get_kind(policy, i, &kind, NULL) == KITH_OK);
        MUST(kith_policy_find_kind(policy, kith_text_of(kind.name), &found, NULL) == KITH_OK && found == i);
        MUST(kind.leave <= 1);
        check_credit(&kind.gives);
        check_credit(&kind.receives);
    }
    MUST(kith_policy_get_kind(policy, info->kinds, &kind, NULL) == KITH_BAD_ARGUMENT);
}

static void check_written(const kith_policy *policy, const kith_policy_info *info)
{
    struct fuzz_made text = written(policy);
    kith_policy *again = NULL;
    MUST(kith_policy_parse(fuzz_text_of(&text), "written", NULL, &again, NULL) == KITH_OK);
    kith_policy_info other = info_of(again);
    MUST(memcmp(&other, info, sizeof other) == 0);
    struct fuzz_made twice = written(again);
    MUST(fuzz_same(&twice, &text));
    fuzz_made_free(&twice);
    fuzz_made_free(&text);
    kith_policy_free(again);
}

/* An engine has a copy that says the same. */
static void check_engine(const kith_policy *policy, const kith_policy_info *info)
{
    const kith_engine_options options = fuzz_options(KITH_NAMED, 1);
    kith_engine *engine = fuzz_engine(policy, &options);
    kith_policy *copy = NULL;
    MUST(kith_engine_get_policy(engine, NULL, &copy, NULL) == KITH_OK);
    kith_engine_free(engine);
    kith_policy_info other = info_of(copy);
    MUST(memcmp(&other, info, sizeof other) == 0);
    kith_policy_free(copy);
}

static void check_file(kith_text text, kith_status status, const kith_policy_info *info)
{
    char path[32];
    int file = fuzz_file(text, path);
    kith_policy *policy = NULL;
    MUST(kith_policy_load(path, NULL, &policy, NULL) == status);
    close(file);
    if (status == KITH_OK) {
        kith_policy_info other = info_of(policy);
        MUST(memcmp(&other, info, sizeof other) == 0);
    }
    kith_policy_free(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kith_text text = {fuzz_copy((kith_text){(const char *)data, size}), size};
    struct faults faults = {.count = 0};
    const kith_policy_options options = {.size = sizeof options, .fault = note_fault, .fault_context = &faults};
    kith_policy *policy = NULL;
    kith_error error = NO_ERROR;
    kith_policy_info info = {.size = 0};
    kith_status status = kith_policy_parse(text, NULL, &options, &policy, &error);
    if (status == KITH_OK) {
        MUST(faults.count == 0);
        info = info_of(policy);
        check_tiers(policy, &info);
        check_kinds(policy, &info);
        check_written(policy, &info);
        check_engine(policy, &info);
    } else {
        MUST(status == KITH_BAD_POLICY && !policy && faults.count > 0);
        MUST(error.line == faults.first.line && strcmp(error.message, faults.first.message) == 0);
    }
    check_file(text, status, &info);
    kith_policy_free(policy);
    free((char *)(uintptr_t)text.data);
    return 0;
}
