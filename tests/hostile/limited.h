/* SPDX-License-Identifier: MIT */
/* Work in a process of its own, which ends if it takes too much memory or time, and says how much it took. */
#ifndef KITH_TESTS_LIMITED_H
#define KITH_TESTS_LIMITED_H

#include "support.h"

/* Sanitizers take memory of their own, many times what the library does: then results are looked at, and no limits. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LIMITS_HOLD = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { LIMITS_HOLD = 0 };
#else
enum { LIMITS_HOLD = 1 };
#endif
#else
enum { LIMITS_HOLD = 1 };
#endif

#define MIB (UINT64_C(1) << 20)

/* `quick`, or `full` in the tests that take their time, for which KITH_LONG is set. */
uint64_t size_of_load(uint64_t quick, uint64_t full);

/*
 * Does the work in a process that may take `memory` bytes beside those it begins with, at its peak, and as many seconds
 * of a processor as a test that hangs would not end in. A test in it that fails is a failure of this one.
 */
void assert_within(uint64_t memory, void (*work)(void *context), void *context);

/* Text that is made while it is read: pieces, each as many times as it says. A kith_read_fn whose context it is. */
struct piece {
    const char *text;
    size_t length; /* 0 for that of a string */
    uint64_t times;
};

struct made_text {
    const struct piece *pieces; /* up to one without text */
    uint64_t done;              /* of the first, how many times */
    size_t at;                  /* in the next one */
};

int64_t read_made(void *context, void *buffer, size_t capacity);

#endif
