/* SPDX-License-Identifier: MIT */
/* Snapshots that were written by an earlier version are loaded by this one, and come to what they came to then. */
#include "snapshot_support.h"

#include "engine/engine.h"

static kith_engine *load_golden(const char *folder, bool named)
{
    char path[1024];
    snprintf(path, sizeof path, TESTS_DIR "/snapshots/%s/snapshot.kith", folder);
    kith_engine_options options = all_tables(named ? KITH_NAMED : KITH_NUMBERED);
    kith_load input = {.size = sizeof input, .path = path, .options = &options};
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_load(&input, &engine, &error), KITH_OK, &error);
    return engine;
}

static void add_rest(kith_engine *engine, const char *folder, bool named)
{
    char path[256];
    snprintf(path, sizeof path, "snapshots/%s/rest.csv", folder);
    struct gathered file = file_of_tests(path);
    unsigned count = 0;
    for (char *line = strchr(file.bytes, '\n'); line && line[1]; line = strchr(line + 1, '\n'), count++) {
        struct act act;
        long long time;
        assert_int_equal(
            sscanf(line + 1, "%lld,%u,%u,%u,%u", &time, &act.member, &act.kind, &act.target, &act.quantity), 5);
        act.time = time;
        add_act(engine, &act, named);
    }
    assert_true(count > 10);
    gathered_free(&file);
}

static void assert_expected(const struct tables *tables, const char *folder)
{
    for (unsigned i = 0; i < TABLES; i++) {
        char path[256];
        snprintf(path, sizeof path, "snapshots/%s/%s.csv", folder, table_names[i]);
        struct gathered expected = file_of_tests(path);
        assert_same_text(tables->csv[i], expected.bytes, path);
        gathered_free(&expected);
    }
}

static void check_members(const kith_engine *engine, bool named)
{
    const struct kithp_members *members = &engine->members;
    uint32_t other, quiet, gone;
    assert_true(named ? kithp_members_look_up_name(members, TEXT("other account"), &other)
                      : kithp_members_look_up_id(members, 5001, &other));
    assert_int_equal(other, 2);
    assert_true(named ? kithp_members_look_up_name(members, TEXT("quiet"), &quiet)
                      : kithp_members_look_up_id(members, 0, &quiet));
    assert_false(named ? kithp_members_look_up_name(members, TEXT("gone"), &gone)
                       : kithp_members_look_up_id(members, 5002, &gone));
    assert_int_equal(kithp_carried_of(&engine->sweep.carried, 1)->pinned, 2);
    assert_true(kithp_carried_of(&engine->sweep.carried, 4)->left_out);
    assert_int_equal(kithp_carried_of(&engine->sweep.carried, 4)->counts, KITH_LEFT_OUT);
}

static void check_golden(const char *form, bool named)
{
    char folder[128];
    snprintf(folder, sizeof folder, "%s/%s", form, named ? "named" : "numbered");
    kith_engine *engine = load_golden(folder, named);
    kith_text position;
    assert_int_equal(kith_engine_get_position(engine, &position, NULL), KITH_OK);
    assert_text_equal(position, "as far as row 12");
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    assert_int_equal(info.open_weeks, 2);
    assert_int_equal(info.skipped, 300);
    assert_int_equal(info.late, 4);
    check_members(engine, named);
    assert_int_equal(kithp_ids_take(&engine->ids, TEXT("event 17"), MONDAY_WEEK + RICH_WEEKS - 1), KITHP_ID_KNOWN);
    assert_int_equal(kithp_ids_take(&engine->ids, TEXT("event 40"), MONDAY_WEEK + RICH_WEEKS - 1), KITHP_ID_TAKEN);
    assert_int_equal(kithp_sequence_last(kithp_sequences_find(&engine->sequences, TEXT("a"))), 51 * 51 * 1000);
    assert_non_null(engine->tally.reviewed);
    add_rest(engine, form, named);
    kith_review *review = review_until(engine, MONDAY + RICH_END * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    assert_expected(&tables, folder);
    tables_free(&tables);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void snapshots_of_form_1_come_to_what_they_came_to(void **state)
{
    (void)state;
    check_golden("v1", true);
    check_golden("v1", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshots_of_form_1_come_to_what_they_came_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
