# SPDX-License-Identifier: MIT
"""The four tables of a score as columns of whole numbers, whoever made them, and what they come to: a checksum of each, by
which all sides are compared, row for row and in order.

Tiers are numbered from the lowest; stages, reasons and flags as STAGES, REASONS and FLAGS list them, several flags as the
sum of 1 << number; scores are hundredths, days are counted from 1970, times are seconds. What is missing is -1.
"""

import json

import numpy as np

STAGES = ("new", "returned", "core", "active", "away", "silent", "dormant")
REASONS = ("promoted", "skipped", "dormant", "demoted")
FLAGS = ("silent", "dormant", "drop", "stalled", "returned", "at_risk")
COLUMNS = {
    "standings": ("member", "score", "content", "interaction", "community", "tier", "stage", "flags", "risk",
                  "active_days", "silent_days", "joined", "last_seen"),
    "changes": ("week", "member", "before", "after", "reason", "score"),
    "flags": ("week", "member", "flag"),
    "weeks": ("week", "members", "active_members", "mean_score", *STAGES, "tier_0", "tier_1", "tier_2", "tier_3"),
}
MASK = (1 << 64) - 1


def checksum(columns):
    total = np.arange(len(columns[0]), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        for number, column in enumerate(columns):
            total = (total ^ column.astype(np.int64).view(np.uint64)) * np.uint64(0xC2B2AE3D27D4EB4F + 2 * number)
            total ^= total >> np.uint64(29)
        return int(total.sum(dtype=np.uint64)) & MASK


def print_answer(tables):
    """tables[name][column]: as COLUMNS lists them."""
    print(json.dumps({name: f"{len(tables[name][columns[0]])} rows, "
                            f"{checksum([np.asarray(tables[name][column]) for column in columns]):016x}"
                      for name, columns in COLUMNS.items()}))
