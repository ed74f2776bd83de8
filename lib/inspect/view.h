/* SPDX-License-Identifier: MIT */
/* What an inspection tells: made of what was found in exports, and holding all of its text itself. */
#ifndef KITHP_INSPECT_VIEW_H
#define KITHP_INSPECT_VIEW_H

#include "inspect/fit.h"
#include "inspect/guess.h"

/* What is known of the exports beside their fields. */
struct kithp_view_exports {
    uint32_t format;
    char delimiter;
    bool is_gzip;
    bool is_whole;
    bool headless;
    uint32_t count;
    uint64_t rows;
    uint64_t refused;
    uint64_t bytes;
    uint64_t bytes_total;
    kith_text rows_path;
};

/* A field of an event, as a description has it. */
struct kithp_view_field {
    kith_text path; /* empty where none was found */
    kith_text why;
    kith_text others[KITHP_GUESS_OTHERS_MOST];
};

struct kithp_view {
    const kith_allocator *allocator;
    struct kithp_arena texts;
    kith_inspection_info info; /* but for its size */
    kith_inspected_field *fields;
    kith_inspected_kind *kinds;
    kith_inspected_fit *fits;
    struct kithp_view_field guessed[KITH_FIELDS];
    kith_text times; /* what a description says of them, a constant; empty where nothing is to be said */
    kith_text bot;   /* a boolean that tells bots; empty where there is none */
};

/* False where there is no memory: then nothing is to be freed. The allocator must outlive the view. */
bool kithp_view_make(struct kithp_view *view, const kith_allocator *allocator,
                     const struct kithp_inspect_fields *fields, const struct kithp_view_exports *exports);
void kithp_view_free(struct kithp_view *view);

/* Writes a source description. False where the writer failed. */
bool kithp_view_describe(const struct kithp_view *view, kith_write_fn write, void *context);

#endif
