/* SPDX-License-Identifier: MIT */
#include "gzip_support.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "exports/stream.h"

/* ---- bytes that a callback gives ---- */

struct bytes {
    const unsigned char *data;
    size_t length;
    size_t at;
    size_t step;         /* how many a call gives at most */
    size_t fails_at;     /* a call from here on fails; SIZE_MAX for none */
    bool gives_too_much; /* says that it gave more than it had room for */
};

static struct bytes bytes_of(const void *data, size_t length, size_t step)
{
    return (struct bytes){.data = data, .length = length, .step = step, .fails_at = SIZE_MAX};
}

static int64_t give(void *context, void *buffer, size_t capacity)
{
    struct bytes *bytes = context;
    if (bytes->at >= bytes->fails_at)
        return -1;
    if (bytes->gives_too_much)
        return (int64_t)capacity + 1;
    size_t given = bytes->length - bytes->at;
    if (given > bytes->step)
        given = bytes->step;
    if (given > capacity)
        given = capacity;
    memcpy(buffer, bytes->data + bytes->at, given);
    bytes->at += given;
    return (int64_t)given;
}

/* ---- reading to the end ---- */

struct outcome {
    kith_status status; /* KITH_OK, or why reading ended */
    char words[160];
    struct gathered text;
    uint64_t done;
};

/* Reads all there is, in pieces of a size, with memory that must all come back. */
static struct outcome read_by(const struct kithp_input *input, size_t piece, bool ahead)
{
    struct memory memory;
    memory_init(&memory);
    struct outcome outcome = {.status = KITH_OK};
    struct kithp_stream stream;
    char *buffer = malloc(piece);
    assert_non_null(buffer);
    outcome.status = kithp_stream_open(&stream, &memory.allocator, input);
    if (ahead && outcome.status == KITH_OK)
        kithp_stream_begin_ahead(&stream);
    while (outcome.status == KITH_OK) {
        int64_t got = kithp_stream_read(&stream, buffer, piece);
        if (got == 0)
            break;
        if (got < 0) {
            outcome.status = stream.status;
            assert_true(stream.status != KITH_OK);
            break;
        }
        assert_true((size_t)got <= piece);
        gather(&outcome.text, buffer, (size_t)got);
    }
    kithp_stream_end_ahead(&stream);
    outcome.done = stream.done;
    memcpy(outcome.words, stream.words, sizeof outcome.words);
    kithp_stream_close(&stream);
    assert_int_equal(memory.live, 0);
    free(buffer);
    return outcome;
}

static struct outcome read_input(const struct kithp_input *input, size_t piece)
{
    return read_by(input, piece, false);
}

static struct outcome read_bytes(struct bytes bytes, size_t piece)
{
    struct kithp_input input;
    kithp_input_open_callback(&input, give, &bytes);
    return read_input(&input, piece);
}

static struct outcome read_bytes_ahead(struct bytes bytes, size_t piece)
{
    struct kithp_input input;
    kithp_input_open_callback(&input, give, &bytes);
    return read_by(&input, piece, true);
}

static void assert_text(struct outcome outcome, const void *text, size_t length)
{
    if (outcome.status != KITH_OK)
        fail_msg("%s: %s", kith_status_name(outcome.status), outcome.words);
    assert_int_equal(outcome.text.length, length);
    if (length)
        assert_memory_equal(outcome.text.bytes, text, length);
    gathered_free(&outcome.text);
}

/* ---- gzip ---- */

/* Text that shrinks to about a half. */
static char *invent_text(size_t length)
{
    static const char letters[] = "etaoinshrdlu,\n";
    char *text = malloc(length + 1);
    assert_non_null(text);
    uint64_t luck = 13;
    for (size_t i = 0; i < length; i++)
        text[i] = letters[chance_below(&luck, sizeof letters - 1)];
    return text;
}

/* ---- plain text ---- */

