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

static uint16_t get_score(const unsigned char **at)
{
    const unsigned char *in = *at;
    *at += 2;
    return (uint16_t)(in[0] | in[1] << 8);
}

bool kithp_list_next(struct kithp_list_reader *reader, enum kithp_list_kind kind, struct kithp_review_row *row)
{
    if (reader->left == 0) {
        if (reader->at == reader->end)
            return false;
        memcpy(&reader->left, reader->at, KITHP_SEGMENT_HEAD);
        reader->at += KITHP_SEGMENT_HEAD;
        reader->member = 0;
    }
    reader->left--;
    const unsigned char *at = reader->at;
    *row = (struct kithp_review_row){.member = reader->member + (uint32_t)kithp_unpack_put(&at)};
    reader->member = row->member;
    if (kind != KITHP_LIST_FLAGS)
        row->score = get_score(&at);
    if (kind == KITHP_LIST_CHANGES) {
        row->from = *at >> 4;
        row->to = *at++ & 15;
        row->reason = *at++;
    } else {
        row->flags = *at++;
    }
    if (kind == KITHP_LIST_HISTORY) {
        for (unsigned d = 0; d < KITH_DIMENSIONS; d++)
            row->dimensions[d] = get_score(&at);
        row->tier = *at >> 4;
        row->stage = *at++ & 15;
    }
    reader->at = at;
    return true;
}
