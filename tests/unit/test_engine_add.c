/* SPDX-License-Identifier: MIT */
/* Events from the application: which are refused and why, and in which forms they come. */
#include <kith/kith.h>

#include "engine_support.h"

#define TIME_MOST INT64_C(253370764799)

static kith_policy *policy; /* the default one */
static uint32_t article, like, login;

static int set_up_group(void **state)
{
    (void)state;
    policy = policy_of(NULL);
    article = kind_of(policy, "article");
    like = kind_of(policy, "like");
    login = kind_of(policy, "login");
    return 0;
}

static int tear_down_group(void **state)
{
    (void)state;
    kith_policy_free(policy);
    return 0;
}

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info;
}

static kith_event good_event(void)
{
    return (kith_event){
        .size = sizeof(kith_event), .kind = like, .time = MONDAY, .quantity = 1, .member_name = TEXT("ana")};
}

static void assert_refused(kith_engine *engine, const kith_event *event, uint32_t reason, const char *field)
{
    kith_engine_info before = info_of(engine);
    kith_error error = NO_ERROR;
    kith_status status = kith_engine_add_event(engine, event, &error);
    if (reason == KITH_REASON_NONE) {
        assert_status(status, KITH_OK, &error);
        return;
    }
    assert_status(status, KITH_REFUSED, &error);
    assert_int_equal(error.status, KITH_REFUSED);
    if (error.reason != reason)
        fail_msg("reason %s in place of %s", kith_reason_name(error.reason), kith_reason_name(reason));
    assert_string_equal(error.field, field);
    assert_true(strlen(error.message) > strlen(field) + 2);
    assert_int_equal(kith_engine_add_event(engine, event, NULL), KITH_REFUSED);
    /* Nothing but that it was refused twice. */
    before.rejected += 2;
    before.late += reason == KITH_REASON_LATE ? 2 : 0;
    before.future += reason == KITH_REASON_FUTURE ? 2 : 0;
    kith_engine_info after = info_of(engine);
    assert_memory_equal(&after, &before, sizeof after);
}

/* ---- one event ---- */

static void add_event_time_is_checked(void **state)
{
    (void)state;
    const struct {
        int64_t time;
        uint32_t reason;
    } cases[] = {{-1, KITH_REASON_TIME},        {0, KITH_REASON_NONE},
                 {TIME_MOST, KITH_REASON_NONE}, {TIME_MOST + 1, KITH_REASON_TIME},
                 {INT64_MIN, KITH_REASON_TIME}, {INT64_MAX, KITH_REASON_TIME}};
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_event event = good_event();
        event.time = cases[i].time;
        assert_refused(engine, &event, cases[i].reason, "time");
    }
    kith_engine_free(engine);
}

static void add_event_names_are_checked(void **state)
{
    (void)state;
    char longest[256];
    memset(longest, 'x', sizeof longest);
    const kith_text good[] = {TEXT("b"), {longest, 255}, TEXT("nul\0in it"), TEXT("\xF0\x9F\x8C\xB8"), TEXT(" ")};
    const kith_text bad[] = {{longest, 256}, TEXT("\xFF"), TEXT("cut \xE2\x82"), TEXT("\xC1\xBF"), {NULL, 1}};
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    for (size_t i = 0; i < 5; i++) {
        kith_event event = good_event();
        event.member_name = good[i];
        assert_refused(engine, &event, KITH_REASON_NONE, "");
        event.target_name = good[(i + 1) % 5];
        assert_refused(engine, &event, KITH_REASON_NONE, "");
        event.target_name = bad[i];
        assert_refused(engine, &event, KITH_REASON_TARGET, "target");
        event.member_name = bad[i];
        assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
        event.target_name = TEXT("ben");
        assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
    }
    assert_int_equal(info_of(engine).members, 5);
    kith_engine_free(engine);
}

static void add_event_needs_somebody(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_event event = good_event();
    event.member_name = TEXT("");
    assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
    event.target_name = TEXT("ben");
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    kith_engine_free(engine);
}

