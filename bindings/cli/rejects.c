/* SPDX-License-Identifier: MIT */
#include "rejects.h"

#include <inttypes.h>

#include "message.h"
#include "number.h"
#include "text.h"

/* What is held before it is written: few enough for any memory, many enough to be quick. */
enum { MOST_ROWS = 4096, MOST_BYTES = 4 << 20 };

const char *cli_reason_words(uint32_t reason)
{
    static const char *const words[KITH_REASONS] = {
        [KITH_REASON_NONE] = "",
        [KITH_REASON_QUOTE] = "a stray quote, or one that is never closed",
        [KITH_REASON_FIELDS] = "more or fewer fields than the header",
        [KITH_REASON_TIME] = "no time that can be read",
        [KITH_REASON_MEMBER] = "no member, or a name that is no UTF-8 or too long",
        [KITH_REASON_TARGET] = "a target that is no UTF-8 or too long",
        [KITH_REASON_KIND] = "a kind that the policy does not know",
        [KITH_REASON_QUANTITY] = "no whole number from 1 to 1,000,000,000",
        [KITH_REASON_LATE] = "in a week already reviewed",
        [KITH_REASON_FUTURE] = "more than a day after now",
        [KITH_REASON_JSON] = "no JSON text, or too long a one",
    };
    return reason < KITH_REASONS ? words[reason] : "unknown";
}

static void remember_first(struct cli_first_reject *first, const kith_reject *reject)
{
    first->reason = reject->reason;
    first->line = reject->line;
    cli_text_copy_utf8(first->file, sizeof first->file, reject->file);
    cli_text_copy_utf8(first->column, sizeof first->column, reject->column);
    cli_text_copy_utf8(first->value, sizeof first->value, reject->value);
    first->at = reject->at;
    cli_text_copy_utf8(first->words, sizeof first->words, reject->words);
}

/* Counts a row. Returns 1 where there was not enough memory. */
static int count(struct cli_rejects *rejects, const kith_reject *reject)
{
    if (rejects->total == 0)
        remember_first(&rejects->first, reject);
    rejects->total++;
    if (reject->reason < KITH_REASONS)
        rejects->by_reason[reject->reason]++;
    return reject->reason == KITH_REASON_KIND ? cli_kinds_add(&rejects->unknown_kinds, reject->value) : 0;
}

/* Writes what is held to rejects.csv. */
static int flush(struct cli_rejects *rejects)
{
    kith_error error = {.size = sizeof error};
    uint32_t flags = rejects->output->csv | (rejects->begun ? KITH_CSV_NO_HEADER : KITH_CSV_HEADER);
    if (!rejects->begun) {
        int status = cli_stream_open(&rejects->stream, rejects->output, CLI_REJECTS);
        if (status)
            return status;
        rejects->begun = true;
    }
    kith_status done = kith_table_write_csv(rejects->table, flags, cli_stream_write, &rejects->stream, &error);
    kith_table_free(rejects->table);
    rejects->table = NULL;
    rejects->held = 0;
    if (done == KITH_OK)
        return CLI_DONE;
    return done == KITH_INPUT_OUTPUT ? cli_stream_fail(&rejects->stream) : cli_fail_with(&error);
}

static int keep(struct cli_rejects *rejects, const kith_reject *reject)
{
    kith_error error = {.size = sizeof error};
    if (!rejects->table && kith_rejects_new(NULL, &rejects->table, &error) != KITH_OK)
        return cli_fail_with(&error);
    if (kith_rejects_add(rejects->table, reject) != 0)
        return cli_fail(CLI_IO, "not enough memory");
    rejects->held += reject->row.length;
    if (kith_table_rows(rejects->table) < MOST_ROWS && rejects->held < MOST_BYTES)
        return CLI_DONE;
    return flush(rejects);
}

int cli_rejects_take(void *context, const kith_reject *reject)
{
    struct cli_rejects *rejects = context;
    if (count(rejects, reject) != 0) {
        rejects->failed = true;
        cli_fail(CLI_IO, "not enough memory");
        return 1;
    }
    rejects->past_limit = rejects->limited && rejects->total > rejects->limit;
    if (rejects->past_limit)
        return 1;
    if (!rejects->output)
        return 0;
    rejects->failed = keep(rejects, reject) != CLI_DONE;
    return rejects->failed;
}

int cli_rejects_fail(const struct cli_rejects *rejects)
{
    const struct cli_first_reject *first = &rejects->first;
    cli_fail(CLI_IO, "more than %" PRIu64 " %s refused, so nothing was changed in %s", rejects->limit,
             rejects->limit == 1 ? "row was" : "rows were", rejects->output->path);
    if (first->at)
        return cli_fail(CLI_IO, "the first: %s:%" PRIu64 ":%" PRIu64 ": %s (reason %s)", first->file, first->line,
                        first->at, first->words, kith_reason_name(first->reason));
    if (first->column[0])
        return cli_fail(CLI_IO, "the first: %s:%" PRIu64 ": %s '%s': %s (reason %s)", first->file, first->line,
                        first->column, first->value, cli_reason_words(first->reason), kith_reason_name(first->reason));
    return cli_fail(CLI_IO, "the first: %s:%" PRIu64 ": %s (reason %s)", first->file, first->line,
                    cli_reason_words(first->reason), kith_reason_name(first->reason));
}

void cli_rejects_warn(const struct cli_rejects *rejects, const char *folder)
{
    char number[CLI_NUMBER_SIZE];
    const char *were = rejects->total == 1 ? "row was" : "rows were";
    if (rejects->total == 0)
        return;
    cli_number_count(number, rejects->total);
    if (!folder)
        cli_fail(CLI_REFUSED, "%s %s refused; 'kith score' lists them with the reason", number, were);
    else
        cli_fail(CLI_REFUSED, "%s %s refused: see %s/%s", number, were, folder, cli_file_name(CLI_REJECTS));
}

int cli_rejects_finish(struct cli_rejects *rejects)
{
    int status = rejects->table ? flush(rejects) : CLI_DONE;
    if (status || !rejects->begun)
        return status;
    return cli_stream_finish(&rejects->stream);
}

void cli_rejects_free(struct cli_rejects *rejects)
{
    cli_stream_drop(&rejects->stream);
    kith_table_free(rejects->table);
    rejects->table = NULL;
    cli_kinds_free(&rejects->unknown_kinds);
}
