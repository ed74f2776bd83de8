# SPDX-License-Identifier: MIT
"""Moments and days: as Python has them, and as the library counts them."""

from __future__ import annotations

import datetime as dt
from operator import index
from typing import TypeAlias

from kith import _kith

#: A moment: one with a zone; a date or a moment without one, on the community's clock; Unix seconds; or text as an
#: export has it.
Moment: TypeAlias = "dt.datetime | dt.date | int | str"

_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_LAST_DAY = dt.date.max.toordinal() - _EPOCH_DAY


def seconds_of(moment: Moment, policy: _kith.Policy) -> int:
    """Unix seconds of a moment, fractions cut off."""
    if isinstance(moment, bool):
        raise TypeError("expected a moment, not a bool")
    if isinstance(moment, str):
        return policy.parse_time(moment)
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        return int(moment.timestamp() // 1)
    if isinstance(moment, dt.datetime):
        return policy.parse_time(moment.replace(microsecond=0).isoformat())
    if isinstance(moment, dt.date):
        return policy.parse_time(moment.isoformat())
    try:
        return index(moment)
    except TypeError:
        name = type(moment).__name__
        raise TypeError(f"expected a datetime, a date, Unix seconds or text, not {name}") from None


def moment_of(seconds: int | None) -> dt.datetime | None:
    """The moment of Unix seconds, in UTC."""
    if seconds is None:
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)


def day_of(days: int) -> dt.date:
    """The day that is so many days after 1970-01-01."""
    return dt.date.fromordinal(min(days, _LAST_DAY) + _EPOCH_DAY)
