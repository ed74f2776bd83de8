# SPDX-License-Identifier: MIT
"""JSON texts, slowly: a reader that goes byte by byte and keeps where each value stands and how numbers are written."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Iterator

DEPTH_MOST = 64
BLANKS = b" \t\n\r"
NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
PLAIN = re.compile(rb"[ !#-\[\]-\x7f]+")      # characters of ASCII that stand for themselves
ESCAPES = {b'"': '"', b"\\": "\\", b"/": "/", b"b": "\b", b"f": "\f", b"n": "\n", b"r": "\r", b"t": "\t"}


class JsonError(ValueError):
    """The text is not JSON."""


@dataclass
class Value:
    sort: str                                   # null, true, false, number, string, array or object
    begin: int
    end: int
    text: str = ""                              # of a scalar: a number as it is written, a string as it is meant
    elements: list[Value] = field(default_factory=list)
    members: dict[str, Value] = field(default_factory=dict)


class Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def skip_blanks(self) -> None:
        while self.at < len(self.data) and self.data[self.at] in BLANKS:
            self.at += 1

    def is_next(self, byte: bytes) -> bool:
        self.skip_blanks()
        return self.data[self.at : self.at + 1] == byte

    def expect(self, text: bytes) -> None:
        if not self.data.startswith(text, self.at):
            raise JsonError(f"expected {text!r} at {self.at}")
        self.at += len(text)

    def read(self, depth: int = DEPTH_MOST) -> Value:
        self.skip_blanks()
        begin, first = self.at, self.data[self.at : self.at + 1]
        if first in (b"{", b"["):
            if depth == 0:
                raise JsonError("too deep")
            return self.read_object(begin, depth - 1) if first == b"{" else self.read_array(begin, depth - 1)
        if first == b'"':
            text = self.read_string()
            return Value("string", begin, self.at, text)
        for literal in ("null", "true", "false"):
            if self.data.startswith(literal.encode(), begin):
                self.at += len(literal)
                return Value(literal, begin, self.at, literal)
        match = NUMBER.match(self.data, begin)
        if not match:
            raise JsonError(f"expected a value at {begin}")
        self.at = match.end()
        return Value("number", begin, self.at, match[0].decode())

    def read_array(self, begin: int, depth: int) -> Value:
        self.at += 1
        value = Value("array", begin, begin)
        while not self.is_next(b"]"):
            if value.elements:
                self.expect(b",")
            value.elements.append(self.read(depth))
        self.at += 1
        value.end = self.at
        return value

    def read_object(self, begin: int, depth: int) -> Value:
        self.at += 1
        value = Value("object", begin, begin)
        first = True
        while not self.is_next(b"}"):
            if not first:
                self.expect(b",")
            first = False
            self.skip_blanks()
            name = self.read_string()
            self.skip_blanks()
            self.expect(b":")
            value.members[name] = self.read(depth)      # the last of a name counts
        self.at += 1
        value.end = self.at
        return value

    def read_string(self) -> str:
        """Units of UTF-16 first, as escapes are those; half a pair becomes U+FFFD."""
        self.expect(b'"')
        units: list[int] = []
        while True:
            plain = PLAIN.match(self.data, self.at)
            if plain:
                units += plain[0]
                self.at = plain.end()
            byte = self.data[self.at : self.at + 1]
            if byte == b"" or byte < b" ":
                raise JsonError(f"expected a string to go on at {self.at}")
            if byte == b'"':
                break
            if byte == b"\\":
                units += self.read_escape()
                continue
            length = next((n for n in (1, 2, 3, 4) if is_character(self.data[self.at : self.at + n])), 0)
            if length == 0:
                raise JsonError(f"expected UTF-8 at {self.at}")
            units += utf16(self.data[self.at : self.at + length].decode())
            self.at += length
        self.at += 1
        raw = b"".join(unit.to_bytes(2, "little") for unit in units)
        return raw.decode("utf-16-le", "half_pair")

    def read_escape(self) -> list[int]:
        after = self.data[self.at + 1 : self.at + 2]
        if after == b"u":
            digits = self.data[self.at + 2 : self.at + 6]
            if not re.fullmatch(rb"[0-9a-fA-F]{4}", digits):
                raise JsonError(f"expected four digits at {self.at}")
            self.at += 6
            return [int(digits, 16)]
        if after not in ESCAPES:
            raise JsonError(f"expected an escape at {self.at}")
        self.at += 2
        return [ord(ESCAPES[after])]


def half_pair(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd", error.start + 2


def is_character(data: bytes) -> bool:
    try:
        return len(data.decode()) == 1
    except UnicodeDecodeError:
        return False


def utf16(text: str) -> list[int]:
    raw = text.encode("utf-16-le")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


def read_text(data: bytes) -> Value:
    """One JSON text, and nothing but blanks around it."""
    reader = Reader(data)
    value = reader.read()
    reader.skip_blanks()
    if reader.at != len(data):
        raise JsonError(f"expected the end at {reader.at}")
    return value


def read_texts(data: bytes) -> Iterator[Value]:
    """JSON texts one behind the other."""
    reader = Reader(data)
    reader.skip_blanks()
    while reader.at < len(data):
        yield reader.read()
        reader.skip_blanks()


def find(value: Value | None, names: list[str]) -> Value | None:
    """What a path leads to: members of objects by name, elements of arrays by number."""
    for name in names:
        if value is None:
            return None
        if value.sort == "array":
            number = int(name) if re.fullmatch("0|[1-9][0-9]{0,8}", name) else len(value.elements)
            value = value.elements[number] if number < len(value.elements) else None
        else:
            value = value.members.get(name)
    return value



codecs.register_error("half_pair", half_pair)
