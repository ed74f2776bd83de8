/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/index.h"

/* Finds an item by walking its tag; true if the walk meets it exactly once. */
static bool has_once(const struct kithp_index *index, uint32_t tag, uint32_t item)
{
    unsigned met = 0;
    struct kithp_index_walk walk = kithp_index_begin(index, tag);
    for (uint32_t found; (found = kithp_index_next(&walk)) != KITHP_INDEX_NONE;)
        met += found == item;
    return met == 1;
}

static unsigned count_of(const struct kithp_index *index, uint32_t tag)
{
    unsigned count = 0;
    struct kithp_index_walk walk = kithp_index_begin(index, tag);
    while (kithp_index_next(&walk) != KITHP_INDEX_NONE)
        count++;
    return count;
}

static void index_without_entries_finds_nothing_and_takes_no_memory(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    assert_int_equal(count_of(&index, 0), 0);
    assert_int_equal(count_of(&index, UINT32_MAX), 0);
    kithp_index_free(&index);
    assert_int_equal(memory.calls, 0);
}

static void index_tag_is_the_upper_half_of_the_hash(void **state)
{
    (void)state;
    assert_int_equal(kithp_index_tag(UINT64_C(0x123456789abcdef0)), 0x12345678);
}

static void index_holds_two_hundred_thousand_like_an_array(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    uint32_t *tags = malloc(COUNT * sizeof *tags);
    assert_non_null(tags);
    uint64_t luck = 5;
    for (uint32_t item = 0; item < COUNT; item++) {
        tags[item] = (uint32_t)chance(&luck);
        assert_true(kithp_index_add(&index, tags[item], item));
    }
    /* With segments of 4096 places, so many cannot lie in fewer than 64. */
    assert_true(index.depth >= 6);
    for (uint32_t item = 0; item < COUNT; item++)
        if (!has_once(&index, tags[item], item))
            fail_msg("item %u is not found once under its tag", item);
    /* 200000 of four thousand million tags are taken: a stranger's is nearly always free. */
    unsigned strangers = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        strangers += count_of(&index, (uint32_t)chance(&luck));
    assert_true(strangers < 200);
    free(tags);
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
    assert_int_equal(count_of(&index, 1), 0);
}

