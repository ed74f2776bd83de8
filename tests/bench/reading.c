/* SPDX-License-Identifier: MIT */
/*
 * What it takes to read exports and do nothing else: events are added up, nobody is found and nothing is scored. Usage:
 *
 *   reading PATTERN POLICY SOURCE THREADS
 *
 * Files are shared out among the threads as kith_engine_add_exports() does it: a file each, or where there is one,
 * pieces of it if it is plain, and if it is packed, one thread inflates and one reads, while another looks ahead where
 * a processor is free. They hold lines of JSON. Prints how many events there are, the sums of their times and
 * quantities, and the bytes of their names, which tell whether another reader read the same; and the seconds that it
 * took.
 */
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/alloc.h"
#include "base/text.h"
#include "exports/reader.h"

enum { THREADS_MOST = 64, PIECE_BYTES = 1 << 23 };

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "reading: %s: %s\n", what, why);
    exit(1);
}

static void check(kith_status status, const kith_error *error)
{
    if (status != KITH_OK)
        fail(kith_status_name(status), error->message);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- sums ---- */

struct sums {
    uint64_t events;
    int64_t times;
    uint64_t quantities;
    uint64_t member_bytes;
    uint64_t kind_bytes;
    uint64_t target_bytes;
};

static void add_batch(struct sums *sums, const struct kithp_batch *batch, const uint64_t *kind_bytes)
{
    sums->events += batch->event_count;
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct kithp_row_event *event = &batch->events[i];
        sums->times += event->time;
        sums->quantities += event->quantity;
        sums->member_bytes += event->member_length;
        sums->kind_bytes += kind_bytes[event->kind];
        sums->target_bytes += event->target_length;
    }
}

static void add_sums(struct sums *sums, const struct sums *others)
{
    sums->events += others->events;
    sums->times += others->times;
    sums->quantities += others->quantities;
    sums->member_bytes += others->member_bytes;
    sums->kind_bytes += others->kind_bytes;
    sums->target_bytes += others->target_bytes;
}

/* ---- reading ---- */

struct job {
    kith_allocator allocator;
    struct kithp_row_rules rules;
    uint64_t kind_bytes[KITHP_KINDS_MOST]; /* of their names */
    const kith_source *source;
    const char *const *paths;
    uint64_t parts; /* files, or pieces of the only one */
    bool in_pieces;
    bool ahead; /* what is packed is inflated by threads of its own */
    pthread_mutex_t mutex;
    uint64_t begun;
    struct sums sums;
};

static void open_part(struct job *job, uint64_t part, struct kithp_input *whole, struct kithp_reader *reader)
{
    kith_error error = {.size = sizeof error};
    struct kithp_reading reading = {
        .rules = &job->rules, .source = job->source, .name = job->paths[job->in_pieces ? 0 : part]};
    if (kithp_input_open(whole, reading.name) != 0)
        fail(reading.name, "cannot be opened");
    struct kithp_input input = *whole;
    if (job->in_pieces) {
        reading.piece.begin = part * PIECE_BYTES;
        reading.piece.end = part + 1 < job->parts ? reading.piece.begin + PIECE_BYTES : UINT64_MAX;
        kithp_input_open_part(&input, whole, kithp_piece_text(&reading.piece));
    }
    check(kithp_reader_open(reader, &job->allocator, &reading, &input, &error), &error);
    if (job->ahead)
        kithp_stream_begin_ahead(&reader->stream);
}

static void read_part(struct job *job, uint64_t part, struct kithp_batch *batch, struct sums *sums)
{
    struct kithp_input whole;
    struct kithp_reader reader;
    open_part(job, part, &whole, &reader);
    do {
        kithp_reader_fill(&reader, batch);
        check(batch->status, &batch->error);
        if (batch->reject_count > 0)
            fail(reader.reading.name, "a row was refused");
        add_batch(sums, batch, job->kind_bytes);
    } while (!batch->last);
    kithp_stream_end_ahead(&reader.stream);
    kithp_reader_close(&reader);
    if (job->in_pieces)
        kithp_input_close(&whole);
}

