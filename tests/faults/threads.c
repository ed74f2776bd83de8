/* SPDX-License-Identifier: MIT */
/*
 * What the header allows threads to do at once: engines of their own, each with threads of its own; one policy, one
 * review, its tables, one source description and one snapshot that all of them read; a snapshot that is written while
 * its engine goes on. All come to what one thread comes to alone. It shows most under ThreadSanitizer (tests/tsan.sh).
 *
 * Usage: threads [ROUNDS]
 */
#include "scene.h"

enum { WORKERS = 6, ROWS = 4000, EVENTS = 20000, MEMBERS = 3000 };

static struct {
    kith_policy *policy;
    kith_source *source;
    struct text csv, ndjson;
    struct text expected; /* of one engine with one thread */
    kith_review *review;
    struct text review_text;
} common;

static void add_events(kith_engine *engine)
{
    int64_t *time = malloc(EVENTS * sizeof *time);
    uint64_t *member = malloc(EVENTS * sizeof *member), *target = malloc(EVENTS * sizeof *target);
    uint32_t *kind = malloc(EVENTS * sizeof *kind);
    uint64_t seed = 12;
    for (unsigned i = 0; i < EVENTS; i++) {
        time[i] = MONDAY + (int64_t)i * 8 * WEEK / EVENTS;
        member[i] = 1 + chance_below(&seed, MEMBERS);
        target[i] = 1 + chance_below(&seed, MEMBERS);
        kind[i] = chance_below(&seed, 26);
    }
    kith_events events = {.size = sizeof events, .count = EVENTS, .time = time, .member = member, .kind = kind};
    events.target = target;
    kith_error error = ERROR;
    must(kith_engine_add(engine, &events, NULL, &error), &error);
    free(time);
    free(member);
    free(target);
    free(kind);
}

static kith_engine *new_engine(uint32_t members, unsigned threads, uint64_t memory)
{
    struct scene scene = {.threads = threads, .memory_limit = memory};
    kith_engine_options options = options_of(&scene, members);
    kith_engine *engine;
    kith_error error = ERROR;
    must(kith_engine_new(common.policy, &options, &engine, &error), &error);
    return engine;
}

static void add_export(kith_engine *engine, const struct text *text, const kith_source *source)
{
    struct given given = {text->bytes, text->length, 0, 10000};
    kith_export input = {.size = sizeof input, .read = given_read, .read_context = &given, .source = source};
    kith_error error = ERROR;
    must(kith_engine_add_export(engine, &input, NULL, &error), &error);
}

/* What a snapshot writes, in a thread of its own. */
struct writing {
    const kith_snapshot *snapshot;
    struct text text;
};

static void *write_snapshot(void *context)
{
    struct writing *writing = context;
    kith_error error = ERROR;
    must(kith_snapshot_write(writing->snapshot, text_take, &writing->text, &error), &error);
    return NULL;
}

