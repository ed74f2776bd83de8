/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/versioned.h"

/* A struct as the library has it: `b` came in a later version than the first. */
struct own {
    uint32_t size;
    uint32_t a;
    uint64_t b;
};

enum { FIRST_VERSION = 8 };

/* The same struct as next year's callers have it. */
struct next_year {
    uint32_t size;
    uint32_t a;
    uint64_t b;
    uint64_t c;
};

static void versioned_read_takes_what_both_sides_know(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct next_year given;
        kith_status expected;
        uint32_t a;
        uint64_t b;
    } cases[] = {
        {"size not set", {0, 1, 2, 0}, KITH_BAD_ARGUMENT, 0, 0},
        {"too small", {FIRST_VERSION - 1, 1, 2, 0}, KITH_BAD_ARGUMENT, 0, 0},
        {"the first version", {FIRST_VERSION, 1, 2, 3}, KITH_OK, 1, 0},
        {"between two versions", {FIRST_VERSION + 4, 1, UINT64_C(0x0101010101010101), 3}, KITH_OK, 1, 0},
        {"exactly this version", {sizeof(struct own), 1, 2, 3}, KITH_OK, 1, 2},
        {"next year's, the tail zero", {sizeof(struct next_year), 1, 2, 0}, KITH_OK, 1, 2},
        {"next year's, the tail set", {sizeof(struct next_year), 1, 2, 3}, KITH_UNSUPPORTED, 0, 0},
        {"its last byte set", {sizeof(struct next_year), 1, 2, UINT64_C(1) << 56}, KITH_UNSUPPORTED, 0, 0},
        {"its first byte set", {sizeof(struct next_year), 1, 2, 1}, KITH_UNSUPPORTED, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* Of exactly the size that it says, so that a look past it shows. */
        size_t room = cases[i].given.size < sizeof(uint32_t) ? sizeof(uint32_t) : cases[i].given.size;
        void *given = malloc(room);
        assert_non_null(given);
        memcpy(given, &cases[i].given, room);
        struct own own;
        memset(&own, 0xEE, sizeof own);
        struct own before = own;
        kith_error error = {.size = sizeof error};
        kith_status status = kithp_versioned_read(&own, sizeof own, given, FIRST_VERSION, "options", &error);
        free(given);
        if (status != cases[i].expected)
            fail_msg("%s: %s", cases[i].what, kith_status_name(status));
        if (status != KITH_OK) {
            assert_memory_equal(&own, &before, sizeof own);
            assert_int_equal(error.status, status);
            assert_string_equal(error.field, "options");
            continue;
        }
        assert_int_equal(own.size, cases[i].given.size);
        assert_int_equal(own.a, cases[i].a);
        /* Half of `b` is not a version that ever was; all that matters is that no byte past the size is read. */
        if (cases[i].given.size != FIRST_VERSION + 4)
            assert_int_equal(own.b, cases[i].b);
    }
}

static void versioned_read_of_null_names_the_argument(void **state)
{
    (void)state;
    struct own own;
    kith_error error = {.size = sizeof error};
    assert_int_equal(kithp_versioned_read(&own, sizeof own, NULL, FIRST_VERSION, "options", &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.message, "options: must not be NULL");
    assert_int_equal(kithp_versioned_read(&own, sizeof own, NULL, FIRST_VERSION, "options", NULL), KITH_BAD_ARGUMENT);
}

static void versioned_check_wants_a_struct_of_the_least_size(void **state)
{
    (void)state;
    struct own given = {.size = sizeof given};
    kith_error error = {.size = sizeof error};
    assert_int_equal(kithp_versioned_check(&given, sizeof given, "info", &error), KITH_OK);
    given.size = 1000;
    assert_int_equal(kithp_versioned_check(&given, sizeof given, "info", &error), KITH_OK);
    assert_int_equal(error.status, KITH_OK);
    given.size = sizeof given - 1;
    assert_int_equal(kithp_versioned_check(&given, sizeof given, "info", &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.message, "info: its size must be set to sizeof the struct");
    assert_int_equal(kithp_versioned_check(NULL, sizeof given, "info", &error), KITH_BAD_ARGUMENT);
    assert_string_equal(error.message, "info: must not be NULL");
}

static void versioned_write_fills_no_more_than_the_caller_has(void **state)
{
    (void)state;
    const struct own own = {.size = 4711, .a = 1, .b = UINT64_C(0x2222222222222222)};
    static const uint32_t sizes[] = {FIRST_VERSION, FIRST_VERSION + 3, sizeof(struct own), sizeof(struct next_year)};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char given[sizeof(struct next_year)];
        memset(given, 0xEE, sizeof given);
        memcpy(given, &sizes[i], sizeof sizes[i]);
        kithp_versioned_write(given, &own, sizeof own);
        size_t written = sizes[i] < sizeof own ? sizes[i] : sizeof own;
        /* The size stays the caller's. */
        assert_memory_equal(given, &sizes[i], sizeof sizes[i]);
        assert_memory_equal(given + 4, (const unsigned char *)&own + 4, written - 4);
        for (size_t at = written; at < sizeof given; at++)
            assert_int_equal(given[at], 0xEE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versioned_read_takes_what_both_sides_know),
        cmocka_unit_test(versioned_read_of_null_names_the_argument),
        cmocka_unit_test(versioned_check_wants_a_struct_of_the_least_size),
        cmocka_unit_test(versioned_write_fills_no_more_than_the_caller_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
