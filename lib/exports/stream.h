/* SPDX-License-Identifier: MIT */
/* An export's text: the input's bytes, inflated where they are gzip, which their content tells. */
#ifndef KITHP_EXPORTS_STREAM_H
#define KITHP_EXPORTS_STREAM_H

#include "exports/packed.h"

struct kithp_stream {
    const kith_allocator *allocator;
    struct kithp_input input;
    struct kithp_supply supply; /* of its bytes */
    bool is_gzip;
    struct kithp_packed packed;
    uint64_t done;      /* bytes of the input that were read for what has been given */
    kith_status status; /* of the read that failed */
    char words[160];    /* and what is wrong, in words */
};

/* Takes over an open input, which is closed by kithp_stream_close(), also after a failure. */
kith_status kithp_stream_open(struct kithp_stream *stream, const kith_allocator *allocator,
                              const struct kithp_input *input);
void kithp_stream_close(struct kithp_stream *stream);

/*
 * Lets threads of its own inflate what is gzip, if they can be had. To be ended before the stream is closed; ending
 * waits for a read of the input that is under way, and nothing is to be read behind it.
 */
void kithp_stream_begin_ahead(struct kithp_stream *stream);
void kithp_stream_end_ahead(struct kithp_stream *stream);

/*
 * Returns bytes given, 0 at the end, or -1 with status and words set; then it is not to be called again. Neither what
 * is given before a fault nor what is told hangs on capacities.
 */
int64_t kithp_stream_read(struct kithp_stream *stream, void *buffer, size_t capacity);

#endif
