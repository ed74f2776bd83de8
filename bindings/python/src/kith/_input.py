# SPDX-License-Identifier: MIT
"""Whatever holds events, as an Arrow stream or as the path of an export."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Any, TypeAlias, cast

from kith import _kith

#: Anything that holds events: see `kith.score`.
Data: TypeAlias = Any

Columns: TypeAlias = Mapping[str, str]

FIELDS = ("time", "member", "kind", "target", "quantity", "id")

# Rows of a chunk, on average, below which to take each for itself costs more than a copy of all.
_FEWEST_A_CHUNK = 1024

_UNITS = {"s": "s", "ms": "m", "us": "u", "ns": "n"}


def check_columns(columns: Columns | None) -> dict[str, str | None]:
    """Names of columns by field, or a TypeError that says which field there is none of."""
    for field in columns or {}:
        if field not in FIELDS:
            raise TypeError(f"columns: there is no field {field!r}; expected {', '.join(FIELDS)}")
    return dict(columns or {})


def is_export(data: Data) -> bool:
    """Whether data are a path, or a file that is open."""
    return isinstance(data, (str, os.PathLike)) or (hasattr(data, "read") and not _gives_arrow(data) and _is_file(data))


def _is_file(data: Data) -> bool:
    """Of what can be read: whether that gives bytes. Readers of batches, such as those of pandas, are gone through."""
    return hasattr(data, "readinto") or hasattr(data, "readline") or not isinstance(data, Iterable)


def _gives_arrow(data: Data) -> bool:
    return hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")


def stream_of(data: Data, columns: Mapping[str, str | None]) -> object:
    """A capsule of an Arrow stream of data, which are no export.

    Raises
    ------
    TypeError
        Data are nothing that holds events.
    """
    chunks = _chunks_of(data)
    stream = _kith.stream_of(data) if chunks is None else _kith.stream_of_batches(chunks)
    if stream is not None:
        return stream
    if isinstance(data, Mapping):
        return _kith.stream_of_columns(list(_columns_of(cast("Mapping[str, Any]", data), columns)))
    if isinstance(data, Iterable) and not isinstance(data, (bytes, bytearray, memoryview)):
        return _kith.stream_of_batches(_batches_of(cast("Iterable[Any]", data), columns))
    raise TypeError(
        "expected a data frame or table (pandas, polars, pyarrow, DuckDB …), a mapping of columns, an iterable of "
        f"such batches, or the path of an export, not {type(cast('object', data)).__name__}"
    )


def _chunks_of(data: Data) -> Iterator[object] | None:
    """A polars frame chunk by chunk, as its own stream copies all chunks into one first; None for anything else, and
    for chunks so small that a copy takes less."""
    if not _is_polars_frame(cast("type[object]", type(data))):
        return None
    # What is done to the frame while it is read is not seen.
    frame = data.clone()
    begins = {begin for column in frame.get_columns() for begin in accumulate(column.chunk_lengths(), initial=0)}
    if len(begins) <= 2 or len(frame) < _FEWEST_A_CHUNK * (len(begins) - 1):
        return None
    # Between two places at which any column's chunk begins, none has more than one.
    return (frame.slice(begin, end - begin) for begin, end in pairwise(sorted(begins)))


def _is_polars_frame(class_: type[object]) -> bool:
    bases = class_.__mro__
    return any(base.__name__ == "DataFrame" and base.__module__.partition(".")[0] == "polars" for base in bases)


def _batches_of(data: Iterable[Any], columns: Mapping[str, str | None]) -> Iterator[object]:
    for batch in data:
        if isinstance(batch, (str, bytes)):
            raise TypeError("expected batches of events, not text: is it the path of an export that was meant?")
        yield stream_of(batch, columns)


def _columns_of(data: Mapping[str, Any], columns: Mapping[str, str | None]) -> Iterator[tuple[str, object, str | None]]:
    """The columns that are events' fields, each as the extension takes it."""
    named = {field: name for field, name in columns.items() if name is not None}
    wanted = {named.get(field, field) for field in FIELDS}
    for name, values in data.items():
        if name in wanted:
            yield (name, *_values_of(name, values))


