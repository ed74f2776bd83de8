/* SPDX-License-Identifier: MIT */
/*
 * What the machine itself can do, to compare with. Usage: limits line LINES | limits index CSV | limits memory BYTES.
 * `line`: nanoseconds to increment one random 64-byte line of a table of that many, prefetched 16 ahead; `index`:
 * seconds to note the place of every delimiter and line end of a file; `memory`: seconds to touch so much new memory.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "line.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static size_t note_bits(uint64_t mask, uint32_t at, uint32_t *places)
{
    size_t count = 0;
    for (; mask; mask &= mask - 1)
        places[count++] = at + (uint32_t)__builtin_ctzll(mask);
    return count;
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi"))) static uint64_t mask_avx2(const char *bytes)
{
    const __m256i comma = _mm256_set1_epi8(','), end = _mm256_set1_epi8('\n');
    uint64_t mask = 0;
    for (int half = 0; half < 2; half++) {
        __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32 * half));
        __m256i found = _mm256_or_si256(_mm256_cmpeq_epi8(block, comma), _mm256_cmpeq_epi8(block, end));
        mask |= (uint64_t)(uint32_t)_mm256_movemask_epi8(found) << 32 * half;
    }
    return mask;
}

__attribute__((target("avx2,bmi"))) static size_t index_avx2(const char *bytes, size_t length, uint32_t *places)
{
    size_t count = 0;
    for (size_t at = 0; at + 64 <= length; at += 64)
        count += note_bits(mask_avx2(bytes + at), (uint32_t)at, places + count);
    return count;
}
#endif

static size_t index_plain(const char *bytes, size_t length, uint32_t *places)
{
    size_t count = 0;
    for (size_t at = 0; at < length; at++)
        if (bytes[at] == ',' || bytes[at] == '\n')
            places[count++] = (uint32_t)at;
    return count;
}

static size_t index_block(const char *bytes, size_t length, uint32_t *places)
{
    size_t done = 0, count = 0;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        count = index_avx2(bytes, length, places);
        done = length - length % 64;
    }
#endif
    return count + index_plain(bytes + done, length - done, places + count);
}

static double time_index(const char *path)
{
    enum { BLOCK = 1 << 18 };
    static uint32_t places[BLOCK];
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0)
        fail(path);
    size_t length = (size_t)status.st_size, count = 0;
    const char *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED)
        fail(path);
    double begin = seconds_now();
    for (size_t at = 0; at < length; at += BLOCK)
        count += index_block(bytes + at, length - at < BLOCK ? length - at : BLOCK, places);
    double seconds = seconds_now() - begin;
    if (count == 0)
        fail("no delimiter");
    return seconds;
}

static double time_memory(size_t size)
{
    enum { PAGE = 4096 };
    unsigned char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        fail("no memory");
    (void)madvise(bytes, size, MADV_HUGEPAGE);
    double begin = seconds_now();
    for (size_t at = 0; at < size; at += PAGE)
        bytes[at] = 1;
    return seconds_now() - begin;
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "line") == 0)
        printf("%.3f\n", bench_time_line(strtoull(arguments[2], NULL, 10), 1));
    else if (count == 3 && strcmp(arguments[1], "index") == 0)
        printf("%.6f\n", time_index(arguments[2]));
    else if (count == 3 && strcmp(arguments[1], "memory") == 0)
        printf("%.6f\n", time_memory((size_t)strtoull(arguments[2], NULL, 10)));
    else {
        fprintf(stderr, "usage: limits line LINES | limits index CSV | limits memory BYTES\n");
        return 2;
    }
    return 0;
}
