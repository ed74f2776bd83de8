/* SPDX-License-Identifier: MIT */
/*
 * The same events give the same tables, byte for byte, however they come: one by one or many at once, by name or by id,
 * in any order, from an export, week by week, with one thread or several.
 */
#include <kith/kith.h>

#include "engine_support.h"

/* Enough people for two chunks of members, and so two threads; enough weeks for a risk to be counted. */
enum { PEOPLE = 4400, EVENTS = 26000, WEEKS = 14, NAME_ROOM = 8 };

#define END (MONDAY + WEEKS * WEEK)

/* Members are numbers of six digits, so that names and ids have the same order and the same text. */
static struct plain_event events[EVENTS];
static kith_policy *policy;
static struct tables expected;

static const char *name_of(uint64_t member, char *room)
{
    snprintf(room, NAME_ROOM, "%06u", (unsigned)member);
    return member ? room : "";
}

/*
 * Members of all sorts: they join anywhere in the thirty weeks, some stay, some come for a few weeks only, some once.
 */
static void generate(void)
{
    uint64_t seed = 20260302;
    static uint32_t first[PEOPLE], weeks[PEOPLE];
    for (unsigned i = 0; i < PEOPLE; i++) {
        first[i] = chance_below(&seed, 3) ? chance_below(&seed, WEEKS) : 0;
        weeks[i] = chance_below(&seed, 3) ? 1 + chance_below(&seed, 6) : WEEKS;
    }
    for (unsigned i = 0; i < EVENTS; i++) {
        /* The first few events name everybody once, the rest favour the lower numbers. */
        uint32_t who = i < PEOPLE ? i : chance_below(&seed, chance_below(&seed, PEOPLE) + 1);
        uint32_t whom = chance_below(&seed, chance_below(&seed, PEOPLE) + 1);
        uint32_t last = first[who] + weeks[who] < WEEKS ? first[who] + weeks[who] : WEEKS;
        uint32_t week = first[who] + chance_below(&seed, last - first[who]);
        uint32_t sort = chance_below(&seed, 16);
        events[i].time = MONDAY + week * WEEK + chance_below(&seed, 604800);
        events[i].member = sort == 0 ? 0 : 100000 + who;
        events[i].target = sort == 0 || sort > 8 ? 100000 + whom : sort == 1 ? 100000 + who : 0;
        events[i].kind = chance_below(&seed, 26);
        events[i].quantity = chance_below(&seed, 6) ? 1 : 1 + chance_below(&seed, 40);
    }
}

static void shuffle(struct plain_event *list, size_t count, uint64_t seed)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = chance_below(&seed, (uint32_t)i);
        struct plain_event moved = list[i - 1];
        list[i - 1] = list[other];
        list[other] = moved;
    }
}

static struct plain_event *shuffled(uint64_t seed)
{
    struct plain_event *list = malloc(sizeof events);
    assert_non_null(list);
    memcpy(list, events, sizeof events);
    shuffle(list, EVENTS, seed);
    return list;
}

static kith_engine *new_engine(uint32_t members, uint32_t threads)
{
    kith_engine_options options = all_tables(members);
    options.threads = threads;
    return engine_with(&options);
}

/* An array of structs. */
static kith_status add_structs(kith_engine *engine, const struct plain_event *list, uint64_t count)
{
    kith_events given = events_of(list, count);
    kith_added added = {.size = sizeof added};
    kith_error error = NO_ERROR;
    kith_status status = kith_engine_add(engine, &given, &added, &error);
    assert_status(status, KITH_OK, &error);
    assert_int_equal(added.taken, count);
    return status;
}

static struct tables review_all(kith_engine *engine)
{
    kith_review *review = review_until(engine, END);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    return tables;
}

static void assert_expected(kith_engine *engine, const char *what)
{
    struct tables tables = review_all(engine);
    assert_same_tables(&tables, &expected, what);
    tables_free(&tables);
    kith_engine_free(engine);
}

