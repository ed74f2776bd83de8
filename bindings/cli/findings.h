/* SPDX-License-Identifier: MIT */
/* What a person wants to know of a review, drawn from its tables. */
#ifndef KITH_CLI_FINDINGS_H
#define KITH_CLI_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <kith/kith.h>

enum { CLI_MOST_TIERS = 16, CLI_MOST_RISERS = 5 };

/* Flags that are shown by tier. */
enum cli_watched { CLI_SILENT, CLI_DORMANT, CLI_DROPPING, CLI_AT_RISK, CLI_WATCHED };

struct cli_tier_finding {
    uint64_t members;
    uint64_t about; /* of them, that have acted in the last four weeks */
    uint64_t rose;  /* into it, in the last week */
    uint64_t fell;  /* out of it, in the last week */
    uint64_t watched[CLI_WATCHED];
};

struct cli_findings {
    uint32_t tier_count;
    struct cli_tier_finding tiers[CLI_MOST_TIERS]; /* lowest first */
    uint64_t members;
    uint64_t about;
    uint64_t risers;                           /* members that rose in the last week */
    kith_change_row furthest[CLI_MOST_RISERS]; /* who of them rose furthest; text of the table */
    int furthest_count;
};

/* What findings are drawn from. */
struct cli_findings_source {
    const kith_engine *engine; /* as it was after the review */
    const kith_table *standings;
    const kith_table *changes;
    const kith_table *weeks;
    uint32_t tier_count;
    int32_t week; /* the last one reviewed */
};

/*
 * Fills findings of a review, without the members that are left out of counts. Returns false, with error filled, where
 * a table fails. Text belongs to the tables.
 */
bool cli_findings_make(struct cli_findings *findings, const struct cli_findings_source *source, kith_error *error);

/*
 * Whether the pyramid stands on its head: of at least CLI_FEWEST_ABOUT members that have acted in the last four weeks,
 * more stand on one tier than on any other, and it is the highest, or the third or a higher one. That tier is given.
 */
enum { CLI_FEWEST_ABOUT = 50 };
bool cli_findings_upside_down(const struct cli_findings *findings, uint32_t *tier);

#endif
