/* SPDX-License-Identifier: MIT */
/* Exports of all forms, and by source descriptions, as an application hands them over. */
#include <kith/kith.h>

#include "engine_support.h"
#include "gzip_support.h"

#include <inttypes.h>

static kith_source *source_from(const char *text)
{
    kith_source *source = NULL;
    kith_error error = NO_ERROR;
    assert_status(kith_source_parse(kith_text_of(text), "my.ini", NULL, &source, &error), KITH_OK, &error);
    return source;
}

static kith_engine_info info_of(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info;
}

/* ---- one call ---- */

/* What a call left behind. */
struct call {
    kith_status status;
    kith_error error;
    kith_added added;
    struct gathered rejects; /* reason, column, value, byte, words and row, a line each */
    unsigned told;
    unsigned stop_at; /* the reject that asks to stop, from 1; 0 for none */
};

static void note(struct gathered *gathered, kith_text text, const char *behind)
{
    if (text.length > 0)
        gather(gathered, text.data, text.length);
    gather(gathered, behind, strlen(behind));
}

static int note_reject(void *context, const kith_reject *reject)
{
    struct call *call = context;
    char number[96];
    snprintf(number, sizeof number, "%s:%" PRIu64 " %s ", "", reject->line, kith_reason_name(reject->reason));
    note(&call->rejects, reject->file, number);
    note(&call->rejects, reject->column, "=");
    note(&call->rejects, reject->value, " ");
    snprintf(number, sizeof number, "%" PRIu64 " ", reject->at);
    note(&call->rejects, kith_text_of(number), "");
    note(&call->rejects, reject->words, " ");
    note(&call->rejects, reject->row, "\n");
    return ++call->told == call->stop_at;
}

static void call_free(struct call *call)
{
    gathered_free(&call->rejects);
}

static struct call call_with(kith_engine *engine, kith_export *input, unsigned stop_at)
{
    struct call call = {.added = {.size = sizeof call.added}, .error = NO_ERROR, .stop_at = stop_at};
    input->reject = note_reject;
    input->reject_context = &call;
    call.status = kith_engine_add_export(engine, input, &call.added, &call.error);
    assert_int_equal(call.added.read, call.added.taken + call.added.rejected + call.added.skipped + call.added.ignored);
    return call;
}

static struct call call_by(kith_engine *engine, const kith_source *source, kith_text text)
{
    struct bytes_source bytes = {.bytes = text.data, .length = text.length};
    kith_export input = {
        .size = sizeof input, .read = read_bytes, .read_context = &bytes, .name = "in/e.json", .source = source};
    return call_with(engine, &input, 0);
}

/* ---- the same rows in all forms ---- */

enum { ROW_TEXT = 400 };

/* A row as texts, of which some are of no use. */
struct row {
    char time[40];
    char member[ROW_TEXT];
    char kind[24];
    char target[ROW_TEXT];
    char quantity[24];
    char id[24];
};

static void make_name(char *name, uint64_t *luck)
{
    static const char *const odd[] = {
        "\"quoted\"", "a,b;c",  "\xC3\xA9t\xC3\xA9", "line\nfeed", "back\\slash", "\xF0\x9F\x98\x80",
        "a\tb",       "sla/sh", " blanks ",          "'single'"};
    unsigned which = chance_below(luck, 40);
    if (which < 10)
        snprintf(name, ROW_TEXT, "%s", odd[which]);
    else if (which == 10)
        snprintf(name, ROW_TEXT, "%0*d", 256 + (int)chance_below(luck, 100), 7);
    else if (which == 11)
        name[0] = '\0';
    else
        snprintf(name, ROW_TEXT, "m%u", chance_below(luck, 30));
}

static void make_row(struct row *row, uint64_t *luck)
{
    static const char *const kinds[] = {"post", "like", "comment", "login", "help", "leave", "dance", ""};
    static const char *const quantities[] = {"", "1", "2", "17", "0", "1.5", "99999999999", "-1"};
    long long time = (long long)MONDAY + chance_below(luck, 3 * 604800);
    unsigned how = chance_below(luck, 30);
    if (how == 0)
        snprintf(row->time, sizeof row->time, "soon");
    else if (how < 10)
        snprintf(row->time, sizeof row->time, "2026-03-%02uT%02u:%02u:%02uZ", 2 + chance_below(luck, 20),
                 chance_below(luck, 24), chance_below(luck, 60), chance_below(luck, 60));
    else
        snprintf(row->time, sizeof row->time, "%lld", time);
    make_name(row->member, luck);
    make_name(row->target, luck);
    if (chance_below(luck, 3) == 0)
        row->target[0] = '\0';
    snprintf(row->kind, sizeof row->kind, "%s",
             kinds[chance_below(luck, 40) == 0 ? 6 + chance_below(luck, 2) : chance_below(luck, 6)]);
    snprintf(row->quantity, sizeof row->quantity, "%s",
             quantities[chance_below(luck, 30) == 0 ? chance_below(luck, 8) : chance_below(luck, 4)]);
    row->id[0] = '\0';
    if (chance_below(luck, 2) == 0)
        snprintf(row->id, sizeof row->id, "i%u", chance_below(luck, 2000));
}

