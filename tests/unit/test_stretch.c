/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

#include "exports/stretch.h"

/* ---- text that is deflated in many ways, and where its blocks are, as zlib says ---- */

enum { LENGTH = 700000, BLOCKS_MOST = 20000 };

struct deflated {
    unsigned char *text;
    struct gathered packed;
    struct block blocks[BLOCKS_MOST]; /* but the last one */
    size_t count;
};

static void invent_letters(unsigned char *text, uint64_t luck)
{
    for (size_t i = 0; i < LENGTH; i++)
        text[i] = (unsigned char)"etaoinshrdlu,\n"[chance_below(&luck, 14)];
}

static void invent_alike(unsigned char *text, uint64_t luck)
{
    invent_lines((char *)text, LENGTH, luck);
}

/* Copies from as far as can be, and from as near; and bytes of all sorts, which are stored. */
static void invent_extremes(unsigned char *text, uint64_t luck)
{
    for (size_t at = 0; at < LENGTH;) {
        size_t length = 1 + (size_t)chance_below(&luck, 9000), sort = (size_t)chance_below(&luck, 3);
        size_t distance = sort == 0 ? 32768 - (size_t)chance_below(&luck, 300) : 1 + (size_t)chance_below(&luck, 40);
        for (; length > 0 && at < LENGTH; length--, at++)
            text[at] = sort == 2 || at < distance ? (unsigned char)chance(&luck) : text[at - distance];
    }
}

static void deflate_text(struct deflated *deflated, int level, int strategy, int memory)
{
    z_stream deflater = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&deflater, level, Z_DEFLATED, -15, memory, strategy), Z_OK);
    uLong room = deflateBound(&deflater, LENGTH);
    deflated->packed = (struct gathered){.bytes = malloc(room), .length = room};
    assert_non_null(deflated->packed.bytes);
    deflater.next_in = deflated->text;
    deflater.avail_in = LENGTH;
    deflater.next_out = (unsigned char *)deflated->packed.bytes;
    deflater.avail_out = (uInt)room;
    assert_int_equal(deflate(&deflater, Z_FINISH), Z_STREAM_END);
    deflated->packed.length -= deflater.avail_out;
    deflateEnd(&deflater);
}

static void find_blocks(struct deflated *deflated)
{
    deflated->count = find_deflated_blocks(&deflated->packed, 0, deflated->blocks, BLOCKS_MOST);
}

/* ---- looking ---- */

static bool always(void *context)
{
    (void)context;
    return true;
}

static bool never(void *context)
{
    (void)context;
    return false;
}

/* The block that one from a byte on ought to begin with, or `count`; and the first from another byte on. */
static size_t expect_begin(const struct deflated *deflated, uint64_t from, uint64_t to)
{
    size_t i = 0;
    while (i < deflated->count && (deflated->blocks[i].bit < 8 * from || !deflated->blocks[i].is_own))
        i++;
    return i < deflated->count && deflated->blocks[i].bit < 8 * to ? i : deflated->count;
}

static size_t expect_end(const struct deflated *deflated, uint64_t from, uint64_t to)
{
    size_t i = 0;
    while (i <= deflated->count && deflated->blocks[i].bit < 8 * from)
        i++;
    return i <= deflated->count && deflated->blocks[i].bit <= 8 * to ? i : deflated->count + 1;
}

/* Takes all there is, some bytes at a time, and expects it to be that text. */
static void assert_inflates(struct kithp_inflater *inflater, const unsigned char *text, size_t length, size_t piece)
{
    unsigned char *out = malloc(piece);
    assert_non_null(out);
    size_t at = 0;
    do {
        inflater->out = out;
        inflater->out_room = piece;
        enum kithp_inflated outcome = kithp_inflater_run(inflater);
        assert_true(outcome == KITHP_INFLATED_SOME || outcome == KITHP_INFLATED_ALL);
        size_t given = piece - inflater->out_room;
        assert_true(given <= length - at);
        assert_memory_equal(out, text + at, given);
        at += given;
    } while (inflater->out_room == 0);
    assert_int_equal(at, length);
    free(out);
}

