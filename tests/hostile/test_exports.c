/* SPDX-License-Identifier: MIT */
/* Exports that are made to take memory or time, or to be misread (docs/limits.md). */
#include <unistd.h>

#include "engine/engine.h"
#include "engine_support.h"
#include "exports/events.h"
#include "exports/header.h"
#include "gzip_support.h"
#include "limited.h"

#define HEADER "time,member,kind,target,quantity\n"
#define GOOD "2026-03-02,ana,post,,\n"

/* What reading takes at most, whatever is read, and whatever becomes known by it is little: docs/limits.md. */
#define READING_MOST (128 * MIB)

/* An export, and what is to come of it. */
struct load {
    const struct piece *pieces; /* up to one without text */
    const char *source;         /* description, or NULL */
    uint64_t max_row;
    uint64_t max_bytes;
    unsigned threads;
    kith_status status;
    const char *words; /* in the message of what failed */
    uint64_t taken;
    uint64_t rejected;
    uint32_t reason; /* of all of them */
    uint64_t ignored;
};

/* Told each reject: the rows' text in all must stay in proportion. */
static int count_row(void *context, const kith_reject *reject)
{
    uint64_t *bytes = context;
    *bytes += reject->row.length;
    return 0;
}

static kith_status read_load(const struct load *load, kith_engine *engine, kith_added *added, uint64_t *told,
                             kith_error *error)
{
    struct made_text made = {.pieces = load->pieces};
    kith_source *source = NULL;
    if (load->source)
        assert_status(kith_source_parse(kith_text_of(load->source), NULL, NULL, &source, error), KITH_OK, error);
    kith_export input = {.size = sizeof input,
                         .read = read_made,
                         .read_context = &made,
                         .reject = count_row,
                         .reject_context = told,
                         .source = source,
                         .max_row = load->max_row,
                         .max_bytes = load->max_bytes};
    kith_status status = kith_engine_add_export(engine, &input, added, error);
    kith_source_free(source);
    return status;
}

static void add_load(void *context)
{
    const struct load *load = context;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = load->threads;
    kith_engine *engine = engine_with(&options);
    kith_added added = {.size = sizeof added};
    kith_error error = NO_ERROR;
    uint64_t told = 0;
    assert_status(read_load(load, engine, &added, &told, &error), load->status, &error);
    if (load->words)
        assert_non_null(strstr(error.message, load->words));
    assert_int_equal(added.taken, load->taken);
    assert_int_equal(added.rejected, load->rejected);
    assert_int_equal(added.rejected_by_reason[load->reason], load->rejected);
    assert_int_equal(added.ignored, load->ignored);
    assert_int_equal(added.read, added.taken + added.rejected + added.ignored);
    /* One row whole, and of others their beginning. */
    assert_true(told <= KITHP_ROW_MOST + load->rejected * KITHP_ROW_BEGINNING);
    kith_engine_free(engine);
}

/* With one thread and with several, which keep several batches. */
static void assert_load(struct load load)
{
    for (load.threads = 1; load.threads <= 4; load.threads += 3)
        assert_within(load.threads == 1 ? READING_MOST : 2 * READING_MOST, add_load, &load);
}

#define PIECES(...) ((const struct piece[]){__VA_ARGS__, {NULL, 0, 0}})

static char a_mib[1 << 20];

static int fill_with_a(void **state)
{
    (void)state;
    memset(a_mib, 'a', sizeof a_mib);
    return 0;
}

/* ---- rows and headers of any length ---- */

static void hostile_line_of_any_length_costs_itself_alone(void **state)
{
    (void)state;
    uint64_t mib = size_of_load(24, 4096);
    assert_load((struct load){.pieces = PIECES({HEADER GOOD, 0, 1}, {a_mib, MIB, mib}, {"\n" GOOD, 0, 1}),
                              .taken = 2,
                              .rejected = 1,
                              .reason = KITH_REASON_FIELDS});
    assert_load(
        (struct load){.pieces = PIECES({HEADER GOOD "2026-03-02,\"", 0, 1}, {a_mib, MIB, mib}, {"\n" GOOD, 0, 1}),
                      .taken = 2,
                      .rejected = 1,
                      .reason = KITH_REASON_QUOTE});
    assert_load((struct load){.pieces = PIECES({HEADER GOOD, 0, 1}, {",", 0, mib * MIB}, {"\n" GOOD, 0, 1}),
                              .taken = 2,
                              .rejected = 1,
                              .reason = KITH_REASON_FIELDS});
    assert_load((struct load){.pieces = PIECES({HEADER GOOD "x", 0, 1}, {"\0", 1, mib * MIB}),
                              .taken = 1,
                              .rejected = 1,
                              .reason = KITH_REASON_FIELDS});
}

static void hostile_described_line_of_any_length_costs_itself_alone(void **state)
{
    (void)state;
    assert_load(
        (struct load){.source = "[event]\ntime = time\nmember = member\nkind = kind\n[ignore]\nmember = *b*b*\n",
                      .pieces = PIECES({HEADER GOOD, 0, 1}, {a_mib, MIB, size_of_load(20, 4096)}, {"\n" GOOD, 0, 1}),
                      .taken = 2,
                      .rejected = 1,
                      .reason = KITH_REASON_FIELDS});
}

