/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <errno.h>

#include "base/error.h"
#include "base/text.h"

static void error_status_names_are_those_of_the_constants(void **state)
{
    (void)state;
    static const struct {
        kith_status status;
        const char *name;
    } cases[] = {
        {KITH_OK, "KITH_OK"},
        {KITH_BAD_ARGUMENT, "KITH_BAD_ARGUMENT"},
        {KITH_NO_MEMORY, "KITH_NO_MEMORY"},
        {KITH_UNSUPPORTED, "KITH_UNSUPPORTED"},
        {KITH_CANCELLED, "KITH_CANCELLED"},
        {KITH_INPUT_OUTPUT, "KITH_INPUT_OUTPUT"},
        {KITH_BAD_POLICY, "KITH_BAD_POLICY"},
        {KITH_BAD_EXPORT, "KITH_BAD_EXPORT"},
        {KITH_REFUSED, "KITH_REFUSED"},
        {KITH_TOO_MANY_WEEKS, "KITH_TOO_MANY_WEEKS"},
        {KITH_UNKNOWN_MEMBER, "KITH_UNKNOWN_MEMBER"},
        {KITH_OUT_OF_ORDER, "KITH_OUT_OF_ORDER"},
        {KITH_BAD_SNAPSHOT, "KITH_BAD_SNAPSHOT"},
        {KITH_NEWER_SNAPSHOT, "KITH_NEWER_SNAPSHOT"},
        {KITH_OTHER_POLICY, "KITH_OTHER_POLICY"},
        {KITH_BAD_SOURCE, "KITH_BAD_SOURCE"},
        {16, "unknown"},
        {-1, "unknown"},
        {INT32_MAX, "unknown"},
        {INT32_MIN, "unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(kith_status_name(cases[i].status), cases[i].name);
}

static void error_reason_names_are_those_of_the_tables(void **state)
{
    (void)state;
    static const char *const names[] = {"",     "quote",    "fields", "time",   "member", "target",
                                        "kind", "quantity", "late",   "future", "json"};
    assert_int_equal(sizeof names / sizeof *names, KITH_REASONS);
    for (uint32_t reason = 0; reason < KITH_REASONS; reason++) {
        assert_string_equal(kith_reason_name(reason), names[reason]);
        assert_string_equal(kithp_reason_names[reason], names[reason]);
    }
    assert_string_equal(kith_reason_name(KITH_REASON_QUANTITY), "quantity");
    assert_string_equal(kith_reason_name(KITH_REASONS), "unknown");
    assert_string_equal(kith_reason_name(UINT32_MAX), "unknown");
}

static void error_message_holds_all_that_is_known(void **state)
{
    (void)state;
    static const struct {
        struct kithp_place place;
        const char *expected;
    } cases[] = {
        {{.file = "my.ini",
          .line = 3,
          .column = 15,
          .field = TEXT_IN_TABLE("silent_days"),
          .value = TEXT_IN_TABLE("7.5")},
         "my.ini:3:15: silent_days '7.5': expected more"},
        {{.file = "my.ini", .line = 3, .field = TEXT_IN_TABLE("k"), .value = TEXT_IN_TABLE("v")},
         "my.ini:3: k 'v': expected more"},
        {{.file = "my.ini", .field = TEXT_IN_TABLE("k")}, "my.ini: k: expected more"},
        {{.file = "my.ini"}, "my.ini: expected more"},
        {{.line = 3, .column = 4}, "3:4: expected more"},
        {{.field = TEXT_IN_TABLE("k")}, "k: expected more"},
        {{.value = TEXT_IN_TABLE("v")}, "'v': expected more"},
        {{.file = "", .field = TEXT_IN_TABLE("")}, "expected more"},
        {{.line = UINT64_MAX}, "18446744073709551615: expected more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kith_error error = {.size = sizeof error};
        const struct kithp_place *place = &cases[i].place;
        assert_int_equal(kithp_fail(&error, KITH_BAD_POLICY, place, "expected %s", "more"), KITH_BAD_POLICY);
        assert_string_equal(error.message, cases[i].expected);
        assert_int_equal(error.status, KITH_BAD_POLICY);
        assert_true(error.line == place->line && error.column == place->column);
        assert_string_equal(error.file, place->file ? place->file : "");
        assert_text_equal(place->field, error.field);
        assert_text_equal(place->value, error.value);

        /* Moved down, it is as if it had been found there; without a line it stays where it is. */
        struct kithp_place further = *place;
        further.line += place->line > 0 ? 12 : 0;
        kith_error expected = {.size = sizeof expected};
        kithp_fail(&expected, KITH_BAD_POLICY, &further, "expected more");
        kithp_error_move_down(&error, 12);
        assert_string_equal(error.message, expected.message);
        assert_true(error.line == expected.line);
    }
}

static void error_without_a_place_has_the_words_alone(void **state)
{
    (void)state;
    kith_error error;
    memset(&error, 0xEE, sizeof error);
    error.size = sizeof error;
    assert_int_equal(kithp_fail(&error, KITH_CANCELLED, NULL, "stopped after %d", 5), KITH_CANCELLED);
    kith_error expected = {.size = sizeof expected, .status = KITH_CANCELLED, .message = "stopped after 5"};
    assert_memory_equal(&error, &expected, sizeof error);
}

static void error_keeps_the_reason(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    const struct kithp_place place = {.reason = KITH_REASON_LATE};
    kithp_fail(&error, KITH_REFUSED, &place, "late");
    assert_int_equal(error.reason, KITH_REASON_LATE);
    kithp_fail(&error, KITH_REFUSED, NULL, "for no reason");
    assert_int_equal(error.reason, KITH_REASON_NONE);
}

static void error_short_forms_say_which_argument_or_what_is_short(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    assert_int_equal(kithp_fail_argument(&error, "policy", "must not be NULL"), KITH_BAD_ARGUMENT);
    assert_int_equal(error.status, KITH_BAD_ARGUMENT);
    assert_string_equal(error.field, "policy");
    assert_string_equal(error.message, "policy: must not be NULL");
    assert_int_equal(kithp_fail_memory(&error), KITH_NO_MEMORY);
    assert_int_equal(error.status, KITH_NO_MEMORY);
    assert_string_equal(error.message, "not enough memory");
}

static void error_may_be_null(void **state)
{
    (void)state;
    assert_int_equal(kithp_fail(NULL, KITH_BAD_EXPORT, NULL, "words"), KITH_BAD_EXPORT);
    assert_int_equal(kithp_fail_argument(NULL, "a", "words"), KITH_BAD_ARGUMENT);
    assert_int_equal(kithp_fail_memory(NULL), KITH_NO_MEMORY);
}

static void error_words_from_strangers_are_no_format(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    const struct kithp_place place = {.field = TEXT("%s%n"), .value = TEXT("%d%%")};
    kithp_fail(&error, KITH_BAD_POLICY, &place, "expected %s", "%u");
    assert_string_equal(error.message, "%s%n '%d%%': expected %u");
}

static void error_smaller_struct_is_not_overrun(void **state)
{
    (void)state;
    const struct kithp_place place = {
        .file = "my.ini", .line = 3, .column = 15, .field = TEXT("silent_days"), .value = TEXT("7.5")};
    kith_error full = {.size = sizeof full};
    kithp_fail(&full, KITH_BAD_POLICY, &place, "expected %s", "more");
    for (uint32_t size = 0; size <= sizeof full; size++) {
        /* As much memory as the caller says that it has; but size itself is there at least. */
        size_t room = size < sizeof size ? sizeof size : size;
        kith_error *error = malloc(room);
        assert_non_null(error);
        memset(error, 0xEE, room);
        memcpy(error, &size, sizeof size);
        assert_int_equal(kithp_fail(error, KITH_BAD_POLICY, &place, "expected %s", "more"), KITH_BAD_POLICY);
        assert_memory_equal(error, &size, sizeof size);
        /* A status that is there in part would be none. */
        bool has_status = size >= offsetof(kith_error, reason);
        for (size_t i = sizeof size; i < size; i++)
            assert_int_equal(((unsigned char *)error)[i], has_status ? ((unsigned char *)&full)[i] : 0xEE);
        free(error);
    }
}

static void error_larger_struct_is_filled_as_far_as_it_is_known(void **state)
{
    (void)state;
    struct {
        kith_error error;
        unsigned char tail[16];
    } next_year;
    memset(&next_year, 0xEE, sizeof next_year);
    next_year.error.size = sizeof next_year;
    kithp_fail(&next_year.error, KITH_BAD_POLICY, NULL, "words");
    assert_int_equal(next_year.error.size, sizeof next_year);
    assert_string_equal(next_year.error.message, "words");
    for (size_t i = 0; i < sizeof next_year.tail; i++)
        assert_int_equal(next_year.tail[i], 0xEE);
}

/* A text of count times the same character. */
static kith_text repeated(char *room, const char *character, size_t count)
{
    size_t length = strlen(character);
    for (size_t i = 0; i < count; i++)
        memcpy(room + i * length, character, length);
    room[count * length] = '\0';
    return (kith_text){room, count * length};
}

static void error_long_texts_are_cut_at_whole_characters(void **state)
{
    (void)state;
    char file[2000], field[2000], value[2000], words[2000];
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    for (size_t c = 0; c < sizeof characters / sizeof *characters; c++) {
        /* Every beginning, so that the cut falls on every byte of a character. */
        for (size_t shift = 0; shift < 5; shift++) {
            memset(words, 'w', shift);
            repeated(file, characters[c], 300);
            repeated(words + shift, characters[c], 300);
            const struct kithp_place place = {.file = file,
                                              .field = repeated(field, characters[c], 200),
                                              .value = repeated(value, characters[c], 300)};
            kith_error error = {.size = sizeof error};
            kithp_fail(&error, KITH_BAD_POLICY, &place, "%s", words);
            size_t width = strlen(characters[c]);
            assert_int_equal(strlen(error.file), (sizeof error.file - 1) / width * width);
            assert_int_equal(strlen(error.field), (sizeof error.field - 1) / width * width);
            assert_int_equal(strlen(error.value), (sizeof error.value - 1) / width * width);
            assert_true(kithp_text_is_utf8(kith_text_of(error.message)));
            assert_true(strlen(error.message) > sizeof error.message - 1 - width);

            kithp_fail(&error, KITH_BAD_POLICY, NULL, "%s", words);
            assert_true(kithp_text_is_utf8(kith_text_of(error.message)));
            assert_true(strlen(error.message) < sizeof error.message);
        }
    }
}

static void error_texts_that_cannot_be_shown_are_made_fit(void **state)
{
    (void)state;
    kith_error error = {.size = sizeof error};
    const struct kithp_place place = {.file = "a\nb.ini",
                                      .field = TEXT("k\x1B[1m"),
                                      .value = TEXT("\xFF\0\xC2\x9B"
                                                    "1m")};
    kithp_fail(&error, KITH_BAD_POLICY, &place, "words");
    assert_string_equal(error.file, "a?b.ini");
    assert_string_equal(error.field, "k?[1m");
    assert_string_equal(error.value, "???1m");
    assert_string_equal(error.message, "a?b.ini: k?[1m '???1m': words");
}

static void error_words_of_the_system_are_of_their_own_number(void **state)
{
    (void)state;
    assert_string_equal(kithp_errno_words(ENOENT).text, strerror(ENOENT));
    /* For numbers that it does not know, strerror() has one room for all. */
    struct kithp_errno_words one = kithp_errno_words(100001), other = kithp_errno_words(100002);
    assert_non_null(strstr(one.text, "100001"));
    assert_non_null(strstr(other.text, "100002"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_status_names_are_those_of_the_constants),
        cmocka_unit_test(error_reason_names_are_those_of_the_tables),
        cmocka_unit_test(error_message_holds_all_that_is_known),
        cmocka_unit_test(error_without_a_place_has_the_words_alone),
        cmocka_unit_test(error_keeps_the_reason),
        cmocka_unit_test(error_short_forms_say_which_argument_or_what_is_short),
        cmocka_unit_test(error_may_be_null),
        cmocka_unit_test(error_words_from_strangers_are_no_format),
        cmocka_unit_test(error_smaller_struct_is_not_overrun),
        cmocka_unit_test(error_larger_struct_is_filled_as_far_as_it_is_known),
        cmocka_unit_test(error_long_texts_are_cut_at_whole_characters),
        cmocka_unit_test(error_texts_that_cannot_be_shown_are_made_fit),
        cmocka_unit_test(error_words_of_the_system_are_of_their_own_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
