/* SPDX-License-Identifier: MIT */
/* Events from Arrow streams: the same as from a CSV export, or from an array, whatever the layout. */
#include "arrow_support.h"
#include "engine_support.h"

enum { ROWS = 3000, NAME_ROOM = 24 };

/* ---- rows by chance, some of them of no use ---- */

static struct {
    int64_t times[ROWS];
    int64_t units[ROWS]; /* the same in units of the layout at hand, with a fraction of a second where there is one */
    char words[ROWS][NAME_ROOM];
    kith_text time_texts[ROWS];
    bool no_time[ROWS];
    char names[2][ROWS][NAME_ROOM];
    kith_text people[2][ROWS]; /* members and targets */
    int64_t ids[2][ROWS];      /* the same by number */
    bool nobody[2][ROWS];
    kith_text kinds[ROWS];
    bool no_kind[ROWS];
    int64_t quantities[ROWS];
    bool no_quantity[ROWS];
} given;

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

static int make_rows(void **state)
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

struct layout {
    const char *time, *member, *kind, *quantity;
    const char *member_index, *kind_index; /* NULL for no dictionary */
    size_t batch, offset;
    bool counts_nulls;
};

static void lay_times_out(const char *format)
{
    int64_t units = 1;
    for (const char *unit = "smun"; strncmp(format, "ts", 2) == 0 && *unit != format[2]; unit++)
        units *= 1000;
    for (unsigned row = 0; row < ROWS; row++) {
        /* Just before the next second: what is behind it is cut off. */
        given.units[row] = given.times[row] * units + units - 1;
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

static struct plain_rows rows_in(const struct layout *layout)
{
    lay_times_out(layout->time);
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
        .counts_nulls = layout->counts_nulls,
    };
}

static struct layout random_layout(uint64_t *luck, bool numbered)
{
    static const char *const times[] = {"tss:UTC", "tsm:UTC", "tsu:Europe/Berlin", "tsn:", "l", "L", "u", "vu", "g"};
    static const char *const texts[] = {"u", "U", "vu"};
    static const char *const numbers[] = {"l", "i", "s", "f", "g"};
    static const char *const quantities[] = {"l", "L", "i", "C", "s", "f", "g"};
    static const char *const indexes[] = {NULL, NULL, "i", "I", "s", "S", "l", "L"};
    static const size_t batches[] = {0, 1, 7, 1000, 64};
    return (struct layout){
        .time = times[chance_below(luck, 9)],
        .member = numbered ? numbers[chance_below(luck, 5)] : texts[chance_below(luck, 3)],
        .kind = texts[chance_below(luck, 3)],
        .quantity = quantities[chance_below(luck, 7)],
        .member_index = indexes[chance_below(luck, 8)],
        .kind_index = chance_below(luck, 2) ? "C" : indexes[chance_below(luck, 8)],
        .batch = batches[chance_below(luck, 5)],
        .offset = chance_below(luck, 3) == 0 ? 0 : chance_below(luck, 20),
        .counts_nulls = chance_below(luck, 2),
    };
}

/* ---- what is told of rows that are refused ---- */

struct told {
    struct {
        uint64_t line;
        uint32_t reason;
        char column[16];
        char value[64];
    } rejects[ROWS];
    size_t count;
    size_t stop_at; /* the reject that asks to stop, from 1; 0 for none */
};

static int note_reject(void *context, const kith_reject *reject)
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

static kith_status add_rows(kith_engine *engine, const struct plain_rows *rows, struct told *told, kith_added *added,
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

static kith_engine *engine_of(uint32_t members, uint32_t threads)
{
    kith_engine_options options = all_tables(members);
    options.threads = threads;
    return engine_with(&options);
}

static void assert_same_review(kith_engine *a, kith_engine *b, const char *what)
{
    kith_review *left = review_until(a, MONDAY + 9 * WEEK), *right = review_until(b, MONDAY + 9 * WEEK);
    struct tables x = tables_of(left, KITH_CSV_HEADER), y = tables_of(right, KITH_CSV_HEADER);
    assert_same_tables(&x, &y, what);
    tables_free(&x);
    tables_free(&y);
    kith_review_free(left);
    kith_review_free(right);
}

/* ---- named members, against CSV ---- */

static struct gathered csv_of_rows(void)
{
    struct gathered csv = {0};
    static const char header[] = "time,member,kind,target,quantity\n";
    assert_int_equal(gather(&csv, header, strlen(header)), 0);
    for (unsigned row = 0; row < ROWS; row++) {
        char line[200], time[NAME_ROOM] = "", quantity[NAME_ROOM] = "";
        if (!given.no_time[row])
            snprintf(time, sizeof time, "%lld", (long long)given.times[row]);
        if (!given.no_quantity[row])
            snprintf(quantity, sizeof quantity, "%lld", (long long)given.quantities[row]);
        int length = snprintf(line, sizeof line, "%s,%s,%s,%s,%s\n", time,
                              given.nobody[0][row] ? "" : given.names[0][row],
                              given.no_kind[row] ? "" : given.kinds[row].data,
                              given.nobody[1][row] ? "" : given.names[1][row], quantity);
        assert_int_equal(gather(&csv, line, (size_t)length), 0);
    }
    return csv;
}

static struct told csv_told, arrow_told;

static kith_engine *engine_of_csv(kith_added *added)
{
    struct gathered csv = csv_of_rows();
    struct bytes_source source = {.bytes = csv.bytes, .length = csv.length};
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    csv_told.count = 0;
    kith_export input = {.size = sizeof input,
                         .read = read_bytes,
                         .read_context = &source,
                         .reject = note_reject,
                         .reject_context = &csv_told};
    kith_error error = NO_ERROR;
    *added = (kith_added){.size = sizeof *added};
    assert_status(kith_engine_add_export(engine, &input, added, &error), KITH_OK, &error);
    gathered_free(&csv);
    return engine;
}

static void assert_same_added(const kith_added *a, const kith_added *b)
{
    assert_int_equal(a->read, b->read);
    assert_int_equal(a->taken, b->taken);
    assert_int_equal(a->rejected, b->rejected);
    assert_memory_equal(a->rejected_by_reason, b->rejected_by_reason, sizeof a->rejected_by_reason);
}

static void assert_same_rejects(void)
{
    assert_int_equal(arrow_told.count, csv_told.count);
    assert_true(arrow_told.count > 50);
    for (size_t i = 0; i < csv_told.count; i++) {
        /* The first row of the export stands on line 2. */
        assert_int_equal(arrow_told.rejects[i].line + 1, csv_told.rejects[i].line);
        assert_int_equal(arrow_told.rejects[i].reason, csv_told.rejects[i].reason);
        assert_string_equal(arrow_told.rejects[i].column, csv_told.rejects[i].column);
    }
}

static void arrow_of_names_is_like_csv_in_any_layout(void **state)
{
    (void)state;
    uint64_t luck = 3;
    for (uint64_t round = 0; round < tries(60); round++) {
        kith_added of_csv, of_arrow;
        kith_engine *expected = engine_of_csv(&of_csv), *engine = engine_of(KITH_NAMED, 1 + round % 2);
        struct layout layout = random_layout(&luck, false);
        struct plain_rows rows = rows_in(&layout);
        kith_error error = NO_ERROR;
        arrow_told.count = 0;
        assert_status(add_rows(engine, &rows, &arrow_told, &of_arrow, &error), KITH_OK, &error);
        assert_same_added(&of_arrow, &of_csv);
        assert_same_rejects();
        assert_same_review(engine, expected, layout.time);
        kith_engine_free(engine);
        kith_engine_free(expected);
    }
}

/* ---- numbered members, against an array ---- */

static struct plain_event events[ROWS];

/* Rows that cannot be told to an array at all are given a time that cannot be. */
static kith_engine *engine_of_array(kith_added *added, uint8_t *reasons)
{
    kith_policy *policy = policy_of(NULL);
    for (unsigned row = 0; row < ROWS; row++) {
        uint32_t kind = 99;
        if (!given.no_kind[row])
            (void)!kith_policy_find_kind(policy, given.kinds[row], &kind, NULL);
        bool hidden = given.no_time[row] || (!given.nobody[0][row] && given.ids[0][row] < 0) ||
                      (!given.nobody[1][row] && given.ids[1][row] < 0);
        events[row] = (struct plain_event){
            .time = hidden ? -1 : given.times[row],
            .member = given.nobody[0][row] ? 0 : (uint64_t)given.ids[0][row],
            .target = given.nobody[1][row] ? 0 : (uint64_t)given.ids[1][row],
            .kind = kind,
            .quantity = given.no_quantity[row] ? 1 : (uint32_t)given.quantities[row],
        };
    }
    kith_policy_free(policy);
    kith_engine *engine = engine_of(KITH_NUMBERED, 1);
    kith_events all = events_of(events, ROWS);
    *added = (kith_added){.size = sizeof *added, .reasons = reasons};
    assert_int_equal(kith_engine_add(engine, &all, added, NULL), KITH_OK);
    return engine;
}

/* The reason of a row that the array could not say. */
static uint32_t reason_of(unsigned row, uint32_t of_array)
{
    if (of_array != KITH_REASON_TIME || given.no_time[row])
        return of_array;
    return !given.nobody[0][row] && given.ids[0][row] < 0 ? KITH_REASON_MEMBER : KITH_REASON_TARGET;
}

static void arrow_of_numbers_is_like_an_array_in_any_layout(void **state)
{
    (void)state;
    static uint8_t reasons[ROWS];
    uint64_t luck = 4;
    for (uint64_t round = 0; round < tries(60); round++) {
        kith_added of_array, of_arrow;
        kith_engine *expected = engine_of_array(&of_array, reasons), *engine = engine_of(KITH_NUMBERED, 1 + round % 2);
        struct layout layout = random_layout(&luck, true);
        struct plain_rows rows = rows_in(&layout);
        kith_error error = NO_ERROR;
        arrow_told.count = 0;
        assert_status(add_rows(engine, &rows, &arrow_told, &of_arrow, &error), KITH_OK, &error);
        assert_int_equal(of_arrow.taken, of_array.taken);
        assert_int_equal(of_arrow.rejected, of_array.rejected);
        size_t told = 0;
        for (unsigned row = 0; row < ROWS; row++) {
            if (reasons[row] == KITH_REASON_NONE)
                continue;
            assert_int_equal(arrow_told.rejects[told].line, row + 1);
            assert_int_equal(arrow_told.rejects[told].reason, reason_of(row, reasons[row]));
            told++;
        }
        assert_int_equal(told, arrow_told.count);
        assert_same_review(engine, expected, layout.time);
        kith_engine_free(engine);
        kith_engine_free(expected);
    }
}

/* ---- one row, of any types ---- */

struct one {
    struct plain_rows rows;
    int64_t time, member, target, quantity;
    kith_text time_text, member_text, target_text, kind, id_text;
    bool yes;
};

/* A post by ana, or by member 7, at MONDAY. */
static struct one *one_row(bool numbered)
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

static int64_t first_event(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info.first_event;
}

/* The moment that a time of this type becomes, on a clock two hours ahead of UTC; -1 where it is refused. */
static int64_t moment_of(const char *format, int64_t time, const char *text)
{
    kith_policy *policy = policy_of("[calendar]\nutc_offset = +02:00\n");
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_new(policy, &options, &engine, &error), KITH_OK, &error);
    kith_policy_free(policy);
    struct one *one = one_row(false);
    one->time = time;
    one->time_text = kith_text_of(text);
    one->rows.columns[0].format = format;
    kith_added added;
    struct told told = {.count = 0};
    assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
    int64_t moment = added.taken == 1 ? first_event(engine) : -1;
    if (moment < 0)
        assert_int_equal(told.rejects[0].reason, KITH_REASON_TIME);
    kith_engine_free(engine);
    return moment;
}

static void arrow_times_are_moments_or_on_the_community_s_clock(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        int64_t time;
        const char *text;
        int64_t moment;
    } cases[] = {
        {"tss:UTC", MONDAY, NULL, MONDAY},
        {"tss:America/New_York", MONDAY, NULL, MONDAY},
        {"tss:", MONDAY, NULL, MONDAY - 7200},
        {"tsm:", MONDAY * 1000 + 999, NULL, MONDAY - 7200},
        {"tsu:+01:00", MONDAY * 1000000 + 999999, NULL, MONDAY},
        {"tsn:UTC", MONDAY * 1000000000 + 999999999, NULL, MONDAY},
        {"tdD", MONDAY_DAY, NULL, MONDAY - 7200},
        {"tdm", MONDAY * 1000, NULL, MONDAY - 7200},
        {"l", MONDAY, NULL, MONDAY},
        {"L", MONDAY, NULL, MONDAY},
        {"g", MONDAY, NULL, MONDAY},
        {"u", 0, "2026-03-02", MONDAY - 7200},
        {"U", 0, "2026-03-02T00:00:00Z", MONDAY},
        {"vu", 0, "1772409600", MONDAY},
        {"u", 0, "yesterday", -1},
        {"u", 0, "", -1},
        {"tss:UTC", 0, NULL, 0},
        {"tss:UTC", -1, NULL, -1},
        {"tss:UTC", INT64_MIN, NULL, -1},
        {"tss:UTC", INT64_MAX, NULL, -1},
        {"tss:", INT64_MAX, NULL, -1},
        {"tss:", INT64_MIN, NULL, -1},
        {"tss:UTC", INT64_C(253370764799), NULL, INT64_C(253370764799)},
        {"tss:UTC", INT64_C(253370764800), NULL, -1},
        {"tsn:UTC", -1, NULL, -1},
        {"tsn:UTC", INT64_MIN, NULL, -1},
        {"tdD", INT32_MAX, NULL, -1},
        {"tdD", INT32_MIN, NULL, -1},
        {"l", -1, NULL, -1},
        {"L", -1, NULL, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool text = cases[i].text != NULL;
        int64_t moment = moment_of(cases[i].format, cases[i].time, text ? cases[i].text : "");
        if (moment != cases[i].moment)
            fail_msg("%s %lld: %lld", cases[i].format, (long long)cases[i].time, (long long)moment);
    }
}

/* An id of the largest number cannot be told from nobody's, and the one below it can. */
static void arrow_ids_go_up_to_the_largest_but_one(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        int64_t id;
        uint64_t taken;
    } cases[] = {
        {"L", 0, 1},  {"L", -2, 1}, {"L", -1, 0}, {"l", -1, 0},         {"l", INT64_MAX, 1},
        {"c", -1, 0}, {"C", 255, 1}, {"g", 3, 1},  {"g", INT64_MAX, 0}, {"f", -1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine *engine = engine_of(KITH_NUMBERED, 1);
        struct one *one = one_row(true);
        one->member = cases[i].id;
        one->rows.columns[1].format = cases[i].format;
        kith_added added;
        struct told told = {.count = 0};
        kith_error error = NO_ERROR;
        assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
        if (added.taken != cases[i].taken)
            fail_msg("%s %lld", cases[i].format, (long long)cases[i].id);
        if (added.taken == 0)
            assert_int_equal(told.rejects[0].reason, KITH_REASON_MEMBER);
        kith_engine_free(engine);
    }
}

/* What comes again under the same id counts once, be the id text or a number, and the member named or numbered. */
static void arrow_events_of_the_same_id_count_once(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        bool numbered = i & 1, number_id = i & 2;
        kith_engine *engine = engine_of(numbered ? KITH_NUMBERED : KITH_NAMED, 1);
        for (unsigned round = 0; round < 3; round++) {
            struct one *one = one_row(numbered);
            one->rows.columns[3] = (struct plain_column){.name = "id",
                                                         .format = number_id ? "i" : "u",
                                                         .numbers = &one->quantity,
                                                         .texts = number_id ? NULL : &one->id_text,
                                                         .null = round == 2 ? &one->yes : NULL};
            one->rows.column_count = 4;
            kith_added added;
            struct told told = {.count = 0};
            kith_error error = NO_ERROR;
            assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
            assert_int_equal(added.taken, round != 1);
            assert_int_equal(added.skipped, round == 1);
            assert_int_equal(told.count, 0);
        }
        kith_engine_free(engine);
    }
}