static void hostile_header_of_any_length_is_refused(void **state)
{
    (void)state;
    uint64_t mib = size_of_load(4, 4096);
    static const char words[] = "expected a header that ends within the first 1048576 bytes";
    const struct piece *const texts[] = {
        PIECES({a_mib, MIB, mib}),
        PIECES({"\n", 0, mib * MIB}),
        PIECES({"\0", 1, mib * MIB}),
        PIECES({",", 0, mib * MIB}),
        PIECES({"\"", 0, 1}, {a_mib, MIB, mib}),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_load((struct load){.pieces = texts[i], .status = KITH_BAD_EXPORT, .words = words});
}

/* As many columns as a header can name. */
static void hostile_header_of_many_columns_is_read(void **state)
{
    (void)state;
    struct gathered header = {0};
    char name[32];
    unsigned columns = 0;
    for (gather(&header, "time,member,kind", 16); header.length < KITHP_HEADER_MOST - 16; columns++)
        gather(&header, name, (size_t)snprintf(name, sizeof name, ",%x", columns));
    gather(&header, "\n2026-03-02,ana,post", 20);
    assert_load((struct load){
        .pieces = PIECES({header.bytes, header.length, 1}, {",", 0, columns}, {"\n2026-03-02,ana,post\n", 0, 1}),
        .taken = 1,
        .rejected = 1,
        .reason = KITH_REASON_FIELDS});
    gathered_free(&header);
}

static void hostile_rows_have_the_length_that_is_asked_for(void **state)
{
    (void)state;
    static const uint64_t limits[] = {4096, 5000, 0};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        uint64_t most = limits[i] ? limits[i] : 16777216;
        for (int over = -1; over <= 1; over++) {
            /* Of a row of the same length as the longest, and a byte more and less, in both forms and with each line
             * end. */
            uint64_t fill = most - 22 + (uint64_t)(int64_t)over;
            bool fits = over <= 0;
            static const char *const ends[] = {"\n", "\r\n", ""};
            for (size_t k = 0; k < (limits[i] ? 3 : 1); k++)
                assert_load((struct load){
                    .pieces = PIECES({HEADER GOOD "2026-03-02,ana,post,,1", 0, 1}, {"0", 0, fill}, {ends[k], 0, 1}),
                    .max_row = limits[i],
                    .taken = 1,
                    .rejected = 1,
                    .reason = fits ? KITH_REASON_QUANTITY : KITH_REASON_FIELDS});
            assert_load((struct load){
                .pieces = PIECES({"{\"time\":\"2026-03-02\",\"member\":\"ana\",\"kind\":\"post\",\"x\":\"", 0, 1},
                                 {"0", 0, most - 57 + (uint64_t)(int64_t)over}, {"\"}\n", 0, 1}),
                .max_row = limits[i],
                .taken = fits,
                .rejected = !fits,
                .reason = KITH_REASON_JSON});
        }
    }
}

static void hostile_limits_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    static const uint64_t wrong[] = {1, 4095, (1 << 30) + UINT64_C(1), UINT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_load((struct load){.pieces = PIECES({HEADER GOOD, 0, 1}),
                                  .max_row = wrong[i],
                                  .status = KITH_BAD_ARGUMENT,
                                  .words = "max_row"});
}

static void hostile_text_ends_where_it_is_told_to(void **state)
{
    (void)state;
    const struct piece *text = PIECES({HEADER, 0, 1}, {GOOD, 0, 1000000});
    uint64_t header = strlen(HEADER), row = strlen(GOOD);
    for (uint64_t rows = 0; rows < 40000; rows = rows * 9 + 1) {
        for (int over = 0; over < 2; over++)
            assert_load((struct load){.pieces = text,
                                      .max_bytes = header + rows * row + (uint64_t)over * (row - 1),
                                      .status = KITH_BAD_EXPORT,
                                      .words = "expected a text of at most ",
                                      .taken = rows});
        assert_load((struct load){
            .pieces = PIECES({HEADER, 0, 1}, {GOOD, 0, rows}), .max_bytes = header + rows * row, .taken = rows});
    }
}

/* ---- JSON ---- */

#define BEGIN_ROW "{\"time\":\"2026-03-02\",\"member\":\"ana\",\"kind\":\"post\""

