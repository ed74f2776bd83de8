/* SPDX-License-Identifier: MIT */
#include "again.h"

#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

#include "interrupt.h"

int cli_again_open(int folder, const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = openat(folder, path, flags, mode);
    while (fd < 0 && errno == EINTR && !cli_interrupted());
    return fd;
}

bool cli_again_lock(int fd, int operation)
{
    int outcome;
    do
        outcome = flock(fd, operation);
    while (outcome != 0 && errno == EINTR && !cli_interrupted());
    return outcome == 0;
}

bool cli_again_sync(int fd)
{
    int outcome;
    do
        outcome = fsync(fd);
    while (outcome != 0 && errno == EINTR);
    return outcome == 0;
}

bool cli_again_close(int fd)
{
    return close(fd) == 0 || errno == EINTR;
}
