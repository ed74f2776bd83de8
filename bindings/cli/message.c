/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* Long enough for a path and what is to be said of it. */
enum { MESSAGE_SIZE = 8192 };

static void say(const char *format, va_list arguments)
{
    char message[MESSAGE_SIZE];
    vsnprintf(message, sizeof message, format, arguments);
    fputs("kith: ", stderr);
    cli_text_print(stderr, kith_text_of(message));
    fputc('\n', stderr);
    fflush(stderr);
}

int cli_fail(int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    return status;
}

int cli_fail_usage(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try '%s --help'.\n", command);
    return CLI_USAGE;
}

int cli_fail_with(const kith_error *error)
{
    const char *message = error->message[0] ? error->message : kith_status_name(error->status);
    bool is_policy =
        error->status == KITH_BAD_POLICY || error->status == KITH_OTHER_POLICY || error->status == KITH_BAD_SOURCE;
    return cli_fail(is_policy ? CLI_POLICY : CLI_IO, "%s", message);
}

void cli_say_fault(void *context, const kith_error *fault)
{
    (void)context;
    cli_fail_with(fault);
}

int cli_write_stdout(void *context, const void *bytes, size_t length)
{
    (void)context;
    return fwrite(bytes, 1, length, stdout) != length;
}

int cli_close_stdout(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    const char *why = errno ? strerror(errno) : "write error";
    return cli_fail(CLI_IO, "standard output: cannot be written: %s", why);
}
