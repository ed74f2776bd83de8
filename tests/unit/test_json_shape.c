/* SPDX-License-Identifier: MIT */
#include "exports/json_ways.h"
#include "json_support.h"

static const char *const paths[] = {"a", "b.c", "list", "0.x", "1", "397", "398", "399"};
enum { PATHS = sizeof paths / sizeof *paths };
static struct memory memory;

/* A text with room behind it, as all that are read have. */
struct roomy {
    char bytes[2048];
    kith_text text;
};

static void put(struct roomy *roomy, const char *text)
{
    assert_true(strlen(text) + KITHP_JSON_BEHIND <= sizeof roomy->bytes);
    memset(roomy->bytes, '"', sizeof roomy->bytes);
    memcpy(roomy->bytes, text, strlen(text));
    roomy->text = (kith_text){roomy->bytes, strlen(text)};
}

static void learn(struct kithp_json_tree *tree, const char *text)
{
    struct roomy roomy;
    put(&roomy, text);
    kithp_json_shape_learn(tree->shape, roomy.text, KITHP_JSON_DEPTH_MOST);
}

/* Whether a text's shape is known, in which case it is followed in every way as the slow reader finds it. */
static bool is_known(struct kithp_json_tree *tree, const char *text)
{
    static kithp_json_follow_fn *const ways[KITHP_SCAN_WAYS] = {
        [KITHP_SCAN_PLAIN] = kithp_json_follow_plain,
#if KITHP_JSON_HAS_VECTORS
        [KITHP_SCAN_SSE2] = kithp_json_follow_sse2,
        [KITHP_SCAN_AVX2] = kithp_json_follow_avx2,
#endif
    };
    struct roomy roomy;
    if (!kithp_json_shape_is_known(tree->shape, KITHP_JSON_DEPTH_MOST))
        return false;
    put(&roomy, text);
    const char *end = roomy.bytes + roomy.text.length;
    struct plain_fault fault;
    struct plain_value *plain = plain_read(roomy.text, KITHP_JSON_DEPTH_MOST, &fault);
    unsigned known = 0, all = 0;
    for (enum kithp_scan_way way = 0; way < KITHP_SCAN_WAYS; way++) {
        if (!kithp_scan_can(way))
            continue;
        struct kithp_json_value values[PATHS];
        uint32_t found;
        bool is_followed = ways[way](tree->shape, roomy.bytes, end, values, &found) == end;
        all++;
        known += is_followed;
        assert_true(plain || !is_followed);
        for (uint32_t i = 0; is_followed && i < PATHS; i++) {
            if ((found >> i & 1) == 0)
                values[i] = (struct kithp_json_value){.type = KITHP_JSON_MISSING};
            assert_json_value(&values[i], plain_find(plain, paths[i]), roomy.text);
        }
    }
    plain_free(plain);
    assert_true(known == 0 || known == all);
    return known > 0;
}

