/* SPDX-License-Identifier: MIT */
/* Batches of exports that are longer than what one batch takes: every row comes, once and in order. */
#include "reading_support.h"

#include <inttypes.h>

#define DESCRIPTION "[event]\ntime = t\nmember = m\nkind = k\n"

enum { TEXT_OF_A_BATCH = 1 << 18, REFUSED = 97 };

/* An export, and what is to be told of it. */
struct expected {
    struct gathered text;
    struct gathered told;
};

static void add(struct gathered *gathered, const char *format, int row)
{
    char text[64];
    int length = snprintf(text, sizeof text, format, row);
    gather(gathered, text, (size_t)length);
}

/* Of every so many rows, one is refused. */
static bool is_refused(int row)
{
    return row % REFUSED == 0;
}

static void expect(struct expected *expected, int row, int line)
{
    if (is_refused(row))
        add(&expected->told, "- %d time t=x\n", line);
    else
        add(&expected->told, "+ 7 post x1 u%d>\n", row);
}

static struct expected short_rows(int rows)
{
    struct expected made = {.text = {0}};
    gather(&made.text, "t,m,k\n", 6);
    for (int row = 1; row <= rows; row++) {
        add(&made.text, is_refused(row) ? "x,u%d,post\n" : "7,u%d,post\n", row);
        expect(&made, row, row + 1);
    }
    gather(&made.told, "", 1);
    return made;
}

static struct expected long_rows(int rows)
{
    enum { PAD = 2000 };
    char pad[PAD];
    memset(pad, '.', sizeof pad);
    struct expected made = {.text = {0}};
    for (int row = 1; row <= rows; row++) {
        add(&made.text, is_refused(row) ? "{\"t\":\"x\",\"m\":\"u%d\"" : "{\"t\":7,\"m\":\"u%d\"", row);
        gather(&made.text, ",\"pad\":\"", 8);
        gather(&made.text, pad, sizeof pad);
        gather(&made.text, "\",\"k\":\"post\"}\n", 14);
        expect(&made, row, row);
    }
    gather(&made.told, "", 1);
    return made;
}

static void assert_same(struct expected *made, size_t batches_least, size_t batches_most)
{
    struct told told = read_whole(DESCRIPTION, (kith_text){made->text.bytes, made->text.length}, SIZE_MAX);
    if (told.status != KITH_OK)
        fail_msg("%s", told.error.message);
    assert_int_equal(told.text.length + 1, made->told.length);
    assert_memory_equal(told.text.bytes, made->told.bytes, told.text.length);
    assert_int_equal(told.end.offset, made->text.length);
    assert_in_range(told.batches, batches_least, batches_most);
    told_free(&told);
    gathered_free(&made->text);
    gathered_free(&made->told);
}

/* What was read and does not fit any more is given next. */
static void texts_of_short_rows_fill_batches_and_none_is_lost(void **state)
{
    (void)state;
    struct expected made = short_rows(200000);
    size_t texts = made.text.length / TEXT_OF_A_BATCH;
    assert_true(texts > 8);
    assert_same(&made, 3, texts);
}

/* Though it is wanted, a batch has what several texts came to. */
static void texts_of_long_rows_are_handed_over_together(void **state)
{
    (void)state;
    struct expected made = long_rows(8000);
    size_t texts = made.text.length / TEXT_OF_A_BATCH;
    assert_true(texts > 50);
    assert_same(&made, 2, texts / 16 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_short_rows_fill_batches_and_none_is_lost),
        cmocka_unit_test(texts_of_long_rows_are_handed_over_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
