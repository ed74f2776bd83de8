/* SPDX-License-Identifier: MIT */
#include "tally/members.h"

#include "support.h"

enum { MANY = 100000 };

/* Names of different lengths, none the beginning of a rule that a hash could follow. */
static kith_text nth_name(uint32_t number, char *room)
{
    int length = sprintf(room, "m%u-%.*s", number, (int)(number % 40), "0123456789abcdefghijklmnopqrstuvwxyzäöüß");
    return (kith_text){room, (uint64_t)length};
}

/* Ids in jumps, the ends of the range among them. */
static uint64_t nth_id(uint32_t number)
{
    if (number == 1)
        return UINT64_MAX;
    return number * UINT64_C(0x0000000100000001);
}

static void members_empty_has_nobody(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    for (int named = 0; named < 2; named++) {
        struct kithp_members members;
        kithp_members_init(&members, &memory.allocator, named);
        assert_int_equal(kithp_members_count(&members), 0);
        kithp_members_free(&members);
    }
    assert_int_equal(memory.calls, 0);
}

static void members_100000_names_are_numbered_as_they_come(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, true);
    char room[128];
    uint32_t index;
    for (uint32_t i = 0; i < MANY; i++) {
        assert_true(kithp_members_find_name(&members, nth_name(i, room), &index));
        assert_int_equal(index, i);
    }
    uint64_t calls = memory.calls;
    for (uint32_t i = 0; i < MANY; i++) {
        kith_text name = nth_name(i, room);
        assert_true(kithp_members_find_name(&members, name, &index));
        assert_int_equal(index, i);
        kith_text kept = kithp_members_name(&members, i);
        assert_int_equal(kept.length, name.length);
        assert_memory_equal(kept.data, name.data, name.length);
    }
    assert_int_equal(kithp_members_count(&members), MANY);
    assert_int_equal(memory.calls, calls);
    assert_int_equal(kithp_members_id(&members, 5), 0);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static void members_100000_ids_are_numbered_as_they_come(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, false);
    uint32_t index;
    for (uint32_t i = 0; i < MANY; i++) {
        assert_true(kithp_members_find_id(&members, nth_id(i), &index));
        assert_int_equal(index, i);
    }
    for (uint32_t i = MANY; i-- > 0;) {
        assert_true(kithp_members_find_id(&members, nth_id(i), &index));
        assert_int_equal(index, i);
        assert_true(kithp_members_id(&members, i) == nth_id(i));
    }
    assert_int_equal(kithp_members_count(&members), MANY);
    assert_int_equal(kithp_members_name(&members, 5).length, 0);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static void members_names_are_told_apart_by_every_byte(void **state)
{
    (void)state;
    char longest[2][255];
    memset(longest, 'x', sizeof longest);
    longest[1][254] = 'y';
    const kith_text names[] = {TEXT("a"),    TEXT("a\0"),   TEXT("a\0b"),      TEXT("a\0c"),      TEXT("\0"),
                               TEXT("\0\0"), TEXT("A"),     TEXT("a "),        TEXT("\xC3\xA4"),  TEXT("a\xCC\x88"),
                               TEXT("aa"),   TEXT("a\0\0"), {longest[0], 255}, {longest[0], 254}, {longest[1], 255}};
    enum { COUNT = sizeof names / sizeof *names };
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, true);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            kith_text exact = text_exact(names[i]);
            uint32_t index;
            assert_true(kithp_members_find_name(&members, exact, &index));
            assert_int_equal(index, i);
            text_free(exact);
            assert_int_equal(kithp_members_name(&members, i).length, names[i].length);
            assert_memory_equal(kithp_members_name(&members, i).data, names[i].data, names[i].length);
        }
    }
    assert_int_equal(kithp_members_count(&members), COUNT);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

/* What shares a key is told apart by length and bytes: entries of others are put where a name is looked for. */
static void members_of_the_same_key_are_told_apart(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, true);
    const kith_text others[] = {TEXT("anabelle and bo"), TEXT("anabelle"), TEXT("anabella"), TEXT("anabelle\0")};
    const kith_text name = TEXT("anabelli");
    uint64_t key = kithp_members_key_of_name(&members, name), hash = kithp_hash_number(members.key, key);
    uint32_t index;
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(kithp_members_find_name(&members, others[i], &index));
        assert_true(kithp_map_reserve(&members.others, hash, 1));
        kithp_map_add(&members.others, hash, (struct kithp_map_entry){.key = key, .value = index + 1});
    }
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(kithp_members_find_name(&members, name, &index));
        assert_int_equal(index, 4);
    }
    /* The entry that is taken out is its own. */
    kithp_members_truncate(&members, 4);
    assert_false(kithp_members_look_up_name(&members, name, &index));
    struct kithp_map_walk walk = kithp_map_begin(&members.others, hash, key);
    for (uint32_t i = 0; i < 4; i++)
        assert_non_null(kithp_map_next(&walk));
    assert_null(kithp_map_next(&walk));
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

