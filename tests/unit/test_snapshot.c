/* SPDX-License-Identifier: MIT */
/* What a snapshot holds, what it does not notice, and what the calls refuse. */
#include <pthread.h>
#include <stddef.h>

#include "snapshot_support.h"

#include "base/alloc.h"
#include "engine/engine.h"

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info;
}

/* ---- what comes back ---- */

/* All up to their last fields: behind these, bytes that belong to none may hold anything. */
static void assert_same_state(const struct kithp_carried *x, const struct kithp_carried *y)
{
    assert_memory_equal(x, y, offsetof(struct kithp_carried, left_out) + sizeof x->left_out);
    assert_memory_equal(&x->before, &y->before, offsetof(struct kithp_before, left_out) + sizeof x->before.left_out);
}

static void assert_same_states(const kith_engine *a, const kith_engine *b)
{
    const struct kithp_sweep *left = &a->sweep, *right = &b->sweep;
    assert_int_equal(left->carried.states.count, right->carried.states.count);
    for (uint32_t i = 0; i < left->carried.states.count; i++) {
        const struct kithp_carried *x = kithp_carried_of(&left->carried, i), *y = kithp_carried_of(&right->carried, i);
        /* A ring may begin elsewhere, which nobody can tell. */
        struct kithp_carried turned = *y;
        turned.baseline_next = x->baseline_next;
        assert_same_state(x, &turned);
        uint32_t ring = a->figures.drop_baseline_weeks;
        for (uint32_t week = 1; week <= x->baseline_weeks; week++)
            assert_int_equal(kithp_carried_baseline(&left->carried, i)[(x->baseline_next + ring - week) % ring],
                             kithp_carried_baseline(&right->carried, i)[(y->baseline_next + ring - week) % ring]);
    }
    assert_memory_equal(&left->risk, &right->risk, sizeof left->risk);
    assert_int_equal(left->begun, right->begun);
    assert_int_equal(left->last_week, right->last_week);
}

static uint32_t quantity_of(const struct kithp_week *week, const struct kithp_cell *row, unsigned slot)
{
    for (const struct kithp_cell *cell = row; cell; cell = kithp_week_next_cell(week, cell))
        for (unsigned i = 0; i < cell->used; i++)
            if (cell->slots[i] == slot)
                return cell->quantities[i];
    return 0;
}

static void assert_same_pairs(const struct kithp_week *a, const struct kithp_week *b)
{
    assert_int_equal(a->pairs.count, b->pairs.count);
    for (uint32_t i = 0; i < kithp_map_places(&a->pairs); i++) {
        const struct kithp_map_entry *pair = kithp_map_at(&a->pairs, i), *other;
        unsigned found = 0;
        for (uint32_t j = 0; pair && j < kithp_map_places(&b->pairs); j++)
            found += (other = kithp_map_at(&b->pairs, j)) && other->key == pair->key && other->mark == pair->mark &&
                     other->value == pair->value;
        assert_int_equal(found, pair ? 1 : 0);
    }
}

static void assert_same_week(const struct kithp_week *a, const struct kithp_week *b, uint32_t members, uint32_t slots)
{
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->first, b->first);
    for (uint32_t member = 0; member < members; member++) {
        const struct kithp_cell *x = kithp_week_row(a, member), *y = kithp_week_row(b, member);
        assert_int_equal(x == NULL, y == NULL);
        if (!x)
            continue;
        assert_int_equal(x->first, y->first);
        assert_int_equal(x->last, y->last);
        assert_int_equal(x->leave_end, y->leave_end);
        assert_int_equal(x->days, y->days);
        assert_int_equal(x->supporters, y->supporters);
        for (unsigned slot = 0; slot < slots; slot++)
            assert_int_equal(quantity_of(a, x, slot), quantity_of(b, y, slot));
    }
    assert_same_pairs(a, b);
}

static void assert_same_members(const kith_engine *a, const kith_engine *b)
{
    uint32_t count = kithp_members_count(&a->members);
    assert_int_equal(count, kithp_members_count(&b->members));
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(kithp_members_resolve(&a->members, i), kithp_members_resolve(&b->members, i));
        assert_int_equal(kithp_members_id(&a->members, i), kithp_members_id(&b->members, i));
        kith_text name = kithp_members_name(&b->members, i);
        char *expected = text_string(kithp_members_name(&a->members, i));
        assert_text_equal(name, expected);
        free(expected);
        uint32_t found;
        if (kithp_members_resolve(&b->members, i) == KITHP_NOBODY)
            continue;
        assert_true(a->members.named ? kithp_members_look_up_name(&b->members, name, &found)
                                     : kithp_members_look_up_id(&b->members, kithp_members_id(&b->members, i), &found));
        assert_int_equal(found, kithp_members_resolve(&b->members, i));
    }
}

