/* SPDX-License-Identifier: MIT */
/* The bytes of an input that were read and not used yet. */
#ifndef KITHP_EXPORTS_SUPPLY_H
#define KITHP_EXPORTS_SUPPLY_H

#include "exports/input.h"

struct kithp_supply {
    struct kithp_input *input;
    unsigned char *bytes; /* not used yet from at to length; before them, the last that were */
    size_t at;
    size_t length;
    bool ended; /* the input has */
};

/* The input must stay where it is. False where there is no memory. */
bool kithp_supply_init(struct kithp_supply *supply, const kith_allocator *allocator, struct kithp_input *input);
void kithp_supply_free(struct kithp_supply *supply, const kith_allocator *allocator);

/*
 * Reads more of the input behind what is left, and behind the last bytes that were used, to which inflating may go
 * back. Returns a negated errno as kithp_input_read() does, or 0; at the input's end there is just nothing more.
 */
int64_t kithp_supply_fill(struct kithp_supply *supply);

/* Goes on from another byte of a file, which kithp_input_can_be_anywhere(). */
void kithp_supply_go_to(struct kithp_supply *supply, uint64_t place);

static inline size_t kithp_supply_left(const struct kithp_supply *supply)
{
    return supply->length - supply->at;
}

/* Where in the input the first byte lies that is left, or would. */
static inline uint64_t kithp_supply_place(const struct kithp_supply *supply)
{
    return supply->input->done - kithp_supply_left(supply);
}

#endif
