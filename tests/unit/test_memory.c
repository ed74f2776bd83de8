/* SPDX-License-Identifier: MIT */
/*
 * Memory that runs out, anywhere: a scene with every call that can lack memory is played again and again, with the
 * first allocation failing, then the second, and so on until none does. The call that is hit must say so and leave its
 * results as documented; repeated when there is memory again it succeeds, and the tables at the end are the same.
 */
#include <pthread.h>

#include <kith/kith.h>

#include "engine_support.h"

/* How long memory is gone for, and what the caller does about it. */
enum patience {
    ONCE,    /* one allocation fails */
    A_WHILE, /* all fail until the call has been tried three times */
    GIVE_UP  /* all fail from there on, and everything is freed */
};

enum { PEOPLE = 40, NAME_ROOM = 8, SINGLES = 60, MANY = 600, ROWS = 300 };

struct scene {
    struct memory memory;
    enum patience patience;
    unsigned failures;
    bool given_up;
    uint64_t seed;
    /* handles, freed at the end whatever happens */
    kith_policy *policy;
    kith_policy *parsed;
    kith_policy *loaded;
    kith_engine *engine;
    kith_engine *numbered;
    kith_review *review;
    kith_table *table;
    kith_table *rejects;
    uint64_t ids[PEOPLE];
    /* what came out */
    struct gathered policy_text;
    struct tables reviews[2];
    char *rejects_csv;
};

static const char other_policy[] = "[tier low]\n[tier high]\npromote_at = 1\n[kind post]\ngives = content 1 cap 3\n";

/* Whether a call is to be made again: it lacked memory, which is then there again sooner or later. */
static bool again(struct scene *scene, kith_status status, const kith_error *error)
{
    if (status == KITH_OK)
        return false;
    assert_status(status, KITH_NO_MEMORY, error);
    assert_int_equal(error->status, KITH_NO_MEMORY);
    assert_true(error->message[0] != '\0');
    scene->failures++;
    if (scene->patience == GIVE_UP) {
        scene->given_up = true;
        return false;
    }
    if (scene->patience == ONCE || scene->failures >= 3)
        memory_fail_never(&scene->memory);
    return true;
}

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info;
}

static int64_t some_time(struct scene *scene, uint32_t first_week, uint32_t weeks)
{
    return MONDAY + first_week * WEEK + chance_below(&scene->seed, weeks * 604800);
}

/* ---- the scene ---- */

static void make_policies(struct scene *scene)
{
    kith_policy_options options = {.size = sizeof options, .allocator = &scene->memory.allocator};
    kith_error error;
    kith_status status;
    do {
        error = NO_ERROR;
        status = kith_policy_new(&options, &scene->policy, &error);
        assert_int_equal(!!scene->policy, status == KITH_OK);
    } while (again(scene, status, &error));
    if (scene->given_up)
        return;
    do {
        error = NO_ERROR;
        status = kith_policy_parse(TEXT(other_policy), NULL, &options, &scene->parsed, &error);
        assert_int_equal(!!scene->parsed, status == KITH_OK);
    } while (again(scene, status, &error));
    if (scene->given_up)
        return;
    do {
        error = NO_ERROR;
        status = kith_policy_load(TESTS_DIR "/vectors/own_policy/policy.ini", &options, &scene->loaded, &error);
        assert_int_equal(!!scene->loaded, status == KITH_OK);
    } while (again(scene, status, &error));
    if (scene->given_up)
        return;
    do {
        error = NO_ERROR;
        status = kith_policy_write(scene->loaded, gather, &scene->policy_text, &error);
        if (status != KITH_OK)
            assert_int_equal(scene->policy_text.calls, 0);
    } while (again(scene, status, &error));
}

static void make_engines(struct scene *scene)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    options.allocator = &scene->memory.allocator;
    kith_error error;
    kith_status status;
    do {
        error = NO_ERROR;
        status = kith_engine_new(scene->policy, &options, &scene->engine, &error);
        assert_int_equal(!!scene->engine, status == KITH_OK);
    } while (again(scene, status, &error));
    if (scene->given_up)
        return;
    options.members = KITH_NUMBERED;
    options.threads = 3;
    do {
        error = NO_ERROR;
        status = kith_engine_new(scene->parsed, &options, &scene->numbered, &error);
        assert_int_equal(!!scene->numbered, status == KITH_OK);
    } while (again(scene, status, &error));
}

