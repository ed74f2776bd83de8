/* SPDX-License-Identifier: MIT */
#include "review/list.h"

#include <string.h>

#include "base/alloc.h"

bool kithp_list_reserve(struct kithp_list *list, enum kithp_list_kind kind, const kith_allocator *allocator,
                        size_t rows, size_t segments)
{
    size_t row = kithp_list_row_most(kind);
    if (rows > (SIZE_MAX / 2 - list->used) / row)
        return false;
    size_t more = rows * row + segments * KITHP_SEGMENT_HEAD;
    return kithp_alloc_grow(allocator, (void **)&list->bytes, &list->capacity, list->used + more, 1);
}

void kithp_list_close(struct kithp_list *list, const struct kithp_segment *segment)
{
    if (segment->count == 0)
        return;
    memcpy(segment->begin, &segment->count, KITHP_SEGMENT_HEAD);
    size_t length = (size_t)(segment->end - segment->begin);
    if (segment->begin != list->bytes + list->used)
        memmove(list->bytes + list->used, segment->begin, length);
    list->used += length;
    list->count += segment->count;
}
