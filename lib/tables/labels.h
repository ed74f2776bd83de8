/* SPDX-License-Identifier: MIT */
/* Words that stand in tables for numbers. */
#ifndef KITHP_TABLES_LABELS_H
#define KITHP_TABLES_LABELS_H

#include <kith/kith.h>

enum { KITHP_FLAG_COUNT = 6, KITHP_CHANGE_COUNT = 5 };

extern const char *const kithp_stage_labels[KITH_STAGES];
extern const char *const kithp_flag_labels[KITHP_FLAG_COUNT]; /* in the order of KITH_FLAG_… bits */
extern const char *const kithp_change_labels[KITHP_CHANGE_COUNT];

#endif
