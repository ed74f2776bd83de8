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
    quick->next = quick->count = 1;
}

static size_t rows_left(const struct kithp_quick *quick)
{
    return (quick->count - quick->next) / quick->columns->count;
}

/* Passes over the places of rows that were read elsewhere. */
static void pass_to(struct kithp_quick *quick, size_t at)
{
    while (quick->next < quick->count && quick->begin + quick->places[quick->next] < at)
        quick->next++;
    quick->places[quick->next - 1] = (uint32_t)(at - quick->begin - 1);
}

/*
 * Whether every row has as many fields as the header, which is cheaper to find out for all of them: as many line feeds
 * as rows, each in its place, leave delimiters alone for the other places.
 */
static bool is_regular(const struct kithp_quick *quick, const char *stretch, struct kithp_scan scan)
{
    size_t columns = quick->columns->count, rows = rows_left(quick);
    if (scan.quotes || scan.lines != rows)
        return false;
    unsigned differs = 0;
    for (size_t i = 1; i <= rows; i++)
        differs |= (unsigned char)(stretch[quick->places[i * columns]] ^ '\n');
    return differs == 0;
}

size_t kithp_quick_look(struct kithp_quick *quick, kith_text text, size_t at)
{
    if (at < quick->end) {
        pass_to(quick, at);
        size_t rows = rows_left(quick);
        if (rows > 0)
            return rows;
    }
    size_t left = text.length - at;
    uint32_t length = left < STRETCH ? (uint32_t)left : STRETCH;
    struct kithp_scan scan =
        kithp_scan(quick->way, text.data + at, length, quick->columns->delimiter, quick->places + 1);
    quick->begin = at;
    quick->end = at + length;
    quick->next = 1;
    quick->count = 1 + scan.count;
    quick->ascii = scan.ascii;
    quick->places[0] = UINT32_MAX;
    quick->regular = is_regular(quick, text.data + at, scan);
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
    bool last; /* a CR may stand behind its fields */
};

/* Nothing but empty fields for a column that is not there. */
static struct column column_of(const struct rows *rows, size_t place)
{
    static const uint32_t nowhere[2] = {UINT32_MAX, 0};
    if (place == KITHP_NO_COLUMN)
        return (struct column){rows->text, nowhere + 1, 0, false};
    return (struct column){rows->text, rows->ends + place, rows->columns, place == rows->columns - 1};
}

static inline struct span take_field(struct column *column)
{
    uint32_t begin = column->end[-1] + 1, end = *column->end;
    if (column->last)
        end -= column->text[end - 1] == '\r';
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
    for (size_t row = 0; row < count; row++) {
        struct span field = take_field(&column);
        if (!kithp_times_read(times, field.data, field.length, &events[row].time))
            return row;
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
    uint64_t digits = (kithp_bytes_load(field.data) ^ kithp_bytes_repeat('0')) << missing;
    *quantity = (uint32_t)kithp_bytes_number(digits);
    return kithp_bytes_are_digits(digits) && *quantity > 0;
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
                        quick->columns->delimiter};
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
