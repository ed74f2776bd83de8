/* SPDX-License-Identifier: MIT */
/*
 * Rows read quickly must come out as csv.h and row.h alone read them: each event, each refused row with its reason,
 * line and text, and where each block ends. Texts are made up, of good rows with more or less of everything else among
 * them.
 */
#include "support.h"

#include "exports/reader.h"

/* ---- an export that is made up ---- */

struct style {
    const char *header; /* with commas */
    char delimiter;
    const char *line_end;
    uint32_t odd;      /* one field in so many is an odd one; 0 for none */
    uint32_t quoted;   /* and quoted */
    uint32_t odd_rows; /* one row in so many has too many fields, or is empty, or has a stray quote */
    bool high;         /* some names are not ASCII */
    uint32_t spread;   /* seconds from row to row at most */
};

static const char *pick(const char *const *texts, uint32_t count, uint64_t *luck)
{
    return texts[chance_below(luck, count)];
}
#define PICK(texts, luck) pick(texts, sizeof(texts) / sizeof *(texts), luck)

static void make_time(char *out, int64_t time, uint64_t *luck)
{
    static const char *const zones[] = {"Z", "Z", "Z", "Z", "Z", "Z", ".25Z", "+00:00", " UTC", ""};
    if (chance_below(luck, 20) == 0) {
        sprintf(out, "%lld", (long long)time);
        return;
    }
    kithp_calendar_format_time(out, time);
    strcpy(out + 19, PICK(zones, luck));
}

static void make_name(char *out, const struct style *style, uint64_t *luck)
{
    static const char *const high[] = {"Zoë", "松本", "Søren", "\xC3", "\xED\xA0\x80"};
    if (style->high && chance_below(luck, 5) == 0)
        strcpy(out, PICK(high, luck));
    else
        sprintf(out, "user%u", chance_below(luck, chance_below(luck, 4) ? 100 : 1000000000));
}

static void make_odd(char *out, char first, uint64_t *luck)
{
    static const char *const texts[] = {"",           "x",     "0",   "1000000000", "1000000001", "00000000000",
                                        "2026-02-30", " ",     "\r",  "2026-01-05", "99999999",   "123456789",
                                        "dance",      "likes", "lik", "1a",         "\xFF",       "-1",
                                        "1 ",         "a\rb"};
    if (chance_below(luck, 10) == 0) {
        size_t length = 200 + chance_below(luck, 120);
        memset(out, first, length);
        out[length] = '\0';
        return;
    }
    strcpy(out, PICK(texts, luck));
}

/* A field's value, for the column of the name that begins with `first`. */
static void make_value(char *out, char first, const struct style *style, int64_t time, uint64_t *luck)
{
    static const char *const kinds[] = {"like", "comment", "post", "login", "event_join", "view", "share"};
    static const char *const quantities[] = {"", "", "1", "2", "10", "999999999", "12345678", "07"};
    out[0] = '\0';
    if (style->odd && chance_below(luck, style->odd) == 0)
        make_odd(out, first, luck);
    else if (first == 't' && style->header[0] != 'T')
        make_time(out, time, luck);
    else if (first == 'm' || (first == 'g' && chance_below(luck, 2)))
        make_name(out, style, luck);
    else if (first == 'k')
        strcpy(out, PICK(kinds, luck));
    else if (first == 'q')
        strcpy(out, PICK(quantities, luck));
    else if (first == 'i')
        sprintf(out, "e%u", chance_below(luck, 100000));
    else if (first == 'n' && chance_below(luck, 3) == 0)
        memset(out, 'n', 300), out[chance_below(luck, 300)] = '\0';
}

static void add_field(struct gathered *text, const char *value, const struct style *style, uint64_t *luck)
{
    if (!style->quoted || chance_below(luck, style->quoted) > 0) {
        gather(text, value, strlen(value));
        return;
    }
    gather(text, "\"", 1);
    for (; *value; value++) {
        if (chance_below(luck, 20) == 0)
            gather(text, chance_below(luck, 2) ? "\"\"" : "\n", chance_below(luck, 2) ? 2 : 1);
        gather(text, value, 1);
    }
    gather(text, "\"", 1);
}

