/* SPDX-License-Identifier: MIT */
/*
 * The comparison's job in kith: events in, all weeks reviewed. Usage: job
 * csv|ndjson|array|arrow|arrow-names|untargeted|single FILE POLICY THREADS [SOURCE], the policy being a file or
 * "default". The file is an export where it is csv or ndjson, or a pattern of several, and a source description may say
 * how to read it; else one of events. Prints the number of changes with a checksum of them, and the seconds that adding
 * and reviewing took; what a data frame holds is made of the events before.
 */
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "activity.h"
#include "arrow.h"

static void check(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "job: %s: %s\n", kith_status_name(status), error->message);
    exit(1);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of all threads: what others do on the machine is not in it. */
static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The file as an array of events. */
static const struct bench_event *map_events(const char *path, uint64_t *count)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        perror(path);
        exit(1);
    }
    void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    close(file);
    if (mapped == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    *count = (uint64_t)status.st_size / sizeof(struct bench_event);
    return mapped;
}

static void add_array(kith_engine *engine, const struct bench_event *first, uint64_t count, bool targeted)
{
    kith_error error = {.size = sizeof error};
    kith_events events = {
        .size = sizeof events,
        .count = count,
        .time = &first->time,
        .time_stride = sizeof *first,
        .member = &first->member,
        .member_stride = sizeof *first,
        .kind = &first->kind,
        .kind_stride = sizeof *first,
        .target = targeted ? &first->target : NULL,
        .target_stride = sizeof *first,
        .quantity = &first->quantity,
        .quantity_stride = sizeof *first,
    };
    check(kith_engine_add(engine, &events, NULL, &error), &error);
}

static void add_one_by_one(kith_engine *engine, const struct bench_event *events, uint64_t count)
{
    kith_error error = {.size = sizeof error};
    kith_event event = {.size = sizeof event};
    for (uint64_t i = 0; i < count; i++) {
        event.time = events[i].time;
        event.member = events[i].member;
        event.target = events[i].target;
        event.kind = events[i].kind;
        event.quantity = events[i].quantity;
        check(kith_engine_add_event(engine, &event, &error), &error);
    }
}

static void *made_of(size_t count, size_t size)
{
    void *made = calloc(count, size);
    if (made)
        return made;
    fputs("job: no memory\n", stderr);
    exit(1);
}

/* Every file of a pattern. */
static void add_exports(kith_engine *engine, const char *pattern, const char *description)
{
    kith_error error = {.size = sizeof error};
    kith_source *source = NULL;
    glob_t files;
    if (description)
        check(kith_source_load(description, NULL, &source, &error), &error);
    if (glob(pattern, GLOB_NOCHECK, NULL, &files) != 0) {
        fprintf(stderr, "job: %s: cannot be looked for\n", pattern);
        exit(1);
    }
    kith_export *exports = made_of(files.gl_pathc, sizeof *exports);
    kith_added *added = made_of(files.gl_pathc, sizeof *added);
    uint64_t rejected = 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        exports[i] = (kith_export){.size = sizeof *exports, .path = files.gl_pathv[i], .source = source};
        added[i].size = sizeof *added;
    }
    check(kith_engine_add_exports(engine, exports, files.gl_pathc, added, NULL, &error), &error);
    for (size_t i = 0; i < files.gl_pathc; i++)
        rejected += added[i].rejected;
    free(added);
    free(exports);
    globfree(&files);
    kith_source_free(source);
    if (rejected == 0)
        return;
    fprintf(stderr, "job: %" PRIu64 " rows were refused\n", rejected);
    exit(1);
}

static void add_arrow(kith_engine *engine, const struct bench_arrow *arrow)
{
    kith_error error = {.size = sizeof error};
    struct ArrowArrayStream stream = bench_arrow_stream(arrow);
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    kith_added added = {.size = sizeof added};
    check(kith_engine_add_arrow(engine, &input, &added, &error), &error);
    if (added.rejected == 0)
        return;
    fprintf(stderr, "job: %" PRIu64 " rows were refused\n", added.rejected);
    exit(1);
}

