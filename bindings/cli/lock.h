/* SPDX-License-Identifier: MIT */
/* The lock beside a state, so that of two runs one waits its turn: the file stays, its lock ends with the process. */
#ifndef KITH_CLI_LOCK_H
#define KITH_CLI_LOCK_H

struct cli_lock {
    char *path;
    int fd; /* -1 where it is not held */
};

/*
 * Takes the lock of a state, without waiting; to be ended in any case. Says what is wrong, such as who holds it, and
 * returns an exit status.
 */
int cli_lock_take(struct cli_lock *lock, const char *state);
void cli_lock_end(struct cli_lock *lock);

#endif
