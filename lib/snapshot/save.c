/* SPDX-License-Identifier: MIT */
/*
 * A snapshot in a file that is never half a snapshot: written under another name beside it, made sure of on the disk,
 * and moved into its place, which either happens or does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/versioned.h"
#include "snapshot/snapshot.h"

struct save {
    const kith_allocator *allocator;
    const char *path;  /* as given */
    char *target;      /* the file that is replaced: what path leads to */
    char *temporary;   /* what is written */
    int file;          /* the temporary file, or -1 */
    int folder;        /* the one that holds both, or -1 */
    bool made;         /* it is there, and to be removed on failure */
    int fault;         /* errno of the first call that failed */
    const char *doing; /* what it was */
    kith_error unread; /* why the snapshot itself could not be read, in part kept in a temporary file */
};

static bool fail(struct save *save, const char *doing)
{
    save->fault = errno;
    save->doing = doing;
    return false;
}

static bool fail_memory(struct save *save)
{
    save->fault = ENOMEM;
    save->doing = NULL;
    return false;
}

/* ---- where to write ---- */

static char *join(const kith_allocator *allocator, const char *a, size_t a_length, const char *b)
{
    size_t b_length = strlen(b);
    char *joined = kithp_alloc_array(allocator, a_length + b_length + 1, 1);
    if (!joined)
        return NULL;
    memcpy(joined, a, a_length);
    memcpy(joined + a_length, b, b_length + 1);
    return joined;
}

/* Length of a path up to and with its last slash. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Puts what a symbolic link says in the place of the target. False where it cannot be read. */
static bool follow(struct save *save)
{
    enum { LINK_MOST = 4096 };
    char *link = kithp_alloc_array(save->allocator, LINK_MOST + 1, 1);
    if (!link)
        return fail_memory(save);
    ssize_t length = readlink(save->target, link, LINK_MOST + 1);
    if (length < 0 || length > LINK_MOST) {
        if (length > LINK_MOST)
            errno = ENAMETOOLONG;
        kithp_alloc_free(save->allocator, link);
        return fail(save, "cannot be read as a link");
    }
    link[length] = '\0';
    char *next = join(save->allocator, save->target, link[0] == '/' ? 0 : folder_length(save->target), link);
    kithp_alloc_free(save->allocator, link);
    if (!next)
        return fail_memory(save);
    kithp_alloc_free(save->allocator, save->target);
    save->target = next;
    return true;
}

/* Finds the file to be replaced, which need not be there, and the permissions that it is to have. */
static bool find_target(struct save *save, mode_t *mode, bool *keeps_mode)
{
    enum { LINKS_MOST = 40 };
    save->target = join(save->allocator, save->path, strlen(save->path), "");
    if (!save->target)
        return fail_memory(save);
    for (unsigned links = 0; links <= LINKS_MOST; links++) {
        struct stat about;
        if (lstat(save->target, &about) != 0)
            return errno == ENOENT || fail(save, "cannot be looked at");
        if (S_ISLNK(about.st_mode)) {
            if (!follow(save))
                return false;
            continue;
        }
        if (!S_ISREG(about.st_mode)) {
            errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
            return fail(save, "cannot be replaced, as it is no file");
        }
        *mode = about.st_mode & 07777;
        *keeps_mode = true;
        return true;
    }
    errno = ELOOP;
    return fail(save, "cannot be followed");
}

