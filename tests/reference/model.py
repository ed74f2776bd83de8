"""kith's scoring model a second time: slow, obvious, and independent of the C library.

Every rule is written from docs/model.md and named with its words; a comment at each function says which section
it follows. Numbers are Python's exact integers, so a limit of the model is always an explicit `min` or `clamp`.
Only the standard library is used. model_policy.py reads the policy, model_exports.py the events.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model_exports import Event, Reject, read_day, read_export, taken_once
from model_policy import (
    DIMENSIONS,
    Credit,
    Policy,
    day_of,
    first_day,
    is_left_out,
    last_day,
    read_policy,
    show_day,
    show_time,
    week_of,
    week_of_day,
)

FLAGS = ("silent", "dormant", "drop", "stalled", "returned", "at_risk")
STAGES = ("new", "returned", "core", "active", "away", "silent", "dormant")

WEEKLY_MAX = 4_294_967_295      # where every weekly quantity stops
POINTS_MAX = 2**40              # milli-points of one slot in a week, and of what is remembered
SUPPORTERS_MAX = 65_535
RISK_MIN_OUTCOMES = 100
OUTCOME_WEEKS = 8


def clamp(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))


# --- Tallies -----------------------------------------------------------------------------------------------------

NOBODY = b""    # the other member of an act that has none: members are never empty


@dataclass
class Tally:
    """What one member did and received in one week. Plain sums: limits are applied when they are read."""

    slots: dict[tuple[bytes, str], dict[bytes, int]] = field(default_factory=dict)  # (kind, role) → other → quantity
    days: set[int] = field(default_factory=set)
    last: int | None = None             # time of the latest own event
    interactions: int = 0
    supporters: set[bytes] = field(default_factory=set)
    anonymous_support: int = 0
    leave_end: int | None = None

    def add_slot(self, kind: bytes, role: str, other: bytes, quantity: int) -> None:
        slot = self.slots.setdefault((kind, role), {})
        slot[other] = slot.get(other, 0) + quantity


@dataclass
class Life:
    """A member: when it joined, its tallies, and what it keeps from review to review."""

    name: bytes
    joined: int
    left_out: bool = False              # of means, counts and risk
    tallies: dict[int, Tally] = field(default_factory=dict)

    # one entry a review, from the first week on
    first_week: int = 0
    acted: list[bool] = field(default_factory=list)
    own_days: list[int] = field(default_factory=list)
    support: list[int] = field(default_factory=list)
    on_leave: list[bool] = field(default_factory=list)

    remembered: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DIMENSIONS, 0))
    last: int | None = None
    leave_end: int | None = None
    baseline: list[int] = field(default_factory=list)   # interactions of the reviews without leave
    tier: int = 0
    weeks_below: int = 0
    flags: tuple[str, ...] = ()

    # of the latest review, for the tables
    dimension_scores: dict[str, int] = field(default_factory=dict)
    score: int = 0
    silent_days: int = 0
    active_days: int = 0
    risk: int | None = None
    stage: str = ""


def tally_events(policy: Policy, events: list[Event]) -> dict[bytes, Life]:
    """Event, Points of a week: every event into the weeks of its member and its target."""
    lives: dict[bytes, Life] = {}
    for event in events:
        for name in {event.member, event.target} - {NOBODY}:
            life = lives.setdefault(name, Life(name, event.time))
            life.joined = min(life.joined, event.time)
        if event.member:
            tally_own(policy, lives[event.member], event)
        if event.target and event.target != event.member:
            tally_received(policy, lives[event.target], event)
    for life in lives.values():
        life.first_week = week_of(policy, life.joined)
        life.left_out = is_left_out(policy, life.name)
    return lives


def tally_own(policy: Policy, life: Life, event: Event) -> None:
    """An own event is activity; what is self-directed credits nobody."""
    tally = life.tallies.setdefault(week_of(policy, event.time), Tally())
    kind = policy.kinds[event.kind]
    day = day_of(policy, event.time)
    tally.days.add(day)
    tally.last = event.time if tally.last is None else max(tally.last, event.time)
    if kind.leave:
        end = day + event.quantity
        tally.leave_end = end if tally.leave_end is None else max(tally.leave_end, end)
    if kind.gives and event.target != event.member:
        tally.add_slot(event.kind, "gives", event.target, event.quantity)
        if kind.gives.dimension == "interaction":
            tally.interactions += event.quantity


def tally_received(policy: Policy, life: Life, event: Event) -> None:
    kind = policy.kinds[event.kind]
    if not kind.receives:
        return
    tally = life.tallies.setdefault(week_of(policy, event.time), Tally())
    tally.add_slot(event.kind, "receives", event.member, event.quantity)
    if kind.receives.points > 0:
        if event.member:
            tally.supporters.add(event.member)
        else:
            tally.anonymous_support += event.quantity


# --- Points of a week, memory, score -----------------------------------------------------------------------------


def counted(credit: Credit, slot: dict[bytes, int]) -> int:
    """min(cap, quantity with no other member + Σ min(quantity with that member, each)), stopping at WEEKLY_MAX."""
    total = 0
    for other, quantity in slot.items():
        quantity = min(quantity, WEEKLY_MAX)
        if other != NOBODY and credit.each is not None:
            quantity = min(quantity, credit.each)
        total += quantity
    total = min(total, WEEKLY_MAX)
    return total if credit.cap is None else min(total, credit.cap)


def points_of_week(policy: Policy, tally: Tally) -> dict[str, int]:
    """P_d(w)"""
    points = dict.fromkeys(DIMENSIONS, 0)
    for (kind, role), slot in tally.slots.items():
        credit = getattr(policy.kinds[kind], role)
        points[credit.dimension] += clamp(credit.points * counted(credit, slot), -POINTS_MAX, POINTS_MAX)
    return points


def remember(policy: Policy, before: dict[str, int], points: dict[str, int]) -> dict[str, int]:
    """R_d(w)"""
    return {d: clamp(before[d] * policy.carry // 65536 + points[d], 0, POINTS_MAX) for d in DIMENSIONS}


def score_dimensions(policy: Policy, remembered: dict[str, int]) -> dict[str, int]:
    """S_d"""
    return {d: 10000 * remembered[d] // (remembered[d] + policy.half_points[d]) for d in DIMENSIONS}


def score_whole(policy: Policy, dimension_scores: dict[str, int]) -> int:
    return sum(policy.weights[d] * dimension_scores[d] for d in DIMENSIONS) // 1000


# --- Weekly review -----------------------------------------------------------------------------------------------


def close_week(policy: Policy, life: Life, week: int) -> None:
    """What the week's tally alone changes: needed of every member before the first risk."""
    tally = life.tallies.get(week, Tally())
    life.remembered = remember(policy, life.remembered, points_of_week(policy, tally))
    life.dimension_scores = score_dimensions(policy, life.remembered)
    life.score = score_whole(policy, life.dimension_scores)
    life.acted.append(bool(tally.days))
    life.own_days.append(len(tally.days))
    life.support.append(min(len(tally.supporters) + tally.anonymous_support, SUPPORTERS_MAX))
    if tally.last is not None:
        life.last = tally.last
    if tally.leave_end is not None:
        life.leave_end = tally.leave_end if life.leave_end is None else max(life.leave_end, tally.leave_end)
    life.on_leave.append(life.leave_end is not None and life.leave_end > first_day(policy, week))
    life.active_days = sum(life.own_days[-4:])
    life.silent_days = silent_days(policy, life, week)


