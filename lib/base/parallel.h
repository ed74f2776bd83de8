/* SPDX-License-Identifier: MIT */
/* One piece of work cut into ranges, each done by a thread of its own. */
#ifndef KITHP_BASE_PARALLEL_H
#define KITHP_BASE_PARALLEL_H

#include <stdint.h>

enum { KITHP_PARALLEL_MOST = 64 };

/* Does the items from begin to end - 1; range tells which of the ranges this is, from 0. */
typedef void (*kithp_parallel_fn)(void *context, uint32_t range, uint32_t begin, uint32_t end);

/* How many ranges kithp_parallel_run() makes: up to threads, none of them smaller than a chunk but the last. */
uint32_t kithp_parallel_ranges(uint32_t threads, uint32_t count);

/*
 * Runs work over count items in kithp_parallel_ranges() ranges, in order of the items, and returns when all is done. A
 * range for which no thread can be had is done by the caller's.
 */
void kithp_parallel_run(uint32_t threads, uint32_t count, kithp_parallel_fn work, void *context);

#endif