/* No name of up to seven bytes has the key of another, however long; read from exactly as many bytes as it has. */
static void members_short_names_have_keys_of_their_own(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, true);
    uint64_t keys[8 * 256], luck = 3;
    size_t count = 0;
    for (size_t length = 1; length <= 7; length++) {
        for (unsigned i = 0; i < 60; i++) {
            char bytes[8] = {0};
            bytes[i % length] = (char)(i < 20 ? 0 : 1 + chance_below(&luck, 255));
            bytes[i * 5 % length] = (char)(i < 10 ? 0 : i);
            kith_text exact = text_exact((kith_text){bytes, length});
            uint32_t index, before = kithp_members_count(&members);
            uint64_t key = kithp_members_key_of_name(&members, exact);
            assert_true(kithp_members_find_name(&members, exact, &index));
            bool is_new = index == before;
            assert_memory_equal(kithp_members_name(&members, index).data, bytes, length);
            assert_int_equal(kithp_members_name(&members, index).length, length);
            for (size_t k = 0; k < count; k++)
                assert_true(keys[k] != key || !is_new);
            keys[count++] = key;
            text_free(exact);
        }
    }
    assert_true(kithp_members_key_of_name(&members, TEXT("12345678")) >> 63);
    assert_in_range(kithp_members_count(&members), 200, count);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static bool find_nth(struct kithp_members *members, uint32_t number, uint32_t *index)
{
    char room[128];
    return members->named ? kithp_members_find_name(members, nth_name(number, room), index)
                          : kithp_members_find_id(members, nth_id(number), index);
}

/* Those forgotten are known no more, and come back under numbers of their own; the others keep theirs. */
static void members_truncated_are_forgotten(void **state)
{
    (void)state;
    enum { ALL = 30000, KEPT = 9000 };
    struct memory memory;
    memory_init(&memory);
    for (int named = 0; named < 2; named++) {
        struct kithp_members members;
        kithp_members_init(&members, &memory.allocator, named);
        uint32_t index;
        for (uint32_t i = 0; i < ALL; i++)
            assert_true(find_nth(&members, i, &index));
        kithp_members_truncate(&members, ALL + 1);
        kithp_members_truncate(&members, ALL);
        assert_int_equal(kithp_members_count(&members), ALL);
        kithp_members_truncate(&members, KEPT);
        assert_int_equal(kithp_members_count(&members), KEPT);
        for (uint32_t i = 0; i < KEPT; i++) {
            assert_true(find_nth(&members, i, &index));
            assert_int_equal(index, i);
        }
        assert_int_equal(kithp_members_count(&members), KEPT);
        for (uint32_t i = 0; i < ALL - KEPT; i++) {
            assert_true(find_nth(&members, ALL - 1 - i, &index));
            assert_int_equal(index, KEPT + i);
        }
        for (uint32_t i = 0; i < ALL; i++) {
            assert_true(find_nth(&members, i, &index));
            assert_int_equal(index, i < KEPT ? i : KEPT + (ALL - 1 - i));
        }
        kithp_members_truncate(&members, 0);
        assert_int_equal(kithp_members_count(&members), 0);
        assert_true(find_nth(&members, 5, &index));
        assert_int_equal(index, 0);
        kithp_members_free(&members);
        assert_int_equal(memory.live, 0);
    }
}

/* Each allocation that 20 000 additions need fails once; after it all is as before, and the same call then succeeds. */
static void add_while_memory_fails(bool named)
{
    enum { COUNT = 20000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, named);
    char room[128];
    unsigned failures = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        for (uint64_t n = 0;; n++) {
            uint32_t index = 4711;
            memory_fail_after(&memory, n);
            bool added = named ? kithp_members_find_name(&members, nth_name(i, room), &index)
                               : kithp_members_find_id(&members, nth_id(i), &index);
            bool failed = memory.calls >= memory.fail_at;
            memory_fail_never(&memory);
            assert_int_equal(added, !failed);
            if (added) {
                assert_int_equal(index, i);
                break;
            }
            failures++;
            assert_int_equal(index, 4711);
            assert_int_equal(kithp_members_count(&members), i);
            if (i > 0) {
                uint32_t known = i / 2;
                assert_true(named ? kithp_members_find_name(&members, nth_name(known, room), &index)
                                  : kithp_members_find_id(&members, nth_id(known), &index));
                assert_int_equal(index, known);
            }
        }
    }
    assert_true(failures > 20);
    assert_int_equal(kithp_members_count(&members), COUNT);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static void members_named_failed_allocation_leaves_them_unchanged(void **state)
{
    (void)state;
    add_while_memory_fails(true);
}