/* ---- what a stream cannot be ---- */

static void assert_refused(kith_engine *engine, const struct plain_rows *rows, kith_status expected, const char *field,
                           const char *words)
{
    struct told told = {.count = 0};
    kith_added added;
    kith_error error = NO_ERROR;
    kith_status status = add_rows(engine, rows, &told, &added, &error);
    if (status != expected || strcmp(error.field, field) != 0 || !strstr(error.message, words))
        fail_msg("%s, field \"%s\": %s; expected \"%s\": %s", kith_status_name(status), error.field, error.message,
                 field, words);
    assert_int_equal(added.taken, 0);
}

static void arrow_columns_of_wrong_types_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned column;
        const char *name;
        const char *format;
        const char *field;
        const char *words;
    } cases[] = {
        {0, "when", "l", "time", "no such column"},
        {1, "who", "u", "member", "no such column"},
        {2, "what", "u", "kind", "no such column"},
        {0, "time", "b", "time", "a type that is not understood: \"b\""},
        {0, "time", "tin", "time", "not understood"},
        {0, "time", "tsx:", "time", "not understood"},
        {0, "time", "ts", "time", "not understood"},
        {0, "time", "", "time", "not understood"},
        {1, "member", "l", "member", "expected text"},
        {1, "member", "tss:", "member", "expected text or whole numbers"},
        {2, "kind", "l", "kind", "expected text"},
        {2, "member", "u", "member", "two columns of this name"},
    };
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct one *one = one_row(false);
        struct plain_column *column = &one->rows.columns[cases[i].column];
        column->name = cases[i].name;
        column->format = cases[i].format;
        column->numbers = &one->time;
        one->rows.rows = 0;
        assert_refused(engine, &one->rows, KITH_BAD_EXPORT, cases[i].field, cases[i].words);
    }
    struct one *one = one_row(false);
    one->rows.columns[3] = (struct plain_column){.name = "quantity", .format = "u", .texts = &one->kind};
    one->rows.column_count = 4;
    assert_refused(engine, &one->rows, KITH_BAD_EXPORT, "quantity", "expected whole numbers");
    kith_engine_free(engine);
    engine = engine_of(KITH_NUMBERED, 1);
    assert_refused(engine, &one_row(false)->rows, KITH_BAD_EXPORT, "member", "by number");
    kith_engine_free(engine);
}