static void stream_of_plain_text_gives_it_as_it_is(void **state)
{
    (void)state;
    static const char text[] = "time,member,kind\n\x1F\x8B no gzip here\0\xFF\n";
    static const size_t steps[] = {1, 2, 3, 7, 1000}, pieces[] = {1, 2, 5, 1000};
    for (size_t length = 0; length < sizeof text; length++)
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++)
            for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
                assert_text(read_bytes(bytes_of(text, length, steps[s]), pieces[p]), text, length);
}

static void stream_of_much_plain_text_gives_every_byte(void **state)
{
    (void)state;
    enum { LENGTH = 1000003 };
    char *text = invent_text(LENGTH);
    assert_text(read_bytes(bytes_of(text, LENGTH, 1 << 20), 65536), text, LENGTH);
    assert_text(read_bytes(bytes_of(text, LENGTH, 4095), 1 << 20), text, LENGTH);
    free(text);
}

static void stream_begun_like_gzip_by_one_byte_alone_is_plain(void **state)
{
    (void)state;
    assert_text(read_bytes(bytes_of("\x1F", 1, 1), 10), "\x1F", 1);
    assert_text(read_bytes(bytes_of("\x1F,\x8B", 3, 1), 10), "\x1F,\x8B", 3);
    assert_text(read_bytes(bytes_of("\x8B\x1F", 2, 1), 10), "\x8B\x1F", 2);
}

/* ---- gzip ---- */

static void stream_of_gzip_gives_the_text_inside(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 100, 300000};
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        char *text = invent_text(lengths[l]);
        for (int level = 0; level <= 9; level += 3) {
            struct gathered packed = {0};
            gather_gzip(&packed, text, lengths[l], level, Z_DEFAULT_STRATEGY, NULL);
            assert_text(read_bytes(bytes_of(packed.bytes, packed.length, 1 << 20), 1 << 16), text, lengths[l]);
            assert_text(read_bytes(bytes_of(packed.bytes, packed.length, 1000), 777), text, lengths[l]);
            gathered_free(&packed);
        }
        free(text);
    }
}

static void stream_of_gzip_comes_byte_by_byte(void **state)
{
    (void)state;
    char *text = invent_text(5000);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 2000, 6, Z_DEFAULT_STRATEGY, NULL);
    gather_gzip(&packed, text + 2000, 3000, 6, Z_DEFAULT_STRATEGY, NULL);
    assert_text(read_bytes(bytes_of(packed.bytes, packed.length, 1), 1), text, 5000);
    assert_text(read_bytes(bytes_of(packed.bytes, packed.length, 1), 10000), text, 5000);
    assert_text(read_bytes(bytes_of(packed.bytes, packed.length, 10000), 1), text, 5000);
    gathered_free(&packed);
    free(text);
}

static void stream_of_gzip_members_one_behind_the_other_is_one_text(void **state)
{
    (void)state;
    char *text = invent_text(60000);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 20000, 9, Z_DEFAULT_STRATEGY, NULL);
    gather_gzip(&packed, text, 0, 6, Z_DEFAULT_STRATEGY, NULL); /* one with nothing inside */
    gather_gzip(&packed, text + 20000, 39999, 1, Z_DEFAULT_STRATEGY, NULL);
    gather_gzip(&packed, text + 59999, 1, 0, Z_DEFAULT_STRATEGY, NULL);
    static const size_t steps[] = {1, 2, 100, 1 << 20};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++)
        assert_text(read_bytes(bytes_of(packed.bytes, packed.length, steps[s]), 4096), text, 60000);
    gathered_free(&packed);
    free(text);
}

static void stream_of_gzip_may_be_filled_up_with_zeros(void **state)
{
    (void)state;
    static const char zeros[1000];
    char *text = invent_text(300);
    for (size_t count = 1; count <= sizeof zeros; count *= 10) {
        struct gathered packed = {0};
        gather_gzip(&packed, text, 100, 6, Z_DEFAULT_STRATEGY, NULL);
        gather(&packed, zeros, count);
        gather_gzip(&packed, text + 100, 200, 6, Z_DEFAULT_STRATEGY, NULL);
        gather(&packed, zeros, count);
        assert_text(read_bytes(bytes_of(packed.bytes, packed.length, 1), 64), text, 300);
        assert_text(read_bytes(bytes_of(packed.bytes, packed.length, 1 << 20), 64), text, 300);
        gathered_free(&packed);
    }
    free(text);
}

