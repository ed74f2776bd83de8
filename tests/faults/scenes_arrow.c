/* SPDX-License-Identifier: MIT */
/* Arrow streams, from an application and to it. */
#include "scene.h"

enum { BATCH = 200, BATCHES = 5, COLUMNS = 3, WORD = 8 };

/* ---- a stream of rows, in memory that does not fail ---- */

static struct {
    int64_t time[BATCH * BATCHES];
    int32_t member_ends[BATCH * BATCHES + 1];
    int32_t kind_ends[BATCH * BATCHES + 1];
    char members[BATCH * BATCHES * WORD];
    char kinds[BATCH * BATCHES * WORD];
} data;

struct rows {
    uint64_t from, to, next;
    unsigned *live; /* structs not released */
};

static void make_data(void)
{
    uint64_t seed = 9;
    for (unsigned i = 0; i < BATCH * BATCHES; i++) {
        data.time[i] = MONDAY + (REVIEWED_WEEKS + 1) * WEEK + chance_below(&seed, 2000000);
        data.member_ends[i + 1] = data.member_ends[i];
        data.kind_ends[i + 1] = data.kind_ends[i];
        char word[WORD + 1];
        snprintf(word, sizeof word, "m%03u", chance_below(&seed, 300));
        memcpy(data.members + data.member_ends[i], word, 4);
        data.member_ends[i + 1] += 4;
        snprintf(word, sizeof word, "%s", i % 41 == 3 ? "none" : i % 2 ? "post" : "like");
        memcpy(data.kinds + data.kind_ends[i], word, 4);
        data.kind_ends[i + 1] += 4;
    }
}

static unsigned live;

static void release_column_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
    live--;
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    free(schema->private_data);
    free(schema->children);
    schema->release = NULL;
    live--;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    (void)stream;
    static const char *const names[COLUMNS] = {"time", "member", "kind"};
    struct ArrowSchema *columns = calloc(COLUMNS, sizeof *columns);
    *out = (struct ArrowSchema){.format = "+s", .name = "", .n_children = COLUMNS, .release = release_schema};
    out->private_data = columns;
    out->children = calloc(COLUMNS, sizeof *out->children);
    for (unsigned i = 0; i < COLUMNS; i++) {
        columns[i] = (struct ArrowSchema){.format = i ? "u" : "l", .name = names[i], .release = release_column_schema};
        out->children[i] = &columns[i];
    }
    live += 1 + COLUMNS;
    return 0;
}

static void release_column(struct ArrowArray *array)
{
    free(array->buffers);
    array->release = NULL;
    live--;
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    free(array->private_data);
    free(array->children);
    free(array->buffers);
    array->release = NULL;
    live--;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct rows *rows = stream->private_data;
    memset(out, 0, sizeof *out);
    if (rows->next >= rows->to)
        return 0;
    uint64_t left = rows->to - rows->next;
    int64_t length = left < BATCH ? (int64_t)left : BATCH;
    struct ArrowArray *columns = calloc(COLUMNS, sizeof *columns);
    *out = (struct ArrowArray){.length = length, .n_buffers = 1, .n_children = COLUMNS, .release = release_array};
    out->private_data = columns;
    out->buffers = calloc(1, sizeof *out->buffers);
    out->children = calloc(COLUMNS, sizeof *out->children);
    const void *values[COLUMNS] = {data.time, data.member_ends, data.kind_ends};
    const void *bytes[COLUMNS] = {NULL, data.members, data.kinds};
    for (unsigned i = 0; i < COLUMNS; i++) {
        columns[i] = (struct ArrowArray){.length = length, .offset = (int64_t)rows->next, .n_buffers = i ? 3 : 2};
        columns[i].release = release_column;
        columns[i].buffers = calloc(3, sizeof *columns[i].buffers);
        columns[i].buffers[1] = values[i];
        columns[i].buffers[2] = bytes[i];
        out->children[i] = &columns[i];
    }
    rows->next += (uint64_t)length;
    live += 1 + COLUMNS;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
    live--;
}

/* ---- into an engine ---- */