/* Each breaks one rule of the interface. */
static void lose_schema_format(struct ArrowSchema *schema)
{
    schema->format = "l";
}
static void lose_schema_children(struct ArrowSchema *schema)
{
    schema->children = NULL;
}
static void make_children_negative(struct ArrowSchema *schema)
{
    schema->n_children = -1;
}
static void lose_child_format(struct ArrowSchema *schema)
{
    child_schema(schema, "time")->format = NULL;
}
static void make_text_an_index(struct ArrowSchema *schema)
{
    child_schema(schema, "kind")->format = "u";
}
static void nest_dictionaries(struct ArrowSchema *schema)
{
    child_schema(schema, "kind")->dictionary->dictionary = child_schema(schema, "kind");
}

static void make_length_negative(struct ArrowArray *array)
{
    array->length = -1;
}
static void make_offset_negative(struct ArrowArray *array)
{
    array->offset = -1;
}
static void make_offset_huge(struct ArrowArray *array)
{
    array->offset = INT64_MAX;
}
static void make_row_null(struct ArrowArray *array)
{
    array->null_count = 1;
}
static void lose_children(struct ArrowArray *array)
{
    array->n_children--;
}
static void lose_child_pointers(struct ArrowArray *array)
{
    array->children = NULL;
}
static void lose_child(struct ArrowArray *array)
{
    array->children[0]->release(array->children[0]);
    array->children[0] = NULL;
}
static void shorten_child(struct ArrowArray *array)
{
    array->children[0]->length--;
}
static void make_child_length_negative(struct ArrowArray *array)
{
    array->children[1]->length = -7;
}
static void make_child_offset_negative(struct ArrowArray *array)
{
    array->children[1]->offset = -7;
}
static void make_child_offset_huge(struct ArrowArray *array)
{
    array->children[1]->offset = INT64_MAX;
}
static void make_nulls_negative(struct ArrowArray *array)
{
    array->children[1]->null_count = -2;
}
static void make_nulls_many(struct ArrowArray *array)
{
    array->children[1]->null_count = array->children[1]->length + 1;
}
static void claim_nulls(struct ArrowArray *array)
{
    array->children[0]->null_count = 1;
}
static void lose_buffer(struct ArrowArray *array)
{
    array->children[1]->n_buffers--;
}
static void lose_buffers(struct ArrowArray *array)
{
    array->children[1]->buffers = NULL;
}
static void lose_values(struct ArrowArray *array)
{
    array->children[0]->buffers[1] = NULL;
}
static void lose_bytes(struct ArrowArray *array)
{
    array->children[1]->buffers[2] = NULL;
}
static void lose_dictionary(struct ArrowArray *array)
{
    array->children[2]->dictionary = NULL;
}

