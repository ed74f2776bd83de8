/* SPDX-License-Identifier: MIT */
/* [source]: what holds for exports as a whole. */
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "sources/path.h"

typedef void read_fn(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                     const struct kithp_ini_part *value);

static void refuse(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                   const struct kithp_ini_part *value, const char *words)
{
    kithp_source_report(reader, value, key->text, value->text, "%s", words);
}

/* ---- the exports' form ---- */

static void read_format(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                        const struct kithp_ini_part *value)
{
    static const char *const names[] = {
        [KITH_FORMAT_CSV] = "csv", [KITH_FORMAT_NDJSON] = "ndjson", [KITH_FORMAT_JSON] = "json"};
    for (uint32_t format = KITH_FORMAT_CSV; format <= KITH_FORMAT_JSON; format++) {
        if (kithp_text_equal(value->text, kith_text_of(names[format]))) {
            reader->source->format = format;
            return;
        }
    }
    reader->format_is_known = false;
    refuse(reader, key, value, "expected csv, ndjson or json");
}

static void read_files(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                       const struct kithp_ini_part *value)
{
    if (reader->surveys)
        return;
    struct kithp_source_pattern *patterns = kithp_source_take(reader, KITHP_SOURCE_FILES_MOST, sizeof *patterns);
    struct kithp_source_patterns *files = &reader->source->files;
    files->patterns = patterns;
    if (patterns)
        kithp_source_read_patterns(reader, key->text, value, patterns, KITHP_SOURCE_FILES_MOST, &files->count,
                                   "expected at most 64 patterns");
}

static void read_rows(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                      const struct kithp_ini_part *value)
{
    struct kithp_source_segments segments;
    if (!reader->surveys && reader->format_is_known && reader->source->format != KITH_FORMAT_JSON) {
        kithp_source_report(reader, key, key->text, value->text, "goes with format = json alone");
        return;
    }
    if (kithp_text_equal(value->text, KITHP_TEXT("[]")) ||
        !kithp_source_read_segments(reader, key->text, value, &segments))
        return;
    if (segments.list_count != 1 || segments.rest.length > 0) {
        refuse(reader, key, value, "expected the path of one array with [] at the end, such as messages[]");
        return;
    }
    kith_text array = segments.lists[0];
    char *rows = kithp_source_take(reader, array.length + 3, 1);
    if (!rows)
        return;
    memcpy(rows, array.data, array.length);
    memcpy(rows + array.length, "[]", 3);
    reader->source->rows = (kith_text){rows, array.length + 2};
}

static void read_delimiter(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                           const struct kithp_ini_part *value)
{
    static const struct {
        const char *word;
        char byte;
    } words[] = {{"tab", '\t'}, {"semicolon", ';'}, {"comma", ','}, {"pipe", '|'}, {"space", ' '}};
    if (!reader->surveys && reader->format_is_known && reader->source->format != KITH_FORMAT_CSV) {
        kithp_source_report(reader, key, key->text, value->text, "goes with format = csv alone");
        return;
    }
    char *delimiter = &reader->source->delimiter;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (kithp_text_equal(value->text, kith_text_of(words[i].word))) {
            *delimiter = words[i].byte;
            return;
        }
    }
    bool is_byte = value->text.length == 1 && value->text.data[0] != '"';
    if (is_byte)
        *delimiter = value->text.data[0];
    else
        refuse(reader, key, value, "expected a byte other than a quote, or tab, semicolon, comma, pipe or space");
}

/* ---- times ---- */

static void read_pattern_of_times(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                                  const struct kithp_ini_part *value)
{
    struct kithp_source_times *times = &reader->source->times;
    kith_text pattern;
    if (!kithp_source_unquote(reader, key->text, value, &pattern))
        return;
    size_t offset = 0;
    const char *words = kithp_source_times_check(pattern, &offset);
    if (!words) {
        times->unit = KITHP_SOURCE_PATTERN;
        times->pattern = pattern;
        return;
    }
    /* Where there are escapes, how far the fault lies within them is anybody's guess. */
    const char *at = value->text.data, *end = at + value->text.length;
    bool quoted = *at == '"', has_escapes = quoted && memchr(at, '\\', value->text.length);
    struct kithp_ini_part part = kithp_source_part_at(value, has_escapes ? at : at + quoted + offset, end);
    kithp_source_report(reader, &part, key->text, value->text, "%s", words);
}

