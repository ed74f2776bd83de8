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

/* SipHash-1-3: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012. */
uint64_t kithp_hash_bytes(struct kithp_hash_key key, const void *bytes, size_t length);

/* Of one number, for ids; cheaper than SipHash. Any change of the number changes each bit with even odds. */
static inline uint64_t kithp_hash_number(struct kithp_hash_key key, uint64_t number)
{
    /* The finaliser of MurmurHash3 (A. Appleby) between two parts of the key. */
    uint64_t hash = number ^ key.k0;
    hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ (hash >> 33) ^ key.k1) * UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ (hash >> 33);
}

#endif
