/* SPDX-License-Identifier: MIT */
/* Intel's Storage Acceleration Library. It takes memory from nobody: its state is one struct. */
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <string.h>

#include "base/alloc.h"
#include "exports/inflate.h"

bool kithp_inflate_isal_init(struct kithp_inflater *inflater)
{
    /* Cleared: codes that damaged data leaves out are looked up all the same, in tables that nobody has filled. */
    struct inflate_state *state = kithp_alloc_cleared(inflater->allocator, 1, sizeof *state);
    if (!state)
        return false;
    isal_inflate_init(state);
    state->crc_flag = ISAL_DEFLATE;
    inflater->state = state;
    return true;
}

void kithp_inflate_isal_free(struct kithp_inflater *inflater)
{
    (void)inflater;
}

void kithp_inflate_isal_reset(struct kithp_inflater *inflater)
{
    isal_inflate_reset(inflater->state);
}

bool kithp_inflate_isal_begin_block(struct kithp_inflater *inflater, const unsigned char *window, unsigned bits,
                                    unsigned count)
{
    struct inflate_state *state = inflater->state;
    isal_inflate_reset(state);
    isal_inflate_set_dict(state, (unsigned char *)(uintptr_t)window, KITHP_INFLATE_WINDOW);
    state->read_in = bits;
    state->read_in_length = (int32_t)count;
    return true;
}

bool kithp_inflate_isal_is_between(const struct kithp_inflater *inflater, unsigned *unread)
{
    /* Of the header of the next block, it keeps what it has not the rest of. */
    const struct inflate_state *state = inflater->state;
    *unread = (unsigned)state->read_in_length + 8U * (unsigned)state->tmp_in_size;
    return state->block_state == ISAL_BLOCK_NEW_HDR || state->block_state == ISAL_BLOCK_HDR;
}

static uint32_t at_most(size_t length)
{
    /* Less than it could take, as it counts what it reads ahead in the same number. */
    enum { MOST = 1 << 30 };
    return length < MOST ? (uint32_t)length : MOST;
}

/* Of a copy that it cannot make, it says that it has given it; what lies there may be anybody's. */
static void clear_last_copy(struct kithp_inflater *inflater, size_t given)
{
    enum { COPY_MOST = 258 };
    size_t cleared = given < COPY_MOST ? given : COPY_MOST;
    memset(inflater->out - cleared, 0, cleared);
}

enum kithp_inflated kithp_inflate_isal_run(struct kithp_inflater *inflater)
{
    struct inflate_state *state = inflater->state;
    uint32_t given = at_most(inflater->in_length), room = at_most(inflater->out_room);
    state->next_in = (unsigned char *)(uintptr_t)inflater->in;
    state->avail_in = given;
    state->next_out = inflater->out;
    state->avail_out = room;
    int outcome = isal_inflate(state);
    bool ended = outcome == ISAL_DECOMP_OK && state->block_state == ISAL_BLOCK_FINISH;
    if (ended) {
        /* What it has read past the end; from version 2.31 on, it has gone back by itself. */
        uint32_t ahead = (uint32_t)state->read_in_length / 8;
        state->next_in -= ahead;
        state->avail_in += ahead;
    }
    inflater->in = state->next_in;
    inflater->in_length = inflater->in_length - given + state->avail_in;
    inflater->out = state->next_out;
    inflater->out_room -= room - state->avail_out;
    if (outcome == ISAL_INVALID_SYMBOL || outcome == ISAL_INVALID_LOOKBACK)
        clear_last_copy(inflater, room - state->avail_out);
    if (outcome != ISAL_DECOMP_OK)
        return KITHP_INFLATED_DAMAGED;
    return ended ? KITHP_INFLATED_ALL : KITHP_INFLATED_SOME;
}

uint32_t kithp_inflate_isal_checksum(uint32_t before, const void *bytes, size_t length)
{
    return crc32_gzip_refl(before, bytes, length);
}