static void get_ids(struct scene *scene)
{
    char rooms[PEOPLE][NAME_ROOM];
    kith_text names[PEOPLE];
    for (uint32_t i = 0; i < PEOPLE; i++) {
        snprintf(rooms[i], NAME_ROOM, "m%02u", i);
        names[i] = kith_text_of(rooms[i]);
        scene->ids[i] = 4711;
    }
    kith_error error;
    kith_status status;
    do {
        error = NO_ERROR;
        status = kith_engine_get_ids(scene->engine, names, PEOPLE, scene->ids, &error);
        for (uint32_t i = 0; i < PEOPLE; i++)
            assert_int_equal(scene->ids[i], status == KITH_OK ? i + 1 : 4711);
    } while (again(scene, status, &error));
}

/* By names not known yet and by ids, into weeks not open yet. */
static void add_single_events(struct scene *scene)
{
    for (uint32_t i = 0; i < SINGLES && !scene->given_up; i++) {
        char name[NAME_ROOM];
        snprintf(name, sizeof name, "s%02u", chance_below(&scene->seed, 30));
        kith_event event = {.size = sizeof event, .quantity = 1};
        event.time = some_time(scene, 0, 6);
        event.kind = chance_below(&scene->seed, 26);
        event.member_name = kith_text_of(name);
        event.target = scene->ids[chance_below(&scene->seed, PEOPLE)];
        kith_error error;
        kith_status status;
        do {
            error = NO_ERROR;
            status = kith_engine_add_event(scene->engine, &event, &error);
            kith_engine_info info = info_of(scene->engine);
            assert_int_equal(info.taken, i + (status == KITH_OK));
        } while (again(scene, status, &error));
    }
}

static void add_many_events(struct scene *scene, uint32_t first_week)
{
    int64_t times[MANY];
    uint64_t members[MANY], targets[MANY];
    uint32_t kinds[MANY];
    for (uint32_t i = 0; i < MANY; i++) {
        times[i] = some_time(scene, first_week, 4);
        members[i] = chance_below(&scene->seed, 20) ? scene->ids[chance_below(&scene->seed, PEOPLE)] : 0;
        targets[i] = scene->ids[chance_below(&scene->seed, PEOPLE)];
        kinds[i] = chance_below(&scene->seed, 26);
    }
    uint64_t done = 0;
    kith_error error;
    kith_status status;
    do {
        kith_events events = {.size = sizeof events, .count = MANY - done};
        events.time = times + done;
        events.member = members + done;
        events.target = targets + done;
        events.kind = kinds + done;
        kith_added added = {.size = sizeof added};
        uint64_t before = info_of(scene->engine).taken;
        error = NO_ERROR;
        status = kith_engine_add(scene->engine, &events, &added, &error);
        assert_int_equal(added.taken, added.read);
        assert_int_equal(info_of(scene->engine).taken, before + added.taken);
        done += added.read;
    } while (again(scene, status, &error));
    assert_int_equal(done == MANY, !scene->given_up);
}

/* The same of numbered members, whom an event makes known. */
static void add_numbered_events(struct scene *scene)
{
    int64_t times[PEOPLE];
    uint64_t members[PEOPLE];
    uint32_t kinds[PEOPLE] = {0};
    for (uint32_t i = 0; i < PEOPLE; i++) {
        times[i] = MONDAY;
        members[i] = UINT64_MAX - i;
    }
    kith_events events = {.size = sizeof events, .count = PEOPLE, .time = times, .member = members, .kind = kinds};
    kith_error error;
    kith_status status;
    do {
        kith_added added = {.size = sizeof added};
        error = NO_ERROR;
        status = kith_engine_add(scene->numbered, &events, &added, &error);
        assert_int_equal(added.read, status == KITH_OK ? PEOPLE : 0);
    } while (again(scene, status, &error));
}

static void add_export(struct scene *scene)
{
    char text[64 + ROWS * 40];
    size_t header = (size_t)sprintf(text, "time,member,kind,target\n"), length = header;
    for (uint32_t i = 0; i < ROWS; i++) {
        long long time = some_time(scene, 0, 6);
        uint32_t member = chance_below(&scene->seed, 60), target = chance_below(&scene->seed, 60);
        length +=
            (size_t)sprintf(text + length, "%lld,e%02u,%s,m%02u\n", time, member, i % 3 ? "like" : "post", target);
    }
    char *rest = text + header;
    uint64_t done = 0;
    kith_error error;
    kith_status status;
    do {
        /* What was not read yet, behind the header. */
        char remaining[sizeof text];
        memcpy(remaining, text, header);
        strcpy(remaining + header, rest);
        struct bytes_source source = {.bytes = remaining, .length = strlen(remaining)};
        kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
        kith_added added = {.size = sizeof added};
        uint64_t before = info_of(scene->engine).taken;
        error = NO_ERROR;
        status = kith_engine_add_export(scene->engine, &input, &added, &error);
        assert_int_equal(added.rejected, 0);
        assert_int_equal(info_of(scene->engine).taken, before + added.taken);
        for (uint64_t i = 0; i < added.taken; i++)
            rest = strchr(rest, '\n') + 1;
        done += added.taken;
    } while (again(scene, status, &error));
    assert_int_equal(done == ROWS, !scene->given_up);
}