static void hostile_json_of_any_length_and_depth_costs_its_line_alone(void **state)
{
    (void)state;
    uint64_t mib = size_of_load(20, 4096);
    const struct piece *const texts[] = {
        PIECES({BEGIN_ROW ",\"x\":\"", 0, 1}, {a_mib, MIB, mib}, {"\"}\n" BEGIN_ROW "}\n", 0, 1}),
        PIECES({BEGIN_ROW ",\"x\":1", 0, 1}, {"1", 0, mib * MIB}, {"}\n" BEGIN_ROW "}\n", 0, 1}),
        PIECES({BEGIN_ROW ",\"x\":", 0, 1}, {"[", 0, mib * MIB}, {"\n" BEGIN_ROW "}\n", 0, 1}),
        PIECES({BEGIN_ROW ",\"x\":", 0, 1}, {"[", 0, 65}, {"]", 0, 65}, {"}\n" BEGIN_ROW "}\n", 0, 1}),
        PIECES({BEGIN_ROW, 0, 1}, {",\"a\":1", 0, mib << 18}, {"}\n" BEGIN_ROW "}\n", 0, 1}),
        PIECES({BEGIN_ROW ",\"x\":\"", 0, 1}, {"\\u0000", 0, mib << 18}, {"\"}\n" BEGIN_ROW "}\n", 0, 1}),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_load((struct load){.pieces = texts[i], .taken = 1, .rejected = 1, .reason = KITH_REASON_JSON});
    /* Names that stand there again and again, and others that nobody wants: as long as the row is not too long. */
    assert_load((struct load){
        .pieces = PIECES({BEGIN_ROW, 0, 1}, {",\"time\":\"2026-03-02\"", 0, 700000}, {"}\n", 0, 1}), .taken = 1});
    assert_load((struct load){.pieces = PIECES({BEGIN_ROW, 0, 1}, {",\"aaaaaa\":[{}]", 0, 1000000}, {"}\n", 0, 1}),
                              .taken = 1});
}

static void hostile_document_of_any_length_is_read_as_it_comes(void **state)
{
    (void)state;
    uint64_t mib = size_of_load(20, 4096);
    static const char source[] =
        "[source]\nformat = json\nrows = rows[]\n[event]\ntime = time\nmember = member\nkind = kind\n";
    assert_load(
        (struct load){.pieces = PIECES({"{\"a\":\"", 0, 1}, {a_mib, MIB, mib}, {"\",\"rows\":[" BEGIN_ROW "}", 0, 1},
                                       {" ", 0, mib * MIB}, {"],\"b\":[", 0, 1}, {"1,", 0, mib << 19}, {"1]}", 0, 1}),
                      .source = source,
                      .taken = 1});
    assert_load(
        (struct load){.pieces = PIECES({"{\"", 0, 1}, {a_mib, MIB, mib}, {"\":1,\"rows\":[" BEGIN_ROW "}]}", 0, 1}),
                      .source = source,
                      .taken = 1});
    assert_load(
        (struct load){.pieces = PIECES({"[", 0, 1}, {" ", 0, mib * MIB}, {BEGIN_ROW "},", 0, 1}, {a_mib, MIB, mib}),
                      .status = KITH_BAD_EXPORT,
                      .taken = 1});
}

/* ---- lists ---- */

#define LIST_SOURCE "[source]\nformat = ndjson\n[event]\ntime = time\nmember = who[]\ntarget = target\nkind = kind\n"

static void hostile_list_gives_no_more_events_than_a_row_may(void **state)
{
    (void)state;
    static const char begin[] = "{\"time\":\"2026-03-02\",\"kind\":\"like\",\"who\":[";
    const uint64_t counts[] = {KITHP_EVENTS_MOST, KITHP_EVENTS_MOST + 1, 4000000};
    for (size_t i = 0; i < 3; i++) {
        bool fits = counts[i] <= KITHP_EVENTS_MOST;
        assert_load((struct load){.pieces = PIECES({begin, 0, 1}, {"1,", 0, counts[i] - 1}, {"1]}\n", 0, 1}),
                                  .source = LIST_SOURCE,
                                  .taken = fits ? counts[i] : 0,
                                  .rejected = !fits,
                                  .reason = KITH_REASON_JSON});
        /* Refused, each takes many times as much. */
        assert_load((struct load){.pieces = PIECES({"{\"time\":\"no\",\"kind\":\"like\",\"who\":[", 0, 1},
                                                   {"1,", 0, counts[i] - 1}, {"1]}\n", 0, 1}),
                                  .source = LIST_SOURCE,
                                  .rejected = fits ? counts[i] : 1,
                                  .reason = fits ? KITH_REASON_TIME : KITH_REASON_JSON});
    }
}

/* Rows that give eight refused events for every two bytes. */
static void hostile_short_rows_of_many_events_are_read_in_small_batches(void **state)
{
    (void)state;
    struct gathered source = {0};
    static const char first[] = "[source]\nformat = json\n[event]\ntime = a\nmember = 'x'\nkind = 'post'\n";
    gather(&source, first, strlen(first));
    for (int i = 1; i < 8; i++) {
        char event[80];
        gather(&source, event, (size_t)snprintf(event, sizeof event, "[event e%d]\nmember = 'x'\nkind = 'post'\n", i));
    }
    gather(&source, "", 1);
    uint64_t rows = size_of_load(20000, 2000000);
    assert_load((struct load){.pieces = PIECES({"[", 0, 1}, {"0,", 0, rows - 1}, {"0]", 0, 1}),
                              .source = source.bytes,
                              .rejected = 8 * rows,
                              .reason = KITH_REASON_TIME});
    gathered_free(&source);
}

/* What each element looks at is written, and looked at, as if it stood in the row once. */
static void hostile_list_beside_a_long_text_takes_no_more_for_it(void **state)
{
    (void)state;
    enum { ELEMENTS = 20000, LONG = 1 << 20 };
    static const struct {
        const char *name;
        const char *rest; /* of the other fields */
        const char *open; /* what the text begins with */
        const char *fill;
        uint32_t reason;
    } cases[] = {
        {"target", "\"time\":\"2026-03-02\",\"kind\":\"like\",", "", "\\u0041", KITH_REASON_TARGET},
        {"target", "\"time\":\"2026-03-02\",\"kind\":\"like\",", "", "aaaaaa", KITH_REASON_TARGET},
        {"kind", "\"time\":\"2026-03-02\",", "", "\\u0041", KITH_REASON_KIND},
        {"kind", "\"time\":\"2026-03-02\",", "", "aaaaab", KITH_REASON_KIND},
        {"time", "\"kind\":\"like\",", "2026-03-02T00:00:00.", "000000", KITH_REASON_TIME},
        {"time", "\"kind\":\"like\",", "\\u0032026-03-02T00:00:00.", "000000", KITH_REASON_TIME},
    };
    static const char *const sources[] = {
        LIST_SOURCE,
        LIST_SOURCE "[kinds]\n*b*b*b*c* = like\n[ignore]\nkind = *b?b*c\nmember = *b*b*c*\n[aliases]\nx = y\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < 2; k++) {
            char begin[200];
            snprintf(begin, sizeof begin, "{%s\"%s\":\"%s", cases[i].rest, cases[i].name, cases[i].open);
            assert_load(
                (struct load){.pieces = PIECES({begin, 0, 1}, {cases[i].fill, 0, LONG / 6}, {"\",\"who\":[", 0, 1},
                                               {"1,", 0, ELEMENTS - 1}, {"1]}\n", 0, 1}),
                              .source = sources[k],
                              .rejected = ELEMENTS,
                              .reason = cases[i].reason});
        }
    }
}

