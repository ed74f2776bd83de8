/* SPDX-License-Identifier: MIT */
#include "policy/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/ini.h"
#include "base/text.h"
#include "policy/figures.h"
#include "policy/value.h"

enum section { SECTION_UNKNOWN, SECTION_CALENDAR, SECTION_MEMBERS, SECTION_FIGURES, SECTION_TIER, SECTION_KIND };

/* Sections without a name of their own. */
enum { CALENDAR, MEMBERS };
static const char *const plain_sections[] = {
    [CALENDAR] = "calendar", [MEMBERS] = "members", "weights", "half_points", "memory", "demotion", "churn"};
enum { PLAIN_SECTIONS = sizeof plain_sections / sizeof *plain_sections, FIGURES_MOST = 32 };

enum tier_key { PROMOTE_AT, KEEP_AT, MIN_ACTIVE_DAYS, MIN_SUPPORTERS, TIER_KEYS };

/* In hundredths for the first two; offset of the member of struct kithp_tier that each one sets. */
static const struct {
    const char *key;
    unsigned decimals;
    int64_t most;
    size_t offset;
} tier_keys[TIER_KEYS] = {
    [PROMOTE_AT] = {"promote_at", 2, 10000, offsetof(struct kithp_tier, promote_at)},
    [KEEP_AT] = {"keep_at", 2, 10000, offsetof(struct kithp_tier, keep_at)},
    [MIN_ACTIVE_DAYS] = {"min_active_days", 0, 28, offsetof(struct kithp_tier, min_active_days)},
    [MIN_SUPPORTERS] = {"min_supporters", 0, 65535, offsetof(struct kithp_tier, min_supporters)},
};

enum kind_key { GIVES, RECEIVES, LEAVE, KIND_KEYS };
static const char *const kind_keys[KIND_KEYS] = {"gives", "receives", "leave"};

/* A key that was given: where, and with which value. line is 0 where it was not. */
struct given {
    struct kithp_ini_part value;
    bool valid; /* the value could be read */
};

struct fault {
    uint64_t line;
    uint64_t column;
    kith_text field;
    kith_text value;
    char words[320];
};

/* One of the weights, one of the days of silence, one of the number of tiers, and two a tier. */
enum { WHOLE_FAULTS_MOST = 3 + 2 * KITHP_TIERS_MOST };

/*
 * Some faults show only when the whole has been read, but belong to a line that was read before others. So a text is
 * read twice: first in silence, to find them; then again, to tell all faults in one order.
 */
enum pass { PASS_GATHER, PASS_WHOLE, PASS_TELL };

struct reader {
    enum pass pass;
    struct kithp_figures *figures;
    struct kithp_policy_faults *faults;
    struct fault whole[WHOLE_FAULTS_MOST];
    size_t whole_count;
    size_t whole_told;

    enum section section;
    const char *section_name; /* of a plain section */
    uint64_t section_lines[PLAIN_SECTIONS];
    struct given figures_given[FIGURES_MOST];
    uint64_t calendar_lines[2];
    uint64_t left_out_line;

    /* 0 until the file lists one; then the defaults are gone. One past the most may be counted, never kept. */
    uint32_t tiers;
    uint32_t kinds;
    struct kithp_ini_part tier_parts[KITHP_TIERS_MOST];
    struct given tiers_given[KITHP_TIERS_MOST][TIER_KEYS];
    struct kithp_ini_part kind_parts[KITHP_KINDS_MOST];
    uint64_t kind_lines[KIND_KEYS]; /* keys of the kind being read */
    bool skips;                     /* the tier or kind being read cannot be kept: its keys are passed over */
};

static void report(struct reader *reader, const struct kithp_ini_part *at, kith_text field, kith_text value,
                   const char *words, ...) KITHP_FORMAT(5, 6);

static void tell(struct kithp_policy_faults *faults, const struct fault *fault)
{
    struct kithp_place place = {faults->file, fault->line, fault->column, fault->field, fault->value, 0};
    if (faults->count++ == 0)
        kithp_fail(faults->error, KITH_BAD_POLICY, &place, "%s", fault->words);
    if (!faults->fault)
        return;
    kith_error error = {.size = sizeof error};
    kithp_fail(&error, KITH_BAD_POLICY, &place, "%s", fault->words);
    faults->fault(faults->context, &error);
}

