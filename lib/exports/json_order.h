/* SPDX-License-Identifier: MIT */
/*
 * In which order members of objects came last, to guess which one comes next: texts of one source are much alike. A
 * name that was guessed is known by one look at its bytes, while one that was not must first be gone through to its
 * end, for which all that comes behind it waits.
 *
 * What comes next is a guess, so that a name may be forgotten for another at any time; where it is right, its node is.
 * Not for two threads at once.
 */
#ifndef KITHP_EXPORTS_JSON_ORDER_H
#define KITHP_EXPORTS_JSON_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kith/kith.h>

/* How long a name can be that is remembered, with all from the brace or comma before it to where its value begins. */
enum { KITHP_JSON_ORDER_TEXT = 32 };

/* Where a name may come: first in the value of another, or behind that. */
enum kithp_json_place { KITHP_JSON_INSIDE, KITHP_JSON_BEHIND_IT };

struct kithp_json_node;

/* A name where it stands, known by its number; that of all names that are not remembered is 0. */
struct kithp_json_name {
    _Alignas(64) char text[KITHP_JSON_ORDER_TEXT];
    const void *object;                 /* whose member it is: a node, or the order if none; NULL where no name is */
    const struct kithp_json_node *node; /* what it leads to, or NULL; of number 0, what the last such name led to */
    uint32_t bits;                      /* one for each byte that the text has */
    uint32_t hash;                      /* of the text */
    uint16_t after[2];                  /* which name came at each of its places last */
    uint8_t length;                     /* of the text */
};

struct kithp_json_order {
    const kith_allocator *allocator;
    struct kithp_json_name *names;
    void *memory;
    uint32_t mask;    /* of numbers: there are one more, a power of two */
    bool is_crowded;  /* a name was forgotten for another */
    bool is_greatest; /* it takes no more room, or gets none */
};

/* Of no name it is known what comes behind it. False where there is no memory. */
bool kithp_json_order_init(struct kithp_json_order *order, const kith_allocator *allocator);
void kithp_json_order_free(struct kithp_json_order *order);

/* Makes more room as far as it can, and forgets all names. */
void kithp_json_order_grow(struct kithp_json_order *order);

/* To be called before a text is read: there may have been too many names. */
static inline void kithp_json_order_begin(struct kithp_json_order *order)
{
    if (order->is_crowded && !order->is_greatest)
        kithp_json_order_grow(order);
}

/* An order that remembers no name, whose only place the caller gives, cleared. */
static inline struct kithp_json_order kithp_json_order_of_none(struct kithp_json_name *name)
{
    return (struct kithp_json_order){.names = name};
}

/*
 * Remembers a name that was read: `before` is the one at whose `place` it stands, 0 if there is none. Its text begins
 * at `at` with a brace if it stands inside, or a comma if behind; up to seven bytes past it are read. One that is too
 * long is not remembered. Returns its number, which is good until the next name is learned.
 */
uint16_t kithp_json_order_learn(struct kithp_json_order *order, uint64_t before, enum kithp_json_place place,
                                const char *at, size_t length, const void *object, const struct kithp_json_node *node);

#endif
