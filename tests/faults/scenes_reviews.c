/* SPDX-License-Identifier: MIT */
/* Reviews, tables, and what is asked between reviews. */
#include "scene.h"

static const int64_t as_of = MONDAY + (BEGUN_WEEKS - 1) * WEEK + 2 * DAY;

/* ---- reviews ---- */

static kith_status review(struct scene *scene, kith_error *error)
{
    return kith_engine_review(scene->engine, MONDAY + BEGUN_WEEKS * WEEK, &scene->review, error);
}

static void no_review(struct scene *scene)
{
    MUST(scene->review == NULL);
    /* Half done, it can be kept, and another engine goes on from there to the same tables. */
    struct text state = state_of(scene->engine);
    struct scene twin = {.threads = 1, .allocator = NULL};
    twin.engine = engine_of_state(&state, scene);
    struct text text = {0};
    text_add_reviewed(&text, twin.engine);
    if (scene->text.length == 0)
        text_take(&scene->text, text.bytes, text.length);
    MUST(text_same(&scene->text, &text));
    kith_engine_free(twin.engine);
    text_end(&text);
    text_end(&state);
}

static void add_tables(struct scene *scene, struct text *text)
{
    kith_error error = ERROR;
    for (uint32_t which = KITH_STANDINGS; which <= KITH_HISTORY; which *= 2) {
        kith_table *table;
        must(kith_review_get_table(scene->review, which, &table, &error), &error);
        text_add_table(text, table);
        kith_table_free(table);
    }
}

/* Of many weeks, with more members than one thread takes. */
static void begin_large(struct scene *scene)
{
    enum { MEMBERS = 9000, EVENTS = 12000 };
    begin_policy(scene);
    kith_engine_options options = options_of(scene, KITH_NUMBERED);
    kith_error error = ERROR;
    must(kith_engine_new(scene->policy, &options, &scene->engine, &error), &error);
    static int64_t time[EVENTS];
    static uint64_t member[EVENTS];
    static uint32_t kind[EVENTS];
    uint64_t seed = 3;
    for (unsigned i = 0; i < EVENTS; i++) {
        time[i] = MONDAY + (int64_t)i * 6 * WEEK / EVENTS;
        member[i] = 1 + chance_below(&seed, MEMBERS);
        kind[i] = chance_below(&seed, 26);
    }
    kith_events events = {.size = sizeof events, .count = EVENTS, .time = time, .member = member, .kind = kind};
    must(kith_engine_add(scene->engine, &events, NULL, &error), &error);
}

/* ---- tables ---- */

static void begin_review(struct scene *scene)
{
    begin_engine(scene);
    kith_error error = ERROR;
    must(review(scene, &error), &error);
}

static kith_status get_table(struct scene *scene, kith_error *error)
{
    return kith_review_get_table(scene->review, 1U << scene->which, &scene->table, error);
}

static void no_table(struct scene *scene)
{
    MUST(scene->table == NULL);
}

static void add_table(struct scene *scene, struct text *text)
{
    text_add_table(text, scene->table);
}

static void begin_table(struct scene *scene)
{
    begin_review(scene);
    kith_error error = ERROR;
    must(get_table(scene, &error), &error);
}

static kith_status write_table(struct scene *scene, kith_error *error)
{
    text_end(&scene->text);
    return kith_table_write_csv(scene->table, KITH_CSV_SPREADSHEET, text_take, &scene->text, error);
}

static void nothing_written(struct scene *scene)
{
    MUST(scene->text.length == 0);
}

static void add_written(struct scene *scene, struct text *text)
{
    text_take(text, scene->text.bytes, scene->text.length);
}

static kith_status new_rejects(struct scene *scene, kith_error *error)
{
    return kith_rejects_new(scene->allocator, &scene->table, error);
}

static void begin_rejects(struct scene *scene)
{
    kith_error error = ERROR;
    must(new_rejects(scene, &error), &error);
}

/* So many that each of its columns grows on the way. */
static kith_status add_rejects(struct scene *scene, kith_error *error)
{
    enum { REJECTS = 300 };
    for (; scene->number < REJECTS; scene->number++) {
        char row[200];
        snprintf(row, sizeof row, "row %llu, and what stood in it %0100d", (unsigned long long)scene->number, 7);
        kith_reject reject = {
            .size = sizeof reject,
            .reason = KITH_REASON_KIND,
            .line = scene->number + 2,
            .file = kith_text_of("given.csv"),
            .column = kith_text_of("kind"),
            .value = kith_text_of("nothing"),
            .row = kith_text_of(row),
        };
        uint64_t rows = kith_table_rows(scene->table);
        if (kith_rejects_add(scene->table, &reject) == 0)
            continue;
        MUST(kith_table_rows(scene->table) == rows);
        /* It tells nothing but that it failed. */
        *error = (kith_error){.size = sizeof *error, .status = KITH_NO_MEMORY};
        strcpy(error->message, "not enough memory");
        return KITH_NO_MEMORY;
    }
    return KITH_OK;
}