static const char *const field_names[] = {"time", "member", "kind", "target", "quantity", "id"};
enum { FIELDS = 6 };

static const char *field_of(const struct row *row, int field)
{
    const char *const fields[FIELDS] = {row->time, row->member, row->kind, row->target, row->quantity, row->id};
    return fields[field];
}

static void add_string(struct gathered *text, const char *string)
{
    gather(text, string, strlen(string));
}

/* An order of the fields. */
static void shuffle(int *order, uint64_t *luck)
{
    for (int i = 0; i < FIELDS; i++)
        order[i] = i;
    for (int i = FIELDS - 1; i > 0; i--) {
        int j = (int)chance_below(luck, (uint32_t)i + 1), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* ---- as CSV ---- */

static void add_field(struct gathered *text, const char *value, uint64_t *luck)
{
    if (!strpbrk(value, ",;\"\n\r") && chance_below(luck, 4) > 0) {
        add_string(text, value);
        return;
    }
    add_string(text, "\"");
    for (const char *at = value; *at; at++) {
        gather(text, at, 1);
        if (*at == '"')
            gather(text, at, 1);
    }
    add_string(text, "\"");
}

static struct gathered csv_of_rows(const struct row *rows, size_t count)
{
    struct gathered text = {0};
    uint64_t luck = 1;
    add_string(&text, "time,member,kind,target,quantity,id\n");
    for (size_t i = 0; i < count; i++) {
        for (int field = 0; field < FIELDS; field++) {
            add_field(&text, field_of(&rows[i], field), &luck);
            add_string(&text, field < FIELDS - 1 ? "," : "\n");
        }
    }
    return text;
}

static const char described_csv[] = "[source]\nformat = csv\ndelimiter = semicolon\n[event]\ntime = When it was\n"
                                    "member = not here | \"who\\\"\"\nkind = type\ntarget = to\nquantity = n\n"
                                    "id = key\n";

static struct gathered described_csv_of_rows(const struct row *rows, size_t count)
{
    static const char *const headers[] = {"When it was", "who\"", "type", "to", "n", "key"};
    struct gathered text = {0};
    uint64_t luck = 2;
    int order[FIELDS];
    shuffle(order, &luck);
    for (int i = 0; i < FIELDS; i++) {
        add_field(&text, headers[order[i]], &luck);
        add_string(&text, ";junk");
        gather(&text, &"abcdef"[i], 1);
        add_string(&text, i < FIELDS - 1 ? ";" : "\r\n");
    }
    for (size_t i = 0; i < count; i++) {
        for (int j = 0; j < FIELDS; j++) {
            add_field(&text, field_of(&rows[i], order[j]), &luck);
            add_string(&text, ";");
            add_field(&text, chance_below(&luck, 2) ? "a;\"b\n" : "", &luck);
            add_string(&text, j < FIELDS - 1 ? ";" : "\r\n");
        }
    }
    return text;
}

/* ---- as JSON ---- */

static void add_blanks(struct gathered *text, bool lines, uint64_t *luck)
{
    static const char blanks[] = " \t\r\n";
    while (chance_below(luck, 3) == 0)
        gather(text, &blanks[chance_below(luck, lines ? 4 : 3)], 1);
}

static void add_unit(struct gathered *text, unsigned unit, uint64_t *luck)
{
    char escape[8];
    snprintf(escape, sizeof escape, chance_below(luck, 2) ? "\\u%04x" : "\\u%04X", unit);
    add_string(text, escape);
}

/* The character that the bytes are, in escapes; returns how many there are. */
static size_t add_escaped(struct gathered *text, const char *bytes, uint64_t *luck)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    unsigned character = length == 1 ? at[0] : at[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++)
        character = character << 6 | (at[i] & 0x3FU);
    if (character < 0x10000) {
        add_unit(text, character, luck);
    } else {
        add_unit(text, 0xD800 + ((character - 0x10000) >> 10), luck);
        add_unit(text, 0xDC00 + ((character - 0x10000) & 0x3FF), luck);
    }
    return length;
}

static void add_json_string(struct gathered *text, const char *value, uint64_t *luck)
{
    bool escapes = chance_below(luck, 4) == 0;
    add_string(text, "\"");
    for (const char *at = value; *at;) {
        bool must = *at == '"' || *at == '\\' || (unsigned char)*at < 0x20;
        if (must || (escapes && chance_below(luck, 3) == 0 && ((unsigned char)*at & 0xC0) != 0x80)) {
            at += add_escaped(text, at, luck);
        } else {
            gather(text, at++, 1);
        }
    }
    add_string(text, "\"");
}

static bool is_json_number(const char *value)
{
    size_t digits = strspn(value, "0123456789");
    return digits > 0 && value[digits] == '\0' && (value[0] != '0' || digits == 1);
}

static void add_json_value(struct gathered *text, const char *value, uint64_t *luck)
{
    if (value[0] == '\0' && chance_below(luck, 2))
        add_string(text, "null");
    else if (is_json_number(value) && chance_below(luck, 2))
        add_string(text, value);
    else
        add_json_string(text, value, luck);
}

/* Something that nobody asks for. */
static void add_junk(struct gathered *text, uint64_t *luck)
{
    static const char *const junk[] = {
        "\"x\":[{\"time\":1},[[]],\"]}\"],", "\"\":{\"member\":\"no\"},", "\"n\\u0031\":-1.5e+3,",
        "\"time\":\"not this one\",",        "\"id\":\"nor this\",",      "\"z\":true,"};
    while (chance_below(luck, 3) == 0)
        add_string(text, junk[chance_below(luck, 6)]);
}

/* By names as they are, or in objects: {"at":{"time":…},"who":[0,{"member":…}] and so on. */
static void add_object(struct gathered *text, const struct row *row, bool nested, bool lines, uint64_t *luck)
{
    int order[FIELDS], left = FIELDS;
    shuffle(order, luck);
    add_string(text, "{");
    add_blanks(text, lines, luck);
    /* Before what is asked for: the last of a name counts. */
    add_junk(text, luck);
    for (int i = 0; i < FIELDS; i++) {
        const char *name = field_names[order[i]];
        add_json_string(text, name, luck);
        add_blanks(text, lines, luck);
        add_string(text, ":");
        add_blanks(text, lines, luck);
        add_string(text, !nested ? "" : order[i] % 2 ? "{\"in\":{" : "[7,{");
        if (nested)
            add_string(text, "\"v.\":");
        add_json_value(text, field_of(row, order[i]), luck);
        add_string(text, !nested ? "" : order[i] % 2 ? "}}" : "}]");
        add_blanks(text, lines, luck);
        if (--left > 0)
            add_string(text, ",");
        add_blanks(text, lines, luck);
    }
    add_string(text, "}");
}

static const char nested_paths[] = "[event]\ntime = time.1.\"v.\"\nmember = member.in.\"v.\"\nkind = kind.1.\"v.\"\n"
                                   "target = target.in.\"v.\"\nquantity = quantity.1.\"v.\"\nid = id.in.\"v.\"\n";

static struct gathered lines_of_rows(const struct row *rows, size_t count, bool nested)
{
    struct gathered text = {0};
    uint64_t luck = 3;
    for (size_t i = 0; i < count; i++) {
        add_object(&text, &rows[i], nested, false, &luck);
        add_string(&text, chance_below(&luck, 5) ? "\n" : "\r\n");
    }
    return text;
}

static struct gathered document_of_rows(const struct row *rows, size_t count, bool nested)
{
    struct gathered text = {0};
    uint64_t luck = 4;
    add_string(&text, nested ? "{\"meta\":{\"x\":[1,2,{}]},\n\"data\":{\"items\":[" : "\n[");
    for (size_t i = 0; i < count; i++) {
        add_object(&text, &rows[i], nested, true, &luck);
        add_string(&text, i + 1 < count ? "," : "");
        add_blanks(&text, true, &luck);
    }
    add_string(&text, nested ? "],\"more\":null},\"end\":\"]}\"}\n" : "]");
    return text;
}

/* ---- what came of them ---- */

struct came {
    kith_added added;
    struct tables tables;
    struct gathered refused; /* reason and value, a line each */
};

static int note_refused(void *context, const kith_reject *reject)
{
    struct gathered *refused = context;
    note(refused, kith_text_of(kith_reason_name(reject->reason)), " ");
    note(refused, reject->value, "\n");
    return 0;
}

static struct came read_form(const struct gathered *text, const char *description, uint32_t threads, size_t step)
{
    struct came came = {.added = {.size = sizeof came.added}};
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = threads;
    kith_engine *engine = engine_with(&options);
    kith_source *source = description ? source_from(description) : NULL;
    struct bytes_source bytes = {.bytes = text->bytes, .length = text->length, .step = step};
    kith_error error = NO_ERROR;
    kith_export input = {
        .size = sizeof input,
        .read = read_bytes,
        .read_context = &bytes,
        .source = source,
        .reject = note_refused,
        .reject_context = &came.refused,
    };
    assert_status(kith_engine_add_export(engine, &input, &came.added, &error), KITH_OK, &error);
    kith_review *review = review_until(engine, MONDAY + 4 * WEEK);
    came.tables = tables_of(review, KITH_CSV_HEADER);
    kith_review_free(review);
    kith_engine_free(engine);
    kith_source_free(source);
    return came;
}

static void came_free(struct came *came)
{
    tables_free(&came->tables);
    gathered_free(&came->refused);
}

static void assert_same(const struct gathered *text, const char *description, const struct came *expected,
                        const char *what)
{
    static const size_t steps[] = {0, 1000, 70001};
    for (size_t i = 0; i < 3; i++) {
        for (uint32_t threads = 1; threads <= 2; threads++) {
            struct came came = read_form(text, description, threads, steps[i]);
            assert_same_text(came.refused.bytes, expected->refused.bytes, what);
            assert_same_tables(&came.tables, &expected->tables, what);
            assert_int_equal(came.added.read, expected->added.read);
            assert_int_equal(came.added.taken, expected->added.taken);
            assert_int_equal(came.added.skipped, expected->added.skipped);
            assert_memory_equal(came.added.rejected_by_reason, expected->added.rejected_by_reason,
                                sizeof came.added.rejected_by_reason);
            assert_int_equal(came.added.ignored, 0);
            came_free(&came);
        }
    }
    struct gathered packed = {0};
    gather_gzip(&packed, text->bytes, text->length, 1, Z_DEFAULT_STRATEGY, NULL);
    struct came came = read_form(&packed, description, 2, 4000);
    assert_same_tables(&came.tables, &expected->tables, what);
    came_free(&came);
    gathered_free(&packed);
}

static void sources_of_all_forms_give_the_same(void **state)
{
    (void)state;
    size_t count = (size_t)tries(6000);
    struct row *rows = calloc(count, sizeof *rows);
    assert_non_null(rows);
    uint64_t luck = 5;
    for (size_t i = 0; i < count; i++)
        make_row(&rows[i], &luck);
    struct gathered text = csv_of_rows(rows, count);
    struct came expected = read_form(&text, NULL, 1, 0);
    assert_true(expected.added.taken > count / 3 && expected.added.skipped > 0 && expected.added.rejected > count / 30);
    gathered_free(&text);

    text = lines_of_rows(rows, count, false);
    assert_same(&text, NULL, &expected, "lines");
    gathered_free(&text);
    text = document_of_rows(rows, count, false);
    assert_same(&text, NULL, &expected, "document");
    gathered_free(&text);
    text = described_csv_of_rows(rows, count);
    assert_same(&text, described_csv, &expected, "described CSV");
    assert_same(&text,
                "[source]\nformat = csv\n[event]\ntime = When it was\nmember = \"who\\\"\"\nkind = type\ntarget = to\n"
                "quantity = n\nid = key\n",
                &expected, "described CSV, one column a field");
    gathered_free(&text);

    char description[1024];
    snprintf(description, sizeof description, "[source]\nformat = ndjson\n%s", nested_paths);
    text = lines_of_rows(rows, count, true);
    assert_same(&text, description, &expected, "nested lines");
    /* One that asks for more, though of nobody here, is read in another way. */
    strcat(description, "[aliases]\nnobody here = nobody else\n");
    assert_same(&text, description, &expected, "nested lines with an alias");
    gathered_free(&text);
    snprintf(description, sizeof description, "[source]\nformat = json\nrows = data.items[]\n%s", nested_paths);
    text = document_of_rows(rows, count, true);
    assert_same(&text, description, &expected, "nested document");
    gathered_free(&text);
    came_free(&expected);
    free(rows);
}

/* ---- rows that give several ---- */

static const char several[] = "[source]\nformat = ndjson\n"
                              "[event]\ntime = t\nmember = m\nkind = k\nid = id\n"
                              "[kinds]\np = post\n[ignore]\nkind = *\nmember = bot\n"
                              "[event liked]\nmember = likes[].by\ntarget = m\nkind = 'like'\nquantity = likes[].n\n";

static kith_engine *new_engine(uint32_t threads)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = threads;
    return engine_with(&options);
}

