/* SPDX-License-Identifier: MIT */
/*
 * Reading a JSON value quickly: all of it is checked, but nothing is told of what is wrong. Compiled once for each way
 * of looking at many bytes at once; what differs is given by the file that includes this:
 *
 *   WALK                                                          the function's name
 *   WAY                                                           what stands before each function
 *   WIDTH                                                         how many bytes are looked at together, 32 at most
 *   uint64_t find_stops(const char *at)                           a bit for each quote, backslash, control character
 *                                                                 and byte above 0x7F
 *   uint64_t find_marks(const char *at, bool *high)               the same but for the last, of which it is told
 *                                                                 whether there are any
 *   bool is_utf8(const char *at, const char *end)
 *
 * Each reads WIDTH bytes. The end of the text is not looked for at each byte: a string must end before it, and no
 * array, object, number or literal may begin behind it, so that never more than half of KITHP_JSON_BEHIND is gone
 * beyond it. What lies there is taken for text until then, and makes the value end too late, which is asked about once.
 */
#include "base/bytes.h"
#include "exports/json_escape.h"
#include "exports/json_ways.h"

enum { ESCAPED = 1, LONE = 2 };

struct walk {
    const struct kithp_json_node *nodes;
    struct kithp_json_value *values;
    const char *end;
    uint32_t found; /* paths */
    unsigned flags; /* of the last string that was not plain */
};

/* ---- blanks ---- */

WAY static const char *skip_all_blanks(const char *at, const char *end)
{
    const uint64_t spaces = kithp_words_repeat(' ');
    while (at < end) {
        if (kithp_words_load(at) == spaces)
            at += 8;
        else if (kithp_json_is_blank(*at))
            at++;
        else
            return at;
    }
    return at;
}

/* As a rule there are none, or a single space. */
WAY static inline const char *skip_blanks(const char *at, const char *end)
{
    if ((unsigned char)at[0] > ' ')
        return at;
    if (at[0] == ' ' && (unsigned char)at[1] > ' ')
        return at + 1;
    return skip_all_blanks(at, end);
}

/* ---- strings ---- */

/* The escape's length, or 0. Reads up to twelve bytes. */
WAY static inline size_t look_at_escape(const char *at, unsigned *flags)
{
    if (at[1] != 'u')
        return kithp_json_is_escape(at[1]) ? 2 : 0;
    uint32_t first = kithp_json_hex(at + 2);
    if (first - 0xD800 >= 0x800)
        return first <= 0xFFFF ? 6 : 0;
    if (first < 0xDC00 && at[6] == '\\' && at[7] == 'u' && kithp_json_hex(at + 8) - 0xDC00 < 0x400)
        return 12;
    *flags |= LONE;
    return 6;
}

/* The closing quote of a string that begins at `begin`, and is plain up to `at`; or NULL. */
WAY static const char *end_odd_string(struct walk *walk, const char *begin, const char *at)
{
    bool high = false;
    unsigned flags = 0;
    while (at < walk->end) {
        const char *next = at + WIDTH;
        for (uint64_t marks = find_marks(at, &high); marks;) {
            const char *mark = at + kithp_bytes_lowest_bit(marks);
            if (mark >= walk->end)
                return NULL;
            if (*mark == '"') {
                walk->flags = flags;
                return !high || is_utf8(begin, mark) ? mark : NULL;
            }
            size_t length = *mark == '\\' ? look_at_escape(mark, &flags) : 0;
            if (length == 0)
                return NULL;
            flags |= ESCAPED;
            if (mark + length >= next) {
                next = mark + length;
                break;
            }
            marks &= UINT64_MAX << (mark + length - at);
        }
        at = next;
    }
    return NULL;
}

/* The closing quote of a string that begins at `at`, behind its opening one; or NULL. */
WAY static inline const char *end_string(struct walk *walk, const char *at)
{
    uint64_t stops = find_stops(at);
    const char *stop = at + (stops ? kithp_bytes_lowest_bit(stops) : WIDTH);
    if (stop >= walk->end)
        return NULL;
    return *stop == '"' ? stop : end_odd_string(walk, at, stop);
}

/* ---- numbers and literals ---- */

/* Eight bytes, of which those that are no digits have their eighth bit set. */
WAY static inline uint64_t no_digits(const char *at)
{
    uint64_t word = kithp_words_load(at) ^ kithp_words_repeat('0');
    return (((word & kithp_words_repeat(0x7F)) + kithp_words_repeat(0x76)) | word) & kithp_words_repeat(0x80);
}

