/* SPDX-License-Identifier: MIT */
/* A source description, read (docs/sources.md): which field of an export says what, and what becomes of each row. */
#ifndef KITHP_SOURCES_SOURCE_H
#define KITHP_SOURCES_SOURCE_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/index.h"
#include "sources/field.h"
#include "sources/times.h"

enum {
    KITHP_SOURCE_EVENTS_MOST = 8,
    KITHP_SOURCE_PATHS_MOST = 31, /* of the row, of the document around it, and of an element of a list */
    KITHP_SOURCE_LISTS_MOST = 4,  /* within one another */
    KITHP_SOURCE_PARTS_MOST = 64, /* of a value */
    KITHP_SOURCE_KINDS_MOST = 1024,
    KITHP_SOURCE_IGNORED_MOST = 256,
    KITHP_SOURCE_FILES_MOST = 64,
    KITHP_SOURCE_ALIASES_MOST = 65536,
    KITHP_SOURCE_PATTERN_MOST = 255, /* bytes */
};

/* Where a value stands. */
enum kithp_source_scope { KITHP_SOURCE_ROW, KITHP_SOURCE_DOCUMENT, KITHP_SOURCE_ELEMENT };

/* A field of the export that is looked at. The same one is there once in its scope, in order of appearance. */
struct kithp_source_path {
    kith_text text; /* as it is written, for messages: NUL-terminated */
    kith_text path; /* CSV: the header's name, unquoted. JSON: for json_tree.h, relative to its scope ("." the element
                       itself) */
    uint64_t line;  /* of the description, where it stands first */
    uint64_t column;
};

struct kithp_source_paths {
    struct kithp_source_path *paths;
    uint32_t count;
};

/* Lists of one event, the outer one first. */
struct kithp_source_list {
    kith_text path;                  /* of the array: in the row, or in an element of the list before */
    struct kithp_source_paths paths; /* of its elements */
};

enum kithp_source_part_sort { KITHP_SOURCE_PATH, KITHP_SOURCE_WORD, KITHP_SOURCE_WORD_IF };

struct kithp_source_part {
    enum kithp_source_part_sort sort;
    enum kithp_source_scope scope;
    uint32_t list; /* of an element: whose, 0 for the outermost */
    uint32_t path; /* number in the paths of its scope */
    kith_text word;
    bool last; /* of its alternative: the next part begins another */
};

/* What a field is read from: parts of the alternatives, one behind another; none where the field is not there. */
struct kithp_source_value {
    const struct kithp_source_part *parts;
    uint32_t part_count;
    bool is_whole; /* an alternative is there only where all its parts are */
    uint64_t line; /* of the description */
    uint64_t column;
    const char *text; /* as it is written; what rejects call the column */
};

/* pattern = kind; or a pattern alone */
struct kithp_source_pattern {
    kith_text pattern;
    kith_text kind; /* of the policy; empty in [ignore], and in [kinds] where such kinds are left out */
    uint64_t line;
    uint64_t column; /* of the kind */
    bool exact;      /* no * or ? */
};

struct kithp_source_patterns {
    const struct kithp_source_pattern *patterns;
    uint32_t count;
};

struct kithp_source_event {
    const char *name; /* "" for the first */
    struct kithp_source_value values[KITHP_FIELDS];
    bool has_kinds; /* there is a [kinds] section for it */
    struct kithp_source_patterns kinds;
    const struct kithp_source_list *lists;
    uint32_t list_count;
};

/* Rows in which a field is like a pattern are left out. */
struct kithp_source_test {
    struct kithp_source_part field; /* a path */
    struct kithp_source_patterns patterns;
};

struct kithp_source_alias {
    kith_text alias;
    kith_text name;
};

struct kith_source {
    kith_allocator allocator;
    const char *name; /* the file's, for messages */
    uint32_t format;  /* KITH_FORMAT_… */
    kith_text rows;   /* "[]" where it is not said */
    char delimiter;   /* or 0 */
    struct kithp_source_patterns files;
    struct kithp_source_times times;
    struct kithp_source_paths row;
    struct kithp_source_paths document;
    struct kithp_source_event events[KITHP_SOURCE_EVENTS_MOST];
    uint32_t event_count;
    const struct kithp_source_test *tests;
    uint32_t test_count;
    struct kithp_source_patterns ignored_kinds;
    struct kithp_source_patterns ignored_members;
    const struct kithp_source_alias *aliases; /* found by kithp_source_alias() */
    uint32_t alias_count;

    struct kithp_arena arena; /* all that is pointed to */
    struct kithp_hash_key alias_key;
    struct kithp_index alias_index;
};

#endif