static void sources_rows_with_an_id_count_once_and_whole(void **state)
{
    (void)state;
    static const char first[] =
        "{\"t\":1772409600,\"m\":\"ana\",\"k\":\"p\",\"id\":\"1\",\"likes\":[{\"by\":\"ben\"},{\"by\":\"cat\",\"n\":2},"
        "{\"by\":\"dan\",\"n\":0},{\"by\":\"bot\"}]}\n"
        "{\"t\":1772409600,\"m\":\"ana\",\"k\":\"other\",\"id\":\"2\",\"likes\":[{\"by\":\"eve\"}]}\n"
        "{\"t\":1772409600,\"m\":\"ana\",\"k\":\"other\",\"id\":\"3\"}\n"
        "{\"t\":\"?\",\"m\":\"ana\",\"k\":\"p\",\"id\":\"4\"}\n";
    static const char second[] =
        "{\"t\":1772409600,\"m\":\"ana\",\"k\":\"other\",\"id\":\"2\",\"likes\":[{\"by\":\"eve\"},{\"by\":\"fay\"}]}\n"
        "{\"t\":1772409600,\"m\":\"zoe\",\"k\":\"p\",\"id\":\"1\",\"likes\":[{\"by\":\"new\",\"n\":0}]}\n"
        "{\"t\":1772409600,\"m\":\"ana\",\"k\":\"p\",\"id\":\"4\"}\n"
        "{\"t\":1772409600,\"m\":\"ana\",\"k\":\"p\",\"id\":\"4\"}\n";
    for (uint32_t threads = 1; threads <= 2; threads++) {
        kith_engine *engine = new_engine(threads);
        kith_source *source = source_from(several);
        struct call call = call_by(engine, source, TEXT(first));
        assert_status(call.status, KITH_OK, &call.error);
        /* Three and one taken; dan and the row's time refused; two of other kinds left out. */
        assert_int_equal(call.added.taken, 4);
        assert_int_equal(call.added.rejected, 2);
        assert_int_equal(call.added.ignored, 2);
        assert_int_equal(call.added.skipped, 0);
        assert_int_equal(call.added.end_offset, sizeof first - 1);
        assert_int_equal(call.added.end_line, 5);
        call_free(&call);
        call = call_by(engine, source, TEXT(second));
        assert_status(call.status, KITH_OK, &call.error);
        assert_int_equal(call.added.taken, 1);
        assert_int_equal(call.added.rejected, 0);
        assert_int_equal(call.added.ignored, 0);
        assert_int_equal(call.added.skipped, 3);
        call_free(&call);
        kith_engine_info info = info_of(engine);
        assert_int_equal(info.taken, 5);
        assert_int_equal(info.ignored, 2);
        assert_int_equal(info.skipped, 3);
        assert_int_equal(info.rejected, 2);
        /* Nobody is known from rows that were skipped, or events that were refused. */
        assert_int_equal(info.members, 4);
        kith_source_free(source);
        kith_engine_free(engine);
    }
}

