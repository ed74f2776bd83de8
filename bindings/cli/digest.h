/* SPDX-License-Identifier: MIT */
/* Digests of files, by which they are known again: XXH3 of 128 bits. They guard against mix-ups, not enemies. */
#ifndef KITH_CLI_DIGEST_H
#define KITH_CLI_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include <xxhash.h>

enum { CLI_DIGEST_TEXT = 33 }; /* room for its text */

/* The same on any machine. */
struct cli_digest {
    unsigned char bytes[16];
};

/* Digest of what the state has been given so far; it can go on from there. */
struct cli_digest cli_digest_of(const XXH3_state_t *state);

/* Digest of some bytes. */
struct cli_digest cli_digest_of_bytes(const void *bytes, size_t length);

bool cli_digest_equal(const struct cli_digest *a, const struct cli_digest *b);

/* 32 hexadecimal digits. Returns out, which has room for CLI_DIGEST_TEXT bytes. */
const char *cli_digest_text(char *out, const struct cli_digest *digest);

/* Reads what cli_digest_text() writes. False where text is nothing of the kind: digest is then as it was. */
bool cli_digest_parse(const char *text, struct cli_digest *digest);

#endif
