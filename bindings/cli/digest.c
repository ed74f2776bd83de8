/* SPDX-License-Identifier: MIT */
#include "digest.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

static struct cli_digest make(XXH128_hash_t hash)
{
    struct cli_digest digest;
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    memcpy(digest.bytes, canonical.digest, sizeof digest.bytes);
    return digest;
}

struct cli_digest cli_digest_of(const XXH3_state_t *state)
{
    return make(XXH3_128bits_digest(state));
}

struct cli_digest cli_digest_of_bytes(const void *bytes, size_t length)
{
    return make(XXH3_128bits(bytes, length));
}

bool cli_digest_equal(const struct cli_digest *a, const struct cli_digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

const char *cli_digest_text(char *out, const struct cli_digest *digest)
{
    for (size_t i = 0; i < sizeof digest->bytes; i++) {
        out[2 * i] = digits[digest->bytes[i] >> 4];
        out[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    out[CLI_DIGEST_TEXT - 1] = '\0';
    return out;
}

bool cli_digest_parse(const char *text, struct cli_digest *digest)
{
    struct cli_digest read = {{0}};
    if (strlen(text) != CLI_DIGEST_TEXT - 1)
        return false;
    for (size_t i = 0; i < CLI_DIGEST_TEXT - 1; i++) {
        const char *digit = strchr(digits, text[i]);
        if (!digit)
            return false;
        read.bytes[i / 2] = (unsigned char)((unsigned)read.bytes[i / 2] << 4 | (unsigned)(digit - digits));
    }
    *digest = read;
    return true;
}
