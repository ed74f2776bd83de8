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
 *   bool is_name(const char *at, const struct kithp_json_name *name)   whether the name's text is there
 *
 * Each reads WIDTH bytes, the last one KITHP_JSON_ORDER_TEXT. The end of the text is not looked for at each byte: a
 * string must end before it, no array, object, number or literal may begin behind it, and nothing is gone on with
 * there, so that nothing is read past KITHP_JSON_BEHIND. What lies there is taken for text until then, and makes the
 * value end too late, which is asked about once.
 */
#include "base/bytes.h"
#include "exports/json_escape.h"
#include "exports/json_ways.h"

enum { ESCAPED = 1, LONE = 2 };

struct walk {
    struct kithp_json_order *order;
    const struct kithp_json_name *names; /* the order's */
    const struct kithp_json_node *nodes;
    struct kithp_json_value *values;
    const char *end;
    uint32_t found; /* paths */
    uint16_t name;  /* of the member whose value is read: its number in the order */
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

/* ---- names ---- */

/* A member whose name was read. No more than two registers hold: through memory, all that follows would take longer. */
struct member {
    const char *value; /* where it begins, but for blanks; or NULL where there is no such member */
    uint64_t name;     /* its number in the order */
};

static const struct member no_member = {NULL, 0};

/*
 * The name that is likely to come at a place of the one that was read last, `before`, with its brace or comma. None,
 * where something else is there.
 */
WAY static inline struct member guess_name(const struct walk *walk, uint64_t before, enum kithp_json_place place,
                                           const void *object, const char *at)
{
    uint16_t number = walk->names[before].after[place];
    const struct kithp_json_name *name = &walk->names[number];
    if (!is_name(at, name) || name->object != object || at + name->length >= walk->end)
        return no_member;
    return (struct member){at + name->length, number};
}

/* The same for a name of which nothing is known, which is checked and remembered. None, where it is refused. */
KITHP_JSON_SELDOM WAY static struct member learn_name(const struct walk *walk, uint64_t before,
                                                      enum kithp_json_place place, const void *object, const char *at)
{
    const char *quote = skip_blanks(at + 1, walk->end);
    if (*quote != '"')
        return no_member;
    struct string string = end_string(quote + 1, walk->end);
    if (!string.end)
        return no_member;
    kith_text name = {quote + 1, (uint64_t)(string.end - quote - 1)};
    const struct kithp_json_node *node = NULL;
    /* A path cannot say half a surrogate pair. */
    if (object != walk->order && (string.flags & LONE) == 0)
        node = kithp_json_find(walk->nodes, object, name, string.flags != 0);
    const char *colon = skip_blanks(string.end + 1, walk->end);
    if (*colon != ':')
        return no_member;
    const char *value = skip_blanks(colon + 1, walk->end);
    size_t length = (size_t)(value - at);
    return (struct member){value, kithp_json_order_learn(walk->order, before, place, at, length, object, node)};
}

/* ---- values that nobody wants anything of ---- */

WAY static inline bool opens(char byte)
{
    return byte == '{' || byte == '[';
}

WAY static inline const char *skip_flat(struct walk *walk, const char *at)
{
    if (*at != '"')
        return end_plain(walk, at);
    at = end_string(at + 1, walk->end).end;
    return at ? at + 1 : NULL;
}

/* What is open, the innermost last. */
struct open {
    uint64_t objects; /* a bit each, the innermost lowest; those of arrays are not set */
    uint32_t depth;
    uint16_t name;                          /* of the member of the innermost object that was read last */
    uint16_t owners[KITHP_JSON_DEPTH_MOST]; /* the names whose values are open */
};

/* To the value of a member of which nothing is wanted. */
WAY static inline const char *enter(struct open *open, struct member member)
{
    open->name = (uint16_t)member.name;
    return member.value;
}

/* Behind an opening bracket, to the first value in it or to the closing bracket. */
WAY static inline const char *open_nested(const struct walk *walk, struct open *open, const char *at, bool *empty)
{
    const bool object = *at == '{';
    open->owners[open->depth++] = open->name;
    open->objects = open->objects << 1 | object;
    *empty = false;
    struct member first = object ? guess_name(walk, open->name, KITHP_JSON_INSIDE, walk->order, at) : no_member;
    if (first.value)
        return enter(open, first);
    const char *behind = skip_blanks(at + 1, walk->end);
    *empty = *behind == ']' || *behind == '}';
    if (*empty || !object)
        return behind;
    return enter(open, learn_name(walk, open->name, KITHP_JSON_INSIDE, walk->order, at));
}

/* From behind a value to the next one, or behind the bracket that closes all; *done is whether it does. */
WAY static inline const char *go_on_nested(const struct walk *walk, struct open *open, const char *at, bool *done)
{
    *done = false;
    for (;;) {
        const bool object = (open->objects & 1) != 0;
        struct member next = object ? guess_name(walk, open->name, KITHP_JSON_BEHIND_IT, walk->order, at) : no_member;
        if (next.value)
            return enter(open, next);
        if (at >= walk->end)
            return NULL;
        at = skip_blanks(at, walk->end);
        if (*at == ',')
            return object ? enter(open, learn_name(walk, open->name, KITHP_JSON_BEHIND_IT, walk->order, at))
                          : skip_blanks(at + 1, walk->end);
        if (*at != (object ? '}' : ']'))
            return NULL;
        at++;
        open->objects >>= 1;
        open->name = open->owners[--open->depth];
        *done = open->depth == 0;
        if (*done)
            return at;
    }
}

/* Behind an array or an object. `room` is how deep it may nest, itself included. */
WAY static const char *skip_nested(struct walk *walk, const char *at, uint32_t room)
{
    struct open open = {.name = walk->name};
    for (bool done = false; !done;) {
        bool empty = false;
        if (*at != '"')
            at = skip_blanks(at, walk->end);
        if (opens(*at)) {
            if (open.depth == room || at >= walk->end)
                return NULL;
            at = open_nested(walk, &open, at, &empty);
        } else {
            at = skip_flat(walk, at);
            empty = true;
        }
        if (at && empty)
            at = go_on_nested(walk, &open, at, &done);
        if (!at)
            return NULL;
    }
    return at;
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

WAY static const char *walk_nested(struct walk *walk, const struct kithp_json_node *node, const char *at,
                                   uint32_t room);

/* Behind a value. This and walk_nested() call each other for no more names than a path has. */
KITHP_JSON_SELDOM WAY static const char *walk_value(struct walk *walk, const struct kithp_json_node *node,
                                                    const char *at, uint32_t room)
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
WAY static inline const char *walk_likely(struct walk *walk, const struct kithp_json_node *node, const char *at,
                                          uint32_t room)
{
    if (node->value == KITHP_JSON_NO_VALUE || (*at != '"' && opens(*at)))
        return walk_value(walk, node, at, room);
    walk->found |= node->paths;
    return read_flat(walk, at, &walk->values[node->value]);
}

WAY static inline const struct kithp_json_node *find_element(const struct walk *walk,
                                                             const struct kithp_json_node *node, uint64_t number)
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
    for (uint64_t number = 0;; number++) {
        const struct kithp_json_node *child = find_element(walk, node, number);
        at = child ? walk_value(walk, child, at, room) : skip_value(walk, at, room);
        if (!at || at >= walk->end)
            return NULL;
        at = skip_blanks(at, walk->end);
        if (*at == ']')
            return at + 1;
        if (*at != ',')
            return NULL;
        at = skip_blanks(at + 1, walk->end);
    }
}

/* From an opening brace to the object's first member. None, where that is refused; or it is empty, and *end is set. */
WAY static inline struct member first_member(const struct walk *walk, const struct kithp_json_node *object,
                                             const char *at, const char **end)
{
    struct member member = guess_name(walk, walk->name, KITHP_JSON_INSIDE, object, at);
    if (member.value)
        return member;
    const char *brace = skip_blanks(at + 1, walk->end);
    if (*brace != '}')
        return learn_name(walk, walk->name, KITHP_JSON_INSIDE, object, at);
    *end = brace + 1;
    return no_member;
}

/* From behind a value to the next member. None likewise, where the object ends. */
WAY static inline struct member next_member(const struct walk *walk, const struct kithp_json_node *object,
                                            uint64_t before, const char *at, const char **end)
{
    struct member member = guess_name(walk, before, KITHP_JSON_BEHIND_IT, object, at);
    if (member.value || at >= walk->end)
        return member;
    at = skip_blanks(at, walk->end);
    if (*at == ',')
        return learn_name(walk, before, KITHP_JSON_BEHIND_IT, object, at);
    if (*at == '}')
        *end = at + 1;
    return no_member;
}

WAY static const char *walk_object(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room)
{
    const uint16_t owner = walk->name;
    const char *end = NULL;
    struct member member = first_member(walk, node, at, &end);
    while (member.value) {
        at = *member.value == '"' ? member.value : skip_blanks(member.value, walk->end);
        walk->name = (uint16_t)member.name;
        const struct kithp_json_node *child = walk->names[member.name].node;
        at = child ? walk_likely(walk, child, at, room) : skip_value(walk, at, room);
        if (!at)
            return NULL;
        member = next_member(walk, node, member.name, at, &end);
    }
    walk->name = owner;
    return end;
}

WAY static const char *walk_nested(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room)
{
    if (room == 0 || at >= walk->end)
        return NULL;
    return *at == '{' ? walk_object(walk, node, at, room - 1) : walk_array(walk, node, at + 1, room - 1);
}

WAY const char *WALK(const struct kithp_json_tree *tree, const char *text, const char *end, uint32_t depth,
                     struct kithp_json_value *values, uint32_t *found)
{
    struct walk walk = {
        .order = tree->order, .names = tree->order->names, .nodes = tree->nodes, .values = values, .end = end};
    if (text == end)
        return NULL;
    const char *behind = walk_value(&walk, tree->nodes, skip_blanks(text, end), depth);
    *found = walk.found;
    return behind && behind <= end ? behind : NULL;
}
