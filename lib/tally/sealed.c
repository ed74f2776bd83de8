/* SPDX-License-Identifier: MIT */
#include "tally/sealed.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static const kith_allocator *allocator_of(const struct kithp_week *week)
{
    return week->cells.allocator;
}

bool kithp_sealed_has_rows(const struct kithp_week *week)
{
    return kithp_week_next_member(week, 0) != KITHP_NOBODY;
}

static uint64_t memory_of(const struct kithp_run *run)
{
    return run->spill ? 0 : run->bytes;
}

void kithp_sealed_free(struct kithp_sealed *sealed, const kith_allocator *allocator)
{
    if (!sealed)
        return;
    for (size_t i = 0; i < sealed->count; i++)
        kithp_run_drop(sealed->runs[i], allocator);
    kithp_run_drop(sealed->changed, allocator);
    kithp_alloc_free(allocator, sealed->runs);
    kithp_alloc_free(allocator, sealed);
}

bool kithp_sealed_share(struct kithp_week *copy, const struct kithp_week *week)
{
    const struct kithp_sealed *from = week->sealed;
    if (!from)
        return true;
    const kith_allocator *allocator = allocator_of(copy);
    struct kithp_sealed *sealed = kithp_alloc_cleared(allocator, 1, sizeof *sealed);
    struct kithp_run **runs = kithp_alloc_array(allocator, from->count, sizeof(struct kithp_run *));
    if (!sealed || !runs) {
        kithp_alloc_free(allocator, runs);
        kithp_alloc_free(allocator, sealed);
        return false;
    }
    for (size_t i = 0; i < from->count; i++) {
        kithp_run_hold(from->runs[i]);
        runs[i] = from->runs[i];
    }
    sealed->runs = runs;
    sealed->count = sealed->capacity = from->count;
    sealed->memory = from->memory;
    copy->sealed = sealed;
    return true;
}

/* ---- putting aside ---- */

bool kithp_sealed_put(struct kithp_week *week, struct kithp_run *run)
{
    const kith_allocator *allocator = allocator_of(week);
    struct kithp_sealed *sealed = week->sealed;
    if (!sealed)
        sealed = kithp_alloc_cleared(allocator, 1, sizeof *sealed);
    if (!sealed || !kithp_alloc_grow(allocator, (void **)&sealed->runs, &sealed->capacity, sealed->count + 1,
                                     sizeof *sealed->runs)) {
        if (!week->sealed)
            kithp_sealed_free(sealed, allocator);
        kithp_run_drop(run, allocator);
        return false;
    }
    sealed->runs[sealed->count++] = run;
    sealed->memory += memory_of(run);
    week->sealed = sealed;
    kithp_week_clear(week);
    return true;
}

bool kithp_sealed_add(struct kithp_week *week)
{
    kithp_sealed_leave(week);
    if (!kithp_sealed_has_rows(week)) {
        kithp_week_clear(week);
        return true;
    }
    struct kithp_run *run = kithp_run_of(allocator_of(week), week);
    return run && kithp_sealed_put(week, run);
}

void kithp_sealed_leave(struct kithp_week *week)
{
    if (!week->sealed || !week->sealed->copied)
        return;
    kithp_week_clear(week);
    week->sealed->copied = false;
}

kith_status kithp_sealed_spill(struct kithp_week *week, struct kithp_spill *spill, kith_error *error)
{
    struct kithp_sealed *sealed = week->sealed;
    const kith_allocator *allocator = allocator_of(week);
    for (size_t i = 0; sealed && i < sealed->count; i++) {
        struct kithp_run *run = sealed->runs[i];
        if (run->spill)
            continue;
        kith_status status = kithp_run_spill(run, spill, allocator, &sealed->runs[i], error);
        if (status != KITH_OK)
            return status;
        sealed->memory -= run->bytes;
        kithp_run_drop(run, allocator);
    }
    return KITH_OK;
}

bool kithp_sealed_is_scattered(const struct kithp_week *week)
{
    enum { FEW_RUNS = 16 };
    const struct kithp_sealed *sealed = week->sealed;
    if (!sealed || sealed->count < FEW_RUNS)
        return false;
    /* Where what came since it was last in one is as much as it was then: no row is put together too often. */
    uint64_t bytes = 0;
    for (size_t i = 0; i < sealed->count; i++)
        bytes += sealed->runs[i]->bytes;
    return bytes / 2 >= sealed->runs[0]->bytes;
}

