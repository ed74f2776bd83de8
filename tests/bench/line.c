/* SPDX-License-Identifier: MIT */
#include "line.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { LINE = 64, AHEAD = 16, TOUCHES = 50000000, HUGE_PAGE = 2 << 20, THREADS_MOST = 64 };

struct part {
    unsigned char *table;
    uint64_t lines;
    uint64_t touches;
    uint64_t state;
    pthread_t thread;
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void *touch_lines(void *given)
{
    struct part *part = given;
    uint64_t places[AHEAD];
    for (int i = 0; i < AHEAD; i++)
        places[i] = ((next(&part->state) >> 32) * part->lines >> 32) * LINE;
    for (uint64_t i = 0; i < part->touches; i++) {
        unsigned char *line = part->table + places[i % AHEAD];
        places[i % AHEAD] = ((next(&part->state) >> 32) * part->lines >> 32) * LINE;
        __builtin_prefetch(part->table + places[i % AHEAD], 1);
        ++*(volatile uint64_t *)line;
    }
    return NULL;
}

double bench_time_line(uint64_t lines, unsigned threads)
{
    static struct part parts[THREADS_MOST];
    if (threads == 0 || threads > THREADS_MOST || lines < threads)
        abort();
    unsigned char *table = aligned_alloc(HUGE_PAGE, (lines * LINE + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
    if (!table) {
        perror("table");
        exit(1);
    }
    madvise(table, lines * LINE, MADV_HUGEPAGE);
    memset(table, 0, lines * LINE);
    double begin = seconds_now();
    for (unsigned i = 0; i < threads; i++) {
        uint64_t first = lines * i / threads;
        parts[i] = (struct part){.table = table + first * LINE,
                                 .lines = lines * (i + 1) / threads - first,
                                 .touches = TOUCHES / threads,
                                 .state = 88172645463325252 + i};
        if (i > 0 && pthread_create(&parts[i].thread, NULL, touch_lines, &parts[i]) != 0)
            abort();
    }
    touch_lines(&parts[0]);
    for (unsigned i = 1; i < threads; i++)
        pthread_join(parts[i].thread, NULL);
    double seconds = seconds_now() - begin;
    free(table);
    return seconds / TOUCHES * 1e9;
}
