# SPDX-License-Identifier: MIT
"""What a call that adds events was given: looked through at once, and added in its order.

Files are handed over together, so that the library reads several of them at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, TypeAlias, cast

from kith import _kith
from kith._errors import BadExportError, BadSourceError, Error
from kith._files import check_once, files_of, is_parquet, size_of
from kith._input import FIELDS, Columns, Data, check_columns, is_export, stream_of
from kith._parquet import Parquet, library
from kith._progress import Course, Progress, as_callback
from kith._source import Source, SourceLike, source_of

Counts: TypeAlias = "dict[str, Any]"


class Given:
    """Inputs and how they are read.

    Raises
    ------
    TypeError, BadArgumentError
        What says how they are read contradicts itself, or what they are.
    ImportError
        There are Parquet files among them, and no library that reads them.
    """

    def __init__(
        self,
        data: Data,
        columns: Columns | None,
        name: str | None,
        delimiter: str | None,
        source: SourceLike | None,
        max_row: int | None,
        max_bytes: int | None,
    ) -> None:
        self._columns = check_columns(columns)
        self._name = name
        self._delimiter = delimiter
        self._limits = (max_row or 0, max_bytes or 0)
        self.source = source_of(source)
        if self.source is not None:
            self._check_source(columns)
        self._inputs = _inputs_of(data, self.source)
        self._check_limits({"delimiter": delimiter, "max_row": max_row, "max_bytes": max_bytes})
        self._first: object | None = None

    def _check_source(self, columns: Columns | None) -> None:
        for said, value in (("columns", columns), ("delimiter", self._delimiter)):
            if value is not None:
                raise TypeError(f"{said}: the source says how exports are read: leave out one of the two")

    def _check_limits(self, given: dict[str, object | None]) -> None:
        """What is said of exports must not be passed over in silence."""
        other = next((item for item in self._inputs if not is_export(item)), None)
        said = next((name for name, value in given.items() if value is not None), None)
        if other is None or said is None:
            return
        what = f"{other.path}, a Parquet file," if isinstance(other, Parquet) else f"what is a {type(other).__name__}"
        raise TypeError(f"{said}: it is about exports of CSV and JSON, which {what} is not")

    def members(self) -> int:
        """How an engine must know members to take them: the first input tells."""
        first = self._inputs[0]
        if is_export(first):
            return _kith.NAMED
        self._first = self._stream_of(first)
        return _kith.members_of(self._first, self._columns, self._name_of(first))

    def add_to(self, engine: _kith.Engine, rejects: _kith.Table, progress: Progress) -> Counts:
        """Add them. What became of rows before a failure, the exception says."""
        sizes = [_size_of(item) for item in self._inputs]
        reads = is_export(self._inputs[0]) or isinstance(self._inputs[0], Parquet)
        counts: Counts = {}
        with as_callback(progress, "bytes" if reads else "events") as callback:
            course = Course(callback, sizes)
            for items in _together(self._inputs):
                size = _size_of_all(items)
                try:
                    more = self._add(items, size, engine, rejects, course)
                except BaseException as error:
                    _tell(error, counts)
                    self._advise(error)
                    raise
                course.end(size)
                counts = _sum(counts, more)
        return counts

    def _advise(self, error: BaseException) -> None:
        is_missing = isinstance(error, BadExportError) and "no such column" in str(error)
        if is_missing and self.source is None and is_export(self._inputs[0]):
            error.add_note("kith.inspect() tells what the fields of an export are, and describes them for source=")
        if isinstance(error, BadSourceError) and self.source is not None and self.source.title is not None:
            error.add_note(f"the policy that fits it is Source.ready({self.source.name!r}).policy")

    def _add(
        self, items: list[Any], size: int | None, engine: _kith.Engine, rejects: _kith.Table, course: Course
    ) -> Counts:
        item = items[0]
        if is_export(item):
            source = self.source._source if self.source is not None else None
            told = course.part(size)
            delimiter = self._delimiter or "\0"
            return engine.add_exports(
                tuple(items), self._columns, self._name, delimiter, rejects, told, source, *self._limits
            )
        stream, self._first = self._first or self._stream_of(item), None
        if not isinstance(item, Parquet):
            return engine.add_stream(stream, self._columns, self._name, rejects, course.part(size))
        told = course.part(size, item.rows)
        return engine.add_stream(stream, self._columns, self._name_of(item), rejects, told)

    def _name_of(self, item: Any) -> str | None:
        return item.path if self._name is None and isinstance(item, Parquet) else self._name

    def _stream_of(self, item: Any) -> object:
        if not isinstance(item, Parquet):
            return stream_of(item, self._columns)
        return item.stream({self._columns.get(field) or field for field in FIELDS})


def _inputs_of(data: Data, source: Source | None) -> list[Any]:
    """One input, or several exports and Parquet files."""
    items = _items_of(data)
    if not is_export(items[0]):
        if source is not None:
            raise TypeError(
                "source: it says how exports are read, which are files; the columns of a data frame are named by "
                f"columns, not {type(data).__name__}"
            )
        return items
    inputs: list[Any] = []
    for item in items:
        inputs += [item] if hasattr(item, "read") else files_of(item, source)
    check_once(item for item in inputs if isinstance(item, str))
    parquet = [index for index, item in enumerate(inputs) if isinstance(item, str) and is_parquet(item)]
    if parquet and source is not None:
        raise TypeError(
            f"source: {inputs[parquet[0]]} is a Parquet file, and no source describes how it is read; its columns are "
            "named by columns"
        )
    if parquet:
        open_ = library()
        for index in parquet:
            inputs[index] = Parquet(inputs[index], open_)
    return inputs


def _items_of(data: Data) -> list[Any]:
    if not isinstance(data, Sequence) or isinstance(data, str):
        return [data]
    items = list(cast("Sequence[Any]", data))
    return items if items and all(is_export(item) for item in items) else [data]


def _together(inputs: list[Any]) -> Iterator[list[Any]]:
    """The inputs in their order, paths of exports that follow one another as one."""
    for are_paths, items in groupby(inputs, lambda item: isinstance(item, str)):
        yield from [list(items)] if are_paths else ([item] for item in items)


def _size_of_all(items: list[Any]) -> int | None:
    sizes = [size for item in items if (size := _size_of(item)) is not None]
    return sum(sizes) if len(sizes) == len(items) else None


def _size_of(item: Any) -> int | None:
    if isinstance(item, Parquet):
        return size_of(item.path)
    return size_of(os.fspath(item)) if isinstance(item, (str, os.PathLike)) else None


def _tell(error: BaseException, counts: Counts) -> None:
    """Has an exception say what became of the rows of the inputs before the one at fault, too."""
    more: Any = getattr(error, "added", None)
    if isinstance(more, dict) and counts:
        error.added = _sum(counts, cast("Counts", more))  # type: ignore[attr-defined]
    elif isinstance(error, Error) and more is None and counts:
        error.added = counts


def _sum(counts: Counts, more: Counts) -> Counts:
    """What became of the rows of several inputs."""
    if not counts:
        return more
    reasons = dict(counts["reasons"])
    for reason, count in more["reasons"].items():
        reasons[reason] = reasons.get(reason, 0) + count
    total = {key: counts[key] + more[key] for key in ("read", "taken", "rejected", "skipped", "ignored")}
    return {**total, "reasons": reasons}
