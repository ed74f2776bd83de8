/* SPDX-License-Identifier: MIT */
#include "calibrated.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"
#include "number.h"
#include "text.h"

enum { NAME_COLUMNS = 24 };

static const char mark[] = "; Calibrated by kith ";

int64_t cli_calibrated_day(const struct cli_calibrated *calibrated, uint32_t week)
{
    int64_t begin = calibrated->history.begin + (int64_t)week * CLI_WEEK_SECONDS;
    return (begin + calibrated->run->policy_info.utc_offset) / 86400;
}

int64_t cli_calibrated_last_day(const struct cli_calibrated *calibrated, bool *cut)
{
    int64_t last_event = calibrated->history.info.last_event + calibrated->run->policy_info.utc_offset;
    int64_t last = last_event / 86400, reviewed = cli_calibrated_day(calibrated, calibrated->history.weeks) - 1;
    *cut = last > reviewed;
    return *cut ? reviewed : last;
}

const char *cli_calibrated_percent(char *out, uint32_t share)
{
    uint32_t tenths = (share + CLI_WHOLE_SHARE / 2000) / (CLI_WHOLE_SHARE / 1000);
    snprintf(out, CLI_NUMBER_SIZE, "%" PRIu32 ".%" PRIu32, tenths / 10, tenths % 10);
    return out;
}

const char *cli_calibrated_wished(char *out, uint32_t share)
{
    enum { HUNDREDTH = CLI_WHOLE_SHARE / 10000 };
    uint32_t hundredths = share / HUNDREDTH;
    if (hundredths % 10 == 0)
        return cli_calibrated_percent(out, share);
    snprintf(out, CLI_NUMBER_SIZE, "%" PRIu32 ".%02" PRIu32, hundredths / 100, hundredths % 100);
    return out;
}

const char *cli_calibrated_mean(char *out, uint64_t sum, uint32_t reviews)
{
    char whole[CLI_NUMBER_SIZE];
    uint64_t tenths = reviews ? (sum * 10 + reviews / 2) / reviews : 0;
    snprintf(out, CLI_NUMBER_SIZE, "%s.%u", cli_number_count(whole, tenths / 10), (unsigned)(tenths % 10));
    return out;
}

static void put_basis(FILE *stream, const struct cli_calibrated *calibrated)
{
    char day[CLI_NUMBER_SIZE];
    char number[CLI_NUMBER_SIZE];
    const struct cli_calibration *found = &calibrated->found;
    const struct cli_window *window = &found->window;
    bool cut;
    fprintf(stream, "%s%s, by the community's own history up to %s: the %" PRIu32 " weekly reviews\n", mark,
            kith_version(), cli_number_day(day, cli_calibrated_last_day(calibrated, &cut)), window->count);
    fprintf(stream, "; of the weeks from %s", cli_number_day(day, cli_calibrated_day(calibrated, window->first)));
    fprintf(stream, " to %s. Shares of the members that had acted in the four weeks before,\n",
            cli_number_day(day, cli_calibrated_day(calibrated, window->first + window->count - 1)));
    fprintf(stream, "; %s on average, in percent:\n",
            cli_calibrated_mean(number, found->measure->members, window->count));
}

static void put_share(FILE *stream, const struct cli_calibrated *calibrated, uint32_t index)
{
    char wished[CLI_NUMBER_SIZE];
    char before[CLI_NUMBER_SIZE];
    char after[CLI_NUMBER_SIZE];
    kith_tier tier = {.size = sizeof tier};
    const struct cli_calibration *found = &calibrated->found;
    const struct cli_share *share = &calibrated->shares.tiers[index];
    if (kith_policy_get_tier(calibrated->run->policy, index, &tier, NULL) != KITH_OK)
        return;
    cli_calibrated_wished(wished, share->wished);
    fputs(";   ", stream);
    cli_text_print_fitted(stream, kith_text_of(tier.name), NAME_COLUMNS);
    fprintf(stream, " wished %6s, reached %6s, before %6s\n",
            index == 0    ? "rest"
            : share->kept ? "keep"
                          : wished,
            cli_calibrated_percent(after, found->measure->shares[index]),
            cli_calibrated_percent(before, found->measure_before->shares[index]));
}

/* The comments, to be freed. */
static char *make_head(const struct cli_calibrated *calibrated)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (!stream)
        return NULL;
    put_basis(stream, calibrated);
    for (uint32_t i = calibrated->shares.count; i > 0; i--)
        put_share(stream, calibrated, i - 1);
    fputs("; Only half_points, promote_at and keep_at were changed.\n", stream);
    bool failed = ferror(stream);
    if (fclose(stream) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}

/* What is handed out must be what was tried. */
static int check_text(const struct cli_calibrated *calibrated)
{
    kith_policy *policy = NULL;
    kith_error error = {.size = sizeof error};
    struct cli_figures figures;
    kith_text text = {calibrated->text.data, calibrated->text.length};
    if (kith_policy_parse(text, "the new policy", NULL, &policy, &error) != KITH_OK)
        return cli_fail_with(&error);
    int status = cli_figures_read(&figures, policy);
    kith_policy_free(policy);
    if (status || cli_figures_equal(&figures, &calibrated->found.figures))
        return status;
    return cli_fail(CLI_IO, "the text of the policy could not be changed as it should be");
}

int cli_calibrated_make_text(struct cli_calibrated *calibrated)
{
    const struct cli_calibration *found = &calibrated->found;
    int status = cli_figures_put(&found->figures, &found->before, found->policy, &calibrated->text);
    if (status)
        return status;
    char *head = make_head(calibrated);
    bool done = head && cli_policy_text_head(&calibrated->text, mark, head);
    free(head);
    return done ? check_text(calibrated) : cli_fail(CLI_IO, "not enough memory");
}
