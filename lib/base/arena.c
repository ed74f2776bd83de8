/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/alloc.h"

/* Blocks double from small to large: an engine of ten members takes little, one of a million few blocks. */
enum { FIRST_BLOCK = 256, LARGEST_BLOCK = 65536 };

struct kithp_arena_block {
    struct kithp_arena_block *before;
    size_t size;
    unsigned char bytes[];
};

void kithp_arena_init(struct kithp_arena *arena, const kith_allocator *allocator)
{
    *arena = (struct kithp_arena){.allocator = allocator};
}

void kithp_arena_free(struct kithp_arena *arena)
{
    while (arena->last) {
        struct kithp_arena_block *before = arena->last->before;
        kithp_alloc_free(arena->allocator, arena->last);
        arena->last = before;
    }
    arena->used = arena->taken = 0;
}

static size_t next_size(const struct kithp_arena *arena, size_t least)
{
    size_t size = arena->last ? arena->last->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    return size < least ? least : size;
}

unsigned char *kithp_arena_take(struct kithp_arena *arena, size_t size)
{
    if (!arena->last || arena->last->size - arena->used < size) {
        size_t room = next_size(arena, size);
        if (room > SIZE_MAX - sizeof(struct kithp_arena_block))
            return NULL;
        struct kithp_arena_block *block = kithp_alloc_array(arena->allocator, 1, sizeof *block + room);
        if (!block)
            return NULL;
        block->before = arena->last;
        block->size = room;
        arena->last = block;
        arena->used = 0;
    }
    unsigned char *taken = arena->last->bytes + arena->used;
    arena->used += size;
    arena->taken += size;
    return taken;
}
