/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <inttypes.h>

#include "policy/policy.h"

static kith_policy *policy_of(const char *text)
{
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    if (kith_policy_parse(kith_text_of(text), NULL, NULL, &policy, &error) != KITH_OK)
        fail_msg("%s", error.message);
    return policy;
}

/* A refused call says which argument; and whatever it was to fill is as it was. */
static void assert_refused(kith_status status, const kith_error *error, const char *argument)
{
    assert_int_equal(status, KITH_BAD_ARGUMENT);
    assert_int_equal(error->status, KITH_BAD_ARGUMENT);
    assert_string_equal(error->field, argument);
}

static void assert_untouched(const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        assert_int_equal(((const unsigned char *)bytes)[i], 0xEE);
}

/* ---- making ---- */

static void policy_new_without_options_is_the_default(void **state)
{
    (void)state;
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    assert_int_equal(kith_policy_new(NULL, &policy, &error), KITH_OK);
    assert_non_null(policy);
    assert_int_equal(error.status, KITH_OK);
    kith_policy_info info = {.size = sizeof info};
    assert_int_equal(kith_policy_get_info(policy, &info, NULL), KITH_OK);
    assert_int_equal(info.tiers, 4);
    assert_int_equal(info.kinds, 26);
    kith_policy_free(policy);
    kith_policy_free(NULL);
}

static void policy_new_takes_memory_from_the_allocator_alone(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_policy_options options = {.size = sizeof options, .allocator = &memory.allocator};
    kith_policy *policy = NULL;
    assert_int_equal(kith_policy_new(&options, &policy, NULL), KITH_OK);
    assert_true(memory.live > 0);
    /* The allocator was copied: the caller's may go. */
    options.allocator = NULL;
    kith_policy_free(policy);
    assert_int_equal(memory.live, 0);
}

static void policy_made_without_memory_is_not_made(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_policy_options options = {.size = sizeof options, .allocator = &memory.allocator};
    char path[1024];
    snprintf(path, sizeof path, "%s/reference/default_policy.ini", TESTS_DIR);
    kith_error error = {.size = sizeof error};
    kith_policy *policy = NULL;
    memory_fail_after(&memory, 0);
    assert_int_equal(kith_policy_new(&options, &policy, &error), KITH_NO_MEMORY);
    assert_int_equal(error.status, KITH_NO_MEMORY);
    memory_fail_after(&memory, 0);
    assert_int_equal(kith_policy_parse(TEXT("[churn]\n"), NULL, &options, &policy, &error), KITH_NO_MEMORY);
    kith_status status = KITH_NO_MEMORY;
    for (uint64_t more = 0; status == KITH_NO_MEMORY; more++) {
        assert_null(policy);
        assert_int_equal(memory.live, 0);
        memory_fail_after(&memory, more);
        status = kith_policy_load(path, &options, &policy, &error);
    }
    memory_fail_never(&memory);
    assert_int_equal(status, KITH_OK);
    kith_policy_free(policy);
    assert_int_equal(memory.live, 0);
}

static void policy_with_faults_leaves_no_memory_behind(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_policy_options options = {.size = sizeof options, .allocator = &memory.allocator};
    kith_policy *policy = NULL;
    assert_int_equal(kith_policy_parse(TEXT("[chrun]\n"), NULL, &options, &policy, NULL), KITH_BAD_POLICY);
    assert_null(policy);
    assert_true(memory.calls > 0);
    assert_int_equal(memory.live, 0);
}

static void policy_parse_of_no_text_is_the_default(void **state)
{
    (void)state;
    kith_policy *policy = NULL;
    assert_int_equal(kith_policy_parse((kith_text){NULL, 0}, NULL, NULL, &policy, NULL), KITH_OK);
    kith_policy *usual = NULL;
    assert_int_equal(kith_policy_new(NULL, &usual, NULL), KITH_OK);
    kith_policy_info info = {.size = sizeof info}, expected = {.size = sizeof expected};
    assert_int_equal(kith_policy_get_info(policy, &info, NULL), KITH_OK);
    assert_int_equal(kith_policy_get_info(usual, &expected, NULL), KITH_OK);
    assert_true(info.digest == expected.digest);
    kith_policy_free(policy);
    kith_policy_free(usual);
}

