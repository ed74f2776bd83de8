/* SPDX-License-Identifier: MIT */
/* What becomes of a row, by what a description says of it. */
#include "reading_support.h"

#define LINES "[source]\nformat = ndjson\n"
#define PLAIN LINES "[event]\ntime = t\nmember = m\nkind = k\n"

/* ---- values ---- */

static void events_fields_are_those_that_paths_lead_to(void **state)
{
    (void)state;
    assert_told(LINES "[event]\ntime = at.s\nmember = who.\"a.b\"\nkind = list.1\ntarget = to\nquantity = n\n",
                TEXT("{\"at\":{\"s\":5},\"who\":{\"a.b\":\"ana\"},\"list\":[0,\"like\"],\"to\":\"ben\",\"n\":7}\n"
                     "{\"n\":\"8\",\"to\":true,\"list\":[1,\"like\"],\"who\":{\"a.b\":12},\"at\":{\"s\":\"6\"}}\n"),
                "+ 5 like x7 ana>ben\n"
                "+ 6 like x8 12>true\n");
}

static void events_take_the_first_alternative_that_is_there(void **state)
{
    (void)state;
    static const char by[] = LINES "[event]\ntime = t | u\nkind = k\nmember = a | b.c | d ? 'other' | 'nobody'\n";
    assert_told(by,
                TEXT("{\"t\":1,\"k\":\"post\",\"a\":\"ana\",\"b\":{\"c\":\"ben\"}}\n"
                     "{\"t\":null,\"u\":2,\"k\":\"post\",\"a\":null,\"b\":{\"c\":\"ben\"}}\n"
                     "{\"t\":\"\",\"u\":3,\"k\":\"post\",\"a\":\"\",\"b\":7,\"d\":false}\n"
                     "{\"t\":4,\"k\":\"post\",\"d\":null}\n"
                     "{\"t\":5,\"k\":\"post\",\"d\":[]}\n"
                     "{\"t\":6,\"k\":\"post\",\"a\":{},\"d\":1}\n"),
                "+ 1 post x1 ana>\n"
                "+ 2 post x1 ben>\n"
                "+ 3 post x1 other>\n"
                "+ 4 post x1 nobody>\n"
                "+ 5 post x1 other>\n"
                "- 6 member a | b.c | d ? 'other' | 'nobody'={}\n");
}

static void events_kinds_are_joined_of_the_parts_that_are_there(void **state)
{
    (void)state;
    static const char by[] =
        LINES "[event]\ntime = t\nmember = m\nkind = a / b / c ? 'x' | d\n"
              "[kinds]\npr = post\npr/2/x = like\n2 = reply\nx = vote\nother = view\na\\b = help\n";
    assert_told(by,
                TEXT("{\"t\":1,\"m\":\"ana\",\"a\":\"pr\"}\n"
                     "{\"t\":2,\"m\":\"ana\",\"a\":\"pr\",\"b\":2,\"c\":{}}\n"
                     "{\"t\":3,\"m\":\"ana\",\"a\":null,\"b\":2}\n"
                     "{\"t\":4,\"m\":\"ana\",\"c\":true}\n"
                     "{\"t\":5,\"m\":\"ana\",\"d\":\"other\"}\n"
                     "{\"t\":6,\"m\":\"ana\",\"a\":\"pr\",\"b\":\"\",\"d\":\"other\"}\n"
                     "{\"t\":7,\"m\":\"ana\",\"a\":\"pr\",\"b\":\"\\u0032\"}\n"
                     "{\"t\":8,\"m\":\"ana\",\"a\":\"pr\",\"b\":[1, 2],\"d\":\"other\"}\n"
                     "{\"t\":9,\"m\":\"ana\",\"a\":\"pr\",\"b\":\"\\u0032\",\"c\":0}\n"
                     "{\"t\":10,\"m\":\"ana\",\"a\":\"a\\\\b\"}\n"),
                "+ 1 post x1 ana>\n"
                "+ 2 like x1 ana>\n"
                "+ 3 reply x1 ana>\n"
                "+ 4 vote x1 ana>\n"
                "+ 5 view x1 ana>\n"
                "+ 6 post x1 ana>\n"
                "- 7 kind a / b / c ? 'x' | d=pr/2\n"
                "- 8 kind a / b / c ? 'x' | d=[1, 2]\n"
                "+ 9 like x1 ana>\n"
                "+ 10 help x1 ana>\n");
}

