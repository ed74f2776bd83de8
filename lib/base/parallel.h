/* SPDX-License-Identifier: MIT */
/* One piece of work done by several threads. */
#ifndef KITHP_BASE_PARALLEL_H
#define KITHP_BASE_PARALLEL_H

#include <stdint.h>

enum { KITHP_PARALLEL_MOST = 64 };

/* Does one piece of the work, numbered from 0. */
typedef void (*kithp_parallel_piece_fn)(void *context, uint32_t piece);

/*
 * Runs work for each piece by so many threads, or as many as can be had, the caller's among them, and returns when all
 * is done. Pieces are begun in order.
 */
void kithp_parallel_pieces(uint32_t threads, uint32_t count, kithp_parallel_piece_fn work, void *context);

/* Does the items from begin to end - 1; range tells which of the ranges this is, from 0. */
typedef void (*kithp_parallel_fn)(void *context, uint32_t range, uint32_t begin, uint32_t end);

/*
 * How many ranges kithp_parallel_run() makes: one by one thread, and several for each of more, up to
 * KITHP_PARALLEL_MOST; none is smaller than a chunk but the last.
 */
uint32_t kithp_parallel_ranges(uint32_t threads, uint32_t count);

/* Runs work over count items in kithp_parallel_ranges() ranges, in order of the items, as pieces. */
void kithp_parallel_run(uint32_t threads, uint32_t count, kithp_parallel_fn work, void *context);

#endif