static unsigned count_lines(const char *text)
{
    unsigned count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* Not by chance alone: more than ten times. */
static void assert_often(const char *text, const char *word)
{
    for (unsigned count = 0; count <= 10; count++) {
        text = strstr(text, word);
        if (!text)
            fail_msg("%s occurs %u times", word, count);
        text++;
    }
}

/* Numbered members, in the order in which they were made: what all else is compared with. */
static int set_up(void **state)
{
    (void)state;
    policy = policy_of(NULL);
    generate();
    kith_engine *engine = new_engine(KITH_NUMBERED, 1);
    add_structs(engine, events, EVENTS);
    expected = review_all(engine);
    kith_engine_free(engine);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tables_free(&expected);
    kith_policy_free(policy);
    return 0;
}

/* Every word of the tables occurs, so that a difference anywhere has a chance to show. */
static void same_events_bring_forth_everything(void **state)
{
    (void)state;
    assert_true(count_lines(expected.csv[0]) > 4096);
    static const char *const words[] = {"promoted", "skipped", "demoted", "dormant"};
    for (unsigned i = 0; i < 4; i++)
        assert_often(expected.csv[1], words[i]);
    static const char *const flags[] = {"silent", "dormant", "drop", "stalled", "returned", "at_risk"};
    for (unsigned i = 0; i < 6; i++)
        assert_often(expected.csv[2], flags[i]);
    static const char *const stages[] = {"new", "returned", "core", "active", "away", "silent", "dormant"};
    for (unsigned i = 0; i < 7; i++)
        assert_often(expected.csv[4], stages[i]);
    assert_int_equal(count_lines(expected.csv[3]), WEEKS + 1);
}

static void same_by_name_one_at_a_time(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(KITH_NAMED, 1);
    for (unsigned i = 0; i < EVENTS; i++) {
        char member[NAME_ROOM], target[NAME_ROOM];
        kith_event event = {.size = sizeof event, .time = events[i].time, .kind = events[i].kind};
        event.quantity = events[i].quantity;
        event.member_name = kith_text_of(name_of(events[i].member, member));
        event.target_name = kith_text_of(name_of(events[i].target, target));
        kith_error error = NO_ERROR;
        assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
    }
    assert_expected(engine, "by name");
}

static void same_by_id_one_at_a_time(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(KITH_NUMBERED, 1);
    for (unsigned i = 0; i < EVENTS; i++) {
        kith_event event = {.size = sizeof event, .time = events[i].time, .kind = events[i].kind};
        event.quantity = events[i].quantity;
        event.member = events[i].member ? events[i].member : UINT64_MAX;
        event.target = events[i].target ? events[i].target : UINT64_MAX;
        event.nobody = UINT64_MAX;
        kith_error error = NO_ERROR;
        assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
    }
    assert_expected(engine, "by id");
}

/* Names become ids first; in an order of their own, which must not show. */
static void same_by_ids_of_names(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(KITH_NAMED, 1);
    char(*rooms)[NAME_ROOM] = malloc(PEOPLE * sizeof *rooms);
    kith_text *names = malloc(PEOPLE * sizeof *names);
    uint64_t *ids = malloc(PEOPLE * sizeof *ids);
    assert_true(rooms && names && ids);
    for (unsigned i = 0; i < PEOPLE; i++)
        names[PEOPLE - 1 - i] = kith_text_of(name_of(100000 + i, rooms[i]));
    assert_int_equal(kith_engine_get_ids(engine, names, PEOPLE, ids, NULL), KITH_OK);
    struct plain_event *list = shuffled(1);
    for (unsigned i = 0; i < EVENTS; i++) {
        if (list[i].member)
            list[i].member = ids[PEOPLE - 1 - (list[i].member - 100000)];
        if (list[i].target)
            list[i].target = ids[PEOPLE - 1 - (list[i].target - 100000)];
    }
    add_structs(engine, list, EVENTS);
    free(list);
    free(ids);
    free(names);
    free(rooms);
    assert_expected(engine, "by ids of names");
}

static void same_as_separate_columns(void **state)
{
    (void)state;
    int64_t *times = malloc(EVENTS * sizeof *times);
    uint64_t *members = malloc(EVENTS * sizeof *members), *targets = malloc(EVENTS * sizeof *targets);
    uint32_t *kinds = malloc(EVENTS * sizeof *kinds), *quantities = malloc(EVENTS * sizeof *quantities);
    assert_true(times && members && targets && kinds && quantities);
    for (unsigned i = 0; i < EVENTS; i++) {
        times[i] = events[i].time;
        members[i] = events[i].member;
        targets[i] = events[i].target;
        kinds[i] = events[i].kind;
        quantities[i] = events[i].quantity;
    }
    /* With strides of 0, and in two calls. */
    kith_engine *engine = new_engine(KITH_NUMBERED, 1);
    const uint64_t cut = 12345;
    for (unsigned part = 0; part < 2; part++) {
        uint64_t begin = part * cut;
        kith_events given = {.size = sizeof given, .count = part ? EVENTS - cut : cut};
        given.time = times + begin;
        given.member = members + begin;
        given.kind = kinds + begin;
        given.target = targets + begin;
        given.quantity = quantities + begin;
        assert_int_equal(kith_engine_add(engine, &given, NULL, NULL), KITH_OK);
    }
    free(times);
    free(members);
    free(targets);
    free(kinds);
    free(quantities);
    assert_expected(engine, "columns");
}

static void same_in_any_order(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed < 5; seed++) {
        struct plain_event *list = shuffled(seed);
        kith_engine *engine = new_engine(KITH_NUMBERED, 1);
        add_structs(engine, list, EVENTS);
        free(list);
        assert_expected(engine, "shuffled");
    }
}