static void events_ids_have_all_their_parts_or_are_none(void **state)
{
    (void)state;
    assert_told(PLAIN "id = a / b | c\n[kinds]\nk = post\n",
                TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"k\",\"a\":\"x\\u002f\",\"b\":1}\n"
                     "{\"t\":2,\"m\":\"ana\",\"k\":\"k\",\"a\":\"x\",\"c\":\"y\"}\n"
                     "{\"t\":3,\"m\":\"ana\",\"k\":\"k\",\"a\":\"x\"}\n"
                     "{\"t\":4,\"m\":\"ana\",\"k\":\"k\",\"a\":\"x\",\"b\":\"\"}\n"
                     "{\"t\":5,\"m\":\"ana\",\"k\":\"k\",\"b\":1}\n"
                     "{\"t\":6,\"m\":\"ana\",\"k\":\"k\",\"a\":\"x\",\"b\":[1],\"c\":\"y\"}\n"
                     "{\"t\":7,\"m\":\"ana\",\"k\":\"k\",\"c\":{}}\n"),
                "+ 1 post x1 ana> #x//1\n"
                "+ 2 post x1 ana> #y\n"
                "+ 3 post x1 ana>\n"
                "+ 4 post x1 ana>\n"
                "+ 5 post x1 ana>\n"
                "+ 6 post x1 ana> #y\n"
                "+ 7 post x1 ana> #{}\n");
}

static void events_ids_are_told_apart_by_their_last_byte(void **state)
{
    (void)state;
    enum { LONG = 3000 };
    char part[LONG + 1], text[3 * LONG], expected[3 * LONG];
    memset(part, 'x', LONG);
    part[LONG] = '\0';
    int length = snprintf(text, sizeof text,
                          "{\"t\":1,\"m\":\"ana\",\"k\":\"k\",\"a\":\"%s\",\"b\":1}\n"
                          "{\"t\":1,\"m\":\"ana\",\"k\":\"k\",\"a\":\"%s\",\"b\":2}\n",
                          part, part);
    snprintf(expected, sizeof expected, "+ 1 post x1 ana> #%s/1\n+ 1 post x1 ana> #%s/2\n", part, part);
    assert_told(PLAIN "id = a / b\n[kinds]\nk = post\n", (kith_text){text, (uint64_t)length}, expected);
}

static void events_text_is_what_escapes_mean(void **state)
{
    (void)state;
    assert_told(LINES "[event]\ntime = t\nmember = m\nkind = k\ntarget = m\nid = id\n",
                TEXT("{\"t\":\"\\u0031\\u0032\",\"m\":\"\\u00e9\\\"\\n\\uD83D\\ude00\",\"k\":\"p\\u006fst\","
                     "\"id\":\"\\u0061\\/b\"}\n"
                     "{\"t\":13,\"m\":\"half \\ud800 pair\",\"k\":\"post\",\"id\":12}\n"
                     "{\"t\":14,\"m\":\"ana\",\"k\":\"post\",\"id\":{\"any\": 1}}\n"
                     "{\"t\":15,\"m\":\"ana\",\"k\":\"post\",\"id\":null}\n"
                     "{\"t\":\"1\\u0035x\",\"m\":\"\\u0062\",\"k\":\"post\"}\n"),
                "+ 12 post x1 \xC3\xA9\"\n\xF0\x9F\x98\x80>\xC3\xA9\"\n\xF0\x9F\x98\x80 #a/b\n"
                "+ 13 post x1 half \xEF\xBF\xBD pair>half \xEF\xBF\xBD pair #12\n"
                "+ 14 post x1 ana>ana #{\"any\": 1}\n"
                "+ 15 post x1 ana>ana\n"
                "- 5 time t=15x\n");
}

/* ---- rejects ---- */