static void assert_same_info(const kith_engine *a, const kith_engine *b)
{
    kith_engine_info x = info_of(a), y = info_of(b);
    assert_memory_equal(&x, &y, sizeof x);
}

static void check_everything(bool named, bool pending)
{
    kith_engine *engine = rich_engine(named, pending, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *loaded = load(&bytes, &options);
    assert_same_info(engine, loaded);
    assert_same_members(engine, loaded);
    assert_same_states(engine, loaded);
    assert_true(engine->sweep.risk.all.n > 0);
    assert_int_equal(engine->tally.week_count, 2);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(engine->tally.weeks[i]->pairs.count > 0);
        assert_same_week(engine->tally.weeks[i], loaded->tally.weeks[i], kithp_members_count(&engine->members),
                         engine->tally.slots.count);
    }
    assert_same_week(engine->tally.reviewed, loaded->tally.reviewed, kithp_members_count(&engine->members),
                     engine->tally.slots.count);
    assert_int_equal(loaded->explains, true);
    assert_int_equal(loaded->pending != NULL, pending);
    /* Ids that were taken are known, others are not; numbers stand where they stood. */
    assert_int_equal(kithp_ids_take(&loaded->ids, TEXT("event 39"), MONDAY_WEEK + RICH_WEEKS - 1), KITHP_ID_KNOWN);
    assert_int_equal(kithp_ids_take(&loaded->ids, TEXT("event 0"), MONDAY_WEEK + RICH_WEEKS - 1), KITHP_ID_KNOWN);
    assert_int_equal(kithp_ids_take(&loaded->ids, TEXT("event 40"), MONDAY_WEEK + RICH_WEEKS - 1), KITHP_ID_TAKEN);
    assert_int_equal(loaded->sequences.count, 3);
    for (unsigned i = 0; i < 3; i++) {
        const struct kithp_sequence *x = engine->sequences.all[i], *y = loaded->sequences.all[i];
        assert_memory_equal(x->name, y->name, x->length);
        assert_int_equal(x->recent_count, y->recent_count);
        assert_memory_equal(x->recent, y->recent, x->recent_count * sizeof *x->recent);
    }
    gathered_free(&bytes);
    kith_engine_free(loaded);
    kith_engine_free(engine);
}

static void snapshot_holds_everything(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        check_everything(i & 1, i & 2);
}

static void snapshot_of_an_engine_without_members(void **state)
{
    (void)state;
    for (uint32_t members = KITH_NAMED; members <= KITH_NUMBERED; members++) {
        kith_engine_options options = all_tables(members);
        kith_engine *engine = small_engine(members, NULL);
        engine = restart(engine, &options);
        assert_int_equal(info_of(engine).members, 0);
        assert_true(info_of(engine).first_event == KITH_NO_TIME);
        /* Weeks are closed though nobody is known, and it is still no other engine. */
        kith_review_free(review_until(engine, MONDAY));
        engine = restart(engine, &options);
        assert_true(info_of(engine).reviewed_until == MONDAY);
        struct act act = {.time = MONDAY + 5, .kind = 0, .quantity = 1, .member = 1};
        add_act(engine, &act, members == KITH_NAMED);
        assert_int_equal(info_of(engine).taken, 1);
        kith_engine_free(engine);
    }
}

static void snapshot_of_an_engine_that_reviewed_the_ends_of_time(void **state)
{
    (void)state;
    static const int64_t ends[] = {INT64_MIN, -1, 0, INT64_C(253370764799), INT64_MAX};
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++) {
        kith_engine_options options = all_tables(KITH_NUMBERED);
        kith_engine *engine = small_engine(KITH_NUMBERED, NULL);
        kith_review_free(review_until(engine, ends[i]));
        int64_t until = info_of(engine).reviewed_until;
        engine = restart(engine, &options);
        assert_true(info_of(engine).reviewed_until == until);
        kith_engine_free(engine);
    }
}