static void same_with_several_threads(void **state)
{
    (void)state;
    const uint32_t threads[] = {2, 3, 64};
    for (unsigned i = 0; i < 3; i++) {
        kith_engine *engine = new_engine(KITH_NUMBERED, threads[i]);
        add_structs(engine, events, EVENTS);
        assert_expected(engine, "threads");
    }
}

/* ---- exports ---- */

static char *as_export(const struct plain_event *list)
{
    char *text = malloc(64 + EVENTS * 64);
    assert_non_null(text);
    size_t length = (size_t)sprintf(text, "quantity,target,kind,time,member\n");
    for (unsigned i = 0; i < EVENTS; i++) {
        char member[NAME_ROOM], target[NAME_ROOM], quantity[12] = "";
        kith_kind kind = {.size = sizeof kind};
        assert_int_equal(kith_policy_get_kind(policy, list[i].kind, &kind, NULL), KITH_OK);
        if (list[i].quantity != 1)
            sprintf(quantity, "%u", list[i].quantity);
        length += (size_t)sprintf(text + length, "%s,%s,%s,%lld,%s\n", quantity, name_of(list[i].target, target),
                                  kind.name, (long long)list[i].time, name_of(list[i].member, member));
    }
    return text;
}

static void check_export(const char *text, size_t step, uint64_t odd, uint32_t threads)
{
    kith_engine *engine = new_engine(KITH_NAMED, threads);
    struct bytes_source source = {.bytes = text, .length = strlen(text), .step = step, .odd = odd};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
    kith_added added = {.size = sizeof added};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_export(engine, &input, &added, &error), KITH_OK, &error);
    assert_int_equal(added.taken, EVENTS);
    assert_int_equal(added.rejected, 0);
    assert_expected(engine, "export");
}

static void same_as_an_export(void **state)
{
    (void)state;
    char *text = as_export(events);
    check_export(text, 0, 0, 1);
    check_export(text, 7, 0, 1);
    check_export(text, 5000, 3, 1);
    check_export(text, 999, 4, 3);
    free(text);
}

static void same_as_an_export_in_another_order(void **state)
{
    (void)state;
    struct plain_event *list = shuffled(9);
    char *text = as_export(list);
    check_export(text, 0, 0, 2);
    free(text);
    free(list);
}

/* ---- week by week ---- */