static void events_are_rejected_for_the_first_reason(void **state)
{
    (void)state;
    assert_told(LINES "[event]\ntime = t\nmember = m\nkind = k\ntarget = to\nquantity = n\n",
                TEXT("{\"t\":\"soon\",\"m\":[],\"to\":{},\"k\":\"dance\",\"n\":0}\n"
                     "{\"t\":1,\"m\":[ 1 ],\"to\":{},\"k\":\"dance\",\"n\":0}\n"
                     "{\"t\":1,\"m\":\"ana\",\"to\":{},\"k\":\"dance\",\"n\":0}\n"
                     "{\"t\":1,\"m\":\"ana\",\"to\":\"ben\",\"k\":\"dance\",\"n\":0}\n"
                     "{\"t\":1,\"m\":\"ana\",\"to\":\"ben\",\"k\":\"like\",\"n\":0}\n"
                     "{\"t\":1,\"m\":\"ana\",\"to\":\"ben\",\"k\":\"like\",\"n\":1.0}\n"
                     "{\"t\":1,\"m\":\"\",\"to\":null,\"k\":\"dance\",\"n\":0}\n"
                     "{\"m\":\"ana\",\"k\":\"like\"}\n"
                     "{\"t\":{},\"m\":\"ana\",\"k\":\"like\"}\n"
                     "{\"t\":1,\"m\":\"ana\"}\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"like\",\"n\":[1]}\n"
                     "17\n"
                     "[]\n"),
                "- 1 time t=soon\n"
                "- 2 member m=[ 1 ]\n"
                "- 3 target to={}\n"
                "- 4 kind k=dance\n"
                "- 5 quantity n=0\n"
                "- 6 quantity n=1.0\n"
                "- 7 member m=\n"
                "- 8 time t=\n"
                "- 9 time t={}\n"
                "- 10 kind k=\n"
                "- 11 quantity n=[1]\n"
                "- 12 time t=\n"
                "- 13 time t=\n");
}

static void events_rejects_keep_the_row_as_it_stood(void **state)
{
    (void)state;
    /* The first event is good, with names that are escaped; the further one is not, of the same row. */
    static const char row[] = "  {\"t\":1,\"m\":\"\\u0061na\",\"k\":\"p\\u006fst\",\"other\":\"d\\u0061nce\"}\t\r";
    static const char by[] = PLAIN "target = m\n[event x]\nmember = m\nkind = other\n";
    char text[256];
    int length = snprintf(text, sizeof text, "%s\n", row);
    struct told told = read_whole(by, (kith_text){text, (uint64_t)length}, 7);
    assert_string_equal(told_text(&told.text), "+ 1 post x1 ana>ana\n& - 1 kind other=dance\n");
    /* But for the line end, of which the CR is part. */
    char expected[256];
    snprintf(expected, sizeof expected, "%.*s\n", (int)strlen(row) - 1, row);
    assert_string_equal(told_text(&told.rows), expected);
    told_free(&told);
}

static void events_names_have_255_bytes_at_most(void **state)
{
    (void)state;
    for (int escaped = 0; escaped < 2; escaped++) {
        for (int length = 254; length <= 256; length++) {
            char text[2048], expected[512];
            int at = snprintf(text, sizeof text, "{\"t\":1,\"k\":\"post\",\"m\":\"");
            for (int i = 0; i < length; i++)
                at += snprintf(text + at, sizeof text - (size_t)at, escaped ? "\\u0061" : "a");
            at += snprintf(text + at, sizeof text - (size_t)at, "\"}");
            char name[300];
            memset(name, 'a', sizeof name);
            snprintf(expected, sizeof expected, length <= 255 ? "+ 1 post x1 %.*s>\n" : "- 1 member m=%.*s\n", length,
                     name);
            assert_told(PLAIN, (kith_text){text, (uint64_t)at}, expected);
        }
    }
}

/* ---- leaving out ---- */

static void events_are_left_out_before_they_are_refused(void **state)
{
    (void)state;
    static const char by[] = PLAIN "target = to\n[kinds]\nlike = vote\n"
                                   "[ignore]\nkind = l* noise\nmember = *[bot] a?a-bot\nbot = true y*\n";
    assert_told(by,
                TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"like\"}\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"login\"}\n"
                     "{\"t\":\"never\",\"m\":[],\"k\":\"noise\"}\n"
                     "{\"t\":\"never\",\"m\":\"x[bot]\",\"k\":\"dance\"}\n"
                     "{\"t\":\"never\",\"m\":\"ana-bot\"}\n"
                     "{\"t\":\"never\",\"bot\":true}\n"
                     "{\"t\":\"never\",\"bot\":\"yes\"}\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"post\",\"bot\":false}\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"post\",\"bot\":\"\"}\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"post\",\"to\":\"x[bot]\"}\n"
                     "{\"t\":\"never\",\"k\":\"post\",\"to\":\"x[bot]\"}\n"
                     "{\"t\":1,\"k\":\"post\",\"to\":\"ben\"}\n"
                     "{\"t\":1,\"m\":[1],\"k\":\"post\",\"to\":\"x[bot]\"}\n"),
                "+ 1 vote x1 ana>\n"
                "+ 1 post x1 ana>\n"
                "+ 1 post x1 ana>\n"
                "+ 1 post x1 ana>\n"
                "+ 1 post x1 >ben\n! 7\n"
                "- 13 member m=[1]\n");
}

