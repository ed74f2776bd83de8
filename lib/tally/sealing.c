/* SPDX-License-Identifier: MIT */
#include "tally/sealing.h"

#include "base/error.h"
#include "base/versioned.h"
#include "tally/rows.h"
#include "tally/sealed.h"
#include "tally/sealer.h"
#include "tally/tally.h"

void kithp_sealing_init(struct kithp_sealing *sealing)
{
    *sealing = (struct kithp_sealing){
        .usual = UINT64_C(256) << 20,
        .light = UINT64_C(256) << 10,
        .most = 4,
        .idle = 16384,
        .every = 1024,
    };
}

/* What is open, and which week would be sealed first. */
struct survey {
    uint64_t rows; /* bytes of rows and pairs */
    uint64_t runs; /* bytes of runs in memory */
    uint32_t heavy;
    struct kithp_week *largest;
    uint64_t largest_bytes;
    struct kithp_week *idlest; /* of those that are not light: which was touched longest ago */
};

static void add_bytes(struct survey *survey, const struct kithp_week *week)
{
    survey->rows += kithp_week_bytes(week);
    if (week->sealed)
        survey->runs += week->sealed->memory;
}

static struct survey look(const struct kithp_tally *tally)
{
    struct survey survey = {0};
    for (size_t i = 0; i < tally->week_count; i++)
        add_bytes(&survey, tally->weeks[i]);
    /* Thousands of light weeks are heavy together. */
    uint64_t light = survey.rows > tally->sealing.usual ? 0 : tally->sealing.light;
    for (size_t i = 0; i < tally->week_count; i++) {
        struct kithp_week *week = tally->weeks[i];
        uint64_t bytes = kithp_week_bytes(week);
        if (bytes > survey.largest_bytes) {
            survey.largest = week;
            survey.largest_bytes = bytes;
        }
        if (bytes == 0 || bytes < light)
            continue;
        survey.heavy++;
        if (!survey.idlest || week->touched < survey.idlest->touched)
            survey.idlest = week;
    }
    return survey;
}

/* The week to be sealed next, or NULL. */
static struct kithp_week *choose(const struct kithp_sealing *sealing, const struct survey *survey)
{
    if (sealing->limit > 0 && survey->rows > sealing->limit)
        return survey->largest;
    if (sealing->asked || survey->heavy <= sealing->most)
        return NULL;
    if (sealing->events - survey->idlest->touched >= sealing->idle)
        return survey->idlest;
    return sealing->limit == 0 && survey->rows > sealing->usual ? survey->largest : NULL;
}

static kith_status spill_week(struct kithp_tally *tally, struct kithp_week *week, kith_error *error)
{
    struct kithp_sealing *sealing = &tally->sealing;
    if (!sealing->spill)
        sealing->spill = kithp_spill_new(tally->allocator);
    if (!sealing->spill)
        return kithp_fail_memory(error);
    return kithp_sealed_spill(week, sealing->spill, error);
}

static kith_status spill_all(struct kithp_tally *tally, kith_error *error)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < tally->week_count && status == KITH_OK; i++)
        if (tally->weeks[i]->sealed)
            status = spill_week(tally, tally->weeks[i], error);
    return status;
}

static bool change_nothing(void *context, struct kithp_week *whole)
{
    (void)context;
    (void)whole;
    return true;
}

/* Puts the runs of a week together that have become many, so that they are as large as its rows, not as its events. */
static kith_status gather(struct kithp_tally *tally, struct kithp_week *week, kith_error *error)
{
    if (!kithp_sealed_is_scattered(week))
        return KITH_OK;
    struct kithp_join join = kithp_tally_join(tally);
    kith_status status = kithp_sealed_prepare(week, &join, change_nothing, NULL, error);
    if (status == KITH_OK)
        kithp_sealed_commit(week);
    return status;
}

/* Waits for the week that is just being sealed. */
static void end_sealer(struct kithp_tally *tally)
{
    struct kithp_sealer *sealer = tally->sealing.sealer;
    if (!sealer)
        return;
    tally->sealing.sealer = NULL;
    struct kithp_week *week = kithp_sealer_week(sealer);
    /* A lack of memory is none of sealing's failures; and runs that are in memory have no other. */
    if (kithp_sealer_end(sealer))
        (void)gather(tally, week, NULL);
}