def silent_days(policy: Policy, life: Life, week: int) -> int:
    last = day_of(policy, life.joined if life.last is None else life.last)
    if life.leave_end is not None:
        last = max(last, life.leave_end - 1)
    return max(0, last_day(policy, week) - last)


def interactions_of(life: Life, week: int) -> int:
    return min(life.tallies[week].interactions, WEEKLY_MAX) if week in life.tallies else 0


def highest_tier(policy: Policy, life: Life) -> int:
    """The highest tier whose three thresholds are met; everybody meets the lowest."""
    supporters = max(life.support[-4:])
    return max(
        index
        for index, tier in enumerate(policy.tiers)
        if life.score >= tier.promote_at
        and life.active_days >= tier.min_active_days
        and supporters >= tier.min_supporters
    )


def review_tier(policy: Policy, life: Life) -> str | None:
    """Tier: the first rule that applies. Returns the reason of a change."""
    highest = highest_tier(policy, life)
    if life.acted[-1] and highest > life.tier:
        reason = "promoted" if highest == life.tier + 1 else "skipped"
        life.tier, life.weeks_below = highest, 0
        return reason
    if life.on_leave[-1]:
        return None
    if life.tier > 0 and life.silent_days >= policy.figures["dormant_days"]:
        life.tier, life.weeks_below = life.tier - 1, 0
        return "dormant"
    if life.tier > 0 and life.score < policy.tiers[life.tier].keep_at:
        life.weeks_below += 1
        if life.weeks_below == policy.figures["grace_weeks"]:
            life.tier, life.weeks_below = life.tier - 1, 0
            return "demoted"
        return None
    life.weeks_below = 0
    return None


def is_drop(policy: Policy, life: Life, interactions: int) -> bool:
    weeks = policy.figures["drop_baseline_weeks"]
    if len(life.baseline) < weeks:
        return False
    before = sum(life.baseline[-weeks:])
    return (
        before > 0
        and before >= weeks * policy.figures["drop_min_per_week"]
        and interactions * weeks * 100 <= before * (100 - policy.figures["drop_percent"])
    )


