/* SPDX-License-Identifier: MIT */
#include "slow_csv.h"

enum { FIELDS = 6, COLUMNS_MOST = 64, TIME = 0, MEMBER, KIND, TARGET, QUANTITY, ID };

static const char *const names[FIELDS] = {"time", "member", "kind", "target", "quantity", "id"};

struct row {
    kith_text fields[COLUMNS_MOST]; /* unquoted, each in memory of its own */
    size_t count;                   /* may be more than there is room for */
    bool quote;                     /* stray, or never closed */
    uint64_t line;
};

struct slow {
    kith_text text;
    size_t at;
    uint64_t line;
    char delimiter;
    size_t columns;
    size_t places[FIELDS]; /* of the fields, plus one; 0 for none */
    const kith_policy *policy;
    kith_engine *engine;
    uint64_t counts[KITH_REASONS];
    uint64_t skipped;
    uint64_t taken;
    kith_text *ids; /* taken so far */
    size_t id_count;
};

static bool ends_at(const struct slow *slow, size_t at)
{
    return at >= slow->text.length;
}

/* Where the line that begins at `at` ends, its LF not included. */
static size_t line_end(const struct slow *slow, size_t at)
{
    while (!ends_at(slow, at) && slow->text.data[at] != '\n')
        at++;
    return at;
}

static void add_field(struct row *row, const struct fuzz_made *made)
{
    if (row->count < COLUMNS_MOST)
        row->fields[row->count] = (kith_text){fuzz_string(fuzz_text_of(made)), made->length};
    row->count++;
}

static void free_row(struct row *row)
{
    for (size_t i = 0; i < row->count && i < COLUMNS_MOST; i++)
        free((char *)(uintptr_t)row->fields[i].data);
}

/* Whether the row ends here: at an LF, a CR with LF or the end behind it, or the end. Sets behind, too. */
static bool row_ends(const struct slow *slow, size_t at, size_t *behind)
{
    size_t next = !ends_at(slow, at) && slow->text.data[at] == '\r' ? at + 1 : at;
    if (!ends_at(slow, next) && slow->text.data[next] != '\n')
        return false;
    *behind = ends_at(slow, next) ? next : next + 1;
    return true;
}

/* A field in quotes, whose first one is at `at`: set behind its last. False where there is none, or a stray one. */
static bool read_quoted(const struct slow *slow, size_t *at, struct fuzz_made *field)
{
    for (size_t i = *at + 1; !ends_at(slow, i); i++) {
        if (slow->text.data[i] != '"') {
            fuzz_write(field, slow->text.data + i, 1);
            continue;
        }
        if (!ends_at(slow, i + 1) && slow->text.data[i + 1] == '"') {
            fuzz_write(field, "\"", 1);
            i++;
            continue;
        }
        *at = i + 1;
        return true;
    }
    return false;
}

/* False where it holds a quote. */
static bool read_bare(const struct slow *slow, size_t *at, struct fuzz_made *field)
{
    size_t behind;
    for (; !row_ends(slow, *at, &behind) && slow->text.data[*at] != slow->delimiter; ++*at) {
        if (slow->text.data[*at] == '"')
            return false;
        fuzz_write(field, slow->text.data + *at, 1);
    }
    return true;
}

/* Reads a row that begins at *at, up to behind its end; false where a quote is wrong. */
static bool read_fields(const struct slow *slow, size_t *at, struct row *row)
{
    for (;;) {
        struct fuzz_made field = {0};
        bool quoted = !ends_at(slow, *at) && slow->text.data[*at] == '"';
        bool good = quoted ? read_quoted(slow, at, &field) : read_bare(slow, at, &field);
        if (good)
            add_field(row, &field);
        fuzz_made_free(&field);
        if (!good)
            return false;
        size_t behind;
        if (row_ends(slow, *at, &behind)) {
            *at = behind;
            return true;
        }
        if (slow->text.data[*at] != slow->delimiter)
            return false;
        ++*at;
    }
}

/* The next row that is not an empty line; false at the end. Of a row with a wrong quote, its first line is left out. */
static bool next_row(struct slow *slow, struct row *row)
{
    for (size_t behind; !ends_at(slow, slow->at) && row_ends(slow, slow->at, &behind); slow->line++)
        slow->at = behind;
    if (ends_at(slow, slow->at))
        return false;
    *row = (struct row){.line = slow->line};
    size_t begin = slow->at;
    row->quote = !read_fields(slow, &slow->at, row);
    if (row->quote) {
        size_t end = line_end(slow, begin);
        slow->at = ends_at(slow, end) ? end : end + 1;
    }
    for (size_t i = begin; i < slow->at; i++)
        slow->line += slow->text.data[i] == '\n';
    return true;
}

static char find_delimiter(const struct slow *slow)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t at = slow->at, behind, counts[4] = {0};
    while (!ends_at(slow, at) && row_ends(slow, at, &behind))
        at = behind;
    for (size_t end = line_end(slow, at); at < end; at++)
        for (unsigned i = 0; i < 4; i++)
            counts[i] += slow->text.data[at] == candidates[i];
    unsigned best = 0;
    for (unsigned i = 1; i < 4; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

/* False where the export cannot be read. */
static bool read_header(struct slow *slow)
{
    struct row row;
    if (!next_row(slow, &row))
        return false;
    bool good = !row.quote && row.count <= COLUMNS_MOST;
    for (size_t i = 0; good && i < row.count; i++) {
        for (size_t k = 0; k < i; k++)
            good = good && !fuzz_same_text(row.fields[i], row.fields[k]);
        for (unsigned field = 0; field < FIELDS; field++)
            if (fuzz_same_text(row.fields[i], kith_text_of(names[field])))
                slow->places[field] = i + 1;
    }
    slow->columns = row.count;
    free_row(&row);
    return good && slow->places[TIME] && slow->places[MEMBER] && slow->places[KIND];
}

static kith_text field_of(const struct slow *slow, const struct row *row, unsigned field)
{
    return slow->places[field] ? row->fields[slow->places[field] - 1] : (kith_text){"", 0};
}

static bool read_quantity(kith_text text, uint32_t *quantity)
{
    uint64_t value = text.length ? 0 : 1;
    if (text.length > 10)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = 10 * value + (uint64_t)(text.data[i] - '0');
    }
    *quantity = (uint32_t)value;
    return value >= 1 && value <= 1000000000;
}

