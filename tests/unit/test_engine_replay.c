/* SPDX-License-Identifier: MIT */
/*
 * Every event counts once: replays by their numbers, repeats by their ids, one by one and many at once, from exports
 * that overlap, whatever memory does; and the same tables in the end.
 */
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

static kith_status add_event(kith_engine *engine, const kith_event *event)
{
    kith_error error = NO_ERROR;
    return kith_engine_add_event(engine, event, &error);
}

/* ---- what an application may hand over ---- */

enum { SOURCES = 4, ID_ROOM = 12 };

static const char *const sources[SOURCES] = {"queue", "log", "table", "web"};

struct app_event {
    uint32_t quantity;
    uint32_t kind;
    int64_t time;
    uint64_t member;
    uint64_t target;
    uint64_t sequence;
    kith_text id;
    char id_bytes[ID_ROOM];
    uint32_t source;
};

static kith_event single_of(const struct app_event *event)
{
    return (kith_event){
        .size = sizeof(kith_event),
        .kind = event->kind,
        .time = event->time,
        .member = event->member,
        .target = event->target,
        .quantity = event->quantity,
        .sequence = event->sequence,
        .source = kith_text_of(event->sequence ? sources[event->source] : NULL),
        .event_id = event->id,
    };
}

/* Of one source: many at once. */
static kith_events many_of(const struct app_event *events, uint64_t count)
{
    int64_t stride = sizeof *events;
    return (kith_events){
        .size = sizeof(kith_events),
        .count = count,
        .time = &events->time,
        .member = &events->member,
        .kind = &events->kind,
        .target = &events->target,
        .quantity = &events->quantity,
        .sequence = &events->sequence,
        .event_id = &events->id,
        .source = kith_text_of(sources[events->source]),
        .time_stride = stride,
        .member_stride = stride,
        .kind_stride = stride,
        .target_stride = stride,
        .quantity_stride = stride,
        .sequence_stride = stride,
        .event_id_stride = stride,
    };
}

static struct app_event some_event(uint64_t *seed, int64_t from, uint32_t seconds, uint32_t source)
{
    struct app_event event = {
        .quantity = 1 + chance_below(seed, 3),
        .kind = chance_below(seed, 26),
        .time = from + chance_below(seed, seconds),
        .member = 1 + chance_below(seed, 60),
        .target = chance_below(seed, 60),
        .source = source,
    };
    if (chance_below(seed, 25) == 0)
        event.quantity = 0;
    return event;
}

static void set_id(struct app_event *event, uint32_t number)
{
    event->id.length = (uint64_t)snprintf(event->id_bytes, ID_ROOM, "%u", number);
}

/* Texts point into their own event: once it has its place. */
static void settle_ids(struct app_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        events[i].id.data = events[i].id.length ? events[i].id_bytes : NULL;
}

/* ---- what becomes of each, by a slow model ---- */

enum { MODEL_MOST = 4000 };

struct model {
    uint64_t numbers[SOURCES][MODEL_MOST];
    size_t number_count[SOURCES];
    char ids[MODEL_MOST][ID_ROOM];
    int64_t id_times[MODEL_MOST];
    size_t id_count;
    int64_t open; /* an event before is late */
};

enum { FATE_BEHIND = 254 };

/* KITH_REASON_…, KITH_REASON_SKIPPED or FATE_BEHIND; by the words of kith.h, and of docs/model.md for reasons. */
static uint8_t model_fate(struct model *model, const struct app_event *event)
{
    if (event->sequence > 0) {
        uint64_t *numbers = model->numbers[event->source];
        size_t count = model->number_count[event->source];
        uint64_t greatest = count ? numbers[count - 1] : 0;
        if (event->sequence <= greatest) {
            for (size_t i = 0; i < count; i++)
                if (numbers[i] == event->sequence)
                    return KITH_REASON_SKIPPED;
            return event->sequence < numbers[count > 64 ? count - 64 : 0] ? KITH_REASON_SKIPPED : FATE_BEHIND;
        }
        numbers[model->number_count[event->source]++] = event->sequence;
    }
    if (event->quantity == 0)
        return KITH_REASON_QUANTITY;
    if (event->time < model->open)
        return KITH_REASON_LATE;
    if (event->id.length == 0)
        return KITH_REASON_NONE;
    for (size_t i = 0; i < model->id_count; i++)
        if (model->id_times[i] >= model->open && strlen(model->ids[i]) == event->id.length &&
            memcmp(model->ids[i], event->id.data, event->id.length) == 0)
            return KITH_REASON_SKIPPED;
    memcpy(model->ids[model->id_count], event->id_bytes, ID_ROOM);
    model->id_times[model->id_count++] = event->time;
    return KITH_REASON_NONE;
}