static void events_stand_in_the_order_of_rows_whatever_becomes_of_them(void **state)
{
    (void)state;
    static const char by[] = PLAIN "[ignore]\nkind = x\n";
    assert_told(by,
                TEXT("{\"t\":1,\"k\":\"x\"}\n"
                     "bad\n"
                     "{\"t\":1,\"k\":\"x\"}\n"
                     "{\"t\":1,\"k\":\"x\"}\n"
                     "bad\n"
                     "bad\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\n"
                     "{\"t\":1,\"k\":\"x\"}\n"),
                "! 1\n- 2 json 1 expected a value\n! 2\n- 5 json 1 expected a value\n- 6 json 1 expected a value\n"
                "+ 1 post x1 ana>\n! 1\n");
}

static void events_are_those_of_the_member_behind_an_alias(void **state)
{
    (void)state;
    static const char by[] = PLAIN "target = to\n[ignore]\nmember = bot old\n[aliases]\nold = ana\nrobot = bot\n";
    assert_told(by,
                TEXT("{\"t\":1,\"m\":\"old\",\"k\":\"post\",\"to\":\"ol\\u0064\"}\n"
                     "{\"t\":1,\"m\":\"robot\",\"k\":\"post\"}\n"
                     "{\"t\":1,\"m\":\"ana\",\"k\":\"post\",\"to\":\"robot\"}\n"
                     "{\"t\":\"x\",\"m\":\"Old\",\"k\":\"post\"}\n"),
                "+ 1 post x1 ana>ana\n+ 1 post x1 ana>\n! 1\n- 4 time t=x\n");
}

/* ---- further events ---- */

static const char further[] = PLAIN "target = to\nid = id\n"
                                    "[kinds]\nopen = post\n"
                                    "[ignore]\nkind = *\nmember = *-bot\n"
                                    "[event merged]\nmember = by\ntarget = m\nkind = k / done\nquantity = n\n"
                                    "[kinds merged]\nclose/true = accept\nopen/* = like\n"
                                    "[event seen]\ntime = seen.at\ntarget = seen.whom\nkind = 'view'\n"
                                    "[event odd]\nmember = odd\nkind = what\n";

static void events_further_ones_are_there_or_not(void **state)
{
    (void)state;
    assert_told(further,
                TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"open\",\"id\":\"r1\"}\n"
                     "{\"t\":2,\"m\":\"ana\",\"k\":\"close\",\"done\":true,\"by\":\"ben\",\"id\":\"r2\"}\n"
                     "{\"t\":3,\"m\":\"ana\",\"k\":\"close\",\"done\":false,\"by\":\"ben\"}\n"
                     "{\"t\":4,\"m\":\"ana\",\"k\":\"open\",\"done\":1,\"by\":\"ben\",\"id\":\"r4\","
                     "\"seen\":{\"whom\":\"cat\",\"at\":40}}\n"
                     "{\"t\":5,\"m\":\"ana\",\"k\":\"open\",\"done\":1,\"by\":\"x-bot\",\"seen\":{\"whom\":\"\"}}\n"
                     "{\"t\":6,\"m\":\"ana\",\"k\":\"open\",\"odd\":\"dan\"}\n"
                     "{\"t\":7,\"m\":\"ana\",\"k\":\"open\",\"what\":\"vote\"}\n"
                     "{\"t\":8,\"m\":\"ana\",\"k\":\"open\",\"odd\":\"dan\",\"what\":\"vote\"}\n"
                     /* Nobody's but of a member that is left out. */
                     "{\"t\":9,\"m\":\"ana\",\"k\":\"open\",\"seen\":{\"whom\":\"x-bot\"}}\n"
                     "{\"t\":10,\"m\":\"my-bot\",\"k\":\"open\",\"done\":1,\"by\":\"ben\"}\n"),
                "+ 1 post x1 ana> #r1\n"
                "+ 2 accept x1 ben>ana #r2\n& ! 1\n"
                "+ 4 post x1 ana> #r4\n+ 4 like x1 ben>ana ~\n+ 40 view x1 >cat ~\n"
                "+ 5 post x1 ana>\n"
                "+ 6 post x1 ana>\n"
                "+ 7 post x1 ana>\n"
                "+ 8 post x1 ana>\n+ 8 vote x1 dan> ~\n"
                "+ 9 post x1 ana>\n"
                "+ 10 like x1 ben>\n! 1\n& ! 1\n");
}

