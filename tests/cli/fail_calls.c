/* SPDX-License-Identifier: MIT */
/* Preloaded into the command: makes the FAIL_NTH call of FAIL_CALL fail, and all after it where FAIL_LASTING is set. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int fails(const char *call)
{
    static int calls;
    const char *chosen = getenv("FAIL_CALL");
    const char *lasting = getenv("FAIL_LASTING");
    if (!chosen || strcmp(chosen, call) != 0)
        return 0;
    /* Not in what starts the command: a shell, or valgrind. */
    if (strcmp(program_invocation_short_name, "kith") != 0)
        return 0;
    int nth = atoi(getenv("FAIL_NTH"));
    calls++;
    if (calls != nth && !(calls > nth && lasting && *lasting))
        return 0;
    errno = ENOSPC;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return fails("renameat") ? -1 : REAL(renameat)(from_folder, from, to_folder, to);
}

int rename(const char *from, const char *to)
{
    return fails("rename") ? -1 : REAL(rename)(from, to);
}

int fchmod(int fd, mode_t mode)
{
    return fails("fchmod") ? -1 : REAL(fchmod)(fd, mode);
}

int flock(int fd, int operation)
{
    return fails("flock") ? -1 : REAL(flock)(fd, operation);
}

int ftruncate(int fd, off_t length)
{
    return fails("ftruncate") ? -1 : REAL(ftruncate)(fd, length);
}

off_t lseek(int fd, off_t offset, int whence)
{
    return fails("lseek") ? -1 : REAL(lseek)(fd, offset, whence);
}

/* The file is closed all the same. */
int close(int fd)
{
    int outcome = REAL(close)(fd);
    return fails("close") ? -1 : outcome;
}

int fsync(int fd)
{
    return fails("fsync") ? -1 : REAL(fsync)(fd);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    return fails("mkdirat") ? -1 : REAL(mkdirat)(folder, path, mode);
}

char *mkdtemp(char *pattern)
{
    return fails("mkdtemp") ? NULL : REAL(mkdtemp)(pattern);
}

/* With 64-bit offsets, it is called by another name. */
int mkstemp(char *pattern)
{
    return fails("mkstemp") ? -1 : REAL(mkstemp)(pattern);
}

int mkstemp64(char *pattern)
{
    return fails("mkstemp") ? -1 : REAL(mkstemp64)(pattern);
}

DIR *opendir(const char *path)
{
    return fails("opendir") ? NULL : REAL(opendir)(path);
}

/* With 64-bit offsets, it is called by another name. */
struct dirent *readdir(DIR *folder)
{
    return fails("readdir") ? NULL : REAL(readdir)(folder);
}

struct dirent64 *readdir64(DIR *folder)
{
    return fails("readdir") ? NULL : REAL(readdir64)(folder);
}

/* Only what makes a file. With 64-bit offsets, openat() is called by another name. */
#define OPENAT(name)                                                                                                   \
    int name(int folder, const char *path, int flags, ...)                                                             \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;                                                 \
        va_end(arguments);                                                                                             \
        return (flags & O_CREAT) && fails("openat") ? -1 : REAL(name)(folder, path, flags, mode);                      \
    }
OPENAT(openat)
OPENAT(openat64)

/* All files that are opened by their paths; not where the loader looks for libraries. */
#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;                                                 \
        va_end(arguments);                                                                                             \
        return fails("open") ? -1 : REAL(name)(path, flags, mode);                                                     \
    }
OPEN(open)
OPEN(open64)

/* Only what goes to files: messages are to be seen. */
ssize_t write(int fd, const void *bytes, size_t length)
{
    return fd > 2 && fails("write") ? -1 : REAL(write)(fd, bytes, length);
}

ssize_t read(int fd, void *buffer, size_t length)
{
    return fails("read") ? -1 : REAL(read)(fd, buffer, length);
}
