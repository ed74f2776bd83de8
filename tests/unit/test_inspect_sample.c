/* SPDX-License-Identifier: MIT */
/* Inspecting what is large, damaged or made to harm. */
#include <unistd.h>

#include "gzip_support.h"
#include "inspect_support.h"

enum { LIMIT = 1 << 20 };

/* ---- large exports ---- */

struct file {
    char path[64];
    FILE *stream;
};

static void begin_file(struct file *file)
{
    snprintf(file->path, sizeof file->path, "/tmp/kith-inspect-XXXXXX");
    int descriptor = mkstemp(file->path);
    assert_true(descriptor >= 0);
    file->stream = fdopen(descriptor, "w");
    assert_non_null(file->stream);
}

static kith_inspection *inspect_file(struct file *file, kith_status expected)
{
    kith_error error = NO_ERROR;
    kith_inspection *inspection = NULL;
    kith_inspection_options options = {.size = sizeof options, .bytes = LIMIT};
    kith_export input = {.size = sizeof input, .path = file->path};
    assert_int_equal(fclose(file->stream), 0);
    assert_status(kith_inspection_new(&options, &inspection, &error), KITH_OK, &error);
    assert_status(kith_inspection_add(inspection, &input, &error), expected, &error);
    unlink(file->path);
    return inspection;
}

static kith_inspected_field field_at(const kith_inspection *inspection, uint32_t index)
{
    kith_inspected_field field = {.size = sizeof field};
    assert_int_equal(kith_inspection_get_field(inspection, index, &field, NULL), KITH_OK);
    return field;
}

/* Kinds change through the file, so that what was looked at shows where it lies. */
static void sample_of_lines_comes_from_all_over_the_file(void **state)
{
    (void)state;
    enum { ROWS = 100000, PARTS = 10 };
    struct file file;
    begin_file(&file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file.stream, "{\"time\":%d,\"member\":\"m%d\",\"kind\":\"part %d\"}\n", 1767225600 + i, i % 100,
                i / (ROWS / PARTS));
    kith_inspection *inspection = inspect_file(&file, KITH_OK);
    kith_inspection_info info = info_of(inspection);
    assert_int_equal(info.whole, 0);
    assert_int_equal(info.refused, 0);
    assert_true(info.bytes <= LIMIT && info.bytes > LIMIT * 9 / 10);
    assert_true(info.bytes_total > 4 * LIMIT);
    assert_int_equal(info.kinds, PARTS);
    assert_int_equal(info.members, 100);
    assert_int_equal(info.first_time, 1767225600);
    assert_int_equal(info.last_time, 1767225600 + ROWS - 1);
    /* No row was counted twice, nor was one cut. */
    assert_int_equal(field_at(inspection, 0).there, info.rows);
    assert_true(info.rows < ROWS / 4);
    kith_inspection_free(inspection);
}

/* Lines within quotes look like rows, and must not be taken for such. */
static void sample_of_csv_begins_at_rows(void **state)
{
    (void)state;
    enum { ROWS = 12000 };
    uint64_t luck = 3;
    struct file file;
    begin_file(&file);
    fputs("time,member,kind,body\n", file.stream);
    for (int i = 0; i < ROWS; i++) {
        fprintf(file.stream, "%d,m%d,post,\"", 1767225600 + i, i % 50);
        for (uint32_t line = chance_below(&luck, 8); line > 0; line--)
            fprintf(file.stream, "1,nobody,nothing,x\n\"\"quoted\"\" text, of several parts, and more of them\n");
        fputs("\"\n", file.stream);
    }
    kith_inspection *inspection = inspect_file(&file, KITH_OK);
    kith_inspection_info info = info_of(inspection);
    assert_int_equal(info.whole, 0);
    assert_int_equal(info.refused, 0);
    assert_int_equal(info.kinds, 1);
    assert_int_equal(info.members, 50);
    assert_int_equal(info.last_time, 1767225600 + ROWS - 1);
    assert_true(info.rows > 1000);
    kith_inspection_free(inspection);
}

/* Where the limit is at a row's middle, as it is somewhere for these sizes. */
static void sample_of_any_size_has_whole_rows(void **state)
{
    (void)state;
    for (int more = 0; more < 40; more++) {
        struct file file;
        begin_file(&file);
        fputs("time,member,kind\n", file.stream);
        for (int i = 0; i < LIMIT / 32 - 20 + more; i++)
            fprintf(file.stream, "%d,member%07d,post\n", 1767225600 + i, i);
        fprintf(file.stream, "1767225599,%0*d,like\n", 1 + 13 * more, 0);
        kith_inspection *inspection = inspect_file(&file, KITH_OK);
        kith_inspection_info info = info_of(inspection);
        assert_int_equal(info.refused, 0);
        assert_int_equal(info.first_time, 1767225599);
        assert_int_equal(info.kinds, 2);
        assert_int_equal(info.whole, info.bytes_total <= LIMIT);
        if (info.whole)
            assert_int_equal(info.rows, LIMIT / 32 - 20 + more + 1);
        kith_inspection_free(inspection);
    }
}

