/* SPDX-License-Identifier: MIT */
#include "support.h"

#include "base/writer.h"

enum { ROOM = 64 };

static struct kithp_writer writer_to(struct gathered *gathered, char *buffer)
{
    return (struct kithp_writer){.write = gather, .context = gathered, .buffer = buffer, .capacity = ROOM};
}

static void writer_hands_on_every_byte_in_order(void **state)
{
    (void)state;
    /* Pieces of every length around that of the buffer. */
    for (size_t piece = 1; piece < 3 * ROOM; piece++) {
        char buffer[ROOM], bytes[1000];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)(i % 127);
        struct gathered gathered = {0};
        struct kithp_writer writer = writer_to(&gathered, buffer);
        for (size_t at = 0; at < sizeof bytes; at += piece)
            kithp_writer_bytes(&writer, bytes + at, piece < sizeof bytes - at ? piece : sizeof bytes - at);
        assert_true(kithp_writer_finish(&writer));
        assert_int_equal(gathered.length, sizeof bytes);
        assert_memory_equal(gathered.bytes, bytes, sizeof bytes);
        /* Gathered: one call a buffer, and not one a piece. */
        assert_true(gathered.calls <= sizeof bytes / ROOM + 1);
        gathered_free(&gathered);
    }
}

static void writer_without_bytes_calls_nobody(void **state)
{
    (void)state;
    char buffer[ROOM];
    struct gathered gathered = {0};
    struct kithp_writer writer = writer_to(&gathered, buffer);
    kithp_writer_string(&writer, "");
    kithp_writer_bytes(&writer, "x", 0);
    assert_true(kithp_writer_finish(&writer));
    assert_int_equal(gathered.calls, 0);
}

static void writer_small_text_waits_for_the_end(void **state)
{
    (void)state;
    char buffer[ROOM];
    struct gathered gathered = {0};
    struct kithp_writer writer = writer_to(&gathered, buffer);
    kithp_writer_string(&writer, "kith");
    kithp_writer_string(&writer, " and kin");
    assert_int_equal(gathered.calls, 0);
    assert_true(kithp_writer_finish(&writer));
    assert_string_equal(gathered.bytes, "kith and kin");
    assert_int_equal(gathered.calls, 1);
    assert_true(kithp_writer_finish(&writer));
    assert_int_equal(gathered.calls, 1);
    gathered_free(&gathered);
}

static void writer_room_is_always_enough(void **state)
{
    (void)state;
    for (size_t before = 0; before <= ROOM; before++) {
        char buffer[ROOM], filler[ROOM];
        memset(filler, 'f', sizeof filler);
        struct gathered gathered = {0};
        struct kithp_writer writer = writer_to(&gathered, buffer);
        kithp_writer_bytes(&writer, filler, before);
        char *room = kithp_writer_room(&writer);
        assert_true(room >= buffer && room + KITHP_WRITER_ROOM <= buffer + ROOM);
        memset(room, 'r', KITHP_WRITER_ROOM);
        writer.used += KITHP_WRITER_ROOM;
        kithp_writer_string(&writer, "end");
        assert_true(kithp_writer_finish(&writer));
        assert_int_equal(gathered.length, before + KITHP_WRITER_ROOM + 3);
        for (size_t i = 0; i < before + KITHP_WRITER_ROOM; i++)
            assert_int_equal(gathered.bytes[i], i < before ? 'f' : 'r');
        assert_string_equal(gathered.bytes + before + KITHP_WRITER_ROOM, "end");
        gathered_free(&gathered);
    }
}

static void writer_that_is_refused_once_calls_no_more(void **state)
{
    (void)state;
    for (size_t refused = 1; refused <= 5; refused++) {
        char buffer[ROOM], bytes[5 * ROOM];
        memset(bytes, 'b', sizeof bytes);
        struct gathered gathered = {.fail_at = refused};
        struct kithp_writer writer = writer_to(&gathered, buffer);
        kithp_writer_bytes(&writer, bytes, sizeof bytes);
        kithp_writer_bytes(&writer, bytes, sizeof bytes);
        kithp_writer_room(&writer);
        assert_false(kithp_writer_finish(&writer));
        assert_false(kithp_writer_finish(&writer));
        assert_int_equal(gathered.calls, refused);
        assert_int_equal(gathered.length, (refused - 1) * ROOM);
        gathered_free(&gathered);
    }
}

static void writer_that_is_refused_at_the_end_says_so(void **state)
{
    (void)state;
    char buffer[ROOM];
    struct gathered gathered = {.fail_at = 1};
    struct kithp_writer writer = writer_to(&gathered, buffer);
    kithp_writer_string(&writer, "kith");
    assert_false(kithp_writer_finish(&writer));
    assert_int_equal(gathered.calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writer_hands_on_every_byte_in_order),
        cmocka_unit_test(writer_without_bytes_calls_nobody),
        cmocka_unit_test(writer_small_text_waits_for_the_end),
        cmocka_unit_test(writer_room_is_always_enough),
        cmocka_unit_test(writer_that_is_refused_once_calls_no_more),
        cmocka_unit_test(writer_that_is_refused_at_the_end_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
