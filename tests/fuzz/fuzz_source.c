/* SPDX-License-Identifier: MIT */
/*
 * The text of a source description, and behind a line "---" the path of a file: the one refused with faults that are
 * told or taken, the other an export of the source or not.
 */
#include <unistd.h>

#include "engines.h"

struct faults {
    uint64_t count;
    kith_error first;
};

static void note_fault(void *context, const kith_error *fault)
{
    struct faults *faults = context;
    MUST(fault->status == KITH_BAD_SOURCE && fault->message[0] != '\0');
    if (faults->count++ == 0)
        faults->first = *fault;
}

static bool ends_in(kith_text text, const char *end)
{
    size_t length = strlen(end);
    return text.length >= length && memcmp(text.data + text.length - length, end, length) == 0;
}

/* What holds where no description says it. */
static bool is_export(kith_text path)
{
    static const char *const ends[] = {".csv", ".tsv", ".json", ".ndjson", ".jsonl"};
    for (size_t i = 0; i < path.length; i++)
        if (path.data[i] == '.' && (i == 0 || path.data[i - 1] == '/'))
            return false;
    if (ends_in(path, ".gz"))
        path.length -= 3;
    for (unsigned i = 0; i < 5; i++)
        if (ends_in(path, ends[i]))
            return true;
    return false;
}

static bool has(kith_text text, const char *word)
{
    return text.length > 0 && memmem(text.data, text.length, word, strlen(word));
}

static void check_source(const kith_source *source, kith_text text, kith_text path)
{
    kith_source_info info = {.size = sizeof info};
    MUST(kith_source_get_info(source, &info, NULL) == KITH_OK);
    MUST(info.format <= KITH_FORMAT_JSON);
    int takes = kith_source_takes_file(source, path);
    MUST(takes == 0 || takes == 1);
    if (!has(text, "files"))
        MUST(takes == is_export(path));
    /* It can be used, whatever it says: on a text that is hardly any. */
    const kith_engine_options options = fuzz_options(KITH_NAMED, 1);
    kith_engine *engine = fuzz_engine(fuzz_default(), &options);
    struct fuzz_given given = {.text = path};
    const kith_export export = {.size = sizeof export, .read = fuzz_read, .read_context = &given, .source = source};
    kith_status status = kith_engine_add_export(engine, &export, NULL, NULL);
    MUST(status == KITH_OK || status == KITH_BAD_EXPORT || status == KITH_BAD_SOURCE);
    kith_engine_free(engine);
}

static void check_file(kith_text text, kith_status status)
{
    char path[32];
    int file = fuzz_file(text, path);
    kith_source *source = NULL;
    MUST(kith_source_load(path, NULL, &source, NULL) == status);
    close(file);
    kith_source_free(source);
}

static void check_ready(uint32_t index)
{
    kith_ready_source ready = {.size = sizeof ready};
    if (kith_source_get_ready(index, &ready, NULL) == KITH_OK)
        MUST(ready.name[0] && ready.title[0] && ready.description[0] && ready.policy[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    kith_text head = fuzz_head(&input), rest = fuzz_rest(&input);
    kith_text text = {fuzz_copy(head), head.length}, path = {fuzz_copy(rest), rest.length};
    struct faults faults = {.count = 0};
    const kith_source_options options = {.size = sizeof options, .fault = note_fault, .fault_context = &faults};
    kith_source *source = NULL;
    kith_error error = NO_ERROR;
    kith_status status = kith_source_parse(text, NULL, &options, &source, &error);
    MUST(kith_source_takes_file(NULL, path) == (is_export(path) ? 1 : 0));
    if (status == KITH_OK) {
        MUST(faults.count == 0);
        check_source(source, text, path);
    } else {
        MUST(status == KITH_BAD_SOURCE && !source && faults.count > 0);
        MUST(error.line == faults.first.line && strcmp(error.message, faults.first.message) == 0);
    }
    check_file(text, status);
    check_ready((uint32_t)size);
    kith_source_free(source);
    free((char *)(uintptr_t)text.data);
    free((char *)(uintptr_t)path.data);
    return 0;
}
