/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

#include "exports/gzip.h"

/* ---- making ---- */

static char *invent_text(size_t length, uint64_t luck)
{
    static const char letters[] = "etaoinshrdlu,\n";
    char *text = malloc(length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = letters[chance_below(&luck, sizeof letters - 1)];
    return text;
}

/* ---- reading ---- */

struct outcome {
    enum kithp_gzip_outcome outcome;
    bool may_end;
    const char *fault;
    struct gathered text;
};

/* What lies where text is to be given. */
static unsigned char filling;

/* Reads bytes that come in steps, into pieces. What may not be read is not there. */
static struct outcome inflate_all(enum kithp_inflate_way way, const void *bytes, size_t length, size_t step,
                                  size_t piece)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_gzip gzip;
    assert_true(kithp_gzip_init(&gzip, &memory.allocator, way));
    struct outcome outcome = {.outcome = KITHP_GZIP_FINE};
    unsigned char *in = malloc(length + 1), *out = malloc(piece);
    assert_true(in && out);
    memcpy(in, bytes, length);
    ptrdiff_t at = 0;
    size_t arrived = 0, given = 0;
    struct kithp_gzip_sum sum = {0};
    for (;;) {
        if (arrived - (size_t)at == 0 && given == 0) {
            if (arrived == length)
                break;
            arrived = length - arrived < step ? length : arrived + step;
        }
        ptrdiff_t used;
        memset(out, filling, piece);
        outcome.outcome = kithp_gzip_run(&gzip, in + at, arrived - (size_t)at, out, piece, &used, &given);
        at += used;
        assert_in_range(at, 0, arrived);
        assert_true(given <= piece);
        if (given)
            gather(&outcome.text, out, given);
        kithp_gzip_add(&sum, way, out, given);
        outcome.fault = gzip.fault;
        if (outcome.outcome == KITHP_GZIP_ENDED) {
            outcome.fault = kithp_gzip_compare(&sum, &gzip.told);
            outcome.outcome = outcome.fault ? KITHP_GZIP_DAMAGED : KITHP_GZIP_FINE;
            sum = (struct kithp_gzip_sum){0};
        }
        if (outcome.outcome != KITHP_GZIP_FINE)
            break;
    }
    outcome.may_end = kithp_gzip_may_end(&gzip);
    kithp_gzip_free(&gzip);
    assert_int_equal(memory.live, 0);
    free(in);
    free(out);
    return outcome;
}

/* Every way there is, at once and in steps, small ones where there is little, gives the text. */
static void assert_text(const struct gathered *packed, const void *text, size_t length)
{
    static const size_t steps[][2] = {{SIZE_MAX, 1 << 18}, {1000, 777}, {1, 1 << 17}, {13, 5}};
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
        for (size_t i = 0; i < (packed->length < 5000 ? 4 : 2) && kithp_inflate_can(way); i++) {
            struct outcome outcome = inflate_all(way, packed->bytes, packed->length, steps[i][0], steps[i][1]);
            if (outcome.outcome != KITHP_GZIP_FINE)
                fail_msg("%s", outcome.fault);
            assert_true(outcome.may_end);
            assert_int_equal(outcome.text.length, length);
            if (length)
                assert_memory_equal(outcome.text.bytes, text, length);
            gathered_free(&outcome.text);
        }
    }
}

static void gzip_of_every_sort_gives_the_text_inside(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 5, 300, 70000, 300000};
    static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE};
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        char *text = invent_text(lengths[l], l);
        for (int level = 0; level <= 9; level += 3)
            for (size_t s = 0; s < sizeof strategies / sizeof *strategies; s++) {
                struct gathered packed = {0};
                gather_gzip(&packed, text, lengths[l], level, strategies[s], NULL);
                assert_text(&packed, text, lengths[l]);
                gathered_free(&packed);
            }
        free(text);
    }
}

