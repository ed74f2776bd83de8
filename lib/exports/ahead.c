/* SPDX-License-Identifier: MIT */
#include "exports/ahead.h"

#include "base/alloc.h"

enum { FILLING, TAKING, STAGES };

static struct kithp_portion *fill(struct kithp_ahead *ahead, uint64_t number, size_t capacity)
{
    struct kithp_portion *portion = &ahead->portions[number];
    *portion = (struct kithp_portion){.text = ahead->text + number * capacity};
    ahead->fill(ahead->context, portion, capacity);
    return portion;
}

static void *fill_all(void *given)
{
    struct kithp_ahead *ahead = given;
    bool last = false;
    while (!last && kithp_relay_wait(&ahead->relay, FILLING)) {
        last = fill(ahead, kithp_relay_room(&ahead->relay, FILLING), KITHP_AHEAD_LARGE)->last;
        kithp_relay_hand_on(&ahead->relay, FILLING);
    }
    return NULL;
}

bool kithp_ahead_init(struct kithp_ahead *ahead, const kith_allocator *allocator, kithp_ahead_fill_fn fill_one,
                      void *context)
{
    *ahead = (struct kithp_ahead){.allocator = allocator, .fill = fill_one, .context = context};
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
    unsigned char *text = kithp_alloc_array(ahead->allocator, KITHP_AHEAD_PORTIONS, KITHP_AHEAD_LARGE);
    if (!text)
        return;
    kithp_alloc_free(ahead->allocator, ahead->text);
    ahead->text = text;
    kithp_relay_init(&ahead->relay, KITHP_AHEAD_PORTIONS, STAGES);
    /* Which the thread asks for. */
    ahead->threaded = true;
    if (pthread_create(&ahead->thread, NULL, fill_all, ahead) == 0)
        return;
    ahead->threaded = false;
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

const struct kithp_portion *kithp_ahead_front(struct kithp_ahead *ahead)
{
    if (!ahead->has_front && ahead->threaded) {
        kithp_relay_wait(&ahead->relay, TAKING);
        ahead->front = kithp_relay_room(&ahead->relay, TAKING);
    } else if (!ahead->has_front) {
        fill(ahead, ahead->front, KITHP_AHEAD_PORTION);
    }
    ahead->has_front = true;
    return &ahead->portions[ahead->front];
}

uint64_t kithp_ahead_made(struct kithp_ahead *ahead)
{
    return ahead->threaded ? kithp_relay_between(&ahead->relay, FILLING, TAKING) : 0;
}

void kithp_ahead_drop(struct kithp_ahead *ahead)
{
    ahead->has_front = false;
    if (ahead->threaded)
        kithp_relay_hand_on(&ahead->relay, TAKING);
}