WAY static const char *skip_digits(const char *at, const char *end)
{
    while (at < end) {
        uint64_t others = no_digits(at);
        if (others)
            return at + kithp_bytes_lowest_bit(others) / 8;
        at += 8;
    }
    return at;
}

/* Behind a number's integer. */
WAY static const char *end_odd_number(const char *at, const char *end)
{
    const char *begin;
    if (*at == '.') {
        begin = at + 1;
        at = skip_digits(begin, end);
        if (at == begin)
            return NULL;
    }
    if (*at == 'e' || *at == 'E') {
        begin = at + 1;
        begin += *begin == '+' || *begin == '-';
        at = skip_digits(begin, end);
        if (at == begin)
            return NULL;
    }
    return at;
}

WAY static inline const char *end_number(const char *at, const char *end)
{
    at += *at == '-';
    uint64_t others = no_digits(at);
    const char *stop = others ? at + kithp_bytes_lowest_bit(others) / 8 : skip_digits(at + 8, end);
    if (stop == at || (*at == '0' && stop > at + 1))
        return NULL;
    return *stop == '.' || *stop == 'e' || *stop == 'E' ? end_odd_number(stop, end) : stop;
}

WAY static inline const char *end_literal(const char *at)
{
    if (memcmp(at, "true", 4) == 0 || memcmp(at, "null", 4) == 0)
        return at + 4;
    return memcmp(at, "false", 5) == 0 ? at + 5 : NULL;
}

/* Behind what is neither string nor array nor object. */
WAY static inline const char *end_plain(const struct walk *walk, const char *at)
{
    if (at >= walk->end)
        return NULL;
    return *at >= 'A' ? end_literal(at) : end_number(at, walk->end);
}

/* ---- values that nobody wants anything of ---- */

WAY static inline bool opens(char byte)
{
    return byte == '{' || byte == '[';
}

/* Behind a member's name, its colon and blanks. */
WAY static inline const char *skip_name(struct walk *walk, const char *at)
{
    if (*at != '"')
        return NULL;
    at = end_string(walk, at + 1);
    if (!at)
        return NULL;
    at = skip_blanks(at + 1, walk->end);
    return *at == ':' ? skip_blanks(at + 1, walk->end) : NULL;
}

WAY static inline const char *skip_flat(struct walk *walk, const char *at)
{
    if (*at != '"')
        return end_plain(walk, at);
    at = end_string(walk, at + 1);
    return at ? at + 1 : NULL;
}

/* Behind an array or an object. `room` is how deep it may nest, itself included. */
WAY static const char *skip_nested(struct walk *walk, const char *at, uint32_t room)
{
    uint64_t objects = 0; /* of what is open, the innermost lowest */
    uint32_t depth = 0;
    for (;;) {
        if (opens(*at)) {
            if (depth == room || at >= walk->end)
                return NULL;
            depth++;
            objects = objects << 1 | (*at == '{');
            at = skip_blanks(at + 1, walk->end);
            if (*at != '}' && *at != ']') {
                if ((objects & 1) != 0)
                    at = skip_name(walk, at);
                if (!at)
                    return NULL;
                continue;
            }
        } else {
            at = skip_flat(walk, at);
            if (!at)
                return NULL;
            at = skip_blanks(at, walk->end);
        }
        while (*at != ',') {
            if (*at != ((objects & 1) != 0 ? '}' : ']'))
                return NULL;
            at++;
            objects >>= 1;
            if (--depth == 0)
                return at;
            at = skip_blanks(at, walk->end);
        }
        at = skip_blanks(at + 1, walk->end);
        if ((objects & 1) != 0)
            at = skip_name(walk, at);
        if (!at)
            return NULL;
    }
}

WAY static inline const char *skip_value(struct walk *walk, const char *at, uint32_t room)
{
    return opens(*at) ? skip_nested(walk, at, room) : skip_flat(walk, at);
}

/* ---- values of which something is wanted ---- */

WAY static inline void note(struct walk *walk, const struct kithp_json_node *node, enum kithp_json_type type,
                            const char *begin, const char *end)
{
    unsigned flags = type == KITHP_JSON_STRING ? walk->flags : 0;
    for (uint32_t paths = node->paths; paths; paths &= paths - 1)
        walk->values[kithp_bytes_lowest_bit(paths)] =
            (struct kithp_json_value){.text = {begin, (uint64_t)(end - begin)},
                                      .type = type,
                                      .escaped = (flags & ESCAPED) != 0,
                                      .lone = (flags & LONE) != 0};
    walk->found |= node->paths;
}

