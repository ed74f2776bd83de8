# SPDX-License-Identifier: MIT
"""Sources: where activity comes from, and how its exports are read."""

from __future__ import annotations

import os
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from kith import _kith
from kith._errors import bad_argument
from kith._policy import Policy

#: What stands for a source: one, the name of one that comes with kith, or the path of a description.
SourceLike: TypeAlias = "Source | str | os.PathLike[str]"

# Longer than a description may be.
_TOO_LONG = 2**20 + 1
_FORMATS: tuple[Literal["csv", "ndjson", "json"] | None, ...] = (None, "csv", "ndjson", "json")


class _Ready(NamedTuple):
    name: str
    title: str
    description: str
    policy: str


@cache
def _ready() -> dict[str, _Ready]:
    return {given[0]: _Ready(*given) for given in _kith.ready_sources()}


def sources() -> dict[str, str]:
    """The sources that come with kith: for each name, what it is for.

    Examples
    --------
    >>> "gharchive" in sources()
    True
    """
    return {ready.name: ready.title for ready in _ready().values()}


class Source:
    """How the exports of a source are read: where each field is, how times and kinds are written. Never changed.

    `ready` gives one that comes with kith, and `sources` lists those; `load` reads a source description, `parse` its
    text, which ``str(source)`` is again: a ready one is a good beginning for one of your own.

    Attributes
    ----------
    name : str or None
        Of a ready one, its name; else the file's, or what `parse` was given.
    policy : Policy or None
        Of a ready one, the policy that fits it.

    Examples
    --------
    >>> source = Source.parse('''
    ... [event]
    ... time = created_at
    ... member = user.name
    ... kind = action
    ...
    ... [kinds]
    ... wrote = post
    ... *_replied = comment
    ... ''')
    >>> import io
    >>> export = io.BytesIO(b'{"created_at": "2026-03-02", "user": {"name": "ana"}, "action": "wrote"}')
    >>> [row["member"] for row in score(export, source=source).standings]
    ['ana']
    """

    name: str | None

    def __init__(self) -> None:
        raise TypeError("a source is made by Source.ready(), Source.load() or Source.parse()")

    @classmethod
    def _of(cls, text: bytes, name: str | None, ready: _Ready | None = None) -> Source:
        made = cls.__new__(cls)
        made._source = _kith.Source.parse(text, name)
        made._text = text
        made._ready = ready
        made.name = name
        return made

    _source: _kith.Source
    _text: bytes
    _ready: _Ready | None

    @classmethod
    def ready(cls, name: str) -> Source:
        """One that comes with kith.

        Raises
        ------
        BadArgumentError
            There is none of that name.
        """
        found = _ready().get(name)
        if found is None:
            raise bad_argument("name", f"no source called {name!r} comes with kith; these do: {', '.join(_ready())}")
        return cls._of(found.description.encode(), found.name, found)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Source:
        """Read the file of a source description.

        Raises
        ------
        BadSourceError
            The file has faults: the first is told, with its line, column, key and value; `faults` has all.
        InputOutputError
            The file cannot be read.
        """
        named = os.fspath(path)  # a number would be a file that is open
        try:
            with open(named, "rb") as file:
                text = file.read(_TOO_LONG)
        except OSError:
            text = b""
        if not text or len(text) == _TOO_LONG:
            # What is wrong with the file, or with one that is empty, the library says.
            _kith.Source.load(named)
        return cls._of(text, os.fsdecode(named))

    @classmethod
    def parse(cls, text: str, name: str | None = None) -> Source:
        """Read the text of a source description. name is for messages.

        Raises
        ------
        BadSourceError
            The text has faults; see `load`.
        """
        return cls._of(text.encode(), name)

    @property
    def title(self) -> str | None:
        """Of a ready one, what it is for."""
        return self._ready.title if self._ready else None

    @cached_property
    def policy(self) -> Policy | None:
        """Of a ready one, the policy that fits it: its kinds are those that the description names."""
        return Policy.parse(self._ready.policy, f"policy of {self.name}") if self._ready else None

    @property
    def format(self) -> Literal["csv", "ndjson", "json"] | None:
        """The form of its exports; None where their content tells."""
        return _FORMATS[self._source.info()["format"]]

    def takes_file(self, path: str | os.PathLike[str]) -> bool:
        """Whether a file of a folder is one of its exports. path is below the folder, with "/" between."""
        return _kith.takes_file(self._source, path)

    def __str__(self) -> str:
        return self._text.decode(errors="replace")

    def __repr__(self) -> str:
        named = f" {self.name}" if self.name else ""
        return f"<kith.Source{named}{': ' + self.title if self.title else ''}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickled, (self._text, self.name, self._ready))


def _unpickled(text: bytes, name: str | None, ready: _Ready | None) -> Source:
    return Source._of(text, name, ready)


def source_of(given: Any) -> Source | None:
    """The source that is meant: text that could be no path is the name of a ready one, as the command has it."""
    if given is None or isinstance(given, Source):
        return given
    if isinstance(given, os.PathLike):
        return Source.load(cast("os.PathLike[str]", given))
    if not isinstance(given, str):
        raise TypeError(f"source: expected a Source, the name of one or a path, not {type(given).__name__}")
    if "/" in given or "." in given:
        return Source.load(given)
    if given not in _ready():
        known = ", ".join(_ready())
        words = f"{given!r} is none of those that come with kith: {known}; a file of this folder is ./{given}"
        raise bad_argument("source", words)
    return Source.ready(given)
