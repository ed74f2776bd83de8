/* SPDX-License-Identifier: MIT */
/* Bytes that stay where they are put until all are freed together. */
#ifndef KITHP_BASE_ARENA_H
#define KITHP_BASE_ARENA_H

#include <kith/kith.h>

struct kithp_arena_block;

struct kithp_arena {
    const kith_allocator *allocator;
    struct kithp_arena_block *last;
    size_t used;  /* of the last block */
    size_t taken; /* bytes in all */
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_arena_init(struct kithp_arena *arena, const kith_allocator *allocator);
void kithp_arena_free(struct kithp_arena *arena);

/* Room for size bytes, not aligned; NULL where there is none. */
unsigned char *kithp_arena_take(struct kithp_arena *arena, size_t size);

#endif
