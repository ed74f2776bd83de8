/* SPDX-License-Identifier: MIT */
#include "exports/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int kithp_source_open(struct kithp_source *source, const char *path)
{
    bool is_standard_input = strcmp(path, "-") == 0;
    int file = is_standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno;
    *source = (struct kithp_source){.file = file, .owned = !is_standard_input};
    struct stat about;
    if (fstat(file, &about) != 0)
        return 0;
    if (S_ISDIR(about.st_mode)) {
        kithp_source_close(source);
        return EISDIR;
    }
    if (S_ISREG(about.st_mode))
        source->total = (uint64_t)about.st_size;
    else
        source->may_wait = true;
    return 0;
}

void kithp_source_open_callback(struct kithp_source *source, kith_read_fn read, void *context)
{
    *source = (struct kithp_source){.file = -1, .read = read, .context = context};
}

void kithp_source_close(struct kithp_source *source)
{
    if (source->owned)
        close(source->file);
    source->owned = false;
}

/* Waits until there is something to read, or the end. False where that is given up. */
static bool wait_for_bytes(const struct kithp_source *source)
{
    enum { TENTH_OF_A_SECOND = 100 };
    struct pollfd file = {.fd = source->file, .events = POLLIN};
    while (poll(&file, 1, TENTH_OF_A_SECOND) <= 0)
        if (source->waiting(source->waiting_context))
            return false;
    return true;
}

static int64_t read_file(struct kithp_source *source, void *buffer, size_t capacity)
{
    for (;;) {
        if (source->may_wait && source->waiting && !wait_for_bytes(source))
            return -ECANCELED;
        ssize_t got = read(source->file, buffer, capacity);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            return -errno;
    }
}

static int64_t read_callback(struct kithp_source *source, void *buffer, size_t capacity)
{
    int64_t got = source->read(source->context, buffer, capacity);
    return got < 0 || (uint64_t)got > capacity ? -EIO : got;
}

int64_t kithp_source_read(struct kithp_source *source, void *buffer, size_t capacity)
{
    int64_t got = source->read ? read_callback(source, buffer, capacity) : read_file(source, buffer, capacity);
    if (got > 0)
        source->done += (uint64_t)got;
    return got;
}
