/* SPDX-License-Identifier: MIT */
/* What the command says of faults, and the exit status each sort of fault has. */
#ifndef KITH_CLI_MESSAGE_H
#define KITH_CLI_MESSAGE_H

#include <kith/kith.h>

/* Exit statuses; kith(1) lists them. */
enum {
    CLI_DONE = 0,
    CLI_REFUSED = 1, /* done, but rows were refused */
    CLI_USAGE = 2,
    CLI_IO = 3,    /* also all else that stops a run */
    CLI_POLICY = 4 /* also a source description */
};

#if defined(__GNUC__)
#define CLI_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CLI_PRINTF(text, first)
#endif

/* Says "kith: ..." on standard error, in one line and with control characters escaped. Returns status. */
int cli_fail(int status, const char *format, ...) CLI_PRINTF(2, 3);

/* As cli_fail() with CLI_USAGE, and one more line that says where help is: "kith score --help". */
int cli_fail_usage(const char *command, const char *format, ...) CLI_PRINTF(2, 3);

/* Says what the library says of a failed call. Returns the exit status that fits. */
int cli_fail_with(const kith_error *error);

/* A kith_fault_fn: says one fault of a policy or a source description. */
void cli_say_fault(void *context, const kith_error *fault);

/* A kith_write_fn: writes to standard output. Where it fails, cli_close_stdout() says so. */
int cli_write_stdout(void *context, const void *bytes, size_t length);

/* Makes sure that all of standard output has been written; says so if not. Returns status, or CLI_IO. */
int cli_close_stdout(int status);

#endif
