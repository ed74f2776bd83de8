/* SPDX-License-Identifier: MIT */
#include "figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "number.h"

enum { POINT_DECIMALS = 3, SCORE_DECIMALS = 2 };

const char *cli_dimension_name(int dimension)
{
    static const char *const names[KITH_DIMENSIONS] = {"content", "interaction", "community"};
    return names[dimension];
}

const char *cli_figure(char *out, int64_t scaled, unsigned decimals)
{
    int64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    for (; decimals > 0 && scaled % 10 == 0; decimals--) {
        scaled /= 10;
        unit /= 10;
    }
    if (decimals == 0)
        snprintf(out, CLI_NUMBER_SIZE, "%" PRId64, scaled);
    else
        snprintf(out, CLI_NUMBER_SIZE, "%" PRId64 ".%0*" PRId64, scaled / unit, (int)decimals, scaled % unit);
    return out;
}

/* A number with up to so many decimals, none of it below 0, as the library writes it. */
static int64_t parse_figure(kith_text text, unsigned decimals)
{
    int64_t value = 0;
    unsigned behind = 0;
    bool point = false;
    for (uint64_t i = 0; i < text.length; i++) {
        point = point || text.data[i] == '.';
        if (text.data[i] < '0' || text.data[i] > '9')
            continue;
        value = value * 10 + (text.data[i] - '0');
        behind += point;
    }
    for (; behind < decimals; behind++)
        value *= 10;
    return value;
}

static struct cli_policy_key half_points_key(int dimension)
{
    return (struct cli_policy_key){"half_points", "", cli_dimension_name(dimension)};
}

/* They are told by the policy's text alone. */
static int read_half_points(struct cli_figures *figures, const kith_policy *policy)
{
    struct cli_policy_text text = {NULL, 0};
    int status = cli_policy_text_write(&text, policy);
    for (int dimension = 0; dimension < KITH_DIMENSIONS && !status; dimension++) {
        struct cli_policy_key key = half_points_key(dimension);
        figures->half_points[dimension] = parse_figure(cli_policy_text_get(&text, &key), POINT_DECIMALS);
    }
    cli_policy_text_free(&text);
    return status;
}

int cli_figures_read(struct cli_figures *figures, const kith_policy *policy)
{
    kith_policy_info info = {.size = sizeof info};
    kith_error error = {.size = sizeof error};
    if (kith_policy_get_info(policy, &info, &error) != KITH_OK)
        return cli_fail_with(&error);
    *figures = (struct cli_figures){.tiers = info.tiers};
    for (uint32_t i = 1; i < info.tiers; i++) {
        kith_tier tier = {.size = sizeof tier};
        if (kith_policy_get_tier(policy, i, &tier, &error) != KITH_OK)
            return cli_fail_with(&error);
        figures->promote_at[i] = tier.promote_at;
        figures->keep_at[i] = tier.keep_at;
        figures->min_active_days[i] = tier.min_active_days;
        figures->min_supporters[i] = tier.min_supporters;
    }
    return read_half_points(figures, policy);
}

static bool put(struct cli_policy_text *text, struct cli_policy_key key, int64_t scaled, unsigned decimals)
{
    char number[CLI_NUMBER_SIZE];
    return cli_policy_text_set(text, &key, cli_figure(number, scaled, decimals));
}

static bool put_count(struct cli_policy_text *text, struct cli_policy_key key, uint32_t count)
{
    return count == 0 || put(text, key, count, 0);
}

/* All of a tier, for a text that has left the tiers to the default. */
static bool add_tier(struct cli_policy_text *text, const kith_tier *tier, bool lowest)
{
    const char *section = "tier";
    if (!cli_policy_text_add(text, section, tier->name))
        return false;
    return lowest ||
           (put(text, (struct cli_policy_key){section, tier->name, "promote_at"}, tier->promote_at, SCORE_DECIMALS) &&
            put(text, (struct cli_policy_key){section, tier->name, "keep_at"}, tier->keep_at, SCORE_DECIMALS) &&
            put_count(text, (struct cli_policy_key){section, tier->name, "min_active_days"}, tier->min_active_days) &&
            put_count(text, (struct cli_policy_key){section, tier->name, "min_supporters"}, tier->min_supporters));
}

/* Where the text leaves it out, it is promote_at. */
static bool put_keep_at(struct cli_policy_text *text, const kith_tier *tier)
{
    struct cli_policy_key key = {"tier", tier->name, "keep_at"};
    if (tier->keep_at == tier->promote_at && cli_policy_text_get(text, &key).length == 0)
        return true;
    return put(text, key, tier->keep_at, SCORE_DECIMALS);
}

/* What differs of a tier that the text lists. */
static bool put_tier(struct cli_policy_text *text, const kith_tier *tier, const struct cli_figures *before, uint32_t i)
{
    const char *section = "tier";
    if (tier->promote_at != before->promote_at[i] &&
        !put(text, (struct cli_policy_key){section, tier->name, "promote_at"}, tier->promote_at, SCORE_DECIMALS))
        return false;
    if (tier->keep_at != before->keep_at[i] && !put_keep_at(text, tier))
        return false;
    if (tier->min_active_days != before->min_active_days[i] &&
        !put(text, (struct cli_policy_key){section, tier->name, "min_active_days"}, tier->min_active_days, 0))
        return false;
    return tier->min_supporters == before->min_supporters[i] ||
           put(text, (struct cli_policy_key){section, tier->name, "min_supporters"}, tier->min_supporters, 0);
}

static bool put_tiers(const struct cli_figures *figures, const struct cli_figures *before, const kith_policy *policy,
                      struct cli_policy_text *text)
{
    bool listed = cli_policy_text_has(text, "tier", NULL);
    bool done = true;
    for (uint32_t i = 0; i < figures->tiers && done; i++) {
        kith_tier tier = {.size = sizeof tier};
        if (kith_policy_get_tier(policy, i, &tier, NULL) != KITH_OK)
            return false;
        tier.promote_at = figures->promote_at[i];
        tier.keep_at = figures->keep_at[i];
        tier.min_active_days = figures->min_active_days[i];
        tier.min_supporters = figures->min_supporters[i];
        done = listed ? put_tier(text, &tier, before, i) : add_tier(text, &tier, i == 0);
    }
    return done;
}

int cli_figures_put(const struct cli_figures *figures, const struct cli_figures *before, const kith_policy *policy,
                    struct cli_policy_text *text)
{
    bool done = true;
    for (int i = 0; i < KITH_DIMENSIONS && done; i++)
        if (figures->half_points[i] != before->half_points[i])
            done = put(text, half_points_key(i), figures->half_points[i], POINT_DECIMALS);
    done = done && put_tiers(figures, before, policy, text);
    return done ? CLI_DONE : cli_fail(CLI_IO, "not enough memory");
}

bool cli_figures_equal(const struct cli_figures *a, const struct cli_figures *b)
{
    bool equal = a->tiers == b->tiers && memcmp(a->half_points, b->half_points, sizeof a->half_points) == 0;
    for (uint32_t i = 0; i < a->tiers && equal; i++)
        equal = a->promote_at[i] == b->promote_at[i] && a->keep_at[i] == b->keep_at[i] &&
                a->min_active_days[i] == b->min_active_days[i] && a->min_supporters[i] == b->min_supporters[i];
    return equal;
}
