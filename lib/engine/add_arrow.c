/* SPDX-License-Identifier: MIT */
/* Events from an Arrow stream: a batch at a time, of which a block at a time is read from the columns and added. */
#include "arrow/stream.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/add_block.h"
#include "exports/row.h"

/* Rows whose reasons are kept until all of them are dealt with, and the refused ones are told. */
enum { SLICE = 1 << 20 };

/* No id of a member; as one, it cannot be used. */
#define NOBODY UINT64_MAX

/* What is known of the entries of a column's dictionary, so that each is looked up once a batch. */
enum { NOT_LOOKED_UP, UNUSABLE, EMPTY, FOUND /* and above: the number found */ };

struct dictionary {
    uint32_t *known;
    size_t capacity;
};

/* The values of a block's rows. */
struct values {
    int64_t times[KITHP_ADD_BLOCK]; /* -1 for none that can be used */
    uint32_t kinds[KITHP_ADD_BLOCK];
    uint32_t quantities[KITHP_ADD_BLOCK];
    uint64_t members[KITHP_ADD_BLOCK]; /* ids, where members are numbered */
    uint64_t targets[KITHP_ADD_BLOCK];
    uint8_t reasons[KITHP_ADD_BLOCK]; /* why a row cannot be used, as far as its columns tell */
};

/* One call of kith_engine_add_arrow(). */
struct run {
    kith_engine *engine;
    const kith_arrow *input;
    const char *name;
    kith_added *added;
    kith_error *error;
    struct kithp_arrow_stream stream;
    struct kithp_row_rules rules;
    struct dictionary kinds, members, targets;
    uint8_t *reasons; /* of a slice's rows */
    int64_t begin;    /* of the slice, in the batch */
    struct values values;
    kith_events view; /* of the values */
};

static const struct kithp_arrow_column *column_of(const struct run *run, enum kithp_field field)
{
    return run->stream.there[field] ? &run->stream.columns[field] : NULL;
}

/* ---- failures ---- */

static kith_status fail_stream(const struct run *run)
{
    const struct kithp_arrow_fault *fault = &run->stream.fault;
    struct kithp_place place = {.file = run->name, .line = fault->row, .field = kith_text_of(fault->field)};
    return kithp_fail(run->error, fault->status, &place, "%s", fault->words);
}

/* ---- dictionaries ---- */

/* Room for a column's dictionary, of which nothing is known yet. False where there is no memory. */
static bool open_dictionary(const struct run *run, const struct kithp_arrow_column *column,
                            struct dictionary *dictionary)
{
    if (!column || !column->has_dictionary)
        return true;
    size_t length = (size_t)column->dictionary.length;
    if (!kithp_alloc_grow(&run->engine->allocator, (void **)&dictionary->known, &dictionary->capacity, length,
                          sizeof *dictionary->known))
        return false;
    if (length > 0)
        memset(dictionary->known, 0, length * sizeof *dictionary->known);
    return true;
}

/* What is known of a row's entry, or NULL where it has none. */
static uint32_t *known_of(const struct kithp_arrow_column *column, const struct dictionary *dictionary, int64_t row)
{
    if (!column->has_dictionary || kithp_arrow_is_null(&column->rows, row))
        return NULL;
    return &dictionary->known[kithp_arrow_index_at(column, row)];
}

/* ---- columns ---- */

static uint32_t find_kind(const struct run *run, kith_text name)
{
    uint8_t kind;
    char few[KITHP_WORDS_BEHIND] = {0};
    kith_text padded = name;
    if (name.length > 0 && name.length < sizeof few) {
        memcpy(few, name.data, name.length);
        padded.data = few;
    }
    bool found = kithp_kinds_find(&run->rules.names, padded.data, (size_t)name.length, &kind) ||
                 (name.length > 16 && kithp_row_rules_find_kind(&run->rules, name, &kind));
    return found ? kind : run->engine->figures.kind_count;
}

static void read_kinds(struct run *run, int64_t row, size_t count)
{
    const struct kithp_arrow_column *column = column_of(run, KITHP_KIND);
    for (size_t i = 0; i < count; i++) {
        uint32_t *known = known_of(column, &run->kinds, row + (int64_t)i);
        if (known && *known != NOT_LOOKED_UP) {
            run->values.kinds[i] = *known - FOUND;
            continue;
        }
        run->values.kinds[i] = find_kind(run, kithp_arrow_get_text(column, row + (int64_t)i));
        if (known)
            *known = run->values.kinds[i] + FOUND;
    }
}

