/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/chunks.h"

struct item {
    uint64_t number;
    unsigned char tail[5];
};

static void add_numbered(struct kithp_chunks *chunks, uint32_t number)
{
    assert_true(kithp_chunks_reserve(chunks, 1));
    assert_int_equal(kithp_chunks_add(chunks), number);
    struct item *item = kithp_chunks_at(chunks, number);
    item->number = UINT64_C(7) * number;
    memset(item->tail, (int)(number & 0xFF), sizeof item->tail);
}

static void assert_numbered(const struct kithp_chunks *chunks, uint32_t count)
{
    assert_int_equal(chunks->count, count);
    for (uint32_t number = 0; number < count; number++) {
        const struct item *item = kithp_chunks_at(chunks, number);
        assert_int_equal(item->number, UINT64_C(7) * number);
        for (size_t i = 0; i < sizeof item->tail; i++)
            assert_int_equal(item->tail[i], number & 0xFF);
    }
}

static void chunks_without_items_take_no_memory(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, sizeof(struct item));
    assert_true(kithp_chunks_reserve(&chunks, 0));
    kithp_chunks_free(&chunks);
    assert_int_equal(memory.calls, 0);
}

static void chunks_keep_every_item_over_many_chunks(void **state)
{
    (void)state;
    enum { COUNT = 5 * KITHP_CHUNK_ITEMS + 17 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, sizeof(struct item));
    for (uint32_t number = 0; number < COUNT; number++)
        add_numbered(&chunks, number);
    assert_numbered(&chunks, COUNT);
    kithp_chunks_free(&chunks);
    assert_int_equal(memory.live, 0);
    assert_int_equal(chunks.count, 0);
    /* It can be used again. */
    add_numbered(&chunks, 0);
    kithp_chunks_free(&chunks);
    assert_int_equal(memory.live, 0);
}

static void chunks_new_item_is_zero(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, 3);
    static const unsigned char zero[3];
    for (uint32_t i = 0; i < 10000; i++) {
        assert_true(kithp_chunks_reserve(&chunks, 1));
        unsigned char *item = kithp_chunks_at(&chunks, kithp_chunks_add(&chunks));
        assert_memory_equal(item, zero, sizeof zero);
        memset(item, 0xFF, sizeof zero);
    }
    kithp_chunks_free(&chunks);
}

static void chunks_items_do_not_move_once_the_first_chunk_is_full(void **state)
{
    (void)state;
    enum { COUNT = 4 * KITHP_CHUNK_ITEMS };
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, sizeof(struct item));
    for (uint32_t number = 0; number < KITHP_CHUNK_ITEMS; number++)
        add_numbered(&chunks, number);
    void **places = malloc(COUNT * sizeof *places);
    assert_non_null(places);
    for (uint32_t number = 0; number < KITHP_CHUNK_ITEMS; number++)
        places[number] = kithp_chunks_at(&chunks, number);
    for (uint32_t number = KITHP_CHUNK_ITEMS; number < COUNT; number++) {
        add_numbered(&chunks, number);
        places[number] = kithp_chunks_at(&chunks, number);
    }
    for (uint32_t number = 0; number < COUNT; number++)
        assert_ptr_equal(kithp_chunks_at(&chunks, number), places[number]);
    free(places);
    kithp_chunks_free(&chunks);
}

static void chunks_reserved_room_is_there_without_more_memory(void **state)
{
    (void)state;
    static const uint32_t befores[] = {0, 1, 15, 16, 4095, 4096, 4097};
    static const uint32_t mores[] = {1, 16, 17, 4095, 4096, 4097, 3 * KITHP_CHUNK_ITEMS + 5};
    for (size_t b = 0; b < sizeof befores / sizeof *befores; b++) {
        for (size_t m = 0; m < sizeof mores / sizeof *mores; m++) {
            struct memory memory;
            memory_init(&memory);
            struct kithp_chunks chunks;
            kithp_chunks_init(&chunks, &memory.allocator, sizeof(struct item));
            for (uint32_t number = 0; number < befores[b]; number++)
                add_numbered(&chunks, number);
            assert_true(kithp_chunks_reserve(&chunks, mores[m]));
            memory_fail_after(&memory, 0);
            memory.fail_on = true;
            for (uint32_t i = 0; i < mores[m]; i++)
                add_numbered(&chunks, befores[b] + i);
            assert_numbered(&chunks, befores[b] + mores[m]);
            kithp_chunks_free(&chunks);
            assert_int_equal(memory.live, 0);
        }
    }
}

