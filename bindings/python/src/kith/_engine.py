# SPDX-License-Identifier: MIT
"""Engines: they take events, and review weeks."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from kith import _kith
from kith._adding import Given
from kith._errors import BadArgumentError, BusyError, RefusedError, bad_argument
from kith._explain import Explanation
from kith._input import Columns, Data
from kith._labels import STAGES, flags_of
from kith._policy import Policy, PolicyLike, policy_of
from kith._progress import Progress, as_callback
from kith._source import SourceLike
from kith._table import Table
from kith._time import Moment, day_of, moment_of, seconds_of

Member: TypeAlias = "str | int"
Path: TypeAlias = "str | os.PathLike[str]"

_TABLES = {
    "standings": _kith.STANDINGS,
    "changes": _kith.CHANGES,
    "flags": _kith.FLAGS,
    "weeks": _kith.WEEKS,
    "history": _kith.HISTORY,
}


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the rows of one call.

    Attributes
    ----------
    read : int
        Rows looked at: taken, rejected, skipped and ignored; one for each event, where a source has several of a row.
    taken : int
        Rows that count now.
    rejected : int
        Rows that cannot be used; `rejects` has each of them.
    skipped : int
        Rows that were taken before, by their id.
    ignored : int
        Rows left out on purpose, as the source says.
    reasons : dict of str to int
        How many rows were rejected for which reason.
    rejects : Table
        The rows that were rejected: file, line (of a data frame, the row, from 1), column, reason, row.
    """

    read: int
    taken: int
    rejected: int
    skipped: int
    ignored: int
    reasons: dict[str, int]
    rejects: Table = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one member stands. Scores are 0 … 99.99, risk is a percentage or None."""

    member: Member
    score: float
    content: float
    interaction: float
    community: float
    tier: str
    stage: str
    flags: tuple[str, ...]
    risk: float | None
    active_days: int
    silent_days: int
    joined: dt.datetime
    last_seen: dt.datetime | None
    on_leave: bool
    leave_end: dt.date | None
    pinned: bool
    left_out: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """What an application has decided about one member.

    Attributes
    ----------
    pinned : str or None
        The tier that the member has whatever the rules say.
    left_out : bool or None
        Whether it is left out of means, numbers of members and risk; None where the policy decides, by its name.
    """

    pinned: str | None = None
    left_out: bool | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """What an engine holds. Times are UTC, None where there is none."""

    members: int
    open_weeks: int
    taken: int
    rejected: int
    late: int
    future: int
    skipped: int
    ignored: int
    first_event: dt.datetime | None
    last_event: dt.datetime | None
    reviewed_until: dt.datetime | None
    first_open: dt.datetime | None


class Review:
    """What the weeks closed by one call brought. Never changed; it may outlive the engine."""

    def __init__(self, review: _kith.Review) -> None:
        self._review = review

    def _table(self, name: str) -> Table:
        return Table(name, self._review.table(_TABLES[name]))

    @property
    def week_count(self) -> int:
        """How many weeks it spans."""
        return self._review.info()["weeks"]

    @property
    def first_week(self) -> dt.date | None:
        """First day of its first week; None where it spans none."""
        info = self._review.info()
        return day_of(info["first_week"]) if info["weeks"] else None

    @property
    def last_week(self) -> dt.date | None:
        """First day of its last week; None where it spans none."""
        info = self._review.info()
        return day_of(info["last_week"]) if info["weeks"] else None

    @cached_property
    def standings(self) -> Table:
        """Where each member stands after the last week: highest score first."""
        return self._table("standings")

    @cached_property
    def changes(self) -> Table:
        """Every change of tier, by week and member."""
        return self._table("changes")

    @cached_property
    def flags(self) -> Table:
        """Every flag in the week in which it was raised."""
        return self._table("flags")

    @cached_property
    def weeks(self) -> Table:
        """One row a week: members, mean score, members in each stage and tier."""
        return self._table("weeks")

    @cached_property
    def history(self) -> Table:
        """Every member at every review; only where the engine was asked for it.

        Raises
        ------
        BadArgumentError
            It was not.
        """
        if not self._review.info()["tables"] & _kith.HISTORY:
            raise BadArgumentError("the engine was not asked for the history of members: history=True asks for it")
        return self._table("history")

    def __repr__(self) -> str:
        if not self.week_count:
            return "<kith.Review of no week>"
        weeks = f"{self.week_count} week{'' if self.week_count == 1 else 's'}"
        return f"<kith.Review of {weeks}, {self.first_week} to {self.last_week}>"


class Snapshot:
    """All that an engine held at one moment, to be written while the engine goes on, by any thread."""

    def __init__(self, snapshot: _kith.Snapshot) -> None:
        self._snapshot = snapshot

    def save(self, path: Path) -> None:
        """Write it to a file, which then holds either this one or, after any failure, what it held before."""
        self._snapshot.save(path)

    def to_bytes(self) -> bytes:
        """The content of such a file."""
        return self._snapshot.to_bytes()


class Engine:
    """Takes events and reviews weeks; for an application that runs on. `kith.score` is all of it in one call.

    One call at a time: an engine that is at work in another thread raises `BusyError`. Different engines may be used
    by different threads at once.

    Parameters
    ----------
    policy : Policy or path, optional
        The default one where it is left out.
    members : {"names", "numbers"}
        How members are known: by name, up to 255 bytes of UTF-8, or by whole numbers from 0.
    history : bool
        Whether reviews hold every member at every week.
    threads : int, optional
        By how many threads one call may be done; as many as there are processors where it is left out. The results
        are the same.
    max_weeks : int, optional
        Weeks that one review may span, 5200 where it is left out.
    future : timedelta, optional
        An event that much later than now is refused; one day where it is left out, no limit where it is negative.
    memory : int, optional
        Bytes that open weeks may take in memory, 1 MiB at least; the rest goes to a temporary file.
    max_members : int, optional
        Members that the engine may come to know; another fails with `NoMemoryError`, as if there was no memory for
        it. 4294967294, the most there can be, where it is left out.
    now : moment, optional
        What to take for now; the system's clock where it is left out.

    Examples
    --------
    >>> engine = Engine()
    >>> engine.add_event("post", "2026-03-02T09:00:00Z", "ana")
    >>> review = engine.review("2026-03-09")
    >>> engine.standing("ana").tier
    'newcomer'
    """

    def __init__(
        self,
        policy: PolicyLike | None = None,
        *,
        members: Literal["names", "numbers"] = "names",
        history: bool = False,
        threads: int | None = None,
        max_weeks: int | None = None,
        future: dt.timedelta | None = None,
        memory: int | None = None,
        max_members: int | None = None,
        now: Moment | None = None,
    ) -> None:
        if members not in ("names", "numbers"):
            raise ValueError(f'members: expected "names" or "numbers", not {members!r}')
        used = policy_of(policy) or Policy()
        options = engine_options(used._policy, history, threads, max_weeks, future, memory, max_members, now)
        options["members"] = _kith.NAMED if members == "names" else _kith.NUMBERED
        self._engine = _kith.Engine(used._policy, options)

    @classmethod
    def _of(cls, engine: _kith.Engine) -> Engine:
        made = cls.__new__(cls)
        made._engine = engine
        return made

    @classmethod
    def load(
        cls,
        source: Path | bytes,
        policy: PolicyLike | None = None,
        *,
        history: bool = False,
        threads: int | None = None,
        max_weeks: int | None = None,
        future: dt.timedelta | None = None,
        memory: int | None = None,
        max_members: int | None = None,
        now: Moment | None = None,
    ) -> Engine:
        """The engine of a snapshot: a file, or its content.

        Parameters
        ----------
        source : path or bytes
            What `save` has written.
        policy : Policy or path, optional
            Takes the place of the snapshot's.
        history, threads, max_weeks, future, memory, max_members, now
            As for `Engine`.

        Raises
        ------
        BadSnapshotError
            It is damaged, or is no snapshot.
        OtherPolicyError
            The policy cannot take the place of the snapshot's.
        """
        options = engine_options(None, history, threads, max_weeks, future, memory, max_members, None)
        other = policy_of(policy)
        given = other._policy if other is not None else None
        try:
            made = cls._of(_kith.Engine.load(source, given, {**options, "members": _kith.NAMED}))
        except BadArgumentError as error:
            # It knows its members the other way: which, only the snapshot tells.
            if error.field != "options.members":
                raise
            made = cls._of(_kith.Engine.load(source, given, {**options, "members": _kith.NUMBERED}))
        # What it is on the community's clock, the policy of the snapshot says.
        made.set_now(now)
        return made

    # ---- events ----

    def add(
        self,
        data: Data,
        *,
        columns: Columns | None = None,
        name: str | None = None,
        delimiter: str | None = None,
        source: SourceLike | None = None,
        max_row: int | None = None,
        max_bytes: int | None = None,
        progress: Progress = None,
    ) -> Added:
        """Add events. A row that cannot be used is rejected, the others count.

        Parameters
        ----------
        data, columns, name, delimiter, source, max_row, max_bytes, progress
            As for `kith.score`; but the policy is the engine's, also where a ready source has one of its own:
            ``Engine(Source.ready("slack").policy)``.

        Returns
        -------
        Added
            What became of the rows.

        Raises
        ------
        BadExportError
            A column is missing or of a type that it cannot be of; ``error.added`` says what was dealt with before.
        BadSourceError
            The source has a fault, or names a kind that the engine's policy lacks.
        """
        return self._add(Given(data, columns, name, delimiter, source, max_row, max_bytes), progress)

    def _add(self, given: Given, progress: Progress) -> Added:
        rejects = _kith.Table.rejects()
        return _added(given.add_to(self._engine, rejects, progress), rejects)

    def add_event(
        self,
        kind: str,
        time: Moment,
        member: Member | None,
        target: Member | None = None,
        quantity: int = 1,
        *,
        id: str | None = None,
        sequence: int = 0,
        source: str | None = None,
    ) -> None:
        """Add one event.

        Parameters
        ----------
        kind : str
            A kind of the policy.
        time : moment
            When it happened.
        member, target : str or int, optional
            Who acted, and whom the act was aimed at; None for nobody.
        quantity : int
            1 … 1 000 000 000.
        id : str, optional
            The event's own name: one that was taken before is skipped.
        sequence : int
            Its number within source, from 1 and rising: what was dealt with before is skipped.
        source : str, optional
            A queue, a table, a log.

        Raises
        ------
        RefusedError
            It cannot be used; ``error.reason`` says why. Its number has been dealt with all the same.
        OutOfOrderError
            Its number comes behind a greater one.
        """
        if sequence < 0:
            raise ValueError(f"sequence: expected a number from 1 on, or 0 for none, not {sequence}")
        policy = self.policy
        try:
            seconds = seconds_of(time, policy._policy)
        except BadArgumentError:
            seconds = -1  # text that is no time: refused, and its number has been dealt with
        index = policy._kind_indexes.get(kind, _NO_KIND)
        try:
            self._engine.add_event(index, seconds, member, target, quantity, id, sequence, source)
        except RefusedError as error:
            raise _refused(error, kind, time) from None

    def sequence(self, source: str) -> int:
        """The greatest number dealt with of a source; 0 where there was none."""
        return self._engine.sequence(source)

    def drop_open(self) -> None:
        """Forget the events of all weeks that are open, to have them added anew."""
        self._engine.drop_open()

    # ---- reviews, and between them ----

    def review(self, until: Moment | None = None, *, progress: Progress = None) -> Review:
        """Review every week that has ended by a moment; its events are late from then on.

        Parameters
        ----------
        until : moment, optional
            The end of the week of the last event where it is left out.

        Raises
        ------
        CancelledError
            progress asked to stop: call again to go on.
        TooManyWeeksError
            It would span more weeks than ``max_weeks``.
        """
        moment = self._end_of_events() if until is None else seconds_of(until, self.policy._policy)
        with as_callback(progress, "weeks") as callback:
            return Review(self._engine.review(moment, callback))

    def _end_of_events(self) -> int:
        last = self._engine.info()["last_event"]
        return self.policy._policy.week(last)[2] if last is not None else 0

    def standing(self, member: Member, as_of: Moment | None = None) -> Standing:
        """Where a member stands by its last review or, as_of a moment in an open week, if that week closed then.

        Raises
        ------
        UnknownMemberError
            There is no such member, or none of its weeks has been reviewed.
        """
        policy = self.policy
        row = self._engine.standing(member, _as_of(as_of, policy))
        tier: int = row["tier"]
        row["tier"] = policy.tiers[tier].name
        row["stage"] = STAGES[row["stage"]]
        row["flags"] = flags_of(row["flags"])
        row["joined"] = moment_of(row["joined"])
        row["last_seen"] = moment_of(row["last_seen"])
        row["leave_end"] = day_of(row["leave_end"]) if row["leave_end"] else None
        return Standing(member=member, **row)

    def explain(self, member: Member, as_of: Moment | None = None) -> Explanation:
        """Why a member stands there, and what is missing to rise or to keep the tier.

        Raises
        ------
        UnknownMemberError
            There is no such member, or none of its weeks has been reviewed.
        """
        policy = self.policy
        return Explanation(member, self._engine.explain(member, _as_of(as_of, policy)), policy)

    def watch(self, as_of: Moment) -> Table:
        """Whom to write to: all members that are silent, dormant or at risk as of a moment in an open week."""
        return Table("watch", self._engine.watch(seconds_of(as_of, self.policy._policy)))

    # ---- members ----

    def set_member(self, member: Member, *, pinned: str | None = None, left_out: bool | None = None) -> None:
        """Pin a member's tier, or leave it out of means, numbers of members and risk; from the next review on.

        Parameters
        ----------
        pinned : str, optional
            A tier; None lets the rules decide.
        left_out : bool, optional
            None lets the policy decide, by the member's name.

        Raises
        ------
        UnknownMemberError
            There is no such member. A name that has not been heard of becomes one by its first event.
        BadArgumentError
            The policy has no such tier.
        """
        tier = -1 if pinned is None else _tier_index(self.policy, pinned)
        counts = 0 if left_out is None else 1 if left_out else 2
        self._engine.set_member(member, tier, counts)

    def get_member(self, member: Member) -> Settings:
        """What `set_member` has set."""
        tier, counts = self._engine.get_member(member)
        pinned = self.policy.tiers[tier].name if tier >= 0 else None
        return Settings(pinned, None if counts == 0 else counts == 1)

    def forget(self, member: Member) -> None:
        """Erase a member: its name, scores, settings, and what it did in the open weeks."""
        self._engine.forget(member)

    def merge(self, member: Member, into: Member) -> None:
        """Make two accounts of one person one: what member did is added to into, and its name stands for that."""
        self._engine.merge(member, into)

    # ---- the whole ----

    @property
    def policy(self) -> Policy:
        """The engine's policy."""
        policy = getattr(self, "_cached_policy", None)
        if policy is None:
            policy = self._cached_policy = Policy._of(self._engine.policy())
        return policy

    @property
    def members(self) -> Literal["names", "numbers"]:
        """How members are known."""
        return "names" if self._engine.info()["known_by"] == _kith.NAMED else "numbers"

    @property
    def info(self) -> Info:
        """What it holds."""
        given = self._engine.info()
        for name in ("first_event", "last_event", "reviewed_until", "first_open"):
            given[name] = moment_of(given[name])
        return Info(**{name: given[name] for name in Info.__slots__})

    @property
    def position(self) -> bytes:
        """The position that was frozen with the snapshot that it was loaded from; empty for none."""
        return self._engine.position()

    def freeze(self, position: bytes = b"") -> Snapshot:
        """Keep what it holds at this moment, in milliseconds. position is up to 1 MiB of the caller's own."""
        return Snapshot(self._engine.freeze(position))

    def save(self, path: Path, position: bytes = b"") -> None:
        """Write a snapshot to a file: `freeze` and `Snapshot.save`."""
        self.freeze(position).save(path)

    def set_now(self, now: Moment | None) -> None:
        """What to take for now, by which events are refused as future; None for the system's clock."""
        self._engine.set_now(None if now is None else seconds_of(now, self.policy._policy))

    def __repr__(self) -> str:
        try:
            info = self._engine.info()
        except BusyError:
            return "<kith.Engine: at work>"
        return f"<kith.Engine: {info['members']:,} members, {info['taken']:,} events, {info['open_weeks']} open weeks>"


