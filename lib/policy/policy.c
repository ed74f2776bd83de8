/* SPDX-License-Identifier: MIT */
/* The policy's handle: making, freeing and asking it. */
#include "policy/policy.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/versioned.h"
#include "policy/read.h"
#include "policy/write.h"

enum { WRITE_BUFFER = 4096 };

/* Reads the options, with the allocator that they ask for, and checks that there is a place for the result. */
static kith_status read_options(const kith_policy_options *options, kith_policy **policy, kith_policy_options *read,
                                kith_allocator *allocator, kith_error *error)
{
    memset(read, 0, sizeof *read);
    if (options) {
        kith_status status = kithp_versioned_read(read, sizeof *read, options, sizeof *read, "options", error);
        if (status != KITH_OK)
            return status;
    }
    if (read->reserved != 0)
        return kithp_fail_argument(error, "options.reserved", "expected 0");
    if (!kithp_alloc_init(allocator, read->allocator))
        return kithp_fail_argument(error, "options.allocator", "expected malloc, realloc and free");
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    return KITH_OK;
}

/* A policy with the default figures, or NULL where there is no memory. */
static kith_policy *new_policy(const kith_allocator *allocator)
{
    kith_policy *made = kithp_alloc_array(allocator, 1, sizeof *made);
    if (!made)
        return NULL;
    made->allocator = *allocator;
    made->figures = kithp_policy_defaults;
    return made;
}

kith_status kith_policy_new(const kith_policy_options *options, kith_policy **policy, kith_error *error)
{
    kith_policy_options read;
    kith_allocator allocator;
    kith_status status = read_options(options, policy, &read, &allocator, error);
    if (status != KITH_OK)
        return status;
    kith_policy *made = new_policy(&allocator);
    if (!made)
        return kithp_fail_memory(error);
    *policy = made;
    return KITH_OK;
}

/* Makes a policy of a text; options have been read. */
static kith_status parse(kith_text text, const char *name, const kith_policy_options *read,
                         const kith_allocator *allocator, kith_policy **policy, kith_error *error)
{
    kith_policy *made = new_policy(allocator);
    if (!made)
        return kithp_fail_memory(error);
    struct kithp_policy_faults faults = {name, read->fault, read->fault_context, error, 0};
    kithp_policy_read(text, &made->figures, &faults);
    if (faults.count > 0) {
        kith_policy_free(made);
        return KITH_BAD_POLICY;
    }
    *policy = made;
    return KITH_OK;
}

kith_status kith_policy_parse(kith_text text, const char *name, const kith_policy_options *options,
                              kith_policy **policy, kith_error *error)
{
    if (!text.data && text.length > 0)
        return kithp_fail_argument(error, "text", "must not be NULL");
    if (text.length > KITHP_FILE_MOST)
        return kithp_fail_argument(error, "text", "is longer than 1 MiB");
    kith_policy_options read;
    kith_allocator allocator;
    kith_status status = read_options(options, policy, &read, &allocator, error);
    if (status != KITH_OK)
        return status;
    return parse(text, name ? name : "policy", &read, &allocator, policy, error);
}

kith_status kith_policy_load(const char *path, const kith_policy_options *options, kith_policy **policy,
                             kith_error *error)
{
    if (!path)
        return kithp_fail_argument(error, "path", "must not be NULL");
    kith_policy_options read;
    kith_allocator allocator;
    kith_status status = read_options(options, policy, &read, &allocator, error);
    if (status != KITH_OK)
        return status;
    kith_text text;
    status = kithp_file_load(path, "a policy", &allocator, &text, error);
    if (status != KITH_OK)
        return status;
    status = parse(text, path, &read, &allocator, policy, error);
    kithp_alloc_free(&allocator, (void *)text.data);
    return status;
}

void kith_policy_free(kith_policy *policy)
{
    if (!policy)
        return;
    kith_allocator allocator = policy->allocator;
    kithp_alloc_free(&allocator, policy);
}

kith_status kith_policy_write(const kith_policy *policy, kith_write_fn write, void *context, kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    if (!write)
        return kithp_fail_argument(error, "write", "must not be NULL");
    char buffer[WRITE_BUFFER];
    struct kithp_writer writer = {write, context, buffer, sizeof buffer, 0, false};
    kithp_policy_write_text(&policy->figures, true, &writer);
    if (!kithp_writer_finish(&writer))
        return kithp_fail(error, KITH_INPUT_OUTPUT, NULL, "the policy could not be written");
    return KITH_OK;
}

