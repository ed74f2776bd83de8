/* SPDX-License-Identifier: MIT */
#include "exports/supply.h"

#include <string.h>

#include "base/alloc.h"
#include "exports/inflate.h"

enum { BYTES_ROOM = 1 << 17 };

bool kithp_supply_init(struct kithp_supply *supply, const kith_allocator *allocator, struct kithp_input *input)
{
    *supply = (struct kithp_supply){.input = input, .bytes = kithp_alloc_array(allocator, BYTES_ROOM, 1)};
    return supply->bytes != NULL;
}

void kithp_supply_free(struct kithp_supply *supply, const kith_allocator *allocator)
{
    kithp_alloc_free(allocator, supply->bytes);
    supply->bytes = NULL;
}

int64_t kithp_supply_fill(struct kithp_supply *supply)
{
    size_t kept = supply->at < KITHP_INFLATE_BACK ? supply->at : KITHP_INFLATE_BACK;
    size_t begin = supply->at - kept;
    memmove(supply->bytes, supply->bytes + begin, supply->length - begin);
    supply->length -= begin;
    supply->at = kept;
    int64_t got = kithp_input_read(supply->input, supply->bytes + supply->length, BYTES_ROOM - supply->length);
    if (got < 0)
        return got;
    supply->ended = got == 0;
    supply->length += (size_t)got;
    return 0;
}

void kithp_supply_go_to(struct kithp_supply *supply, uint64_t place)
{
    supply->input->is_part = true;
    supply->input->done = place;
    supply->at = supply->length = 0;
}