static void snapshot_hands_the_position_back(void **state)
{
    (void)state;
    enum { MOST = 1 << 20 };
    char *large = malloc(MOST + 1);
    assert_non_null(large);
    uint64_t seed = 1;
    for (unsigned i = 0; i <= MOST; i++)
        large[i] = (char)chance(&seed);
    const kith_text positions[] = {TEXT(""), TEXT("row 12\0 of log"), {large, MOST}};
    kith_engine *engine = small_engine(KITH_NAMED, NULL);
    for (unsigned i = 0; i < 3; i++) {
        kith_snapshot *snapshot = NULL;
        assert_int_equal(kith_engine_freeze(engine, positions[i], &snapshot, NULL), KITH_OK);
        struct gathered bytes = bytes_of_snapshot(snapshot);
        kith_snapshot_free(snapshot);
        kith_engine *loaded = load(&bytes, NULL);
        kith_text position = TEXT("something else");
        assert_int_equal(kith_engine_get_position(loaded, &position, NULL), KITH_OK);
        assert_int_equal(position.length, positions[i].length);
        if (position.length > 0)
            assert_memory_equal(position.data, positions[i].data, position.length);
        kith_engine_free(loaded);
        gathered_free(&bytes);
    }
    kith_snapshot *none = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_engine_freeze(engine, (kith_text){large, MOST + 1}, &none, &error), KITH_BAD_ARGUMENT, &error);
    assert_string_equal(error.field, "position");
    assert_null(none);
    kith_text position = {NULL, 1};
    assert_int_equal(kith_engine_get_position(engine, &position, NULL), KITH_OK);
    assert_int_equal(position.length, 0);
    kith_engine_free(engine);
    free(large);
}

static void snapshot_brings_its_policy_with_it(void **state)
{
    (void)state;
    kith_engine *engine = small_engine(KITH_NAMED, NULL);
    kith_engine_options options = all_tables(KITH_NAMED);
    engine = restart(engine, &options);
    kith_policy *policy = NULL, *expected = policy_of(small_policy);
    assert_int_equal(kith_engine_get_policy(engine, NULL, &policy, NULL), KITH_OK);
    kith_engine_free(engine);
    struct gathered text = {0}, expected_text = {0};
    assert_int_equal(kith_policy_write(policy, gather, &text, NULL), KITH_OK);
    assert_int_equal(kith_policy_write(expected, gather, &expected_text, NULL), KITH_OK);
    assert_string_equal(text.bytes, expected_text.bytes);
    gathered_free(&text);
    gathered_free(&expected_text);
    kith_policy_free(policy);
    kith_policy_free(expected);
}

/* ---- a review that was stopped ---- */

static struct tables go_on(kith_engine *engine, bool named)
{
    size_t count;
    const struct act *acts = rich_rest(&count);
    for (size_t i = 0; i < count; i++)
        add_act(engine, &acts[i], named);
    kith_review *review = review_until(engine, MONDAY + RICH_END * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    return tables;
}

static void snapshot_keeps_what_a_stopped_review_has_brought(void **state)
{
    (void)state;
    for (unsigned named = 0; named < 2; named++) {
        kith_engine_options options = all_tables(KITH_NAMED);
        kith_engine *engine = rich_engine(named, true, NULL);
        struct gathered bytes = bytes_of(engine);
        kith_engine *loaded = load(&bytes, &options);
        struct tables expected = go_on(engine, named), tables = go_on(loaded, named);
        /* The week that was closed before it was stopped is among those handed out. */
        assert_non_null(strstr(expected.csv[3], "2026-05-11,"));
        assert_same_tables(&tables, &expected, "after a stop");
        tables_free(&tables);
        tables_free(&expected);
        gathered_free(&bytes);
        kith_engine_free(loaded);
        kith_engine_free(engine);
    }
}

static void snapshot_of_a_stopped_review_goes_on_with_the_tables_it_began_with(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, true, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.tables = KITH_WEEKS;
    engine = load(&bytes, &options);
    for (unsigned round = 0; round < 2; round++) {
        kith_review *review = review_until(engine, MONDAY + (RICH_WEEKS + 1 + round) * WEEK);
        kith_review_info info = {.size = sizeof info};
        assert_int_equal(kith_review_get_info(review, &info, NULL), KITH_OK);
        assert_int_equal(info.tables, round == 0 ? all_tables(KITH_NAMED).tables : KITH_WEEKS);
        kith_review_free(review);
    }
    kith_engine_free(engine);
    gathered_free(&bytes);
}

/* ---- while the engine goes on ---- */

static void snapshot_does_not_notice_what_comes_later(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        bool named = i & 1, pending = i & 2;
        kith_engine *engine = rich_engine(named, pending, NULL);
        struct gathered expected = bytes_of(engine);
        kith_snapshot *snapshot = freeze(engine, "");
        size_t count;
        const struct act *acts = rich_rest(&count);
        for (size_t act = 0; act < count; act++) {
            add_act(engine, &acts[act], named);
            if (act != 0 && act != count / 2 && act != count - 1)
                continue;
            struct gathered bytes = bytes_of_snapshot(snapshot);
            assert_same_bytes(&bytes, &expected, "after events");
            gathered_free(&bytes);
        }
        kith_review_free(review_until(engine, MONDAY + (RICH_WEEKS + 2) * WEEK));
        uint32_t quiet = 0;
        if (named)
            assert_true(kithp_members_find_name(&engine->members, TEXT("quiet"), &quiet));
        else
            assert_true(kithp_members_find_id(&engine->members, 0, &quiet));
        kithp_order_remove(&engine->order, quiet);
        assert_true(kithp_members_reserve_link(&engine->members));
        kithp_members_forget(&engine->members, quiet);
        assert_int_equal(kithp_ids_take(&engine->ids, TEXT("late"), MONDAY_WEEK + 40), KITHP_ID_TAKEN);
        kithp_ids_close(&engine->ids, MONDAY_WEEK + 39);
        struct gathered bytes = bytes_of_snapshot(snapshot);
        assert_same_bytes(&bytes, &expected, "after a review");
        gathered_free(&bytes);
        kith_engine_free(engine);
        bytes = bytes_of_snapshot(snapshot);
        assert_same_bytes(&bytes, &expected, "after the engine's end");
        gathered_free(&bytes);
        kith_snapshot_free(snapshot);
        gathered_free(&expected);
    }
}