static void json_shape_is_what_stands_between_values(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    assert_false(kithp_json_shape_is_known(tree.shape, KITHP_JSON_DEPTH_MOST));
    learn(&tree, "{\"a\":\"one\",\"b\":{\"c\":1,\"d\":null},\"e\":[true,\"\"]}");
    assert_true(kithp_json_shape_is_known(tree.shape, KITHP_JSON_DEPTH_MOST));
    assert_false(kithp_json_shape_is_known(tree.shape, 3));
    static const char *const same[] = {
        "{\"a\":\"one\",\"b\":{\"c\":1,\"d\":null},\"e\":[true,\"\"]}",
        "{\"a\":\"\",\"b\":{\"c\":-1.5e+7,\"d\":12345678901},\"e\":[0,\"a longer text than there was at this place\"]}",
        "{\"a\":\"\\u00e9\\n\",\"b\":{\"c\":false,\"d\":true},\"e\":[null,\"\xC3\xA9\"]}",
        "{\"a\":\"\\ud83d\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"{\\\"a\\\":1}\"]}",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(is_known(&tree, same[i]));
    static const char *const other[] = {
        "{\"a\":\"\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\"]",
        "{\"a\":\"\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\"}",
        "{\"a\":\"\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\",1,2]}",
        "{\"a\":1,\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\",\"b\":{\"c\":01,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\",\"b\":{\"c\":1.,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\",\"b\":{\"c\":tru,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\",\"b\":{\"c\":,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\n\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\\x\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\xC3\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"\",\"b\":{\"c\":0,\"x\":0},\"e\":[0,\"\"]}",
        "{ \"a\":\"\",\"b\":{\"c\":0,\"d\":0},\"e\":[0,\"\"]}",
        "{\"a\":\"",
        "{",
        "",
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_false(is_known(&tree, other[i]));
    kithp_json_tree_free(&tree);
    assert_int_equal(memory.live, 0);
}

/* What follows a place is the same, however it was reached. */
static void json_shape_is_put_together_from_texts(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    learn(&tree, "{\"a\":1,\"x\":[1],\"b\":{\"c\":1},\"z\":1}");
    learn(&tree, "{\"y\":1,\"b\":{\"c\":\"text\"},\"z\":{\"u\":1}}");
    learn(&tree, "{\"a\":\"text\",\"b\":{\"c\":null},\"z\":[]}");
    assert_true(is_known(&tree, "{\"a\":1,\"b\":{\"c\":5},\"z\":{\"u\":-1}}"));
    assert_true(is_known(&tree, "{\"y\":1,\"b\":{\"c\":\"text\"},\"z\":[]}"));
    assert_true(is_known(&tree, "{\"a\":\"text\",\"x\":[1],\"b\":{\"c\":1},\"z\":{\"u\":2}}"));
    assert_false(is_known(&tree, "{\"a\":1,\"x\":[],\"b\":{\"c\":1},\"z\":1}"));
    /* Elements are alike, unless a path tells them apart. */
    learn(&tree, "{\"e\":[1,2,{\"x\":1}]}");
    assert_true(is_known(&tree, "{\"e\":[1,2,3,4,5,{\"x\":6}]}"));
    learn(&tree, "[1,2]");
    assert_false(is_known(&tree, "[1]"));
    assert_false(is_known(&tree, "[1,2,3]"));
    char many[1024] = "[0", more[1024];
    for (int i = 1; i <= 402; i++)
        strcat(many, i % 2 ? ",1" : ",2");
    snprintf(more, sizeof more, "%s,0,0]", many);
    strcat(many, "]");
    assert_false(is_known(&tree, many));
    learn(&tree, many);
    assert_true(is_known(&tree, many));
    assert_true(is_known(&tree, more));
    kithp_json_tree_free(&tree);
}

static void json_shape_has_what_is_wanted_as_a_whole(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    static const char *const texts[] = {
        "{\"list\":[]}",
        "{\"list\":[\"one\",{\"a\":2}],\"a\":{}}",
        "{\"list\":{\"list\":[]},\"a\":[[]],\"b\":{\"c\":{\"d\":{}}}}",
        "[{\"x\":[1]},{\"x\":2}]",
        "[{\"x\":1},[{}],3]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(is_known(&tree, texts[i]));
        learn(&tree, texts[i]);
        assert_true(is_known(&tree, texts[i]));
    }
    kithp_json_tree_free(&tree);
}

/* Of two members of a name the last one counts, and what the first one held does not. */
static void json_shape_forgets_what_an_earlier_member_held(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    static const char *const texts[] = {
        "{\"b\":{\"c\":1},\"b\":{}}",
        "{\"b\":{\"c\":1},\"b\":2}",
        "{\"b\":{\"c\":1},\"b\":{\"d\":1}}",
        "{\"b\":{\"c\":1},\"b\":[],\"d\":1}",
        "{\"list\":[1],\"b\":{\"c\":1},\"list\":2,\"b\":[1]}",
        "{\"a\":{\"b\":{}},\"b\":{\"c\":[1],\"c\":{}},\"a\":[{}]}",
        "[{\"x\":1,\"x\":{}},[]]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        learn(&tree, texts[i]);
        assert_true(is_known(&tree, texts[i]));
    }
    kithp_json_tree_free(&tree);
}

/* Names and blanks of any length, and such as can be written in several ways. */
static void json_shape_may_have_long_names(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    static const char *const texts[] = {
        "{\"a_name_of_27_bytes_________\":1}",
        "{\"a_name_of_27_bytes_________\":\"2\"}",
        "{\"a_name_of_28_bytes__________\":1}",
        "{\"a_name_of_28_bytes__________\":\"2\"}",
        "{\"a_name_of_29_bytes___________\":1,\"a\":1}",
        "{\"a_name_of_29_bytes___________\":\"2\",\"a\":\"\"}",
        "{\"a name that takes three links, as each has no more than thirty-two bytes for it\":{\"a\":[\"\"]}}",
        "{\"a\":  1}",
        "{\"a\": 1}",
        "{\"a\":1}",
        "12",
        "\"text\"",
        "  {  \"a\"  :  1  ,                                                          \"b\" : { \"c\"\t:\n[ ]}}",
        "{\"\\u0061\":1,\"b\":{\"\\u0063\":2},\"\\ud83d\":3,\"\\\\\":4,\"\":5,\"\\\"\":6}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(is_known(&tree, texts[i]));
        learn(&tree, texts[i]);
        for (size_t k = 0; k <= i; k++)
            assert_true(is_known(&tree, texts[k]));
    }
    kithp_json_tree_free(&tree);
}

static void learn_numbered(struct kithp_json_tree *tree, unsigned number)
{
    char text[64];
    snprintf(text, sizeof text, "{\"z\":0,\"b\":{\"name %u\":1}}", number);
    learn(tree, text);
}

/*
 * More shapes than there is room for: those of before are known, until too many texts were of none; then twice as many.
 */
static void json_shape_has_room_for_so_many(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    static const char *const others[] = {"{\"x\":1}", "{\"y\":1}", "{\"c\":1}"};
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; !tree.shape->is_full; i++) {
            learn(&tree, "{\"a\":1}");
            learn_numbered(&tree, i);
        }
        assert_int_equal(tree.shape->missed, 0);
        for (unsigned missed = tree.shape->missed; missed < 1U << (12 + round); missed++)
            learn(&tree, others[round]);
        assert_true(is_known(&tree, "{\"a\":1}"));
        assert_false(is_known(&tree, others[round]));
        learn(&tree, others[round]);
        assert_int_equal(tree.shape->name_bytes, 1);
        assert_false(is_known(&tree, "{\"a\":1}"));
        assert_true(is_known(&tree, others[round]));
    }
    kithp_json_tree_free(&tree);
    assert_int_equal(memory.live, 0);
}

/* Blanks that stand for a number; that is how links are made of which no two have the same text. */
static const char *blanks_of(unsigned number)
{
    static char blanks[19];
    for (size_t i = 0; i < sizeof blanks - 1; i++)
        blanks[i] = (number >> i & 1) != 0 ? '\t' : ' ';
    return blanks;
}

/* Texts of which each adds a link, some places, or a long name. */
static void write_link(char *text, size_t room, unsigned number)
{
    snprintf(text, room, "{\"a\":%s1}", blanks_of(number));
}

static void write_places(char *text, size_t room, unsigned number)
{
    snprintf(text, room, "{\"%04u\":{\"b\":{\"c\":{\"d\":{}}}}}", number);
}

static void write_name(char *text, size_t room, unsigned number)
{
    snprintf(text, room, "{\"%01000u\":1}", number);
}

/* Whatever it is that there is most of. */
static void json_shape_takes_no_more_than_so_much_memory(void **state)
{
    (void)state;
    enum { LINKS_MOST = 4096, PLACES_MOST = 4096, NAMES_MOST = 1 << 16 };
    static void (*const ways[])(char *text, size_t room, unsigned number) = {write_link, write_places, write_name};
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
        const struct kithp_json_shape *shape = tree.shape;
        char text[1600];
        unsigned number = 0;
        for (; !shape->is_full; number++) {
            assert_in_range(number, 0, LINKS_MOST);
            ways[way](text, sizeof text, number);
            learn(&tree, text);
        }
        /* What came before is known, and what comes behind it is not. */
        ways[way](text, sizeof text, number - 2);
        assert_true(is_known(&tree, text));
        for (unsigned more = 0; more < 100; more++) {
            ways[way](text, sizeof text, number + more);
            learn(&tree, text);
            assert_false(is_known(&tree, text));
        }
        assert_in_range(shape->link_count, 1, LINKS_MOST);
        assert_in_range(shape->place_count, 1, PLACES_MOST);
        assert_in_range(shape->name_bytes, 1, NAMES_MOST);
        kithp_json_tree_free(&tree);
    }
    assert_int_equal(memory.live, 0);
}