/* Where the first of two threads finds no event, it has no array of them, and the second must not point into it. */
static void sources_rows_that_are_all_ignored_are_counted(void **state)
{
    (void)state;
    static const char rows[] = "{\"t\":1772409600,\"m\":\"ana\",\"k\":\"other\"}\n"
                               "{\"t\":1772409600,\"m\":\"bot\",\"k\":\"p\"}\n";
    static const char *const descriptions[] = {
        "[source]\nformat = ndjson\n[event]\ntime = t\nmember = m\nkind = k\n[ignore]\nkind = *\n", several};
    for (unsigned i = 0; i < 4; i++) {
        kith_engine *engine = new_engine(1 + i / 2);
        kith_source *source = source_from(descriptions[i % 2]);
        struct call call = call_by(engine, source, TEXT(rows));
        assert_status(call.status, KITH_OK, &call.error);
        assert_int_equal(call.added.ignored, 2);
        assert_int_equal(info_of(engine).ignored, 2);
        assert_int_equal(info_of(engine).members, 0);
        call_free(&call);
        kith_source_free(source);
        kith_engine_free(engine);
    }
}

/* Rows that give from no event to hundreds, and what they come to as events of an application. */
static struct gathered rows_of_several(kith_engine *same, unsigned rows, bool ids)
{
    struct gathered text = {0};
    uint64_t luck = 11;
    char piece[128];
    for (unsigned i = 0; i < rows; i++) {
        bool good = chance_below(&luck, 4) > 0;
        unsigned author = chance_below(&luck, 40);
        gather(&text, piece,
               (size_t)snprintf(piece, sizeof piece, "{\"t\":%lld,\"m\":\"a%u\",\"k\":\"%s\",\"likes\":[",
                                (long long)MONDAY + i, author,
                                good                     ? "p"
                                : chance_below(&luck, 2) ? "other"
                                                         : ""));
        char name[16], by[16];
        snprintf(name, sizeof name, "a%u", author);
        if (good)
            add_named(same, MONDAY + i, name, "post", "", 1);
        unsigned likes = chance_below(&luck, 30) == 0 ? chance_below(&luck, 256) : chance_below(&luck, 4);
        for (unsigned j = 0; j < likes; j++) {
            unsigned quantity = chance_below(&luck, 9);
            snprintf(by, sizeof by, "b%u", chance_below(&luck, 200));
            gather(&text, piece,
                   (size_t)snprintf(piece, sizeof piece, "%s{\"by\":\"%s\",\"n\":%u}", j > 0 ? "," : "", by, quantity));
            if (quantity > 0)
                add_named(same, MONDAY + i, by, "like", name, quantity);
        }
        gather(&text, "]", 1);
        if (ids)
            gather(&text, piece, (size_t)snprintf(piece, sizeof piece, ",\"id\":%u", i));
        gather(&text, "}\n", 2);
    }
    return text;
}

