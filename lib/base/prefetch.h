/* SPDX-License-Identifier: MIT */
/*
 * Asking for memory before it is read. A miss of the cache takes as long as a hundred instructions; a processor waits
 * for ten or more of them at once, if it is told in time.
 */
#ifndef KITHP_BASE_PREFETCH_H
#define KITHP_BASE_PREFETCH_H

static inline void kithp_prefetch(const void *memory)
{
#if defined(__GNUC__)
    __builtin_prefetch(memory, 1);
#else
    (void)memory;
#endif
}

#endif
