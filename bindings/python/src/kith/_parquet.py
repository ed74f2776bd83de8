# SPDX-License-Identifier: MIT
"""Parquet files, read in batches by whichever library is there: pyarrow, polars or DuckDB."""

# They have no types, or none that say all.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias

from kith import _kith
from kith._errors import Error, bad_export, unreadable
from kith._files import has_magic

# Rows of a batch: enough for the work on one to be worth it, and few enough for memory.
_ROWS = 131_072

# A dictionary of text that is longer than that, packed, has been given up by whoever wrote it: then the column is
# spelt out in part, and dictionaries would have to be made anew.
_LONGEST_DICTIONARY = 2**18


class _Opened(NamedTuple):
    """A file that has been looked into."""

    rows: int
    batches: Iterator[Any]  # each gives Arrow


_Open: TypeAlias = Callable[[str, Collection[str]], "_Opened | None"]


class Parquet:
    """A file, to be read by one library. Only the wanted columns are, a part of the rows at a time."""

    def __init__(self, path: str, open_: _Open) -> None:
        self.path = path
        self.rows = 0
        self._open = open_

    def stream(self, wanted: Collection[str]) -> object:
        """A capsule of an Arrow stream of it; rows is how many it has then.

        Raises
        ------
        InputOutputError, BadExportError
            It cannot be read, or not as Parquet.
        """
        _check(self.path)
        try:
            opened = self._open(os.path.abspath(self.path), wanted)
        except (MemoryError, Error):
            raise
        except Exception as error:
            raise _fault(self.path, error) from error
        if opened is None:
            return _kith.stream_of_columns([])
        self.rows = opened.rows
        return _kith.stream_of_batches(_streams(self.path, opened.batches))


def library() -> _Open:
    """Whatever of the three is there.

    Raises
    ------
    ImportError
        None is.
    """
    for module, open_ in _LIBRARIES.items():
        try:
            import_module(module)
        except ImportError:
            continue
        return open_
    raise ImportError("Parquet is read by pyarrow, polars or DuckDB, and none of them is installed", name="pyarrow")


def _check(path: str) -> None:
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise unreadable(path, f"cannot be read: {error.strerror}") from error
    if not has_magic(path):
        raise bad_export(path, "expected a Parquet file, which begins and ends with PAR1")


def _fault(path: str, error: Exception) -> Error:
    words = f"cannot be read as Parquet: {error}"
    return unreadable(path, words) if isinstance(error, OSError) else bad_export(path, words)


def _streams(path: str, batches: Iterator[Any]) -> Iterator[object]:
    """Of each batch its stream; what a library says of a fault, in our words."""
    try:
        for batch in batches:
            yield _kith.stream_of(batch)
    except (MemoryError, Error):
        raise
    except Exception as error:
        raise _fault(path, error) from error


def _among(names: Collection[str], wanted: Collection[str]) -> list[str]:
    """Columns to be read. One of them at least, so that there are rows: what is missing is told by those who ask."""
    return [name for name in names if name in wanted] or list(names)[:1]


# ---- the libraries, by how fast they are and how little memory they take ----


def _by_pyarrow(path: str, wanted: Collection[str]) -> _Opened | None:
    import pyarrow
    from pyarrow import parquet

    with pyarrow.OSFile(os.fsencode(path)) as opened:
        metadata: Any = parquet.read_metadata(opened)
    schema = metadata.schema.to_arrow_schema()
    columns = _among(schema.names, wanted)
    if not columns:
        return None
    packed = [name for name in columns if _is_packed(metadata, name)]

    def batches() -> Iterator[Any]:
        with pyarrow.OSFile(os.fsencode(path)) as opened:
            file = parquet.ParquetFile(opened, metadata=metadata, read_dictionary=packed)
            if metadata.num_rows == 0:
                yield file.read(columns=columns)
            yield from file.iter_batches(batch_size=_ROWS, columns=columns)

    return _Opened(metadata.num_rows, batches())


def _is_packed(metadata: Any, name: str) -> bool:
    """Whether a column is text by a small dictionary, so that each word of it need be looked at once only."""
    if metadata.num_row_groups == 0:
        return False
    group = metadata.row_group(0)
    column = next((c for c in map(group.column, range(group.num_columns)) if c.path_in_schema == name), None)
    if column is None or column.physical_type != "BYTE_ARRAY" or not column.has_dictionary_page:
        return False
    length: int = column.data_page_offset - column.dictionary_page_offset
    return 0 < length <= _LONGEST_DICTIONARY


def _by_polars(path: str, wanted: Collection[str]) -> _Opened | None:
    import polars

    frame = polars.scan_parquet(path, glob=False, hive_partitioning=False)
    columns = _among(frame.collect_schema().names(), wanted)
    if not columns:
        return None
    rows = frame.select(polars.len()).collect().item()
    # A slice at a time, as polars' own batches run ahead of who takes them.
    parts = (frame.select(columns).slice(begin, 2 * _ROWS).collect() for begin in range(0, max(rows, 1), 2 * _ROWS))
    return _Opened(rows, parts)


def _by_duckdb(path: str, wanted: Collection[str]) -> _Opened | None:
    import duckdb

    def quoted(name: str, quote: str) -> str:
        return quote + name.replace(quote, 2 * quote) + quote

    connection: Any = duckdb.connect(":memory:")
    connection.execute("set enable_progress_bar = false")
    file = quoted(path, "'")
    rows = connection.execute(f"select sum(num_rows) from parquet_file_metadata({file})").fetchall()[0][0]
    columns = _among(connection.sql(f"from read_parquet({file}, hive_partitioning = false)").columns, wanted)
    names = ", ".join(quoted(name, '"') for name in columns)

    def batches() -> Iterator[Any]:
        # It gives its rows as they are read. The connection must be there until the last.
        with connection:
            yield connection.sql(f"select {names} from read_parquet({file}, hive_partitioning = false)")

    return _Opened(int(rows or 0), batches())


_LIBRARIES: dict[str, _Open] = {"pyarrow.parquet": _by_pyarrow, "polars": _by_polars, "duckdb": _by_duckdb}
