/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20 };

static void *system_malloc(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void *system_realloc(void *context, void *memory, size_t size)
{
    (void)context;
    return realloc(memory, size);
}

static void system_free(void *context, void *memory)
{
    (void)context;
    free(memory);
}

bool kithp_alloc_init(kith_allocator *out, const kith_allocator *given)
{
    if (!given) {
        *out = (kith_allocator){system_malloc, system_realloc, system_free, NULL};
        return true;
    }
    if (!given->malloc || !given->realloc || !given->free)
        return false;
    *out = *given;
    return true;
}

void *kithp_alloc_array(const kith_allocator *allocator, size_t count, size_t item_size)
{
    /* malloc(0) may return NULL, which must not pass for a lack of memory. */
    if (count == 0)
        count = 1;
    if (count > SIZE_MAX / item_size)
        return NULL;
    return allocator->malloc(allocator->context, count * item_size);
}

void *kithp_alloc_cleared(const kith_allocator *allocator, size_t count, size_t item_size)
{
    void *memory = kithp_alloc_array(allocator, count, item_size);
    if (memory)
        memset(memory, 0, count * item_size);
    return memory;
}

void *kithp_alloc_huge(const kith_allocator *allocator, size_t size)
{
    if (allocator->malloc != system_malloc)
        return NULL;
    void *memory = aligned_alloc(HUGE_PAGE, size);
#if defined(MADV_HUGEPAGE)
    /* Advice that is not taken does no harm. */
    if (memory)
        (void)madvise(memory, size, MADV_HUGEPAGE);
#endif
    return memory;
}

void kithp_alloc_free(const kith_allocator *allocator, void *memory)
{
    if (memory)
        allocator->free(allocator->context, memory);
}

bool kithp_alloc_grow(const kith_allocator *allocator, void **items, size_t *capacity, size_t needed, size_t item_size)
{
    if (needed <= *capacity)
        return true;
    size_t larger = *capacity > SIZE_MAX / 2 ? SIZE_MAX : *capacity * 2;
    if (larger < needed)
        larger = needed;
    if (larger > SIZE_MAX / item_size)
        return false;
    void *grown = *items ? allocator->realloc(allocator->context, *items, larger * item_size)
                         : allocator->malloc(allocator->context, larger * item_size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = larger;
    return true;
}