static void stream_counts_the_bytes_of_the_input(void **state)
{
    (void)state;
    char *text = invent_text(100000);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 100000, 6, Z_DEFAULT_STRATEGY, NULL);
    struct outcome outcome = read_bytes(bytes_of(packed.bytes, packed.length, 1 << 20), 1 << 16);
    assert_int_equal(outcome.done, packed.length);
    assert_text(outcome, text, 100000);
    gathered_free(&packed);
    outcome = read_bytes(bytes_of(text, 100000, 1 << 20), 1 << 16);
    assert_int_equal(outcome.done, 100000);
    assert_text(outcome, text, 100000);
    free(text);
}

/* ---- damage ---- */

static void assert_damaged(struct outcome outcome, const char *text)
{
    assert_int_equal(outcome.status, KITH_BAD_EXPORT);
    assert_int_equal(strncmp(outcome.words, "the gzip data is damaged", 24), 0);
    /* What was given before is right. */
    if (outcome.text.length)
        assert_memory_equal(outcome.text.bytes, text, outcome.text.length);
    gathered_free(&outcome.text);
}

static void stream_of_gzip_cut_at_any_byte_is_damaged(void **state)
{
    (void)state;
    char *text = invent_text(900);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 400, 6, Z_DEFAULT_STRATEGY, NULL);
    size_t first = packed.length;
    gather_gzip(&packed, text + 400, 500, 6, Z_DEFAULT_STRATEGY, NULL);
    for (size_t length = 2; length < packed.length; length++) {
        for (size_t step = 1; step <= packed.length; step += packed.length - 1) {
            struct outcome outcome = read_bytes(bytes_of(packed.bytes, length, step), 256);
            /* Behind a whole member nothing tells that another one is missing. */
            if (length == first)
                assert_text(outcome, text, 400);
            else
                assert_damaged(outcome, text);
        }
    }
    gathered_free(&packed);
    free(text);
}

static void stream_of_gzip_with_a_wrong_trailer_is_damaged(void **state)
{
    (void)state;
    char *text = invent_text(500);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 500, 6, Z_DEFAULT_STRATEGY, NULL);
    /* The last eight bytes are checksum and length. */
    for (size_t behind = 1; behind <= 8; behind++) {
        packed.bytes[packed.length - behind] ^= 0x10;
        struct outcome outcome = read_bytes(bytes_of(packed.bytes, packed.length, 1 << 20), 4096);
        assert_damaged(outcome, text);
        packed.bytes[packed.length - behind] ^= 0x10;
    }
    gathered_free(&packed);
    free(text);
}