static void read_quantities(struct run *run, int64_t row, size_t count)
{
    const struct kithp_arrow_column *column = column_of(run, KITHP_QUANTITY);
    if (!column) {
        for (size_t i = 0; i < count; i++)
            run->values.quantities[i] = 1;
        return;
    }
    uint64_t numbers[KITHP_ADD_BLOCK];
    uint8_t outcomes[KITHP_ADD_BLOCK];
    (void)kithp_arrow_get_numbers(column, row, count, 1, numbers, outcomes);
    for (size_t i = 0; i < count; i++) {
        bool usable = outcomes[i] != KITHP_ARROW_UNUSABLE && numbers[i] <= KITHP_QUANTITY_MOST;
        run->values.quantities[i] = usable ? (uint32_t)numbers[i] : 0;
    }
}

/* Ids of members. What cannot be one is a reason, unless the row has one that comes before it. */
static void read_ids(struct run *run, enum kithp_field field, uint8_t reason, int64_t row, size_t count, uint64_t *ids)
{
    const struct kithp_arrow_column *column = column_of(run, field);
    uint8_t outcomes[KITHP_ADD_BLOCK];
    for (size_t i = 0; !column && i < count; i++)
        ids[i] = NOBODY;
    if (!column)
        return;
    unsigned all = kithp_arrow_get_numbers(column, row, count, NOBODY, ids, outcomes);
    for (size_t i = 0; i < count; i++)
        if ((all & KITHP_ARROW_UNUSABLE && outcomes[i] == KITHP_ARROW_UNUSABLE) ||
            (ids[i] == NOBODY && outcomes[i] == KITHP_ARROW_VALUE))
            run->values.reasons[i] = run->values.reasons[i] == KITH_REASON_NONE ? reason : run->values.reasons[i];
}

/* ---- blocks of numbered members, without ids of events ---- */

/* Rows that cannot be used for what they say of members are given a time that cannot, and their reason afterwards. */
static void hide_refused(struct values *values, size_t count)
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
    struct run *run = call->read_context;
    size_t count = kithp_add_begin_block(call, begin, block);
    int64_t row = run->begin + (int64_t)begin;
    memset(run->values.reasons, KITH_REASON_NONE, count);
    kithp_arrow_get_times(column_of(run, KITHP_TIME), &run->engine->figures.calendar, row, count, run->values.times);
    read_ids(run, KITHP_MEMBER, KITH_REASON_MEMBER, row, count, run->values.members);
    read_ids(run, KITHP_TARGET, KITH_REASON_TARGET, row, count, run->values.targets);
    read_kinds(run, row, count);
    read_quantities(run, row, count);
    hide_refused(&run->values, count);
    if (!kithp_add_read_some(call, 0, count, block))
        return false;
    for (size_t i = 0; i < count; i++)
        if (run->values.reasons[i] != KITH_REASON_NONE)
            block->reasons[i] = run->values.reasons[i];
    return true;
}

/* ---- blocks of named members, or with ids of events ---- */

/* Whom a row names, as far as that is known before anybody is looked for. */
struct person {
    kith_text name;
    uint64_t key;    /* of the name, or the id */
    uint32_t member; /* KITHP_NOBODY, or who it is if `looked_up` */
    bool looked_up;
    uint32_t *known; /* where to note who it is, or NULL */
};

struct people {
    struct person members[KITHP_ADD_BLOCK];
    struct person targets[KITHP_ADD_BLOCK];
};

static bool is_name(kith_text name)
{
    return name.length <= KITHP_MEMBER_NAME_MOST && kithp_text_is_utf8(name);
}

/* False where what the row holds cannot be a member's name. */
static bool read_named(const struct run *run, const struct kithp_arrow_column *column,
                       const struct dictionary *dictionary, int64_t row, struct person *person)
{
    *person = (struct person){.member = KITHP_NOBODY, .looked_up = true};
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
    person->key = kithp_members_key_of_name(&run->engine->members, person->name);
    return true;
}

