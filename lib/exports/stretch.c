/* SPDX-License-Identifier: MIT */
#include "exports/stretch.h"

enum { PLACES = 256 /* marks, from here on */ };

/* ---- tracing ---- */

enum {
    AT_ONCE = 16, /* marks that are copied together */
    COPY_STEP = 2 * AT_ONCE,
    COPY_MOST = 258,
    FULL = KITHP_STRETCH_TRACED - COPY_MOST - COPY_STEP - 3
};

/*
 * What looking into a stretch may cost, in marks: deflated data can be made so that every second bit seems to begin a
 * block, which comes to nothing after very much text.
 */
enum { WORK_MOST = 1 << 26, WORK_OF_A_BLOCK = 1 << 14 /* the time that its codes take */ };

struct trace {
    struct kithp_stretcher *stretcher;
    bool (*goes_on)(void *context);
    void *context;
    uint64_t work; /* done so far */
    const unsigned char *bytes;
    uint64_t bit, last; /* where it has come to, and may come to */
    size_t at;          /* in the text */
    uint64_t dropped;   /* marks of the text that have gone from it */
};

static void begin_trace(struct trace *trace, const struct kithp_stretch *stretch, uint64_t bit)
{
    trace->bit = bit;
    trace->last = 8 * (uint64_t)stretch->length;
    trace->at = KITHP_INFLATE_WINDOW;
    trace->dropped = 0;
    for (unsigned place = 0; place < KITHP_INFLATE_WINDOW; place++)
        trace->stretcher->text[place] = (uint16_t)(PLACES + place);
}

static bool may_go_on(struct trace *trace, uint64_t work)
{
    trace->work += work;
    return trace->work <= WORK_MOST && trace->goes_on(trace->context);
}

/* Keeps the last window alone. False where it is not to go on. */
static bool drop(struct trace *trace)
{
    size_t dropped = trace->at - KITHP_INFLATE_WINDOW;
    uint16_t *text = trace->stretcher->text;
    memmove(text, text + dropped, KITHP_INFLATE_WINDOW * sizeof *text);
    trace->dropped += dropped;
    trace->at = KITHP_INFLATE_WINDOW;
    return may_go_on(trace, dropped);
}

static void copy(uint16_t *to, size_t distance, size_t length)
{
    const uint16_t *from = to - distance;
    if (distance < AT_ONCE) {
        for (size_t i = 0; i < length; i++)
            to[i] = from[i];
        return;
    }
    /* Two steps are enough for nearly all: whether the second is needed is not worth a branch. */
    size_t i = 0;
    do {
        memcpy(to + i, from + i, AT_ONCE * sizeof *to);
        memcpy(to + i + AT_ONCE, from + i + AT_ONCE, AT_ONCE * sizeof *to);
        i += COPY_STEP;
    } while (i < length);
}

/* What changes with every symbol: by itself, so that it is kept out of memory. */
struct spot {
    uint64_t bit;
    uint64_t bits; /* that come there */
    uint16_t *out;
};

static inline void look(struct spot *spot, const struct trace *trace)
{
    spot->bits = kithp_deflate_bits(trace->bytes, spot->bit);
}

static inline unsigned take(struct spot *spot, unsigned count)
{
    spot->bit += count;
    return kithp_deflate_take(&spot->bits, count);
}

static inline void trace_byte(struct spot *spot, kithp_code_entry entry)
{
    *spot->out++ = (uint16_t)kithp_code_value(entry);
    take(spot, kithp_code_length(entry));
}

/* Up to two bytes, behind which there are still bits for one symbol more. Returns that. */
static inline kithp_code_entry trace_bytes(struct spot *spot, const struct kithp_code *literals)
{
    kithp_code_entry entry = kithp_code_find(literals, spot->bits, KITHP_CODES_LITERALS);
    if (kithp_code_sort(entry) != KITHP_CODE_BYTE)
        return entry;
    trace_byte(spot, entry);
    entry = kithp_code_find(literals, spot->bits, KITHP_CODES_LITERALS);
    if (kithp_code_sort(entry) != KITHP_CODE_BYTE)
        return entry;
    trace_byte(spot, entry);
    return kithp_code_find(literals, spot->bits, KITHP_CODES_LITERALS);
}

/* Behind the code of its length. False where it is none. */
static inline bool trace_copy(struct spot *spot, kithp_code_entry entry, const struct kithp_code *distances)
{
    unsigned length = kithp_code_value(entry) + take(spot, kithp_code_more(entry));
    kithp_code_entry distance = kithp_code_find(distances, spot->bits, KITHP_CODES_DISTANCES);
    if (kithp_code_sort(entry) != KITHP_CODE_NUMBER || kithp_code_sort(distance) != KITHP_CODE_NUMBER)
        return false;
    take(spot, kithp_code_length(distance));
    copy(spot->out, kithp_code_value(distance) + take(spot, kithp_code_more(distance)), length);
    spot->out += length;
    return true;
}

