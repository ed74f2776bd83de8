/* SPDX-License-Identifier: MIT */
#include "exports/json_order.h"

#include <string.h>

#include "base/alloc.h"
#include "exports/words.h"

/* Archives of what happened on a code host have some four hundred names, counted at each place where they stand. */
enum { NAMES = 2048 };

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

/* Where a name is kept. By the name before as well: that of an address or an id stands in objects of every sort. */
static uint16_t number_of(const struct kithp_json_order *order, uint64_t before, enum kithp_json_place place,
                          uint32_t text, const void *object)
{
    uint64_t hash = mix((uint64_t)order->names[before].hash << 32 | text, (uintptr_t)object + place);
    uint16_t number = (uint16_t)(hash & order->mask);
    return number > 0 ? number : 1;
}

uint16_t kithp_json_order_learn(const struct kithp_json_order *order, uint64_t before, enum kithp_json_place place,
                                const char *at, size_t length, const void *object, const struct kithp_json_node *node)
{
    if (length > KITHP_JSON_ORDER_TEXT || order->mask == 0) {
        order->names->node = node;
        return 0;
    }
    uint32_t hash = hash_text(at, length);
    uint16_t number = number_of(order, before, place, hash, object);
    struct kithp_json_name *name = &order->names[number];
    if (name->object != object || name->length != length || memcmp(name->text, at, length) != 0) {
        *name = (struct kithp_json_name){.hash = hash, .object = object, .node = node, .length = (uint8_t)length};
        name->bits = (uint32_t)((UINT64_C(1) << length) - 1);
        memcpy(name->text, at, length);
    }
    order->names[before].after[place] = number;
    return number;
}
