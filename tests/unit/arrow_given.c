/* SPDX-License-Identifier: MIT */
#include "arrow_given.h"

struct given given;

static void make_person(uint64_t *luck, unsigned side, unsigned row)
{
    uint32_t who = 1 + chance_below(luck, 400);
    /* Short and long ones, of more than a view holds itself, and some bytes that are no UTF-8. */
    const char *form = who % 3 == 0 ? "m%u" : who % 3 == 1 ? "member-%03u" : "a member called %u";
    char *name = given.names[side][row];
    snprintf(name, NAME_ROOM, form, who);
    if (chance_below(luck, 300) == 0)
        name[0] = '\x80';
    given.people[side][row] = kith_text_of(name);
    given.ids[side][row] = chance_below(luck, 300) == 0 ? -5 : (int64_t)who;
    given.nobody[side][row] = chance_below(luck, side == 0 ? 20 : 2) == 0;
}

int make_given(void **state)
{
    static const char *const kinds[] = {"post", "comment", "like", "invite", "reply", "login", "no such kind"};
    (void)state;
    uint64_t luck = 17;
    for (unsigned row = 0; row < ROWS; row++) {
        given.times[row] = MONDAY + (int64_t)row * 1200 - chance_below(&luck, 400000);
        given.no_time[row] = chance_below(&luck, 200) == 0;
        make_person(&luck, 0, row);
        make_person(&luck, 1, row);
        given.kinds[row] = kith_text_of(kinds[chance_below(&luck, chance_below(&luck, 50) == 0 ? 7 : 6)]);
        given.no_kind[row] = chance_below(&luck, 300) == 0;
        given.quantities[row] = chance_below(&luck, 100) == 0 ? 0 : 1 + chance_below(&luck, 4);
        given.no_quantity[row] = chance_below(&luck, 10) == 0;
    }
    return 0;
}

/* ---- layouts ---- */

static int64_t units_of_second(const char *format)
{
    int64_t units = 1;
    if (strcmp(format, "tdm") == 0)
        return 1000;
    for (const char *unit = "smun"; strncmp(format, "ts", 2) == 0 && *unit != format[2]; unit++)
        units *= 1000;
    return units;
}

static bool is_without_zone(const char *format)
{
    size_t length = strlen(format);
    return strncmp(format, "td", 2) == 0 || (strncmp(format, "ts", 2) == 0 && format[length - 1] == ':');
}

static void lay_times_out(const char *format, int32_t utc_offset)
{
    int64_t units = units_of_second(format), shift = is_without_zone(format) ? utc_offset : 0;
    for (unsigned row = 0; row < ROWS; row++) {
        int64_t shown = given.times[row] + shift;
        /* Just before the next second: what is behind it is cut off. */
        given.units[row] = strcmp(format, "tdD") == 0 ? shown / DAY : shown * units + units - 1;
        snprintf(given.words[row], NAME_ROOM, "%lld", (long long)given.times[row]);
        given.time_texts[row] = kith_text_of(given.words[row]);
    }
}

static struct plain_column people_column(const struct layout *layout, const char *name, unsigned side)
{
    bool numbered = strchr("uUv", layout->member[0]) == NULL;
    return (struct plain_column){
        .name = name,
        .format = layout->member,
        .index = layout->member_index,
        .numbers = numbered ? given.ids[side] : NULL,
        .texts = numbered ? NULL : given.people[side],
        .null = given.nobody[side],
    };
}

struct plain_rows rows_in(const struct layout *layout, int32_t utc_offset)
{
    lay_times_out(layout->time, utc_offset);
    bool text = strchr("uUv", layout->time[0]) != NULL;
    return (struct plain_rows){
        .columns =
            {
                {.name = "quantity",
                 .format = layout->quantity,
                 .numbers = given.quantities,
                 .null = given.no_quantity},
                people_column(layout, "target", 1),
                {.name = "something else", .format = "c", .numbers = given.quantities},
                {.name = "kind",
                 .format = layout->kind,
                 .index = layout->kind_index,
                 .texts = given.kinds,
                 .null = given.no_kind},
                {.name = "time",
                 .format = layout->time,
                 .numbers = text ? NULL : given.units,
                 .texts = text ? given.time_texts : NULL,
                 .null = given.no_time},
                people_column(layout, "member", 0),
            },
        .column_count = 6,
        .rows = ROWS,
        .batch = layout->batch,
        .offset = layout->offset,
        .margin = layout->margin,
        .unused = layout->unused,
        .counts_nulls = layout->counts_nulls,
        .nulls_in_dictionaries = layout->nulls_in_dictionaries,
        .has_empty = layout->has_empty,
    };
}

