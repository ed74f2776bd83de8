/* SPDX-License-Identifier: MIT */
/* An explanation for programs. docs/formats.md describes it. */
#include "explain.h"
#include "json.h"
#include "message.h"
#include "names.h"

static json_t *text_json(kith_text text)
{
    return json_stringn(text.data, (size_t)text.length);
}

static json_t *tier_json(const struct cli_run *run, uint32_t tier)
{
    return tier == KITH_NO_TIER ? json_null() : json_string(cli_name_tier(run->policy, tier));
}

static json_t *points_json(int64_t points)
{
    return points == KITH_OUT_OF_REACH ? json_null() : json_integer(points);
}

static json_t *flags_json(uint32_t flags)
{
    json_t *array = json_array();
    for (uint32_t bit = 0; bit < CLI_FLAG_BITS; bit++)
        if (flags >> bit & 1)
            array = cli_json_append(array, json_string(cli_name_flag(bit)));
    return array;
}

static json_t *slot_json(const struct cli_run *run, const kith_explained_slot *slot)
{
    json_t *object = cli_json_put(json_object(), "kind", json_string(cli_name_kind(run->policy, slot->kind)));
    object = cli_json_put(object, "role", json_string(slot->role == KITH_GIVES ? "gives" : "receives"));
    object = cli_json_put(object, "dimension", json_string(cli_name_dimension(slot->dimension)));
    object = cli_json_put(object, "quantity", cli_json_count(slot->quantity));
    object = cli_json_put(object, "each", cli_json_count(slot->each));
    object = cli_json_put(object, "counted", cli_json_count(slot->counted));
    object = cli_json_put(object, "unit", json_integer(slot->unit));
    return cli_json_put(object, "points", json_integer(slot->points));
}

static json_t *slots_json(const struct cli_run *run, const kith_explanation *of)
{
    json_t *array = json_array();
    for (uint64_t i = 0; i < of->slot_count; i++)
        array = cli_json_append(array, slot_json(run, &of->slots[i]));
    return array;
}

static json_t *dimension_json(const kith_explained_dimension *of)
{
    json_t *object = cli_json_put(json_object(), "before", json_integer(of->before));
    object = cli_json_put(object, "carried_over", json_integer(of->carried_over));
    object = cli_json_put(object, "earned", json_integer(of->earned));
    object = cli_json_put(object, "remembered", json_integer(of->remembered));
    object = cli_json_put(object, "half_points", json_integer(of->half_points));
    object = cli_json_put(object, "score", json_integer(of->score));
    object = cli_json_put(object, "weight", json_integer(of->weight));
    object = cli_json_put(object, "to_rise", points_json(of->to_rise));
    return cli_json_put(object, "to_keep", points_json(of->to_keep));
}

static json_t *dimensions_json(const kith_explanation *of)
{
    json_t *object = json_object();
    for (uint32_t d = 0; d < KITH_DIMENSIONS; d++)
        object = cli_json_put(object, cli_name_dimension(d), dimension_json(&of->dimensions[d]));
    return object;
}

static json_t *standing_json(const struct cli_run *run, const kith_explanation *of)
{
    json_t *object = cli_json_put(json_object(), "name", tier_json(run, of->tier));
    object = cli_json_put(object, "before", tier_json(run, of->tier_before));
    object = cli_json_put(object, "reason", of->changed ? json_string(cli_name_change(of->reason)) : json_null());
    object = cli_json_put(object, "weeks_below", cli_json_count(of->weeks_below));
    object = cli_json_put(object, "weeks_below_before", cli_json_count(of->weeks_below_before));
    object = cli_json_put(object, "grace_weeks", cli_json_count(of->grace_weeks));
    return cli_json_put(object, "pinned", json_boolean(of->pinned));
}

static json_t *rise_json(const struct cli_run *run, const kith_explanation *of)
{
    if (of->next_tier == KITH_NO_TIER)
        return json_null();
    json_t *object = cli_json_put(json_object(), "tier", tier_json(run, of->next_tier));
    object = cli_json_put(object, "score", json_integer(of->promote_at));
    object = cli_json_put(object, "active_days", cli_json_count(of->min_active_days));
    return cli_json_put(object, "supporters", cli_json_count(of->min_supporters));
}

static json_t *keep_json(const struct cli_run *run, const kith_explanation *of)
{
    if (of->keep_tier == KITH_NO_TIER)
        return json_null();
    json_t *object = cli_json_put(json_object(), "tier", tier_json(run, of->keep_tier));
    return cli_json_put(object, "score", json_integer(of->keep_at));
}

