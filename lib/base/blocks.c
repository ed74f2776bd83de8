/* SPDX-License-Identifier: MIT */
#include "base/blocks.h"

#include <stdatomic.h>

#include "base/alloc.h"

enum {
    SLABS_FROM = 1 << 20, /* bytes taken one by one before a huge page is worth its unused end */
    SLAB_SIZE = 4 << 20,
    BLOCKS_A_SLAB_LEAST = 4,
    SPARE_LEAST = 32 << 10 /* bytes of a block that is worth keeping */
};

/* Stands at the beginning of its memory, as long as any of its blocks is held or blocks are cut from it. */
struct kithp_slab {
    atomic_size_t holders;
};

/* Stands in the line before a block. */
struct head {
    atomic_uint holders;
    struct kithp_slab *slab; /* that it was cut from, or NULL */
    void *memory;            /* to be freed, where there is no slab */
};

/* Stands at the beginning of a block that came back. */
struct kithp_spare {
    struct kithp_spare *next;
    size_t size;
};

_Static_assert(sizeof(struct kithp_slab) <= KITHP_LINE && sizeof(struct head) <= KITHP_LINE, "heads are a line each");

static struct head *head_of(const void *block)
{
    return (struct head *)((uintptr_t)block - KITHP_LINE);
}

static void *make_block(unsigned char *head_at, struct kithp_slab *slab, void *memory)
{
    struct head *head = (struct head *)(void *)head_at;
    atomic_init(&head->holders, 1);
    head->slab = slab;
    head->memory = memory;
    return head_at + KITHP_LINE;
}

void kithp_blocks_init(struct kithp_blocks *blocks, const kith_allocator *allocator)
{
    *blocks = (struct kithp_blocks){.allocator = allocator};
}

static void let_slab_go(const kith_allocator *allocator, struct kithp_slab *slab)
{
    if (slab && atomic_fetch_sub_explicit(&slab->holders, 1, memory_order_acq_rel) == 1)
        kithp_alloc_free(allocator, slab);
}

void kithp_blocks_end(struct kithp_blocks *blocks)
{
    kithp_blocks_keep(blocks, 0);
    let_slab_go(blocks->allocator, blocks->slab);
    kithp_blocks_init(blocks, blocks->allocator);
}

static bool add_slab(struct kithp_blocks *blocks, size_t block_size)
{
    if (block_size > SLAB_SIZE / BLOCKS_A_SLAB_LEAST)
        return false;
    struct kithp_slab *slab = kithp_alloc_huge(blocks->allocator, SLAB_SIZE);
    if (!slab)
        return false;
    atomic_init(&slab->holders, 1);
    let_slab_go(blocks->allocator, blocks->slab);
    blocks->slab = slab;
    blocks->slab_used = KITHP_LINE;
    return true;
}

/* NULL where slabs are of no use, or there is none. */
static void *take_from_slab(struct kithp_blocks *blocks, size_t size)
{
    if (blocks->taken < SLABS_FROM)
        return NULL;
    size_t whole = KITHP_LINE + (size + KITHP_LINE - 1) / KITHP_LINE * KITHP_LINE;
    if ((!blocks->slab || SLAB_SIZE - blocks->slab_used < whole) && !add_slab(blocks, whole))
        return NULL;
    unsigned char *at = (unsigned char *)blocks->slab + blocks->slab_used;
    blocks->slab_used += whole;
    atomic_fetch_add_explicit(&blocks->slab->holders, 1, memory_order_relaxed);
    return make_block(at, blocks->slab, NULL);
}

/* ---- what came back ---- */

static void *take_spare(struct kithp_blocks *blocks, size_t size)
{
    struct kithp_spare **at = &blocks->spares;
    while (*at && (*at)->size != size)
        at = &(*at)->next;
    struct kithp_spare *spare = *at;
    if (spare) {
        *at = spare->next;
        blocks->spare_bytes -= size;
    }
    return spare;
}

void kithp_blocks_keep(struct kithp_blocks *blocks, size_t most)
{
    blocks->spares_most = most;
    while (blocks->spare_bytes > most) {
        struct kithp_spare *spare = blocks->spares;
        blocks->spares = spare->next;
        blocks->spare_bytes -= spare->size;
        kithp_blocks_let_go(blocks->allocator, spare);
    }
}

void kithp_blocks_give_back(struct kithp_blocks *blocks, void *block, size_t size)
{
    /* What is not of a slab is as well with malloc. */
    bool keep = size >= SPARE_LEAST && size <= blocks->spares_most - blocks->spare_bytes && head_of(block)->slab &&
                !kithp_blocks_is_shared(block);
    if (!keep) {
        kithp_blocks_let_go(blocks->allocator, block);
        return;
    }
    struct kithp_spare *spare = block;
    *spare = (struct kithp_spare){blocks->spares, size};
    blocks->spares = spare;
    blocks->spare_bytes += size;
}

void *kithp_blocks_take(struct kithp_blocks *blocks, size_t size)
{
    if (size > SIZE_MAX - 2 * (size_t)KITHP_LINE)
        return NULL;
    void *block = take_spare(blocks, size);
    if (block)
        return block;
    block = take_from_slab(blocks, size);
    if (!block) {
        unsigned char *memory = kithp_alloc_array(blocks->allocator, size + 2 * (size_t)KITHP_LINE - 1, 1);
        if (!memory)
            return NULL;
        size_t gap = (KITHP_LINE - (uintptr_t)memory % KITHP_LINE) % KITHP_LINE;
        block = make_block(memory + gap, NULL, memory);
    }
    blocks->taken += size;
    return block;
}

void kithp_blocks_hold(void *block)
{
    atomic_fetch_add_explicit(&head_of(block)->holders, 1, memory_order_relaxed);
}

void kithp_blocks_let_go(const kith_allocator *allocator, void *block)
{
    /* Whoever lets go last frees it, having seen all that the others did with it. */
    struct head *head = head_of(block);
    if (atomic_fetch_sub_explicit(&head->holders, 1, memory_order_acq_rel) != 1)
        return;
    if (head->slab)
        let_slab_go(allocator, head->slab);
    else
        kithp_alloc_free(allocator, head->memory);
}

bool kithp_blocks_is_shared(const void *block)
{
    /* Where the other has just let go, what it read must have been read before anything is written. */
    return atomic_load_explicit(&head_of(block)->holders, memory_order_acquire) > 1;
}
