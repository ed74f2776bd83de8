/* SPDX-License-Identifier: MIT */
#include "exports/events.h"

#include "base/text.h"

kith_status kithp_events_init(struct kithp_events *events, const kith_allocator *allocator,
                              const struct kithp_row_rules *rules, const kith_source *source, kith_error *error)
{
    *events = (struct kithp_events){.source = source, .rules = rules, .calendar = rules->figures->calendar};
    if (source->times.has_zone)
        events->calendar.utc_offset = source->times.zone;
    kithp_times_init(&events->times, &events->calendar, rules->earliest, rules->latest);
    kithp_fields_init(&events->fields, allocator);
    return kithp_source_kinds_init(&events->kinds, source, rules->figures, allocator, error);
}

void kithp_events_free(struct kithp_events *events)
{
    if (!events->source)
        return;
    kithp_source_kinds_free(&events->kinds);
    kithp_paths_free(&events->paths);
    kithp_fields_free(&events->fields);
    events->source = NULL;
}

void kithp_events_begin(struct kithp_events *events, bool csv)
{
    events->fields.csv = csv;
    kithp_likely_init(&events->likely, events->source, &events->fields);
}

/* ---- an event ---- */

/* What becomes of it. */
enum fate { TAKEN, REJECTED, IGNORED, NOT_THERE, NO_MEMORY };

/* One that is looked at. */
struct candidate {
    struct kithp_events *events;
    uint32_t number;
    const struct kithp_source_value *values;
    struct kithp_field_text kind;
    struct kithp_field_text member; /* as they stand in the row */
    struct kithp_field_text target;
    kith_text member_name; /* as they are called; empty for nobody */
    kith_text target_name;
    enum kithp_source_kind_outcome kind_outcome;
    struct kithp_row_event *event;
    struct kithp_reject *reject;
};

static bool find(struct candidate *candidate, enum kithp_field field, bool lasts, struct kithp_field_text *found)
{
    return kithp_fields_find(&candidate->events->fields, candidate->number, &candidate->values[field], lasts, found);
}

static enum fate refuse(const struct candidate *candidate, uint32_t reason, enum kithp_field field,
                        const struct kithp_source_value *value, const struct kithp_field_text *found)
{
    kithp_row_fault_begin(&candidate->reject->fault);
    kithp_row_fault_set(&candidate->reject->fault, reason, field, found->text);
    candidate->reject->column = value->text;
    return REJECTED;
}

static bool find_kind(struct candidate *candidate)
{
    if (!find(candidate, KITHP_KIND, false, &candidate->kind))
        return false;
    candidate->kind_outcome = KITHP_SOURCE_KIND_UNKNOWN;
    if (!candidate->kind.odd)
        candidate->kind_outcome = kithp_source_kinds_find(&candidate->events->kinds, candidate->number,
                                                          candidate->kind.text, &candidate->event->kind);
    return true;
}

/* Who an account is; *ignored where nothing is to count of that. */
static kith_text name_of(const kith_source *source, const struct kithp_field_text *account, bool *ignored)
{
    *ignored = false;
    if (account->text.length == 0 || account->text.length > KITHP_SOURCE_TEXT_MOST || account->odd)
        return account->text;
    kith_text name = kithp_source_alias(source, account->text);
    *ignored = kithp_source_ignores_member(source, name);
    return name;
}

static bool is_name(const struct candidate *candidate, const struct kithp_field_text *account, kith_text name)
{
    /* All text of JSON is UTF-8. */
    return !account->odd && name.length <= KITHP_MEMBER_NAME_MOST &&
           (!candidate->events->fields.csv || kithp_text_is_utf8(name));
}

