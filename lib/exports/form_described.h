/* SPDX-License-Identifier: MIT */
/* What is kept while a CSV export is read by a description. */
#ifndef KITHP_EXPORTS_FORM_DESCRIBED_H
#define KITHP_EXPORTS_FORM_DESCRIBED_H

#include "exports/header.h"
#include "sources/source.h"

struct kithp_form_described {
    struct kithp_header header;
    size_t places[KITHP_SOURCE_PATHS_MOST]; /* column of each path, or KITHP_NO_COLUMN */
};

#endif
