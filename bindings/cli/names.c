/* SPDX-License-Identifier: MIT */
#include "names.h"

static const char unknown[] = "?";

const char *cli_name_dimension(uint32_t dimension)
{
    static const char *const names[KITH_DIMENSIONS] = {"content", "interaction", "community"};
    return dimension < KITH_DIMENSIONS ? names[dimension] : unknown;
}

const char *cli_name_stage(uint32_t stage)
{
    static const char *const names[KITH_STAGES] = {
        [KITH_STAGE_NEW] = "new",         [KITH_STAGE_RETURNED] = "returned", [KITH_STAGE_CORE] = "core",
        [KITH_STAGE_ACTIVE] = "active",   [KITH_STAGE_AWAY] = "away",         [KITH_STAGE_SILENT] = "silent",
        [KITH_STAGE_DORMANT] = "dormant",
    };
    return stage < KITH_STAGES ? names[stage] : unknown;
}

const char *cli_name_flag(uint32_t bit)
{
    static const char *const names[CLI_FLAG_BITS] = {"silent", "dormant", "drop", "stalled", "returned", "at_risk"};
    return bit < CLI_FLAG_BITS ? names[bit] : unknown;
}

const char *cli_name_change(uint32_t reason)
{
    static const char *const names[] = {
        [KITH_CHANGE_PROMOTED] = "promoted", [KITH_CHANGE_SKIPPED] = "skipped", [KITH_CHANGE_DORMANT] = "dormant",
        [KITH_CHANGE_DEMOTED] = "demoted",   [KITH_CHANGE_PINNED] = "pinned",
    };
    return reason < sizeof names / sizeof *names ? names[reason] : unknown;
}

const char *cli_name_format(uint32_t format)
{
    static const char *const names[] = {[KITH_FORMAT_ANY] = "any",
                                        [KITH_FORMAT_CSV] = "csv",
                                        [KITH_FORMAT_NDJSON] = "ndjson",
                                        [KITH_FORMAT_JSON] = "json"};
    return format < sizeof names / sizeof *names ? names[format] : unknown;
}

const char *cli_name_type(uint32_t type)
{
    static const char *const names[KITH_TYPES] = {
        [KITH_TYPE_EMPTY] = "empty",   [KITH_TYPE_BOOLEAN] = "boolean", [KITH_TYPE_WHOLE] = "whole number",
        [KITH_TYPE_NUMBER] = "number", [KITH_TYPE_TIME] = "time",       [KITH_TYPE_TEXT] = "text",
        [KITH_TYPE_LIST] = "list",     [KITH_TYPE_OBJECT] = "object",
    };
    return type < KITH_TYPES ? names[type] : unknown;
}

const char *cli_name_field(uint32_t field)
{
    static const char *const names[KITH_FIELDS] = {
        [KITH_FIELD_NONE] = "",     [KITH_FIELD_TIME] = "time",     [KITH_FIELD_MEMBER] = "member",
        [KITH_FIELD_KIND] = "kind", [KITH_FIELD_TARGET] = "target", [KITH_FIELD_QUANTITY] = "quantity",
        [KITH_FIELD_ID] = "id",
    };
    return field < KITH_FIELDS ? names[field] : unknown;
}

const char *cli_name_tier(const kith_policy *policy, uint32_t index)
{
    kith_tier tier = {.size = sizeof tier};
    return kith_policy_get_tier(policy, index, &tier, NULL) == KITH_OK ? tier.name : unknown;
}

const char *cli_name_kind(const kith_policy *policy, uint32_t index)
{
    kith_kind kind = {.size = sizeof kind};
    return kith_policy_get_kind(policy, index, &kind, NULL) == KITH_OK ? kind.name : unknown;
}
