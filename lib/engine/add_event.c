/* SPDX-License-Identifier: MIT */
/* One event from the application. */
#include "base/error.h"
#include "base/text.h"
#include "base/versioned.h"
#include "engine/add.h"
#include "engine/numbers.h"

static kith_status refuse(kith_error *error, uint32_t reason)
{
    static const char *const words[KITH_REASONS] = {
        [KITH_REASON_TIME] = "expected Unix seconds from 0 to 253370764799",
        [KITH_REASON_MEMBER] = "expected a member, a target or both, each a known id or 1 to 255 bytes of UTF-8",
        [KITH_REASON_TARGET] = "expected a known id, or 1 to 255 bytes of UTF-8",
        [KITH_REASON_KIND] = "expected the index of a kind of the policy, or KITH_KIND_LEAVE",
        [KITH_REASON_QUANTITY] = "expected a whole number from 1 to 1000000000",
        [KITH_REASON_LATE] = "falls in a week that has been reviewed",
        [KITH_REASON_FUTURE] = "lies further in the future than the engine's options allow",
    };
    bool is_of_time = reason == KITH_REASON_LATE || reason == KITH_REASON_FUTURE;
    struct kithp_place place = {
        .reason = reason,
        .field = is_of_time ? KITHP_TEXT("time") : kith_text_of(kith_reason_name(reason)),
    };
    return kithp_fail(error, KITH_REFUSED, &place, "%s", words[reason]);
}

/* One member of a single event: by name where there is one, else by id. */
struct person {
    uint64_t id;
    kith_text name;
};

static bool is_nobody(const struct person *person, uint64_t nobody)
{
    return person->name.length == 0 && person->id == nobody;
}

static bool is_usable(const kith_engine *engine, const struct person *person, uint64_t nobody)
{
    if (person->name.length == 0)
        return kithp_add_knows(engine, person->id, nobody);
    return engine->members.named && person->name.data && person->name.length <= KITHP_MEMBER_NAME_MOST &&
           kithp_text_is_utf8(person->name);
}

static bool find_person(kith_engine *engine, const struct person *person, uint64_t nobody, uint32_t *index)
{
    if (person->name.length > 0)
        return kithp_members_find_name(&engine->members, person->name, index);
    return kithp_add_find(engine, person->id, nobody, index);
}

static uint32_t check_event(const kith_engine *engine, struct kithp_event *event, const struct person *member,
                            const struct person *target, uint64_t nobody)
{
    struct kithp_add_bounds bounds = kithp_add_bounds(engine);
    if (!kithp_add_is_time(event->time))
        return KITH_REASON_TIME;
    if (!is_usable(engine, member, nobody) || (is_nobody(member, nobody) && is_nobody(target, nobody)))
        return KITH_REASON_MEMBER;
    if (!is_usable(engine, target, nobody))
        return KITH_REASON_TARGET;
    return kithp_add_check(engine, &bounds, event);
}

/* An event that is to be dealt with, its number being new. */
static kith_status deal_with(kith_engine *engine, const kith_event *given, kith_error *error)
{
    struct kithp_event event = {.time = given->time, .quantity = given->quantity, .kind = given->kind};
    struct person member = {given->member, given->member_name};
    struct person target = {given->target, given->target_name};
    uint32_t reason = check_event(engine, &event, &member, &target, given->nobody);
    if (reason != KITH_REASON_NONE) {
        kithp_engine_count_reject(engine, reason);
        return refuse(error, reason);
    }
    struct kithp_engine_mark before = kithp_engine_mark(engine);
    enum kithp_id_outcome outcome = kithp_engine_take_id(engine, given->event_id, event.time);
    if (outcome == KITHP_ID_KNOWN) {
        engine->totals.skipped++;
        return KITH_OK;
    }
    if (outcome == KITHP_ID_NO_MEMORY || !find_person(engine, &member, given->nobody, &event.member) ||
        !find_person(engine, &target, given->nobody, &event.target) || !kithp_engine_take_one(engine, &event))
        return kithp_engine_give_up(engine, before, error);
    return KITH_OK;
}

static kith_status add_numbered(kith_engine *engine, const kith_event *given, kith_error *error)
{
    struct kithp_numbers numbers;
    if (!kithp_numbers_begin(&numbers, engine, given->source))
        return kithp_fail_memory(error);
    kith_status status = KITH_OK;
    switch (kithp_numbers_deal_with(&numbers, given->sequence)) {
    case KITHP_SEQUENCE_TAKEN:
        engine->totals.skipped++;
        break;
    case KITHP_SEQUENCE_BEHIND:
        status = kithp_numbers_fail(&numbers, given->sequence, error);
        break;
    case KITHP_SEQUENCE_NEW:
        status = deal_with(engine, given, error);
        if (status != KITH_NO_MEMORY)
            kithp_numbers_keep(&numbers);
        break;
    }
    kithp_numbers_end(&numbers);
    return status;
}

kith_status kith_engine_add_event(kith_engine *engine, const kith_event *event, kith_error *error)
{
    if (!engine)
        return kithp_fail_argument(error, "engine", "must not be NULL");
    /* What has the size that is meant here is read where it stands. */
    kith_event own;
    const kith_event *read = event;
    if (!event || event->size != sizeof own) {
        kith_status status = kithp_versioned_read(&own, sizeof own, event, sizeof own, "event", error);
        if (status != KITH_OK)
            return status;
        read = &own;
    }
    if (read->reserved != 0)
        return kithp_fail_argument(error, "event.reserved", "expected 0");
    if (read->sequence > 0 && !kithp_sequences_is_source(read->source))
        return kithp_fail_argument(error, "event.source", "expected 1 to 255 bytes of UTF-8 where there is a sequence");
    if (!read->event_id.data && read->event_id.length > 0)
        return kithp_fail_argument(error, "event.event_id", "must not be NULL where it has a length");
    kith_status status = kithp_tally_settle(&engine->tally, error);
    if (status != KITH_OK)
        return status;
    return read->sequence > 0 ? add_numbered(engine, read, error) : deal_with(engine, read, error);
}
