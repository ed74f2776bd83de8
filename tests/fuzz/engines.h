/* SPDX-License-Identifier: MIT */
/* Engines for fuzz targets: made, written, loaded, reviewed. */
#ifndef KITH_TESTS_FUZZ_ENGINES_H
#define KITH_TESTS_FUZZ_ENGINES_H

#include "fuzz.h"

/* A policy of few kinds with every sort of figure: supporters, limits with one other, leave, penalties. */
extern const char fuzz_small_policy[];

/* Policies that are made once and stay: the default one, and the one above. */
const kith_policy *fuzz_default(void);
const kith_policy *fuzz_small(void);

/* All tables, no limit on the future, a clock that stands still, and no review of more than 400 weeks. */
kith_engine_options fuzz_options(uint32_t members, uint32_t threads);

kith_engine *fuzz_engine(const kith_policy *policy, const kith_engine_options *options);

/* Its snapshot, as bytes. */
struct fuzz_made fuzz_bytes_of(kith_engine *engine, kith_text position);

kith_status fuzz_load(kith_text bytes, const kith_policy *policy, const kith_engine_options *options,
                      kith_engine **engine, kith_error *error);

/* Saved and loaded again, it must give the same bytes. */
kith_engine *fuzz_restart(kith_engine *engine, const kith_engine_options *options);

#endif
