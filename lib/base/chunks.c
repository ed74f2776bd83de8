/* SPDX-License-Identifier: MIT */
#include "base/chunks.h"

#include <string.h>

#include "base/alloc.h"

enum { FIRST_ROOM = 16 };

void kithp_chunks_init(struct kithp_chunks *chunks, const kith_allocator *allocator, size_t item_size)
{
    *chunks = (struct kithp_chunks){.allocator = allocator, .item_size = item_size};
}

void kithp_chunks_free(struct kithp_chunks *chunks)
{
    for (size_t i = 0; i < chunks->chunks; i++)
        kithp_alloc_free(chunks->allocator, chunks->directory[i]);
    kithp_alloc_free(chunks->allocator, chunks->directory);
    kithp_chunks_init(chunks, chunks->allocator, chunks->item_size);
}

static bool add_chunk(struct kithp_chunks *chunks, size_t room)
{
    if (!kithp_alloc_grow(chunks->allocator, (void **)&chunks->directory, &chunks->directory_capacity,
                          chunks->chunks + 1, sizeof *chunks->directory))
        return false;
    unsigned char *chunk = kithp_alloc_array(chunks->allocator, room, chunks->item_size);
    if (!chunk)
        return false;
    chunks->directory[chunks->chunks++] = chunk;
    return true;
}

static bool grow_first(struct kithp_chunks *chunks, size_t needed)
{
    size_t room = chunks->first_room ? chunks->first_room : FIRST_ROOM;
    while (room < needed && room < KITHP_CHUNK_ITEMS)
        room *= 2;
    if (chunks->chunks == 0) {
        if (!add_chunk(chunks, room))
            return false;
        chunks->first_room = room;
        return true;
    }
    size_t capacity = chunks->first_room;
    void *first = chunks->directory[0];
    if (!kithp_alloc_grow(chunks->allocator, &first, &capacity, room, chunks->item_size))
        return false;
    chunks->directory[0] = first;
    chunks->first_room = room;
    return true;
}

static size_t room_of(const struct kithp_chunks *chunks)
{
    return chunks->chunks <= 1 ? chunks->first_room : chunks->chunks * KITHP_CHUNK_ITEMS;
}

bool kithp_chunks_reserve(struct kithp_chunks *chunks, size_t more)
{
    /* One number is kept free to stand for none. */
    if (more >= UINT32_MAX - chunks->count)
        return false;
    size_t needed = chunks->count + more;
    if (needed > room_of(chunks) && chunks->first_room < KITHP_CHUNK_ITEMS && !grow_first(chunks, needed))
        return false;
    while (needed > room_of(chunks))
        if (!add_chunk(chunks, KITHP_CHUNK_ITEMS))
            return false;
    return true;
}

uint32_t kithp_chunks_add(struct kithp_chunks *chunks)
{
    uint32_t item = chunks->count++;
    memset(kithp_chunks_at(chunks, item), 0, chunks->item_size);
    return item;
}