static bool read_numbered_person(const struct kithp_arrow_column *column, int64_t row, struct person *person)
{
    *person = (struct person){.member = KITHP_NOBODY, .looked_up = true};
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

static bool read_person(const struct run *run, enum kithp_field field, int64_t row, struct person *person)
{
    const struct kithp_arrow_column *column = column_of(run, field);
    if (!run->engine->members.named)
        return read_numbered_person(column, row, person);
    return read_named(run, column, field == KITHP_MEMBER ? &run->members : &run->targets, row, person);
}

static bool is_somebody(const struct person *person)
{
    return !person->looked_up || person->member != KITHP_NOBODY;
}

/* Why a row cannot be used, in the order of reasons; its values and people are read. */
static uint32_t check_row(const struct run *run, const struct kithp_add_bounds *bounds, int64_t row, size_t at,
                          struct people *people, struct kithp_event *event)
{
    *event = (struct kithp_event){
        .time = run->values.times[at],
        .kind = run->values.kinds[at],
        .quantity = run->values.quantities[at],
    };
    if (!kithp_add_is_time(event->time))
        return KITH_REASON_TIME;
    bool member = read_person(run, KITHP_MEMBER, row, &people->members[at]);
    bool target = read_person(run, KITHP_TARGET, row, &people->targets[at]);
    if (!member || (target && !is_somebody(&people->members[at]) && !is_somebody(&people->targets[at])))
        return KITH_REASON_MEMBER;
    if (!target)
        return KITH_REASON_TARGET;
    return kithp_add_check(run->engine, bounds, event);
}

static bool find_person(const struct run *run, const struct person *person, uint32_t *member)
{
    struct kithp_members *members = &run->engine->members;
    *member = person->member;
    if (person->looked_up)
        return true;
    if (!members->named)
        return kithp_members_find_id(members, person->key, member);
    if (!kithp_members_find_keyed(members, person->key, person->name, member))
        return false;
    if (person->known)
        *person->known = *member + FOUND;
    return true;
}

/* Asks for what finding the people of good rows will read. */
static void look_ahead(const struct run *run, const struct people *people, size_t count)
{
    if (!run->engine->members.named)
        return;
    uint64_t keys[2 * KITHP_ADD_BLOCK];
    size_t key_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (run->values.reasons[i] != KITH_REASON_NONE)
            continue;
        keys[key_count] = people->members[i].key;
        key_count += !people->members[i].looked_up;
        keys[key_count] = people->targets[i].key;
        key_count += !people->targets[i].looked_up;
    }
    kithp_members_prefetch(&run->engine->members, keys, key_count);
}

enum { ID_ROOM = 32 };

/* The id of a row's event: text, or a number in digits. */
static kith_text id_of(const struct run *run, int64_t row, char room[KITHP_ARROW_SHOWN_ROOM])
{
    const struct kithp_arrow_column *column = column_of(run, KITHP_ID);
    if (!column)
        return (kith_text){NULL, 0};
    return kithp_arrow_show(column, &run->engine->figures.calendar, row, room);
}

/* Takes a good row as the next event of the block. False where there is no memory. */
static bool take_row(struct run *run, int64_t row, size_t at, const struct people *people,
                     struct kithp_add_block *block)
{
    struct kithp_event *event = &block->events[block->good];
    char room[KITHP_ARROW_SHOWN_ROOM];
    switch (kithp_engine_take_id(run->engine, id_of(run, row, room), event->time)) {
    case KITHP_ID_NO_MEMORY:
        return false;
    case KITHP_ID_KNOWN:
        run->values.reasons[at] = KITH_REASON_SKIPPED;
        return true;
    case KITHP_ID_TAKEN:
        break;
    }
    block->good++;
    return find_person(run, &people->members[at], &event->member) &&
           find_person(run, &people->targets[at], &event->target);
}

static bool read_any(struct kithp_add_call *call, uint64_t begin, struct kithp_add_block *block)
{
    struct run *run = call->read_context;
    struct people people;
    struct kithp_event events[KITHP_ADD_BLOCK];
    size_t count = kithp_add_begin_block(call, begin, block);
    int64_t row = run->begin + (int64_t)begin;
    kithp_arrow_get_times(column_of(run, KITHP_TIME), &run->engine->figures.calendar, row, count, run->values.times);
    read_kinds(run, row, count);
    read_quantities(run, row, count);
    for (size_t i = 0; i < count; i++)
        run->values.reasons[i] = (uint8_t)check_row(run, &call->bounds, row + (int64_t)i, i, &people, &events[i]);
    look_ahead(run, &people, count);
    for (size_t i = 0; i < count; i++) {
        if (run->values.reasons[i] != KITH_REASON_NONE)
            continue;
        block->events[block->good] = events[i];
        if (!take_row(run, row + (int64_t)i, i, &people, block))
            return false;
    }
    memcpy(block->reasons, run->values.reasons, count);
    block->looked_at = count;
    kithp_engine_plan(call->engine, &block->plan, block->events, block->good);
    return true;
}

