/* SPDX-License-Identifier: MIT */
/*
 * How many events a second kith takes in, one thread, under the full default policy: as an array of structs, as CSV,
 * one at a time; and how long the reviews take. Usage: bench [EVENTS [MEMBERS [WEEKS [RUNS]]]], by default 10 million
 * events of 200 000 members in 52 weeks, five runs. Prints the median with the least and the most.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "activity.h"

enum { MOST_RUNS = 99, MOST_ROW = 96 };

static void check(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "bench: %s: %s\n", kith_status_name(status), error->message);
    exit(1);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct bench {
    struct bench_activity activity;
    kith_policy *policy;
    struct bench_event *events;
    char *csv;
    size_t csv_length;
    size_t csv_read;
};

static kith_engine *new_engine(const struct bench *bench, uint32_t members)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {.size = sizeof options, .members = members};
    kith_engine *engine;
    check(kith_engine_new(bench->policy, &options, &engine, &error), &error);
    return engine;
}

static void add_array(struct bench *bench, kith_engine *engine)
{
    kith_error error = {.size = sizeof error};
    const struct bench_event *first = bench->events;
    kith_events events = {
        .size = sizeof events,
        .count = bench->activity.events,
        .time = &first->time,
        .time_stride = sizeof *first,
        .member = &first->member,
        .member_stride = sizeof *first,
        .kind = &first->kind,
        .kind_stride = sizeof *first,
        .target = &first->target,
        .target_stride = sizeof *first,
        .quantity = &first->quantity,
        .quantity_stride = sizeof *first,
    };
    check(kith_engine_add(engine, &events, NULL, &error), &error);
}

static void add_one_by_one(struct bench *bench, kith_engine *engine)
{
    kith_error error = {.size = sizeof error};
    kith_event event = {.size = sizeof event};
    for (uint64_t i = 0; i < bench->activity.events; i++) {
        event.time = bench->events[i].time;
        event.member = bench->events[i].member;
        event.target = bench->events[i].target;
        event.kind = bench->events[i].kind;
        event.quantity = bench->events[i].quantity;
        check(kith_engine_add_event(engine, &event, &error), &error);
    }
}

static int64_t read_csv(void *context, void *buffer, size_t capacity)
{
    struct bench *bench = context;
    size_t left = bench->csv_length - bench->csv_read;
    size_t step = left < capacity ? left : capacity;
    memcpy(buffer, bench->csv + bench->csv_read, step);
    bench->csv_read += step;
    return (int64_t)step;
}

static void add_csv(struct bench *bench, kith_engine *engine)
{
    kith_error error = {.size = sizeof error};
    bench->csv_read = 0;
    kith_export export = {.size = sizeof export, .read = read_csv, .read_context = bench, .name = "bench.csv"};
    kith_added added = {.size = sizeof added};
    check(kith_engine_add_export(engine, &export, &added, &error), &error);
    if (added.taken != bench->activity.events) {
        fprintf(stderr, "bench: %" PRIu64 " rows were refused\n", added.rejected);
        exit(1);
    }
}

/* The same events as the array's, as an export writes them. */
static void make_csv(struct bench *bench)
{
    bench->csv = malloc((size_t)bench->activity.events * MOST_ROW + BENCH_ROW_MOST);
    if (!bench->csv)
        abort();
    char *at = bench->csv + sprintf(bench->csv, "%s", bench_csv_header);
    for (uint64_t i = 0; i < bench->activity.events; i++) {
        kith_kind kind = {.size = sizeof kind};
        if (kith_policy_get_kind(bench->policy, bench->events[i].kind, &kind, NULL) != KITH_OK)
            abort();
        at = bench_write_row(at, &bench->events[i], kind.name);
    }
    bench->csv_length = (size_t)(at - bench->csv);
}

struct times {
    double add[MOST_RUNS];
    double review[MOST_RUNS];
};

