/* SPDX-License-Identifier: MIT */
#include "exports/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int kithp_input_open(struct kithp_input *input, const char *path)
{
    bool is_standard_input = strcmp(path, "-") == 0;
    int file = is_standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno;
    *input = (struct kithp_input){.file = file, .owned = !is_standard_input};
    struct stat about;
    if (fstat(file, &about) != 0) {
        int fault = errno;
        kithp_input_close(input);
        return fault;
    }
    if (S_ISDIR(about.st_mode)) {
        kithp_input_close(input);
        return EISDIR;
    }
    if (S_ISREG(about.st_mode))
        input->total = (uint64_t)about.st_size;
    else
        input->may_wait = true;
    return 0;
}

void kithp_input_open_callback(struct kithp_input *input, kith_read_fn read, void *context)
{
    *input = (struct kithp_input){.file = -1, .read = read, .context = context};
}

void kithp_input_open_part(struct kithp_input *input, const struct kithp_input *whole, uint64_t begin)
{
    *input = (struct kithp_input){.file = whole->file, .is_part = true, .done = begin, .total = whole->total};
}

bool kithp_input_can_be_anywhere(const struct kithp_input *input)
{
    /* Of standard input, others may have read something before, and may want to go on behind. */
    return input->total > 0 && input->owned;
}

void kithp_input_close(struct kithp_input *input)
{
    if (input->owned)
        close(input->file);
    input->owned = false;
}

/* Waits until there is something to read, or the end. False where that is given up. */
static bool wait_for_bytes(const struct kithp_input *input)
{
    enum { TENTH_OF_A_SECOND = 100 };
    struct pollfd file = {.fd = input->file, .events = POLLIN};
    while (poll(&file, 1, TENTH_OF_A_SECOND) <= 0)
        if (input->waiting(input->waiting_context))
            return false;
    return true;
}

static int64_t read_file(struct kithp_input *input, void *buffer, size_t capacity)
{
    for (;;) {
        if (input->may_wait && input->waiting && !wait_for_bytes(input))
            return -ECANCELED;
        ssize_t got = input->is_part ? pread(input->file, buffer, capacity, (off_t)input->done)
                                     : read(input->file, buffer, capacity);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            return -errno;
    }
}

static int64_t read_callback(struct kithp_input *input, void *buffer, size_t capacity)
{
    int64_t got = input->read(input->context, buffer, capacity);
    return got < 0 || (uint64_t)got > capacity ? -EIO : got;
}

int64_t kithp_input_read(struct kithp_input *input, void *buffer, size_t capacity)
{
    int64_t got = input->read ? read_callback(input, buffer, capacity) : read_file(input, buffer, capacity);
    if (got > 0)
        input->done += (uint64_t)got;
    return got;
}