static void add_event_ids_must_be_the_engines(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_text names[] = {TEXT("ana"), TEXT("ben")};
    uint64_t ids[2];
    assert_int_equal(kith_engine_get_ids(engine, names, 2, ids, NULL), KITH_OK);
    const uint64_t unknown[] = {3, 4, UINT32_MAX, UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1, UINT64_MAX};
    for (unsigned i = 0; i < 6; i++) {
        kith_event event = good_event();
        event.member_name = TEXT("");
        event.member = unknown[i];
        event.target = ids[0];
        assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
        event.member = ids[0];
        event.target = unknown[i];
        assert_refused(engine, &event, KITH_REASON_TARGET, "target");
    }
    /* 0 is nobody's id, even where another number stands for nobody. */
    kith_event event = good_event();
    event.member_name = TEXT("");
    event.nobody = 99;
    event.target = 99;
    assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
    event.member = ids[1];
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    kith_engine_free(engine);
}

/* A name comes before an id. */
static void add_event_name_stands_in_place_of_the_id(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_event event = good_event();
    event.kind = article;
    event.member = 777;
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    kith_review *review = review_until(engine, MONDAY + WEEK);
    char *csv = csv_of(review, KITH_CHANGES, KITH_CSV_NO_HEADER);
    assert_string_equal(csv, "2026-03-02,ana,newcomer,active,promoted,5.71\n");
    free(csv);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void add_event_numbered_members_have_no_names(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    kith_event event = good_event();
    assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
    event.member_name = TEXT("");
    assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
    event.member = 5;
    event.target_name = TEXT("ben");
    assert_refused(engine, &event, KITH_REASON_TARGET, "target");
    event.target_name = TEXT("");
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    event.member = UINT64_MAX;
    event.target = UINT64_MAX - 1;
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    /* An application with a member 0 says which number stands for none. */
    event.nobody = UINT64_MAX;
    event.member = 0;
    event.target = UINT64_MAX;
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    event.member = UINT64_MAX;
    assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
    assert_int_equal(info_of(engine).members, 4);
    kith_engine_free(engine);
}

static void add_event_kind_and_quantity_are_checked(void **state)
{
    (void)state;
    kith_policy_info policy_info = {.size = sizeof policy_info};
    assert_int_equal(kith_policy_get_info(policy, &policy_info, NULL), KITH_OK);
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_event event = good_event();
    event.kind = policy_info.kinds - 1;
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    event.kind = policy_info.kinds;
    assert_refused(engine, &event, KITH_REASON_KIND, "kind");
    event.kind = UINT32_MAX - 1;
    assert_refused(engine, &event, KITH_REASON_KIND, "kind");
    const struct {
        uint32_t quantity;
        uint32_t reason;
    } cases[] = {{0, KITH_REASON_QUANTITY},
                 {1, KITH_REASON_NONE},
                 {1000000000, KITH_REASON_NONE},
                 {1000000001, KITH_REASON_QUANTITY},
                 {UINT32_MAX, KITH_REASON_QUANTITY}};
    for (size_t i = 0; i < 5; i++) {
        event = good_event();
        event.quantity = cases[i].quantity;
        assert_refused(engine, &event, cases[i].reason, "quantity");
    }
    kith_engine_free(engine);
}

static int64_t fixed_clock(void *context)
{
    return *(const int64_t *)context;
}

static void add_event_future_goes_by_the_engines_clock(void **state)
{
    (void)state;
    const struct {
        int64_t now, future, last_good;
    } cases[] = {
        {MONDAY, 100, MONDAY + 100},      {MONDAY, 0, MONDAY + 86400},
        {MONDAY, -1, TIME_MOST},          {MONDAY, INT64_MIN, TIME_MOST},
        {MONDAY, INT64_MAX, TIME_MOST},   {INT64_MAX, 100, TIME_MOST},
        {INT64_MAX - 99, 100, TIME_MOST}, {-50, 100, 50},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t now = cases[i].now;
        kith_engine_options options = all_tables(KITH_NAMED);
        options.future = cases[i].future;
        options.now = fixed_clock;
        options.now_context = &now;
        kith_engine *engine = engine_with(&options);
        kith_event event = good_event();
        event.time = cases[i].last_good;
        assert_refused(engine, &event, KITH_REASON_NONE, "");
        event.time++;
        assert_refused(engine, &event, event.time > TIME_MOST ? KITH_REASON_TIME : KITH_REASON_FUTURE, "time");
        if (cases[i].last_good < TIME_MOST) {
            now++;
            assert_refused(engine, &event, KITH_REASON_NONE, "");
        }
        kith_engine_free(engine);
    }
}

/* The year 2000 is past and the year 9998 is not, whenever this runs. */
static void add_event_future_goes_by_the_systems_clock(void **state)
{
    (void)state;
    kith_engine *engine = NULL;
    assert_int_equal(kith_engine_new(policy, NULL, &engine, NULL), KITH_OK);
    kith_event event = good_event();
    event.time = INT64_C(946684800);
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    event.time = TIME_MOST;
    assert_refused(engine, &event, KITH_REASON_FUTURE, "time");
    kith_engine_free(engine);
}

static void add_event_of_a_reviewed_week_is_late(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    /* A review of nothing closes weeks too. */
    kith_review_free(review_until(engine, MONDAY));
    kith_event event = good_event();
    event.time = MONDAY - 1;
    assert_refused(engine, &event, KITH_REASON_LATE, "time");
    event.time = 0;
    assert_refused(engine, &event, KITH_REASON_LATE, "time");
    event.time = MONDAY;
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    kith_review_free(review_until(engine, MONDAY + WEEK));
    assert_refused(engine, &event, KITH_REASON_LATE, "time");
    event.time = MONDAY + WEEK - 1;
    assert_refused(engine, &event, KITH_REASON_LATE, "time");
    event.time = MONDAY + WEEK;
    assert_refused(engine, &event, KITH_REASON_NONE, "");
    kith_engine_free(engine);
}

/* All faults at once: mended one by one, each gives way to the next of the list. */
static void add_event_first_reason_of_the_list_is_given(void **state)
{
    (void)state;
    int64_t now = MONDAY;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.future = 10;
    options.now = fixed_clock;
    options.now_context = &now;
    kith_engine *engine = engine_with(&options);
    kith_event event = {.size = sizeof event,
                        .time = -1,
                        .kind = UINT32_MAX - 1,
                        .quantity = 0,
                        .member_name = TEXT("\xFF"),
                        .target_name = TEXT("\xFF")};
    assert_refused(engine, &event, KITH_REASON_TIME, "time");
    event.time = MONDAY + 11;
    assert_refused(engine, &event, KITH_REASON_MEMBER, "member");
    event.member_name = TEXT("ana");
    assert_refused(engine, &event, KITH_REASON_TARGET, "target");
    event.target_name = TEXT("ben");
    assert_refused(engine, &event, KITH_REASON_KIND, "kind");
    event.kind = like;
    assert_refused(engine, &event, KITH_REASON_QUANTITY, "quantity");
    event.quantity = 1;
    assert_refused(engine, &event, KITH_REASON_FUTURE, "time");
    kith_review_free(review_until(engine, MONDAY + WEEK));
    assert_refused(engine, &event, KITH_REASON_LATE, "time");
    kith_engine_free(engine);
}

static void add_event_bad_argument_changes_nothing(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    struct {
        kith_event known;
        uint64_t later[2];
    } larger = {.known = good_event()};
    kith_event *event = &larger.known;
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_add_event(NULL, event, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "engine");
    assert_int_equal(kith_engine_add_event(engine, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "event");
    event->size = sizeof *event - 1;
    assert_int_equal(kith_engine_add_event(engine, event, &error), KITH_BAD_ARGUMENT);
    event->size = sizeof *event;
    event->reserved = 1;
    assert_int_equal(kith_engine_add_event(engine, event, &error), KITH_BAD_ARGUMENT);
    event->reserved = 0;
    event->size = sizeof larger;
    larger.later[1] = 1;
    assert_int_equal(kith_engine_add_event(engine, event, &error), KITH_UNSUPPORTED);
    assert_int_equal(error.status, KITH_UNSUPPORTED);
    assert_int_equal(info_of(engine).taken, 0);
    assert_int_equal(info_of(engine).members, 0);
    larger.later[1] = 0;
    assert_int_equal(kith_engine_add_event(engine, event, &error), KITH_OK);
    kith_engine_free(engine);
}

/* A success leaves the error alone; an error of an older, smaller kind is filled as far as it goes. */
static void add_event_error_is_filled_on_failure_only(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    kith_event event = good_event();
    kith_error error, before;
    memset(&error, 0x5A, sizeof error);
    error.size = sizeof error;
    before = error;
    assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_OK);
    assert_memory_equal(&error, &before, sizeof error);
    event.quantity = 0;
    error.size = (uint32_t)offsetof(kith_error, line);
    assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_REFUSED);
    assert_int_equal(error.size, offsetof(kith_error, line));
    assert_int_equal(error.reason, KITH_REASON_QUANTITY);
    assert_memory_equal(&error.line, &before.line, sizeof error - offsetof(kith_error, line));
    kith_engine_free(engine);
}

