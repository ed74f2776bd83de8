/* SPDX-License-Identifier: MIT */
/* What constants of the library are called in the tables; "?" for one that is not known. */
#ifndef KITH_CLI_NAMES_H
#define KITH_CLI_NAMES_H

#include <kith/kith.h>

/* Flags are bits, from 0 to below this. */
enum { CLI_FLAG_BITS = 6 };

const char *cli_name_dimension(uint32_t dimension);
const char *cli_name_stage(uint32_t stage);
const char *cli_name_flag(uint32_t bit);
const char *cli_name_change(uint32_t reason);

/* Of an inspection: "ndjson", "whole number", "member"; empty for KITH_FIELD_NONE. */
const char *cli_name_format(uint32_t format);
const char *cli_name_type(uint32_t type);
const char *cli_name_field(uint32_t field);

/* Of a policy, NUL-terminated; live as long as it. */
const char *cli_name_tier(const kith_policy *policy, uint32_t index);
const char *cli_name_kind(const kith_policy *policy, uint32_t index);

#endif
