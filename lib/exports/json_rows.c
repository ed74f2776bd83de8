/* SPDX-License-Identifier: MIT */
#include "exports/json_rows.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "exports/json_escape.h"

/* A value that no path leads to or through. */
enum { NOWHERE = INT32_MAX };

/* The text that is read, and where reading stands. */
struct cursor {
    const char *begin;
    const char *at;
    const char *end;
    bool at_end;
    const char *counted; /* line ends before it are in the rows' line */
    bool cut;            /* a value did not end in it, so that none around or in it is tried at once */
    struct kithp_json_row *row;
};

/* As an outcome: nothing is to be told. */
enum { GO_ON = -1 };

/* ---- rules ---- */

static bool ends_with_brackets(kith_text path)
{
    return path.length >= 2 && memcmp(path.data + path.length - 2, "[]", 2) == 0;
}

/* The paths of the document, and behind them that of the rows, less its brackets. */
static enum kithp_json_tree_outcome make_tree(struct kithp_json_rows *rows, const struct kithp_json_rows_rules *rules,
                                              struct kithp_json_path_fault *fault)
{
    kith_text paths[KITHP_JSON_PATHS_MOST];
    size_t count = rules->path_count;
    if (count >= KITHP_JSON_PATHS_MOST) {
        *fault = (struct kithp_json_path_fault){KITHP_JSON_PATHS_MOST - 1, 0, "expected no more paths"};
        return KITHP_JSON_TREE_FAULT;
    }
    if (!ends_with_brackets(rules->rows)) {
        *fault = (struct kithp_json_path_fault){count, rules->rows.length, "expected [] at the end"};
        return KITHP_JSON_TREE_FAULT;
    }
    for (size_t i = 0; i < count; i++)
        paths[i] = rules->paths[i];
    bool root = rules->rows.length == 2;
    paths[count] = root ? (kith_text){".", 1} : (kith_text){rules->rows.data, rules->rows.length - 2};
    return kithp_json_tree_init(&rows->around, rows->allocator, paths, count + 1, fault);
}

/* Finds the rows' node. Returns the paths that hold the rows, or lie in them. */
static uint32_t find_rows(struct kithp_json_rows *rows)
{
    const struct kithp_json_node *nodes = rows->around.nodes;
    uint32_t bit = UINT32_C(1) << rows->path_count, node = 0, holding = 0;
    while ((nodes[node].paths & bit) == 0) {
        holding |= nodes[node].paths;
        node = nodes[node].child;
        while ((nodes[node].below & bit) == 0)
            node = nodes[node].sibling;
    }
    rows->rows_node = node;
    return (holding | nodes[node].below) & ~bit;
}

static bool reserve(struct kithp_json_rows *rows)
{
    /* Each byte of a name may be written as an escape of six. */
    rows->name_room = 6 * rows->around.longest + 2;
    rows->name = kithp_alloc_cleared(rows->allocator, rows->name_room + KITHP_JSON_BEHIND, 1);
    rows->kept = kithp_alloc_cleared(rows->allocator, KITHP_JSON_ROWS_KEPT_MOST + KITHP_JSON_BEHIND, 1);
    rows->values = kithp_alloc_cleared(rows->allocator, (size_t)rows->path_count + 1, sizeof *rows->values);
    return rows->name && rows->kept && rows->values;
}

static void begin_document(struct kithp_json_rows *rows, uint64_t offset)
{
    kithp_json_check_init(&rows->check, KITHP_JSON_DEPTH_MOST, offset);
    for (uint32_t i = 0; i < rows->path_count; i++)
        rows->values[i] = (struct kithp_json_value){.type = KITHP_JSON_MISSING};
    rows->changed = true;
    rows->kept_length = 0;
    rows->behind_rows = false;
}

