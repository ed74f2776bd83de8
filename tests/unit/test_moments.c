/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "inspect/moments.h"
#include "inspect/type.h"
#include "sources/times.h"

static void moments_every_pattern_is_one(void **state)
{
    (void)state;
    size_t count = 0;
    for (const char *pattern; (pattern = kithp_moments_known(count)); count++) {
        size_t offset;
        const char *words = kithp_source_times_check(kith_text_of(pattern), &offset);
        if (words)
            fail_msg("%s: %s at %zu", pattern, words, offset);
        for (size_t other = 0; other < count; other++)
            assert_string_not_equal(pattern, kithp_moments_known(other));
    }
    assert_true(count > 20);
}

enum { VALUES_MOST = 6 };

/* What a field with some values is taken for. */
static void describe(const char *const *values, char *out, size_t room)
{
    static const char *const names[] = {"ISO 8601", "seconds", "milliseconds", "microseconds", "nanoseconds"};
    struct memory memory;
    memory_init(&memory);
    struct kithp_moments moments = {.tried = 0};
    for (size_t i = 0; i < VALUES_MOST && values[i]; i++) {
        kith_text text = kith_text_of(values[i]);
        assert_true(kithp_moments_add(&moments, &memory.allocator, text, kithp_type_of(text)));
    }
    struct kithp_moments_span span;
    enum kithp_moments_notation notation = kithp_moments_best(&moments, &span);
    const char *name = notation == KITHP_MOMENTS_PATTERN ? kithp_moments_pattern(&moments) : names[notation];
    const char *rival = kithp_moments_rival(&moments);
    if (span.count == 0)
        snprintf(out, room, "none");
    else
        snprintf(out, room, "%s: %u, %lld to %lld%s%s", name, (unsigned)span.count, (long long)span.first,
                 (long long)span.last, rival ? ", or " : "", rival ? rival : "");
    kithp_moments_free(&moments, &memory.allocator);
    assert_int_equal(memory.live, 0);
}

/* The moments were worked out by date(1). */
static void moments_notations_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *values[VALUES_MOST];
        const char *expected;
    } cases[] = {
        {{"2026-01-02T03:04:05Z", "2026-01-01"}, "ISO 8601: 2, 1767225600 to 1767323045"},
        {{"1767225600", "1767323045"}, "seconds: 2, 1767225600 to 1767323045"},
        {{"1767225600.25"}, "seconds: 1, 1767225600 to 1767225600"},
        {{"1767225600123"}, "milliseconds: 1, 1767225600 to 1767225600"},
        {{"1767225600123456"}, "microseconds: 1, 1767225600 to 1767225600"},
        {{"1767225600123456789"}, "nanoseconds: 1, 1767225600 to 1767225600"},
        {{"31/01/2026 10:00", "01/02/2026 11:30"}, "%d/%m/%Y %H:%M: 2, 1769853600 to 1769945400"},
        {{"01/02/2026 11:30", "31/01/2026 10:00"}, "%d/%m/%Y %H:%M: 2, 1769853600 to 1769945400"},
        {{"01/31/2026 10:00", "02/01/2026 11:30"}, "%m/%d/%Y %H:%M: 2, 1769853600 to 1769945400"},
        {{"01/02/2026", "03/04/2026"}, "%d/%m/%Y: 2, 1769904000 to 1775174400, or %m/%d/%Y"},
        {{"01/01/2026", "02/03/2026", "12/12/2026"}, "%d/%m/%Y: 3, 1767225600 to 1797033600, or %m/%d/%Y"},
        {{"05/05/2026"}, "%d/%m/%Y: 1, 1777939200 to 1777939200"},
        {{"31.01.2026 10:00"}, "%d.%m.%Y %H:%M: 1, 1769853600 to 1769853600"},
        {{"20260131T100000Z", "20260131T100000+0100"}, "%Y%m%dT%H%M%S%z: 2, 1769850000 to 1769853600"},
        {{"20260131"}, "%Y%m%d: 1, 1769817600 to 1769817600"},
        {{"1/31/2026 3:05 PM"}, "%m/%d/%Y %I:%M %p: 1, 1769871900 to 1769871900"},
        {{"Sat Jan 31 10:00:00 +0000 2026"}, "%a %b %d %H:%M:%S %z %Y: 1, 1769853600 to 1769853600"},
        {{"Sat, 31 Jan 2026 10:00:00 +0100"}, "%a, %d %b %Y %H:%M:%S %z: 1, 1769850000 to 1769850000"},
        {{"January 31, 2026"}, "%b %d, %Y: 1, 1769817600 to 1769817600"},
        /* Most decide. */
        {{"01/31/2026", "13/01/2026", "14/01/2026"}, "%d/%m/%Y: 2, 1768262400 to 1768348800"},
        {{"31/01/2026", "30/01/2026", "soon", "01/31/2026"}, "%d/%m/%Y: 2, 1769731200 to 1769817600"},
        {{"2026-01-01", "2026-01-02", "never"}, "ISO 8601: 2, 1767225600 to 1767312000"},
        {{"post", "like", "a text of many words, with 12 and 34 in it"}, "none"},
        {{"42", "7", "1000"}, "none"},
        {{"0000", "00001234"}, "none"},
        {{"2026-02-30", "99/99/2026"}, "none"},
        {{"true", ""}, "none"},
        {{"-5", "99999999999999999999999"}, "none"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[256];
        describe(cases[i].values, out, sizeof out);
        assert_string_equal(out, cases[i].expected);
    }
}

