/* SPDX-License-Identifier: MIT */
#include "engine/numbers.h"

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

bool kithp_numbers_begin(struct kithp_numbers *numbers, kith_engine *engine, kith_text source)
{
    numbers->sequences = &engine->sequences;
    numbers->kept = kithp_sequences_find(&engine->sequences, source);
    numbers->made = !numbers->kept;
    if (numbers->made)
        numbers->kept = kithp_sequences_make(&engine->sequences, source);
    if (!numbers->kept)
        return false;
    numbers->now = *numbers->kept;
    return true;
}

enum kithp_sequence_place kithp_numbers_deal_with(struct kithp_numbers *numbers, uint64_t number)
{
    if (number == 0)
        return KITHP_SEQUENCE_NEW;
    enum kithp_sequence_place place = kithp_sequence_place_of(&numbers->now, number);
    if (place == KITHP_SEQUENCE_NEW)
        kithp_sequence_take(&numbers->now, number);
    return place;
}

void kithp_numbers_keep(struct kithp_numbers *numbers)
{
    if (!numbers->kept || numbers->now.recent_count == 0)
        return;
    *numbers->kept = numbers->now;
    if (numbers->made)
        kithp_sequences_put(numbers->sequences, numbers->kept);
    numbers->made = false;
}

void kithp_numbers_end(struct kithp_numbers *numbers)
{
    if (numbers->made)
        kithp_sequences_unmake(numbers->sequences, numbers->kept);
    kithp_numbers_begin_without(numbers);
}

kith_status kithp_numbers_fail(const struct kithp_numbers *numbers, uint64_t number, kith_error *error)
{
    char value[KITHP_NUMBER_ROOM], source[KITHP_SOURCE_NAME_MOST + 1];
    struct kithp_place place = {
        .field = KITHP_TEXT("sequence"),
        .value = {value, kithp_number_format(value, number)},
    };
    kithp_text_copy_clean(source, sizeof source, (kith_text){numbers->now.name, numbers->now.length});
    return kithp_fail(error, KITH_OUT_OF_ORDER, &place, "comes behind %llu of source '%s'",
                      (unsigned long long)kithp_sequence_last(&numbers->now), source);
}