static void policy_made_with_bad_options_is_not_made(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    kith_policy *policy = NULL;
    assert_refused(kith_policy_new(NULL, NULL, &error), &error, "policy");
    assert_refused(kith_policy_parse(TEXT(""), NULL, NULL, NULL, &error), &error, "policy");
    assert_refused(kith_policy_load("x", NULL, NULL, &error), &error, "policy");
    assert_refused(kith_policy_load(NULL, NULL, &policy, &error), &error, "path");
    assert_refused(kith_policy_parse((kith_text){NULL, 1}, NULL, NULL, &policy, &error), &error, "text");

    kith_policy_options unset = {.size = 0};
    assert_refused(kith_policy_new(&unset, &policy, &error), &error, "options");
    assert_refused(kith_policy_parse(TEXT(""), NULL, &unset, &policy, &error), &error, "options");
    assert_refused(kith_policy_load("x", &unset, &policy, &error), &error, "options");

    kith_allocator lacking = {NULL, NULL, NULL, NULL};
    kith_policy_options options = {.size = sizeof options, .allocator = &lacking};
    assert_refused(kith_policy_new(&options, &policy, &error), &error, "options.allocator");
    kith_policy_options reserved = {.size = sizeof reserved, .reserved = 1};
    assert_refused(kith_policy_new(&reserved, &policy, &error), &error, "options.reserved");
    assert_null(policy);

    struct {
        kith_policy_options options;
        uint64_t more;
    } next_year = {.options = {.size = sizeof next_year}, .more = 1};
    assert_int_equal(kith_policy_new(&next_year.options, &policy, &error), KITH_UNSUPPORTED);
    assert_null(policy);
    next_year.more = 0;
    assert_int_equal(kith_policy_new(&next_year.options, &policy, &error), KITH_OK);
    kith_policy_free(policy);
}

static void policy_parse_takes_up_to_a_mebibyte(void **state)
{
    (void)state;
    enum { MOST = 1 << 20 };
    char *text = malloc(MOST + 1);
    assert_non_null(text);
    memset(text, '\n', MOST + 1);
    memcpy(text + MOST - 24, "[churn]\nsilent_days = 9\n", 24);
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    assert_int_equal(kith_policy_parse((kith_text){text, MOST}, NULL, NULL, &policy, &error), KITH_OK);
    assert_int_equal(policy->figures.silent_days, 9);
    kith_policy_free(policy);
    policy = NULL;
    assert_refused(kith_policy_parse((kith_text){text, MOST + 1}, NULL, NULL, &policy, &error), &error, "text");
    assert_null(policy);
    free(text);
}

