/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

/* Where it is a pipe that nobody writes to, a signal is the caller's chance to give up. */
static int open_file(const char *path)
{
    for (;;) {
        struct stat about;
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file >= 0 || errno != EINTR)
            return file;
        bool is_pipe = stat(path, &about) == 0 && S_ISFIFO(about.st_mode);
        errno = EINTR;
        if (is_pipe)
            return -1;
    }
}

/* Of less than `capacity` bytes. Returns how many it has; -1 where it cannot, with errno set, EFBIG where it has more.
 */
static int64_t read_file(const char *path, char *text, size_t capacity)
{
    int file = open_file(path);
    if (file < 0)
        return -1;
    size_t length = 0;
    for (;;) {
        ssize_t got = read(file, text + length, capacity - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || length + (size_t)got == capacity) {
            int fault = got < 0 ? errno : got > 0 ? EFBIG : 0;
            close(file);
            errno = fault;
            return fault ? -1 : (int64_t)length;
        }
        length += (size_t)got;
    }
}

kith_status kithp_file_load(const char *path, const char *what, const kith_allocator *allocator, kith_text *text,
                            kith_error *error)
{
    char *bytes = kithp_alloc_array(allocator, KITHP_FILE_MOST + 1, 1);
    if (!bytes)
        return kithp_fail_memory(error);
    int64_t length = read_file(path, bytes, KITHP_FILE_MOST + 1);
    if (length >= 0) {
        *text = (kith_text){bytes, (uint64_t)length};
        return KITH_OK;
    }
    int fault = errno;
    kithp_alloc_free(allocator, bytes);
    struct kithp_place place = {.file = path};
    if (fault == EFBIG)
        return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "%s is 1 MiB at most", what);
    return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "cannot be read: %s", kithp_errno_words(fault).text);
}
