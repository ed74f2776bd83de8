/* SPDX-License-Identifier: MIT */
/* The table of who is slipping away. */
#ifndef KITHP_TABLES_WATCH_H
#define KITHP_TABLES_WATCH_H

#include "review/risk.h"
#include "review/standing.h"
#include "tally/members.h"

/* A member to watch; standing.member is its index. */
struct kithp_watched {
    struct kithp_standing standing;
    struct kithp_outcomes alike;
};

/* A table of rows in the order given. NULL where there is no memory. */
kith_table *kithp_watch_table(const kith_allocator *allocator, const struct kithp_figures *figures,
                              const struct kithp_members *members, const struct kithp_watched *watched, size_t count);

#endif
