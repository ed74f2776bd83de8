/* SPDX-License-Identifier: MIT */
/* The one way to memory: every allocation of the library goes through the allocator of the handle that it serves. */
#ifndef KITHP_BASE_ALLOC_H
#define KITHP_BASE_ALLOC_H

#include <stdbool.h>

#include <kith/kith.h>

/* Copies given into out, or malloc and its like where given is NULL. False where given lacks a function. */
bool kithp_alloc_init(kith_allocator *out, const kith_allocator *given);

/* Room for count items of item_size bytes, not cleared. NULL where there is none, or count * item_size overflows. */
void *kithp_alloc_array(const kith_allocator *allocator, size_t count, size_t item_size);

/* As kithp_alloc_array(), cleared. */
void *kithp_alloc_cleared(const kith_allocator *allocator, size_t count, size_t item_size);

/*
 * Memory on huge pages, as far as the machine has them, not cleared; size must be a multiple of 2 MiB. NULL where there
 * is none, or where memory comes from the application's allocator, which knows nothing of pages.
 */
void *kithp_alloc_huge(const kith_allocator *allocator, size_t size);

void kithp_alloc_free(const kith_allocator *allocator, void *memory);

/*
 * Makes an array of *capacity items hold at least `needed`, growing to twice its size at least. False where there is no
 * memory; the array is then as it was.
 */
bool kithp_alloc_grow(const kith_allocator *allocator, void **items, size_t *capacity, size_t needed, size_t item_size);

#endif