enum kithp_json_tree_outcome kithp_json_rows_init(struct kithp_json_rows *rows, const kith_allocator *allocator,
                                                  const struct kithp_json_rows_rules *rules,
                                                  struct kithp_json_path_fault *fault)
{
    *rows = (struct kithp_json_rows){.allocator = allocator,
                                     .path_count = (uint32_t)rules->path_count,
                                     .row_most = rules->row_most,
                                     .several = rules->several,
                                     .line = 1};
    enum kithp_json_tree_outcome outcome = make_tree(rows, rules, fault);
    if (outcome != KITHP_JSON_TREE_FINE)
        return outcome;
    uint32_t around = find_rows(rows);
    if (around) {
        *fault = (struct kithp_json_path_fault){kithp_bytes_lowest_bit(around), 0,
                                                "expected a path that neither holds the rows nor lies in them"};
        outcome = KITHP_JSON_TREE_FAULT;
    } else if (!reserve(rows)) {
        outcome = KITHP_JSON_TREE_NO_MEMORY;
    }
    if (outcome == KITHP_JSON_TREE_FINE)
        begin_document(rows, 0);
    else
        kithp_json_rows_free(rows);
    return outcome;
}

void kithp_json_rows_free(struct kithp_json_rows *rows)
{
    kithp_json_tree_free(&rows->around);
    kithp_alloc_free(rows->allocator, rows->name);
    kithp_alloc_free(rows->allocator, rows->kept);
    kithp_alloc_free(rows->allocator, rows->values);
    rows->name = rows->kept = NULL;
    rows->values = NULL;
}

/* ---- what is told ---- */

/* Goes on counting lines, up to a place of the text. */
static void count_lines(struct kithp_json_rows *rows, struct cursor *cursor, const char *end)
{
    const char *at = cursor->counted;
    for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        rows->line++;
    if (cursor->counted < end)
        cursor->counted = end;
}

static int tell(struct kithp_json_rows *rows, struct cursor *cursor, int outcome, uint64_t offset)
{
    /* A character that is no UTF-8 may have begun in a text before. */
    if (offset > rows->offset)
        count_lines(rows, cursor, cursor->begin + (offset - rows->offset));
    cursor->row->fault.offset = offset;
    cursor->row->line = rows->line;
    return outcome;
}

static int fail_with(struct kithp_json_rows *rows, struct cursor *cursor, const char *words)
{
    snprintf(cursor->row->fault.words, sizeof cursor->row->fault.words, "%s", words);
    return tell(rows, cursor, KITHP_JSON_ROWS_FAULT, rows->check.offset);
}

static int fail(struct kithp_json_rows *rows, struct cursor *cursor)
{
    kithp_json_check_fault(&rows->check, &cursor->row->fault);
    return tell(rows, cursor, KITHP_JSON_ROWS_FAULT, cursor->row->fault.offset);
}

/* Takes `length` bytes that were checked elsewhere. */
static void pass(struct kithp_json_rows *rows, struct cursor *cursor, size_t length)
{
    kithp_json_check_pass(&rows->check, length);
    cursor->at += length;
}

static bool begins_number(char byte)
{
    return byte == '-' || (byte >= '0' && byte <= '9');
}

/* Whether a value of so many bytes is whole: a number might go on in the text that follows. */
static bool is_whole(const struct cursor *cursor, size_t length)
{
    return length > 0 && (length < (size_t)(cursor->end - cursor->at) || !begins_number(*cursor->at));
}

static kith_text rest_of(const struct cursor *cursor)
{
    return (kith_text){cursor->at, (uint64_t)(cursor->end - cursor->at)};
}

/* ---- rows ---- */

static int tell_row(struct kithp_json_rows *rows, struct cursor *cursor, uint64_t length, int outcome)
{
    cursor->row->text = (kith_text){cursor->begin + (rows->row_begin - rows->offset), length};
    return tell(rows, cursor, outcome, rows->row_begin);
}

