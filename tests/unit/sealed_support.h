/* SPDX-License-Identifier: MIT */
/* What tests of sealed weeks need: two engines that are told the same, of which one seals its weeks all the time. */
#ifndef KITH_TESTS_SEALED_SUPPORT_H
#define KITH_TESTS_SEALED_SUPPORT_H

#include "engine/engine.h"
#include "snapshot_support.h"
#include "tally/sealed.h"

enum sealing { NO_SEALING, IN_MEMORY, IN_A_FILE };

/* From here on every look at the engine's weeks seals whatever they hold; or none does. */
static inline void set_sealing(kith_engine *engine, enum sealing sealing)
{
    struct kithp_sealing *now = &engine->tally.sealing;
    now->limit = sealing == IN_A_FILE;
    now->light = 0;
    now->most = sealing == NO_SEALING ? UINT32_MAX : 0;
    now->idle = 0;
    now->every = sealing == NO_SEALING ? UINT64_MAX : 1;
    now->looked = 0;
    now->asked = false;
}

static inline kith_status settle(kith_engine *engine, enum sealing sealing, kith_error *error)
{
    set_sealing(engine, sealing);
    kith_status status = kithp_tally_settle(&engine->tally, error);
    set_sealing(engine, NO_SEALING);
    return status;
}

/* Seals all that open weeks hold. */
static inline void seal(kith_engine *engine, enum sealing sealing)
{
    kith_error error = NO_ERROR;
    assert_status(settle(engine, sealing, &error), KITH_OK, &error);
}

/* How many runs the open weeks have. */
static inline size_t runs_of(const kith_engine *engine)
{
    size_t runs = 0;
    for (size_t i = 0; i < engine->tally.week_count; i++)
        runs += engine->tally.weeks[i]->sealed ? engine->tally.weeks[i]->sealed->count : 0;
    return runs;
}

/* An engine of numbered members. */
static inline kith_engine *numbered_engine(const char *policy_text, const kith_allocator *allocator, uint32_t threads)
{
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.allocator = allocator;
    options.threads = threads;
    kith_policy *policy = policy_of(policy_text);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_new(policy, &options, &engine, &error), KITH_OK, &error);
    kith_policy_free(policy);
    /* Snapshots hold them: those of two engines are to be compared. */
    memset(engine->ids.keys, 7, sizeof engine->ids.keys);
    set_sealing(engine, NO_SEALING);
    return engine;
}

#endif
