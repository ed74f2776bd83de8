/* SPDX-License-Identifier: MIT */
#include "header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

/* How long a name may be that is told, and how many letters of it may be wrong. */
enum { NAME_MOST = 64, DISTANCE_MOST = 2 };

/* How much a name resembles that of a field: the less, the more. */
enum { SAME_LETTERS = 0, CONTAINED = DISTANCE_MOST + 1, DIFFERENT };

/* What was found of a field that may be missing. */
struct finding {
    const char *header; /* what it is read from; NULL where it is not looked for */
    bool is_there;
    char name[NAME_MOST + 1]; /* of the column that resembles it most, or empty */
    int distance;             /* of that */
};

/* ---- comparing ---- */

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* How many letters are to be put in, left out or exchanged to make one of the other, whatever their case. */
static int distance_of(const char *name, const char *field)
{
    int row[NAME_MOST + 1];
    int length = (int)strlen(name);
    for (int i = 0; i <= length; i++)
        row[i] = i;
    for (int j = 1; field[j - 1]; j++) {
        int across = row[0];
        row[0] = j;
        for (int i = 1; i <= length; i++) {
            int exchanged = across + (lower(name[i - 1]) != lower(field[j - 1]));
            across = row[i];
            row[i] = least(exchanged, least(row[i], row[i - 1]) + 1);
        }
    }
    return row[length];
}

static bool begins_with(const char *name, const char *field)
{
    while (*field && lower(*name) == *field) {
        name++;
        field++;
    }
    return *field == '\0';
}

static bool contains(const char *name, const char *field)
{
    for (; *name; name++)
        if (begins_with(name, field))
            return true;
    return false;
}

/* So many names are near "id", or hold it, that none counts but "id" and "event_id", however they are written. */
static bool is_event_id(const char *name)
{
    char letters[NAME_MOST + 1];
    size_t length = 0;
    for (; *name; name++)
        if (!strchr("_- .", *name))
            letters[length++] = lower(*name);
    letters[length] = '\0';
    return strcmp(letters, "id") == 0 || strcmp(letters, "eventid") == 0;
}

static int compare(const char *name, enum cli_field field)
{
    const char *of_field = cli_field_name(field);
    /* A quote would need another around it in the option that is told. */
    if (strchr(name, '\''))
        return DIFFERENT;
    if (field == CLI_ID)
        return is_event_id(name) ? SAME_LETTERS : DIFFERENT;
    int distance = distance_of(name, of_field);
    if (distance <= DISTANCE_MOST)
        return distance;
    return contains(name, of_field) ? CONTAINED : DIFFERENT;
}

/* ---- the whole ---- */

static bool is_of(const struct finding *finding, kith_text column)
{
    return finding->header && strlen(finding->header) == column.length &&
           memcmp(finding->header, column.data, column.length) == 0;
}

static bool is_read(const struct finding *findings, kith_text column)
{
    for (int field = 0; field < CLI_FIELDS; field++)
        if (is_of(&findings[field], column))
            return true;
    return false;
}

static void look_at(struct finding *findings, kith_text column)
{
    for (int field = 0; field < CLI_FIELDS; field++)
        findings[field].is_there |= is_of(&findings[field], column);
    if (is_read(findings, column) || column.length > NAME_MOST || memchr(column.data, '\0', column.length))
        return;
    char name[NAME_MOST + 1];
    snprintf(name, sizeof name, "%.*s", (int)column.length, column.data);
    for (int field = CLI_TARGET; field < CLI_FIELDS; field++) {
        int distance = compare(name, (enum cli_field)field);
        if (distance >= findings[field].distance)
            continue;
        findings[field].distance = distance;
        memcpy(findings[field].name, name, sizeof name);
    }
}

/* A column called id is no event's where another field is read from it. */
static void begin_findings(struct finding *findings, const struct cli_arguments *arguments)
{
    for (int field = 0; field < CLI_FIELDS; field++) {
        const char *given = arguments->columns[field];
        findings[field] = (struct finding){.header = given ? given : cli_field_name((enum cli_field)field)};
        findings[field].distance = DIFFERENT;
    }
    for (int field = 0; field < CLI_ID && !arguments->columns[CLI_ID]; field++)
        if (strcmp(findings[field].header, cli_field_name(CLI_ID)) == 0)
            findings[CLI_ID].header = NULL;
}

static bool is_plain(const char *name)
{
    return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")] == '\0';
}

/* What there is to say of the fields that are missing; empty where there is nothing. */
static void describe(const struct finding *findings, char *note, size_t capacity)
{
    static const char *const words[CLI_FIELDS] = {
        [CLI_TARGET] = "the target", [CLI_QUANTITY] = "the quantity", [CLI_ID] = "ids of events"};
    const char *said = "";
    size_t used = 0;
    note[0] = '\0';
    for (int field = CLI_TARGET; field < CLI_FIELDS; field++) {
        const struct finding *finding = &findings[field];
        if (!finding->header || finding->is_there || !finding->name[0] || strcmp(finding->name, said) == 0)
            continue;
        const char *quote = is_plain(finding->name) ? "" : "'";
        int written =
            snprintf(note + used, capacity - used,
                     "%sthe column '%s' is not used: if it holds %s, give --column %s=%s%s%s", used ? "; " : "",
                     finding->name, words[field], cli_field_name((enum cli_field)field), quote, finding->name, quote);
        used = written > 0 && used + (size_t)written < capacity ? used + (size_t)written : capacity - 1;
        said = finding->name;
    }
}

int cli_header_take(void *context, const kith_text *columns, uint64_t count)
{
    struct cli_input *input = context;
    struct finding findings[CLI_FIELDS];
    begin_findings(findings, input->run->arguments);
    for (uint64_t i = 0; i < count; i++)
        look_at(findings, columns[i]);
    char note[CLI_NOTE_SIZE];
    describe(findings, note, sizeof note);
    free(input->note);
    /* Without memory for it, nothing is lost but advice. */
    input->note = note[0] ? strdup(note) : NULL;
    return 0;
}

void cli_header_note(struct cli_input *input)
{
    struct cli_run *run = input->run;
    /* Many exports of one sort would say the same. */
    if (run->arguments->quiet || !input->note || strcmp(input->note, run->noted) == 0)
        return;
    snprintf(run->noted, sizeof run->noted, "%s", input->note);
    cli_fail(CLI_DONE, "note: %s: %s", input->path, input->note);
}