static void stream_of_gzip_with_a_wrong_header_is_damaged(void **state)
{
    (void)state;
    static const unsigned char method_unknown[] = {0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    static const unsigned char flags_unknown[] = {0x1F, 0x8B, 8, 0xE0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    assert_damaged(read_bytes(bytes_of(method_unknown, sizeof method_unknown, 100), 100), "");
    assert_damaged(read_bytes(bytes_of(flags_unknown, sizeof flags_unknown, 100), 100), "");
}

static void stream_of_gzip_with_anything_behind_it_is_damaged(void **state)
{
    (void)state;
    static const char *const behinds[] = {"x", "time,member,kind\n", "\x1F", "\x1F\x8C"};
    char *text = invent_text(100);
    for (size_t i = 0; i < sizeof behinds / sizeof *behinds; i++) {
        struct gathered packed = {0};
        gather_gzip(&packed, text, 100, 6, Z_DEFAULT_STRATEGY, NULL);
        gather(&packed, behinds[i], strlen(behinds[i]));
        assert_damaged(read_bytes(bytes_of(packed.bytes, packed.length, 1 << 20), 4096), text);
        assert_damaged(read_bytes(bytes_of(packed.bytes, packed.length, 1), 4096), text);
        gathered_free(&packed);
    }
    free(text);
}

static void stream_of_gzip_with_any_bit_turned_never_gives_other_text_and_ends_well(void **state)
{
    (void)state;
    char *text = invent_text(200);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 200, 6, Z_DEFAULT_STRATEGY, NULL);
    for (size_t bit = 0; bit < packed.length * 8; bit++) {
        packed.bytes[bit / 8] = (char)(packed.bytes[bit / 8] ^ 1 << bit % 8);
        struct outcome outcome = read_bytes(bytes_of(packed.bytes, packed.length, 64), 4096);
        /* Time, system and such in the header do not matter; the first two bytes make it plain text. */
        if (outcome.status == KITH_OK && bit >= 16) {
            assert_int_equal(outcome.text.length, 200);
            assert_memory_equal(outcome.text.bytes, text, 200);
        }
        gathered_free(&outcome.text);
        packed.bytes[bit / 8] = (char)(packed.bytes[bit / 8] ^ 1 << bit % 8);
    }
    gathered_free(&packed);
    free(text);
}

static void assert_same_outcome(struct outcome actual, const struct outcome *expected)
{
    assert_int_equal(actual.status, expected->status);
    assert_string_equal(actual.words, expected->words);
    assert_int_equal(actual.text.length, expected->text.length);
    if (actual.text.length > 0)
        assert_memory_equal(actual.text.bytes, expected->text.bytes, actual.text.length);
    gathered_free(&actual.text);
}

/* Damaged, cut, or with an input that fails: what comes before, and what is told, is the same however it is read. */
static void stream_of_damaged_gzip_gives_the_same_before_it_whatever_the_pieces(void **state)
{
    (void)state;
    enum { LENGTH = 1000, DAMAGES = 4 };
    static const size_t pieces[] = {1, 100, 1 << 20}, steps[] = {1, 1 << 20};
    char *text = invent_text(LENGTH);
    struct gathered packed = {0};
    gather_gzip(&packed, text, LENGTH / 2, 9, Z_FIXED, NULL);
    gather_gzip(&packed, text + LENGTH / 2, LENGTH / 2, 6, Z_DEFAULT_STRATEGY, NULL);
    for (size_t i = 2 * DAMAGES; i < packed.length * DAMAGES; i++) {
        size_t at = i / DAMAGES;
        struct bytes bytes = bytes_of(packed.bytes, packed.length, steps[at % 2]);
        char before = packed.bytes[at];
        if (i % DAMAGES == 0)
            bytes.fails_at = at;
        else if (i % DAMAGES == 1)
            bytes.length = at;
        else
            packed.bytes[at] = (char)(before ^ (i % DAMAGES == 2 ? 0x40 : 0xFF));
        struct outcome expected = read_bytes(bytes, LENGTH);
        assert_same_outcome(read_bytes(bytes, pieces[i % 3]), &expected);
        assert_same_outcome(read_bytes_ahead(bytes, pieces[(i + 1) % 3]), &expected);
        gathered_free(&expected.text);
        packed.bytes[at] = before;
    }
    gathered_free(&packed);
    free(text);
}

/* ---- gzip, inflated ahead ---- */

enum { PORTIONS_MOST = KITHP_AHEAD_PORTIONS + 1 };
#define LENGTH_MOST ((size_t)PORTIONS_MOST * KITHP_AHEAD_LARGE + 1)

/* It shrinks to so little that all of its portions are full, but the last. */
static char *invent_long_text(void)
{
    enum { PERIOD = 7919 };
    char *text = invent_text(LENGTH_MOST);
    for (size_t i = PERIOD; i < LENGTH_MOST; i++)
        text[i] = text[i - PERIOD];
    return text;
}

/* About where a portion and all of them end. */
static void stream_of_gzip_read_ahead_gives_the_text_inside(void **state)
{
    (void)state;
    static const size_t portions[] = {0, 1, KITHP_AHEAD_PORTIONS, PORTIONS_MOST};
    char *text = invent_long_text();
    for (size_t i = 0; i < 3 * sizeof portions / sizeof *portions; i++) {
        size_t length = portions[i / 3] * KITHP_AHEAD_LARGE + i % 3;
        length -= length > 0;
        struct gathered packed = {0};
        gather_gzip(&packed, text, length, 6, Z_DEFAULT_STRATEGY, NULL);
        assert_text(read_bytes_ahead(bytes_of(packed.bytes, packed.length, 1 << 20), 1 << 19), text, length);
        assert_text(read_bytes_ahead(bytes_of(packed.bytes, packed.length, 1000), 70001), text, length);
        gathered_free(&packed);
    }
    free(text);
}

static void stream_of_damaged_gzip_gives_the_same_before_it_when_read_ahead(void **state)
{
    (void)state;
    enum { PLACES = 23 };
    char *text = invent_long_text();
    struct gathered packed = {0};
    gather_gzip(&packed, text, LENGTH_MOST, 6, Z_DEFAULT_STRATEGY, NULL);
    for (size_t i = 1; i < PLACES; i++) {
        size_t at = packed.length * i / PLACES;
        struct bytes bytes = bytes_of(packed.bytes, packed.length, 1 << 20);
        if (i % 3 == 0)
            bytes.length = at;
        else if (i % 3 == 1)
            bytes.fails_at = at;
        else
            packed.bytes[at] = (char)~packed.bytes[at];
        struct outcome expected = read_bytes(bytes, 1 << 16);
        assert_true(expected.status != KITH_OK);
        assert_same_outcome(read_bytes_ahead(bytes, 70001), &expected);
        gathered_free(&expected.text);
        if (i % 3 == 2)
            packed.bytes[at] = (char)~packed.bytes[at];
    }
    gathered_free(&packed);
    free(text);
}

/* A stream of a text that is packed, which a thread inflates. */
struct ahead {
    struct memory memory;
    struct gathered packed;
    struct bytes bytes;
    struct kithp_stream stream;
    char *text;
    size_t taken; /* bytes of it */
};

static void begin_ahead(struct ahead *ahead)
{
    struct kithp_input input;
    memory_init(&ahead->memory);
    ahead->packed = (struct gathered){0};
    ahead->text = invent_long_text();
    ahead->taken = 0;
    gather_gzip(&ahead->packed, ahead->text, LENGTH_MOST, 6, Z_DEFAULT_STRATEGY, NULL);
    ahead->bytes = bytes_of(ahead->packed.bytes, ahead->packed.length, 1 << 20);
    kithp_input_open_callback(&input, give, &ahead->bytes);
    assert_int_equal(kithp_stream_open(&ahead->stream, &ahead->memory.allocator, &input), KITH_OK);
    kithp_stream_begin_ahead(&ahead->stream);
    assert_true(ahead->stream.packed.ahead.threaded);
}

/* False at the end. */
static bool take_ahead(struct ahead *ahead)
{
    static char buffer[1 << 16];
    int64_t got = kithp_stream_read(&ahead->stream, buffer, sizeof buffer);
    assert_in_range(got, 0, sizeof buffer);
    assert_true((size_t)got <= LENGTH_MOST - ahead->taken);
    assert_memory_equal(buffer, ahead->text + ahead->taken, (size_t)got);
    ahead->taken += (size_t)got;
    return got > 0;
}

static void end_ahead(struct ahead *ahead)
{
    kithp_stream_end_ahead(&ahead->stream);
    kithp_stream_close(&ahead->stream);
    assert_int_equal(ahead->memory.live, 0);
    gathered_free(&ahead->packed);
    free(ahead->text);
}

static void stream_of_gzip_read_ahead_may_be_closed_at_any_time(void **state)
{
    (void)state;
    for (int pieces = 0; pieces <= 80; pieces += 8) {
        struct ahead ahead;
        begin_ahead(&ahead);
        for (int i = 0; i < pieces; i++)
            assert_true(take_ahead(&ahead));
        end_ahead(&ahead);
    }
}

/* However far the thread that inflates has come: it is given time to fill all portions. */
static void stream_of_gzip_read_ahead_writes_over_no_portion_that_is_taken(void **state)
{
    (void)state;
    const struct timespec while_it_inflates = {.tv_nsec = 100000000};
    struct ahead ahead;
    begin_ahead(&ahead);
    for (int pieces = 0; take_ahead(&ahead); pieces++)
        if (pieces % 24 == 0)
            nanosleep(&while_it_inflates, NULL);
    assert_int_equal(ahead.taken, LENGTH_MOST);
    end_ahead(&ahead);
}

/* ---- inputs that fail ---- */

static void stream_of_a_callback_that_fails_is_an_input_output_error(void **state)
{
    (void)state;
    char *text = invent_text(3000);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 3000, 6, Z_DEFAULT_STRATEGY, NULL);
    const struct {
        const void *data;
        size_t length;
    } inputs[] = {{text, 3000}, {packed.bytes, packed.length}};
    for (size_t i = 0; i < 2; i++) {
        static const size_t fails[] = {0, 1, 2, 3, 100, 700};
        for (size_t f = 0; f < sizeof fails / sizeof *fails; f++) {
            struct bytes bytes = bytes_of(inputs[i].data, inputs[i].length, 1);
            bytes.fails_at = fails[f];
            struct outcome outcome = read_bytes(bytes, 64);
            assert_int_equal(outcome.status, KITH_INPUT_OUTPUT);
            assert_int_equal(strncmp(outcome.words, "cannot be read", 14), 0);
            if (outcome.text.length)
                assert_memory_equal(outcome.text.bytes, text, outcome.text.length);
            gathered_free(&outcome.text);
        }
    }
    gathered_free(&packed);
    free(text);
}

