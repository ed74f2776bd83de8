/* SPDX-License-Identifier: MIT */
#include "exports/quick.h"

#include "base/alloc.h"
#include "base/text.h"
#include "tally/event.h"
#include "tally/members.h"

/* Half the first-level cache of most processors, as places take about as much. */
enum { STRETCH = 1 << 14 };

bool kithp_quick_init(struct kithp_quick *quick, const kith_allocator *allocator, const struct kithp_row_rules *rules,
                      const struct kithp_columns *columns)
{
    *quick = (struct kithp_quick){
        .allocator = allocator, .rules = rules, .columns = columns, .way = kithp_scan_best(), .next = 1};
    kithp_times_init(&quick->times, &rules->figures->calendar, rules->earliest, rules->latest);
    quick->places = kithp_alloc_array(allocator, 1 + STRETCH + KITHP_SCAN_ROOM, sizeof *quick->places);
    return quick->places != NULL;
}

void kithp_quick_free(struct kithp_quick *quick)
{
    kithp_alloc_free(quick->allocator, quick->places);
    quick->places = NULL;
}

void kithp_quick_begin(struct kithp_quick *quick)
{
    quick->begin = quick->end = 0;
    quick->next = quick->ready = quick->raw = quick->count = 1;
}

static size_t rows_left(const struct kithp_quick *quick)
{
    return (quick->ready - quick->next) / quick->columns->count;
}

/* Passes over the places of rows that were read elsewhere. */
static void pass_to(struct kithp_quick *quick, size_t at)
{
    while (quick->next < quick->ready && quick->begin + quick->places[quick->next] < at)
        quick->next++;
    if (quick->next == quick->ready) {
        while (quick->raw < quick->count && quick->begin + quick->places[quick->raw] < at)
            quick->raw++;
        quick->next = quick->ready = quick->raw;
    }
    quick->places[quick->next - 1] = (uint32_t)(at - quick->begin - 1);
}

/* ---- quotes ---- */

enum ended { ENDED_HERE, ENDED_ODDLY, ENDED_TEXT };

/*
 * Finds the end of the field that begins at a byte of the stretch, from the place *at on; that of a quoted one lies
 * behind its closing quote. Sets *at to the place of the end.
 */
static enum ended end_field(const struct kithp_quick *quick, const char *stretch, uint32_t begin, size_t *at)
{
    const uint32_t *places = quick->places;
    if (*at == quick->count)
        return ENDED_TEXT;
    if (stretch[places[*at]] != '"')
        return ENDED_HERE;
    if (places[*at] != begin)
        return ENDED_ODDLY;
    size_t close = *at + 1;
    while (close < quick->count && stretch[places[close]] != '"' && stretch[places[close]] != '\n')
        close++;
    if (close + 1 >= quick->count)
        return ENDED_TEXT;
    if (stretch[places[close]] == '\n')
        return ENDED_ODDLY;
    *at = close + 1;
    uint32_t behind = places[close] + 1;
    bool returns = stretch[behind] == '\r' && stretch[behind + 1] == '\n';
    return places[*at] == behind + returns ? ENDED_HERE : ENDED_ODDLY;
}

/* Of the row at *at. The places of its fields' ends are moved up behind those that are ready. */
static enum ended end_row(struct kithp_quick *quick, const char *stretch, size_t *at)
{
    size_t columns = quick->columns->count;
    uint32_t *ends = quick->places + quick->ready;
    for (size_t i = 0; i < columns; i++) {
        enum ended ended = end_field(quick, stretch, ends[(ptrdiff_t)i - 1] + 1, at);
        if (ended != ENDED_HERE)
            return ended;
        char expected = i + 1 < columns ? quick->columns->delimiter : '\n';
        if (stretch[quick->places[*at]] != expected)
            return ENDED_ODDLY;
        ends[i] = quick->places[(*at)++];
    }
    return ENDED_HERE;
}

/* Makes rows ready, up to an odd one, or the end of the stretch. */
static void make_ready(struct kithp_quick *quick, const char *stretch)
{
    enum ended ended;
    while ((ended = end_row(quick, stretch, &quick->raw)) == ENDED_HERE)
        quick->ready += quick->columns->count;
    if (ended == ENDED_ODDLY)
        quick->odd = quick->begin + (size_t)(quick->places[quick->ready - 1] + 1U);
    else
        quick->raw = quick->count;
}

