# SPDX-License-Identifier: MIT
"""The figures of a policy file, for tools that know no kith policy: those that the comparison's policies differ in are
read from it, the others are those of the default policy."""

import configparser
from pathlib import Path

DIMENSIONS = ("content", "interaction", "community")
WEIGHTS = (400, 300, 300)  # thousandths
HALF_POINTS = (120_000, 60_000, 40_000)  # thousandths of a point
CARRY = 55_109  # floor(65536 * 2^(-1/4) + 0.5): half of the points are left after four weeks
GRACE_WEEKS = 2
SILENT_DAYS, DORMANT_DAYS = 7, 28
DROP_PERCENT, DROP_WEEKS, DROP_LEAST = 50, 4, 2
CORE_DAYS, RECENT_WEEKS = 15, 4
RISK_PERCENT, RISK_WEEKS, RISK_OUTCOMES, RISK_PRIOR = 50, 8, 100, 20
SUPPORTER_WEEKS = 4
POINTS_MOST = 1 << 40
NO_LIMIT = 1 << 40

TESTS = Path(__file__).resolve().parents[2]
FILES = {"plain": TESTS / "bench" / "plain.ini", "default": TESTS / "reference" / "default_policy.ini"}


class Credit:
    """What an act gives, or what is received of it: dimension, thousandths of a point, limits on the week's quantity."""

    def __init__(self, text):
        words = text.split()
        limits = dict(zip(words[2::2], words[3::2]))
        self.dimension = DIMENSIONS.index(words[0])
        self.points = round(1000 * float(words[1]))
        self.cap = int(limits.get("cap", NO_LIMIT))
        self.each = int(limits.get("each", NO_LIMIT))
        self.by_pair = "each" in limits


class Figures:
    """Of "plain" or "default". Tiers, lowest first: promote_at and keep_at in hundredths, min_supporters. Kinds in their
    order, credits[kind]: what it gives and what it receives, each a Credit or None."""

    def __init__(self, name):
        parser = configparser.ConfigParser(inline_comment_prefixes=(";",))
        parser.read(FILES[name], encoding="utf-8")
        tiers = [parser[section] for section in parser.sections() if section.startswith("tier ")]
        self.promote_at = [round(100 * float(tier.get("promote_at", "0"))) for tier in tiers]
        self.keep_at = [round(100 * float(tier.get("keep_at", "0"))) for tier in tiers]
        self.min_supporters = [int(tier.get("min_supporters", "0")) for tier in tiers]
        self.kinds = [section.split(" ", 1)[1] for section in parser.sections() if section.startswith("kind ")]
        self.credits = [tuple(Credit(parser["kind " + kind][role]) if role in parser["kind " + kind] else None
                              for role in ("gives", "receives")) for kind in self.kinds]
        every = [credit for both in self.credits for credit in both if credit]
        self.by_pair = any(self.min_supporters) or any(credit.by_pair for credit in every)