static void stream_of_a_callback_that_gives_too_much_is_an_input_output_error(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of("x", 1, 1);
    bytes.gives_too_much = true;
    assert_int_equal(read_bytes(bytes, 64).status, KITH_INPUT_OUTPUT);
}

static void stream_without_memory_says_so(void **state)
{
    (void)state;
    char *text = invent_text(3000);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 3000, 6, Z_DEFAULT_STRATEGY, NULL);
    struct memory memory;
    memory_init(&memory);
    kith_status status = KITH_NO_MEMORY;
    unsigned failures = 0;
    for (uint64_t more = 0; status == KITH_NO_MEMORY; more++) {
        struct bytes bytes = bytes_of(packed.bytes, packed.length, 100);
        struct kithp_input input;
        kithp_input_open_callback(&input, give, &bytes);
        struct kithp_stream stream;
        memory_fail_after(&memory, more);
        status = kithp_stream_open(&stream, &memory.allocator, &input);
        char buffer[256];
        int64_t got = 1;
        while (status == KITH_OK && got > 0)
            got = kithp_stream_read(&stream, buffer, sizeof buffer);
        if (status == KITH_OK && got < 0)
            status = stream.status;
        failures += status == KITH_NO_MEMORY;
        kithp_stream_close(&stream);
        assert_int_equal(memory.live, 0);
    }
    assert_int_equal(status, KITH_OK);
    assert_true(failures >= 2);
    gathered_free(&packed);
    free(text);
}