static void hostile_kind_of_many_long_parts_is_joined_as_far_as_it_matters(void **state)
{
    (void)state;
    assert_load((struct load){
        .source =
            "[source]\nformat = ndjson\n[event]\ntime = time\nmember = who[]\nkind = k / k / k / k / k / k / k / k\n",
        .pieces = PIECES({"{\"time\":\"2026-03-02\",\"k\":\"", 0, 1}, {a_mib, MIB, 1}, {"\",\"who\":[", 0, 1},
                         {"1,", 0, 19999}, {"1]}\n", 0, 1}),
        .rejected = 20000,
        .reason = KITH_REASON_KIND});
}

static void hostile_document_text_is_kept_once_for_all_its_rows(void **state)
{
    (void)state;
    static const char rows[] = "[source]\nformat = json\nrows = rows[]\n[event]\ntime = time\nkind = 'post'\nmember = ";
    static const char *const members[] = {"document.c", "document.c\nid = document.c\n", "document.c | document.d"};
    static const char *const fills[] = {"aaaaaa", "\\u0061"};
    uint64_t count = size_of_load(20000, 2000000);
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 2; k++) {
            char source[300];
            snprintf(source, sizeof source, "%s%s\n", rows, members[i]);
            assert_load((struct load){.source = source,
                                      .pieces = PIECES({"{\"c\":\"", 0, 1}, {fills[k], 0, 10000},
                                                       {"\",\"rows\":[{\"time\":\"2026-03-02\"}", 0, 1},
                                                       {",{\"time\":\"2026-03-02\"}", 0, count - 1}, {"]}", 0, 1}),
                                      .rejected = count,
                                      .reason = KITH_REASON_MEMBER});
        }
    }
    /* Each document has its own, however alike they look where they lie. */
    assert_load((struct load){.source = "[source]\nformat = json\nrows = rows[]\n[event]\ntime = time\nkind = 'post'\n"
                                        "member = document.c\nid = document.\"i\\u0064\"\n",
                              .pieces = PIECES({"{\"c\":\"a\",\"id\":\"1\",\"rows\":[{\"time\":\"2026-03-02\"}]}"
                                                "{\"c\":\"b\",\"id\":\"2\",\"rows\":[{\"time\":\"2026-03-02\"}]}"
                                                "{\"c\":\"b\",\"id\":\"\\u0033\",\"rows\":[{\"time\":\"2026-03-02\"}]}",
                                                0, 1}),
                              .taken = 3});
}

/* ---- side by side ---- */

/* Rows again and again, in files that threads read side by side: several, or one in pieces. */
struct files {
    const char *source;
    const char *begin; /* of a row */
    const char *fill;
    uint64_t fills;
    const char *end;
    uint64_t rows;
    uint64_t rejected; /* by a row */
    uint64_t count;
    unsigned threads;
};

enum { FILES_MOST = 4 };

struct path {
    char text[32];
};

static struct path file_of(const struct files *files)
{
    struct path path = {"rows.XXXXXX"};
    int descriptor = mkstemp(path.text);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "wb");
    assert_non_null(file);
    for (uint64_t row = 0; row < files->rows; row++) {
        fputs(files->begin, file);
        for (uint64_t i = 0; i < files->fills; i++)
            fputs(files->fill, file);
        fputs(files->end, file);
    }
    assert_int_equal(fclose(file), 0);
    return path;
}

static void add_files(void *context)
{
    const struct files *files = context;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = files->threads;
    kith_engine *engine = engine_with(&options);
    engine->piece_bytes = MIB;
    kith_error error = NO_ERROR;
    kith_source *source;
    assert_status(kith_source_parse(kith_text_of(files->source), NULL, NULL, &source, &error), KITH_OK, &error);
    kith_export inputs[FILES_MOST];
    kith_added added[FILES_MOST];
    struct path paths[FILES_MOST];
    uint64_t told = 0;
    for (uint64_t i = 0; i < files->count; i++) {
        paths[i] = file_of(files);
        inputs[i] = (kith_export){.size = sizeof *inputs, .path = paths[i].text, .source = source};
        inputs[i].reject = count_row;
        inputs[i].reject_context = &told;
        added[i] = (kith_added){.size = sizeof *added};
    }
    assert_status(kith_engine_add_exports(engine, inputs, files->count, added, NULL, &error), KITH_OK, &error);
    for (uint64_t i = 0; i < files->count; i++) {
        assert_int_equal(added[i].rejected, files->rows * files->rejected);
        unlink(paths[i].text);
    }
    kith_source_free(source);
    kith_engine_free(engine);
}

