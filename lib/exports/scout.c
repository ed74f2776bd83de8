/* SPDX-License-Identifier: MIT */
#include "exports/scout.h"

#include <unistd.h>

#include "base/alloc.h"

enum {
    LEAD_FIRST = 4 * KITHP_STRETCH_STEP,
    LEAD_LEAST = KITHP_STRETCH_STEP / 4,
    LEAD_MOST = 32 * KITHP_STRETCH_STEP, /* whoever is kept from looking for long begins anew where inflating is */
    IN_VAIN_MOST = 8,                    /* stretches one behind the other: there are none to be found */
};

/* ---- where there is one to be looked into; only to be asked under the lock ---- */

static uint64_t first_byte(const struct kithp_stretch *stretch)
{
    return stretch->at + kithp_stretch_byte_behind(stretch->begin);
}

static uint64_t bytes_of(const struct kithp_stretch *stretch)
{
    return (stretch->end - stretch->begin) / 8;
}

static struct kithp_stretch *find_use(const struct kithp_scout *scout, enum kithp_scout_use use)
{
    for (size_t i = 0; i < KITHP_SCOUT_STRETCHES; i++)
        if (scout->uses[i] == use)
            return &scout->stretches[i];
    return NULL;
}

static enum kithp_scout_use *use_of(struct kithp_scout *scout, const struct kithp_stretch *stretch)
{
    return &scout->uses[stretch - scout->stretches];
}

static void make_free(struct kithp_scout *scout, const struct kithp_stretch *stretch)
{
    *use_of(scout, stretch) = KITHP_SCOUT_FREE;
    pthread_cond_signal(&scout->changed);
}

/* Bytes that inflating has gone through by itself. */
static uint64_t inflated(const struct kithp_scout *scout)
{
    return scout->at - scout->passed_over;
}

/*
 * So far ahead that it will be ready when inflating comes there, which passes over those that are ready already. Where
 * that is behind the last place, it may still be in time for that.
 */
static uint64_t choose_place(const struct kithp_scout *scout)
{
    uint64_t place = scout->at + scout->lead, last = scout->input.total - KITHP_STRETCH_BYTES;
    for (size_t i = 0; i < KITHP_SCOUT_STRETCHES; i++)
        if (scout->uses[i] == KITHP_SCOUT_READY)
            place += bytes_of(&scout->stretches[i]);
    place = place < last ? place : last;
    return place > scout->looked ? place : scout->looked;
}

/* ---- looking ---- */

static bool goes_on(void *given)
{
    struct kithp_scout *scout = given;
    return !atomic_load_explicit(&scout->stopped, memory_order_relaxed);
}

/* A stretch to look into, and how far inflating has come by itself; or NULL where there is nothing more to do. */
static struct kithp_stretch *begin_one(struct kithp_scout *scout, uint64_t *began)
{
    pthread_mutex_lock(&scout->mutex);
    struct kithp_stretch *stretch = NULL;
    while (goes_on(scout) && (!scout->wanted || !(stretch = find_use(scout, KITHP_SCOUT_FREE))))
        pthread_cond_wait(&scout->changed, &scout->mutex);
    uint64_t place = choose_place(scout);
    if (!goes_on(scout) || place + KITHP_STRETCH_BYTES > scout->input.total)
        stretch = NULL;
    if (stretch) {
        *use_of(scout, stretch) = KITHP_SCOUT_LOOKED_INTO;
        stretch->at = place;
        stretch->step = KITHP_STRETCH_STEP;
        scout->looked = place + KITHP_STRETCH_STEP;
        *began = inflated(scout);
    }
    pthread_mutex_unlock(&scout->mutex);
    return stretch;
}

static bool is_late(const struct kithp_scout *scout, const struct kithp_stretch *stretch)
{
    return scout->at > stretch->at + stretch->begin / 8;
}

static void end_one(struct kithp_scout *scout, const struct kithp_stretch *stretch, uint64_t began, bool found)
{
    pthread_mutex_lock(&scout->mutex);
    /* At the end of a member it may go back a little. */
    uint64_t now = inflated(scout), took = now > began ? now - began : 0;
    if (found && !is_late(scout, stretch)) {
        *use_of(scout, stretch) = KITHP_SCOUT_READY;
    } else {
        make_free(scout, stretch);
    }
    if (found)
        scout->lead = took < LEAD_MOST ? took + LEAD_LEAST : LEAD_MOST;
    pthread_mutex_unlock(&scout->mutex);
}

static bool read_bytes(struct kithp_scout *scout, struct kithp_stretch *stretch)
{
    struct kithp_input *input = &scout->input;
    input->done = stretch->at;
    stretch->length = 0;
    while (stretch->length < KITHP_STRETCH_BYTES) {
        int64_t got = kithp_input_read(input, stretch->bytes + stretch->length, KITHP_STRETCH_BYTES - stretch->length);
        if (got <= 0)
            return false;
        stretch->length += (size_t)got;
    }
    return true;
}

/*
 * It runs where a processor has little else to do. Not where it has nothing else: whoever ends it waits for it to see
 * that, which took up to a second where others kept all processors busy.
 */