static void sample_of_a_document_is_its_beginning(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    struct file file;
    begin_file(&file);
    fputs("{\"name\":\"x\",\"list\":[", file.stream);
    for (int i = 0; i < ROWS; i++)
        fprintf(file.stream, "%s{\"time\":%d,\"user\":\"m%d\"}", i > 0 ? ",\n" : "", 1767225600 + i, i % 10);
    fputs("]}", file.stream);
    kith_inspection *inspection = inspect_file(&file, KITH_OK);
    kith_inspection_info info = info_of(inspection);
    assert_text_equal(info.rows_path, "list[]");
    assert_int_equal(info.whole, 0);
    assert_int_equal(info.bytes, LIMIT);
    assert_int_equal(info.first_time, 1767225600);
    assert_int_equal(info.last_time, 1767225600 + (int64_t)info.rows - 1);
    assert_true(info.rows > 10000 && info.rows < ROWS);
    kith_inspection_free(inspection);
}

static void sample_of_gzip_is_its_beginning(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    char *text = malloc(ROWS * 64);
    assert_non_null(text);
    size_t length = (size_t)sprintf(text, "time,member,kind\n");
    for (int i = 0; i < ROWS; i++)
        length += (size_t)sprintf(text + length, "%d,member%07d,post\n", 1767225600 + i, i % 1000);
    struct gathered packed = {.bytes = NULL};
    gather_gzip(&packed, text, length, 6, Z_DEFAULT_STRATEGY, NULL);
    kith_inspection *inspection = NULL;
    kith_error error = NO_ERROR;
    kith_inspection_options options = {.size = sizeof options, .bytes = LIMIT};
    assert_status(kith_inspection_new(&options, &inspection, &error), KITH_OK, &error);
    assert_status(inspect_text(inspection, (kith_text){packed.bytes, packed.length}, NULL, &error), KITH_OK, &error);
    kith_inspection_info info = info_of(inspection);
    assert_int_equal(info.gzip, 1);
    assert_int_equal(info.whole, 0);
    assert_int_equal(info.bytes, LIMIT);
    assert_int_equal(info.refused, 0);
    assert_int_equal(info.last_time, 1767225600 + (int64_t)info.rows - 1);
    /* More than are known one by one: about as many as there are. */
    assert_int_equal(info.about, 1);
    assert_true(info.members > 750 && info.members < 1250);
    kith_inspection_free(inspection);
    gathered_free(&packed);
    free(text);
}

static void sample_of_many_fields_is_bounded(void **state)
{
    (void)state;
    struct file file;
    begin_file(&file);
    for (int i = 0; i < 6000; i++)
        fprintf(file.stream, "{\"time\":%d,\"by\":{\"member %d\":%d}}\n", 1767225600 + i, i, i);
    kith_inspection *inspection = inspect_file(&file, KITH_OK);
    assert_true(info_of(inspection).fields >= 4000 && info_of(inspection).fields <= 4096);
    assert_int_equal(info_of(inspection).rows, 6000);
    kith_inspection_free(inspection);
}

static void sample_of_rows_that_are_too_long_goes_on(void **state)
{
    (void)state;
    struct gathered text = {.bytes = NULL};
    static char part[1 << 16];
    memset(part, 'x', sizeof part);
    gather(&text, "{\"a\":1}\n{\"a\":\"", 14);
    for (int i = 0; i < 160; i++)
        gather(&text, part, sizeof part);
    gather(&text, "\"}\n{\"a\":2}\n", 11);
    kith_inspection *inspection = new_inspection(NULL);
    kith_error error = NO_ERROR;
    assert_status(inspect_text(inspection, (kith_text){text.bytes, text.length}, NULL, &error), KITH_OK, &error);
    assert_int_equal(info_of(inspection).rows, 2);
    assert_true(info_of(inspection).refused >= 1);
    kith_inspection_free(inspection);
    gathered_free(&text);
}

/* ---- stopping and failing ---- */

static int stop_late(void *context, uint64_t done, uint64_t total)
{
    unsigned *calls = context;
    (void)done;
    (void)total;
    return ++*calls > 2;
}