static void chunks_small_arrays_cost_little(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, sizeof(struct item));
    add_numbered(&chunks, 0);
    assert_true(chunks.first_room < 100);
    kithp_chunks_free(&chunks);
}

static void chunks_without_memory_are_as_they_were(void **state)
{
    (void)state;
    enum { COUNT = 3 * KITHP_CHUNK_ITEMS };
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, sizeof(struct item));
    unsigned failures = 0;
    for (uint32_t number = 0; number < COUNT; number++) {
        bool reserved = false;
        for (uint64_t more = 0; !reserved; more++) {
            memory_fail_after(&memory, more);
            reserved = kithp_chunks_reserve(&chunks, 1);
            memory_fail_never(&memory);
            if (reserved)
                continue;
            failures++;
            assert_numbered(&chunks, number);
        }
        add_numbered(&chunks, number);
    }
    assert_true(failures > 10);
    /* Many chunks at once, of which one of the later ones cannot be had. */
    memory_fail_after(&memory, 3);
    assert_false(kithp_chunks_reserve(&chunks, 10 * KITHP_CHUNK_ITEMS));
    memory_fail_never(&memory);
    assert_numbered(&chunks, COUNT);
    add_numbered(&chunks, COUNT);
    assert_numbered(&chunks, COUNT + 1);
    kithp_chunks_free(&chunks);
    assert_int_equal(memory.live, 0);
}

static void chunks_more_items_than_numbers_are_refused(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, 1);
    assert_false(kithp_chunks_reserve(&chunks, UINT32_MAX));
    assert_false(kithp_chunks_reserve(&chunks, SIZE_MAX));
    assert_int_equal(memory.calls, 0);
    kithp_chunks_free(&chunks);
}

static void chunks_more_items_than_a_size_can_hold_are_refused(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_chunks chunks;
    kithp_chunks_init(&chunks, &memory.allocator, sizeof(struct item));
    for (uint32_t number = 0; number < 20; number++)
        add_numbered(&chunks, number);
    /* The sum of what there is and what is wanted wraps to something small. */
    assert_false(kithp_chunks_reserve(&chunks, SIZE_MAX));
    assert_false(kithp_chunks_reserve(&chunks, SIZE_MAX - 10));
    assert_numbered(&chunks, 20);
    kithp_chunks_free(&chunks);
}

/* ---- sharing ---- */

/* Counts the items in chunks that two arrays have in common. */
static unsigned count_shared(const struct kithp_chunks *a, const struct kithp_chunks *b)
{
    unsigned count = 0;
    for (size_t i = 0; i < a->chunks && i < b->chunks; i++)
        count += a->directory[i] == b->directory[i];
    return count;
}

static void change(struct kithp_chunks *chunks, uint32_t number)
{
    struct item *item = kithp_chunks_at(chunks, number);
    memset(item, 0xEE, sizeof *item);
}

/* An array of `count` items, and one that shares them. */
static void make_two(struct memory *memory, struct kithp_chunks *chunks, struct kithp_chunks *copy, uint32_t count)
{
    memory_init(memory);
    kithp_chunks_init(chunks, &memory->allocator, sizeof(struct item));
    for (uint32_t number = 0; number < count; number++)
        add_numbered(chunks, number);
    kithp_chunks_init(copy, &memory->allocator, sizeof(struct item));
    assert_true(kithp_chunks_share(copy, chunks));
    assert_int_equal(count_shared(chunks, copy), chunks->chunks);
}

static const uint32_t shared_counts[] = {0, 1, 15, 16, 17, 4095, 4096, 4097, 3 * KITHP_CHUNK_ITEMS + 5};
enum { SHARED_COUNTS = sizeof shared_counts / sizeof *shared_counts };

static void chunks_shared_take_memory_for_the_directory_alone(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_chunks chunks, copy;
    make_two(&memory, &chunks, &copy, 3 * KITHP_CHUNK_ITEMS + 5);
    kithp_chunks_free(&copy);
    uint64_t before = memory.calls;
    assert_true(kithp_chunks_share(&copy, &chunks));
    assert_int_equal(memory.calls, before + 1);
    kithp_chunks_free(&copy);
    kithp_chunks_free(&chunks);
    assert_int_equal(memory.live, 0);
}

static void chunks_shared_are_freed_in_either_order(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SHARED_COUNTS; i++) {
        for (unsigned order = 0; order < 2; order++) {
            struct memory memory;
            struct kithp_chunks chunks, copy;
            make_two(&memory, &chunks, &copy, shared_counts[i]);
            kithp_chunks_free(order ? &copy : &chunks);
            assert_numbered(order ? &chunks : &copy, shared_counts[i]);
            kithp_chunks_free(order ? &chunks : &copy);
            assert_int_equal(memory.live, 0);
        }
    }
}

