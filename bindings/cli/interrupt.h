/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C and its like. A signal only leaves a mark; the run looks for it, cleans up, and then lets the signal end the
 * process, so that a shell sees what happened. Further signals change nothing: timeout(1), for one, sends each twice.
 */
#ifndef KITH_CLI_INTERRUPT_H
#define KITH_CLI_INTERRUPT_H

#include <stdbool.h>

/* From here on SIGINT, SIGTERM and SIGHUP leave a mark; where they were ignored they still are. False: errno is set. */
bool cli_interrupt_catch(void);

/* Whether a signal has come. May be called by any thread. */
bool cli_interrupted(void);

/* Between these two, no signal ends the process. */
void cli_interrupt_hold(void);
void cli_interrupt_release(void);

/* From here on a signal ends the process as it always does, and one that has come does so now. */
void cli_interrupt_end(void);

#endif
