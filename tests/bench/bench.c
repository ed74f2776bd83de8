/* SPDX-License-Identifier: MIT */
/*
 * What kith costs: events as an array of structs, as Arrow, one at a time and as CSV, under the default policy and
 * under a plain one (plain.ini: no `each`, no supporters), with targets and without; how long single events take; the
 * reviews of all weeks, and that of one week of many members. Usage: bench [EVENTS [MEMBERS [WEEKS [RUNS
 * [WEEK_MEMBERS]]]]], by default 10 million events of 200 000 members in 52 weeks, five runs, and a million members in
 * the one week. Prints the median with the least and the most, and the median in lines, measured in the same run
 * (line.h).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "activity.h"
#include "arrow.h"
#include "line.h"

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
    kith_policy *plain;
    uint64_t week_members;
    double line[2]; /* nanoseconds, with one thread and with two */
    struct bench_event *events;
    char *csv;
    size_t csv_length;
    size_t csv_read;
    struct bench_arrow frame[2]; /* of members by number, and by name */
};

/* One way of adding all events. */
struct job {
    const char *name;
    void (*add)(struct bench *bench, const struct job *job, kith_engine *engine);
    uint32_t members;
    uint32_t threads;
    bool is_plain;
    bool has_targets;
};

static kith_engine *new_engine(const struct bench *bench, const struct job *job)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {.size = sizeof options, .members = job->members, .threads = job->threads};
    kith_engine *engine;
    check(kith_engine_new(job->is_plain ? bench->plain : bench->policy, &options, &engine, &error), &error);
    return engine;
}

static void add_structs(kith_engine *engine, const struct bench_event *first, uint64_t count, bool has_targets)
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
        .target = has_targets ? &first->target : NULL,
        .target_stride = sizeof *first,
        .quantity = &first->quantity,
        .quantity_stride = sizeof *first,
    };
    check(kith_engine_add(engine, &events, NULL, &error), &error);
}

static void add_array(struct bench *bench, const struct job *job, kith_engine *engine)
{
    add_structs(engine, bench->events, bench->activity.events, job->has_targets);
}

