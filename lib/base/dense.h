/* SPDX-License-Identifier: MIT */
/*
 * From small keys to numbers: an array in pages, of which only those are there that a key fell in. What is found in it
 * costs one read, without a hash; keys that lie far apart belong in a map.
 */
#ifndef KITHP_BASE_DENSE_H
#define KITHP_BASE_DENSE_H

#include <stdbool.h>

#include <kith/kith.h>

#include "base/blocks.h"
#include "base/prefetch.h"

enum { KITHP_DENSE_PAGE_BITS = 10, KITHP_DENSE_PAGE = 1 << KITHP_DENSE_PAGE_BITS };

struct kithp_dense {
    struct kithp_blocks blocks;
    uint32_t **pages; /* by key / 1024; NULL where all are 0 */
    size_t page_count;
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_dense_init(struct kithp_dense *dense, const kith_allocator *allocator);
void kithp_dense_free(struct kithp_dense *dense);

/* The number of a key, or 0 where it has none. */
static inline uint32_t kithp_dense_get(const struct kithp_dense *dense, uint64_t key)
{
    uint64_t page = key >> KITHP_DENSE_PAGE_BITS;
    if (page >= dense->page_count || !dense->pages[page])
        return 0;
    return dense->pages[page][key & (KITHP_DENSE_PAGE - 1)];
}

/* Asks for it. */
static inline void kithp_dense_prefetch(const struct kithp_dense *dense, uint64_t key)
{
    uint64_t page = key >> KITHP_DENSE_PAGE_BITS;
    if (page < dense->page_count && dense->pages[page])
        kithp_prefetch(&dense->pages[page][key & (KITHP_DENSE_PAGE - 1)]);
}

/* A place for the number of a key. False where there is no memory: all is as it was. */
bool kithp_dense_reserve(struct kithp_dense *dense, uint64_t key);

/* Sets the number of a key that has a place. */
static inline void kithp_dense_set(struct kithp_dense *dense, uint64_t key, uint32_t number)
{
    dense->pages[key >> KITHP_DENSE_PAGE_BITS][key & (KITHP_DENSE_PAGE - 1)] = number;
}

#endif
