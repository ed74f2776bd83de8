/* SPDX-License-Identifier: MIT */
/* The figures of a policy that `kith calibrate` changes. */
#ifndef KITH_CLI_FIGURES_H
#define KITH_CLI_FIGURES_H

#include "findings.h"
#include "policy_text.h"

struct cli_figures {
    uint32_t tiers;
    int64_t half_points[KITH_DIMENSIONS]; /* thousandths */
    int32_t promote_at[CLI_MOST_TIERS];   /* hundredths; 0 for the lowest tier, as for the next */
    int32_t keep_at[CLI_MOST_TIERS];
    uint32_t min_active_days[CLI_MOST_TIERS]; /* these two are left as they are, but for a trial */
    uint32_t min_supporters[CLI_MOST_TIERS];
};

/* "content", "interaction", "community". */
const char *cli_dimension_name(int dimension);

/* Reads them from a policy. Says what is wrong and returns an exit status. */
int cli_figures_read(struct cli_figures *figures, const kith_policy *policy);

/*
 * Puts those that differ from the figures of before into a text of the policy that had those. Tiers of which the text
 * has none are added to it. Says what is wrong and returns an exit status.
 */
int cli_figures_put(const struct cli_figures *figures, const struct cli_figures *before, const kith_policy *policy,
                    struct cli_policy_text *text);

bool cli_figures_equal(const struct cli_figures *a, const struct cli_figures *b);

/* "31.5" of 3150 with two decimals; out has room for CLI_NUMBER_SIZE bytes. */
const char *cli_figure(char *out, int64_t scaled, unsigned decimals);

#endif
