/* SPDX-License-Identifier: MIT */
/* What the terminal can do, if there is one. */
#ifndef KITH_CLI_TERMINAL_H
#define KITH_CLI_TERMINAL_H

/* What switches a way of writing on, and all of them off; empty strings where nothing may be switched. */
struct cli_paint {
    const char *strong;
    const char *good;
    const char *bad;
    const char *off;
};

/* For standard output: a terminal other than a dumb one, and NO_COLOR not set to anything. */
struct cli_paint cli_terminal_paint(void);

/* Columns of the terminal at standard error, 80 where it does not say. */
int cli_terminal_columns(void);

#endif
