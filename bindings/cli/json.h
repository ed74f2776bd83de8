/* SPDX-License-Identifier: MIT */
/*
 * Values of JSON. Each function gives a new one, or NULL where there was not enough memory; a NULL put into an object
 * makes that NULL in turn, so one check at the end is enough.
 */
#ifndef KITH_CLI_JSON_H
#define KITH_CLI_JSON_H

#include <jansson.h>

#include "run.h"

/* Adds a value to an object, and takes both over. */
json_t *cli_json_put(json_t *object, const char *key, json_t *value);

/* Adds a value to an array, and takes both over. */
json_t *cli_json_append(json_t *array, json_t *value);

json_t *cli_json_count(uint64_t count);

/* A path may be any bytes; JSON may not. null for NULL. */
json_t *cli_json_path(const char *path);

/* Unix seconds as "2026-03-16T08:15:00Z"; null for KITH_NO_TIME. */
json_t *cli_json_time(int64_t time);

/* Days since 1970-01-01 as "2026-03-16". */
json_t *cli_json_day(int64_t day);

/* Which policy the run goes by. */
json_t *cli_json_policy(const struct cli_run *run);

/* Which source description its exports were read by; null where there is none. */
json_t *cli_json_source(const struct cli_run *run);

/*
 * The text of a value, to be freed, as json_dumps() gives it: which passes over a key for which there was not enough
 * memory. NULL where there was not, or where the value is NULL.
 */
char *cli_json_text(const json_t *value, size_t flags);

#endif