static void add_odd_row(struct gathered *text, const struct style *style, uint64_t *luck)
{
    static const char *const rows[] = {"", "", "stray\"quote", "\"never closed", "a,b", ",,,,,,,,,,,,,,", "\r", ",,,,"};
    if (chance_below(luck, 3) == 0) {
        /* Fields too many before those of a good row. */
        for (uint32_t i = 1 + chance_below(luck, 12); i > 0; i--) {
            gather(text, "x", chance_below(luck, 2));
            gather(text, &style->delimiter, 1);
        }
        return;
    }
    const char *row = PICK(rows, luck);
    gather(text, row, strlen(row));
    gather(text, style->line_end, strlen(style->line_end));
}

static struct gathered make_export(const struct style *style, unsigned rows, uint64_t *luck)
{
    struct gathered text = {0};
    for (const char *at = style->header; *at; at++)
        gather(&text, *at == ',' ? &style->delimiter : at, 1);
    gather(&text, style->line_end, strlen(style->line_end));
    int64_t time = 1767225600;
    for (unsigned i = 0; i < rows; i++) {
        if (style->odd_rows && chance_below(luck, style->odd_rows) == 0)
            add_odd_row(&text, style, luck);
        time += chance_below(luck, style->spread);
        for (const char *at = style->header;; at++) {
            if (at > style->header)
                gather(&text, &style->delimiter, 1);
            char value[400];
            make_value(value, *at == 't' && at[1] == 'a' ? 'g' : *at, style, time, luck);
            add_field(&text, value, style, luck);
            at = strchr(at, ',');
            if (!at)
                break;
        }
        if (i + 1 < rows || chance_below(luck, 2))
            gather(&text, style->line_end, strlen(style->line_end));
    }
    return text;
}

/* ---- reading both ways ---- */

struct both {
    const struct kithp_row_rules *rules;
    struct kithp_columns columns;
    struct kithp_csv_field *fields;
    char *text; /* read slowly; a copy, as names are put right in place */
    size_t length;
    size_t at;
    uint64_t line;
    struct kithp_row_end end;
};

/* The next row that is not an empty line; false at the end. */
static bool next_row(struct both *both, enum kithp_csv_outcome *outcome, struct kithp_csv_row *row, uint64_t *line)
{
    do {
        kith_text rest = {both->text + both->at, both->length - both->at};
        *outcome = kithp_csv_read(rest, true, both->columns.delimiter, both->fields, 64, row);
        if (*outcome == KITHP_CSV_END)
            return false;
        *line = both->line;
        both->at += row->consumed;
        both->line += row->lines;
    } while (*outcome == KITHP_CSV_EMPTY);
    bool has_end = row->consumed > row->text.length && row->text.data[row->consumed - 1] == '\n';
    both->end = (struct kithp_row_end){both->at, both->line + !has_end};
    return true;
}

static void assert_same_text(const char *a, size_t a_length, const char *b, size_t b_length)
{
    assert_int_equal(a_length, b_length);
    if (a_length)
        assert_memory_equal(a, b, a_length);
}

/* The next row must be this event. */
static void expect_event(struct both *both, const struct kithp_batch *batch, size_t index)
{
    const struct kithp_row_event *event = &batch->events[index];
    enum kithp_csv_outcome outcome;
    struct kithp_csv_row row;
    struct kithp_row_event slow;
    struct kithp_row_fault fault;
    kith_text id;
    uint64_t line;
    assert_true(next_row(both, &outcome, &row, &line));
    assert_int_equal(outcome, KITHP_CSV_ROW);
    assert_int_equal(row.field_count, both->columns.count);
    kithp_row_read(both->rules, &both->columns, both->fields, &slow, &id, &fault);
    assert_int_equal(fault.reason, KITH_REASON_NONE);
    assert_int_equal(event->time, slow.time);
    assert_int_equal(event->kind, slow.kind);
    assert_int_equal(event->quantity, slow.quantity);
    assert_same_text(event->member, event->member_length, slow.member, slow.member_length);
    assert_same_text(event->target, event->target_length, slow.target, slow.target_length);
    if (batch->has_ids)
        assert_same_text(batch->ids[index].data, batch->ids[index].length, id.data, id.length);
}