static void index_tags_that_collide_keep_all_their_items(void **state)
{
    (void)state;
    /* Ten tags that share their lower bits, and so their place; and ten that share their upper ones. */
    enum { TAGS = 20, EACH = 200 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    uint32_t tags[TAGS];
    for (uint32_t i = 0; i < TAGS / 2; i++) {
        tags[i] = i << 24 | 0xFFF;
        tags[TAGS / 2 + i] = UINT32_C(0xABCDE000) | i;
    }
    for (uint32_t item = 0; item < TAGS * EACH; item++)
        assert_true(kithp_index_add(&index, tags[item % TAGS], item));
    for (uint32_t i = 0; i < TAGS; i++)
        assert_int_equal(count_of(&index, tags[i]), EACH);
    for (uint32_t item = 0; item < TAGS * EACH; item++)
        assert_true(has_once(&index, tags[item % TAGS], item));
    assert_int_equal(count_of(&index, 0xFFE), 0);
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
}

static void index_one_tag_alone_takes_more_than_a_segment(void **state)
{
    (void)state;
    /* Splitting cannot part them: a segment has to grow instead. */
    enum { COUNT = 5000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    for (uint32_t item = 0; item < COUNT; item++)
        assert_true(kithp_index_add(&index, UINT32_C(0x80000001), item));
    assert_true(kithp_index_add(&index, 7, COUNT));
    unsigned char *seen = calloc(COUNT, 1);
    assert_non_null(seen);
    struct kithp_index_walk walk = kithp_index_begin(&index, UINT32_C(0x80000001));
    for (uint32_t item; (item = kithp_index_next(&walk)) != KITHP_INDEX_NONE;) {
        assert_true(item < COUNT);
        seen[item]++;
    }
    for (uint32_t item = 0; item < COUNT; item++)
        assert_int_equal(seen[item], 1);
    assert_true(has_once(&index, 7, COUNT));
    free(seen);
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
}

static void index_tags_at_both_ends_are_held(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    /* The places of the last tags wrap to the segment's begin. */
    for (uint32_t i = 0; i < 20000; i++)
        assert_true(kithp_index_add(&index, i % 2 ? i : UINT32_MAX - i, i));
    for (uint32_t i = 0; i < 20000; i++)
        assert_true(has_once(&index, i % 2 ? i : UINT32_MAX - i, i));
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
}

static void index_keeps_the_largest_item(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    assert_true(kithp_index_add(&index, 3, UINT32_MAX - 1));
    assert_true(has_once(&index, 3, UINT32_MAX - 1));
    kithp_index_free(&index);
}

/* All items up to count are there, and no other of their tags. */
static void assert_holds(const struct kithp_index *index, const uint32_t *tags, uint32_t count)
{
    for (uint32_t item = 0; item < count; item++)
        if (!has_once(index, tags[item], item))
            fail_msg("of %u items, item %u is lost", count, item);
}

static void index_without_memory_is_as_it_was(void **state)
{
    (void)state;
    enum { COUNT = 15000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    uint32_t *tags = malloc(COUNT * sizeof *tags);
    assert_non_null(tags);
    uint64_t luck = 6;
    unsigned failures = 0;
    for (uint32_t item = 0; item < COUNT; item++) {
        tags[item] = (uint32_t)chance(&luck);
        /* Of a call that takes memory, the first allocation fails, then the second, and so on, until it can be done. */
        bool added = false;
        for (uint64_t more = 0; !added; more++) {
            memory_fail_after(&memory, more);
            added = kithp_index_add(&index, tags[item], item);
            memory_fail_never(&memory);
            if (added)
                continue;
            failures++;
            assert_holds(&index, tags, item);
            assert_int_equal(count_of(&index, tags[item]), 0);
        }
    }
    assert_true(failures > 20);
    assert_holds(&index, tags, COUNT);
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
    free(tags);
}

/* Each item is there or not, as the list says, and nothing is there besides. */
static void assert_is(const struct kithp_index *index, const uint32_t *tags, const bool *there, uint32_t count)
{
    for (uint32_t item = 0; item < count; item++)
        if (has_once(index, tags[item], item) != there[item])
            fail_msg("item %u: %s", item, there[item] ? "is lost" : "is there still");
}

static void index_items_taken_out_leave_the_others(void **state)
{
    (void)state;
    /*
     * Few places and many tags that share them, the last ones of a segment among them, behind which entries wrap to its
     * begin: whatever moves up when one is taken out must still be found.
     */
    enum { COUNT = 200, ROUNDS = 4000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    uint32_t tags[COUNT];
    bool there[COUNT] = {false};
    uint64_t luck = 15;
    for (uint32_t item = 0; item < COUNT; item++)
        tags[item] = chance_below(&luck, 4) << 30 | (0xFFC + chance_below(&luck, 8));
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t item = chance_below(&luck, COUNT);
        if (there[item])
            kithp_index_remove(&index, tags[item], item);
        else
            assert_true(kithp_index_add(&index, tags[item], item));
        there[item] = !there[item];
        assert_is(&index, tags, there, COUNT);
    }
    for (uint32_t item = 0; item < COUNT; item++)
        if (there[item])
            kithp_index_remove(&index, tags[item], item);
    for (uint32_t item = 0; item < COUNT; item++)
        assert_int_equal(count_of(&index, tags[item]), 0);
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
}

static void index_items_taken_out_of_many_segments_leave_the_others(void **state)
{
    (void)state;
    enum { COUNT = 30000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    uint32_t *tags = malloc(COUNT * sizeof *tags);
    bool *there = malloc(COUNT * sizeof *there);
    assert_true(tags && there);
    uint64_t luck = 16;
    for (uint32_t item = 0; item < COUNT; item++) {
        tags[item] = (uint32_t)chance(&luck);
        there[item] = true;
        assert_true(kithp_index_add(&index, tags[item], item));
    }
    assert_true(index.depth > 1);
    for (uint32_t item = 0; item < COUNT; item++) {
        there[item] = chance_below(&luck, 3) == 0;
        if (!there[item])
            kithp_index_remove(&index, tags[item], item);
    }
    assert_is(&index, tags, there, COUNT);
    /* And what was taken out can be added again; taking out made room for it. */
    uint64_t calls = memory.calls;
    for (uint32_t item = 0; item < COUNT; item++)
        if (!there[item])
            assert_true(kithp_index_add(&index, tags[item], item));
    assert_int_equal(memory.calls, calls);
    assert_holds(&index, tags, COUNT);
    free(tags);
    free(there);
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
}

/* While its name changes, an item is known under two; each is taken out, and renumbered, on its own. */
static void index_item_under_two_tags_is_taken_out_of_one(void **state)
{
    (void)state;
    enum { COUNT = 3000, TAGS = 40 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    /* Few tags, one behind the other, so that walks of one run into entries of the next. */
    for (uint32_t item = 0; item < COUNT; item++) {
        assert_true(kithp_index_add(&index, item % TAGS, item));
        assert_true(kithp_index_add(&index, (item + 7) % TAGS, item));
    }
    for (uint32_t item = 0; item < COUNT; item++) {
        if (item % 3 == 0)
            kithp_index_remove(&index, item % TAGS, item);
        else if (item % 3 == 1)
            kithp_index_remove(&index, (item + 7) % TAGS, item);
        else
            kithp_index_renumber(&index, (item + 7) % TAGS, item, COUNT + item);
    }
    for (uint32_t item = 0; item < COUNT; item++) {
        assert_int_equal(has_once(&index, item % TAGS, item), item % 3 != 0);
        assert_int_equal(has_once(&index, (item + 7) % TAGS, item), item % 3 == 0);
        assert_int_equal(has_once(&index, (item + 7) % TAGS, COUNT + item), item % 3 == 2);
    }
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
}

/* As an array does that closes its gaps with its last item: each round takes one out, or puts one behind. */
static void index_items_given_other_numbers_are_found_by_these(void **state)
{
    (void)state;
    enum { MOST = 300, ROUNDS = 20000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_index index;
    kithp_index_init(&index, &memory.allocator);
    uint32_t tags[MOST], count = 0;
    uint64_t luck = 17;
    for (int round = 0; round < ROUNDS; round++) {
        if (count == 0 || (count < MOST && chance_below(&luck, 2))) {
            /* Many that share tags and places, some at a segment's end. */
            tags[count] = chance_below(&luck, 3) << 30 | (0xFFD + chance_below(&luck, 6));
            assert_true(kithp_index_add(&index, tags[count], count));
            count++;
        } else {
            uint32_t gap = chance_below(&luck, count);
            kithp_index_remove(&index, tags[gap], gap);
            count--;
            uint64_t calls = memory.calls;
            if (gap != count)
                kithp_index_renumber(&index, tags[count], count, gap);
            assert_int_equal(memory.calls, calls);
            tags[gap] = tags[count];
        }
        uint32_t some = count ? chance_below(&luck, count) : 0;
        assert_true(count == 0 || has_once(&index, tags[some], some));
        if (round % 100 != 0)
            continue;
        assert_holds(&index, tags, count);
        unsigned found = 0;
        for (uint32_t tag = 0; tag < 3 * 6; tag++)
            found += count_of(&index, tag / 6 << 30 | (0xFFD + tag % 6));
        assert_int_equal(found, count);
    }
    kithp_index_free(&index);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_without_entries_finds_nothing_and_takes_no_memory),
        cmocka_unit_test(index_tag_is_the_upper_half_of_the_hash),
        cmocka_unit_test(index_holds_two_hundred_thousand_like_an_array),
        cmocka_unit_test(index_tags_that_collide_keep_all_their_items),
        cmocka_unit_test(index_one_tag_alone_takes_more_than_a_segment),
        cmocka_unit_test(index_tags_at_both_ends_are_held),
        cmocka_unit_test(index_keeps_the_largest_item),
        cmocka_unit_test(index_without_memory_is_as_it_was),
        cmocka_unit_test(index_items_taken_out_leave_the_others),
        cmocka_unit_test(index_items_taken_out_of_many_segments_leave_the_others),
        cmocka_unit_test(index_items_given_other_numbers_are_found_by_these),
        cmocka_unit_test(index_item_under_two_tags_is_taken_out_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
