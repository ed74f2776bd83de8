/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/map.h"

static const struct kithp_hash_key hash_key = {11, 22};

static bool add(struct kithp_map *map, uint64_t key, uint32_t value, uint32_t mark)
{
    uint64_t hash = kithp_map_hash(map, key);
    if (!kithp_map_reserve(map, hash, 1))
        return false;
    kithp_map_add(map, hash, (struct kithp_map_entry){key, value, mark});
    return true;
}

/* The value of a key, 0 where it is not there. */
static uint32_t value_of(const struct kithp_map *map, uint64_t key)
{
    const struct kithp_map_entry *entry = kithp_map_find(map, kithp_map_hash(map, key), key);
    return entry ? entry->value : 0;
}

static void drop(struct kithp_map *map, uint64_t key)
{
    uint64_t hash = kithp_map_hash(map, key);
    kithp_map_remove(map, hash, kithp_map_find(map, hash, key));
}

static uint32_t count_places(const struct kithp_map *map)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < kithp_map_places(map); i++)
        count += kithp_map_at(map, i) != NULL;
    return count;
}

static void map_without_entries_finds_nothing_and_takes_no_memory(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_map map;
    kithp_map_init(&map, &memory.allocator, hash_key);
    assert_int_equal(value_of(&map, 0), 0);
    assert_int_equal(kithp_map_places(&map), 0);
    assert_true(kithp_map_own_all(&map));
    kithp_map_free(&map);
    assert_int_equal(memory.calls, 0);
}

/* 0 is a key like any other, though free places are all 0. */
static void map_holds_the_ends_of_the_range(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_map map;
    kithp_map_init(&map, &memory.allocator, hash_key);
    assert_true(add(&map, 1, 5, 0));
    assert_int_equal(value_of(&map, 0), 0);
    assert_true(add(&map, 0, UINT32_MAX, 7));
    assert_true(add(&map, UINT64_MAX, 3, UINT32_MAX));
    assert_true(value_of(&map, 0) == UINT32_MAX);
    assert_int_equal(value_of(&map, UINT64_MAX), 3);
    assert_int_equal(map.count, 3);
    kithp_map_free(&map);
    assert_int_equal(memory.live, 0);
}

/* Segment by segment, of those that stand beside each other in the directory only once. */
static size_t count_bytes(const struct kithp_map *map)
{
    size_t size = (size_t)1 << map->depth, bytes = size * sizeof *map->directory;
    for (size_t i = 0; i < size; i++)
        if (i == 0 || map->directory[i] != map->directory[i - 1])
            bytes += sizeof(struct kithp_map_segment) + (map->mask + 1) * sizeof(struct kithp_map_entry);
    return bytes;
}

/* Against an array: adding, changing and taking out by chance, all sizes up to many segments and down again. */
static void map_does_as_an_array_does(void **state)
{
    (void)state;
    enum { KEYS = 60000, STEPS = 400000 };
    static uint32_t values[KEYS];
    memset(values, 0, sizeof values);
    struct memory memory;
    memory_init(&memory);
    struct kithp_map map;
    kithp_map_init(&map, &memory.allocator, hash_key);
    uint64_t luck = 3;
    uint32_t count = 0;
    for (uint32_t i = 0; i < STEPS; i++) {
        uint32_t key = chance_below(&luck, KEYS);
        /* Mostly growing in the first half, mostly shrinking in the second. */
        bool grows = (chance_below(&luck, 4) > 0) == (i < STEPS / 2);
        if (values[key] == 0 && grows) {
            values[key] = 1 + chance_below(&luck, 1000);
            assert_true(add(&map, key * UINT64_C(0x100000001), values[key], key));
            count++;
        } else if (values[key] > 0 && !grows) {
            drop(&map, key * UINT64_C(0x100000001));
            values[key] = 0;
            count--;
        }
        if (i % 40000 != 0)
            continue;
        assert_int_equal(map.count, count);
        assert_int_equal(count_places(&map), count);
        assert_int_equal(kithp_map_bytes(&map), count_bytes(&map));
        for (uint32_t j = 0; j < KEYS; j++)
            if (value_of(&map, j * UINT64_C(0x100000001)) != values[j])
                fail_msg("key %u is not as it was left after %u steps", j, i);
    }
    kithp_map_free(&map);
    assert_int_equal(memory.live, 0);
}