/* ---- rejects ---- */

static enum kithp_field field_of(uint32_t reason)
{
    switch (reason) {
    case KITH_REASON_MEMBER:
        return KITHP_MEMBER;
    case KITH_REASON_TARGET:
        return KITHP_TARGET;
    case KITH_REASON_KIND:
        return KITHP_KIND;
    case KITH_REASON_QUANTITY:
        return KITHP_QUANTITY;
    default:
        return KITHP_TIME;
    }
}

static bool tell_reject(const struct run *run, int64_t row, uint32_t reason)
{
    enum kithp_field field = field_of(reason);
    const struct kithp_arrow_column *column = column_of(run, field);
    char room[KITHP_ARROW_SHOWN_ROOM];
    kith_reject told = {
        .size = sizeof told,
        .reason = reason,
        .line = run->stream.row + (uint64_t)row + 1,
        .file = kith_text_of(run->name),
        .column = kith_text_of(run->stream.headers[field]),
    };
    if (column)
        told.value = kithp_arrow_show(column, &run->engine->figures.calendar, row, room);
    return run->input->reject(run->input->reject_context, &told) == 0;
}

/* The refused rows of a slice, as far as it has been dealt with. False where that is to be the end. */
static bool tell_rejects(const struct run *run, uint64_t read)
{
    for (uint64_t i = 0; run->input->reject && i < read; i++) {
        uint32_t reason = run->reasons[i];
        if (reason != KITH_REASON_NONE && reason != KITH_REASON_SKIPPED &&
            !tell_reject(run, run->begin + (int64_t)i, reason))
            return false;
    }
    return true;
}

/* ---- the whole ---- */

static void count_slice(kith_added *sum, const kith_added *more)
{
    sum->read += more->read;
    sum->taken += more->taken;
    sum->rejected += more->rejected;
    sum->skipped += more->skipped;
    for (unsigned reason = 0; reason < KITH_REASONS; reason++)
        sum->rejected_by_reason[reason] += more->rejected_by_reason[reason];
}

/* Adds rows of the batch from run->begin on. */
static kith_status add_slice(struct run *run, int64_t count)
{
    bool has_ids = column_of(run, KITHP_ID) != NULL;
    kith_added own = {.reasons = run->reasons};
    struct kithp_add_call call = {
        .engine = run->engine,
        .count = (uint64_t)count,
        .read = run->engine->members.named || has_ids ? read_any : read_numbered,
        .read_context = run,
        .plain = !has_ids,
        .events = &run->view,
        .done = run->added->read,
        .added = &own,
        .error = run->error,
        .bounds = kithp_add_bounds(run->engine),
    };
    if (!kithp_arrow_stream_check(&run->stream, run->begin, count))
        return fail_stream(run);
    kith_status status = kithp_add_all(&call);
    count_slice(run->added, &own);
    if (!tell_rejects(run, own.read) && status == KITH_OK)
        return kithp_fail(run->error, KITH_CANCELLED, NULL, "cancelled");
    return status;
}

static kith_status add_batch(struct run *run, int64_t rows)
{
    if (!open_dictionary(run, column_of(run, KITHP_KIND), &run->kinds) ||
        !open_dictionary(run, column_of(run, KITHP_MEMBER), &run->members) ||
        !open_dictionary(run, column_of(run, KITHP_TARGET), &run->targets))
        return kithp_fail_memory(run->error);
    kith_status status = KITH_OK;
    for (run->begin = 0; run->begin < rows && status == KITH_OK; run->begin += SLICE)
        status = add_slice(run, rows - run->begin < SLICE ? rows - run->begin : SLICE);
    return status;
}

/* Whether the columns that name members are what the engine knows them by. */
static kith_status check_members(struct run *run)
{
    bool named = run->engine->members.named;
    static const enum kithp_field fields[] = {KITHP_MEMBER, KITHP_TARGET};
    for (unsigned i = 0; i < 2; i++) {
        const struct kithp_arrow_column *column = column_of(run, fields[i]);
        const struct kithp_arrow_type *type = column ? kithp_arrow_column_type(column) : NULL;
        if (!type || type->sort == KITHP_ARROW_NOTHING || kithp_arrow_is_text(type) == named)
            continue;
        struct kithp_place place = {.file = run->name, .field = kith_text_of(run->stream.headers[fields[i]])};
        return kithp_fail(run->error, KITH_BAD_EXPORT, &place,
                          named ? "expected text, as the engine knows its members by name"
                                : "expected whole numbers, as the engine knows its members by number");
    }
    return KITH_OK;
}

