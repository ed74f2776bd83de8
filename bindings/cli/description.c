/* SPDX-License-Identifier: MIT */
#include "description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "text_file.h"

enum { NAMES_SIZE = 1024 };

/* "discord, github and slack" */
static void list_names(char *names, size_t capacity)
{
    size_t used = 0;
    kith_ready_source ready = {.size = sizeof ready}, next = {.size = sizeof next};
    names[0] = '\0';
    for (uint32_t i = 0; kith_source_get_ready(i, &ready, NULL) == KITH_OK && used < capacity; i++) {
        bool is_last = kith_source_get_ready(i + 1, &next, NULL) != KITH_OK;
        int written = snprintf(names + used, capacity - used, "%s%s",
                               i == 0    ? ""
                               : is_last ? " and "
                                         : ", ",
                               ready.name);
        used += written > 0 ? (size_t)written : 0;
    }
}

static bool find_ready(kith_ready_source *ready, const char *name)
{
    ready->size = sizeof *ready;
    for (uint32_t i = 0; kith_source_get_ready(i, ready, NULL) == KITH_OK; i++)
        if (strcmp(ready->name, name) == 0)
            return true;
    return false;
}

int cli_description_find_ready(kith_ready_source *ready, const char *name, const char *command)
{
    char names[NAMES_SIZE];
    if (find_ready(ready, name))
        return CLI_DONE;
    list_names(names, sizeof names);
    return cli_fail_usage(command, "no source called '%s' comes with kith; these do: %s", name, names);
}

/* What --source names is a file where its name could be none of ours. */
static bool is_path(const char *name)
{
    return strpbrk(name, "/.") != NULL;
}

static int fail_unknown(const char *name, const char *command)
{
    char names[NAMES_SIZE];
    list_names(names, sizeof names);
    return cli_fail_usage(
        command,
        "--source takes the name of a source that comes with kith, or a file, and '%s' is none of %s; "
        "a file of this folder is ./%s",
        name, names, name);
}

static void say_fault(void *context, const kith_error *fault)
{
    uint64_t *faults = context;
    ++*faults;
    cli_say_fault(NULL, fault);
}

static int parse(struct cli_description *description, kith_text text, uint64_t *faults)
{
    kith_source_options options = {.size = sizeof options, .fault = say_fault, .fault_context = faults};
    kith_error error = {.size = sizeof error};
    description->digest = cli_digest_of_bytes(text.data, (size_t)text.length);
    kith_status status = kith_source_parse(text, description->name, &options, &description->source, &error);
    if (status == KITH_BAD_SOURCE)
        return CLI_POLICY; /* each fault has been said */
    return status == KITH_OK ? CLI_DONE : cli_fail_with(&error);
}

int cli_description_load_file(struct cli_description *description, const char *path, uint64_t *faults)
{
    char *data = NULL;
    size_t length = 0;
    *faults = 0;
    description->name = path;
    int status = cli_text_file_read(&data, &length, path, "a source description");
    if (!status)
        status = parse(description, (kith_text){data, length}, faults);
    free(data);
    return status;
}

int cli_description_load(struct cli_description *description, const char *name, const char *command)
{
    uint64_t faults = 0;
    if (!name)
        return CLI_DONE;
    if (is_path(name))
        return cli_description_load_file(description, name, &faults);
    description->name = name;
    description->is_ready = find_ready(&description->ready, name);
    if (!description->is_ready)
        return fail_unknown(name, command);
    return parse(description, kith_text_of(description->ready.description), &faults);
}

void cli_description_free(struct cli_description *description)
{
    kith_source_free(description->source);
    description->source = NULL;
}
