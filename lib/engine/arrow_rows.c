/* SPDX-License-Identifier: MIT */
#include "engine/arrow_rows.h"

#include "base/alloc.h"
#include "base/text.h"

/* No id of a member; as one, it cannot be used. */
#define NOBODY UINT64_MAX

/* What is known of an entry that names a member. */
enum { NOT_LOOKED_UP, UNUSABLE, EMPTY, FOUND /* and above: the member */ };

void kithp_arrow_rows_init(struct kithp_arrow_rows *rows, kith_engine *engine, const struct kithp_arrow_stream *stream,
                           const struct kithp_arrow_group *group)
{
    memset(rows, 0, sizeof *rows);
    rows->engine = engine;
    rows->stream = stream;
    rows->group = group;
    kithp_kinds_init(&rows->names, &engine->figures);
    struct kithp_arrow_block *values = &rows->values;
    rows->view = (kith_events){
        .time = values->times,
        .member = values->members,
        .kind = values->kinds,
        .target = values->targets,
        .quantity = values->quantities,
        .time_stride = sizeof *values->times,
        .member_stride = sizeof *values->members,
        .kind_stride = sizeof *values->kinds,
        .target_stride = sizeof *values->targets,
        .quantity_stride = sizeof *values->quantities,
        .nobody = NOBODY,
    };
}

void kithp_arrow_rows_free(struct kithp_arrow_rows *rows)
{
    const kith_allocator *allocator = &rows->engine->allocator;
    kithp_alloc_free(allocator, rows->kinds.entries);
    kithp_alloc_free(allocator, rows->members.entries);
    kithp_alloc_free(allocator, rows->targets.entries);
}

/* The batch's column of a field, or NULL where there is none. */
static const struct kithp_arrow_column *column_of(const struct kithp_arrow_rows *rows, enum kithp_field field)
{
    return rows->stream->there[field] ? &rows->batch->columns[field] : NULL;
}

/* The same of a field without which no stream is read. */
static const struct kithp_arrow_column *needed_column_of(const struct kithp_arrow_rows *rows, enum kithp_field field)
{
    return &rows->batch->columns[field];
}

/* ---- dictionaries ---- */

/* Room for what is to be known of a dictionary, if it is worth it. False where there is no memory. */
static bool open_dictionary(const struct kithp_arrow_rows *rows, enum kithp_field field,
                            struct kithp_arrow_known *known)
{
    const struct kithp_arrow_column *column = column_of(rows, field);
    known->used = column && column->has_dictionary && kithp_arrow_column_is_small(column);
    if (!known->used)
        return true;
    size_t count = (size_t)column->dictionary.length + 1;
    if (!kithp_alloc_grow(&rows->engine->allocator, (void **)&known->entries, &known->capacity, count,
                          sizeof *known->entries))
        return false;
    memset(known->entries, 0, count * sizeof *known->entries);
    return true;
}

/* The kind of a name, eight bytes from which on can be read; as many as there are kinds where it is none. */
static inline uint32_t find_kind_in_place(const struct kithp_arrow_rows *rows, kith_text name)
{
    const struct kithp_figures *figures = &rows->engine->figures;
    uint8_t kind;
    if (name.length > KITHP_NAME_MOST)
        return figures->kind_count;
    if (kithp_kinds_find(&rows->names, name.data, (size_t)name.length, &kind))
        return kind;
    /* Of names this long, some may not be found so. */
    for (uint32_t i = 0; name.length > 16 && i < figures->kind_count; i++)
        if (kithp_text_equal(name, kith_text_of(figures->kinds[i].name)))
            return i;
    return figures->kind_count;
}

/* The same of a name behind which nothing need be. */
static uint32_t find_kind(const struct kithp_arrow_rows *rows, kith_text name)
{
    char few[KITHP_WORDS_BEHIND] = {0};
    if (name.length > 0 && name.length < sizeof few)
        name.data = memcpy(few, name.data, (size_t)name.length);
    return find_kind_in_place(rows, name);
}

