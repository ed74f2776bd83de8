"""Policies for the test cases: every key, the ends of every range, and figures under which something happens."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from model_policy import DIMENSIONS, WEEKDAYS

ODD_LABELS = [
    "old hand", "q,a", 'so "called"', "ändern", "名", "x#y", "semi;colon", "a=b", "L" * 64,
    "'", "-", "yes", "tier", "%d",
]

Keys = list[tuple[str, str]]
Range = tuple[int, int]


def chance(rng: Random, share: float) -> bool:
    return rng.random() < share


@dataclass
class Style:
    """What a policy's figures are drawn from, beside the ends of their ranges."""

    dimensions: tuple[tuple[str, ...], ...]     # of the credits
    points: tuple[Range, ...]                   # thousandths
    limits: tuple[int, ...]
    cap_share: float
    half_points: tuple[Range, ...]              # thousandths
    half_lives: tuple[int, ...]                 # hundredths
    weights: tuple[tuple[int, int, int], ...]
    thresholds: tuple[int, ...]                 # hundredths; none: any


ONE_DIMENSION = tuple((name,) for name in DIMENSIONS)
PLAIN = Style(
    dimensions=(DIMENSIONS,),
    points=((1, 20_000), (500, 5000), (-9000, -1), (0, 0), (1, 1)),
    limits=(1, 2, 3, 5, 10, 300, 1_000_000_000),
    cap_share=0.45,
    half_points=((1, 50_000), (1000, 200_000)),
    half_lives=(0, 1, 5, 6, 50, 100, 125, 200, 400, 433, 1200, 5200, 51_999, 52_000),
    weights=((400, 300, 300), (1000, 0, 0), (0, 1000, 0), (333, 333, 334), (1, 0, 999)),
    thresholds=(),
)
# Few different sums, so that scores are often exactly a threshold.
ROUND = Style(
    dimensions=(DIMENSIONS, *ONE_DIMENSION),
    points=((10_000, 10_000), (5000, 5000), (20_000, 20_000), (-5000, -5000)),
    limits=(1, 2, 3),
    cap_share=0.6,
    half_points=((10_000, 10_000),),
    half_lives=(0, 100, 100, 200),
    weights=((400, 300, 300), (1000, 0, 0), (0, 1000, 0), (0, 0, 1000)),
    thresholds=(1000, 1333, 1500, 2000, 2666, 3000, 3333, 4000, 4285, 5000, 5500, 6000, 6666, 7500, 8000),
)
# Points and half points between which the ends of 32 and of 40 bits show in the score: a quantity of 2^32 − 1 at 0.001
# points is 81.11 of 100, and 2^40 milli-points are 99.90; penalties of the same size bring what was clamped to light.
HUGE = Style(
    dimensions=(DIMENSIONS, *ONE_DIMENSION, *ONE_DIMENSION),
    points=(
        (1, 2), (1, 1), (1, 1), (255, 257), (1000, 1000), (-1, -1), (-257, -255),
        (10**9, 10**9), (10**9, 10**9), (-(10**9), -(10**9)), (-(10**9), -(10**9)),
    ),
    limits=(300, 999_999_999, 1_000_000_000, 1_000_000_000),
    cap_share=0.15,
    half_points=((10**9, 10**9), (5 * 10**8, 10**9), (10**6, 10**9)),
    half_lives=(0, 50, 100, 400, 5200),
    weights=((400, 300, 300), (1000, 0, 0), (0, 1000, 0), (0, 0, 1000)),
    thresholds=(),
)


def draw_policy(rng: Random, huge: bool) -> str | None:
    """None (the default), or a file that gives some sections, or all."""
    if not huge and chance(rng, 0.2):
        return None
    style = HUGE if huge else ROUND if chance(rng, 0.25) else PLAIN
    share = rng.choice((0.3, 0.7, 1.0)) if style is PLAIN else 1.0
    parts: list[list[tuple[str, Keys]]] = []
    for draw in (draw_calendar, draw_weights, draw_half_points, draw_memory, draw_demotion, draw_churn, draw_members):
        if chance(rng, share):
            parts.append([draw(rng, style)])
    if chance(rng, share):
        parts.append(draw_tiers(rng, style))
    if chance(rng, share):
        parts += [[kind] for kind in draw_kinds(rng, style)]
    rng.shuffle(parts)
    return write_policy(rng, [section for part in parts for section in part])


