/* SPDX-License-Identifier: MIT */
/*
 * What one page view costs: a standing as of the last review, one as of now, and an explanation, in a community of a
 * thousand and of a million members, turn by turn. Asked of the same 64 members again and again (which then lie in the
 * cache) and of any member at random. Usage: standing [MEMBERS [RUNS [CALLS]]], by default a million, five runs of 200
 * 000. Prints the median with the least and the most, in nanoseconds a call.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <kith/kith.h>

enum { SMALL = 1000, FEW = 64, WEEKS = 5, MOST_RUNS = 99, JOBS = 6 };

#define MONDAY INT64_C(1736121600) /* 2025-01-06 */
#define WEEK INT64_C(604800)

static void check(kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return;
    fprintf(stderr, "standing: %s: %s\n", kith_status_name(status), error->message);
    exit(1);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t mixed(uint64_t number)
{
    number = (number + UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
    return number ^ number >> 29;
}

/* Every member acts in every week, so that all have the same to be told of; the last week is open. */
static kith_engine *engine_of(const kith_policy *policy, uint64_t members)
{
    kith_error error = {.size = sizeof error};
    kith_engine_options options = {.size = sizeof options, .members = KITH_NUMBERED, .tables = KITH_WEEKS};
    kith_engine *engine;
    kith_review *review;
    kith_event event = {.size = sizeof event, .quantity = 1};
    check(kith_engine_new(policy, &options, &engine, &error), &error);
    for (int64_t week = 0; week < WEEKS; week++) {
        for (uint64_t member = 1; member <= members; member++) {
            event.time = MONDAY + week * WEEK + (int64_t)(mixed(member) % WEEK);
            event.member = member;
            event.kind = (uint32_t)(mixed(member + 1) % 3);
            check(kith_engine_add_event(engine, &event, &error), &error);
        }
        if (week == WEEKS - 1)
            break;
        check(kith_engine_review(engine, MONDAY + (week + 1) * WEEK, &review, &error), &error);
        kith_review_free(review);
    }
    return engine;
}

/* Nanoseconds a call. `among`: how many members are asked for. */
static double measure(const kith_engine *engine, int what, uint64_t members, uint64_t among, uint64_t calls)
{
    kith_error error = {.size = sizeof error};
    kith_standing_row standing = {.size = sizeof standing};
    kith_explanation explanation = {.size = sizeof explanation};
    const int64_t now = MONDAY + WEEKS * WEEK - 1;
    double began = seconds_now();
    for (uint64_t i = 0; i < calls; i++) {
        uint64_t member = 1 + mixed(i % among) % members;
        if (what == 2)
            check(kith_engine_explain(engine, member, now, &explanation, &error), &error);
        else
            check(kith_engine_get_standing(engine, member, what == 0 ? KITH_LAST_REVIEW : now, &standing, &error),
                  &error);
    }
    return (seconds_now() - began) / (double)calls * 1e9;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_job(const char *title, double *of_small, double *of_large, int runs)
{
    qsort(of_small, (size_t)runs, sizeof *of_small, by_value);
    qsort(of_large, (size_t)runs, sizeof *of_large, by_value);
    printf("%-46s %6.0f (%.0f to %.0f)  %6.0f (%.0f to %.0f)  x %.2f\n", title, of_small[runs / 2], of_small[0],
           of_small[runs - 1], of_large[runs / 2], of_large[0], of_large[runs - 1],
           of_large[runs / 2] / of_small[runs / 2]);
}

int main(int count, char **arguments)
{
    static const char *const titles[JOBS] = {
        "last review, the same 64 members",   "as of now, the same 64 members",
        "explained, the same 64 members",     "last review, a thousand / any member",
        "as of now, a thousand / any member", "explained, a thousand / any member",
    };
    static double of_small[JOBS][MOST_RUNS], of_large[JOBS][MOST_RUNS];
    uint64_t members = count > 1 ? strtoull(arguments[1], NULL, 10) : 1000000;
    int runs = count > 2 ? atoi(arguments[2]) : 5;
    uint64_t calls = count > 3 ? strtoull(arguments[3], NULL, 10) : 200000;
    if (members < SMALL || runs < 1 || runs > MOST_RUNS || calls < 1) {
        fprintf(stderr, "usage: standing [MEMBERS [RUNS [CALLS]]], at least %d members, 1 to %d runs\n", SMALL,
                MOST_RUNS);
        return 2;
    }
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    check(kith_policy_new(NULL, &policy, &error), &error);
    kith_engine *small = engine_of(policy, SMALL), *large = engine_of(policy, members);
    for (int run = 0; run < runs; run++) {
        for (int job = 0; job < JOBS; job++) {
            of_small[job][run] = measure(small, job % 3, SMALL, job < 3 ? FEW : calls, calls);
            of_large[job][run] = measure(large, job % 3, members, job < 3 ? FEW : calls, calls);
        }
    }
    printf("nanoseconds a call, median (least to most)       %d members          %" PRIu64 " members\n", SMALL,
           members);
    for (int job = 0; job < JOBS; job++)
        print_job(titles[job], of_small[job], of_large[job], runs);
    kith_engine_free(small);
    kith_engine_free(large);
    kith_policy_free(policy);
    return 0;
}