static uint32_t depth_left(const struct kithp_json_rows *rows)
{
    return KITHP_JSON_DEPTH_MOST - rows->rows_depth;
}

/* Where a row begins: reads it at once if it ends in the text. */
static int begin_row(struct kithp_json_rows *rows, const struct kithp_json_tree *tree, struct cursor *cursor,
                     struct kithp_json_value *values)
{
    rows->row_begin = rows->check.offset;
    size_t length = kithp_json_read_first(tree, rest_of(cursor), depth_left(rows), values);
    rows->in_row = !is_whole(cursor, length);
    if (rows->in_row)
        return GO_ON;
    pass(rows, cursor, length);
    if (length > rows->row_most)
        return tell_row(rows, cursor, rows->row_most, KITHP_JSON_ROWS_LONG);
    return tell_row(rows, cursor, length, KITHP_JSON_ROWS_ROW);
}

/* A row that was looked at byte by byte has ended; what it holds is found at once. */
static int end_row(struct kithp_json_rows *rows, const struct kithp_json_tree *tree, struct cursor *cursor,
                   struct kithp_json_value *values)
{
    rows->in_row = false;
    if (rows->in_long_row) {
        rows->in_long_row = false;
        return GO_ON;
    }
    tell_row(rows, cursor, rows->check.offset - rows->row_begin, KITHP_JSON_ROWS_ROW);
    kithp_json_read_first(tree, cursor->row->text, depth_left(rows), values);
    return KITHP_JSON_ROWS_ROW;
}

/* How far a row may be passed over without a look at its length. */
static const char *end_of_passing(const struct kithp_json_rows *rows, const struct cursor *cursor)
{
    uint64_t left = rows->row_most - (rows->check.offset - rows->row_begin);
    return rows->in_long_row || left >= rest_of(cursor).length ? cursor->end : cursor->at + left;
}

static int go_on_in_row(struct kithp_json_rows *rows, const struct kithp_json_tree *tree, struct cursor *cursor,
                        struct kithp_json_value *values)
{
    while (cursor->at < cursor->end) {
        size_t plain = kithp_json_check_plain(&rows->check, cursor->at, end_of_passing(rows, cursor));
        cursor->at += plain;
        if (plain > 0)
            continue;
        enum kithp_json_step step = kithp_json_check_byte(&rows->check, *cursor->at);
        if (step == KITHP_JSON_FAULT)
            return fail(rows, cursor);
        cursor->at += step != KITHP_JSON_ENDED_BEFORE;
        bool ended = rows->check.depth == rows->rows_depth && step != KITHP_JSON_WENT_ON && step != KITHP_JSON_NAMED;
        if (!rows->in_long_row && rows->check.offset - rows->row_begin > rows->row_most) {
            rows->in_row = rows->in_long_row = !ended;
            return tell_row(rows, cursor, rows->row_most, KITHP_JSON_ROWS_LONG);
        }
        if (ended)
            return end_row(rows, tree, cursor, values);
    }
    return GO_ON;
}

/* ---- what is kept of the document ---- */

/* False where there is no room. */
static bool keep(struct kithp_json_rows *rows, const char *bytes, size_t length, bool in_name)
{
    if (in_name) {
        size_t room = rows->name_length < rows->name_room ? rows->name_room - rows->name_length : 0;
        memcpy(rows->name + rows->name_length, bytes, length < room ? length : room);
        /* One that is too long leads nowhere. */
        rows->name_length = length <= room ? rows->name_length + length : rows->name_room + 1;
    }
    if (rows->keeping == 0)
        return true;
    if (length > KITHP_JSON_ROWS_KEPT_MOST - rows->kept_length)
        return false;
    memcpy(rows->kept + rows->kept_length, bytes, length);
    rows->kept_length += length;
    return true;
}

