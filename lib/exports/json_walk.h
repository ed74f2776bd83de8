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
 *   struct kithp_json_marks find_marks(const char *at)            the same, each sort for itself
 *   uint64_t find_odd_letters(const char *at, uint64_t letters)   of these bytes, those that stand behind a backslash
 *                                                                 for something else than one character
 *   bool is_utf8(const char *at, const char *end)
 *
 * Each reads WIDTH bytes. The end of the text is not looked for at each byte: a string must end before it, and no
 * array, object, number or literal may begin behind it, so that nothing is read past KITHP_JSON_BEHIND. What lies there
 * is taken for text until then, and makes the value end too late, which is asked about once.
 */
#include "base/bytes.h"
#include "exports/json_escape.h"
#include "exports/json_ways.h"

enum { ESCAPED = 1, LONE = 2 };

struct walk {
    struct kithp_json_node *nodes;
    struct kithp_json_value *values;
    const char *end;
    uint32_t found; /* paths */
};

/* ---- blanks ---- */

KITHP_JSON_SELDOM WAY static const char *skip_all_blanks(const char *at, const char *end)
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

struct string {
    const char *end; /* its closing quote, or NULL */
    unsigned flags;
};

static const struct string no_string = {NULL, 0};

/*
 * Of a block's bytes, those behind a backslash that is not itself behind one. *carry is whether the first one is, and
 * then whether the one behind the block is.
 *
 * In a row of backslashes, every second one is escaped. A subtraction goes through all rows at once: with the bits at
 * odd places set, and what is behind each backslash, it stops at the row's end; the exclusive or with the odd places
 * leaves the right ones, wherever the row begins.
 */
WAY static inline uint64_t find_escaped(uint64_t backslashes, uint64_t *carry)
{
    const uint64_t odd = UINT64_C(0xAAAAAAAAAAAAAAAA);
    uint64_t begins = backslashes & ~*carry;
    uint64_t rows = (((begins << 1) | odd) - begins) ^ odd;
    uint64_t escaped = rows ^ (backslashes | *carry);
    *carry = (rows & backslashes) >> (WIDTH - 1) & 1;
    return escaped;
}

/* How many bytes from the letter on are an escape of a number, or of two that are a pair; 0 where it is none. */
WAY static inline size_t look_at_number(const char *letter, unsigned *flags)
{
    if (*letter != 'u')
        return 0;
    uint32_t first = kithp_json_hex(letter + 1);
    if (first - 0xD800 >= 0x800)
        return first <= 0xFFFF ? 5 : 0;
    if (first < 0xDC00 && letter[5] == '\\' && letter[6] == 'u' && kithp_json_hex(letter + 7) - 0xDC00 < 0x400)
        return 11;
    *flags |= LONE;
    return 5;
}

/* Checks the letters behind backslashes in a block. `done` is what is behind the last escape of a number. */
WAY static inline bool check_letters(const char *at, uint64_t letters, const char **done, unsigned *flags)
{
    for (uint64_t odd = find_odd_letters(at, letters); odd; odd &= odd - 1) {
        const char *letter = at + kithp_bytes_lowest_bit(odd);
        if (letter < *done)
            continue;
        size_t length = look_at_number(letter, flags);
        if (length == 0)
            return false;
        *done = letter + length;
    }
    *flags |= ESCAPED;
    return true;
}

/* A string that begins at `begin` and is plain up to `at`. */
KITHP_JSON_SELDOM WAY static struct string end_odd_string(const char *begin, const char *at, const char *end)
{
    const char *done = begin;
    uint64_t high = 0, carry = 0;
    unsigned flags = 0;
    for (; at < end; at += WIDTH) {
        struct kithp_json_marks marks = find_marks(at);
        uint64_t escaped = (marks.backslashes | carry) != 0 ? find_escaped(marks.backslashes, &carry) : 0;
        uint64_t ends = marks.quotes & ~escaped;
        /* Up to the closing quote. */
        uint64_t within = ends ? ends ^ (ends - 1) : UINT64_MAX >> (64 - WIDTH);
        high |= marks.high & within;
        if ((marks.controls & within) != 0)
            return no_string;
        if ((escaped & within) != 0 && !check_letters(at, escaped & within, &done, &flags))
            return no_string;
        if (!ends)
            continue;
        at += kithp_bytes_lowest_bit(ends);
        return at < end && (high == 0 || is_utf8(begin, at)) ? (struct string){at, flags} : no_string;
    }
    return no_string;
}

