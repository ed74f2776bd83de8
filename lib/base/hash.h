/* SPDX-License-Identifier: MIT */
/*
 * Keyed hashes. Names come from strangers: with a key that they do not know, they cannot choose names that collide. No
 * result of the library depends on the key.
 */
#ifndef KITHP_BASE_HASH_H
#define KITHP_BASE_HASH_H

#include <kith/kith.h>

struct kithp_hash_key {
    uint64_t k0;
    uint64_t k1;
};

/* A key nobody can guess. */
struct kithp_hash_key kithp_hash_random_key(void);

/* ---- SipHash-1-3: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012 ---- */

struct kithp_sip {
    uint64_t v0;
    uint64_t v1;
    uint64_t v2;
    uint64_t v3;
};

static inline uint64_t kithp_sip_rotate(uint64_t value, unsigned bits)
{
    return (value << bits) | (value >> (64 - bits));
}

static inline struct kithp_sip kithp_sip_of(struct kithp_hash_key key)
{
    return (struct kithp_sip){
        key.k0 ^ UINT64_C(0x736f6d6570736575),
        key.k1 ^ UINT64_C(0x646f72616e646f6d),
        key.k0 ^ UINT64_C(0x6c7967656e657261),
        key.k1 ^ UINT64_C(0x7465646279746573),
    };
}

static inline struct kithp_sip kithp_sip_round(struct kithp_sip s)
{
    s.v0 += s.v1;
    s.v2 += s.v3;
    s.v1 = kithp_sip_rotate(s.v1, 13) ^ s.v0;
    s.v3 = kithp_sip_rotate(s.v3, 16) ^ s.v2;
    s.v0 = kithp_sip_rotate(s.v0, 32);
    s.v2 += s.v1;
    s.v0 += s.v3;
    s.v1 = kithp_sip_rotate(s.v1, 17) ^ s.v2;
    s.v3 = kithp_sip_rotate(s.v3, 21) ^ s.v0;
    s.v2 = kithp_sip_rotate(s.v2, 32);
    return s;
}

static inline struct kithp_sip kithp_sip_word(struct kithp_sip s, uint64_t word)
{
    s.v3 ^= word;
    s = kithp_sip_round(s);
    s.v0 ^= word;
    return s;
}

static inline uint64_t kithp_sip_end(struct kithp_sip s)
{
    s.v2 ^= 0xff;
    s = kithp_sip_round(kithp_sip_round(kithp_sip_round(s)));
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t kithp_hash_bytes(struct kithp_hash_key key, const void *bytes, size_t length);

/* Of one number; less the last word, which tells a length and is the same for all of them. */
static inline uint64_t kithp_hash_number(struct kithp_hash_key key, uint64_t number)
{
    return kithp_sip_end(kithp_sip_word(kithp_sip_of(key), number));
}

#endif
