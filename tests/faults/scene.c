/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <stdarg.h>

char scene_where[256];

_Noreturn void scene_fail(const char *file, int line, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "%s:%d: %s: does not hold: %s\n", file, line, scene_where, what);
    abort();
}

void must(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "%s: %s\n", kith_status_name(status), error ? error->message : "");
    scene_fail(__FILE__, __LINE__, "a call that nothing hinders succeeds");
}

/* SplitMix64. */
uint64_t chance(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t chance_below(uint64_t *state, uint32_t most)
{
    return (uint32_t)(chance(state) % most);
}

/* ---- text ---- */

int text_take(void *context, const void *bytes, size_t length)
{
    struct text *text = context;
    if (text->length + length + 1 > text->capacity) {
        text->capacity = 2 * (text->length + length + 1);
        text->bytes = realloc(text->bytes, text->capacity);
        MUST(text->bytes != NULL);
    }
    if (length)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
    return 0;
}

void text_add(struct text *text, const char *format, ...)
{
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    MUST(length >= 0 && (size_t)length < sizeof line);
    text_take(text, line, (size_t)length);
}

void text_add_table(struct text *text, const kith_table *table)
{
    kith_error error = ERROR;
    must(kith_table_write_csv(table, KITH_CSV_HEADER, text_take, text, &error), &error);
}

void text_end(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

bool text_same(const struct text *a, const struct text *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->bytes, b->bytes, a->length) == 0);
}

int64_t given_read(void *context, void *buffer, size_t capacity)
{
    struct given *given = context;
    size_t left = given->length - given->at;
    size_t step = left < capacity ? left : capacity;
    if (given->step > 0 && step > given->step)
        step = given->step;
    if (step)
        memcpy(buffer, given->bytes + given->at, step);
    given->at += step;
    return (int64_t)step;
}

void write_file(const char *name, const struct text *text)
{
    FILE *file = fopen(name, "wb");
    MUST(file != NULL);
    MUST(fwrite(text->bytes, 1, text->length, file) == text->length);
    MUST(fclose(file) == 0);
}

/* ---- engines ---- */

void begin_policy(struct scene *scene)
{
    kith_error error = ERROR;
    kith_policy_options options = {.size = sizeof options, .allocator = scene->allocator};
    must(kith_policy_new(&options, &scene->policy, &error), &error);
}

kith_engine_options options_of(const struct scene *scene, uint32_t members)
{
    return (kith_engine_options){
        .size = sizeof(kith_engine_options),
        .members = members,
        .tables = KITH_STANDINGS | KITH_CHANGES | KITH_FLAGS | KITH_WEEKS | KITH_HISTORY,
        .threads = scene->threads,
        .future = -1,
        .allocator = scene->allocator,
        .memory = scene->memory_limit,
    };
}

static void name_people(struct scene *scene)
{
    char rooms[PEOPLE][40];
    kith_text names[PEOPLE];
    kith_error error = ERROR;
    for (unsigned i = 0; i < PEOPLE; i++) {
        snprintf(rooms[i], sizeof rooms[i], i % 3 ? "m%02u" : "a rather long name, number %02u", i);
        names[i] = kith_text_of(rooms[i]);
    }
    must(kith_engine_get_ids(scene->engine, names, PEOPLE, scene->ids, &error), &error);
}

/* Events with numbers and ids of their own, by members known already. */
static void add_begun(struct scene *scene)
{
    enum { EVENTS = 300 };
    uint64_t seed = 17;
    static const char *const sources[] = {"queue", "table"};
    for (unsigned i = 0; i < EVENTS; i++) {
        char own[32];
        snprintf(own, sizeof own, "event-%u", i);
        kith_event event = {
            .size = sizeof event,
            .quantity = 1 + chance_below(&seed, 3),
            .kind = chance_below(&seed, 26),
            .time = MONDAY + (int64_t)i * BEGUN_WEEKS * WEEK / EVENTS + chance_below(&seed, 3600),
            .member = scene->ids[chance_below(&seed, PEOPLE - 4)],
            .target = i % 2 ? scene->ids[chance_below(&seed, PEOPLE - 4)] : 0,
            .source = kith_text_of(sources[i % 2]),
            .sequence = i + 1,
            .event_id = kith_text_of(own),
        };
        kith_error error = ERROR;
        must(kith_engine_add_event(scene->engine, &event, &error), &error);
    }
}

static void review_begun(struct scene *scene)
{
    kith_error error = ERROR;
    kith_review *review;
    must(kith_engine_review(scene->engine, MONDAY + REVIEWED_WEEKS * WEEK, &review, &error), &error);
    kith_review_free(review);
    kith_member_settings settings = {.size = sizeof settings, .pinned = 1, .tier = 1};
    must(kith_engine_set_member(scene->engine, scene->ids[3], &settings, &error), &error);
    settings = (kith_member_settings){.size = sizeof settings, .counts = KITH_LEFT_OUT};
    must(kith_engine_set_member(scene->engine, scene->ids[4], &settings, &error), &error);
    must(kith_engine_merge(scene->engine, scene->ids[7], scene->ids[8], &error), &error);
}