/* Whether it is one at all, and counts: that comes before all reasons to refuse it. */
static enum fate look_for(struct candidate *candidate)
{
    const kith_source *source = candidate->events->source;
    bool further = candidate->number > 0, member_ignored, target_ignored;
    enum fate left_out = further ? NOT_THERE : IGNORED;
    if (!find_kind(candidate))
        return NO_MEMORY;
    if (candidate->kind_outcome == KITHP_SOURCE_KIND_NOT_NAMED)
        return NOT_THERE;
    if (candidate->kind_outcome == KITHP_SOURCE_KIND_IGNORED)
        return left_out;
    if (!find(candidate, KITHP_MEMBER, true, &candidate->member) ||
        !find(candidate, KITHP_TARGET, true, &candidate->target))
        return NO_MEMORY;
    if (further && candidate->member.text.length == 0 && candidate->target.text.length == 0)
        return NOT_THERE;
    candidate->member_name = name_of(source, &candidate->member, &member_ignored);
    candidate->target_name = name_of(source, &candidate->target, &target_ignored);
    if (member_ignored || (target_ignored && candidate->member.text.length == 0))
        return left_out;
    if (target_ignored)
        candidate->target_name = (kith_text){NULL, 0};
    return TAKEN;
}

static bool read_time(struct kithp_events *events, const struct kithp_field_text *found, int64_t *time)
{
    const struct kithp_source_times *times = &events->source->times;
    if (found->odd)
        return false;
    if (times->unit == KITHP_SOURCE_ANY_TIME && found->padded &&
        kithp_times_read(&events->times, found->text.data, (size_t)found->text.length, time))
        return true;
    return kithp_source_times_read(times, &events->rules->figures->calendar, found->text, time);
}

/* In the order of reasons. */
static enum fate check(struct candidate *candidate)
{
    struct kithp_events *events = candidate->events;
    const struct kithp_row_rules *rules = events->rules;
    struct kithp_row_event *event = candidate->event;
    const struct kithp_source_value *values = candidate->values;
    struct kithp_field_text time, quantity;
    if (!find(candidate, KITHP_TIME, false, &time))
        return NO_MEMORY;
    if (!read_time(events, &time, &event->time))
        return refuse(candidate, KITH_REASON_TIME, KITHP_TIME, &values[KITHP_TIME], &time);
    if (!is_name(candidate, &candidate->member, candidate->member_name) ||
        (candidate->member_name.length == 0 && candidate->target_name.length == 0))
        return refuse(candidate, KITH_REASON_MEMBER, KITHP_MEMBER, &values[KITHP_MEMBER], &candidate->member);
    if (!is_name(candidate, &candidate->target, candidate->target_name))
        return refuse(candidate, KITH_REASON_TARGET, KITHP_TARGET, &values[KITHP_TARGET], &candidate->target);
    if (candidate->kind_outcome != KITHP_SOURCE_KIND_FOUND)
        return refuse(candidate, KITH_REASON_KIND, KITHP_KIND, &values[KITHP_KIND], &candidate->kind);
    if (!find(candidate, KITHP_QUANTITY, false, &quantity))
        return NO_MEMORY;
    if (quantity.odd || !kithp_row_read_quantity(quantity.text, &event->quantity))
        return refuse(candidate, KITH_REASON_QUANTITY, KITHP_QUANTITY, &values[KITHP_QUANTITY], &quantity);
    if (event->time < rules->earliest)
        return refuse(candidate, KITH_REASON_LATE, KITHP_TIME, &values[KITHP_TIME], &time);
    if (event->time > rules->latest)
        return refuse(candidate, KITH_REASON_FUTURE, KITHP_TIME, &values[KITHP_TIME], &time);
    return TAKEN;
}

static void set_names(const struct candidate *candidate)
{
    struct kithp_row_event *event = candidate->event;
    event->member = candidate->member_name.data;
    event->member_length = (uint8_t)candidate->member_name.length;
    event->target = candidate->target_name.data;
    event->target_length = (uint8_t)candidate->target_name.length;
}

/* False where there is no memory. */
static bool add_event(struct kithp_events *events, uint32_t number, struct kithp_batch *batch,
                      struct kithp_batch_row *row)
{
    if (!kithp_batch_reserve(batch, row->events + 1, row->rejects + 1))
        return false;
    /* All else is set as it is found. */
    struct candidate candidate;
    candidate.events = events;
    candidate.number = number;
    candidate.values = events->source->events[number].values;
    candidate.event = &batch->events[batch->event_count + row->events];
    candidate.reject = &batch->rejects[batch->reject_count + row->rejects];
    enum fate fate = look_for(&candidate);
    if (fate == TAKEN)
        fate = check(&candidate);
    if (fate == TAKEN)
        set_names(&candidate);
    row->events += fate == TAKEN;
    row->rejects += fate == REJECTED;
    row->ignored += fate == IGNORED;
    return fate != NO_MEMORY;
}