/* To the end of the block. */
static bool trace_coded(struct trace *trace)
{
    const struct kithp_codes *codes = &trace->stretcher->codes;
    uint16_t *const text = trace->stretcher->text;
    struct spot spot = {.bit = trace->bit, .out = text + trace->at};
    while (spot.bit <= trace->last) {
        if (spot.out > text + FULL) {
            trace->at = (size_t)(spot.out - text);
            if (!drop(trace))
                return false;
            spot.out = text + trace->at;
        }
        look(&spot, trace);
        kithp_code_entry entry = trace_bytes(&spot, &codes->literals);
        if (kithp_code_sort(entry) == KITHP_CODE_BYTE) {
            trace_byte(&spot, entry);
            continue;
        }
        /* A copy can take 48 bits. */
        look(&spot, trace);
        take(&spot, kithp_code_length(entry));
        if (kithp_code_sort(entry) == KITHP_CODE_END) {
            trace->bit = spot.bit;
            trace->at = (size_t)(spot.out - text);
            return true;
        }
        if (!trace_copy(&spot, entry, &codes->distances))
            return false;
    }
    return false;
}

static bool trace_stored(struct trace *trace)
{
    uint64_t byte = (trace->bit + 7) / 8;
    uint64_t bits = kithp_deflate_bits(trace->bytes, 8 * byte);
    unsigned length = kithp_deflate_take(&bits, 16), inverse = kithp_deflate_take(&bits, 16);
    trace->bit = 8 * (byte + 4 + length);
    if (length != (inverse ^ 0xFFFF) || trace->bit > trace->last)
        return false;
    for (const unsigned char *from = trace->bytes + byte + 4, *end = from + length; from < end; from++) {
        if (trace->at > FULL && !drop(trace))
            return false;
        trace->stretcher->text[trace->at++] = *from;
    }
    return true;
}

/* False where it is no block, or the last one; or where it is not to go on. */
static bool trace_block(struct trace *trace)
{
    enum { STORED, FIXED, OWN };
    struct kithp_codes *codes = &trace->stretcher->codes;
    if (trace->bit >= trace->last || !may_go_on(trace, WORK_OF_A_BLOCK))
        return false;
    uint64_t bits = kithp_deflate_bits(trace->bytes, trace->bit);
    unsigned is_last = kithp_deflate_take(&bits, 1), sort = kithp_deflate_take(&bits, 2);
    trace->bit += KITHP_DEFLATE_LAST_AND_SORT;
    if (is_last || sort > OWN)
        return false;
    if (sort == STORED)
        return trace_stored(trace);
    if (sort == FIXED)
        kithp_codes_set_fixed(codes);
    else if (!kithp_codes_read(codes, trace->bytes, &trace->bit, trace->last))
        return false;
    return trace_coded(trace) && trace->bit <= trace->last;
}

/* ---- looking ---- */

/* Goes through the first block that can be found, which by then can be taken for one. */
static bool trace_first(struct trace *trace, struct kithp_stretch *stretch)
{
    const uint64_t end = 8 * (uint64_t)stretch->step;
    for (uint64_t bit = 0; (bit = kithp_deflate_find(stretch->bytes, bit, end)) < end; bit++) {
        if (!may_go_on(trace, 0))
            return false;
        begin_trace(trace, stretch, bit);
        stretch->begin = bit;
        if (trace_block(trace))
            return true;
    }
    return false;
}

bool kithp_stretcher_look(struct kithp_stretcher *stretcher, struct kithp_stretch *stretch,
                          bool (*goes_on)(void *context), void *context)
{
    struct trace trace = {.stretcher = stretcher, .goes_on = goes_on, .context = context, .bytes = stretch->bytes};
    memset(stretch->bytes + stretch->length, 0, KITHP_DEFLATE_LOOK);
    if (stretch->step > stretch->length || !trace_first(&trace, stretch))
        return false;
    while (trace.bit < 8 * (uint64_t)stretch->step)
        if (!trace_block(&trace))
            return false;
    stretch->end = trace.bit;
    stretch->text_length = trace.dropped + trace.at - KITHP_INFLATE_WINDOW;
    memcpy(stretch->behind, stretcher->text + trace.at - KITHP_INFLATE_WINDOW, sizeof stretch->behind);
    return stretch->text_length >= KITHP_INFLATE_WINDOW;
}

void kithp_stretch_settle(struct kithp_stretch *stretch, struct kithp_window *window)
{
    memcpy(stretch->before, window->bytes, KITHP_INFLATE_WINDOW);
    for (size_t i = 0; i < KITHP_INFLATE_WINDOW; i++) {
        uint16_t mark = stretch->behind[i];
        window->bytes[i] = mark < PLACES ? (unsigned char)mark : stretch->before[mark - PLACES];
    }
}

/* ---- inflating ---- */

static bool begin_at(struct kithp_inflater *inflater, const struct kithp_stretch *stretch, uint64_t bit,
                     const unsigned char *window)
{
    unsigned skipped = bit % 8;
    if (skipped == 0)
        return kithp_inflater_begin_block(inflater, window, 0, 0);
    unsigned byte = stretch->bytes[bit / 8];
    return kithp_inflater_begin_block(inflater, window, byte >> skipped, 8 - skipped);
}

bool kithp_stretch_begin_text(const struct kithp_stretch *stretch, struct kithp_inflater *inflater)
{
    uint64_t begin = kithp_stretch_byte_behind(stretch->begin), end = kithp_stretch_byte_behind(stretch->end);
    inflater->in = stretch->bytes + begin;
    inflater->in_length = (size_t)(end - begin);
    return begin_at(inflater, stretch, stretch->begin, stretch->before);
}

bool kithp_stretch_begin_behind(const struct kithp_stretch *stretch, const struct kithp_window *window,
                                struct kithp_inflater *inflater)
{
    return begin_at(inflater, stretch, stretch->end, window->bytes);
}
