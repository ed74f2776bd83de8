/* SPDX-License-Identifier: MIT */
#include "exports/json_shape.h"

#include <string.h>

#include "base/alloc.h"
#include "exports/json.h"
#include "exports/json_escape.h"

/*
 * How many there can be: more than most exports need, as archives of what happened on a code host come to some
 * hundreds. A single text adds a part of them at most, so that a map of thousands leaves room for others.
 */
enum { LINKS_FIRST = 64, LINKS_MOST = 4096, PLACES_FIRST = 64, PLACES_MOST = 4096, OF_A_TEXT = 1024 };

/* Bytes of one name, and of all of them. */
enum { NAME_MOST = 1024, NAMES_FIRST = 1024, NAMES_MOST = 1 << 16 };

/*
 * How many links that lead on from a place are looked at, those that were met last first, and how many of a row: maps
 * have a name for each of their members, and whoever wants to can find as many of one row as he likes.
 */
enum { TRIED_MOST = 32, ROW_MOST = 16 };

/*
 * How many texts are of no known shape, once there is room for no other, until all that is known is forgotten: the
 * first time, and from then on twice as many each time, as learning takes longer than reading.
 */
enum { PATIENCE_FIRST = 1 << 12, PATIENCE_MOST = 1 << 24 };

/* Where texts begin, and the value that they are. */
enum { START, ROOT };

/* Of a place that is no element. */
#define A_MEMBER UINT32_MAX

struct kithp_json_place {
    const struct kithp_json_node *node; /* NULL where no path leads to or through it */
    uint32_t name;                      /* where it begins in the shape's names */
    uint32_t length;                    /* of the name */
    uint32_t element;                   /* its number, where a path tells that from others; or A_MEMBER */
    uint16_t parent;
    uint16_t first; /* link that leads on from behind the value */
    uint16_t twin;  /* the next one of the same row */
};

/* ---- room ---- */

static bool grow_links(struct kithp_json_shape *shape, uint32_t capacity)
{
    const size_t size = sizeof *shape->links;
    void *memory = kithp_alloc_array(shape->allocator, (size_t)capacity + 1, size);
    if (!memory)
        return false;
    /* Each link lies in a line of the cache, less than which allocators give. */
    size_t past = (uintptr_t)memory % size;
    struct kithp_json_link *links = (void *)((char *)memory + (past > 0 ? size - past : 0));
    if (shape->link_count > 0)
        memcpy(links, shape->links, shape->link_count * size);
    kithp_alloc_free(shape->allocator, shape->link_memory);
    shape->link_memory = memory;
    shape->links = links;
    shape->link_capacity = capacity;
    return true;
}

static bool reserve_link(struct kithp_json_shape *shape)
{
    if (shape->link_count < shape->link_capacity)
        return true;
    shape->is_full |= shape->link_capacity == LINKS_MOST;
    return !shape->is_full && grow_links(shape, 2 * shape->link_capacity);
}

/* Room for so many places, with names of so many bytes. */
static bool grow_places(struct kithp_json_shape *shape, size_t count, size_t name_bytes)
{
    return kithp_alloc_grow(shape->allocator, (void **)&shape->places, &shape->place_capacity, count,
                            sizeof *shape->places) &&
           kithp_alloc_grow(shape->allocator, (void **)&shape->names, &shape->name_capacity, name_bytes, 1);
}

static bool reserve_place(struct kithp_json_shape *shape, size_t length)
{
    shape->is_full |= shape->place_count == PLACES_MOST || length > NAMES_MOST - shape->name_bytes;
    return !shape->is_full && shape->place_count < shape->place_end &&
           grow_places(shape, shape->place_count + 1, shape->name_bytes + length);
}

bool kithp_json_shape_init(struct kithp_json_shape *shape, const kith_allocator *allocator,
                           const struct kithp_json_node *nodes)
{
    memset(shape, 0, sizeof *shape);
    shape->allocator = allocator;
    shape->nodes = nodes;
    shape->patience = PATIENCE_FIRST;
    return grow_links(shape, LINKS_FIRST) && grow_places(shape, PLACES_FIRST, NAMES_FIRST);
}

void kithp_json_shape_free(struct kithp_json_shape *shape)
{
    kithp_alloc_free(shape->allocator, shape->link_memory);
    kithp_alloc_free(shape->allocator, shape->places);
    kithp_alloc_free(shape->allocator, shape->names);
}

/* ---- places ---- */

static uint32_t add_place(struct kithp_json_shape *shape, const struct kithp_json_place *place)
{
    uint32_t number = shape->place_count++;
    shape->places[number] = *place;
    return number;
}

