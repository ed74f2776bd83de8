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
    for (int i = 0; i < KITHP_FIELDS; i++) {
        size_t place = quick->columns->places[i];
        bool is_there = place != KITHP_NO_COLUMN;
        quick->fields[i] = (struct kithp_quick_field){is_there ? (uint32_t)place : 0, is_there ? UINT32_MAX : 0};
    }
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

/* Between the ends of the fields are delimiters, and behind the last one a line feed. */
static inline bool is_row(const char *text, const uint32_t *ends, size_t count, char delimiter)
{
    unsigned differs = (unsigned char)(text[ends[count - 1]] ^ '\n');
    for (size_t i = 0; i + 1 < count; i++)
        differs |= (unsigned char)(text[ends[i]] ^ delimiter);
    return differs == 0;
}

/* What reading a row goes by. */
struct form {
    struct kithp_quick_field fields[KITHP_FIELDS];
    const struct kithp_kinds *kinds;
    size_t columns;
    char delimiter;
    bool regular;
    bool ascii;
};

struct span {
    const char *data;
    uint32_t length;
};

/* A row's field; the ends are counted from text. */
static inline struct span field_at(const struct form *form, enum kithp_field field, const char *text,
                                   const uint32_t *ends)
{
    const uint32_t *end = ends + form->fields[field].place;
    uint32_t begin = end[-1] + 1;
    return (struct span){text + begin, (*end - begin) & form->fields[field].kept};
}

static inline bool read_quantity(struct span text, uint32_t *quantity)
{
    *quantity = 1;
    if (text.length == 0)
        return true;
    if (text.length > 8)
        return false;
    uint64_t digits = kithp_bytes_load_few(text.data, text.length) ^ kithp_bytes_repeat('0') << (64 - 8 * text.length);
    *quantity = (uint32_t)kithp_bytes_number(digits);
    return kithp_bytes_are_digits(digits) && *quantity > 0;
}

static inline bool are_names(const struct form *form, struct span member, struct span target)
{
    if (member.length + target.length == 0 || (member.length | target.length) > KITHP_MEMBER_NAME_MOST)
        return false;
    return form->ascii || (kithp_text_is_utf8((kith_text){member.data, member.length}) &&
                           kithp_text_is_utf8((kith_text){target.data, target.length}));
}

/* One row, whose last field ends before a CR. False where it is not for us. */
static inline bool read_fields(const struct form *form, struct kithp_times *times, const char *text,
                               const uint32_t *ends, struct kithp_row_event *event)
{
    struct span time = field_at(form, KITHP_TIME, text, ends);
    if (!kithp_times_read(times, time.data, time.length, &event->time))
        return false;
    struct span kind = field_at(form, KITHP_KIND, text, ends);
    if (!kithp_kinds_find(form->kinds, kind.data, kind.length, &event->kind))
        return false;
    struct span member = field_at(form, KITHP_MEMBER, text, ends);
    struct span target = field_at(form, KITHP_TARGET, text, ends);
    event->member = member.data;
    event->member_length = (uint8_t)member.length;
    event->target = target.data;
    event->target_length = (uint8_t)target.length;
    return are_names(form, member, target) &&
           read_quantity(field_at(form, KITHP_QUANTITY, text, ends), &event->quantity);
}

static inline bool read_row(const struct form *form, struct kithp_times *times, const char *text, uint32_t *ends,
                            struct kithp_row_event *event, kith_text *id)
{
    if (!form->regular && !is_row(text, ends, form->columns, form->delimiter))
        return false;
    uint32_t *last = ends + form->columns - 1, end = *last;
    *last = end - (text[end - 1] == '\r');
    bool good = read_fields(form, times, text, ends, event);
    if (id) {
        struct span span = field_at(form, KITHP_ID, text, ends);
        *id = (kith_text){span.data, span.length};
    }
    *last = end;
    return good;
}

size_t kithp_quick_read(struct kithp_quick *quick, const char *text, size_t most, struct kithp_row_end *end,
                        struct kithp_row_event *events, kith_text *ids)
{
    struct form form = {
        .kinds = &quick->rules->names,
        .columns = quick->columns->count,
        .delimiter = quick->columns->delimiter,
        .regular = quick->regular,
        .ascii = quick->ascii,
    };
    memcpy(form.fields, quick->fields, sizeof form.fields);
    uint32_t *ends = quick->places + quick->next;
    const char *stretch = text + quick->begin;
    uint32_t before = ends[-1];
    size_t rows = 0;
    while (rows < most && read_row(&form, &quick->times, stretch, ends, &events[rows], ids ? &ids[rows] : NULL)) {
        ends += form.columns;
        rows++;
    }
    quick->next += rows * form.columns;
    end->offset += (uint32_t)(ends[-1] - before);
    end->line += rows;
    return rows;
}