static void look_up_kinds(struct kithp_arrow_rows *rows)
{
    const struct kithp_arrow_column *column = needed_column_of(rows, KITHP_KIND);
    const struct kithp_arrow_values *names = &column->dictionary;
    for (int64_t i = 0; i < names->length; i++) {
        bool null = kithp_arrow_is_null(names, i);
        rows->kinds.entries[i] = find_kind(rows, null ? (kith_text){NULL, 0} : kithp_arrow_text_at(names, i));
    }
    rows->kinds.entries[names->length] = rows->engine->figures.kind_count;
}

/* Notes what there is to know of the batch's dictionaries. False where there is no memory. */
static bool open_dictionaries(struct kithp_arrow_rows *rows)
{
    bool named = rows->engine->members.named;
    if (!open_dictionary(rows, KITHP_KIND, &rows->kinds))
        return false;
    if (named &&
        (!open_dictionary(rows, KITHP_MEMBER, &rows->members) || !open_dictionary(rows, KITHP_TARGET, &rows->targets)))
        return false;
    if (rows->kinds.used)
        look_up_kinds(rows);
    return true;
}

/* ---- batches ---- */

/*
 * Goes to the batch that holds a row of the call: *row receives its place there, and *count, if it is more, how many
 * rows there are from it on. False where there is no memory.
 */
static bool reach(struct kithp_arrow_rows *rows, uint64_t begin, int64_t *row, size_t *count)
{
    uint64_t place = rows->begin + begin;
    while (!rows->batch || place - rows->batch_begin >= (uint64_t)rows->batch->array.length) {
        if (rows->batch)
            rows->batch_begin += (uint64_t)rows->batch->array.length;
        rows->batch = rows->batch ? rows->batch + 1 : rows->group->batches;
        if (!open_dictionaries(rows))
            return false;
    }
    uint64_t left = (uint64_t)rows->batch->array.length - (place - rows->batch_begin);
    *row = (int64_t)(place - rows->batch_begin);
    *count = *count < left ? *count : (size_t)left;
    return true;
}

/* ---- columns ---- */

static void read_times(struct kithp_arrow_rows *rows, int64_t row, size_t count)
{
    kithp_arrow_get_times(needed_column_of(rows, KITHP_TIME), &rows->engine->figures.calendar, row, count,
                          rows->values.times);
}

/* Of text that lies one behind the other, as it does in most columns: where one ends, the next begins. */
static void read_adjoining_kinds(struct kithp_arrow_rows *rows, const struct kithp_arrow_values *names, int64_t row,
                                 size_t count)
{
    uint64_t offsets[KITHP_ADD_BLOCK + 1];
    kithp_arrow_load_all(names, row, count + 1, offsets);
    for (size_t i = 0; i < count; i++)
        rows->values.kinds[i] =
            find_kind_in_place(rows, (kith_text){names->bytes + offsets[i], offsets[i + 1] - offsets[i]});
}

/* Of views, by a copy of where they lie: else the compiler would load that again after each kind that is written. */
static void read_viewed_kinds(struct kithp_arrow_rows *rows, struct kithp_arrow_values views, int64_t row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows->values.kinds[i] = find_kind_in_place(rows, kithp_arrow_text_at(&views, row + (int64_t)i));
}

