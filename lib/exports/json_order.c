/* SPDX-License-Identifier: MIT */
#include "exports/json_order.h"

#include <string.h>

#include "base/alloc.h"
#include "exports/words.h"

/*
 * Archives of what happened on a code host have some seven hundred names, counted at each place where they stand. Each
 * has a few places where it may be kept, side by side.
 */
enum { NAMES = 1024, PLACES = 4 };

bool kithp_json_order_init(struct kithp_json_order *order, const kith_allocator *allocator)
{
    const size_t size = sizeof(struct kithp_json_name);
    order->memory = kithp_alloc_cleared(allocator, NAMES + 1, size);
    if (!order->memory)
        return false;
    /* Allocators give less than a line of the cache. */
    size_t past = (uintptr_t)order->memory % size;
    order->names = (struct kithp_json_name *)(void *)((char *)order->memory + (past > 0 ? size - past : 0));
    order->mask = NAMES - 1;
    return true;
}

void kithp_json_order_free(struct kithp_json_order *order, const kith_allocator *allocator)
{
    kithp_alloc_free(allocator, order->memory);
    *order = (struct kithp_json_order){.memory = NULL};
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

static uint32_t hash_text(const char *at, size_t length)
{
    uint64_t hash = 0;
    for (; length > 8; at += 8, length -= 8)
        hash = mix(hash, kithp_words_load(at));
    return (uint32_t)mix(hash, kithp_words_load_few(at, length));
}

static bool is_known(const struct kithp_json_name *name, const struct kithp_json_name *other, const char *at)
{
    return name->hash == other->hash && name->object == other->object && name->length == other->length &&
           memcmp(name->text, at, name->length) == 0;
}

/*
 * Where a name is kept, or is to be: in place of any other, where there is no room. By the name before it as well, as
 * that of an address or an id stands in objects of every sort.
 */
static uint16_t number_of(const struct kithp_json_order *order, uint64_t before, enum kithp_json_place place,
                          const struct kithp_json_name *name, const char *at)
{
    uint64_t text = (uint64_t)order->names[before].hash << 32 | name->hash;
    uint64_t hash = mix(text, (uintptr_t)name->object + place);
    uint16_t first = (uint16_t)(hash & order->mask & ~(uint64_t)(PLACES - 1));
    uint16_t other = (uint16_t)(first + hash % PLACES);
    for (uint16_t i = first > 0 ? 0 : 1; i < PLACES; i++) {
        const struct kithp_json_name *kept = &order->names[first + i];
        if (!kept->object)
            other = (uint16_t)(first + i);
        if (is_known(kept, name, at))
            return (uint16_t)(first + i);
    }
    return other > 0 ? other : 1;
}

uint16_t kithp_json_order_learn(const struct kithp_json_order *order, uint64_t before, enum kithp_json_place place,
                                const char *at, size_t length, const void *object, const struct kithp_json_node *node)
{
    if (length > KITHP_JSON_ORDER_TEXT || order->mask == 0) {
        order->names->node = node;
        return 0;
    }
    struct kithp_json_name name = {.object = object, .node = node, .length = (uint8_t)length};
    name.hash = hash_text(at, length);
    name.bits = (uint32_t)((UINT64_C(1) << length) - 1);
    uint16_t number = number_of(order, before, place, &name, at);
    if (!is_known(&order->names[number], &name, at)) {
        order->names[number] = name;
        memcpy(order->names[number].text, at, length);
    }
    order->names[before].after[place] = number;
    return number;
}
