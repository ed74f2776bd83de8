/* SPDX-License-Identifier: MIT */
#include "exports/likely.h"

#include "base/text.h"

static const struct kithp_json_value missing = {.type = KITHP_JSON_MISSING};

/* Whether a field is not read at all, or is a value of the row and nothing else. */
static bool is_value(const struct kithp_source_value *value)
{
    return value->part_count == 0 || (value->part_count == 1 && value->parts->sort == KITHP_SOURCE_PATH &&
                                      value->parts->scope == KITHP_SOURCE_ROW);
}

void kithp_likely_init(struct kithp_likely *likely, const kith_source *source, const struct kithp_fields *fields)
{
    const struct kithp_source_event *event = &source->events[0];
    likely->csv = fields->csv;
    likely->is_for_us = source->event_count == 1 && event->list_count == 0 && source->test_count == 0 &&
                        source->alias_count == 0 && source->ignored_members.count == 0 &&
                        source->times.unit == KITHP_SOURCE_ANY_TIME;
    for (int field = 0; field < KITHP_FIELDS && likely->is_for_us; field++) {
        const struct kithp_source_value *value = &event->values[field];
        likely->is_for_us = is_value(value);
        if (likely->is_for_us)
            likely->values[field] = value->part_count > 0 ? &fields->row[value->parts->path] : &missing;
    }
}

/* False where the text is not what it means, or there is none for an array or an object. */
static inline bool take(const struct kithp_likely *likely, enum kithp_field field, kith_text *text)
{
    const struct kithp_json_value *value = likely->values[field];
    text->data = value->text.data;
    text->length = value->type > KITHP_JSON_NULL ? value->text.length : 0;
    return value->type < KITHP_JSON_ARRAY && !value->escaped;
}

static inline bool are_names(const struct kithp_likely *likely, kith_text member, kith_text target)
{
    return member.length <= KITHP_MEMBER_NAME_MOST && target.length <= KITHP_MEMBER_NAME_MOST &&
           member.length + target.length > 0 &&
           (!likely->csv || (kithp_text_is_utf8(member) && kithp_text_is_utf8(target)));
}

static inline bool read_quantity(kith_text text, uint32_t *quantity)
{
    *quantity = text.length == 1 ? (uint32_t)(unsigned char)*text.data - '0' : 0;
    return *quantity - 1 < 9 || kithp_row_read_quantity(text, quantity);
}

bool kithp_likely_read(const struct kithp_likely *likely, struct kithp_times *times, struct kithp_source_kinds *kinds,
                       struct kithp_batch *batch, kith_text *id)
{
    kith_text time, member, kind, target, quantity;
    struct kithp_row_event *event = &batch->events[batch->event_count];
    if (!take(likely, KITHP_TIME, &time) || !take(likely, KITHP_MEMBER, &member) || !take(likely, KITHP_KIND, &kind) ||
        !take(likely, KITHP_TARGET, &target) || !take(likely, KITHP_QUANTITY, &quantity) ||
        (!take(likely, KITHP_ID, id) && batch->has_ids))
        return false;
    if (time.length == 0 || !kithp_times_read(times, time.data, (size_t)time.length, &event->time) ||
        !are_names(likely, member, target) ||
        kithp_source_kinds_find(kinds, 0, kind, &event->kind) != KITHP_SOURCE_KIND_FOUND ||
        !read_quantity(quantity, &event->quantity))
        return false;
    event->member = member.data;
    event->member_length = (uint8_t)member.length;
    event->target = target.data;
    event->target_length = (uint8_t)target.length;
    return true;
}
