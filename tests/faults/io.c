/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the command, or linked into a program: counts the calls of the C library on files below a folder, and
 * makes one of them fail. What is asked for stands in the environment, or is set through io_plan():
 *
 *     IO_UNDER    the folder; calls on anything else are let through
 *     IO_NTH      the call that fails, from 1; 0 or nothing for none
 *     IO_HOW      "EIO" or "ENOSPC": it fails so; "EINTR": likewise, and is not done; "short": a read or a write does
 *                 the first byte of what it was asked to
 *     IO_LASTING  set: so do all calls of the same name that follow ("short" and "EINTR": every second one)
 *     IO_LOG      a file that gets a line for each call: its number, name and path, and "failed" where it was made to
 *
 * What the C library does within stdio is out of reach; there the file is made to be /dev/full, or one that cannot be
 * read, for as long as the call takes, so that it fails as it would.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
/* Both names of each call are made here, that of files past 2 GiB and the other. */
#undef _FILE_OFFSET_BITS
#include "io.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t begun = PTHREAD_ONCE_INIT;
static struct io_plan plan;
static struct io_seen seen;
static char failing[32]; /* the name of what fails from now on */
static unsigned since;   /* calls of that name since then */
static int log_file = -1;

#define REAL(name) (__extension__(__typeof__(&name)) dlsym(RTLD_NEXT, #name))

enum how { LET_THROUGH, FAIL, SHORT };

