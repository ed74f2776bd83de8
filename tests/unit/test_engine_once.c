/* SPDX-License-Identifier: MIT */
/* Every event counts once, by its number or its id: what each call answers. */
#include <kith/kith.h>

#include "engine_support.h"

static uint32_t like;

static int set_up_group(void **state)
{
    (void)state;
    kith_policy *policy = policy_of(NULL);
    like = kind_of(policy, "like");
    kith_policy_free(policy);
    return 0;
}

static kith_engine *new_engine(void)
{
    kith_engine_options options = all_tables(KITH_NUMBERED);
    return engine_with(&options);
}

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info;
}

static uint64_t sequence_of(const kith_engine *engine, const char *source)
{
    uint64_t sequence = 4711;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_get_sequence(engine, kith_text_of(source), &sequence, &error), KITH_OK, &error);
    return sequence;
}

static struct tables tables_until(kith_engine *engine, int64_t until)
{
    kith_review *review = review_until(engine, until);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    return tables;
}

static void assert_same_end(kith_engine *engine, kith_engine *expected, int64_t until, const char *what)
{
    struct tables own = tables_until(engine, until), others = tables_until(expected, until);
    assert_same_tables(&own, &others, what);
    tables_free(&own);
    tables_free(&others);
}

/* ---- one event ---- */

static kith_event numbered_event(uint64_t sequence, const char *source)
{
    return (kith_event){
        .size = sizeof(kith_event),
        .kind = like,
        .time = MONDAY,
        .member = 7,
        .quantity = 1,
        .sequence = sequence,
        .source = kith_text_of(source),
    };
}

static kith_status add_event(kith_engine *engine, const kith_event *event)
{
    kith_error error = NO_ERROR;
    return kith_engine_add_event(engine, event, &error);
}

static kith_status add_number(kith_engine *engine, uint64_t sequence, const char *source)
{
    kith_event event = numbered_event(sequence, source);
    return add_event(engine, &event);
}

static void once_a_number_counts(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    assert_int_equal(sequence_of(engine, "queue"), 0);
    assert_int_equal(add_number(engine, 10, "queue"), KITH_OK);
    assert_int_equal(add_number(engine, 15, "queue"), KITH_OK);
    assert_int_equal(add_number(engine, 15, "queue"), KITH_OK);
    assert_int_equal(add_number(engine, 10, "queue"), KITH_OK);
    assert_int_equal(info_of(engine).taken, 2);
    assert_int_equal(info_of(engine).skipped, 2);
    /* All numbers that came are known, and this one is not among them. */
    assert_int_equal(add_number(engine, 9, "queue"), KITH_OUT_OF_ORDER);
    assert_int_equal(info_of(engine).skipped, 2);
    assert_int_equal(sequence_of(engine, "queue"), 15);
    /* Another source has numbers of its own, and an event without a number is always another. */
    assert_int_equal(add_number(engine, 10, "log"), KITH_OK);
    assert_int_equal(add_number(engine, 0, "queue"), KITH_OK);
    assert_int_equal(add_number(engine, 0, NULL), KITH_OK);
    assert_int_equal(info_of(engine).taken, 5);
    assert_int_equal(sequence_of(engine, "log"), 10);
    assert_int_equal(sequence_of(engine, "queue"), 15);
    kith_engine_free(engine);
}