static uint8_t fate_of(kith_status status, const kith_engine_info *before, const kith_engine_info *after,
                       const kith_error *error)
{
    if (status == KITH_OUT_OF_ORDER)
        return FATE_BEHIND;
    if (status == KITH_REFUSED)
        return (uint8_t)error->reason;
    assert_status(status, KITH_OK, error);
    assert_int_equal(after->taken + after->skipped, before->taken + before->skipped + 1);
    return after->skipped > before->skipped ? KITH_REASON_SKIPPED : KITH_REASON_NONE;
}

static void add_singly(kith_engine *engine, const struct app_event *event, uint8_t fate)
{
    kith_event single = single_of(event);
    kith_engine_info before = info_of(engine);
    kith_error error = NO_ERROR;
    kith_status status = kith_engine_add_event(engine, &single, &error);
    kith_engine_info after = info_of(engine);
    assert_int_equal(fate_of(status, &before, &after, &error), fate);
}

/* All events of one source, going on behind each that is out of order. */
static void add_together(kith_engine *engine, const struct app_event *events, size_t count, const uint8_t *fates)
{
    uint8_t reasons[MODEL_MOST];
    for (size_t done = 0; done < count;) {
        kith_events many = many_of(events + done, count - done);
        kith_engine_info before = info_of(engine);
        kith_added added = {.size = sizeof added, .reasons = reasons};
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_add(engine, &many, &added, &error);
        uint64_t taken = 0, skipped = 0, rejected = 0;
        for (uint64_t i = 0; i < added.read; i++) {
            assert_int_equal(reasons[i], fates[done + i]);
            taken += reasons[i] == KITH_REASON_NONE;
            skipped += reasons[i] == KITH_REASON_SKIPPED;
            rejected += reasons[i] != KITH_REASON_NONE && reasons[i] != KITH_REASON_SKIPPED;
        }
        assert_int_equal(added.taken, taken);
        assert_int_equal(added.skipped, skipped);
        assert_int_equal(added.rejected, rejected);
        kith_engine_info after = info_of(engine);
        assert_int_equal(after.taken, before.taken + taken);
        assert_int_equal(after.skipped, before.skipped + skipped);
        assert_int_equal(after.rejected, before.rejected + rejected);
        done += added.read;
        if (done < count) {
            assert_status(status, KITH_OUT_OF_ORDER, &error);
            assert_int_equal(fates[done], FATE_BEHIND);
            char number[32];
            snprintf(number, sizeof number, "%llu", (unsigned long long)events[done].sequence);
            assert_string_equal(error.value, number);
            done++;
        } else
            assert_status(status, KITH_OK, &error);
    }
}

/* Numbers that repeat, fall behind and leap, ids that repeat, weeks that close: each fate as the model has it. */
static void check_fates(uint64_t seed, bool singly, bool together)
{
    static struct app_event events[MODEL_MOST], taken[MODEL_MOST];
    static uint8_t fates[MODEL_MOST];
    static struct model model;
    memset(&model, 0, sizeof model);
    kith_engine *engine = new_engine(), *plain = new_engine();
    uint64_t next[SOURCES] = {1, 1, 1, 1};
    int64_t open = MONDAY;
    model.open = MONDAY;
    kith_review_free(review_until(engine, MONDAY));
    for (unsigned run = 0; run < 40; run++) {
        size_t count = 1 + chance_below(&seed, run % 5 == 0 ? 700 : 40), taken_count = 0;
        if (model.id_count + count > MODEL_MOST)
            break;
        uint32_t source = chance_below(&seed, SOURCES);
        for (size_t i = 0; i < count; i++) {
            events[i] = some_event(&seed, open - DAY, 2 * 604800, source);
            uint32_t sort = chance_below(&seed, 40), back = chance_below(&seed, 100);
            uint64_t number = next[source];
            next[source] += sort >= 4 ? 1 + chance_below(&seed, 3) * chance_below(&seed, 3) : 0;
            if (sort < 4)
                number = sort == 0 ? 0 : number > back ? number - back : 1;
            events[i].sequence = number;
            if (chance_below(&seed, 3))
                set_id(&events[i], chance_below(&seed, 1500));
        }
        settle_ids(events, count);
        for (size_t i = 0; i < count; i++) {
            fates[i] = model_fate(&model, &events[i]);
            if (fates[i] == KITH_REASON_NONE)
                taken[taken_count++] = events[i];
        }
        if (together && (!singly || chance_below(&seed, 2)))
            add_together(engine, events, count, fates);
        else
            for (size_t i = 0; i < count; i++)
                add_singly(engine, &events[i], fates[i]);
        for (size_t i = 0; i < taken_count; i++) {
            kith_event single = single_of(&taken[i]);
            single.sequence = 0;
            single.event_id.length = 0;
            assert_int_equal(add_event(plain, &single), KITH_OK);
        }
        size_t numbers = model.number_count[source];
        assert_int_equal(sequence_of(engine, sources[source]), numbers ? model.numbers[source][numbers - 1] : 0);
        if (chance_below(&seed, 6) == 0) {
            open += WEEK;
            model.open = open;
            assert_same_end(engine, plain, open, "after a run");
        }
    }
    assert_same_end(engine, plain, open + 4 * WEEK, "in the end");
    kith_engine_free(engine);
    kith_engine_free(plain);
}

