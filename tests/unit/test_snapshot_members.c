/* SPDX-License-Identifier: MIT */
/* Members that are pinned, left out, merged and forgotten, with snapshots taken and loaded in between. */
#include "snapshot_support.h"

#include "engine/engine.h"

enum { PEOPLE = 24, ACTS = 300, WEEKS = 12 };

static const char policy_with_patterns[] = "[members]\nleft_out = m1? m2\n";

static kith_engine *new_engine(bool named)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s", small_policy, policy_with_patterns);
    kith_policy *policy = policy_of(text);
    kith_engine_options options = all_tables(named ? KITH_NAMED : KITH_NUMBERED);
    kith_engine *engine = NULL;
    assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
    kith_policy_free(policy);
    memset(engine->ids.keys, 1, sizeof engine->ids.keys);
    return engine;
}

/* The id of a person, if the engine knows it. */
static uint64_t id_of(kith_engine *engine, uint32_t person, bool named)
{
    if (!named)
        return person;
    char name[16];
    snprintf(name, sizeof name, "m%u", (unsigned)person);
    uint64_t id = 0;
    return kith_engine_find_id(engine, kith_text_of(name), &id, NULL) == KITH_OK ? id : 0;
}

static void decide(kith_engine *engine, bool named, uint64_t *seed)
{
    uint64_t id = id_of(engine, 1 + chance_below(seed, PEOPLE), named);
    uint64_t other = id_of(engine, 1 + chance_below(seed, PEOPLE), named);
    uint32_t what = chance_below(seed, 4);
    kith_member_settings settings = {.size = sizeof settings, .pinned = chance_below(seed, 4) > 0};
    settings.tier = settings.pinned ? chance_below(seed, 3) : 0;
    settings.counts = chance_below(seed, 3);
    if (id == 0)
        return;
    if (what == 0)
        (void)!kith_engine_forget(engine, id, NULL);
    else if (what == 1 && other != 0)
        (void)!kith_engine_merge(engine, id, other, NULL);
    else
        (void)!kith_engine_set_member(engine, id, &settings, NULL);
}

/* What a run brings, with restarts or snapshots that are held or without either; and its last snapshot. */
static struct tables play(bool named, uint64_t seed, bool restarts, struct gathered *bytes)
{
    struct act acts[ACTS];
    make_acts(acts, ACTS, PEOPLE, WEEKS, seed);
    kith_engine *engine = new_engine(named);
    kith_engine_options options = all_tables(KITH_NAMED);
    struct tables sum = {{NULL}};
    int64_t week_end = MONDAY + WEEK;
    for (unsigned i = 0; i < ACTS; i++) {
        kith_snapshot *held = NULL;
        struct gathered held_bytes = {0};
        if (restarts && i % 3 == 0) {
            engine = restart(engine, &options);
            held = freeze(engine, "");
            held_bytes = bytes_of_snapshot(held);
        }
        for (; acts[i].time >= week_end + DAY; week_end += WEEK) {
            kith_review *review = review_until(engine, week_end);
            struct tables tables = tables_of(review, KITH_CSV_NO_HEADER);
            if (!sum.csv[0])
                sum = tables;
            else {
                tables_go_on(&sum, &tables);
                tables_free(&tables);
            }
            kith_review_free(review);
        }
        add_act(engine, &acts[i], named);
        if (chance_below(&seed, 5) == 0)
            decide(engine, named, &seed);
        if (!held)
            continue;
        struct gathered again = bytes_of_snapshot(held);
        assert_same_bytes(&again, &held_bytes, "held");
        gathered_free(&again);
        gathered_free(&held_bytes);
        kith_snapshot_free(held);
    }
    *bytes = bytes_of(engine);
    kith_engine_free(engine);
    return sum;
}

static void snapshot_of_members_that_end_changes_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 12; i++) {
        struct gathered bytes, expected_bytes;
        struct tables tables = play(i % 2, i, true, &bytes), expected = play(i % 2, i, false, &expected_bytes);
        assert_same_tables(&tables, &expected, "with snapshots");
        assert_same_bytes(&bytes, &expected_bytes, "the last snapshot");
        tables_free(&tables);
        tables_free(&expected);
        gathered_free(&bytes);
        gathered_free(&expected_bytes);
    }
}

/* Another policy's patterns decide from the moment it is loaded. */
static void exchanged_policy_leaves_out_whom_it_names(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, false, NULL);
    struct gathered bytes = bytes_of(engine);
    char text[4096];
    snprintf(text, sizeof text, "%s[members]\nleft_out = m3 m7\n", small_policy);
    kith_policy *policy = policy_of(text);
    kith_engine *exchanged = NULL;
    kith_error error = NO_ERROR;
    assert_status(try_load(&bytes, policy, NULL, &exchanged, &error), KITH_OK, &error);
    for (uint32_t i = 0; i < exchanged->sweep.carried.states.count; i++) {
        const struct kithp_carried *now = kithp_carried_of(&exchanged->sweep.carried, i);
        char *name = text_string(kithp_members_name(&exchanged->members, i));
        bool named = strcmp(name, "m3") == 0 || strcmp(name, "m7") == 0;
        assert_int_equal(now->left_out, now->counts == KITH_BY_POLICY ? named : now->counts == KITH_LEFT_OUT);
        free(name);
    }
    kith_policy_free(policy);
    kith_engine_free(exchanged);
    kith_engine_free(engine);
    gathered_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_of_members_that_end_changes_nothing),
        cmocka_unit_test(exchanged_policy_leaves_out_whom_it_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
