/* SPDX-License-Identifier: MIT */
#include "review/carried.h"

const struct kithp_carried kithp_carried_first = {
    .joined = KITH_NO_TIME,
    .last_seen = KITH_NO_TIME,
    .risk = KITHP_NO_RISK,
};

void kithp_carried_init(struct kithp_carried_states *all, const kith_allocator *allocator,
                        const struct kithp_figures *figures)
{
    kithp_chunks_init(&all->states, allocator, sizeof(struct kithp_carried));
    kithp_chunks_init(&all->baselines, allocator, figures->drop_baseline_weeks * sizeof(uint32_t));
}

void kithp_carried_free(struct kithp_carried_states *all)
{
    kithp_chunks_free(&all->states);
    kithp_chunks_free(&all->baselines);
}

bool kithp_carried_extend(struct kithp_carried_states *all, uint32_t count)
{
    if (count <= all->states.count)
        return true;
    uint32_t more = count - all->states.count;
    if (!kithp_chunks_reserve(&all->states, more) || !kithp_chunks_reserve(&all->baselines, more))
        return false;
    for (uint32_t i = 0; i < more; i++) {
        struct kithp_carried *state = kithp_chunks_at(&all->states, kithp_chunks_add(&all->states));
        *state = kithp_carried_first;
        kithp_chunks_add(&all->baselines);
    }
    return true;
}

bool kithp_carried_share(struct kithp_carried_states *copy, const struct kithp_carried_states *all)
{
    return kithp_chunks_share(&copy->states, &all->states) && kithp_chunks_share(&copy->baselines, &all->baselines);
}

bool kithp_carried_own(struct kithp_carried_states *all, uint32_t member)
{
    return kithp_chunks_own(&all->states, member) && kithp_chunks_own(&all->baselines, member);
}

bool kithp_carried_own_all(struct kithp_carried_states *all)
{
    return kithp_chunks_own_all(&all->states) && kithp_chunks_own_all(&all->baselines);
}