WAY static inline enum kithp_json_type type_of(char first)
{
    switch (first) {
    case 'n':
        return KITHP_JSON_NULL;
    case 'f':
        return KITHP_JSON_FALSE;
    case 't':
        return KITHP_JSON_TRUE;
    default:
        return KITHP_JSON_NUMBER;
    }
}

WAY static const char *walk_value(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room);

WAY static inline const struct kithp_json_node *find_element(const struct walk *walk,
                                                             const struct kithp_json_node *node, uint32_t number)
{
    for (uint32_t child = node->child; child; child = walk->nodes[child].sibling)
        if (walk->nodes[child].element == number)
            return &walk->nodes[child];
    return NULL;
}

/* From behind the opening bracket. */
WAY static const char *walk_array(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room)
{
    at = skip_blanks(at, walk->end);
    if (*at == ']')
        return at + 1;
    for (uint32_t number = 0;; number++) {
        const struct kithp_json_node *child = find_element(walk, node, number);
        at = child ? walk_value(walk, child, at, room) : skip_value(walk, at, room);
        if (!at)
            return NULL;
        at = skip_blanks(at, walk->end);
        if (*at == ']')
            return at + 1;
        if (*at != ',')
            return NULL;
        at = skip_blanks(at + 1, walk->end);
    }
}

/* The child that a name with its quotes means, or 0. */
WAY static inline uint32_t find_child(const struct walk *walk, const struct kithp_json_node *node, const char *name,
                                      const char *end, unsigned flags)
{
    if (flags)
        return kithp_json_find_escaped(walk->nodes, node, (kith_text){name, (uint64_t)(end - name)});
    return kithp_json_tree_find(walk->nodes, node, name, (size_t)(end - name));
}

/* From behind the opening brace. */
WAY static const char *walk_object(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room)
{
    at = skip_blanks(at, walk->end);
    if (*at == '}')
        return at + 1;
    for (;;) {
        if (*at != '"')
            return NULL;
        const char *name = at + 1;
        walk->flags = 0;
        at = end_string(walk, name);
        if (!at)
            return NULL;
        uint32_t child = find_child(walk, node, name, at, walk->flags);
        at = skip_blanks(at + 1, walk->end);
        if (*at != ':')
            return NULL;
        at = skip_blanks(at + 1, walk->end);
        at = child ? walk_value(walk, &walk->nodes[child], at, room) : skip_value(walk, at, room);
        if (!at)
            return NULL;
        at = skip_blanks(at, walk->end);
        if (*at == '}')
            return at + 1;
        if (*at != ',')
            return NULL;
        at = skip_blanks(at + 1, walk->end);
    }
}

WAY static const char *walk_nested(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room)
{
    if (!node->child)
        return skip_nested(walk, at, room);
    if (room == 0 || at >= walk->end)
        return NULL;
    return *at == '{' ? walk_object(walk, node, at + 1, room - 1) : walk_array(walk, node, at + 1, room - 1);
}

/* Behind a value. Calls itself for no more names than a path has. */
WAY static const char *walk_value(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room)
{
    const char *end;
    /* Of what an earlier member of this name held, nothing counts. */
    walk->found &= ~node->below;
    if (*at == '"') {
        walk->flags = 0;
        end = end_string(walk, at + 1);
        if (!end)
            return NULL;
        note(walk, node, KITHP_JSON_STRING, at + 1, end);
        return end + 1;
    }
    bool nested = opens(*at);
    end = nested ? walk_nested(walk, node, at, room) : end_plain(walk, at);
    if (end)
        note(walk, node, nested ? (*at == '{' ? KITHP_JSON_OBJECT : KITHP_JSON_ARRAY) : type_of(*at), at, end);
    return end;
}

WAY const char *WALK(const struct kithp_json_node *nodes, const char *text, const char *end, uint32_t depth,
                     struct kithp_json_value *values, uint32_t *found)
{
    struct walk walk = {.nodes = nodes, .values = values, .end = end};
    if (text == end)
        return NULL;
    const char *behind = walk_value(&walk, nodes, skip_blanks(text, end), depth);
    *found = walk.found;
    return behind && behind <= end ? behind : NULL;
}