static void end_value(struct kithp_json_rows *rows, uint32_t node, size_t begin)
{
    uint32_t paths = node == NOWHERE ? 0 : rows->around.nodes[node].paths;
    if (paths == 0 || node == rows->rows_node)
        return;
    kith_text text = {rows->kept + begin, rows->kept_length - begin};
    struct kithp_json_value value;
    kithp_json_read_any(text, KITHP_JSON_DEPTH_MOST, &value);
    for (; paths; paths &= paths - 1)
        rows->values[kithp_bytes_lowest_bit(paths)] = value;
    rows->changed = true;
    rows->keeping--;
}

/* ---- where reading stands in the document ---- */

static uint32_t level_node(const struct kithp_json_rows *rows)
{
    return rows->check.depth <= KITHP_JSON_NAMES_MOST + 1 ? rows->levels[rows->check.depth].node : NOWHERE;
}

/* A member's name is whole. */
static void end_name(struct kithp_json_rows *rows)
{
    const struct kithp_json_node *nodes = rows->around.nodes;
    const struct kithp_json_node *child = NULL;
    uint32_t parent = level_node(rows);
    struct kithp_json_value name;
    size_t length = rows->name_length;
    rows->name_length = 0;
    rows->member = NOWHERE;
    if (parent == NOWHERE || length > rows->name_room)
        return;
    kithp_json_read_any((kith_text){rows->name, length}, 0, &name);
    if (!name.lone)
        child = kithp_json_find(nodes, &nodes[parent], name.text, name.escaped);
    rows->member = child ? (uint32_t)(child - nodes) : NOWHERE;
}

static uint32_t next_element(struct kithp_json_rows *rows, struct kithp_json_level *level)
{
    const struct kithp_json_node *nodes = rows->around.nodes;
    uint64_t number = level->element++;
    for (uint32_t child = nodes[level->node].child; child; child = nodes[child].sibling)
        if (nodes[child].element == number)
            return child;
    return NOWHERE;
}

/* The node to which the way so far leads, where a value begins. */
static uint32_t find_value(struct kithp_json_rows *rows)
{
    if (rows->check.depth == 0)
        return 0;
    if (level_node(rows) == NOWHERE)
        return NOWHERE;
    bool object = (rows->check.objects & 1) != 0;
    return object ? rows->member : next_element(rows, &rows->levels[rows->check.depth]);
}

/* Paths of the document that this value decides upon: it is theirs, or takes the place of one that was. */
static uint32_t paths_decided(const struct kithp_json_rows *rows, const struct kithp_json_node *node)
{
    uint32_t decided = node->paths;
    for (uint32_t paths = node->below; paths; paths &= paths - 1) {
        uint32_t path = kithp_bytes_lowest_bit(paths);
        if (path < rows->path_count && rows->values[path].type != KITHP_JSON_MISSING)
            decided |= UINT32_C(1) << path;
    }
    return decided;
}

/* ---- values around the rows ---- */

/* Passes over a value that nobody wants anything of, if it ends in the text. */
static bool pass_value(struct kithp_json_rows *rows, struct cursor *cursor)
{
    struct kithp_json_value value;
    if (cursor->cut)
        return false;
    size_t length = kithp_json_read_any(rest_of(cursor), KITHP_JSON_DEPTH_MOST - rows->check.depth, &value);
    cursor->cut = !is_whole(cursor, length);
    if (cursor->cut)
        return false;
    pass(rows, cursor, length);
    rows->begun = false;
    return true;
}

static int begin_rows(struct kithp_json_rows *rows, struct cursor *cursor)
{
    if (*cursor->at == '{' && rows->check.depth == 0)
        return fail_with(rows, cursor, "expected an array of rows; for an object a line, the format is ndjson");
    if (*cursor->at != '[')
        return fail_with(rows, cursor, "expected an array of rows");
    rows->in_rows = true;
    rows->rows_depth = rows->check.depth + 1;
    return GO_ON;
}