static void once_a_number_behind_a_greater_one_is_out_of_order(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    assert_int_equal(add_number(engine, 10, "the \n queue"), KITH_OK);
    assert_int_equal(add_number(engine, 15, "the \n queue"), KITH_OK);
    kith_engine_info before = info_of(engine);
    kith_event event = numbered_event(12, "the \n queue");
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_OUT_OF_ORDER);
    assert_int_equal(error.status, KITH_OUT_OF_ORDER);
    assert_string_equal(error.field, "sequence");
    assert_string_equal(error.value, "12");
    assert_string_equal(error.message, "sequence '12': comes behind 15 of source 'the ? queue'");
    kith_engine_info after = info_of(engine);
    assert_memory_equal(&after, &before, sizeof after);
    /* Before any other fault of the event, which is not looked at. */
    event.time = -1;
    assert_int_equal(kith_engine_add_event(engine, &event, NULL), KITH_OUT_OF_ORDER);
    /* As far as 64 numbers back; behind that, it cannot be told from a replay. */
    for (uint64_t number = 100; number < 162; number++)
        assert_int_equal(add_number(engine, number, "the \n queue"), KITH_OK);
    assert_int_equal(add_number(engine, 12, "the \n queue"), KITH_OUT_OF_ORDER);
    assert_int_equal(add_number(engine, 162, "the \n queue"), KITH_OK);
    assert_int_equal(add_number(engine, 12, "the \n queue"), KITH_OK);
    assert_int_equal(add_number(engine, 16, "the \n queue"), KITH_OUT_OF_ORDER);
    assert_int_equal(info_of(engine).taken, 65);
    assert_int_equal(info_of(engine).skipped, 1);
    kith_engine_free(engine);
}

static void once_the_number_of_a_refused_event_is_dealt_with(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_event event = numbered_event(3, "queue");
    event.quantity = 0;
    assert_int_equal(add_event(engine, &event), KITH_REFUSED);
    assert_int_equal(sequence_of(engine, "queue"), 3);
    assert_int_equal(info_of(engine).rejected, 1);
    assert_int_equal(info_of(engine).members, 0);
    assert_int_equal(add_event(engine, &event), KITH_OK);
    event.quantity = 1;
    assert_int_equal(add_event(engine, &event), KITH_OK);
    assert_int_equal(info_of(engine).taken, 0);
    assert_int_equal(info_of(engine).skipped, 2);
    /* An event of a closed week that comes again is no late one. */
    assert_int_equal(add_number(engine, 4, "queue"), KITH_OK);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    assert_int_equal(add_number(engine, 4, "queue"), KITH_OK);
    assert_int_equal(info_of(engine).late, 0);
    assert_int_equal(add_number(engine, 5, "queue"), KITH_REFUSED);
    assert_int_equal(info_of(engine).late, 1);
    assert_int_equal(add_number(engine, 5, "queue"), KITH_OK);
    assert_int_equal(sequence_of(engine, "queue"), 5);
    kith_engine_free(engine);
}

static kith_event event_of(const char *id, int64_t time)
{
    kith_event event = numbered_event(0, NULL);
    event.event_id = kith_text_of(id);
    event.time = time;
    return event;
}

static void once_an_id_counts_while_its_week_is_open(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_event first = event_of("a", MONDAY), second = event_of("b", MONDAY + WEEK);
    assert_int_equal(add_event(engine, &first), KITH_OK);
    assert_int_equal(add_event(engine, &second), KITH_OK);
    assert_int_equal(add_event(engine, &first), KITH_OK);
    /* Known by its id alone, whatever else it says; but first it must be one that can be used. */
    kith_event other = event_of("a", MONDAY + 2 * WEEK);
    other.member = 99;
    assert_int_equal(add_event(engine, &other), KITH_OK);
    assert_int_equal(info_of(engine).taken, 2);
    assert_int_equal(info_of(engine).skipped, 2);
    assert_int_equal(info_of(engine).members, 1);
    other.kind = 1000;
    assert_int_equal(add_event(engine, &other), KITH_REFUSED);
    /* What was refused was not taken, and may come again when it is put right. */
    kith_event third = event_of("c", MONDAY);
    third.quantity = 0;
    assert_int_equal(add_event(engine, &third), KITH_REFUSED);
    third.quantity = 1;
    assert_int_equal(add_event(engine, &third), KITH_OK);
    assert_int_equal(info_of(engine).taken, 3);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    /* Its week is closed: the id is forgotten, and the event late; of a later week, it would be another. */
    assert_int_equal(add_event(engine, &first), KITH_REFUSED);
    assert_int_equal(add_event(engine, &second), KITH_OK);
    assert_int_equal(info_of(engine).skipped, 3);
    first.time = MONDAY + WEEK;
    assert_int_equal(add_event(engine, &first), KITH_OK);
    assert_int_equal(info_of(engine).taken, 4);
    assert_int_equal(info_of(engine).rejected, 3);
    assert_int_equal(info_of(engine).late, 1);
    kith_engine_free(engine);
}