static void snapshot_is_not_noticed_by_the_engine(void **state)
{
    (void)state;
    for (unsigned named = 0; named < 2; named++) {
        kith_engine *engine = rich_engine(named, false, NULL), *other = rich_engine(named, false, NULL);
        kith_snapshot *snapshots[3];
        for (unsigned i = 0; i < 3; i++)
            snapshots[i] = freeze(engine, "");
        kith_snapshot_free(snapshots[1]);
        struct tables expected = go_on(other, named), tables = go_on(engine, named);
        assert_same_tables(&tables, &expected, "with a snapshot");
        tables_free(&tables);
        tables_free(&expected);
        kith_snapshot_free(snapshots[0]);
        kith_snapshot_free(snapshots[2]);
        kith_engine_free(engine);
        kith_engine_free(other);
    }
}

/* Enough people for several chunks, so that some are shared while others are not. */
enum { MANY_PEOPLE = 14000, MANY_ACTS = 40000, MANY_WEEKS = 4, ROUNDS = 6 };

struct writer {
    kith_snapshot *snapshot;
    struct gathered bytes;
};

static void *write_and_free(void *context)
{
    struct writer *writer = context;
    writer->bytes = bytes_of_snapshot(writer->snapshot);
    kith_snapshot_free(writer->snapshot);
    return NULL;
}

static void snapshot_can_be_written_by_another_thread_meanwhile(void **state)
{
    (void)state;
    struct act *acts = malloc(MANY_ACTS * sizeof *acts);
    assert_non_null(acts);
    make_acts(acts, MANY_ACTS, MANY_PEOPLE, MANY_WEEKS, 3);
    for (unsigned named = 0; named < 2; named++) {
        kith_engine *engine = small_engine(named ? KITH_NAMED : KITH_NUMBERED, NULL);
        for (unsigned round = 0; round < ROUNDS; round++) {
            size_t begin = (size_t)MANY_ACTS * round / ROUNDS, end = (size_t)MANY_ACTS * (round + 1) / ROUNDS;
            struct gathered expected = bytes_of(engine);
            struct writer writer = {.snapshot = freeze(engine, "")};
            pthread_t thread;
            assert_int_equal(pthread_create(&thread, NULL, write_and_free, &writer), 0);
            for (size_t i = begin; i < end; i++)
                add_act(engine, &acts[i], named);
            if (round % 2)
                kith_review_free(review_until(engine, acts[end - 1].time - DAY));
            assert_int_equal(pthread_join(thread, NULL), 0);
            assert_same_bytes(&writer.bytes, &expected, "written meanwhile");
            gathered_free(&writer.bytes);
            gathered_free(&expected);
        }
        kith_engine_free(engine);
    }
    free(acts);
}