static void assert_same_review(kith_engine *engine, kith_engine *expected, const char *what)
{
    kith_review *own = review_until(engine, MONDAY + 2 * WEEK), *other = review_until(expected, MONDAY + 2 * WEEK);
    struct tables tables = tables_of(own, KITH_CSV_HEADER), others = tables_of(other, KITH_CSV_HEADER);
    assert_same_tables(&tables, &others, what);
    tables_free(&tables);
    tables_free(&others);
    kith_review_free(own);
    kith_review_free(other);
}

static void sources_rows_that_give_several_are_all_their_events(void **state)
{
    (void)state;
    for (int ids = 0; ids < 2; ids++) {
        for (uint32_t threads = 1; threads <= 2; threads++) {
            kith_engine *expected = new_engine(1), *engine = new_engine(threads);
            struct gathered text = rows_of_several(expected, 4000, ids);
            kith_source *source = source_from(several);
            struct call call = call_by(engine, source, (kith_text){text.bytes, text.length});
            assert_status(call.status, KITH_OK, &call.error);
            assert_int_equal(call.added.taken, info_of(expected).taken);
            assert_int_equal(call.added.end_offset, text.length);
            call_free(&call);
            /* With ids, the same once more is nothing new; a row that nothing was taken of is read again. */
            if (ids) {
                call = call_by(engine, source, (kith_text){text.bytes, text.length});
                assert_int_equal(call.added.taken, 0);
                assert_true(call.added.skipped > 3000);
                call_free(&call);
            }
            assert_same_review(engine, expected, "several");
            kith_source_free(source);
            gathered_free(&text);
            kith_engine_free(engine);
            kith_engine_free(expected);
        }
    }
}