def write_policy(rng: Random, sections: list[tuple[str, Keys]]) -> str:
    lines = []
    for title, keys in sections:
        lines += rng.choice(([], [""], ["; a comment"], ["# another = one", ""], ["   "]))
        lines.append(f"[{title}]" + rng.choice(("", "", "", " ", "   ; behind")))
        for key, value in keys:
            equals = rng.choice((" = ", " = ", "=", "  =  "))
            lines.append(key + equals + value + rng.choice(("", "", " ", " ; note", "\t;x")))
    return "\n".join(lines) + rng.choice(("", "\n"))


def decimal(rng: Random, value: int, places: int) -> str:
    """An integer count of the last place as a decimal, with or without needless zeros."""
    sign, value = "-" if value < 0 else "", abs(value)
    whole, rest = divmod(value, 10**places)
    digits = f"{rest:0{places}}" if places else ""
    if chance(rng, 0.7):
        digits = digits.rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def draw_figure(rng: Random, low: int, high: int, usual: tuple[int, int]) -> int:
    return rng.choice((low, high)) if chance(rng, 0.12) else rng.randint(*usual)


def some(rng: Random, keys: Keys, share: float = 0.8) -> Keys:
    """Some of the keys, in any order."""
    kept = [key for key in keys if chance(rng, share)]
    rng.shuffle(kept)
    return kept


def draw_calendar(rng: Random, _: Style) -> tuple[str, Keys]:
    minutes = rng.choice((0, -14 * 60, 14 * 60, 345, -210, 570, 60, -1, 1, rng.randint(-840, 840)))
    sign = "-" if minutes < 0 else rng.choice("+-") if minutes == 0 else "+"
    offset = f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return "calendar", some(rng, [("utc_offset", offset), ("week_start", rng.choice(WEEKDAYS))])


def draw_weights(rng: Random, style: Style) -> tuple[str, Keys]:
    first = rng.randint(0, 1000)
    second = rng.randint(0, 1000 - first)
    figures = rng.choice((*style.weights, (first, second, 1000 - first - second)))
    return "weights", [(name, decimal(rng, value, 3)) for name, value in zip(DIMENSIONS, figures)]


def draw_half_points(rng: Random, style: Style) -> tuple[str, Keys]:
    figures = [(name, draw_figure(rng, 1, 1_000_000_000, rng.choice(style.half_points))) for name in DIMENSIONS]
    keys = [(name, decimal(rng, value, 3)) for name, value in figures]
    return "half_points", some(rng, keys, 0.8 if style is PLAIN else 1)


def draw_memory(rng: Random, style: Style) -> tuple[str, Keys]:
    hundredths = rng.randint(0, 52_000) if chance(rng, 0.1) else rng.choice(style.half_lives)
    return "memory", some(rng, [("half_life_weeks", decimal(rng, hundredths, 2))], 0.9)


def draw_demotion(rng: Random, _: Style) -> tuple[str, Keys]:
    return "demotion", some(rng, [("grace_weeks", str(draw_figure(rng, 1, 52, (1, 4))))])


def draw_churn(rng: Random, style: Style) -> tuple[str, Keys]:
    silent = draw_figure(rng, 1, 365, (2, 21))
    dormant = draw_figure(rng, silent, 3650, (silent, silent + 40))
    keys = some(rng, [
        ("drop_percent", str(draw_figure(rng, 1, 100, (30, 75) if style is HUGE else (10, 90)))),
        ("drop_baseline_weeks", str(draw_figure(rng, 1, 26, (1, 2) if style is HUGE else (1, 6)))),
        ("drop_min_per_week", str(draw_figure(rng, 0, 1_000_000, (0, 4)))),
        ("core_days", str(draw_figure(rng, 1, 28, (2, 12)))),
        ("risk_percent", str(draw_figure(rng, 1, 100, (20, 80)))),
    ])
    if chance(rng, 0.8):        # both or none: dormant_days must not lie below silent_days
        keys += [("dormant_days", str(dormant)), ("silent_days", str(silent))]
    return "churn", keys