static void members_numbered_failed_allocation_leaves_them_unchanged(void **state)
{
    (void)state;
    add_while_memory_fails(false);
}

/* ---- merged and forgotten ---- */

/* What each number should lead to, kept in the simplest way. */
struct mirror {
    uint32_t leads_to[600];
    bool known[600];
};

static void merge_both(struct kithp_members *members, struct mirror *mirror, uint32_t from, uint32_t into)
{
    assert_true(kithp_members_reserve_link(members));
    kithp_members_merge(members, from, into);
    for (uint32_t i = 0; i < 600; i++)
        if (mirror->leads_to[i] == from)
            mirror->leads_to[i] = into;
}

static void forget_both(struct kithp_members *members, struct mirror *mirror, uint32_t index)
{
    assert_true(kithp_members_reserve_link(members));
    kithp_members_forget(members, index);
    for (uint32_t i = 0; i < 600; i++) {
        if (mirror->leads_to[i] != index)
            continue;
        mirror->leads_to[i] = KITHP_NOBODY;
        mirror->known[i] = false;
    }
}

static bool look_up_nth(const struct kithp_members *members, uint32_t number, uint32_t *index)
{
    char room[128];
    return members->named ? kithp_members_look_up_name(members, nth_name(number, room), index)
                          : kithp_members_look_up_id(members, nth_id(number), index);
}

/* At random, among six hundred: each index and each name leads to where the mirror has it, at any moment. */
static void members_merged_and_forgotten_lead_where_they_should(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    uint64_t luck = 21;
    for (int named = 0; named < 2; named++) {
        struct kithp_members members;
        static struct mirror mirror;
        kithp_members_init(&members, &memory.allocator, named);
        uint32_t index, living = 600;
        for (uint32_t i = 0; i < 600; i++) {
            assert_true(find_nth(&members, i, &index));
            mirror.leads_to[i] = i;
            mirror.known[i] = true;
        }
        for (unsigned step = 0; step < 450; step++) {
            uint32_t from = chance_below(&luck, 600), into = chance_below(&luck, 600);
            if (mirror.leads_to[from] != from || mirror.leads_to[into] != into || from == into)
                continue;
            if (chance_below(&luck, 4))
                merge_both(&members, &mirror, from, into);
            else
                forget_both(&members, &mirror, from);
            living--;
            assert_int_equal(kithp_members_living(&members), living);
            for (uint32_t i = 0; i < 600; i++) {
                assert_int_equal(kithp_members_resolve(&members, i), mirror.leads_to[i]);
                assert_int_equal(look_up_nth(&members, i, &index), mirror.known[i]);
                if (mirror.known[i])
                    assert_int_equal(index, mirror.leads_to[i]);
            }
        }
        assert_true(living < 500);
        /* A name that comes again is a newcomer's. */
        for (uint32_t i = 0; i < 600; i++) {
            uint32_t count = kithp_members_count(&members);
            assert_true(find_nth(&members, i, &index));
            assert_int_equal(index, mirror.known[i] ? mirror.leads_to[i] : count);
        }
        kithp_members_free(&members);
    }
    assert_int_equal(memory.live, 0);
}

/* Small and large ids, in an order in which many are small only later, and some for good are not. */
static uint64_t mixed_id(uint32_t number)
{
    static const uint64_t spread[] = {1, 3, 20, UINT64_C(0x100000001)};
    return (uint64_t)((number * 7919U) % 30011U) * spread[number % 4] * 4 + number % 4;
}