static void map_entries_of_one_key_are_told_apart_by_mark(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_map map;
    kithp_map_init(&map, &memory.allocator, hash_key);
    for (uint32_t i = 0; i < 5000; i++)
        assert_true(add(&map, i, i + 1, 99));
    for (uint32_t mark = 0; mark < 64; mark++)
        assert_true(add(&map, UINT64_MAX, mark + 1, mark));
    uint64_t seen = 0;
    struct kithp_map_walk walk = kithp_map_begin(&map, kithp_map_hash(&map, UINT64_MAX), UINT64_MAX);
    for (const struct kithp_map_entry *entry; (entry = kithp_map_next(&walk));) {
        assert_int_equal(entry->value, entry->mark + 1);
        assert_false(seen >> entry->mark & 1);
        seen |= UINT64_C(1) << entry->mark;
    }
    assert_true(seen == UINT64_MAX);
    kithp_map_free(&map);
    assert_int_equal(memory.live, 0);
}

/* All that is reserved for can be added, wherever it falls. */
static void map_reserved_room_is_there(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    uint64_t luck = 4;
    for (unsigned before = 0; before < 7000; before += 500) {
        struct kithp_map map;
        kithp_map_init(&map, &memory.allocator, hash_key);
        for (uint32_t i = 0; i < before; i++)
            assert_true(add(&map, i, 1, 0));
        uint64_t keys[KITHP_MAP_RESERVE_MOST];
        for (uint32_t i = 0; i < KITHP_MAP_RESERVE_MOST; i++) {
            keys[i] = chance(&luck) | UINT64_C(1) << 63;
            assert_true(kithp_map_reserve(&map, kithp_map_hash(&map, keys[i]), i + 1));
        }
        uint64_t calls = memory.calls;
        for (uint32_t i = 0; i < KITHP_MAP_RESERVE_MOST; i++)
            kithp_map_add(&map, kithp_map_hash(&map, keys[i]), (struct kithp_map_entry){keys[i], i + 1, 0});
        assert_int_equal(memory.calls, calls);
        for (uint32_t i = 0; i < KITHP_MAP_RESERVE_MOST; i++)
            assert_int_equal(value_of(&map, keys[i]), i + 1);
        kithp_map_free(&map);
    }
    assert_int_equal(memory.live, 0);
}

static void map_failed_allocation_leaves_it_as_it_was(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_map map;
    kithp_map_init(&map, &memory.allocator, hash_key);
    unsigned failures = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        memory_fail_after(&memory, 0);
        bool added = add(&map, i, i + 1, 0);
        memory_fail_never(&memory);
        if (added)
            continue;
        failures++;
        assert_int_equal(map.count, i);
        assert_int_equal(value_of(&map, i), 0);
        if (i > 0)
            assert_int_equal(value_of(&map, i / 2), i / 2 + 1);
        for (uint64_t n = 1; !added; n++) {
            memory_fail_after(&memory, n);
            added = add(&map, i, i + 1, 0);
            memory_fail_never(&memory);
        }
    }
    assert_true(failures > 10);
    assert_int_equal(count_places(&map), 20000);
    kithp_map_free(&map);
    assert_int_equal(memory.live, 0);
}

