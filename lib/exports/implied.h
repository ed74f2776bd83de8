/* SPDX-License-Identifier: MIT */
/* The description that stands in for none: JSON whose paths are the caller's names of columns. */
#ifndef KITHP_EXPORTS_IMPLIED_H
#define KITHP_EXPORTS_IMPLIED_H

#include "exports/columns.h"
#include "sources/source.h"

struct kithp_implied {
    kith_source source;
    struct kithp_source_path paths[KITHP_FIELDS];
    struct kithp_source_part parts[KITHP_FIELDS];
};

/* It lives as long as both do, and points into itself; nothing is to be freed. */
void kithp_implied_init(struct kithp_implied *implied, const struct kithp_columns *columns);

#endif