static void moments_without_memory_can_be_tried_again(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_moments moments = {.tried = 0};
    memory_fail_after(&memory, 0);
    assert_false(kithp_moments_add(&moments, &memory.allocator, TEXT("31/01/2026"), KITH_TYPE_TEXT));
    memory_fail_never(&memory);
    assert_true(kithp_moments_add(&moments, &memory.allocator, TEXT("31/01/2026"), KITH_TYPE_TEXT));
    assert_string_equal(kithp_moments_pattern(&moments), "%d/%m/%Y");
    kithp_moments_free(&moments, &memory.allocator);
    assert_int_equal(memory.live, 0);
}

static void type_of_a_value_is_told_by_its_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t type;
    } cases[] = {
        {"", KITH_TYPE_EMPTY},
        {"true", KITH_TYPE_BOOLEAN},
        {"FALSE", KITH_TYPE_BOOLEAN},
        {"truth", KITH_TYPE_TEXT},
        {"0", KITH_TYPE_WHOLE},
        {"-7", KITH_TYPE_WHOLE},
        {"007", KITH_TYPE_TEXT},
        {"-", KITH_TYPE_TEXT},
        {"1.5", KITH_TYPE_NUMBER},
        {"1.", KITH_TYPE_TEXT},
        {".5", KITH_TYPE_TEXT},
        {"1e9", KITH_TYPE_NUMBER},
        {"1.5E-3", KITH_TYPE_NUMBER},
        {"1e", KITH_TYPE_TEXT},
        {"0.0", KITH_TYPE_NUMBER},
        {"1 ", KITH_TYPE_TEXT},
        {"12a", KITH_TYPE_TEXT},
        {"+1", KITH_TYPE_TEXT},
        {"18446744073709551616", KITH_TYPE_WHOLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_text text = text_exact(kith_text_of(cases[i].text));
        assert_int_equal(kithp_type_of(text), cases[i].type);
        text_free(text);
    }
}

static void type_whole_part_of_a_number_is_read(void **state)
{
    (void)state;
    int64_t number = 0;
    assert_true(kithp_type_read_whole(TEXT("42"), &number) && number == 42);
    assert_true(kithp_type_read_whole(TEXT("-42.9"), &number) && number == -42);
    assert_true(kithp_type_read_whole(TEXT("18446744073709551616"), &number) && number == INT64_MAX);
    assert_false(kithp_type_read_whole(TEXT("1e3"), &number));
    assert_false(kithp_type_read_whole(TEXT("1.5E3"), &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_every_pattern_is_one),
        cmocka_unit_test(moments_notations_are_told_apart),
        cmocka_unit_test(moments_without_memory_can_be_tried_again),
        cmocka_unit_test(type_of_a_value_is_told_by_its_text),
        cmocka_unit_test(type_whole_part_of_a_number_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
