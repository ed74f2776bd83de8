/* SPDX-License-Identifier: MIT */
/*
 * Blocks of memory for large structures: they begin at a cache line, and may be held by several owners, the last of
 * whom frees them. Where the memory is malloc's own, what takes many blocks gets them out of slabs of huge pages: a
 * random access to small pages waits for the page's address as long as for the memory itself.
 */
#ifndef KITHP_BASE_BLOCKS_H
#define KITHP_BASE_BLOCKS_H

#include <stdbool.h>

#include <kith/kith.h>

enum { KITHP_LINE = 64 };

struct kithp_slab;
struct kithp_spare;

/* What blocks are taken from. */
struct kithp_blocks {
    const kith_allocator *allocator;
    struct kithp_slab *slab;    /* the one that blocks are cut from now, or NULL */
    size_t slab_used;           /* bytes */
    size_t taken;               /* bytes in all */
    struct kithp_spare *spares; /* blocks that came back, to be taken again */
    size_t spare_bytes;
    size_t spares_most;
};

/* No memory is taken yet. The allocator must outlive it. */
void kithp_blocks_init(struct kithp_blocks *blocks, const kith_allocator *allocator);

/* Takes no more: what was taken stays until it is let go. */
void kithp_blocks_end(struct kithp_blocks *blocks);

/* A block of size bytes with one holder, not cleared. NULL where there is no memory. */
void *kithp_blocks_take(struct kithp_blocks *blocks, size_t size);

/* One holder more, or less; by any thread. The allocator is to free what that of the blocks gave. */
void kithp_blocks_hold(void *block);
void kithp_blocks_let_go(const kith_allocator *allocator, void *block);

/*
 * Keeps blocks that come back, so many bytes of them at most, to be taken again: memory that was used lately is near
 * the processor, and the kernel need not clear it. At first none are kept.
 */
void kithp_blocks_keep(struct kithp_blocks *blocks, size_t most);

/* One holder less of a block, which has this size and was taken from these blocks; by the thread that takes others. */
void kithp_blocks_give_back(struct kithp_blocks *blocks, void *block, size_t size);

/* Whether there is another holder. Where there is none any more, all that it did with the block has been done. */
bool kithp_blocks_is_shared(const void *block);

#endif
