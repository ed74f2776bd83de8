/* SPDX-License-Identifier: MIT */
#include "inspect/sample.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

enum { STEP = 1 << 18, STRETCHES = 48, STRETCH_LEAST = 1 << 16 };

static enum kithp_sample_outcome fail(struct kithp_sample *sample, kith_status status, const char *words)
{
    sample->status = status;
    sample->words = words;
    return KITHP_SAMPLE_FAILED;
}

static bool make_room(struct kithp_sample *sample, size_t length)
{
    if (sample->begin > 0) {
        memmove(sample->text, sample->text + sample->begin, sample->end - sample->begin);
        sample->end -= sample->begin;
        sample->begin = 0;
    }
    void *text = sample->text;
    bool grown =
        kithp_alloc_grow(sample->allocator, &text, &sample->room, sample->end + length + KITHP_SAMPLE_BEHIND, 1);
    sample->text = text;
    return grown;
}

/* A file of which any part can be read, where there is more of it than is looked at. */
static void plan_stretches(struct kithp_sample *sample)
{
    const struct kithp_input *input = &sample->stream.input;
    sample->head = sample->limit;
    if (sample->stream.is_gzip || input->read || !input->owned || input->total <= sample->limit)
        return;
    sample->total = input->total;
    sample->head = sample->limit / 4;
}

bool kithp_sample_open(struct kithp_sample *sample, const kith_allocator *allocator, const struct kithp_input *input,
                       uint64_t limit)
{
    *sample = (struct kithp_sample){.allocator = allocator, .limit = limit, .is_whole = true};
    kith_status status = kithp_stream_open(&sample->stream, allocator, input);
    if (status != KITH_OK) {
        fail(sample, status, sample->stream.words);
        return false;
    }
    if (!make_room(sample, STEP)) {
        fail(sample, KITH_NO_MEMORY, "not enough memory");
        return false;
    }
    plan_stretches(sample);
    sample->left = sample->head;
    return true;
}

void kithp_sample_close(struct kithp_sample *sample)
{
    kithp_stream_close(&sample->stream);
    kithp_alloc_free(sample->allocator, sample->text);
    sample->text = NULL;
}

void kithp_sample_stay(struct kithp_sample *sample)
{
    if (sample->total == 0)
        return;
    sample->total = 0;
    sample->left += sample->limit - sample->head;
    sample->head = sample->limit;
}

/* ---- text ---- */

static int64_t read_stretch(struct kithp_sample *sample, char *out, size_t length)
{
    ssize_t got;
    do
        got = pread(sample->stream.input.file, out, length, (off_t)sample->offset);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        struct kithp_errno_words why = kithp_errno_words(errno);
        kithp_text_copy_clean(sample->stream.words, sizeof sample->stream.words, kith_text_of(why.text));
        fail(sample, KITH_INPUT_OUTPUT, sample->stream.words);
        return -1;
    }
    sample->offset += (uint64_t)got;
    return got;
}

static int64_t read_some(struct kithp_sample *sample, char *out, size_t length)
{
    if (sample->stretch > 0)
        return read_stretch(sample, out, length);
    int64_t got = kithp_stream_read(&sample->stream, out, length);
    if (got < 0)
        fail(sample, sample->stream.status, sample->stream.words);
    return got;
}

static bool is_cancelled(struct kithp_sample *sample)
{
    uint64_t total = sample->stream.is_gzip ? 0 : sample->stream.input.total;
    uint64_t all = total > sample->limit ? sample->limit : total;
    return sample->progress && sample->progress(sample->progress_context, sample->looked_at, all) != 0;
}

/*
 * A pipe gives what it has at the moment. As much as a file gives is waited for, as what is found hangs on how much
 * there is to look at.
 */
static int64_t fill(struct kithp_sample *sample, char *out, size_t length)
{
    size_t done = 0;
    while (done < length) {
        int64_t got = read_some(sample, out + done, length - done);
        if (got < 0)
            return got;
        if (got == 0)
            break;
        done += (size_t)got;
        sample->looked_at += (uint64_t)got;
        if (done < length && is_cancelled(sample)) {
            fail(sample, KITH_CANCELLED, "cancelled");
            return -1;
        }
    }
    return (int64_t)done;
}

enum kithp_sample_outcome kithp_sample_more(struct kithp_sample *sample)
{
    if (sample->at_end)
        return KITHP_SAMPLE_END;
    /* Behind a beginning there is more, and not a byte of it may be lost: kithp_sample_stay() may be called. */
    if (sample->total > 0 && sample->stretch == 0 && sample->left == 0)
        return KITHP_SAMPLE_END;
    if (is_cancelled(sample))
        return fail(sample, KITH_CANCELLED, "cancelled");
    if (!make_room(sample, STEP))
        return fail(sample, KITH_NO_MEMORY, "not enough memory");
    size_t length = sample->left < STEP ? (size_t)sample->left : STEP;
    /* One byte more than may be looked at tells whether there is more; it is dropped. */
    char *out = sample->text + sample->end;
    int64_t got = length > 0 ? fill(sample, out, length) : read_some(sample, out, 1);
    if (got < 0)
        return KITHP_SAMPLE_FAILED;
    sample->at_end = got == 0;
    if (got == 0 || length == 0) {
        sample->is_whole = sample->is_whole && got == 0 && sample->stretch == 0;
        return KITHP_SAMPLE_END;
    }
    sample->end += (size_t)got;
    memset(sample->text + sample->end, 0, KITHP_SAMPLE_BEHIND);
    sample->left -= (uint64_t)got;
    return KITHP_SAMPLE_MORE;
}

/* ---- stretches ---- */

static uint64_t stretch_length(const struct kithp_sample *sample)
{
    uint64_t length = (sample->limit - sample->head) / STRETCHES;
    return length > STRETCH_LEAST ? length : STRETCH_LEAST;
}

bool kithp_sample_next(struct kithp_sample *sample)
{
    uint64_t length = stretch_length(sample), count = (sample->limit - sample->head) / length;
    if (sample->total == 0 || sample->stretch == count)
        return false;
    sample->stretch++;
    /* They lie evenly, the first one behind the beginning, and the last one ends with the file. */
    uint64_t room = sample->total - sample->head - length, before = sample->stretch - 1, gaps = count - 1;
    sample->offset = sample->head + room / gaps * before + room % gaps * before / gaps;
    sample->left = length;
    sample->begin = sample->end = 0;
    sample->at_end = false;
    sample->is_whole = false;
    return true;
}
