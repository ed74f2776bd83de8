/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "text.h"

enum { PATH_SIZE = 4096, FIRST_ROOM = 4096 };

/* A text that grows. */
struct text {
    char *bytes;
    size_t length;
    size_t room;
    bool failed; /* a piece is missing: for good, whatever becomes of those behind it */
};

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
    const char *ready = run->policy_is_ready ? run->description.name : NULL;
    json_t *policy = cli_json_put(json_object(), "file", cli_json_path(run->arguments->policy));
    policy = cli_json_put(policy, "ready", ready ? json_string(ready) : json_null());
    return cli_json_put(policy, "digest", json_string(digest));
}

json_t *cli_json_source(const struct cli_run *run)
{
    char digest[CLI_DIGEST_TEXT];
    const struct cli_description *description = &run->description;
    if (!description->name)
        return json_null();
    json_t *file = description->is_ready ? json_null() : cli_json_path(description->name);
    json_t *ready = description->is_ready ? json_string(description->name) : json_null();
    json_t *source = cli_json_put(json_object(), "file", file);
    source = cli_json_put(source, "ready", ready);
    return cli_json_put(source, "digest", json_string(cli_digest_text(digest, &description->digest)));
}

static bool make_room(struct text *text, size_t length)
{
    size_t room = text->room ? text->room : FIRST_ROOM;
    while (room - text->length <= length)
        room *= 2;
    if (room == text->room)
        return true;
    char *bytes = realloc(text->bytes, room);
    if (!bytes)
        return false;
    text->bytes = bytes;
    text->room = room;
    return true;
}

/* Takes a piece, and keeps a NUL behind it. */
static int append(const char *piece, size_t length, void *context)
{
    struct text *text = context;
    if (text->failed || !make_room(text, length)) {
        text->failed = true;
        return -1;
    }
    memcpy(text->bytes + text->length, piece, length);
    text->length += length;
    text->bytes[text->length] = '\0';
    return 0;
}

char *cli_json_text(const json_t *value, size_t flags)
{
    struct text text = {.failed = false};
    if (value && json_dump_callback(value, append, &text, flags) == 0 && !text.failed)
        return text.bytes;
    free(text.bytes);
    return NULL;
}
