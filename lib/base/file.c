/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int64_t kithp_file_read(const char *path, char *text, size_t capacity)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
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
