/* SPDX-License-Identifier: MIT */
#include "schema.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What a schema keeps until it is released. */
struct kept {
    char *format;
    char *name;
    int64_t count; /* of the children, the dictionary among them */
    struct ArrowSchema *children;
    struct ArrowSchema **pointers;
};

static void free_kept(struct kept *kept)
{
    free(kept->format);
    free(kept->name);
    free(kept->children);
    free(kept->pointers);
    free(kept);
}

static void release(struct ArrowSchema *schema)
{
    struct kept *kept = schema->private_data;
    for (int64_t i = 0; i < kept->count; i++)
        if (kept->children[i].release)
            kept->children[i].release(&kept->children[i]);
    free_kept(kept);
    schema->release = NULL;
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

bool ext_schema_begin(struct ArrowSchema *schema, const char *format, const char *name, int64_t children,
                      bool dictionary)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (!kept)
        return false;
    kept->format = copy_of(format);
    kept->name = copy_of(name);
    kept->children = calloc((size_t)children + 1, sizeof *kept->children);
    kept->pointers = calloc((size_t)children + 1, sizeof *kept->pointers);
    if (!kept->format || !kept->name || !kept->children || !kept->pointers) {
        free_kept(kept);
        return false;
    }
    kept->count = children + dictionary;
    for (int64_t i = 0; i < children; i++)
        kept->pointers[i] = &kept->children[i];
    *schema = (struct ArrowSchema){
        .format = kept->format,
        .name = kept->name,
        .flags = ARROW_FLAG_NULLABLE,
        .n_children = children,
        .children = kept->pointers,
        .dictionary = dictionary ? &kept->children[children] : NULL,
        .release = release,
        .private_data = kept,
    };
    return true;
}

struct ext_shared_schema {
    atomic_uint holders;
    struct ArrowSchema schema;
};

struct ext_shared_schema *ext_schema_share(struct ArrowSchema *schema)
{
    struct ext_shared_schema *shared = malloc(sizeof *shared);
    if (!shared) {
        schema->release(schema);
        return NULL;
    }
    atomic_init(&shared->holders, 1);
    shared->schema = *schema;
    schema->release = NULL;
    return shared;
}

static void release_lent(struct ArrowSchema *schema)
{
    ext_schema_drop(schema->private_data);
    schema->release = NULL;
}

void ext_schema_lend(struct ext_shared_schema *shared, struct ArrowSchema *out)
{
    atomic_fetch_add(&shared->holders, 1);
    *out = shared->schema;
    out->release = release_lent;
    out->private_data = shared;
}

const struct ArrowSchema *ext_schema_look(const struct ext_shared_schema *shared)
{
    return &shared->schema;
}

void ext_schema_drop(struct ext_shared_schema *shared)
{
    if (!shared || atomic_fetch_sub(&shared->holders, 1) > 1)
        return;
    shared->schema.release(&shared->schema);
    free(shared);
}

static bool is_same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool has_child(const struct ArrowSchema *schema, int64_t child)
{
    return schema->children && schema->children[child];
}

/* No data frame has columns that are as deep; a schema from outside might even hold itself. */
enum { DEEPEST = 64 };

static bool is_equal(const struct ArrowSchema *a, const struct ArrowSchema *b, unsigned depth)
{
    if (depth > DEEPEST || !is_same_text(a->format, b->format) || a->n_children != b->n_children ||
        !a->dictionary != !b->dictionary)
        return false;
    if (a->dictionary && !is_equal(a->dictionary, b->dictionary, depth + 1))
        return false;
    for (int64_t i = 0; i < a->n_children; i++)
        if (!has_child(a, i) || !has_child(b, i) || !is_same_text(a->children[i]->name, b->children[i]->name) ||
            !is_equal(a->children[i], b->children[i], depth + 1))
            return false;
    return true;
}

const struct ArrowSchema *ext_schema_column(const struct ArrowSchema *schema, int64_t column)
{
    return column < schema->n_children && has_child(schema, column) ? schema->children[column] : NULL;
}

int64_t ext_schema_differs(const struct ArrowSchema *a, const struct ArrowSchema *b)
{
    if (is_equal(a, b, 0))
        return -1;
    for (int64_t column = 0;; column++) {
        const struct ArrowSchema *x = ext_schema_column(a, column), *y = ext_schema_column(b, column);
        if (!x || !y || !is_same_text(x->name, y->name) || !is_equal(x, y, 1))
            return column;
    }
}