static int32_t *writable(struct ArrowArray *array, int64_t buffer)
{
    return (int32_t *)(uintptr_t)array->buffers[buffer];
}
static void make_first_offset_negative(struct ArrowArray *array)
{
    writable(array->children[1], 1)[0] = -1;
}
static void make_offsets_fall(struct ArrowArray *array)
{
    writable(array->children[1], 1)[2] = 0;
}
static void make_index_negative(struct ArrowArray *array)
{
    writable(array->children[2], 1)[1] = -1;
}
static void make_index_large(struct ArrowArray *array)
{
    writable(array->children[2], 1)[1] = 1;
}
static void make_dictionary_offsets_fall(struct ArrowArray *array)
{
    writable(array->children[2]->dictionary, 1)[1] = -3;
}
/* Of a view: length, prefix, buffer, offset. */
static void make_view_negative(struct ArrowArray *array)
{
    writable(array->children[3], 1)[0] = -1;
}
static void make_view_long(struct ArrowArray *array)
{
    writable(array->children[3], 1)[0]++;
}
static void move_view(struct ArrowArray *array)
{
    writable(array->children[3], 1)[3]++;
}
static void move_view_back(struct ArrowArray *array)
{
    writable(array->children[3], 1)[3] = -1;
}
static void lose_view_buffer(struct ArrowArray *array)
{
    writable(array->children[3], 1)[2] = 1;
}
static void make_view_buffer_negative(struct ArrowArray *array)
{
    writable(array->children[3], 1)[2] = -1;
}
static void lose_view_sizes(struct ArrowArray *array)
{
    array->children[3]->buffers[3] = NULL;
}
static void lose_view_bytes(struct ArrowArray *array)
{
    array->children[3]->buffers[2] = NULL;
}
static void lose_view_buffers(struct ArrowArray *array)
{
    array->children[3]->n_buffers = 2;
}

