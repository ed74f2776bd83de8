/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>

#include "number.h"
#include "text.h"

enum { PATH_SIZE = 4096 };

json_t *cli_json_put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) == 0)
        return object;
    json_decref(object);
    return NULL;
}

json_t *cli_json_append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) == 0)
        return array;
    json_decref(array);
    return NULL;
}

json_t *cli_json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

json_t *cli_json_path(const char *path)
{
    char clean[PATH_SIZE];
    return path ? json_string(cli_text_copy_utf8(clean, sizeof clean, kith_text_of(path))) : json_null();
}

json_t *cli_json_time(int64_t time)
{
    char text[CLI_NUMBER_SIZE];
    return time == KITH_NO_TIME ? json_null() : json_string(cli_number_time(text, time));
}

json_t *cli_json_day(int64_t day)
{
    char text[CLI_NUMBER_SIZE];
    return json_string(cli_number_day(text, day));
}

json_t *cli_json_policy(const struct cli_run *run)
{
    char digest[17];
    snprintf(digest, sizeof digest, "%016" PRIx64, run->policy_info.digest);
    json_t *policy = cli_json_put(json_object(), "file", cli_json_path(run->arguments->policy));
    return cli_json_put(policy, "digest", json_string(digest));
}
