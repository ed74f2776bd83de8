/* SPDX-License-Identifier: MIT */
#include "review/carried.h"

#include <string.h>

const struct kithp_carried kithp_carried_first = {
    .joined = KITH_NO_TIME,
    .last_seen = KITH_NO_TIME,
    .risk = KITHP_NO_RISK,
};

void kithp_carried_init(struct kithp_carried_states *all, const kith_allocator *allocator,
                        const struct kithp_figures *figures, const struct kithp_members *members)
{
    all->figures = figures;
    all->members = members;
    kithp_chunks_init(&all->states, allocator, sizeof(struct kithp_carried));
    kithp_chunks_init(&all->baselines, allocator, figures->drop_baseline_weeks * sizeof(uint32_t));
}

void kithp_carried_free(struct kithp_carried_states *all)
{
    kithp_chunks_free(&all->states);
    kithp_chunks_free(&all->baselines);
}

bool kithp_carried_leaves_out(const struct kithp_carried_states *all, uint32_t member, uint8_t counts)
{
    if (counts != KITH_BY_POLICY)
        return counts == KITH_LEFT_OUT;
    /* Ids have no characters that a pattern could fit. */
    return all->figures->left_out.count > 0 && all->members && all->members->named &&
           kithp_patterns_fit(&all->figures->left_out, kithp_members_name(all->members, member));
}

struct kithp_carried kithp_carried_begin(const struct kithp_carried_states *all, uint32_t member)
{
    struct kithp_carried state = kithp_carried_first;
    state.left_out = kithp_carried_leaves_out(all, member, state.counts);
    return state;
}

void kithp_carried_reset(struct kithp_carried_states *all, uint32_t member)
{
    *kithp_carried_of(all, member) = kithp_carried_first;
    memset(kithp_carried_baseline(all, member), 0, all->baselines.item_size);
}

bool kithp_carried_extend(struct kithp_carried_states *all, uint32_t count)
{
    if (count <= all->states.count)
        return true;
    uint32_t more = count - all->states.count;
    if (!kithp_chunks_reserve(&all->states, more) || !kithp_chunks_reserve(&all->baselines, more))
        return false;
    for (uint32_t i = 0; i < more; i++) {
        uint32_t member = kithp_chunks_add(&all->states);
        kithp_chunks_add(&all->baselines);
        *kithp_carried_of(all, member) = kithp_carried_begin(all, member);
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

bool kithp_carried_make(struct kithp_carried_states *all, uint32_t member)
{
    /* One that is added belongs to nobody else, even behind those that a snapshot shares. */
    return member < all->states.count ? kithp_carried_own(all, member) : kithp_carried_extend(all, member + 1);
}

bool kithp_carried_own_all(struct kithp_carried_states *all)
{
    return kithp_chunks_own_all(&all->states) && kithp_chunks_own_all(&all->baselines);
}