/* The same members as one would get by looking through all that came before, in whatever way an id is kept. */
static void members_of_small_and_large_ids_are_the_same(void **state)
{
    (void)state;
    enum { ALL = 20000, KEPT = 15000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, false);
    uint64_t luck = 8;
    uint32_t index, quick = 0;
    for (uint32_t i = 0; i < ALL; i++) {
        assert_false(kithp_members_look_up_id(&members, mixed_id(i), &index));
        assert_true(kithp_members_find_id(&members, mixed_id(i), &index));
        assert_int_equal(index, i);
        uint32_t known = chance_below(&luck, i + 1);
        /* One that is to become small is found even where there is no memory for that. */
        if (i % 3 == 0)
            memory_fail_after(&memory, 0);
        assert_true(kithp_members_find_id(&members, mixed_id(known), &index));
        memory_fail_never(&memory);
        assert_int_equal(index, known);
        assert_true(kithp_members_look_up_id(&members, mixed_id(known), &index));
        assert_int_equal(index, known);
    }
    kithp_members_truncate(&members, KEPT);
    for (uint32_t i = 0; i < ALL; i++) {
        assert_int_equal(kithp_members_look_up_id(&members, mixed_id(i), &index), i < KEPT);
        assert_true(i >= KEPT || index == i);
        uint32_t small = kithp_members_look_up_small(&members, mixed_id(i));
        assert_true(small == KITHP_NOBODY || (i < KEPT && small == i));
        quick += small != KITHP_NOBODY;
    }
    /* Those of the first spread are small in the end, some of the next two, and none of the last. */
    assert_in_range(quick, KEPT / 5, KEPT / 2);
    for (uint32_t i = 0; i < KEPT; i += 50) {
        assert_true(kithp_members_reserve_link(&members));
        if (i % 100 == 0)
            kithp_members_merge(&members, i, i + 1);
        else
            kithp_members_forget(&members, i);
    }
    for (uint32_t i = 0; i < KEPT; i++) {
        bool merged = i % 100 == 0, forgotten = i % 100 == 50;
        assert_int_equal(kithp_members_look_up_id(&members, mixed_id(i), &index), !forgotten);
        assert_true(forgotten || index == i + merged);
        uint32_t small = kithp_members_look_up_small(&members, mixed_id(i));
        assert_true(small == KITHP_NOBODY || small == index);
    }
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

/* Ids that a stranger chooses, each as large as is still small, take no more than a few bytes a member. */
static void members_of_hostile_ids_take_memory_by_their_number(void **state)
{
    (void)state;
    enum { COUNT = 30000 };
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, false);
    uint32_t index;
    for (uint32_t i = 0; i < COUNT; i++) {
        uint64_t id = UINT64_C(8) * i + KITHP_DENSE_PAGE - 1;
        assert_true(kithp_members_find_id(&members, id, &index));
        assert_int_equal(index, i);
        assert_int_equal(kithp_members_look_up_small(&members, id), i);
    }
    size_t pages = 0;
    for (size_t i = 0; i < members.small.page_count; i++)
        pages += members.small.pages[i] != NULL;
    assert_in_range(pages * KITHP_DENSE_PAGE * sizeof(uint32_t), COUNT, 40 * COUNT);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

static void members_link_without_memory_changes_nothing(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_members members;
    kithp_members_init(&members, &memory.allocator, true);
    uint32_t index;
    for (uint32_t i = 0; i < 10; i++)
        assert_true(find_nth(&members, i, &index));
    for (uint32_t i = 0; i < 9; i++) {
        memory_fail_after(&memory, 0);
        bool reserved = kithp_members_reserve_link(&members);
        memory_fail_never(&memory);
        assert_int_equal(kithp_members_living(&members), 10 - i);
        if (!reserved)
            assert_true(kithp_members_reserve_link(&members));
        kithp_members_merge(&members, i, 9);
    }
    assert_int_equal(kithp_members_living(&members), 1);
    kithp_members_free(&members);
    assert_int_equal(memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_empty_has_nobody),
        cmocka_unit_test(members_100000_names_are_numbered_as_they_come),
        cmocka_unit_test(members_100000_ids_are_numbered_as_they_come),
        cmocka_unit_test(members_names_are_told_apart_by_every_byte),
        cmocka_unit_test(members_of_the_same_key_are_told_apart),
        cmocka_unit_test(members_short_names_have_keys_of_their_own),
        cmocka_unit_test(members_truncated_are_forgotten),
        cmocka_unit_test(members_merged_and_forgotten_lead_where_they_should),
        cmocka_unit_test(members_of_small_and_large_ids_are_the_same),
        cmocka_unit_test(members_of_hostile_ids_take_memory_by_their_number),
        cmocka_unit_test(members_link_without_memory_changes_nothing),
        cmocka_unit_test(members_named_failed_allocation_leaves_them_unchanged),
        cmocka_unit_test(members_numbered_failed_allocation_leaves_them_unchanged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
