"""The reference model's policy and calendar: docs/model.md, "Policy file", "Memory" (carry) and "Calendar"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal, localcontext
from pathlib import Path
from typing import NamedTuple

DIMENSIONS = ("content", "interaction", "community")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DEFAULT_POLICY = Path(__file__).with_name("default_policy.ini")


class PolicyError(ValueError):
    """The policy breaks a rule of "Policy file"."""


# --- Policy file -------------------------------------------------------------------------------------------------


class Credit(NamedTuple):
    """What one unit of a kind is worth to one side ("Points of a week")."""

    dimension: str
    points: int                 # milli-points
    cap: int | None
    each: int | None


class Kind(NamedTuple):
    gives: Credit | None
    receives: Credit | None
    leave: bool


class Tier(NamedTuple):
    name: str
    promote_at: int             # hundredths; what opens the lowest tier is 0: everybody is in it
    keep_at: int
    min_active_days: int
    min_supporters: int


@dataclass
class Policy:
    utc_offset: int             # seconds
    week_start: int             # Monday = 0
    weights: dict[str, int]     # thousandths
    half_points: dict[str, int]  # milli-points
    carry: int                  # of 65536
    tiers: list[Tier]
    kinds: dict[bytes, Kind]
    figures: dict[str, int]     # [demotion] and [churn], by key
    left_out: list[str]         # patterns of names


# A key's finest decimal and its range, counted in that decimal ("Policy file", limits).
NUMBERS = {
    "weights": {d: (3, 0, 1000) for d in DIMENSIONS},
    "half_points": {d: (3, 1, 1_000_000_000) for d in DIMENSIONS},
    "memory": {"half_life_weeks": (2, 0, 52_000)},
    "tier": {
        "promote_at": (2, 0, 10_000),
        "keep_at": (2, 0, 10_000),
        "min_active_days": (0, 0, 28),
        "min_supporters": (0, 0, 65_535),
    },
    "demotion": {"grace_weeks": (0, 1, 52)},
    "churn": {
        "silent_days": (0, 1, 365),
        "dormant_days": (0, 1, 3650),
        "drop_percent": (0, 1, 100),
        "drop_baseline_weeks": (0, 1, 26),
        "drop_min_per_week": (0, 0, 1_000_000),
        "core_days": (0, 1, 28),
        "risk_percent": (0, 1, 100),
    },
}
POINTS_RANGE = (3, -1_000_000_000, 1_000_000_000)
LIMIT_RANGE = (0, 1, 1_000_000_000)
PATTERNS_MAX, PATTERN_MAX = 32, 64

Sections = dict[tuple[str, str], dict[str, str]]


def without_comment(line: str) -> str:
    """A comment starts at `;` or `#` at the start of a line, or at `;` behind white space."""
    line = line.strip(" \t\r")
    if line.startswith((";", "#")):
        return ""
    return re.split(r"[ \t];", line)[0].strip(" \t")


def read_sections(text: str) -> Sections:
    """INI text as {(section, name): {key: value}}; only [tier …] and [kind …] have a name."""
    sections: Sections = {}
    current: dict[str, str] | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = without_comment(raw)
        if not line:
            continue
        if line.startswith("["):
            if not line.endswith("]"):
                raise PolicyError(f"line {number}: a section ends with ]")
            head, _, name = line[1:-1].strip(" \t").partition(" ")
            section = (head, name.strip(" \t"))
            check_section(number, section)
            if section in sections:
                raise PolicyError(f"line {number}: [{line[1:-1]}] twice")
            current = sections.setdefault(section, {})
            continue
        key, equals, value = (part.strip(" \t") for part in line.partition("="))
        if current is None or not equals or not value or key in current:
            raise PolicyError(f"line {number}: expected one `key = value` in a section")
        current[key] = value
    return sections


def check_section(number: int, section: tuple[str, str]) -> None:
    head, name = section
    if head in ("tier", "kind"):
        if not 1 <= len(name.encode()) <= 64:
            raise PolicyError(f"line {number}: a name has 1 to 64 bytes")
    elif name or head not in ("calendar", "weights", "half_points", "memory", "demotion", "churn", "members"):
        raise PolicyError(f"line {number}: unknown section")


def read_number(text: str, decimals: int, low: int, high: int) -> int:
    """A decimal number as an integer count of its finest decimal."""
    match = re.fullmatch(r"(-?)([0-9]+)(?:\.([0-9]+))?", text)
    if not match or len(match[3] or "") > decimals:
        raise PolicyError(f"{text}: expected a number with at most {decimals} decimals")
    value = int(match[2] + (match[3] or "").ljust(decimals, "0"))
    value = -value if match[1] else value
    if not low <= value <= high:
        raise PolicyError(f"{text}: out of range")
    return value


def read_numbers(section: str, given: dict[str, str]) -> dict[str, int]:
    for key in given:
        if key not in NUMBERS[section]:
            raise PolicyError(f"[{section}] has no key {key}")
    return {key: read_number(value, *NUMBERS[section][key]) for key, value in given.items()}


def read_utc_offset(text: str) -> int:
    match = re.fullmatch(r"([+-])([0-9]{2}):([0-5][0-9])", text)
    if not match:
        raise PolicyError(f"{text}: expected an offset such as +05:30")
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    if seconds > 14 * 3600:
        raise PolicyError(f"{text}: at most 14:00")
    return -seconds if match[1] == "-" else seconds


def read_credit(text: str) -> Credit:
    """DIMENSION POINTS [cap N] [each N]"""
    match = re.fullmatch(r"(\S+)\s+(\S+)(?:\s+cap\s+(\S+))?(?:\s+each\s+(\S+))?", text)
    if not match or match[1] not in DIMENSIONS:
        raise PolicyError(f"{text}: expected DIMENSION POINTS [cap N] [each N]")
    cap, each = (None if limit is None else read_number(limit, *LIMIT_RANGE) for limit in match.group(3, 4))
    return Credit(match[1], read_number(match[2], *POINTS_RANGE), cap, each)


def read_kind(given: dict[str, str]) -> Kind:
    if set(given) - {"gives", "receives", "leave"} or given.get("leave", "no") not in ("yes", "no"):
        raise PolicyError("a kind has gives, receives, and leave = yes or no")
    gives, receives = (read_credit(given[role]) if role in given else None for role in ("gives", "receives"))
    return Kind(gives, receives, given.get("leave") == "yes")


def read_patterns(given: dict[str, str]) -> list[str]:
    """Patterns with blanks between them; none begins with what would be a comment, none stands there twice."""
    if set(given) - {"left_out"}:
        raise PolicyError("[members] has the key left_out alone")
    patterns = re.findall(r"[^ \t]+", given.get("left_out", ""))
    if len(patterns) > PATTERNS_MAX or len(set(patterns)) < len(patterns):
        raise PolicyError("at most 32 patterns, each of them once")
    if any(len(one.encode()) > PATTERN_MAX or one.startswith(";") for one in patterns):
        raise PolicyError("a pattern has 64 bytes at most, and does not begin with ;")
    return patterns


def fits(pattern: str, name: str) -> bool:
    """Whether a whole name fits a pattern: `places` are all those up to where the pattern read so far can reach."""
    places = {0}
    for one in pattern:
        if one == "*":
            places = set(range(min(places), len(name) + 1)) if places else places
        else:
            places = {place + 1 for place in places if place < len(name) and one in ("?", name[place])}
    return len(name) in places


def is_left_out(policy: Policy, name: bytes) -> bool:
    return any(fits(pattern, name.decode()) for pattern in policy.left_out)


def read_tiers(given: list[tuple[str, dict[str, str]]]) -> list[Tier]:
    """The lowest tier has no thresholds; promote_at rises; keep_at is promote_at where not given."""
    if not 2 <= len(given) <= 16:
        raise PolicyError("expected 2 to 16 tiers")
    if given[0][1]:
        raise PolicyError("the lowest tier has no thresholds")
    tiers = [Tier(given[0][0], 0, 0, 0, 0)]
    for name, keys in given[1:]:
        figures = read_numbers("tier", keys)
        if "promote_at" not in figures:
            raise PolicyError(f"tier {name} needs promote_at")
        promote_at = figures["promote_at"]
        keep_at = figures.get("keep_at", promote_at)
        if keep_at > promote_at or (len(tiers) > 1 and promote_at <= tiers[-1].promote_at):
            raise PolicyError(f"tier {name}: promote_at rises and keep_at is no higher")
        days, supporters = figures.get("min_active_days", 0), figures.get("min_supporters", 0)
        tiers.append(Tier(name, promote_at, keep_at, days, supporters))
    return tiers


def with_defaults(sections: Sections) -> Sections:
    """Fills in what the file leaves out, but no tier beside those that it lists, and no kind."""
    defaults = read_sections(DEFAULT_POLICY.read_text("utf-8"))
    merged = dict(sections)
    listed = {head for head, _ in sections}
    for (head, name), keys in defaults.items():
        if head not in ("tier", "kind"):
            merged[head, name] = {**keys, **sections.get((head, name), {})}
        elif head not in listed:
            merged[head, name] = keys
    return merged


def read_policy(text: str | None) -> Policy:
    sections = with_defaults(read_sections(text or ""))
    calendar = sections["calendar", ""]
    if set(calendar) != {"utc_offset", "week_start"} or calendar["week_start"] not in WEEKDAYS:
        raise PolicyError("[calendar] has utc_offset and week_start, a day's name")
    weights = read_numbers("weights", sections["weights", ""])
    if sum(weights.values()) != 1000:
        raise PolicyError("weights must sum to 1")
    figures = read_numbers("demotion", sections["demotion", ""]) | read_numbers("churn", sections["churn", ""])
    if figures["dormant_days"] < figures["silent_days"]:
        raise PolicyError("dormant_days is silent_days at least")
    kinds = {name.encode(): read_kind(keys) for (head, name), keys in sections.items() if head == "kind"}
    if len(kinds) > 64:
        raise PolicyError("at most 64 kinds")
    return Policy(
        utc_offset=read_utc_offset(calendar["utc_offset"]),
        week_start=WEEKDAYS.index(calendar["week_start"]),
        weights=weights,
        half_points=read_numbers("half_points", sections["half_points", ""]),
        carry=carry(read_numbers("memory", sections["memory", ""])["half_life_weeks"]),
        tiers=read_tiers([(name, keys) for (head, name), keys in sections.items() if head == "tier"]),
        kinds=kinds,
        figures=figures,
        left_out=read_patterns(sections.get(("members", ""), {})),
    )


def carry(half_life_hundredths: int) -> int:
    """Memory: floor(65536 × 2^(−1/half_life_weeks) + 0.5), and 0 where the half-life is 0."""
    if half_life_hundredths == 0:
        return 0
    with localcontext() as context:
        context.prec = 100
        share = Decimal(2) ** (Decimal(-100) / half_life_hundredths)
        return int((65536 * share + Decimal("0.5")).to_integral_value(ROUND_FLOOR))


# --- Calendar ----------------------------------------------------------------------------------------------------

EPOCH = date(1970, 1, 1).toordinal()


def day_of(policy: Policy, time: int) -> int:
    return (time + policy.utc_offset) // 86400


def week_of_day(policy: Policy, day: int) -> int:
    return (day + 3 - policy.week_start) // 7


def week_of(policy: Policy, time: int) -> int:
    return week_of_day(policy, day_of(policy, time))


def first_day(policy: Policy, week: int) -> int:
    return week * 7 - 3 + policy.week_start


def last_day(policy: Policy, week: int) -> int:
    return first_day(policy, week) + 6


def show_day(day: int) -> bytes:
    return date.fromordinal(day + EPOCH).isoformat().encode()


def show_time(time: int) -> bytes:
    day, second = divmod(time, 86400)
    return b"%sT%02d:%02d:%02dZ" % (show_day(day), second // 3600, second // 60 % 60, second % 60)