static bool is_name(kith_text text)
{
    return text.length <= 255 && fuzz_is_utf8(text);
}

/* What is wrong with it, in the order of reasons. */
static uint32_t make_event(const struct slow *slow, const struct row *row, kith_event *event)
{
    if (kith_policy_parse_time(slow->policy, field_of(slow, row, TIME), &event->time, NULL) != KITH_OK ||
        event->time < 0 || event->time > INT64_C(253370764799))
        return KITH_REASON_TIME;
    event->member_name = field_of(slow, row, MEMBER);
    event->target_name = field_of(slow, row, TARGET);
    if (!is_name(event->member_name) || event->member_name.length + event->target_name.length == 0)
        return KITH_REASON_MEMBER;
    if (!is_name(event->target_name))
        return KITH_REASON_TARGET;
    if (kith_policy_find_kind(slow->policy, field_of(slow, row, KIND), &event->kind, NULL) != KITH_OK)
        return KITH_REASON_KIND;
    if (!read_quantity(field_of(slow, row, QUANTITY), &event->quantity))
        return KITH_REASON_QUANTITY;
    return KITH_REASON_NONE;
}

static bool is_known(const struct slow *slow, kith_text id)
{
    for (size_t i = 0; i < slow->id_count; i++)
        if (fuzz_same_text(slow->ids[i], id))
            return true;
    return false;
}

static void keep_id(struct slow *slow, kith_text id)
{
    slow->ids = realloc(slow->ids, (slow->id_count + 1) * sizeof *slow->ids);
    MUST(slow->ids);
    slow->ids[slow->id_count++] = (kith_text){fuzz_string(id), id.length};
}

/* An event of no use, so that the engine has counted as many as were refused. */
static void refuse(struct slow *slow, uint32_t reason)
{
    const kith_event event = {
        .size = sizeof event, .kind = KITH_KIND_LEAVE, .time = -1, .quantity = 1, .member_name = kith_text_of("a")};
    MUST(kith_engine_add_event(slow->engine, &event, NULL) == KITH_REFUSED);
    slow->counts[reason]++;
}

static void add_row(struct slow *slow, const struct row *row)
{
    if (row->quote || row->count != slow->columns) {
        refuse(slow, row->quote ? KITH_REASON_QUOTE : KITH_REASON_FIELDS);
        return;
    }
    kith_event event = {.size = sizeof event, .event_id = field_of(slow, row, ID)};
    uint32_t reason = make_event(slow, row, &event);
    if (reason != KITH_REASON_NONE) {
        refuse(slow, reason);
        return;
    }
    if (event.event_id.length && is_known(slow, event.event_id)) {
        MUST(kith_engine_add_event(slow->engine, &event, NULL) == KITH_OK);
        slow->skipped++;
        return;
    }
    MUST(kith_engine_add_event(slow->engine, &event, NULL) == KITH_OK);
    slow->taken++;
    if (event.event_id.length)
        keep_id(slow, event.event_id);
}

static void compare(const struct slow *slow, const struct fuzz_outcome *outcome)
{
    MUST(outcome->status == KITH_OK);
    MUST(outcome->added.taken == slow->taken);
    MUST(outcome->added.skipped == slow->skipped);
    for (unsigned i = 0; i < KITH_REASONS; i++)
        MUST(outcome->added.rejected_by_reason[i] == slow->counts[i]);
    struct fuzz_made bytes = fuzz_bytes_of(slow->engine, (kith_text){NULL, 0});
    MUST(fuzz_same(&bytes, &outcome->bytes));
    fuzz_made_free(&bytes);
}

bool fuzz_is_other(kith_text text)
{
    char first = fuzz_first(text);
    return first == '{' || first == '[';
}

void fuzz_check_slowly(const struct fuzz_export *input, const struct fuzz_outcome *outcome)
{
    kith_text text = input->text;
    if ((!input->delimiter && fuzz_is_other(text)) || (text.length >= 2 && memcmp(text.data, "\x1F\x8B", 2) == 0))
        return;
    const kith_engine_options options = fuzz_options(KITH_NAMED, 1);
    struct slow slow = {
        .text = text,
        .at = text.length >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0,
        .line = 1,
        .policy = input->policy,
    };
    slow.delimiter = input->delimiter ? (char)input->delimiter : find_delimiter(&slow);
    if (!read_header(&slow)) {
        MUST(outcome->status == KITH_BAD_EXPORT || slow.columns > COLUMNS_MOST);
        return;
    }
    slow.engine = fuzz_engine(input->policy, &options);
    for (struct row row; next_row(&slow, &row); free_row(&row))
        add_row(&slow, &row);
    compare(&slow, outcome);
    kith_engine_free(slow.engine);
    for (size_t i = 0; i < slow.id_count; i++)
        free((char *)(uintptr_t)slow.ids[i].data);
    free(slow.ids);
}
