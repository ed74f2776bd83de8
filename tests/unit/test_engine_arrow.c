/* SPDX-License-Identifier: MIT */
/* Events from Arrow streams: the same as from a CSV export, or from an array, whatever the layout. */
#include "arrow_given.h"

static const int32_t clocks[] = {0, 7200, -5 * 3600};

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
        int length = snprintf(
            line, sizeof line, "%s,%s,%s,%s,%s\n", time, given.nobody[0][row] ? "" : given.names[0][row],
            given.no_kind[row] ? "" : given.kinds[row].data, given.nobody[1][row] ? "" : given.names[1][row], quantity);
        assert_int_equal(gather(&csv, line, (size_t)length), 0);
    }
    return csv;
}

static struct told csv_told, arrow_told;

static kith_engine *engine_of_csv(int32_t utc_offset, kith_added *added)
{
    struct gathered csv = csv_of_rows();
    struct bytes_source source = {.bytes = csv.bytes, .length = csv.length};
    kith_engine *engine = engine_on_clock(utc_offset, KITH_NAMED, 1);
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

static void compare_with_csv(const struct layout *layout, int32_t utc_offset, uint32_t threads)
{
    kith_added of_csv, of_arrow;
    kith_engine *expected = engine_of_csv(utc_offset, &of_csv);
    kith_engine *engine = engine_on_clock(utc_offset, KITH_NAMED, threads);
    struct plain_rows rows = rows_in(layout, utc_offset);
    kith_error error = NO_ERROR;
    arrow_told.count = 0;
    assert_status(add_rows(engine, &rows, &arrow_told, &of_arrow, &error), KITH_OK, &error);
    assert_same_added(&of_arrow, &of_csv);
    assert_same_rejects();
    assert_same_review(engine, expected, layout->time);
    kith_engine_free(engine);
    kith_engine_free(expected);
}

static void arrow_of_names_is_like_csv_in_any_layout(void **state)
{
    (void)state;
    uint64_t luck = 3;
    for (uint64_t round = 0; round < tries(60); round++) {
        struct layout layout = random_layout(&luck, false);
        compare_with_csv(&layout, clocks[round % 3], 1 + round % 2);
    }
}

/* Days begin on the community's clock. */
static void arrow_of_days_is_like_csv(void **state)
{
    (void)state;
    static int64_t exact[ROWS];
    memcpy(exact, given.times, sizeof exact);
    uint64_t luck = 5;
    for (unsigned i = 0; i < 6; i++) {
        for (unsigned row = 0; row < ROWS; row++)
            given.times[row] = (exact[row] + clocks[i % 3]) / DAY * DAY - clocks[i % 3];
        struct layout layout = random_layout(&luck, false);
        layout.time = "tdD";
        compare_with_csv(&layout, clocks[i % 3], 1);
    }
    memcpy(given.times, exact, sizeof exact);
}

/* ---- numbered members, against an array ---- */

static struct plain_event events[ROWS];

/* Rows that cannot be told to an array at all are given a time that cannot be. */
static kith_engine *engine_of_array(int32_t utc_offset, kith_added *added, uint8_t *reasons)
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
    kith_engine *engine = engine_on_clock(utc_offset, KITH_NUMBERED, 1);
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
        const int32_t clock = clocks[round % 3];
        kith_engine *expected = engine_of_array(clock, &of_array, reasons);
        kith_engine *engine = engine_on_clock(clock, KITH_NUMBERED, 1 + round % 2);
        struct layout layout = random_layout(&luck, true);
        struct plain_rows rows = rows_in(&layout, clock);
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

/* ---- many rows ---- */

enum { MANY = 4400000 };

/* Rows of numbered members in a batch each, of which a few cannot be used. */
struct many {
    int64_t *times;
    int64_t *members;
    int64_t *targets;
    kith_text *kinds;
    struct plain_rows rows;
};

static bool is_refused(size_t row)
{
    return row % 150001 == 7;
}

static struct many make_many(size_t count, size_t batch)
{
    static const char *const kinds[] = {"post", "like", "comment"};
    struct many many = {calloc(count, sizeof(int64_t)),
                        calloc(count, sizeof(int64_t)),
                        calloc(count, sizeof(int64_t)),
                        calloc(count, sizeof(kith_text)),
                        {.column_count = 4}};
    uint64_t luck = 8;
    for (size_t i = 0; i < count; i++) {
        many.times[i] = is_refused(i) ? -1 : MONDAY + (int64_t)(i * 5 * WEEK / count);
        many.members[i] = 1 + chance_below(&luck, 700);
        many.targets[i] = 1 + chance_below(&luck, 700);
        many.kinds[i] = kith_text_of(kinds[chance_below(&luck, 3)]);
    }
    many.rows.columns[0] = (struct plain_column){.name = "time", .format = "tss:UTC", .numbers = many.times};
    many.rows.columns[1] = (struct plain_column){.name = "member", .format = "l", .numbers = many.members};
    many.rows.columns[2] = (struct plain_column){.name = "target", .format = "i", .numbers = many.targets};
    many.rows.columns[3] = (struct plain_column){.name = "kind", .format = "u", .index = "C", .texts = many.kinds};
    many.rows.rows = count;
    many.rows.batch = batch;
    return many;
}

static void free_many(struct many *many)
{
    free(many->times);
    free(many->members);
    free(many->targets);
    free(many->kinds);
}

static kith_engine *engine_of_many(const struct many *many)
{
    kith_policy *policy = policy_of(NULL);
    struct plain_event *list = calloc(many->rows.rows, sizeof *list);
    for (size_t i = 0; i < many->rows.rows; i++)
        list[i] = (struct plain_event){
            .time = many->times[i],
            .member = (uint64_t)many->members[i],
            .target = (uint64_t)many->targets[i],
            .kind = kind_of(policy, many->kinds[i].data),
            .quantity = 1,
        };
    kith_engine *engine = engine_of(KITH_NUMBERED, 1);
    kith_events all = events_of(list, many->rows.rows);
    assert_int_equal(kith_engine_add(engine, &all, NULL, NULL), KITH_OK);
    free(list);
    kith_policy_free(policy);
    return engine;
}

static void compare_many(size_t count, size_t batch, uint32_t threads)
{
    struct many many = make_many(count, batch);
    kith_engine *expected = engine_of_many(&many), *engine = engine_of(KITH_NUMBERED, threads);
    kith_added added;
    kith_error error = NO_ERROR;
    arrow_told.count = 0;
    assert_status(add_rows(engine, &many.rows, &arrow_told, &added, &error), KITH_OK, &error);
    assert_int_equal(added.read, count);
    size_t refused = 0;
    for (size_t row = 0; row < count; row++) {
        if (!is_refused(row))
            continue;
        assert_true(refused < arrow_told.count);
        assert_int_equal(arrow_told.rejects[refused].line, row + 1);
        assert_string_equal(arrow_told.rejects[refused].value, "-1");
        refused++;
    }
    assert_int_equal(arrow_told.count, refused);
    assert_int_equal(added.rejected, refused);
    assert_same_review(engine, expected, "many rows");
    kith_engine_free(engine);
    kith_engine_free(expected);
    free_many(&many);
}

/* Rows of many batches are added together, those of a large one in parts. */
static void arrow_of_many_rows_is_like_an_array_by_one_thread_or_two(void **state)
{
    (void)state;
    for (uint32_t threads = 1; threads <= 2; threads++) {
        compare_many(170000, 0, threads);
        compare_many(170000, 1001, threads);
        compare_many(170000, 40000, threads);
    }
    compare_many(tries(MANY), 0, 2);
}

/* ---- one row, of any types ---- */

static int64_t first_event(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info.first_event;
}

/* The moment that a time of this type becomes on a clock so many seconds east of UTC; -1 where it is refused. */
static int64_t moment_of(int32_t utc_offset, const char *format, int64_t time, const char *text)
{
    kith_engine *engine = engine_on_clock(utc_offset, KITH_NAMED, 1);
    struct one *one = one_row(false);
    one->time = time;
    one->time_text = kith_text_of(text);
    one->rows.columns[0].format = format;
    kith_added added;
    kith_error error = NO_ERROR;
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
        int64_t moment = moment_of(7200, cases[i].format, cases[i].time, text ? cases[i].text : "");
        if (moment != cases[i].moment)
            fail_msg("%s %lld: %lld", cases[i].format, (long long)cases[i].time, (long long)moment);
    }
}