/* Two threads write what the engine held, while it goes on and even when it has been freed. */
static void review_while_it_is_saved(kith_engine *engine, struct text *text)
{
    struct writing writings[2] = {{0}, {0}};
    pthread_t threads[2];
    kith_snapshot *snapshot;
    kith_error error = ERROR;
    must(kith_engine_freeze(engine, kith_text_of(""), &snapshot, &error), &error);
    for (unsigned i = 0; i < 2; i++) {
        writings[i].snapshot = snapshot;
        MUST(pthread_create(&threads[i], NULL, write_snapshot, &writings[i]) == 0);
    }
    text_add_reviewed(text, engine);
    kith_engine_free(engine);
    for (unsigned i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    MUST(text_same(&writings[0].text, &writings[1].text));
    kith_snapshot_free(snapshot);

    struct given given = {writings[0].text.bytes, writings[0].text.length, 0, 0};
    struct scene scene = {.threads = 2};
    kith_engine_options options = options_of(&scene, KITH_NUMBERED);
    kith_load load = {.size = sizeof load, .read = given_read, .read_context = &given, .options = &options};
    must(kith_engine_load(&load, &engine, &error), &error);
    struct text again = {0};
    text_add_reviewed(&again, engine);
    MUST_SAY(text_same(&again, text), "what was saved comes to the same tables");
    kith_engine_free(engine);
    text_end(&again);
    for (unsigned i = 0; i < 2; i++)
        text_end(&writings[i].text);
}

/* All that one worker does, with so many threads of its engine. */
static void work(struct text *text, unsigned threads, uint64_t memory)
{
    kith_engine *numbered = new_engine(KITH_NUMBERED, threads, memory);
    add_events(numbered);
    review_while_it_is_saved(numbered, text);
    kith_engine *named = new_engine(KITH_NAMED, threads, memory);
    add_export(named, &common.csv, NULL);
    add_export(named, &common.ndjson, common.source);
    text_add_reviewed(text, named);
    kith_engine_free(named);
}

/* A review that others read as well: its tables, as CSV and as Arrow. */
static void read_review(struct text *text)
{
    kith_error error = ERROR;
    for (uint32_t which = KITH_STANDINGS; which <= KITH_HISTORY; which *= 2) {
        kith_table *table;
        struct ArrowArrayStream stream;
        struct ArrowArray array;
        must(kith_review_get_table(common.review, which, &table, &error), &error);
        text_add_table(text, table);
        must(kith_table_get_arrow(table, &stream, &error), &error);
        kith_table_free(table);
        MUST(stream.get_next(&stream, &array) == 0);
        stream.release(&stream);
        array.release(&array);
    }
}

struct worker {
    pthread_t thread;
    unsigned number;
};

static void *run_worker(void *context)
{
    const struct worker *worker = context;
    struct text text = {0}, review = {0};
    /* Some alone, some with threads; some within a limit, so that weeks go to files. */
    work(&text, 1 + worker->number % 4, worker->number % 3 == 2 ? 1 << 20 : 0);
    MUST_SAY(text_same(&text, &common.expected), "a worker comes to what one comes to alone");
    read_review(&review);
    MUST_SAY(text_same(&review, &common.review_text), "a worker reads what one reads alone");
    text_end(&text);
    text_end(&review);
    return NULL;
}

static void begin(void)
{
    kith_error error = ERROR;
    must(kith_policy_new(NULL, &common.policy, &error), &error);
    static const char description[] = "[source]\nformat = ndjson\n[event]\ntime = time\nmember = member\n"
                                      "kind = kind\ntarget = target\n";
    must(kith_source_parse(kith_text_of(description), NULL, NULL, &common.source, &error), &error);
    make_csv(&common.csv, ROWS);
    make_ndjson(&common.ndjson, ROWS);
    work(&common.expected, 1, 0);
    kith_engine *engine = new_engine(KITH_NAMED, 1, 0);
    add_export(engine, &common.csv, NULL);
    must(kith_engine_review(engine, MONDAY + 40 * WEEK, &common.review, &error), &error);
    kith_engine_free(engine);
    read_review(&common.review_text);
}

static void end(void)
{
    kith_review_free(common.review);
    kith_source_free(common.source);
    kith_policy_free(common.policy);
    text_end(&common.csv);
    text_end(&common.ndjson);
    text_end(&common.expected);
    text_end(&common.review_text);
}

int main(int count, char **arguments)
{
    int rounds = count > 1 ? atoi(arguments[1]) : 1;
    begin();
    for (int round = 0; round < rounds; round++) {
        struct worker workers[WORKERS];
        for (unsigned i = 0; i < WORKERS; i++) {
            workers[i].number = i + (unsigned)round;
            MUST(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) == 0);
        }
        for (unsigned i = 0; i < WORKERS; i++)
            pthread_join(workers[i].thread, NULL);
    }
    end();
    printf("%d workers in %d rounds\n", WORKERS, rounds);
    return 0;
}
