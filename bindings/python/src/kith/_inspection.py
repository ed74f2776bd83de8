# SPDX-License-Identifier: MIT
"""What exports were found to be: fields, kinds, a likely description, and what would become of their rows."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from kith import _kith
from kith._table import _aligned, _line, _printable

Type: TypeAlias = Literal["empty", "boolean", "whole number", "number", "time", "text", "list", "object"]
Role: TypeAlias = Literal["time", "member", "kind", "target", "quantity", "id"]

_FIELDS_SHOWN = 40
_KINDS_SHOWN = 20
_EXAMPLES_WIDEST = 40
_BETWEEN = {"\t": "tabs", " ": "spaces", ";": "semicolons", "|": "bars", ",": "commas"}


@dataclass(frozen=True, slots=True)
class InspectedField:
    """A field of exports: a column, or what a path of JSON leads to.

    Attributes
    ----------
    path : str
        As a source description writes it: ``actor.login``, ``mentions[].id``.
    type : str
        What most of its values are: ``"time"``, ``"text"``, ``"whole number"`` …
    times : str or None
        Of times, how they are written: ``"ISO 8601"``, a unit, or a pattern.
    there : int
        In how many rows it is, and not empty; of a list's elements, in how many of those.
    of : int
        Of how many rows or elements.
    distinct : int
        How many different values it has; `distinct_about` where that is no exact number.
    field : str or None
        What it was taken for: ``"time"``, ``"member"``, ``"kind"`` …
    why : str or None
        Why it was, in words; else what else it might be taken for.
    of_document : bool
        Whether it is none of the rows, but of the document around them.
    examples : tuple of str
        Up to three values, each another; of long ones, the beginning.
    """

    path: str
    type: Type
    times: str | None
    there: int
    of: int
    distinct: int
    distinct_about: bool
    field: Role | None
    why: str | None
    of_document: bool
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InspectedKind:
    """A kind that exports have: its name there, in how many rows, and the default policy's kind that it is like."""

    name: str
    rows: int
    kind: str | None


@dataclass(frozen=True, slots=True)
class InspectedFit:
    """How many of the paths that a ready source names were found, and whether all that it cannot do without were."""

    name: str
    paths: int
    found: int
    has_all_it_needs: bool


@dataclass(frozen=True, slots=True)
class InspectedReject:
    """Rows that would be refused for one reason and one field, and the first of them."""

    reason: str
    column: str | None
    rows: int
    file: str
    line: int
    value: str | None
    expected: str | None


@dataclass(frozen=True, slots=True)
class InspectedReading:
    """What became of the rows when they were read.

    Attributes
    ----------
    source : str or None
        The source by which, if it was given or comes with kith.
    guessed : bool
        Whether it was by the description that was guessed.
    read, taken, ignored, skipped, rejected : int
        As `Added` has them.
    members : int
        Members that they name.
    first, last : datetime or None
        When the first and the last event was.
    rejects : tuple of InspectedReject
        What is wrong with those that are refused.
    unknown_kinds : dict
        Kinds that the policy does not know, and how often each came: the most frequent first.
    fault : str or None
        Why they could not be read to their end.
    """

    source: str | None
    guessed: bool
    read: int
    taken: int
    ignored: int
    skipped: int
    rejected: int
    members: int
    first: dt.datetime | None
    last: dt.datetime | None
    rejects: tuple[InspectedReject, ...]
    unknown_kinds: dict[str, int]
    fault: str | None