static void replay_or_not_is_as_the_model_foretells(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= tries(8); seed++) {
        check_fates(seed, true, false);
        check_fates(seed, false, true);
        check_fates(seed, true, true);
    }
}

static void replay_within_one_call_is_skipped(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    static struct app_event events[MANY];
    uint64_t seed = 9;
    for (unsigned i = 0; i < MANY; i++) {
        events[i] = (struct app_event){.quantity = 1, .kind = like, .time = MONDAY + i, .member = 1 + i};
        set_id(&events[i], i % 10 == 9 ? 7 : chance_below(&seed, 50));
    }
    settle_ids(events, MANY);
    kith_engine *engine = new_engine();
    kith_events many = many_of(events, MANY);
    many.sequence = NULL;
    kith_added added = {.size = sizeof added};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add(engine, &many, &added, &error), KITH_OK, &error);
    assert_int_equal(added.read, MANY);
    assert_int_equal(added.taken, 50);
    assert_int_equal(added.skipped, MANY - 50);
    /* Who is named by skipped events alone is nobody's member. */
    assert_int_equal(info_of(engine).members, 50);
    kith_engine_free(engine);
}

/* ---- replays ---- */

enum { STREAM = 3000, REPLAY_WEEKS = 8 };

/* Rising but sparse numbers of several sources, in the order in which they came about; times roughly so. */
static void generate_stream(struct app_event *stream, uint64_t seed)
{
    uint64_t last[SOURCES] = {0};
    for (unsigned i = 0; i < STREAM; i++) {
        uint32_t source = chance_below(&seed, SOURCES);
        int64_t begin = MONDAY + (int64_t)i * REPLAY_WEEKS * WEEK / STREAM;
        stream[i] = some_event(&seed, begin, 100000, source);
        last[source] += 1 + (chance_below(&seed, 4) == 0) * chance_below(&seed, 1000);
        stream[i].sequence = last[source];
    }
    settle_ids(stream, STREAM);
}

/* Events of one source from one place to another, together. */
static void hand_over_source(kith_engine *engine, const struct app_event *stream, size_t from, size_t to,
                             uint32_t source)
{
    static struct app_event of_source[STREAM];
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        if (stream[i].source == source)
            of_source[count++] = stream[i];
    if (count == 0)
        return;
    settle_ids(of_source, count);
    kith_events many = many_of(of_source, count);
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add(engine, &many, NULL, &error), KITH_OK, &error);
}

static void hand_over(kith_engine *engine, const struct app_event *stream, size_t from, size_t to, uint64_t *seed,
                      bool singly)
{
    uint32_t first = chance_below(seed, SOURCES);
    for (uint32_t i = 0; !singly && i < SOURCES; i++)
        hand_over_source(engine, stream, from, to, (first + i) % SOURCES);
    for (size_t i = from; singly && i < to; i++) {
        kith_event event = single_of(&stream[i]);
        kith_error error = NO_ERROR;
        kith_status status = kith_engine_add_event(engine, &event, &error);
        if (status != KITH_REFUSED)
            assert_status(status, KITH_OK, &error);
    }
}

