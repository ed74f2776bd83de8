/* SPDX-License-Identifier: MIT */
#include "base/dense.h"

#include <string.h>

#include "base/alloc.h"

void kithp_dense_init(struct kithp_dense *dense, const kith_allocator *allocator)
{
    *dense = (struct kithp_dense){.pages = NULL};
    kithp_blocks_init(&dense->blocks, allocator);
}

void kithp_dense_free(struct kithp_dense *dense)
{
    const kith_allocator *allocator = dense->blocks.allocator;
    for (size_t i = 0; i < dense->page_count; i++)
        if (dense->pages[i])
            kithp_blocks_let_go(allocator, dense->pages[i]);
    kithp_blocks_end(&dense->blocks);
    kithp_alloc_free(allocator, dense->pages);
    kithp_dense_init(dense, allocator);
}

bool kithp_dense_reserve(struct kithp_dense *dense, uint64_t key)
{
    uint64_t page = key >> KITHP_DENSE_PAGE_BITS;
    if (page >= SIZE_MAX)
        return false;
    if (page >= dense->page_count) {
        size_t count = dense->page_count;
        if (!kithp_alloc_grow(dense->blocks.allocator, (void **)&dense->pages, &count, (size_t)page + 1,
                              sizeof *dense->pages))
            return false;
        memset(dense->pages + dense->page_count, 0, (count - dense->page_count) * sizeof *dense->pages);
        dense->page_count = count;
    }
    if (dense->pages[page])
        return true;
    uint32_t *numbers = kithp_blocks_take(&dense->blocks, KITHP_DENSE_PAGE * sizeof *numbers);
    if (!numbers)
        return false;
    memset(numbers, 0, KITHP_DENSE_PAGE * sizeof *numbers);
    dense->pages[page] = numbers;
    return true;
}
