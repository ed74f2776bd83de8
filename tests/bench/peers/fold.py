# SPDX-License-Identifier: MIT
"""From points a member and week to tiers: the part that SQL does badly, as vectors of NumPy, week by week.

Peers sum the events up in their own engine; this is the loop that people write behind it.
"""

import json
import os
import sys

import numpy as np
from policy_figures import CARRY, DORMANT_DAYS, GRACE_WEEKS, HALF_POINTS, POINTS_MOST, SUPPORTER_WEEKS, WEIGHTS

MASK = (1 << 64) - 1
MIX = [np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)]
LAST_MIX = np.uint64(0xBF58476D1CE4E5B9)


def settle(path):
    """Touches new memory, as much as a peer takes for the events of a Parquet file, and lets go of it: see
    rounds.settle(). For those that are timed from some seconds after their start."""
    with open("/proc/meminfo") as lines:
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemFree:"))
    np.ones(min(20 * os.path.getsize(path), free * 9 // 10) // 8)


def checksum(members, first_day, before, after, score):
    """A sum over all changes, in any order; job.c computes the same."""
    with np.errstate(over="ignore"):
        mixed = (members.astype(np.uint64) * MIX[0] + np.uint64(first_day) * MIX[1]
                 + (before * 16 + after).astype(np.uint64) * MIX[2] + score.astype(np.uint64) * MIX[3])
        mixed ^= mixed >> np.uint64(29)
        return int((mixed * LAST_MIX).sum(dtype=np.uint64))


def scores(remembered):
    weighted = np.zeros(remembered.shape[1], np.int64)
    for dimension in range(3):
        points = remembered[dimension]
        weighted += WEIGHTS[dimension] * (10000 * points // (points + HALF_POINTS[dimension]))
    return weighted // 1000


def highest_open(policy, score, supporters):
    """Of each member, the highest tier that its score and its supporters open."""
    if supporters is None:
        return np.searchsorted(np.array(policy.promote_at[1:]), score, side="right")
    tier = np.zeros(len(score), np.int64)
    for number in range(1, len(policy.promote_at)):
        tier[(score >= policy.promote_at[number]) & (supporters >= policy.min_supporters[number])] = number
    return tier


def fold(policy, member, week, points, last_day, first_day, supporters=None):
    """Rows a member and week, in any order. week: Monday's day number / 7; last_day: day of the latest own event, or -1;
    first_day: day of the earliest event that names the member; supporters: who credited the member in the week, where the
    policy asks. Prints the number of changes and their checksum."""
    count = int(member.max()) + 1
    order = np.argsort(week, kind="stable")
    begins = np.flatnonzero(np.r_[True, np.diff(week[order]) > 0])
    rows_of = {int(week[order[begin]]): rows for begin, rows in zip(begins, np.split(order, begins[1:]))}

    remembered = np.zeros((3, count), np.int64)
    tier = np.zeros(count, np.int64)
    below = np.zeros(count, np.int64)
    seen = np.full(count, -1, np.int64)
    known = np.zeros(count, bool)
    recent = None if supporters is None else np.zeros((SUPPORTER_WEEKS, count), np.int64)
    keep_at = np.array(policy.keep_at)
    changes = total = 0
    for number in range(min(rows_of), max(rows_of) + 1):
        remembered = remembered * CARRY >> 16
        acted = np.zeros(count, bool)
        rows = rows_of.get(number)
        if recent is not None:
            recent[number % SUPPORTER_WEEKS] = 0
        if rows is not None:
            who = member[rows]
            for dimension in range(3):
                remembered[dimension, who] += points[dimension][rows]
            np.clip(remembered, 0, POINTS_MOST, out=remembered)
            if recent is not None:
                recent[number % SUPPORTER_WEEKS, who] = supporters[rows]
            own = last_day[rows] >= 0
            acted[who[own]] = True
            new = ~known[who]
            seen[who[new]] = first_day[rows[new]]
            seen[who[own]] = last_day[rows[own]]
            known[who] = True
        score = scores(remembered)
        monday = number * 7 - 3
        silent = monday + 6 - seen
        up = highest_open(policy, score, None if recent is None else recent.max(axis=0))
        rises = acted & (up > tier)
        dormant = ~rises & (tier > 0) & (silent >= DORMANT_DAYS)
        lacks = ~rises & ~dormant & (tier > 0) & (score < keep_at[tier])
        below = np.where(lacks, below + 1, 0)
        falls = lacks & (below >= GRACE_WEEKS)
        below[falls] = 0
        after = np.where(rises, up, tier - (dormant | falls))
        changed = np.flatnonzero(after != tier)
        changes += len(changed)
        total += checksum(changed, monday, tier[changed], after[changed], score[changed])
        tier = after
    json.dump({"changes": changes, "checksum": f"{total & MASK:016x}"}, sys.stdout)
    print()
