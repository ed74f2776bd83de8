/* SPDX-License-Identifier: MIT */
/* Structs that grow at the end: what to do where caller and library do not have the same version of one. */
#ifndef KITHP_BASE_VERSIONED_H
#define KITHP_BASE_VERSIONED_H

#include <kith/kith.h>

/*
 * Reads a struct that a caller filled into one of this library's size. What an older caller did not know is zero. A
 * newer caller may hand over a larger struct, as long as it leaves what this library does not know at zero.
 *
 * argument  its name, for the error
 * least     size of the struct in the first version that had it
 */
kith_status kithp_versioned_read(void *own, size_t own_size, const void *given, size_t least, const char *argument,
                                 kith_error *error);

/* Whether a caller's struct to be filled is there and has the least size; to be asked before any work is done. */
kith_status kithp_versioned_check(const void *given, size_t least, const char *argument, kith_error *error);

/* Writes own into the caller's struct: as much as both know, with the caller's size. */
void kithp_versioned_write(void *given, const void *own, size_t own_size);

#endif
