# SPDX-License-Identifier: MIT
"""Arrow's C structs, put together by hand: also those that no library would make."""

from __future__ import annotations

import ctypes as c
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

ROOM = 4096  # bytes behind each buffer, so that what cannot be checked (how much memory there is) is there

_Release = c.CFUNCTYPE(None, c.c_void_p)


class ArrowSchema(c.Structure):
    pass


class ArrowArray(c.Structure):
    pass


ArrowSchema._fields_ = [
    ("format", c.c_char_p),
    ("name", c.c_char_p),
    ("metadata", c.c_char_p),
    ("flags", c.c_int64),
    ("n_children", c.c_int64),
    ("children", c.POINTER(c.POINTER(ArrowSchema))),
    ("dictionary", c.POINTER(ArrowSchema)),
    ("release", c.c_void_p),
    ("private_data", c.c_void_p),
]
ArrowArray._fields_ = [
    ("length", c.c_int64),
    ("null_count", c.c_int64),
    ("offset", c.c_int64),
    ("n_buffers", c.c_int64),
    ("n_children", c.c_int64),
    ("buffers", c.POINTER(c.c_void_p)),
    ("children", c.POINTER(c.POINTER(ArrowArray))),
    ("dictionary", c.POINTER(ArrowArray)),
    ("release", c.c_void_p),
    ("private_data", c.c_void_p),
]


class ArrowArrayStream(c.Structure):
    _fields_ = [
        ("get_schema", c.c_void_p),
        ("get_next", c.c_void_p),
        ("get_last_error", c.c_void_p),
        ("release", c.c_void_p),
        ("private_data", c.c_void_p),
    ]


_Schema = c.CFUNCTYPE(c.c_int, c.c_void_p, c.POINTER(ArrowSchema))
_Next = c.CFUNCTYPE(c.c_int, c.c_void_p, c.POINTER(ArrowArray))
_Words = c.CFUNCTYPE(c.c_void_p, c.c_void_p)

_new_capsule = c.pythonapi.PyCapsule_New
_new_capsule.restype = c.py_object
_new_capsule.argtypes = [c.c_void_p, c.c_char_p, c.c_void_p]


@dataclass
class Column:
    """A column: its schema, its array, and what both point to."""

    format: str
    buffers: list[bytes | None]
    length: int
    name: str = ""
    null_count: int = 0
    children: list[Column] = field(default_factory=list)
    dictionary: Column | None = None
    schema: ArrowSchema = field(default_factory=ArrowSchema)
    array: ArrowArray = field(default_factory=ArrowArray)
    memory: list[c.Array[c.c_char] | None] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = len(self.children)
        self.memory = [
            None if data is None else c.create_string_buffer(data, len(data) + ROOM) for data in self.buffers
        ]
        pointers = [None if data is None else c.cast(data, c.c_void_p).value for data in self.memory]
        schemas = (c.POINTER(ArrowSchema) * (count + 1))(*(c.pointer(child.schema) for child in self.children))
        arrays = (c.POINTER(ArrowArray) * (count + 1))(*(c.pointer(child.array) for child in self.children))
        buffers = (c.c_void_p * (len(pointers) + 1))(*pointers)
        self.kept = [schemas, arrays, buffers]
        self.schema.format, self.schema.name = self.format.encode(), self.name.encode()
        self.schema.flags = 2
        self.schema.n_children = self.array.n_children = count
        self.schema.children, self.array.children = schemas, arrays
        self.array.length, self.array.null_count = self.length, self.null_count
        self.array.n_buffers, self.array.buffers = len(pointers), buffers
        self.schema.release = self.array.release = c.cast(_never_called, c.c_void_p).value
        if self.dictionary:
            self.schema.dictionary = c.pointer(self.dictionary.schema)
            self.array.dictionary = c.pointer(self.dictionary.array)


@_Release
def _never_called(struct: int) -> None:
    raise AssertionError("a child was released that is its parent's to release")


def numbers(name: str, values: Sequence[int | None], format: str = "l") -> Column:
    """Whole numbers; format as in struct or, for timestamps, as in Arrow."""
    width = {"c": 1, "C": 1, "s": 2, "S": 2, "i": 4, "I": 4}.get(format, 8)
    data = b"".join((value or 0).to_bytes(width, "little", signed=(value or 0) < 0) for value in values)
    return Column(format, [_validity(values), data], len(values), name, values.count(None))


def texts(name: str, values: Sequence[str | bytes | None], width: int = 4) -> Column:
    """Text, by offsets of so many bytes."""
    parts = [value.encode() if isinstance(value, str) else value or b"" for value in values]
    offsets = [0]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    data = b"".join(offset.to_bytes(width, "little") for offset in offsets)
    buffers = [_validity(values), data, b"".join(parts)]
    return Column("u" if width == 4 else "U", buffers, len(values), name, values.count(None))