/* ---- what is refused ---- */

static void snapshot_calls_check_their_arguments(void **state)
{
    (void)state;
    kith_engine *engine = small_engine(KITH_NAMED, NULL);
    kith_snapshot *snapshot = NULL;
    kith_text empty = {NULL, 0};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_freeze(NULL, empty, &snapshot, &error), KITH_BAD_ARGUMENT, &error);
    assert_string_equal(error.field, "engine");
    assert_status(kith_engine_freeze(engine, empty, NULL, &error), KITH_BAD_ARGUMENT, &error);
    assert_string_equal(error.field, "snapshot");
    assert_status(kith_engine_freeze(engine, (kith_text){NULL, 3}, &snapshot, &error), KITH_BAD_ARGUMENT, &error);
    assert_null(snapshot);
    snapshot = freeze(engine, "");
    struct gathered bytes = {0};
    assert_status(kith_snapshot_write(NULL, gather, &bytes, &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_snapshot_write(snapshot, NULL, &bytes, &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_snapshot_save(NULL, "x", &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_snapshot_save(snapshot, NULL, &error), KITH_BAD_ARGUMENT, &error);
    assert_int_equal(bytes.calls, 0);
    kith_snapshot_free(snapshot);
    kith_snapshot_free(NULL);
    kith_text position;
    kith_policy *policy = NULL;
    kith_allocator half = {0};
    assert_status(kith_engine_get_position(NULL, &position, &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_engine_get_position(engine, NULL, &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_engine_get_policy(NULL, NULL, &policy, &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_engine_get_policy(engine, NULL, NULL, &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_engine_get_policy(engine, &half, &policy, &error), KITH_BAD_ARGUMENT, &error);
    assert_null(policy);
    kith_engine_free(engine);
}

static void load_checks_its_arguments(void **state)
{
    (void)state;
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    kith_load input = {.size = sizeof input};
    assert_status(kith_engine_load(NULL, &engine, &error), KITH_BAD_ARGUMENT, &error);
    assert_status(kith_engine_load(&input, &engine, &error), KITH_BAD_ARGUMENT, &error);
    assert_string_equal(error.field, "input.path");
    input.path = "nowhere";
    input.read = read_bytes;
    assert_status(kith_engine_load(&input, &engine, &error), KITH_BAD_ARGUMENT, &error);
    input.read = NULL;
    input.reserved = 1;
    assert_status(kith_engine_load(&input, &engine, &error), KITH_BAD_ARGUMENT, &error);
    input.reserved = 0;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = 65;
    input.options = &options;
    assert_status(kith_engine_load(&input, &engine, &error), KITH_BAD_ARGUMENT, &error);
    options.threads = 0;
    assert_status(kith_engine_load(&input, NULL, &error), KITH_BAD_ARGUMENT, &error);
    input.size = 8;
    assert_status(kith_engine_load(&input, &engine, &error), KITH_BAD_ARGUMENT, &error);
    struct {
        kith_load known;
        uint64_t later;
    } newer = {{.size = sizeof newer, .path = "nowhere"}, 1};
    assert_status(kith_engine_load(&newer.known, &engine, &error), KITH_UNSUPPORTED, &error);
    assert_null(engine);
}

/* An engine is told how its members are to be known; one that was handed the other sort would be of no use. */
static void load_gives_members_as_they_are_asked_for(void **state)
{
    (void)state;
    const uint32_t sorts[] = {KITH_NAMED, KITH_NUMBERED};
    for (unsigned i = 0; i < 2; i++) {
        kith_engine *saved = small_engine(sorts[i], NULL);
        struct gathered bytes = bytes_of(saved);
        kith_engine_free(saved);
        for (unsigned asked = 0; asked < 3; asked++) {
            kith_engine_options options = {.size = sizeof options, .members = asked < 2 ? sorts[asked] : 0};
            struct bytes_source source = {.bytes = bytes.bytes, .length = bytes.length};
            kith_load input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
            input.options = asked < 2 ? &options : NULL;
            kith_engine *engine = NULL;
            kith_error error = NO_ERROR;
            bool fits = asked == 2 || asked == i;
            assert_status(kith_engine_load(&input, &engine, &error), fits ? KITH_OK : KITH_BAD_ARGUMENT, &error);
            if (!fits) {
                assert_null(engine);
                assert_string_equal(error.field, "options.members");
                continue;
            }
            kith_engine_info info = {.size = sizeof info};
            assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
            assert_int_equal(info.known_by, sorts[i]);
            kith_engine_free(engine);
        }
        gathered_free(&bytes);
    }
}

static void load_says_what_it_cannot_read(void **state)
{
    (void)state;
    kith_engine *engine = NULL;
    kith_error error = NO_ERROR;
    kith_load input = {.size = sizeof input, .path = "/nowhere/at.all"};
    assert_status(kith_engine_load(&input, &engine, &error), KITH_INPUT_OUTPUT, &error);
    assert_string_equal(error.file, "/nowhere/at.all");
    input.path = "/";
    assert_status(kith_engine_load(&input, &engine, &error), KITH_INPUT_OUTPUT, &error);
    input.path = "-";
    assert_status(kith_engine_load(&input, &engine, &error), KITH_INPUT_OUTPUT, &error);
    input.path = TESTS_DIR "/vectors/risk/events.csv";
    assert_status(kith_engine_load(&input, &engine, &error), KITH_BAD_SNAPSHOT, &error);
    assert_non_null(strstr(error.message, "is not a snapshot"));
    input.path = "/dev/null";
    input.name = "the state";
    assert_status(kith_engine_load(&input, &engine, &error), KITH_BAD_SNAPSHOT, &error);
    assert_string_equal(error.message, "the state: is empty, not a snapshot");
    assert_null(engine);
}

static int64_t fail_to_read(void *context, void *buffer, size_t capacity)
{
    struct bytes_source *source = context;
    return source->at < 300 ? read_bytes(context, buffer, capacity > 100 ? 100 : capacity) : -1;
}

static void load_says_that_its_callback_failed(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, false, NULL), *loaded = NULL;
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    struct bytes_source source = {.bytes = bytes.bytes, .length = bytes.length};
    kith_load input = {.size = sizeof input, .read = fail_to_read, .read_context = &source};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_load(&input, &loaded, &error), KITH_INPUT_OUTPUT, &error);
    assert_string_equal(error.file, "snapshot");
    assert_null(loaded);
    gathered_free(&bytes);
}

static void load_takes_bytes_in_any_pieces(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(false, true, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    for (size_t step = 1; step < 5000; step = step * 3 + 1) {
        struct bytes_source source = {.bytes = bytes.bytes, .length = bytes.length, .step = step, .odd = step};
        kith_load input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
        kith_error error = NO_ERROR;
        assert_status(kith_engine_load(&input, &engine, &error), KITH_OK, &error);
        struct gathered again = bytes_of(engine);
        assert_same_bytes(&again, &bytes, "in pieces");
        gathered_free(&again);
        kith_engine_free(engine);
    }
    gathered_free(&bytes);
}

struct progress {
    uint64_t calls;
    uint64_t stop_at_call;
    uint64_t last;
};

static int watch(void *context, uint64_t done, uint64_t total)
{
    struct progress *progress = context;
    assert_true(done >= progress->last);
    assert_int_equal(total, 0);
    progress->last = done;
    return ++progress->calls == progress->stop_at_call;
}

static void load_tells_its_progress_and_can_be_cancelled(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, true, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_free(engine);
    struct progress progress = {0};
    kith_engine_options options = all_tables(KITH_NAMED);
    options.progress = watch;
    options.progress_context = &progress;
    engine = load(&bytes, &options);
    assert_int_equal(progress.last, bytes.length);
    uint64_t calls = progress.calls;
    assert_true(calls >= 2);
    kith_engine_free(engine);
    for (uint64_t call = 1; call <= calls; call++) {
        progress = (struct progress){.stop_at_call = call};
        engine = NULL;
        kith_error error = NO_ERROR;
        assert_status(try_load(&bytes, NULL, &options, &engine, &error), KITH_CANCELLED, &error);
        assert_null(engine);
        assert_int_equal(progress.calls, call);
    }
    gathered_free(&bytes);
}

static void snapshot_write_says_that_it_was_stopped(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, true, NULL);
    kith_snapshot *snapshot = freeze(engine, "here");
    struct gathered all = bytes_of_snapshot(snapshot);
    for (size_t call = 1; call <= all.calls; call++) {
        struct gathered bytes = {.fail_at = call};
        kith_error error = NO_ERROR;
        assert_status(kith_snapshot_write(snapshot, gather, &bytes, &error), KITH_INPUT_OUTPUT, &error);
        assert_int_equal(bytes.calls, call);
        assert_memory_equal(bytes.bytes, all.bytes, bytes.length);
        gathered_free(&bytes);
    }
    gathered_free(&all);
    kith_snapshot_free(snapshot);
    kith_engine_free(engine);
}

/* More of everything than goes into one part. */
enum { LARGE_PEOPLE = 20000, LARGE_IDS = 70000, LARGE_SOURCES = 2100, LARGE_LINKS = 66000 };

static void add_large_links(kith_engine *engine)
{
    struct kithp_members *members = &engine->members;
    members->links = kithp_alloc_array(&engine->allocator, LARGE_LINKS, sizeof *members->links);
    assert_non_null(members->links);
    members->link_capacity = LARGE_LINKS;
    for (uint32_t i = 0; i < LARGE_LINKS; i++) {
        uint32_t index = 0;
        assert_true(kithp_members_find_id(members, 1000000 + i, &index));
        members->links[members->link_count++] = (struct kithp_link){index, i % 7};
    }
}

static kith_engine *large_engine(void)
{
    kith_engine *engine = small_engine(KITH_NUMBERED, NULL);
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++) {
        for (uint32_t other = 1; other < 4; other++) {
            struct act act = {.time = MONDAY + i, .kind = 1 + other % 2, .quantity = other, .member = i + 1};
            act.target = (i * other + 17) % LARGE_PEOPLE + 1;
            add_act(engine, &act, false);
            act.time += WEEK + (i % 2) * WEEK;
            add_act(engine, &act, false);
        }
    }
    uint64_t stop = 1;
    kith_review *review = NULL;
    engine->options.progress = stop_at;
    engine->options.progress_context = &stop;
    assert_int_equal(kith_engine_review(engine, MONDAY + 2 * WEEK, &review, NULL), KITH_CANCELLED);
    engine->options.progress = NULL;
    assert_true(engine->pending->lists[KITHP_LIST_HISTORY].count >= LARGE_PEOPLE);
    assert_true(engine->tally.weeks[0]->pairs.count > 0);
    char text[24];
    for (uint32_t i = 0; i < LARGE_IDS; i++) {
        snprintf(text, sizeof text, "id %u", i);
        assert_int_equal(kithp_ids_take(&engine->ids, kith_text_of(text), MONDAY_WEEK + 1 + i % 2), KITHP_ID_TAKEN);
    }
    for (uint32_t i = 0; i < LARGE_SOURCES; i++) {
        snprintf(text, sizeof text, "source %u", i);
        assert_non_null(kithp_sequences_add(&engine->sequences, kith_text_of(text), i + 1));
    }
    add_large_links(engine);
    return engine;
}

static void snapshot_of_more_than_fits_a_part_holds_everything(void **state)
{
    (void)state;
    kith_engine *engine = large_engine();
    struct gathered bytes = bytes_of(engine);
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *loaded = load(&bytes, &options);
    struct gathered again = bytes_of(loaded);
    assert_same_bytes(&again, &bytes, "written again");
    assert_same_info(engine, loaded);
    assert_same_states(engine, loaded);
    assert_int_equal(loaded->ids.live, LARGE_IDS);
    assert_int_equal(kithp_ids_take(&loaded->ids, TEXT("id 69999"), MONDAY_WEEK + 2), KITHP_ID_KNOWN);
    assert_int_equal(loaded->sequences.count, LARGE_SOURCES);
    assert_int_equal(kithp_sequence_last(kithp_sequences_find(&loaded->sequences, TEXT("source 1999"))), 2000);
    assert_int_equal(loaded->members.link_count, LARGE_LINKS);
    assert_memory_equal(loaded->members.links, engine->members.links, LARGE_LINKS * sizeof *loaded->members.links);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(loaded->tally.weeks[i]->pairs.count, engine->tally.weeks[i]->pairs.count);
    kith_review *review = review_until(loaded, MONDAY + 4 * WEEK);
    kith_review *expected_review = review_until(engine, MONDAY + 4 * WEEK);
    struct tables tables = tables_of(review, KITH_CSV_HEADER), expected = tables_of(expected_review, KITH_CSV_HEADER);
    assert_same_tables(&tables, &expected, "large");
    tables_free(&tables);
    tables_free(&expected);
    kith_review_free(review);
    kith_review_free(expected_review);
    kith_engine_free(loaded);
    kith_engine_free(engine);
    gathered_free(&bytes);
    gathered_free(&again);
}

static void load_works_with_several_threads(void **state)
{
    (void)state;
    kith_engine *engine = rich_engine(true, false, NULL);
    struct gathered bytes = bytes_of(engine);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = 4;
    kith_engine *loaded = load(&bytes, &options);
    struct tables expected = go_on(engine, true), tables = go_on(loaded, true);
    assert_same_tables(&tables, &expected, "threads");
    tables_free(&tables);
    tables_free(&expected);
    kith_engine_free(loaded);
    kith_engine_free(engine);
    gathered_free(&bytes);
}

/* ---- members that are known later than they have a number, or not by an event ---- */

static void post(kith_engine *engine, int64_t time, uint64_t member)
{
    kith_event event = {.size = sizeof event, .time = time, .member = member, .kind = 1, .quantity = 1};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
}

/* How many members stand in the tables of the next week to be reviewed, of an engine of many numbered members. */
static uint32_t members_in(kith_engine *engine, int64_t until)
{
    kith_review *review = review_until(engine, until);
    kith_table *weeks = NULL;
    kith_error error = NO_ERROR;
    kith_week_row row = {.size = sizeof row};
    assert_status(kith_review_get_table(review, KITH_WEEKS, &weeks, &error), KITH_OK, &error);
    assert_int_equal(kith_table_rows(weeks), 1);
    assert_status(kith_table_get_row(weeks, 0, &row, &error), KITH_OK, &error);
    kith_table_free(weeks);
    kith_review_free(review);
    return (uint32_t)row.members;
}

static void snapshot_knows_whoever_is_known_among_many(void **state)
{
    (void)state;
    enum { MANY = 3000, LATE = 2000 };
    kith_engine_options options = all_tables(KITH_NUMBERED);
    kith_engine *engine = engine_with(&options);
    for (uint64_t id = 1; id <= MANY; id++)
        post(engine, MONDAY, id);
    /* They have a number, and are known to nobody before the week after the next. */
    for (uint64_t id = MANY + 1; id <= MANY + LATE; id++)
        post(engine, MONDAY + 2 * WEEK, id);
    assert_int_equal(members_in(engine, MONDAY + WEEK), MANY);
    kith_error error = NO_ERROR;
    assert_status(kith_engine_merge(engine, 7, MANY + LATE, &error), KITH_OK, &error);
    assert_status(kith_engine_merge(engine, 8, 9, &error), KITH_OK, &error);
    struct gathered bytes = bytes_of(engine);
    kith_engine *loaded = load(&bytes, &options);
    /* Nothing happens in the second week: who is known in it is known from before. */
    assert_int_equal(members_in(engine, MONDAY + 2 * WEEK), MANY - 1);
    assert_int_equal(members_in(loaded, MONDAY + 2 * WEEK), MANY - 1);
    assert_int_equal(members_in(engine, MONDAY + 3 * WEEK), MANY + LATE - 2);
    assert_int_equal(members_in(loaded, MONDAY + 3 * WEEK), MANY + LATE - 2);
    kith_engine_free(engine);
    kith_engine_free(loaded);
    gathered_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_holds_everything),
        cmocka_unit_test(snapshot_knows_whoever_is_known_among_many),
        cmocka_unit_test(snapshot_of_an_engine_without_members),
        cmocka_unit_test(snapshot_of_an_engine_that_reviewed_the_ends_of_time),
        cmocka_unit_test(snapshot_hands_the_position_back),
        cmocka_unit_test(snapshot_brings_its_policy_with_it),
        cmocka_unit_test(snapshot_keeps_what_a_stopped_review_has_brought),
        cmocka_unit_test(snapshot_of_a_stopped_review_goes_on_with_the_tables_it_began_with),
        cmocka_unit_test(snapshot_does_not_notice_what_comes_later),
        cmocka_unit_test(snapshot_is_not_noticed_by_the_engine),
        cmocka_unit_test(snapshot_can_be_written_by_another_thread_meanwhile),
        cmocka_unit_test(snapshot_calls_check_their_arguments),
        cmocka_unit_test(load_checks_its_arguments),
        cmocka_unit_test(load_gives_members_as_they_are_asked_for),
        cmocka_unit_test(load_says_what_it_cannot_read),
        cmocka_unit_test(load_says_that_its_callback_failed),
        cmocka_unit_test(load_takes_bytes_in_any_pieces),
        cmocka_unit_test(load_tells_its_progress_and_can_be_cancelled),
        cmocka_unit_test(snapshot_write_says_that_it_was_stopped),
        cmocka_unit_test(snapshot_of_more_than_fits_a_part_holds_everything),
        cmocka_unit_test(load_works_with_several_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
