/* SPDX-License-Identifier: MIT */
/*
 * Writes events that make_activity made as lines of JSON. Usage: make_ndjson flat|archive EVENTS_FILE POLICY; the lines
 * go to standard output. archive.ini reads those of the archive.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "activity.h"
#include "lines.h"

static void fail(const char *what)
{
    fprintf(stderr, "make_ndjson: %s\n", what);
    exit(1);
}

static void write_event(struct bench_lines *lines, const struct bench_event *event, const char *kind, bool archived,
                        uint64_t *luck)
{
    char written[64];
    struct tm date;
    time_t time = (time_t)event->time;
    gmtime_r(&time, &date);
    strftime(written, sizeof written, "%Y-%m-%dT%H:%M:%SZ", &date);
    struct bench_said said = {written, kind, event->member, event->target, event->quantity};
    lines->length = 0;
    if (archived)
        bench_lines_add_archived(lines, &said, luck);
    else
        bench_lines_add_flat(lines, &said);
    if (fwrite(lines->text, 1, lines->length, stdout) != lines->length)
        fail("a line cannot be written");
}

int main(int count, char **arguments)
{
    if (count != 4)
        fail("usage: make_ndjson flat|archive EVENTS_FILE POLICY");
    kith_error error = {.size = sizeof error};
    kith_policy *policy;
    if (kith_policy_load(arguments[3], NULL, &policy, &error) != KITH_OK)
        fail(error.message);
    const char *kinds[64];
    kith_kind kind = {.size = sizeof kind};
    for (uint32_t i = 0; i < 64 && kith_policy_get_kind(policy, i, &kind, NULL) == KITH_OK; i++)
        kinds[i] = kind.name;
    FILE *file = fopen(arguments[2], "rb");
    if (!file)
        fail("the events cannot be opened");
    struct bench_lines lines = {NULL, 0, 0};
    struct bench_event event;
    uint64_t luck = 1;
    while (fread(&event, sizeof event, 1, file) == 1)
        write_event(&lines, &event, kinds[event.kind], strcmp(arguments[1], "archive") == 0, &luck);
    free(lines.text);
    fclose(file);
    kith_policy_free(policy);
    return fflush(stdout) == 0 ? 0 : 1;
}