static void gzip_of_much_alike_gives_the_text_inside(void **state)
{
    (void)state;
    enum { LENGTH = 3000000 };
    char *text = invent_text(LENGTH, 3);
    for (size_t i = 40; i < LENGTH; i++)
        if (i % 1000 > 20)
            text[i] = text[i - 40];
    struct gathered packed = {0};
    gather_gzip(&packed, text, LENGTH, 9, Z_DEFAULT_STRATEGY, NULL);
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
        for (size_t piece = 100000; piece < 1000000 && kithp_inflate_can(way); piece *= 3) {
            struct outcome outcome = inflate_all(way, packed.bytes, packed.length, 131072, piece);
            assert_int_equal(outcome.text.length, LENGTH);
            assert_memory_equal(outcome.text.bytes, text, LENGTH);
            assert_true(outcome.may_end);
            gathered_free(&outcome.text);
        }
    }
    gathered_free(&packed);
    free(text);
}

static void gzip_headers_of_every_sort_are_passed_over(void **state)
{
    (void)state;
    char *text = invent_text(500, 2);
    unsigned char extra[60000], name[] = "events \xE9.csv", comment[] = "of 2026";
    memset(extra, 0x1F, sizeof extra);
    for (unsigned parts = 0; parts < 16; parts++) {
        for (uInt extra_length = 0; extra_length <= sizeof extra; extra_length = extra_length * 300 + 200) {
            gz_header header = {.os = 3, .time = 12345};
            header.extra = parts & 1 ? extra : NULL;
            header.extra_len = extra_length;
            header.name = parts & 2 ? name : NULL;
            header.comment = parts & 4 ? comment : NULL;
            header.hcrc = (int)(parts >> 3);
            struct gathered packed = {0};
            gather_gzip(&packed, text, 300, 6, Z_DEFAULT_STRATEGY, &header);
            gather_gzip(&packed, text + 300, 200, 6, Z_DEFAULT_STRATEGY, &header);
            assert_text(&packed, text, 500);
            gathered_free(&packed);
        }
    }
    free(text);
}

static void gzip_members_and_zeros_one_behind_the_other_are_one_text(void **state)
{
    (void)state;
    static const char zeros[100];
    char *text = invent_text(1000, 9);
    struct gathered packed = {0};
    for (size_t i = 0; i < 50; i++) {
        gather_gzip(&packed, text + 20 * i, 20, (int)(i % 10), Z_DEFAULT_STRATEGY, NULL);
        gather(&packed, zeros, i % 5 * 7);
        gather_gzip(&packed, text, 0, 6, Z_DEFAULT_STRATEGY, NULL);
    }
    assert_text(&packed, text, 1000);
    gathered_free(&packed);
    free(text);
}

/* ---- damage ---- */

/* What comes of damaged bytes: in every way and every step the same. Returns whether they are as good as whole. */
static bool check_damage(const char *bytes, size_t length, const char *text, size_t text_length)
{
    static const size_t steps[][2] = {{SIZE_MAX, 4096}, {1, 4096}, {7, 3}};
    struct outcome first = inflate_all(KITHP_INFLATE_ZLIB, bytes, length, SIZE_MAX, 4096);
    bool whole = first.outcome == KITHP_GZIP_FINE && first.may_end;
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
        for (size_t i = 0; i < sizeof steps / sizeof *steps && kithp_inflate_can(way); i++) {
            struct outcome outcome = inflate_all(way, bytes, length, steps[i][0], steps[i][1]);
            assert_int_equal(outcome.outcome == KITHP_GZIP_FINE && outcome.may_end, whole);
            if (whole) {
                assert_int_equal(outcome.text.length, text_length);
                assert_memory_equal(outcome.text.bytes, text, text_length);
            }
            gathered_free(&outcome.text);
        }
    }
    gathered_free(&first.text);
    return whole;
}

