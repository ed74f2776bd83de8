/* SPDX-License-Identifier: MIT */
/* Events of a small community, a few bytes of an input each. */
#ifndef KITH_TESTS_FUZZ_ACTS_H
#define KITH_TESTS_FUZZ_ACTS_H

#include "engines.h"

enum { FUZZ_PEOPLE = 16, FUZZ_ACT_BYTES = 5 };

/* Names that are odd in every way that a name may be; the first is nobody's. */
extern const char *const fuzz_names[FUZZ_PEOPLE];

/*
 * The next event: of one of so many kinds, up to 255 days after `from`, by and at one of the people above, whose ids
 * are their places.
 */
kith_event fuzz_act(struct fuzz_input *input, int64_t from, uint32_t kinds, bool named);

uint32_t fuzz_kinds_of(const kith_policy *policy);

/* Adds acts until the input is used up, or `most` of them. Those that are refused are left out. */
void fuzz_add_acts(kith_engine *engine, struct fuzz_input *input, int64_t from, const kith_policy *policy, bool named,
                   size_t most);

#endif