def engine_options(
    policy: _kith.Policy | None,
    history: bool,
    threads: int | None,
    max_weeks: int | None,
    future: dt.timedelta | None,
    memory: int | None,
    max_members: int | None,
    now: Moment | None,
) -> dict[str, Any]:
    """Options of an engine, as the extension takes them."""
    # Of no time at all the library would make the usual one: one second, by a clock that is one second behind.
    seconds = future // dt.timedelta(seconds=1) if future is not None else None
    usual = _kith.STANDINGS | _kith.CHANGES | _kith.FLAGS | _kith.WEEKS
    return {
        "tables": usual | (_kith.HISTORY if history else 0),
        "threads": threads if threads is not None else min(os.cpu_count() or 1, 64),
        "max_weeks": max_weeks or 0,
        "future": 0 if seconds is None else seconds or 1,
        "behind": 1 if seconds == 0 else 0,
        "memory": memory or 0,
        "max_members": max_members or 0,
        "now": None if now is None or policy is None else seconds_of(now, policy),
    }


def _added(counts: Mapping[str, Any], rejects: _kith.Table) -> Added:
    """What became of rows, of what the extension says."""
    table = Table("rejects", rejects)
    figures = {name: counts[name] for name in ("read", "taken", "rejected", "skipped", "ignored", "reasons")}
    return Added(**figures, rejects=table)


def _as_of(moment: Moment | None, policy: Policy) -> int | None:
    return None if moment is None else seconds_of(moment, policy._policy)


# An index that no policy has a kind at.
_NO_KIND = 2**32 - 2


def _refused(error: RefusedError, kind: str, time: Moment) -> RefusedError:
    """The same with what was given, where the library saw but what was made of it."""
    if error.reason == "kind":
        words, value = f"kind: the policy has no kind {kind!r}", str(kind)
    elif error.reason == "time":
        words, value = f"time: expected a moment from 1970 to 9998, not {time!r}", str(time)
    else:
        return error
    return RefusedError(words, {**error._details(), "value": value})


def _tier_index(policy: Policy, name: str) -> int:
    for index, tier in enumerate(policy.tiers):
        if tier.name == name:
            return index
    expected = ", ".join(tier.name for tier in policy.tiers)
    raise bad_argument("pinned", f"the policy has no tier {name!r}; expected {expected}", name)