/* Of a time in a list, each event has its own element's, also those of lists within. */
static void sources_times_in_lists_are_those_of_their_elements(void **state)
{
    (void)state;
    kith_source *source =
        source_from("[source]\nformat = ndjson\n[event]\ntime = a[].t\nmember = a[].m\nkind = 'post'\n"
                    "[event liked]\nmember = a[].likes[]\ntarget = a[].m\nkind = 'like'\n");
    kith_engine *engine = new_engine(1), *expected = new_engine(1);
    struct call call = call_by(engine, source,
                               kith_text_of("{\"a\":[{\"t\":\"2026-03-02\",\"m\":\"ana\",\"likes\":[\"ben\",\"eve\"]},"
                                            "{\"t\":\"2026-03-12\",\"m\":\"ben\",\"likes\":[\"ana\"]},"
                                            "{\"m\":\"eve\",\"likes\":[\"ana\"]}]}\n"));
    assert_status(call.status, KITH_OK, &call.error);
    assert_int_equal(call.added.taken, 5);
    assert_int_equal(call.added.rejected_by_reason[KITH_REASON_TIME], 2);
    struct bytes_source bytes = {.bytes = "time,member,kind,target\n2026-03-02,ana,post,\n2026-03-02,ben,like,ana\n"
                                          "2026-03-02,eve,like,ana\n2026-03-12,ben,post,\n2026-03-12,ana,like,ben\n"};
    bytes.length = strlen(bytes.bytes);
    kith_export plain = {.size = sizeof plain, .read = read_bytes, .read_context = &bytes};
    assert_int_equal(kith_engine_add_export(expected, &plain, NULL, NULL), KITH_OK);
    assert_same_review(engine, expected, "lists");
    call_free(&call);
    kith_source_free(source);
    kith_engine_free(engine);
    kith_engine_free(expected);
}

/* Arrays and objects are there, and have no text that anything but * could be like. */
static void sources_ignore_arrays_and_objects_by_a_star_alone(void **state)
{
    (void)state;
    static const struct {
        const char *patterns;
        uint64_t ignored;
    } cases[] = {{"*", 6}, {"** x", 6}, {"?*", 2}, {"[* {* *] *}", 1}, {"5", 1}, {"\"[]\" \"{}\"", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "[source]\nformat = ndjson\n[event]\ntime = t\nmember = m\nkind = 'post'\n[ignore]\nx = %s\n",
                 cases[i].patterns);
        kith_source *source = source_from(text);
        kith_engine *engine = new_engine(1);
        struct call call = call_by(engine, source,
                                   kith_text_of("{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":[]}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":{}}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":[5]}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":{\"5\":5}}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":5}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":\"[]\"}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":\"\"}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\",\"x\":null}\n"
                                                "{\"t\":\"2026-03-02\",\"m\":\"a\"}\n"));
        assert_status(call.status, KITH_OK, &call.error);
        assert_int_equal(call.added.ignored, cases[i].ignored);
        assert_int_equal(call.added.taken, 9 - cases[i].ignored);
        call_free(&call);
        kith_source_free(source);
        kith_engine_free(engine);
    }
}

/* ---- calls that end early ---- */

/* Stopped at each of its rejects and then gone on with, an export comes to what it is at once. */
static void sources_stopped_by_a_reject_go_on_behind_its_row(void **state)
{
    (void)state;
    kith_engine *expected = new_engine(1);
    struct gathered text = rows_of_several(expected, 250, false);
    kith_source *source = source_from(several);
    kith_engine *whole = new_engine(1);
    struct call at_once = call_by(whole, source, (kith_text){text.bytes, text.length});
    kith_engine *engine = new_engine(1);
    struct bytes_source bytes = {.bytes = text.bytes, .length = text.length};
    kith_export input = {
        .size = sizeof input, .read = read_bytes, .read_context = &bytes, .name = "in/e.json", .source = source};
    kith_added sum = {.size = sizeof sum};
    kith_status status = KITH_CANCELLED;
    for (unsigned calls = 0; status == KITH_CANCELLED; calls++) {
        bytes.at = 0;
        struct call call = call_with(engine, &input, 1);
        status = call.status;
        sum.read += call.added.read;
        sum.taken += call.added.taken;
        sum.rejected += call.added.rejected;
        sum.ignored += call.added.ignored;
        input.begin_offset = call.added.end_offset;
        input.begin_line = call.added.end_line;
        /* Never within a row. */
        assert_true(input.begin_offset == 0 || text.bytes[input.begin_offset - 1] == '\n');
        assert_true(calls < 1000);
        call_free(&call);
    }
    assert_int_equal(status, KITH_OK);
    assert_true(at_once.told > 20);
    assert_int_equal(sum.read, at_once.added.read);
    assert_int_equal(sum.taken, at_once.added.taken);
    assert_int_equal(sum.rejected, at_once.added.rejected);
    assert_int_equal(sum.ignored, at_once.added.ignored);
    assert_same_review(engine, expected, "stopped");
    call_free(&at_once);
    kith_source_free(source);
    gathered_free(&text);
    kith_engine_free(whole);
    kith_engine_free(engine);
    kith_engine_free(expected);
}