/* A string, from behind its opening quote. */
WAY static inline struct string end_string(const char *begin, const char *end)
{
    uint64_t stops;
    const char *at = begin;
    while ((stops = find_stops(at)) == 0) {
        at += WIDTH;
        if (at >= end)
            return no_string;
    }
    at += kithp_bytes_lowest_bit(stops);
    if (*at != '"')
        return end_odd_string(begin, at, end);
    return at < end ? (struct string){at, 0} : no_string;
}

/* ---- numbers and literals ---- */

/* Eight bytes, of which those that are no digits have their eighth bit set. */
WAY static inline uint64_t no_digits(const char *at)
{
    uint64_t word = kithp_words_load(at) ^ kithp_words_repeat('0');
    return (((word & kithp_words_repeat(0x7F)) + kithp_words_repeat(0x76)) | word) & kithp_words_repeat(0x80);
}

KITHP_JSON_SELDOM WAY static const char *skip_digits(const char *at, const char *end)
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
KITHP_JSON_SELDOM WAY static const char *end_odd_number(const char *at, const char *end)
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
    at = end_string(at + 1, walk->end).end;
    if (!at)
        return NULL;
    at = skip_blanks(at + 1, walk->end);
    return *at == ':' ? skip_blanks(at + 1, walk->end) : NULL;
}

