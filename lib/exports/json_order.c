/* SPDX-License-Identifier: MIT */
#include "exports/json_order.h"

#include <string.h>

#include "base/alloc.h"
#include "exports/words.h"

/*
 * As many names as have room, which most exports never fill; archives of what happened on a code host have some seven
 * hundred, counted at each place where they stand. Each may be kept at any of a few numbers in a row.
 */
enum { NAMES_FIRST = 64, NAMES_MOST = 2048, GROWTH = 4, ROW = 8 };

static bool take_room(struct kithp_json_order *order, uint32_t count)
{
    const size_t size = sizeof(struct kithp_json_name);
    void *memory = kithp_alloc_cleared(order->allocator, (size_t)count + 1, size);
    if (!memory)
        return false;
    kithp_alloc_free(order->allocator, order->memory);
    order->memory = memory;
    /* Allocators give less than a line of the cache. */
    size_t past = (uintptr_t)memory % size;
    order->names = (struct kithp_json_name *)(void *)((char *)memory + (past > 0 ? size - past : 0));
    order->mask = count - 1;
    return true;
}

bool kithp_json_order_init(struct kithp_json_order *order, const kith_allocator *allocator)
{
    *order = (struct kithp_json_order){.allocator = allocator};
    return take_room(order, NAMES_FIRST);
}

void kithp_json_order_free(struct kithp_json_order *order)
{
    kithp_alloc_free(order->allocator, order->memory);
    *order = (struct kithp_json_order){.allocator = order->allocator};
}

void kithp_json_order_grow(struct kithp_json_order *order)
{
    uint32_t more = GROWTH * (order->mask + 1);
    order->is_greatest = more >= NAMES_MOST;
    if (!take_room(order, more < NAMES_MOST ? more : NAMES_MOST))
        order->is_greatest = true;
    order->is_crowded = false;
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

static bool is_same(const struct kithp_json_name *kept, const struct kithp_json_name *name, const char *at)
{
    return kept->hash == name->hash && kept->object == name->object && kept->length == name->length &&
           memcmp(kept->text, at, name->length) == 0;
}

/*
 * Where a name is kept, or is to be: in place of any other, where there is no room. The name before it counts as well,
 * as that of an address or an id stands in objects of every sort. Names of either place have rows of their own, so that
 * what is likely to come inside never turns into something that comes behind.
 */
static uint16_t number_of(const struct kithp_json_order *order, uint64_t before, enum kithp_json_place place,
                          const struct kithp_json_name *name, const char *at)
{
    uint64_t hash = mix(order->names[before].hash, name->hash);
    uint64_t row = (hash & order->mask & ~(uint64_t)(2 * ROW - 1)) + (uint64_t)place * ROW;
    uint64_t free = row + hash % ROW;
    for (uint64_t i = row > 0 ? row : 1; i < row + ROW; i++) {
        const struct kithp_json_name *kept = &order->names[i];
        if (is_same(kept, name, at))
            return (uint16_t)i;
        if (!kept->object)
            free = i;
    }
    return (uint16_t)(free > 0 ? free : 1);
}

uint16_t kithp_json_order_learn(struct kithp_json_order *order, uint64_t before, enum kithp_json_place place,
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
    if (!is_same(&order->names[number], &name, at)) {
        order->is_crowded = order->is_crowded || order->names[number].object;
        order->names[number] = name;
        memcpy(order->names[number].text, at, length);
    }
    order->names[before].after[place] = number;
    return number;
}
