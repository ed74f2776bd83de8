/* SPDX-License-Identifier: MIT */
/* Filling the caller's kith_error: what, where, and in words. */
#ifndef KITHP_BASE_ERROR_H
#define KITHP_BASE_ERROR_H

#include <kith/kith.h>

#if defined(__GNUC__)
#define KITHP_FORMAT(words, first) __attribute__((format(printf, words, first)))
#else
#define KITHP_FORMAT(words, first)
#endif

/* Names of KITH_REASON_…, as they stand in tables. */
extern const char *const kithp_reason_names[KITH_REASONS];

/* Where a fault lies. What does not apply is NULL, 0 or empty. */
struct kithp_place {
    const char *file;
    uint64_t line;
    uint64_t column;
    kith_text field;
    kith_text value;
    uint32_t reason;
};

/*
 * Fills error (if any) and returns status, so that a caller can return the call. The words given are what was wrong or
 * expected; file, line, column, field and value are set before them in the message. place may be NULL.
 */
kith_status kithp_fail(kith_error *error, kith_status status, const struct kithp_place *place, const char *words, ...)
    KITHP_FORMAT(4, 5);

/* The two commonest, with words that say which argument, or what for. */
kith_status kithp_fail_argument(kith_error *error, const char *argument, const char *words);
kith_status kithp_fail_memory(kith_error *error);

/* A fault in full, on a line that turns out to be so many further down. */
void kithp_error_move_down(kith_error *error, uint64_t lines);

/* What the system calls an errno, in UTF-8: as strerror(), which several threads must not call at once. */
struct kithp_errno_words {
    char text[128];
};
struct kithp_errno_words kithp_errno_words(int number);

#endif