static void events_further_ones_are_rejected_by_themselves(void **state)
{
    (void)state;
    assert_told(
        further,
        TEXT("{\"t\":1,\"m\":\"ana\",\"k\":\"open\",\"done\":1,\"by\":\"ben\",\"n\":0,\"odd\":\"dan\","
             "\"what\":\"dance\",\"seen\":{\"whom\":\"cat\",\"at\":\"?\"}}\n"
             "{\"t\":\"?\",\"m\":\"ana\",\"k\":\"open\",\"done\":1,\"by\":\"ben\","
             "\"seen\":{\"whom\":\"cat\",\"at\":2}}\n"
             "{\"t\":\"?\",\"m\":\"ana\",\"k\":\"open\"}\n"
             "{\"t\":4,\"m\":\"ana\",\"k\":\"open\",\"done\":[],\"by\":\"ben\",\"odd\":{},\"what\":\"vote\"}\n"),
        "+ 1 post x1 ana>\n& - 1 quantity n=0\n& - 1 time seen.at=?\n& - 1 kind what=dance\n"
        "+ 2 view x1 >cat\n& - 2 time t=?\n& - 2 time t=?\n"
        "- 3 time t=?\n"
        "+ 4 post x1 ana>\n& - 4 kind k / done=[]\n& - 4 member odd={}\n");
}

/* ---- lists ---- */

static const char lists[] = LINES "[event]\ntime = t\nmember = m\nkind = 'post'\nid = id\n"
                                  "[event react]\nmember = reactions[].users[].id\ntarget = m\n"
                                  "kind = 'react' / reactions[].name\nquantity = reactions[].users[].n\n"
                                  "[kinds react]\nreact/up = like\nreact/x* = vote\n"
                                  "[event mention]\nmember = m\ntarget = mentions[]\nkind = 'view'\n";

static void events_of_lists_are_one_for_each_element(void **state)
{
    (void)state;
    assert_told(lists,
                TEXT("{\"t\":1,\"m\":\"ana\",\"id\":\"a\",\"mentions\":[\"ben\",\"cat\"],\"reactions\":["
                     "{\"name\":\"up\",\"users\":[{\"id\":\"x\"},{\"id\":\"y\",\"n\":3}]},"
                     "{\"users\":[{\"id\":\"z\"}],\"name\":\"down\"},"
                     "{\"users\":[{\"id\":\"\\u007a\"},{\"id\":\"q\",\"n\":0}],\"name\":\"x1\"}]}\n"
                     "{\"t\":2,\"m\":\"ana\",\"reactions\":[],\"mentions\":null}\n"
                     "{\"t\":3,\"m\":\"ana\",\"reactions\":[{\"name\":\"up\"},{\"name\":\"up\",\"users\":[]},7,[]]}\n"
                     "{\"t\":4,\"m\":\"ana\",\"reactions\":{\"name\":\"up\"},\"mentions\":\"ben\"}\n"
                     "{\"t\":5,\"m\":\"ana\",\"mentions\":[null,\"\",[],\"dan\"]}\n"),
                "+ 1 post x1 ana> #a\n"
                "+ 1 like x1 x>ana ~\n+ 1 like x3 y>ana ~\n+ 1 vote x1 z>ana ~\n"
                "+ 1 view x1 ana>ben ~\n+ 1 view x1 ana>cat ~\n"
                "& - 1 quantity reactions[].users[].n=0\n"
                "+ 2 post x1 ana>\n"
                "+ 3 post x1 ana>\n"
                "+ 4 post x1 ana>\n"
                "+ 5 post x1 ana>\n+ 5 view x1 ana> ~\n+ 5 view x1 ana> ~\n+ 5 view x1 ana>dan ~\n"
                "& - 5 target mentions[]=[]\n");
}