/* Hands a stream over with restarts: from any earlier point, after any part of it. */
static void check_replays(uint64_t seed, unsigned manner)
{
    static struct app_event stream[STREAM];
    generate_stream(stream, seed);
    kith_engine *engine = new_engine(), *plain = new_engine();
    unsigned restarts = 0;
    for (size_t reached = 0; reached < STREAM;) {
        size_t more = reached + 1 + chance_below(&seed, 300);
        if (more > STREAM)
            more = STREAM;
        size_t from = chance_below(&seed, 3) ? reached : chance_below(&seed, (uint32_t)reached + 1);
        restarts += from < reached;
        hand_over(engine, stream, from, more, &seed, manner == 2 ? chance_below(&seed, 2) : manner);
        for (; reached < more; reached++) {
            kith_event event = single_of(&stream[reached]);
            event.sequence = 0;
            (void)add_event(plain, &event);
        }
        assert_int_equal(info_of(engine).taken, info_of(plain).taken);
        assert_int_equal(info_of(engine).rejected, info_of(plain).rejected);
        if (chance_below(&seed, 4) == 0)
            assert_same_end(engine, plain, stream[reached - 1].time - DAY, "between");
    }
    assert_true(restarts > 0);
    assert_true(info_of(engine).skipped > 0);
    assert_same_end(engine, plain, MONDAY + (REPLAY_WEEKS + 2) * WEEK, "in the end");
    kith_engine_free(engine);
    kith_engine_free(plain);
}

static void replay_from_any_point_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= tries(10); seed++)
        for (unsigned manner = 0; manner < 3; manner++)
            check_replays(seed, manner);
}

/* ---- memory ---- */

enum { LACKING = 700 };

/* Numbers, ids that repeat, and members who are new; every allocation of the calls fails in turn. */
static void check_memory(bool singly, bool fail_on)
{
    static struct app_event events[LACKING];
    uint64_t seed = 31;
    for (unsigned i = 0; i < LACKING; i++) {
        events[i] = some_event(&seed, MONDAY, 5 * 604800, 1);
        events[i].member = chance(&seed);
        events[i].sequence = 3 * i + 1;
        set_id(&events[i], chance_below(&seed, LACKING));
    }
    settle_ids(events, LACKING);
    struct tables expected = {{NULL}};
    kith_engine_info expected_info = {0};
    for (uint64_t fail_at = 0;; fail_at++) {
        struct memory memory;
        memory_init(&memory);
        kith_engine_options options = all_tables(KITH_NUMBERED);
        options.allocator = &memory.allocator;
        kith_engine *engine = engine_with(&options);
        unsigned failures = 0;
        if (fail_at > 0) {
            memory_fail_after(&memory, fail_at - 1);
            memory.fail_on = fail_on;
        }
        for (size_t done = 0; done < LACKING;) {
            kith_error error = NO_ERROR;
            kith_added added = {.size = sizeof added};
            kith_status status;
            uint64_t members = info_of(engine).members;
            if (singly) {
                kith_event event = single_of(&events[done]);
                status = kith_engine_add_event(engine, &event, &error);
                added.read = status != KITH_NO_MEMORY;
                status = status == KITH_REFUSED ? KITH_OK : status;
            } else {
                kith_events many = many_of(events + done, LACKING - done);
                status = kith_engine_add(engine, &many, &added, &error);
            }
            done += added.read;
            kith_engine_info info = info_of(engine);
            assert_int_equal(info.taken + info.rejected + info.skipped, done);
            assert_int_equal(sequence_of(engine, "log"), done ? events[done - 1].sequence : 0);
            if (status == KITH_OK)
                continue;
            assert_status(status, KITH_NO_MEMORY, &error);
            if (added.read == 0)
                assert_int_equal(info.members, members);
            if (++failures == 3 || !fail_on)
                memory_fail_never(&memory);
        }
        memory_fail_never(&memory);
        struct tables tables = tables_until(engine, MONDAY + 5 * WEEK);
        kith_engine_info info = info_of(engine);
        if (fail_at == 0) {
            expected = tables;
            expected_info = info;
            assert_true(info.skipped > 100 && info.taken > 300);
        } else {
            assert_same_tables(&tables, &expected, "after a lack of memory");
            assert_memory_equal(&info, &expected_info, sizeof info);
            tables_free(&tables);
        }
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
        if (fail_at > 0 && failures == 0) {
            assert_true(fail_at > 20);
            break;
        }
    }
    tables_free(&expected);
}

static void replay_without_memory_leaves_nothing_half_taken(void **state)
{
    (void)state;
    check_memory(true, false);
    check_memory(true, true);
    check_memory(false, false);
    check_memory(false, true);
}

/* ---- exports that overlap ---- */

enum { HISTORY = 4000, HISTORY_WEEKS = 12 };

/* The rows of 30 days, as a nightly or weekly job would write them; known by their ids. */
static struct gathered last_30_days(const struct app_event *history, int64_t now, bool with_ids, unsigned *rows)
{
    struct gathered text = {0};
    static const char *const kinds[] = {"post", "like", "comment", "login", "article"};
    char row[128];
    gather(&text, row, (size_t)snprintf(row, sizeof row, "kind,target,%s,time,member\n", with_ids ? "id" : "note"));
    *rows = 0;
    for (unsigned i = 0; i < HISTORY; i++) {
        if (history[i].time < now - 30 * DAY || history[i].time >= now)
            continue;
        gather(&text, row,
               (size_t)snprintf(row, sizeof row, "%s,m%u,\"e \"\"%u\"\"\",%lld,m%u\n", kinds[history[i].kind % 5],
                                (unsigned)history[i].target, i, (long long)history[i].time,
                                (unsigned)history[i].member));
        ++*rows;
    }
    return text;
}

