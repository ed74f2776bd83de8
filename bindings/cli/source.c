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

/* Inflated bytes of a file that is packed. What is damaged ends there; the library says so when it reads the file. */
static ssize_t inflate_some(gzFile inflater, void *buffer, size_t capacity)
{
    int code = Z_OK;
    int got = gzread(inflater, buffer, (unsigned)capacity);
    if (got >= 0)
        return got;
    gzerror(inflater, &code);
    if (code == Z_MEM_ERROR)
        errno = ENOMEM;
    return code == Z_ERRNO || code == Z_MEM_ERROR ? -1 : 0;
}

static ssize_t next_bytes(struct cli_source *source, void *buffer, size_t capacity)
{
    return source->inflater ? inflate_some(source->inflater, buffer, capacity)
                            : read_some(source->fd, buffer, capacity);
}

/* Hashes up to a size. False where it ends before, or cannot be read: fault says why, EINTR standing for a signal. */
static bool hash_up_to(struct cli_source *source, uint64_t size, void *buffer, struct cli_progress *progress)
{
    while (source->bytes < size) {
        uint64_t left = size - source->bytes;
        ssize_t got = next_bytes(source, buffer, left < PIECE ? (size_t)left : PIECE);
        if (got <= 0) {
            source->fault = got < 0 ? errno : 0;
            return false;
        }
        XXH3_128bits_update(source->hash, buffer, (size_t)got);
        source->bytes += (uint64_t)got;
        uint64_t done = source->inflater ? (uint64_t)gzoffset(source->inflater) : source->bytes;
        if (cli_progress_step(progress, done, size)) {
            source->fault = EINTR;
            return false;
        }
    }
    return true;
}

static void restart(struct cli_source *source)
{
    XXH3_128bits_reset(source->hash);
    source->bytes = 0;
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

/* Back to the beginning, unless something failed on the way. */
static int finish_find(struct cli_source *source)
{
    if (cli_interrupted())
        return CLI_IO;
    if (source->fault)
        return cli_source_fail(source);
    return lseek(source->fd, 0, SEEK_SET) == 0 ? CLI_DONE : fail_errno(source);
}

int cli_source_find(struct cli_source *source, const struct cli_record *record, struct cli_progress *progress,
                    const struct cli_known **known, bool *is_whole)
{
    struct stat status;
    *known = NULL;
    *is_whole = false;
    if (fstat(source->fd, &status) != 0)
        return fail_errno(source);
    const struct cli_known **sorted = cli_record_by_size(record);
    void *buffer = malloc(PIECE);
    if (sorted && buffer) {
        restart(source);
        *known = find_longest(source, sorted, record->count, (uint64_t)status.st_size, buffer, progress);
        *is_whole = *known && (*known)->size == (uint64_t)status.st_size;
    }
    bool has_memory = sorted && buffer;
    free(sorted);
    free(buffer);
    return has_memory ? finish_find(source) : cli_fail(CLI_IO, "not enough memory");
}

/* ---- what it begins with, inflated ---- */

static bool is_gzip(const struct cli_source *source)
{
    unsigned char magic[2];
    return pread(source->fd, magic, sizeof magic, 0) == (ssize_t)sizeof magic && magic[0] == 0x1F && magic[1] == 0x8B;
}

/* Of exports that were packed, more text was read than they have bytes: no text is one of these. Returns how many. */
static size_t keep_plain(const struct cli_known **sorted, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (sorted[i]->end_offset <= sorted[i]->size)
            sorted[kept++] = sorted[i];
    return kept;
}

static bool begin_inflating(struct cli_source *source)
{
    int fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 0);
    source->inflater = fd >= 0 ? gzdopen(fd, "rb") : NULL;
    if (source->inflater) {
        gzbuffer(source->inflater, PIECE);
        return true;
    }
    source->fault = fd < 0 ? errno : ENOMEM;
    if (fd >= 0)
        close(fd);
    return false;
}

/* Whether the text ends with the one found. Where it is damaged none is: the library is to say so. */
static const struct cli_known *check_end(struct cli_source *source, const struct cli_known *found, void *buffer,
                                         struct cli_progress *progress, bool *is_whole)
{
    int code = Z_OK;
    if (!found || source->fault)
        return NULL;
    *is_whole = source->bytes == found->size && !hash_up_to(source, found->size + 1, buffer, progress);
    gzerror(source->inflater, &code);
    return code == Z_OK ? found : NULL;
}

static const struct cli_known *find_text(struct cli_source *source, const struct cli_known **sorted, size_t count,
                                         void *buffer, struct cli_progress *progress, bool *is_whole)
{
    restart(source);
    if (!begin_inflating(source))
        return NULL;
    const struct cli_known *found = find_longest(source, sorted, count, UINT64_MAX, buffer, progress);
    found = check_end(source, found, buffer, progress, is_whole);
    gzclose_r(source->inflater);
    source->inflater = NULL;
    return found;
}

/* The whole file as it lies there, so that it is known again, and watched while it is read. */
static bool hash_file(struct cli_source *source, void *buffer, struct cli_progress *progress, struct cli_known *known)
{
    struct stat status;
    if (fstat(source->fd, &status) != 0 || lseek(source->fd, 0, SEEK_SET) != 0) {
        source->fault = errno;
        return false;
    }
    restart(source);
    if (!hash_up_to(source, (uint64_t)status.st_size, buffer, progress))
        return false;
    known->size = source->bytes;
    known->digest = cli_digest_of(source->hash);
    return true;
}

int cli_source_find_packed(struct cli_source *source, const struct cli_record *record, struct cli_progress *progress,
                           struct cli_known *known, bool *is_found, bool *is_whole)
{
    *is_found = *is_whole = false;
    if (!is_gzip(source))
        return CLI_DONE;
    const struct cli_known **sorted = cli_record_by_size(record);
    size_t count = sorted ? keep_plain(sorted, record->count) : 0;
    void *buffer = malloc(PIECE);
    bool has_memory = sorted && buffer;
    const struct cli_known *found = NULL;
    if (has_memory && count > 0)
        found = find_text(source, sorted, count, buffer, progress, is_whole);
    if (found) {
        *known = *found;
        *is_found = hash_file(source, buffer, progress, known);
    }
    free(sorted);
    free(buffer);
    return has_memory ? finish_find(source) : cli_fail(CLI_IO, "not enough memory");
}

/* ---- reading ---- */

void cli_source_begin(struct cli_source *source, const struct cli_known *known)
{
    restart(source);
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