/* Tells the faults of the whole that stand before a line. */
static void tell_whole(struct reader *reader, uint64_t line)
{
    while (reader->whole_told < reader->whole_count && reader->whole[reader->whole_told].line < line)
        tell(reader->faults, &reader->whole[reader->whole_told++]);
}

/* Keeps a fault of the whole, in the order of lines. */
static void keep_whole(struct reader *reader, const struct fault *fault)
{
    size_t at = reader->whole_count++;
    for (; at > 0 && reader->whole[at - 1].line > fault->line; at--)
        reader->whole[at] = reader->whole[at - 1];
    reader->whole[at] = *fault;
}

static void report(struct reader *reader, const struct kithp_ini_part *at, kith_text field, kith_text value,
                   const char *words, ...)
{
    if (reader->pass == PASS_GATHER)
        return;
    struct fault fault = {.line = at->line, .column = at->column, .field = field, .value = value};
    va_list arguments;
    va_start(arguments, words);
    vsnprintf(fault.words, sizeof fault.words, words, arguments);
    va_end(arguments);
    if (reader->pass == PASS_WHOLE) {
        keep_whole(reader, &fault);
        return;
    }
    tell_whole(reader, fault.line);
    tell(reader->faults, &fault);
}

/* True the first time; else reports that a key stands there twice. */
static bool is_first(struct reader *reader, uint64_t *line, const struct kithp_ini_part *key,
                     const struct kithp_ini_part *value)
{
    if (*line == 0) {
        *line = key->line;
        return true;
    }
    report(reader, key, key->text, value->text, "is given twice, first on line %llu", (unsigned long long)*line);
    return false;
}

/* ---- sections ---- */

static bool check_name(struct reader *reader, const struct kithp_ini_part *section, const struct kithp_ini_part *name)
{
    if (name->text.length == 0)
        report(reader, section, section->text, (kith_text){NULL, 0}, "expected a name behind it: [%.*s NAME]",
               (int)section->text.length, section->text.data);
    else if (name->text.length > KITHP_NAME_MOST)
        report(reader, name, section->text, name->text, "expected a name of at most %d bytes", KITHP_NAME_MOST);
    else
        return true;
    return false;
}

static bool check_unlike(struct reader *reader, const struct kithp_ini_part *section, const struct kithp_ini_part *name,
                         const struct kithp_ini_part *earlier, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (kithp_text_equal(earlier[i].text, name->text)) {
            report(reader, name, section->text, name->text, "is given twice, first on line %llu",
                   (unsigned long long)earlier[i].line);
            return false;
        }
    }
    return true;
}

static void begin_tier(struct reader *reader, const struct kithp_ini_part *section, const struct kithp_ini_part *name)
{
    reader->section = SECTION_TIER;
    reader->skips = true;
    if (!check_name(reader, section, name) || !check_unlike(reader, section, name, reader->tier_parts, reader->tiers))
        return;
    if (reader->tiers == KITHP_TIERS_MOST) {
        report(reader, name, section->text, name->text, "expected at most %d tiers", KITHP_TIERS_MOST);
        return;
    }
    reader->skips = false;
    struct kithp_tier *tier = &reader->figures->tiers[reader->tiers];
    memset(tier, 0, sizeof *tier);
    memcpy(tier->name, name->text.data, name->text.length);
    reader->tier_parts[reader->tiers++] = *name;
    reader->figures->tier_count = reader->tiers;
}

static void begin_kind(struct reader *reader, const struct kithp_ini_part *section, const struct kithp_ini_part *name)
{
    reader->section = SECTION_KIND;
    reader->skips = true;
    memset(reader->kind_lines, 0, sizeof reader->kind_lines);
    if (!check_name(reader, section, name) || !check_unlike(reader, section, name, reader->kind_parts, reader->kinds))
        return;
    if (reader->kinds == KITHP_KINDS_MOST) {
        report(reader, name, section->text, name->text, "expected at most %d kinds", KITHP_KINDS_MOST);
        return;
    }
    reader->skips = false;
    struct kithp_kind *kind = &reader->figures->kinds[reader->kinds];
    memset(kind, 0, sizeof *kind);
    memcpy(kind->name, name->text.data, name->text.length);
    reader->kind_parts[reader->kinds++] = *name;
    reader->figures->kind_count = reader->kinds;
}