static void read_times(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                       const struct kithp_ini_part *value)
{
    static const char *const units[] = {[KITHP_SOURCE_SECONDS] = "seconds",
                                        [KITHP_SOURCE_MILLISECONDS] = "milliseconds",
                                        [KITHP_SOURCE_MICROSECONDS] = "microseconds",
                                        [KITHP_SOURCE_NANOSECONDS] = "nanoseconds"};
    for (int unit = KITHP_SOURCE_SECONDS; unit <= KITHP_SOURCE_NANOSECONDS; unit++) {
        if (kithp_text_equal(value->text, kith_text_of(units[unit]))) {
            reader->source->times.unit = (enum kithp_source_unit)unit;
            return;
        }
    }
    if (value->text.data[0] == '"' || memchr(value->text.data, '%', value->text.length))
        read_pattern_of_times(reader, key, value);
    else
        refuse(reader, key, value,
               "expected seconds, milliseconds, microseconds, nanoseconds, or a pattern such as \"%d.%m.%Y %H:%M\"");
}

/* ±hh:mm or ±hhmm */
static bool read_offset(kith_text text, int32_t *seconds)
{
    enum { OFFSET_MOST = 14 * 3600 };
    bool colon = text.length == 6 && text.data[3] == ':';
    uint32_t hours, minutes;
    if ((text.length != 5 && !colon) || (text.data[0] != '+' && text.data[0] != '-') ||
        !kithp_number_parse_fixed(text.data + 1, 2, &hours) ||
        !kithp_number_parse_fixed(text.data + 3 + colon, 2, &minutes) || minutes > 59 ||
        hours * 3600 + minutes * 60 > OFFSET_MOST)
        return false;
    int32_t amount = (int32_t)(hours * 3600 + minutes * 60);
    *seconds = text.data[0] == '-' ? -amount : amount;
    return true;
}

static void read_zone(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                      const struct kithp_ini_part *value)
{
    struct kithp_source_times *times = &reader->source->times;
    int32_t zone = 0;
    if (!kithp_text_equal(value->text, KITHP_TEXT("Z")) && !read_offset(value->text, &zone)) {
        refuse(reader, key, value, "expected Z, or an offset from -14:00 to +14:00, such as +01:00");
        return;
    }
    /* What the survey found to be the unit of times, wherever they stand. */
    if (!reader->surveys && kithp_source_times_carry_zone(times)) {
        kithp_source_report(reader, key, key->text, value->text,
                            "goes with times that may carry no zone; these all tell the moment");
        return;
    }
    times->has_zone = true;
    times->zone = zone;
}

/* ---- all of them ---- */

static const struct {
    const char *key;
    read_fn *read;
} settings[KITHP_SETTINGS] = {
    [KITHP_SETTING_FORMAT] = {"format", read_format}, [KITHP_SETTING_FILES] = {"files", read_files},
    [KITHP_SETTING_ROWS] = {"rows", read_rows},       [KITHP_SETTING_DELIMITER] = {"delimiter", read_delimiter},
    [KITHP_SETTING_TIMES] = {"times", read_times},    [KITHP_SETTING_ZONE] = {"zone", read_zone},
};

void kithp_source_read_setting(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                               const struct kithp_ini_part *value)
{
    for (size_t i = 0; i < KITHP_SETTINGS; i++) {
        if (!kithp_text_equal(key->text, kith_text_of(settings[i].key)))
            continue;
        if (kithp_source_is_first(reader, &reader->setting_lines[i], key, value))
            settings[i].read(reader, key, value);
        return;
    }
    kithp_source_report(reader, key, key->text, value->text,
                        "unknown key in [source]; expected format, files, rows, delimiter, times or zone");
}