@dataclass(frozen=True, repr=False, eq=False)
class Inspection:
    """What `inspect` found; ``print`` shows it.

    Attributes
    ----------
    exports : tuple of str
        Those that were looked at: up to eight, all over the list.
    files : int
        Of how many files they are some.
    unreadable : tuple of str
        Why others were passed over.
    format : str
        ``"csv"``, ``"ndjson"`` or ``"json"``.
    delimiter : str or None
        Of CSV.
    rows_path : str or None
        Of JSON documents, where the rows are.
    gzip, headless, whole : bool
        Whether the last one is gzip; the first row of a CSV looks like data; every row was looked at.
    rows, not_rows : int
        Rows looked at; what is none, for stray quotes and the like.
    bytes : int
        Of text looked at.
    bytes_total : int or None
        Of the exports, where they are plain files.
    members : int
        How many different ones rows name; `members_about` where that is no exact number.
    first, last : datetime or None
        The span of their times.
    fields : tuple of InspectedField
        Columns as they stand, paths as they came.
    kinds : tuple of InspectedKind
        The most frequent first.
    source : str
        A source description that may fit, with comments that say what was guessed.
    complete : bool
        Whether all that it needs was found; else it is to be filled in.
    one_kind : str or None
        The kind that all rows are taken for, where no field tells kinds.
    other_times : str or None
        A pattern that reads the times as well as the one that was guessed, and gives others.
    ready : tuple of InspectedFit
        Sources that come with kith and have something in common with the exports.
    fits : str or None
        The one of them that reads the exports: for ``source=``.
    plain : bool
        Whether kith reads them as they are, without any.
    reading : InspectedReading or None
        What became of the rows: by the source that was given or fits, else by the description, and then, if no policy
        was given, as if it had all kinds.

    Examples
    --------
    >>> import io
    >>> rows = b'''{"at": 1772442000000, "who": "ana", "type": "post"}
    ... {"at": 1772445600000, "who": "ben", "type": "like"}'''
    >>> found = inspect(io.BytesIO(rows))
    >>> [(field.path, field.field, field.times) for field in found.fields]
    [('at', 'time', 'milliseconds'), ('who', 'member', None), ('type', 'kind', None)]
    >>> score(io.BytesIO(rows), source=Source.parse(found.source)).added.taken
    2
    """

    exports: tuple[str, ...]
    files: int
    unreadable: tuple[str, ...]
    format: Literal["csv", "ndjson", "json"]
    delimiter: str | None
    rows_path: str | None
    gzip: bool
    headless: bool
    rows: int
    not_rows: int
    whole: bool
    bytes: int
    bytes_total: int | None
    members: int
    members_about: bool
    first: dt.datetime | None
    last: dt.datetime | None
    fields: tuple[InspectedField, ...]
    kinds: tuple[InspectedKind, ...]
    source: str
    complete: bool
    one_kind: str | None
    other_times: str | None
    ready: tuple[InspectedFit, ...]
    fits: str | None
    plain: bool
    reading: InspectedReading | None

    @property
    def rejects(self) -> tuple[InspectedReject, ...]:
        """What is wrong with rows that would be refused."""
        return self.reading.rejects if self.reading is not None else ()

    def write_source(self, path: str | os.PathLike[str]) -> None:
        """Write the description to a file, which must not be there yet.

        Raises
        ------
        OSError
            The file cannot be written, or is there: `FileExistsError`.
        """
        with open(path, "x", encoding="utf-8", newline="") as file:
            file.write(self.source)

    def to_dict(self) -> dict[str, Any]:
        """All of it, as ``kith inspect --json`` tells it."""
        return {
            "version": _kith.version,
            "exports": list(self.exports),
            "files": self.files,
            "format": self.format,
            "delimiter": self.delimiter,
            "rows_path": self.rows_path,
            "gzip": self.gzip,
            "headless": self.headless,
            "rows": self.rows,
            "not_rows": self.not_rows,
            "whole": self.whole,
            "bytes": self.bytes,
            "bytes_total": self.bytes_total,
            "members": self.members,
            "members_about": self.members_about,
            "first": _time(self.first),
            "last": _time(self.last),
            "fields": [_field_dict(field) for field in self.fields],
            "kinds": [{"name": kind.name, "rows": kind.rows, "kind": kind.kind} for kind in self.kinds],
            "guess": {
                "complete": self.complete,
                "one_kind": self.one_kind,
                "other_times": self.other_times,
                "text": self.source,
            },
            "ready": [
                {"name": fit.name, "paths": fit.paths, "found": fit.found, "has_all_it_needs": fit.has_all_it_needs}
                for fit in self.ready
            ],
            "fits": self.fits,
            "reading": _reading_dict(self.reading) if self.reading is not None else None,
        }

    # ---- for people ----

    def __repr__(self) -> str:
        parts = [self._head()]
        for title, columns, rows, more in self._tables():
            parts.append("\n".join([title, *_page(columns, rows), *more]))
        parts.append("\n".join(self._end()))
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        parts = [f"<p>{'<br>'.join(map(html.escape, self._head().splitlines()))}</p>"]
        for title, columns, rows, more in self._tables():
            head = "".join(f"<th>{html.escape(name)}</th>" for name, _ in columns)
            body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
            caption = f"<caption>{html.escape(title)}</caption>"
            parts.append(f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
            parts += [f"<p>{html.escape(line)}</p>" for line in more]
        parts.append(f"<pre>{html.escape(self.source)}</pre>" if self._is_guess() else "")
        parts.append(f"<p>{'<br>'.join(html.escape(line) for line in self._end())}</p>")
        return "".join(parts)

    def _is_guess(self) -> bool:
        return not (self.plain or self.fits or (self.reading is not None and self.reading.source))

    def _head(self) -> str:
        named = _printable(self.exports[0]) if len(self.exports) == 1 else f"{len(self.exports)} exports"
        some = f" of {self.files:,} files" if len(self.exports) < self.files else ""
        form = {"csv": "CSV", "ndjson": "NDJSON", "json": "JSON"}[self.format]
        if self.delimiter is not None:
            form += f" with {_BETWEEN.get(self.delimiter, repr(self.delimiter))}"
        if self.rows_path is not None:
            form += f" with rows in {_line(self.rows_path)}"
        lines = [f"kith inspection of {named}{some}: {form}{', gzip' if self.gzip else ''}"]
        rows = f"{_count(self.rows, 'row')} looked at{', which are all' if self.whole else ''}"
        lines.append(rows + (f"; {self.not_rows:,} more {_are(self.not_rows)} none" if self.not_rows else ""))
        people = f"{'about ' if self.members_about else ''}{_count(self.members, 'member')}" if self.members else ""
        span = f"{self.first:%Y-%m-%d} to {self.last:%Y-%m-%d}" if self.first and self.last else ""
        lines += [", ".join(filter(None, [people, span]))] if people or span else []
        lines += ["the first row looks like data: it was taken for the header"] if self.headless else []
        lines += [f"passed over: {_printable(words)}" for words in self.unreadable]
        return "\n".join(lines)

    def _tables(self) -> Iterable[tuple[str, list[tuple[str, str]], list[list[str]], list[str]]]:
        columns = [("field", "text"), ("path", "text"), ("there", "count"), ("is", "text"), ("different", "count")]
        rows = [_field_row(field) for field in self.fields[:_FIELDS_SHOWN]]
        yield "Fields", [*columns, ("examples", "text")], rows, _more(self.fields, _FIELDS_SHOWN, "fields")
        if self.kinds:
            columns = [("kind", "text"), ("rows", "count")]
            rows = [[_line(kind.name), f"{kind.rows:,}"] for kind in self.kinds[:_KINDS_SHOWN]]
            if self._is_guess():
                columns.append(("like", "text"))
                rows = [[*row, kind.kind or "?"] for row, kind in zip(rows, self.kinds)]
            yield "Kinds", columns, rows, _more(self.kinds, _KINDS_SHOWN, "kinds")
        if self.rejects:
            columns = [("reason", "text"), ("rows", "count"), ("column", "text"), ("first", "text"), ("there", "text")]
            rows = [_reject_row(reject) for reject in self.rejects]
            yield "Rows that would be refused", columns, rows, []

    def _end(self) -> list[str]:
        lines: list[str] = []
        if self.reading is not None:
            read = self.reading
            lines.append(f"Read {self._means()}: {_count(read.taken, 'event')} of {_count(read.members, 'member')}")
            left = [(read.ignored, "ignored"), (read.skipped, "skipped"), (read.rejected, "rejected")]
            lines[0] += "".join(f", {count:,} {word}" for count, word in left if count)
            lines += [f"not to the end: {_printable(read.fault)}"] if read.fault else []
            unnamed = sum(kind.rows for kind in self.kinds if kind.kind is None)
            if read.guessed and unnamed and not read.unknown_kinds:
                rows = f"{_count(unnamed, 'row')} looked at {_are(unnamed)}"
                lines.append(f"{rows} of kinds with a question mark: counted here, and refused until these are named")
        if self._is_guess():
            missing = "" if self.complete else ", in which something is to be filled in"
            lines.append(f"A description that may fit is in .source{missing}; .write_source(path) writes it")
        elif self.fits is not None:
            lines.append(f"kith.score(…, source={self.fits!r}) reads them")
        elif self.plain:
            lines.append("kith.score(…) reads them as they are")
        return lines

    def _means(self) -> str:
        if self.plain:
            return "as it is"
        source = self.reading.source if self.reading is not None else None
        return f"by {_line(source)}" if source else "by the description"


# ---- as the command has it ----


def _time(moment: dt.datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment is not None else None


def _field_dict(field: InspectedField) -> dict[str, Any]:
    names = ("path", "type", "times", "there", "of", "distinct", "distinct_about", "field", "why", "of_document")
    return {**{name: getattr(field, name) for name in names}, "examples": list(field.examples)}


def _reading_dict(read: InspectedReading) -> dict[str, Any]:
    counts = ("read", "taken", "ignored", "skipped", "rejected", "members")
    names = ("reason", "column", "rows", "file", "line", "value", "expected")
    return {
        "source": read.source,
        "guessed": read.guessed,
        "policy": None,
        **{name: getattr(read, name) for name in counts},
        "first": _time(read.first),
        "last": _time(read.last),
        "rejects": [{name: getattr(reject, name) for name in names} for reject in read.rejects],
        "fault": read.fault,
    }


# ---- rows of tables ----


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _more(shown: Sequence[object], most: int, word: str) -> list[str]:
    return [f"… {len(shown) - most:,} more: .{word} has all of them"] if len(shown) > most else []


def _page(columns: list[tuple[str, str]], rows: list[list[str]]) -> list[str]:
    cells = zip(*[[name for name, _ in columns], *rows])
    aligned = [_aligned(column, type_) for column, (_, type_) in zip(cells, columns)]
    return ["  ".join(row).rstrip() for row in zip(*aligned)]


def _share(field: InspectedField) -> str:
    percent = 100 * field.there // field.of if field.of else 0
    return "<1%" if percent == 0 and field.there else f"{percent}%"


def _field_row(field: InspectedField) -> list[str]:
    examples = ", ".join(_line(example) for example in field.examples)
    if len(examples) > _EXAMPLES_WIDEST:
        examples = examples[: _EXAMPLES_WIDEST - 1] + "…"
    distinct = f"{'about ' if field.distinct_about else ''}{field.distinct:,}" if field.distinct else ""
    return [field.field or "", _line(field.path), _share(field), field.times or field.type, distinct, examples]


def _reject_row(reject: InspectedReject) -> list[str]:
    place = f"{_line(reject.file)}:{reject.line}"
    there = reject.value if reject.value is not None else reject.expected or ""
    return [reject.reason, f"{reject.rows:,}", _line(reject.column or ""), place, _line(there)]
