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
    kithp_times_init(&quick->times);
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

/* The field of a row, which ends before the line end, CR or not; empty where there is no such column. */
static inline kith_text field_at(const char *text, const uint32_t *ends, size_t place, size_t count)
{
    if (place == KITHP_NO_COLUMN)
        return (kith_text){NULL, 0};
    uint32_t begin = ends[place - 1] + 1, end = ends[place];
    if (place == count - 1)
        end -= text[end - 1] == '\r' && end > begin;
    return (kith_text){text + begin, end - begin};
}

static inline bool read_quantity(kith_text text, uint32_t *quantity)
{
    if (text.length == 0) {
        *quantity = 1;
        return true;
    }
    if (text.length > 8)
        return false;
    unsigned unused = 64 - 8 * (unsigned)text.length;
    uint64_t digits = kithp_bytes_load_few(text.data, text.length) ^ kithp_bytes_repeat('0') << unused;
    *quantity = (uint32_t)kithp_bytes_number(digits);
    return kithp_bytes_are_digits(digits) && *quantity > 0;
}

static inline bool is_name(const struct kithp_quick *quick, kith_text text)
{
    return text.length <= KITHP_MEMBER_NAME_MOST && (quick->ascii || kithp_text_is_utf8(text));
}

/* One row; the ends of its fields are counted from text. False where it is not for us. */
static inline bool read_row(struct kithp_quick *quick, const char *text, const uint32_t *ends,
                            struct kithp_row_event *event)
{
    const struct kithp_row_rules *rules = quick->rules;
    const struct kithp_columns *columns = quick->columns;
    size_t count = columns->count;
    if (!is_row(text, ends, count, columns->delimiter))
        return false;
    kith_text time = field_at(text, ends, columns->places[KITHP_TIME], count);
    if (!kithp_times_read(&quick->times, &rules->figures->calendar, time.data, time.length, &event->time) ||
        event->time < rules->earliest || event->time > rules->latest)
        return false;
    kith_text kind = field_at(text, ends, columns->places[KITHP_KIND], count);
    if (!kithp_kinds_find(&rules->names, kind.data, kind.length, &event->kind))
        return false;
    event->member = field_at(text, ends, columns->places[KITHP_MEMBER], count);
    event->target = field_at(text, ends, columns->places[KITHP_TARGET], count);
    event->id = field_at(text, ends, columns->places[KITHP_ID], count);
    return event->member.length + event->target.length > 0 && is_name(quick, event->member) &&
           is_name(quick, event->target) &&
           read_quantity(field_at(text, ends, columns->places[KITHP_QUANTITY], count), &event->quantity);
}

size_t kithp_quick_read(struct kithp_quick *quick, const char *text, struct kithp_row_end *end,
                        struct kithp_row_event *events)
{
    size_t columns = quick->columns->count, most = rows_left(quick), rows = 0;
    const uint32_t *ends = quick->places + quick->next;
    const char *stretch = text + quick->begin;
    uint64_t offset = end->offset - (uint64_t)(ends[-1] + 1U), line = end->line;
    while (rows < most && read_row(quick, stretch, ends, &events[rows])) {
        events[rows].end = (struct kithp_row_end){offset + ends[columns - 1] + 1, line + rows + 1};
        ends += columns;
        rows++;
    }
    quick->next += rows * columns;
    if (rows > 0)
        *end = events[rows - 1].end;
    return rows;
}
