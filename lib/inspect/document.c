/* SPDX-License-Identifier: MIT */
/* JSON documents: where their rows are, what stands around them, and the rows. */
#include <string.h>

#include "base/text.h"
#include "exports/json_rows.h"
#include "inspect/paths.h"
#include "inspect/rows.h"

/* How much of a document is looked at for its rows. */
enum { HEAD = 16 << 20 };

/* ---- where the rows are ---- */

/* An array or object that is open. */
struct level {
    bool is_array;
    bool is_named;      /* names alone lead here */
    size_t path_length; /* of the path that leads here */
    uint64_t begin;
    uint64_t objects; /* elements of an array that could be rows */
    uint64_t elements;
    uint32_t field; /* of the document; 0 where it is none */
};

struct finder {
    kith_text text;
    struct kithp_json_check check;
    struct level levels[KITHP_JSON_DEPTH_MOST + 1];
    uint64_t name_begin; /* of the name that was read last, its quotes included */
    uint64_t name_end;
    uint64_t value_begin;               /* of the value that is neither array nor object, likewise */
    char path[KITHP_INSPECT_PATH_ROOM]; /* to the innermost level that names lead to */
    struct kithp_inspect_found *found;
    size_t room;
    struct kithp_inspect_rows *rows; /* whose fields of the document are looked at, up to the rows; NULL for none */
    bool failed;                     /* that failed */
};

/* An array has ended, or the text within it. */
static void judge(struct finder *finder, const struct level *level, uint64_t end)
{
    struct kithp_inspect_found *found = finder->found;
    uint64_t bytes = end - level->begin;
    if (!level->is_array || !level->is_named || level->objects == 0 || 2 * level->objects < level->elements ||
        bytes <= found->bytes || level->path_length + 3 > finder->room)
        return;
    memcpy(found->path, finder->path, level->path_length);
    memcpy(found->path + level->path_length, "[]", 3);
    *found = (struct kithp_inspect_found){.path = found->path,
                                          .length = level->path_length + 2,
                                          .objects = level->objects,
                                          .bytes = bytes,
                                          .begin = level->begin,
                                          .end = found->end};
}

/* The name that was read last, in room for its bytes. False where it is none for a path. */
static bool get_name(const struct finder *finder, char *room, kith_text *text)
{
    struct kithp_json_value name;
    kith_text quoted = {finder->text.data + finder->name_begin, finder->name_end - finder->name_begin};
    if (quoted.length > KITHP_INSPECT_NAME_BYTES || kithp_json_read_any(quoted, 1, &name) == 0 || name.lone)
        return false;
    *text = (kith_text){room, kithp_json_unescape(&name, room)};
    return true;
}

/* Adds the name that was read to the path of what holds it. Returns the new path's length, or SIZE_MAX. */
static size_t add_name(struct finder *finder, size_t length)
{
    char bytes[KITHP_INSPECT_NAME_BYTES];
    kith_text text;
    if (!get_name(finder, bytes, &text) || length + 6 * text.length + 4 > sizeof finder->path)
        return SIZE_MAX;
    if (length > 0)
        finder->path[length++] = '.';
    return length + kithp_inspect_write_name(finder->path + length, text, true);
}

/* The field of the document that the name which was read leads to, or 0. */
static uint32_t field_of_name(struct finder *finder, const struct level *around)
{
    char bytes[KITHP_INSPECT_NAME_BYTES];
    kith_text text;
    uint32_t field = 0;
    if (!finder->rows || around->is_array || !around->field || !get_name(finder, bytes, &text))
        return 0;
    finder->failed = !kithp_inspect_fields_name(finder->rows->fields, around->field, text, &field);
    return field;
}

/* A value of the innermost level has begun that is an array or object. */
static void open_level(struct finder *finder, bool is_array, uint64_t begin)
{
    uint32_t depth = finder->check.depth;
    struct level *level = &finder->levels[depth], *around = depth > 1 ? &finder->levels[depth - 1] : NULL;
    *level = (struct level){.is_array = is_array, .begin = begin, .is_named = !around};
    if (!around) {
        level->field = KITHP_INSPECT_DOCUMENT;
        return;
    }
    around->objects += around->is_array;
    if (around->is_array || !around->is_named || depth > KITHP_INSPECT_NAMES_MOST)
        return;
    size_t length = add_name(finder, around->path_length);
    level->is_named = length != SIZE_MAX;
    level->path_length = level->is_named ? length : 0;
    level->field = is_array ? 0 : field_of_name(finder, around);
    if (level->field)
        kithp_inspect_fields_object(finder->rows->fields, level->field);
}