static void events_of_a_list_in_the_first_are_each_taken_left_out_or_refused(void **state)
{
    (void)state;
    static const char by[] = LINES "[event]\ntime = at\nmember = who[].name\nkind = who[].did\nid = id\n"
                                   "[ignore]\nkind = noise\nmember = bot\n"
                                   "[event more]\nmember = more\nkind = 'view'\n";
    assert_told(by,
                TEXT("{\"at\":1,\"id\":\"a\",\"who\":[{\"name\":\"ana\",\"did\":\"post\"},{\"did\":\"noise\"},"
                     "{\"name\":\"bot\",\"did\":\"post\"},{\"name\":\"ben\",\"did\":\"dance\"},"
                     "{\"name\":\"cat\",\"did\":\"vote\"},null]}\n"
                     "{\"at\":2,\"id\":\"b\",\"who\":[]}\n"
                     "{\"at\":3,\"id\":\"c\"}\n"
                     "{\"at\":4,\"id\":\"d\",\"who\":[],\"more\":\"dan\"}\n"
                     "{\"at\":5,\"id\":\"e\",\"who\":[{\"did\":\"noise\"},{\"did\":\"noise\"}]}\n"
                     "{\"at\":6,\"id\":\"f\",\"who\":[{\"did\":\"noise\"},{\"did\":\"post\"}]}\n"),
                "+ 1 post x1 ana> #a\n+ 1 vote x1 cat> ~\n& ! 2\n"
                "& - 1 kind who[].did=dance\n& - 1 member who[].name=\n"
                "+ 4 view x1 dan> #d\n! 5\n"
                "- 6 member who[].name=\n");
}

/* A description that has the same list twice, four deep, and stops at each depth. */
static void events_go_along_four_lists(void **state)
{
    (void)state;
    static const char by[] = LINES "[event]\ntime = t\nmember = a[].b[].c[].d[].m\nkind = a[].b[].k\n"
                                   "target = a[].b[].c[].to\n"
                                   "[event x]\nmember = a[].m\nkind = 'view'\n";
    assert_told(by,
                TEXT("{\"t\":1,\"a\":[{\"m\":\"A\",\"b\":[{\"k\":\"like\",\"c\":[{\"to\":\"x\",\"d\":[{\"m\":\"1\"},"
                     "{\"m\":\"2\"}]},{\"d\":[{\"m\":\"3\"}],\"to\":\"y\"}]},{\"c\":[{\"d\":[{\"m\":\"4\"}]}],"
                     "\"k\":\"vote\"}]},{\"m\":\"B\"}]}\n"),
                "+ 1 like x1 1>x\n+ 1 like x1 2>x\n+ 1 like x1 3>y\n+ 1 vote x1 4>\n"
                "+ 1 view x1 A>\n+ 1 view x1 B>\n");
}

/* More events than a block holds are in several; whatever stands before them is whole. */
static void events_of_a_row_are_in_one_block_where_they_fit(void **state)
{
    (void)state;
    static const char by[] = LINES "[event]\ntime = t\nmember = m[]\nkind = 'view'\nid = t\n";
    struct gathered text = {0}, expected = {0};
    uint64_t luck = 77;
    char piece[64];
    for (unsigned row = 1; row <= 400; row++) {
        unsigned most = row % 50 == 0 ? 2000 : row % 7 == 0 ? KITHP_TALLY_BLOCK + 2 : 9;
        unsigned count = 1 + chance_below(&luck, most);
        gather(&text, piece, (size_t)snprintf(piece, sizeof piece, "{\"t\":%u,\"m\":[", row));
        for (unsigned i = 0; i < count; i++) {
            gather(&text, piece, (size_t)snprintf(piece, sizeof piece, "%s%u", i > 0 ? "," : "", i));
            gather(&expected, piece,
                   (size_t)(i == 0 ? snprintf(piece, sizeof piece, "+ %u view x1 0> #%u\n", row, row)
                                   : snprintf(piece, sizeof piece, "+ %u view x1 %u> ~\n", row, i)));
        }
        gather(&text, "]}\n", 3);
    }
    struct told told = read_whole(by, (kith_text){text.bytes, text.length}, 1 << 20);
    assert_int_equal(told.status, KITH_OK);
    assert_string_equal(told_text(&told.text), expected.bytes);
    assert_int_equal(told.end.offset, text.length);
    told_free(&told);
    gathered_free(&text);
    gathered_free(&expected);
}