static void chunks_shared_do_not_see_what_is_changed_or_added(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SHARED_COUNTS; i++) {
        uint32_t count = shared_counts[i];
        struct memory memory;
        struct kithp_chunks chunks, copy;
        make_two(&memory, &chunks, &copy, count);
        for (uint32_t number = count; number < count + 5000; number++)
            add_numbered(&chunks, number);
        assert_numbered(&chunks, count + 5000);
        assert_numbered(&copy, count);
        for (uint32_t number = 0; number < count; number += 7) {
            assert_true(kithp_chunks_own(&chunks, number));
            change(&chunks, number);
        }
        assert_numbered(&copy, count);
        /* What was not changed is as it was, and so is what was added behind. */
        for (uint32_t number = 0; number < count + 5000; number++)
            if (number % 7 != 0 || number >= count)
                assert_int_equal(((struct item *)kithp_chunks_at(&chunks, number))->number, UINT64_C(7) * number);
        kithp_chunks_free(&chunks);
        assert_numbered(&copy, count);
        kithp_chunks_free(&copy);
        assert_int_equal(memory.live, 0);
    }
}

static void chunks_own_copies_the_chunk_of_the_item_alone_and_but_once(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_chunks chunks, copy;
    make_two(&memory, &chunks, &copy, 4 * KITHP_CHUNK_ITEMS);
    uint64_t before = memory.calls;
    assert_true(kithp_chunks_own(&chunks, KITHP_CHUNK_ITEMS + 1));
    assert_true(kithp_chunks_own(&chunks, 2 * KITHP_CHUNK_ITEMS - 1));
    assert_int_equal(memory.calls, before + 1);
    assert_int_equal(count_shared(&chunks, &copy), 3);
    assert_true(kithp_chunks_own_all(&chunks));
    assert_int_equal(memory.calls, before + 4);
    assert_int_equal(count_shared(&chunks, &copy), 0);
    assert_numbered(&chunks, 4 * KITHP_CHUNK_ITEMS);
    /* Nobody else holds them any more: the other need not copy. */
    assert_true(kithp_chunks_own_all(&copy));
    assert_int_equal(memory.calls, before + 4);
    kithp_chunks_free(&chunks);
    kithp_chunks_free(&copy);
    assert_int_equal(memory.live, 0);
}

static void chunks_that_cannot_be_owned_for_want_of_memory_are_as_they_were(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_chunks chunks, copy;
    make_two(&memory, &chunks, &copy, 4 * KITHP_CHUNK_ITEMS);
    for (uint64_t more = 0; more < 4; more++) {
        memory_fail_after(&memory, more);
        assert_false(kithp_chunks_own_all(&chunks));
        memory_fail_never(&memory);
        assert_numbered(&chunks, 4 * KITHP_CHUNK_ITEMS);
        assert_numbered(&copy, 4 * KITHP_CHUNK_ITEMS);
        kithp_chunks_free(&copy);
        assert_true(kithp_chunks_share(&copy, &chunks));
    }
    kithp_chunks_free(&copy);
    memory_fail_after(&memory, 0);
    assert_false(kithp_chunks_share(&copy, &chunks));
    memory_fail_never(&memory);
    assert_int_equal(copy.count, 0);
    kithp_chunks_free(&copy);
    kithp_chunks_free(&chunks);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_without_items_take_no_memory),
        cmocka_unit_test(chunks_keep_every_item_over_many_chunks),
        cmocka_unit_test(chunks_new_item_is_zero),
        cmocka_unit_test(chunks_items_do_not_move_once_the_first_chunk_is_full),
        cmocka_unit_test(chunks_reserved_room_is_there_without_more_memory),
        cmocka_unit_test(chunks_small_arrays_cost_little),
        cmocka_unit_test(chunks_without_memory_are_as_they_were),
        cmocka_unit_test(chunks_more_items_than_numbers_are_refused),
        cmocka_unit_test(chunks_more_items_than_a_size_can_hold_are_refused),
        cmocka_unit_test(chunks_shared_take_memory_for_the_directory_alone),
        cmocka_unit_test(chunks_shared_are_freed_in_either_order),
        cmocka_unit_test(chunks_shared_do_not_see_what_is_changed_or_added),
        cmocka_unit_test(chunks_own_copies_the_chunk_of_the_item_alone_and_but_once),
        cmocka_unit_test(chunks_that_cannot_be_owned_for_want_of_memory_are_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
