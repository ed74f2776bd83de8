/* SPDX-License-Identifier: MIT */
/*
 * Rooms that go round between threads: the first one fills a room, those after it go on with what is in it, and behind
 * the last it is free again. Each thread has a stage of its own, and goes through the rooms in order.
 */
#ifndef KITHP_EXPORTS_RELAY_H
#define KITHP_EXPORTS_RELAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { KITHP_RELAY_STAGES = 3 }; /* at most */

struct kithp_relay {
    uint64_t rooms;
    unsigned stages;
    pthread_mutex_t mutex;
    pthread_cond_t come[KITHP_RELAY_STAGES]; /* to a stage: its next room, or the end */
    uint64_t done[KITHP_RELAY_STAGES];       /* rooms that each stage has handed on; guarded, as what follows */
    bool stopped;
};

void kithp_relay_init(struct kithp_relay *relay, uint64_t rooms, unsigned stages);
void kithp_relay_free(struct kithp_relay *relay);

/* Where a stage's next room is. To be asked by that stage's thread. */
static inline uint64_t kithp_relay_room(const struct kithp_relay *relay, unsigned stage)
{
    return relay->done[stage] % relay->rooms;
}

/* Waits until the next room has come to a stage. False where all was stopped instead. */
bool kithp_relay_wait(struct kithp_relay *relay, unsigned stage);

/* The same, but for a tenth of a second at most: false where it has not come by then. */
bool kithp_relay_wait_a_little(struct kithp_relay *relay, unsigned stage);

/* Waits until all rooms are free again; to be asked by the first stage's thread. False where all was stopped instead.
 */
bool kithp_relay_wait_for_all(struct kithp_relay *relay);

/* How many rooms one stage has handed on that a later one has not. */
uint64_t kithp_relay_between(struct kithp_relay *relay, unsigned stage, unsigned later);

/* The stage is done with its room. */
void kithp_relay_hand_on(struct kithp_relay *relay, unsigned stage);

/* No stage is to go on. */
void kithp_relay_stop(struct kithp_relay *relay);

#endif