/* Of each thread, where there are several; docs/limits.md. */
#define SEVERAL_MOST (192 * MIB)

static void hostile_files_side_by_side_take_so_much_a_thread(void **state)
{
    (void)state;
    const struct files cases[] = {
        {.begin = "{\"time\":\"no\",\"kind\":\"like\",\"who\":[",
         .fill = "1,",
         .fills = KITHP_EVENTS_MOST - 1,
         .end = "1]}\n",
         .rows = 6,
         .rejected = KITHP_EVENTS_MOST},
        {.begin = "{\"time\":\"2026-03-02\",\"kind\":\"like\",\"who\":[",
         .fill = "1,",
         .fills = KITHP_EVENTS_MOST - 1,
         .end = "1]}\n",
         .rows = 6},
        {.begin = "{\"time\":\"2026-03-02\",\"kind\":\"like\",\"who\":[1],\"text\":\"",
         .fill = "0123456789abcdef",
         .fills = (KITHP_ROW_MOST >> 4) - 10,
         .end = "\"}\n",
         .rows = 5},
        {.begin = "{\"kind\":\"like\",\"who\":[1],\"text\":\"",
         .fill = "0123456789abcdef",
         .fills = (KITHP_ROW_MOST >> 4) - 10,
         .end = "\"}\n",
         .rows = 5,
         .rejected = 1},
        {.source = LIST_SOURCE "id = id\n",
         .begin = "{\"time\":\"2026-03-02\",\"kind\":\"like\",\"id\":\"one\",\"who\":[",
         .fill = "1,",
         .fills = KITHP_EVENTS_MOST - 1,
         .end = "1]}\n",
         .rows = 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct files files = cases[i];
        if (!files.source)
            files.source = LIST_SOURCE;
        for (files.count = 1; files.count <= FILES_MOST; files.count += FILES_MOST - 1)
            for (files.threads = 2; files.threads <= 4; files.threads += 2)
                assert_within(files.threads * SEVERAL_MOST, add_files, &files);
    }
}

/* ---- gzip ---- */

static void gather_pieces(struct gathered *gathered, const struct piece *pieces)
{
    struct made_text made = {.pieces = pieces};
    char *room = malloc(16 * MIB);
    assert_non_null(room);
    for (int64_t got; (got = read_made(&made, room, 16 * MIB)) > 0;)
        gather_gzip(gathered, room, (size_t)got, 9, Z_DEFAULT_STRATEGY, NULL);
    free(room);
}

static void assert_gzip(const struct gathered *gzip, struct load load)
{
    load.pieces = PIECES({gzip->bytes, gzip->length, 1});
    assert_load(load);
}

static void hostile_gzip_inflates_in_the_same_memory(void **state)
{
    (void)state;
    uint64_t mib = size_of_load(24, 1024), rows = mib * MIB / strlen(GOOD);
    struct gathered zeros = {0}, row = {0}, twice = {0};
    gather_pieces(&zeros, PIECES({"\0", 1, mib * MIB}));
    assert_true(zeros.length < mib * 1100);
    assert_gzip(&zeros, (struct load){.status = KITH_BAD_EXPORT, .words = "header"});
    gather_pieces(&row, PIECES({HEADER, 0, 1}, {GOOD, 0, rows}));
    assert_gzip(&row, (struct load){.taken = rows});
    assert_gzip(
        &row, (struct load){.max_bytes = MIB, .status = KITH_BAD_EXPORT, .words = "at most", .taken = (MIB - 33) / 22});
    /* What is gzip inside of gzip is no export. */
    gather_gzip(&twice, row.bytes, row.length, 9, Z_DEFAULT_STRATEGY, NULL);
    assert_gzip(&twice, (struct load){.status = KITH_BAD_EXPORT});
    gathered_free(&twice);
    gathered_free(&row);
    gathered_free(&zeros);
}

static void hostile_gzip_of_many_members_is_one_text(void **state)
{
    (void)state;
    struct gathered begin = {0}, empty = {0}, good = {0}, named = {0};
    uint64_t many = size_of_load(50000, 5000000);
    gather_gzip(&begin, HEADER, strlen(HEADER), 9, Z_DEFAULT_STRATEGY, NULL);
    gather_gzip(&empty, "", 0, 9, Z_DEFAULT_STRATEGY, NULL);
    gather_gzip(&good, GOOD, strlen(GOOD), 9, Z_DEFAULT_STRATEGY, NULL);
    struct piece head = {begin.bytes, begin.length, 1}, nothing = {empty.bytes, empty.length, many},
                 some = {good.bytes, good.length, many};
    assert_load((struct load){.pieces = PIECES(head, nothing, {good.bytes, good.length, 1}), .taken = 1});
    assert_load((struct load){.pieces = PIECES(head, some), .taken = many});
    /* Zeros behind it are those of a tape, anything else is not. */
    assert_load((struct load){
        .pieces = PIECES(head, {good.bytes, good.length, 1}, {"\0", 1, size_of_load(16, 1024) * MIB}), .taken = 1});
    assert_load((struct load){.pieces = PIECES(head, {good.bytes, good.length, 1}, {"x", 0, 1}),
                              .status = KITH_BAD_EXPORT,
                              .words = "gzip data is damaged",
                              .taken = 1});
    /* The name of a file that never ends. */
    static const char name[] = "\x1f\x8b\x08\x08\0\0\0\0\0\3";
    assert_load((struct load){.pieces = PIECES({name, sizeof name - 1, 1}, {a_mib, MIB, size_of_load(8, 1024)}),
                              .status = KITH_BAD_EXPORT,
                              .words = "it ends too early"});
    gathered_free(&named);
    gathered_free(&good);
    gathered_free(&empty);
    gathered_free(&begin);
}

/* A progress callback is asked though there is no text, so that what never ends can be stopped. */
static int64_t read_without_end(void *context, void *buffer, size_t capacity)
{
    struct gathered *begin = context;
    size_t given = begin->length < capacity ? begin->length : capacity;
    memset(buffer, 0, capacity);
    memcpy(buffer, begin->bytes, given);
    begin->length -= given;
    return (int64_t)(given > 0 ? given : capacity);
}

static int stop_at_last(void *context, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return ++*(unsigned *)context > 20;
}

static void add_without_end(void *context)
{
    unsigned calls = 0;
    kith_engine_options options = all_tables(KITH_NAMED);
    options.threads = *(unsigned *)context;
    options.progress = stop_at_last;
    options.progress_context = &calls;
    kith_engine *engine = engine_with(&options);
    struct gathered begin = {0};
    gather_gzip(&begin, HEADER GOOD, strlen(HEADER GOOD), 9, Z_DEFAULT_STRATEGY, NULL);
    kith_export input = {.size = sizeof input, .read = read_without_end, .read_context = &begin};
    assert_int_equal(kith_engine_add_export(engine, &input, NULL, NULL), KITH_CANCELLED);
    kith_engine_free(engine);
    gathered_free(&begin);
}

static void hostile_gzip_without_end_can_be_given_up(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads += 3)
        assert_within(READING_MOST, add_without_end, &threads);
}

