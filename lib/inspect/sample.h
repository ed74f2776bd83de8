/* SPDX-License-Identifier: MIT */
/*
 * What is looked at of an export's text: all of it, or its beginning, and of a plain file stretches from all over the
 * rest. Each piece of text is to be read to its end; of the stretches, the first and the last row are not whole.
 */
#ifndef KITHP_INSPECT_SAMPLE_H
#define KITHP_INSPECT_SAMPLE_H

#include "exports/stream.h"

/* How many bytes behind the text may be read. */
enum { KITHP_SAMPLE_BEHIND = 64 };

struct kithp_sample {
    struct kithp_stream stream;
    const kith_allocator *allocator;
    kith_progress_fn progress;
    void *progress_context;
    char *text; /* from begin to end */
    size_t begin;
    size_t end;
    size_t room;
    uint64_t looked_at; /* bytes of text in all */
    uint64_t limit;     /* how many they may be */
    uint64_t head;      /* how many of them the beginning has */
    uint64_t total;     /* bytes of a file of which stretches can be read; else 0 */
    uint64_t offset;    /* of the file, where the stretch is read on */
    uint64_t left;      /* of the stretch */
    uint32_t stretch;   /* how many have begun, behind the beginning */
    bool at_end;        /* nothing is behind the text, neither here nor in the file */
    bool is_whole;      /* all of the text was given */
    kith_status status; /* of what failed */
    const char *words;  /* likewise */
};

enum kithp_sample_outcome {
    KITHP_SAMPLE_MORE, /* the text goes on */
    KITHP_SAMPLE_END,  /* there is no more in the export, or in this piece of it */
    KITHP_SAMPLE_FAILED
};

/* Takes over an open input, also after a failure, when it is to be closed all the same. limit is 1 MiB at least. */
bool kithp_sample_open(struct kithp_sample *sample, const kith_allocator *allocator, const struct kithp_input *input,
                       uint64_t limit);
void kithp_sample_close(struct kithp_sample *sample);

/* Gives up stretches: all that is looked at is the beginning. To be called before any of it has ended. */
void kithp_sample_stay(struct kithp_sample *sample);

/* Adds to the text, which may move. */
enum kithp_sample_outcome kithp_sample_more(struct kithp_sample *sample);

/* Goes to the next stretch, and drops what is left of the text. False where there is none. */
bool kithp_sample_next(struct kithp_sample *sample);

static inline kith_text kithp_sample_text(const struct kithp_sample *sample)
{
    return (kith_text){sample->text + sample->begin, sample->end - sample->begin};
}

static inline void kithp_sample_take(struct kithp_sample *sample, size_t length)
{
    sample->begin += length;
}

#endif
