# SPDX-License-Identifier: MIT
"""Pictures of results, with matplotlib where it is installed.

Each function draws into the axes that it is given, or into new ones, and returns them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from kith._engine import Member
    from kith._policy import Policy
    from kith._table import Table


class Scored(Protocol):
    """What is drawn: a `Result`."""

    @property
    def policy(self) -> Policy: ...
    @property
    def standings(self) -> Table: ...
    @property
    def changes(self) -> Table: ...
    @property
    def weeks(self) -> Table: ...
    @property
    def history(self) -> Table: ...


_RISES = ("promoted", "skipped")


def _axes(axes: Axes | None) -> Axes:
    if axes is not None:
        return axes
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(9, 4.5), layout="constrained")[1]


def _colours(count: int) -> list[Any]:
    """From pale to strong, the lowest tier first: a scale that also reads in grey."""
    from matplotlib import colormaps

    return [colormaps["viridis_r"](0.08 + 0.84 * i / max(count - 1, 1)) for i in range(count)]


def _finish(axes: Axes, title: str, label: str) -> Axes:
    axes.set_title(title, loc="left")
    axes.set_ylabel(label)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _legend(axes: Axes) -> None:
    """Above the axes, beside the title: there is nothing that it could hide."""
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles, labels, loc="lower right", bbox_to_anchor=(1, 1), ncols=len(labels), frameon=False, fontsize=8
    )


def _whole(axis: Axis) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True))
    axis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")


def _by_week(axes: Axes) -> None:
    from matplotlib import dates

    locator = dates.AutoDateLocator(minticks=3, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))


def _column(rows: Iterable[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def tiers(result: Scored, axes: Axes | None = None, *, lowest: bool = True) -> Axes:
    """Members on each tier, week by week, the highest tier on top.

    ``lowest=False`` leaves out the lowest tier, on which all who have gone stay, so that after years it hides the others.
    """
    axes = _axes(axes)
    rows = result.weeks.to_dicts()
    names = [tier.name for tier in result.policy.tiers]
    shown = names if lowest else names[1:]
    colours = _colours(len(names))[len(names) - len(shown) :]
    counts = [_column(rows, f"tier_{name}") for name in shown]
    axes.stackplot(_column(rows, "week"), counts, labels=shown, colors=colours, linewidth=0)
    _legend(axes)
    axes.margins(x=0)
    _whole(axes.yaxis)
    _by_week(axes)
    return _finish(axes, "Members on each tier", "members")


def changes(result: Scored, axes: Axes | None = None) -> Axes:
    """Members who rose, above the line, and fell, below it, week by week."""
    axes = _axes(axes)
    weeks: list[dt.date] = _column(result.weeks, "week")
    rank = {tier.name: place for place, tier in enumerate(result.policy.tiers)}
    rises: Counter[dt.date] = Counter()
    falls: Counter[dt.date] = Counter()
    for row in result.changes:
        (rises if rank[row["to"]] > rank[row["from"]] else falls)[row["week"]] += 1
    width = dt.timedelta(days=5)
    axes.bar(weeks, [rises[week] for week in weeks], width, color="#2a788e", label="rose")  # type: ignore[arg-type]
    axes.bar(weeks, [-falls[week] for week in weeks], width, color="#d1603d", label="fell")  # type: ignore[arg-type]
    axes.axhline(0, color="black", linewidth=0.8)
    axes.margins(x=0.01)
    _legend(axes)
    _whole(axes.yaxis)
    _by_week(axes)
    return _finish(axes, "Rises and falls", "members")


def scores(result: Scored, axes: Axes | None = None) -> Axes:
    """How many members have which score, and where tiers begin."""
    axes = _axes(axes)
    axes.hist(_column(result.standings, "score"), bins=range(0, 101, 2), color="#2a788e")
    axes.set_yscale("log")
    for tier in result.policy.tiers[1:]:
        axes.axvline(tier.promote_at, color="black", linewidth=0.8, linestyle=":")
        axes.annotate(
            tier.name, (tier.promote_at, 1), (3, -3), ("data", "axes fraction"), "offset points", va="top", fontsize=8
        )
    axes.set_xlabel("score")
    axes.set_xlim(0, 100)
    return _finish(axes, "Scores after the last week", "members")


def at_risk(result: Scored, axes: Axes | None = None) -> Axes:
    """Of each tier, how many members are silent, dormant or at risk."""
    axes = _axes(axes)
    names = [tier.name for tier in result.policy.tiers]
    counts: Counter[tuple[str, str]] = Counter()
    for row in result.standings:
        for flag in row["flags"].split():
            counts[row["tier"], flag] += 1
    shown = ("at_risk", "silent", "dormant")
    height = 0.8 / len(shown)
    for place, (flag, colour) in enumerate(zip(shown, ("#d1603d", "#e9b44c", "#8a8d91"))):
        ends = [index + (1 - place) * height for index in range(len(names))]
        numbers = [counts[name, flag] for name in names]
        bars = axes.barh(ends, numbers, height, color=colour, label=flag)
        axes.bar_label(bars, [f"{number:,}" if number else "" for number in numbers], padding=3, fontsize=8)
    axes.set_yticks(range(len(names)), names)
    _legend(axes)
    _whole(axes.xaxis)
    axes.set_xlabel("members")
    return _finish(axes, "Members at risk, by tier", "")


def member(result: Scored, name: Member, axes: Axes | None = None) -> Axes:
    """One member's score, week by week, with what it takes to rise; the result must have its history.

    Raises
    ------
    LookupError
        The history has no such member.
    """
    axes = _axes(axes)
    rows = [row for row in result.history if row["member"] == name]
    if not rows:
        raise LookupError(f"the history has no member {name!r}")
    weeks = _column(rows, "week")
    axes.plot(weeks, _column(rows, "score"), color="black", linewidth=1.8, label="score")
    for dimension, colour in (("content", "#2a788e"), ("interaction", "#7ad151"), ("community", "#d1603d")):
        axes.plot(weeks, _column(rows, dimension), color=colour, linewidth=1, label=dimension)
    for tier in result.policy.tiers[1:]:
        axes.axhline(tier.promote_at, color="grey", linewidth=0.6, linestyle=":")
        axes.annotate(
            tier.name, (0, tier.promote_at), (3, 2), ("axes fraction", "data"), "offset points", fontsize=8, color="grey"
        )
    _mark_changes(axes, result.changes, name, rows)
    _legend(axes)
    axes.set_ylim(bottom=0)
    _by_week(axes)
    return _finish(axes, f"{name}", "score")


def _mark_changes(axes: Axes, table: Table, name: Member, rows: Sequence[dict[str, Any]]) -> None:
    scores_by_week = {row["week"]: row["score"] for row in rows}
    for row in table:
        if row["member"] != name or row["week"] not in scores_by_week:
            continue
        rose = row["reason"] in _RISES
        axes.plot(
            row["week"], scores_by_week[row["week"]], "^" if rose else "v", markersize=8, color="#2a788e" if rose else "#d1603d"
        )