def views(name: str, values: Sequence[str]) -> Column:
    """Text as views, long ones in a buffer of their own."""
    data, long = b"", b""
    for value in map(str.encode, values):
        data += len(value).to_bytes(4, "little")
        data += value.ljust(12, b"\0") if len(value) <= 12 else value[:4] + bytes(4) + len(long).to_bytes(4, "little")
        long += value if len(value) > 12 else b""
    return Column("vu", [None, data, long, len(long).to_bytes(8, "little")], len(values), name)


def coded(name: str, values: Sequence[str | None]) -> Column:
    """Text by a dictionary."""
    words = list(dict.fromkeys(value for value in values if value is not None))
    indexes = [None if value is None else words.index(value) for value in values]
    column = numbers(name, indexes, "i")
    return Column("i", column.buffers, len(values), name, values.count(None), dictionary=texts("", words))


def batch(columns: Iterable[Column], length: int | None = None) -> Column:
    """A struct of columns."""
    children = list(columns)
    return Column("+s", [None], children[0].length if length is None else length, children=children)


def _validity(values: Sequence[object]) -> bytes | None:
    if None not in values:
        return None
    bits = sum((value is not None) << place for place, value in enumerate(values))
    return bits.to_bytes(len(values) // 8 + 1, "little")


class Stream:
    """A stream of batches that counts what it hands out, and what is released of it."""

    def __init__(self, *batches: Column) -> None:
        self.batches = batches
        self.given = 0
        self.schema_status = 0
        self.next_status: list[int] = []  # of each call, 0 where there are no more
        self.words: bytes | None = None
        self.handed: Counter[str] = Counter()
        self.released: Counter[str] = Counter()
        self.releases: Callable[[], None] = lambda: None
        self._tokens: list[str] = []
        self._kept = (
            _Schema(self._get_schema),
            _Next(self._get_next),
            _Words(self._get_words),
            _Release(self._release_schema),
            _Release(self._release_array),
            _Release(self._release_stream),
        )
        self._pointers = [c.cast(function, c.c_void_p).value for function in self._kept]
        self.stream = ArrowArrayStream(*self._pointers[:3], self._pointers[5], None)

    # ---- what is given ----

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        self.handed["stream"] += 1
        return _new_capsule(c.addressof(self.stream), b"arrow_array_stream", None)

    def check(self) -> None:
        """Whatever was handed out has been released, once."""
        assert self.released == self.handed

    def _mark(self, what: str, struct: Any, release: int | None) -> None:
        """A struct whose release has been taken away stays without, and is nobody's to release."""
        if not struct.release:
            return
        self._tokens.append(f"{what} {len(self._tokens)}")
        self.handed[self._tokens[-1]] += 1
        struct.release, struct.private_data = release, len(self._tokens)

    def _get_schema(self, stream: int, out: Any) -> int:
        if self.schema_status == 0:
            c.memmove(out, c.byref(self.batches[0].schema), c.sizeof(ArrowSchema))
            self._mark("schema", out.contents, self._pointers[3])
        return self.schema_status

    def _get_next(self, stream: int, out: Any) -> int:
        status = self.next_status.pop(0) if self.next_status else 0
        if status != 0:
            return status
        c.memset(out, 0, c.sizeof(ArrowArray))
        if self.given < len(self.batches):
            c.memmove(out, c.byref(self.batches[self.given].array), c.sizeof(ArrowArray))
            self._mark("array", out.contents, self._pointers[4])
            self.given += 1
        return 0

    def _get_words(self, stream: int) -> int | None:
        return c.cast(c.c_char_p(self.words), c.c_void_p).value if self.words is not None else None

    def _release_schema(self, struct: int) -> None:
        self._note(ArrowSchema.from_address(struct))

    def _release_array(self, struct: int) -> None:
        self._note(ArrowArray.from_address(struct))

    def _note(self, struct: Any) -> None:
        self.released[self._tokens[struct.private_data - 1]] += 1
        struct.release = None
        self.releases()

    def _release_stream(self, struct: int) -> None:
        self.released["stream"] += 1
        ArrowArrayStream.from_address(struct).release = None


class Array:
    """A batch that is given by __arrow_c_array__, and counts likewise."""

    def __init__(self, batch: Column) -> None:
        self._stream = Stream(batch)
        self._structs = ArrowSchema(), ArrowArray()

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        schema, array = self._structs
        self._stream._get_schema(0, c.pointer(schema))
        self._stream._get_next(0, c.pointer(array))
        return (
            _new_capsule(c.addressof(schema), b"arrow_schema", None),
            _new_capsule(c.addressof(array), b"arrow_array", None),
        )

    def check(self) -> None:
        self._stream.check()