static uint64_t run_once(struct bench *bench, uint32_t members, void (*add)(struct bench *, kith_engine *),
                         struct times *times, int run)
{
    kith_error error = {.size = sizeof error};
    kith_engine *engine = new_engine(bench, members);
    double begin = seconds_now();
    add(bench, engine);
    double added = seconds_now();
    kith_review *review;
    kith_engine_info info = {.size = sizeof info};
    check(kith_engine_get_info(engine, &info, &error), &error);
    kith_week week = {.size = sizeof week};
    check(kith_policy_get_week(bench->policy, info.last_event, &week, &error), &error);
    check(kith_engine_review(engine, week.end, &review, &error), &error);
    times->review[run] = seconds_now() - added;
    times->add[run] = added - begin;
    kith_table *changes;
    check(kith_review_get_table(review, KITH_CHANGES, &changes, &error), &error);
    uint64_t rows = kith_table_rows(changes);
    kith_table_free(changes);
    kith_review_free(review);
    kith_engine_free(engine);
    return rows;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_line(const char *name, double *seconds, int runs, uint64_t events)
{
    qsort(seconds, (size_t)runs, sizeof *seconds, by_value);
    double median = seconds[runs / 2];
    printf("%-28s %7.3f s  (%.3f to %.3f)", name, median, seconds[0], seconds[runs - 1]);
    if (events)
        printf("  %6.1f ns an event, %5.1f million a second", median * 1e9 / (double)events,
               (double)events / median / 1e6);
    printf("\n");
}

static uint64_t number_at(int count, char **arguments, int index, uint64_t usual)
{
    return index < count ? strtoull(arguments[index], NULL, 10) : usual;
}

int main(int count, char **arguments)
{
    struct bench bench = {.activity = {number_at(count, arguments, 1, 10000000), number_at(count, arguments, 2, 200000),
                                       (uint32_t)number_at(count, arguments, 3, 52)}};
    int runs = (int)number_at(count, arguments, 4, 5);
    if (bench.activity.events == 0 || bench.activity.members < 4 || bench.activity.weeks == 0 || runs < 1 ||
        runs > MOST_RUNS) {
        fprintf(stderr, "usage: bench [EVENTS [MEMBERS [WEEKS [RUNS]]]]\n");
        return 2;
    }
    kith_error error = {.size = sizeof error};
    check(kith_policy_new(NULL, &bench.policy, &error), &error);
    bench.events = malloc((size_t)bench.activity.events * sizeof *bench.events);
    if (!bench.events)
        abort();
    bench_make_events(&bench.activity, bench.policy, bench.events);
    make_csv(&bench);

    static struct times array, csv, single;
    uint64_t changes = 0;
    for (int run = 0; run < runs; run++) {
        changes = run_once(&bench, KITH_NUMBERED, add_array, &array, run);
        uint64_t of_csv = run_once(&bench, KITH_NAMED, add_csv, &csv, run);
        uint64_t of_single = run_once(&bench, KITH_NUMBERED, add_one_by_one, &single, run);
        if (of_csv != changes || of_single != changes) {
            fprintf(stderr, "bench: the ways differ in the number of changes\n");
            return 1;
        }
    }
    printf("%" PRIu64 " events of up to %" PRIu64 " members in %u weeks, %.0f MB of CSV, %" PRIu64
           " changes; median of %d runs (least to most)\n",
           bench.activity.events, bench.activity.members, bench.activity.weeks, (double)bench.csv_length / 1e6, changes,
           runs);
    print_line("array of events", array.add, runs, bench.activity.events);
    print_line("one event at a time", single.add, runs, bench.activity.events);
    print_line("CSV from memory", csv.add, runs, bench.activity.events);
    print_line("all reviews, by id", array.review, runs, 0);
    print_line("all reviews, by name", csv.review, runs, 0);
    free(bench.csv);
    free(bench.events);
    kith_policy_free(bench.policy);
    return 0;
}
