/* SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/add_block.h"

enum {
    ROOMS = 128, /* blocks that the reader may be ahead: what is filled of them fits a second cache */
    HANDED = 32, /* blocks handed over at a time, so that handing over costs next to nothing */
};

/*
 * What the two threads share. Blocks go round in rooms, by their numbers; the reader touches members alone, the applier
 * weeks and counters, and each the blocks that are its own at the time.
 */
struct line {
    struct kithp_add_call *call;
    struct kithp_add_block *rooms;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t read;     /* blocks handed to the applier; guarded, as all that follows */
    uint64_t applied;  /* blocks handed back */
    bool ended;        /* the reader brings no more */
    kith_status fault; /* why the block numbered `applied` could not be applied, or KITH_OK */
};

static struct kithp_add_block *room_of(const struct line *line, uint64_t number)
{
    return &line->rooms[number % ROOMS];
}

/* ---- the applier ---- */

/* Waits until there are blocks behind those applied, and says how far to go. False at the end. */
static bool wait_for_blocks(struct line *line, uint64_t applied, uint64_t *read)
{
    pthread_mutex_lock(&line->lock);
    while (line->read == applied && !line->ended)
        pthread_cond_wait(&line->changed, &line->lock);
    *read = line->read < applied + HANDED ? line->read : applied + HANDED;
    pthread_mutex_unlock(&line->lock);
    return *read > applied;
}

static void hand_back(struct line *line, uint64_t applied, kith_status fault)
{
    pthread_mutex_lock(&line->lock);
    line->applied = applied;
    line->fault = fault;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

static kith_status apply(struct kithp_add_call *call, const struct kithp_add_block *block)
{
    kith_status status = kithp_tally_settle(&call->engine->tally, call->error);
    if (status == KITH_OK && !kithp_engine_take(call->engine, &block->plan))
        status = KITH_NO_MEMORY;
    return status;
}

static void *apply_blocks(void *given)
{
    struct line *line = given;
    struct kithp_add_call *call = line->call;
    for (uint64_t applied = 0, read; wait_for_blocks(line, applied, &read);) {
        for (; applied < read; applied++) {
            const struct kithp_add_block *block = room_of(line, applied);
            kith_status fault = apply(call, block);
            if (fault != KITH_OK) {
                hand_back(line, applied, fault);
                return NULL;
            }
            kithp_add_count_block(call, block);
        }
        hand_back(line, applied, KITH_OK);
    }
    return NULL;
}

/* ---- the reader ---- */

static void hand_over(struct line *line, uint64_t read, bool ended)
{
    pthread_mutex_lock(&line->lock);
    line->read = read;
    line->ended = ended;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

/* Waits until a block's room is free. False where the applier has failed. */
static bool wait_for_room(struct line *line, uint64_t number)
{
    pthread_mutex_lock(&line->lock);
    while (line->fault == KITH_OK && number - line->applied >= ROOMS)
        pthread_cond_wait(&line->changed, &line->lock);
    kith_status fault = line->fault;
    pthread_mutex_unlock(&line->lock);
    return fault == KITH_OK;
}

/* What ended reading; *number says how many blocks were read whole. */
static kith_status read_blocks(struct line *line, uint64_t *number)
{
    struct kithp_add_call *call = line->call;
    for (uint64_t begin = 0; begin < call->count; ++*number) {
        if (*number % KITHP_ADD_BLOCKS_BETWEEN_PROGRESS == 0 &&
            kithp_engine_progress(call->engine, call->done + begin, call->total))
            return KITH_CANCELLED;
        if (*number % HANDED == 0) {
            hand_over(line, *number, false);
            /* Room for all that is read until the next time. */
            if (!wait_for_room(line, *number + HANDED - 1))
                return KITH_OK;
        }
        struct kithp_add_block *block = room_of(line, *number);
        if (!call->read(call, begin, block))
            return KITH_NO_MEMORY;
        begin += block->looked_at;
    }
    return KITH_OK;
}

static kith_status end_of(const struct line *line, kith_status status, uint64_t read)
{
    struct kithp_add_call *call = line->call;
    /* What the reader found behind a block that could not be applied is forgotten with it. */
    if (line->fault != KITH_OK) {
        /* Any other has been told already. */
        kith_error *error = line->fault == KITH_NO_MEMORY ? call->error : NULL;
        (void)kithp_engine_give_up(call->engine, room_of(line, line->applied)->before, error);
        return line->fault;
    }
    if (status == KITH_NO_MEMORY)
        return kithp_engine_give_up(call->engine, room_of(line, read)->before, call->error);
    if (status == KITH_CANCELLED)
        return kithp_fail(call->error, KITH_CANCELLED, NULL, "cancelled");
    return KITH_OK;
}

bool kithp_add_by_two(struct kithp_add_call *call, kith_status *status)
{
    const kith_allocator *allocator = &call->engine->allocator;
    struct line line = {.call = call};
    line.rooms = kithp_alloc_array(allocator, ROOMS, sizeof *line.rooms);
    if (!line.rooms)
        return false;
    pthread_mutex_init(&line.lock, NULL);
    pthread_cond_init(&line.changed, NULL);
    pthread_t applier;
    bool started = pthread_create(&applier, NULL, apply_blocks, &line) == 0;
    if (started) {
        uint64_t read = 0;
        kith_status read_status = read_blocks(&line, &read);
        hand_over(&line, read, true);
        pthread_join(applier, NULL);
        *status = end_of(&line, read_status, read);
    }
    pthread_cond_destroy(&line.changed);
    pthread_mutex_destroy(&line.lock);
    kithp_alloc_free(allocator, line.rooms);
    return started;
}
