/* SPDX-License-Identifier: MIT */
/*
 * The shape of JSON texts, which is all of them but their strings, numbers and literals: those of one source have few.
 * A text whose shape is known need not be taken apart again: what stands between its values is compared as a whole.
 *
 * What is known is made of links, each from behind a value to where the next one begins. A link leads from a place to a
 * place, which are known by the names on the way to them; so it is right wherever it is met, and texts that differ in
 * some places have what they share but once. Learned from texts that were read otherwise, and found right.
 *
 * Not for two threads at once.
 */
#ifndef KITHP_EXPORTS_JSON_SHAPE_H
#define KITHP_EXPORTS_JSON_SHAPE_H

#include "exports/json_tree.h"

/* How long the text of a link can be. */
enum { KITHP_JSON_LINK_TEXT = 32 };

/* What comes behind a link's text. */
enum kithp_json_link_kind {
    KITHP_JSON_LINK_NONE, /* nothing that is known: it is no link */
    KITHP_JSON_LINK_STRING,
    KITHP_JSON_LINK_PLAIN,   /* a number or a literal */
    KITHP_JSON_LINK_MORE,    /* more text: another link */
    KITHP_JSON_LINK_OPENING, /* likewise; it ends with the bracket that opens what is wanted as a whole */
    KITHP_JSON_LINK_CLOSING, /* or closes it */
    KITHP_JSON_LINK_END
};

/* Known by its number; 0 is none, and stands for where a text begins. */
struct kithp_json_link {
    _Alignas(64) char text[KITHP_JSON_LINK_TEXT];
    uint32_t bits;  /* one for each byte that the text has */
    uint32_t paths; /* those that lead to the value, a bit each */
    uint32_t below; /* and those that lead to or through values that the text begins */
    uint16_t after; /* the link that came behind this one last */
    uint16_t from;  /* the place behind which it stands */
    uint16_t place; /* to which it leads */
    uint16_t other; /* the next link from the same place */
    uint16_t twin;  /* the next one of the same row */
    uint8_t length; /* of the text */
    uint8_t kind;   /* enum kithp_json_link_kind */
    bool is_wanted; /* it has paths, or some below */
};

struct kithp_json_place;

enum { KITHP_JSON_SHAPE_ROWS = 1024 };

struct kithp_json_shape {
    const kith_allocator *allocator;
    const struct kithp_json_node *nodes; /* the tree's */
    struct kithp_json_link *links;
    void *link_memory;
    struct kithp_json_place *places;
    char *names; /* of places, one behind the other */
    size_t place_capacity;
    size_t name_capacity;
    size_t name_bytes;
    uint32_t link_count;
    uint32_t link_capacity;
    uint32_t place_count;
    uint32_t place_end; /* how many places there may be when a text was learned */
    uint32_t depth;     /* that the texts of which it knows were allowed */
    uint32_t missed;    /* texts of no known shape since it is full */
    uint32_t patience;  /* how many there may be until all is forgotten */
    bool is_full;
    uint16_t place_rows[KITHP_JSON_SHAPE_ROWS]; /* by parent and name */
    uint16_t link_rows[KITHP_JSON_SHAPE_ROWS];  /* by place and text */
};

/* Nothing is known yet. The nodes must outlive it. False where there is no memory; it is to be freed in any case. */
bool kithp_json_shape_init(struct kithp_json_shape *shape, const kith_allocator *allocator,
                           const struct kithp_json_node *nodes);
void kithp_json_shape_free(struct kithp_json_shape *shape);

/* Whether anything is known of texts that may nest as deep. */
static inline bool kithp_json_shape_is_known(const struct kithp_json_shape *shape, uint32_t depth)
{
    return shape->link_count > 0 && shape->depth == depth;
}

/*
 * Learns the shape of a text that is right, from its first byte to its value's end, as far as there is room and memory.
 * What is known of texts that may nest less or more deeply is forgotten. Takes time in proportion to the text's length.
 */
void kithp_json_shape_learn(struct kithp_json_shape *shape, kith_text text, uint32_t depth);

static inline bool kithp_json_begins_plain(char byte)
{
    return byte == '-' || (byte >= '0' && byte <= '9') || byte == 't' || byte == 'f' || byte == 'n';
}

/*
 * A link that leads on behind the one that was taken last, and whose text is here; it is the likely one then. 0 where
 * there is none among those that were met last. Bytes are read as far as a link's text goes, and one more.
 */
uint32_t kithp_json_shape_find(struct kithp_json_shape *shape, uint32_t last, const char *at);

#endif
