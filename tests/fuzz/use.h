/* SPDX-License-Identifier: MIT */
/* An engine that came from anywhere, put to use. */
#ifndef KITH_TESTS_FUZZ_USE_H
#define KITH_TESTS_FUZZ_USE_H

#include "engines.h"

/* Calls all that an engine can be asked, and some that changes it; saves and loads it in between; frees it. */
void fuzz_use(kith_engine *engine, uint32_t members);

/* Reviews up to a moment and reads all its tables; false where there would be too many weeks. */
bool fuzz_review(kith_engine *engine, int64_t until);

/* Asks for standing and explanation of a member, puts the latter into words, and compares the two. */
void fuzz_ask(const kith_engine *engine, const kith_policy *policy, uint64_t member, int64_t as_of);

#endif
