/* SPDX-License-Identifier: MIT */
/*
 * Writes made-up activity to files. Usage: make_activity EVENTS MEMBERS WEEKS POLICY CSV EVENTS_FILE; the last is an
 * array of struct bench_event, whose kinds are indexes in the policy.
 */
#include <stdio.h>
#include <stdlib.h>

#include "activity.h"

struct files {
    FILE *csv;
    FILE *array;
};

static void fail(const char *what)
{
    fprintf(stderr, "make_activity: %s\n", what);
    exit(1);
}

static void write_week(const struct files *files, const char *const *kinds, const struct bench_event *events,
                       uint64_t count)
{
    char row[BENCH_ROW_MOST];
    for (uint64_t i = 0; i < count; i++) {
        char *end = bench_write_row(row, &events[i], kinds[events[i].kind]);
        if (fwrite(row, 1, (size_t)(end - row), files->csv) != (size_t)(end - row))
            fail("the CSV file cannot be written");
    }
    if (fwrite(events, sizeof *events, count, files->array) != count)
        fail("the array cannot be written");
}

int main(int count, char **arguments)
{
    if (count != 7)
        fail("usage: make_activity EVENTS MEMBERS WEEKS POLICY CSV EVENTS_FILE");
    struct bench_activity activity = {strtoull(arguments[1], NULL, 10), strtoull(arguments[2], NULL, 10),
                                      (uint32_t)strtoul(arguments[3], NULL, 10)};
    if (activity.events == 0 || activity.members < 4 || activity.weeks == 0)
        fail("expected at least 1 event, 4 members and 1 week");
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    if (kith_policy_load(arguments[4], NULL, &policy, &error) != KITH_OK)
        fail(error.message);
    const char *kinds[64];
    kith_kind kind = {.size = sizeof kind};
    for (uint32_t i = 0; i < 64 && kith_policy_get_kind(policy, i, &kind, NULL) == KITH_OK; i++)
        kinds[i] = kind.name;
    struct files files = {fopen(arguments[5], "wb"), fopen(arguments[6], "wb")};
    struct bench_event *events = malloc((size_t)(activity.events / activity.weeks + 1) * sizeof *events);
    if (!files.csv || !files.array || !events)
        fail("not enough memory, or a file cannot be made");
    fputs(bench_csv_header, files.csv);
    for (uint32_t week = 0; week < activity.weeks; week++) {
        bench_make_week(&activity, policy, week, events);
        write_week(&files, kinds, events,
                   bench_events_before(&activity, week + 1) - bench_events_before(&activity, week));
    }
    if (fclose(files.csv) != 0 || fclose(files.array) != 0)
        fail("a file cannot be written");
    free(events);
    kith_policy_free(policy);
    return 0;
}
