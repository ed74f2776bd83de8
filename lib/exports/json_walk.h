/* SPDX-License-Identifier: MIT */
/*
 * Reading a JSON value quickly, whatever it is: all of it is checked, but nothing is told of what is wrong. Compiled
 * once for each way, as json_scalars.h says.
 */
#include "exports/json_scalars.h"

struct walk {
    const struct kithp_json_node *nodes;
    struct kithp_json_value *values;
    const char *end;
    uint32_t found; /* paths */
};

/* ---- names ---- */

/* From behind a name's closing quote to the member's value. NULL where there is no colon. */
WAY static inline const char *pass_colon(const struct walk *walk, const char *at)
{
    at = skip_blanks(at, walk->end);
    return *at == ':' ? skip_blanks(at + 1, walk->end) : NULL;
}

/* To a member's value; *child is what its name leads to, or NULL. */
WAY static inline const char *find_name(const struct walk *walk, const struct kithp_json_node *object, const char *at,
                                        const struct kithp_json_node **child)
{
    if (*at != '"')
        return NULL;
    struct string string = end_string(at + 1, walk->end);
    if (!string.end)
        return NULL;
    kith_text name = {at + 1, (uint64_t)(string.end - at - 1)};
    /* A path cannot say half a surrogate pair. */
    *child =
        (string.flags & LONE) == 0 ? kithp_json_find(walk->nodes, object, name, (string.flags & ESCAPED) != 0) : NULL;
    return pass_colon(walk, string.end + 1);
}

WAY static inline const char *skip_name(const struct walk *walk, const char *at)
{
    if (*at != '"')
        return NULL;
    at = end_string(at + 1, walk->end).end;
    return at ? pass_colon(walk, at + 1) : NULL;
}

/* ---- values that nobody wants anything of ---- */

WAY static inline const char *skip_flat(const struct walk *walk, const char *at)
{
    if (*at != '"')
        return end_plain(at, walk->end);
    at = end_string(at + 1, walk->end).end;
    return at ? at + 1 : NULL;
}

/* What is open. */
struct open {
    uint64_t objects; /* a bit each, the innermost lowest; those of arrays are not set */
    uint32_t depth;
};

/* To the next value in what is innermost, which is an element, or that of the member whose name is here. */
WAY static inline const char *enter(const struct walk *walk, const struct open *open, const char *at)
{
    return (open->objects & 1) != 0 ? skip_name(walk, at) : at;
}

/* From behind a value to the next one, or behind the bracket that closes all. */
WAY static inline const char *leave(const struct walk *walk, struct open *open, const char *at)
{
    for (at = skip_blanks(at, walk->end); *at != ','; at = skip_blanks(at, walk->end)) {
        if (at >= walk->end || *at != ((open->objects & 1) != 0 ? '}' : ']'))
            return NULL;
        at++;
        open->objects >>= 1;
        if (--open->depth == 0)
            return at;
    }
    return enter(walk, open, skip_blanks(at + 1, walk->end));
}

/* Behind an array or an object. `room` is how deep it may nest, itself included. */
WAY static const char *skip_nested(const struct walk *walk, const char *at, uint32_t room)
{
    struct open open = {0, 0};
    do {
        if (!opens(*at)) {
            at = skip_flat(walk, at);
            at = at ? leave(walk, &open, at) : NULL;
            continue;
        }
        if (open.depth == room || at >= walk->end)
            return NULL;
        open.depth++;
        open.objects = open.objects << 1 | (*at == '{');
        at = skip_blanks(at + 1, walk->end);
        at = *at == '}' || *at == ']' ? leave(walk, &open, at) : enter(walk, &open, at);
    } while (at && open.depth > 0);
    return at;
}

WAY static inline const char *skip_value(const struct walk *walk, const char *at, uint32_t room)
{
    return opens(*at) ? skip_nested(walk, at, room) : skip_flat(walk, at);
}

/* ---- values of which something is wanted ---- */

/* A string, number or literal. Returns what is behind it, or NULL. */
WAY static inline const char *read_flat(const struct walk *walk, const char *at, struct kithp_json_value *value)
{
    if (*at == '"') {
        struct string string = end_string(at + 1, walk->end);
        if (!string.end)
            return NULL;
        *value = string_value(at + 1, string);
        return string.end + 1;
    }
    const char *end = end_plain(at, walk->end);
    if (end)
        *value = other_value(at, end);
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
        value = other_value(at, end ? end : at);
    } else {
        end = read_flat(walk, at, &value);
    }
    if (end)
        put_value(walk->values, node->paths, value);
    walk->found |= node->paths;
    return end;
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

/* From behind the opening brace. */
WAY static const char *walk_object(struct walk *walk, const struct kithp_json_node *node, const char *at, uint32_t room)
{
    at = skip_blanks(at, walk->end);
    if (*at == '}')
        return at + 1;
    for (;;) {
        const struct kithp_json_node *child;
        at = find_name(walk, node, at, &child);
        if (!at)
            return NULL;
        at = child ? walk_value(walk, child, at, room) : skip_value(walk, at, room);
        if (!at || at >= walk->end)
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
    if (room == 0 || at >= walk->end)
        return NULL;
    return *at == '{' ? walk_object(walk, node, at + 1, room - 1) : walk_array(walk, node, at + 1, room - 1);
}

WAY const char *WALK(const struct kithp_json_tree *tree, const char *text, const char *end, uint32_t depth,
                     struct kithp_json_value *values, uint32_t *found)
{
    struct walk walk = {.nodes = tree->nodes, .values = values, .end = end};
    if (text == end)
        return NULL;
    const char *behind = walk_value(&walk, tree->nodes, skip_blanks(text, end), depth);
    *found = walk.found;
    return behind && behind <= end ? behind : NULL;
}
