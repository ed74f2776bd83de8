/* SPDX-License-Identifier: MIT */
/* The tables within the text of an explanation. */
#ifndef KITH_CLI_EXPLAIN_TABLES_H
#define KITH_CLI_EXPLAIN_TABLES_H

#include <stdio.h>

#include <kith/kith.h>

/* What was done and received in the week, by dimension, and what it counted for. */
void cli_explain_slots(FILE *out, const kith_policy *policy, const kith_explanation *of);

/* From points to the score. */
void cli_explain_score(FILE *out, const kith_explanation *of);

/* How members in the same situation fared. There must be a risk. */
void cli_explain_outcomes(FILE *out, const kith_explanation *of);

#endif
