/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/alloc.h"

static void alloc_init_without_allocator_takes_that_of_the_system(void **state)
{
    (void)state;
    kith_allocator allocator;
    assert_true(kithp_alloc_init(&allocator, NULL));
    char *memory = allocator.malloc(allocator.context, 4);
    assert_non_null(memory);
    memcpy(memory, "abc", 4);
    memory = allocator.realloc(allocator.context, memory, 4000);
    assert_non_null(memory);
    assert_string_equal(memory, "abc");
    allocator.free(allocator.context, memory);
}

static void alloc_init_with_allocator_copies_it(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_allocator allocator;
    assert_true(kithp_alloc_init(&allocator, &memory.allocator));
    assert_memory_equal(&allocator, &memory.allocator, sizeof allocator);
}

static void alloc_init_with_a_function_missing_is_refused(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    kith_allocator out;
    kith_allocator lacking = memory.allocator;
    lacking.malloc = NULL;
    assert_false(kithp_alloc_init(&out, &lacking));
    lacking = memory.allocator;
    lacking.realloc = NULL;
    assert_false(kithp_alloc_init(&out, &lacking));
    lacking = memory.allocator;
    lacking.free = NULL;
    assert_false(kithp_alloc_init(&out, &lacking));
}

static void alloc_array_gives_what_is_asked_for(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    uint64_t *items = kithp_alloc_array(&memory.allocator, 100, sizeof *items);
    assert_non_null(items);
    for (uint64_t i = 0; i < 100; i++)
        items[i] = i;
    assert_int_equal(memory.live, 1);
    kithp_alloc_free(&memory.allocator, items);
    assert_int_equal(memory.live, 0);
}

static void alloc_array_of_nothing_is_not_a_lack_of_memory(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    void *items = kithp_alloc_array(&memory.allocator, 0, 8);
    assert_non_null(items);
    kithp_alloc_free(&memory.allocator, items);
    items = kithp_alloc_cleared(&memory.allocator, 0, 8);
    assert_non_null(items);
    kithp_alloc_free(&memory.allocator, items);
}

static void alloc_array_past_the_largest_size_gives_null(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    /* Multiplied out, these would wrap to something small. */
    assert_null(kithp_alloc_array(&memory.allocator, SIZE_MAX / 2 + 1, 2));
    assert_null(kithp_alloc_array(&memory.allocator, SIZE_MAX / 8 + 2, 8));
    assert_null(kithp_alloc_cleared(&memory.allocator, 3, SIZE_MAX / 2));
    assert_int_equal(memory.calls, 0);
}

static void alloc_cleared_is_zero(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    unsigned char *bytes = kithp_alloc_cleared(&memory.allocator, 10, 7);
    assert_non_null(bytes);
    for (size_t i = 0; i < 70; i++)
        assert_int_equal(bytes[i], 0);
    kithp_alloc_free(&memory.allocator, bytes);
}

static void alloc_without_memory_gives_null(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    memory_fail_after(&memory, 0);
    assert_null(kithp_alloc_array(&memory.allocator, 1, 1));
    memory_fail_after(&memory, 0);
    assert_null(kithp_alloc_cleared(&memory.allocator, 1, 1));
}

static void refuse_free(void *context, void *memory)
{
    (void)context;
    fail_msg("free was called with %p", memory);
}

static void alloc_free_of_null_does_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    memory.allocator.free = refuse_free;
    kithp_alloc_free(&memory.allocator, NULL);
}

static void alloc_grow_keeps_the_items_and_doubles(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    uint32_t *items = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        size_t before = capacity;
        assert_true(kithp_alloc_grow(&memory.allocator, (void **)&items, &capacity, i + 1, sizeof *items));
        assert_true(capacity > i);
        assert_true(capacity == before || capacity >= 2 * before);
        items[i] = i * 3;
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i * 3);
    /* Doubling means few calls. */
    assert_true(memory.calls <= 12);
    kithp_alloc_free(&memory.allocator, items);
    assert_int_equal(memory.live, 0);
}

static void alloc_grow_by_more_than_double_gives_what_is_needed(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    void *items = NULL;
    size_t capacity = 0;
    assert_true(kithp_alloc_grow(&memory.allocator, &items, &capacity, 10, 4));
    assert_int_equal(capacity, 10);
    assert_true(kithp_alloc_grow(&memory.allocator, &items, &capacity, 777, 4));
    assert_int_equal(capacity, 777);
    kithp_alloc_free(&memory.allocator, items);
}

static void alloc_grow_with_room_enough_does_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    uint32_t own[4];
    void *items = own;
    size_t capacity = 4;
    assert_true(kithp_alloc_grow(&memory.allocator, &items, &capacity, 4, sizeof *own));
    assert_true(kithp_alloc_grow(&memory.allocator, &items, &capacity, 0, sizeof *own));
    assert_int_equal(memory.calls, 0);
    assert_ptr_equal(items, own);
}

static void alloc_grow_that_fails_leaves_the_array(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    void *items = NULL;
    size_t capacity = 0;
    memory_fail_after(&memory, 0);
    assert_false(kithp_alloc_grow(&memory.allocator, &items, &capacity, 3, 2));
    assert_null(items);
    assert_int_equal(capacity, 0);

    assert_true(kithp_alloc_grow(&memory.allocator, &items, &capacity, 3, 2));
    memcpy(items, "ABCDEF", 6);
    void *before = items;
    memory_fail_after(&memory, 0);
    assert_false(kithp_alloc_grow(&memory.allocator, &items, &capacity, 4, 2));
    assert_false(kithp_alloc_grow(&memory.allocator, &items, &capacity, SIZE_MAX, 2));
    assert_false(kithp_alloc_grow(&memory.allocator, &items, &capacity, SIZE_MAX / 2 + 1, 2));
    assert_ptr_equal(items, before);
    assert_int_equal(capacity, 3);
    assert_memory_equal(items, "ABCDEF", 6);
    kithp_alloc_free(&memory.allocator, items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alloc_init_without_allocator_takes_that_of_the_system),
        cmocka_unit_test(alloc_init_with_allocator_copies_it),
        cmocka_unit_test(alloc_init_with_a_function_missing_is_refused),
        cmocka_unit_test(alloc_array_gives_what_is_asked_for),
        cmocka_unit_test(alloc_array_of_nothing_is_not_a_lack_of_memory),
        cmocka_unit_test(alloc_array_past_the_largest_size_gives_null),
        cmocka_unit_test(alloc_cleared_is_zero),
        cmocka_unit_test(alloc_without_memory_gives_null),
        cmocka_unit_test(alloc_free_of_null_does_nothing),
        cmocka_unit_test(alloc_grow_keeps_the_items_and_doubles),
        cmocka_unit_test(alloc_grow_by_more_than_double_gives_what_is_needed),
        cmocka_unit_test(alloc_grow_with_room_enough_does_nothing),
        cmocka_unit_test(alloc_grow_that_fails_leaves_the_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
