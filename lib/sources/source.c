/* SPDX-License-Identifier: MIT */
/* The handle of a source description: making, freeing and asking it. */
#include "sources/source.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/versioned.h"
#include "sources/read.h"
#include "sources/ready.h"

/* Reads the options, with the allocator that they ask for, and checks that there is a place for the result. */
static kith_status read_options(const kith_source_options *options, kith_source **source, kith_source_options *read,
                                kith_allocator *allocator, kith_error *error)
{
    memset(read, 0, sizeof *read);
    if (options) {
        kith_status status = kithp_versioned_read(read, sizeof *read, options, sizeof *read, "options", error);
        if (status != KITH_OK)
            return status;
    }
    if (read->reserved != 0)
        return kithp_fail_argument(error, "options.reserved", "expected 0");
    if (!kithp_alloc_init(allocator, read->allocator))
        return kithp_fail_argument(error, "options.allocator", "expected malloc, realloc and free");
    if (!source)
        return kithp_fail_argument(error, "source", "must not be NULL");
    return KITH_OK;
}

/* With copies of its name and its text, which all that is read lies in; NULL where there is no memory. */
static kith_source *new_source(kith_text *text, const char *name, const kith_allocator *allocator)
{
    kith_source *made = kithp_alloc_cleared(allocator, 1, sizeof *made);
    if (!made)
        return NULL;
    made->allocator = *allocator;
    kithp_index_init(&made->alias_index, &made->allocator);
    kithp_arena_init(&made->arena, &made->allocator);
    size_t name_size = strlen(name) + 1;
    char *kept = (char *)kithp_arena_take(&made->arena, name_size + text->length);
    if (!kept) {
        kith_source_free(made);
        return NULL;
    }
    memcpy(kept, name, name_size);
    if (text->length > 0)
        memcpy(kept + name_size, text->data, text->length);
    made->name = kept;
    text->data = kept + name_size;
    return made;
}

/* Makes a description of a text; options have been read. */
static kith_status parse(kith_text text, const char *name, const kith_source_options *read,
                         const kith_allocator *allocator, kith_source **source, kith_error *error)
{
    kith_source *made = new_source(&text, name, allocator);
    if (!made)
        return kithp_fail_memory(error);
    struct kithp_source_faults faults = {read->fault, read->fault_context, error, 0};
    bool has_memory = kithp_source_read_text(text, made, &faults);
    if (has_memory && faults.count == 0) {
        *source = made;
        return KITH_OK;
    }
    kith_source_free(made);
    return has_memory ? KITH_BAD_SOURCE : kithp_fail_memory(error);
}

kith_status kith_source_parse(kith_text text, const char *name, const kith_source_options *options,
                              kith_source **source, kith_error *error)
{
    if (!text.data && text.length > 0)
        return kithp_fail_argument(error, "text", "must not be NULL");
    if (text.length > KITHP_FILE_MOST)
        return kithp_fail_argument(error, "text", "is longer than 1 MiB");
    kith_source_options read;
    kith_allocator allocator;
    kith_status status = read_options(options, source, &read, &allocator, error);
    if (status != KITH_OK)
        return status;
    return parse(text, name ? name : "source", &read, &allocator, source, error);
}

kith_status kith_source_load(const char *path, const kith_source_options *options, kith_source **source,
                             kith_error *error)
{
    if (!path)
        return kithp_fail_argument(error, "path", "must not be NULL");
    kith_source_options read;
    kith_allocator allocator;
    kith_status status = read_options(options, source, &read, &allocator, error);
    if (status != KITH_OK)
        return status;
    kith_text text;
    status = kithp_file_load(path, "a source description", &allocator, &text, error);
    if (status != KITH_OK)
        return status;
    status = parse(text, path, &read, &allocator, source, error);
    kithp_alloc_free(&allocator, (void *)text.data);
    return status;
}

void kith_source_free(kith_source *source)
{
    if (!source)
        return;
    kith_allocator allocator = source->allocator;
    kithp_index_free(&source->alias_index);
    kithp_arena_free(&source->arena);
    kithp_alloc_free(&allocator, source);
}

kith_status kith_source_get_info(const kith_source *source, kith_source_info *info, kith_error *error)
{
    if (!source)
        return kithp_fail_argument(error, "source", "must not be NULL");
    kith_status status = kithp_versioned_check(info, sizeof *info, "info", error);
    if (status != KITH_OK)
        return status;
    kith_source_info own = {.format = source->format};
    kithp_versioned_write(info, &own, sizeof own);
    return KITH_OK;
}

kith_status kith_source_get_ready(uint32_t index, kith_ready_source *ready, kith_error *error)
{
    if (index >= kithp_ready_source_count)
        return kithp_fail_argument(error, "index", "is past the last ready source description");
    kith_status status = kithp_versioned_check(ready, sizeof *ready, "ready", error);
    if (status != KITH_OK)
        return status;
    kith_ready_source own = kithp_ready_sources[index];
    kithp_versioned_write(ready, &own, sizeof own);
    return KITH_OK;
}
