/* SPDX-License-Identifier: MIT */
#include "snapshot/exchange.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "policy/write.h"

enum { A_KIND = 4, RECEIVED = 2 };

static void number_slot(struct kithp_slot_numbers *numbers, int16_t slot, unsigned number)
{
    if (slot == KITHP_SLOT_NONE)
        return;
    numbers->to_file[slot] = (uint8_t)number;
    numbers->from_file[number] = slot;
}

void kithp_slot_numbers_init(struct kithp_slot_numbers *numbers, const struct kithp_slots *slots, uint32_t kind_count)
{
    memset(numbers->to_file, 0, sizeof numbers->to_file);
    for (unsigned i = 0; i < KITHP_FILE_SLOTS; i++)
        numbers->from_file[i] = KITHP_SLOT_NONE;
    for (unsigned kind = 0; kind < kind_count; kind++) {
        const struct kithp_kind_slots *of = &slots->kinds[kind];
        number_slot(numbers, of->gives, kind * A_KIND);
        number_slot(numbers, of->gives_over, kind * A_KIND + KITHP_FILE_COUNTED);
        number_slot(numbers, of->receives, kind * A_KIND + RECEIVED);
        number_slot(numbers, of->receives_over, kind * A_KIND + RECEIVED + KITHP_FILE_COUNTED);
    }
}

/* ---- finding by name ---- */

static int8_t find_tier(const struct kithp_figures *figures, const char *name)
{
    for (uint32_t i = 0; i < figures->tier_count; i++)
        if (strcmp(figures->tiers[i].name, name) == 0)
            return (int8_t)i;
    return -1;
}

static int8_t find_kind(const struct kithp_figures *figures, const char *name)
{
    for (uint32_t i = 0; i < figures->kind_count; i++)
        if (strcmp(figures->kinds[i].name, name) == 0)
            return (int8_t)i;
    return -1;
}

static void find_slots(struct kithp_exchange *exchange)
{
    struct kithp_slot_numbers numbers;
    kithp_slot_numbers_init(&numbers, &exchange->to_slots, exchange->to.kind_count);
    for (unsigned i = 0; i < KITHP_FILE_SLOTS; i++) {
        int8_t kind = i / A_KIND < exchange->from.kind_count ? exchange->kind[i / A_KIND] : -1;
        exchange->slot[i] = KITHP_SLOT_NONE;
        if (kind >= 0 && exchange->from_numbers.from_file[i] != KITHP_SLOT_NONE)
            exchange->slot[i] = numbers.from_file[(unsigned)kind * A_KIND + i % A_KIND];
    }
}

void kithp_exchange_init(struct kithp_exchange *exchange, const struct kithp_figures *from,
                         const struct kithp_figures *to)
{
    memset(exchange, 0, sizeof *exchange);
    exchange->from = *from;
    exchange->to = *to;
    exchange->is_same = kithp_policy_digest(from) == kithp_policy_digest(to);
    kithp_slots_init(&exchange->from_slots, &exchange->from);
    kithp_slots_init(&exchange->to_slots, &exchange->to);
    kithp_slot_numbers_init(&exchange->from_numbers, &exchange->from_slots, from->kind_count);
    for (uint32_t i = 0; i < from->tier_count; i++)
        exchange->tier[i] = find_tier(to, from->tiers[i].name);
    for (uint32_t i = 0; i < from->kind_count; i++)
        exchange->kind[i] = find_kind(to, from->kinds[i].name);
    find_slots(exchange);
}

uint8_t kithp_exchange_tier(const struct kithp_exchange *exchange, uint8_t tier)
{
    return exchange->tier[tier] < 0 ? 0 : (uint8_t)exchange->tier[tier];
}

void kithp_exchange_meet_tiers(struct kithp_exchange *exchange, uint8_t held, uint8_t before, uint8_t pinned_plus_one)
{
    exchange->members_of_tier[held]++;
    if (before != held)
        exchange->members_of_tier[before]++;
    if (pinned_plus_one > 0 && pinned_plus_one - 1 != held && pinned_plus_one - 1 != before)
        exchange->members_of_tier[pinned_plus_one - 1]++;
}

