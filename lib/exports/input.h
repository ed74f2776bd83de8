/* SPDX-License-Identifier: MIT */
/* Bytes of an export as they lie on disk or come from a callback. */
#ifndef KITHP_EXPORTS_INPUT_H
#define KITHP_EXPORTS_INPUT_H

#include <stdbool.h>

#include <kith/kith.h>

/* Asked every tenth of a second while a pipe has nothing to give, and now and then while gzip has; true to give up. */
typedef bool (*kithp_input_waiting_fn)(void *context);

struct kithp_input {
    int file; /* -1 where there is a callback */
    bool owned;
    bool may_wait; /* a pipe or the like, whose bytes may be long in coming */
    bool is_part;  /* of a file that others read too: where it has come to is kept here alone, as `done` */
    kithp_input_waiting_fn waiting;
    void *waiting_context;
    kith_read_fn read;
    void *context;
    uint64_t done;  /* bytes read so far, or before it, where it is a part */
    uint64_t total; /* bytes in all, or 0 where that is not known */
};

/* Opens a path, "-" being standard input. Returns 0, or an errno. */
int kithp_input_open(struct kithp_input *input, const char *path);
void kithp_input_open_callback(struct kithp_input *input, kith_read_fn read, void *context);
void kithp_input_close(struct kithp_input *input);

/* Whether what is read next need not lie behind what was read last: a plain file that was opened by its path. */
bool kithp_input_can_be_anywhere(const struct kithp_input *input);

/* The same file from a byte on, for another thread to read; `whole` must be a plain file, and stay open for as long. */
void kithp_input_open_part(struct kithp_input *input, const struct kithp_input *whole, uint64_t begin);

/* Returns bytes read, 0 at the end, or a negated errno: EIO where a callback failed, ECANCELED where waiting gave up.
 */
int64_t kithp_input_read(struct kithp_input *input, void *buffer, size_t capacity);

#endif