/* ---- between reviews ---- */

static kith_status get_standing(struct scene *scene, kith_error *error)
{
    kith_standing_row row;
    memset(&row, 0x33, sizeof row);
    row.size = sizeof row;
    kith_status status = kith_engine_get_standing(scene->engine, scene->ids[20], as_of, &row, error);
    MUST((status == KITH_OK) == (row.score != 0x33333333));
    scene->number = (uint64_t)row.score;
    return status;
}

static kith_status explain(struct scene *scene, kith_error *error)
{
    kith_explanation explanation;
    memset(&explanation, 0x33, sizeof explanation);
    explanation.size = sizeof explanation;
    kith_status status = kith_engine_explain(scene->engine, scene->ids[20], as_of, &explanation, error);
    MUST((status == KITH_OK) == (explanation.score != 0x33333333));
    scene->number = (uint64_t)explanation.score;
    return status;
}

static kith_status get_watch(struct scene *scene, kith_error *error)
{
    return kith_engine_get_watch(scene->engine, as_of, &scene->table, error);
}

static void add_number(struct scene *scene, struct text *text)
{
    text_add(text, "%llu\n", (unsigned long long)scene->number);
}

/* Weeks that were sealed have to be brought back. */
static void begin_sealed(struct scene *scene)
{
    enum { EVENTS = 26000, MEMBERS = 12000 };
    begin_numbered(scene);
    static int64_t time[EVENTS];
    static uint64_t member[EVENTS];
    static uint32_t kind[EVENTS];
    uint64_t seed = 4;
    for (unsigned i = 0; i < EVENTS; i++) {
        time[i] = MONDAY + REVIEWED_WEEKS * WEEK + (int64_t)i * (BEGUN_WEEKS - REVIEWED_WEEKS) * WEEK / EVENTS;
        member[i] = i % 10 ? 1000 + chance_below(&seed, MEMBERS) : scene->ids[20];
        kind[i] = chance_below(&seed, 26);
    }
    kith_error error = ERROR;
    kith_events events = {.size = sizeof events, .count = EVENTS, .time = time, .member = member, .kind = kind};
    must(kith_engine_add(scene->engine, &events, NULL, &error), &error);
}

static const struct scenario all[] = {
    {.name = "a review",
     .functions = "kith_engine_review",
     .leaves = GOES_ON,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_engine,
     .call = review,
     .failed = no_review,
     .result = add_tables},
    {.name = "the first review",
     .functions = "kith_engine_review",
     .leaves = GOES_ON,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_unreviewed,
     .call = review,
     .failed = no_review,
     .result = add_tables},
    {.name = "a large review",
     .functions = "kith_engine_review",
     .leaves = GOES_ON,
     .by_threads = true,
     .absorbs = true,
     .large = true,
     .begin = begin_large,
     .call = review,
     .result = add_tables},
    {.name = "a review of sealed weeks",
     .functions = "kith_engine_review",
     .leaves = GOES_ON,
     .by_threads = true,
     .absorbs = true,
     .limit = 1 << 20,
     .begin = begin_sealed,
     .call = review,
     .result = add_tables},
    {.name = "a table",
     .functions = "kith_review_get_table",
     .leaves = UNCHANGED,
     .variants = 5,
     .begin = begin_review,
     .call = get_table,
     .failed = no_table,
     .result = add_table},
    {.name = "a table written",
     .functions = "kith_table_write_csv",
     .leaves = UNCHANGED,
     .variants = 5,
     .begin = begin_table,
     .call = write_table,
     .failed = nothing_written,
     .result = add_written},
    {.name = "a table of rejects",
     .functions = "kith_rejects_new",
     .call = new_rejects,
     .failed = no_table,
     .result = add_table},
    {.name = "rejects",
     .functions = "kith_rejects_add",
     .begin = begin_rejects,
     .call = add_rejects,
     .result = add_table},
    {.name = "a standing in sealed weeks",
     .functions = "kith_engine_get_standing",
     .leaves = UNCHANGED,
     .absorbs = true,
     .limit = 1 << 20,
     .begin = begin_sealed,
     .call = get_standing,
     .result = add_number},
    {.name = "an explanation in sealed weeks",
     .functions = "kith_engine_explain",
     .leaves = UNCHANGED,
     .absorbs = true,
     .limit = 1 << 20,
     .begin = begin_sealed,
     .call = explain,
     .result = add_number},
    {.name = "who is slipping away",
     .functions = "kith_engine_get_watch",
     .leaves = UNCHANGED,
     .by_threads = true,
     .begin = begin_engine,
     .call = get_watch,
     .failed = no_table,
     .result = add_table},
    {.name = "who is slipping away, of sealed weeks",
     .functions = "kith_engine_get_watch",
     .leaves = UNCHANGED,
     .by_threads = true,
     .limit = 1 << 20,
     .begin = begin_sealed,
     .call = get_watch,
     .failed = no_table,
     .result = add_table},
};

const struct scenarios scenarios_of_reviews = {all, sizeof all / sizeof *all};