static int fault_of(const char *how)
{
    static const struct {
        const char *name;
        int fault;
    } faults[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EINTR", EINTR}, {"EMFILE", EMFILE}, {"EACCES", EACCES}};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(how, faults[i].name) == 0)
            return faults[i].fault;
    return 0;
}

static void begin(void)
{
    const char *under = getenv("IO_UNDER"), *nth = getenv("IO_NTH"), *how = getenv("IO_HOW");
    const char *lasting = getenv("IO_LASTING"), *log = getenv("IO_LOG");
    if (!under || !*under || plan.under[0])
        return;
    /* Not in what starts the command: a shell, or valgrind. */
    if (strcmp(program_invocation_short_name, "kith") != 0)
        return;
    snprintf(plan.under, sizeof plan.under, "%s", under);
    plan.nth = nth ? (unsigned)atoi(nth) : 0;
    snprintf(plan.how, sizeof plan.how, "%s", how ? how : "EIO");
    plan.lasting = lasting && *lasting;
    if (log && *log)
        log_file = REAL(open64)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

void io_begin(const struct io_plan *given)
{
    pthread_once(&begun, begin);
    pthread_mutex_lock(&lock);
    plan = *given;
    memset(&seen, 0, sizeof seen);
    failing[0] = '\0';
    since = 0;
    pthread_mutex_unlock(&lock);
}

struct io_seen io_end(void)
{
    pthread_mutex_lock(&lock);
    struct io_seen what = seen;
    memset(&plan, 0, sizeof plan);
    pthread_mutex_unlock(&lock);
    return what;
}

/* ---- which calls count ---- */

static int is_under(const char *path)
{
    size_t length = strlen(plan.under);
    return strncmp(path, plan.under, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int path_of(int fd, char *path, size_t room)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, room - 1);
    path[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

/* A path as it is given, from the working folder or another. */
static void whole_path(int folder, const char *path, char *whole, size_t room)
{
    char from[3000] = "";
    if (path[0] == '/')
        snprintf(whole, room, "%s", path);
    else if (folder == AT_FDCWD ? getcwd(from, sizeof from) != NULL : path_of(folder, from, sizeof from))
        snprintf(whole, room, "%s/%s", from, path);
    else
        whole[0] = '\0';
}

/* Those that the system may interrupt, on a disk that is elsewhere at least; of fopen() and mkstemp(), libc takes care.
 */
static int may_interrupt(const char *name)
{
    static const char *const names[] = {"open",   "openat", "read",      "write", "pread",
                                        "pwrite", "fsync",  "ftruncate", "flock", "close"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return 0;
}

static int may_be_short(const char *name)
{
    return strcmp(name, "read") == 0 || strcmp(name, "write") == 0 || strcmp(name, "pread") == 0 ||
           strcmp(name, "pwrite") == 0;
}

static int applies(const char *name)
{
    if (strcmp(plan.how, "EINTR") == 0)
        return may_interrupt(name);
    if (strcmp(plan.how, "short") == 0)
        return may_be_short(name);
    return 1;
}

/* Counts a call, and says what is to become of it. */
static enum how judge_path(const char *name, const char *path)
{
    pthread_once(&begun, begin);
    if (!plan.under[0] || !is_under(path))
        return LET_THROUGH;
    pthread_mutex_lock(&lock);
    seen.calls++;
    int is_repeated = plan.lasting && strcmp(failing, name) == 0;
    /* What is always interrupted never ends: every second time is as often as may be. */
    int is_soft = strcmp(plan.how, "EINTR") == 0 || strcmp(plan.how, "short") == 0;
    int fails = applies(name) && (seen.calls == plan.nth || (is_repeated && (!is_soft || ++since % 2 == 0)));
    if (seen.calls == plan.nth && fails) {
        snprintf(failing, sizeof failing, "%s", name);
        snprintf(seen.name, sizeof seen.name, "%s", name);
        snprintf(seen.path, sizeof seen.path, "%s", path);
    }
    seen.failed += (unsigned)fails;
    if (log_file >= 0)
        dprintf(log_file, "%u %s %s%s\n", seen.calls, name, path, fails ? " failed" : "");
    enum how how = !fails ? LET_THROUGH : strcmp(plan.how, "short") == 0 ? SHORT : FAIL;
    pthread_mutex_unlock(&lock);
    if (how == FAIL)
        errno = fault_of(plan.how);
    return how;
}

static enum how judge_at(const char *name, int folder, const char *path)
{
    char whole[8192];
    pthread_once(&begun, begin);
    if (!plan.under[0] || !path)
        return LET_THROUGH;
    whole_path(folder, path, whole, sizeof whole);
    return judge_path(name, whole);
}

static enum how judge(const char *name, const char *path)
{
    return judge_at(name, AT_FDCWD, path);
}

static enum how judge_fd(const char *name, int fd)
{
    char path[4096];
    int before = errno;
    pthread_once(&begun, begin);
    if (!plan.under[0] || !path_of(fd, path, sizeof path))
        return LET_THROUGH;
    errno = before;
    return judge_path(name, path);
}

/* ---- calls with a path ---- */

#define OPENAT(name)                                                                                                   \
    int name(int folder, const char *path, int flags, ...)                                                             \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;                                 \
        va_end(arguments);                                                                                             \
        return judge_at("openat", folder, path) != LET_THROUGH ? -1 : REAL(name)(folder, path, flags, mode);           \
    }
OPENAT(openat)
OPENAT(openat64)

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;                                 \
        va_end(arguments);                                                                                             \
        return judge("open", path) != LET_THROUGH ? -1 : REAL(name)(path, flags, mode);                                \
    }
OPEN(open)
OPEN(open64)

#define WITH_PATH(name, told, type, failed, parameters, path, arguments)                                               \
    type name parameters                                                                                               \
    {                                                                                                                  \
        return judge(told, path) != LET_THROUGH ? failed : REAL(name) arguments;                                       \
    }
WITH_PATH(fopen, "fopen", FILE *, NULL, (const char *path, const char *mode), path, (path, mode))
WITH_PATH(fopen64, "fopen", FILE *, NULL, (const char *path, const char *mode), path, (path, mode))
WITH_PATH(opendir, "opendir", DIR *, NULL, (const char *path), path, (path))
WITH_PATH(mkdir, "mkdir", int, -1, (const char *path, mode_t mode), path, (path, mode))
WITH_PATH(rmdir, "rmdir", int, -1, (const char *path), path, (path))
WITH_PATH(unlink, "unlink", int, -1, (const char *path), path, (path))
WITH_PATH(mkdtemp, "mkdtemp", char *, NULL, (char *path), path, (path))
WITH_PATH(mkstemp, "mkstemp", int, -1, (char *path), path, (path))
WITH_PATH(mkstemp64, "mkstemp", int, -1, (char *path), path, (path))
WITH_PATH(mkostemp, "mkostemp", int, -1, (char *path, int flags), path, (path, flags))
WITH_PATH(mkostemp64, "mkostemp", int, -1, (char *path, int flags), path, (path, flags))
WITH_PATH(rename, "rename", int, -1, (const char *from, const char *to), from, (from, to))
WITH_PATH(readlink, "readlink", ssize_t, -1, (const char *path, char *to, size_t room), path, (path, to, room))
WITH_PATH(realpath, "realpath", char *, NULL, (const char *path, char *to), path, (path, to))
WITH_PATH(access, "access", int, -1, (const char *path, int how), path, (path, how))
WITH_PATH(stat, "stat", int, -1, (const char *path, struct stat *about), path, (path, about))
WITH_PATH(stat64, "stat", int, -1, (const char *path, struct stat64 *about), path, (path, about))
WITH_PATH(lstat, "lstat", int, -1, (const char *path, struct stat *about), path, (path, about))
WITH_PATH(lstat64, "lstat", int, -1, (const char *path, struct stat64 *about), path, (path, about))

#define WITH_FOLDER(name, told, parameters, folder, path, arguments)                                                   \
    int name parameters                                                                                                \
    {                                                                                                                  \
        return judge_at(told, folder, path) != LET_THROUGH ? -1 : REAL(name) arguments;                                \
    }
WITH_FOLDER(mkdirat, "mkdirat", (int folder, const char *path, mode_t mode), folder, path, (folder, path, mode))
WITH_FOLDER(unlinkat, "unlinkat", (int folder, const char *path, int flags), folder, path, (folder, path, flags))
WITH_FOLDER(renameat, "renameat", (int folder, const char *from, int other, const char *to), folder, from,
            (folder, from, other, to))
WITH_FOLDER(fstatat, "fstatat", (int folder, const char *path, struct stat *about, int flags), folder, path,
            (folder, path, about, flags))
WITH_FOLDER(fstatat64, "fstatat", (int folder, const char *path, struct stat64 *about, int flags), folder, path,
            (folder, path, about, flags))

/* ---- calls with a file ---- */

#define WITH_FD(name, told, type, parameters, arguments)                                                               \
    type name parameters                                                                                               \
    {                                                                                                                  \
        return judge_fd(told, fd) != LET_THROUGH ? -1 : REAL(name) arguments;                                          \
    }
WITH_FD(fsync, "fsync", int, (int fd), (fd))
WITH_FD(ftruncate, "ftruncate", int, (int fd, off_t length), (fd, length))
WITH_FD(ftruncate64, "ftruncate", int, (int fd, off64_t length), (fd, length))
WITH_FD(fchmod, "fchmod", int, (int fd, mode_t mode), (fd, mode))
WITH_FD(flock, "flock", int, (int fd, int operation), (fd, operation))
WITH_FD(lseek, "lseek", off_t, (int fd, off_t offset, int whence), (fd, offset, whence))
WITH_FD(lseek64, "lseek", off64_t, (int fd, off64_t offset, int whence), (fd, offset, whence))
WITH_FD(fstat, "fstat", int, (int fd, struct stat *about), (fd, about))
WITH_FD(fstat64, "fstat", int, (int fd, struct stat64 *about), (fd, about))

/* The file is closed all the same, as Linux has it. */
int close(int fd)
{
    enum how how = judge_fd("close", fd);
    int fault = errno;
    int outcome = REAL(close)(fd);
    if (how == LET_THROUGH)
        return outcome;
    errno = fault;
    return -1;
}

#define SOME(name, told, parameters, all, one)                                                                         \
    ssize_t name parameters                                                                                            \
    {                                                                                                                  \
        enum how how = judge_fd(told, fd);                                                                             \
        if (how == FAIL)                                                                                               \
            return -1;                                                                                                 \
        if (how == SHORT && length > 1)                                                                                \
            return REAL(name) one;                                                                                     \
        return REAL(name) all;                                                                                         \
    }
SOME(read, "read", (int fd, void *bytes, size_t length), (fd, bytes, length), (fd, bytes, 1))
SOME(write, "write", (int fd, const void *bytes, size_t length), (fd, bytes, length), (fd, bytes, 1))
SOME(pread, "pread", (int fd, void *bytes, size_t length, off_t at), (fd, bytes, length, at), (fd, bytes, 1, at))
SOME(pread64, "pread", (int fd, void *bytes, size_t length, off64_t at), (fd, bytes, length, at), (fd, bytes, 1, at))
SOME(pwrite, "pwrite", (int fd, const void *bytes, size_t length, off_t at), (fd, bytes, length, at),
     (fd, bytes, 1, at))
SOME(pwrite64, "pwrite", (int fd, const void *bytes, size_t length, off64_t at), (fd, bytes, length, at),
     (fd, bytes, 1, at))

/* ---- folders ---- */

struct dirent *readdir(DIR *folder)
{
    return judge_fd("readdir", dirfd(folder)) != LET_THROUGH ? NULL : REAL(readdir)(folder);
}

struct dirent64 *readdir64(DIR *folder)
{
    return judge_fd("readdir", dirfd(folder)) != LET_THROUGH ? NULL : REAL(readdir64)(folder);
}

/* ---- stdio ---- */

/* The file becomes one that fails, until undo(). Returns what it was. */
static int make_fail(int fd)
{
    int kept = fcntl(fd, F_DUPFD_CLOEXEC, 100);
    int bad = REAL(open)("/dev/full", O_WRONLY);
    dup2(bad, fd);
    REAL(close)(bad);
    return kept;
}

static void undo(int fd, int kept)
{
    int fault = errno;
    dup2(kept, fd);
    REAL(close)(kept);
    errno = fault;
}

/* Whether there is anything to be written is the C library's to know: only a flush and a close surely do. */
int fflush(FILE *file)
{
    if (!file || judge_fd("fflush", fileno(file)) == LET_THROUGH)
        return REAL(fflush)(file);
    int fd = fileno(file), kept = make_fail(fd);
    int outcome = REAL(fflush)(file);
    undo(fd, kept);
    return outcome;
}

int fclose(FILE *file)
{
    /* Memory as a file has no number. */
    if (fileno(file) < 0 || judge_fd("fclose", fileno(file)) == LET_THROUGH)
        return REAL(fclose)(file);
    int fault = fault_of(plan.how);
    REAL(fclose)(file);
    errno = fault;
    return EOF;
}

size_t fread(void *bytes, size_t size, size_t count, FILE *file)
{
    if (judge_fd("fread", fileno(file)) == LET_THROUGH)
        return REAL(fread)(bytes, size, count, file);
    /* /dev/full can be written alone the way it is opened: reading fails. */
    int fd = fileno(file), kept = make_fail(fd);
    size_t got = REAL(fread)(bytes, size, count, file);
    undo(fd, kept);
    errno = fault_of(plan.how);
    return got;
}
