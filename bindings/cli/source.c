/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"
#include "message.h"

enum { PIECE = 1 << 18 };

int cli_source_fail(const struct cli_source *source)
{
    return cli_fail(CLI_IO, "%s: cannot be read: %s", source->path, strerror(source->fault));
}

static int fail_errno(struct cli_source *source)
{
    source->fault = errno;
    return cli_source_fail(source);
}

int cli_source_open(struct cli_source *source, const char *path)
{
    *source = (struct cli_source){.path = path, .fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (source->fd < 0)
        return fail_errno(source);
    source->hash = XXH3_createState();
    return source->hash ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}

void cli_source_close(struct cli_source *source)
{
    if (source->fd >= 0)
        close(source->fd);
    XXH3_freeState(source->hash);
    *source = (struct cli_source){.fd = -1};
}

static ssize_t read_some(int fd, void *buffer, size_t capacity)
{
    ssize_t got;
    do
        got = read(fd, buffer, capacity);
    while (got < 0 && errno == EINTR);
    return got;
}

/* ---- what it begins with ---- */

static int compare_sizes(const void *a, const void *b)
{
    const struct cli_known *const *first = a;
    const struct cli_known *const *second = b;
    return ((*first)->size > (*second)->size) - ((*first)->size < (*second)->size);
}

/* The record's exports by size. NULL where there is not enough memory. */
static const struct cli_known **sort_by_size(const struct cli_record *record)
{
    const struct cli_known **sorted = malloc((record->count + 1) * sizeof *sorted);
    for (size_t i = 0; sorted && i < record->count; i++)
        sorted[i] = &record->items[i];
    if (sorted)
        qsort(sorted, record->count, sizeof *sorted, compare_sizes);
    return sorted;
}

/* Hashes up to a size. False where it ends before, or cannot be read: fault says why, EINTR standing for a signal. */
static bool hash_up_to(struct cli_source *source, uint64_t size, void *buffer, struct cli_progress *progress)
{
    while (source->bytes < size) {
        uint64_t left = size - source->bytes;
        ssize_t got = read_some(source->fd, buffer, left < PIECE ? (size_t)left : PIECE);
        if (got <= 0) {
            source->fault = got < 0 ? errno : 0;
            return false;
        }
        XXH3_128bits_update(source->hash, buffer, (size_t)got);
        source->bytes += (uint64_t)got;
        if (cli_progress_step(progress, source->bytes, size)) {
            source->fault = EINTR;
            return false;
        }
    }
    return true;
}

static const struct cli_known *find_longest(struct cli_source *source, const struct cli_known **sorted, size_t count,
                                            uint64_t size, void *buffer, struct cli_progress *progress)
{
    const struct cli_known *found = NULL;
    for (size_t i = 0; i < count && sorted[i]->size <= size; i++) {
        if (!hash_up_to(source, sorted[i]->size, buffer, progress))
            break;
        struct cli_digest digest = cli_digest_of(source->hash);
        if (cli_digest_equal(&digest, &sorted[i]->digest))
            found = sorted[i];
    }
    return found;
}

int cli_source_find(struct cli_source *source, const struct cli_record *record, struct cli_progress *progress,
                    const struct cli_known **known, bool *is_whole)
{
    struct stat status;
    *known = NULL;
    *is_whole = false;
    if (fstat(source->fd, &status) != 0)
        return fail_errno(source);
    const struct cli_known **sorted = sort_by_size(record);
    void *buffer = malloc(PIECE);
    if (sorted && buffer) {
        XXH3_128bits_reset(source->hash);
        source->bytes = 0;
        *known = find_longest(source, sorted, record->count, (uint64_t)status.st_size, buffer, progress);
        *is_whole = *known && (*known)->size == (uint64_t)status.st_size;
    }
    bool has_memory = sorted && buffer;
    free(sorted);
    free(buffer);
    if (!has_memory)
        return cli_fail(CLI_IO, "not enough memory");
    if (cli_interrupted())
        return CLI_IO;
    if (source->fault)
        return cli_source_fail(source);
    return lseek(source->fd, 0, SEEK_SET) == 0 ? CLI_DONE : fail_errno(source);
}

/* ---- reading ---- */

void cli_source_begin(struct cli_source *source, const struct cli_known *known)
{
    XXH3_128bits_reset(source->hash);
    source->bytes = 0;
    source->line_begin = 0;
    source->known_bytes = known ? known->size : 0;
    if (known)
        source->known = known->digest;
}

static void hash_bytes(struct cli_source *source, const unsigned char *bytes, size_t count)
{
    uint64_t left = source->known_bytes > source->bytes ? source->known_bytes - source->bytes : 0;
    if (left == 0 || left > count) {
        XXH3_128bits_update(source->hash, bytes, count);
        return;
    }
    XXH3_128bits_update(source->hash, bytes, (size_t)left);
    struct cli_digest digest = cli_digest_of(source->hash);
    source->differs = !cli_digest_equal(&digest, &source->known);
    XXH3_128bits_update(source->hash, bytes + left, count - (size_t)left);
}

static void look_at_lines(struct cli_source *source, const unsigned char *bytes, size_t count)
{
    if (source->bytes == 0)
        source->packed = count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
    const unsigned char *line_end = source->packed ? NULL : memrchr(bytes, '\n', count);
    if (line_end)
        source->line_begin = source->bytes + (uint64_t)(line_end - bytes) + 1;
}

int64_t cli_source_read(void *context, void *buffer, size_t capacity)
{
    struct cli_source *source = context;
    ssize_t got = read_some(source->fd, buffer, capacity);
    if (got < 0)
        source->fault = errno;
    if (got <= 0)
        return got;
    look_at_lines(source, buffer, (size_t)got);
    hash_bytes(source, buffer, (size_t)got);
    source->bytes += (uint64_t)got;
    return source->differs ? -1 : got;
}