/* Members are called u1, u2 … in the CSV file, 1, 2 … in the array. peers/fold.py computes the same. */
static uint64_t checksum_of(const kith_change_row *row)
{
    char name[32] = "";
    memcpy(name, row->member.data ? row->member.data : "", row->member.length < 31 ? row->member.length : 31);
    uint64_t member = row->member.length ? strtoull(name + 1, NULL, 10) : row->id;
    uint64_t mixed = member * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)row->week * UINT64_C(0xC2B2AE3D27D4EB4F) +
                     (uint64_t)(row->from * 16 + row->to) * UINT64_C(0x165667B19E3779F9) +
                     (uint64_t)row->score * UINT64_C(0x27D4EB2F165667C5);
    return (mixed ^ mixed >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

static void print_changes(const kith_review *review)
{
    kith_error error = {.size = sizeof error};
    kith_table *changes;
    check(kith_review_get_table(review, KITH_CHANGES, &changes, &error), &error);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < kith_table_rows(changes); i++) {
        kith_change_row row = {.size = sizeof row};
        check(kith_table_get_row(changes, i, &row, &error), &error);
        sum += checksum_of(&row);
    }
    printf("{\"changes\": %" PRIu64 ", \"checksum\": \"%016" PRIx64 "\"}\n", kith_table_rows(changes), sum);
    kith_table_free(changes);
}

static kith_review *review_all(kith_engine *engine, const kith_policy *policy)
{
    kith_error error = {.size = sizeof error};
    kith_engine_info info = {.size = sizeof info};
    kith_week week = {.size = sizeof week};
    kith_review *review;
    check(kith_engine_get_info(engine, &info, &error), &error);
    check(kith_policy_get_week(policy, info.last_event, &week, &error), &error);
    check(kith_engine_review(engine, week.end, &review, &error), &error);
    return review;
}

int main(int count, char **arguments)
{
    if (count != 5 && count != 6) {
        fprintf(stderr,
                "usage: job csv|ndjson|array|arrow|arrow-names|untargeted|single FILE POLICY THREADS [SOURCE]\n");
        return 2;
    }
    const char *what = arguments[1], *path = arguments[2];
    bool csv = strcmp(what, "csv") == 0 || strcmp(what, "ndjson") == 0, arrow_names = strcmp(what, "arrow-names") == 0;
    bool arrow = arrow_names || strcmp(what, "arrow") == 0;
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    kith_engine *engine;
    check(strcmp(arguments[3], "default") == 0 ? kith_policy_new(NULL, &policy, &error)
                                               : kith_policy_load(arguments[3], NULL, &policy, &error),
          &error);
    kith_engine_options options = {
        .size = sizeof options,
        .members = csv || arrow_names ? KITH_NAMED : KITH_NUMBERED,
        .threads = (uint32_t)strtoul(arguments[4], NULL, 10),
    };
    check(kith_engine_new(policy, &options, &engine, &error), &error);
    uint64_t event_count = 0;
    const struct bench_event *events = csv ? NULL : map_events(path, &event_count);
    struct bench_arrow frame;
    if (arrow)
        bench_arrow_make(&frame, events, event_count, policy, arrow_names);

    double begin = seconds_now(), begin_cpu = cpu_seconds();
    if (csv)
        add_exports(engine, path, count == 6 ? arguments[5] : NULL);
    else if (arrow)
        add_arrow(engine, &frame);
    else if (strcmp(what, "single") == 0)
        add_one_by_one(engine, events, event_count);
    else
        add_array(engine, events, event_count, strcmp(what, "array") == 0);
    double added = seconds_now(), added_cpu = cpu_seconds();
    kith_review *review = review_all(engine, policy);
    double reviewed = seconds_now(), reviewed_cpu = cpu_seconds();
    print_changes(review);
    printf("add %.6f\nreview %.6f\nseconds %.6f\n", added - begin, reviewed - added, reviewed - begin);
    printf("add_cpu %.6f\nreview_cpu %.6f\n", added_cpu - begin_cpu, reviewed_cpu - added_cpu);
    if (arrow)
        bench_arrow_free(&frame);
    kith_review_free(review);
    kith_engine_free(engine);
    kith_policy_free(policy);
    return 0;
}
