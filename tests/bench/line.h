/* SPDX-License-Identifier: MIT */
/* The unit that costs are told in: what the machine takes to change one random line of memory. */
#ifndef BENCH_LINE_H
#define BENCH_LINE_H

#include <stdint.h>

/*
 * Nanoseconds to increment one random 64-byte line of a table of that many, on huge pages and prefetched 16 ahead. With
 * several threads, each has a part of the table; the time is that from line to line, whichever thread does it.
 */
double bench_time_line(uint64_t lines, unsigned threads);

#endif