static void once_an_event_known_by_its_id_has_its_number_dealt_with(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_event event = event_of("a", MONDAY);
    event.sequence = 5;
    event.source = TEXT("queue");
    assert_int_equal(add_event(engine, &event), KITH_OK);
    event.sequence = 6;
    assert_int_equal(add_event(engine, &event), KITH_OK);
    assert_int_equal(sequence_of(engine, "queue"), 6);
    /* Skipped by its number, its id is not taken. */
    event.event_id = TEXT("b");
    assert_int_equal(add_event(engine, &event), KITH_OK);
    event.sequence = 7;
    assert_int_equal(add_event(engine, &event), KITH_OK);
    assert_int_equal(info_of(engine).taken, 2);
    assert_int_equal(info_of(engine).skipped, 2);
    kith_engine_free(engine);
}

static void once_bad_arguments_change_nothing(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    char longest[256];
    memset(longest, 'x', sizeof longest);
    const kith_text bad[] = {TEXT(""), {NULL, 0}, {NULL, 4}, {longest, 256}, TEXT("\xFF")};
    kith_error error;
    for (unsigned i = 0; i < 5; i++) {
        kith_event event = numbered_event(1, NULL);
        event.source = bad[i];
        error = NO_ERROR;
        assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_BAD_ARGUMENT);
        assert_string_equal(error.field, "event.source");
        uint64_t sequence = 4711;
        assert_int_equal(kith_engine_get_sequence(engine, bad[i], &sequence, &error), KITH_BAD_ARGUMENT);
        assert_string_equal(error.field, "source");
        assert_int_equal(sequence, 4711);
        int64_t time = MONDAY;
        uint64_t member = 1;
        kith_events events = {.size = sizeof events, .count = 1, .time = &time, .member = &member, .kind = &like};
        events.sequence = &member;
        events.source = bad[i];
        kith_added added = {.size = sizeof added, .read = 9};
        assert_int_equal(kith_engine_add(engine, &events, &added, &error), KITH_BAD_ARGUMENT);
        assert_string_equal(error.field, "events.source");
        assert_int_equal(added.read, 9);
        /* Without a number nobody asks for the source. */
        event.sequence = 0;
        assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_OK);
        events.sequence = NULL;
        assert_int_equal(kith_engine_add(engine, &events, &added, &error), KITH_OK);
    }
    assert_int_equal(info_of(engine).taken, 10);
    kith_event event = event_of("a", MONDAY);
    event.event_id.data = NULL;
    assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "event.event_id");
    int64_t times[300];
    uint64_t members[300];
    uint32_t kinds[300];
    kith_text ids[300];
    for (unsigned i = 0; i < 300; i++) {
        times[i] = MONDAY;
        members[i] = 5;
        kinds[i] = like;
        ids[i] = (kith_text){NULL, i == 299};
    }
    kith_events events = {.size = sizeof events, .count = 300, .time = times, .member = members, .kind = kinds};
    events.event_id = ids;
    assert_int_equal(kith_engine_add(engine, &events, NULL, &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "events.event_id");
    assert_int_equal(kith_engine_get_sequence(NULL, TEXT("a"), &members[0], &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_get_sequence(engine, TEXT("a"), NULL, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(info_of(engine).taken, 10);
    kith_engine_free(engine);
}

/* ---- dropping the open weeks ---- */

static void once_dropped_open_weeks_can_be_added_anew(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_error error = NO_ERROR;
    assert_int_equal(kith_engine_drop_open(NULL, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(kith_engine_drop_open(engine, &error), KITH_OK);
    kith_event first = event_of("a", MONDAY), second = event_of("b", MONDAY + WEEK + 5);
    second.member = 8;
    assert_int_equal(add_event(engine, &first), KITH_OK);
    kith_review_free(review_until(engine, MONDAY + WEEK));
    assert_int_equal(info_of(engine).first_open, KITH_NO_TIME);
    assert_int_equal(add_event(engine, &second), KITH_OK);
    assert_int_equal(info_of(engine).first_open, MONDAY + WEEK + 5);
    assert_int_equal(info_of(engine).open_weeks, 1);
    kith_engine_info before = info_of(engine);
    assert_int_equal(kith_engine_drop_open(engine, &error), KITH_OK);
    kith_engine_info after = info_of(engine);
    before.open_weeks = 0;
    before.first_open = KITH_NO_TIME;
    assert_memory_equal(&after, &before, sizeof after);
    /* Its id is free again. */
    second.time = MONDAY + 2 * WEEK;
    assert_int_equal(add_event(engine, &second), KITH_OK);
    assert_int_equal(info_of(engine).skipped, 0);
    assert_int_equal(info_of(engine).taken, 3);
    assert_int_equal(info_of(engine).first_open, MONDAY + 2 * WEEK);
    /* What was reviewed stays. */
    kith_engine *plain = new_engine();
    assert_int_equal(add_event(plain, &first), KITH_OK);
    kith_review_free(review_until(plain, MONDAY + WEEK));
    assert_int_equal(add_event(plain, &second), KITH_OK);
    assert_same_end(engine, plain, MONDAY + 3 * WEEK, "dropped");
    kith_engine_free(engine);
    kith_engine_free(plain);
}

/* Events with a number would be skipped when they come again, and so be lost. */
static void once_open_weeks_of_events_with_numbers_are_not_dropped(void **state)
{
    (void)state;
    kith_engine *engine = new_engine();
    kith_error error = NO_ERROR;
    assert_int_equal(add_number(engine, 10, "queue"), KITH_OK);
    assert_int_equal(kith_engine_drop_open(engine, &error), KITH_BAD_ARGUMENT);
    assert_int_equal(info_of(engine).open_weeks, 1);
    kith_engine_free(engine);
}

/* A review that was cancelled keeps what it has brought so far. */
static int cancel_at_two(void *context, uint64_t done, uint64_t total)
{
    (void)total;
    return *(bool *)context && done == 2;
}

static void once_dropped_open_weeks_leave_a_pending_review(void **state)
{
    (void)state;
    bool cancels = false;
    kith_engine_options options = all_tables(KITH_NUMBERED);
    options.progress = cancel_at_two;
    options.progress_context = &cancels;
    kith_engine *engine = engine_with(&options), *plain = new_engine();
    for (int64_t week = 0; week < 4; week++) {
        kith_event event = event_of("", MONDAY + week * WEEK);
        event.member = (uint64_t)week;
        event.nobody = UINT64_MAX;
        assert_int_equal(add_event(engine, &event), KITH_OK);
        if (week < 2)
            assert_int_equal(add_event(plain, &event), KITH_OK);
    }
    cancels = true;
    kith_review *review = NULL;
    assert_int_equal(kith_engine_review(engine, MONDAY + 4 * WEEK, &review, NULL), KITH_CANCELLED);
    cancels = false;
    assert_int_equal(kith_engine_drop_open(engine, NULL), KITH_OK);
    assert_same_end(engine, plain, MONDAY + 4 * WEEK, "pending");
    kith_engine_free(engine);
    kith_engine_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_a_number_counts),
        cmocka_unit_test(once_a_number_behind_a_greater_one_is_out_of_order),
        cmocka_unit_test(once_the_number_of_a_refused_event_is_dealt_with),
        cmocka_unit_test(once_an_id_counts_while_its_week_is_open),
        cmocka_unit_test(once_an_event_known_by_its_id_has_its_number_dealt_with),
        cmocka_unit_test(once_bad_arguments_change_nothing),
        cmocka_unit_test(once_dropped_open_weeks_can_be_added_anew),
        cmocka_unit_test(once_open_weeks_of_events_with_numbers_are_not_dropped),
        cmocka_unit_test(once_dropped_open_weeks_leave_a_pending_review),
    };
    return cmocka_run_group_tests(tests, set_up_group, NULL);
}