static bool begin_part(struct job *job, uint64_t *part)
{
    pthread_mutex_lock(&job->mutex);
    *part = job->begun++;
    pthread_mutex_unlock(&job->mutex);
    return *part < job->parts;
}

static void *read_parts(void *given)
{
    struct job *job = given;
    struct kithp_batch batch = {0};
    struct sums sums = {0};
    for (uint64_t part; begin_part(job, &part);)
        read_part(job, part, &batch, &sums);
    kithp_batch_free(&job->allocator, &batch);
    pthread_mutex_lock(&job->mutex);
    add_sums(&job->sums, &sums);
    pthread_mutex_unlock(&job->mutex);
    return NULL;
}

static void read_all(struct job *job, unsigned threads)
{
    pthread_t others[THREADS_MOST];
    for (unsigned i = 1; i < threads; i++)
        if (pthread_create(&others[i], NULL, read_parts, job) != 0)
            fail("threads", "cannot be had");
    read_parts(job);
    for (unsigned i = 1; i < threads; i++)
        pthread_join(others[i], NULL);
}

/* ---- the whole ---- */

static bool is_packed(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail(path, "cannot be opened");
    bool packed = fgetc(file) == 0x1F && fgetc(file) == 0x8B;
    fclose(file);
    return packed;
}

/* How many threads there is something to read for. */
static unsigned share_out(struct job *job, uint64_t files, unsigned threads)
{
    struct stat about;
    job->parts = files;
    if (files == 1 && threads > 1 && is_packed(job->paths[0])) {
        job->ahead = true;
    } else if (files == 1 && threads > 1 && stat(job->paths[0], &about) == 0 && about.st_size >= 2 * PIECE_BYTES) {
        job->in_pieces = true;
        job->parts = (uint64_t)about.st_size / PIECE_BYTES;
    }
    return job->parts < threads ? (unsigned)job->parts : threads;
}

int main(int count, char **arguments)
{
    unsigned threads = count == 5 ? (unsigned)strtoul(arguments[4], NULL, 10) : 0;
    if (threads < 1 || threads > THREADS_MOST) {
        fputs("usage: reading PATTERN POLICY SOURCE THREADS\n", stderr);
        return 2;
    }
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    kith_source *source;
    glob_t files;
    check(kith_policy_load(arguments[2], NULL, &policy, &error), &error);
    check(kith_source_load(arguments[3], NULL, &source, &error), &error);
    if (glob(arguments[1], GLOB_NOCHECK, NULL, &files) != 0)
        fail(arguments[1], "cannot be looked for");

    struct job job = {.source = source, .paths = (const char *const *)files.gl_pathv};
    pthread_mutex_init(&job.mutex, NULL);
    kithp_alloc_init(&job.allocator, NULL);
    if (!kithp_row_rules_init(&job.rules, &job.allocator, &policy->figures, INT64_MIN, INT64_MAX))
        fail("the kinds", "no memory");
    for (uint32_t i = 0; i < policy->figures.kind_count; i++)
        job.kind_bytes[i] = kith_text_of(policy->figures.kinds[i].name).length;
    double begin = seconds_now();
    read_all(&job, share_out(&job, files.gl_pathc, threads));
    double took = seconds_now() - begin;
    printf("{\"events\": %" PRIu64 ", \"times\": %" PRId64 ", \"quantities\": %" PRIu64 ", \"member_bytes\": %" PRIu64
           ", \"kind_bytes\": %" PRIu64 ", \"target_bytes\": %" PRIu64 "}\n",
           job.sums.events, job.sums.times, job.sums.quantities, job.sums.member_bytes, job.sums.kind_bytes,
           job.sums.target_bytes);
    printf("seconds %.6f\n", took);

    kithp_row_rules_free(&job.rules);
    pthread_mutex_destroy(&job.mutex);
    globfree(&files);
    kith_source_free(source);
    kith_policy_free(policy);
    return 0;
}
