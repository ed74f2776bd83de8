/* SPDX-License-Identifier: MIT */
/*
 * Functions that need no memory. Each is called on a full set of handles, whose memory has none to give: it succeeds,
 * and has not even asked.
 */
#include "scene.h"

static void begin_all(struct scene *scene)
{
    begin_engine(scene);
    kith_error error = ERROR;
    kith_source_options source = {.size = sizeof source, .allocator = scene->allocator};
    must(kith_source_parse(kith_text_of("[event]\ntime = t\nmember = m\nkind = k\n"), NULL, &source, &scene->source,
                           &error),
         &error);
    must(kith_engine_review(scene->engine, MONDAY + (BEGUN_WEEKS - 2) * WEEK, &scene->review, &error), &error);
    must(kith_review_get_table(scene->review, KITH_STANDINGS, &scene->table, &error), &error);
    kith_inspection_options options = {.size = sizeof options, .allocator = scene->allocator};
    must(kith_inspection_new(&options, &scene->inspection, &error), &error);
    make_csv(&scene->given, 50);
    struct given given = {scene->given.bytes, scene->given.length, 0, 0};
    kith_export input = {.size = sizeof input, .read = given_read, .read_context = &given};
    must(kith_inspection_add(scene->inspection, &input, &error), &error);
    must(kith_engine_freeze(scene->engine, kith_text_of(""), &scene->snapshot, &error), &error);
}

static kith_status ask_texts(struct scene *scene, kith_error *error)
{
    MUST(kith_version()[0] && kith_status_name(KITH_NO_MEMORY)[0] && kith_reason_name(KITH_REASON_TIME)[0]);
    kith_policy_info info = {.size = sizeof info};
    kith_tier tier = {.size = sizeof tier};
    kith_kind kind = {.size = sizeof kind};
    kith_week week = {.size = sizeof week};
    uint32_t index;
    int64_t time;
    must(kith_policy_get_info(scene->policy, &info, error), error);
    must(kith_policy_get_tier(scene->policy, 1, &tier, error), error);
    must(kith_policy_get_kind(scene->policy, 1, &kind, error), error);
    must(kith_policy_find_kind(scene->policy, kith_text_of("post"), &index, error), error);
    must(kith_policy_parse_time(scene->policy, kith_text_of("2026-03-20T17:05:00+02:00"), &time, error), error);
    must(kith_policy_get_week(scene->policy, MONDAY, &week, error), error);
    must(kith_policy_write(scene->policy, text_take, &scene->text, error), error);
    kith_source_info source = {.size = sizeof source};
    kith_ready_source ready = {.size = sizeof ready};
    must(kith_source_get_info(scene->source, &source, error), error);
    must(kith_source_get_ready(0, &ready, error), error);
    MUST(kith_source_takes_file(scene->source, kith_text_of("a.csv")) == 1);
    MUST(kith_source_takes_file(NULL, kith_text_of("a.pdf")) == 0);
    return KITH_OK;
}

static kith_status ask_inspection(struct scene *scene, kith_error *error)
{
    kith_inspection_info info = {.size = sizeof info};
    kith_inspected_field field = {.size = sizeof field};
    kith_inspected_kind kind = {.size = sizeof kind};
    must(kith_inspection_get_info(scene->inspection, &info, error), error);
    for (uint32_t i = 0; i < info.fields; i++)
        must(kith_inspection_get_field(scene->inspection, i, &field, error), error);
    MUST(info.fields == 5 && info.kinds > 0);
    must(kith_inspection_get_kind(scene->inspection, 0, &kind, error), error);
    kith_inspected_fit fit = {.size = sizeof fit};
    kith_status status = kith_inspection_get_fit(scene->inspection, 0, &fit, error);
    MUST((status == KITH_OK) == (info.fits > 0));
    *error = ERROR;
    must(kith_inspection_write_source(scene->inspection, text_take, &scene->text, error), error);
    return KITH_OK;
}

static kith_status ask_engine(struct scene *scene, kith_error *error)
{
    kith_engine_info info = {.size = sizeof info};
    uint64_t sequence, id;
    kith_text position;
    kith_member_settings settings = {.size = sizeof settings};
    kith_standing_row standing = {.size = sizeof standing};
    kith_explanation explanation = {.size = sizeof explanation};
    must(kith_engine_get_info(scene->engine, &info, error), error);
    must(kith_engine_get_sequence(scene->engine, kith_text_of("queue"), &sequence, error), error);
    must(kith_engine_find_id(scene->engine, kith_text_of("m01"), &id, error), error);
    must(kith_engine_get_position(scene->engine, &position, error), error);
    must(kith_engine_get_member(scene->engine, scene->ids[3], &settings, error), error);
    must(kith_engine_get_standing(scene->engine, scene->ids[20], KITH_LAST_REVIEW, &standing, error), error);
    must(kith_engine_explain(scene->engine, scene->ids[20], KITH_LAST_REVIEW, &explanation, error), error);
    must(kith_explanation_write(&explanation, scene->policy, NULL, text_take, &scene->text, error), error);
    MUST(sequence > 0 && settings.pinned == 1 && scene->text.length > 1000);
    return KITH_OK;
}

