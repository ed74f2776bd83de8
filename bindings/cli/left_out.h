/* SPDX-License-Identifier: MIT */
/* Tables do not say who is left out of counts; the engine does. */
#ifndef KITH_CLI_LEFT_OUT_H
#define KITH_CLI_LEFT_OUT_H

#include <stdbool.h>

#include <kith/kith.h>

/* Whether anybody is, by tables of the same review: only where somebody is need each member be asked about. */
bool cli_left_out_any(const kith_table *standings, const kith_table *weeks);

/* Whether a member was left out of the last review. */
bool cli_left_out_is(const kith_engine *engine, kith_text member);

#endif
