/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <sys/random.h>
#include <time.h>

#include "base/bytes.h"

struct kithp_hash_key kithp_hash_random_key(void)
{
    struct kithp_hash_key key;
    if (getentropy(&key, sizeof key) == 0)
        return key;
    /* Kernels older than 3.17 have no such call; the clock and the stack's random place are the next best. */
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    key.k0 = (uint64_t)now.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)now.tv_sec;
    key.k1 = (uint64_t)(uintptr_t)&key * UINT64_C(0xbf58476d1ce4e5b9);
    return key;
}

/* Little-endian on every machine, so that digests of policies are the same everywhere. */
static uint64_t read_half(const unsigned char *bytes)
{
    return bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[3] << 24;
}

static uint64_t read_word(const unsigned char *bytes)
{
    return read_half(bytes) | read_half(bytes + 4) << 32;
}

uint64_t kithp_hash_bytes(struct kithp_hash_key key, const void *bytes, size_t length)
{
    struct kithp_sip sip = kithp_sip_of(key);
    const unsigned char *at = bytes;
    size_t left = length;
    for (; left >= 8; at += 8, left -= 8)
        sip = kithp_sip_word(sip, read_word(at));
    return kithp_sip_end(kithp_sip_word(sip, kithp_bytes_short(at, left) | (uint64_t)length << 56));
}