/* A copy keeps what there was, whatever becomes of the map; and both are freed, in either order. */
static void map_copy_notices_nothing(void **state)
{
    (void)state;
    enum { BEFORE = 9000, AFTER = 30000 };
    struct memory memory;
    memory_init(&memory);
    for (int map_first = 0; map_first < 2; map_first++) {
        struct kithp_map map, copy;
        kithp_map_init(&map, &memory.allocator, hash_key);
        kithp_map_init(&copy, &memory.allocator, hash_key);
        for (uint32_t i = 0; i < BEFORE; i++)
            assert_true(add(&map, i, i + 1, 0));
        assert_true(kithp_map_share(&copy, &map));
        for (uint32_t i = 0; i < BEFORE; i += 3) {
            uint64_t hash = kithp_map_hash(&map, i);
            assert_true(kithp_map_own(&map, hash));
            kithp_map_find(&map, hash, i)->value = 1000000;
        }
        assert_true(kithp_map_own_all(&map));
        for (uint32_t i = 1; i < BEFORE; i += 3)
            drop(&map, i);
        for (uint32_t i = BEFORE; i < AFTER; i++)
            assert_true(add(&map, i, i + 1, 0));
        for (uint32_t i = 0; i < AFTER; i++) {
            assert_int_equal(value_of(&copy, i), i < BEFORE ? i + 1 : 0);
            assert_int_equal(value_of(&map, i), i >= BEFORE || i % 3 == 2 ? i + 1 : i % 3 == 1 ? 0 : 1000000);
        }
        assert_int_equal(count_places(&copy), BEFORE);
        kithp_map_free(map_first ? &map : &copy);
        kithp_map_free(map_first ? &copy : &map);
        assert_int_equal(memory.live, 0);
    }
}

/* Splitting a segment that a copy looks at parts from the copy first. */
static void map_grows_away_from_its_copy(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    for (uint32_t before = 1; before < 9000; before += before / 3 + 1) {
        struct kithp_map map, copy;
        kithp_map_init(&map, &memory.allocator, hash_key);
        kithp_map_init(&copy, &memory.allocator, hash_key);
        for (uint32_t i = 0; i < before; i++)
            assert_true(add(&map, i, i + 1, 0));
        assert_true(kithp_map_share(&copy, &map));
        for (uint32_t i = before; i < 2 * before + 10; i++) {
            uint64_t hash = kithp_map_hash(&map, i);
            assert_true(kithp_map_reserve(&map, hash, 1) && kithp_map_own(&map, hash));
            kithp_map_add(&map, hash, (struct kithp_map_entry){i, i + 1, 0});
        }
        assert_int_equal(count_places(&copy), before);
        assert_int_equal(count_places(&map), 2 * before + 10);
        for (uint32_t i = 0; i < 2 * before + 10; i++) {
            assert_int_equal(value_of(&copy, i), i < before ? i + 1 : 0);
            assert_int_equal(value_of(&map, i), i + 1);
        }
        kithp_map_free(&map);
        kithp_map_free(&copy);
    }
    assert_int_equal(memory.live, 0);
}

/* An allocator that looks for a key in what is given back; blocks know their size. */
static const uint64_t watched = UINT64_C(0x0663616C6C656468);
static unsigned left_behind;

static void *watch_malloc(void *context, size_t size)
{
    (void)context;
    /* Cleared, as all of it will be looked at. */
    size_t *block = calloc(1, 2 * sizeof *block + size);
    assert_non_null(block);
    *block = size;
    return block + 2;
}

static void watch_free(void *context, void *memory)
{
    (void)context;
    size_t *block = (size_t *)memory - 2;
    for (size_t i = 0; i + sizeof watched <= *block; i++)
        left_behind += memcmp((const char *)memory + i, &watched, sizeof watched) == 0;
    free(block);
}

static void *watch_realloc(void *context, void *memory, size_t size)
{
    void *moved = watch_malloc(context, size);
    size_t before = *((size_t *)memory - 2);
    memcpy(moved, memory, before < size ? before : size);
    watch_free(context, memory);
    return moved;
}

/* Growing by being made larger and by being parted, up to when it is removed. */
static void map_key_that_is_removed_stands_nowhere(void **state)
{
    (void)state;
    const kith_allocator allocator = {watch_malloc, watch_realloc, watch_free, NULL};
    struct kithp_map map;
    kithp_map_init(&map, &allocator, kithp_hash_random_key());
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t key = i == 3 ? watched : i;
        assert_true(kithp_map_reserve(&map, kithp_map_hash(&map, key), 1));
        kithp_map_add(&map, kithp_map_hash(&map, key), (struct kithp_map_entry){.key = key, .value = 1});
    }
    uint64_t hash = kithp_map_hash(&map, watched);
    kithp_map_remove(&map, hash, kithp_map_find(&map, hash, watched));
    assert_null(kithp_map_find(&map, hash, watched));
    kithp_map_free(&map);
    assert_int_equal(left_behind, 0);
}

