/* SPDX-License-Identifier: MIT */
#include "sources/read.h"

#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "sources/aliases.h"
#include "sources/value.h"

static const char *const field_names[KITHP_FIELDS] = {"time", "member", "kind", "target", "quantity", "id"};

/* ---- headings ---- */

static bool is_twice(struct kithp_source_reader *reader, uint64_t *line, const struct kithp_ini_part *section)
{
    if (*line == 0) {
        *line = section->line;
        return false;
    }
    kithp_source_report(reader, section, section->text, KITHP_SOURCE_NOTHING, "is given twice, first on line %llu",
                        (unsigned long long)*line);
    return true;
}

/* The event of a name; as many as there are where there is none. */
static uint32_t find_event(const struct kithp_source_reader *reader, kith_text name)
{
    uint32_t event = 0;
    while (event < reader->event_count && !kithp_text_equal(reader->headings[event].name, name))
        event++;
    return event;
}

/* The event of a heading, which becomes known by the survey. False where it is not to be kept, as was reported. */
static bool find_or_add_event(struct kithp_source_reader *reader, const struct kithp_ini_part *section,
                              const struct kithp_ini_part *name)
{
    if (name->text.length > KITHP_NAME_MOST) {
        kithp_source_report(reader, name, section->text, name->text, "expected a name of at most %d bytes",
                            KITHP_NAME_MOST);
        return false;
    }
    reader->event = find_event(reader, name->text);
    if (reader->event < reader->event_count)
        return true;
    if (reader->event_count == KITHP_SOURCE_EVENTS_MOST) {
        kithp_source_report(reader, name, section->text, name->text, "expected at most %d events, the first among them",
                            KITHP_SOURCE_EVENTS_MOST);
        return false;
    }
    reader->headings[reader->event_count++].name = name->text;
    return true;
}

/* Tells what an event lacks, at its heading. */
static void check_event(struct kithp_source_reader *reader, const struct kithp_ini_part *section,
                        const struct kithp_ini_part *name)
{
    const bool *has = reader->headings[reader->event].has;
    const char *words[3] = {NULL, NULL, NULL};
    if (reader->event == 0) {
        words[0] = has[KITHP_TIME] ? NULL : "expected time, which the first event needs";
        words[1] = has[KITHP_MEMBER] ? NULL : "expected member, which the first event needs";
    } else if (!has[KITHP_MEMBER] && !has[KITHP_TARGET]) {
        words[1] = "expected member or target, one of which every event needs";
    }
    words[2] = has[KITHP_KIND] ? NULL : "expected kind, which every event needs";
    for (int i = 0; i < 3; i++)
        if (words[i])
            kithp_source_report(reader, section, section->text, name->text, "%s", words[i]);
}

static void begin_event(struct kithp_source_reader *reader, const struct kithp_ini_part *section,
                        const struct kithp_ini_part *name)
{
    reader->section = KITHP_SECTION_EVENT;
    reader->skips =
        !find_or_add_event(reader, section, name) || is_twice(reader, &reader->headings[reader->event].line, section);
    if (reader->skips)
        return;
    reader->headings[reader->event].section = *section;
    check_event(reader, section, name);
}

static void begin_kinds(struct kithp_source_reader *reader, const struct kithp_ini_part *section,
                        const struct kithp_ini_part *name)
{
    reader->section = KITHP_SECTION_KINDS;
    reader->skips = false;
    if (reader->surveys)
        return;
    reader->event = find_event(reader, name->text);
    reader->skips = true;
    if (reader->event == reader->event_count) {
        kithp_source_report(reader, name, section->text, name->text, "there is no section [event %.*s]",
                            (int)name->text.length, name->text.data);
        return;
    }
    if (is_twice(reader, &reader->headings[reader->event].kinds_line, section))
        return;
    reader->skips = false;
    struct kithp_source_event *event = &reader->source->events[reader->event];
    event->has_kinds = true;
    event->kinds.patterns = &reader->kinds[reader->kind_count];
}

