/* SPDX-License-Identifier: MIT */
#include "export_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "again.h"
#include "interrupt.h"
#include "message.h"

enum { PIECE = 1 << 18 };

int cli_export_file_fail(const struct cli_export_file *file)
{
    return cli_fail(CLI_IO, "%s: cannot be read: %s", file->path, strerror(file->fault));
}

static int fail_errno(struct cli_export_file *file)
{
    file->fault = errno;
    return cli_export_file_fail(file);
}

int cli_export_file_open(struct cli_export_file *file, const char *path)
{
    *file = (struct cli_export_file){.path = path, .fd = cli_again_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0)};
    if (file->fd < 0)
        return fail_errno(file);
    file->hash = XXH3_createState();
    return file->hash ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}

void cli_export_file_close(struct cli_export_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    XXH3_freeState(file->hash);
    *file = (struct cli_export_file){.fd = -1};
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

static ssize_t next_bytes(struct cli_export_file *file, void *buffer, size_t capacity)
{
    return file->inflater ? inflate_some(file->inflater, buffer, capacity) : read_some(file->fd, buffer, capacity);
}

/* Hashes up to a size. False where it ends before, or cannot be read: fault says why, EINTR standing for a signal. */
static bool hash_up_to(struct cli_export_file *file, uint64_t size, void *buffer, struct cli_progress *progress)
{
    while (file->bytes < size) {
        uint64_t left = size - file->bytes;
        ssize_t got = next_bytes(file, buffer, left < PIECE ? (size_t)left : PIECE);
        if (got <= 0) {
            file->fault = got < 0 ? errno : 0;
            return false;
        }
        XXH3_128bits_update(file->hash, buffer, (size_t)got);
        file->bytes += (uint64_t)got;
        uint64_t done = file->inflater ? (uint64_t)gzoffset(file->inflater) : file->bytes;
        if (cli_progress_step(progress, done, size)) {
            file->fault = EINTR;
            return false;
        }
    }
    return true;
}

static void restart(struct cli_export_file *file)
{
    XXH3_128bits_reset(file->hash);
    file->bytes = 0;
}

static const struct cli_known *find_longest(struct cli_export_file *file, const struct cli_known **sorted, size_t count,
                                            uint64_t size, void *buffer, struct cli_progress *progress)
{
    const struct cli_known *found = NULL;
    for (size_t i = 0; i < count && sorted[i]->size <= size; i++) {
        if (!hash_up_to(file, sorted[i]->size, buffer, progress))
            break;
        struct cli_digest digest = cli_digest_of(file->hash);
        if (cli_digest_equal(&digest, &sorted[i]->digest))
            found = sorted[i];
    }
    return found;
}

/* Back to the beginning, unless something failed on the way. */
static int finish_find(struct cli_export_file *file)
{
    if (cli_interrupted())
        return CLI_IO;
    if (file->fault)
        return cli_export_file_fail(file);
    return lseek(file->fd, 0, SEEK_SET) == 0 ? CLI_DONE : fail_errno(file);
}

int cli_export_file_find(struct cli_export_file *file, const struct cli_record *record, struct cli_progress *progress,
                         const struct cli_known **known, bool *is_whole)
{
    struct stat status;
    *known = NULL;
    *is_whole = false;
    if (fstat(file->fd, &status) != 0)
        return fail_errno(file);
    const struct cli_known **sorted = cli_record_by_size(record);
    void *buffer = malloc(PIECE);
    if (sorted && buffer) {
        restart(file);
        *known = find_longest(file, sorted, record->count, (uint64_t)status.st_size, buffer, progress);
        *is_whole = *known && (*known)->size == (uint64_t)status.st_size;
    }
    bool has_memory = sorted && buffer;
    free(sorted);
    free(buffer);
    return has_memory ? finish_find(file) : cli_fail(CLI_IO, "not enough memory");
}

/* ---- what it begins with, inflated ---- */

/* False also where it cannot be read: fault says why. */
static bool is_gzip(struct cli_export_file *file)
{
    unsigned char magic[2];
    for (size_t done = 0; done < sizeof magic;) {
        ssize_t got = pread(file->fd, magic + done, sizeof magic - done, (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            file->fault = errno;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return magic[0] == 0x1F && magic[1] == 0x8B;
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

static bool begin_inflating(struct cli_export_file *file)
{
    int fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
    file->inflater = fd >= 0 ? gzdopen(fd, "rb") : NULL;
    if (file->inflater) {
        gzbuffer(file->inflater, PIECE);
        return true;
    }
    file->fault = fd < 0 ? errno : ENOMEM;
    if (fd >= 0)
        close(fd);
    return false;
}

/* Whether the text ends with the one found. Where it is damaged none is: the library is to say so. */
static const struct cli_known *check_end(struct cli_export_file *file, const struct cli_known *found, void *buffer,
                                         struct cli_progress *progress, bool *is_whole)
{
    int code = Z_OK;
    if (!found || file->fault)
        return NULL;
    *is_whole = file->bytes == found->size && !hash_up_to(file, found->size + 1, buffer, progress);
    gzerror(file->inflater, &code);
    return code == Z_OK ? found : NULL;
}

static const struct cli_known *find_text(struct cli_export_file *file, const struct cli_known **sorted, size_t count,
                                         void *buffer, struct cli_progress *progress, bool *is_whole)
{
    restart(file);
    if (!begin_inflating(file))
        return NULL;
    const struct cli_known *found = find_longest(file, sorted, count, UINT64_MAX, buffer, progress);
    found = check_end(file, found, buffer, progress, is_whole);
    gzclose_r(file->inflater);
    file->inflater = NULL;
    return found;
}

/* The whole file as it lies there, so that it is known again, and watched while it is read. */
static bool hash_file(struct cli_export_file *file, void *buffer, struct cli_progress *progress,
                      struct cli_known *known)
{
    struct stat status;
    if (fstat(file->fd, &status) != 0 || lseek(file->fd, 0, SEEK_SET) != 0) {
        file->fault = errno;
        return false;
    }
    restart(file);
    if (!hash_up_to(file, (uint64_t)status.st_size, buffer, progress))
        return false;
    known->size = file->bytes;
    known->digest = cli_digest_of(file->hash);
    return true;
}

int cli_export_file_find_packed(struct cli_export_file *file, const struct cli_record *record,
                                struct cli_progress *progress, struct cli_known *known, bool *is_found, bool *is_whole)
{
    *is_found = *is_whole = false;
    if (!is_gzip(file))
        return file->fault ? cli_export_file_fail(file) : CLI_DONE;
    const struct cli_known **sorted = cli_record_by_size(record);
    size_t count = sorted ? keep_plain(sorted, record->count) : 0;
    void *buffer = malloc(PIECE);
    bool has_memory = sorted && buffer;
    const struct cli_known *found = NULL;
    if (has_memory && count > 0)
        found = find_text(file, sorted, count, buffer, progress, is_whole);
    if (found) {
        *known = *found;
        *is_found = hash_file(file, buffer, progress, known);
    }
    free(sorted);
    free(buffer);
    return has_memory ? finish_find(file) : cli_fail(CLI_IO, "not enough memory");
}

/* ---- reading ---- */

void cli_export_file_begin(struct cli_export_file *file, const struct cli_known *known)
{
    restart(file);
    file->line_begin = 0;
    file->known_bytes = known ? known->size : 0;
    if (known)
        file->known = known->digest;
}

static void hash_bytes(struct cli_export_file *file, const unsigned char *bytes, size_t count)
{
    uint64_t left = file->known_bytes > file->bytes ? file->known_bytes - file->bytes : 0;
    if (left == 0 || left > count) {
        XXH3_128bits_update(file->hash, bytes, count);
        return;
    }
    XXH3_128bits_update(file->hash, bytes, (size_t)left);
    struct cli_digest digest = cli_digest_of(file->hash);
    file->differs = !cli_digest_equal(&digest, &file->known);
    XXH3_128bits_update(file->hash, bytes + left, count - (size_t)left);
}

static void look_at_lines(struct cli_export_file *file, const unsigned char *bytes, size_t count)
{
    if (file->bytes == 0)
        file->packed = count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
    const unsigned char *line_end = file->packed ? NULL : memrchr(bytes, '\n', count);
    if (line_end)
        file->line_begin = file->bytes + (uint64_t)(line_end - bytes) + 1;
}

int64_t cli_export_file_read(void *context, void *buffer, size_t capacity)
{
    struct cli_export_file *file = context;
    ssize_t got = read_some(file->fd, buffer, capacity);
    if (got < 0)
        file->fault = errno;
    if (got <= 0)
        return got;
    look_at_lines(file, buffer, (size_t)got);
    hash_bytes(file, buffer, (size_t)got);
    file->bytes += (uint64_t)got;
    return file->differs ? -1 : got;
}