/* Room for so many: nothing grows while they come. */
static void map_that_expects_entries_need_not_grow(void **state)
{
    (void)state;
    static const uint32_t counts[] = {3000, 5000, 40000, 100000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct memory memory;
        memory_init(&memory);
        struct kithp_map map;
        kithp_map_init(&map, &memory.allocator, hash_key);
        kithp_map_expect(&map, counts[i]);
        uint64_t calls = memory.calls;
        size_t bytes = kithp_map_bytes(&map);
        assert_true(calls > 0 && map.count == 0 && count_places(&map) == 0);
        assert_in_range(bytes, counts[i] * sizeof(struct kithp_map_entry),
                        4 * counts[i] * sizeof(struct kithp_map_entry));
        for (uint64_t key = 0; key < counts[i]; key++)
            assert_true(add(&map, key, (uint32_t)key + 1, 0));
        assert_int_equal(memory.calls, calls);
        assert_int_equal(kithp_map_bytes(&map), bytes);
        for (uint64_t key = 0; key < counts[i]; key++)
            assert_int_equal(value_of(&map, key), key + 1);
        /* More than were expected. */
        for (uint64_t key = counts[i]; key < 3 * counts[i]; key++)
            assert_true(add(&map, key, (uint32_t)key + 1, 0));
        assert_int_equal(count_places(&map), 3 * counts[i]);
        kithp_map_free(&map);
        assert_int_equal(memory.live, 0);
    }
}

static void map_that_expects_little_or_has_entries_is_as_it_was(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_map map;
    kithp_map_init(&map, &memory.allocator, hash_key);
    kithp_map_expect(&map, 0);
    kithp_map_expect(&map, 2000);
    assert_int_equal(memory.calls, 0);
    assert_true(add(&map, 1, 5, 0));
    uint64_t calls = memory.calls;
    kithp_map_expect(&map, 100000);
    assert_int_equal(memory.calls, calls);
    assert_int_equal(value_of(&map, 1), 5);
    kithp_map_free(&map);
    assert_int_equal(memory.live, 0);
}

static void map_that_expects_more_than_there_is_memory_for_grows_as_ever(void **state)
{
    (void)state;
    for (uint64_t fail = 0;; fail++) {
        struct memory memory;
        memory_init(&memory);
        struct kithp_map map;
        kithp_map_init(&map, &memory.allocator, hash_key);
        memory_fail_after(&memory, fail);
        kithp_map_expect(&map, 100000);
        bool all = memory.calls <= fail;
        memory_fail_never(&memory);
        if (!all) {
            assert_int_equal(kithp_map_bytes(&map), 0);
            assert_int_equal(kithp_map_places(&map), 0);
        }
        for (uint64_t key = 0; key < 10000; key++)
            assert_true(add(&map, key, (uint32_t)key + 1, 0));
        assert_int_equal(count_places(&map), 10000);
        kithp_map_free(&map);
        assert_int_equal(memory.live, 0);
        if (all)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_without_entries_finds_nothing_and_takes_no_memory),
        cmocka_unit_test(map_holds_the_ends_of_the_range),
        cmocka_unit_test(map_does_as_an_array_does),
        cmocka_unit_test(map_entries_of_one_key_are_told_apart_by_mark),
        cmocka_unit_test(map_reserved_room_is_there),
        cmocka_unit_test(map_failed_allocation_leaves_it_as_it_was),
        cmocka_unit_test(map_copy_notices_nothing),
        cmocka_unit_test(map_grows_away_from_its_copy),
        cmocka_unit_test(map_key_that_is_removed_stands_nowhere),
        cmocka_unit_test(map_that_expects_entries_need_not_grow),
        cmocka_unit_test(map_that_expects_little_or_has_entries_is_as_it_was),
        cmocka_unit_test(map_that_expects_more_than_there_is_memory_for_grows_as_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