/* ---- bringing back ---- */

static kith_status join(const struct kithp_week *week, const struct kithp_join *join, bool pairs,
                        struct kithp_run *const *runs, size_t count, struct kithp_week **whole, kith_error *error)
{
    struct kithp_join own = *join;
    own.pairs = pairs;
    struct kithp_week *made = kithp_week_like(own.allocator, week);
    if (!made)
        return kithp_fail_memory(error);
    kith_status status = kithp_join_runs(&own, runs, count, made, error);
    if (status == KITH_OK)
        *whole = made;
    else
        kithp_week_free(made);
    return status;
}

/* All that came to the week, what has come since it was sealed being made a run for as long as it takes. */
static kith_status join_all(const struct kithp_week *week, const struct kithp_join *how, bool pairs,
                            struct kithp_week **whole, kith_error *error)
{
    const struct kithp_sealed *sealed = week->sealed;
    if (sealed->copied || !kithp_sealed_has_rows(week))
        return join(week, how, pairs, sealed->runs, sealed->count, whole, error);
    struct kithp_run **runs = kithp_alloc_array(how->allocator, sealed->count + 1, sizeof(struct kithp_run *));
    struct kithp_run *since = runs ? kithp_run_of(how->allocator, week) : NULL;
    kith_status status;
    if (since) {
        memcpy(runs, sealed->runs, sealed->count * sizeof(struct kithp_run *));
        runs[sealed->count] = since;
        status = join(week, how, pairs, runs, sealed->count + 1, whole, error);
    } else {
        status = kithp_fail_memory(error);
    }
    kithp_run_drop(since, how->allocator);
    kithp_alloc_free(how->allocator, runs);
    return status;
}

kith_status kithp_sealed_read(struct kithp_week *week, const struct kithp_join *how, kith_error *error)
{
    if (!week->sealed || week->sealed->copied)
        return KITH_OK;
    if (!kithp_sealed_add(week))
        return kithp_fail_memory(error);
    struct kithp_week *whole = NULL;
    kith_status status = join_all(week, how, false, &whole, error);
    if (status != KITH_OK)
        return status;
    kithp_week_replace(week, whole);
    week->sealed->copied = true;
    return KITH_OK;
}

kith_status kithp_sealed_restore(struct kithp_week *week, const struct kithp_join *how, kith_error *error)
{
    if (!week->sealed)
        return KITH_OK;
    struct kithp_week *whole = NULL;
    kith_status status = join_all(week, how, true, &whole, error);
    if (status != KITH_OK)
        return status;
    kithp_week_replace(week, whole);
    kithp_sealed_free(week->sealed, allocator_of(week));
    week->sealed = NULL;
    return KITH_OK;
}

kith_status kithp_sealed_whole(const struct kithp_week *week, const struct kithp_join *how, struct kithp_week **whole,
                               kith_error *error)
{
    return join_all(week, how, true, whole, error);
}

/* ---- changing ---- */

kith_status kithp_sealed_prepare(struct kithp_week *week, const struct kithp_join *how, kithp_sealed_change_fn change,
                                 void *context, kith_error *error)
{
    struct kithp_week *whole = NULL;
    kith_status status = join_all(week, how, true, &whole, error);
    if (status != KITH_OK)
        return status;
    struct kithp_run *changed = change(context, whole) ? kithp_run_of(allocator_of(week), whole) : NULL;
    kithp_week_free(whole);
    if (!changed)
        return kithp_fail_memory(error);
    week->sealed->changed = changed;
    return KITH_OK;
}

void kithp_sealed_commit(struct kithp_week *week)
{
    struct kithp_sealed *sealed = week->sealed;
    for (size_t i = 0; i < sealed->count; i++)
        kithp_run_drop(sealed->runs[i], allocator_of(week));
    sealed->runs[0] = sealed->changed;
    sealed->count = 1;
    sealed->memory = memory_of(sealed->changed);
    sealed->changed = NULL;
    sealed->copied = false;
    kithp_week_clear(week);
}

void kithp_sealed_revert(struct kithp_week *week)
{
    kithp_run_drop(week->sealed->changed, allocator_of(week));
    week->sealed->changed = NULL;
}