/* ---- many events ---- */

struct app_event {
    char padding[3];
    char time[8];
    char kind[4];
    char quantity[4];
    char member[8];
    char target[8];
};

/* Each reason once, amid events that are good. */
static void add_rejects_some_and_takes_the_others(void **state)
{
    (void)state;
    int64_t now = MONDAY + WEEK;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.future = 10;
    options.now = fixed_clock;
    options.now_context = &now;
    kith_engine *engine = engine_with(&options);
    kith_review_free(review_until(engine, MONDAY));
    kith_text names[] = {TEXT("ana"), TEXT("ben")};
    uint64_t ids[2];
    assert_int_equal(kith_engine_get_ids(engine, names, 2, ids, NULL), KITH_OK);
    const struct {
        int64_t time;
        uint64_t member, target;
        uint32_t kind, quantity;
        uint8_t reason;
    } rows[] = {
        {MONDAY, ids[0], ids[1], like, 1, KITH_REASON_NONE},
        {-1, ids[0], ids[1], like, 1, KITH_REASON_TIME},
        {MONDAY, 3, ids[1], like, 1, KITH_REASON_MEMBER},
        {MONDAY, 0, 0, like, 1, KITH_REASON_MEMBER},
        {MONDAY, 0, ids[1], like, 1, KITH_REASON_NONE},
        {MONDAY, ids[0], 3, like, 1, KITH_REASON_TARGET},
        {MONDAY, ids[0], 0, 26, 1, KITH_REASON_KIND},
        {MONDAY, ids[0], 0, like, 0, KITH_REASON_QUANTITY},
        {MONDAY - 1, ids[0], 0, like, 1, KITH_REASON_LATE},
        {MONDAY + WEEK + 11, ids[0], 0, like, 1, KITH_REASON_FUTURE},
        {MONDAY + WEEK + 10, ids[1], 0, like, 1, KITH_REASON_NONE},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    kith_events events = {.size = sizeof events, .count = COUNT};
    events.time = &rows[0].time;
    events.member = &rows[0].member;
    events.target = &rows[0].target;
    events.kind = &rows[0].kind;
    events.quantity = &rows[0].quantity;
    events.time_stride = events.member_stride = events.target_stride = events.kind_stride = events.quantity_stride =
        sizeof rows[0];
    uint8_t reasons[COUNT + 1];
    memset(reasons, 77, sizeof reasons);
    kith_added added;
    memset(&added, 0x5A, sizeof added);
    added.size = sizeof added;
    added.reasons = reasons;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add(engine, &events, &added, &error), KITH_OK, &error);
    assert_int_equal(added.size, sizeof added);
    assert_int_equal(added.reserved, 0);
    assert_ptr_equal(added.reasons, reasons);
    assert_int_equal(added.read, COUNT);
    assert_int_equal(added.taken, 3);
    assert_int_equal(added.rejected, COUNT - 3);
    for (unsigned i = 0; i < COUNT; i++)
        assert_int_equal(reasons[i], rows[i].reason);
    assert_int_equal(reasons[COUNT], 77);
    for (unsigned reason = 0; reason < 16; reason++) {
        uint64_t expected = 0;
        for (unsigned i = 0; i < COUNT; i++)
            expected += rows[i].reason == reason && reason != KITH_REASON_NONE;
        assert_int_equal(added.rejected_by_reason[reason], expected);
    }
    assert_int_equal(info_of(engine).taken, 3);
    kith_engine_free(engine);
}