/* Whether the array that has just begun holds the rows. */
static bool is_at_rows(const struct finder *finder)
{
    const struct level *level = &finder->levels[finder->check.depth];
    kith_text rows = finder->rows->rows_path;
    return level->is_array && level->is_named && rows.length == level->path_length + 2 &&
           memcmp(rows.data, finder->path, level->path_length) == 0;
}

/* A value has ended that is neither array nor object. */
static bool look_at_field(struct finder *finder, uint64_t end)
{
    struct kithp_json_value value;
    uint32_t depth = finder->check.depth, field = depth > 0 ? field_of_name(finder, &finder->levels[depth]) : 0;
    kith_text text = {finder->text.data + finder->value_begin, end - finder->value_begin};
    if (finder->failed ||
        (field && kithp_json_read_any(text, 1, &value) > 0 && !kithp_inspect_json_value(finder->rows, field, &value)))
        finder->failed = true;
    return !finder->failed;
}

static void count_element(struct finder *finder)
{
    struct level *around = &finder->levels[finder->check.depth];
    if (finder->check.depth > 0 && around->is_array)
        around->elements++;
}

static bool look_at_byte(struct finder *finder, uint64_t at, enum kithp_json_step step, bool opened)
{
    if (opened)
        return !is_at_rows(finder) && !finder->failed;
    if (step == KITHP_JSON_ENDED)
        return look_at_field(finder, at + 1);
    return step != KITHP_JSON_ENDED_BEFORE || look_at_field(finder, at);
}

/* Takes the byte at an offset. False where nothing is to be read behind it. */
static bool take_byte(struct finder *finder, uint64_t at)
{
    struct kithp_json_check *check = &finder->check;
    uint32_t depth = check->depth;
    char byte = finder->text.data[at];
    enum kithp_json_state before = check->state;
    if (kithp_json_check_begins(check, byte))
        finder->value_begin = at;
    enum kithp_json_step step = kithp_json_check_byte(check, byte);
    if (step == KITHP_JSON_FAULT)
        return false;
    if (check->depth > depth)
        open_level(finder, byte == '[', at);
    if (check->state == KITHP_JSON_IN_STRING && (before == KITHP_JSON_AT_MEMBER || before == KITHP_JSON_AT_NAME))
        finder->name_begin = at;
    if (step == KITHP_JSON_NAMED)
        finder->name_end = at + 1;
    if (step == KITHP_JSON_CLOSED)
        judge(finder, &finder->levels[depth], at + 1);
    if (finder->rows && !look_at_byte(finder, at, step, check->depth > depth))
        return false;
    if (step == KITHP_JSON_ENDED || step == KITHP_JSON_ENDED_BEFORE || step == KITHP_JSON_CLOSED)
        count_element(finder);
    /* A number's end is told by the byte behind it, which is still to be taken. */
    return step != KITHP_JSON_ENDED_BEFORE || take_byte(finder, at);
}

static uint64_t run(struct finder *finder)
{
    uint64_t at = 0;
    kith_text text = finder->text;
    kithp_json_check_init(&finder->check, KITHP_JSON_DEPTH_MOST, 0);
    while (at < text.length) {
        at += kithp_json_check_plain(&finder->check, text.data + at, text.data + text.length);
        if (at == text.length || !take_byte(finder, at))
            break;
        at++;
    }
    return at;
}

void kithp_inspect_find_rows(kith_text text, char *path, size_t room, struct kithp_inspect_found *found)
{
    *found = (struct kithp_inspect_found){.path = path};
    struct finder finder = {.text = text, .found = found, .room = room};
    uint64_t end = run(&finder);
    for (uint32_t depth = finder.check.depth; depth > 0; depth--)
        judge(&finder, &finder.levels[depth], end);
    found->end = end;
}

/* Looks at the fields that stand around the rows, before them. */
static bool look_at_surroundings(struct kithp_inspect_rows *rows, kith_text text)
{
    struct kithp_inspect_found found = {.path = NULL};
    struct finder finder = {.text = text, .found = &found, .rows = rows};
    rows->fields->items[KITHP_INSPECT_DOCUMENT].elements++;
    run(&finder);
    return finder.failed ? kithp_inspect_fail_memory(rows) : true;
}