void begin_unreviewed(struct scene *scene)
{
    begin_policy(scene);
    kith_engine_options options = options_of(scene, KITH_NAMED);
    kith_error error = ERROR;
    must(kith_engine_new(scene->policy, &options, &scene->engine, &error), &error);
    name_people(scene);
    add_begun(scene);
}

void begin_engine(struct scene *scene)
{
    begin_unreviewed(scene);
    review_begun(scene);
}

void begin_numbered(struct scene *scene)
{
    begin_policy(scene);
    kith_engine_options options = options_of(scene, KITH_NUMBERED);
    kith_error error = ERROR;
    must(kith_engine_new(scene->policy, &options, &scene->engine, &error), &error);
    for (unsigned i = 0; i < PEOPLE; i++)
        scene->ids[i] = i % 2 ? i + 1 : UINT64_C(0x123456789) * (i + 1);
    add_begun(scene);
    review_begun(scene);
}

uint64_t id_of(const kith_engine *engine, const char *name)
{
    uint64_t id;
    kith_error error = ERROR;
    must(kith_engine_find_id(engine, kith_text_of(name), &id, &error), &error);
    return id;
}

struct text state_of(kith_engine *engine)
{
    struct text state = {0};
    kith_error error = ERROR;
    kith_snapshot *snapshot;
    must(kith_engine_freeze(engine, kith_text_of("here"), &snapshot, &error), &error);
    must(kith_snapshot_write(snapshot, text_take, &state, &error), &error);
    kith_snapshot_free(snapshot);
    return state;
}

kith_engine *engine_of_state(const struct text *state, const struct scene *scene)
{
    kith_engine_info info = {.size = sizeof info};
    MUST(!scene->engine || kith_engine_get_info(scene->engine, &info, NULL) == KITH_OK);
    kith_engine_options options = options_of(scene, info.known_by);
    options.allocator = NULL;
    struct given given = {state->bytes, state->length, 0, 0};
    kith_load load = {.size = sizeof load, .read = given_read, .read_context = &given, .options = &options};
    kith_engine *engine;
    kith_error error = ERROR;
    must(kith_engine_load(&load, &engine, &error), &error);
    return engine;
}

void text_add_reviewed(struct text *text, kith_engine *engine)
{
    kith_error error = ERROR;
    kith_review *review;
    must(kith_engine_review(engine, MONDAY + 16 * WEEK, &review, &error), &error);
    for (uint32_t which = KITH_STANDINGS; which <= KITH_WEEKS; which *= 2) {
        kith_table *table;
        must(kith_review_get_table(review, which, &table, &error), &error);
        text_add_table(text, table);
        kith_table_free(table);
    }
    kith_review_free(review);
}

/* ---- exports ---- */

enum { REFUSED_EVERY = 37 };

static void make_rows(struct text *text, uint32_t rows, const char *good, const char *refused)
{
    static const char *const kinds[] = {"post", "like", "comment", "login"};
    uint64_t seed = 23;
    for (uint32_t i = 0; i < rows; i++) {
        long long time =
            MONDAY + (REVIEWED_WEEKS + 1 + (int64_t)chance_below(&seed, 4)) * WEEK + chance_below(&seed, 600000);
        unsigned member = chance_below(&seed, 60), target = chance_below(&seed, 60);
        text_add(text, i % REFUSED_EVERY == 5 ? refused : good, time, member, kinds[i % 4], target, i);
    }
}

void make_csv(struct text *text, uint32_t rows)
{
    text_add(text, "time,member,kind,target,id\n");
    make_rows(text, rows, "%lld,m%02u,%s,\"a rather long, quoted name %02u\",x%u\n", "%lld,e%02u,no %s,m%02u,x%u\n");
}

void make_ndjson(struct text *text, uint32_t rows)
{
    make_rows(text, rows,
              "{\"time\":%lld,\"member\":\"m%02u\",\"kind\":\"%s\",\"target\":\"t\\u00e9%02u\",\"id\":\"x%u\"}\n",
              "{\"time\":%lld,\"member\":\"e%02u\",\"kind\":\"no %s\",\"target\":\"m%02u\",\"id\":\"x%u\"\n");
}

void make_document(struct text *text, uint32_t rows)
{
    text_add(text, "{\"room\":\"hall\",\"messages\":[\n");
    make_rows(text, rows, "{\"at\":%lld,\"who\":{\"name\":\"m%02u\"},\"what\":\"%s\",\"to\":[\"t%02u\"],\"key\":%u},\n",
              "{\"at\":%lld,\"who\":{\"name\":\"e%02u\"},\"what\":\"no %s\",\"to\":[\"t%02u\"],\"key\":%u},\n");
    text_add(text, "{}]}\n");
}

void scene_free(struct scene *scene)
{
    kith_table_free(scene->table);
    kith_review_free(scene->review);
    kith_snapshot_free(scene->snapshot);
    kith_engine_free(scene->engine);
    kith_engine_free(scene->other_engine);
    kith_policy_free(scene->policy);
    kith_policy_free(scene->other_policy);
    kith_source_free(scene->source);
    kith_inspection_free(scene->inspection);
    text_end(&scene->text);
    text_end(&scene->given);
}