void kithp_tally_begin_sealing(struct kithp_tally *tally, bool threads)
{
    enum { SPARES_MOST = 64 << 20 };
    /* Under a limit, a week is to be out of memory when it is sealed. */
    if (tally->sealing.limit > 0)
        return;
    tally->sealing.threads = threads;
    kithp_blocks_keep(&tally->blocks, SPARES_MOST);
}

void kithp_tally_end_sealing(struct kithp_tally *tally)
{
    end_sealer(tally);
    tally->sealing.threads = false;
    kithp_blocks_keep(&tally->blocks, 0);
}

void kithp_tally_touch(struct kithp_tally *tally, const struct kithp_week *week)
{
    if (tally->sealing.sealer && kithp_sealer_week(tally->sealing.sealer) == week)
        end_sealer(tally);
}

/* Has a week sealed by a thread, if it is only left alone, and memory is not short. */
static bool begin_sealer(struct kithp_tally *tally, const struct survey *survey, struct kithp_week *week)
{
    struct kithp_sealing *sealing = &tally->sealing;
    if (!sealing->threads || week != survey->idlest || survey->rows > sealing->usual)
        return false;
    kithp_sealed_leave(week);
    if (!kithp_sealed_has_rows(week))
        return false;
    tally->last = NULL;
    sealing->sealer = kithp_sealer_begin(tally->allocator, week);
    return sealing->sealer;
}

static kith_status settle(struct kithp_tally *tally, kith_error *error)
{
    const struct kithp_sealing *sealing = &tally->sealing;
    for (;;) {
        struct survey survey = look(tally);
        kith_status status = KITH_OK;
        if (sealing->sealer && survey.rows <= sealing->usual && kithp_sealer_is_at_work(sealing->sealer))
            return KITH_OK;
        if (sealing->sealer) {
            end_sealer(tally);
            continue;
        }
        if (sealing->limit > 0 && survey.runs > 0 && survey.runs + survey.rows > sealing->limit)
            status = spill_all(tally, error);
        struct kithp_week *week = choose(sealing, &survey);
        if (status != KITH_OK || !week || begin_sealer(tally, &survey, week))
            return status;
        if (!kithp_sealed_add(week))
            return kithp_fail_memory(error);
        status = gather(tally, week, error);
        if (status != KITH_OK)
            return status;
    }
}

kith_status kithp_tally_settle(struct kithp_tally *tally, kith_error *error)
{
    struct kithp_sealing *sealing = &tally->sealing;
    if (sealing->events - sealing->looked < sealing->every)
        return KITH_OK;
    kith_error own = {.size = sizeof own};
    kith_status status = settle(tally, &own);
    if (status == KITH_INPUT_OUTPUT) {
        if (error)
            kithp_versioned_write(error, &own, sizeof own);
        return status;
    }
    sealing->looked = sealing->events;
    return KITH_OK;
}

kith_status kithp_tally_read(struct kithp_tally *tally, int64_t number, bool stay, kith_error *error)
{
    struct kithp_week *week = kithp_tally_find(tally, number);
    if (!week || (!stay && kithp_rows_can_be_read(week)))
        return KITH_OK;
    struct kithp_join join = kithp_tally_join(tally);
    tally->last = NULL;
    return kithp_sealed_read(week, &join, error);
}

bool kithp_tally_keep_reviewed(struct kithp_tally *tally)
{
    struct kithp_week *week = tally->reviewed;
    if (!week || !week->sealed)
        return true;
    struct kithp_join join = kithp_tally_join(tally);
    if (kithp_sealed_read(week, &join, NULL) != KITH_OK)
        return false;
    kithp_week_close(week);
    return true;
}

kith_status kithp_tally_restore(struct kithp_tally *tally, int64_t last, kith_error *error)
{
    struct kithp_join join = kithp_tally_join(tally);
    kith_status status = KITH_OK;
    for (size_t i = 0; i < tally->week_count && tally->weeks[i]->number <= last && status == KITH_OK; i++)
        status = kithp_sealed_restore(tally->weeks[i], &join, error);
    tally->sealing.asked = true;
    return status;
}