/* A file with so many bytes of a text, in a place of its own. */
static void make_file(char *path, size_t room, const char *text, size_t length)
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, room, "%s/kith-policy-XXXXXX", folder ? folder : "/tmp");
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fdopen(file, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

static void policy_load_reads_a_file_and_names_it_in_faults(void **state)
{
    (void)state;
    char path[1024];
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    make_file(path, sizeof path, "[churn]\nsilent_days = 9\n", 24);
    assert_int_equal(kith_policy_load(path, NULL, &policy, &error), KITH_OK);
    assert_int_equal(policy->figures.silent_days, 9);
    kith_policy_free(policy);
    remove(path);

    policy = NULL;
    make_file(path, sizeof path, "[churn]\nsilent_days = 0\n", 24);
    assert_int_equal(kith_policy_load(path, NULL, &policy, &error), KITH_BAD_POLICY);
    assert_null(policy);
    assert_string_equal(error.file, path);
    assert_int_equal(error.line, 2);
    remove(path);
}

static void policy_load_takes_up_to_a_mebibyte(void **state)
{
    (void)state;
    enum { MOST = 1 << 20 };
    char path[1024];
    char *text = malloc(MOST + 1);
    assert_non_null(text);
    memset(text, '\n', MOST + 1);
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    make_file(path, sizeof path, text, MOST);
    assert_int_equal(kith_policy_load(path, NULL, &policy, &error), KITH_OK);
    kith_policy_free(policy);
    remove(path);

    policy = NULL;
    make_file(path, sizeof path, text, MOST + 1);
    assert_int_equal(kith_policy_load(path, NULL, &policy, &error), KITH_INPUT_OUTPUT);
    assert_null(policy);
    assert_string_equal(error.file, path);
    remove(path);
    free(text);
}

static void policy_load_of_what_cannot_be_read_is_an_input_output_error(void **state)
{
    (void)state;
    static const char *const paths[] = {"/nowhere/at/all.ini", "", "/"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        kith_policy *policy = NULL;
        kith_error error = {.size = sizeof error};
        assert_int_equal(kith_policy_load(paths[i], NULL, &policy, &error), KITH_INPUT_OUTPUT);
        assert_null(policy);
        assert_int_equal(error.status, KITH_INPUT_OUTPUT);
        assert_string_equal(error.file, paths[i]);
        assert_non_null(strstr(error.message, "cannot be read: "));
    }
}

/* ---- asking ---- */

static void policy_get_info_tells_what_it_holds(void **state)
{
    (void)state;
    kith_policy *policy = policy_of(
        "[calendar]\nutc_offset = -03:30\nweek_start = sunday\n[tier a]\n[tier b]\npromote_at = 1\n[kind k]\n");
    kith_policy_info info;
    memset(&info, 0xEE, sizeof info);
    info.size = sizeof info;
    assert_int_equal(kith_policy_get_info(policy, &info, NULL), KITH_OK);
    assert_int_equal(info.size, sizeof info);
    assert_int_equal(info.tiers, 2);
    assert_int_equal(info.kinds, 1);
    assert_int_equal(info.utc_offset, -(3 * 3600 + 30 * 60));
    assert_int_equal(info.week_start, 6);
    assert_int_equal(info.reserved, 0);
    kith_policy_free(policy);
}

static void policy_get_tier_tells_each_tier(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("");
    static const struct {
        const char *name;
        int32_t promote_at, keep_at;
        uint32_t supporters;
    } expected[] = {
        {"newcomer", 0, 0, 0}, {"active", 500, 400, 0}, {"veteran", 1500, 1200, 3}, {"mentor", 3000, 2400, 8}};
    for (uint32_t i = 0; i < 4; i++) {
        kith_tier tier;
        memset(&tier, 0xEE, sizeof tier);
        tier.size = sizeof tier;
        assert_int_equal(kith_policy_get_tier(policy, i, &tier, NULL), KITH_OK);
        assert_string_equal(tier.name, expected[i].name);
        assert_int_equal(tier.promote_at, expected[i].promote_at);
        assert_int_equal(tier.keep_at, expected[i].keep_at);
        assert_int_equal(tier.min_supporters, expected[i].supporters);
        assert_int_equal(tier.min_active_days, 0);
        assert_int_equal(tier.reserved, 0);
    }
    kith_policy_free(policy);
}

static void policy_get_kind_tells_each_kind(void **state)
{
    (void)state;
    kith_policy *policy =
        policy_of("[kind praise]\ngives = interaction 0.25 cap 17 each 18\nreceives = community -19.5\n"
                  "[kind away]\nleave = yes\n");
    static const kith_credit none = {0, 0, 0, 0, 0}, gives = {1, KITH_INTERACTION, 250, 17, 18},
                             receives = {1, KITH_COMMUNITY, -19500, 0, 0};
    kith_kind kind;
    memset(&kind, 0xEE, sizeof kind);
    kind.size = sizeof kind;
    assert_int_equal(kith_policy_get_kind(policy, 0, &kind, NULL), KITH_OK);
    assert_string_equal(kind.name, "praise");
    assert_int_equal(kind.leave, 0);
    assert_memory_equal(&kind.gives, &gives, sizeof gives);
    assert_memory_equal(&kind.receives, &receives, sizeof receives);
    assert_int_equal(kith_policy_get_kind(policy, 1, &kind, NULL), KITH_OK);
    assert_string_equal(kind.name, "away");
    assert_int_equal(kind.leave, 1);
    assert_memory_equal(&kind.gives, &none, sizeof none);
    assert_memory_equal(&kind.receives, &none, sizeof none);
    kith_policy_free(policy);
}

static void policy_find_kind_finds_each_kind_by_its_bytes(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("");
    for (uint32_t i = 0; i < 26; i++) {
        kith_kind kind = {.size = sizeof kind};
        assert_int_equal(kith_policy_get_kind(policy, i, &kind, NULL), KITH_OK);
        uint32_t index = 4711;
        assert_int_equal(kith_policy_find_kind(policy, kith_text_of(kind.name), &index, NULL), KITH_OK);
        assert_int_equal(index, i);
    }
    static const kith_text strangers[] = {
        TEXT_IN_TABLE(""),      TEXT_IN_TABLE("Post"),  TEXT_IN_TABLE("pos"),    TEXT_IN_TABLE("posts"),
        TEXT_IN_TABLE(" post"), TEXT_IN_TABLE("dance"), TEXT_IN_TABLE("post\0"), {NULL, 0},
    };
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        uint32_t index = 4711;
        kith_error error = {.size = sizeof error};
        assert_refused(kith_policy_find_kind(policy, strangers[i], &index, &error), &error, "name");
        assert_int_equal(index, 4711);
    }
    kith_policy_free(policy);
}

