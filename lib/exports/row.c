/* SPDX-License-Identifier: MIT */
#include "exports/row.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "tally/event.h"
#include "tally/members.h"

enum { QUANTITY_DIGITS = 10 };

bool kithp_row_rules_init(struct kithp_row_rules *rules, const kith_allocator *allocator,
                          const struct kithp_figures *figures, int64_t earliest, int64_t latest)
{
    rules->figures = figures;
    rules->key = kithp_hash_random_key();
    rules->earliest = earliest;
    rules->latest = latest;
    kithp_kinds_init(&rules->names, figures);
    kithp_index_init(&rules->kinds, allocator);
    for (uint32_t i = 0; i < figures->kind_count; i++) {
        kith_text name = kith_text_of(figures->kinds[i].name);
        uint32_t tag = kithp_index_tag(kithp_hash_bytes(rules->key, name.data, name.length));
        if (!kithp_index_add(&rules->kinds, tag, i)) {
            kithp_row_rules_free(rules);
            return false;
        }
    }
    return true;
}

void kithp_row_rules_free(struct kithp_row_rules *rules)
{
    kithp_index_free(&rules->kinds);
}

static bool find_kind(const struct kithp_row_rules *rules, kith_text name, uint8_t *kind)
{
    uint32_t tag = kithp_index_tag(kithp_hash_bytes(rules->key, name.data, name.length));
    struct kithp_index_walk walk = kithp_index_begin(&rules->kinds, tag);
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        if (kithp_text_equal(name, kith_text_of(rules->figures->kinds[item].name))) {
            *kind = (uint8_t)item;
            return true;
        }
    }
    return false;
}

/* A field's value, for which spare has room where quotes must be made single; empty where there is no such column. */
struct value {
    kith_text text;
    bool too_long; /* for spare, and so for anything that a field can hold */
    char spare[KITHP_ROW_VALUE_ROOM];
};

static void get_value(const struct kithp_columns *columns, const struct kithp_csv_field *fields, enum kithp_field field,
                      struct value *value)
{
    value->too_long = false;
    value->text = (kith_text){NULL, 0};
    if (columns->places[field] == KITHP_NO_COLUMN)
        return;
    const struct kithp_csv_field *given = &fields[columns->places[field]];
    value->text = given->text;
    if (!given->escaped)
        return;
    /* Made single, quotes are half as many: a text of twice the room may still fit, but nothing that long is of use. */
    value->too_long = given->text.length > 2 * sizeof value->spare;
    if (value->too_long)
        return;
    char single[2 * sizeof value->spare];
    size_t length = kithp_csv_unescape(given, single);
    value->too_long = length > sizeof value->spare;
    if (value->too_long)
        return;
    memcpy(value->spare, single, length);
    value->text = (kith_text){value->spare, length};
}

void kithp_row_fault_set(struct kithp_row_fault *fault, uint32_t reason, enum kithp_field field, kith_text value)
{
    fault->reason = reason;
    fault->field = field;
    fault->value_length = value.length < sizeof fault->value ? (size_t)value.length : sizeof fault->value;
    if (fault->value_length > 0)
        memcpy(fault->value, value.data, fault->value_length);
}

static void refuse(struct kithp_row_fault *fault, uint32_t reason, enum kithp_field field, const struct value *value)
{
    kithp_row_fault_set(fault, reason, field, value->text);
}

static bool is_name(const struct value *value)
{
    return !value->too_long && value->text.length <= KITHP_MEMBER_NAME_MOST && kithp_text_is_utf8(value->text);
}

bool kithp_row_read_quantity(kith_text text, uint32_t *quantity)
{
    *quantity = 1;
    if (text.length == 0)
        return true;
    uint64_t number;
    if (text.length > QUANTITY_DIGITS || !kithp_number_parse(text, KITHP_QUANTITY_MOST, &number) || number == 0)
        return false;
    *quantity = (uint32_t)number;
    return true;
}

/* The name as it can be kept: in the row's text, over the field that held it with doubled quotes. */
static const char *name_in_row(const struct kithp_columns *columns, const struct kithp_csv_field *fields,
                               enum kithp_field field, const struct value *value)
{
    if (value->text.length == 0 || value->text.data != value->spare)
        return value->text.data;
    char *place = (char *)fields[columns->places[field]].text.data;
    memcpy(place, value->spare, value->text.length);
    return place;
}

/* The event's id, likewise; it may be of any length. */
static kith_text id_in_row(const struct kithp_columns *columns, const struct kithp_csv_field *fields)
{
    if (columns->places[KITHP_ID] == KITHP_NO_COLUMN)
        return (kith_text){NULL, 0};
    const struct kithp_csv_field *field = &fields[columns->places[KITHP_ID]];
    if (!field->escaped)
        return field->text;
    /* What is single is never longer than what was read of it: it can be written over that. */
    char *place = (char *)field->text.data;
    return (kith_text){place, kithp_csv_unescape(field, place)};
}

void kithp_row_read(const struct kithp_row_rules *rules, const struct kithp_columns *columns,
                    const struct kithp_csv_field *fields, struct kithp_row_event *event, kith_text *id,
                    struct kithp_row_fault *fault)
{
    struct value time, member, target, kind, quantity;
    get_value(columns, fields, KITHP_TIME, &time);
    if (time.too_long || !kithp_calendar_parse(&rules->figures->calendar, time.text, &event->time)) {
        refuse(fault, KITH_REASON_TIME, KITHP_TIME, &time);
        return;
    }
    get_value(columns, fields, KITHP_MEMBER, &member);
    get_value(columns, fields, KITHP_TARGET, &target);
    if (!is_name(&member) || (member.text.length == 0 && target.text.length == 0)) {
        refuse(fault, KITH_REASON_MEMBER, KITHP_MEMBER, &member);
        return;
    }
    if (!is_name(&target)) {
        refuse(fault, KITH_REASON_TARGET, KITHP_TARGET, &target);
        return;
    }
    get_value(columns, fields, KITHP_KIND, &kind);
    if (kind.too_long || !find_kind(rules, kind.text, &event->kind)) {
        refuse(fault, KITH_REASON_KIND, KITHP_KIND, &kind);
        return;
    }
    get_value(columns, fields, KITHP_QUANTITY, &quantity);
    if (quantity.too_long || !kithp_row_read_quantity(quantity.text, &event->quantity)) {
        refuse(fault, KITH_REASON_QUANTITY, KITHP_QUANTITY, &quantity);
        return;
    }
    if (event->time < rules->earliest || event->time > rules->latest) {
        refuse(fault, event->time < rules->earliest ? KITH_REASON_LATE : KITH_REASON_FUTURE, KITHP_TIME, &time);
        return;
    }
    event->member = name_in_row(columns, fields, KITHP_MEMBER, &member);
    event->member_length = (uint8_t)member.text.length;
    event->target = name_in_row(columns, fields, KITHP_TARGET, &target);
    event->target_length = (uint8_t)target.text.length;
    *id = id_in_row(columns, fields);
    fault->reason = KITH_REASON_NONE;
}