static void inspecting_can_be_cancelled(void **state)
{
    (void)state;
    struct file file;
    begin_file(&file);
    for (int i = 0; i < 100000; i++)
        fprintf(file.stream, "{\"time\":%d}\n", 1767225600 + i);
    fclose(file.stream);
    unsigned calls = 0;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = NULL;
    kith_inspection_options options = {.size = sizeof options, .progress = stop_late, .progress_context = &calls};
    kith_export input = {.size = sizeof input, .path = file.path};
    assert_status(kith_inspection_new(&options, &inspection, &error), KITH_OK, &error);
    assert_int_equal(kith_inspection_add(inspection, &input, &error), KITH_CANCELLED);
    assert_int_equal(info_of(inspection).rows, 0);
    kith_inspection_free(inspection);
    unlink(file.path);
}

static int64_t read_then_fail(void *context, void *buffer, size_t capacity)
{
    unsigned *calls = context;
    if (++*calls > 1)
        return -1;
    assert_true(capacity > 20);
    memcpy(buffer, "time,member\n1,a\n", 16);
    return 16;
}

static void inspecting_what_cannot_be_read_fails(void **state)
{
    (void)state;
    unsigned calls = 0;
    kith_error error = NO_ERROR;
    kith_inspection *inspection = new_inspection(NULL);
    kith_export input = {.size = sizeof input, .read = read_then_fail, .read_context = &calls, .name = "pipe"};
    assert_int_equal(kith_inspection_add(inspection, &input, &error), KITH_INPUT_OUTPUT);
    assert_string_equal(error.file, "pipe");
    kith_inspection_free(inspection);
    inspection = new_inspection(NULL);
    assert_int_equal(inspect_text(inspection, TEXT("\x1F\x8B\x08\x00zzzzzzzzzz"), "x", &error), KITH_BAD_EXPORT);
    kith_inspection_free(inspection);
}

static const char *const seeds[] = {
    "time,member,kind,target\n2026-01-02,ana,post,\n2026-01-03,\"b\"\"en\",like,ana\n31/01/2026,cleo,\"re\nply\",ben\n",
    "\xEF\xBB\xBFwhen;who;what / how\n1/31/2026 9:15 AM;Ana;joined\n2/1/2026 6:00 PM;\"B;en\";login\n",
    "{\"type\":\"a\",\"actor\":{\"login\":\"ana\"},\"created_at\":\"2026-01-02T10:00:00Z\",\"x\":[{\"y\":[1,2]},3]}\n"
    "{\"type\":\"b\",\"actor\":{\"login\":\"b\\u0065n\"},\"created_at\":\"2026-01-03\",\"\":{\"a.b\":null}}\n",
    "{\"guild\":{\"name\":\"G\"},\n\"messages\":[{\"id\":\"1\",\"timestamp\":1767225600.5,\"author\":{\"name\":\"ana\","
    "\"isBot\":false}},\n"
    "{\"id\":\"2\",\"timestamp\":1767225700,\"author\":{\"name\":\"ben\",\"isBot\":true}}],\"n\":12}",
    "[{\"ts\":\"1767225600.1\",\"user\":\"U1\"},{\"ts\":\"1767225700.1\",\"user\":\"U2\",\"l\":[]}]",
};

enum { SEEDS = sizeof seeds / sizeof *seeds };

/* A lack of memory anywhere is told, and leaves nothing behind. */
static void inspecting_without_memory_fails_cleanly(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < SEEDS; seed++) {
        kith_status status = KITH_NO_MEMORY;
        for (uint64_t fail = 0; status == KITH_NO_MEMORY; fail++) {
            struct memory memory;
            memory_init(&memory);
            memory_fail_after(&memory, fail);
            kith_error error = NO_ERROR;
            kith_inspection *inspection = NULL;
            kith_inspection_options options = {.size = sizeof options, .allocator = &memory.allocator};
            status = kith_inspection_new(&options, &inspection, &error);
            if (status == KITH_OK)
                status = inspect_text(inspection, kith_text_of(seeds[seed]), NULL, &error);
            if (status == KITH_NO_MEMORY && inspection) {
                /* What is known is as it was, and the next export is looked at. */
                assert_int_equal(info_of(inspection).rows, 0);
                memory_fail_never(&memory);
                assert_status(inspect_text(inspection, kith_text_of(seeds[seed]), NULL, &error), KITH_OK, &error);
                assert_true(info_of(inspection).rows > 0);
            }
            assert_true(status == KITH_OK || status == KITH_NO_MEMORY);
            kith_inspection_free(inspection);
            assert_int_equal(memory.live, 0);
        }
    }
}

/* ---- by chance ---- */

