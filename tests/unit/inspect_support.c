/* SPDX-License-Identifier: MIT */
#include "inspect_support.h"

kith_status inspect_text(kith_inspection *inspection, kith_text text, const char *name, kith_error *error)
{
    struct bytes_source source = {.bytes = text.data, .length = text.length, .step = 7777};
    kith_export input = {.size = sizeof input, .read = read_bytes, .read_context = &source, .name = name};
    return kith_inspection_add(inspection, &input, error);
}

kith_inspection *new_inspection(const kith_allocator *allocator)
{
    kith_error error = NO_ERROR;
    kith_inspection *inspection = NULL;
    kith_inspection_options options = {.size = sizeof options, .allocator = allocator};
    assert_status(kith_inspection_new(&options, &inspection, &error), KITH_OK, &error);
    return inspection;
}

kith_inspection_info info_of(const kith_inspection *inspection)
{
    kith_inspection_info info = {.size = sizeof info};
    assert_int_equal(kith_inspection_get_info(inspection, &info, NULL), KITH_OK);
    return info;
}

static void print_field(FILE *out, const kith_inspection *inspection, uint32_t which, const char *name)
{
    kith_inspection_info info = info_of(inspection);
    for (uint32_t i = 0; i < info.fields; i++) {
        kith_inspected_field field = {.size = sizeof field};
        assert_int_equal(kith_inspection_get_field(inspection, i, &field, NULL), KITH_OK);
        if (field.field != which)
            continue;
        fprintf(out, " %s=%.*s", name, (int)field.path.length, field.path.data);
        if (field.times.length > 0)
            fprintf(out, " (%.*s)", (int)field.times.length, field.times.data);
        assert_true(field.why.length > 0);
    }
}

char *summary_of(const kith_inspection *inspection)
{
    static const char *const formats[] = {"none", "csv", "ndjson", "json"};
    static const char *const names[] = {"", "time", "member", "kind", "target", "quantity", "id"};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    kith_inspection_info info = info_of(inspection);
    fputs(formats[info.format], out);
    if (info.delimiter)
        fprintf(out, " %c", info.delimiter == '\t' ? 't' : (char)info.delimiter);
    if (info.rows_path.length > 0)
        fprintf(out, " %.*s", (int)info.rows_path.length, info.rows_path.data);
    fprintf(out, " %u rows", (unsigned)info.rows);
    if (info.refused > 0)
        fprintf(out, " %u refused", (unsigned)info.refused);
    fputs(" |", out);
    for (uint32_t which = KITH_FIELD_TIME; which < KITH_FIELDS; which++)
        print_field(out, inspection, which, names[which]);
    if (info.one_kind.length > 0)
        fprintf(out, " '%.*s'", (int)info.one_kind.length, info.one_kind.data);
    fclose(out);
    return text;
}

struct gathered description_of(const kith_inspection *inspection)
{
    struct gathered text = {.bytes = NULL};
    kith_error error = NO_ERROR;
    assert_status(kith_inspection_write_source(inspection, gather, &text, &error), KITH_OK, &error);
    return text;
}