/* Kinds that are not known by their place in a dictionary. */
static void read_named_kinds(struct kithp_arrow_rows *rows, const struct kithp_arrow_column *column, int64_t row,
                             size_t count)
{
    uint32_t *kinds = rows->values.kinds;
    if (!kithp_arrow_reads_beyond(column, row, count, KITHP_WORDS_BEHIND)) {
        for (size_t i = 0; i < count; i++)
            kinds[i] = find_kind(rows, kithp_arrow_get_text(column, row + (int64_t)i));
        return;
    }
    if (column->rows.type.sort == KITHP_ARROW_TEXT && !column->rows.validity) {
        read_adjoining_kinds(rows, &column->rows, row, count);
        return;
    }
    if (column->rows.type.sort == KITHP_ARROW_VIEW && !column->rows.validity) {
        read_viewed_kinds(rows, column->rows, row, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        kinds[i] = find_kind_in_place(rows, kithp_arrow_get_text(column, row + (int64_t)i));
}

static void read_kinds(struct kithp_arrow_rows *rows, int64_t row, size_t count)
{
    const struct kithp_arrow_column *column = needed_column_of(rows, KITHP_KIND);
    uint64_t indexes[KITHP_ADD_BLOCK];
    if (!rows->kinds.used) {
        read_named_kinds(rows, column, row, count);
        return;
    }
    kithp_arrow_get_indexes(column, row, count, indexes);
    for (size_t i = 0; i < count; i++)
        rows->values.kinds[i] = rows->kinds.entries[indexes[i]];
}

/* One that cannot be used becomes 0, which cannot either. */
static void read_quantities(struct kithp_arrow_rows *rows, int64_t row, size_t count)
{
    const struct kithp_arrow_column *column = column_of(rows, KITHP_QUANTITY);
    uint32_t *quantities = rows->values.quantities;
    if (!column) {
        for (size_t i = 0; i < count; i++)
            quantities[i] = 1;
        return;
    }
    static const struct kithp_arrow_rule rule = {.most = KITHP_QUANTITY_MOST, .null = 1, .other = 0};
    uint64_t numbers[KITHP_ADD_BLOCK];
    uint8_t outcomes[KITHP_ADD_BLOCK];
    (void)kithp_arrow_get_numbers(column, row, count, &rule, numbers, outcomes);
    for (size_t i = 0; i < count; i++)
        quantities[i] = (uint32_t)numbers[i];
}

/* Ids of members. What cannot be one is a reason, unless the row has one that comes before it. True if any is. */
static bool read_ids(struct kithp_arrow_rows *rows, enum kithp_field field, uint8_t reason, int64_t row, size_t count,
                     uint64_t *ids)
{
    const struct kithp_arrow_column *column = column_of(rows, field);
    uint8_t outcomes[KITHP_ADD_BLOCK], *reasons = rows->values.reasons;
    for (size_t i = 0; !column && i < count; i++)
        ids[i] = NOBODY;
    if (!column)
        return false;
    static const struct kithp_arrow_rule rule = {.most = NOBODY - 1, .null = NOBODY, .other = NOBODY};
    if (!kithp_arrow_get_numbers(column, row, count, &rule, ids, outcomes))
        return false;
    for (size_t i = 0; i < count; i++)
        if (outcomes[i] == KITHP_ARROW_UNUSABLE && reasons[i] == KITH_REASON_NONE)
            reasons[i] = reason;
    return true;
}

/* ---- blocks of numbered members, without ids of events ---- */

/* Rows that cannot be used for what they say of members are given a time that cannot, and their reason afterwards. */
static void hide_refused(struct kithp_arrow_block *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (values->reasons[i] == KITH_REASON_NONE)
            continue;
        if (!kithp_add_is_time(values->times[i]))
            values->reasons[i] = KITH_REASON_TIME;
        values->times[i] = -1;
    }
}

static bool read_numbered(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block)
{
    struct kithp_arrow_rows *rows = call->read_context;
    struct kithp_arrow_block *values = &rows->values;
    size_t count = kithp_add_begin_block(call, begin, block);
    int64_t row;
    if (!reach(rows, begin, &row, &count))
        return false;
    memset(values->reasons, KITH_REASON_NONE, count);
    kithp_arrow_look_ahead(needed_column_of(rows, KITHP_KIND), row, count);
    read_times(rows, row, count);
    bool refused = read_ids(rows, KITHP_MEMBER, KITH_REASON_MEMBER, row, count, values->members);
    refused |= read_ids(rows, KITHP_TARGET, KITH_REASON_TARGET, row, count, values->targets);
    read_kinds(rows, row, count);
    read_quantities(rows, row, count);
    if (refused)
        hide_refused(values, count);
    if (!kithp_add_read_some(call, 0, count, block))
        return false;
    for (size_t i = 0; refused && i < count; i++)
        if (values->reasons[i] != KITH_REASON_NONE)
            block->reasons[i] = values->reasons[i];
    return true;
}

/* ---- blocks of named members, or with ids of events ---- */

/* Whom a row names, as far as that is known before anybody is looked for. */
struct person {
    uint32_t member; /* KITHP_NOBODY, or who it is if `looked_up`; else what follows says who is to be looked for */
    bool looked_up;
    uint64_t key; /* of the name, or the id */
    kith_text name;
    uint32_t *known; /* where to note who it is, or NULL */
};

struct people {
    struct person members[KITHP_ADD_BLOCK];
    struct person targets[KITHP_ADD_BLOCK];
};

static void begin_person(struct person *person)
{
    person->member = KITHP_NOBODY;
    person->looked_up = true;
    person->key = 0;
}

static bool is_name(kith_text name)
{
    return name.length <= KITHP_MEMBER_NAME_MOST && kithp_text_is_utf8(name);
}

/* What is known of a row's entry, or NULL where it has none. */
static uint32_t *known_of(const struct kithp_arrow_column *column, const struct kithp_arrow_known *known, int64_t row)
{
    if (!known->used || kithp_arrow_is_null(&column->rows, row))
        return NULL;
    return &known->entries[kithp_arrow_index_at(column, row)];
}

/* False where what the row holds cannot be a member's name. */
static bool read_named(const struct kithp_arrow_rows *rows, const struct kithp_arrow_column *column,
                       const struct kithp_arrow_known *dictionary, int64_t row, struct person *person)
{
    begin_person(person);
    if (!column)
        return true;
    uint32_t *known = known_of(column, dictionary, row);
    if (known && *known != NOT_LOOKED_UP) {
        if (*known >= FOUND)
            person->member = *known - FOUND;
        return *known != UNUSABLE;
    }
    person->name = kithp_arrow_get_text(column, row);
    bool usable = is_name(person->name);
    if (!usable || person->name.length == 0) {
        if (known)
            *known = usable ? EMPTY : UNUSABLE;
        return usable;
    }
    person->looked_up = false;
    person->known = known;
    person->key = kithp_members_key_of_name(&rows->engine->members, person->name);
    return true;
}

static bool read_numbered_person(const struct kithp_arrow_column *column, int64_t row, struct person *person)
{
    begin_person(person);
    if (!column)
        return true;
    switch (kithp_arrow_get_number(column, row, &person->key)) {
    case KITHP_ARROW_NULL:
        return true;
    case KITHP_ARROW_UNUSABLE:
        return false;
    case KITHP_ARROW_VALUE:
        break;
    }
    person->looked_up = false;
    return person->key != NOBODY;
}

static bool read_person(const struct kithp_arrow_rows *rows, enum kithp_field field, int64_t row, struct person *person)
{
    const struct kithp_arrow_column *column = column_of(rows, field);
    if (!rows->engine->members.named)
        return read_numbered_person(column, row, person);
    return read_named(rows, column, field == KITHP_MEMBER ? &rows->members : &rows->targets, row, person);
}

static bool is_somebody(const struct person *person)
{
    return !person->looked_up || person->member != KITHP_NOBODY;
}

/* An event, but for its members. */
static struct kithp_event event_at(const struct kithp_arrow_rows *rows, size_t at)
{
    const struct kithp_arrow_block *values = &rows->values;
    return (struct kithp_event){
        .time = values->times[at], .kind = values->kinds[at], .quantity = values->quantities[at]};
}

/* Why a row cannot be used, in the order of reasons; the values of its other columns have been read. */
static uint32_t check_row(const struct kithp_arrow_rows *rows, const struct kithp_add_bounds *bounds, int64_t row,
                          size_t at, struct people *people)
{
    struct kithp_event event = event_at(rows, at);
    if (!kithp_add_is_time(event.time))
        return KITH_REASON_TIME;
    bool member = read_person(rows, KITHP_MEMBER, row, &people->members[at]);
    bool target = read_person(rows, KITHP_TARGET, row, &people->targets[at]);
    if (!member || (target && !is_somebody(&people->members[at]) && !is_somebody(&people->targets[at])))
        return KITH_REASON_MEMBER;
    if (!target)
        return KITH_REASON_TARGET;
    return kithp_add_check(rows->engine, bounds, &event);
}

static bool find_person(const struct kithp_arrow_rows *rows, const struct person *person, uint32_t *member)
{
    struct kithp_members *members = &rows->engine->members;
    *member = person->member;
    if (person->looked_up)
        return true;
    if (!members->named)
        return kithp_members_find_id(members, person->key, member);
    if (!kithp_members_find_keyed(members, person->key, person->name, member))
        return false;
    if (person->known && *member <= UINT32_MAX - FOUND)
        *person->known = *member + FOUND;
    return true;
}

/* Asks for what finding the people of good rows will read. */
static void look_ahead(const struct kithp_arrow_rows *rows, const struct people *people, size_t count)
{
    if (!rows->engine->members.named)
        return;
    uint64_t keys[2 * KITHP_ADD_BLOCK];
    size_t key_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows->values.reasons[i] != KITH_REASON_NONE)
            continue;
        keys[key_count] = people->members[i].key;
        key_count += !people->members[i].looked_up;
        keys[key_count] = people->targets[i].key;
        key_count += !people->targets[i].looked_up;
    }
    kithp_members_prefetch(&rows->engine->members, keys, key_count);
}