/*
 * The callback that fills a table of rejects can lack memory too, and then cancels. Which rows a failed call has dealt
 * with cannot be said row by row here, so that it begins anew, with an engine of its own.
 */
static void add_export_with_rejects(struct scene *scene)
{
    kith_error error;
    kith_status status;
    do {
        error = NO_ERROR;
        kith_engine *engine = NULL;
        kith_table *rejects = NULL;
        kith_engine_options options = all_tables(KITH_NAMED);
        options.allocator = &scene->memory.allocator;
        status = kith_rejects_new(&scene->memory.allocator, &rejects, &error);
        assert_int_equal(!!rejects, status == KITH_OK);
        if (status == KITH_OK)
            status = kith_engine_new(scene->policy, &options, &engine, &error);
        if (status == KITH_OK) {
            kith_export input = {.size = sizeof input,
                                 .path = TESTS_DIR "/vectors/rejects/events.csv",
                                 .reject = kith_rejects_add,
                                 .reject_context = rejects};
            status = kith_engine_add_export(engine, &input, NULL, &error);
        }
        kith_engine_free(engine);
        if (status == KITH_CANCELLED)
            status = error.status = KITH_NO_MEMORY;
        if (status == KITH_OK)
            scene->rejects = rejects;
        else
            kith_table_free(rejects);
    } while (again(scene, status, &error));
}

static void write_table(struct scene *scene, const kith_table *table, char **csv)
{
    kith_error error;
    kith_status status;
    do {
        struct gathered gathered = {0};
        error = NO_ERROR;
        status = kith_table_write_csv(table, KITH_CSV_HEADER, gather, &gathered, &error);
        if (status == KITH_OK)
            *csv = text_string((kith_text){gathered.bytes, gathered.length});
        else
            assert_int_equal(gathered.calls, 0);
        gathered_free(&gathered);
    } while (again(scene, status, &error));
}

static void review_and_read(struct scene *scene, kith_engine *engine, int64_t until, struct tables *tables)
{
    kith_error error;
    kith_status status;
    do {
        error = NO_ERROR;
        status = kith_engine_review(engine, until, &scene->review, &error);
        assert_int_equal(!!scene->review, status == KITH_OK);
    } while (again(scene, status, &error));
    for (unsigned i = 0; i < TABLES && !scene->given_up; i++) {
        do {
            error = NO_ERROR;
            status = kith_review_get_table(scene->review, table_bits[i], &scene->table, &error);
            assert_int_equal(!!scene->table, status == KITH_OK);
        } while (again(scene, status, &error));
        if (!scene->given_up && tables)
            write_table(scene, scene->table, &tables->csv[i]);
        kith_table_free(scene->table);
        scene->table = NULL;
    }
    kith_review_free(scene->review);
    scene->review = NULL;
}

static void play(struct scene *scene)
{
    scene->seed = 1;
    make_policies(scene);
    if (!scene->given_up)
        make_engines(scene);
    if (!scene->given_up)
        get_ids(scene);
    if (!scene->given_up)
        add_single_events(scene);
    if (!scene->given_up)
        add_many_events(scene, 0);
    if (!scene->given_up)
        add_numbered_events(scene);
    if (!scene->given_up)
        review_and_read(scene, scene->numbered, MONDAY + WEEK, NULL);
    if (!scene->given_up)
        add_export(scene);
    if (!scene->given_up)
        add_export_with_rejects(scene);
    if (!scene->given_up)
        write_table(scene, scene->rejects, &scene->rejects_csv);
    if (!scene->given_up)
        review_and_read(scene, scene->engine, MONDAY + 3 * WEEK, &scene->reviews[0]);
    if (!scene->given_up)
        add_many_events(scene, 4);
    if (!scene->given_up)
        review_and_read(scene, scene->engine, MONDAY + 12 * WEEK, &scene->reviews[1]);
}

static void clear_away(struct scene *scene)
{
    kith_table_free(scene->rejects);
    kith_table_free(scene->table);
    kith_review_free(scene->review);
    kith_engine_free(scene->engine);
    kith_engine_free(scene->numbered);
    kith_policy_free(scene->policy);
    kith_policy_free(scene->parsed);
    kith_policy_free(scene->loaded);
    assert_int_equal(scene->memory.live, 0);
}