/* Forgets all, and begins with what all texts have. */
static void begin(struct kithp_json_shape *shape, uint32_t depth)
{
    shape->link_count = shape->place_count = 0;
    shape->name_bytes = 0;
    shape->missed = 0;
    shape->is_full = false;
    shape->depth = depth;
    memset(shape->place_rows, 0, sizeof shape->place_rows);
    memset(shape->link_rows, 0, sizeof shape->link_rows);
    shape->links[shape->link_count++] = (struct kithp_json_link){.place = START};
    add_place(shape, &(struct kithp_json_place){.element = A_MEMBER});
    add_place(shape, &(struct kithp_json_place){.element = A_MEMBER, .node = shape->nodes});
}

static uint64_t hash_of(uint64_t from, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        from = (from ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001B3);
    return from * UINT64_C(0x9E3779B97F4A7C15) >> 32;
}

/* What a name leads to, as it stands in the text. */
static const struct kithp_json_node *child_of(const struct kithp_json_shape *shape, const struct kithp_json_node *node,
                                              kith_text name)
{
    struct kithp_json_value value = {.lone = false};
    bool escaped = memchr(name.data, '\\', name.length) != NULL;
    if (escaped)
        kithp_json_read_any((kith_text){name.data - 1, name.length + 2}, 0, &value);
    /* A path cannot say half a surrogate pair. */
    return value.lone ? NULL : kithp_json_find(shape->nodes, node, name, escaped);
}

static const struct kithp_json_node *node_of(const struct kithp_json_shape *shape, uint32_t parent, uint32_t element,
                                             kith_text name)
{
    const struct kithp_json_node *above = shape->places[parent].node;
    if (!above)
        return NULL;
    if (element == A_MEMBER)
        return child_of(shape, above, name);
    for (uint32_t child = above->child; child; child = shape->nodes[child].sibling)
        if (shape->nodes[child].element == element)
            return &shape->nodes[child];
    return NULL;
}

static uint32_t find_place(const struct kithp_json_shape *shape, uint32_t row, const struct kithp_json_place *wanted,
                           const char *name, bool *has_room)
{
    uint32_t number = shape->place_rows[row], length = 0;
    for (; number && length < ROW_MOST; number = shape->places[number].twin, length++) {
        const struct kithp_json_place *place = &shape->places[number];
        if (place->parent == wanted->parent && place->element == wanted->element && place->length == wanted->length &&
            memcmp(shape->names + place->name, name, wanted->length) == 0)
            return number;
    }
    *has_room = length < ROW_MOST;
    return 0;
}

/* The place of a member, or of an element, which has no name. 0 where there is no room, or the name is too long. */
static uint32_t place_of(struct kithp_json_shape *shape, uint32_t parent, uint32_t element, kith_text name)
{
    if (name.length > NAME_MOST)
        return 0;
    struct kithp_json_place place = {.length = (uint32_t)name.length, .element = element, .parent = (uint16_t)parent};
    const uint64_t from = (uint64_t)parent << 32 ^ element;
    const uint32_t row = (uint32_t)(hash_of(from, name.data, name.length) % KITHP_JSON_SHAPE_ROWS);
    bool has_room = false;
    uint32_t number = find_place(shape, row, &place, name.data, &has_room);
    if (number > 0 || !has_room || !reserve_place(shape, name.length))
        return number;
    place.node = node_of(shape, parent, element, name);
    place.name = (uint32_t)shape->name_bytes;
    place.twin = shape->place_rows[row];
    memcpy(shape->names + shape->name_bytes, name.data, name.length);
    shape->name_bytes += name.length;
    return shape->place_rows[row] = (uint16_t)add_place(shape, &place);
}

/* ---- links ---- */

/* Whether a link's text is here, and what should come behind it may. */
static bool is_here(const struct kithp_json_link *link, const char *at)
{
    if (link->length >= 8 && kithp_words_load(link->text) != kithp_words_load(at))
        return false;
    return memcmp(link->text, at, link->length) == 0 &&
           (link->kind != KITHP_JSON_LINK_PLAIN || kithp_json_begins_plain(at[link->length]));
}

uint32_t kithp_json_shape_find(struct kithp_json_shape *shape, uint32_t last, const char *at)
{
    struct kithp_json_link *links = shape->links;
    struct kithp_json_place *place = &shape->places[links[last].place];
    uint16_t *next = &place->first;
    for (int tried = 0; tried < TRIED_MOST && *next; tried++, next = &links[*next].other) {
        uint16_t number = *next;
        if (!is_here(&links[number], at))
            continue;
        /* The one that was met last comes first. */
        *next = links[number].other;
        links[number].other = place->first;
        place->first = number;
        return links[last].after = number;
    }
    return 0;
}

