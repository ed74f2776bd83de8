/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool may_paint(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (no_color && *no_color)
        return false;
    return term && strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}

struct cli_paint cli_terminal_paint(void)
{
    static const struct cli_paint plain = {"", "", "", ""};
    static const struct cli_paint paint = {"\033[1m", "\033[32m", "\033[31m", "\033[0m"};
    return may_paint() ? paint : plain;
}

int cli_terminal_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}
