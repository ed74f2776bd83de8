/* SPDX-License-Identifier: MIT */
#include "base/chunks.h"

#include <string.h>

#include "base/alloc.h"

enum { FIRST_ROOM = 16 };

static struct kithp_blocks *source_of(struct kithp_chunks *chunks)
{
    return chunks->blocks ? chunks->blocks : &chunks->own;
}

static unsigned char *new_chunk(struct kithp_chunks *chunks, size_t room)
{
    if (room > SIZE_MAX / chunks->item_size)
        return NULL;
    return kithp_blocks_take(source_of(chunks), room * chunks->item_size);
}

void kithp_chunks_init(struct kithp_chunks *chunks, const kith_allocator *allocator, size_t item_size)
{
    *chunks = (struct kithp_chunks){.allocator = allocator, .item_size = item_size};
    kithp_blocks_init(&chunks->own, allocator);
}

void kithp_chunks_free(struct kithp_chunks *chunks)
{
    for (size_t i = 0; i < chunks->chunks; i++) {
        size_t room = i == 0 ? chunks->first_room : KITHP_CHUNK_ITEMS;
        kithp_blocks_give_back(source_of(chunks), chunks->directory[i], room * chunks->item_size);
    }
    kithp_blocks_end(&chunks->own);
    kithp_alloc_free(chunks->allocator, chunks->directory);
    struct kithp_blocks *blocks = chunks->blocks;
    kithp_chunks_init(chunks, chunks->allocator, chunks->item_size);
    kithp_chunks_take_from(chunks, blocks);
}

/* ---- growing ---- */

static bool add_chunk(struct kithp_chunks *chunks, size_t room)
{
    if (!kithp_alloc_grow(chunks->allocator, (void **)&chunks->directory, &chunks->directory_capacity,
                          chunks->chunks + 1, sizeof *chunks->directory))
        return false;
    unsigned char *items = new_chunk(chunks, room);
    if (!items)
        return false;
    chunks->directory[chunks->chunks++] = items;
    return true;
}

/* Puts the items of a chunk into a larger or private one. */
static bool replace_chunk(struct kithp_chunks *chunks, size_t chunk, size_t room)
{
    unsigned char *items = new_chunk(chunks, room);
    if (!items)
        return false;
    size_t before = chunk * KITHP_CHUNK_ITEMS;
    size_t used = chunks->count > before ? chunks->count - before : 0;
    unsigned char *old = chunks->directory[chunk];
    memcpy(items, old, (used < room ? used : room) * chunks->item_size);
    chunks->directory[chunk] = items;
    kithp_blocks_let_go(chunks->allocator, old);
    return true;
}

static bool grow_first(struct kithp_chunks *chunks, size_t needed)
{
    size_t room = chunks->first_room ? chunks->first_room : FIRST_ROOM;
    while (room < needed && room < KITHP_CHUNK_ITEMS)
        room *= 2;
    if (!(chunks->chunks == 0 ? add_chunk(chunks, room) : replace_chunk(chunks, 0, room)))
        return false;
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

/* ---- sharing ---- */

bool kithp_chunks_share(struct kithp_chunks *copy, const struct kithp_chunks *from)
{
    if (from->chunks > 0) {
        copy->directory = kithp_alloc_array(copy->allocator, from->chunks, sizeof *copy->directory);
        if (!copy->directory)
            return false;
    }
    for (size_t i = 0; i < from->chunks; i++) {
        copy->directory[i] = from->directory[i];
        kithp_blocks_hold(copy->directory[i]);
    }
    copy->directory_capacity = copy->chunks = from->chunks;
    copy->first_room = from->first_room;
    copy->count = from->count;
    return true;
}

static bool own_chunk(struct kithp_chunks *chunks, size_t chunk)
{
    if (!kithp_blocks_is_shared(chunks->directory[chunk]))
        return true;
    return replace_chunk(chunks, chunk, chunk == 0 ? chunks->first_room : KITHP_CHUNK_ITEMS);
}

bool kithp_chunks_own(struct kithp_chunks *chunks, uint32_t item)
{
    return own_chunk(chunks, item >> KITHP_CHUNK_BITS);
}

bool kithp_chunks_own_all(struct kithp_chunks *chunks)
{
    for (size_t i = 0; i < chunks->chunks; i++)
        if (!own_chunk(chunks, i))
            return false;
    return true;
}