/* A text that is taken apart. */
struct learner {
    struct kithp_json_shape *shape;
    const char *at;
    const char *end;
    const char *begin; /* of the next link's text */
    uint32_t last;     /* link */
    uint32_t added;    /* links that were not known */
    uint32_t below;    /* paths that lead to or through values begun since */
    uint32_t member;   /* whose value is to come; 0 where a name is, or nothing is open but arrays */
    uint32_t depth;
    struct {
        uint32_t place;
        uint32_t element;  /* the next one */
        uint32_t elements; /* how many are told apart, all behind them being alike */
        bool is_object;
    } open[KITHP_JSON_DEPTH_MOST];
};

/* The link with the same text that leads on from a place. That tells what comes behind it. */
static uint32_t find_same(const struct kithp_json_shape *shape, uint32_t row, const struct kithp_json_link *link,
                          bool *has_room)
{
    uint32_t number = shape->link_rows[row], length = 0;
    for (; number && length < ROW_MOST; number = shape->links[number].twin, length++) {
        const struct kithp_json_link *known = &shape->links[number];
        if (known->from == link->from && known->length == link->length &&
            memcmp(known->text, link->text, link->length) == 0)
            return number;
    }
    *has_room = length < ROW_MOST;
    return 0;
}

/* Links with more text, or into a bracket, lead to a place of their own. */
static bool reserve_for(struct kithp_json_shape *shape, struct kithp_json_link *link)
{
    const bool has_own = link->kind == KITHP_JSON_LINK_MORE || link->kind == KITHP_JSON_LINK_OPENING;
    if (!reserve_link(shape) || (has_own && !reserve_place(shape, 0)))
        return false;
    if (has_own)
        link->place = (uint16_t)add_place(shape, &(struct kithp_json_place){.element = A_MEMBER});
    return true;
}

/* The number of a link that is not known; 0 where there is no room. */
static uint32_t add_link(struct learner *learner, uint32_t row, struct kithp_json_link *link)
{
    struct kithp_json_shape *shape = learner->shape;
    if (learner->added == OF_A_TEXT || !reserve_for(shape, link))
        return 0;
    uint32_t number = shape->link_count++;
    uint16_t *first = &shape->places[link->from].first;
    link->other = *first;
    link->twin = shape->link_rows[row];
    shape->links[number] = *link;
    shape->link_rows[row] = *first = (uint16_t)number;
    learner->added++;
    return number;
}

/* The link with the text from the learner's beginning on. False where there is no room. */
static bool take_link(struct learner *learner, struct kithp_json_link *link, size_t length)
{
    struct kithp_json_shape *shape = learner->shape;
    link->from = shape->links[learner->last].place;
    link->length = (uint8_t)length;
    link->bits = length < KITHP_JSON_LINK_TEXT ? (UINT32_C(1) << length) - 1 : UINT32_MAX;
    memcpy(link->text, learner->begin, length);
    const uint32_t row = (uint32_t)(hash_of(link->from, link->text, length) % KITHP_JSON_SHAPE_ROWS);
    bool has_room = false;
    uint32_t number = find_same(shape, row, link, &has_room);
    if (number == 0 && has_room)
        number = add_link(learner, row, link);
    if (number == 0)
        return false;
    shape->links[learner->last].after = (uint16_t)number;
    learner->last = number;
    learner->begin += length;
    return true;
}

/* To what stands at `end`, which is of this place. False where there is no room. */
static bool link_to(struct learner *learner, enum kithp_json_link_kind kind, const char *end, uint32_t place)
{
    /* Where a number comes, a string may: if both had the same text but for its quote, one would hide the other. */
    const ptrdiff_t most = KITHP_JSON_LINK_TEXT - (kind == KITHP_JSON_LINK_PLAIN);
    while (end - learner->begin > most) {
        struct kithp_json_link more = {.kind = KITHP_JSON_LINK_MORE};
        if (!take_link(learner, &more, KITHP_JSON_LINK_TEXT))
            return false;
    }
    const struct kithp_json_node *node = learner->shape->places[place].node;
    struct kithp_json_link link = {.kind = (uint8_t)kind, .place = (uint16_t)place, .below = learner->below};
    link.paths = node ? node->paths : 0;
    link.is_wanted = (link.paths | link.below) != 0;
    learner->below = 0;
    return take_link(learner, &link, (size_t)(end - learner->begin));
}

/* ---- learning ---- */

