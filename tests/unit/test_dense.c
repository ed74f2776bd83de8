/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/dense.h"

enum { KEYS = 40 * KITHP_DENSE_PAGE };

static uint32_t mirror[KEYS];

static void assert_like_mirror(const struct kithp_dense *dense)
{
    for (uint64_t key = 0; key < KEYS; key++) {
        kithp_dense_prefetch(dense, key);
        assert_int_equal(kithp_dense_get(dense, key), mirror[key]);
    }
}

static void dense_empty_has_no_key(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_dense dense;
    kithp_dense_init(&dense, &memory.allocator);
    memset(mirror, 0, sizeof mirror);
    assert_like_mirror(&dense);
    assert_int_equal(kithp_dense_get(&dense, UINT64_MAX), 0);
    kithp_dense_prefetch(&dense, UINT64_MAX);
    kithp_dense_free(&dense);
    assert_int_equal(memory.calls, 0);
}

/* Keys of all pages but some, at random; each allocation that they need fails once. */
static void dense_is_like_an_array(void **state)
{
    (void)state;
    struct memory memory;
    memory_init(&memory);
    struct kithp_dense dense;
    uint64_t luck = 5;
    unsigned failures = 0;
    kithp_dense_init(&dense, &memory.allocator);
    memset(mirror, 0, sizeof mirror);
    for (unsigned i = 0; i < 5000; i++) {
        uint32_t key = chance_below(&luck, KEYS), number = chance_below(&luck, 3) * i;
        if (key / KITHP_DENSE_PAGE % 5 == 3)
            continue;
        memory_fail_after(&memory, 0);
        bool reserved = kithp_dense_reserve(&dense, key);
        memory_fail_never(&memory);
        if (!reserved) {
            failures++;
            assert_int_equal(kithp_dense_get(&dense, key), 0);
            if (failures % 8 == 1)
                assert_like_mirror(&dense);
            assert_true(kithp_dense_reserve(&dense, key));
        }
        kithp_dense_set(&dense, key, number);
        mirror[key] = number;
    }
    assert_like_mirror(&dense);
    assert_true(failures >= 32);
    assert_int_equal(kithp_dense_get(&dense, KEYS + UINT64_C(0x100000000)), 0);
    kithp_dense_free(&dense);
    assert_int_equal(memory.live, 0);
    assert_int_equal(kithp_dense_get(&dense, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_empty_has_no_key),
        cmocka_unit_test(dense_is_like_an_array),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
