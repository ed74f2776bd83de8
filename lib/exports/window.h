/* SPDX-License-Identifier: MIT */
/* The last bytes of a text that is inflated: what the text behind it may refer to. */
#ifndef KITHP_EXPORTS_WINDOW_H
#define KITHP_EXPORTS_WINDOW_H

#include <string.h>

#include "exports/inflate.h"

struct kithp_window {
    unsigned char bytes[KITHP_INFLATE_WINDOW];
    size_t length; /* less than all where the text is shorter */
};

static inline bool kithp_window_is_full(const struct kithp_window *window)
{
    return window->length == KITHP_INFLATE_WINDOW;
}

/* The text goes on. */
static inline void kithp_window_add(struct kithp_window *window, const void *text, size_t length)
{
    size_t added = length < KITHP_INFLATE_WINDOW ? length : KITHP_INFLATE_WINDOW;
    size_t room = KITHP_INFLATE_WINDOW - added, kept = window->length < room ? window->length : room;
    memmove(window->bytes, window->bytes + window->length - kept, kept);
    memcpy(window->bytes + kept, (const unsigned char *)text + length - added, added);
    window->length = kept + added;
}

#endif
