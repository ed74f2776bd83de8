/* SPDX-License-Identifier: MIT */
/*
 * How long it takes to freeze, save and load an engine, beside what gzip takes for as many bytes in the same run.
 * Usage: bench_snapshot [MEMBERS [EVENTS [WEEKS [RUNS]]]], by default a million named members, ten million events in 12
 * weeks, the last of which is open, five runs. Prints the median with the least and the most. Files go to the current
 * folder.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "activity.h"

enum { MOST_RUNS = 99, HEADER = 16, PART_HEADER = 20, PART_MOST = 2 << 20, NAME_ROOM = 24 };

static const char saved_file[] = "bench-snapshot.kith", raw_file[] = "bench-snapshot.raw",
                  gzip_file[] = "bench-snapshot.gz";

static void check(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "bench_snapshot: %s: %s\n", kith_status_name(status), error->message);
    exit(1);
}

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "bench_snapshot: %s\n", what);
    exit(1);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static kith_engine_options options_of_engine(void)
{
    return (kith_engine_options){.size = sizeof(kith_engine_options), .members = KITH_NAMED, .future = -1};
}

/* An engine whose last week is open. Everybody acts once at least, in some week. */
static kith_engine *make_engine(const struct bench_activity *activity)
{
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    check(kith_policy_new(NULL, &policy, &error), &error);
    struct bench_event *events = malloc((size_t)activity->events * sizeof *events);
    kith_text *names = malloc((size_t)activity->members * sizeof *names);
    char(*rooms)[NAME_ROOM] = malloc((size_t)activity->members * sizeof *rooms);
    uint64_t *ids = malloc((size_t)activity->members * sizeof *ids);
    require(events && names && rooms && ids, "not enough memory");
    bench_make_events(activity, policy, events);
    kith_engine_options options = options_of_engine();
    kith_engine *engine;
    check(kith_engine_new(policy, &options, &engine, &error), &error);
    for (uint64_t i = 0; i < activity->members; i++) {
        snprintf(rooms[i], NAME_ROOM, "member%" PRIu64, i * UINT64_C(2654435761) % 100000007);
        names[i] = kith_text_of(rooms[i]);
    }
    check(kith_engine_get_ids(engine, names, activity->members, ids, &error), &error);
    kith_event once = {.size = sizeof once, .quantity = 1};
    for (uint64_t i = 0; i < activity->members; i++) {
        once.time = events[i * activity->events / activity->members].time;
        once.member = i + 1;
        check(kith_engine_add_event(engine, &once, &error), &error);
    }
    kith_events all = {
        .size = sizeof all,
        .count = activity->events,
        .time = &events->time,
        .time_stride = sizeof *events,
        .member = &events->member,
        .member_stride = sizeof *events,
        .kind = &events->kind,
        .kind_stride = sizeof *events,
        .target = &events->target,
        .target_stride = sizeof *events,
    };
    check(kith_engine_add(engine, &all, NULL, &error), &error);
    kith_week week = {.size = sizeof week};
    check(kith_policy_get_week(policy, events[activity->events - 1].time, &week, &error), &error);
    kith_review *review;
    check(kith_engine_review(engine, week.begin, &review, &error), &error);
    kith_review_free(review);
    kith_policy_free(policy);
    free(ids);
    free(rooms);
    free(names);
    free(events);
    return engine;
}

/* ---- the bytes of a snapshot ---- */

struct bytes {
    unsigned char *data;
    size_t length;
    size_t capacity;
};

static int gather(void *context, const void *data, size_t length)
{
    struct bytes *bytes = context;
    if (bytes->length + length > bytes->capacity) {
        bytes->capacity = 2 * (bytes->length + length);
        bytes->data = realloc(bytes->data, bytes->capacity);
        require(bytes->data, "not enough memory");
    }
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
    return 0;
}

