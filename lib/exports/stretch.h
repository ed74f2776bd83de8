/* SPDX-License-Identifier: MIT */
/*
 * A stretch of deflated data, looked into before what lies ahead of it is inflated, so that one thread can inflate what
 * lies behind it while another inflates the stretch itself.
 *
 * Blocks can be found anywhere; but their text refers to the 32 KiB before it, a window that nobody knows yet. What is
 * wanted is the window behind the stretch, as far as it can be said: which of its bytes are the text's own, and which
 * are copies, and of which byte of the window before. So the text is traced: inflated, with marks that tell their
 * places in the stead of bytes that are not known. Libraries that inflate do not tell that much, which is why this does
 * not go by one; what comes of it is bytes of the input and places of a window alone, and all text is a library's.
 *
 * That windows can be filled in later is from pugz (Kerbiriou and Chikhi 2019) and rapidgzip (Knespel and Brunst 2023).
 */
#ifndef KITHP_EXPORTS_STRETCH_H
#define KITHP_EXPORTS_STRETCH_H

#include "exports/code.h"
#include "exports/window.h"

enum {
    KITHP_STRETCH_STEP = 1 << 18,
    KITHP_STRETCH_BYTES = KITHP_STRETCH_STEP + (1 << 17),
    KITHP_STRETCH_ROOM = KITHP_STRETCH_BYTES + KITHP_DEFLATE_LOOK
};

struct kithp_stretch {
    unsigned char bytes[KITHP_STRETCH_ROOM]; /* the deflated data that it is in */
    size_t length;                           /* of them, KITHP_STRETCH_BYTES at most */
    size_t step;          /* its beginning is looked for from the first byte on; its end, from so many behind on */
    uint64_t at;          /* where they lie in the input; for who has read them */
    uint64_t begin, end;  /* bits of them; a block begins at both */
    uint64_t text_length; /* bytes that it inflates to */
    uint16_t behind[KITHP_INFLATE_WINDOW];      /* the window behind it: bytes, and from 256 on, places in the other */
    unsigned char before[KITHP_INFLATE_WINDOW]; /* the window before it, once it is known */
};

enum { KITHP_STRETCH_TRACED = 3 << 15 };

/* What it takes to look into stretches, one after the other. */
struct kithp_stretcher {
    struct kithp_codes codes;
    uint16_t text[KITHP_STRETCH_TRACED]; /* as traced; what comes first is a window */
};

/*
 * Looks into bytes[0..length) of a stretch. False where there is none to be found, where it has less text than a
 * window, looking takes too long, or goes_on(), asked every some ten microseconds, says so. True means: if a block
 * begins at `begin`, one begins at `end`, and the rest holds of them.
 */
bool kithp_stretcher_look(struct kithp_stretcher *stretcher, struct kithp_stretch *stretch,
                          bool (*goes_on)(void *context), void *context);

/* Takes the window before it, and makes of it the one behind. */
void kithp_stretch_settle(struct kithp_stretch *stretch, struct kithp_window *window);

/* Lets an inflater begin with its text, once it is settled, or behind it. False where there is no memory. */
bool kithp_stretch_begin_text(const struct kithp_stretch *stretch, struct kithp_inflater *inflater);
bool kithp_stretch_begin_behind(const struct kithp_stretch *stretch, const struct kithp_window *window,
                                struct kithp_inflater *inflater);

/* The first byte that holds nothing from before a bit. */
static inline uint64_t kithp_stretch_byte_behind(uint64_t bit)
{
    return (bit + 7) / 8;
}

#endif