/* Without memory at any one moment, and gone on with from where it says. */
static void sources_without_memory_go_on_where_they_ended(void **state)
{
    (void)state;
    for (int ids = 0; ids < 2; ids++) {
        kith_engine *expected = new_engine(1);
        struct gathered text = rows_of_several(expected, 300, ids);
        kith_source *source = source_from(several);
        kith_review *review = review_until(expected, MONDAY + 2 * WEEK);
        struct tables tables = tables_of(review, KITH_CSV_HEADER);
        unsigned failures = 0;
        bool failed = true;
        for (uint64_t more = 0; failed; more++) {
            struct memory memory;
            memory_init(&memory);
            kith_engine_options options = all_tables(KITH_NAMED);
            options.allocator = &memory.allocator;
            kith_engine *engine = engine_with(&options);
            struct bytes_source bytes = {.bytes = text.bytes, .length = text.length};
            kith_export input = {
                .size = sizeof input, .read = read_bytes, .read_context = &bytes, .name = "e", .source = source};
            memory_fail_after(&memory, more);
            struct call call = call_with(engine, &input, 0);
            failed = call.status == KITH_NO_MEMORY;
            failures += failed;
            memory_fail_never(&memory);
            if (failed) {
                bytes.at = 0;
                input.begin_offset = call.added.end_offset;
                input.begin_line = call.added.end_line;
                call_free(&call);
                call = call_with(engine, &input, 0);
            }
            assert_status(call.status, KITH_OK, &call.error);
            assert_int_equal(call.added.end_offset, text.length);
            call_free(&call);
            kith_review *own = review_until(engine, MONDAY + 2 * WEEK);
            struct tables own_tables = tables_of(own, KITH_CSV_HEADER);
            assert_same_tables(&own_tables, &tables, "memory");
            tables_free(&own_tables);
            kith_review_free(own);
            kith_engine_free(engine);
            assert_int_equal(memory.live, 0);
        }
        assert_true(failures > 20);
        tables_free(&tables);
        kith_review_free(review);
        kith_source_free(source);
        gathered_free(&text);
        kith_engine_free(expected);
    }
}

static int64_t read_and_fail(void *context, void *buffer, size_t capacity)
{
    struct bytes_source *bytes = context;
    return bytes->at < bytes->length ? read_bytes(context, buffer, capacity) : -1;
}

/* The input fails at each of its calls, and is there again. */
static void sources_of_an_input_that_fails_go_on_where_they_ended(void **state)
{
    (void)state;
    for (uint32_t threads = 1; threads <= 2; threads++) {
        kith_engine *expected = new_engine(1);
        struct gathered text = rows_of_several(expected, 100, false);
        kith_source *source = source_from(several);
        kith_review *review = review_until(expected, MONDAY + 2 * WEEK);
        struct tables tables = tables_of(review, KITH_CSV_HEADER);
        for (size_t length = 0; length < text.length; length += 97) {
            kith_engine *engine = new_engine(threads);
            struct bytes_source bytes = {.bytes = text.bytes, .length = length};
            kith_export input = {
                .size = sizeof input, .read = read_and_fail, .read_context = &bytes, .name = "e", .source = source};
            struct call call = call_with(engine, &input, 0);
            assert_int_equal(call.status, KITH_INPUT_OUTPUT);
            bytes = (struct bytes_source){.bytes = text.bytes, .length = text.length};
            input.read = read_bytes;
            input.begin_offset = call.added.end_offset;
            input.begin_line = call.added.end_line;
            call_free(&call);
            call = call_with(engine, &input, 0);
            assert_status(call.status, KITH_OK, &call.error);
            call_free(&call);
            kith_review *own = review_until(engine, MONDAY + 2 * WEEK);
            struct tables own_tables = tables_of(own, KITH_CSV_HEADER);
            assert_same_tables(&own_tables, &tables, "input");
            tables_free(&own_tables);
            kith_review_free(own);
            kith_engine_free(engine);
        }
        tables_free(&tables);
        kith_review_free(review);
        kith_source_free(source);
        gathered_free(&text);
        kith_engine_free(expected);
    }
}

/* ---- what is told ---- */

static void sources_rejects_tell_what_the_description_calls_the_field(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(1);
    kith_source *source = source_from("[source]\nformat = ndjson\n[event]\ntime = a.t | b\nmember = m\nkind = k / l\n");
    struct call call =
        call_by(engine, source,
                TEXT("{\"b\":\"never\",\"m\":\"ana\"}\n{\"b\":1,\"m\":\"ana\",\"k\":\"x\",\"l\":\"\\u0079\"}\n"
                     " {\"b\":1,}\n"));
    assert_status(call.status, KITH_OK, &call.error);
    assert_string_equal(call.rejects.bytes,
                        "e.json:1 time a.t | b=never 0  {\"b\":\"never\",\"m\":\"ana\"}\n"
                        "e.json:2 kind k / l=x/y 0  {\"b\":1,\"m\":\"ana\",\"k\":\"x\",\"l\":\"\\u0079\"}\n"
                        "e.json:3 json = 9 expected a name in quotes  {\"b\":1,}\n");
    assert_int_equal(call.added.rejected_by_reason[KITH_REASON_JSON], 1);
    call_free(&call);
    kith_source_free(source);
    kith_engine_free(engine);
}