/* The row that one is the first of. */
static unsigned row_of(const uint16_t *rows, uint32_t number)
{
    unsigned row = 0;
    while (row < KITHP_JSON_SHAPE_ROWS && rows[row] != number)
        row++;
    return row;
}

/* Whoever wants to can find names and texts of one row, which is to be looked through quickly all the same. */
static void json_shape_has_rows_of_so_many(void **state)
{
    (void)state;
    enum { ROW_MOST = 16, FIRST_PLACE = 2, FIRST_LINK = 1 };
    for (int links = 0; links < 2; links++) {
        struct kithp_json_tree all = tree_of(&memory, paths, PATHS);
        char text[64];
        unsigned same = 0;
        for (unsigned number = 0, wanted = 0; same <= ROW_MOST; number++) {
            struct memory own;
            struct kithp_json_tree one = tree_of(&own, paths, PATHS);
            if (links)
                write_link(text, sizeof text, number);
            else
                snprintf(text, sizeof text, "{\"%u\":1}", number);
            learn(&one, text);
            unsigned row =
                links ? row_of(one.shape->link_rows, FIRST_LINK) : row_of(one.shape->place_rows, FIRST_PLACE);
            wanted = number == 0 ? row : wanted;
            assert_in_range(wanted, 0, KITHP_JSON_SHAPE_ROWS - 1);
            if (row == wanted) {
                learn(&all, text);
                assert_int_equal(is_known(&all, text), same < ROW_MOST);
                same++;
            }
            kithp_json_tree_free(&one);
        }
        kithp_json_tree_free(&all);
    }
}