static void expect_reject(struct both *both, const struct kithp_reject *reject)
{
    enum kithp_csv_outcome outcome;
    struct kithp_csv_row row;
    struct kithp_row_event slow;
    struct kithp_row_fault fault = {.reason = KITH_REASON_FIELDS, .field = KITHP_FIELDS};
    kith_text id;
    uint64_t line;
    assert_true(next_row(both, &outcome, &row, &line));
    assert_int_equal(reject->line, line);
    assert_same_text(reject->row.data, reject->row.length, row.text.data, row.text.length);
    if (outcome == KITHP_CSV_QUOTE)
        fault.reason = KITH_REASON_QUOTE;
    else if (row.field_count == both->columns.count)
        kithp_row_read(both->rules, &both->columns, both->fields, &slow, &id, &fault);
    assert_int_equal(reject->fault.reason, fault.reason);
    assert_int_equal(reject->fault.field, fault.field);
    if (fault.field != KITHP_FIELDS)
        assert_same_text(reject->fault.value, reject->fault.value_length, fault.value, fault.value_length);
    assert_memory_equal(&reject->end, &both->end, sizeof both->end);
}

/* Rows in the order of the file: events of a block, and the refused rows behind it. */
static void expect_batch(struct both *both, const struct kithp_batch *batch)
{
    size_t event = 0, reject = 0;
    for (size_t i = 0; i <= batch->block_count; i++) {
        for (; reject < batch->reject_count && batch->rejects[reject].blocks_before == i; reject++)
            expect_reject(both, &batch->rejects[reject]);
        if (i == batch->block_count)
            break;
        assert_in_range(batch->blocks[i].end - event, 1, KITHP_TALLY_BLOCK);
        for (; event < batch->blocks[i].end; event++)
            expect_event(both, batch, event);
        assert_memory_equal(&batch->blocks[i].row_end, &both->end, sizeof both->end);
    }
    assert_int_equal(event, batch->event_count);
    assert_int_equal(reject, batch->reject_count);
}

struct bytes {
    const char *data;
    size_t length;
    size_t at;
    size_t step;
};

static int64_t give(void *context, void *buffer, size_t capacity)
{
    struct bytes *bytes = context;
    size_t given = bytes->length - bytes->at;
    given = given < bytes->step ? given : bytes->step;
    given = given < capacity ? given : capacity;
    memcpy(buffer, bytes->data + bytes->at, given);
    bytes->at += given;
    return (int64_t)given;
}

/* Reads an export in a way, and compares; returns how many events it has. */
static size_t check(const struct gathered *text, size_t step, enum kithp_scan_way way, size_t *rejects)
{
    struct memory memory;
    memory_init(&memory);
    struct kithp_row_rules rules;
    struct both both = {.rules = &rules, .length = text->length};
    enum kithp_field clash[2];
    kith_export input = {.size = sizeof input};
    assert_true(kithp_row_rules_init(&rules, &memory.allocator, &kithp_policy_defaults, 0, 1800000000));
    assert_true(kithp_columns_init(&both.columns, &input, clash));
    struct bytes bytes = {text->bytes, text->length, 0, step};
    struct kithp_input from;
    kithp_input_open_callback(&from, give, &bytes);
    struct kithp_reader reader;
    struct kithp_reading reading = {.rules = &rules, .columns = &both.columns, .name = "e"};
    struct kithp_columns given = both.columns;
    reading.columns = &given;
    assert_int_equal(kithp_reader_open(&reader, &memory.allocator, &reading, &from, NULL), KITH_OK);
    reader.way = way;
    struct kithp_batch batch = {.text = NULL};
    struct kithp_csv_field fields[64];
    both.fields = fields;
    both.text = malloc(text->length + 1);
    assert_non_null(both.text);
    memcpy(both.text, text->bytes, text->length);
    size_t events = 0;
    *rejects = 0;
    do {
        kithp_reader_fill(&reader, &batch);
        assert_int_equal(batch.status, KITH_OK);
        if (both.at == 0) {
            enum kithp_csv_outcome outcome;
            struct kithp_csv_row row;
            uint64_t line;
            both.columns = reader.csv.columns;
            both.line = 1;
            assert_true(next_row(&both, &outcome, &row, &line));
        }
        expect_batch(&both, &batch);
        events += batch.event_count;
        *rejects += batch.reject_count;
    } while (!batch.last);
    assert_memory_equal(&batch.end, &both.end, sizeof both.end);
    enum kithp_csv_outcome outcome;
    struct kithp_csv_row row;
    uint64_t line;
    assert_false(next_row(&both, &outcome, &row, &line));
    free(both.text);
    kithp_batch_free(&memory.allocator, &batch);
    kithp_reader_close(&reader);
    kithp_row_rules_free(&rules);
    assert_int_equal(memory.live, 0);
    return events;
}