static size_t mutate(char *bytes, size_t length, uint64_t *luck)
{
    static const char marks[] = "{}[]\",:;\n\r\t\\/|'0159aZ. \x00\xC3\xA9\xFF=#?*";
    for (uint32_t times = 1 + chance_below(luck, 6); times > 0 && length > 0; times--) {
        size_t at = chance_below(luck, (uint32_t)length);
        char byte = marks[chance_below(luck, sizeof marks - 1)];
        switch (chance_below(luck, 4)) {
        case 0:
            bytes[at] = byte;
            break;
        case 1:
            memmove(bytes + at + 1, bytes + at, length++ - at);
            bytes[at] = byte;
            break;
        case 2:
            memmove(bytes + at, bytes + at + 1, --length - at);
            break;
        default:
            length = at + chance_below(luck, (uint32_t)(length - at) + 1);
        }
    }
    return length;
}

/* Whatever the bytes, they are looked at or refused; and a description that is whole can be read. */
/* Bytes of 0 and the format are looked for in what there is at first: as much of a pipe as of a file. */
static void inspecting_is_the_same_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const struct {
        kith_text text;
        kith_status status;
        uint32_t format;
    } cases[] = {
        {TEXT_IN_TABLE("time,member,kind\n2026-03-02,ana,post\n2026-03-03,b\0n,post\n"), KITH_BAD_EXPORT,
         KITH_FORMAT_ANY},
        {TEXT_IN_TABLE("{bad\n{\"a\":1}\n{\"a\":2}\n"), KITH_OK, KITH_FORMAT_NDJSON},
        {TEXT_IN_TABLE("{\"a\":[\n{\"b\":1},\n{\"b\":2}]}\n"), KITH_OK, KITH_FORMAT_JSON},
    };
    static const size_t steps[] = {0, 1, 5, 20};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            struct bytes_source source = {
                .bytes = cases[i].text.data, .length = cases[i].text.length, .step = steps[k]};
            kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source};
            kith_inspection *inspection = new_inspection(NULL);
            kith_error error = NO_ERROR;
            assert_status(kith_inspection_add(inspection, &input, &error), cases[i].status, &error);
            assert_int_equal(info_of(inspection).format, cases[i].format);
            kith_inspection_free(inspection);
        }
    }
}

static void inspecting_texts_by_chance_ends_well(void **state)
{
    (void)state;
    uint64_t luck = 11;
    unsigned looked_at = 0, refused = 0, complete = 0;
    for (uint64_t round = tries(20000); round > 0; round--) {
        char bytes[1024];
        const char *seed = seeds[chance_below(&luck, SEEDS)];
        size_t length = strlen(seed);
        memcpy(bytes, seed, length);
        length = mutate(bytes, length, &luck);
        kith_error error = NO_ERROR;
        kith_inspection *inspection = new_inspection(NULL);
        kith_status status = inspect_text(inspection, (kith_text){bytes, length}, NULL, &error);
        assert_true(status == KITH_OK || status == KITH_BAD_EXPORT);
        looked_at += status == KITH_OK;
        refused += status != KITH_OK;
        if (status == KITH_OK) {
            struct gathered text = description_of(inspection);
            kith_source *source = NULL;
            kith_status parsed = kith_source_parse((kith_text){text.bytes, text.length}, NULL, NULL, &source, &error);
            if (info_of(inspection).complete && parsed != KITH_OK)
                fail_msg("%s\n%s", error.message, text.bytes);
            assert_true(info_of(inspection).complete || parsed == KITH_BAD_SOURCE);
            complete += info_of(inspection).complete;
            kith_source_free(source);
            gathered_free(&text);
        }
        kith_inspection_free(inspection);
    }
    assert_true(looked_at > 0 && refused > 0 && complete > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sample_of_lines_comes_from_all_over_the_file),
        cmocka_unit_test(sample_of_csv_begins_at_rows),
        cmocka_unit_test(sample_of_any_size_has_whole_rows),
        cmocka_unit_test(sample_of_a_document_is_its_beginning),
        cmocka_unit_test(sample_of_gzip_is_its_beginning),
        cmocka_unit_test(sample_of_many_fields_is_bounded),
        cmocka_unit_test(sample_of_rows_that_are_too_long_goes_on),
        cmocka_unit_test(inspecting_can_be_cancelled),
        cmocka_unit_test(inspecting_what_cannot_be_read_fails),
        cmocka_unit_test(inspecting_without_memory_fails_cleanly),
        cmocka_unit_test(inspecting_is_the_same_in_pieces_of_any_size),
        cmocka_unit_test(inspecting_texts_by_chance_ends_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
