/* SPDX-License-Identifier: MIT */
/*
 * What all fuzz targets share. A target is a file with LLVMFuzzerTestOneInput(), which takes any bytes, tries a part of
 * the library on them and aborts where a property does not hold. It prints nothing, and depends on nothing but the
 * bytes: what the library draws by chance is the same in each run.
 */
#ifndef KITH_TESTS_FUZZ_H
#define KITH_TESTS_FUZZ_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <kith/kith.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold. Always looked at, whatever NDEBUG says. */
#define MUST(holds) ((holds) ? (void)0 : abort())

/* An error to be handed to a call. */
#define NO_ERROR ((kith_error){.size = sizeof(kith_error)})

/* Monday, 2 March 2026, 00:00 UTC. */
#define MONDAY INT64_C(1772409600)
#define DAY INT64_C(86400)
#define WEEK (7 * DAY)

/* ---- Taking an input apart ---- */

/* What is left of it. Behind the end there are zeros. */
struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

uint8_t fuzz_byte(struct fuzz_input *input);
uint32_t fuzz_below(struct fuzz_input *input, uint32_t most); /* most: 1 … 256 */
uint64_t fuzz_word(struct fuzz_input *input, unsigned bytes); /* 1 … 8 */
kith_text fuzz_text(struct fuzz_input *input, size_t most);
kith_text fuzz_rest(struct fuzz_input *input);

/* What stands before the first line "---"; the input is then what stands behind it, or empty where there is none. */
kith_text fuzz_head(struct fuzz_input *input);

/* A copy in memory of exactly its length, so that a sanitizer sees what reads past it; freed by free(). */
char *fuzz_copy(kith_text text);

/* A copy with NUL behind it; freed by free(). */
char *fuzz_string(kith_text text);

bool fuzz_same_text(kith_text a, kith_text b);

/* UTF-8 as RFC 3629 has it, looked at byte by byte. */
bool fuzz_is_utf8(kith_text text);

/* ---- Bytes that a call writes ---- */

struct fuzz_made {
    char *bytes;
    size_t length;
    size_t capacity;
    size_t fail_at; /* the call that is refused, from 1; 0 for none */
    size_t calls;
};

/* A kith_write_fn; context is a struct fuzz_made, all zero to begin with. */
int fuzz_write(void *context, const void *bytes, size_t length);
void fuzz_made_text(struct fuzz_made *made, kith_text text); /* its length, too */
void fuzz_made_number(struct fuzz_made *made, uint64_t number);
kith_text fuzz_text_of(const struct fuzz_made *made);
bool fuzz_same(const struct fuzz_made *a, const struct fuzz_made *b);
void fuzz_made_free(struct fuzz_made *made);

/* ---- Bytes that a call reads ---- */

/* A kith_read_fn's context. */
struct fuzz_given {
    kith_text text;
    size_t at;
    size_t step; /* bytes a call, 0 for as many as are asked for */
};

int64_t fuzz_read(void *context, void *buffer, size_t capacity);

/* A file without a name that holds a text, and the path by which it can be opened; closed by close(). */
int fuzz_file(kith_text text, char path[32]);

#endif