static void arrow_that_breaks_a_rule_is_refused(void **state)
{
    (void)state;
    static const struct {
        void (*schema)(struct ArrowSchema *schema);
        void (*array)(struct ArrowArray *array);
        const char *field;
        const char *words;
    } cases[] = {
        {lose_schema_format, NULL, "", "expected a struct of columns"},
        {lose_schema_children, NULL, "", "a number of columns that cannot be"},
        {make_children_negative, NULL, "", "a number of columns that cannot be"},
        {lose_child_format, NULL, "time", "not understood"},
        {make_text_an_index, NULL, "kind", "not understood"},
        {nest_dictionaries, NULL, "kind", "not understood"},
        {NULL, make_length_negative, "", "a length or an offset that cannot be"},
        {NULL, make_offset_negative, "", "a length or an offset that cannot be"},
        {NULL, make_offset_huge, "", "a length or an offset that cannot be"},
        {NULL, make_row_null, "", "null as a whole"},
        {NULL, lose_children, "", "other columns than the schema"},
        {NULL, lose_child_pointers, "", "other columns than the schema"},
        {NULL, lose_child, "time", "is NULL in a batch"},
        {NULL, shorten_child, "time", "fewer rows than the batch"},
        {NULL, make_child_length_negative, "member", "cannot be"},
        {NULL, make_child_offset_negative, "member", "cannot be"},
        {NULL, make_child_offset_huge, "member", "fewer rows"},
        {NULL, make_nulls_negative, "member", "cannot be"},
        {NULL, make_nulls_many, "member", "cannot be"},
        {NULL, claim_nulls, "time", "does not say which"},
        {NULL, lose_buffer, "member", "as many buffers"},
        {NULL, lose_buffers, "member", "as many buffers"},
        {NULL, lose_values, "time", "has no values"},
        {NULL, lose_bytes, "member", "but no bytes"},
        {NULL, lose_dictionary, "kind", "has no dictionary"},
        {NULL, make_first_offset_negative, "member", "an offset below 0"},
        {NULL, make_offsets_fall, "member", "below the one before it"},
        {NULL, make_index_negative, "kind", "outside of its dictionary"},
        {NULL, make_index_large, "kind", "outside of its dictionary"},
        {NULL, make_dictionary_offsets_fall, "kind", "below the one before it"},
        {NULL, make_view_negative, "target", "outside of its buffers"},
        {NULL, make_view_long, "target", "outside of its buffers"},
        {NULL, move_view, "target", "outside of its buffers"},
        {NULL, move_view_back, "target", "outside of its buffers"},
        {NULL, lose_view_buffer, "target", "outside of its buffers"},
        {NULL, make_view_buffer_negative, "target", "outside of its buffers"},
        {NULL, lose_view_sizes, "target", "how large its buffers are"},
        {NULL, lose_view_bytes, "target", "outside of its buffers"},
        {NULL, lose_view_buffers, "target", "as many buffers"},
    };
    static const int64_t times[] = {MONDAY, MONDAY + 1, MONDAY + 2};
    const kith_text names[] = {TEXT("ana"), TEXT("ben"), TEXT("cem")};
    const kith_text posts[] = {TEXT("post"), TEXT("post"), TEXT("post")};
    const kith_text targets[] = {TEXT("a name of more than twelve"), TEXT("dan"), TEXT("eva")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        const struct plain_rows rows = {
            .columns =
                {
                    {.name = "time", .format = "tss:UTC", .numbers = times},
                    {.name = "member", .format = "u", .texts = names},
                    {.name = "kind", .format = "u", .index = "i", .texts = posts},
                    {.name = "target", .format = "vu", .texts = targets},
                },
            .column_count = 4,
            .rows = 3,
            .counts_nulls = true,
            .spoil_schema = cases[i].schema,
            .spoil_array = cases[i].array,
        };
        assert_refused(engine, &rows, KITH_BAD_EXPORT, cases[i].field, cases[i].words);
        kith_engine_free(engine);
    }
}

