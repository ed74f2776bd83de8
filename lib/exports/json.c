/* SPDX-License-Identifier: MIT */
#include "exports/json.h"

#include "base/bytes.h"
#include "exports/json_ways.h"

static kithp_json_walk_fn *walk_of(enum kithp_scan_way way)
{
#if KITHP_JSON_HAS_VECTORS
    if (way == KITHP_SCAN_AVX2)
        return kithp_json_walk_avx2;
    if (way == KITHP_SCAN_SSE2)
        return kithp_json_walk_sse2;
#endif
    (void)way;
    return kithp_json_walk_plain;
}

static kithp_json_follow_fn *follow_of(enum kithp_scan_way way)
{
#if KITHP_JSON_HAS_VECTORS
    if (way == KITHP_SCAN_AVX2)
        return kithp_json_follow_avx2;
    if (way == KITHP_SCAN_SSE2)
        return kithp_json_follow_sse2;
#endif
    (void)way;
    return kithp_json_follow_plain;
}

/* ---- paths ---- */

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && kithp_json_is_blank(*at))
        at++;
    return at;
}

/* What was not found is not there. Returns the value's end. */
static const char *put_missing(const struct kithp_json_tree *tree, const char *end, uint32_t found,
                               struct kithp_json_value *values)
{
    for (uint32_t missing = tree->nodes->below & ~found; missing; missing &= missing - 1)
        values[kithp_bytes_lowest_bit(missing)] = (struct kithp_json_value){.type = KITHP_JSON_MISSING};
    return end;
}

/* A number that ends with the text, and to the quick reader went on behind it. Returns its end, or NULL. */
static const char *end_last_number(const char *at, const char *end)
{
    struct kithp_json_check check;
    kithp_json_check_init(&check, 0, 0);
    if (at == end || (*at != '-' && (*at < '0' || *at > '9')))
        return NULL;
    while (at < end && kithp_json_check_byte(&check, *at) == KITHP_JSON_WENT_ON)
        at++;
    return at == end && kithp_json_check_end(&check) == KITHP_JSON_ENDED_BEFORE ? end : NULL;
}

/* The same where the text is that number and nothing else. */
static const char *read_last_number(const struct kithp_json_tree *tree, kith_text text, struct kithp_json_value *values)
{
    const char *end = text.data + text.length, *begin = skip_blanks(text.data, end);
    const char *behind = end_last_number(begin, end);
    if (!behind)
        return NULL;
    for (uint32_t paths = tree->nodes->paths; paths; paths &= paths - 1)
        values[kithp_bytes_lowest_bit(paths)] =
            (struct kithp_json_value){.text = {begin, (uint64_t)(end - begin)}, .type = KITHP_JSON_NUMBER};
    return put_missing(tree, behind, tree->nodes->paths, values);
}

/* Returns the value's end, or NULL where its shape is not known. */
static const char *read_known(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                              struct kithp_json_value *values)
{
    if (!tree->shape || !kithp_json_shape_is_known(tree->shape, depth))
        return NULL;
    uint32_t found;
    const char *end = follow_of(tree->way)(tree->shape, text.data, text.data + text.length, values, &found);
    return end ? put_missing(tree, end, found, values) : NULL;
}

/* Returns the value's end, or NULL. Its shape is known then, where it is more than a last number and there is room. */
static const char *read_unknown(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                                struct kithp_json_value *values)
{
    uint32_t found;
    const char *end = walk_of(tree->way)(tree, text.data, text.data + text.length, depth, values, &found);
    if (!end)
        return read_last_number(tree, text, values);
    if (tree->shape)
        kithp_json_shape_learn(tree->shape, (kith_text){text.data, (uint64_t)(end - text.data)}, depth);
    return put_missing(tree, end, found, values);
}

static const char *read_value(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                              struct kithp_json_value *values)
{
    const char *behind = read_known(tree, text, depth, values);
    return behind ? behind : read_unknown(tree, text, depth, values);
}

static void find_fault(kith_text text, uint32_t depth, struct kithp_json_fault *fault)
{
    struct kithp_json_check check;
    kithp_json_check_init(&check, depth, 0);
    const char *at = text.data, *end = at + text.length;
    while (at < end) {
        at += kithp_json_check_plain(&check, at, end);
        if (at == end)
            break;
        enum kithp_json_step step = kithp_json_check_byte(&check, *at);
        if (step == KITHP_JSON_FAULT)
            break;
        at += step != KITHP_JSON_ENDED_BEFORE;
    }
    kithp_json_check_end(&check);
    kithp_json_check_fault(&check, fault);
}