static void policy_parse_time_goes_by_the_clock_of_the_policy(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("[calendar]\nutc_offset = +08:00\n");
    int64_t time = 0;
    assert_int_equal(kith_policy_parse_time(policy, TEXT("2026-01-17"), &time, NULL), KITH_OK);
    assert_int_equal(time, 1768579200);
    assert_int_equal(kith_policy_parse_time(policy, TEXT("2026-03-20T17:05:00+02:00"), &time, NULL), KITH_OK);
    assert_int_equal(time, 1774019100);
    /* A day need not be one on which an event can fall. */
    assert_int_equal(kith_policy_parse_time(policy, TEXT("1969-12-29"), &time, NULL), KITH_OK);
    assert_int_equal(time, -3 * 86400 - 8 * 3600);
    static const kith_text faults[] = {TEXT_IN_TABLE(""), TEXT_IN_TABLE("yesterday"), TEXT_IN_TABLE("2026-02-30"),
                                       TEXT_IN_TABLE("-1"), TEXT_IN_TABLE("253370764800")};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        kith_error error = {.size = sizeof error};
        time = 4711;
        assert_refused(kith_policy_parse_time(policy, faults[i], &time, &error), &error, "text");
        assert_text_equal(faults[i], error.value);
        assert_int_equal(time, 4711);
    }
    kith_policy_free(policy);
}

static void policy_get_week_tells_the_week_of_a_moment(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("");
    kith_week week = {.size = sizeof week};
    /* The example of docs/model.md, at both ends of the week. */
    static const int64_t moments[] = {1772409600, 1773014399};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(kith_policy_get_week(policy, moments[i], &week, NULL), KITH_OK);
        assert_int_equal(week.first_day, 20514);
        assert_int_equal(week.begin, 1772409600);
        assert_int_equal(week.end, 1773014400);
    }
    /* The first week began in 1969. */
    assert_int_equal(kith_policy_get_week(policy, 0, &week, NULL), KITH_OK);
    assert_int_equal(week.first_day, -3);
    assert_int_equal(week.begin, -3 * 86400);
    assert_int_equal(kith_policy_get_week(policy, 253370764799, &week, NULL), KITH_OK);
    assert_true(week.begin <= 253370764799 && week.end > 253370764799);
    kith_policy_free(policy);

    /* A post at 2026-01-03T23:59:59Z is one of 4 January there, the first day of its week (docs/policy.md). */
    policy = policy_of("[calendar]\nutc_offset = +08:00\nweek_start = sunday\n");
    assert_int_equal(kith_policy_get_week(policy, 1767484799, &week, NULL), KITH_OK);
    assert_int_equal(week.first_day, 20457);
    assert_int_equal(week.begin, 20457 * INT64_C(86400) - 8 * 3600);
    kith_policy_free(policy);
}

/* ---- bad arguments ---- */

static void policy_look_ups_without_a_policy_are_refused(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    kith_policy_info info = {.size = sizeof info};
    kith_tier tier = {.size = sizeof tier};
    kith_kind kind = {.size = sizeof kind};
    kith_week week = {.size = sizeof week};
    uint32_t index;
    int64_t time;
    assert_refused(kith_policy_get_info(NULL, &info, &error), &error, "policy");
    assert_refused(kith_policy_get_tier(NULL, 0, &tier, &error), &error, "policy");
    assert_refused(kith_policy_get_kind(NULL, 0, &kind, &error), &error, "policy");
    assert_refused(kith_policy_find_kind(NULL, TEXT("post"), &index, &error), &error, "policy");
    assert_refused(kith_policy_parse_time(NULL, TEXT("0"), &time, &error), &error, "policy");
    assert_refused(kith_policy_get_week(NULL, 0, &week, &error), &error, "policy");
    assert_int_equal(kith_policy_get_info(NULL, &info, NULL), KITH_BAD_ARGUMENT);
}

static void policy_look_ups_without_a_result_are_refused(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("");
    kith_error error = {.size = sizeof error};
    assert_refused(kith_policy_get_info(policy, NULL, &error), &error, "info");
    assert_refused(kith_policy_get_tier(policy, 0, NULL, &error), &error, "tier");
    assert_refused(kith_policy_get_kind(policy, 0, NULL, &error), &error, "kind");
    assert_refused(kith_policy_find_kind(policy, TEXT("post"), NULL, &error), &error, "index");
    assert_refused(kith_policy_parse_time(policy, TEXT("0"), NULL, &error), &error, "time");
    assert_refused(kith_policy_get_week(policy, 0, NULL, &error), &error, "week");
    kith_policy_free(policy);
}