def is_stalled(policy: Policy, life: Life, week: int) -> bool:
    """Of a member that is silent: a newcomer that never came back."""
    since_joined = last_day(policy, week) - day_of(policy, life.joined)
    return since_joined < policy.figures["dormant_days"] and sum(life.own_days) <= 1


def review_flags(policy: Policy, life: Life, week: int) -> tuple[str, ...]:
    """Flags, in the order of the table; a member on leave has none but `returned`."""
    figures = policy.figures
    interactions = interactions_of(life, week)
    silent = life.silent_days >= figures["silent_days"]
    raised = {
        "silent": silent,
        "dormant": life.silent_days >= figures["dormant_days"],
        "drop": is_drop(policy, life, interactions),
        "stalled": silent and is_stalled(policy, life, week),
        "returned": life.acted[-1] and "dormant" in life.flags,
        "at_risk": life.risk is not None and life.risk >= 100 * figures["risk_percent"],
    }
    if life.on_leave[-1]:
        return ("returned",) if raised["returned"] else ()
    life.baseline.append(interactions)
    return tuple(flag for flag in FLAGS if raised[flag])


def review_stage(policy: Policy, life: Life, week: int) -> str:
    """Stage: the first that applies."""
    if week == life.first_week:
        return "new"
    if "returned" in life.flags:
        return "returned"
    if life.active_days >= policy.figures["core_days"]:
        return "core"
    if life.acted[-1]:
        return "active"
    if life.on_leave[-1]:
        return "away"
    return "dormant" if "dormant" in life.flags else "silent"


# --- Risk --------------------------------------------------------------------------------------------------------


def pattern(life: Life, week: int) -> int:
    """Bit i set where the member had an own event in week − i."""
    index = week - life.first_week
    return sum(1 << i for i in range(min(index, 7) + 1) if life.acted[index - i])


def age(life: Life, week: int) -> int:
    return min(week - life.first_week, 7)


def situations(bits: int, years: int) -> tuple[tuple, tuple, tuple]:
    """The three counts a situation belongs to: all, (z, c), (pattern, age)."""
    z = (bits & -bits).bit_length() - 1
    return ("all",), ("zc", z, bits.bit_count()), ("pattern", bits, years)


class Experience:
    """How many were in a situation (n), and how many of them did not come back (y)."""

    def __init__(self) -> None:
        self.counts: dict[tuple, tuple[int, int]] = {}

    def of(self, situation: tuple) -> tuple[int, int]:
        return self.counts.get(situation, (0, 0))

    def add_outcome(self, life: Life, week: int) -> None:
        """The outcome of what the member's situation was eight weeks ago, if it counts."""
        then = week - OUTCOME_WEEKS
        if life.left_out or then < life.first_week:
            return
        bits = pattern(life, then)
        since = slice(then - life.first_week, week - life.first_week + 1)
        if bits == 0 or any(life.on_leave[since]):
            return
        gone = not any(life.acted[since][1:])
        for situation in situations(bits, age(life, then)):
            y, n = self.of(situation)
            self.counts[situation] = y + gone, n + 1

    def risk(self, life: Life, week: int) -> int | None:
        if life.left_out:
            return None
        bits = pattern(life, week)
        of_all, of_zc, of_pattern = (self.of(one) for one in situations(bits, age(life, week)))
        if of_all[1] < RISK_MIN_OUTCOMES or bits == 0 or life.on_leave[-1]:
            return None
        g = 10000 * (of_all[0] + 1) // (of_all[1] + 2)
        q = (10000 * of_zc[0] + 20 * g) // (of_zc[1] + 20)
        return (10000 * of_pattern[0] + 20 * q) // (of_pattern[1] + 20)


# --- Where the numbers come out ----------------------------------------------------------------------------------


def cell(text: bytes) -> bytes:
    if any(special in text for special in (b",", b'"', b"\n", b"\r")):
        return b'"' + text.replace(b'"', b'""') + b'"'
    return text


def cells(*values: bytes | str | int) -> bytes:
    texts = (value if isinstance(value, bytes) else str(value).encode() for value in values)
    return b",".join(map(cell, texts)) + b"\n"


def hundredths(value: int) -> str:
    return f"{value // 100}.{value % 100:02}"


