/* SPDX-License-Identifier: MIT */
/*
 * What reading an export costs before members are looked up: from bytes (plain or gzip) to times, kinds, quantities and
 * texts of names. Usage: parse FILE [RUNS [SOURCE]]. Prints the number of rows, and the median of the processor
 * seconds, with the least and the most; `limits index` is what to compare with.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"
#include "exports/reader.h"

enum { MOST_RUNS = 99 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    fprintf(stderr, "parse: %s\n", what);
    exit(1);
}

/* How many rows there are; a sum of what they hold keeps the compiler from leaving anything out. */
static uint64_t read_all(struct kithp_reader *reader, uint64_t *sum)
{
    struct kithp_batch batch = {.text = NULL};
    uint64_t rows = 0;
    do {
        kithp_reader_fill(reader, &batch);
        if (batch.status != KITH_OK)
            fail(batch.error.message);
        rows += batch.event_count + batch.reject_count;
        for (size_t i = 0; i < batch.event_count; i += 64)
            *sum += (uint64_t)batch.events[i].time + batch.events[i].kind + batch.events[i].quantity;
    } while (!batch.last);
    kithp_batch_free(reader->allocator, &batch);
    return rows;
}

static double time_reading(const char *path, const kith_source *source, uint64_t *rows, uint64_t *sum)
{
    kith_allocator allocator;
    struct kithp_row_rules rules;
    struct kithp_columns columns;
    struct kithp_reader reader;
    struct kithp_input input;
    enum kithp_field clash[2];
    kith_error error = {.size = sizeof error};
    if (!kithp_alloc_init(&allocator, NULL) ||
        !kithp_row_rules_init(&rules, &allocator, &kithp_policy_defaults, 0, INT64_MAX) ||
        !kithp_columns_init(&columns, &(kith_export){.size = sizeof(kith_export)}, clash) ||
        kithp_input_open(&input, path) != 0)
        fail("the file cannot be opened");
    double begin = seconds_now();
    struct kithp_reading reading = {.rules = &rules, .source = source, .columns = &columns, .name = path};
    if (kithp_reader_open(&reader, &allocator, &reading, &input, &error) != KITH_OK)
        fail(error.message);
    *rows = read_all(&reader, sum);
    double seconds = seconds_now() - begin;
    kithp_reader_close(&reader);
    kithp_row_rules_free(&rules);
    return seconds;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

int main(int count, char **arguments)
{
    int runs = count >= 3 ? atoi(arguments[2]) : 5;
    if (count < 2 || count > 4 || runs < 1 || runs > MOST_RUNS) {
        fprintf(stderr, "usage: parse FILE [RUNS [SOURCE]]\n");
        return 2;
    }
    kith_source *source = NULL;
    kith_error error = {.size = sizeof error};
    if (count == 4 && kith_source_load(arguments[3], NULL, &source, &error) != KITH_OK)
        fail(error.message);
    double seconds[MOST_RUNS];
    uint64_t rows = 0, sum = 0;
    for (int run = 0; run < runs; run++)
        seconds[run] = time_reading(arguments[1], source, &rows, &sum);
    kith_source_free(source);
    qsort(seconds, (size_t)runs, sizeof *seconds, by_value);
    printf("%" PRIu64 " rows (%" PRIx64 "): %.4f s (%.4f to %.4f), %.1f ns a row\n", rows, sum, seconds[runs / 2],
           seconds[0], seconds[runs - 1], seconds[runs / 2] * 1e9 / (double)rows);
    return 0;
}