WAY static inline const char *skip_flat(struct walk *walk, const char *at)
{
    if (*at != '"')
        return end_plain(walk, at);
    at = end_string(at + 1, walk->end).end;
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

WAY static inline enum kithp_json_type type_of(char first)
{
    switch (first) {
    case '{':
        return KITHP_JSON_OBJECT;
    case '[':
        return KITHP_JSON_ARRAY;
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

/* A value but for its type's name. Returns what is behind it, or NULL. */
WAY static inline const char *read_flat(const struct walk *walk, const char *at, struct kithp_json_value *value)
{
    if (*at == '"') {
        struct string string = end_string(at + 1, walk->end);
        if (!string.end)
            return NULL;
        *value = (struct kithp_json_value){.text = {at + 1, (uint64_t)(string.end - at - 1)},
                                           .type = KITHP_JSON_STRING,
                                           .escaped = (string.flags & ESCAPED) != 0,
                                           .lone = (string.flags & LONE) != 0};
        return string.end + 1;
    }
    const char *end = end_plain(walk, at);
    if (end)
        *value = (struct kithp_json_value){.text = {at, (uint64_t)(end - at)}, .type = type_of(*at)};
    return end;
}

WAY static const char *walk_nested(struct walk *walk, struct kithp_json_node *node, const char *at, uint32_t room);

/* Behind a value. This and walk_nested() call each other for no more names than a path has. */
KITHP_JSON_SELDOM WAY static const char *walk_value(struct walk *walk, struct kithp_json_node *node, const char *at,
                                                    uint32_t room)
{
    /* Of what an earlier member of this name held, nothing counts. */
    walk->found &= ~node->below;
    struct kithp_json_value value;
    const char *end;
    if (opens(*at)) {
        end = node->child ? walk_nested(walk, node, at, room) : skip_nested(walk, at, room);
        value = (struct kithp_json_value){.text = {at, end ? (uint64_t)(end - at) : 0}, .type = type_of(*at)};
    } else {
        end = read_flat(walk, at, &value);
    }
    for (uint32_t paths = end ? node->paths : 0; paths; paths &= paths - 1)
        walk->values[kithp_bytes_lowest_bit(paths)] = value;
    walk->found |= node->paths;
    return end;
}

/* The same, quickly where there is one path that ends here. */
WAY static inline const char *walk_likely(struct walk *walk, struct kithp_json_node *node, const char *at,
                                          uint32_t room)
{
    if (node->value == KITHP_JSON_NO_VALUE || (*at != '"' && opens(*at)))
        return walk_value(walk, node, at, room);
    walk->found |= node->paths;
    return read_flat(walk, at, &walk->values[node->value]);
}

WAY static inline struct kithp_json_node *find_element(const struct walk *walk, const struct kithp_json_node *node,
                                                       uint64_t number)
{
    for (uint32_t child = node->child; child; child = walk->nodes[child].sibling)
        if (walk->nodes[child].element == number)
            return &walk->nodes[child];
    return NULL;
}

/* From behind the opening bracket. */
WAY static const char *walk_array(struct walk *walk, struct kithp_json_node *node, const char *at, uint32_t room)
{
    at = skip_blanks(at, walk->end);
    if (*at == ']')
        return at + 1;
    for (uint64_t number = 0;; number++) {
        struct kithp_json_node *child = find_element(walk, node, number);
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

/* Behind a member's name and its colon. *child is what it leads to, or NULL. */
WAY static inline const char *find_name(const struct walk *walk, const struct kithp_json_node *node, const char *at,
                                        struct kithp_json_node **child)
{
    if (*at != '"')
        return NULL;
    const char *name = at + 1;
    struct string string = end_string(name, walk->end);
    if (!string.end)
        return NULL;
    size_t length = (size_t)(string.end - name);
    uint32_t number = 0;
    /* A path cannot say half a surrogate pair. */
    if (string.flags == ESCAPED)
        number = kithp_json_find_escaped(walk->nodes, node, (kith_text){name, length});
    else if (string.flags == 0)
        number = kithp_json_tree_find(walk->nodes, node, name, length);
    *child = number ? &walk->nodes[number] : NULL;
    at = skip_blanks(string.end + 1, walk->end);
    return *at == ':' ? at + 1 : NULL;
}

/* From behind the opening brace. */
WAY static const char *walk_object(struct walk *walk, struct kithp_json_node *node, const char *at, uint32_t room)
{
    struct kithp_json_node *unknown = NULL, **next = &node->first;
    at = skip_blanks(at, walk->end);
    if (*at == '}')
        return at + 1;
    for (;;) {
        struct kithp_json_node *child = *next;
        if (child && kithp_json_tree_is_at(child, at)) {
            at += child->length + 3;
        } else {
            at = find_name(walk, node, at, &child);
            if (!at)
                return NULL;
            *next = child;
        }
        at = skip_blanks(at, walk->end);
        at = child ? walk_likely(walk, child, at, room) : skip_value(walk, at, room);
        if (!at)
            return NULL;
        at = skip_blanks(at, walk->end);
        if (*at == '}')
            return at + 1;
        if (*at != ',')
            return NULL;
        at = skip_blanks(at + 1, walk->end);
        /* Behind what nobody wants, nothing is likely. */
        unknown = NULL;
        next = child ? &child->next : &unknown;
    }
}

WAY static const char *walk_nested(struct walk *walk, struct kithp_json_node *node, const char *at, uint32_t room)
{
    if (room == 0 || at >= walk->end)
        return NULL;
    return *at == '{' ? walk_object(walk, node, at + 1, room - 1) : walk_array(walk, node, at + 1, room - 1);
}

WAY const char *WALK(struct kithp_json_node *nodes, const char *text, const char *end, uint32_t depth,
                     struct kithp_json_value *values, uint32_t *found)
{
    struct walk walk = {.nodes = nodes, .values = values, .end = end};
    if (text == end)
        return NULL;
    const char *behind = walk_value(&walk, nodes, skip_blanks(text, end), depth);
    *found = walk.found;
    return behind && behind <= end ? behind : NULL;
}