/* ---- files ---- */

static void stream_of_a_file_is_told_by_its_content(void **state)
{
    (void)state;
    char *text = invent_text(300000);
    struct gathered packed = {0};
    gather_gzip(&packed, text, 300000, 6, Z_DEFAULT_STRATEGY, NULL);
    const struct {
        const void *bytes;
        size_t length;
    } files[] = {{text, 300000}, {packed.bytes, packed.length}};
    for (size_t i = 0; i < 2; i++) {
        char path[1024];
        make_file(path, sizeof path, files[i].bytes, files[i].length);
        struct kithp_input input;
        assert_int_equal(kithp_input_open(&input, path), 0);
        assert_int_equal(input.total, files[i].length);
        struct outcome outcome = read_input(&input, 1 << 16);
        assert_int_equal(outcome.done, files[i].length);
        assert_text(outcome, text, 300000);
        remove(path);
    }
    gathered_free(&packed);
    free(text);
}

static void stream_of_a_file_that_cannot_be_opened_is_told_why(void **state)
{
    (void)state;
    struct kithp_input input;
    assert_int_equal(kithp_input_open(&input, "/nowhere/at/all.csv"), ENOENT);
    assert_int_equal(kithp_input_open(&input, "/"), EISDIR);
}

static bool give_up(void *context)
{
    ++*(unsigned *)context;
    return true;
}