/* ---- judging ---- */

static kith_status refuse_tier(const struct kithp_exchange *exchange, uint32_t tier, const char *file,
                               kith_error *error)
{
    struct kithp_place place = {.file = file, .field = KITHP_TEXT("tier")};
    place.value = kith_text_of(exchange->from.tiers[tier].name);
    uint32_t members = exchange->members_of_tier[tier];
    if (members == 0)
        return kithp_fail(error, KITH_OTHER_POLICY, &place,
                          "the other policy does not have it, and a review that is not finished names it");
    return kithp_fail(error, KITH_OTHER_POLICY, &place,
                      "the other policy does not have it, and %u %s it, held it before, or %s pinned to it",
                      (unsigned)members, members == 1 ? "member holds" : "members hold", members == 1 ? "is" : "are");
}

static kith_status refuse_kind(const struct kithp_exchange *exchange, uint32_t kind, const char *words,
                               const char *file, kith_error *error)
{
    struct kithp_place place = {.file = file, .field = KITHP_TEXT("kind")};
    place.value = kith_text_of(exchange->from.kinds[kind].name);
    return kithp_fail(error, KITH_OTHER_POLICY, &place, "%s", words);
}

/* Why a kind cannot be what it becomes while a week is open that holds events; NULL where it can. */
static const char *what_is_gained(const struct kithp_exchange *exchange, uint32_t kind)
{
    uint32_t other = (uint32_t)exchange->kind[kind];
    const struct kithp_kind *from = &exchange->from.kinds[kind], *to = &exchange->to.kinds[other];
    if (to->gives.given && !from->gives.given)
        return "in the other policy it credits the member who acts, which open weeks did not count";
    if (to->receives.given && !from->receives.given)
        return "in the other policy it credits the target, which open weeks did not count";
    if (to->gives.each > 0 && from->gives.each == 0)
        return "in the other policy what it gives is limited by `each`, which open weeks did not count";
    if (to->receives.each > 0 && from->receives.each == 0)
        return "in the other policy what is received is limited by `each`, which open weeks did not count";
    if (exchange->to_slots.kinds[other].supports && !exchange->from_slots.kinds[kind].supports)
        return "in the other policy who does it is a supporter, which open weeks did not count";
    return NULL;
}

static kith_status judge_kind(const struct kithp_exchange *exchange, uint32_t kind, const char *file, kith_error *error)
{
    if (exchange->kind[kind] < 0) {
        if (!exchange->counted_kind[kind])
            return KITH_OK;
        return refuse_kind(exchange, kind, "the other policy does not have it, and an open week counts it", file,
                           error);
    }
    const char *gained = what_is_gained(exchange, kind);
    return gained ? refuse_kind(exchange, kind, gained, file, error) : KITH_OK;
}

kith_status kithp_exchange_judge(const struct kithp_exchange *exchange, const char *file, kith_error *error)
{
    for (uint32_t i = 0; i < exchange->from.tier_count; i++)
        if (exchange->tier[i] < 0 && (exchange->members_of_tier[i] > 0 || exchange->reported_tier[i]))
            return refuse_tier(exchange, i, file, error);
    for (uint32_t i = 0; i < exchange->from.kind_count && exchange->has_rows; i++) {
        kith_status status = judge_kind(exchange, i, file, error);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

kith_status kithp_exchange_check_calendar(const struct kithp_exchange *exchange, const char *file, kith_error *error)
{
    const struct kithp_calendar *from = &exchange->from.calendar, *to = &exchange->to.calendar;
    if (from->utc_offset == to->utc_offset && from->week_start == to->week_start)
        return KITH_OK;
    struct kithp_place place = {.file = file, .field = KITHP_TEXT("calendar")};
    return kithp_fail(error, KITH_OTHER_POLICY, &place,
                      "the other policy has another %s, by which events have been counted already",
                      from->utc_offset == to->utc_offset ? "week_start" : "utc_offset");
}