/* ---- members, kinds, times, quantities ---- */

struct crowd {
    const char *format; /* of a row, with its number in it */
    uint64_t rows;
    uint64_t done;
    char row[400];
    size_t left; /* of the row, what has not been given */
    size_t length;
};

static int64_t read_crowd(void *context, void *buffer, size_t capacity)
{
    struct crowd *crowd = context;
    size_t given = 0;
    while (given < capacity) {
        if (crowd->left == 0) {
            if (crowd->done == crowd->rows)
                break;
            crowd->length = crowd->left =
                (size_t)snprintf(crowd->row, sizeof crowd->row, crowd->format, (unsigned long long)crowd->done++);
        }
        size_t step = crowd->left < capacity - given ? crowd->left : capacity - given;
        memcpy((char *)buffer + given, crowd->row + crowd->length - crowd->left, step);
        crowd->left -= step;
        given += step;
    }
    return (int64_t)given;
}

static kith_added add_crowd(kith_engine *engine, const char *format, uint64_t rows)
{
    struct crowd crowd = {.format = format, .rows = rows};
    crowd.length = crowd.left = (size_t)snprintf(crowd.row, sizeof crowd.row, "time,member,kind,target,id\n");
    kith_export input = {.size = sizeof input, .read = read_crowd, .read_context = &crowd};
    kith_added added = {.size = sizeof added};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_export(engine, &input, &added, &error), KITH_OK, &error);
    return added;
}

static void add_many_kinds(void *context)
{
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    uint64_t rows = *(uint64_t *)context;
    kith_added added = add_crowd(engine, "2026-03-02,ana,kind%llu,,\n", rows);
    assert_int_equal(added.rejected_by_reason[KITH_REASON_KIND], rows);
    kith_engine_free(engine);
}

static void hostile_kinds_by_the_million_take_no_memory(void **state)
{
    (void)state;
    uint64_t rows = size_of_load(100000, 10000000);
    assert_within(READING_MOST, add_many_kinds, &rows);
}

/* Each member once, with a name of its own, and reviewed; docs/limits.md says what one takes. */
enum { MEMBER_BYTES = 450, ID_BYTES = 60 };

