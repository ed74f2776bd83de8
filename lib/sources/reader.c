/* SPDX-License-Identifier: MIT */
#include "sources/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/quoted.h"
#include "base/text.h"

void kithp_source_report(struct kithp_source_reader *reader, const struct kithp_ini_part *at, kith_text field,
                         kith_text value, const char *words, ...)
{
    if (reader->surveys || !reader->has_memory)
        return;
    char said[320];
    va_list arguments;
    va_start(arguments, words);
    vsnprintf(said, sizeof said, words, arguments);
    va_end(arguments);
    struct kithp_source_faults *faults = reader->faults;
    struct kithp_place place = {reader->source->name, at->line, at->column, field, value, 0};
    if (faults->count++ == 0)
        kithp_fail(faults->error, KITH_BAD_SOURCE, &place, "%s", said);
    if (!faults->fault)
        return;
    kith_error error = {.size = sizeof error};
    kithp_fail(&error, KITH_BAD_SOURCE, &place, "%s", said);
    faults->fault(faults->context, &error);
}

/* ---- memory ---- */

void *kithp_source_take(struct kithp_source_reader *reader, size_t count, size_t size)
{
    enum { ALIGNMENT = _Alignof(max_align_t) };
    if (count == 0)
        count = 1;
    unsigned char *taken = kithp_arena_take(&reader->source->arena, count * size + ALIGNMENT - 1);
    if (!taken) {
        reader->has_memory = false;
        return NULL;
    }
    taken += (ALIGNMENT - (uintptr_t)taken % ALIGNMENT) % ALIGNMENT;
    return memset(taken, 0, count * size);
}

kith_text kithp_source_keep(struct kithp_source_reader *reader, kith_text text)
{
    char *copy = (char *)kithp_arena_take(&reader->source->arena, text.length + 1);
    if (!copy) {
        reader->has_memory = false;
        return (kith_text){"", 0};
    }
    if (text.length > 0)
        memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    return (kith_text){copy, text.length};
}

/* ---- parts of texts ---- */

struct kithp_ini_part kithp_source_part_at(const struct kithp_ini_part *part, const char *begin, const char *end)
{
    return (struct kithp_ini_part){
        {begin, (uint64_t)(end - begin)}, part->line, part->column + (uint64_t)(begin - part->text.data)};
}

bool kithp_source_is_first(struct kithp_source_reader *reader, uint64_t *line, const struct kithp_ini_part *key,
                           const struct kithp_ini_part *value)
{
    if (*line == 0) {
        *line = key->line;
        return true;
    }
    kithp_source_report(reader, key, key->text, value->text, "is given twice, first on line %llu",
                        (unsigned long long)*line);
    return false;
}

static bool is_quoted(kith_text text)
{
    return text.length > 0 && text.data[0] == '"';
}

bool kithp_source_unquote(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                          kith_text *meant)
{
    *meant = part->text;
    if (!is_quoted(part->text))
        return true;
    char *out = (char *)kithp_arena_take(&reader->source->arena, part->text.length);
    if (!out) {
        reader->has_memory = false;
        return false;
    }
    struct kithp_quoted quoted;
    const char *end = part->text.data + part->text.length;
    bool fine = kithp_quoted_read(part->text, out, &quoted);
    if (fine && quoted.taken < part->text.length) {
        quoted.words = "expected nothing behind the closing quote";
        fine = false;
    }
    if (!fine) {
        struct kithp_ini_part at = kithp_source_part_at(part, part->text.data + quoted.taken, end);
        kithp_source_report(reader, &at, field, part->text, "%s", quoted.words);
        return false;
    }
    *meant = (kith_text){out, quoted.length};
    return true;
}

const char *kithp_source_skip_quoted(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end ? at + 1 : end;
}

struct kithp_ini_part kithp_source_next_word(struct kithp_ini_part *rest)
{
    const char *end = rest->text.data + rest->text.length;
    const char *begin = rest->text.data;
    while (begin < end && kithp_text_is_blank(*begin))
        begin++;
    const char *at = begin;
    if (at < end && *at == '"')
        at = kithp_source_skip_quoted(at, end);
    while (at < end && !kithp_text_is_blank(*at))
        at++;
    struct kithp_ini_part word = kithp_source_part_at(rest, begin, at);
    *rest = kithp_source_part_at(rest, at, end);
    return word;
}

/* ---- patterns ---- */

bool kithp_source_read_pattern(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                               struct kithp_source_pattern *pattern)
{
    kith_text meant;
    if (!kithp_source_unquote(reader, field, part, &meant))
        return false;
    if (meant.length == 0 || meant.length > KITHP_SOURCE_PATTERN_MOST) {
        kithp_source_report(reader, part, field, part->text, "expected a pattern of 1 to %d bytes",
                            KITHP_SOURCE_PATTERN_MOST);
        return false;
    }
    bool exact = !memchr(meant.data, '*', meant.length) && !memchr(meant.data, '?', meant.length);
    *pattern =
        (struct kithp_source_pattern){.pattern = meant, .line = part->line, .column = part->column, .exact = exact};
    return true;
}

bool kithp_source_read_patterns(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *value,
                                struct kithp_source_pattern *patterns, uint32_t most, uint32_t *count,
                                const char *most_words)
{
    struct kithp_ini_part rest = *value;
    for (*count = 0;; ++*count) {
        struct kithp_ini_part word = kithp_source_next_word(&rest);
        if (word.text.length == 0)
            return true;
        if (*count == most) {
            kithp_source_report(reader, &word, field, word.text, "%s", most_words);
            return false;
        }
        if (!kithp_source_read_pattern(reader, field, &word, &patterns[*count]))
            return false;
        for (uint32_t i = 0; i < *count; i++) {
            if (!kithp_text_equal(patterns[i].pattern, patterns[*count].pattern))
                continue;
            kithp_source_report(reader, &word, field, word.text, "expected each pattern once");
            return false;
        }
    }
}