kith_status kith_policy_get_info(const kith_policy *policy, kith_policy_info *info, kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    kith_status status = kithp_versioned_check(info, sizeof *info, "info", error);
    if (status != KITH_OK)
        return status;
    const struct kithp_figures *figures = &policy->figures;
    kith_policy_info own = {
        .tiers = figures->tier_count,
        .kinds = figures->kind_count,
        .utc_offset = figures->calendar.utc_offset,
        .week_start = figures->calendar.week_start,
        .digest = kithp_policy_digest(figures),
    };
    kithp_versioned_write(info, &own, sizeof own);
    return KITH_OK;
}

kith_status kith_policy_get_tier(const kith_policy *policy, uint32_t index, kith_tier *tier, kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    if (index >= policy->figures.tier_count)
        return kithp_fail_argument(error, "index", "is past the last tier");
    kith_status status = kithp_versioned_check(tier, sizeof *tier, "tier", error);
    if (status != KITH_OK)
        return status;
    const struct kithp_tier *given = &policy->figures.tiers[index];
    kith_tier own = {
        .promote_at = given->promote_at,
        .keep_at = given->keep_at,
        .min_active_days = given->min_active_days,
        .min_supporters = given->min_supporters,
        .name = given->name,
    };
    kithp_versioned_write(tier, &own, sizeof own);
    return KITH_OK;
}

kith_status kith_policy_get_kind(const kith_policy *policy, uint32_t index, kith_kind *kind, kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    if (index >= policy->figures.kind_count)
        return kithp_fail_argument(error, "index", "is past the last kind");
    kith_status status = kithp_versioned_check(kind, sizeof *kind, "kind", error);
    if (status != KITH_OK)
        return status;
    const struct kithp_kind *given = &policy->figures.kinds[index];
    kith_kind own = {.leave = given->leave, .name = given->name, .gives = given->gives, .receives = given->receives};
    kithp_versioned_write(kind, &own, sizeof own);
    return KITH_OK;
}

kith_status kith_policy_find_kind(const kith_policy *policy, kith_text name, uint32_t *index, kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    if (!index)
        return kithp_fail_argument(error, "index", "must not be NULL");
    for (uint32_t i = 0; i < policy->figures.kind_count; i++) {
        if (kithp_text_equal(name, kith_text_of(policy->figures.kinds[i].name))) {
            *index = i;
            return KITH_OK;
        }
    }
    struct kithp_place place = {.field = KITHP_TEXT("name"), .value = name};
    return kithp_fail(error, KITH_BAD_ARGUMENT, &place, "the policy has no such kind");
}

kith_status kith_policy_parse_time(const kith_policy *policy, kith_text text, int64_t *time, kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    if (!time)
        return kithp_fail_argument(error, "time", "must not be NULL");
    if (kithp_calendar_parse_any(&policy->figures.calendar, text, time))
        return KITH_OK;
    struct kithp_place place = {.field = KITHP_TEXT("text"), .value = text};
    return kithp_fail(error, KITH_BAD_ARGUMENT, &place,
                      "expected Unix seconds or an ISO 8601 time, such as 2026-03-20T17:05:00Z");
}

kith_status kith_policy_get_week(const kith_policy *policy, int64_t time, kith_week *week, kith_error *error)
{
    if (!policy)
        return kithp_fail_argument(error, "policy", "must not be NULL");
    if (time < 0 || time > KITHP_TIME_MOST)
        return kithp_fail_argument(error, "time", "expected Unix seconds from 0 to 253370764799");
    kith_status status = kithp_versioned_check(week, sizeof *week, "week", error);
    if (status != KITH_OK)
        return status;
    const struct kithp_calendar *calendar = &policy->figures.calendar;
    int64_t number = kithp_calendar_week(calendar, time);
    kith_week own = {
        .first_day = (int32_t)kithp_calendar_first_day(calendar, number),
        .begin = kithp_calendar_begin(calendar, number),
        .end = kithp_calendar_begin(calendar, number + 1),
    };
    kithp_versioned_write(week, &own, sizeof own);
    return KITH_OK;
}
