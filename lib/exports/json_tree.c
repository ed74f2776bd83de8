/* SPDX-License-Identifier: MIT */
#include "exports/json_tree.h"

#include "base/alloc.h"
#include "exports/json_shape.h"

/* A tree that is being made. */
struct maker {
    struct kithp_json_tree *tree;
    uint16_t node_count;
    char *name;        /* where the next one is written */
    const char *begin; /* of the path that is read */
    struct kithp_path path;
};

/* What a path can have at most: a name and a dot are two bytes. */
static size_t names_most(kith_text path)
{
    size_t names = path.length / 2 + 1;
    return names < KITHP_JSON_NAMES_MOST ? names : KITHP_JSON_NAMES_MOST;
}

static bool reserve(struct maker *maker, const kith_text *paths, size_t count)
{
    struct kithp_json_tree *tree = maker->tree;
    size_t bytes = 0, nodes = 1;
    for (size_t i = 0; i < count; i++) {
        bytes += paths[i].length;
        nodes += names_most(paths[i]);
    }
    tree->nodes = kithp_alloc_cleared(tree->allocator, nodes, sizeof *tree->nodes);
    tree->names = maker->name = kithp_alloc_cleared(tree->allocator, bytes + KITHP_WORDS_BEHIND, 1);
    tree->shape = kithp_alloc_array(tree->allocator, 1, sizeof *tree->shape);
    bool shaped = tree->shape && kithp_json_shape_init(tree->shape, tree->allocator, tree->nodes);
    return shaped && tree->nodes && tree->names;
}

/* ---- nodes ---- */

/* Without a sign or zeros before it: what has some is a member's name and nothing else. */
static uint64_t element_of(const char *name, size_t length)
{
    uint64_t number = 0;
    if (length == 0 || length > 9 || (length > 1 && name[0] == '0'))
        return KITHP_JSON_NOT_AN_ELEMENT;
    for (size_t i = 0; i < length; i++) {
        if (name[i] < '0' || name[i] > '9')
            return KITHP_JSON_NOT_AN_ELEMENT;
        number = 10 * number + (uint64_t)(name[i] - '0');
    }
    return number;
}

/* With the name that has been read. */
static uint32_t add_child(struct maker *maker, uint32_t parent_number, size_t length)
{
    const char *name = maker->name;
    struct kithp_json_node *parent = &maker->tree->nodes[parent_number];
    uint16_t number = maker->node_count++;
    uint64_t head = kithp_words_load_few(name, length < 8 ? length : 8);
    uint16_t *place = &parent->places[kithp_json_tree_place(head, length)];
    maker->tree->nodes[number] = (struct kithp_json_node){.head = head,
                                                          .tail = length > 8 ? kithp_words_load(name + length - 8) : 0,
                                                          .name = name,
                                                          .length = length,
                                                          .element = element_of(name, length),
                                                          .sibling = parent->child,
                                                          .twin = *place};
    parent->child = *place = number;
    maker->name += length;
    if (length > maker->tree->longest)
        maker->tree->longest = length;
    return number;
}

/* Reads the path's next name. Returns the node that it leads to, or 0 where there is a fault. */
static uint32_t add_name(struct maker *maker, uint32_t parent)
{
    size_t length = kithp_path_read_name(&maker->path, maker->name);
    if (maker->path.words)
        return 0;
    const struct kithp_json_node *nodes = maker->tree->nodes;
    uint32_t child = kithp_json_tree_find(nodes, &nodes[parent], maker->name, length);
    return child ? child : add_child(maker, parent, length);
}

/* Returns the node to which the path leads. */
static uint32_t add_names(struct maker *maker, uint32_t bit)
{
    uint32_t node = 0;
    for (int names = 0; names < KITHP_JSON_NAMES_MOST; names++) {
        maker->tree->nodes[node].below |= bit;
        node = add_name(maker, node);
        if (maker->path.words || !kithp_path_next(&maker->path))
            return node;
    }
    maker->path.at--;
    maker->path.words = "expected no more names";
    return 0;
}

/* ---- trees ---- */

static bool add_path(struct maker *maker, kith_text path, uint32_t bit)
{
    if (path.length == 0)
        path.data = ""; /* nothing may be added to what is NULL */
    maker->begin = path.data;
    maker->path = (struct kithp_path){path.data, path.data + path.length, NULL};
    bool is_root = path.length == 1 && path.data[0] == '.';
    struct kithp_json_node *node = &maker->tree->nodes[is_root ? 0 : add_names(maker, bit)];
    node->paths |= bit;
    node->below |= bit;
    return !maker->path.words;
}

static enum kithp_json_tree_outcome add_paths(struct maker *maker, const kith_text *paths, size_t count,
                                              struct kithp_json_path_fault *fault)
{
    maker->tree->nodes[0].element = KITHP_JSON_NOT_AN_ELEMENT;
    maker->node_count = 1;
    for (size_t i = 0; i < count; i++)
        if (!add_path(maker, paths[i], UINT32_C(1) << i)) {
            *fault = (struct kithp_json_path_fault){i, (size_t)(maker->path.at - maker->begin), maker->path.words};
            return KITHP_JSON_TREE_FAULT;
        }
    return KITHP_JSON_TREE_FINE;
}

enum kithp_json_tree_outcome kithp_json_tree_init(struct kithp_json_tree *tree, const kith_allocator *allocator,
                                                  const kith_text *paths, size_t count,
                                                  struct kithp_json_path_fault *fault)
{
    *tree = (struct kithp_json_tree){.allocator = allocator, .path_count = (uint32_t)count, .way = kithp_scan_best()};
    if (count > KITHP_JSON_PATHS_MOST) {
        *fault = (struct kithp_json_path_fault){KITHP_JSON_PATHS_MOST, 0, "expected no more paths"};
        return KITHP_JSON_TREE_FAULT;
    }
    struct maker maker = {.tree = tree};
    enum kithp_json_tree_outcome outcome = KITHP_JSON_TREE_NO_MEMORY;
    if (reserve(&maker, paths, count))
        outcome = add_paths(&maker, paths, count, fault);
    if (outcome != KITHP_JSON_TREE_FINE)
        kithp_json_tree_free(tree);
    return outcome;
}

void kithp_json_tree_free(struct kithp_json_tree *tree)
{
    kithp_alloc_free(tree->allocator, tree->nodes);
    kithp_alloc_free(tree->allocator, tree->names);
    if (tree->shape)
        kithp_json_shape_free(tree->shape);
    kithp_alloc_free(tree->allocator, tree->shape);
    tree->shape = NULL;
    tree->nodes = NULL;
    tree->names = NULL;
}
