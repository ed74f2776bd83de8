# SPDX-License-Identifier: MIT
"""From events to standings in one call."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cached_property
from typing import Any

from kith import _kith
from kith._adding import Given
from kith._engine import Added, Engine, Member, Review, engine_options
from kith._explain import Explanation
from kith._input import Columns, Data
from kith._policy import Policy, PolicyLike, policy_of
from kith._progress import Progress
from kith._source import SourceLike
from kith._table import Table
from kith._time import Moment


# Of fewer members that are about, a pyramid says nothing.
_FEWEST_ABOUT = 50


class Result:
    """What `score` brought: tables, the policy, and what became of the rows.

    Attributes
    ----------
    standings, changes, flags, weeks, history : Table
        See `Review`.
    rejects : Table
        Rows that could not be used.
    added : Added
        How many rows were read, taken, rejected and ignored.
    policy : Policy
        The one that was used.
    engine : Engine
        The engine, to ask on: `Engine.standing`, `Engine.explain`, `Engine.save`.
    """

    def __init__(self, engine: Engine, added: Added, review: Review, as_of: Moment | None) -> None:
        self.engine = engine
        self.added = added
        self.review = review
        self.policy = engine.policy
        self._as_of = as_of

    @property
    def standings(self) -> Table:
        """Where each member stands after the last week."""
        return self.review.standings

    @property
    def changes(self) -> Table:
        """Every change of tier."""
        return self.review.changes

    @property
    def flags(self) -> Table:
        """Every flag in the week in which it was raised."""
        return self.review.flags

    @property
    def weeks(self) -> Table:
        """One row a week."""
        return self.review.weeks

    @property
    def history(self) -> Table:
        """Every member at every review; with ``history=True``."""
        return self.review.history

    @property
    def watch(self) -> Table:
        """Who is silent, dormant or at risk; with ``as_of``."""
        if self._as_of is None:
            raise AttributeError("there is a watch table where score() is given as_of")
        return self.engine.watch(self._as_of)

    @property
    def rejects(self) -> Table:
        """Rows that could not be used."""
        return self.added.rejects

    @cached_property
    def upside_down(self) -> str | None:
        """The tier on which most stand, where the pyramid of tiers stands on its head: then the policy does not fit the
        community, and ``kith calibrate`` finds one that does.

        Of at least 50 members that have acted in the last four weeks, more are on it than on any other, and it is the
        highest, or the third or a higher one.
        """
        about = self._about()
        names = [tier.name for tier in self.policy.tiers]
        most = max(names, key=lambda name: about[name])
        is_alone = sum(about[name] == about[most] for name in names) == 1
        is_upper = names.index(most) >= 2 or most == names[-1]
        return most if about.total() >= _FEWEST_ABOUT and is_alone and is_upper else None

    def _about(self) -> Counter[str]:
        """How many of each tier have acted in the last four weeks, without those that are left out of counts."""
        about: Counter[str] = Counter()
        if self.review.week_count == 0:
            return about
        if self.weeks._last("members") == len(self.standings):
            about.update(tier for tier, days in self.standings._each("tier", "active_days") if days > 0)
            return about
        for tier, days, member in self.standings._each("tier", "active_days", "member"):
            if days > 0 and not self.engine.standing(member).left_out:
                about[tier] += 1
        return about

    def __repr__(self) -> str:
        left = [(self.added.rejected, "rejected"), (self.added.ignored, "ignored")]
        without = "".join(f", {count:,} {word}" for count, word in left if count)
        weeks = self.review.week_count
        span = f" ({self.review.first_week} to {self.review.last_week})" if weeks else ""
        figures = [(len(self.standings), "member", ""), (weeks, "week", span), (self.added.taken, "event", "")]
        counts = ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}{more}" for count, word, more in figures)
        if self.added.rejected > self.added.taken == 0:
            return f"<kith.Result: {counts}{without}; no row could be used: see kith.inspect()>"
        head = "; the pyramid stands on its head: see kith calibrate" if self.upside_down is not None else ""
        return f"<kith.Result: {counts}{without}{head}>"


def score(
    data: Data,
    policy: PolicyLike | None = None,
    until: Moment | None = None,
    *,
    columns: Columns | None = None,
    as_of: Moment | None = None,
    history: bool = False,
    threads: int | None = None,
    max_weeks: int | None = None,
    future: dt.timedelta | None = None,
    memory: int | None = None,
    max_members: int | None = None,
    now: Moment | None = None,
    name: str | None = None,
    delimiter: str | None = None,
    source: SourceLike | None = None,
    max_row: int | None = None,
    max_bytes: int | None = None,
    progress: Progress = None,
) -> Result:
    """Score a community: every week of its activity, every member.

    Parameters
    ----------
    data : data frame, table, mapping, iterable, path or paths
        Events, one a row, with columns ``time``, ``member``, ``kind`` and, if there are, ``target``, ``quantity`` and
        ``id``: anything with ``__arrow_c_stream__`` or ``__arrow_c_array__`` (pandas, polars, pyarrow, DuckDB, ibis),
        without a copy; a mapping of names to NumPy arrays or sequences; an iterable of any of these; the path of an
        export, plain or gzipped, several of them, or a file that is open for reading bytes.

        Exports are CSV, NDJSON or JSON: their content tells. A path may also be that of a Parquet file, which is read
        a part at a time by pyarrow, polars or DuckDB; of a folder, for the exports in it and below; or a pattern, such
        as ``"2026-*.csv"``, where no file is called so.

        Members are strings, or whole numbers from 0. Times are timestamps, dates, Unix seconds or text; those without
        a zone are on the community's clock. Nulls stand for nobody, and for a quantity of 1.
    policy : Policy or path, optional
        Where it is left out, that of a ready source, else the default one.
    until : moment, optional
        Weeks that have ended by then are reviewed; those up to the end of the week of the last event where it is left
        out.
    columns : mapping of str to str, optional
        Names of columns, where they are others: ``{"time": "created_at", "member": "user_id"}``; of JSON, paths:
        ``{"member": "actor.login"}``.
    as_of : moment, optional
        Also say who is slipping away as of then, in a week that is not reviewed: `Result.watch`.
    history : bool
        Also keep every member at every review: `Result.history`.
    threads, max_weeks, future, memory, max_members, now
        As for `Engine`.
    name : str, optional
        What data are called in messages and rejects.
    delimiter : str, optional
        Of an export; found from its header where it is left out.
    source : Source, str or path, optional
        How exports are read, and which files of a folder are: a `Source`; the name of one that comes with kith, which
        `sources` lists; or the path of a source description.
    max_row : int, optional
        Bytes of an export's row, 4096 to 1073741824: a longer one is refused. 16777216 where it is left out.
    max_bytes : int, optional
        Bytes of an export's text, once inflated: one that has more fails with `BadExportError`. No limit where it is
        left out, as only time hangs on it.
    progress : callable or bool, optional
        True shows a bar, by tqdm. A function is called with what is done and how much there is (None where that is not
        known), about twenty times a second: bytes of all files, events of data frames, weeks of the review. Where it
        returns False, the work stops.

    Returns
    -------
    Result
        Tables that any data frame library takes.

    Raises
    ------
    BadExportError
        A column is missing, or of a type that it cannot be of.
    BadSourceError
        The source has a fault, or names a kind that the policy lacks.
    InputOutputError
        A file cannot be read, or a folder holds no export.
    ImportError
        A file is a Parquet file, and none of the libraries that read it is installed.
    CancelledError
        progress asked to stop.

    Examples
    --------
    >>> result = score({
    ...     "time": ["2026-03-02T09:00:00Z", "2026-03-03T10:00:00Z"],
    ...     "member": ["ana", "ben"],
    ...     "kind": ["post", "comment"],
    ...     "target": [None, "ana"],
    ... })
    >>> [row["member"] for row in result.standings]
    ['ana', 'ben']
    """
    given = Given(data, columns, name, delimiter, source, max_row, max_bytes)
    own = given.source.policy if policy is None and given.source is not None else policy
    used = policy_of(own) or Policy()
    options = engine_options(used._policy, history, threads, max_weeks, future, memory, max_members, now)
    options["members"] = given.members()
    engine = Engine._of(_kith.Engine(used._policy, options))
    added = engine._add(given, progress)
    moment = until if until is not None else as_of
    return Result(engine, added, engine.review(moment, progress=progress), as_of)


def explain(
    data: Data | Result | Engine,
    member: Member,
    as_of: Moment | None = None,
    policy: PolicyLike | None = None,
    **options: Any,
) -> Explanation:
    """Why a member stands where it does, and what is missing to rise or to keep the tier.

    Parameters
    ----------
    data : Result, Engine, or whatever `score` takes
        What the member did.
    member : str or int
        Its name, or its number where data have numbers.
    as_of : moment, optional
        A moment in the week that is open, to say what would come of it if it closed then; the last review where it is
        left out.
    policy : Policy or path, optional
        As for `score`, for data that have not been scored.
    **options
        As for `score`, likewise.

    Returns
    -------
    Explanation
        ``print`` tells it in words.

    Raises
    ------
    UnknownMemberError
        No event names the member.

    Examples
    --------
    >>> print(explain(result, "ana"))  # doctest: +SKIP
    Review of the week of 2026-03-02
    ...
    """
    if isinstance(data, (Result, Engine)):
        if policy is not None or options:
            raise TypeError("policy and options are those of score(): what is given here has been scored")
        engine = data.engine if isinstance(data, Result) else data
    else:
        engine = score(data, policy, as_of=as_of, **options).engine
    return engine.explain(member, as_of)