/* The place of a value that begins. 0 where there is no room. */
static uint32_t begin_value(struct learner *learner)
{
    const uint32_t depth = learner->depth, member = learner->member;
    learner->member = 0;
    uint32_t place = member;
    if (depth == 0)
        place = ROOT;
    else if (!learner->open[depth - 1].is_object) {
        uint32_t element = learner->open[depth - 1].element;
        learner->open[depth - 1].element += element < learner->open[depth - 1].elements;
        place = place_of(learner->shape, learner->open[depth - 1].place, element, (kith_text){learner->at, 0});
    }
    const struct kithp_json_node *node = learner->shape->places[place].node;
    learner->below |= node ? node->below : 0;
    return place;
}

/* How many elements of an array paths tell apart. */
static uint32_t elements_of(const struct kithp_json_shape *shape, uint32_t place)
{
    const struct kithp_json_node *node = shape->places[place].node;
    uint64_t count = 0;
    for (uint32_t child = node ? node->child : 0; child; child = shape->nodes[child].sibling)
        if (shape->nodes[child].element != KITHP_JSON_NOT_AN_ELEMENT && shape->nodes[child].element >= count)
            count = shape->nodes[child].element + 1;
    return (uint32_t)count;
}

static bool is_wanted_as_a_whole(const struct kithp_json_shape *shape, uint32_t place)
{
    return shape->places[place].node && shape->places[place].node->paths != 0;
}

static bool open_bracket(struct learner *learner)
{
    struct kithp_json_shape *shape = learner->shape;
    const bool is_object = *learner->at++ == '{';
    uint32_t place = begin_value(learner);
    if (place == 0 ||
        (is_wanted_as_a_whole(shape, place) && !link_to(learner, KITHP_JSON_LINK_OPENING, learner->at, place)))
        return false;
    learner->open[learner->depth].place = place;
    learner->open[learner->depth].element = 0;
    learner->open[learner->depth].elements = elements_of(shape, place);
    learner->open[learner->depth].is_object = is_object;
    learner->depth++;
    return true;
}

static bool close_bracket(struct learner *learner)
{
    uint32_t place = learner->open[--learner->depth].place;
    learner->at++;
    return !is_wanted_as_a_whole(learner->shape, place) ||
           link_to(learner, KITHP_JSON_LINK_CLOSING, learner->at, place);
}

/* A name, or a value. */
static bool take_string(struct learner *learner)
{
    const char *begin = ++learner->at, *end = begin;
    while (*end != '"')
        end += *end == '\\' ? 2 : 1;
    learner->at = end + 1;
    const uint32_t depth = learner->depth;
    if (depth > 0 && learner->open[depth - 1].is_object && learner->member == 0) {
        kith_text name = {begin, (uint64_t)(end - begin)};
        learner->member = place_of(learner->shape, learner->open[depth - 1].place, A_MEMBER, name);
        return learner->member != 0;
    }
    uint32_t place = begin_value(learner);
    bool taken = place != 0 && link_to(learner, KITHP_JSON_LINK_STRING, begin, place);
    learner->begin = learner->at;
    return taken;
}

static bool take_plain(struct learner *learner)
{
    uint32_t place = begin_value(learner);
    if (place == 0 || !link_to(learner, KITHP_JSON_LINK_PLAIN, learner->at, place))
        return false;
    while (learner->at < learner->end && !strchr(",]} \t\r\n", *learner->at))
        learner->at++;
    learner->begin = learner->at;
    return true;
}

static bool take_next(struct learner *learner)
{
    switch (*learner->at) {
    case '{':
    case '[':
        return open_bracket(learner);
    case '}':
    case ']':
        return close_bracket(learner);
    case '"':
        return take_string(learner);
    case ',':
    case ':':
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        learner->at++;
        return true;
    default:
        return take_plain(learner);
    }
}

/* Whether there may be room for another text; what is known is forgotten where it is of no use. */
static bool has_room(struct kithp_json_shape *shape, uint32_t depth)
{
    shape->missed += shape->is_full;
    const bool is_useless = shape->missed > shape->patience;
    if (is_useless && shape->patience < PATIENCE_MOST)
        shape->patience *= 2;
    if (is_useless || !kithp_json_shape_is_known(shape, depth))
        begin(shape, depth);
    return !shape->is_full;
}

void kithp_json_shape_learn(struct kithp_json_shape *shape, kith_text text, uint32_t depth)
{
    if (!has_room(shape, depth))
        return;
    shape->place_end = shape->place_count + OF_A_TEXT;
    struct learner learner;
    memset(&learner, 0, sizeof learner);
    learner.shape = shape;
    learner.at = learner.begin = text.data;
    learner.end = text.data + text.length;
    while (learner.at < learner.end)
        if (!take_next(&learner))
            return;
    link_to(&learner, KITHP_JSON_LINK_END, learner.end, START);
}