/* ---- lists ---- */

/* The next element of the innermost list; *depth is how far in that is. False where there are no more. */
static bool next_element(struct kithp_events *events, uint32_t number, struct kithp_json_elements *open,
                         uint32_t *depth)
{
    const struct kithp_source_event *event = &events->source->events[number];
    for (;;) {
        struct kithp_json_value element, *values = events->fields.elements[*depth];
        if (!kithp_json_elements_next(&open[*depth], &element)) {
            if (*depth == 0)
                return false;
            --*depth;
            continue;
        }
        kithp_json_read_value(&events->paths.elements[number][*depth], &element, values);
        if (*depth + 1 == event->list_count)
            return true;
        const struct kithp_json_value *within = &values[event->lists[*depth].paths.count];
        kithp_json_elements_begin(&open[++*depth], within);
    }
}

static bool has_too_many(const struct kithp_batch_row *row)
{
    return row->events + row->rejects + row->ignored > KITHP_EVENTS_MOST;
}

/* An event for each element of a list, or of the lists in them. */
static bool add_list(struct kithp_events *events, uint32_t number, struct kithp_batch *batch,
                     struct kithp_batch_row *row)
{
    struct kithp_fields *fields = &events->fields;
    struct kithp_json_elements open[KITHP_SOURCE_LISTS_MOST];
    uint32_t depth = 0;
    bool fine = true;
    fields->listed = number;
    kithp_json_elements_begin(&open[0], &fields->row[events->paths.lists[number]]);
    while (fine && !has_too_many(row) && next_element(events, number, open, &depth))
        fine = add_event(events, number, batch, row);
    fields->listed = KITHP_FIELDS_NOWHERE;
    return fine;
}

/* ---- a row ---- */

/* False where there is no memory. */
static bool is_left_out(struct kithp_events *events, bool *left_out)
{
    const kith_source *source = events->source;
    *left_out = false;
    for (uint32_t i = 0; i < source->test_count && !*left_out; i++) {
        struct kithp_field_text found;
        if (!kithp_fields_find_part(&events->fields, &source->tests[i].field, &found))
            return false;
        bool there = found.text.length > 0;
        /* An array or object is there, and has no text: nothing is like it but what anything is. */
        if (found.odd)
            found.text.length = 0;
        *left_out = there && kithp_source_patterns_fit(&source->tests[i].patterns, found.text);
    }
    return true;
}

static bool read_id(struct kithp_events *events, const struct kithp_batch *batch, struct kithp_batch_row *row)
{
    struct kithp_field_text id;
    row->id = (kith_text){NULL, 0};
    if (!batch->has_ids || row->events == 0)
        return true;
    bool fine = kithp_fields_find(&events->fields, 0, &events->source->events[0].values[KITHP_ID], true, &id);
    if (fine)
        row->id = id.text;
    return fine;
}

static bool read_row(struct kithp_events *events, struct kithp_batch *batch, struct kithp_batch_row *row)
{
    const kith_source *source = events->source;
    bool left_out;
    events->fields.kept = &batch->kept;
    if (!is_left_out(events, &left_out))
        return false;
    row->ignored = left_out;
    for (uint32_t i = 0; i < source->event_count && !left_out && !has_too_many(row); i++) {
        bool has_lists = source->events[i].list_count > 0;
        if (!(has_lists ? add_list : add_event)(events, i, batch, row))
            return false;
    }
    events->too_many = has_too_many(row);
    /* Of a list that is empty or not there, nothing came. */
    if (row->events + row->rejects + row->ignored == 0)
        row->ignored = 1;
    return read_id(events, batch, row);
}

bool kithp_events_read(struct kithp_events *events, struct kithp_batch *batch, struct kithp_batch_row *row)
{
    if (!kithp_batch_reserve(batch, 1, 0))
        return false;
    row->rejects = row->ignored = 0;
    events->too_many = false;
    row->events =
        events->likely.is_for_us && kithp_likely_read(&events->likely, &events->times, &events->kinds, batch, &row->id);
    return row->events > 0 || read_row(events, batch, row);
}
