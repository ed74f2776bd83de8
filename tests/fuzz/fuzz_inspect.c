/* SPDX-License-Identifier: MIT */
/*
 * Exports that nobody has described: texts with lines "---" between, of one source. The first byte says how they are
 * looked at a second time, which must find the same; a description that is complete can be read, and reads them.
 */
#include <unistd.h>

#include "engines.h"

enum { TEXTS_MOST = 4, BY_FILE = 8 };

struct texts {
    kith_text texts[TEXTS_MOST];
    size_t count;
    uint32_t delimiter;
};

/* All that an inspection tells. */
struct told {
    kith_status status[TEXTS_MOST];
    struct fuzz_made said;
    struct fuzz_made source;
    kith_inspection_info info;
};

static kith_status add(kith_inspection *inspection, kith_text text, uint32_t delimiter, uint32_t how)
{
    static const size_t steps[] = {0, 1, 2, 5, 13, 64, 999, 4096};
    struct fuzz_given given = {.text = text, .step = steps[how & 7]};
    char path[32];
    int file = how & BY_FILE ? fuzz_file(text, path) : -1;
    const kith_export export = {
        .size = sizeof export,
        .path = file >= 0 ? path : NULL,
        .read = file >= 0 ? NULL : fuzz_read,
        .read_context = &given,
        .name = "export",
        .delimiter = delimiter,
    };
    kith_error error = NO_ERROR;
    kith_status status = kith_inspection_add(inspection, &export, &error);
    MUST(status == KITH_OK || (status == KITH_BAD_EXPORT && error.message[0] != '\0'));
    if (file >= 0)
        close(file);
    return status;
}

static void tell_fields(const kith_inspection *inspection, struct told *told)
{
    kith_inspected_field field = {.size = sizeof field};
    for (uint32_t i = 0; i < told->info.fields; i++) {
        MUST(kith_inspection_get_field(inspection, i, &field, NULL) == KITH_OK);
        MUST(field.there <= field.of && field.distinct <= field.there);
        MUST(field.type < KITH_TYPES && field.field < KITH_FIELDS && field.example_count <= KITH_EXAMPLES_MOST);
        fuzz_made_number(&told->said, field.type);
        fuzz_made_text(&told->said, field.path);
        fuzz_made_number(&told->said, field.there);
        fuzz_made_number(&told->said, field.of);
        fuzz_made_number(&told->said, field.distinct);
        fuzz_made_number(&told->said, field.field);
        fuzz_made_text(&told->said, field.why);
        fuzz_made_text(&told->said, field.times);
        for (uint32_t k = 0; k < field.example_count; k++)
            fuzz_made_text(&told->said, field.examples[k]);
    }
    MUST(kith_inspection_get_field(inspection, told->info.fields, &field, NULL) == KITH_BAD_ARGUMENT);
}

static void tell_kinds(const kith_inspection *inspection, struct told *told)
{
    kith_inspected_kind kind = {.size = sizeof kind};
    uint64_t before = UINT64_MAX;
    for (uint32_t i = 0; i < told->info.kinds; i++, before = kind.count) {
        MUST(kith_inspection_get_kind(inspection, i, &kind, NULL) == KITH_OK);
        MUST(kind.count > 0 && kind.count <= before && kind.count <= told->info.rows);
        fuzz_made_number(&told->said, kind.count);
        fuzz_made_text(&told->said, kind.name);
        fuzz_made_text(&told->said, kind.kind);
    }
    MUST(kith_inspection_get_kind(inspection, told->info.kinds, &kind, NULL) == KITH_BAD_ARGUMENT);
}

static void tell_fits(const kith_inspection *inspection, struct told *told)
{
    kith_inspected_fit fit = {.size = sizeof fit};
    for (uint32_t i = 0; i < told->info.fits; i++) {
        MUST(kith_inspection_get_fit(inspection, i, &fit, NULL) == KITH_OK);
        MUST(fit.found > 0 && fit.found <= fit.wanted && fit.fits <= 1);
        fuzz_made_number(&told->said, fit.ready);
        fuzz_made_number(&told->said, fit.found);
    }
    MUST(kith_inspection_get_fit(inspection, told->info.fits, &fit, NULL) == KITH_BAD_ARGUMENT);
}