static void begin_plain(struct kithp_source_reader *reader, enum kithp_source_section which,
                        const struct kithp_ini_part *section, const struct kithp_ini_part *name)
{
    reader->section = which;
    if (name->text.length > 0)
        kithp_source_report(reader, name, section->text, name->text, "expected no name behind it: [%.*s]",
                            (int)section->text.length, section->text.data);
    is_twice(reader, &reader->section_lines[which], section);
}

static void read_section(void *context, const struct kithp_ini_part *section, const struct kithp_ini_part *name)
{
    static const char *const names[KITHP_SECTIONS] = {"", "source", "event", "kinds", "ignore", "aliases"};
    struct kithp_source_reader *reader = context;
    enum kithp_source_section which = KITHP_SECTION_UNKNOWN;
    for (int i = KITHP_SECTION_SOURCE; i < KITHP_SECTIONS; i++)
        if (kithp_text_equal(section->text, kith_text_of(names[i])))
            which = (enum kithp_source_section)i;
    reader->section = KITHP_SECTION_UNKNOWN;
    if (!reader->has_memory)
        return;
    if (which == KITHP_SECTION_EVENT)
        begin_event(reader, section, name);
    else if (which == KITHP_SECTION_KINDS)
        begin_kinds(reader, section, name);
    else if (which != KITHP_SECTION_UNKNOWN)
        begin_plain(reader, which, section, name);
    else
        kithp_source_report(reader, section, section->text, KITHP_SOURCE_NOTHING,
                            "unknown section; expected source, event, event NAME, kinds, kinds NAME, ignore or "
                            "aliases");
}

/* ---- keys ---- */

static void read_field(struct kithp_source_reader *reader, enum kithp_field field, const struct kithp_ini_part *key,
                       const struct kithp_ini_part *value)
{
    struct kithp_source_heading *heading = &reader->headings[reader->event];
    uint32_t faults = reader->faults->count;
    heading->has[field] = true;
    if (reader->surveys || !kithp_source_is_first(reader, &heading->key_lines[field], key, value))
        return;
    kithp_source_read_value(reader, field, key, value);
    heading->is_faulty = heading->is_faulty || reader->faults->count > faults;
    if (reader->event > 0 || field != KITHP_TIME)
        return;
    reader->first_time[0] = *key;
    reader->first_time[1] = *value;
}

static void read_event_item(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                            const struct kithp_ini_part *value)
{
    if (reader->skips)
        return;
    bool is_first = reader->event == 0;
    for (int field = 0; field < KITHP_FIELDS; field++) {
        if ((field == KITHP_ID && !is_first) || !kithp_text_equal(key->text, kith_text_of(field_names[field])))
            continue;
        read_field(reader, (enum kithp_field)field, key, value);
        return;
    }
    kithp_source_report(reader, key, key->text, value->text,
                        is_first ? "unknown key in [event]; expected time, member, kind, target, quantity or id"
                        : kithp_text_equal(key->text, KITHP_TEXT("id"))
                            ? "stands in [event] alone: an id is that of the whole row"
                            : "unknown key in [event NAME]; expected time, member, kind, target or quantity");
}

static void read_kinds_item(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                            const struct kithp_ini_part *value)
{
    if (reader->skips)
        return;
    if (reader->kind_count == KITHP_SOURCE_KINDS_MOST) {
        kithp_source_report(reader, key, key->text, value->text, "expected at most %d lines below [kinds] in all",
                            KITHP_SOURCE_KINDS_MOST);
        return;
    }
    struct kithp_source_pattern *pattern = &reader->kinds[reader->kind_count];
    struct kithp_source_patterns *kinds = &reader->source->events[reader->event].kinds;
    if (!kithp_source_read_pattern(reader, key->text, key, pattern))
        return;
    for (uint32_t i = 0; i < kinds->count; i++) {
        uint64_t line = kinds->patterns[i].line;
        if (kithp_text_equal(kinds->patterns[i].pattern, pattern->pattern) &&
            !kithp_source_is_first(reader, &line, key, value))
            return;
    }
    kith_text kind;
    if (!kithp_source_unquote(reader, key->text, value, &kind))
        return;
    if (kind.length > KITHP_NAME_MOST) {
        kithp_source_report(reader, value, key->text, value->text, "expected a kind's name, of at most %d bytes",
                            KITHP_NAME_MOST);
        return;
    }
    pattern->kind = kind;
    pattern->column = value->column;
    reader->kind_count++;
    kinds->count++;
}

