/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "again.h"
#include "message.h"
#include "number.h"

static const char suffix[] = ".lock";

/* Process that wrote its number into the file, or 0 where there is none to be read. */
static uint64_t holder_of(int fd)
{
    char text[32];
    uint64_t number = 0;
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    if (got <= 1 || text[got - 1] != '\n')
        return 0;
    text[got - 1] = '\0';
    return cli_number_parse(text, 1, INT32_MAX, &number) ? number : 0;
}

static int fail_held(const struct cli_lock *lock, const char *state)
{
    uint64_t holder = holder_of(lock->fd);
    if (holder)
        return cli_fail(CLI_IO, "%s: in use by another run, process %" PRIu64, state, holder);
    return cli_fail(CLI_IO, "%s: in use by another run", state);
}

/* For whoever finds it taken. A disk that is full is no reason to give up for that. */
static void write_holder(int fd)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)length, 0) < 0)
        return;
}

/* The lock of a link is that of the file which it leads to. */
static char *path_beside(const char *state)
{
    char *resolved = realpath(state, NULL);
    const char *base = resolved ? resolved : state;
    size_t room = strlen(base) + sizeof suffix;
    char *path = malloc(room);
    if (path)
        snprintf(path, room, "%s%s", base, suffix);
    free(resolved);
    return path;
}

int cli_lock_take(struct cli_lock *lock, const char *state)
{
    *lock = (struct cli_lock){.path = path_beside(state), .fd = -1};
    if (!lock->path)
        return cli_fail(CLI_IO, "not enough memory");
    lock->fd = cli_again_open(AT_FDCWD, lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (lock->fd < 0)
        return cli_fail(CLI_IO, "%s: cannot be opened: %s", lock->path, strerror(errno));
    if (!cli_again_lock(lock->fd, LOCK_EX | LOCK_NB)) {
        int fault = errno;
        if (fault == EWOULDBLOCK)
            return fail_held(lock, state);
        return cli_fail(CLI_IO, "%s: cannot be locked: %s", lock->path, strerror(fault));
    }
    write_holder(lock->fd);
    return CLI_DONE;
}

void cli_lock_end(struct cli_lock *lock)
{
    if (lock->path && lock->fd >= 0)
        close(lock->fd);
    free(lock->path);
    *lock = (struct cli_lock){.fd = -1};
}