static void assert_stretch(const struct deflated *deflated, struct kithp_stretch *stretch, enum kithp_inflate_way way)
{
    const struct block *begin = &deflated->blocks[expect_begin(deflated, stretch->at, stretch->at + stretch->step)];
    const struct block *end =
        &deflated->blocks[expect_end(deflated, stretch->at + stretch->step, stretch->at + stretch->length)];
    assert_int_equal(8 * stretch->at + stretch->begin, begin->bit);
    assert_int_equal(8 * stretch->at + stretch->end, end->bit);
    assert_int_equal(stretch->text_length, end->text - begin->text);
    if (begin->text < KITHP_INFLATE_WINDOW)
        return;
    struct kithp_window window = {.length = KITHP_INFLATE_WINDOW};
    memcpy(window.bytes, deflated->text + begin->text - KITHP_INFLATE_WINDOW, KITHP_INFLATE_WINDOW);
    kithp_stretch_settle(stretch, &window);
    assert_memory_equal(window.bytes, deflated->text + end->text - KITHP_INFLATE_WINDOW, KITHP_INFLATE_WINDOW);

    struct memory memory;
    memory_init(&memory);
    struct kithp_inflater inflater;
    assert_true(kithp_inflater_init(&inflater, &memory.allocator, way));
    for (size_t piece = 777; piece < 400000; piece *= 400) {
        assert_true(kithp_stretch_begin_text(stretch, &inflater));
        assert_inflates(&inflater, deflated->text + begin->text, stretch->text_length, piece);
        unsigned unread;
        assert_true(kithp_inflater_is_between(&inflater, &unread));
        assert_int_equal(8 * kithp_stretch_byte_behind(stretch->end) - unread, stretch->end);
        assert_true(kithp_stretch_begin_behind(stretch, &window, &inflater));
        size_t behind = stretch->at + kithp_stretch_byte_behind(stretch->end);
        inflater.in = (unsigned char *)deflated->packed.bytes + behind;
        inflater.in_length = deflated->packed.length - behind;
        assert_inflates(&inflater, deflated->text + end->text, LENGTH - end->text, piece);
    }
    kithp_inflater_free(&inflater);
    assert_int_equal(memory.live, 0);
}

struct looking {
    struct kithp_stretcher *stretcher;
    struct kithp_stretch *stretch;
    struct deflated *deflated;
};

static void begin_looking(struct looking *looking)
{
    looking->stretcher = malloc(sizeof *looking->stretcher);
    looking->stretch = malloc(sizeof *looking->stretch);
    looking->deflated = calloc(1, sizeof *looking->deflated);
    assert_true(looking->stretcher && looking->stretch && looking->deflated);
    looking->deflated->text = malloc(LENGTH);
    assert_non_null(looking->deflated->text);
}

/* At lines much alike. */
static void begin_looking_at_lines(struct looking *looking)
{
    begin_looking(looking);
    invent_alike(looking->deflated->text, 3);
    deflate_text(looking->deflated, 6, Z_DEFAULT_STRATEGY, 4);
    find_blocks(looking->deflated);
}

static void end_looking(struct looking *looking)
{
    gathered_free(&looking->deflated->packed);
    free(looking->deflated->text);
    free(looking->deflated);
    free(looking->stretch);
    free(looking->stretcher);
}

/* Returns whether there is one. */
static bool look(const struct looking *looking, size_t at, size_t step)
{
    struct kithp_stretch *stretch = looking->stretch;
    const struct deflated *deflated = looking->deflated;
    size_t left = deflated->packed.length - at;
    memset(stretch, 0xEE, sizeof *stretch);
    stretch->at = at;
    stretch->step = step;
    stretch->length = left < KITHP_STRETCH_BYTES ? left : KITHP_STRETCH_BYTES;
    memcpy(stretch->bytes, deflated->packed.bytes + at, stretch->length);
    return kithp_stretcher_look(looking->stretcher, stretch, always, NULL);
}