static void step_back(void)
{
#ifdef __linux__
    /* There it is this thread alone that is nicer to others, where POSIX has it of the process. */
    enum { NICER = 10 };
    (void)!nice(NICER);
#endif
}

static void *look_ahead(void *given)
{
    struct kithp_scout *scout = given;
    struct kithp_stretch *stretch;
    uint64_t began = 0;
    step_back();
    for (unsigned in_vain = 0; in_vain < IN_VAIN_MOST && (stretch = begin_one(scout, &began));) {
        bool found = read_bytes(scout, stretch) && kithp_stretcher_look(scout->stretcher, stretch, goes_on, scout);
        in_vain = found ? 0 : in_vain + 1;
        end_one(scout, stretch, began, found);
    }
    pthread_mutex_lock(&scout->mutex);
    scout->ended = true;
    pthread_mutex_unlock(&scout->mutex);
    return NULL;
}

/* ---- beginning and ending ---- */

static void free_memory(struct kithp_scout *scout)
{
    kithp_alloc_free(scout->allocator, scout->stretcher);
    kithp_alloc_free(scout->allocator, scout->stretches);
}

static void free_all(struct kithp_scout *scout)
{
    pthread_cond_destroy(&scout->changed);
    pthread_mutex_destroy(&scout->mutex);
    free_memory(scout);
}

bool kithp_scout_begin(struct kithp_scout *scout, const kith_allocator *allocator, const struct kithp_input *input)
{
    *scout = (struct kithp_scout){.allocator = allocator, .at = input->done, .lead = LEAD_FIRST, .wanted = true};
    if (input->total < input->done + LEAD_FIRST + KITHP_STRETCH_BYTES || !kithp_input_can_be_anywhere(input))
        return false;
    kithp_input_open_part(&scout->input, input, 0);
    scout->stretches = kithp_alloc_array(allocator, KITHP_SCOUT_STRETCHES, sizeof *scout->stretches);
    scout->stretcher = kithp_alloc_array(allocator, 1, sizeof *scout->stretcher);
    if (!scout->stretches || !scout->stretcher) {
        free_memory(scout);
        return false;
    }
    pthread_mutex_init(&scout->mutex, NULL);
    pthread_cond_init(&scout->changed, NULL);
    if (pthread_create(&scout->thread, NULL, look_ahead, scout) == 0)
        return true;
    free_all(scout);
    return false;
}

void kithp_scout_end(struct kithp_scout *scout)
{
    pthread_mutex_lock(&scout->mutex);
    atomic_store_explicit(&scout->stopped, true, memory_order_relaxed);
    pthread_cond_signal(&scout->changed);
    pthread_mutex_unlock(&scout->mutex);
    pthread_join(scout->thread, NULL);
    free_all(scout);
}

/* ---- what it has found ---- */

/* The nearest that inflating can still come to; those that it cannot are given up. */
static struct kithp_stretch *nearest(struct kithp_scout *scout)
{
    struct kithp_stretch *nearest = NULL;
    for (size_t i = 0; i < KITHP_SCOUT_STRETCHES; i++) {
        struct kithp_stretch *stretch = &scout->stretches[i];
        if (scout->uses[i] != KITHP_SCOUT_READY)
            continue;
        if (first_byte(stretch) < scout->at)
            make_free(scout, stretch);
        else if (!nearest || stretch->at < nearest->at)
            nearest = stretch;
    }
    return nearest;
}

uint64_t kithp_scout_come_to(struct kithp_scout *scout, uint64_t at, bool wanted)
{
    pthread_mutex_lock(&scout->mutex);
    scout->at = at;
    const struct kithp_stretch *stretch = nearest(scout);
    uint64_t byte = stretch && wanted ? first_byte(stretch) : UINT64_MAX;
    if (wanted && !scout->wanted)
        pthread_cond_signal(&scout->changed);
    scout->wanted = wanted;
    pthread_mutex_unlock(&scout->mutex);
    return byte;
}

struct kithp_stretch *kithp_scout_take(struct kithp_scout *scout, uint64_t at, uint64_t bit)
{
    pthread_mutex_lock(&scout->mutex);
    scout->at = at;
    struct kithp_stretch *stretch = nearest(scout);
    if (stretch && first_byte(stretch) != at)
        stretch = NULL;
    if (stretch && 8 * stretch->at + stretch->begin == bit) {
        *use_of(scout, stretch) = KITHP_SCOUT_TAKEN;
        scout->at = stretch->at + kithp_stretch_byte_behind(stretch->end);
        scout->passed_over += scout->at - at;
    } else if (stretch) {
        make_free(scout, stretch);
        stretch = NULL;
    }
    pthread_mutex_unlock(&scout->mutex);
    return stretch;
}

void kithp_scout_give_back(struct kithp_scout *scout, const struct kithp_stretch *stretch)
{
    pthread_mutex_lock(&scout->mutex);
    make_free(scout, stretch);
    pthread_mutex_unlock(&scout->mutex);
}