struct layout random_layout(uint64_t *luck, bool numbered)
{
    static const char *const times[] = {
        "tss:UTC", "tsm:UTC", "tsu:Europe/Berlin", "tsn:", "tss:", "tsm:", "tdm", "l", "L", "u", "vu", "U", "g"};
    static const char *const texts[] = {"u", "U", "vu"};
    static const char *const numbers[] = {"l", "i", "s", "f", "g"};
    static const char *const quantities[] = {"l", "L", "i", "I", "c", "C", "s", "S", "f", "g"};
    /* The first of them have room for few entries. */
    static const char *const indexes[] = {"c", "C", "s", "S", "i", "I", "l", "L", NULL, NULL, NULL, NULL, NULL};
    static const size_t batches[] = {0, 1, 7, 64, 1000, 129};
    struct layout layout = {
        .time = times[chance_below(luck, sizeof times / sizeof *times)],
        .member = numbered ? numbers[chance_below(luck, 5)] : texts[chance_below(luck, 3)],
        .kind = texts[chance_below(luck, 3)],
        .quantity = quantities[chance_below(luck, sizeof quantities / sizeof *quantities)],
        .kind_index = indexes[chance_below(luck, 13)],
        .batch = batches[chance_below(luck, 6)],
        .offset = chance_below(luck, 3) == 0 ? 0 : chance_below(luck, 20),
        .margin = chance_below(luck, 2) == 0 ? 0 : chance_below(luck, 20),
        .unused = chance_below(luck, 2) == 0 ? 0 : chance_below(luck, 40),
        .counts_nulls = chance_below(luck, 2),
        .nulls_in_dictionaries = chance_below(luck, 2),
        .has_empty = chance_below(luck, 2),
    };
    bool few = layout.batch > 0 && layout.batch < 64;
    layout.member_index = few ? indexes[chance_below(luck, 13)] : indexes[2 + chance_below(luck, 11)];
    return layout;
}

/* ---- one row ---- */

struct one *one_row(bool numbered)
{
    static struct one one;
    one = (struct one){
        .time = MONDAY,
        .member = 7,
        .quantity = 1,
        .time_text = TEXT("2026-03-02T00:00:00Z"),
        .member_text = TEXT("ana"),
        .kind = TEXT("post"),
        .id_text = TEXT("event-1"),
        .yes = true,
    };
    one.rows = (struct plain_rows){
        .columns =
            {
                {.name = "time", .format = "tss:UTC", .numbers = &one.time, .texts = &one.time_text},
                {.name = "member",
                 .format = numbered ? "L" : "u",
                 .numbers = &one.member,
                 .texts = numbered ? NULL : &one.member_text},
                {.name = "kind", .format = "u", .texts = &one.kind},
            },
        .column_count = 3,
        .rows = 1,
        .counts_nulls = true,
    };
    return &one;
}

/* ---- adding ---- */

int note_reject(void *context, const kith_reject *reject)
{
    struct told *told = context;
    assert_true(told->count < ROWS);
    told->rejects[told->count].line = reject->line;
    told->rejects[told->count].reason = reject->reason;
    snprintf(told->rejects[told->count].column, sizeof told->rejects->column, "%.*s", (int)reject->column.length,
             reject->column.length > 0 ? reject->column.data : "");
    snprintf(told->rejects[told->count].value, sizeof told->rejects->value, "%.*s", (int)reject->value.length,
             reject->value.length > 0 ? reject->value.data : "");
    return ++told->count == told->stop_at;
}

kith_status add_rows(kith_engine *engine, const struct plain_rows *rows, struct told *told, kith_added *added,
                     kith_error *error)
{
    struct ArrowArrayStream stream = stream_of(rows);
    kith_arrow input = {.size = sizeof input, .stream = &stream, .reject = note_reject, .reject_context = told};
    *added = (kith_added){.size = sizeof *added};
    kith_status status = kith_engine_add_arrow(engine, &input, added, error);
    assert_null(stream.release);
    assert_int_equal(arrow_live, 0);
    return status;
}

kith_engine *engine_on_clock(int32_t utc_offset, uint32_t members, uint32_t threads)
{
    char text[64];
    snprintf(text, sizeof text, "[calendar]\nutc_offset = %c%02d:00\n", utc_offset < 0 ? '-' : '+',
             abs(utc_offset) / 3600);
    kith_policy *policy = policy_of(text);
    kith_engine_options options = all_tables(members);
    options.threads = threads;
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_new(policy, &options, &engine, &error), KITH_OK, &error);
    kith_policy_free(policy);
    return engine;
}

kith_engine *engine_of(uint32_t members, uint32_t threads)
{
    return engine_on_clock(0, members, threads);
}