static void check_all(const struct style *style, unsigned rows, uint64_t seed)
{
    uint64_t luck = seed;
    struct gathered text = make_export(style, rows, &luck);
    size_t events = 0, rejects = 0;
    for (enum kithp_scan_way way = 0; way < KITHP_SCAN_WAYS; way++)
        if (kithp_scan_can(way))
            events = check(&text, SIZE_MAX, way, &rejects);
    check(&text, 1000, kithp_scan_best(), &rejects);
    if (!style->odd && !style->odd_rows && !style->high)
        assert_int_equal(events, rows);
    else if (rows > 1000)
        assert_true(events > rows / 50 && rejects > 0);
    gathered_free(&text);
}

static const struct style plain = {
    .header = "time,member,kind,target,quantity", .delimiter = ',', .line_end = "\n", .spread = 100};

static void quick_rows_are_those_that_are_read_slowly(void **state)
{
    (void)state;
    struct style style = plain;
    for (uint64_t seed = 1; seed < 40; seed++)
        check_all(&style, (unsigned)seed * 9, seed);
    check_all(&style, 20000, 1);
    style.line_end = "\r\n";
    check_all(&style, 3000, 2);
    style.delimiter = ';';
    style.spread = 50000;
    check_all(&style, 1000, 3);
}

static void quick_columns_may_stand_in_any_order(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "kind,member,time",
        "quantity,kind,member,time",
        "member,kind,note,time,id",
        "id,time,member,kind,target,quantity",
        "note,time,member,kind,quantity,target",
        "note1,note2,note3,note4,note5,note6,note7,note8,note9,time,member,kind",
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct style style = plain;
        style.header = headers[i];
        check_all(&style, 3000, i);
        style.line_end = "\r\n";
        check_all(&style, 300, i);
        style.odd = 30;
        style.quoted = 30;
        style.odd_rows = 50;
        check_all(&style, 3000, i);
    }
}

static void quick_rows_among_odd_ones_are_the_same(void **state)
{
    (void)state;
    static const uint32_t odds[] = {3, 7, 50, 500};
    for (size_t i = 0; i < sizeof odds / sizeof *odds; i++) {
        struct style style = plain;
        style.odd = odds[i];
        check_all(&style, 3000, i);
        style.quoted = odds[i] * 2;
        check_all(&style, 3000, i);
        style.odd_rows = odds[i];
        check_all(&style, 3000, i);
        style.line_end = "\r\n";
        style.high = true;
        check_all(&style, 3000, i);
        style = plain;
        style.odd_rows = odds[i];
        check_all(&style, 3000, i);
    }
}

static void quick_names_need_not_be_ascii(void **state)
{
    (void)state;
    struct style style = plain;
    style.high = true;
    check_all(&style, 5000, 1);
    style.delimiter = '\t';
    check_all(&style, 100, 2);
}

static void quick_rows_of_nothing_but_quotes_are_the_same(void **state)
{
    (void)state;
    struct style style = plain;
    style.quoted = 1;
    style.odd = 9;
    check_all(&style, 5000, 1);
}

