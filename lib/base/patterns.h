/* SPDX-License-Identifier: MIT */
/* Patterns of members' names (docs/policy.md, [members]): * is any run of characters, ? any one, all else itself. */
#ifndef KITHP_BASE_PATTERNS_H
#define KITHP_BASE_PATTERNS_H

#include <stdbool.h>

#include <kith/kith.h>

enum { KITHP_PATTERNS_MOST = 32, KITHP_PATTERN_MOST = 64 /* bytes */ };

struct kithp_patterns {
    uint32_t count;
    char texts[KITHP_PATTERNS_MOST][KITHP_PATTERN_MOST + 1];
};

/* Whether a whole name fits a pattern, both UTF-8. It takes length x length steps at most. */
bool kithp_patterns_fit_one(kith_text pattern, kith_text name);

/* Whether a name fits any of the patterns. */
bool kithp_patterns_fit(const struct kithp_patterns *patterns, kith_text name);

#endif