/* Ana's one article, in every form in which it can be given; 571 is that of docs/model.md. */
static void assert_one_article(kith_engine *engine)
{
    kith_review *review = review_until(engine, MONDAY + WEEK);
    char *csv = csv_of(review, KITH_CHANGES, KITH_CSV_NO_HEADER);
    assert_string_equal(csv, "2026-03-02,4711,newcomer,active,promoted,5.71\n");
    free(csv);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void add_missing_fields_have_their_defaults(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    int64_t time = MONDAY;
    uint64_t member = 4711;
    kith_events events = {.size = sizeof events, .count = 1, .time = &time, .member = &member, .kind = &article};
    assert_int_equal(kith_engine_add(engine, &events, NULL, NULL), KITH_OK);
    assert_one_article(engine);
}

static void add_without_members_is_anonymous(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    int64_t time = MONDAY;
    uint64_t target = 4711;
    uint32_t favorite = kind_of(policy, "favorite"), quantity = 10;
    kith_events events = {
        .size = sizeof events, .count = 1, .time = &time, .target = &target, .kind = &favorite, .quantity = &quantity};
    assert_int_equal(kith_engine_add(engine, &events, NULL, NULL), KITH_OK);
    kith_review *review = review_until(engine, MONDAY + WEEK);
    char *csv = csv_of(review, KITH_STANDINGS, KITH_CSV_NO_HEADER);
    /* Ten favourites are worth an article; but without an act of one's own there is no promotion. */
    assert_string_equal(csv, "4711,5.71,14.28,0.00,0.00,newcomer,new,,,0,6,2026-03-02T00:00:00Z,\n");
    free(csv);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void add_reads_unaligned_values(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    struct app_event rows[3];
    memset(rows, 0, sizeof rows);
    for (unsigned i = 0; i < 3; i++) {
        int64_t time = MONDAY + i;
        uint64_t member = i == 1 ? 4711 : 0, target = i == 1 ? 0 : 5;
        uint32_t kind = i == 1 ? article : login, quantity = 1;
        memcpy(rows[i].time, &time, sizeof time);
        memcpy(rows[i].member, &member, sizeof member);
        memcpy(rows[i].target, &target, sizeof target);
        memcpy(rows[i].kind, &kind, sizeof kind);
        memcpy(rows[i].quantity, &quantity, sizeof quantity);
    }
    /* Backwards, which a negative stride allows. */
    const int64_t stride = -(int64_t)sizeof rows[0];
    const void *const last[] = {rows[2].time, rows[2].member, rows[2].kind, rows[2].target, rows[2].quantity};
    kith_events events = {.size = sizeof events, .count = 3};
    memcpy(&events.time, &last[0], sizeof last[0]);
    memcpy(&events.member, &last[1], sizeof last[0]);
    memcpy(&events.kind, &last[2], sizeof last[0]);
    memcpy(&events.target, &last[3], sizeof last[0]);
    memcpy(&events.quantity, &last[4], sizeof last[0]);
    events.time_stride = events.member_stride = events.kind_stride = events.target_stride = events.quantity_stride =
        stride;
    kith_added added = {.size = sizeof added};
    assert_int_equal(kith_engine_add(engine, &events, &added, NULL), KITH_OK);
    assert_int_equal(added.taken, 3);
    assert_one_article(engine);
}

static void add_of_nothing_is_fine(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    kith_events events = {.size = sizeof events};
    kith_added added = {.size = sizeof added, .read = 9, .taken = 9, .rejected = 9};
    assert_int_equal(kith_engine_add(engine, &events, &added, NULL), KITH_OK);
    assert_int_equal(added.read + added.taken + added.rejected, 0);
    kith_engine_free(engine);
}

static void add_bad_argument_changes_nothing(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    int64_t time = MONDAY;
    uint64_t member = 4711;
    struct {
        kith_events known;
        uint64_t later;
    } larger = {{.size = sizeof larger.known, .count = 1, .time = &time, .member = &member, .kind = &article}, 0};
    kith_events *events = &larger.known;
    kith_added added, before;
    memset(&added, 0x5A, sizeof added);
    added.size = sizeof added;
    before = added;
    kith_error error = NO_ERROR;
    const struct {
        bool no_engine, no_events, no_time, no_kind, no_member, reserved;
        uint32_t size, added_size;
        const char *field;
    } cases[] = {
        {.no_engine = true, .field = "engine"},
        {.no_events = true, .field = "events"},
        {.no_time = true, .field = "events.time"},
        {.no_kind = true, .field = "events.kind"},
        {.no_member = true, .field = "events.member"},
        {.reserved = true, .field = "events.reserved"},
        {.size = sizeof(kith_events) - 1, .field = "events"},
        {.added_size = sizeof(kith_added) - 1, .field = "added"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_events tried = *events;
        if (cases[i].no_time)
            tried.time = NULL;
        if (cases[i].no_kind)
            tried.kind = NULL;
        if (cases[i].no_member)
            tried.member = NULL;
        tried.reserved = cases[i].reserved;
        if (cases[i].size)
            tried.size = cases[i].size;
        added.size = before.size = cases[i].added_size ? cases[i].added_size : sizeof added;
        kith_status status =
            kith_engine_add(cases[i].no_engine ? NULL : engine, cases[i].no_events ? NULL : &tried, &added, &error);
        assert_status(status, KITH_BAD_ARGUMENT, &error);
        assert_string_equal(error.field, cases[i].field);
        assert_memory_equal(&added, &before, sizeof added);
    }
    added.size = before.size = sizeof added;
    events->size = sizeof larger;
    larger.later = 1;
    assert_int_equal(kith_engine_add(engine, events, &added, &error), KITH_UNSUPPORTED);
    assert_memory_equal(&added, &before, sizeof added);
    assert_int_equal(info_of(engine).taken, 0);
    assert_int_equal(info_of(engine).members, 0);
    larger.later = 0;
    assert_int_equal(kith_engine_add(engine, events, NULL, &error), KITH_OK);
    assert_one_article(engine);
}

static void add_larger_outcome_is_filled_as_far_as_known(void **state)
{
    (void)state;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    int64_t time = MONDAY;
    uint64_t member = 4711;
    kith_events events = {.size = sizeof events, .count = 1, .time = &time, .member = &member, .kind = &article};
    struct {
        kith_added known;
        uint64_t later;
    } added = {{.size = sizeof added}, 4711};
    assert_int_equal(kith_engine_add(engine, &events, &added.known, NULL), KITH_OK);
    assert_int_equal(added.known.size, sizeof added);
    assert_int_equal(added.known.taken, 1);
    assert_int_equal(added.later, 4711);
    kith_engine_free(engine);
}

/* ---- cancelling ---- */

struct canceller {
    uint64_t calls;
    uint64_t cancel_at; /* the call that cancels, from 1; 0 for none */
    uint64_t done;
    uint64_t total;
};

static int count_or_cancel(void *context, uint64_t done, uint64_t total)
{
    struct canceller *canceller = context;
    assert_true(canceller->calls == 0 || done >= canceller->done);
    canceller->done = done;
    canceller->total = total;
    return ++canceller->calls == canceller->cancel_at ? 1 : 0;
}

static void add_cancelled_goes_on_to_the_same_result(void **state)
{
    (void)state;
    enum { COUNT = 150000 };
    static int64_t times[COUNT];
    static uint64_t members[COUNT];
    static uint32_t kinds[COUNT];
    uint64_t seed = 31;
    for (unsigned i = 0; i < COUNT; i++) {
        times[i] = MONDAY + chance_below(&seed, 4 * 604800);
        members[i] = 1 + chance_below(&seed, 300);
        kinds[i] = chance_below(&seed, 27); /* one kind more than there are: some are rejected */
    }
    kith_events events = {.size = sizeof events, .count = COUNT, .time = times, .member = members, .kind = kinds};
    struct tables expected = {{NULL}};
    uint64_t calls = 0;
    for (uint64_t cancel_at = 0; cancel_at <= calls; cancel_at++) {
        struct canceller canceller = {.cancel_at = cancel_at};
        kith_engine_options options = all_tables(KITH_NUMBERED);
        options.progress = count_or_cancel;
        options.progress_context = &canceller;
        kith_engine *engine = engine_with(&options);
        kith_added added = {.size = sizeof added};
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_add(engine, &events, &added, &error);
        assert_int_equal(canceller.total, COUNT);
        assert_int_equal(info_of(engine).taken, added.taken);
        assert_int_equal(added.taken + added.rejected, added.read);
        if (cancel_at == 0) {
            assert_status(status, KITH_OK, &error);
            calls = canceller.calls;
            assert_true(calls >= 2);
        } else {
            assert_status(status, KITH_CANCELLED, &error);
            assert_int_equal(added.read, canceller.done);
            uint64_t read = added.read;
            kith_events rest = events;
            rest.count -= read;
            rest.time += read;
            rest.member += read;
            rest.kind += read;
            canceller = (struct canceller){0};
            assert_status(kith_engine_add(engine, &rest, &added, &error), KITH_OK, &error);
            assert_int_equal(added.read, COUNT - read);
        }
        canceller = (struct canceller){0};
        kith_review *review = review_until(engine, MONDAY + 4 * WEEK);
        struct tables tables = tables_of(review, KITH_CSV_HEADER);
        if (cancel_at == 0)
            expected = tables;
        else {
            assert_same_tables(&tables, &expected, "cancelled");
            tables_free(&tables);
        }
        kith_review_free(review);
        kith_engine_free(engine);
    }
    tables_free(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_event_time_is_checked),
        cmocka_unit_test(add_event_names_are_checked),
        cmocka_unit_test(add_event_needs_somebody),
        cmocka_unit_test(add_event_ids_must_be_the_engines),
        cmocka_unit_test(add_event_name_stands_in_place_of_the_id),
        cmocka_unit_test(add_event_numbered_members_have_no_names),
        cmocka_unit_test(add_event_kind_and_quantity_are_checked),
        cmocka_unit_test(add_event_future_goes_by_the_engines_clock),
        cmocka_unit_test(add_event_future_goes_by_the_systems_clock),
        cmocka_unit_test(add_event_of_a_reviewed_week_is_late),
        cmocka_unit_test(add_event_first_reason_of_the_list_is_given),
        cmocka_unit_test(add_event_bad_argument_changes_nothing),
        cmocka_unit_test(add_event_error_is_filled_on_failure_only),
        cmocka_unit_test(add_rejects_some_and_takes_the_others),
        cmocka_unit_test(add_missing_fields_have_their_defaults),
        cmocka_unit_test(add_without_members_is_anonymous),
        cmocka_unit_test(add_reads_unaligned_values),
        cmocka_unit_test(add_of_nothing_is_fine),
        cmocka_unit_test(add_bad_argument_changes_nothing),
        cmocka_unit_test(add_larger_outcome_is_filled_as_far_as_known),
        cmocka_unit_test(add_cancelled_goes_on_to_the_same_result),
    };
    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