static bool is_expected(const struct deflated *deflated, size_t at, size_t step)
{
    size_t left = deflated->packed.length - at;
    uint64_t last = at + (left < KITHP_STRETCH_BYTES ? left : KITHP_STRETCH_BYTES);
    if (at + step > last)
        return false;
    size_t begin = expect_begin(deflated, at, at + step), end = expect_end(deflated, at + step, last);
    return begin < deflated->count && end <= deflated->count &&
           deflated->blocks[end].text - deflated->blocks[begin].text >= KITHP_INFLATE_WINDOW;
}

/* Of every sort of text, and of blocks long and short, stretches are found where they are, and nowhere else. */
static void stretches_are_found_and_settled_as_zlib_has_them(void **state)
{
    (void)state;
    static void (*const invent[])(unsigned char *text, uint64_t luck) = {invent_letters, invent_alike, invent_extremes};
    static const struct {
        int level, strategy, memory;
    } packings[] = {
        {6, Z_DEFAULT_STRATEGY, 8},
        {1, Z_DEFAULT_STRATEGY, 9},
        {9, Z_DEFAULT_STRATEGY, 1},
        {6, Z_HUFFMAN_ONLY, 4},
        {6, Z_RLE, 3},
        {6, Z_FIXED, 5},
        {0, Z_DEFAULT_STRATEGY, 8},
    };
    struct looking looking;
    begin_looking(&looking);
    struct deflated *deflated = looking.deflated;
    size_t found = 0, missing = 0;
    uint64_t luck = 5;
    for (size_t t = 0; t < sizeof invent / sizeof *invent; t++) {
        invent[t](deflated->text, t);
        for (size_t p = 0; p < sizeof packings / sizeof *packings; p++) {
            deflate_text(deflated, packings[p].level, packings[p].strategy, packings[p].memory);
            find_blocks(deflated);
            for (int round = 0; round < 10; round++) {
                size_t at = (size_t)chance_below(&luck, (uint32_t)deflated->packed.length);
                size_t step = 1 + (size_t)chance_below(&luck, round % 2 ? 60000 : 20000);
                bool expected = is_expected(deflated, at, step);
                assert_int_equal(look(&looking, at, step), expected);
                if (expected)
                    assert_stretch(deflated, looking.stretch,
                                   round % 4 < 2 ? kithp_inflate_best() : KITHP_INFLATE_ZLIB);
                found += expected;
                missing += !expected;
            }
            gathered_free(&deflated->packed);
        }
    }
    assert_in_range(found, 30, 1000);
    assert_in_range(missing, 30, 1000);
    end_looking(&looking);
}

/* Whatever the bytes, it comes to an end, and looks at nothing behind them: what is not there, an analyser sees. */
static void stretches_of_rubbish_end_well(void **state)
{
    (void)state;
    struct looking looking;
    begin_looking_at_lines(&looking);
    struct deflated *deflated = looking.deflated;
    uint64_t luck = 77;
    size_t found = 0;
    for (int round = 0; round < 300; round++) {
        struct gathered *packed = &deflated->packed;
        size_t block =
            expect_begin(deflated, (size_t)chance_below(&luck, (uint32_t)packed->length / 2), packed->length);
        size_t at = deflated->blocks[block].bit / 8, changed = at + (size_t)chance_below(&luck, round % 3 ? 100 : 9000);
        char before = packed->bytes[changed];
        packed->bytes[changed] = (char)chance(&luck);
        found += look(&looking, at, 10000);
        packed->bytes[changed] = before;
    }
    assert_in_range(found, 1, 299);
    end_looking(&looking);
}

/* Behind the last block there is a trailer, whatever it looks like. */
static void stretches_have_no_last_block(void **state)
{
    (void)state;
    enum { AT = 1000, STEP = 20000 };
    struct looking looking;
    begin_looking_at_lines(&looking);
    struct deflated *deflated = looking.deflated;
    assert_true(look(&looking, AT, STEP));
    uint64_t next = deflated->blocks[expect_begin(deflated, AT, AT + STEP) + 1].bit;
    assert_true(next < 8 * (AT + STEP));
    deflated->packed.bytes[next / 8] = (char)(deflated->packed.bytes[next / 8] | 1 << next % 8);
    assert_false(look(&looking, AT, STEP));
    end_looking(&looking);
}