def _values_of(name: str, values: Any) -> tuple[object, str | None]:
    """Values as a buffer or a list, and Arrow's format of them where they do not tell it themselves."""
    if hasattr(values, "__array_interface__"):
        return _array_values(name, values)
    if hasattr(values, "to_pylist"):
        return _list_values(name, values.to_pylist())
    if hasattr(values, "typecode") or (isinstance(values, memoryview) and cast("memoryview[Any]", values).c_contiguous):
        return cast("object", values), None
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        kind = type(cast("object", values)).__name__
        raise TypeError(f"column {name}: expected an array or a sequence, not {kind}")
    return _list_values(name, list(cast("Iterable[Any]", values)))


def _array_values(name: str, values: Any) -> tuple[object, str | None]:
    """Of NumPy, which need not be imported here: whoever has an array has."""
    if values.ndim != 1:
        raise TypeError(f"column {name}: expected one dimension, not {values.ndim}")
    kind = values.dtype.kind
    masked = hasattr(values, "filled")
    if kind == "M":
        return _moments(name, values.filled(values.dtype.type("NaT")) if masked else values)
    if masked and kind in "iuf":
        return _list_values(name, values.tolist())
    if kind in "iuf" and values.dtype.itemsize <= 8 and values.dtype.str != "<f2":
        native = values.astype(values.dtype.newbyteorder("="), copy=False)
        return (native if native.flags.c_contiguous else native.copy()), None
    if kind in "OUT":
        return _list_values(name, values.tolist())
    raise TypeError(f"column {name}: expected numbers, text or moments, not {values.dtype}")


def _moments(name: str, values: Any) -> tuple[object, str | None]:
    """Of datetime64: without a zone, so that they are on the community's clock. NaT becomes None."""
    unit = values.dtype.str.partition("[")[2].rstrip("]")
    if unit not in _UNITS:
        values = values.astype("datetime64[s]")
        unit = "s"
    whole = values.astype(values.dtype.newbyteorder("="), copy=False).view("int64")
    missing = whole == -(2**63)
    format = f"ts{_UNITS[unit]}:"
    if missing.any():
        return [None if gone else number for number, gone in zip(whole.tolist(), missing.tolist())], format
    return (whole if whole.flags.c_contiguous else whole.copy()), format


def _list_values(name: str, values: list[Any]) -> tuple[object, str | None]:
    plain = [_plain(value) for value in values]
    first = next((value for value in plain if value is not None), None)
    if isinstance(first, dt.date):
        return _dates(name, plain)
    return plain, None


def _plain(value: Any) -> Any:
    """A NumPy scalar as Python's own; None for what libraries write where there is nothing: NaN, NaT, pandas.NA."""
    if value is None or isinstance(value, (str, int)):
        return value
    if not hasattr(value, "item"):
        return None if _is_nothing(value) else value
    if getattr(value, "dtype", None) is not None and value.dtype.kind == "M":
        value = value.astype("datetime64[us]")
    return None if _is_nothing(value) else value.item()


def _is_nothing(value: Any) -> bool:
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        # pandas.NA does not say whether it is itself.
        return type(value).__name__ == "NAType"


def _dates(name: str, values: list[Any]) -> tuple[object, str | None]:
    """Of datetime: all with a zone, or all without one; dates are their first moments on the community's clock."""
    zoned = {value.tzinfo is not None for value in values if isinstance(value, dt.datetime)}
    dated = any(isinstance(value, dt.date) and not isinstance(value, dt.datetime) for value in values)
    if len(zoned) > 1 or (dated and True in zoned):
        raise TypeError(f"column {name}: some moments have a zone, and others have none")
    has_zone = True in zoned
    return [None if value is None else _seconds(name, value) for value in values], f"tss:{'UTC' if has_zone else ''}"


def _seconds(name: str, value: Any) -> int:
    """Seconds since the beginning of 1970 on the clock that a moment is of."""
    if isinstance(value, dt.datetime):
        own = value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
        return int(own.timestamp() // 1)
    if isinstance(value, dt.date):
        return (value.toordinal() - dt.date(1970, 1, 1).toordinal()) * 86400
    raise TypeError(f"column {name}: expected moments, not {value!r}")
