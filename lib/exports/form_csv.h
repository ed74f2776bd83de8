/* SPDX-License-Identifier: MIT */
/* What is kept while a CSV export is read by the caller's names of columns. */
#ifndef KITHP_EXPORTS_FORM_CSV_H
#define KITHP_EXPORTS_FORM_CSV_H

#include "exports/header.h"
#include "exports/quick.h"

struct kithp_form_csv {
    struct kithp_columns columns;
    struct kithp_header header;
    struct kithp_quick quick;
    size_t
        tried; /* rows that are tried at once: few behind one that was odd, as what is read behind it is read twice */
};

#endif
