# SPDX-License-Identifier: MIT
"""Results: tables that any data frame library can take."""

# pyarrow has no types, and those of pandas are a package of their own.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownParameterType=false
# pyright: reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import combining, east_asian_width

from kith import _kith
from kith._time import day_of, moment_of

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_SHOWN = 10
_WIDEST = 60
_NUMBERS = ("id", "count", "score")


def _same(value: Any) -> Any:
    return value


# How Python has what the extension gives, by a column's type.
_CONVERSIONS: dict[str, Callable[[Any], Any]] = {"day": day_of, "time": moment_of}


class Table:
    """Rows and columns of results. Never changed.

    Any library that takes Arrow data takes a table as it is: ``polars.DataFrame(table)``, ``pyarrow.table(table)``,
    ``duckdb.sql("from table")``. Tiers, stages, reasons and flags are dictionary columns; weeks are dates; times are
    UTC; scores are floats of two decimals.
    """

    def __init__(self, name: str, table: _kith.Table) -> None:
        self._name = name
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    @property
    def columns(self) -> list[str]:
        """Names of the columns, as in the header of the CSV."""
        return [name for name, _ in self._table.columns()]

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pyarrow.Table:
        """As a pyarrow table."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas data frame, by pyarrow."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """As a polars data frame."""
        import polars

        return polars.DataFrame(self)

    def to_dicts(self) -> list[dict[str, Any]]:
        """As a list of a dictionary for each row. Needs no other library."""
        return list(self)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        step = 4096
        for begin in range(0, len(self), step):
            yield from self._rows(begin, begin + step)

    def _rows(self, begin: int, end: int) -> Iterator[dict[str, Any]]:
        names = self.columns
        columns: list[list[Any]] = []
        for index, (_, type_) in enumerate(self._table.columns()):
            convert = _CONVERSIONS.get(type_, _same)
            columns.append([convert(value) for value in self._table.column(index, begin, end)])
        for values in zip(*columns):
            yield dict(zip(names, values))

    def _each(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a few columns, as the extension gives their values: much faster than all of them by name."""
        step = 65536
        indexes = [self.columns.index(name) for name in names]
        for begin in range(0, len(self), step):
            yield from zip(*(self._table.column(index, begin, begin + step) for index in indexes))

    def _last(self, name: str) -> Any:
        return self._table.column(self.columns.index(name), len(self) - 1, len(self))[0]

    def to_csv(self, *, spreadsheet: bool = False) -> str:
        """As CSV, byte for byte what the ``kith`` command writes.

        With ``spreadsheet``, as it does with ``--spreadsheet``: names that a spreadsheet would take for a formula have an
        apostrophe before them. It is for files that people open in one, and not for those that programs read.

        Rows that were rejected need not be UTF-8: ``.encode(errors="surrogateescape")`` gives the bytes of any table.
        """
        return self._table.csv(True, spreadsheet).decode(errors="surrogateescape")

    # ---- for people ----

    def _shown(self) -> list[list[str]]:
        return [[_cell(value) for value in row.values()] for row in self._rows(0, _SHOWN)]

    def _summary(self) -> str:
        rows = f"{len(self):,} row{'' if len(self) == 1 else 's'}"
        return f"kith {self._name}: {rows}"

    def __repr__(self) -> str:
        rows = [self.columns, *self._shown()]
        columns = [_aligned(cells, type_) for cells, (_, type_) in zip(zip(*rows), self._table.columns())]
        lines = ["  ".join(cells).rstrip() for cells in zip(*columns)]
        more = [f"… {len(self) - _SHOWN:,} more"] if len(self) > _SHOWN else []
        return "\n".join([self._summary(), *lines, *more])

    def _repr_html_(self) -> str:
        def row(cells: list[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(row(cells, "td") for cells in self._shown())
        head = f"<thead>{row(self.columns, 'th')}</thead>"
        shown = f", the first {_SHOWN}" if len(self) > _SHOWN else ""
        caption = f"<caption>{html.escape(self._summary())}{shown}</caption>"
        return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def _width(text: str) -> int:
    """Columns that it takes on a terminal."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _aligned(cells: Sequence[str], type_: str) -> list[str]:
    width = max(map(_width, cells))
    blanks = [" " * (width - _width(cell)) for cell in cells]
    return [blank + cell if type_ in _NUMBERS else cell + blank for cell, blank in zip(cells, blanks)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return _line(str(value))


def _line(text: str) -> str:
    """Text as one line that a terminal shows as it is; of long text, the beginning."""
    return _printable(text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…")


def _printable(text: str) -> str:
    """Text that moves no cursor and turns no writing round."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
