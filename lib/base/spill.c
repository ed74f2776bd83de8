/* SPDX-License-Identifier: MIT */
#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

enum { PATH_ROOM = 4096 };

struct kithp_spill {
    atomic_uint holders;
    int file; /* or -1 */
    uint64_t end;
    char path[PATH_ROOM]; /* what the file was called, for errors */
};

struct kithp_spill *kithp_spill_new(const kith_allocator *allocator)
{
    struct kithp_spill *spill = kithp_alloc_array(allocator, 1, sizeof *spill);
    if (!spill)
        return NULL;
    atomic_init(&spill->holders, 1);
    spill->file = -1;
    spill->end = 0;
    spill->path[0] = '\0';
    return spill;
}

void kithp_spill_hold(struct kithp_spill *spill)
{
    atomic_fetch_add_explicit(&spill->holders, 1, memory_order_relaxed);
}

void kithp_spill_drop(struct kithp_spill *spill, const kith_allocator *allocator)
{
    if (!spill || atomic_fetch_sub_explicit(&spill->holders, 1, memory_order_acq_rel) != 1)
        return;
    /* Nothing is kept in it any more: a fault in closing costs nobody anything. */
    if (spill->file >= 0)
        (void)close(spill->file);
    kithp_alloc_free(allocator, spill);
}

static kith_status fail(const struct kithp_spill *spill, const char *what, int fault, kith_error *error)
{
    struct kithp_place place = {.file = spill->path};
    return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "the temporary file cannot be %s: %s", what,
                      kithp_errno_words(fault).text);
}

kith_status kithp_spill_fail_changed(const struct kithp_spill *spill, kith_error *error)
{
    struct kithp_place place = {.file = spill->path};
    return kithp_fail(error, KITH_INPUT_OUTPUT, &place, "the temporary file does not hold what was written into it");
}

uint64_t kithp_spill_begin(struct kithp_spill *spill)
{
    bool alone = atomic_load_explicit(&spill->holders, memory_order_acquire) == 1;
    if (alone && spill->file >= 0 && spill->end > 0 && ftruncate(spill->file, 0) == 0)
        spill->end = 0;
    return spill->end;
}

void kithp_spill_go_back(struct kithp_spill *spill, uint64_t end)
{
    spill->end = end;
}

/* The file has a name for no longer than it takes to open it, so that nothing is left behind, whatever happens. */
static kith_status open_file(struct kithp_spill *spill, kith_error *error)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || folder[0] == '\0')
        folder = "/tmp";
    int length = snprintf(spill->path, sizeof spill->path, "%s/kith-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof spill->path)
        return fail(spill, "made", ENAMETOOLONG, error);
    int file = mkostemp(spill->path, O_CLOEXEC);
    if (file < 0)
        return fail(spill, "made", errno, error);
    if (unlink(spill->path) != 0) {
        int fault = errno;
        (void)close(file);
        return fail(spill, "removed", fault, error);
    }
    spill->file = file;
    return KITH_OK;
}

kith_status kithp_spill_put(struct kithp_spill *spill, const void *bytes, size_t length, kith_error *error)
{
    if (spill->file < 0) {
        kith_status status = open_file(spill, error);
        if (status != KITH_OK)
            return status;
    }
    for (size_t done = 0; done < length;) {
        ssize_t put = pwrite(spill->file, (const char *)bytes + done, length - done, (off_t)(spill->end + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return fail(spill, "written", put < 0 ? errno : ENOSPC, error);
        done += (size_t)put;
    }
    spill->end += length;
    return KITH_OK;
}

kith_status kithp_spill_get(const struct kithp_spill *spill, uint64_t offset, void *bytes, size_t length,
                            kith_error *error)
{
    for (size_t done = 0; done < length;) {
        ssize_t got = pread(spill->file, (char *)bytes + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(spill, "read", errno, error);
        if (got == 0)
            return kithp_spill_fail_changed(spill, error);
        done += (size_t)got;
    }
    return KITH_OK;
}