/* ---- times ---- */

static void events_times_are_read_as_the_description_says(void **state)
{
    (void)state;
    assert_told(LINES "times = milliseconds\n[event]\ntime = t\nmember = 'x'\nkind = 'view'\n",
                TEXT("{\"t\":1772409600999}\n{\"t\":\"1000\"}\n{\"t\":1.5e3}\n{\"t\":\"2026-03-02\"}\n"),
                "+ 1772409600 view x1 x>\n+ 1 view x1 x>\n+ 1 view x1 x>\n- 4 time t=2026-03-02\n");
    assert_told(LINES "times = \"%d.%m.%Y %H:%M\"\nzone = +01:00\n[event]\ntime = t\nmember = 'x'\nkind = 'view'\n",
                TEXT("{\"t\":\"02.03.2026 01:00\"}\n{\"t\":\"2026-03-02\"}\n"),
                "+ 1772409600 view x1 x>\n- 2 time t=2026-03-02\n");
    /* A zone is that of times which have none; those alike but for the clock are read in another way. */
    assert_told(LINES "zone = +01:00\n[event]\ntime = t\nmember = 'x'\nkind = 'view'\n",
                TEXT("{\"t\":\"2026-03-02T01:00:00\"}\n{\"t\":\"2026-03-02T01:00:07\"}\n"
                     "{\"t\":\"2026-03-02T00:00:00Z\"}\n{\"t\":\"2026-03-02T00:00:07Z\"}\n{\"t\":\"2026-03-02\"}\n"
                     "{\"t\":1772409600}\n{\"t\":\"2026-03-02T01:00:0\\u0038\"}\n{\"t\":7}\n"),
                "+ 1772409600 view x1 x>\n+ 1772409607 view x1 x>\n"
                "+ 1772409600 view x1 x>\n+ 1772409607 view x1 x>\n+ 1772406000 view x1 x>\n"
                "+ 1772409600 view x1 x>\n+ 1772409608 view x1 x>\n+ 7 view x1 x>\n");
    /* A word has nothing behind it that could be read. */
    assert_told(LINES "[event]\ntime = t | '2026-03-02T00:00:09Z'\nmember = 'x'\nkind = 'view'\n",
                TEXT("{\"t\":\"2026-03-02T00:00:00Z\"}\n{}\n"), "+ 1772409600 view x1 x>\n+ 1772409609 view x1 x>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_fields_are_those_that_paths_lead_to),
        cmocka_unit_test(events_take_the_first_alternative_that_is_there),
        cmocka_unit_test(events_kinds_are_joined_of_the_parts_that_are_there),
        cmocka_unit_test(events_ids_have_all_their_parts_or_are_none),
        cmocka_unit_test(events_ids_are_told_apart_by_their_last_byte),
        cmocka_unit_test(events_text_is_what_escapes_mean),
        cmocka_unit_test(events_are_rejected_for_the_first_reason),
        cmocka_unit_test(events_rejects_keep_the_row_as_it_stood),
        cmocka_unit_test(events_names_have_255_bytes_at_most),
        cmocka_unit_test(events_are_left_out_before_they_are_refused),
        cmocka_unit_test(events_stand_in_the_order_of_rows_whatever_becomes_of_them),
        cmocka_unit_test(events_are_those_of_the_member_behind_an_alias),
        cmocka_unit_test(events_further_ones_are_there_or_not),
        cmocka_unit_test(events_further_ones_are_rejected_by_themselves),
        cmocka_unit_test(events_of_lists_are_one_for_each_element),
        cmocka_unit_test(events_of_a_list_in_the_first_are_each_taken_left_out_or_refused),
        cmocka_unit_test(events_go_along_four_lists),
        cmocka_unit_test(events_of_a_row_are_in_one_block_where_they_fit),
        cmocka_unit_test(events_times_are_read_as_the_description_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
