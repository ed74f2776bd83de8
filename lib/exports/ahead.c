/* SPDX-License-Identifier: MIT */
#include "exports/ahead.h"

#include <string.h>

#include "base/alloc.h"

enum { READING, TAKING, STAGES };

static char *text_of(const struct kithp_ahead *ahead, uint64_t portion)
{
    return ahead->text + portion * KITHP_AHEAD_PORTION;
}

static int64_t fill(struct kithp_ahead *ahead, uint64_t portion)
{
    struct kithp_ahead_outcome *outcome = &ahead->outcomes[portion];
    outcome->done = 0;
    outcome->got = ahead->read(ahead->context, text_of(ahead, portion), KITHP_AHEAD_PORTION, &outcome->done);
    return outcome->got;
}

/* The one that is filled or taken next. */
static uint64_t behind(uint64_t portion)
{
    return (portion + 1) % KITHP_AHEAD_PORTIONS;
}

static bool begins_room(uint64_t portion)
{
    return portion % KITHP_AHEAD_OF_A_ROOM == 0;
}

static void *fill_all(void *given)
{
    struct kithp_ahead *ahead = given;
    uint64_t portion = 0;
    int64_t got = 1;
    /* Within a room there is nothing to wait for, but all may have been stopped. */
    while (got > 0 && kithp_relay_wait(&ahead->relay, READING)) {
        got = fill(ahead, portion);
        portion = behind(portion);
        if (got <= 0 || begins_room(portion))
            kithp_relay_hand_on(&ahead->relay, READING);
    }
    return NULL;
}

bool kithp_ahead_init(struct kithp_ahead *ahead, const kith_allocator *allocator, kithp_ahead_read_fn read,
                      void *context)
{
    *ahead = (struct kithp_ahead){.allocator = allocator, .read = read, .context = context};
    ahead->text = kithp_alloc_array(allocator, KITHP_AHEAD_PORTION, 1);
    return ahead->text != NULL;
}

void kithp_ahead_free(struct kithp_ahead *ahead)
{
    kithp_alloc_free(ahead->allocator, ahead->text);
    ahead->text = NULL;
}

void kithp_ahead_begin(struct kithp_ahead *ahead)
{
    char *text = kithp_alloc_array(ahead->allocator, KITHP_AHEAD_PORTIONS, KITHP_AHEAD_PORTION);
    if (!text)
        return;
    kithp_alloc_free(ahead->allocator, ahead->text);
    ahead->text = text;
    kithp_relay_init(&ahead->relay, KITHP_AHEAD_ROOMS, STAGES);
    ahead->threaded = pthread_create(&ahead->thread, NULL, fill_all, ahead) == 0;
    if (!ahead->threaded)
        kithp_relay_free(&ahead->relay);
}

void kithp_ahead_end(struct kithp_ahead *ahead)
{
    if (!ahead->threaded)
        return;
    kithp_relay_stop(&ahead->relay);
    pthread_join(ahead->thread, NULL);
    kithp_relay_free(&ahead->relay);
    ahead->threaded = false;
}

static void begin_portion(struct kithp_ahead *ahead)
{
    if (!ahead->threaded)
        fill(ahead, ahead->portion);
    else if (begins_room(ahead->portion))
        kithp_relay_wait(&ahead->relay, TAKING);
}

static void end_portion(struct kithp_ahead *ahead)
{
    ahead->at = 0;
    if (!ahead->threaded)
        return;
    ahead->portion = behind(ahead->portion);
    if (begins_room(ahead->portion))
        kithp_relay_hand_on(&ahead->relay, TAKING);
}

int64_t kithp_ahead_take(struct kithp_ahead *ahead, void *buffer, size_t capacity, uint64_t *done)
{
    if (ahead->at == 0)
        begin_portion(ahead);
    struct kithp_ahead_outcome outcome = ahead->outcomes[ahead->portion];
    *done = outcome.done;
    if (outcome.got <= 0)
        return outcome.got;
    size_t left = (size_t)outcome.got - ahead->at, step = left < capacity ? left : capacity;
    memcpy(buffer, text_of(ahead, ahead->portion) + ahead->at, step);
    ahead->at += step;
    if (step == left)
        end_portion(ahead);
    return (int64_t)step;
}
