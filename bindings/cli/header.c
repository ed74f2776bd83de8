/* SPDX-License-Identifier: MIT */
#include "header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "message.h"

/* How much of an export is looked at, how long a name may be that is told, and how many letters of it may be wrong. */
enum { HEADER_MOST = 1 << 16, NAME_MOST = 64, DISTANCE_MOST = 2 };

/* How much a name resembles that of a field: the less, the more. */
enum { SAME_LETTERS = 0, CONTAINED = DISTANCE_MOST + 1, DIFFERENT };

/* A header as text, and how far it has been read. The export has been read, so that it is known to have no fault. */
struct header {
    char *at;
    char *end;
    char delimiter;
    bool is_part; /* more text stands behind it */
    bool ended;
    bool cut; /* it goes on behind what was looked at */
};

/* What was found of a field that may be missing. */
struct finding {
    const char *header; /* what it is read from; NULL where it is not looked for */
    bool is_there;
    const char *name; /* of the column that resembles it most, or NULL */
    int distance;     /* of that */
};

/* ---- reading ---- */

/* The beginning of a file, inflated if need be, to be freed. NULL where it cannot be had: then nothing is said. */
static char *read_beginning(const char *path, size_t *length)
{
    gzFile file = gzopen(path, "rbe");
    char *text = file ? malloc(HEADER_MOST + 1) : NULL;
    int got = text ? gzread(file, text, HEADER_MOST) : -1;
    if (file)
        gzclose_r(file);
    if (got < 0) {
        free(text);
        return NULL;
    }
    *length = (size_t)got;
    text[got] = '\0';
    return text;
}

/* Of , ; tab and | the one that the line holds most often; of several, the first. docs/formats.md has all rules. */
static char find_delimiter(const char *line, const char *end)
{
    static const char candidates[] = ",;\t|";
    char best = ',';
    size_t most = 0;
    for (const char *candidate = candidates; *candidate; candidate++) {
        size_t count = 0;
        for (const char *at = line; at < end && *at != '\n'; at++)
            count += *at == *candidate;
        if (count > most) {
            most = count;
            best = *candidate;
        }
    }
    return best;
}

static struct header begin_header(char *text, size_t length, uint32_t delimiter)
{
    struct header header = {.at = text, .end = text + length, .is_part = length == HEADER_MOST};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        header.at += 3;
    while (header.at < header.end && (*header.at == '\n' || (*header.at == '\r' && header.at[1] == '\n')))
        header.at++;
    header.delimiter = delimiter ? (char)delimiter : find_delimiter(header.at, header.end);
    return header;
}

/* The next name, less its quotes, written where it stood. NULL behind the last one. */
static const char *next_name(struct header *header)
{
    char *name = header->at, *in = name, *out = name;
    bool quoted = in < header->end && *in == '"';
    if (header->ended)
        return NULL;
    for (in += quoted; in < header->end && (quoted || (*in != header->delimiter && *in != '\n')); in++) {
        bool is_quote = quoted && *in == '"';
        if (is_quote && in[1] != '"')
            quoted = false;
        else
            *out++ = *(in += is_quote);
    }
    header->cut = in >= header->end && header->is_part;
    header->ended = in >= header->end || *in == '\n';
    header->at = in + 1;
    if (header->ended && out > name && out[-1] == '\r')
        out--;
    *out = '\0';
    return name;
}

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
    if (strlen(name) > NAME_MOST || strchr(name, '\''))
        return DIFFERENT;
    if (field == CLI_ID)
        return is_event_id(name) ? SAME_LETTERS : DIFFERENT;
    int distance = distance_of(name, of_field);
    if (distance <= DISTANCE_MOST)
        return distance;
    return contains(name, of_field) ? CONTAINED : DIFFERENT;
}

/* ---- the whole ---- */

static bool is_read(const struct finding *findings, const char *name)
{
    for (int field = 0; field < CLI_FIELDS; field++)
        if (findings[field].header && strcmp(findings[field].header, name) == 0)
            return true;
    return false;
}

static void look_at(struct finding *findings, const char *name)
{
    for (int field = 0; field < CLI_FIELDS; field++) {
        struct finding *finding = &findings[field];
        finding->is_there |= finding->header && strcmp(finding->header, name) == 0;
    }
    if (is_read(findings, name))
        return;
    for (int field = CLI_TARGET; field < CLI_FIELDS; field++) {
        int distance = compare(name, (enum cli_field)field);
        if (distance < findings[field].distance) {
            findings[field].distance = distance;
            findings[field].name = name;
        }
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
    const char *said = NULL;
    size_t used = 0;
    note[0] = '\0';
    for (int field = CLI_TARGET; field < CLI_FIELDS; field++) {
        const struct finding *finding = &findings[field];
        if (!finding->header || finding->is_there || !finding->name || finding->name == said)
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

void cli_header_note(struct cli_run *run, const struct cli_input *input)
{
    const struct cli_arguments *arguments = run->arguments;
    struct finding findings[CLI_FIELDS];
    char note[sizeof run->noted];
    size_t length;
    if (arguments->quiet || !input->sized || strcmp(input->path, "-") == 0)
        return;
    char *text = read_beginning(input->path, &length);
    if (!text)
        return;
    begin_findings(findings, arguments);
    struct header header = begin_header(text, length, arguments->delimiter);
    for (const char *name; (name = next_name(&header));)
        look_at(findings, name);
    describe(findings, note, sizeof note);
    free(text);
    /* Many exports of one sort would say the same. */
    if (header.cut || !note[0] || strcmp(note, run->noted) == 0)
        return;
    memcpy(run->noted, note, sizeof note);
    cli_fail(CLI_DONE, "note: %s: %s", input->path, note);
}