/* A value that is wanted, or something in it. */
static int begin_wanted(struct kithp_json_rows *rows, struct cursor *cursor)
{
    const struct kithp_json_node *node = &rows->around.nodes[rows->value];
    uint32_t decided = paths_decided(rows, node);
    if (rows->behind_rows && decided != 0) {
        /* It is told once, and then nothing is wanted of it. */
        rows->value = NOWHERE;
        cursor->row->path = kithp_bytes_lowest_bit(decided);
        return tell(rows, cursor, KITHP_JSON_ROWS_BEHIND, rows->check.offset);
    }
    rows->changed = rows->changed || decided != 0;
    for (; decided; decided &= decided - 1)
        rows->values[kithp_bytes_lowest_bit(decided)] = (struct kithp_json_value){.type = KITHP_JSON_MISSING};
    rows->keeping += node->paths != 0;
    return GO_ON;
}

/* Where a value begins, once for each. */
static int begin_value(struct kithp_json_rows *rows, struct cursor *cursor)
{
    if (!rows->begun)
        rows->value = find_value(rows);
    rows->begun = true;
    rows->value_begin = rows->kept_length;
    if (rows->value == NOWHERE)
        return GO_ON;
    bool holds_rows = (rows->around.nodes[rows->value].below >> rows->path_count & 1) != 0;
    if (holds_rows && rows->behind_rows)
        return fail_with(rows, cursor, "expected no rows a second time");
    return rows->value == rows->rows_node ? begin_rows(rows, cursor) : begin_wanted(rows, cursor);
}

static void open_level(struct kithp_json_rows *rows)
{
    if (rows->check.depth <= KITHP_JSON_NAMES_MOST + 1)
        rows->levels[rows->check.depth] = (struct kithp_json_level){rows->value, 0, rows->value_begin};
}

/* Behind the bracket of what was open at the level below. */
static void close_level(struct kithp_json_rows *rows)
{
    uint32_t depth = rows->check.depth + 1;
    if (depth <= KITHP_JSON_NAMES_MOST + 1)
        end_value(rows, rows->levels[depth].node, rows->levels[depth].begin);
    if (rows->in_rows && depth == rows->rows_depth) {
        rows->in_rows = false;
        rows->behind_rows = true;
    }
}

/* What a byte did, which is kept where it belongs to what it ends. */
static int follow(struct kithp_json_rows *rows, struct cursor *cursor, enum kithp_json_step step, uint32_t depth)
{
    switch (step) {
    case KITHP_JSON_FAULT:
        return fail(rows, cursor);
    case KITHP_JSON_NAMED:
        end_name(rows);
        return GO_ON;
    case KITHP_JSON_CLOSED:
        close_level(rows);
        break;
    case KITHP_JSON_ENDED:
    case KITHP_JSON_ENDED_BEFORE:
        end_value(rows, rows->value, rows->value_begin);
        break;
    default:
        if (rows->check.depth > depth)
            open_level(rows);
        return GO_ON;
    }
    if (rows->check.depth == 0 && !rows->behind_rows)
        return fail_with(rows, cursor, "expected rows before the document's end");
    return GO_ON;
}

static int take_byte(struct kithp_json_rows *rows, struct cursor *cursor)
{
    uint32_t depth = rows->check.depth;
    bool in_name = rows->check.in_name;
    enum kithp_json_step step = kithp_json_check_byte(&rows->check, *cursor->at);
    if (step != KITHP_JSON_ENDED_BEFORE) {
        if (step != KITHP_JSON_FAULT && !keep(rows, cursor->at, 1, in_name || rows->check.in_name))
            return fail_with(rows, cursor, "expected 65536 bytes at most of the document's own fields");
        cursor->at++;
    }
    rows->begun = false;
    return follow(rows, cursor, step, depth);
}

