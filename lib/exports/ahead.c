/* SPDX-License-Identifier: MIT */
#include "exports/ahead.h"

#include <string.h>

#include "base/alloc.h"

enum { READING, TAKING, STAGES };

static char *text_of(const struct kithp_ahead *ahead, uint64_t room)
{
    return ahead->text + room * KITHP_AHEAD_ROOM;
}

static int64_t fill(struct kithp_ahead *ahead, uint64_t room)
{
    struct kithp_ahead_outcome *outcome = &ahead->outcomes[room];
    outcome->done = 0;
    outcome->got = ahead->read(ahead->context, text_of(ahead, room), KITHP_AHEAD_ROOM, &outcome->done);
    return outcome->got;
}

static void *fill_all(void *given)
{
    struct kithp_ahead *ahead = given;
    int64_t got = 1;
    while (got > 0 && kithp_relay_wait(&ahead->relay, READING)) {
        got = fill(ahead, kithp_relay_room(&ahead->relay, READING));
        kithp_relay_hand_on(&ahead->relay, READING);
    }
    return NULL;
}

bool kithp_ahead_init(struct kithp_ahead *ahead, const kith_allocator *allocator, kithp_ahead_read_fn read,
                      void *context)
{
    *ahead = (struct kithp_ahead){.allocator = allocator, .read = read, .context = context};
    ahead->text = kithp_alloc_array(allocator, KITHP_AHEAD_ROOM, 1);
    return ahead->text != NULL;
}

void kithp_ahead_free(struct kithp_ahead *ahead)
{
    kithp_alloc_free(ahead->allocator, ahead->text);
    ahead->text = NULL;
}

void kithp_ahead_begin(struct kithp_ahead *ahead)
{
    char *rooms = kithp_alloc_array(ahead->allocator, KITHP_AHEAD_ROOMS, KITHP_AHEAD_ROOM);
    if (!rooms)
        return;
    kithp_alloc_free(ahead->allocator, ahead->text);
    ahead->text = rooms;
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

static void begin_room(struct kithp_ahead *ahead)
{
    if (ahead->threaded) {
        kithp_relay_wait(&ahead->relay, TAKING);
        ahead->room = kithp_relay_room(&ahead->relay, TAKING);
    } else {
        fill(ahead, ahead->room);
    }
}

static void end_room(struct kithp_ahead *ahead)
{
    ahead->at = 0;
    if (ahead->threaded)
        kithp_relay_hand_on(&ahead->relay, TAKING);
}

int64_t kithp_ahead_take(struct kithp_ahead *ahead, void *buffer, size_t capacity, uint64_t *done)
{
    if (ahead->at == 0)
        begin_room(ahead);
    struct kithp_ahead_outcome outcome = ahead->outcomes[ahead->room];
    *done = outcome.done;
    if (outcome.got <= 0)
        return outcome.got;
    size_t left = (size_t)outcome.got - ahead->at, step = left < capacity ? left : capacity;
    memcpy(buffer, text_of(ahead, ahead->room) + ahead->at, step);
    ahead->at += step;
    if (step == left)
        end_room(ahead);
    return (int64_t)step;
}
