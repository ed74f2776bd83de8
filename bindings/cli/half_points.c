/* SPDX-License-Identifier: MIT */
#include "half_points.h"

#include "message.h"

enum { TRIES_MOST = 4 };

/* Of a policy, in thousandths. */
static const int64_t least_points = 1, most_points = 1000000000;

static uint64_t count_with_points(const uint64_t *scores)
{
    uint64_t members = 0;
    for (int score = 1; score < CLI_SCORES; score++)
        members += scores[score];
    return members;
}

/* The score that CLI_HALF_PERCENT of the members that have any do not pass. */
static int find_score(const uint64_t *scores, uint64_t members)
{
    uint64_t passed = 0;
    int score = 0;
    while (score < CLI_SCORES - 1 && passed * 100 < members * CLI_HALF_PERCENT)
        passed += scores[++score];
    return score;
}

/*
 * The points that a score stands for, which is 10000 * points / (points + half_points), rounded down. A score comes of
 * more than one number of points, so the middle of them is taken.
 */
static int64_t points_of(int score, int64_t half_points)
{
    int64_t points = half_points * (2 * score + 1) / (2 * CLI_SCORES - 2 * score - 1);
    if (points < least_points)
        return least_points;
    return points < most_points ? points : most_points;
}

/* Near either end one score stands for a wide range of points. */
static bool is_rough(int score)
{
    return score < CLI_SCORES / 100 || score > CLI_SCORES - CLI_SCORES / 100;
}

/* With two digits, such as 47, 310 or 2.5. */
static int64_t rounded(int64_t number)
{
    int64_t unit = 1;
    while (number >= 100 * unit)
        unit *= 10;
    return (number + unit / 2) / unit * unit;
}

/* Sets them by what was measured last. True where that was too rough, and they are to be measured again. */
static bool set_all(struct cli_calibration *calibration)
{
    bool rough = false;
    const struct cli_measure *measure = calibration->measure;
    for (int i = 0; i < KITH_DIMENSIONS; i++) {
        uint64_t members = count_with_points(measure->scores[i]);
        int64_t *half_points = &calibration->figures.half_points[i];
        calibration->few_points[i] = members * 100 < measure->members * CLI_HALF_LEAST_PERCENT;
        if (calibration->few_points[i]) {
            *half_points = calibration->before.half_points[i];
            continue;
        }
        int score = find_score(measure->scores[i], members);
        *half_points = points_of(score, *half_points);
        rough = rough || is_rough(score);
    }
    return rough;
}

int cli_half_points_find(struct cli_calibration *calibration)
{
    int status = CLI_DONE;
    if (calibration->shares->keeps)
        return CLI_DONE;
    bool rough = set_all(calibration);
    for (int tries = 1; rough && tries < TRIES_MOST; tries++) {
        status = cli_calibration_try(calibration);
        if (status)
            return status;
        rough = set_all(calibration);
    }
    for (int i = 0; i < KITH_DIMENSIONS; i++)
        if (!calibration->few_points[i])
            calibration->figures.half_points[i] = rounded(calibration->figures.half_points[i]);
    return cli_calibration_try(calibration);
}
