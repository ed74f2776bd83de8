/* SPDX-License-Identifier: MIT */
/* Finding every byte of a text that can end a field: delimiter, line feed, quote. */
#ifndef KITHP_EXPORTS_SCAN_H
#define KITHP_EXPORTS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All find the same. What is not plain C depends on the processor, which is asked when the program runs. */
enum kithp_scan_way { KITHP_SCAN_PLAIN, KITHP_SCAN_SSE2, KITHP_SCAN_AVX2, KITHP_SCAN_WAYS };

bool kithp_scan_can(enum kithp_scan_way way);

/* The fastest way that this processor has. */
enum kithp_scan_way kithp_scan_best(void);

/* How many bytes behind the text must be there to be read, and how many more places there must be room for. */
enum { KITHP_SCAN_BEHIND = 64, KITHP_SCAN_ROOM = 16 };

struct kithp_scan {
    size_t count; /* of places */
    size_t lines; /* how many of them are line feeds */
    bool quotes;  /* whether any is a quote */
    bool ascii;   /* all bytes of the text are; may be false where those behind it are not */
};

/* Notes the places of these bytes in order. There must be room for length + KITHP_SCAN_ROOM of them. */
struct kithp_scan kithp_scan(enum kithp_scan_way way, const char *text, uint32_t length, char delimiter,
                             uint32_t *places);

#endif