/* ---- a stretch ---- */

/*
 * Whether every row has as many fields as the header, which is cheaper to find out for all of them: as many line feeds
 * as rows, each in its place, leave delimiters alone for the other places.
 */
static bool is_regular(const struct kithp_quick *quick, const char *stretch, size_t lines)
{
    size_t columns = quick->columns->count, rows = rows_left(quick);
    if (lines != rows)
        return false;
    unsigned differs = 0;
    for (size_t i = 1; i <= rows; i++)
        differs |= (unsigned char)(stretch[quick->places[i * columns]] ^ '\n');
    return differs == 0;
}

static void scan_stretch(struct kithp_quick *quick, kith_text text, size_t at)
{
    size_t left = text.length - at;
    uint32_t length = left < STRETCH ? (uint32_t)left : STRETCH;
    struct kithp_scan scan =
        kithp_scan(quick->way, text.data + at, length, quick->columns->delimiter, quick->places + 1);
    quick->begin = at;
    quick->end = at + length;
    quick->count = 1 + scan.count;
    quick->next = 1;
    quick->ready = quick->raw = scan.quotes ? 1 : quick->count;
    quick->ascii = scan.ascii;
    quick->quotes = scan.quotes;
    quick->odd = SIZE_MAX;
    quick->places[0] = UINT32_MAX;
    if (scan.quotes)
        make_ready(quick, text.data + at);
    quick->regular = scan.quotes || is_regular(quick, text.data + at, scan.lines);
}

size_t kithp_quick_look(struct kithp_quick *quick, kith_text text, size_t at)
{
    if (at < quick->end) {
        pass_to(quick, at);
        if (rows_left(quick) == 0 && quick->quotes && at != quick->odd)
            make_ready(quick, text.data + quick->begin);
        if (rows_left(quick) > 0 || at == quick->odd)
            return rows_left(quick);
    }
    scan_stretch(quick, text, at);
    return rows_left(quick);
}

/* ---- rows ---- */

/*
 * Rows are read field by field, each of all rows before the next: of loops that are so short, a processor does several
 * turns at once. Each loop returns at how many rows it had to stop.
 */
struct rows {
    const char *text;     /* from which ends are counted */
    const uint32_t *ends; /* of the fields of all rows, and before them that of the row before */
    size_t columns;
    char delimiter;
    bool quotes;
};

struct span {
    const char *data;
    uint32_t length;
};

/* A column's fields, row by row. */
struct column {
    const char *text;
    const uint32_t *end;
    size_t step;
    bool last;   /* a CR may stand behind its fields */
    bool quotes; /* and there may be quotes around them */
};

/* Nothing but empty fields for a column that is not there. */
static struct column column_of(const struct rows *rows, size_t place)
{
    static const uint32_t nowhere[2] = {UINT32_MAX, 0};
    if (place == KITHP_NO_COLUMN)
        return (struct column){rows->text, nowhere + 1, 0, false, false};
    return (struct column){rows->text, rows->ends + place, rows->columns, place == rows->columns - 1, rows->quotes};
}

static inline struct span take_field(struct column *column)
{
    uint32_t begin = column->end[-1] + 1, end = *column->end;
    if (column->last)
        end -= column->text[end - 1] == '\r';
    if (column->quotes && column->text[begin] == '"') {
        begin++;
        end--;
    }
    column->end += column->step;
    return (struct span){column->text + begin, end - begin};
}

/* Rows between whose ends are delimiters, with a line feed behind the last one. */
static size_t check_rows(const struct rows *rows, size_t count)
{
    const uint32_t *end = rows->ends;
    for (size_t row = 0; row < count; row++) {
        unsigned differs = 0;
        for (size_t i = 1; i < rows->columns; i++)
            differs |= (unsigned char)(rows->text[*end++] ^ rows->delimiter);
        if ((differs | (unsigned char)(rows->text[*end++] ^ '\n')) != 0)
            return row;
    }
    return count;
}

