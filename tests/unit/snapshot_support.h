/* SPDX-License-Identifier: MIT */
/* What tests of snapshots need beside engine_support.h: engines as bytes and back, and activity of a small community.
 */
#ifndef KITH_TESTS_SNAPSHOT_SUPPORT_H
#define KITH_TESTS_SNAPSHOT_SUPPORT_H

#include "engine_support.h"

/* ---- engines as bytes ---- */

kith_snapshot *freeze(kith_engine *engine, const char *position);

/* The bytes of a snapshot, or of an engine as it is now; freed by gathered_free(). */
struct gathered bytes_of_snapshot(const kith_snapshot *snapshot);
struct gathered bytes_of(kith_engine *engine);

/*
 * Loads bytes, under another policy if it is not NULL, however the options have it that members are known; `engine` is
 * as it was on failure.
 */
kith_status try_load(const struct gathered *bytes, const kith_policy *policy, const kith_engine_options *options,
                     kith_engine **engine, kith_error *error);
kith_engine *load(const struct gathered *bytes, const kith_engine_options *options);

/* Saves, frees and loads an engine again. The one loaded must give the same bytes. */
kith_engine *restart(kith_engine *engine, const kith_engine_options *options);

void assert_same_bytes(const struct gathered *actual, const struct gathered *expected, const char *what);

/* ---- activity ---- */

/* A policy with every sort of figure: supporters, limits with one other, leave, penalties. */
extern const char small_policy[];

struct act {
    int64_t time;
    uint32_t kind;
    uint32_t quantity;
    uint32_t member; /* 0 for nobody */
    uint32_t target; /* 0 for nobody */
};

/* `count` acts of up to `people` members, in weeks from MONDAY on, in order of time. */
void make_acts(struct act *acts, size_t count, uint32_t people, uint32_t weeks, uint64_t seed);

/* Adds one, by number or by a name such as "m7", as the engine has it. */
void add_act(kith_engine *engine, const struct act *act, bool named);

kith_engine *small_engine(uint32_t members, const kith_engine_options *options);

/* ---- an engine that holds something of everything ---- */

enum {
    RICH_PEOPLE = 14,
    RICH_WEEKS = 13,
    RICH_ACTS = 370,
    RICH_ACT_WEEKS = 16,
    RICH_REVIEWED = 10,
    RICH_END = RICH_WEEKS + 15
};

/* A kith_progress_fn that stops the call when `done` has come to what context points to. */
int stop_at(void *context, uint64_t done, uint64_t total);

/*
 * Twelve and a half weeks of a small community: ten are reviewed, so that risks are counted; the review of the eleventh
 * has been handed out or, if `pending`, it was stopped before the twelfth was closed. Ids and sources of events,
 * members that were merged and forgotten, and pinned tiers are among what it holds. Options may be NULL; progress is
 * not used.
 */
kith_engine *rich_engine(bool named, bool pending, const kith_engine_options *options);

/* The acts of the community that the engine above has not taken yet, and their number. */
const struct act *rich_rest(size_t *count);

#endif