static void stream_of_a_pipe_can_be_given_up(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    unsigned asked = 0;
    struct kithp_input input = {
        .file = ends[0], .owned = true, .may_wait = true, .waiting = give_up, .waiting_context = &asked};
    struct outcome outcome = read_input(&input, 64);
    assert_int_equal(outcome.status, KITH_CANCELLED);
    assert_int_equal(asked, 1);
    close(ends[1]);
}

static void stream_of_a_pipe_with_bytes_asks_nobody(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a,b\n", 4), 4);
    close(ends[1]);
    unsigned asked = 0;
    struct kithp_input input = {
        .file = ends[0], .owned = true, .may_wait = true, .waiting = give_up, .waiting_context = &asked};
    assert_text(read_input(&input, 64), "a,b\n", 4);
    assert_int_equal(asked, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream_of_plain_text_gives_it_as_it_is),
        cmocka_unit_test(stream_of_much_plain_text_gives_every_byte),
        cmocka_unit_test(stream_begun_like_gzip_by_one_byte_alone_is_plain),
        cmocka_unit_test(stream_of_gzip_gives_the_text_inside),
        cmocka_unit_test(stream_of_gzip_comes_byte_by_byte),
        cmocka_unit_test(stream_of_gzip_members_one_behind_the_other_is_one_text),
        cmocka_unit_test(stream_of_gzip_may_be_filled_up_with_zeros),
        cmocka_unit_test(stream_counts_the_bytes_of_the_input),
        cmocka_unit_test(stream_of_gzip_cut_at_any_byte_is_damaged),
        cmocka_unit_test(stream_of_gzip_with_a_wrong_trailer_is_damaged),
        cmocka_unit_test(stream_of_gzip_with_a_wrong_header_is_damaged),
        cmocka_unit_test(stream_of_gzip_with_anything_behind_it_is_damaged),
        cmocka_unit_test(stream_of_gzip_with_any_bit_turned_never_gives_other_text_and_ends_well),
        cmocka_unit_test(stream_of_damaged_gzip_gives_the_same_before_it_whatever_the_pieces),
        cmocka_unit_test(stream_of_gzip_read_ahead_gives_the_text_inside),
        cmocka_unit_test(stream_of_damaged_gzip_gives_the_same_before_it_when_read_ahead),
        cmocka_unit_test(stream_of_gzip_read_ahead_may_be_closed_at_any_time),
        cmocka_unit_test(stream_of_gzip_read_ahead_writes_over_no_portion_that_is_taken),
        cmocka_unit_test(stream_of_a_callback_that_fails_is_an_input_output_error),
        cmocka_unit_test(stream_of_a_callback_that_gives_too_much_is_an_input_output_error),
        cmocka_unit_test(stream_without_memory_says_so),
        cmocka_unit_test(stream_of_a_file_is_told_by_its_content),
        cmocka_unit_test(stream_of_a_file_that_cannot_be_opened_is_told_why),
        cmocka_unit_test(stream_of_a_pipe_can_be_given_up),
        cmocka_unit_test(stream_of_a_pipe_with_bytes_asks_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
