/* SPDX-License-Identifier: MIT */
#include "source_support.h"

static void take_fault(void *context, const kith_error *fault)
{
    struct source_faults *faults = context;
    assert_true(faults->count < SOURCE_FAULTS_MOST);
    assert_int_equal(fault->size, sizeof *fault);
    assert_int_equal(fault->status, KITH_BAD_SOURCE);
    assert_string_equal(fault->file, "my.ini");
    faults->errors[faults->count++] = *fault;
}

kith_status source_parse(kith_text text, kith_source **source, struct source_faults *faults)
{
    *faults = (struct source_faults){.count = 0};
    kith_source_options options = {.size = sizeof options, .fault = take_fault, .fault_context = faults};
    kith_error error = {.size = sizeof error};
    kith_text exact = text_exact(text);
    kith_status status = kith_source_parse(exact, "my.ini", &options, source, &error);
    text_free(exact);
    if (status == KITH_BAD_SOURCE) {
        assert_true(faults->count > 0);
        assert_memory_equal(&error, &faults->errors[0], sizeof error);
    } else {
        assert_int_equal(faults->count, 0);
        assert_int_equal(error.status, KITH_OK);
    }
    return status;
}

kith_source *source_of(const char *text)
{
    struct source_faults faults;
    kith_source *source = NULL;
    if (source_parse(kith_text_of(text), &source, &faults) != KITH_OK)
        fail_msg("%s", faults.errors[0].message);
    return source;
}

void assert_source_faults(const char *text, const char *expected)
{
    struct source_faults faults;
    kith_source *source = NULL;
    kith_status status = source_parse(kith_text_of(text), &source, &faults);
    char told[16384] = "";
    size_t length = 0;
    for (size_t i = 0; i < faults.count; i++)
        length += (size_t)snprintf(told + length, sizeof told - length, "%s\n", faults.errors[i].message);
    if (status != KITH_BAD_SOURCE || strcmp(told, expected) != 0)
        fail_msg("---- the text\n%s\n---- its faults\n%s---- expected\n%s", text, told, expected);
    assert_null(source);
}

static int write_part(const kith_source *source, const struct kithp_source_event *event,
                      const struct kithp_source_part *part, char *out, size_t room)
{
    kith_text path = {"", 0};
    char scope[16] = "";
    if (part->sort != KITHP_SOURCE_WORD && part->scope == KITHP_SOURCE_ROW) {
        assert_true(part->path < source->row.count);
        path = source->row.paths[part->path].path;
    } else if (part->sort != KITHP_SOURCE_WORD && part->scope == KITHP_SOURCE_DOCUMENT) {
        assert_true(part->path < source->document.count);
        path = source->document.paths[part->path].path;
        strcpy(scope, "D:");
    } else if (part->sort != KITHP_SOURCE_WORD) {
        assert_true(part->list < event->list_count);
        assert_true(part->path < event->lists[part->list].paths.count);
        path = event->lists[part->list].paths.paths[part->path].path;
        snprintf(scope, sizeof scope, "%u:", part->list);
    }
    const char *word = part->sort == KITHP_SOURCE_PATH ? "" : part->sort == KITHP_SOURCE_WORD ? "'" : " ? '";
    return snprintf(out, room, "%s%.*s%s%.*s%s", scope, (int)path.length, path.data, word, (int)part->word.length,
                    part->word.length ? part->word.data : "", part->sort == KITHP_SOURCE_PATH ? "" : "'");
}

void source_write_value(const kith_source *source, uint32_t event, enum kithp_field field, char *out, size_t room)
{
    assert_true(event < source->event_count);
    const struct kithp_source_value *value = &source->events[event].values[field];
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < value->part_count; i++) {
        const struct kithp_source_part *part = &value->parts[i];
        length += (size_t)write_part(source, &source->events[event], part, out + length, room - length);
        bool is_end = i + 1 == value->part_count;
        assert_true(!is_end || part->last);
        length += (size_t)snprintf(out + length, room - length, "%s", is_end ? "" : part->last ? " | " : " / ");
        assert_true(length < room);
    }
}
