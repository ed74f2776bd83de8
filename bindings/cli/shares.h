/* SPDX-License-Identifier: MIT */
/* Which share of the members each tier is to hold. */
#ifndef KITH_CLI_SHARES_H
#define KITH_CLI_SHARES_H

#include "findings.h"

/* What is wished of a tier; the lowest holds the rest, and nothing is wished of it. */
struct cli_share {
    bool kept;       /* it stays as it is, whatever its share */
    uint32_t wished; /* millionths of the members; 0 where nothing is wished */
};

struct cli_shares {
    uint32_t count;
    bool keeps; /* whether any tier is kept */
    struct cli_share tiers[CLI_MOST_TIERS];
};

/*
 * Reads "mentor=2,veteran=keep,active=20", in percent; NULL for 2, 8 and 20 percent of the tiers of a policy that has
 * four. Says what is wrong, with the command's name, and returns an exit status.
 */
int cli_shares_read(struct cli_shares *shares, const char *text, const kith_policy *policy, const char *command);

#endif