static void add_many_members(void *context)
{
    uint64_t rows = *(uint64_t *)context;
    kith_engine_options options = {.size = sizeof options, .tables = KITH_STANDINGS | KITH_WEEKS};
    kith_engine *engine = engine_with(&options);
    assert_int_equal(add_crowd(engine, "2026-03-02,a member whose name is %08llx,post,,\n", rows).taken, rows);
    kith_review *review = review_until(engine, MONDAY + WEEK);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void hostile_members_by_the_million_take_what_is_written_down(void **state)
{
    (void)state;
    uint64_t rows = size_of_load(100000, 5000000);
    assert_within(64 * MIB + rows * MEMBER_BYTES, add_many_members, &rows);
}

static kith_engine *engine_of_at_most(uint64_t most, uint32_t known_by, unsigned threads)
{
    kith_engine_options options = all_tables(known_by);
    options.max_members = most;
    options.threads = threads;
    return engine_with(&options);
}

static uint64_t count_members(const kith_engine *engine)
{
    kith_engine_info info = {.size = sizeof info};
    assert_int_equal(kith_engine_get_info(engine, &info, NULL), KITH_OK);
    return info.members;
}

static void hostile_members_stop_where_the_engine_is_told(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        kith_engine *engine = engine_of_at_most(1000, KITH_NAMED, threads);
        struct made_text made = {.pieces = PIECES({HEADER GOOD, 0, 1}, {GOOD, 0, 1000})};
        struct crowd crowd = {.format = "2026-03-02,member%llu,post,,\n", .rows = 100000};
        crowd.length = crowd.left = (size_t)snprintf(crowd.row, sizeof crowd.row, "time,member,kind,target,id\n");
        kith_export input = {.size = sizeof input, .read = read_crowd, .read_context = &crowd};
        kith_added added = {.size = sizeof added};
        kith_error error = NO_ERROR;
        assert_int_equal(kith_engine_add_export(engine, &input, &added, &error), KITH_NO_MEMORY);
        assert_string_equal(error.message, "expected at most 1000 members");
        /* What was taken counts, and whoever is known goes on. */
        assert_int_equal(count_members(engine), added.taken);
        assert_true(added.taken > 1000 - 256 && added.taken <= 1000);
        for (unsigned i = 0; count_members(engine) < 1000; i++) {
            char name[32];
            snprintf(name, sizeof name, "other%u", i);
            add_named(engine, MONDAY, name, "post", "", 1);
        }
        kith_event event = {.size = sizeof event, .time = MONDAY, .quantity = 1, .member_name = TEXT("one more")};
        assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_NO_MEMORY);
        event.member_name = TEXT("member1");
        event.target_name = TEXT("one more");
        assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_NO_MEMORY);
        uint64_t id = 77;
        assert_int_equal(kith_engine_get_ids(engine, &event.target_name, 1, &id, &error), KITH_NO_MEMORY);
        assert_int_equal(id, 77);
        assert_int_equal(kith_engine_get_ids(engine, &event.member_name, 1, &id, &error), KITH_OK);
        add_named(engine, MONDAY, "member1", "post", "other0", 1);
        input = (kith_export){.size = sizeof input, .read = read_made, .read_context = &made};
        assert_int_equal(kith_engine_add_export(engine, &input, &added, &error), KITH_NO_MEMORY);
        assert_int_equal(count_members(engine), 1000);
        kith_engine_free(engine);
    }
}

static void hostile_numbered_members_stop_where_the_engine_is_told(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        enum { EVENTS = 40000, MOST = 20000 };
        static uint64_t members[EVENTS];
        static int64_t times[EVENTS];
        static uint32_t kinds[EVENTS];
        for (size_t i = 0; i < EVENTS; i++) {
            members[i] = (uint64_t)i * 1000003 + 1;
            times[i] = MONDAY;
        }
        kith_engine *engine = engine_of_at_most(MOST, KITH_NUMBERED, threads);
        kith_events events = {.size = sizeof events, .count = EVENTS, .time = times, .member = members, .kind = kinds};
        kith_added added = {.size = sizeof added};
        kith_error error = NO_ERROR;
        assert_int_equal(kith_engine_add(engine, &events, &added, &error), KITH_NO_MEMORY);
        assert_string_equal(error.message, "expected at most 20000 members");
        assert_int_equal(count_members(engine), added.taken);
        assert_true(added.taken > MOST - 256 && added.taken <= MOST);
        kith_member_settings settings = {.size = sizeof settings, .counts = KITH_LEFT_OUT};
        while (count_members(engine) < MOST)
            assert_int_equal(kith_engine_set_member(engine, UINT64_MAX - 2 - count_members(engine), &settings, NULL),
                             KITH_OK);
        assert_int_equal(kith_engine_set_member(engine, UINT64_MAX, &settings, &error), KITH_NO_MEMORY);
        assert_int_equal(kith_engine_set_member(engine, 1, &settings, &error), KITH_OK);
        assert_int_equal(count_members(engine), MOST);
        kith_engine_free(engine);
    }
}

static void add_many_ids(void *context)
{
    uint64_t rows = *(uint64_t *)context;
    kith_engine_options options = {.size = sizeof options, .tables = KITH_STANDINGS};
    kith_engine *engine = engine_with(&options);
    assert_int_equal(add_crowd(engine, "2026-03-02,ana,post,,%llu\n", rows).taken, rows);
    assert_int_equal(add_crowd(engine, "2026-03-02,ana,post,,%llu\n", rows).skipped, rows);
    kith_engine_free(engine);
}

static void hostile_ids_by_the_million_take_what_is_written_down(void **state)
{
    (void)state;
    uint64_t rows = size_of_load(100000, 10000000);
    assert_within(64 * MIB + rows * ID_BYTES, add_many_ids, &rows);
}