/* ---- the rows ---- */

static bool read_rows(struct kithp_inspect_rows *rows, struct kithp_json_rows *reader,
                      const struct kithp_json_tree *tree)
{
    for (bool more = true;;) {
        struct kithp_json_value value;
        struct kithp_json_row row;
        enum kithp_json_rows_outcome outcome =
            kithp_json_rows_read(reader, tree, kithp_sample_text(rows->sample), rows->sample->at_end, &value, &row);
        if (outcome == KITHP_JSON_ROWS_ROW && !kithp_inspect_json_row(rows, &value))
            return false;
        rows->refused += outcome == KITHP_JSON_ROWS_LONG;
        rows->line = row.line;
        if (outcome == KITHP_JSON_ROWS_FAULT)
            return kithp_inspect_fail(rows, KITH_BAD_EXPORT, "%s", row.fault.words);
        if (outcome == KITHP_JSON_ROWS_END)
            return true;
        kithp_sample_take(rows->sample, row.consumed);
        if (outcome != KITHP_JSON_ROWS_MORE)
            continue;
        if (!more)
            return true;
        if (!kithp_inspect_more(rows, &more))
            return false;
    }
}

static bool read_document(struct kithp_inspect_rows *rows)
{
    static const kith_text root = {".", 1};
    const struct kithp_json_rows_rules rules = {
        .rows = rows->rows_path, .row_most = KITHP_INSPECT_ROW_MOST, .several = true};
    const kith_allocator *allocator = rows->fields->allocator;
    struct kithp_json_path_fault fault;
    struct kithp_json_rows reader;
    struct kithp_json_tree tree;
    if (kithp_json_rows_init(&reader, allocator, &rules, &fault) != KITHP_JSON_TREE_FINE)
        return kithp_inspect_fail_memory(rows);
    bool done = kithp_json_tree_init(&tree, allocator, &root, 1, &fault) == KITHP_JSON_TREE_FINE;
    if (done) {
        done = read_rows(rows, &reader, &tree);
        kithp_json_tree_free(&tree);
    } else {
        kithp_inspect_fail_memory(rows);
    }
    kithp_json_rows_free(&reader);
    return done;
}

/* ---- the whole ---- */

static kith_text behind_blanks(kith_text text)
{
    while (text.length > 0 && kithp_json_is_blank(*text.data))
        text = (kith_text){text.data + 1, text.length - 1};
    return text;
}

/* Whether objects of several lines each stand one behind the other, as programs print them for people. */
static bool is_row_of_objects(kith_text text)
{
    struct kithp_json_value value;
    size_t length = kithp_json_read_any(text, KITHP_JSON_DEPTH_MOST, &value);
    if (length == 0 || value.type != KITHP_JSON_OBJECT || length >= text.length)
        return false;
    text = behind_blanks((kith_text){text.data + length, text.length - length});
    return text.length > 0 && *text.data == '{';
}

static bool find_path(struct kithp_inspect_rows *rows, kith_text text)
{
    struct kithp_inspect_found found;
    if (rows->rows_path.length > 0)
        return true;
    kithp_inspect_find_rows(text, rows->found_path, sizeof rows->found_path, &found);
    rows->rows_path = (kith_text){rows->found_path, found.length};
    if (found.length > 0)
        return true;
    text = behind_blanks(text);
    /* An array without rows is an export all the same. */
    rows->rows_path = (kith_text){"[]", 2};
    if (text.length > 0 && *text.data == '[')
        return true;
    if (is_row_of_objects(text))
        return kithp_inspect_fail(rows, KITH_BAD_EXPORT,
                                  "objects follow one another, each over several lines: that is neither an array nor "
                                  "one a line; jq -c . makes it the latter");
    return kithp_inspect_fail(rows, KITH_BAD_EXPORT, "the document holds no array of objects that could be its rows");
}

bool kithp_inspect_document(struct kithp_inspect_rows *rows)
{
    kithp_sample_stay(rows->sample);
    for (bool more = true; more && kithp_sample_text(rows->sample).length < HEAD;)
        if (!kithp_inspect_more(rows, &more))
            return false;
    kith_text text = kithp_sample_text(rows->sample);
    return find_path(rows, text) && look_at_surroundings(rows, text) && read_document(rows);
}