static void begin_plain(struct reader *reader, const struct kithp_ini_part *section, const struct kithp_ini_part *name,
                        size_t index)
{
    reader->section = index == CALENDAR ? SECTION_CALENDAR : index == MEMBERS ? SECTION_MEMBERS : SECTION_FIGURES;
    reader->section_name = plain_sections[index];
    if (name->text.length > 0)
        report(reader, name, section->text, name->text, "expected no name behind it: [%s]", plain_sections[index]);
    if (reader->section_lines[index] != 0)
        report(reader, section, section->text, (kith_text){NULL, 0}, "is given twice, first on line %llu",
               (unsigned long long)reader->section_lines[index]);
    else
        reader->section_lines[index] = section->line;
}

static void read_section(void *context, const struct kithp_ini_part *section, const struct kithp_ini_part *name)
{
    struct reader *reader = context;
    if (kithp_text_equal(section->text, KITHP_TEXT("tier"))) {
        begin_tier(reader, section, name);
        return;
    }
    if (kithp_text_equal(section->text, KITHP_TEXT("kind"))) {
        begin_kind(reader, section, name);
        return;
    }
    for (size_t i = 0; i < PLAIN_SECTIONS; i++) {
        if (kithp_text_equal(section->text, kith_text_of(plain_sections[i]))) {
            begin_plain(reader, section, name, i);
            return;
        }
    }
    reader->section = SECTION_UNKNOWN;
    report(reader, section, section->text, (kith_text){NULL, 0},
           "unknown section; expected calendar, weights, half_points, memory, demotion, churn, members, tier NAME or "
           "kind NAME");
}

/* ---- keys ---- */

static void read_calendar_item(struct reader *reader, const struct kithp_ini_part *key,
                               const struct kithp_ini_part *value)
{
    struct kithp_calendar *calendar = &reader->figures->calendar;
    char expected[KITHP_EXPECTED_ROOM];
    bool is_offset = kithp_text_equal(key->text, KITHP_TEXT("utc_offset"));
    if (!is_offset && !kithp_text_equal(key->text, KITHP_TEXT("week_start"))) {
        report(reader, key, key->text, value->text, "unknown key in [calendar]; expected utc_offset or week_start");
        return;
    }
    if (!is_first(reader, &reader->calendar_lines[is_offset], key, value))
        return;
    bool valid = is_offset ? kithp_value_utc_offset(value->text, &calendar->utc_offset, expected)
                           : kithp_value_week_start(value->text, &calendar->week_start, expected);
    if (!valid)
        report(reader, value, key->text, value->text, "%s", expected);
}

static void read_members_item(struct reader *reader, const struct kithp_ini_part *key,
                              const struct kithp_ini_part *value)
{
    if (!kithp_text_equal(key->text, KITHP_TEXT("left_out"))) {
        report(reader, key, key->text, value->text, "unknown key in [members]; expected left_out");
        return;
    }
    if (!is_first(reader, &reader->left_out_line, key, value))
        return;
    kith_text fault;
    char expected[KITHP_EXPECTED_ROOM];
    if (kithp_value_patterns(value->text, &reader->figures->left_out, &fault, expected))
        return;
    uint64_t column = value->column + (uint64_t)(fault.data - value->text.data);
    report(reader, &(struct kithp_ini_part){fault, value->line, column}, key->text, fault, "%s", expected);
}

static void report_unknown_figure(struct reader *reader, const struct kithp_ini_part *key,
                                  const struct kithp_ini_part *value)
{
    char known[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < kithp_figure_count; i++) {
        if (strcmp(kithp_figures[i].section, reader->section_name) != 0)
            continue;
        int added = snprintf(known + length, sizeof known - length, "%s%s", length ? ", " : "", kithp_figures[i].key);
        length += added > 0 ? (size_t)added : 0;
    }
    report(reader, key, key->text, value->text, "unknown key in [%s]; known are: %s", reader->section_name, known);
}

static void read_figure_item(struct reader *reader, const struct kithp_ini_part *key,
                             const struct kithp_ini_part *value)
{
    for (size_t i = 0; i < kithp_figure_count; i++) {
        const struct kithp_figure *figure = &kithp_figures[i];
        if (strcmp(figure->section, reader->section_name) != 0 ||
            !kithp_text_equal(key->text, kith_text_of(figure->key)))
            continue;
        struct given *given = &reader->figures_given[i];
        if (!is_first(reader, &given->value.line, key, value))
            return;
        given->value = *value;
        int64_t number;
        char expected[KITHP_EXPECTED_ROOM];
        given->valid =
            kithp_value_number(value->text, figure->decimals, figure->least, figure->most, &number, expected);
        if (given->valid)
            kithp_figure_set(figure, reader->figures, number);
        else
            report(reader, value, key->text, value->text, "%s", expected);
        return;
    }
    report_unknown_figure(reader, key, value);
}

