/* SPDX-License-Identifier: MIT */
/*
 * An application that may be killed at any moment: events come in one at a time, each with its number, weeks are closed
 * as they end, and every EVERY events the engine is frozen and saved by another thread while it goes on. Begun again,
 * it goes on from the last snapshot, replaying some of what came before. Usage: live STATE FOLDER EVERY SEED <
 * events.csv, the events in the order of time. FOLDER receives the tables of each review, and the last standings.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kith/kith.h>

enum { LINE_MOST = 1024, PATH_MOST = 4096, REPLAYED_MOST = 300 };

struct app {
    const char *state;
    const char *folder;
    kith_policy *policy;
    kith_engine *engine;
    kith_snapshot *saving; /* with the thread that writes it, or NULL */
    pthread_t thread;
};

static void check(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "live: %s: %s\n", kith_status_name(status), error->message);
    exit(2);
}

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

/* ---- saving, in a thread of its own ---- */

static void *save(void *context)
{
    struct app *app = context;
    kith_error error = {.size = sizeof error};
    check(kith_snapshot_save(app->saving, app->state, &error), &error);
    return NULL;
}

static void finish_saving(struct app *app)
{
    if (!app->saving)
        return;
    pthread_join(app->thread, NULL);
    kith_snapshot_free(app->saving);
    app->saving = NULL;
}

static void begin_saving(struct app *app, uint64_t line)
{
    char position[32];
    kith_error error = {.size = sizeof error};
    finish_saving(app);
    snprintf(position, sizeof position, "%" PRIu64, line);
    check(kith_engine_freeze(app->engine, kith_text_of(position), &app->saving, &error), &error);
    if (pthread_create(&app->thread, NULL, save, app) != 0)
        fail("thread");
}

/* ---- tables ---- */

static int write_out(void *context, const void *bytes, size_t length)
{
    return fwrite(bytes, 1, length, context) != length;
}

/* A file is written beside its place and moved there, so that a kill leaves none by half. */
static void write_table(const struct app *app, const kith_review *review, uint32_t which, const char *name)
{
    char path[PATH_MOST], beside[PATH_MOST + 8];
    snprintf(path, sizeof path, "%s/%s.csv", app->folder, name);
    snprintf(beside, sizeof beside, "%s.part", path);
    kith_error error = {.size = sizeof error};
    kith_table *table;
    FILE *file = fopen(beside, "wb");
    if (!file)
        fail(beside);
    check(kith_review_get_table(review, which, &table, &error), &error);
    check(kith_table_write_csv(table, KITH_CSV_HEADER, write_out, file, &error), &error);
    kith_table_free(table);
    if (fclose(file) != 0 || rename(beside, path) != 0)
        fail(path);
}

/* Closes the weeks that end by a moment. Done again after a kill, it writes the same files with the same bytes. */
static void close_weeks(const struct app *app, int64_t end)
{
    static const struct {
        uint32_t which;
        const char *name;
    } tables[] = {{KITH_CHANGES, "changes"}, {KITH_FLAGS, "flags"}, {KITH_WEEKS, "weeks"}};
    kith_error error = {.size = sizeof error};
    kith_review *review;
    check(kith_engine_review(app->engine, end, &review, &error), &error);
    kith_review_info info = {.size = sizeof info};
    check(kith_review_get_info(review, &info, &error), &error);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%08d", tables[i].name, (int)info.first_week);
        write_table(app, review, tables[i].which, name);
    }
    write_table(app, review, KITH_STANDINGS, "standings");
    kith_review_free(review);
}

/* The moment at which the week of the latest event is over; INT64_MAX where there was no event. */
static int64_t end_of_week(const struct app *app)
{
    kith_error error = {.size = sizeof error};
    kith_engine_info info = {.size = sizeof info};
    kith_week week = {.size = sizeof week};
    check(kith_engine_get_info(app->engine, &info, &error), &error);
    if (info.last_event == KITH_NO_TIME)
        return INT64_MAX;
    check(kith_policy_get_week(app->policy, info.last_event, &week, &error), &error);
    return week.end;
}

/* ---- events ---- */

static void add_line(const struct app *app, char *line, uint64_t number)
{
    kith_error error = {.size = sizeof error};
    char *fields[5];
    for (int i = 0; i < 5; i++)
        fields[i] = strsep(&line, ",\n");
    kith_event event = {
        .size = sizeof event,
        .quantity = fields[4] && *fields[4] ? (uint32_t)strtoul(fields[4], NULL, 10) : 1,
        .member_name = kith_text_of(fields[1]),
        .target_name = kith_text_of(fields[3]),
        .source = kith_text_of("events"),
        .sequence = number,
    };
    check(kith_policy_parse_time(app->policy, kith_text_of(fields[0]), &event.time, &error), &error);
    check(kith_policy_find_kind(app->policy, kith_text_of(fields[2]), &event.kind, &error), &error);
    if (event.time >= end_of_week(app))
        close_weeks(app, end_of_week(app));
    check(kith_engine_add_event(app->engine, &event, &error), &error);
}

/* Goes on from the last snapshot, where there is one. Returns the number of the last line that it knows. */
static uint64_t begin(struct app *app)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {.size = sizeof options, .future = -1};
    check(kith_policy_new(NULL, &app->policy, &error), &error);
    if (access(app->state, F_OK) != 0) {
        check(kith_engine_new(app->policy, &options, &app->engine, &error), &error);
        return 0;
    }
    kith_load load = {.size = sizeof load, .path = app->state, .options = &options};
    kith_text position;
    uint64_t sequence;
    check(kith_engine_load(&load, &app->engine, &error), &error);
    check(kith_engine_get_position(app->engine, &position, &error), &error);
    check(kith_engine_get_sequence(app->engine, kith_text_of("events"), &sequence, &error), &error);
    char text[32] = "";
    memcpy(text, position.data, position.length < sizeof text ? position.length : sizeof text - 1);
    uint64_t line = strtoull(text, NULL, 10);
    if (line != sequence) {
        fprintf(stderr, "live: position %" PRIu64 " is not the sequence %" PRIu64 "\n", line, sequence);
        exit(2);
    }
    return line;
}

int main(int count, char **arguments)
{
    if (count != 5) {
        fprintf(stderr, "usage: live STATE FOLDER EVERY SEED < events.csv\n");
        return 2;
    }
    struct app app = {.state = arguments[1], .folder = arguments[2]};
    uint64_t every = strtoull(arguments[3], NULL, 10);
    uint64_t known = begin(&app);
    uint64_t replayed = strtoull(arguments[4], NULL, 10) % REPLAYED_MOST;
    uint64_t first = known > replayed ? known - replayed : 1;
    char line[LINE_MOST];
    uint64_t number = 0;
    char *more = fgets(line, sizeof line, stdin); /* the header */
    while (more && (more = fgets(line, sizeof line, stdin))) {
        if (++number < first)
            continue;
        add_line(&app, line, number);
        if (number > known && number % every == 0)
            begin_saving(&app, number);
    }
    int64_t end = end_of_week(&app);
    if (end != INT64_MAX)
        close_weeks(&app, end);
    finish_saving(&app);
    kith_engine_free(app.engine);
    kith_policy_free(app.policy);
    return ferror(stdin) ? 2 : 0;
}