/* Weeks that a snapshot shares are dropped, too, and stay with the snapshot. */
static void begin_droppable(struct scene *scene)
{
    begin_policy(scene);
    kith_error error = ERROR;
    kith_engine_options options = options_of(scene, KITH_NAMED);
    must(kith_engine_new(scene->policy, &options, &scene->engine, &error), &error);
    make_csv(&scene->given, 50);
    struct given given = {scene->given.bytes, scene->given.length, 0, 0};
    kith_export input = {.size = sizeof input, .read = given_read, .read_context = &given};
    must(kith_engine_add_export(scene->engine, &input, NULL, &error), &error);
    must(kith_engine_freeze(scene->engine, kith_text_of(""), &scene->snapshot, &error), &error);
}

static kith_status drop_open(struct scene *scene, kith_error *error)
{
    kith_engine_info info = {.size = sizeof info};
    must(kith_engine_drop_open(scene->engine, error), error);
    must(kith_engine_get_info(scene->engine, &info, error), error);
    MUST(info.open_weeks == 0);
    return KITH_OK;
}

static kith_status ask_tables(struct scene *scene, kith_error *error)
{
    kith_review_info info = {.size = sizeof info};
    must(kith_review_get_info(scene->review, &info, error), error);
    MUST(kith_table_rows(scene->table) > 10);
    for (uint32_t i = 0; i < kith_table_columns(scene->table); i++) {
        kith_column column = {.size = sizeof column};
        must(kith_table_get_column(scene->table, i, &column, error), error);
    }
    for (uint64_t i = 0; i < kith_table_rows(scene->table); i++) {
        kith_standing_row row = {.size = sizeof row};
        must(kith_table_get_row(scene->table, i, &row, error), error);
    }
    return KITH_OK;
}

/* In an order that no other part of the tests frees them in: owners first. */
static kith_status free_all(struct scene *scene, kith_error *error)
{
    (void)error;
    kith_engine_free(scene->engine);
    kith_review_free(scene->review);
    kith_policy_free(scene->policy);
    kith_table_free(scene->table);
    kith_snapshot_free(scene->snapshot);
    kith_source_free(scene->source);
    kith_inspection_free(scene->inspection);
    scene->engine = NULL;
    scene->review = NULL;
    scene->policy = NULL;
    scene->table = NULL;
    scene->snapshot = NULL;
    scene->source = NULL;
    scene->inspection = NULL;
    MUST(scene->memory.blocks == 0 && scene->memory.bytes == 0);
    return KITH_OK;
}

static const struct scenario all[] = {
    {.name = "texts that are asked",
     .begin = begin_all,
     .call = ask_texts,
     .functions =
         "kith_version kith_status_name kith_reason_name kith_policy_get_info kith_policy_get_tier "
         "kith_policy_get_kind kith_policy_write kith_policy_find_kind kith_policy_parse_time kith_policy_get_week "
         "kith_source_get_info kith_source_get_ready kith_source_takes_file"},
    {.name = "an inspection that is asked",
     .begin = begin_all,
     .call = ask_inspection,
     .functions = "kith_inspection_get_info kith_inspection_get_field kith_inspection_get_kind kith_inspection_get_fit "
                  "kith_inspection_write_source"},
    {.name = "an engine that is asked",
     .begin = begin_all,
     .call = ask_engine,
     .functions = "kith_engine_get_info kith_engine_get_sequence kith_engine_find_id kith_engine_get_position "
                  "kith_engine_get_member kith_explanation_write"},
    {.name = "open weeks that are dropped",
     .begin = begin_droppable,
     .call = drop_open,
     .functions = "kith_engine_drop_open"},
    {.name = "tables that are asked",
     .begin = begin_all,
     .call = ask_tables,
     .functions = "kith_review_get_info kith_table_rows kith_table_columns kith_table_get_column kith_table_get_row"},
    {.name = "a stream that is asked", .begin = begin_all, .call = ask_stream, .functions = "kith_arrow_get_members"},
    {.name = "handles that are freed",
     .begin = begin_all,
     .call = free_all,
     .functions =
         "kith_engine_free kith_review_free kith_policy_free kith_table_free kith_snapshot_free kith_source_free "
         "kith_inspection_free"},
};

const struct scenarios scenarios_of_rest = {all, sizeof all / sizeof *all};
