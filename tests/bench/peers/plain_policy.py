# SPDX-License-Identifier: MIT
"""The figures of plain.ini, read from it, for tools that know no kith policy."""

import configparser
from pathlib import Path

DIMENSIONS = ("content", "interaction", "community")
WEIGHTS = (400, 300, 300)  # thousandths, as in the default policy
HALF_POINTS = (120_000, 60_000, 40_000)  # thousandths of a point
CARRY = 55_109  # floor(65536 * 2^(-1/4) + 0.5): half of the points are left after four weeks
GRACE_WEEKS = 2
DORMANT_DAYS = 28
POINTS_MOST = 1 << 40
NO_CAP = 1 << 40


class Plain:
    """Tiers and kinds: promote_at and keep_at in hundredths, credits as (dimension, thousandths of a point, cap)."""

    def __init__(self, path=Path(__file__).resolve().parents[1] / "plain.ini"):
        parser = configparser.ConfigParser()
        parser.read(path, encoding="utf-8")
        tiers = [parser[name] for name in parser.sections() if name.startswith("tier ")]
        self.promote_at = [round(100 * float(tier.get("promote_at", "0"))) for tier in tiers]
        self.keep_at = [round(100 * float(tier.get("keep_at", "0"))) for tier in tiers]
        self.kinds = [name.split(" ", 1)[1] for name in parser.sections() if name.startswith("kind ")]
        self.credits = []  # of each kind: what it gives, what it receives
        for kind in self.kinds:
            section = parser["kind " + kind]
            self.credits.append((credit(section.get("gives")), credit(section.get("receives"))))


def credit(text):
    """(dimension, thousandths of a point, cap), or None."""
    if text is None:
        return None
    words = text.split()
    cap = int(words[3]) if len(words) > 2 else NO_CAP
    return DIMENSIONS.index(words[0]), round(1000 * float(words[1])), cap