static kith_status add_batches(struct run *run)
{
    kith_status status = check_members(run);
    int64_t rows;
    while (status == KITH_OK && kithp_arrow_stream_next(&run->stream, &rows))
        status = add_batch(run, rows);
    return status == KITH_OK && run->stream.fault.status != KITH_OK ? fail_stream(run) : status;
}

static kith_status add_stream(struct run *run)
{
    const kith_allocator *allocator = &run->engine->allocator;
    if (!kithp_arrow_stream_find(&run->stream))
        return fail_stream(run);
    run->reasons = kithp_alloc_array(allocator, SLICE, sizeof *run->reasons);
    bool ready = run->reasons && kithp_row_rules_init(&run->rules, allocator, &run->engine->figures, 0, 0);
    kith_status status = ready ? add_batches(run) : kithp_fail_memory(run->error);
    if (ready)
        kithp_row_rules_free(&run->rules);
    kithp_alloc_free(allocator, run->reasons);
    kithp_alloc_free(allocator, run->kinds.known);
    kithp_alloc_free(allocator, run->members.known);
    kithp_alloc_free(allocator, run->targets.known);
    return status;
}

static kith_status read_input(kith_arrow *read, const kith_arrow *input, kith_error *error)
{
    kith_status status = kithp_versioned_read(read, sizeof *read, input, sizeof *read, "input", error);
    if (status == KITH_OK && !read->stream)
        return kithp_fail_argument(error, "input.stream", "must not be NULL");
    return status;
}

static kith_status check_call(const kith_engine *engine, const kith_arrow *input, const kith_added *added,
                              kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    if (input->reserved != 0)
        return kithp_fail_argument(error, "input.reserved", "expected 0");
    return added ? kithp_versioned_check(added, sizeof *added, "added", error) : KITH_OK;
}

kith_status kith_engine_add_arrow(kith_engine *engine, const kith_arrow *input, kith_added *added, kith_error *error)
{
    kith_arrow read;
    kith_status status = read_input(&read, input, error);
    if (status != KITH_OK)
        return status;
    kith_added own = {.reasons = NULL};
    struct run run = {.engine = engine, .input = &read, .added = &own, .error = error};
    run.name = read.name ? read.name : "arrow";
    run.view = (kith_events){
        .time = run.values.times,
        .member = run.values.members,
        .kind = run.values.kinds,
        .target = run.values.targets,
        .quantity = run.values.quantities,
        .time_stride = sizeof *run.values.times,
        .member_stride = sizeof *run.values.members,
        .kind_stride = sizeof *run.values.kinds,
        .target_stride = sizeof *run.values.targets,
        .quantity_stride = sizeof *run.values.quantities,
        .nobody = NOBODY,
    };
    kithp_arrow_stream_begin(&run.stream, &read);
    status = check_call(engine, &read, added, error);
    if (status == KITH_OK) {
        status = add_stream(&run);
        if (added)
            kithp_versioned_write(added, &own, sizeof own);
    }
    kithp_arrow_stream_end(&run.stream);
    return status;
}

kith_status kith_arrow_get_members(const kith_arrow *input, uint32_t *members, kith_error *error)
{
    kith_arrow read;
    kith_status status = read_input(&read, input, error);
    if (status != KITH_OK)
        return status;
    if (!members)
        return kithp_fail_argument(error, "members", "must not be NULL");
    struct run run = {.error = error, .name = read.name ? read.name : "arrow"};
    struct ArrowArrayStream lent = *read.stream;
    read.stream = &lent;
    kithp_arrow_stream_begin(&run.stream, &read);
    bool found = kithp_arrow_stream_find(&run.stream);
    if (!found)
        return fail_stream(&run);
    const struct kithp_arrow_type *type = kithp_arrow_column_type(&run.stream.columns[KITHP_MEMBER]);
    /* Of members that are all null, targets tell. */
    if (type->sort == KITHP_ARROW_NOTHING && run.stream.there[KITHP_TARGET])
        type = kithp_arrow_column_type(&run.stream.columns[KITHP_TARGET]);
    *members = kithp_arrow_is_number(type) ? KITH_NUMBERED : KITH_NAMED;
    return KITH_OK;
}