static int count_headers(void *context, const kith_text *columns, uint64_t count)
{
    (void)columns;
    *(uint64_t *)context += count;
    return 0;
}

static void sources_headers_are_told_of_csv_alone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t columns;
    } cases[] = {{"{\"time\":1,\"member\":\"ana\",\"kind\":\"post\"}\n", 0},
                 {"[{\"time\":1,\"member\":\"ana\",\"kind\":\"post\"}]\n", 0},
                 {"time,member,kind,x\n1,ana,post,\n", 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int described = 0; described < 2; described++) {
            kith_engine *engine = new_engine(1);
            kith_source *source =
                described ? source_from("[event]\ntime = time\nmember = member\nkind = kind\n") : NULL;
            uint64_t columns = 0;
            struct bytes_source bytes = {.bytes = cases[i].text, .length = strlen(cases[i].text)};
            kith_export input = {.size = sizeof input,
                                 .read = read_bytes,
                                 .read_context = &bytes,
                                 .source = source,
                                 .header = count_headers,
                                 .header_context = &columns};
            struct call call = call_with(engine, &input, 0);
            assert_status(call.status, KITH_OK, &call.error);
            assert_int_equal(call.added.taken, 1);
            assert_int_equal(columns, cases[i].columns);
            call_free(&call);
            kith_source_free(source);
            kith_engine_free(engine);
        }
    }
}

/* ---- what cannot be read ---- */

static void sources_that_the_policy_does_not_fit_are_told_before_anything_is_read(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(1);
    kith_source *source = source_from("[event]\ntime = t\nmember = m\nkind = k\n[kinds]\na = post\nb = dance\n");
    struct bytes_source bytes = {.bytes = "{}\n", .length = 3};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &bytes, .source = source};
    struct call call = call_with(engine, &input, 0);
    assert_int_equal(call.status, KITH_BAD_SOURCE);
    assert_string_equal(call.error.message, "my.ini:7:5: b 'dance': the policy has no such kind");
    assert_string_equal(call.error.value, "dance");
    assert_int_equal(call.error.line, 7);
    assert_int_equal(bytes.at, 0);
    assert_int_equal(call.added.read, 0);
    call_free(&call);
    kith_source_free(source);
    kith_engine_free(engine);
}

static void sources_go_with_no_other_member_that_says_how_to_read(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(1);
    kith_source *source = source_from("[event]\ntime = t\nmember = m\nkind = k\n");
    struct bytes_source bytes = {.bytes = "{\"t\":1,\"m\":\"ana\",\"k\":\"post\"}\n", .length = 30};
    const kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &bytes, .source = source};
    kith_export cases[7];
    for (size_t i = 0; i < 7; i++)
        cases[i] = input;
    cases[0].time = cases[1].member = cases[2].kind = cases[3].target = cases[4].quantity = cases[5].event_id = "x";
    cases[6].delimiter = ';';
    static const char *const fields[] = {"input.time",     "input.member",   "input.kind",     "input.target",
                                         "input.quantity", "input.event_id", "input.delimiter"};
    for (size_t i = 0; i < 7; i++) {
        struct call call = call_with(engine, &cases[i], 0);
        assert_int_equal(call.status, KITH_BAD_ARGUMENT);
        assert_string_equal(call.error.field, fields[i]);
        call_free(&call);
    }
    assert_int_equal(bytes.at, 0);
    kith_source_free(source);
    kith_engine_free(engine);
}

static void sources_documents_cannot_be_gone_on_with(void **state)
{
    (void)state;
    kith_engine *engine = new_engine(1);
    struct bytes_source bytes = {.bytes = "[{\"time\":1,\"member\":\"ana\",\"kind\":\"post\"}]", .length = 41};
    kith_export input = {
        .size = sizeof input, .read = read_bytes, .read_context = &bytes, .begin_offset = 1, .begin_line = 1};
    struct call call = call_with(engine, &input, 0);
    assert_int_equal(call.status, KITH_UNSUPPORTED);
    assert_int_equal(call.added.read, 0);
    assert_int_equal(info_of(engine).members, 0);
    call_free(&call);
    kith_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_of_all_forms_give_the_same),
        cmocka_unit_test(sources_rows_with_an_id_count_once_and_whole),
        cmocka_unit_test(sources_rows_that_are_all_ignored_are_counted),
        cmocka_unit_test(sources_rows_that_give_several_are_all_their_events),
        cmocka_unit_test(sources_times_in_lists_are_those_of_their_elements),
        cmocka_unit_test(sources_ignore_arrays_and_objects_by_a_star_alone),
        cmocka_unit_test(sources_stopped_by_a_reject_go_on_behind_its_row),
        cmocka_unit_test(sources_without_memory_go_on_where_they_ended),
        cmocka_unit_test(sources_of_an_input_that_fails_go_on_where_they_ended),
        cmocka_unit_test(sources_rejects_tell_what_the_description_calls_the_field),
        cmocka_unit_test(sources_headers_are_told_of_csv_alone),
        cmocka_unit_test(sources_that_the_policy_does_not_fit_are_told_before_anything_is_read),
        cmocka_unit_test(sources_go_with_no_other_member_that_says_how_to_read),
        cmocka_unit_test(sources_documents_cannot_be_gone_on_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