static void gzip_with_any_byte_changed_is_damaged_in_every_way(void **state)
{
    (void)state;
    enum { LENGTH = 300 };
    char *text = invent_text(LENGTH, 5);
    gz_header header = {.name = (unsigned char *)(uintptr_t) "a", .hcrc = 1};
    unsigned whole = 0, changed = 0;
    for (int strategy = Z_DEFAULT_STRATEGY; strategy <= Z_FIXED; strategy += Z_FIXED) {
        for (int with_header = 0; with_header < 2; with_header++) {
            struct gathered packed = {0};
            gather_gzip(&packed, text, LENGTH, 6, strategy, with_header ? &header : NULL);
            for (size_t at = 0; at < packed.length; at++)
                for (unsigned turned = 1; turned < 256; turned *= 2) {
                    packed.bytes[at] = (char)(packed.bytes[at] ^ (int)turned);
                    whole += check_damage(packed.bytes, packed.length, text, LENGTH);
                    packed.bytes[at] = (char)(packed.bytes[at] ^ (int)turned);
                    changed++;
                }
            gathered_free(&packed);
        }
    }
    /* Time, speed and system do not matter, unless the header has a checksum. */
    assert_true(whole > 20);
    assert_true(changed > 10 * whole);
    free(text);
}

/* What is given before damage is not what happened to lie there. */
static void gzip_that_is_damaged_gives_nothing_of_its_own(void **state)
{
    (void)state;
    enum { LENGTH = 200000, ROUNDS = 600, DAMAGED = 40 };
    static const unsigned char fillings[] = {0xAA, 0x55};
    char *text = invent_text(LENGTH, 7);
    struct gathered packed = {0};
    gather_gzip(&packed, text, LENGTH, 6, Z_DEFAULT_STRATEGY, NULL);
    uint64_t luck = 3;
    for (size_t round = 0; round < ROUNDS; round++) {
        char before[DAMAGED],
            *damaged = packed.bytes + 10 + chance_below(&luck, (uint32_t)packed.length - DAMAGED - 10);
        memcpy(before, damaged, DAMAGED);
        for (size_t i = 0; i < DAMAGED; i++)
            damaged[i] = (char)chance(&luck);
        for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
            struct outcome outcomes[2] = {0};
            for (size_t i = 0; i < 2 && kithp_inflate_can(way); i++) {
                filling = fillings[i];
                outcomes[i] = inflate_all(way, packed.bytes, packed.length, SIZE_MAX, 1 << 18);
            }
            assert_int_equal(outcomes[0].text.length, outcomes[1].text.length);
            if (outcomes[0].text.length)
                assert_memory_equal(outcomes[0].text.bytes, outcomes[1].text.bytes, outcomes[0].text.length);
            gathered_free(&outcomes[0].text);
            gathered_free(&outcomes[1].text);
        }
        memcpy(damaged, before, DAMAGED);
    }
    filling = 0;
    gathered_free(&packed);
    free(text);
}

static void gzip_cut_anywhere_may_not_end(void **state)
{
    (void)state;
    char *text = invent_text(400, 6);
    gz_header header = {.name = (unsigned char *)(uintptr_t) "name", .hcrc = 1};
    struct gathered packed = {0};
    gather_gzip(&packed, text, 100, 6, Z_DEFAULT_STRATEGY, &header);
    size_t first = packed.length;
    gather_gzip(&packed, text + 100, 300, 6, Z_DEFAULT_STRATEGY, NULL);
    for (size_t length = 0; length < packed.length; length++)
        assert_int_equal(check_damage(packed.bytes, length, text, 100), length == first);
    gathered_free(&packed);
    free(text);
}

static void gzip_says_what_is_damaged(void **state)
{
    (void)state;
    static const struct {
        size_t at; /* from the end where it is above 1000 */
        const char *fault;
    } cases[] = {
        {0, "incorrect header"},
        {1, "incorrect header"},
        {2, "unknown compression method"},
        {3, "unknown header flags"},
        {4, "incorrect checksum of the header"},
        {12, "incorrect checksum of the header"},
        {1008, "incorrect checksum"},
        {1005, "incorrect checksum"},
        {1004, "incorrect length"},
        {1001, "incorrect length"},
    };
    char *text = invent_text(400, 6);
    gz_header header = {.name = (unsigned char *)(uintptr_t) "name", .hcrc = 1};
    struct gathered packed = {0};
    gather_gzip(&packed, text, 400, 6, Z_DEFAULT_STRATEGY, &header);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *byte = packed.bytes + (cases[i].at > 1000 ? packed.length - (cases[i].at - 1000) : cases[i].at);
        *byte ^= 0x40;
        for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
            if (!kithp_inflate_can(way))
                continue;
            struct outcome outcome = inflate_all(way, packed.bytes, packed.length, SIZE_MAX, 100);
            assert_int_equal(outcome.outcome, KITHP_GZIP_DAMAGED);
            assert_string_equal(outcome.fault, cases[i].fault);
            gathered_free(&outcome.text);
        }
        *byte ^= 0x40;
    }
    gather(&packed, "more", 4);
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
        if (!kithp_inflate_can(way))
            continue;
        struct outcome outcome = inflate_all(way, packed.bytes, packed.length, SIZE_MAX, 100);
        assert_int_equal(outcome.outcome, KITHP_GZIP_DAMAGED);
        assert_string_equal(outcome.fault, "incorrect header");
        assert_int_equal(outcome.text.length, 400);
        gathered_free(&outcome.text);
    }
    gathered_free(&packed);
    free(text);
}

