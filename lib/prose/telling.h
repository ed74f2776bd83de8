/* SPDX-License-Identifier: MIT */
/* What is told of one member in one week, part by part. The explanation has been checked (check.h). */
#ifndef KITHP_PROSE_TELLING_H
#define KITHP_PROSE_TELLING_H

#include "policy/policy.h"
#include "prose/page.h"

struct kithp_telling {
    struct kithp_page *page;
    const struct kithp_figures *policy;
    const kith_explanation *of;
    bool at_end;     /* of a week that is open: it is told of as it will end, and not as it stands at a moment */
    bool with_rules; /* how points turn into a score is told, too */
};

/* Columns that names take at most, in sentences. */
enum { KITHP_TELLING_NAME_COLUMNS = 40 };

/* ---- words that several parts need ---- */

void kithp_telling_tier(const struct kithp_telling *telling, uint32_t tier);

/* "1 day", "2 days" */
void kithp_telling_count(const struct kithp_telling *telling, uint64_t count, const char *one);

/* "-1,234.5", "31.42" and "2026-03-16" */
void kithp_telling_points(const struct kithp_telling *telling, int64_t thousandths);
void kithp_telling_score(const struct kithp_telling *telling, int32_t hundredths);
void kithp_telling_day(const struct kithp_telling *telling, int64_t day);

/* What a week brought, or would bring. */
const char *kithp_telling_either(const struct kithp_telling *telling, const char *reviewed, const char *open);

/* With an empty line before it. */
void kithp_telling_heading(const struct kithp_telling *telling, const char *words);

/* ---- the parts, in the order of the text ---- */

/* Which week it is, and where the member stands. */
void kithp_telling_tell_standing(const struct kithp_telling *telling);

/* What was done and received in the week, and what it counted for; and how the score comes about. */
void kithp_telling_tell_points(const struct kithp_telling *telling);
void kithp_telling_tell_score(const struct kithp_telling *telling);

/* What it takes to keep the tier, and to rise. */
void kithp_telling_tell_keep(const struct kithp_telling *telling);
void kithp_telling_tell_rise(const struct kithp_telling *telling);

void kithp_telling_tell_flags(const struct kithp_telling *telling);

/* Nothing where there is no risk. */
void kithp_telling_tell_risk(const struct kithp_telling *telling);

#endif
