/* SPDX-License-Identifier: MIT */
/* Calls of the system that a signal can interrupt, made again until they are done or have failed. */
#ifndef KITH_CLI_AGAIN_H
#define KITH_CLI_AGAIN_H

#include <fcntl.h>
#include <stdbool.h>

/* openat(2), which may wait for the writer of a pipe: given up where a signal is to end the run. */
int cli_again_open(int folder, const char *path, int flags, mode_t mode);

/* flock(2). False where there is no lock: errno is set. */
bool cli_again_lock(int fd, int operation);

/* fsync(2). False where it failed: errno is set. */
bool cli_again_sync(int fd);

/* close(2), which is done even where it is interrupted. False where something was not written: errno is set. */
bool cli_again_close(int fd);

#endif
