/* SPDX-License-Identifier: MIT */
/* How well ready descriptions fit exports, by the paths that they name. */
#ifndef KITHP_INSPECT_FIT_H
#define KITHP_INSPECT_FIT_H

#include "inspect/fields.h"
#include "sources/source.h"

struct kithp_fit {
    uint32_t ready;  /* number of the description */
    uint32_t wanted; /* paths that it names */
    uint32_t found;
    bool fits; /* all that it cannot do without is there */
};

/* Compares a description with what was found in exports of a format; rows_path is that of JSON documents. */
void kithp_fit_judge(struct kithp_fit *fit, const kith_source *source, const struct kithp_inspect_fields *fields,
                     uint32_t format, kith_text rows_path);

/* Whether one comes before the other, as fitting better. */
bool kithp_fit_is_better(const struct kithp_fit *one, const struct kithp_fit *other);

#endif