/* A fault in the third batch: the rows before it are in, and the row at fault is told by its number in the stream. */
static unsigned batches_left;

static void spoil_third(struct ArrowArray *array)
{
    if (--batches_left == 0)
        writable(array->children[1], 1)[2] = 0;
}

static void arrow_fault_tells_the_row_and_keeps_those_before(void **state)
{
    (void)state;
    int64_t times[9];
    kith_text names[9], posts[9];
    for (unsigned i = 0; i < 9; i++) {
        times[i] = MONDAY + i;
        names[i] = kith_text_of("ana");
        posts[i] = kith_text_of("post");
    }
    const struct plain_rows rows = {
        .columns =
            {
                {.name = "time", .format = "tss:UTC", .numbers = times},
                {.name = "member", .format = "u", .texts = names},
                {.name = "kind", .format = "u", .texts = posts},
            },
        .column_count = 3,
        .rows = 9,
        .batch = 3,
        .counts_nulls = true,
        .spoil_array = spoil_third,
    };
    batches_left = 3;
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    struct told told = {.count = 0};
    kith_added added;
    kith_error error = NO_ERROR;
    assert_int_equal(add_rows(engine, &rows, &told, &added, &error), KITH_BAD_EXPORT);
    assert_int_equal(added.read, 6);
    assert_int_equal(added.taken, 6);
    assert_int_equal(error.line, 8);
    assert_string_equal(error.field, "member");
    assert_string_equal(error.file, "arrow");
    kith_engine_free(engine);
}