static json_t *presence_json(const kith_explanation *of)
{
    json_t *object = cli_json_put(json_object(), "acted", json_boolean(of->acted));
    object = cli_json_put(object, "active_days", cli_json_count(of->active_days));
    object = cli_json_put(object, "core_days", cli_json_count(of->core_days));
    object = cli_json_put(object, "own_days", cli_json_count(of->own_days));
    object = cli_json_put(object, "supporters", cli_json_count(of->supporters));
    object = cli_json_put(object, "joined", cli_json_time(of->joined));
    object = cli_json_put(object, "last_seen", cli_json_time(of->last_seen));
    object = cli_json_put(object, "silent_days", json_integer(of->silent_days));
    object = cli_json_put(object, "silent_limit", cli_json_count(of->silent_limit));
    object = cli_json_put(object, "dormant_limit", cli_json_count(of->dormant_limit));
    object = cli_json_put(object, "on_leave", json_boolean(of->on_leave));
    return cli_json_put(object, "leave_end", of->leave_end ? cli_json_day(of->leave_end) : json_null());
}

static json_t *drop_json(const kith_explanation *of)
{
    json_t *object = cli_json_put(json_object(), "interactions", cli_json_count(of->interactions));
    object = cli_json_put(object, "baseline", cli_json_count(of->baseline));
    object = cli_json_put(object, "baseline_weeks", cli_json_count(of->baseline_weeks));
    object = cli_json_put(object, "baseline_needed", cli_json_count(of->baseline_needed));
    object = cli_json_put(object, "percent", cli_json_count(of->drop_percent));
    return cli_json_put(object, "min_per_week", cli_json_count(of->drop_min_per_week));
}

static json_t *outcomes_json(uint64_t known, uint64_t lost)
{
    return cli_json_put(cli_json_put(json_object(), "known", cli_json_count(known)), "lost", cli_json_count(lost));
}

static json_t *risk_json(const kith_explanation *of)
{
    json_t *object = cli_json_put(json_object(), "risk", of->risk < 0 ? json_null() : json_integer(of->risk));
    object = cli_json_put(object, "percent", cli_json_count(of->risk_percent));
    object = cli_json_put(object, "pattern", cli_json_count(of->pattern));
    object = cli_json_put(object, "age", cli_json_count(of->age));
    object = cli_json_put(object, "alike", outcomes_json(of->alike, of->lost));
    object = cli_json_put(object, "similar", outcomes_json(of->similar, of->similar_lost));
    return cli_json_put(object, "all", outcomes_json(of->all, of->all_lost));
}

static json_t *explanation_json(const struct cli_run *run, const kith_explanation *of)
{
    json_t *object = cli_json_put(json_object(), "week", cli_json_day(of->week));
    object = cli_json_put(object, "as_of", cli_json_day(of->as_of_day));
    object = cli_json_put(object, "provisional", json_boolean(of->provisional));
    object = cli_json_put(object, "score", json_integer(of->score));
    object = cli_json_put(object, "stage", json_string(cli_name_stage(of->stage)));
    object = cli_json_put(object, "flags", flags_json(of->flags));
    object = cli_json_put(object, "flags_before", flags_json(of->flags_before));
    object = cli_json_put(object, "slots", slots_json(run, of));
    object = cli_json_put(object, "dimensions", dimensions_json(of));
    object = cli_json_put(object, "tier", standing_json(run, of));
    object = cli_json_put(object, "rise", rise_json(run, of));
    object = cli_json_put(object, "keep", keep_json(run, of));
    object = cli_json_put(object, "presence", presence_json(of));
    object = cli_json_put(object, "drop", drop_json(of));
    object = cli_json_put(object, "risk", risk_json(of));
    return cli_json_put(object, "left_out", json_boolean(of->left_out));
}

static json_t *explained_json(const struct cli_explained *explained)
{
    const struct cli_run *run = explained->run;
    const kith_explanation *any = explained->has_last ? &explained->last : &explained->next;
    json_t *object = cli_json_put(json_object(), "version", json_string(kith_version()));
    object = cli_json_put(object, "policy", cli_json_policy(run));
    object = cli_json_put(object, "member", text_json(any->member));
    object = cli_json_put(object, "last_review",
                          explained->has_last ? explanation_json(run, &explained->last) : json_null());
    return cli_json_put(object, "open_week",
                        explained->has_next ? explanation_json(run, &explained->next) : json_null());
}

int cli_explain_print_json(const struct cli_explained *explained)
{
    json_t *json = explained_json(explained);
    if (!json)
        return cli_fail(CLI_IO, "not enough memory");
    /* A fault of writing shows when standard output is closed. */
    (void)json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
    return CLI_DONE;
}