static void free_outcome(struct scene *scene)
{
    gathered_free(&scene->policy_text);
    tables_free(&scene->reviews[0]);
    tables_free(&scene->reviews[1]);
    free(scene->rejects_csv);
}

static void assert_same_outcome(const struct scene *scene, const struct scene *expected)
{
    assert_string_equal(scene->policy_text.bytes, expected->policy_text.bytes);
    assert_same_text(scene->rejects_csv, expected->rejects_csv, "rejects");
    assert_same_tables(&scene->reviews[0], &expected->reviews[0], "first review");
    assert_same_tables(&scene->reviews[1], &expected->reviews[1], "second review");
}

static void play_with_failures(enum patience patience)
{
    static struct scene expected, scene;
    memset(&expected, 0, sizeof expected);
    memory_init(&expected.memory);
    play(&expected);
    clear_away(&expected);
    assert_int_equal(expected.failures, 0);
    uint64_t calls = expected.memory.calls;
    assert_true(calls > 200);

    for (uint64_t n = 0;; n++) {
        memset(&scene, 0, sizeof scene);
        memory_init(&scene.memory);
        scene.patience = patience;
        memory_fail_after(&scene.memory, n);
        scene.memory.fail_on = patience != ONCE;
        play(&scene);
        unsigned failures = scene.failures;
        if (patience != GIVE_UP || failures == 0)
            assert_same_outcome(&scene, &expected);
        clear_away(&scene);
        free_outcome(&scene);
        if (failures == 0) {
            assert_int_equal(n, calls);
            break;
        }
    }
    free_outcome(&expected);
}

static void memory_gone_once_is_told_and_nothing_is_lost(void **state)
{
    (void)state;
    play_with_failures(ONCE);
}

static void memory_gone_for_a_while_is_told_and_nothing_is_lost(void **state)
{
    (void)state;
    play_with_failures(A_WHILE);
}

static void memory_gone_for_good_leaks_nothing(void **state)
{
    (void)state;
    play_with_failures(GIVE_UP);
}

/* ---- an export that a thread of its own reads ---- */

/* Of several threads, which takes the failing allocation differs from run to run; the outcome must not. */
static void memory_gone_while_a_thread_reads_is_told(void **state)
{
    (void)state;
    enum { EXPORT_ROWS = 30000 };
    char *text = malloc(64 + EXPORT_ROWS * 40);
    assert_non_null(text);
    size_t length = (size_t)sprintf(text, "time,member,kind\n");
    for (uint32_t i = 0; i < EXPORT_ROWS; i++)
        length += (size_t)sprintf(text + length, "%lld,m%u,post\n", (long long)(MONDAY + i), i % 700);
    struct memory memory;
    memory_init(&memory);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = 2;
    options.allocator = &memory.allocator;
    bool done = false;
    for (uint64_t n = 0; !done; n++) {
        kith_engine *engine = engine_with(&options);
        struct bytes_source source = {.bytes = text, .length = length, .step = 100000};
        kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
        kith_added added = {.size = sizeof added};
        kith_error error = NO_ERROR;
        memory_fail_after(&memory, n);
        kith_status status = kith_engine_add_export(engine, &input, &added, &error);
        done = memory.calls < memory.fail_at;
        memory_fail_never(&memory);
        assert_status(status, done ? KITH_OK : KITH_NO_MEMORY, &error);
        assert_int_equal(info_of(engine).taken, added.taken);
        assert_int_equal(added.taken == EXPORT_ROWS, done);
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
    }
    free(text);
}

/* ---- what a failed event leaves behind ---- */

static kith_event event_at(int64_t time, const char *member, const char *target)
{
    return (kith_event){.size = sizeof(kith_event),
                        .time = time,
                        .quantity = 1,
                        .member_name = kith_text_of(member),
                        .target_name = kith_text_of(target)};
}

/* Ways to add events of members and weeks not known yet; one event, or a block that is taken whole or not at all. */
static kith_status add_one(kith_engine *engine)
{
    kith_event event = event_at(MONDAY + 5 * WEEK, "cam", "dee");
    return kith_engine_add_event(engine, &event, NULL);
}

static kith_status add_as_export(kith_engine *engine)
{
    static const char text[] = "time,member,kind,target\n2026-03-02,ana,post,\n2026-04-06,cam,post,dee\n"
                               "2026-04-13,eve,like,cam\n2026-02-02,fay,like,ben\n";
    struct bytes_source source = {.bytes = text, .length = sizeof text - 1};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
    return kith_engine_add_export(engine, &input, NULL, NULL);
}