/* Of kinds, members or a field. */
static void read_ignored(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                         const struct kithp_ini_part *value, struct kithp_source_patterns *ignored)
{
    struct kithp_source_pattern *patterns = &reader->ignored[reader->ignored_count];
    ignored->patterns = patterns;
    kithp_source_read_patterns(reader, key->text, value, patterns, KITHP_SOURCE_IGNORED_MOST - reader->ignored_count,
                               &ignored->count, "expected at most 256 patterns below [ignore]");
    reader->ignored_count += ignored->count;
}

static bool is_tested(struct kithp_source_reader *reader, const struct kithp_source_part *field)
{
    for (uint32_t i = 0; i < reader->source->test_count; i++)
        if (reader->tests[i].field.scope == field->scope && reader->tests[i].field.path == field->path)
            return true;
    return false;
}

static void read_test(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                      const struct kithp_ini_part *value)
{
    struct kithp_source_test test = {.patterns = {NULL, 0}};
    if (!kithp_source_read_path(reader, key, &test.field))
        return;
    if (is_tested(reader, &test.field)) {
        kithp_source_report(reader, key, key->text, value->text, "is given twice; several patterns stand on one line");
        return;
    }
    read_ignored(reader, key, value, &test.patterns);
    /* Where there is a pattern too many, there may be no room for a test either. */
    if (test.patterns.count > 0)
        reader->tests[reader->source->test_count++] = test;
}

static void read_ignore_item(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                             const struct kithp_ini_part *value)
{
    bool is_kind = kithp_text_equal(key->text, KITHP_TEXT("kind"));
    if (!is_kind && !kithp_text_equal(key->text, KITHP_TEXT("member"))) {
        read_test(reader, key, value);
        return;
    }
    if (kithp_source_is_first(reader, &reader->ignore_lines[is_kind], key, value))
        read_ignored(reader, key, value, is_kind ? &reader->source->ignored_kinds : &reader->source->ignored_members);
}

static void read_item(void *context, const struct kithp_ini_part *key, const struct kithp_ini_part *value)
{
    struct kithp_source_reader *reader = context;
    if (!reader->has_memory)
        return;
    reader->items[reader->section]++;
    if (reader->section == KITHP_SECTION_SOURCE)
        kithp_source_read_setting(reader, key, value);
    else if (reader->section == KITHP_SECTION_EVENT)
        read_event_item(reader, key, value);
    else if (reader->surveys)
        return;
    else if (reader->section == KITHP_SECTION_KINDS)
        read_kinds_item(reader, key, value);
    else if (reader->section == KITHP_SECTION_IGNORE)
        read_ignore_item(reader, key, value);
    else if (reader->section == KITHP_SECTION_ALIASES)
        kithp_source_read_alias(reader, key, value);
}

/* ---- the time of events that have none ---- */

/* Whether an event goes along the lists that a part of the first event is found by. */
static bool goes_along(const struct kithp_source_reader *reader, uint32_t event, const struct kithp_source_part *part)
{
    const struct kithp_source_event *own = &reader->source->events[event], *first = &reader->source->events[0];
    if (part->sort == KITHP_SOURCE_WORD || part->scope != KITHP_SOURCE_ELEMENT)
        return true;
    for (uint32_t i = 0; i <= part->list; i++)
        if (i >= own->list_count || !kithp_text_equal(own->lists[i].path, first->lists[i].path))
            return false;
    return true;
}

/*
 * The first event's time, as though it was written here. Of another list there would be no saying which element's it
 * is.
 */
