/* SPDX-License-Identifier: MIT */
#include "exports/ahead.h"

#include <string.h>

#include "base/alloc.h"

enum { READING, TAKING, STAGES };

static char *text_of(const struct kithp_ahead *ahead, uint64_t room)
{
    return ahead->text + room * KITHP_AHEAD_ROOM;
}

static void *read_all(void *given)
{
    struct kithp_ahead *ahead = given;
    int64_t got = 1;
    while (got > 0 && kithp_relay_wait(&ahead->relay, READING)) {
        uint64_t room = kithp_relay_room(&ahead->relay, READING), done = 0;
        got = ahead->read(ahead->context, text_of(ahead, room), KITHP_AHEAD_ROOM, &done);
        ahead->outcomes[room] = (struct kithp_ahead_outcome){got, done};
        kithp_relay_hand_on(&ahead->relay, READING);
    }
    return NULL;
}

bool kithp_ahead_start(struct kithp_ahead *ahead, const kith_allocator *allocator, kithp_ahead_read_fn read,
                       void *context)
{
    *ahead = (struct kithp_ahead){.allocator = allocator, .read = read, .context = context};
    ahead->text = kithp_alloc_array(allocator, KITHP_AHEAD_ROOMS, KITHP_AHEAD_ROOM);
    if (!ahead->text)
        return false;
    kithp_relay_init(&ahead->relay, KITHP_AHEAD_ROOMS, STAGES);
    if (pthread_create(&ahead->thread, NULL, read_all, ahead) == 0)
        return true;
    kithp_relay_free(&ahead->relay);
    kithp_alloc_free(allocator, ahead->text);
    return false;
}

int64_t kithp_ahead_take(struct kithp_ahead *ahead, void *buffer, size_t capacity, uint64_t *done)
{
    /* A room that has been begun is still ours. */
    if (ahead->at == 0)
        kithp_relay_wait(&ahead->relay, TAKING);
    uint64_t room = kithp_relay_room(&ahead->relay, TAKING);
    struct kithp_ahead_outcome outcome = ahead->outcomes[room];
    *done = outcome.done;
    if (outcome.got <= 0)
        return outcome.got;
    size_t left = (size_t)outcome.got - ahead->at, step = left < capacity ? left : capacity;
    memcpy(buffer, text_of(ahead, room) + ahead->at, step);
    ahead->at += step;
    if (step == left) {
        ahead->at = 0;
        kithp_relay_hand_on(&ahead->relay, TAKING);
    }
    return (int64_t)step;
}

void kithp_ahead_stop(struct kithp_ahead *ahead)
{
    kithp_relay_stop(&ahead->relay);
    pthread_join(ahead->thread, NULL);
    kithp_relay_free(&ahead->relay);
    kithp_alloc_free(ahead->allocator, ahead->text);
}