/* ---- failures, and what asks to stop ---- */

static void arrow_stream_that_fails_is_told_in_its_words(void **state)
{
    (void)state;
    struct layout layout = {"l", "u", "u", "l", NULL, NULL, 1000, 0, true};
    struct plain_rows rows = rows_in(&layout);
    for (unsigned call = 1; call <= 5; call++) {
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        rows.fail_at = call;
        kith_added added;
        kith_error error = NO_ERROR;
        arrow_told.count = 0;
        assert_int_equal(add_rows(engine, &rows, &arrow_told, &added, &error), KITH_INPUT_OUTPUT);
        assert_non_null(strstr(error.message, "the disk is on fire"));
        /* The schema is the first call. */
        assert_int_equal(added.read, call < 3 ? 0 : (call - 2) * 1000);
        kith_engine_free(engine);
    }
}

static void arrow_out_of_memory_deals_with_the_first_rows_alone(void **state)
{
    (void)state;
    for (unsigned numbered = 0; numbered < 2; numbered++) {
        struct layout layout = {"tsu:UTC", numbered ? "l" : "u", "u", "l", numbered ? NULL : "i", "C", 700, 0, true};
        struct plain_rows rows = rows_in(&layout);
        unsigned failures = 0;
        for (uint64_t n = 0;; n++) {
            struct memory memory;
            memory_init(&memory);
            kith_engine_options options = all_tables(numbered ? KITH_NUMBERED : KITH_NAMED);
            options.allocator = &memory.allocator;
            kith_engine *engine = engine_with(&options);
            memory_fail_after(&memory, n);
            kith_added added;
            arrow_told.count = 0;
            kith_status status = add_rows(engine, &rows, &arrow_told, &added, NULL);
            memory_fail_never(&memory);
            kith_engine_info info = {.size = sizeof info};
            assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
            assert_int_equal(info.taken, added.taken);
            assert_int_equal(info.rejected, added.rejected);
            assert_int_equal(arrow_told.count, added.rejected);
            kith_engine_free(engine);
            assert_int_equal(memory.live, 0);
            if (status == KITH_OK)
                break;
            assert_int_equal(status, KITH_NO_MEMORY);
            failures++;
        }
        assert_true(failures > 10);
    }
}

static int stop_at_once(void *context, uint64_t done, uint64_t total)
{
    unsigned *calls = context;
    assert_int_equal(total, 0);
    assert_true(done <= ROWS);
    return ++*calls == 2;
}

static void arrow_can_be_cancelled(void **state)
{
    (void)state;
    struct layout layout = {"l", "u", "u", "l", NULL, NULL, 1000, 0, true};
    struct plain_rows rows = rows_in(&layout);
    unsigned calls = 0;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.progress = stop_at_once;
    options.progress_context = &calls;
    kith_engine *engine = engine_with(&options);
    kith_added added;
    struct told *told = &arrow_told;
    told->count = 0;
    assert_int_equal(add_rows(engine, &rows, told, &added, NULL), KITH_CANCELLED);
    assert_int_equal(added.read, 1000);
    kith_engine_free(engine);
    engine = engine_of(KITH_NAMED, 1);
    told->count = 0;
    told->stop_at = 3;
    assert_int_equal(add_rows(engine, &rows, told, &added, NULL), KITH_CANCELLED);
    assert_int_equal(told->count, 3);
    told->stop_at = 0;
    kith_engine_free(engine);
}

/* ---- arguments ---- */

