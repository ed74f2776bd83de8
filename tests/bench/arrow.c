/* SPDX-License-Identifier: MIT */
#include "arrow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, BATCH = 131072, NAME_MOST = 21 };

static void *room(uint64_t count, size_t size)
{
    void *memory = calloc((size_t)count + 1, size);
    if (!memory)
        abort();
    return memory;
}

/* ---- columns ---- */

static void make_kinds(struct bench_arrow *arrow, const kith_policy *policy)
{
    int32_t length = 0;
    kith_kind kind = {.size = sizeof kind};
    for (; arrow->kind_count < 64; arrow->kind_count++) {
        if (kith_policy_get_kind(policy, (uint32_t)arrow->kind_count, &kind, NULL) != KITH_OK)
            break;
        arrow->kind_offsets[arrow->kind_count] = length;
        int32_t more = (int32_t)strlen(kind.name);
        memcpy(arrow->kind_names + length, kind.name, (size_t)more);
        length += more;
    }
    arrow->kind_offsets[arrow->kind_count] = length;
}

static uint64_t person_of(const struct bench_event *event, int side)
{
    return side == 0 ? event->member : event->target;
}

static void make_names(struct bench_arrow *arrow, const struct bench_event *events, int side)
{
    uint64_t length = 0;
    arrow->names[side] = room(arrow->count, NAME_MOST);
    for (uint64_t i = 0; i < arrow->count; i++) {
        uint64_t who = person_of(&events[i], side);
        arrow->people[side][i] = length;
        if (who != 0)
            length += (uint64_t)sprintf(arrow->names[side] + length, "u%" PRIu64, who);
    }
    arrow->people[side][arrow->count] = length;
}

static void make_numbers(struct bench_arrow *arrow, const struct bench_event *events, int side)
{
    for (uint64_t i = 0; i < arrow->count; i++)
        arrow->people[side][i] = person_of(&events[i], side);
}

void bench_arrow_make(struct bench_arrow *arrow, const struct bench_event *events, uint64_t count,
                      const kith_policy *policy, bool named)
{
    *arrow = (struct bench_arrow){
        .count = count,
        .named = named,
        .times = room(count, sizeof *arrow->times),
        .people = {room(count, sizeof **arrow->people), room(count, sizeof **arrow->people)},
        .targeted = room(count / 8, 1),
        .kinds = room(count, sizeof *arrow->kinds),
        .quantities = room(count, sizeof *arrow->quantities),
    };
    make_kinds(arrow, policy);
    for (uint64_t i = 0; i < count; i++) {
        arrow->times[i] = events[i].time;
        arrow->kinds[i] = (int32_t)events[i].kind;
        arrow->quantities[i] = events[i].quantity;
        arrow->targeted[i / 8] |= (unsigned char)((events[i].target != 0) << i % 8);
    }
    for (int side = 0; side < 2; side++) {
        if (named)
            make_names(arrow, events, side);
        else
            make_numbers(arrow, events, side);
    }
}

void bench_arrow_free(struct bench_arrow *arrow)
{
    for (int side = 0; side < 2; side++) {
        free(arrow->people[side]);
        free(arrow->names[side]);
    }
    free(arrow->times);
    free(arrow->targeted);
    free(arrow->kinds);
    free(arrow->quantities);
}

/* ---- streams ---- */

struct source {
    const struct bench_arrow *arrow;
    uint64_t given;
};

/* A struct array, what it points to, and those of its children. */
struct batch {
    const void *none[1];
    const void *buffers[COLUMNS + 1][3];
    struct ArrowArray columns[COLUMNS];
    struct ArrowArray kinds;
    struct ArrowArray *pointers[COLUMNS];
};

struct schema {
    struct ArrowSchema columns[COLUMNS];
    struct ArrowSchema kinds;
    struct ArrowSchema *pointers[COLUMNS];
};

static void release_part(struct ArrowArray *array)
{
    array->release = NULL;
}

static void release_batch(struct ArrowArray *array)
{
    free(array->private_data);
    array->release = NULL;
}

static void release_schema_part(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    free(schema->private_data);
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    static const char *const names[COLUMNS] = {"time", "member", "kind", "target", "quantity"};
    const struct source *source = stream->private_data;
    const char *person = source->arrow->named ? "U" : "L";
    const char *const formats[COLUMNS] = {"tss:UTC", person, "i", person, "I"};
    struct schema *schema = room(1, sizeof *schema);
    for (int i = 0; i < COLUMNS; i++) {
        schema->columns[i] =
            (struct ArrowSchema){.format = formats[i], .name = names[i], .release = release_schema_part};
        schema->pointers[i] = &schema->columns[i];
    }
    schema->kinds = (struct ArrowSchema){.format = "u", .release = release_schema_part};
    schema->columns[2].dictionary = &schema->kinds;
    *out = (struct ArrowSchema){
        .format = "+s",
        .n_children = COLUMNS,
        .children = schema->pointers,
        .release = release_schema,
        .private_data = schema,
    };
    return 0;
}

/* The values of a column, as the format says. */
static void set_buffers(struct batch *batch, const struct bench_arrow *arrow)
{
    const void *const values[COLUMNS] = {arrow->times, arrow->people[0], arrow->kinds, arrow->people[1],
                                         arrow->quantities};
    for (int i = 0; i < COLUMNS; i++)
        batch->buffers[i][1] = values[i];
    batch->buffers[1][2] = arrow->names[0];
    batch->buffers[3][2] = arrow->names[1];
    batch->buffers[3][0] = arrow->targeted;
    batch->buffers[COLUMNS][1] = arrow->kind_offsets;
    batch->buffers[COLUMNS][2] = arrow->kind_names;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    struct source *source = stream->private_data;
    const struct bench_arrow *arrow = source->arrow;
    memset(out, 0, sizeof *out);
    uint64_t left = arrow->count - source->given;
    if (left == 0)
        return 0;
    struct batch *batch = room(1, sizeof *batch);
    int64_t length = left < BATCH ? (int64_t)left : BATCH;
    set_buffers(batch, arrow);
    for (int i = 0; i < COLUMNS; i++) {
        bool text = arrow->named && (i == 1 || i == 3);
        batch->columns[i] = (struct ArrowArray){.length = length, .offset = (int64_t)source->given};
        batch->columns[i].null_count = i == 3 ? -1 : 0;
        batch->columns[i].n_buffers = text ? 3 : 2;
        batch->columns[i].buffers = batch->buffers[i];
        batch->columns[i].release = release_part;
        batch->pointers[i] = &batch->columns[i];
    }
    batch->kinds = (struct ArrowArray){
        .length = arrow->kind_count, .n_buffers = 3, .buffers = batch->buffers[COLUMNS], .release = release_part};
    batch->columns[2].dictionary = &batch->kinds;
    *out = (struct ArrowArray){
        .length = length,
        .n_buffers = 1,
        .n_children = COLUMNS,
        .buffers = batch->none,
        .children = batch->pointers,
        .release = release_batch,
        .private_data = batch,
    };
    source->given += (uint64_t)length;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    free(stream->private_data);
    stream->release = NULL;
}

struct ArrowArrayStream bench_arrow_stream(const struct bench_arrow *arrow)
{
    struct source *source = room(1, sizeof *source);
    source->arrow = arrow;
    return (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, source};
}
