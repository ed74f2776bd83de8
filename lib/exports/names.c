/* SPDX-License-Identifier: MIT */
#include "exports/names.h"

#include "base/alloc.h"

void kithp_names_look_ahead(const struct kithp_members *members, const struct kithp_row_event *rows, size_t count)
{
    uint64_t keys[2 * KITHP_TALLY_BLOCK];
    size_t key_count = 0;
    for (size_t i = 0; i < count; i++) {
        keys[key_count] = rows[i].member_key;
        key_count += rows[i].member_length > 0;
        keys[key_count] = rows[i].target_key;
        key_count += rows[i].target_length > 0;
    }
    kithp_members_prefetch(members, keys, key_count);
}

static bool find_name(struct kithp_members *members, uint64_t key, kith_text name, uint32_t *member)
{
    *member = KITHP_NOBODY;
    return name.length == 0 || kithp_members_find_keyed(members, key, name, member);
}

bool kithp_names_find(struct kithp_members *members, const struct kithp_row_event *row, struct kithp_event *event)
{
    event->time = row->time;
    event->quantity = row->quantity;
    event->kind = row->kind;
    return find_name(members, row->member_key, kithp_row_member(row), &event->member) &&
           find_name(members, row->target_key, kithp_row_target(row), &event->target);
}

static bool find_block(struct kithp_members *members, const struct kithp_row_event *rows, size_t count,
                       struct kithp_event *events)
{
    kithp_names_look_ahead(members, rows, count);
    for (size_t i = 0; i < count; i++)
        if (!kithp_names_find(members, &rows[i], &events[i]))
            return false;
    return true;
}

void kithp_names_find_all(struct kithp_members *members, const kith_allocator *allocator, struct kithp_batch *batch)
{
    batch->found_blocks = 0;
    batch->found_full = false;
    /* One more, so that blocks without an event have an array to stand at the end of, too. */
    if (!kithp_alloc_grow(allocator, (void **)&batch->found, &batch->found_capacity, batch->event_count + 1,
                          sizeof *batch->found))
        return;
    for (size_t begin = 0; batch->found_blocks < batch->block_count; batch->found_blocks++) {
        struct kithp_block *block = &batch->blocks[batch->found_blocks];
        if (!find_block(members, &batch->events[begin], block->end - begin, &batch->found[begin])) {
            batch->found_full = kithp_members_are_full(members);
            return;
        }
        block->members = kithp_members_count(members);
        begin = block->end;
    }
}