static void add_ends_of_time(void *context)
{
    (void)context;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_engine *engine = engine_with(&options);
    add_named(engine, 0, "ana", "like", "ben", 1000000000);
    add_named(engine, INT64_C(253370764799), "ben", "like", "ana", 1000000000);
    kith_event event = {.size = sizeof event, .quantity = 1, .member_name = TEXT("ana")};
    static const int64_t beyond[] = {-1, INT64_C(253370764800), INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        kith_error error = NO_ERROR;
        event.time = beyond[i];
        assert_int_equal(kith_engine_add_event(engine, &event, &error), KITH_REFUSED);
        assert_int_equal(error.reason, KITH_REASON_TIME);
    }
    kith_review *review = NULL;
    assert_int_equal(kith_engine_review(engine, INT64_C(253370764799), &review, NULL), KITH_TOO_MANY_WEEKS);
    assert_int_equal(kith_engine_review(engine, INT64_MAX, &review, NULL), KITH_TOO_MANY_WEEKS);
    review = review_until(engine, 52 * WEEK);
    kith_review_free(review);
    kith_engine_free(engine);
}

static void hostile_times_at_both_ends_are_two_weeks(void **state)
{
    (void)state;
    assert_within(READING_MOST, add_ends_of_time, NULL);
}

/* One kind without limits, of the most points that a policy can give, and one that takes as many away. */
static const char greedy_policy[] = "[kind post]\ngives = content 1000\n[kind penalty]\ngives = content -1000\n"
                                    "[kind like]\ngives = interaction 1000\nreceives = community 1000\n";

enum { POST, PENALTY, LIKE };

static void add_most(kith_engine *engine, int64_t time, const char *member, uint32_t kind, const char *target)
{
    kith_event event = {.size = sizeof event,
                        .time = time,
                        .kind = kind,
                        .quantity = 1000000000,
                        .member_name = kith_text_of(member),
                        .target_name = kith_text_of(target)};
    kith_error error = NO_ERROR;
    assert_status(kith_engine_add_event(engine, &event, &error), KITH_OK, &error);
}

static void score_great_quantities(void *context)
{
    (void)context;
    kith_engine_options options = all_tables(KITH_NAMED);
    kith_policy *policy = policy_of(greedy_policy);
    kith_engine *engine = NULL;
    assert_int_equal(kith_engine_new(policy, &options, &engine, NULL), KITH_OK);
    for (int week = 0; week < 3; week++) {
        for (int i = 0; i < 40; i++) {
            add_most(engine, MONDAY + week * WEEK, "ana", POST, "");
            add_most(engine, MONDAY + week * WEEK, "ben", PENALTY, "");
            add_most(engine, MONDAY + week * WEEK, "ana", LIKE, "ben");
        }
    }
    kith_review *review = review_until(engine, MONDAY + 3 * WEEK);
    char *csv = csv_of(review, KITH_HISTORY, KITH_CSV_HEADER);
    /* By docs/model.md: points stop at 2^40 a week, and so does what is remembered; S = floor(10000 R / (R + 120000)).
     * That is 9999 of content and interaction alike, so the score is floor(9999 * 700 / 1000), or 300 of community. */
    assert_non_null(strstr(csv, "2026-03-16,ana,69.99,"));
    assert_non_null(strstr(csv, "2026-03-16,ben,29.99,"));
    free(csv);
    kith_review_free(review);
    kith_engine_free(engine);
    kith_policy_free(policy);
}

static void hostile_quantities_stop_where_the_model_says(void **state)
{
    (void)state;
    assert_within(READING_MOST, score_great_quantities, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_line_of_any_length_costs_itself_alone),
        cmocka_unit_test(hostile_described_line_of_any_length_costs_itself_alone),
        cmocka_unit_test(hostile_header_of_any_length_is_refused),
        cmocka_unit_test(hostile_header_of_many_columns_is_read),
        cmocka_unit_test(hostile_rows_have_the_length_that_is_asked_for),
        cmocka_unit_test(hostile_limits_that_make_no_sense_are_refused),
        cmocka_unit_test(hostile_text_ends_where_it_is_told_to),
        cmocka_unit_test(hostile_json_of_any_length_and_depth_costs_its_line_alone),
        cmocka_unit_test(hostile_document_of_any_length_is_read_as_it_comes),
        cmocka_unit_test(hostile_list_gives_no_more_events_than_a_row_may),
        cmocka_unit_test(hostile_short_rows_of_many_events_are_read_in_small_batches),
        cmocka_unit_test(hostile_list_beside_a_long_text_takes_no_more_for_it),
        cmocka_unit_test(hostile_kind_of_many_long_parts_is_joined_as_far_as_it_matters),
        cmocka_unit_test(hostile_document_text_is_kept_once_for_all_its_rows),
        cmocka_unit_test(hostile_files_side_by_side_take_so_much_a_thread),
        cmocka_unit_test(hostile_gzip_inflates_in_the_same_memory),
        cmocka_unit_test(hostile_gzip_of_many_members_is_one_text),
        cmocka_unit_test(hostile_gzip_without_end_can_be_given_up),
        cmocka_unit_test(hostile_kinds_by_the_million_take_no_memory),
        cmocka_unit_test(hostile_members_by_the_million_take_what_is_written_down),
        cmocka_unit_test(hostile_members_stop_where_the_engine_is_told),
        cmocka_unit_test(hostile_numbered_members_stop_where_the_engine_is_told),
        cmocka_unit_test(hostile_ids_by_the_million_take_what_is_written_down),
        cmocka_unit_test(hostile_times_at_both_ends_are_two_weeks),
        cmocka_unit_test(hostile_quantities_stop_where_the_model_says),
    };
    return cmocka_run_group_tests(tests, fill_with_a, NULL);
}