/* A map of thousands leaves room for what others have, as does an array with thousands of ways to separate elements. */
static void json_shape_learns_a_part_of_a_text(void **state)
{
    (void)state;
    enum { MEMBERS = 6000, MEMBER = 32 };
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    char *text = calloc(MEMBERS, MEMBER);
    assert_non_null(text);
    size_t length = 0;
    static const char *const values[] = {"1", "{}"};
    for (unsigned v = 0; v < 2; v++) {
        length = 0;
        for (unsigned i = 0; i < MEMBERS; i++)
            length += (size_t)snprintf(text + length, MEMBER, "%c\"name %u\":%s", i ? ',' : '{', i, values[v]);
        text[length++] = '}';
        kithp_json_shape_learn(tree.shape, (kith_text){text, length}, KITHP_JSON_DEPTH_MOST);
        assert_false(tree.shape->is_full);
    }
    length = 0;
    for (unsigned i = 0; i < MEMBERS; i++)
        length += (size_t)snprintf(text + length, MEMBER, "%c%s1", i ? ',' : '[', blanks_of(i));
    text[length++] = ']';
    kithp_json_shape_learn(tree.shape, (kith_text){text, length}, KITHP_JSON_DEPTH_MOST);
    assert_false(tree.shape->is_full);
    learn(&tree, "{\"a\":1,\"list\":[]}");
    assert_true(is_known(&tree, "{\"a\":2,\"list\":[]}"));
    free(text);
    kithp_json_tree_free(&tree);
}

/* Maps have a name for each of their members: those that were met last are known. */
static void json_shape_looks_at_the_last_ones_alone(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    for (unsigned i = 0; i < 100; i++)
        learn_numbered(&tree, i);
    assert_true(is_known(&tree, "{\"z\":0,\"b\":{\"name 99\":1}}"));
    assert_true(is_known(&tree, "{\"z\":0,\"b\":{\"name 90\":1}}"));
    assert_false(is_known(&tree, "{\"z\":0,\"b\":{\"name 9\":1}}"));
    /* What is met again stays. */
    for (unsigned i = 200; i < 300; i++) {
        learn_numbered(&tree, i);
        assert_true(is_known(&tree, "{\"z\":0,\"b\":{\"name 90\":1}}"));
    }
    kithp_json_tree_free(&tree);
}