def draw_pattern(rng: Random) -> str:
    """Of the names that cases have: m0, m1 … and a few odd ones."""
    whole = rng.choice(("m?", "m1*", "m*5", "*1*", "m", "m3", "?", "??", "a*", "A", "*a", "O'Brien,??Pat?", "小*", "?林",
                        "*é*", "🙂", "tab?bed", "two?lines", "n*n?", "nul?byte", "*r", "**", "=1+1", "#", "%s", "\\",
                        "*;*", "newcomer", "ü*ü", "*\u0301", "m1?*"))
    return whole if chance(rng, 0.8) else rng.choice("m?*1") + whole[:20]


def draw_members(rng: Random, _: Style) -> tuple[str, Keys]:
    """Few patterns, as most members are to count; now and then as many as there may be, or one that fits all."""
    count = 32 if chance(rng, 0.05) else rng.randint(1, 3)
    patterns = [draw_pattern(rng) for _ in range(count)]
    patterns += [f"unlikely-{number:055}" for number in range(count)] if count == 32 else []
    patterns = ["*"] if chance(rng, 0.03) else list(dict.fromkeys(patterns))[:32]
    blanks = (rng.choice((" ", " ", "  ", "\t", " \t ")) for _ in patterns)
    value = "".join(pattern + blank for pattern, blank in zip(patterns, blanks)).strip()
    return "members", some(rng, [("left_out", value)], 0.8)


def draw_labels(rng: Random, count: int, plain: str) -> list[str]:
    """Different names for tiers or kinds, a few of them odd."""
    odd = rng.sample(ODD_LABELS, min(count, rng.choice((0, 0, 1, 4))))
    labels = odd + [f"{plain}{number}" for number in range(count - len(odd))]
    rng.shuffle(labels)
    return labels


def draw_tiers(rng: Random, style: Style) -> list[tuple[str, Keys]]:
    count = rng.choice((2, 2, 3, 3, 4, 4, 5, 8, 15, 16))
    top = rng.choice((500, 2000, 6000, 10_000))
    opens = sorted(rng.sample(range(0, top + 1), count - 1))
    if chance(rng, 0.1):
        opens[-1] = 10_000
    if style.thresholds:
        count = min(count, 8)
        opens = sorted(rng.sample(style.thresholds, count - 1))
    sections: list[tuple[str, Keys]] = []
    for label, promote_at in zip(draw_labels(rng, count, "level"), [None, *opens]):
        keys: Keys = []
        if promote_at is not None:
            keys.append(("promote_at", decimal(rng, promote_at, 2)))
            keep_at = rng.choice(
                (0, promote_at, promote_at, max(0, promote_at - 1), promote_at * 4 // 5, promote_at // 2)
            )
            keys += some(rng, [("keep_at", decimal(rng, keep_at, 2))], 0.7)
            keys += some(rng, [("min_active_days", str(draw_figure(rng, 0, 28, (1, 4))))], 0.3)
            supporters = draw_figure(rng, 0, 65_535, (1, 2))
            keys += some(rng, [("min_supporters", str(supporters))], 0.9 if style is HUGE else 0.4)
            rng.shuffle(keys)
        sections.append((f"tier {label}", keys))
    return sections


def draw_credit(rng: Random, style: Style, dimensions: tuple[str, ...]) -> str:
    points = draw_figure(rng, -1_000_000_000, 1_000_000_000, rng.choice(style.points))
    text = f"{rng.choice(dimensions)} {decimal(rng, points, 3)}"
    if chance(rng, style.cap_share):
        text += f" cap {rng.choice(style.limits)}"
    if chance(rng, 0.45):
        text += f" each {rng.choice(style.limits)}"
    return text


def draw_kinds(rng: Random, style: Style) -> list[tuple[str, Keys]]:
    count = rng.choice((1, 2, 3, 4, 5, 6, 8, 12, 63, 64)) if style is PLAIN else rng.choice((1, 2, 3, 4, 5))
    dimensions = rng.choice(style.dimensions)
    sections = []
    for label in draw_labels(rng, count, "kind"):
        keys = some(rng, [("gives", draw_credit(rng, style, dimensions))], 0.7)
        keys += some(rng, [("receives", draw_credit(rng, style, dimensions))], 0.6)
        if chance(rng, 0.2):
            keys.append(("leave", rng.choice(("yes", "yes", "no"))))
        rng.shuffle(keys)
        sections.append((f"kind {label}", keys))
    return sections