static uint32_t word_at(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Writes the contents of all parts, inflated, to a file for gzip. Returns how many bytes they are. */
static uint64_t write_raw(const struct bytes *snapshot)
{
    static unsigned char room[PART_MOST];
    FILE *file = fopen(raw_file, "wb");
    require(file, "no file can be written here");
    uint64_t total = 0;
    for (size_t at = HEADER; at < snapshot->length;) {
        unsigned char *part = snapshot->data + at;
        uint32_t raw = word_at(part + 4), stored = word_at(part + 8);
        const unsigned char *contents = part + PART_HEADER;
        if (stored < raw) {
            z_stream stream = {.next_in = part + PART_HEADER, .avail_in = stored, .next_out = room, .avail_out = raw};
            require(inflateInit2(&stream, -15) == Z_OK && inflate(&stream, Z_FINISH) == Z_STREAM_END, "inflate failed");
            inflateEnd(&stream);
            contents = room;
        }
        require(fwrite(contents, 1, raw, file) == raw, "no file can be written here");
        total += raw;
        at += PART_HEADER + stored;
    }
    require(fclose(file) == 0, "no file can be written here");
    return total;
}

/* ---- measuring ---- */

enum { FREEZE, WRITE, SAVE, LOAD, GZIP, GUNZIP, MEASURES };
static const char *const names_of_measures[MEASURES] = {"freeze",      "write to memory", "save to a file",
                                                        "load a file", "gzip -1 -c",      "gzip -dc"};

static double seconds_of(const char *command)
{
    double begin = seconds_now();
    require(system(command) == 0, "gzip failed");
    return seconds_now() - begin;
}

static void measure(kith_engine *engine, double seconds[MEASURES][MOST_RUNS], int run, struct bytes *bytes)
{
    kith_error error = {.size = sizeof error};
    kith_snapshot *snapshot;
    double begin = seconds_now();
    check(kith_engine_freeze(engine, (kith_text){NULL, 0}, &snapshot, &error), &error);
    seconds[FREEZE][run] = seconds_now() - begin;
    bytes->length = 0;
    begin = seconds_now();
    check(kith_snapshot_write(snapshot, gather, bytes, &error), &error);
    seconds[WRITE][run] = seconds_now() - begin;
    begin = seconds_now();
    check(kith_snapshot_save(snapshot, saved_file, &error), &error);
    seconds[SAVE][run] = seconds_now() - begin;
    kith_snapshot_free(snapshot);
    kith_engine_options options = options_of_engine();
    kith_load input = {.size = sizeof input, .path = saved_file, .options = &options};
    kith_engine *loaded;
    begin = seconds_now();
    check(kith_engine_load(&input, &loaded, &error), &error);
    seconds[LOAD][run] = seconds_now() - begin;
    kith_engine_free(loaded);
}

static void measure_gzip(double seconds[MEASURES][MOST_RUNS], int run)
{
    char command[160];
    snprintf(command, sizeof command, "gzip -1 -c %s > %s && sync %s", raw_file, gzip_file, gzip_file);
    seconds[GZIP][run] = seconds_of(command);
    snprintf(command, sizeof command, "gzip -dc %s > /dev/null", gzip_file);
    seconds[GUNZIP][run] = seconds_of(command);
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static uint64_t number_at(int count, char **arguments, int index, uint64_t usual)
{
    return index < count ? strtoull(arguments[index], NULL, 10) : usual;
}

int main(int count, char **arguments)
{
    struct bench_activity activity = {
        .members = number_at(count, arguments, 1, 1000000),
        .events = number_at(count, arguments, 2, 10000000),
        .weeks = (uint32_t)number_at(count, arguments, 3, 12),
    };
    int runs = (int)number_at(count, arguments, 4, 5);
    if (activity.members < 4 || activity.events < 1 || activity.weeks < 2 || runs < 1 || runs > MOST_RUNS) {
        fprintf(stderr, "usage: bench_snapshot [MEMBERS [EVENTS [WEEKS [RUNS]]]]\n");
        return 2;
    }
    kith_engine *engine = make_engine(&activity);
    static double seconds[MEASURES][MOST_RUNS];
    struct bytes bytes = {0};
    uint64_t raw = 0;
    for (int run = 0; run < runs; run++) {
        measure(engine, seconds, run, &bytes);
        if (run == 0)
            raw = write_raw(&bytes);
        measure_gzip(seconds, run);
    }
    kith_engine_free(engine);
    printf("%" PRIu64 " members, %" PRIu64 " events in %u weeks, the last open: %.1f MB, %.1f bytes a member (%.1f MB "
           "before deflating); median of %d runs (least to most)\n",
           activity.members, activity.events, activity.weeks, (double)bytes.length / 1e6,
           (double)bytes.length / (double)activity.members, (double)raw / 1e6, runs);
    for (unsigned i = 0; i < MEASURES; i++) {
        qsort(seconds[i], (size_t)runs, sizeof **seconds, by_value);
        printf("%-20s %9.1f ms  (%.1f to %.1f)\n", names_of_measures[i], seconds[i][runs / 2] * 1e3,
               seconds[i][0] * 1e3, seconds[i][runs - 1] * 1e3);
    }
    free(bytes.data);
    remove(saved_file);
    remove(raw_file);
    remove(gzip_file);
    return 0;
}
