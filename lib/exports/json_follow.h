/* SPDX-License-Identifier: MIT */
/*
 * Reading a JSON text whose shape is known: what stands between its strings, numbers and literals is compared with what
 * stood there before, and only they are looked at. Compiled once for each way, as json_scalars.h says.
 */
#include "exports/json_scalars.h"
#include "exports/json_shape.h"

struct follower {
    struct kithp_json_value *values;
    uint32_t found;                           /* paths */
    const char *begun[KITHP_JSON_PATHS_MOST]; /* where an array or object began that is wanted as a whole, by path */
};

KITHP_JSON_SELDOM WAY static void take_value(struct follower *follower, const struct kithp_json_link *link,
                                             struct kithp_json_value value)
{
    /* Of what an earlier member of this name held, nothing counts. */
    follower->found = (follower->found & ~link->below) | link->paths;
    put_value(follower->values, link->paths, value);
}

/* Behind the bracket of an array or an object that is wanted as a whole. */
KITHP_JSON_SELDOM WAY static void take_bracket(struct follower *follower, const struct kithp_json_link *link,
                                               const char *at)
{
    const char **begin = &follower->begun[kithp_bytes_lowest_bit(link->paths)];
    if (link->kind == KITHP_JSON_LINK_CLOSING) {
        take_value(follower, link, other_value(*begin, at));
        return;
    }
    follower->found &= ~link->below;
    *begin = at - 1;
}

/* Returns the value's end, or NULL where the text is of another shape, or is to be refused. */
WAY const char *FOLLOW(struct kithp_json_shape *shape, const char *text, const char *end,
                       struct kithp_json_value *values, uint32_t *found)
{
    const struct kithp_json_link *const links = shape->links;
    struct follower follower;
    follower.values = values;
    follower.found = 0;
    uint32_t last = 0;
    for (const char *at = text; at <= end;) {
        /* 0 is always here: it has no text, and is of no kind. */
        uint32_t number = links[last].after;
        if (!is_link(at, &links[number]))
            number = kithp_json_shape_find(shape, last, at);
        const struct kithp_json_link *link = &links[number];
        const char *begin = at + link->length;
        if (link->kind == KITHP_JSON_LINK_STRING) {
            struct string string = end_string(begin, end);
            if (!string.end)
                return NULL;
            if (link->is_wanted)
                take_value(&follower, link, string_value(begin, string));
            at = string.end + 1;
        } else if (link->kind == KITHP_JSON_LINK_PLAIN) {
            const char *behind = end_plain(begin, end);
            if (!behind) {
                /* The text of another link may begin with that of this one. */
                if (kithp_json_begins_plain(*begin) || kithp_json_shape_find(shape, last, at) == 0)
                    return NULL;
                continue;
            }
            if (link->is_wanted)
                take_value(&follower, link, other_value(begin, behind));
            at = behind;
        } else if (link->kind == KITHP_JSON_LINK_END) {
            *found = follower.found & ~link->below;
            return begin <= end ? begin : NULL;
        } else if (link->kind == KITHP_JSON_LINK_NONE) {
            return NULL;
        } else {
            if (link->kind != KITHP_JSON_LINK_MORE)
                take_bracket(&follower, link, begin);
            at = begin;
        }
        last = number;
    }
    return NULL;
}
