/* SPDX-License-Identifier: MIT */
#include "json_support.h"

static enum kithp_json_tree_outcome init(struct kithp_json_tree *tree, struct memory *memory, const char *const *paths,
                                         size_t count, struct kithp_json_path_fault *fault)
{
    kith_text texts[KITHP_JSON_PATHS_MOST + 1];
    for (size_t i = 0; i < count; i++)
        texts[i] = kith_text_of(paths[i]);
    return kithp_json_tree_init(tree, &memory->allocator, texts, count, fault);
}

static void json_tree_says_where_a_path_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        unsigned offset;
        const char *words;
    } cases[] = {
        {"", 0, "expected a name"},
        {"..", 0, "expected a name"},
        {".a", 0, "expected a name"},
        {"a.", 2, "expected a name"},
        {"a..b", 2, "expected a name"},
        {"a[0]", 1, "expected a dot, or quotes around the name"},
        {"[]", 0, "expected a name"},
        {"a\"b", 1, "expected a dot, or quotes around the name"},
        {"\"a\"b", 3, "expected a dot, or quotes around the name"},
        {"a\tb", 1, "expected a dot, or quotes around the name"},
        {"\"a", 2, "expected a closing quote"},
        {"b.\"", 3, "expected a closing quote"},
        {"b.\"\\x\"", 4, "expected what JSON allows in a string"},
        {"\"a\tb\"", 2, "expected what JSON allows in a string"},
        {"\"\xFF\"", 1, "expected what JSON allows in a string"},
        {"a.\xC3(", 2, "expected UTF-8"},
        {"a.\"\\ud800\"", 2, "expected no half of a surrogate pair"},
        {"1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17", 38, "expected no more names"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *paths[] = {"fine.one", cases[i].path, "never.read..."};
        struct kithp_json_tree tree;
        struct kithp_json_path_fault fault;
        struct memory memory;
        memory_init(&memory);
        assert_int_equal(init(&tree, &memory, paths, 3, &fault), KITHP_JSON_TREE_FAULT);
        assert_string_equal(fault.words, cases[i].words);
        assert_int_equal(fault.path, 1);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_int_equal(memory.live, 0);
    }
}

static void json_tree_takes_as_many_paths_and_names_as_it_says(void **state)
{
    (void)state;
    char names[KITHP_JSON_PATHS_MOST + 1][128];
    const char *paths[KITHP_JSON_PATHS_MOST + 1];
    for (int i = 0; i <= KITHP_JSON_PATHS_MOST; i++) {
        size_t length = (size_t)snprintf(names[i], sizeof names[i], "n%d", i);
        for (int depth = 1; depth < KITHP_JSON_NAMES_MOST; depth++)
            length += (size_t)snprintf(names[i] + length, sizeof names[i] - length, ".%d", i + depth);
        paths[i] = names[i];
    }
    struct kithp_json_tree tree;
    struct kithp_json_path_fault fault;
    struct memory memory;
    memory_init(&memory);
    assert_int_equal(init(&tree, &memory, paths, KITHP_JSON_PATHS_MOST + 1, &fault), KITHP_JSON_TREE_FAULT);
    assert_int_equal(fault.path, KITHP_JSON_PATHS_MOST);
    assert_string_equal(fault.words, "expected no more paths");
    assert_int_equal(init(&tree, &memory, paths, KITHP_JSON_PATHS_MOST, &fault), KITHP_JSON_TREE_FINE);

    /* Each of them is found, whatever others there are. */
    for (int i = 0; i < KITHP_JSON_PATHS_MOST; i++) {
        struct made made = {.length = 0};
        char number[16];
        for (int depth = 0; depth < KITHP_JSON_NAMES_MOST; depth++) {
            snprintf(number, sizeof number, depth ? "{\"%d\":" : "{\"n%d\":", i + depth);
            made_string(&made, number);
        }
        made_string(&made, "5");
        for (int depth = 0; depth < KITHP_JSON_NAMES_MOST; depth++)
            made_string(&made, "}");
        struct kithp_json_value values[KITHP_JSON_PATHS_MOST];
        struct kithp_json_fault refused;
        assert_true(kithp_json_read(&tree, (kith_text){made.bytes, made.length}, 64, values, &refused));
        for (int other = 0; other < KITHP_JSON_PATHS_MOST; other++)
            assert_int_equal(values[other].type, other == i ? KITHP_JSON_NUMBER : KITHP_JSON_MISSING);
    }
    kithp_json_tree_free(&tree);
    assert_int_equal(memory.live, 0);
}

static void json_tree_of_no_paths_finds_nothing(void **state)
{
    (void)state;
    struct kithp_json_tree tree;
    struct kithp_json_fault fault;
    struct memory memory;
    memory_init(&memory);
    assert_int_equal(kithp_json_tree_init(&tree, &memory.allocator, NULL, 0, NULL), KITHP_JSON_TREE_FINE);
    char text[2 + KITHP_JSON_BEHIND] = "{}";
    assert_true(kithp_json_read(&tree, (kith_text){text, 2}, 64, NULL, &fault));
    kithp_json_tree_free(&tree);
    /* Once more does no harm. */
    kithp_json_tree_free(&tree);
    assert_int_equal(memory.live, 0);
}

static void json_tree_without_memory_leaves_nothing(void **state)
{
    (void)state;
    static const char *const paths[] = {"a.b", "a.\"c d\"", "x"};
    struct memory memory;
    memory_init(&memory);
    bool fine = false;
    for (uint64_t more = 0; !fine; more++) {
        struct kithp_json_tree tree;
        struct kithp_json_path_fault fault;
        memory_fail_after(&memory, more);
        fine = init(&tree, &memory, paths, 3, &fault) == KITHP_JSON_TREE_FINE;
        memory_fail_never(&memory);
        if (fine)
            kithp_json_tree_free(&tree);
        assert_int_equal(memory.live, 0);
        assert_true(more < 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_tree_says_where_a_path_is_wrong),
        cmocka_unit_test(json_tree_takes_as_many_paths_and_names_as_it_says),
        cmocka_unit_test(json_tree_of_no_paths_finds_nothing),
        cmocka_unit_test(json_tree_without_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