static void stretches_can_be_given_up(void **state)
{
    (void)state;
    struct looking looking;
    begin_looking_at_lines(&looking);
    assert_true(look(&looking, 1000, 20000));
    assert_false(kithp_stretcher_look(looking.stretcher, looking.stretch, never, NULL));
    end_looking(&looking);
}

/* ---- deflated data that is made to cost much ---- */

enum { HEADER_BITS = 179 };

/*
 * Headers of blocks one behind the other, and then zeros. Each begins what looks like a block, whose end is 15 ones and
 * does not come; 258 bytes are copied by every other bit of the zeros.
 */
static void invent_many_beginnings(struct kithp_stretch *stretch)
{
    static const unsigned char header[] = {0xEC, 0xE1, 0x01, 0x82, 0x24, 0x49, 0x92, 0x24, 0x49, 0xFE, 0xFF, 0xD5,
                                           0x77, 0x4F, 0x40, 0x62, 0x51, 0xF3, 0xC8, 0xEA, 0x59, 0x00, 0x00};
    memset(stretch, 0, sizeof *stretch);
    stretch->length = KITHP_STRETCH_BYTES;
    stretch->step = KITHP_STRETCH_STEP;
    for (size_t bit = 0; bit < 8 * (size_t)KITHP_STRETCH_STEP; bit++) {
        size_t of_header = bit % HEADER_BITS;
        if (header[of_header / 8] >> of_header % 8 & 1)
            stretch->bytes[bit / 8] |= (unsigned char)(1 << bit % 8);
    }
}

struct questions {
    unsigned asked, most;
};

static bool ask(void *context)
{
    struct questions *questions = context;
    return ++questions->asked < questions->most;
}

/* To go through all of them would take an hour. */
static void stretches_that_cost_too_much_are_left(void **state)
{
    (void)state;
    struct looking looking;
    begin_looking(&looking);
    static const unsigned mosts[] = {1, 2, 5, 1000000};
    for (size_t i = 0; i < sizeof mosts / sizeof *mosts; i++) {
        struct questions questions = {.most = mosts[i]};
        invent_many_beginnings(looking.stretch);
        assert_false(kithp_stretcher_look(looking.stretcher, looking.stretch, ask, &questions));
        if (mosts[i] < 1000000)
            assert_in_range(questions.asked, mosts[i], mosts[i] + 1);
        else
            assert_in_range(questions.asked, 100, 10000);
    }
    end_looking(&looking);
}

/* ---- windows ---- */

static void windows_keep_the_last_of_a_text(void **state)
{
    (void)state;
    static unsigned char text[200000];
    struct kithp_window window = {.length = 0};
    uint64_t luck = 9;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)chance(&luck);
    for (size_t at = 0; at < sizeof text;) {
        size_t step = (size_t)chance_below(&luck, at % 3 ? 3000 : 40000);
        step = step < sizeof text - at ? step : sizeof text - at;
        kithp_window_add(&window, text + at, step);
        at += step;
        size_t kept = at < KITHP_INFLATE_WINDOW ? at : KITHP_INFLATE_WINDOW;
        assert_int_equal(window.length, kept);
        assert_int_equal(kithp_window_is_full(&window), kept == KITHP_INFLATE_WINDOW);
        assert_memory_equal(window.bytes, text + at - kept, kept);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stretches_are_found_and_settled_as_zlib_has_them),
        cmocka_unit_test(stretches_of_rubbish_end_well),
        cmocka_unit_test(stretches_have_no_last_block),
        cmocka_unit_test(stretches_can_be_given_up),
        cmocka_unit_test(stretches_that_cost_too_much_are_left),
        cmocka_unit_test(windows_keep_the_last_of_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