/* That they are read quickly at all does not show elsewhere. */
static void quick_takes_good_rows_and_stops_at_others(void **state)
{
    (void)state;
    static const char good[] = "2026-01-05T10:00:00Z,ana,like,ben,3\n"
                               "2026-01-05T10:00:01Z,ana,post,,\r\n"
                               "\"2026-01-06T10:00:01Z\",\"\",vote,\"ben\",\"\"\r\n"
                               "1767225600,Zo\xC3\xAB,event_join,,999999\n";
    static const char *const others[] = {
        "2026-01-05T10:00:00Z,ana,like,ben\n",
        "2026-01-05T10:00:00Z,ana,like,ben,3,\n",
        "2026-01-05T10:00:00Z,\"a\"\"na\",like,ben,3\n",
        "2026-01-05T10:00:00Z,,like,,3\n",
        "2026-01-05T10:00:00Z,ana,dance,ben,3\n",
        "2026-01-05T10:00:60Z,ana,like,ben,3\n",
        "2026-01-05T10:00:00Z,ana,like,ben,0\n",
        "2026-01-05T10:00:00Z,an\xC3,like,ben,3\n",
        "2029-01-05T10:00:00Z,ana,like,ben,3\n",
        "2026-01-05T10:00:00Z,ana,like,ben,1234567890\n",
        "\n\n\n\n\n",
        "2026-01-05T10:00:00Z,ana,like,ben,3",
        "2026-01-05T10:00:00Z,ana\n,like,ben,3\n",
    };
    struct memory memory;
    memory_init(&memory);
    struct kithp_row_rules rules;
    struct kithp_columns columns;
    enum kithp_field clash[2];
    assert_true(kithp_row_rules_init(&rules, &memory.allocator, &kithp_policy_defaults, 0, 1800000000));
    assert_true(kithp_columns_init(&columns, &(kith_export){.size = sizeof(kith_export)}, clash));
    columns.delimiter = ',';
    columns.count = 5;
    for (int i = 0; i < 5; i++)
        columns.places[i] = (size_t)i;
    struct kithp_quick quick;
    assert_true(kithp_quick_init(&quick, &memory.allocator, &rules, &columns));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char text[sizeof good + 200 + KITHP_QUICK_BEHIND] = {0};
        sprintf(text, "%s%s", good, others[i]);
        struct kithp_row_event events[8];
        struct kithp_row_end end = {1000, 7};
        kithp_quick_begin(&quick);
        size_t most = kithp_quick_look(&quick, (kith_text){text, strlen(text)}, 0);
        assert_in_range(most, 4, 8);
        assert_int_equal(kithp_quick_read(&quick, text, most, &end, events, NULL), 4);
        assert_int_equal(end.offset, 1000 + strlen(good));
        assert_int_equal(end.line, 11);
        assert_text_equal(kithp_row_member(&events[0]), "ana");
        assert_text_equal(kithp_row_target(&events[2]), "ben");
        assert_int_equal(events[0].quantity, 3);
        assert_int_equal(events[1].quantity, 1);
        assert_int_equal(events[3].quantity, 999999);
        assert_int_equal(events[2].time, 1767693601);
    }
    kithp_quick_free(&quick);
    kithp_row_rules_free(&rules);
    assert_int_equal(memory.live, 0);
}

/* So many fields that no stretch holds a row of them. */
static void quick_leaves_rows_that_are_too_long(void **state)
{
    (void)state;
    enum { COLUMNS = 40, WIDTH = 1000 };
    struct gathered text = {0};
    gather(&text, "time,member,kind", 16);
    for (int i = 0; i < COLUMNS; i++) {
        char name[16];
        gather(&text, name, (size_t)sprintf(name, ",note%d", i));
    }
    char wide[WIDTH];
    memset(wide, 'w', sizeof wide);
    for (int row = 0; row < 30; row++) {
        gather(&text, "\n2026-01-05T10:00:00Z,ana,post", 30);
        for (int i = 0; i < COLUMNS; i++) {
            gather(&text, ",", 1);
            gather(&text, wide, row % 3 ? WIDTH : 1);
        }
    }
    size_t rejects;
    assert_int_equal(check(&text, SIZE_MAX, kithp_scan_best(), &rejects), 30);
    assert_int_equal(rejects, 0);
    gathered_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quick_rows_are_those_that_are_read_slowly),
        cmocka_unit_test(quick_columns_may_stand_in_any_order),
        cmocka_unit_test(quick_rows_among_odd_ones_are_the_same),
        cmocka_unit_test(quick_names_need_not_be_ascii),
        cmocka_unit_test(quick_rows_of_nothing_but_quotes_are_the_same),
        cmocka_unit_test(quick_takes_good_rows_and_stops_at_others),
        cmocka_unit_test(quick_leaves_rows_that_are_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