/* A name that is too long is not remembered, but what is around it is. */
static void json_shape_leaves_out_endless_names(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    char text[1600];
    snprintf(text, sizeof text, "{\"a\":1,\"%01100d\":2}", 1);
    learn(&tree, text);
    assert_false(is_known(&tree, text));
    learn(&tree, "{\"a\":1,\"b\":2}");
    assert_true(is_known(&tree, "{\"a\":1,\"b\":2}"));
    snprintf(text, sizeof text, "{\"a\":1,\"%01000d\":2}", 1);
    learn(&tree, text);
    assert_true(is_known(&tree, text));
    kithp_json_tree_free(&tree);
}

static void json_shape_without_memory_is_known_as_far_as_it_goes(void **state)
{
    (void)state;
    for (unsigned fails = 0; fails < 12; fails++) {
        struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
        learn(&tree, "{\"a\":1}");
        memory_fail_after(&memory, fails);
        for (unsigned i = 0; i < 2000; i++)
            learn_numbered(&tree, i);
        memory_fail_never(&memory);
        assert_true(is_known(&tree, "{\"a\":2}"));
        is_known(&tree, "{\"z\":0,\"b\":{\"name 20\":1}}");
        kithp_json_tree_free(&tree);
        assert_int_equal(memory.live, 0);
    }
}

/* Texts with much in common, learned or not; a byte changed, or not. */
static void json_shapes_by_chance_are_followed_as_slowly(void **state)
{
    (void)state;
    struct kithp_json_tree tree = tree_of(&memory, paths, PATHS);
    uint64_t luck = 1;
    unsigned known = 0, unknown = 0;
    for (uint64_t round = tries(20000); round > 0; round--) {
        static const char *const names[] = {"a", "b", "c", "x", "list"};
        struct made made = {.length = 0};
        made_string(&made, "{");
        for (uint32_t i = 0, count = chance_below(&luck, 4); i < count; i++) {
            char name[16];
            snprintf(name, sizeof name, "%s\"%s\":", i ? "," : "", names[chance_below(&luck, 5)]);
            made_string(&made, name);
            made_value(&made, &luck, chance_below(&luck, 3));
        }
        made_string(&made, "}");
        made_byte(&made, '\0');
        if (strlen(made.bytes) > 400)
            continue;
        if (chance_below(&luck, 2) == 0)
            learn(&tree, made.bytes);
        else if (chance_below(&luck, 2) == 0)
            made.bytes[chance_below(&luck, (uint32_t)strlen(made.bytes))] = "{}[],:\"1 \\"[chance_below(&luck, 10)];
        bool followed = is_known(&tree, made.bytes);
        known += followed;
        unknown += !followed;
    }
    assert_true(known > 0 && unknown > 0);
    kithp_json_tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_shape_is_what_stands_between_values),
        cmocka_unit_test(json_shape_is_put_together_from_texts),
        cmocka_unit_test(json_shape_has_what_is_wanted_as_a_whole),
        cmocka_unit_test(json_shape_forgets_what_an_earlier_member_held),
        cmocka_unit_test(json_shape_may_have_long_names),
        cmocka_unit_test(json_shape_has_room_for_so_many),
        cmocka_unit_test(json_shape_takes_no_more_than_so_much_memory),
        cmocka_unit_test(json_shape_has_rows_of_so_many),
        cmocka_unit_test(json_shape_learns_a_part_of_a_text),
        cmocka_unit_test(json_shape_looks_at_the_last_ones_alone),
        cmocka_unit_test(json_shape_leaves_out_endless_names),
        cmocka_unit_test(json_shape_without_memory_is_known_as_far_as_it_goes),
        cmocka_unit_test(json_shapes_by_chance_are_followed_as_slowly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
