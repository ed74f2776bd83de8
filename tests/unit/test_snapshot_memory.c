/* SPDX-License-Identifier: MIT */
/*
 * Memory that runs out while an engine is frozen, written or loaded, or goes on beside a snapshot: each allocation
 * fails in its turn. The call says so, leaves nothing behind, and can be made again.
 */
#include "snapshot_support.h"

#include "engine/engine.h"

static kith_engine_options options_of(struct memory *memory)
{
    memory_init(memory);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.allocator = &memory->allocator;
    return options;
}

static void check_freeze_and_write(bool named, bool pending)
{
    struct memory memory;
    kith_engine_options options = options_of(&memory);
    kith_engine *engine = rich_engine(named, pending, &options);
    struct gathered expected = bytes_of(engine);
    uint64_t live = memory.live, failures = 0;
    kith_status status = KITH_NO_MEMORY;
    kith_snapshot *snapshot = NULL;
    for (uint64_t more = 0; status != KITH_OK; more++) {
        kith_error error = NO_ERROR;
        memory_fail_after(&memory, more);
        status = kith_engine_freeze(engine, TEXT(""), &snapshot, &error);
        memory_fail_never(&memory);
        if (status == KITH_OK)
            break;
        assert_status(status, KITH_NO_MEMORY, &error);
        assert_null(snapshot);
        assert_int_equal(memory.live, live);
        failures++;
    }
    assert_true(failures > 10);
    status = KITH_NO_MEMORY;
    live = memory.live;
    for (uint64_t more = 0; status != KITH_OK; more++) {
        struct gathered bytes = {0};
        kith_error error = NO_ERROR;
        memory_fail_after(&memory, more);
        status = kith_snapshot_write(snapshot, gather, &bytes, &error);
        memory_fail_never(&memory);
        assert_int_equal(memory.live, live);
        if (status == KITH_OK)
            assert_same_bytes(&bytes, &expected, "written at last");
        else
            assert_status(status, KITH_NO_MEMORY, &error);
        gathered_free(&bytes);
        failures++;
    }
    assert_true(failures > 30);
    kith_snapshot_free(snapshot);
    struct gathered again = bytes_of(engine);
    assert_same_bytes(&again, &expected, "the engine after it all");
    gathered_free(&again);
    gathered_free(&expected);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

static void snapshot_without_memory_is_not_made_or_not_written(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        check_freeze_and_write(i & 1, i & 2);
}

static void check_load(bool named, bool pending, uint32_t threads)
{
    kith_engine *engine = rich_engine(named, pending, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    struct memory memory;
    kith_engine_options options = options_of(&memory);
    options.threads = threads;
    kith_status status = KITH_NO_MEMORY;
    engine = NULL;
    uint64_t failures = 0;
    for (; status != KITH_OK; failures++) {
        kith_error error = NO_ERROR;
        memory_fail_after(&memory, failures);
        status = try_load(&bytes, NULL, &options, &engine, &error);
        memory_fail_never(&memory);
        if (status == KITH_OK)
            break;
        assert_status(status, KITH_NO_MEMORY, &error);
        assert_null(engine);
        assert_int_equal(memory.live, 0);
    }
    assert_true(failures > 40);
    struct gathered again = bytes_of(engine);
    assert_same_bytes(&again, &bytes, "loaded at last");
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
    gathered_free(&again);
    gathered_free(&bytes);
}

static void load_without_memory_makes_no_engine(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        check_load(i & 1, i & 2, 1 + i);
}

/* Under a policy that makes everything move: tiers, kinds, slots, baselines. */
static void load_under_another_policy_without_memory_makes_no_engine(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, true, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    kith_policy *policy = policy_of("[tier low]\n[tier new]\npromote_at = 2\n[tier middle]\npromote_at = 3\n"
                                    "[tier high]\npromote_at = 30\nmin_supporters = 1\n"
                                    "[churn]\ndrop_baseline_weeks = 2\n"
                                    "[kind help]\ngives = content 3 each 4\n"
                                    "[kind reply]\nreceives = content 1\n"
                                    "[kind like]\nreceives = community 2 each 1\n"
                                    "[kind post]\n[kind spam]\n");
    struct memory memory;
    kith_engine_options options = options_of(&memory);
    kith_status status = KITH_NO_MEMORY;
    for (uint64_t more = 0; status != KITH_OK; more++) {
        kith_error error = NO_ERROR;
        memory_fail_after(&memory, more);
        engine = NULL;
        status = try_load(&bytes, policy, &options, &engine, &error);
        memory_fail_never(&memory);
        if (status != KITH_OK) {
            assert_status(status, KITH_NO_MEMORY, &error);
            assert_int_equal(memory.live, 0);
        }
    }
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
    kith_policy_free(policy);
    gathered_free(&bytes);
}

/* Each act and each review is tried with each allocation failing, while what it changes is shared with a snapshot. */
static void engine_beside_a_snapshot_without_memory_is_as_it_was(void **state)
{
    (void)state;
    struct memory memory;
    kith_engine_options options = options_of(&memory);
    kith_engine *engine = rich_engine(true, false, &options), *other = rich_engine(true, false, NULL);
    size_t count;
    const struct act *acts = rich_rest(&count);
    unsigned failures = 0;
    for (size_t i = 0; i < count; i++) {
        kith_snapshot *snapshot = freeze(engine, "");
        struct gathered before = bytes_of_snapshot(snapshot);
        char member[16], target[16];
        kith_event event = {.size = sizeof event, .time = acts[i].time, .kind = acts[i].kind};
        snprintf(member, sizeof member, "m%u", (unsigned)acts[i].member);
        snprintf(target, sizeof target, "m%u", (unsigned)acts[i].target);
        event.quantity = acts[i].quantity;
        event.member_name = kith_text_of(acts[i].member ? member : "");
        event.target_name = kith_text_of(acts[i].target ? target : "");
        kith_status status = KITH_NO_MEMORY;
        for (uint64_t more = 0; status != KITH_OK; more++) {
            memory_fail_after(&memory, more);
            status = kith_engine_add_event(engine, &event, NULL);
            memory_fail_never(&memory);
            if (status == KITH_OK)
                break;
            assert_int_equal(status, KITH_NO_MEMORY);
            failures++;
            struct gathered now = bytes_of(engine);
            assert_same_bytes(&now, &before, "after an act that failed");
            gathered_free(&now);
        }
        add_act(other, &acts[i], true);
        struct gathered after = bytes_of_snapshot(snapshot);
        assert_same_bytes(&after, &before, "the snapshot after an act");
        gathered_free(&after);
        gathered_free(&before);
        kith_snapshot_free(snapshot);
    }
    assert_true(failures > count);
    kith_snapshot *snapshot = freeze(engine, "");
    struct gathered before = bytes_of_snapshot(snapshot);
    kith_review *review = NULL;
    kith_status status = KITH_NO_MEMORY;
    for (uint64_t more = 0; status != KITH_OK; more++) {
        memory_fail_after(&memory, more);
        status = kith_engine_review(engine, MONDAY + (RICH_WEEKS + 2) * WEEK, &review, NULL);
        memory_fail_never(&memory);
    }
    struct gathered after = bytes_of_snapshot(snapshot);
    assert_same_bytes(&after, &before, "the snapshot after a review");
    kith_review *expected_review = review_until(other, MONDAY + (RICH_WEEKS + 2) * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER), expected = tables_of(expected_review, KITH_CSV_HEADER);
    assert_same_tables(&tables, &expected, "reviewed at last");
    tables_free(&tables);
    tables_free(&expected);
    kith_review_free(review);
    kith_review_free(expected_review);
    gathered_free(&before);
    gathered_free(&after);
    kith_snapshot_free(snapshot);
    kith_engine_free(other);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

/* Ids of weeks that are closed may stay where they are; those that are open are told from them all the same. */
static void ids_beside_a_snapshot_without_memory_are_known(void **state)
{
    (void)state;
    struct memory memory;
    kith_engine_options options = options_of(&memory);
    kith_engine *engine = small_engine(KITH_NAMED, &options);
    char id[16];
    for (unsigned i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "%u", i);
        assert_int_equal(kithp_ids_take(&engine->ids, kith_text_of(id), i < 80 ? 100 : 101), KITHP_ID_TAKEN);
    }
    kith_snapshot *snapshot = freeze(engine, "");
    memory_fail_after(&memory, 0);
    memory.fail_on = true;
    kithp_ids_close(&engine->ids, 100);
    memory_fail_never(&memory);
    assert_int_equal(engine->ids.live, 20);
    assert_int_equal(engine->ids.ids.count, 100);
    assert_int_equal(kithp_ids_take(&engine->ids, TEXT("90"), 101), KITHP_ID_KNOWN);
    assert_int_equal(kithp_ids_take(&engine->ids, TEXT("3"), 101), KITHP_ID_TAKEN);
    engine->closed = true;
    engine->closed_week = 100;
    engine->ids.closed = 100;
    struct gathered bytes = bytes_of(engine);
    kith_engine *loaded = load(&bytes, NULL);
    assert_int_equal(loaded->ids.ids.count, 21);
    assert_int_equal(kithp_ids_take(&loaded->ids, TEXT("90"), 101), KITHP_ID_KNOWN);
    assert_int_equal(kithp_ids_take(&loaded->ids, TEXT("4"), 101), KITHP_ID_TAKEN);
    kith_engine_free(loaded);
    gathered_free(&bytes);
    kith_snapshot_free(snapshot);
    kith_engine_free(engine);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_without_memory_is_not_made_or_not_written),
        cmocka_unit_test(load_without_memory_makes_no_engine),
        cmocka_unit_test(load_under_another_policy_without_memory_makes_no_engine),
        cmocka_unit_test(engine_beside_a_snapshot_without_memory_is_as_it_was),
        cmocka_unit_test(ids_beside_a_snapshot_without_memory_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
