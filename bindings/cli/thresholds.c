/* SPDX-License-Identifier: MIT */
#include "thresholds.h"

#include "message.h"

/*
 * Thresholds that a person can remember: 0.5, 1, 1.5 ... 99.5. Each goes by a number, from 0. Scores are hundredths, as
 * everywhere. From 10 on, halves are tried only where whole scores do not do.
 */
enum { HALF = 50, STEPS = 199, WHOLE_FROM = 10 * 100 };

static int32_t threshold(int number)
{
    return HALF * (number + 1);
}

/* The number of the lowest threshold from a score on; STEPS where there is none. */
static int number_from(int32_t score)
{
    return score <= HALF ? 0 : (score + HALF - 1) / HALF - 1;
}

static int clamp(int number, int least, int most)
{
    return number < least ? least : number > most ? most : number;
}

static uint32_t distance(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

/* ---- setting them ---- */

/* keep_at stands to promote_at as it did in the policy, but for rounding. */
static int32_t keep_at(const struct cli_figures *before, uint32_t tier, int32_t promote_at)
{
    int32_t whole = before->promote_at[tier];
    int32_t part = before->keep_at[tier];
    int32_t unit = promote_at < 500 ? 10 : HALF;
    if (whole == 0)
        return promote_at;
    int32_t keep = (promote_at * part / whole + unit / 2) / unit * unit;
    return keep < promote_at ? keep : promote_at;
}

static void set_one(struct cli_calibration *calibration, uint32_t tier, int32_t promote_at)
{
    calibration->figures.promote_at[tier] = promote_at;
    calibration->figures.keep_at[tier] = keep_at(&calibration->before, tier, promote_at);
}

/* Sets that of a tier. Those below that are in its way make room, and so do those above that yield. */
static void set_threshold(struct cli_calibration *calibration, uint32_t tier, int number)
{
    const int32_t *promote_at = calibration->figures.promote_at;
    set_one(calibration, tier, threshold(number));
    for (uint32_t i = tier - 1; i > 0 && !calibration->shares->tiers[i].kept; i--)
        if (promote_at[i] >= promote_at[i + 1])
            set_one(calibration, i, threshold(number_from(promote_at[i + 1]) - 1));
    for (uint32_t i = tier + 1; i < calibration->figures.tiers && calibration->yields[i] > 0; i++) {
        int32_t least = threshold(number_from(promote_at[i - 1] + 1));
        set_one(calibration, i, least > calibration->yields[i] ? least : calibration->yields[i]);
    }
}

/* The numbers that a tier can have: there must be room for the tiers below it, and for those above that yield. */
struct bounds {
    int least;
    int most;
};

static struct bounds bounds_of(const struct cli_calibration *calibration, uint32_t tier)
{
    const int32_t *promote_at = calibration->figures.promote_at;
    struct bounds bounds = {0, STEPS - 1};
    uint32_t below = tier - 1;
    while (below > 0 && !calibration->shares->tiers[below].kept)
        below--;
    if (below > 0)
        bounds.least = number_from(promote_at[below] + 1);
    bounds.least += (int)(tier - 1 - below);
    uint32_t above = tier + 1;
    while (above < calibration->figures.tiers && calibration->yields[above] > 0)
        above++;
    if (above < calibration->figures.tiers)
        bounds.most = clamp(number_from(promote_at[above]) - 1, -1, STEPS - 1);
    bounds.most -= (int)(above - tier - 1);
    return bounds;
}

/* ---- where to look ---- */

/* The share of those with such a score or a higher one. */
static uint32_t share_of_scores(const struct cli_measure *measure, int32_t score)
{
    uint64_t members = 0;
    for (int i = score; i < CLI_SCORES; i++)
        members += measure->scores[CLI_WHOLE_SCORE][i];
    return (uint32_t)(members * CLI_WHOLE_SHARE / measure->members);
}

/* The number whose share of scores is nearest to a share; of several, the highest. */
static int number_of_share(const struct cli_measure *measure, uint64_t share)
{
    int best = 0;
    uint32_t wished = share < CLI_WHOLE_SHARE ? (uint32_t)share : CLI_WHOLE_SHARE;
    uint32_t best_distance = UINT32_MAX;
    for (int number = 0; number < STEPS; number++) {
        uint32_t off = distance(share_of_scores(measure, threshold(number)), wished);
        if (off > best_distance)
            continue;
        best_distance = off;
        best = number;
    }
    return best;
}

/* Takes a half from 10 on to a whole score beside it, where one lies within the bounds. */
static int whole(int number, struct bounds bounds)
{
    number = clamp(number, bounds.least, bounds.most);
    if (threshold(number) <= WHOLE_FROM || threshold(number) % 100 == 0)
        return number;
    if (number < bounds.most)
        return number + 1;
    return number > bounds.least ? number - 1 : number;
}

/* Where to begin: tiers hold those with the highest scores. What makes tiers last shows when they are tried. */
static int guess(struct cli_calibration *calibration)
{
    uint32_t share = 0;
    const struct cli_measure *measure = calibration->measure;
    for (uint32_t tier = calibration->figures.tiers - 1; tier > 0; tier--) {
        if (calibration->shares->tiers[tier].kept) {
            share = cli_measure_share_from(measure, tier);
            continue;
        }
        struct bounds bounds = bounds_of(calibration, tier);
        if (bounds.least > bounds.most)
            return cli_fail(CLI_IO, "there is no room for thresholds beside those of the tiers that stay as they are");
        share += calibration->shares->tiers[tier].wished;
        set_threshold(calibration, tier, whole(number_of_share(measure, share), bounds));
    }
    return CLI_DONE;
}

/* ---- one tier ---- */

struct search {
    struct cli_calibration *calibration;
    uint32_t tier;
    uint32_t wished;
    int enough; /* the highest number whose share was as wished or more, or one below all */
    int scarce; /* the lowest number whose share was not, or one above all */
    int best;   /* the number whose share came nearest, or -1 */
    uint32_t best_share;
};

static struct search begin(struct cli_calibration *calibration, uint32_t tier, uint32_t wished, struct bounds bounds)
{
    return (struct search){calibration, tier, wished, bounds.least - 1, bounds.most + 1, -1, 0};
}

/* Shares are looked for to a twentieth. */
static bool is_near(const struct search *search)
{
    return search->best >= 0 && distance(search->best_share, search->wished) <= search->wished / 20;
}

/* Tries a threshold, and narrows the search by it. */
static int try_number(struct search *search, int number)
{
    struct cli_calibration *calibration = search->calibration;
    set_threshold(calibration, search->tier, number);
    int status = cli_calibration_try(calibration);
    if (status)
        return status;
    uint32_t share = calibration->measure->shares[search->tier];
    if (share >= search->wished)
        search->enough = number;
    else
        search->scarce = number;
    if (search->best < 0 || distance(share, search->wished) < distance(search->best_share, search->wished)) {
        search->best = number;
        search->best_share = share;
    }
    return CLI_DONE;
}

/* As tiers last, they hold more than have the score just now. How many times more is taken from what was tried last. */
static int predict(const struct search *search)
{
    const struct cli_measure *measure = search->calibration->measure;
    uint64_t held = cli_measure_share_from(measure, search->tier);
    uint64_t scores = share_of_scores(measure, search->calibration->figures.promote_at[search->tier]);
    uint64_t wished = held - measure->shares[search->tier] + search->wished;
    return number_of_share(measure, held > 0 ? wished * scores / held : wished);
}

/* Tries, from a number on, until a share is near or nothing is left between those that were tried. */
static int narrow(struct search *search, int number)
{
    enum { PREDICTIONS = 4 };
    for (int tries = 1; search->scarce - search->enough > 1 && !is_near(search); tries++) {
        struct bounds left = {search->enough + 1, search->scarce - 1};
        int status = try_number(search, whole(number, left));
        if (status)
            return status;
        number = tries < PREDICTIONS ? predict(search) : (search->enough + search->scarce) / 2;
    }
    return CLI_DONE;
}

/* ---- a share that cannot be had ---- */

/* Whether the share could be had if the tier took no supporters, or no active days, to rise. */
static int try_without(struct search *search, bool supporters, bool days, bool *could)
{
    struct cli_calibration *calibration = search->calibration;
    struct cli_figures *figures = &calibration->figures;
    struct cli_figures kept = *figures;
    if (supporters)
        figures->min_supporters[search->tier] = 0;
    if (days)
        figures->min_active_days[search->tier] = 0;
    int status = cli_calibration_try(calibration);
    *figures = kept;
    *could = !status && calibration->measure->shares[search->tier] >= search->wished - search->wished / 20;
    return status;
}

/* What stands in the way, with the lowest threshold set. */
static int find_obstacle(struct search *search, enum cli_fit *fit)
{
    const struct cli_figures *figures = &search->calibration->figures;
    bool supporters = figures->min_supporters[search->tier] > 0;
    bool days = figures->min_active_days[search->tier] > 0;
    bool could = false;
    int status = supporters ? try_without(search, true, false, &could) : CLI_DONE;
    *fit = could ? CLI_FIT_SUPPORTERS : CLI_FIT_TOO_FEW;
    if (status || could || !days)
        return status;
    status = try_without(search, false, true, &could);
    if (could)
        *fit = CLI_FIT_DAYS;
    if (status || could || !supporters)
        return status;
    status = try_without(search, true, true, &could);
    if (could)
        *fit = CLI_FIT_BOTH;
    return status;
}

/*
 * Too few can have the tier, whatever its threshold. It is then set as high as it can be without losing any more of
 * them, or where it was to begin with if nobody can have it. Where it is not for their scores, the tier below need not
 * stay under that.
 */
static int settle_for_less(struct search *search, int first)
{
    struct cli_calibration *calibration = search->calibration;
    int lowest = search->scarce;
    set_threshold(calibration, search->tier, lowest);
    enum cli_fit *fit = &calibration->fits[search->tier];
    int status = find_obstacle(search, fit);
    if (!status && search->best_share > 0) {
        *search = begin(calibration, search->tier, search->best_share, (struct bounds){lowest, first});
        status = narrow(search, first);
    } else {
        search->best = first;
    }
    if (*fit != CLI_FIT_TOO_FEW)
        calibration->yields[search->tier] = threshold(search->best);
    return status;
}

static int search_tier(struct cli_calibration *calibration, uint32_t tier)
{
    struct bounds bounds = bounds_of(calibration, tier);
    struct search search = begin(calibration, tier, calibration->shares->tiers[tier].wished, bounds);
    int first = clamp(number_from(calibration->figures.promote_at[tier]), bounds.least, bounds.most);
    int status = narrow(&search, first);
    if (status)
        return status;
    calibration->fits[tier] = is_near(&search) ? CLI_FIT_REACHED : CLI_FIT_NEAREST;
    if (!is_near(&search) && search.scarce == bounds.least)
        status = settle_for_less(&search, first);
    set_threshold(calibration, tier, search.best);
    return status;
}

int cli_thresholds_find(struct cli_calibration *calibration)
{
    int status = guess(calibration);
    for (uint32_t tier = calibration->figures.tiers - 1; tier > 0 && !status; tier--)
        if (!calibration->shares->tiers[tier].kept)
            status = search_tier(calibration, tier);
    return status ? status : cli_calibration_try(calibration);
}
