/* SPDX-License-Identifier: MIT */
/* An explanation in words, to be read out to the member. */
#include <stdio.h>

#include "explain.h"
#include "message.h"
#include "terminal.h"

static int print_week(const struct cli_run *run, const kith_explanation *week, uint32_t rules)
{
    struct cli_paint paint = cli_terminal_paint();
    kith_error error = {.size = sizeof error};
    kith_explanation_options options = {
        .size = sizeof options,
        .rules = rules,
        .at_end = !run->arguments->as_of,
        .strong = paint.strong,
        .off = paint.off,
    };
    kith_status status = kith_explanation_write(week, run->policy, &options, cli_write_stdout, NULL, &error);
    return status == KITH_OK || status == KITH_INPUT_OUTPUT ? CLI_DONE : cli_fail_with(&error);
}

int cli_explain_print_text(const struct cli_explained *explained)
{
    int status = CLI_DONE;
    if (explained->has_last)
        status = print_week(explained->run, &explained->last, KITH_WITH_RULES);
    if (status || !explained->has_next)
        return status;
    if (explained->has_last)
        putchar('\n');
    return print_week(explained->run, &explained->next, explained->has_last ? KITH_WITHOUT_RULES : KITH_WITH_RULES);
}