static void tell_info(struct told *told)
{
    const kith_inspection_info *info = &told->info;
    const uint64_t numbers[] = {info->format,
                                info->delimiter,
                                info->gzip,
                                info->exports,
                                info->headless,
                                info->complete,
                                info->rows,
                                info->about,
                                info->refused,
                                info->members,
                                (uint64_t)info->first_time,
                                (uint64_t)info->last_time};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        fuzz_made_number(&told->said, numbers[i]);
    fuzz_made_text(&told->said, info->rows_path);
    fuzz_made_text(&told->said, info->one_kind);
    fuzz_made_text(&told->said, info->other_times);
}

static struct told inspect(const struct texts *texts, uint32_t how)
{
    struct told told = {.info.size = sizeof told.info};
    kith_inspection *inspection = NULL;
    uint32_t exports = 0;
    MUST(kith_inspection_new(NULL, &inspection, NULL) == KITH_OK);
    for (size_t i = 0; i < texts->count; i++) {
        told.status[i] = add(inspection, texts->texts[i], texts->delimiter, how);
        exports += told.status[i] == KITH_OK;
    }
    MUST(kith_inspection_get_info(inspection, &told.info, NULL) == KITH_OK);
    MUST(told.info.exports == exports);
    tell_info(&told);
    tell_fields(inspection, &told);
    tell_kinds(inspection, &told);
    tell_fits(inspection, &told);
    kith_status status = kith_inspection_write_source(inspection, fuzz_write, &told.source, NULL);
    MUST(status == (exports ? KITH_OK : KITH_BAD_ARGUMENT));
    kith_inspection_free(inspection);
    return told;
}

static void told_free(struct told *told)
{
    fuzz_made_free(&told->said);
    fuzz_made_free(&told->source);
}

/* What was guessed can be read, and the exports by it. */
static void check_source(const struct texts *texts, const struct told *told)
{
    kith_source *source = NULL;
    kith_status status = kith_source_parse(fuzz_text_of(&told->source), NULL, NULL, &source, NULL);
    MUST(status == KITH_OK || (status == KITH_BAD_SOURCE && !told->info.complete));
    if (status != KITH_OK)
        return;
    const kith_engine_options options = fuzz_options(KITH_NAMED, 1);
    kith_engine *engine = fuzz_engine(fuzz_default(), &options);
    for (size_t i = 0; i < texts->count; i++) {
        struct fuzz_given given = {.text = texts->texts[i]};
        const kith_export export = {.size = sizeof export, .read = fuzz_read, .read_context = &given, .source = source};
        if (told->status[i] != KITH_OK)
            continue;
        status = kith_engine_add_export(engine, &export, NULL, NULL);
        MUST(status == KITH_OK || status == KITH_BAD_EXPORT);
    }
    kith_engine_free(engine);
    kith_source_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t how = fuzz_byte(&input), delimiter = fuzz_byte(&input);
    struct texts texts = {.delimiter = delimiter == ';' || delimiter == '|' || delimiter == ' ' ? delimiter : 0};
    while (texts.count < TEXTS_MOST && (input.left > 0 || texts.count == 0)) {
        kith_text head = texts.count + 1 < TEXTS_MOST ? fuzz_head(&input) : fuzz_rest(&input);
        texts.texts[texts.count++] = (kith_text){fuzz_copy(head), head.length};
    }
    struct told told = inspect(&texts, 0), other = inspect(&texts, how);
    MUST(memcmp(told.status, other.status, sizeof told.status) == 0);
    MUST(fuzz_same(&told.said, &other.said));
    MUST(fuzz_same(&told.source, &other.source));
    if (told.info.exports > 0)
        check_source(&texts, &told);
    told_free(&told);
    told_free(&other);
    for (size_t i = 0; i < texts.count; i++)
        free((char *)(uintptr_t)texts.texts[i].data);
    return 0;
}