static void add_text(kith_engine *engine, const struct gathered *text, kith_added *added)
{
    struct bytes_source source = {.bytes = text->bytes, .length = text->length};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
    kith_error error = NO_ERROR;
    *added = (kith_added){.size = sizeof *added};
    assert_status(kith_engine_add_export(engine, &input, added, &error), KITH_OK, &error);
}

/* Weeks of history by overlapping exports, with a review before or behind each; or with the open weeks dropped. */
static void check_overlapping(unsigned threads, int64_t every, bool by_ids)
{
    static struct app_event history[HISTORY];
    uint64_t seed = (uint64_t)every;
    for (unsigned i = 0; i < HISTORY; i++)
        history[i] = some_event(&seed, MONDAY, HISTORY_WEEKS * 604800, 0);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = threads;
    kith_engine *engine = engine_with(&options), *plain = engine_with(&options);
    struct tables sum = {{NULL}};
    uint64_t skipped = 0, late = 0, taken = 0;
    for (int64_t now = MONDAY + every; now < MONDAY + HISTORY_WEEKS * WEEK + every; now += every) {
        unsigned rows;
        struct gathered text = last_30_days(history, now, by_ids, &rows);
        if (!by_ids)
            assert_int_equal(kith_engine_drop_open(engine, NULL), KITH_OK);
        kith_added added;
        add_text(engine, &text, &added);
        gathered_free(&text);
        assert_int_equal(added.read, rows);
        assert_int_equal(added.read, added.taken + added.skipped + added.rejected);
        assert_int_equal(added.rejected, added.rejected_by_reason[KITH_REASON_LATE]);
        taken += added.taken;
        skipped += added.skipped;
        late += added.rejected;
        kith_review *review = review_until(engine, now);
        struct tables tables = tables_of(review, sum.csv[0] ? KITH_CSV_NO_HEADER : KITH_CSV_HEADER);
        kith_review_free(review);
        if (sum.csv[0]) {
            tables_go_on(&sum, &tables);
            tables_free(&tables);
        } else
            sum = tables;
    }
    assert_true(late > HISTORY);
    assert_true(by_ids ? taken == HISTORY : taken >= HISTORY);
    assert_true(by_ids ? every == WEEK || skipped > 0 : skipped == 0);
    assert_int_equal(info_of(engine).late, late);
    assert_int_equal(info_of(engine).skipped, skipped);
    static const char *const kinds[] = {"post", "like", "comment", "login", "article"};
    for (unsigned i = 0; i < HISTORY; i++) {
        char member[16], target[16];
        snprintf(member, sizeof member, "m%u", (unsigned)history[i].member);
        snprintf(target, sizeof target, "m%u", (unsigned)history[i].target);
        add_named(plain, history[i].time, member, kinds[history[i].kind % 5], target, 1);
    }
    kith_review *review = review_until(plain, MONDAY + HISTORY_WEEKS * WEEK);
    struct tables expected = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    /* Where nothing is left to review, the last standings are empty of news, but there. */
    free(sum.csv[0]);
    review = review_until(engine, MONDAY + HISTORY_WEEKS * WEEK);
    sum.csv[0] = csv_of(review, KITH_STANDINGS, KITH_CSV_HEADER);
    kith_review_free(review);
    assert_same_tables(&sum, &expected, "overlapping");
    tables_free(&expected);
    tables_free(&sum);
    kith_engine_free(engine);
    kith_engine_free(plain);
}

static void replay_of_rows_by_overlapping_exports_is_skipped(void **state)
{
    (void)state;
    check_overlapping(1, WEEK, true);
    check_overlapping(2, DAY, true);
    check_overlapping(1, 3 * DAY, true);
    check_overlapping(1, WEEK, false);
    check_overlapping(2, DAY, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_or_not_is_as_the_model_foretells),
        cmocka_unit_test(replay_within_one_call_is_skipped),
        cmocka_unit_test(replay_from_any_point_changes_nothing),
        cmocka_unit_test(replay_without_memory_leaves_nothing_half_taken),
        cmocka_unit_test(replay_of_rows_by_overlapping_exports_is_skipped),
    };
    return cmocka_run_group_tests(tests, set_up_group, NULL);
}
