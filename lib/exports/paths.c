/* SPDX-License-Identifier: MIT */
#include "exports/paths.h"

#include "base/text.h"

struct maker {
    const kith_allocator *allocator;
    enum kithp_scan_way way;
    struct kithp_paths_fault *fault;
};

/* Paths, and behind them those that the tree leads to as well. */
static enum kithp_json_tree_outcome make_tree(const struct maker *maker, const struct kithp_source_paths *from,
                                              const kith_text *lists, size_t list_count, struct kithp_json_tree *tree)
{
    kith_text paths[KITHP_SOURCE_PATHS_MOST + KITHP_SOURCE_EVENTS_MOST];
    for (uint32_t i = 0; i < from->count; i++)
        paths[i] = from->paths[i].path;
    for (size_t i = 0; i < list_count; i++)
        paths[from->count + i] = lists[i];
    struct kithp_json_path_fault fault;
    enum kithp_json_tree_outcome outcome =
        kithp_json_tree_init(tree, maker->allocator, paths, from->count + list_count, &fault);
    if (outcome == KITHP_JSON_TREE_FAULT)
        *maker->fault =
            (struct kithp_paths_fault){fault.path < from->count ? &from->paths[fault.path] : NULL, fault.words};
    tree->way = maker->way;
    return outcome;
}

/* Events may go along the same lists. */
static enum kithp_json_tree_outcome make_row(const struct maker *maker, const kith_source *source,
                                             struct kithp_paths *paths)
{
    kith_text lists[KITHP_SOURCE_EVENTS_MOST];
    uint32_t count = 0;
    for (uint32_t event = 0; event < source->event_count; event++) {
        if (source->events[event].list_count == 0)
            continue;
        uint32_t same = 0;
        while (same < count && !kithp_text_equal(lists[same], source->events[event].lists[0].path))
            same++;
        if (same == count)
            lists[count++] = source->events[event].lists[0].path;
        paths->lists[event] = source->row.count + same;
    }
    return make_tree(maker, &source->row, lists, count, &paths->row);
}

static enum kithp_json_tree_outcome make_elements(const struct maker *maker, const struct kithp_source_event *event,
                                                  struct kithp_json_tree *trees)
{
    enum kithp_json_tree_outcome outcome = KITHP_JSON_TREE_FINE;
    for (uint32_t i = 0; i < event->list_count && outcome == KITHP_JSON_TREE_FINE; i++) {
        bool innermost = i + 1 == event->list_count;
        outcome = make_tree(maker, &event->lists[i].paths, innermost ? NULL : &event->lists[i + 1].path, !innermost,
                            &trees[i]);
    }
    return outcome;
}

enum kithp_json_tree_outcome kithp_paths_init(struct kithp_paths *paths, const kith_allocator *allocator,
                                              const kith_source *source, enum kithp_scan_way way,
                                              struct kithp_paths_fault *fault)
{
    struct maker maker = {allocator, way, fault};
    *paths = (struct kithp_paths){.row = {.allocator = NULL}};
    enum kithp_json_tree_outcome outcome = make_row(&maker, source, paths);
    for (uint32_t event = 0; event < source->event_count && outcome == KITHP_JSON_TREE_FINE; event++)
        outcome = make_elements(&maker, &source->events[event], paths->elements[event]);
    if (outcome != KITHP_JSON_TREE_FINE)
        kithp_paths_free(paths);
    return outcome;
}

static void free_tree(struct kithp_json_tree *tree)
{
    if (tree->nodes)
        kithp_json_tree_free(tree);
}

void kithp_paths_free(struct kithp_paths *paths)
{
    free_tree(&paths->row);
    for (uint32_t event = 0; event < KITHP_SOURCE_EVENTS_MOST; event++)
        for (uint32_t list = 0; list < KITHP_SOURCE_LISTS_MOST; list++)
            free_tree(&paths->elements[event][list]);
}
