/* SPDX-License-Identifier: MIT */
#include "tables/labels.h"

const char *const kithp_stage_labels[KITH_STAGES] = {
    [KITH_STAGE_NEW] = "new",         [KITH_STAGE_RETURNED] = "returned", [KITH_STAGE_CORE] = "core",
    [KITH_STAGE_ACTIVE] = "active",   [KITH_STAGE_AWAY] = "away",         [KITH_STAGE_SILENT] = "silent",
    [KITH_STAGE_DORMANT] = "dormant",
};

const char *const kithp_flag_labels[KITHP_FLAG_COUNT] = {"silent", "dormant", "drop", "stalled", "returned", "at_risk"};

const char *const kithp_change_labels[KITHP_CHANGE_COUNT] = {
    [KITH_CHANGE_PROMOTED] = "promoted", [KITH_CHANGE_SKIPPED] = "skipped", [KITH_CHANGE_DORMANT] = "dormant",
    [KITH_CHANGE_DEMOTED] = "demoted",   [KITH_CHANGE_PINNED] = "pinned",
};