static void read_tier_item(struct reader *reader, const struct kithp_ini_part *key, const struct kithp_ini_part *value)
{
    uint32_t index = reader->tiers - 1;
    for (size_t i = 0; i < TIER_KEYS; i++) {
        if (!kithp_text_equal(key->text, kith_text_of(tier_keys[i].key)))
            continue;
        struct given *given = &reader->tiers_given[index][i];
        if (!is_first(reader, &given->value.line, key, value))
            return;
        given->value = *value;
        if (index == 0) {
            report(reader, key, key->text, value->text,
                   "the first tier listed is the lowest, where every member begins: it has no thresholds");
            return;
        }
        int64_t number;
        char expected[KITHP_EXPECTED_ROOM];
        given->valid = kithp_value_number(value->text, tier_keys[i].decimals, 0, tier_keys[i].most, &number, expected);
        if (!given->valid) {
            report(reader, value, key->text, value->text, "%s", expected);
            return;
        }
        uint32_t narrow = (uint32_t)number;
        memcpy((char *)&reader->figures->tiers[index] + tier_keys[i].offset, &narrow, sizeof narrow);
        return;
    }
    report(reader, key, key->text, value->text,
           "unknown key in [tier]; known are: promote_at, keep_at, min_active_days, min_supporters");
}

static void read_kind_item(struct reader *reader, const struct kithp_ini_part *key, const struct kithp_ini_part *value)
{
    struct kithp_kind *kind = &reader->figures->kinds[reader->kinds - 1];
    for (size_t i = 0; i < KIND_KEYS; i++) {
        if (!kithp_text_equal(key->text, kith_text_of(kind_keys[i])))
            continue;
        if (!is_first(reader, &reader->kind_lines[i], key, value))
            return;
        char expected[KITHP_EXPECTED_ROOM];
        bool valid = i == LEAVE
                         ? kithp_value_yes_no(value->text, &kind->leave, expected)
                         : kithp_value_credit(value->text, i == GIVES ? &kind->gives : &kind->receives, expected);
        if (!valid)
            report(reader, value, key->text, value->text, "%s", expected);
        return;
    }
    report(reader, key, key->text, value->text, "unknown key in [kind]; known are: gives, receives, leave");
}

static void read_item(void *context, const struct kithp_ini_part *key, const struct kithp_ini_part *value)
{
    struct reader *reader = context;
    switch (reader->section) {
    case SECTION_UNKNOWN:
        return; /* its heading has been reported */
    case SECTION_CALENDAR:
        read_calendar_item(reader, key, value);
        return;
    case SECTION_MEMBERS:
        read_members_item(reader, key, value);
        return;
    case SECTION_FIGURES:
        read_figure_item(reader, key, value);
        return;
    case SECTION_TIER:
        if (!reader->skips)
            read_tier_item(reader, key, value);
        return;
    case SECTION_KIND:
        if (!reader->skips)
            read_kind_item(reader, key, value);
        return;
    }
}

static void read_fault(void *context, const struct kithp_ini_part *part, const char *words)
{
    struct reader *reader = context;
    if (part->text.data[0] == '[')
        reader->section = SECTION_UNKNOWN;
    report(reader, part, (kith_text){NULL, 0}, part->text, "%s", words);
}

/* ---- what only the whole can tell ---- */

static const struct given *given_of(const struct reader *reader, const char *section, const char *key)
{
    for (size_t i = 0; i < kithp_figure_count; i++)
        if (strcmp(kithp_figures[i].section, section) == 0 && strcmp(kithp_figures[i].key, key) == 0)
            return &reader->figures_given[i];
    return NULL;
}

/* The one of several keys that stands last in the file; NULL where none is given, or one could not be read. */
static const struct given *last_given(const struct reader *reader, const char *section, const char *const *keys,
                                      size_t count, const char **key)
{
    const struct given *last = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct given *given = given_of(reader, section, keys[i]);
        if (given->value.line == 0)
            continue;
        if (!given->valid)
            return NULL;
        if (!last || given->value.line > last->value.line) {
            last = given;
            *key = keys[i];
        }
    }
    return last;
}