static void inherit_time(struct kithp_source_reader *reader, uint32_t event)
{
    const struct kithp_source_heading *heading = &reader->headings[event];
    const struct kithp_source_value *first = &reader->source->events[0].values[KITHP_TIME];
    for (uint32_t i = 0; i < first->part_count; i++) {
        if (goes_along(reader, event, &first->parts[i]))
            continue;
        kithp_source_report(reader, &heading->section, heading->section.text, heading->name,
                            "expected time: that of [event] is in a list that this event does not go along");
        return;
    }
    reader->event = event;
    kithp_source_read_value(reader, KITHP_TIME, &reader->first_time[0], &reader->first_time[1]);
}

static void inherit_times(struct kithp_source_reader *reader)
{
    if (reader->headings[0].is_faulty || reader->source->events[0].values[KITHP_TIME].part_count == 0)
        return;
    for (uint32_t event = 1; event < reader->event_count && reader->has_memory; event++)
        if (!reader->headings[event].has[KITHP_TIME] && !reader->headings[event].is_faulty)
            inherit_time(reader, event);
}

/* ---- the whole ---- */

static void read_fault(void *context, const struct kithp_ini_part *part, const char *words)
{
    struct kithp_source_reader *reader = context;
    kithp_source_report(reader, part, KITHP_SOURCE_NOTHING, part->text, "%s", words);
    /* A heading that is none: what stands under it belongs to nothing that is known. */
    if (part->text.length > 0 && part->text.data[0] == '[')
        reader->section = KITHP_SECTION_UNKNOWN;
}

static void read_through(struct kithp_source_reader *reader, kith_text text)
{
    struct kithp_ini_handler handler = {reader, read_section, read_item, read_fault};
    reader->section = KITHP_SECTION_UNKNOWN;
    memset(reader->section_lines, 0, sizeof reader->section_lines);
    memset(reader->setting_lines, 0, sizeof reader->setting_lines);
    for (uint32_t i = 0; i < reader->event_count; i++)
        reader->headings[i].line = 0;
    kithp_ini_read(text, &handler);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Makes room for what the survey has counted, and one more of each, which is read before it is refused. */
static void make_room(struct kithp_source_reader *reader)
{
    const uint32_t *items = reader->items;
    uint32_t ignore_most = items[KITHP_SECTION_IGNORE] > 0 ? KITHP_SOURCE_IGNORED_MOST : 0;
    reader->kinds = kithp_source_take(reader, least(items[KITHP_SECTION_KINDS], KITHP_SOURCE_KINDS_MOST) + 1,
                                      sizeof *reader->kinds);
    reader->ignored = kithp_source_take(reader, ignore_most + 1, sizeof *reader->ignored);
    reader->tests = kithp_source_take(reader, least(items[KITHP_SECTION_IGNORE], KITHP_SOURCE_IGNORED_MOST) + 1,
                                      sizeof *reader->tests);
    kithp_source_begin_aliases(reader, least(items[KITHP_SECTION_ALIASES], KITHP_SOURCE_ALIASES_MOST));
    reader->source->tests = reader->tests;
}

static void name_events(struct kithp_source_reader *reader)
{
    reader->source->event_count = reader->event_count;
    for (uint32_t i = 0; i < reader->event_count; i++)
        reader->source->events[i].name = kithp_source_keep(reader, reader->headings[i].name).data;
}

bool kithp_source_read_text(kith_text text, kith_source *source, struct kithp_source_faults *faults)
{
    /* The first event is the one without a name, wherever it stands. */
    struct kithp_source_reader reader = {.source = source,
                                         .faults = faults,
                                         .surveys = true,
                                         .has_memory = true,
                                         .event_count = 1,
                                         .format_is_known = true};
    reader.headings[0].name = KITHP_TEXT("");
    source->rows = KITHP_TEXT("[]");
    read_through(&reader, text);
    bool has_first = reader.headings[0].line != 0;
    make_room(&reader);
    name_events(&reader);
    if (reader.has_memory) {
        reader.surveys = false;
        read_through(&reader, text);
    }
    if (reader.has_memory)
        inherit_times(&reader);
    if (!has_first)
        kithp_source_report(&reader, &(struct kithp_ini_part){.line = 0}, KITHP_TEXT("event"), KITHP_SOURCE_NOTHING,
                            "expected a section [event] with time, member and kind");
    kithp_source_end_aliases(&reader);
    return reader.has_memory;
}