static size_t read_times(struct column column, size_t count, struct kithp_times *times, struct kithp_row_event *events)
{
    /* Of this loop alone, so that it need not be read again behind each time that is written. */
    struct kithp_times known = *times;
    for (size_t row = 0; row < count; row++) {
        struct span field = take_field(&column);
        if (kithp_times_read_alike(&known, field.data, field.length, &events[row].time))
            continue;
        if (!kithp_times_read(times, field.data, field.length, &events[row].time))
            return row;
        known = *times;
    }
    return count;
}

static size_t read_kinds(struct column column, size_t count, const struct kithp_kinds *kinds,
                         struct kithp_row_event *events)
{
    for (size_t row = 0; row < count; row++) {
        struct span field = take_field(&column);
        if (!kithp_kinds_find(kinds, field.data, field.length, &events[row].kind))
            return row;
    }
    return count;
}

static size_t read_members(struct column column, size_t count, struct kithp_row_event *events)
{
    for (size_t row = 0; row < count; row++) {
        struct span field = take_field(&column);
        if (field.length > KITHP_MEMBER_NAME_MOST)
            return row;
        events[row].member = field.data;
        events[row].member_length = (uint8_t)field.length;
    }
    return count;
}

/* Behind members: one of the two must be there. */
static size_t read_targets(struct column column, size_t count, struct kithp_row_event *events)
{
    for (size_t row = 0; row < count; row++) {
        struct span field = take_field(&column);
        if (field.length > KITHP_MEMBER_NAME_MOST || field.length + events[row].member_length == 0)
            return row;
        events[row].target = field.data;
        events[row].target_length = (uint8_t)field.length;
    }
    return count;
}

static size_t check_names(size_t count, const struct kithp_row_event *events)
{
    for (size_t row = 0; row < count; row++)
        if (!kithp_text_is_utf8(kithp_row_member(&events[row])) || !kithp_text_is_utf8(kithp_row_target(&events[row])))
            return row;
    return count;
}

/* Nothing, or up to eight digits. */
static inline bool read_quantity(struct span field, uint32_t *quantity)
{
    *quantity = 1;
    if (field.length == 0)
        return true;
    if (field.length > 8)
        return false;
    unsigned missing = 64 - 8 * field.length;
    uint64_t digits = (kithp_words_load(field.data) ^ kithp_words_repeat('0')) << missing;
    *quantity = (uint32_t)kithp_words_number(digits);
    return kithp_words_are_digits(digits) && *quantity > 0;
}

static size_t read_quantities(struct column column, size_t count, struct kithp_row_event *events)
{
    for (size_t row = 0; row < count; row++)
        if (!read_quantity(take_field(&column), &events[row].quantity))
            return row;
    return count;
}

static void read_ids(struct column column, size_t count, kith_text *ids)
{
    for (size_t row = 0; row < count; row++) {
        struct span field = take_field(&column);
        ids[row] = (kith_text){field.data, field.length};
    }
}

size_t kithp_quick_read(struct kithp_quick *quick, const char *text, size_t most, struct kithp_row_end *end,
                        struct kithp_row_event *events, kith_text *ids)
{
    const size_t *places = quick->columns->places;
    struct rows rows = {text + quick->begin, quick->places + quick->next, quick->columns->count,
                        quick->columns->delimiter, quick->quotes};
    size_t count = quick->regular ? most : check_rows(&rows, most);
    count = read_times(column_of(&rows, places[KITHP_TIME]), count, &quick->times, events);
    count = read_kinds(column_of(&rows, places[KITHP_KIND]), count, &quick->rules->names, events);
    count = read_members(column_of(&rows, places[KITHP_MEMBER]), count, events);
    count = read_targets(column_of(&rows, places[KITHP_TARGET]), count, events);
    count = quick->ascii ? count : check_names(count, events);
    count = read_quantities(column_of(&rows, places[KITHP_QUANTITY]), count, events);
    if (ids)
        read_ids(column_of(&rows, places[KITHP_ID]), count, ids);
    uint32_t before = rows.ends[-1], last = rows.ends[(ptrdiff_t)(count * rows.columns) - 1];
    quick->next += count * rows.columns;
    end->offset += last - before;
    end->line += count;
    return count;
}