class Tables:
    """The tables as they grow, week by week."""

    def __init__(self, policy: Policy, history: bool) -> None:
        self.policy = policy
        tiers = [f"tier_{tier.name}" for tier in policy.tiers]
        head = {
            "changes.csv": ["week", "member", "from", "to", "reason", "score"],
            "flags.csv": ["week", "member", "flag"],
            "weeks.csv": ["week", "members", "active_members", "mean_score", *STAGES, *tiers],
        }
        if history:
            head["history.csv"] = ["week", "member", "score", *DIMENSIONS, "tier", "stage", "flags"]
        self.lines = {table: [cells(*titles)] for table, titles in head.items()}

    def add_member(self, week: int, life: Life, tier: int, flags: tuple[str, ...], reason: str | None) -> None:
        """One member's review; `tier` and `flags` are those of the review before."""
        day, names = show_day(first_day(self.policy, week)), [one.name for one in self.policy.tiers]
        if reason:
            score = hundredths(life.score)
            self.lines["changes.csv"].append(cells(day, life.name, names[tier], names[life.tier], reason, score))
        for flag in life.flags:
            if flag not in flags:
                self.lines["flags.csv"].append(cells(day, life.name, flag))
        if "history.csv" in self.lines:
            scores = [hundredths(value) for value in (life.score, *life.dimension_scores.values())]
            line = cells(day, life.name, *scores, names[life.tier], life.stage, " ".join(life.flags))
            self.lines["history.csv"].append(line)

    def add_week(self, week: int, known: list[Life]) -> None:
        lives = [life for life in known if not life.left_out]
        stages = [sum(life.stage == stage for life in lives) for stage in STAGES]
        tiers = [sum(life.tier == tier for life in lives) for tier in range(len(self.policy.tiers))]
        active = sum(life.acted[-1] for life in lives)
        mean = hundredths(sum(life.score for life in lives) // len(lives) if lives else 0)
        day = show_day(first_day(self.policy, week))
        self.lines["weeks.csv"].append(cells(day, len(lives), active, mean, *stages, *tiers))

    def standings(self, lives: list[Life]) -> list[bytes]:
        lines = [cells("member", "score", *DIMENSIONS, "tier", "stage", "flags", "risk", "active_days", "silent_days",
                       "joined", "last_seen")]
        for life in sorted(lives, key=lambda life: (-life.score, life.name)):
            scores = [hundredths(value) for value in (life.score, *life.dimension_scores.values())]
            lines.append(cells(
                life.name, *scores, self.policy.tiers[life.tier].name, life.stage, " ".join(life.flags),
                "" if life.risk is None else hundredths(life.risk), life.active_days, life.silent_days,
                show_time(life.joined), b"" if life.last is None else show_time(life.last),
            ))
        return lines


def rejects_table(rejects: list[Reject]) -> bytes:
    return cells("file", "line", "column", "reason", "row") + b"".join(cells(*reject) for reject in rejects)


# --- The whole ---------------------------------------------------------------------------------------------------


def last_week(policy: Policy, events: list[Event], until: str | None) -> int | None:
    """Late and early: the last week a batch job reviews."""
    if until is not None:
        day = read_day(until.encode())
        if day is None:
            raise ValueError(f"{until}: expected a day such as 2026-03-31")
        return week_of_day(policy, day) - 1
    return week_of(policy, max(event.time for event in events)) if events else None


def review_week(policy: Policy, lives: list[Life], week: int, experience: Experience, tables: Tables) -> None:
    for life in lives:
        close_week(policy, life, week)
    for life in lives:
        experience.add_outcome(life, week)
    for life in lives:
        tier_before, flags_before = life.tier, life.flags
        life.risk = experience.risk(life, week)
        reason = review_tier(policy, life)
        life.flags = review_flags(policy, life, week)
        life.stage = review_stage(policy, life, week)
        tables.add_member(week, life, tier_before, flags_before, reason)
    tables.add_week(week, lives)


def review(policy: Policy, events: list[Event], until: str | None, history: bool) -> dict[str, bytes]:
    lives = sorted(tally_events(policy, events).values(), key=lambda life: life.name)
    tables = Tables(policy, history)
    experience = Experience()
    last = last_week(policy, events, until)
    known: list[Life] = []
    if lives and last is not None:
        for week in range(min(life.first_week for life in lives), last + 1):
            known = [life for life in lives if life.first_week <= week]
            review_week(policy, known, week, experience, tables)
    result = {table: b"".join(lines) for table, lines in tables.lines.items()}
    result["standings.csv"] = b"".join(tables.standings(known))
    return result


def score(
    exports: list[tuple[str, bytes]],
    policy_text: str | None = None,
    until: str | None = None,
    latest: int | None = None,
    columns: dict[str, str] | None = None,
    delimiter: str | None = None,
    history: bool = False,
) -> dict[str, bytes]:
    """Every table of a batch job by file name; rejects.csv only where a row was rejected."""
    policy = read_policy(policy_text)
    results = []
    for name, data in exports:
        results += read_export(policy, name, data, latest, columns, delimiter).results
    events = taken_once(result for _, result in results if isinstance(result, Event))
    rejects = [result for _, result in results if isinstance(result, Reject)]
    tables = review(policy, events, until, history)
    if rejects:
        tables["rejects.csv"] = rejects_table(rejects)
    return tables