/* Whether a text that was read up to `at`, or refused where that is NULL, is one and nothing else. */
static bool ends(kith_text text, uint32_t depth, const char *at, struct kithp_json_fault *fault)
{
    const char *end = text.data + text.length;
    if (at && skip_blanks(at, end) == end)
        return true;
    find_fault(text, depth, fault);
    return false;
}

bool kithp_json_read(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                     struct kithp_json_value *values, struct kithp_json_fault *fault)
{
    return ends(text, depth, read_value(tree, text, depth, values), fault);
}

bool kithp_json_read_unknown(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                             struct kithp_json_value *values, struct kithp_json_fault *fault)
{
    return ends(text, depth, read_unknown(tree, text, depth, values), fault);
}

size_t kithp_json_read_first(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                             struct kithp_json_value *values)
{
    const char *end = read_value(tree, text, depth, values);
    return end ? (size_t)(end - text.data) : 0;
}

size_t kithp_json_read_known(const struct kithp_json_tree *tree, kith_text text, uint32_t depth,
                             struct kithp_json_value *values)
{
    const char *end = read_known(tree, text, depth, values);
    return end ? (size_t)(end - text.data) : 0;
}

/* ---- whole values ---- */

static size_t read_any(enum kithp_scan_way way, kith_text text, uint32_t depth, struct kithp_json_value *value)
{
    struct kithp_json_node whole = {.paths = 1, .below = 1};
    struct kithp_json_tree tree = {.nodes = &whole, .way = way};
    const char *end = read_unknown(&tree, text, depth, value);
    return end ? (size_t)(end - text.data) : 0;
}

size_t kithp_json_read_any(kith_text text, uint32_t depth, struct kithp_json_value *value)
{
    return read_any(kithp_scan_best(), text, depth, value);
}

void kithp_json_read_value(const struct kithp_json_tree *tree, const struct kithp_json_value *value,
                           struct kithp_json_value *values)
{
    kith_text text = value->text;
    if (value->type == KITHP_JSON_STRING) {
        text.data--;
        text.length += 2;
    }
    if (value->type != KITHP_JSON_MISSING && read_value(tree, text, KITHP_JSON_DEPTH_MOST, values))
        return;
    for (uint32_t i = 0; i < tree->path_count; i++)
        values[i] = (struct kithp_json_value){.type = KITHP_JSON_MISSING};
}

/* ---- elements and members ---- */

/* Over blanks, and a comma or a colon where there is one. */
static const char *skip_between(const char *at, const char *end)
{
    while (at < end && (kithp_json_is_blank(*at) || *at == ',' || *at == ':'))
        at++;
    return at;
}

/* Reads the value at *at and goes to what comes behind it. False where there is none. */
static bool take_next(const char **at, const char *end, enum kithp_scan_way way, struct kithp_json_value *value)
{
    kith_text rest = {*at, (uint64_t)(end - *at)};
    if (rest.length == 0)
        return false;
    size_t length = read_any(way, rest, KITHP_JSON_DEPTH_MOST, value);
    *at = length > 0 ? skip_between(rest.data + length, end) : end;
    return length > 0;
}

void kithp_json_elements_begin(struct kithp_json_elements *elements, const struct kithp_json_value *array)
{
    *elements = (struct kithp_json_elements){.way = kithp_scan_best()};
    if (array->type != KITHP_JSON_ARRAY)
        return;
    elements->end = array->text.data + array->text.length - 1;
    elements->at = skip_between(array->text.data + 1, elements->end);
}

bool kithp_json_elements_next(struct kithp_json_elements *elements, struct kithp_json_value *element)
{
    return take_next(&elements->at, elements->end, elements->way, element);
}

void kithp_json_members_begin(struct kithp_json_members *members, const struct kithp_json_value *object)
{
    *members = (struct kithp_json_members){.way = kithp_scan_best()};
    if (object->type != KITHP_JSON_OBJECT)
        return;
    members->end = object->text.data + object->text.length - 1;
    members->at = skip_between(object->text.data + 1, members->end);
}

bool kithp_json_members_next(struct kithp_json_members *members, struct kithp_json_value *name,
                             struct kithp_json_value *value)
{
    return take_next(&members->at, members->end, members->way, name) &&
           take_next(&members->at, members->end, members->way, value);
}