static void gzip_of_deflated_rubbish_ends_well(void **state)
{
    (void)state;
    static const char header[] = "\x1F\x8B\x08\0\0\0\0\0\0\x03";
    uint64_t luck = 8;
    for (int round = 0; round < 400; round++) {
        char bytes[300];
        memcpy(bytes, header, 10);
        for (size_t i = 10; i < sizeof bytes; i++)
            bytes[i] = (char)chance(&luck);
        assert_false(check_damage(bytes, sizeof bytes, "", 0));
    }
}

/* ---- checksums and memory ---- */

static void inflate_checksums_are_those_of_zlib(void **state)
{
    (void)state;
    assert_int_equal(kithp_inflate_checksum(KITHP_INFLATE_ZLIB, 0, "123456789", 9), 0xCBF43926);
    uint64_t luck = 3;
    unsigned char bytes[2000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)chance(&luck);
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
        for (int round = 0; round < 500 && kithp_inflate_can(way); round++) {
            size_t begin = chance_below(&luck, 1000), middle = chance_below(&luck, 500), end = chance_below(&luck, 500);
            uint32_t before = kithp_inflate_checksum(way, 0, bytes + begin, middle);
            uint32_t all = kithp_inflate_checksum(way, before, bytes + begin + middle, end);
            assert_int_equal(all, crc32(0, bytes + begin, (uInt)(middle + end)));
        }
        assert_int_equal(kithp_inflate_can(way) ? kithp_inflate_checksum(way, 0, bytes, 0) : 0, 0);
    }
}

static void gzip_without_memory_is_not_begun(void **state)
{
    (void)state;
    assert_true(kithp_inflate_can(KITHP_INFLATE_ZLIB));
    assert_true(kithp_inflate_can(kithp_inflate_best()));
    for (enum kithp_inflate_way way = 0; way < KITHP_INFLATE_WAYS; way++) {
        struct memory memory;
        memory_init(&memory);
        bool made = !kithp_inflate_can(way);
        for (uint64_t more = 0; !made; more++) {
            struct kithp_gzip gzip;
            memory_fail_after(&memory, more);
            made = kithp_gzip_init(&gzip, &memory.allocator, way);
            assert_true(made == (more > 0 && made));
            kithp_gzip_free(&gzip);
            assert_int_equal(memory.live, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_of_every_sort_gives_the_text_inside),
        cmocka_unit_test(gzip_of_much_alike_gives_the_text_inside),
        cmocka_unit_test(gzip_headers_of_every_sort_are_passed_over),
        cmocka_unit_test(gzip_members_and_zeros_one_behind_the_other_are_one_text),
        cmocka_unit_test(gzip_with_any_byte_changed_is_damaged_in_every_way),
        cmocka_unit_test(gzip_that_is_damaged_gives_nothing_of_its_own),
        cmocka_unit_test(gzip_cut_anywhere_may_not_end),
        cmocka_unit_test(gzip_says_what_is_damaged),
        cmocka_unit_test(gzip_of_deflated_rubbish_ends_well),
        cmocka_unit_test(inflate_checksums_are_those_of_zlib),
        cmocka_unit_test(gzip_without_memory_is_not_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