static void check_weights(struct reader *reader)
{
    const char *key = NULL;
    const struct given *last = last_given(reader, "weights", kithp_policy_dimensions, KITH_DIMENSIONS, &key);
    const int32_t *weights = reader->figures->weights;
    int32_t sum = weights[KITH_CONTENT] + weights[KITH_INTERACTION] + weights[KITH_COMMUNITY];
    if (last && sum != 1000)
        report(reader, &last->value, kith_text_of(key), last->value.text,
               "expected weights that sum to 1, those left out having their default; they sum to %d.%03d", sum / 1000,
               sum % 1000);
}

static void check_churn(struct reader *reader)
{
    static const char *const keys[] = {"silent_days", "dormant_days"};
    const char *key = NULL;
    const struct given *last = last_given(reader, "churn", keys, 2, &key);
    const struct kithp_figures *figures = reader->figures;
    if (last && figures->dormant_days < figures->silent_days)
        report(reader, &last->value, kith_text_of(key), last->value.text,
               "expected dormant_days, which is %u, to be no less than silent_days, which is %u", figures->dormant_days,
               figures->silent_days);
}

static void check_tier(struct reader *reader, uint32_t index)
{
    const struct kithp_tier *tier = &reader->figures->tiers[index];
    const struct kithp_tier *below = tier - 1;
    const struct given *given = reader->tiers_given[index];
    const struct given *promote = &given[PROMOTE_AT], *keep = &given[KEEP_AT];
    if (promote->value.line == 0) {
        report(reader, &reader->tier_parts[index], KITHP_TEXT("tier"), reader->tier_parts[index].text,
               "expected promote_at, which every tier but the lowest needs");
        return;
    }
    if (!promote->valid)
        return;
    /* That of the lowest tier never is. */
    bool below_valid = reader->tiers_given[index - 1][PROMOTE_AT].valid;
    if (below_valid && tier->promote_at <= below->promote_at)
        report(reader, &promote->value, KITHP_TEXT("promote_at"), promote->value.text,
               "expected more than the promote_at of the tier below, '%s'", below->name);
    if (keep->valid && tier->keep_at > tier->promote_at)
        report(reader, &keep->value, KITHP_TEXT("keep_at"), keep->value.text,
               "expected no more than promote_at of the same tier");
}

static void check_tiers(struct reader *reader)
{
    if (reader->tiers == 0)
        return;
    if (reader->tiers < KITHP_TIERS_LEAST)
        report(reader, &reader->tier_parts[0], KITHP_TEXT("tier"), reader->tier_parts[0].text,
               "expected at least %d tiers; a file that lists any lists all", KITHP_TIERS_LEAST);
    for (uint32_t i = 1; i < reader->tiers; i++)
        check_tier(reader, i);
}

static void read_text(struct reader *reader, enum pass pass, kith_text text)
{
    static const struct given none;
    struct kithp_figures *figures = reader->figures;
    reader->pass = pass;
    reader->section = SECTION_UNKNOWN;
    reader->tiers = reader->kinds = 0;
    memset(reader->section_lines, 0, sizeof reader->section_lines);
    memset(reader->calendar_lines, 0, sizeof reader->calendar_lines);
    reader->left_out_line = 0;
    for (size_t i = 0; i < FIGURES_MOST; i++)
        reader->figures_given[i] = none;
    memset(reader->tiers_given, 0, sizeof reader->tiers_given);
    *figures = kithp_policy_defaults;
    struct kithp_ini_handler handler = {reader, read_section, read_item, read_fault};
    kithp_ini_read(text, &handler);
    for (uint32_t i = 1; i < reader->tiers; i++)
        if (reader->tiers_given[i][KEEP_AT].value.line == 0)
            figures->tiers[i].keep_at = figures->tiers[i].promote_at;
}

void kithp_policy_read(kith_text text, struct kithp_figures *figures, struct kithp_policy_faults *faults)
{
    struct reader reader = {.figures = figures, .faults = faults};
    read_text(&reader, PASS_GATHER, text);
    reader.pass = PASS_WHOLE;
    check_weights(&reader);
    check_churn(&reader);
    check_tiers(&reader);
    read_text(&reader, PASS_TELL, text);
    tell_whole(&reader, UINT64_MAX);
}