static void policy_look_ups_with_bad_arguments_leave_the_result(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("");
    kith_error error = {.size = sizeof error};
    union {
        uint32_t size;
        kith_policy_info info;
        kith_tier tier;
        kith_kind kind;
        kith_week week;
    } result;
    unsigned char *behind = (unsigned char *)&result + sizeof result.size;
    size_t length = sizeof result - sizeof result.size;
    memset(&result, 0xEE, sizeof result);

    /* Sizes too small by one byte, or not set at all. */
    for (uint32_t less = 0; less < 2; less++) {
        result.size = less ? sizeof result.info - 1 : 0;
        assert_refused(kith_policy_get_info(policy, &result.info, &error), &error, "info");
        result.size = less ? sizeof result.tier - 1 : 0;
        assert_refused(kith_policy_get_tier(policy, 0, &result.tier, &error), &error, "tier");
        result.size = less ? sizeof result.kind - 1 : 0;
        assert_refused(kith_policy_get_kind(policy, 0, &result.kind, &error), &error, "kind");
        result.size = less ? sizeof result.week - 1 : 0;
        assert_refused(kith_policy_get_week(policy, 0, &result.week, &error), &error, "week");
        assert_untouched(behind, length);
    }
    /* Indexes past the end, and times out of range. */
    result.size = sizeof result;
    static const uint32_t past_tiers[] = {4, 5, 16, UINT32_MAX}, past_kinds[] = {26, 27, 64, UINT32_MAX};
    static const int64_t past_times[] = {-1, INT64_MIN, 253370764800, INT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        assert_refused(kith_policy_get_tier(policy, past_tiers[i], &result.tier, &error), &error, "index");
        assert_refused(kith_policy_get_kind(policy, past_kinds[i], &result.kind, &error), &error, "index");
        assert_refused(kith_policy_get_week(policy, past_times[i], &result.week, &error), &error, "time");
    }
    assert_untouched(behind, length);
    kith_policy_free(policy);
}

static void policy_look_ups_of_next_years_callers_fill_what_is_known(void **state)
{
    (void)state;
    kith_policy *policy = policy_of("");
    struct {
        kith_week week;
        uint64_t more;
    } next_year;
    memset(&next_year, 0xEE, sizeof next_year);
    next_year.week.size = sizeof next_year;
    assert_int_equal(kith_policy_get_week(policy, 1772409600, &next_year.week, NULL), KITH_OK);
    assert_int_equal(next_year.week.size, sizeof next_year);
    assert_int_equal(next_year.week.first_day, 20514);
    assert_untouched(&next_year.more, sizeof next_year.more);
    kith_policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_new_without_options_is_the_default),
        cmocka_unit_test(policy_new_takes_memory_from_the_allocator_alone),
        cmocka_unit_test(policy_made_without_memory_is_not_made),
        cmocka_unit_test(policy_with_faults_leaves_no_memory_behind),
        cmocka_unit_test(policy_parse_of_no_text_is_the_default),
        cmocka_unit_test(policy_made_with_bad_options_is_not_made),
        cmocka_unit_test(policy_parse_takes_up_to_a_mebibyte),
        cmocka_unit_test(policy_load_reads_a_file_and_names_it_in_faults),
        cmocka_unit_test(policy_load_takes_up_to_a_mebibyte),
        cmocka_unit_test(policy_load_of_what_cannot_be_read_is_an_input_output_error),
        cmocka_unit_test(policy_get_info_tells_what_it_holds),
        cmocka_unit_test(policy_get_tier_tells_each_tier),
        cmocka_unit_test(policy_get_kind_tells_each_kind),
        cmocka_unit_test(policy_find_kind_finds_each_kind_by_its_bytes),
        cmocka_unit_test(policy_parse_time_goes_by_the_clock_of_the_policy),
        cmocka_unit_test(policy_get_week_tells_the_week_of_a_moment),
        cmocka_unit_test(policy_look_ups_without_a_policy_are_refused),
        cmocka_unit_test(policy_look_ups_without_a_result_are_refused),
        cmocka_unit_test(policy_look_ups_with_bad_arguments_leave_the_result),
        cmocka_unit_test(policy_look_ups_of_next_years_callers_fill_what_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