/* What a clock west of UTC showed before its year 1970 began may be a moment that an event can have. */
static void arrow_times_may_lie_before_1970_on_a_clock_in_the_west(void **state)
{
    (void)state;
    enum { WEST = -5 * 3600 };
    assert_int_equal(moment_of(WEST, "tss:", -5 * 3600, ""), 0);
    assert_int_equal(moment_of(WEST, "tss:", -5 * 3600 - 1, ""), -1);
    assert_int_equal(moment_of(WEST, "tsm:", -1, ""), 5 * 3600 - 1);
    assert_int_equal(moment_of(WEST, "tsn:", -4 * INT64_C(3600000000000) - 1, ""), 3599);
    assert_int_equal(moment_of(WEST, "tdD", -1, ""), -1);
    assert_int_equal(moment_of(WEST, "tdD", 0, ""), 5 * 3600);
    assert_int_equal(moment_of(WEST, "u", 0, "1969-12-31T20:00:00"), 3600);
    assert_int_equal(moment_of(WEST, "tss:", INT64_C(253370764799) - 5 * 3600, ""), INT64_C(253370764799));
    assert_int_equal(moment_of(WEST, "tss:", INT64_C(253370764800) - 5 * 3600, ""), -1);
}

static void arrow_quantities_are_from_1_to_a_thousand_million(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        int64_t quantity;
        uint64_t taken;
    } cases[] = {
        {"l", 1, 1},          {"l", 0, 0},          {"l", -1, 0},         {"l", 1000000000, 1}, {"l", 1000000001, 0},
        {"l", INT64_MIN, 0},  {"L", -1, 0},         {"I", 1000000001, 0}, {"i", -1, 0},         {"c", -1, 0},
        {"C", 255, 1},        {"S", 65535, 1},      {"g", 1000000000, 1}, {"g", 1000000001, 0}, {"g", -1, 0},
        {"L", 4294967297, 0}, {"l", 4294967297, 0}, {"g", 4294967297, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (unsigned numbered = 0; numbered < 2; numbered++) {
            kith_engine *engine = engine_of(numbered ? KITH_NUMBERED : KITH_NAMED, 1);
            struct one *one = one_row(numbered);
            one->quantity = cases[i].quantity;
            one->rows.columns[3] =
                (struct plain_column){.name = "quantity", .format = cases[i].format, .numbers = &one->quantity};
            one->rows.column_count = 4;
            kith_added added;
            struct told told = {.count = 0};
            kith_error error = NO_ERROR;
            assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
            if (added.taken != cases[i].taken)
                fail_msg("%s %lld", cases[i].format, (long long)cases[i].quantity);
            if (added.taken == 0)
                assert_int_equal(told.rejects[0].reason, KITH_REASON_QUANTITY);
            kith_engine_free(engine);
        }
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
        {"l", -2, 0},        {"i", -7, 0}, {"s", -7, 0},  {"L", 0, 1}, {"L", -2, 1},        {"L", -1, 0}, {"l", -1, 0},
        {"l", INT64_MAX, 1}, {"c", -1, 0}, {"C", 255, 1}, {"g", 3, 1}, {"g", INT64_MAX, 0}, {"f", -1, 0},
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

/* Where several reasons hold it is the first of the list, as of an event that is added alone. */
static void arrow_rows_without_a_time_are_refused_for_that_first(void **state)
{
    (void)state;
    for (unsigned bad_time = 0; bad_time < 2; bad_time++) {
        kith_engine *engine = engine_of(KITH_NUMBERED, 1);
        struct one *one = one_row(true);
        one->member = -7;
        one->rows.columns[1].format = "l";
        if (bad_time)
            one->time = -1;
        kith_added added;
        struct told told = {.count = 0};
        kith_error error = NO_ERROR;
        assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
        assert_int_equal(told.count, 1);
        assert_int_equal(told.rejects[0].reason, bad_time ? KITH_REASON_TIME : KITH_REASON_MEMBER);
        assert_string_equal(told.rejects[0].column, bad_time ? "time" : "member");
        kith_engine_free(engine);
    }
}

/* A time that is refused for where it lies is shown as people write it, and as a number where it is none. */
static void arrow_rejects_show_the_time_that_stood_there(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        int64_t time;
        uint32_t reason;
        const char *shown;
    } cases[] = {
        {"tss:UTC", MONDAY - WEEK + 3661, KITH_REASON_LATE, "2026-02-23T01:01:01Z"},
        {"tsn:UTC", (MONDAY - 1) * 1000000000, KITH_REASON_LATE, "2026-03-01T23:59:59Z"},
        {"tdD", MONDAY_DAY - 1, KITH_REASON_LATE, "2026-03-01T00:00:00Z"},
        {"l", MONDAY - 1, KITH_REASON_LATE, "1772409599"},
        {"tss:UTC", -1, KITH_REASON_TIME, "-1"},
        {"tss:UTC", INT64_MAX, KITH_REASON_TIME, "9223372036854775807"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_engine *engine = engine_on_clock(0, KITH_NAMED, 1);
        add_named(engine, MONDAY - 1, "ben", "post", "", 1);
        kith_review_free(review_until(engine, MONDAY));
        struct one *one = one_row(false);
        one->time = cases[i].time;
        one->rows.columns[0].format = cases[i].format;
        kith_added added;
        struct told told = {.count = 0};
        kith_error error = NO_ERROR;
        assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
        assert_int_equal(told.count, 1);
        assert_int_equal(told.rejects[0].reason, cases[i].reason);
        assert_string_equal(told.rejects[0].value, cases[i].shown);
        kith_engine_free(engine);
    }
}

/* Kinds are told apart by all of their names, up to the longest. */
static void arrow_kinds_may_have_long_names(void **state)
{
    (void)state;
    enum { MOST = 64, KINDS = 6 };
    static const unsigned lengths[KINDS] = {15, 16, 17, 40, 63, 64};
    char text[1024] = "", names[KINDS][MOST + 2];
    for (unsigned i = 0; i < KINDS; i++) {
        /* They begin and end alike. */
        memset(names[i], 'k', sizeof names[i]);
        names[i][lengths[i]] = '\0';
        names[i][lengths[i] / 2] = 'x';
        sprintf(text + strlen(text), "[kind %s]\ngives = content 1\n", names[i]);
    }
    kith_policy *policy = policy_of(text);
    for (unsigned i = 0; i < 2 * KINDS + 1; i++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        kith_engine *engine = NULL;
        assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
        struct one *one = one_row(false);
        char name[MOST + 2];
        bool known = i < KINDS;
        strcpy(name, names[i % KINDS]);
        if (!known)
            name[lengths[i % KINDS] / 2] = 'y'; /* as long as one, but another */
        if (i == 2 * KINDS)
            strcpy(name, "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkxkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"); /* one byte too long */
        one->kind = kith_text_of(name);
        kith_added added;
        struct told told = {.count = 0};
        kith_error error = NO_ERROR;
        assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
        assert_int_equal(added.taken, known);
        if (!known)
            assert_int_equal(told.rejects[0].reason, KITH_REASON_KIND);
        kith_engine_free(engine);
    }
    kith_policy_free(policy);
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

static void give_nulls_a_buffer(struct ArrowArray *array)
{
    array->children[3]->n_buffers = 1;
}

/* A column of nulls has no buffers, and some producers give it one all the same. */
static void arrow_nulls_have_a_buffer_or_none(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        kith_engine *engine = engine_of(KITH_NAMED, 1);
        struct one *one = one_row(false);
        one->rows.columns[3] = (struct plain_column){.name = "target", .format = "n"};
        one->rows.column_count = 4;
        one->rows.spoil_array = i == 1 ? give_nulls_a_buffer : NULL;
        kith_added added;
        struct told told = {.count = 0};
        kith_error error = NO_ERROR;
        assert_status(add_rows(engine, &one->rows, &told, &added, &error), KITH_OK, &error);
        assert_int_equal(added.taken, 1);
        kith_engine_free(engine);
    }
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
        cmocka_unit_test(arrow_of_days_is_like_csv),
        cmocka_unit_test(arrow_of_numbers_is_like_an_array_in_any_layout),
        cmocka_unit_test(arrow_of_many_rows_is_like_an_array_by_one_thread_or_two),
        cmocka_unit_test(arrow_times_are_moments_or_on_the_community_s_clock),
        cmocka_unit_test(arrow_times_may_lie_before_1970_on_a_clock_in_the_west),
        cmocka_unit_test(arrow_quantities_are_from_1_to_a_thousand_million),
        cmocka_unit_test(arrow_ids_go_up_to_the_largest_but_one),
        cmocka_unit_test(arrow_rows_without_a_time_are_refused_for_that_first),
        cmocka_unit_test(arrow_rejects_show_the_time_that_stood_there),
        cmocka_unit_test(arrow_kinds_may_have_long_names),
        cmocka_unit_test(arrow_events_of_the_same_id_count_once),
        cmocka_unit_test(arrow_nulls_have_a_buffer_or_none),
        cmocka_unit_test(arrow_columns_can_have_other_names),
        cmocka_unit_test(arrow_schema_tells_how_members_are_known),
    };
    return cmocka_run_group_tests(tests, make_given, NULL);
}