/* Bytes of a string, as long as nothing else happens with them. */
static int take_plain(struct kithp_json_rows *rows, struct cursor *cursor, size_t *taken)
{
    *taken = kithp_json_check_plain(&rows->check, cursor->at, cursor->end);
    if (!keep(rows, cursor->at, *taken, rows->check.in_name))
        return fail_with(rows, cursor, "expected 65536 bytes at most of the document's own fields");
    cursor->at += *taken;
    return GO_ON;
}

static int go_on_around(struct kithp_json_rows *rows, const struct kithp_json_tree *tree, struct cursor *cursor,
                        struct kithp_json_value *values)
{
    if (rows->several && rows->check.state == KITHP_JSON_DONE && !kithp_json_is_blank(*cursor->at))
        begin_document(rows, rows->check.offset);
    if (kithp_json_check_begins(&rows->check, *cursor->at)) {
        if (rows->in_rows && rows->check.depth == rows->rows_depth)
            return begin_row(rows, tree, cursor, values);
        int outcome = begin_value(rows, cursor);
        if (outcome != GO_ON)
            return outcome;
        if (rows->value == NOWHERE && rows->keeping == 0 && pass_value(rows, cursor))
            return GO_ON;
    }
    size_t plain;
    int outcome = take_plain(rows, cursor, &plain);
    return outcome != GO_ON || plain > 0 ? outcome : take_byte(rows, cursor);
}

/* ---- the text ---- */

/* A byte order mark before the first document. True where more text must show whether it is one. */
static bool skip_mark(struct kithp_json_rows *rows, struct cursor *cursor)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t length = (size_t)(cursor->end - cursor->begin) < 3 ? (size_t)(cursor->end - cursor->begin) : 3;
    if (length == 0 || memcmp(cursor->begin, mark, length) != 0)
        return false;
    if (length < 3)
        return !cursor->at_end;
    cursor->at += 3;
    begin_document(rows, 3);
    return false;
}

static int end_text(struct kithp_json_rows *rows, struct cursor *cursor)
{
    bool nothing = rows->check.state == KITHP_JSON_AT_VALUE && rows->check.depth == 0;
    if (!cursor->at_end)
        return KITHP_JSON_ROWS_MORE;
    if (nothing && rows->several)
        return KITHP_JSON_ROWS_END;
    enum kithp_json_step step = kithp_json_check_end(&rows->check);
    if (step == KITHP_JSON_WENT_ON)
        return KITHP_JSON_ROWS_END;
    return follow(rows, cursor, step, 0);
}

static int read_on(struct kithp_json_rows *rows, const struct kithp_json_tree *tree, struct cursor *cursor,
                   struct kithp_json_value *values)
{
    if (rows->check.offset == 0 && skip_mark(rows, cursor))
        return KITHP_JSON_ROWS_MORE;
    while (cursor->at < cursor->end) {
        int outcome =
            rows->in_row ? go_on_in_row(rows, tree, cursor, values) : go_on_around(rows, tree, cursor, values);
        if (outcome != GO_ON)
            return outcome;
    }
    return end_text(rows, cursor);
}

enum kithp_json_rows_outcome kithp_json_rows_read(struct kithp_json_rows *rows, const struct kithp_json_tree *tree,
                                                  kith_text text, bool at_end, struct kithp_json_value *values,
                                                  struct kithp_json_row *row)
{
    struct cursor cursor = {.begin = text.data,
                            .at = text.data + (rows->check.offset - rows->offset),
                            .end = text.data + text.length,
                            .at_end = at_end,
                            .counted = text.data,
                            .row = row};
    *row = (struct kithp_json_row){.consumed = 0};
    int outcome = read_on(rows, tree, &cursor, values);
    bool whole = rows->in_row && !rows->in_long_row;
    row->consumed = whole ? (size_t)(rows->row_begin - rows->offset) : (size_t)(cursor.at - cursor.begin);
    count_lines(rows, &cursor, text.data + row->consumed);
    rows->offset += row->consumed;
    return (enum kithp_json_rows_outcome)outcome;
}
