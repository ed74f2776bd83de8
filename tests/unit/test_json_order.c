/* SPDX-License-Identifier: MIT */
#include "exports/json_tree.h"
#include "support.h"

/* Two objects, and what a name may lead to. */
static const struct kithp_json_node nodes[3];

static uint16_t learn(struct kithp_json_order *order, uint16_t before, enum kithp_json_place place, const char *text,
                      const void *object, const struct kithp_json_node *node)
{
    char bytes[64] = {0};
    memcpy(bytes, text, strlen(text));
    return kithp_json_order_learn(order, before, place, bytes, strlen(text), object, node);
}

static struct kithp_json_order begin(struct memory *memory)
{
    struct kithp_json_order order;
    memory_init(memory);
    assert_true(kithp_json_order_init(&order, &memory->allocator));
    return order;
}

static void json_order_remembers_what_came_where(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_json_order order = begin(&memory);
    uint16_t actor = learn(&order, 0, KITHP_JSON_INSIDE, "{\"actor\":", &nodes[0], &nodes[1]);
    uint16_t login = learn(&order, actor, KITHP_JSON_INSIDE, "{\"login\":", &nodes[1], &nodes[2]);
    uint16_t repo = learn(&order, actor, KITHP_JSON_BEHIND_IT, ",\"repo\": ", &nodes[0], NULL);
    assert_int_equal(order.names[0].after[KITHP_JSON_INSIDE], actor);
    assert_int_equal(order.names[actor].after[KITHP_JSON_INSIDE], login);
    assert_int_equal(order.names[actor].after[KITHP_JSON_BEHIND_IT], repo);
    assert_ptr_equal(order.names[login].node, &nodes[2]);
    assert_ptr_equal(order.names[login].object, &nodes[1]);
    assert_int_equal(order.names[repo].length, 9);
    assert_int_equal(order.names[repo].bits, 0x1FF);
    assert_memory_equal(order.names[repo].text, ",\"repo\": ", 10);
    /* Known already: what came behind it stays. */
    assert_int_equal(learn(&order, 0, KITHP_JSON_INSIDE, "{\"actor\":", &nodes[0], &nodes[1]), actor);
    assert_int_equal(order.names[actor].after[KITHP_JSON_INSIDE], login);
    kithp_json_order_free(&order);
    assert_int_equal(memory.live, 0);
}

/* The same name is another behind another, in another object, and at another place. */
static void json_order_tells_names_apart_by_where_they_stand(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_json_order order = begin(&memory);
    uint16_t user = learn(&order, 0, KITHP_JSON_INSIDE, "{\"user\":", &nodes[0], NULL);
    uint16_t team = learn(&order, user, KITHP_JSON_BEHIND_IT, ",\"team\":", &nodes[0], NULL);
    uint16_t numbers[] = {
        learn(&order, user, KITHP_JSON_INSIDE, "{\"url\":", &order, NULL),
        learn(&order, team, KITHP_JSON_INSIDE, "{\"url\":", &order, NULL),
        learn(&order, team, KITHP_JSON_INSIDE, "{\"url\":", &nodes[1], &nodes[2]),
        learn(&order, team, KITHP_JSON_BEHIND_IT, ",\"url\":", &nodes[1], &nodes[2]),
    };
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            assert_int_not_equal(numbers[i], numbers[k]);
    kithp_json_order_free(&order);
}

static void json_order_leaves_out_names_that_are_too_long(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_json_order order = begin(&memory);
    assert_int_equal(learn(&order, 0, KITHP_JSON_INSIDE, "{\"a_name_of_thirty_three_bytes_\":", &nodes[0], NULL), 0);
    assert_int_equal(order.names[0].after[KITHP_JSON_INSIDE], 0);
    uint16_t longest = learn(&order, 0, KITHP_JSON_INSIDE, "{\"a_name_of_thirty_two_bytes__\":", &nodes[0], NULL);
    assert_int_equal(order.names[0].after[KITHP_JSON_INSIDE], longest);
    assert_int_equal(order.names[longest].bits, UINT32_MAX);
    kithp_json_order_free(&order);
}

/* More names than there is room for: the last one is known, whatever was forgotten for it. */
static void json_order_forgets_names_for_others(void **state)
{
    (void)state;
    struct memory memory;
    struct kithp_json_order order = begin(&memory);
    uint16_t before = 0;
    for (int i = 0; i < 20000; i++) {
        char text[32];
        snprintf(text, sizeof text, ",\"name %d\":", i);
        uint16_t number = learn(&order, before, KITHP_JSON_BEHIND_IT, text, &nodes[0], NULL);
        assert_in_range(number, 1, order.mask);
        assert_memory_equal(order.names[number].text, text, strlen(text));
        before = number;
    }
    kithp_json_order_free(&order);
}

/* It takes room for them, as far as there is memory for it; in the end nearly all are known. */
static void json_order_makes_room_between_texts(void **state)
{
    (void)state;
    for (int fails = 0; fails < 2; fails++) {
        struct memory memory;
        struct kithp_json_order order = begin(&memory);
        const uint32_t first = order.mask;
        if (fails)
            memory_fail_after(&memory, 0);
        unsigned known = 0;
        for (int text = 0; text < 8; text++) {
            kithp_json_order_begin(&order);
            uint16_t before = 0;
            known = 0;
            for (int i = 0; i < 500; i++) {
                char name[32];
                snprintf(name, sizeof name, ",\"name %d\":", i);
                uint16_t likely = order.names[before].after[KITHP_JSON_BEHIND_IT];
                uint16_t number = learn(&order, before, KITHP_JSON_BEHIND_IT, name, &nodes[0], NULL);
                known += number == likely;
                before = number;
            }
        }
        assert_true(fails ? order.mask == first : order.mask > first);
        if (!fails)
            assert_in_range(known, 480, 500);
        memory_fail_never(&memory);
        kithp_json_order_free(&order);
        assert_int_equal(memory.live, 0);
    }
}

static void json_order_of_none_knows_the_last_node_alone(void **state)
{
    (void)state;
    struct kithp_json_name name = {.object = NULL};
    struct kithp_json_order order = kithp_json_order_of_none(&name);
    assert_int_equal(learn(&order, 0, KITHP_JSON_INSIDE, "{\"a\":", &nodes[0], &nodes[1]), 0);
    assert_ptr_equal(name.node, &nodes[1]);
    assert_int_equal(learn(&order, 0, KITHP_JSON_BEHIND_IT, ",\"b\":", &nodes[0], NULL), 0);
    assert_null(name.node);
    assert_null(name.object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_order_remembers_what_came_where),
        cmocka_unit_test(json_order_tells_names_apart_by_where_they_stand),
        cmocka_unit_test(json_order_leaves_out_names_that_are_too_long),
        cmocka_unit_test(json_order_forgets_names_for_others),
        cmocka_unit_test(json_order_makes_room_between_texts),
        cmocka_unit_test(json_order_of_none_knows_the_last_node_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