static void arrow_arguments_are_checked_and_the_stream_released(void **state)
{
    (void)state;
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_add_arrow(engine, NULL, NULL, &error), KITH_BAD_ARGUMENT);
    kith_arrow input = {.size = sizeof input};
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "input.stream");
    struct plain_rows rows = one_row(false)->rows;
    struct ArrowArrayStream stream = stream_of(&rows);
    input.stream = &stream;
    assert_int_equal(kith_engine_add_arrow(NULL, &input, NULL, &error), KITH_BAD_ARGUMENT);
    assert_null(stream.release);
    stream = stream_of(&rows);
    input.reserved = 1;
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_ARGUMENT);
    assert_null(stream.release);
    input.reserved = 0;
    stream = stream_of(&rows);
    kith_added added = {.size = 4};
    assert_int_equal(kith_engine_add_arrow(engine, &input, &added, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(added.size, 4);
    assert_null(stream.release);
    /* Released before: there is nothing to be released again. */
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_EXPORT);
    stream = stream_of(&rows);
    input.target = "member";
    assert_int_equal(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_BAD_EXPORT);
    assert_non_null(strstr(error.message, "the same column"));
    assert_int_equal(arrow_live, 0);
    kith_engine_free(engine);
}

static void arrow_columns_can_have_other_names(void **state)
{
    (void)state;
    kith_engine *engine = engine_of(KITH_NAMED, 1);
    struct one *one = one_row(false);
    one->rows.columns[0].name = "created_at";
    one->rows.columns[1].name = "id";
    one->rows.columns[2].name = "";
    struct ArrowArrayStream stream = stream_of(&one->rows);
    kith_arrow input = {.size = sizeof input, .stream = &stream, .time = "created_at", .member = "id", .kind = ""};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_arrow(engine, &input, NULL, &error), KITH_OK, &error);
    assert_int_equal(first_event(engine), MONDAY);
    kith_engine_free(engine);
}

static void arrow_schema_tells_how_members_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *member;
        const char *target; /* NULL for no such column */
        uint32_t members;
    } cases[] = {
        {"u", NULL, KITH_NAMED},    {"vu", "l", KITH_NAMED}, {"L", NULL, KITH_NUMBERED},
        {"g", NULL, KITH_NUMBERED}, {"n", "U", KITH_NAMED},  {"n", "s", KITH_NUMBERED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct one *one = one_row(false);
        one->rows.columns[1].format = cases[i].member;
        one->rows.columns[3] = (struct plain_column){.name = "target", .format = cases[i].target};
        one->rows.column_count = cases[i].target ? 4 : 3;
        one->rows.rows = 0;
        struct ArrowArrayStream stream = stream_of(&one->rows);
        kith_arrow input = {.size = sizeof input, .stream = &stream};
        uint32_t members = 77;
        kith_error error = NO_ERROR;
        assert_status(kith_arrow_get_members(&input, &members, &error), KITH_OK, &error);
        assert_int_equal(members, cases[i].members);
        assert_non_null(stream.release);
        stream.release(&stream);
        assert_int_equal(arrow_live, 0);
    }
    struct plain_rows rows = one_row(false)->rows;
    rows.column_count = 1;
    struct ArrowArrayStream stream = stream_of(&rows);
    kith_arrow input = {.size = sizeof input, .stream = &stream};
    uint32_t members = 77;
    assert_int_equal(kith_arrow_get_members(&input, &members, NULL), KITH_BAD_EXPORT);
    assert_int_equal(members, 77);
    assert_int_equal(kith_arrow_get_members(&input, NULL, NULL), KITH_BAD_ARGUMENT);
    stream.release(&stream);
    assert_int_equal(arrow_live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrow_of_names_is_like_csv_in_any_layout),
        cmocka_unit_test(arrow_of_numbers_is_like_an_array_in_any_layout),
        cmocka_unit_test(arrow_times_are_moments_or_on_the_community_s_clock),
        cmocka_unit_test(arrow_ids_go_up_to_the_largest_but_one),
        cmocka_unit_test(arrow_events_of_the_same_id_count_once),
        cmocka_unit_test(arrow_columns_of_wrong_types_are_refused),
        cmocka_unit_test(arrow_that_breaks_a_rule_is_refused),
        cmocka_unit_test(arrow_fault_tells_the_row_and_keeps_those_before),
        cmocka_unit_test(arrow_stream_that_fails_is_told_in_its_words),
        cmocka_unit_test(arrow_out_of_memory_deals_with_the_first_rows_alone),
        cmocka_unit_test(arrow_can_be_cancelled),
        cmocka_unit_test(arrow_arguments_are_checked_and_the_stream_released),
        cmocka_unit_test(arrow_columns_can_have_other_names),
        cmocka_unit_test(arrow_schema_tells_how_members_are_known),
    };
    return cmocka_run_group_tests(tests, make_rows, NULL);
}
