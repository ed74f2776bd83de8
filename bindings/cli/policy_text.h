/* SPDX-License-Identifier: MIT */
/*
 * The text of a policy, of which single values are changed: all else that its author wrote, comments and order too,
 * stays as it is. The text is one that the library has read without a fault.
 */
#ifndef KITH_CLI_POLICY_TEXT_H
#define KITH_CLI_POLICY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <kith/kith.h>

struct cli_policy_text {
    char *data; /* NULL while there is none; else with a NUL behind it */
    size_t length;
};

/* A key, as it stands below its heading: "tier", "mentor", "promote_at". A section without a name has the name "". */
struct cli_policy_key {
    const char *section;
    const char *name;
    const char *key;
};

/* What a file holds, up to 1 MiB. Says what is wrong and returns an exit status. */
int cli_policy_text_read(struct cli_policy_text *text, const char *path);

/* A text that is there. Says what is wrong and returns an exit status. */
int cli_policy_text_copy(struct cli_policy_text *text, const char *string);

/* A policy as the library writes it: with every key. Says what is wrong and returns an exit status. */
int cli_policy_text_write(struct cli_policy_text *text, const kith_policy *policy);

/* The value of a key, less what stands around it; empty where it is not there. */
kith_text cli_policy_text_get(const struct cli_policy_text *text, const struct cli_policy_key *key);

/* Whether a section is there; without a name, any of those that have one. */
bool cli_policy_text_has(const struct cli_policy_text *text, const char *section, const char *name);

/*
 * Puts a value in the place of the one that a key has. A key that is missing is added behind the last one of its
 * section, and a section that is missing at the end of the text. False where there is not enough memory.
 */
bool cli_policy_text_set(struct cli_policy_text *text, const struct cli_policy_key *key, const char *value);

/* Adds an empty section at the end of the text. False where there is not enough memory. */
bool cli_policy_text_add(struct cli_policy_text *text, const char *section, const char *name);

/*
 * Puts comment lines, each with its mark and its line end, before all else, and a blank line behind them; in the place
 * of those that stand there, where their first line begins with `mark`. False where there is not enough memory.
 */
bool cli_policy_text_head(struct cli_policy_text *text, const char *mark, const char *lines);

void cli_policy_text_free(struct cli_policy_text *text);

#endif
