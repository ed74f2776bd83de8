/* SPDX-License-Identifier: MIT */
#include "tally/sequences.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

void kithp_sequences_init(struct kithp_sequences *sequences, const kith_allocator *allocator)
{
    *sequences = (struct kithp_sequences){.allocator = allocator};
}

void kithp_sequences_free(struct kithp_sequences *sequences)
{
    for (size_t i = 0; i < sequences->count; i++)
        kithp_alloc_free(sequences->allocator, sequences->all[i]);
    kithp_alloc_free(sequences->allocator, sequences->all);
    kithp_sequences_init(sequences, sequences->allocator);
}

bool kithp_sequences_is_source(kith_text text)
{
    return text.data && text.length > 0 && text.length <= KITHP_SOURCE_NAME_MOST && kithp_text_is_utf8(text);
}

static size_t sources_before(const struct kithp_sequences *sequences, kith_text source)
{
    size_t low = 0, high = sequences->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct kithp_sequence *at = sequences->all[middle];
        if (kithp_text_compare((kith_text){at->name, at->length}, source) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct kithp_sequence *kithp_sequences_find(const struct kithp_sequences *sequences, kith_text source)
{
    size_t at = sources_before(sequences, source);
    if (at == sequences->count)
        return NULL;
    struct kithp_sequence *found = sequences->all[at];
    return kithp_text_equal((kith_text){found->name, found->length}, source) ? found : NULL;
}

struct kithp_sequence *kithp_sequences_make(struct kithp_sequences *sequences, kith_text source)
{
    if (!kithp_alloc_grow(sequences->allocator, (void **)&sequences->all, &sequences->capacity, sequences->count + 1,
                          sizeof *sequences->all))
        return NULL;
    struct kithp_sequence *made = kithp_alloc_cleared(sequences->allocator, 1, sizeof *made);
    if (!made)
        return NULL;
    made->length = (uint8_t)source.length;
    memcpy(made->name, source.data, source.length);
    return made;
}

void kithp_sequences_put(struct kithp_sequences *sequences, struct kithp_sequence *made)
{
    size_t at = sources_before(sequences, (kith_text){made->name, made->length});
    memmove(sequences->all + at + 1, sequences->all + at, (sequences->count - at) * sizeof *sequences->all);
    sequences->all[at] = made;
    sequences->count++;
}

void kithp_sequences_unmake(const struct kithp_sequences *sequences, struct kithp_sequence *made)
{
    kithp_alloc_free(sequences->allocator, made);
}

struct kithp_sequence *kithp_sequences_add(struct kithp_sequences *sequences, kith_text source, uint64_t number)
{
    struct kithp_sequence *added = kithp_sequences_make(sequences, source);
    if (!added)
        return NULL;
    kithp_sequence_take(added, number);
    kithp_sequences_put(sequences, added);
    return added;
}

enum kithp_sequence_place kithp_sequence_place_of(const struct kithp_sequence *sequence, uint64_t number)
{
    if (number > kithp_sequence_last(sequence))
        return KITHP_SEQUENCE_NEW;
    /* Behind numbers that are kept no more, only a replay that begins far back can be meant. */
    if (sequence->recent_count == KITHP_SEQUENCE_RECENT && number < sequence->recent[0])
        return KITHP_SEQUENCE_TAKEN;
    for (uint32_t i = 0; i < sequence->recent_count; i++)
        if (sequence->recent[i] == number)
            return KITHP_SEQUENCE_TAKEN;
    return KITHP_SEQUENCE_BEHIND;
}

void kithp_sequence_take(struct kithp_sequence *sequence, uint64_t number)
{
    if (sequence->recent_count == KITHP_SEQUENCE_RECENT) {
        memmove(sequence->recent, sequence->recent + 1, sizeof sequence->recent - sizeof *sequence->recent);
        sequence->recent_count--;
    }
    sequence->recent[sequence->recent_count++] = number;
}
