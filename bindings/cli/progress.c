/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "number.h"
#include "terminal.h"
#include "text.h"

/* Seconds between two drawings: often enough to look alive, seldom enough to cost nothing. */
static const double interval = 0.1;

enum { BAR_COLUMNS = 24, NAME_COLUMNS = 24, LINE_COLUMNS = 78 };

double cli_progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void cli_progress_begin(struct cli_progress *progress, bool quiet, const struct cli_input *inputs, int count)
{
    *progress = (struct cli_progress){.shown = !quiet && isatty(STDERR_FILENO)};
    bool sized = true;
    uint64_t total = 0;
    for (int i = 0; i < count; i++) {
        sized = sized && inputs[i].sized;
        total += inputs[i].size;
    }
    progress->total = sized ? total : 0;
    progress->started = cli_progress_clock();
}

void cli_progress_enter(struct cli_progress *progress, enum cli_phase phase)
{
    progress->phase = phase;
    progress->started = cli_progress_clock();
    progress->next = 0;
    progress->trials += phase == CLI_TRYING;
    if (phase == CLI_WRITING)
        cli_progress_step(progress, 0, 0);
}

void cli_progress_enter_files(struct cli_progress *progress, const struct cli_input *inputs, int count)
{
    progress->inputs = inputs;
    progress->input_count = count;
    progress->input = 0;
    progress->read = 0;
}

/* The export in which so many bytes of all of them end. */
static const char *file_at(struct cli_progress *progress, uint64_t done)
{
    const struct cli_input *inputs = progress->inputs;
    while (progress->input + 1 < progress->input_count && done > progress->read + inputs[progress->input].size)
        progress->read += inputs[progress->input++].size;
    return inputs[progress->input].path;
}

static void put_bar(FILE *line, uint64_t done, uint64_t total)
{
    double part = done < total ? (double)done / (double)total : 1;
    int filled = (int)(part * BAR_COLUMNS);
    fputc('[', line);
    for (int i = 0; i < BAR_COLUMNS; i++)
        fputc(i < filled ? '#' : '.', line);
    fprintf(line, "] %3d%%", (int)(part * 100));
}

static void put_reading(FILE *line, struct cli_progress *progress, uint64_t done, double seconds)
{
    char number[CLI_NUMBER_SIZE];
    const char *file = file_at(progress, done);
    done += progress->before;
    fputs("reading ", line);
    cli_text_print_fitted(line, kith_text_of(file), NAME_COLUMNS);
    fputc(' ', line);
    if (progress->total)
        put_bar(line, done, progress->total);
    else
        fprintf(line, "%10s", cli_number_bytes(number, done));
    if (seconds > 0)
        fprintf(line, " %9s/s", cli_number_bytes(number, (uint64_t)((double)done / seconds)));
}

static void put_reviewing(FILE *line, uint64_t done, uint64_t total)
{
    fprintf(line, "%-*s ", NAME_COLUMNS + 8, "reviewing weeks");
    if (total)
        put_bar(line, done, total);
    fprintf(line, " %" PRIu64 " of %" PRIu64, done, total);
}

static void put_trying(FILE *line, const struct cli_progress *progress, uint64_t done, uint64_t total)
{
    char what[CLI_NUMBER_SIZE];
    snprintf(what, sizeof what, "trying figures, try %u", progress->trials);
    fprintf(line, "%-*s ", NAME_COLUMNS + 8, what);
    put_bar(line, done, total);
}

/* Writes a line over the one that stands there, never past the end of the terminal's own. */
static void draw(struct cli_progress *progress, uint64_t done, uint64_t total, double now)
{
    char *text = NULL;
    size_t length = 0;
    FILE *line = open_memstream(&text, &length);
    if (!line)
        return;
    if (progress->phase == CLI_READING)
        put_reading(line, progress, done, now - progress->started);
    else if (progress->phase == CLI_REVIEWING)
        put_reviewing(line, done, total);
    else if (progress->phase == CLI_TRYING)
        put_trying(line, progress, done, total);
    else
        fputs("writing the tables", line);
    if (fclose(line) == 0) {
        int room = cli_terminal_columns() - 1;
        progress->columns = room < LINE_COLUMNS ? room : LINE_COLUMNS;
        fputc('\r', stderr);
        cli_text_print_fitted(stderr, (kith_text){text, length}, progress->columns);
        fflush(stderr);
    }
    free(text);
}

int cli_progress_step(void *context, uint64_t done, uint64_t total)
{
    struct cli_progress *progress = context;
    if (cli_interrupted())
        return 1;
    if (!progress->shown)
        return 0;
    double now = cli_progress_clock();
    if (now < progress->next)
        return 0;
    progress->next = now + interval;
    draw(progress, done, total, now);
    return 0;
}

void cli_progress_clear(struct cli_progress *progress)
{
    if (progress->columns == 0)
        return;
    /* Spaces and not an escape sequence: any terminal knows them. */
    fprintf(stderr, "\r%*s\r", progress->columns, "");
    fflush(stderr);
    progress->columns = 0;
}
