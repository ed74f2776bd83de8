/* SPDX-License-Identifier: MIT */
/*
 * Paths of values in JSON texts, such as actor.login, put together as a tree. With it goes what is known of the shape
 * of texts; so it is not for two threads at once.
 */
#ifndef KITHP_EXPORTS_JSON_TREE_H
#define KITHP_EXPORTS_JSON_TREE_H

#include "base/path.h"
#include "exports/scan.h"
#include "exports/words.h"

#include <kith/kith.h>

/* How many paths a tree takes, and how many names a path. */
enum { KITHP_JSON_PATHS_MOST = 32, KITHP_JSON_NAMES_MOST = KITHP_PATH_NAMES_MOST };

#define KITHP_JSON_NOT_AN_ELEMENT UINT64_MAX

enum { KITHP_JSON_PLACES = 32 };

/*
 * A value that a path leads to or through. Nodes are known by their number; the root is 0, which as the number of a
 * child stands for none.
 */
struct kithp_json_node {
    size_t length;                      /* of the name */
    uint64_t head;                      /* its first eight bytes, or all of them */
    uint64_t tail;                      /* the last eight where it has more */
    const char *name;                   /* as it is meant, without escapes */
    uint64_t element;                   /* which one it is where it stands in an array, or KITHP_JSON_NOT_AN_ELEMENT */
    uint32_t paths;                     /* those that lead here, a bit each */
    uint32_t below;                     /* and those that lead through here as well */
    uint16_t child;                     /* the first one */
    uint16_t sibling;                   /* the next child of the same parent */
    uint16_t twin;                      /* and the next one with the same place */
    uint16_t places[KITHP_JSON_PLACES]; /* children by name: the first one with each place */
};

struct kithp_json_shape;

struct kithp_json_tree {
    const kith_allocator *allocator;
    struct kithp_json_node *nodes;
    struct kithp_json_shape *shape; /* or NULL: none is learned */
    char *names;
    size_t longest; /* name */
    uint32_t path_count;
    enum kithp_scan_way way; /* in which texts are read; the best one, unless a test wants another */
};

/* What is wrong with a path, and at which of its bytes. */
struct kithp_json_path_fault {
    size_t path;
    size_t offset;
    const char *words; /* what was expected there; a constant */
};

enum kithp_json_tree_outcome { KITHP_JSON_TREE_FINE, KITHP_JSON_TREE_FAULT, KITHP_JSON_TREE_NO_MEMORY };

/*
 * Paths are written as base/path.h says; "." is the whole text. Names are compared with what a text's mean, so that
 * those of paths are written as they are. The same path may be there twice. fault is set where there is one.
 */
enum kithp_json_tree_outcome kithp_json_tree_init(struct kithp_json_tree *tree, const kith_allocator *allocator,
                                                  const kith_text *paths, size_t count,
                                                  struct kithp_json_path_fault *fault);
void kithp_json_tree_free(struct kithp_json_tree *tree);

static inline size_t kithp_json_tree_place(uint64_t head, size_t length)
{
    return (size_t)((head + length) * UINT64_C(0x9E3779B97F4A7C15) >> 59);
}

/* The child of this name, or 0. Eight bytes from the name on are read, whatever its length. */
static inline uint32_t kithp_json_tree_find(const struct kithp_json_node *nodes, const struct kithp_json_node *parent,
                                            const char *name, size_t length)
{
    uint64_t head = kithp_words_load_few(name, length < 8 ? length : 8);
    uint32_t at = parent->places[kithp_json_tree_place(head, length)];
    for (; at; at = nodes[at].twin) {
        const struct kithp_json_node *node = &nodes[at];
        if (node->head != head || node->length != length)
            continue;
        if (length <= 8 || (node->tail == kithp_words_load(name + length - 8) &&
                            (length <= 16 || memcmp(node->name, name, length) == 0)))
            return at;
    }
    return 0;
}

#endif
