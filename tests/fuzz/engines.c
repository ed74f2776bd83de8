/* SPDX-License-Identifier: MIT */
#include "engines.h"

const char fuzz_small_policy[] = "[half_points]\ncontent = 30\ninteraction = 12\ncommunity = 10\n"
                                 "[tier low]\n"
                                 "[tier middle]\npromote_at = 25\nkeep_at = 22\n"
                                 "[tier high]\npromote_at = 40\nkeep_at = 35\nmin_active_days = 2\nmin_supporters = 1\n"
                                 "[demotion]\ngrace_weeks = 2\n"
                                 "[churn]\ndormant_days = 21\ndrop_baseline_weeks = 3\ndrop_min_per_week = 1\n"
                                 "[members]\nleft_out = *-bot\n"
                                 "[kind post]\ngives = content 4 cap 5\n"
                                 "[kind like]\ngives = interaction 0.5 each 2\nreceives = content 1 cap 9 each 3\n"
                                 "[kind reply]\ngives = interaction 1\nreceives = interaction 0.25\n"
                                 "[kind help]\ngives = community 3 each 1\nreceives = community 0.5\n"
                                 "[kind spam]\ngives = content -3\n"
                                 "[kind login]\n"
                                 "[kind holiday]\nleave = yes\n";

const kith_policy *fuzz_default(void)
{
    static kith_policy *policy;
    if (!policy)
        MUST(kith_policy_new(NULL, &policy, NULL) == KITH_OK);
    return policy;
}

const kith_policy *fuzz_small(void)
{
    static kith_policy *policy;
    if (!policy)
        MUST(kith_policy_parse(kith_text_of(fuzz_small_policy), NULL, NULL, &policy, NULL) == KITH_OK);
    return policy;
}

static int64_t standing_clock(void *context)
{
    (void)context;
    return MONDAY;
}

kith_engine_options fuzz_options(uint32_t members, uint32_t threads)
{
    return (kith_engine_options){
        .size = sizeof(kith_engine_options),
        .members = members,
        .tables = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY,
        .threads = threads,
        .max_weeks = 400,
        .future = -1,
        .now = standing_clock,
    };
}

kith_engine *fuzz_engine(const kith_policy *policy, const kith_engine_options *options)
{
    kith_engine *engine = NULL;
    MUST(kith_engine_new(policy, options, &engine, NULL) == KITH_OK);
    return engine;
}

struct fuzz_made fuzz_bytes_of(kith_engine *engine, kith_text position)
{
    kith_snapshot *snapshot = NULL;
    MUST(kith_engine_freeze(engine, position, &snapshot, NULL) == KITH_OK);
    struct fuzz_made made = {0};
    MUST(kith_snapshot_write(snapshot, fuzz_write, &made, NULL) == KITH_OK);
    kith_snapshot_free(snapshot);
    return made;
}

kith_status fuzz_load(kith_text bytes, const kith_policy *policy, const kith_engine_options *options,
                      kith_engine **engine, kith_error *error)
{
    struct fuzz_given given = {.text = bytes};
    const kith_load load = {
        .size = sizeof load,
        .read = fuzz_read,
        .read_context = &given,
        .policy = policy,
        .options = options,
    };
    return kith_engine_load(&load, engine, error);
}

kith_engine *fuzz_restart(kith_engine *engine, const kith_engine_options *options)
{
    struct fuzz_made bytes = fuzz_bytes_of(engine, (kith_text){NULL, 0});
    kith_engine_free(engine);
    kith_engine *loaded = NULL;
    MUST(fuzz_load(fuzz_text_of(&bytes), NULL, options, &loaded, NULL) == KITH_OK);
    struct fuzz_made again = fuzz_bytes_of(loaded, (kith_text){NULL, 0});
    MUST(fuzz_same(&again, &bytes));
    fuzz_made_free(&again);
    fuzz_made_free(&bytes);
    return loaded;
}
