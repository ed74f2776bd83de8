/* SPDX-License-Identifier: MIT */
/* The paths of a description, made ready to be looked for in JSON. */
#ifndef KITHP_EXPORTS_PATHS_H
#define KITHP_EXPORTS_PATHS_H

#include "exports/json.h"
#include "sources/source.h"

struct kithp_paths {
    struct kithp_json_tree row;               /* the row's paths, and behind them those of lists */
    uint32_t lists[KITHP_SOURCE_EVENTS_MOST]; /* of an event, which of them leads to its outermost list */
    struct kithp_json_tree elements[KITHP_SOURCE_EVENTS_MOST][KITHP_SOURCE_LISTS_MOST]; /* likewise, the list within */
};

/* What is wrong with a path. */
struct kithp_paths_fault {
    const struct kithp_source_path *path; /* NULL where it is that of a list, or there are too many */
    const char *words;
};

/* fault is set where there is one. Texts are looked at in a way; the best one, unless a test wants another. */
enum kithp_json_tree_outcome kithp_paths_init(struct kithp_paths *paths, const kith_allocator *allocator,
                                              const kith_source *source, enum kithp_scan_way way,
                                              struct kithp_paths_fault *fault);

/* One that is all zero holds nothing. */
void kithp_paths_free(struct kithp_paths *paths);

#endif
