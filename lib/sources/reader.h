/* SPDX-License-Identifier: MIT */
/* What the files that read a description share: what has been read so far, and who is told of faults. */
#ifndef KITHP_SOURCES_READER_H
#define KITHP_SOURCES_READER_H

#include "base/error.h"
#include "base/ini.h"
#include "sources/source.h"

struct kithp_source_faults {
    kith_fault_fn fault; /* told each; may be NULL */
    void *context;
    kith_error *error; /* gets the first; may be NULL */
    uint32_t count;
};

enum kithp_source_section {
    KITHP_SECTION_UNKNOWN,
    KITHP_SECTION_SOURCE,
    KITHP_SECTION_EVENT,
    KITHP_SECTION_KINDS,
    KITHP_SECTION_IGNORE,
    KITHP_SECTION_ALIASES,
    KITHP_SECTIONS
};

enum kithp_source_setting {
    KITHP_SETTING_FORMAT,
    KITHP_SETTING_FILES,
    KITHP_SETTING_ROWS,
    KITHP_SETTING_DELIMITER,
    KITHP_SETTING_TIMES,
    KITHP_SETTING_ZONE,
    KITHP_SETTINGS
};

/* What is known of an event before its values are read: where it is, and which keys it has. */
struct kithp_source_heading {
    kith_text name; /* empty for the first */
    uint64_t line;  /* 0 while there is none */
    struct kithp_ini_part section;
    bool is_faulty; /* a value of it, so that not all its lists may be known */
    uint64_t kinds_line;
    uint64_t key_lines[KITHP_FIELDS];
    bool has[KITHP_FIELDS];
};

/*
 * A text is read twice: first in silence, for what a line may need that stands behind it, and to know how much there
 * is; then to the end, telling all faults in the order of lines.
 */
struct kithp_source_reader {
    kith_source *source;
    struct kithp_source_faults *faults;
    bool surveys;    /* the first time */
    bool has_memory; /* until there was none: nothing is told then */

    enum kithp_source_section section;
    bool skips; /* what stands in the section cannot be kept: its keys are passed over */
    uint32_t event;
    uint64_t section_lines[KITHP_SECTIONS];
    struct kithp_source_heading headings[KITHP_SOURCE_EVENTS_MOST];
    uint32_t event_count;
    struct kithp_ini_part first_time[2]; /* key and value of the first event's time */
    struct kithp_source_list *lists[KITHP_SOURCE_EVENTS_MOST];
    uint64_t list_lines[KITHP_SOURCE_EVENTS_MOST]; /* where an event's lists stand first */

    bool format_is_known; /* what it says, if it is there, is no fault */
    bool has_setting[KITHP_SETTINGS];
    uint64_t setting_lines[KITHP_SETTINGS];

    uint32_t items[KITHP_SECTIONS]; /* lines of a sort, as the survey counts them */
    uint32_t ignored_words;         /* of [ignore] */
    struct kithp_source_pattern *kinds;
    uint32_t kind_count;
    struct kithp_source_pattern *ignored;
    uint32_t ignored_count;
    struct kithp_source_test *tests;
    uint64_t ignore_lines[2]; /* of its keys kind and member */
    struct kithp_source_alias *aliases;
    uint64_t *alias_lines;
    struct kithp_index alias_names; /* aliases by what they stand for */
};

/* A list without content, and the text of a value that is not given. */
#define KITHP_SOURCE_NOTHING ((kith_text){NULL, 0})

void kithp_source_report(struct kithp_source_reader *reader, const struct kithp_ini_part *at, kith_text field,
                         kith_text value, const char *words, ...) KITHP_FORMAT(5, 6);

/* Cleared; NULL where there is no memory, which is noted. */
void *kithp_source_take(struct kithp_source_reader *reader, size_t count, size_t size);

/* A copy with NUL behind it; of nothing, where there is no memory, which is noted. */
kith_text kithp_source_keep(struct kithp_source_reader *reader, kith_text text);

/* A part of a part. */
struct kithp_ini_part kithp_source_part_at(const struct kithp_ini_part *part, const char *begin, const char *end);

/* True the first time; else reports that a key stands there twice. */
bool kithp_source_is_first(struct kithp_source_reader *reader, uint64_t *line, const struct kithp_ini_part *key,
                           const struct kithp_ini_part *value);

/*
 * What a text means that may stand in double quotes. False where it cannot be read, which is reported as a fault of the
 * field.
 */
bool kithp_source_unquote(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                          kith_text *meant);

/* Behind the quote that ends what begins with one, or the end of the text. */
const char *kithp_source_skip_quoted(const char *at, const char *end);

/* Cuts the next word off the left, one in quotes with all its blanks; empty at the end. */
struct kithp_ini_part kithp_source_next_word(struct kithp_ini_part *rest);

/*
 * Reads patterns, one or several with blanks between; most_words are for more of them than there is room for. False
 * where there is a fault, which is reported; what was read before it is there.
 */
bool kithp_source_read_pattern(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *part,
                               struct kithp_source_pattern *pattern);
bool kithp_source_read_patterns(struct kithp_source_reader *reader, kith_text field, const struct kithp_ini_part *value,
                                struct kithp_source_pattern *patterns, uint32_t most, uint32_t *count,
                                const char *most_words);

/* [source] */
void kithp_source_read_setting(struct kithp_source_reader *reader, const struct kithp_ini_part *key,
                               const struct kithp_ini_part *value);

#endif
