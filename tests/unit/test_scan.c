/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "exports/scan.h"

static struct kithp_scan look(const unsigned char *text, uint32_t length, char delimiter, uint32_t *places)
{
    struct kithp_scan scan = {0, 0, false, true};
    for (uint32_t i = 0; i < length; i++) {
        bool line = text[i] == '\n', quote = text[i] == '"';
        if (line || quote || text[i] == (unsigned char)delimiter)
            places[scan.count++] = i;
        scan.lines += line;
        scan.quotes |= quote;
        scan.ascii &= text[i] < 0x80;
    }
    return scan;
}

/* Memory of exactly what may be read, so that more shows. */
static void check(const char *text, uint32_t length, char delimiter)
{
    unsigned char *copy = malloc(length + KITHP_SCAN_BEHIND);
    uint32_t *expected = malloc((length + 1) * sizeof *expected);
    uint32_t *places = malloc((length + KITHP_SCAN_ROOM) * sizeof *places);
    assert_true(copy && expected && places);
    /* What stands behind the text is looked for, but must not be found. */
    memset(copy, '\n', length + KITHP_SCAN_BEHIND);
    if (length)
        memcpy(copy, text, length);
    struct kithp_scan right = look(copy, length, delimiter, expected);
    for (enum kithp_scan_way way = 0; way < KITHP_SCAN_WAYS; way++) {
        if (!kithp_scan_can(way))
            continue;
        struct kithp_scan scan = kithp_scan(way, (const char *)copy, length, delimiter, places);
        assert_int_equal(scan.count, right.count);
        assert_int_equal(scan.lines, right.lines);
        assert_int_equal(scan.quotes, right.quotes);
        assert_int_equal(scan.ascii, right.ascii);
        if (right.count)
            assert_memory_equal(places, expected, right.count * sizeof *places);
    }
    free(copy);
    free(expected);
    free(places);
}

static void scan_of_any_bytes_finds_the_same_in_every_way(void **state)
{
    (void)state;
    static const char delimiters[] = {',', ';', '\t', '|', 'x', 0, 0x7F};
    uint64_t luck = 1;
    char text[400];
    for (int round = 0; round < 3000; round++) {
        uint32_t length = chance_below(&luck, sizeof text + 1);
        char delimiter = delimiters[chance_below(&luck, sizeof delimiters)];
        uint32_t density = 1 + chance_below(&luck, 8);
        for (uint32_t i = 0; i < length; i++) {
            const char marks[] = {delimiter, '\n', '"', '\r', (char)(delimiter ^ 0x80), '\n' + 1};
            text[i] = chance_below(&luck, density) ? (char)chance_below(&luck, round % 2 ? 256 : 128)
                                                   : marks[chance_below(&luck, sizeof marks)];
        }
        check(text, length, delimiter);
    }
}

static void scan_finds_a_lone_byte_wherever_it_stands(void **state)
{
    (void)state;
    static const char bytes[] = {',', '\n', '"', (char)0x80, (char)(',' | 0x80), 0};
    char text[200];
    for (uint32_t length = 1; length < sizeof text; length += 13)
        for (uint32_t at = 0; at < length; at++)
            for (size_t b = 0; b < sizeof bytes; b++) {
                memset(text, 'a', length);
                text[at] = bytes[b];
                check(text, length, ',');
            }
}

static void scan_of_nothing_but_marks_finds_them_all(void **state)
{
    (void)state;
    char text[1000];
    for (uint32_t length = 0; length < sizeof text; length += 37) {
        memset(text, ',', length);
        check(text, length, ',');
        memset(text, '\n', length);
        check(text, length, ',');
        memset(text, '"', length);
        check(text, length, ',');
    }
}

static void scan_in_plain_c_is_always_there(void **state)
{
    (void)state;
    assert_true(kithp_scan_can(KITHP_SCAN_PLAIN));
    assert_true(kithp_scan_can(kithp_scan_best()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_of_any_bytes_finds_the_same_in_every_way),
        cmocka_unit_test(scan_finds_a_lone_byte_wherever_it_stands),
        cmocka_unit_test(scan_of_nothing_but_marks_finds_them_all),
        cmocka_unit_test(scan_in_plain_c_is_always_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