static void add_one_by_one(struct bench *bench, const struct job *job, kith_engine *engine)
{
    (void)job;
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

static void add_csv(struct bench *bench, const struct job *job, kith_engine *engine)
{
    (void)job;
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

static void add_arrow(struct bench *bench, const struct job *job, kith_engine *engine)
{
    kith_error error = {.size = sizeof error};
    struct ArrowArrayStream stream = bench_arrow_stream(&bench->frame[job->members == KITH_NAMED]);
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    kith_added added = {.size = sizeof added};
    check(kith_engine_add_arrow(engine, &input, &added, &error), &error);
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

static kith_review *review_all(const struct bench *bench, kith_engine *engine)
{
    kith_error error = {.size = sizeof error};
    kith_review *review;
    kith_engine_info info = {.size = sizeof info};
    check(kith_engine_get_info(engine, &info, &error), &error);
    kith_week week = {.size = sizeof week};
    check(kith_policy_get_week(bench->policy, info.last_event, &week, &error), &error);
    check(kith_engine_review(engine, week.end, &review, &error), &error);
    return review;
}

static uint64_t count_changes(const kith_review *review)
{
    kith_error error = {.size = sizeof error};
    kith_table *changes;
    check(kith_review_get_table(review, KITH_CHANGES, &changes, &error), &error);
    uint64_t rows = kith_table_rows(changes);
    kith_table_free(changes);
    return rows;
}

/* Returns the number of changes of tier. */
static uint64_t run_once(struct bench *bench, const struct job *job, struct times *times, int run)
{
    kith_engine *engine = new_engine(bench, job);
    double begin = seconds_now();
    job->add(bench, job, engine);
    double added = seconds_now();
    kith_review *review = review_all(bench, engine);
    times->review[run] = seconds_now() - added;
    times->add[run] = added - begin;
    uint64_t changes = count_changes(review);
    kith_review_free(review);
    kith_engine_free(engine);
    return changes;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median_of(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[count / 2];
}

static void print_add(const struct bench *bench, const struct job *job, double *seconds, int runs)
{
    double median = median_of(seconds, runs), events = (double)bench->activity.events;
    printf("%-44s %7.3f s (%.3f to %.3f)  %6.1f ns an event  %5.1f lines\n", job->name, median, seconds[0],
           seconds[runs - 1], median * 1e9 / events, median * 1e9 / events / bench->line[job->threads > 1]);
}

static void print_seconds(const char *name, double *seconds, int runs)
{
    double median = median_of(seconds, runs);
    printf("%-44s %7.3f s (%.3f to %.3f)\n", name, median, seconds[0], seconds[runs - 1]);
}

/* ---- how long single events take ---- */

/* Nanoseconds up to here are counted one by one; what takes longer is counted last. */
enum { LATENCY_MOST = 1 << 20 };

static uint64_t quantile(const uint32_t *counts, uint64_t events, uint64_t per_thousand)
{
    uint64_t seen = 0, at = 0;
    while (at < LATENCY_MOST && (seen += counts[at]) * 1000 < events * per_thousand)
        at++;
    return at;
}

/* Each event by itself, the clock's own time taken off as far as it is the same for all. */
static void print_latencies(struct bench *bench, const struct job *job)
{
    static uint32_t counts[LATENCY_MOST + 1];
    kith_error error = {.size = sizeof error};
    kith_engine *engine = new_engine(bench, job);
    double clock = 1, longest = 0;
    for (int i = 0; i < 1000; i++) {
        double before = seconds_now(), now = seconds_now();
        clock = now - before < clock ? now - before : clock;
    }
    for (uint64_t i = 0; i < bench->activity.events; i++) {
        const struct bench_event *given = &bench->events[i];
        kith_event event = {.size = sizeof event, .time = given->time, .member = given->member};
        event.target = given->target;
        event.kind = given->kind;
        event.quantity = given->quantity;
        double before = seconds_now();
        check(kith_engine_add_event(engine, &event, &error), &error);
        double taken = (seconds_now() - before - clock) * 1e9;
        longest = taken > longest ? taken : longest;
        counts[taken <= 0 ? 0 : taken < LATENCY_MOST ? (uint32_t)taken : LATENCY_MOST]++;
    }
    kith_engine_free(engine);
    uint64_t events = bench->activity.events;
    printf("%-44s median %" PRIu64 " ns, p99 %" PRIu64 " ns, p99.9 %" PRIu64 " ns, longest %.0f us\n", "a single event",
           quantile(counts, events, 500), quantile(counts, events, 990), quantile(counts, events, 999), longest / 1e3);
}

/* ---- one week of many members ---- */

enum { ONE_WEEK = 604800 };
#define FIRST_MONDAY INT64_C(1736121600)

/* All of them act in the first week, every other one in the second, whose review is timed. */
static double time_week(const struct bench *bench, uint32_t threads)
{
    kith_error error = {.size = sizeof error};
    const struct job job = {.members = KITH_NUMBERED, .threads = threads};
    kith_engine *engine = new_engine(bench, &job);
    struct bench_event *events = malloc((size_t)bench->week_members * sizeof *events);
    if (!events)
        abort();
    double seconds = 0;
    for (int week = 0; week < 2; week++) {
        uint64_t count = bench->week_members / (week == 0 ? 1 : 2);
        for (uint64_t i = 0; i < count; i++)
            events[i] = (struct bench_event){.time = FIRST_MONDAY + week * ONE_WEEK + (int64_t)(i % ONE_WEEK),
                                             .member = 1 + i * (week == 0 ? 1 : 2),
                                             .kind = (uint32_t)(i % 8),
                                             .quantity = 1};
        add_structs(engine, events, count, false);
        kith_review *review;
        double begin = seconds_now();
        check(kith_engine_review(engine, FIRST_MONDAY + (week + 1) * ONE_WEEK, &review, &error), &error);
        seconds = seconds_now() - begin;
        kith_review_free(review);
    }
    free(events);
    kith_engine_free(engine);
    return seconds;
}

static uint64_t number_at(int count, char **arguments, int index, uint64_t usual)
{
    return index < count ? strtoull(arguments[index], NULL, 10) : usual;
}

static int usage(void)
{
    fprintf(stderr, "usage: bench [EVENTS [MEMBERS [WEEKS [RUNS [WEEK_MEMBERS]]]]]\n");
    return 2;
}

static void set_up(struct bench *bench)
{
    kith_error error = {.size = sizeof error};
    check(kith_policy_new(NULL, &bench->policy, &error), &error);
    check(kith_policy_load(PLAIN_POLICY, NULL, &bench->plain, &error), &error);
    bench->events = malloc((size_t)bench->activity.events * sizeof *bench->events);
    if (!bench->events)
        abort();
    bench_make_events(&bench->activity, bench->policy, bench->events);
    make_csv(bench);
    for (int named = 0; named < 2; named++)
        bench_arrow_make(&bench->frame[named], bench->events, bench->activity.events, bench->policy, named);
}

static void tear_down(struct bench *bench)
{
    bench_arrow_free(&bench->frame[0]);
    bench_arrow_free(&bench->frame[1]);
    free(bench->csv);
    free(bench->events);
    kith_policy_free(bench->plain);
    kith_policy_free(bench->policy);
}

static const struct job jobs[] = {
    {"array, plain policy, no targets", add_array, KITH_NUMBERED, 1, true, false},
    {"array, plain policy, no targets, two threads", add_array, KITH_NUMBERED, 2, true, false},
    {"array, plain policy", add_array, KITH_NUMBERED, 1, true, true},
    {"array", add_array, KITH_NUMBERED, 1, false, true},
    {"array, two threads", add_array, KITH_NUMBERED, 2, false, true},
    {"arrow, integer ids", add_arrow, KITH_NUMBERED, 1, false, true},
    {"arrow, integer ids, two threads", add_arrow, KITH_NUMBERED, 2, false, true},
    {"one event at a time", add_one_by_one, KITH_NUMBERED, 1, false, true},
    {"arrow, by name", add_arrow, KITH_NAMED, 1, false, true},
    {"CSV from memory, by name", add_csv, KITH_NAMED, 1, false, true},
};
enum { JOBS = sizeof jobs / sizeof *jobs, ARRAY = 3, ARRAY_BY_TWO = 4, BY_NAME = 9 };

/* Ways that bring the same events under the same policy must come to the same. */
static bool agree(const uint64_t changes[JOBS])
{
    bool same = true;
    for (unsigned i = 0; i < JOBS; i++)
        for (unsigned j = 0; j < i; j++)
            if (jobs[i].is_plain == jobs[j].is_plain && jobs[i].has_targets == jobs[j].has_targets)
                same = same && changes[i] == changes[j];
    return same;
}

int main(int count, char **arguments)
{
    static struct bench bench;
    bench.activity =
        (struct bench_activity){number_at(count, arguments, 1, 10000000), number_at(count, arguments, 2, 200000),
                                (uint32_t)number_at(count, arguments, 3, 52)};
    int runs = (int)number_at(count, arguments, 4, 5);
    bench.week_members = number_at(count, arguments, 5, 1000000);
    if (bench.activity.events == 0 || bench.activity.members < 4 || bench.activity.weeks == 0 || runs < 1 ||
        runs > MOST_RUNS || bench.week_members < 2)
        return usage();
    set_up(&bench);

    static struct times times[JOBS];
    static double lines[2][MOST_RUNS], week[2][MOST_RUNS];
    uint64_t changes[JOBS];
    for (int run = 0; run < runs; run++) {
        for (unsigned i = 0; i < JOBS; i++)
            changes[i] = run_once(&bench, &jobs[i], &times[i], run);
        if (!agree(changes)) {
            fprintf(stderr, "bench: the ways differ in the number of changes\n");
            return 1;
        }
        for (unsigned threads = 1; threads <= 2; threads++) {
            lines[threads - 1][run] = bench_time_line(bench.activity.members, threads);
            week[threads - 1][run] = time_week(&bench, threads);
        }
    }
    printf("%" PRIu64 " events of up to %" PRIu64 " members in %u weeks, %.0f MB of CSV, %" PRIu64
           " changes; median of %d runs (least to most)\n",
           bench.activity.events, bench.activity.members, bench.activity.weeks, (double)bench.csv_length / 1e6,
           changes[ARRAY], runs);
    for (unsigned i = 0; i < 2; i++) {
        bench.line[i] = median_of(lines[i], runs);
        printf("one of %" PRIu64 " lines, %-20s %5.1f ns (%.1f to %.1f)\n", bench.activity.members,
               i == 0 ? "one thread" : "two threads", bench.line[i], lines[i][0], lines[i][runs - 1]);
    }
    for (unsigned i = 0; i < JOBS; i++)
        print_add(&bench, &jobs[i], times[i].add, runs);
    print_latencies(&bench, &jobs[ARRAY]);
    print_seconds("all reviews, by id", times[ARRAY].review, runs);
    print_seconds("all reviews, by id, two threads", times[ARRAY_BY_TWO].review, runs);
    print_seconds("all reviews, by name", times[BY_NAME].review, runs);
    printf("one week of %" PRIu64 " members:\n", bench.week_members);
    print_seconds("  one thread", week[0], runs);
    print_seconds("  two threads", week[1], runs);
    tear_down(&bench);
    return 0;
}