static int compare_times(const void *a, const void *b)
{
    const struct plain_event *left = a, *right = b;
    return left->time < right->time ? -1 : left->time > right->time;
}

/* As an application does: events as they happen, a review each Monday. The reviews, one behind the other, are one. */
static void check_live(uint32_t members, uint32_t threads)
{
    struct plain_event *list = shuffled(6);
    qsort(list, EVENTS, sizeof *list, compare_times);
    kith_engine *engine = new_engine(members, threads);
    struct tables sum = {{NULL}};
    unsigned at = 0;
    for (unsigned week = 0; week < WEEKS; week++) {
        int64_t end = MONDAY + (week + 1) * WEEK;
        unsigned begin = at;
        /* Some of the next week's come before the review of this one. */
        while (at < EVENTS && list[at].time < end + DAY)
            at++;
        shuffle(list + begin, at - begin, week);
        if (members == KITH_NUMBERED)
            add_structs(engine, list + begin, at - begin);
        else {
            for (unsigned i = begin; i < at; i++) {
                char member[NAME_ROOM], target[NAME_ROOM];
                kith_event event = {.size = sizeof event, .time = list[i].time, .kind = list[i].kind};
                event.quantity = list[i].quantity;
                event.member_name = kith_text_of(name_of(list[i].member, member));
                event.target_name = kith_text_of(name_of(list[i].target, target));
                assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OK);
            }
        }
        kith_review *review = review_until(engine, end);
        struct tables tables = tables_of(review, week == 0 ? KITH_CSV_HEADER : KITH_CSV_NO_HEADER);
        if (week == 0)
            sum = tables;
        else {
            if (week == WEEKS - 1) {
                free(tables.csv[0]);
                tables.csv[0] = csv_of(review, KITH_STANDINGS, KITH_CSV_HEADER);
            }
            tables_go_on(&sum, &tables);
            tables_free(&tables);
        }
        kith_review_free(review);
    }
    assert_int_equal(at, EVENTS);
    assert_same_tables(&sum, &expected, "live");
    tables_free(&sum);
    free(list);
    kith_engine_free(engine);
}

static void same_reviewed_week_by_week(void **state)
{
    (void)state;
    check_live(KITH_NUMBERED, 1);
    check_live(KITH_NUMBERED, 3);
    check_live(KITH_NAMED, 1);
}

/* Batches of other sizes: reviews that span one week, none, many. */
static void same_reviewed_in_batches(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(KITH_NUMBERED, 1);
    add_structs(engine, events, EVENTS);
    const unsigned ends[] = {1, 1, 3, 5, 6, 12, WEEKS};
    struct tables sum = {{NULL}};
    for (unsigned i = 0; i < 7; i++) {
        kith_review *review =
            review_until(engine, MONDAY + ends[i] * WEEK + (i % 2 ? 0 : WEEK - 1) * (ends[i] < WEEKS));
        struct tables tables = tables_of(review, i == 0 ? KITH_CSV_HEADER : KITH_CSV_NO_HEADER);
        if (i == 0)
            sum = tables;
        else {
            if (i == 6) {
                free(tables.csv[0]);
                tables.csv[0] = csv_of(review, KITH_STANDINGS, KITH_CSV_HEADER);
            }
            tables_go_on(&sum, &tables);
            tables_free(&tables);
        }
        kith_review_free(review);
    }
    assert_same_tables(&sum, &expected, "batches");
    tables_free(&sum);
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_events_bring_forth_everything), cmocka_unit_test(same_by_name_one_at_a_time),
        cmocka_unit_test(same_by_id_one_at_a_time),           cmocka_unit_test(same_by_ids_of_names),
        cmocka_unit_test(same_as_separate_columns),           cmocka_unit_test(same_in_any_order),
        cmocka_unit_test(same_with_several_threads),          cmocka_unit_test(same_as_an_export),
        cmocka_unit_test(same_as_an_export_in_another_order), cmocka_unit_test(same_reviewed_week_by_week),
        cmocka_unit_test(same_reviewed_in_batches),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