/* The id of a row's event: text, or a number in digits. */
static kith_text id_of(const struct kithp_arrow_rows *rows, int64_t row, char room[KITHP_ARROW_SHOWN_ROOM])
{
    const struct kithp_arrow_column *column = column_of(rows, KITHP_ID);
    if (!column)
        return (kith_text){NULL, 0};
    return kithp_arrow_show(column, &rows->engine->figures.calendar, row, room);
}

/* Takes a good row as the next event of the block. False where there is no memory. */
static bool take_row(struct kithp_arrow_rows *rows, int64_t row, size_t at, const struct people *people,
                     struct kithp_add_block *block)
{
    struct kithp_event *event = &block->events[block->good];
    *event = event_at(rows, at);
    char room[KITHP_ARROW_SHOWN_ROOM];
    switch (kithp_engine_take_id(rows->engine, id_of(rows, row, room), event->time)) {
    case KITHP_ID_NO_MEMORY:
        return false;
    case KITHP_ID_KNOWN:
        rows->values.reasons[at] = KITH_REASON_SKIPPED;
        return true;
    case KITHP_ID_TAKEN:
        break;
    }
    block->good++;
    return find_person(rows, &people->members[at], &event->member) &&
           find_person(rows, &people->targets[at], &event->target);
}

static bool read_any(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block)
{
    struct kithp_arrow_rows *rows = call->read_context;
    uint8_t *reasons = rows->values.reasons;
    struct people people;
    size_t count = kithp_add_begin_block(call, begin, block);
    int64_t row;
    if (!reach(rows, begin, &row, &count))
        return false;
    for (int field = 0; field < KITHP_FIELDS; field++)
        if (rows->stream->there[field])
            kithp_arrow_look_ahead(&rows->batch->columns[field], row, count);
    read_times(rows, row, count);
    read_kinds(rows, row, count);
    read_quantities(rows, row, count);
    for (size_t i = 0; i < count; i++)
        reasons[i] = (uint8_t)check_row(rows, &call->bounds, row + (int64_t)i, i, &people);
    look_ahead(rows, &people, count);
    for (size_t i = 0; i < count; i++)
        if (reasons[i] == KITH_REASON_NONE && !take_row(rows, row + (int64_t)i, i, &people, block))
            return false;
    memcpy(block->reasons, reasons, count);
    block->looked_at = count;
    kithp_engine_plan(call->engine, &block->plan, block->events, block->good);
    return true;
}

void kithp_arrow_rows_set(struct kithp_arrow_rows *rows, uint64_t begin, struct kithp_add_call *call)
{
    bool has_ids = rows->stream->there[KITHP_ID];
    rows->begin = begin;
    call->engine = rows->engine;
    call->read = rows->engine->members.named || has_ids ? read_any : read_numbered;
    call->read_context = rows;
    call->plain = !has_ids;
    call->events = &rows->view;
    call->bounds = kithp_add_bounds(rows->engine);
}
