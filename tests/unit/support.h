/* SPDX-License-Identifier: MIT */
/* What several unit tests need: cmocka itself, memory that can fail, text that can be compared. */
#ifndef KITH_TESTS_SUPPORT_H
#define KITH_TESTS_SUPPORT_H

/* cmocka wants these before itself. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kith/kith.h>

/* ---- Memory ---- */

/*
 * An allocator that counts. Its malloc gives memory that is filled with rubbish, so that a test sees what was not
 * cleared.
 */
struct memory {
    kith_allocator allocator; /* hand this out */
    uint64_t calls;           /* of malloc and realloc, the failed ones among them */
    uint64_t live;            /* blocks not freed */
    uint64_t fail_at;         /* the call that fails, counted from 1 by `calls`; 0 for none */
    bool fail_on;             /* and all that follow it */
    pthread_mutex_t lock;     /* several threads may allocate; the figures are looked at when they are done */
};

void memory_init(struct memory *memory);

/* From here on, the call after `more` others fails; 0 is the next one. */
void memory_fail_after(struct memory *memory, uint64_t more);
void memory_fail_never(struct memory *memory);

/* ---- Text ---- */

/* A constant's text, which may hold NUL; and the same for the tables of a test, which want no compound literal. */
#define TEXT(literal) ((kith_text){(literal), sizeof(literal) - 1})
#define TEXT_IN_TABLE(literal)                                                                                         \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }

/* A copy with NUL behind it, to be freed by free(). */
char *text_string(kith_text text);

/* A copy in memory of exactly its length, so that reading past it shows; to be freed by text_free(). */
kith_text text_exact(kith_text text);
void text_free(kith_text text);

/* Says both texts where they differ. */
void assert_text_equal(kith_text actual, const char *expected);

/* ---- Bytes gathered by a kith_write_fn ---- */

struct gathered {
    char *bytes; /* NUL-terminated */
    size_t length;
    size_t capacity;
    size_t calls;
    size_t fail_at; /* the call that is refused, from 1; 0 for none */
};

/* A kith_write_fn; context is a struct gathered, all zero to begin with. */
int gather(void *context, const void *bytes, size_t length);
void gathered_free(struct gathered *gathered);

/* A whole file of the tests' folder, such as "reference/default_policy.ini"; freed by gathered_free(). */
struct gathered file_of_tests(const char *path);

/* ---- Chance that is the same in every run ---- */

/* The next of a row of numbers that look random; the state is any number. */
uint64_t chance(uint64_t *state);

/* A number below `most`. */
uint32_t chance_below(uint64_t *state, uint32_t most);

/*
 * How often something is tried that is made up by chance: `usual`, or a tenth of it where KITH_SHORT is set, as under
 * valgrind, which takes twenty times as long; at least 1.
 */
uint64_t tries(uint64_t usual);

#endif
