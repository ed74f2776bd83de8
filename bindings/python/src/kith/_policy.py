# SPDX-License-Identifier: MIT
"""Policies: every figure of the model."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias, cast

from kith import _kith
from kith._time import Moment, day_of, seconds_of

Figure: TypeAlias = "str | int | float | None"
PolicyLike: TypeAlias = "Policy | str | os.PathLike[str]"


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier, and what it takes to rise to it and to keep it. Scores are 0 … 99.99."""

    name: str
    promote_at: float
    keep_at: float
    min_active_days: int
    min_supporters: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Points for one unit of a kind; cap and each limit what counts of a week, None for no limit."""

    dimension: Literal["content", "interaction", "community"]
    points: float
    cap: int | None
    each: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event, and whom it credits with what."""

    name: str
    leave: bool
    gives: Credit | None
    receives: Credit | None


def _credit(given: dict[str, Any] | None) -> Credit | None:
    return Credit(**given) if given else None


class Policy:
    """Every figure of the model: tiers, kinds, memory, churn. Never changed once made.

    ``Policy()`` is the default one; `load` reads a policy file, `parse` its text. ``str(policy)`` is the whole of it as
    such a text, with comments that say what each figure does.

    Examples
    --------
    >>> policy = Policy()
    >>> [tier.name for tier in policy.tiers]
    ['newcomer', 'active', 'veteran', 'mentor']
    >>> strict = policy.with_(silent_days=5, tiers={"mentor": {"promote_at": 40}})
    >>> strict.tiers[-1].promote_at
    40.0
    """

    def __init__(self) -> None:
        self._policy = _kith.Policy()

    @classmethod
    def _of(cls, policy: _kith.Policy) -> Policy:
        made = cls.__new__(cls)
        made._policy = policy
        return made

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Policy:
        """Read a policy file.

        Raises
        ------
        BadPolicyError
            The file has faults: the first is told, with its line, column, key and value; `faults` has all.
        InputOutputError
            The file cannot be read.
        """
        return cls._of(_kith.Policy.load(path))

    @classmethod
    def parse(cls, text: str, name: str | None = None) -> Policy:
        """Read the text of a policy file; what it leaves out has its default. name is for messages.

        Raises
        ------
        BadPolicyError
            The text has faults; see `load`.
        """
        return cls._of(_kith.Policy.parse(text, name))

    def with_(
        self,
        *,
        tiers: Mapping[str, Mapping[str, Figure]] | None = None,
        kinds: Mapping[str, Mapping[str, Figure]] | None = None,
        **figures: Figure | Mapping[str, Figure],
    ) -> Policy:
        """The same policy with other figures.

        Parameters
        ----------
        tiers, kinds : mapping, optional
            By name, the keys of the tier or kind that change: ``tiers={"mentor": {"promote_at": 40}}``,
            ``kinds={"like": {"gives": "interaction 2 cap 10"}}``. A value of None takes the key out.
        **figures
            Any key of the other sections, ``half_life_weeks=8``; or a section with its keys, where two sections have
            keys of the same name: ``weights={"content": 0.5, "interaction": 0.3, "community": 0.2}``.

        Raises
        ------
        KeyError
            The policy has no such tier, kind or key.
        ValueError
            A text is more than a value: it has line ends, or a comment.
        BadPolicyError
            A value is not one that the key can have.
        """
        edited = _Text(str(self))
        for key, value in figures.items():
            if isinstance(value, Mapping):
                for inner, figure in value.items():
                    edited.set(key, inner, figure)
            else:
                edited.set(edited.section_of(key), key, value)
        for section, changes in (("tier", tiers), ("kind", kinds)):
            for name, keys in (changes or {}).items():
                for key, value in keys.items():
                    edited.set(f"{section} {name}", key, value)
        return self.parse(str(edited), "with_()")

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers, the lowest first."""
        return tuple(Tier(**self._policy.tier(i)) for i in range(self._policy.info()["tiers"]))

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of events, in the order of the policy file."""
        kinds: list[Kind] = []
        for i in range(self._policy.info()["kinds"]):
            kind = self._policy.kind(i)
            kinds.append(Kind(kind["name"], kind["leave"], _credit(kind["gives"]), _credit(kind["receives"])))
        return tuple(kinds)

    @cached_property
    def _kind_indexes(self) -> dict[str, int]:
        return {kind.name: index for index, kind in enumerate(self.kinds)}

    @property
    def utc_offset(self) -> dt.timedelta:
        """How far the community's clock is ahead of UTC."""
        return dt.timedelta(seconds=self._policy.info()["utc_offset"])

    @property
    def week_start(self) -> int:
        """The day on which weeks begin: Monday is 0, as in `datetime.date.weekday`."""
        return self._policy.info()["week_start"]

    def week(self, moment: Moment) -> dt.date:
        """The first day of the week that holds a moment."""
        return day_of(self._policy.week(seconds_of(moment, self._policy))[0])

    def __str__(self) -> str:
        return self._policy.text()

    def __repr__(self) -> str:
        tiers = ", ".join(tier.name for tier in self.tiers)
        return f"<kith.Policy: {len(self.kinds)} kinds; tiers {tiers}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._policy.info()["digest"])

    def __reduce__(self) -> tuple[Any, ...]:
        return (Policy.parse, (str(self),))


def policy_of(given: Any) -> Policy | None:
    """The policy that is meant: one, or the path of its file."""
    if given is None or isinstance(given, Policy):
        return given
    if not isinstance(given, (str, os.PathLike)):
        raise TypeError(f"policy: expected a Policy, or the path of a policy file, not {type(given).__name__}")
    return Policy.load(cast("str | os.PathLike[str]", given))


_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]\s*$")
# Where nobody is left out, the library writes the key behind the mark of a comment.
_KEY = re.compile(r"(?:; (?=left_out =))?(?P<key>\w+)\s*=")
# What would end a value.
_END = re.compile(r"[\r\n]|(?:^|\s);")


def _value(key: str, figure: Figure) -> str:
    """A figure as a policy file has it."""
    if isinstance(figure, bool):
        return "yes" if figure else "no"
    text = str(figure)
    if _END.search(text):
        raise ValueError(f"{key}: {text!r} holds more than a value")
    return text


class _Text:
    """The text of a policy as the library writes it, whose keys can be set."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def _places(self) -> Iterator[tuple[int, str, str | None]]:
        """Each line of a section or a key, with the section's name and the key's."""
        section = ""
        for number, line in enumerate(self._lines):
            if match := _SECTION.match(line):
                section = match["name"]
                yield number, section, None
            elif match := _KEY.match(line):
                yield number, section, match["key"]

    def section_of(self, key: str) -> str:
        """The section that has a key, beside those of tiers and kinds."""
        sections = [name for _, name, found in self._places() if found == key and " " not in name]
        if len(sections) == 1:
            return sections[0]
        if not sections:
            raise KeyError(f"the policy has no key {key}")
        raise KeyError(f"{key} stands in {' and '.join(sections)}: say which, as in {sections[0]}={{{key!r}: ...}}")

    def set(self, section: str, key: str, value: Figure) -> None:
        """Sets a key of a section, or takes it out where the value is None."""
        begin = None
        for number, name, found in self._places():
            if name != section:
                continue
            if found is None:
                begin = number
            elif found == key:
                self._lines[number] = f"{key} = {_value(key, value)}" if value is not None else ""
                return
        if begin is None:
            raise KeyError(f"the policy has no [{section}]")
        if value is not None:
            self._lines.insert(begin + 1, f"{key} = {_value(key, value)}")

    def __str__(self) -> str:
        return "\n".join(self._lines)
