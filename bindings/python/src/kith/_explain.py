# SPDX-License-Identifier: MIT
"""Why a member stands where it does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from kith._labels import CHANGES, STAGES, flags_of
from kith._time import day_of, moment_of

if TYPE_CHECKING:
    from kith._engine import Member
    from kith._policy import Policy


class Explanation:
    """Why a member stands where it does: in words, ``str(explanation)``, and every figure of it, `to_dict`.

    Attributes
    ----------
    member : str or int
        Of whom it is.
    week : date
        First day of the week that it is about.
    as_of : date
        The day as of which it is; the week's last, where the week has been reviewed.
    provisional : bool
        Whether the week is open, so that what is said would come of it if it closed then.
    score : float
        0 … 99.99.
    tier, stage : str
        Names of the tier and the stage.
    flags : tuple of str
        Names of the flags.
    """

    def __init__(self, member: Member, given: dict[str, Any], policy: Policy) -> None:
        self.member = member
        self._text: str = given.pop("text")
        self._figures = _named(given, policy)
        self.week: dt.date = self._figures["week"]
        self.as_of: dt.date = self._figures["as_of"]
        self.provisional: bool = self._figures["provisional"]
        self.score: float = self._figures["score"] / 100
        self.tier: str = self._figures["tier"]["name"]
        self.stage: str = self._figures["stage"]
        self.flags: tuple[str, ...] = tuple(self._figures["flags"])

    def to_dict(self) -> dict[str, Any]:
        """All figures, named as ``kith explain --json`` names them.

        They are whole, as the model counts: points in thousandths, scores and risk in hundredths, weights in
        thousandths. Weeks and days are dates, times are in UTC.
        """
        figures: dict[str, Any] = _copy(self._figures)
        return figures

    def __str__(self) -> str:
        return self._text.rstrip("\n")

    def __repr__(self) -> str:
        return f"<kith.Explanation of {self.member!r}, week of {self.week}: {self.tier}, {self.score:.2f}>"


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in cast("dict[str, Any]", value).items()}
    return [_copy(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value


def _named(given: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Figures with names where the extension has numbers."""

    def tier(index: int | None) -> str | None:
        return None if index is None else policy.tiers[index].name

    def slot_of(slot: dict[str, Any]) -> dict[str, Any]:
        kind: int = slot["kind"]
        return {**slot, "kind": policy.kinds[kind].name}

    standing, rise, keep, presence = given["tier"], given["rise"], given["keep"], given["presence"]
    reason = standing["reason"]
    return {
        **given,
        "week": day_of(given["week"]),
        "as_of": day_of(given["as_of"]),
        "stage": STAGES[given["stage"]],
        "flags": list(flags_of(given["flags"])),
        "flags_before": list(flags_of(given["flags_before"])),
        "slots": [slot_of(slot) for slot in given["slots"]],
        "tier": {
            **standing,
            "name": tier(standing["name"]),
            "before": tier(standing["before"]),
            "reason": None if reason is None else CHANGES[reason],
        },
        "rise": rise and {**rise, "tier": tier(rise["tier"])},
        "keep": keep and {**keep, "tier": tier(keep["tier"])},
        "presence": {
            **presence,
            "joined": moment_of(presence["joined"]),
            "last_seen": moment_of(presence["last_seen"]),
            "leave_end": None if presence["leave_end"] is None else day_of(presence["leave_end"]),
        },
    }