static kith_status add_arrow(struct scene *scene, kith_error *error)
{
    uint64_t end = scene->to < BATCH * BATCHES ? scene->to : BATCH * BATCHES;
    struct rows rows = {.from = scene->from, .to = end, .next = scene->from};
    struct ArrowArrayStream stream = {get_schema, get_next, get_last_error, release_stream, &rows};
    live++;
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    kith_added added = {.size = sizeof added};
    kith_status status = kith_engine_add_arrow(scene->engine, &input, &added, error);
    MUST(live == 0 && stream.release == NULL);
    MUST(added.read == added.taken + added.rejected);
    scene->dealt = scene->from + added.read;
    return status;
}

static void begin_arrow(struct scene *scene)
{
    if (data.member_ends[1] == 0)
        make_data();
    begin_engine(scene);
}

/* ---- from a table ---- */

/* which: each table of a review, and one of rejects. */
static void begin_table(struct scene *scene)
{
    kith_error error = ERROR;
    if (scene->which == 5) {
        must(kith_rejects_new(scene->allocator, &scene->table, &error), &error);
        kith_reject reject = {.size = sizeof reject, .reason = KITH_REASON_TIME, .line = 3};
        reject.row = kith_text_of("yesterday,ana,post");
        MUST(kith_rejects_add(scene->table, &reject) == 0);
        return;
    }
    begin_engine(scene);
    must(kith_engine_review(scene->engine, MONDAY + BEGUN_WEEKS * WEEK, &scene->review, &error), &error);
    must(kith_review_get_table(scene->review, 1U << scene->which, &scene->table, &error), &error);
}

/* The stream, its schema and its array: of these two the status is an errno. */
static kith_status get_arrow(struct scene *scene, kith_error *error)
{
    struct ArrowSchema schema;
    struct ArrowArray array;
    kith_status status = kith_table_get_arrow(scene->table, &scene->stream, error);
    if (status != KITH_OK) {
        MUST(scene->stream.release == NULL);
        return status;
    }
    int fault = scene->stream.get_schema(&scene->stream, &schema);
    if (fault == 0) {
        fault = scene->stream.get_next(&scene->stream, &array);
        schema.release(&schema);
    }
    if (fault == 0) {
        scene->number = (uint64_t)array.length;
        MUST((uint64_t)array.length == kith_table_rows(scene->table));
        array.release(&array);
    } else {
        MUST(fault == 12 /* ENOMEM */);
        MUST(strcmp(scene->stream.get_last_error(&scene->stream), "not enough memory") == 0);
        *error = (kith_error){.size = sizeof *error, .status = KITH_NO_MEMORY, .message = "not enough memory"};
    }
    scene->stream.release(&scene->stream);
    return fault ? KITH_NO_MEMORY : KITH_OK;
}

/* The stream is not used up by it. */
kith_status ask_stream(struct scene *scene, kith_error *error)
{
    if (data.member_ends[1] == 0)
        make_data();
    struct rows rows = {.to = BATCH};
    struct ArrowArrayStream stream = {get_schema, get_next, get_last_error, release_stream, &rows};
    live++;
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    uint32_t members = 4711;
    kith_status status = kith_arrow_get_members(&input, &members, error);
    MUST(status == KITH_OK ? members == KITH_NAMED : members == 4711);
    struct ArrowArray array;
    MUST(stream.get_next(&stream, &array) == 0 && array.length == BATCH);
    array.release(&array);
    stream.release(&stream);
    MUST(live == 0);
    (void)scene;
    return status;
}

static const struct scenario all[] = {
    {.name = "an Arrow stream",
     .functions = "kith_engine_add_arrow",
     .leaves = IN_PART,
     .by_threads = true,
     .absorbs = true,
     .begin = begin_arrow,
     .call = add_arrow},
    {.name = "a table as an Arrow stream",
     .functions = "kith_table_get_arrow",
     .variants = 6,
     .begin = begin_table,
     .call = get_arrow},
};

const struct scenarios scenarios_of_arrow = {all, sizeof all / sizeof *all};