/* Opens a file beside the target, under a name that no other has. */
static bool open_temporary(struct save *save, mode_t mode)
{
    enum { TRIES = 100, NAME_ROOM = 32 };
    for (unsigned i = 0; i < TRIES; i++) {
        char name[NAME_ROOM];
        snprintf(name, sizeof name, ".kith-%016llx.tmp", (unsigned long long)kithp_hash_random_key().k0);
        kithp_alloc_free(save->allocator, save->temporary);
        save->temporary = join(save->allocator, save->target, folder_length(save->target), name);
        if (!save->temporary)
            return fail_memory(save);
        do
            save->file = open(save->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        while (save->file < 0 && errno == EINTR);
        save->made = save->file >= 0;
        if (save->made)
            return true;
        if (errno != EEXIST)
            break;
    }
    return fail(save, "cannot be written, as no file can be made beside it");
}

/* ---- writing ---- */

static int write_file(void *context, const void *bytes, size_t length)
{
    struct save *save = context;
    for (const unsigned char *at = bytes; length > 0;) {
        ssize_t written = write(save->file, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            if (written == 0)
                errno = EIO;
            fail(save, "cannot be written");
            return 1;
        }
        at += written;
        length -= (size_t)written;
    }
    return 0;
}

static bool make_sure(int file)
{
    int outcome;
    do
        outcome = fsync(file);
    while (outcome != 0 && errno == EINTR);
    return outcome == 0;
}

static bool close_temporary(struct save *save)
{
    int file = save->file;
    save->file = -1;
    /* Interrupted, it is closed all the same. */
    return close(file) == 0 || errno == EINTR || fail(save, "cannot be written");
}

/* Opened before anything is moved, so that what can fail then does. */
static bool open_folder(struct save *save)
{
    size_t length = folder_length(save->target);
    char *folder = join(save->allocator, save->target, length, length == 0 ? "." : "");
    if (!folder)
        return fail_memory(save);
    do
        save->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (save->folder < 0 && errno == EINTR);
    kithp_alloc_free(save->allocator, folder);
    return save->folder >= 0 || fail(save, "cannot be written, as its folder cannot be opened");
}

/* The move is on the disk when the folder is. Some file systems have no way to make sure of that, and say so. */
static bool make_sure_of_folder(struct save *save)
{
    return make_sure(save->folder) || errno == EINVAL ||
           fail(save, "has been replaced, but whether that outlasts a crash is not sure");
}

static bool write_temporary(struct save *save, const kith_snapshot *snapshot)
{
    /* Where a write fails, it has said why. */
    kith_status status = kith_snapshot_write(snapshot, write_file, save, &save->unread);
    return status == KITH_NO_MEMORY ? fail_memory(save) : status == KITH_OK;
}

static bool save_all(struct save *save, const kith_snapshot *snapshot)
{
    mode_t mode = 0;
    bool keeps_mode = false;
    /* What may be read by few must not be read by more while it is being written. */
    if (!find_target(save, &mode, &keeps_mode) || !open_folder(save) || !open_temporary(save, keeps_mode ? 0600 : 0666))
        return false;
    if (!write_temporary(save, snapshot))
        return false;
    if (keeps_mode && fchmod(save->file, mode) != 0)
        return fail(save, "cannot be given the permissions that it had");
    if (!make_sure(save->file))
        return fail(save, "cannot be written");
    if (!close_temporary(save))
        return false;
    if (rename(save->temporary, save->target) != 0)
        return fail(save, "cannot be replaced");
    save->made = false;
    return make_sure_of_folder(save);
}

static void clean_up(struct save *save)
{
    if (save->file >= 0)
        close(save->file);
    if (save->made)
        unlink(save->temporary);
    if (save->folder >= 0)
        close(save->folder);
    kithp_alloc_free(save->allocator, save->temporary);
    kithp_alloc_free(save->allocator, save->target);
}

kith_status kith_snapshot_save(const kith_snapshot *snapshot, const char *path, kith_error *error)
{
    if (!snapshot)
        return kithp_fail_argument(error, "snapshot", "must not be NULL");
    if (!path)
        return kithp_fail_argument(error, "path", "must not be NULL");
    struct save save = {.allocator = &snapshot->allocator,
                        .path = path,
                        .file = -1,
                        .folder = -1,
                        .unread = {.size = sizeof(kith_error)}};
    bool saved = save_all(&save, snapshot);
    clean_up(&save);
    if (saved)
        return KITH_OK;
    if (!save.doing && save.unread.status == KITH_INPUT_OUTPUT) {
        if (error)
            kithp_versioned_write(error, &save.unread, sizeof save.unread);
        return KITH_INPUT_OUTPUT;
    }
    if (!save.doing)
        return kithp_fail_memory(error);
    struct kithp_place place = {.file = path};
    return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "%s: %s", save.doing, kithp_errno_words(save.fault).text);
}
