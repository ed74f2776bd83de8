/* SPDX-License-Identifier: MIT */
#include "exports/relay.h"

#include <time.h>

void kithp_relay_init(struct kithp_relay *relay, uint64_t rooms, unsigned stages)
{
    *relay = (struct kithp_relay){.rooms = rooms, .stages = stages};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    for (unsigned i = 0; i < stages; i++)
        pthread_cond_init(&relay->come[i], &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&relay->mutex, NULL);
}

void kithp_relay_free(struct kithp_relay *relay)
{
    for (unsigned i = 0; i < relay->stages; i++)
        pthread_cond_destroy(&relay->come[i]);
    pthread_mutex_destroy(&relay->mutex);
}

/* Only to be asked under the lock. */
static bool has_come(const struct kithp_relay *relay, unsigned stage)
{
    uint64_t next = relay->done[stage];
    return stage > 0 ? next < relay->done[stage - 1] : next < relay->done[relay->stages - 1] + relay->rooms;
}

bool kithp_relay_wait(struct kithp_relay *relay, unsigned stage)
{
    pthread_mutex_lock(&relay->mutex);
    while (!relay->stopped && !has_come(relay, stage))
        pthread_cond_wait(&relay->come[stage], &relay->mutex);
    bool goes_on = !relay->stopped;
    pthread_mutex_unlock(&relay->mutex);
    return goes_on;
}

bool kithp_relay_wait_for_all(struct kithp_relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    while (!relay->stopped && relay->done[relay->stages - 1] < relay->done[0])
        pthread_cond_wait(&relay->come[0], &relay->mutex);
    bool goes_on = !relay->stopped;
    pthread_mutex_unlock(&relay->mutex);
    return goes_on;
}

static struct timespec a_little_later(void)
{
    enum { NANOSECONDS = 1000000000, TENTH = NANOSECONDS / 10 };
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TENTH;
    if (until.tv_nsec >= NANOSECONDS) {
        until.tv_nsec -= NANOSECONDS;
        until.tv_sec++;
    }
    return until;
}

bool kithp_relay_wait_a_little(struct kithp_relay *relay, unsigned stage)
{
    struct timespec until = a_little_later();
    pthread_mutex_lock(&relay->mutex);
    int outcome = 0;
    while (!has_come(relay, stage) && outcome == 0)
        outcome = pthread_cond_timedwait(&relay->come[stage], &relay->mutex, &until);
    bool come = has_come(relay, stage);
    pthread_mutex_unlock(&relay->mutex);
    return come;
}

uint64_t kithp_relay_between(struct kithp_relay *relay, unsigned stage, unsigned later)
{
    pthread_mutex_lock(&relay->mutex);
    uint64_t between = relay->done[stage] - relay->done[later];
    pthread_mutex_unlock(&relay->mutex);
    return between;
}

void kithp_relay_hand_on(struct kithp_relay *relay, unsigned stage)
{
    pthread_mutex_lock(&relay->mutex);
    relay->done[stage]++;
    pthread_cond_signal(&relay->come[(stage + 1) % relay->stages]);
    pthread_mutex_unlock(&relay->mutex);
}

void kithp_relay_stop(struct kithp_relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    relay->stopped = true;
    for (unsigned i = 0; i < relay->stages; i++)
        pthread_cond_signal(&relay->come[i]);
    pthread_mutex_unlock(&relay->mutex);
}