static kith_status add_as_columns(kith_engine *engine)
{
    enum { COUNT = 100 };
    static int64_t times[COUNT];
    static uint64_t members[COUNT];
    static uint32_t kinds[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        times[i] = MONDAY + (i % 5) * WEEK;
        members[i] = 1 + i;
    }
    kith_events events = {.size = sizeof events, .count = COUNT, .time = times, .member = members, .kind = kinds};
    return kith_engine_add(engine, &events, NULL, NULL);
}

/* "Nothing that can be seen was changed" holds for what kith_engine_get_info() tells, too. */
static void check_failed(uint32_t members, kith_status (*add)(kith_engine *engine))
{
    struct memory memory;
    memory_init(&memory);
    kith_engine_options options = all_tables(members);
    options.allocator = &memory.allocator;
    kith_status status = KITH_NO_MEMORY;
    unsigned failures = 0;
    for (uint64_t n = 0; status != KITH_OK; n++) {
        kith_engine *engine = engine_with(&options);
        if (members == KITH_NAMED)
            add_named(engine, MONDAY, "ana", "like", "ben", 1);
        kith_engine_info before = info_of(engine);
        memory_fail_after(&memory, n);
        status = add(engine);
        memory_fail_never(&memory);
        kith_engine_info after = info_of(engine);
        if (status != KITH_OK) {
            failures++;
            assert_int_equal(status, KITH_NO_MEMORY);
            /* An export may have taken its first rows, each of them a member or two. */
            if (add == add_as_export && after.taken > before.taken) {
                assert_true(after.members <= before.members + 2 * (after.taken - before.taken));
                assert_true(after.open_weeks <= before.open_weeks + (after.taken - before.taken));
                kith_engine_free(engine);
                assert_int_equal(memory.live, 0);
                continue;
            }
            assert_int_equal(after.taken, before.taken);
            assert_int_equal(after.first_event, before.first_event);
            assert_int_equal(after.last_event, before.last_event);
            assert_int_equal(after.open_weeks, before.open_weeks);
            assert_int_equal(after.members, before.members);
            assert_int_equal(add(engine), KITH_OK);
        }
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
    }
    assert_true(failures > 3);
}

static void memory_failed_event_does_not_show_in_the_info(void **state)
{
    (void)state;
    check_failed(KITH_NAMED, add_one);
}

static void memory_failed_export_does_not_show_in_the_info(void **state)
{
    (void)state;
    check_failed(KITH_NAMED, add_as_export);
}

static void memory_failed_block_does_not_show_in_the_info(void **state)
{
    (void)state;
    check_failed(KITH_NUMBERED, add_as_columns);
}

/* A week that a failed event would have opened counts for no review: nobody is known in it. */
static void memory_failed_event_makes_no_review_longer(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_engine_options options = all_tables(KITH_NAMED);
    options.allocator = &memory.allocator;
    options.max_weeks = 10;
    kith_event wanted = event_at(MONDAY, "ana", ""), failed = event_at(MONDAY - 50 * WEEK, "ben", "");
    for (uint64_t n = 0;; n++) {
        kith_engine *engine = engine_with(&options);
        assert_int_equal(kith_engine_add_event(engine, &wanted, NULL), KITH_OK);
        memory_fail_after(&memory, n);
        kith_status status = kith_engine_add_event(engine, &failed, NULL);
        memory_fail_never(&memory);
        kith_review *review = NULL;
        kith_error error = NO_ERROR;
        kith_status reviewed = kith_engine_review(engine, MONDAY + WEEK, &review, &error);
        kith_review_free(review);
        kith_engine_free(engine);
        assert_int_equal(memory.live, 0);
        if (status == KITH_OK) {
            assert_int_equal(reviewed, KITH_TOO_MANY_WEEKS);
            break;
        }
        assert_int_equal(status, KITH_NO_MEMORY);
        assert_status(reviewed, KITH_OK, &error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_gone_once_is_told_and_nothing_is_lost),
        cmocka_unit_test(memory_gone_for_a_while_is_told_and_nothing_is_lost),
        cmocka_unit_test(memory_gone_for_good_leaks_nothing),
        cmocka_unit_test(memory_gone_while_a_thread_reads_is_told),
        cmocka_unit_test(memory_failed_event_does_not_show_in_the_info),
        cmocka_unit_test(memory_failed_export_does_not_show_in_the_info),
        cmocka_unit_test(memory_failed_block_does_not_show_in_the_info),
        cmocka_unit_test(memory_failed_event_makes_no_review_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
