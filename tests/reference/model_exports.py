"""The reference model's exports: docs/model.md, "Exports", from bytes to events and rejected rows.

Everything is bytes: members are ordered by their bytes, and a rejected row is handed back as it stood.
"""

from __future__ import annotations

import gzip
import re
from datetime import date
from typing import Iterable, Iterator, NamedTuple

from model_policy import EPOCH, Policy

TIME_MAX = 253_370_764_799
QUANTITY_MAX = 1_000_000_000
NAME_MAX = 255                  # bytes
ROW_MAX = 1_048_576             # how far behind the row's first byte a closing quote may lie
TIME_TEXT_MAX = 255             # bytes
LONG_ROW = 16_777_216           # bytes of a row at most; of a longer one,
ROW_BEGINNING = 4096            # so many are told
HEADER_MAX = 1_048_576          # bytes up to the end of the header


class ExportError(ValueError):
    """An export that is unreadable as a whole ("Exports", last point)."""


# --- Times, quantities, names ------------------------------------------------------------------------------------

ISO_TIME = re.compile(
    rb"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    rb"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
    rb" ?(?:Z|UTC|([+-])([0-9]{2}):?([0-9]{2}))?)?"
)


def read_time(policy: Policy, text: bytes) -> int | None:
    """Exports, `time`: None where the text is no time of the model's range."""
    if len(text) > TIME_TEXT_MAX:
        return None
    time = read_unix_time(text) if re.fullmatch(rb"[0-9]+", text) else read_iso_time(policy, text)
    return time if time is not None and 0 <= time <= TIME_MAX else None


def read_unix_time(text: bytes) -> int | None:
    digits = text.lstrip(b"0")
    return int(digits or b"0") if len(digits) <= 12 else None


def read_day(text: bytes) -> int | None:
    """YYYY-MM-DD as a count of days since 1970."""
    match = re.fullmatch(rb"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    try:
        return date(*(int(part) for part in match.groups())).toordinal() - EPOCH if match else None
    except ValueError:
        return None


def read_iso_time(policy: Policy, text: bytes) -> int | None:
    match = ISO_TIME.fullmatch(text)
    day = read_day(text[:10])
    if not match or day is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = policy.utc_offset
    if match[7]:
        hours, minutes = int(match[8]), int(match[9])
        if hours > 23 or minutes > 59:
            return None
        offset = (hours * 3600 + minutes * 60) * (-1 if match[7] == b"-" else 1)
    elif text.endswith((b"Z", b"UTC")):
        offset = 0
    return day * 86400 + hour * 3600 + minute * 60 + second - offset


def read_quantity(text: bytes) -> int | None:
    if not text:
        return 1
    if not re.fullmatch(rb"[0-9]{1,10}", text) or not 1 <= int(text) <= QUANTITY_MAX:
        return None
    return int(text)


def is_name(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(text) <= NAME_MAX


# --- Rows --------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    line: int                       # on which it starts, the file's first being 1
    raw: bytes                      # as it stood, without its line end
    fields: list[bytes] | None      # None: a quote fault


class Event(NamedTuple):
    time: int
    member: bytes                   # b"" where anonymous
    kind: bytes
    target: bytes                   # b"" where none
    quantity: int
    id: bytes = b""                 # b"" where none


class Reject(NamedTuple):
    file: bytes
    line: int
    column: bytes
    reason: str
    row: bytes


def unpack(name: str, data: bytes) -> bytes:
    """gzip is recognised by content, whatever the name; a byte order mark is skipped."""
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError) as error:
            raise ExportError(f"{name}: damaged gzip") from error
    return data.removeprefix(b"\xef\xbb\xbf")


def end_of_line(data: bytes, start: int) -> tuple[int, int]:
    """Where the text of the line ends, and where the next line starts."""
    newline = data.find(b"\n", start)
    end = len(data) if newline < 0 else newline
    following = len(data) if newline < 0 else newline + 1
    return (end - 1 if data[start:end].endswith(b"\r") else end), following


def read_quoted(data: bytes, row_start: int, start: int, delimiter: bytes) -> tuple[bytes, int] | None:
    """A quoted field from behind its opening quote: its text and where it ends; None for a quote fault."""
    at = start
    while True:
        at = data.find(b'"', at, row_start + ROW_MAX + 1)
        if at < 0:
            return None
        if data[at + 1 : at + 2] != b'"':
            break
        at += 2
    behind = at + 1
    ended = behind == len(data) or data[behind : behind + 1] in (delimiter, b"\n")
    if not ended and data[behind : behind + 2] not in (b"\r\n", b"\r"):  # a lone CR here is the file's last byte
        return None
    return data[start:at].replace(b'""', b'"'), behind


def read_unquoted(data: bytes, start: int, delimiter: bytes) -> tuple[bytes, int] | None:
    end, _ = end_of_line(data, start)
    found = data.find(delimiter, start, end)
    end = end if found < 0 else found
    return None if b'"' in data[start:end] else (data[start:end], end)


def read_fields(data: bytes, start: int, delimiter: bytes) -> tuple[list[bytes], int] | None:
    """The fields of the row that begins at `start` and where its text ends; None for a quote fault."""
    fields: list[bytes] = []
    at = start
    while True:
        if data[at : at + 1] == b'"':
            result = read_quoted(data, start, at + 1, delimiter)
        else:
            result = read_unquoted(data, at, delimiter)
        if result is None:
            return None
        text, at = result
        fields.append(text)
        if data[at : at + 1] != delimiter:
            return fields, at
        at += 1


def read_long_row(data: bytes, start: int, line: int, delimiter: bytes) -> tuple[Row, int] | None:
    """The row and where the next line starts, if it is longer than rows may be: what lies beyond is not looked at."""
    cut = data[start : start + LONG_ROW + 2]
    result = read_fields(cut, 0, delimiter)
    if result is None and b"\n" in cut:
        end, following = end_of_line(data, start)
    else:
        end = len(cut) if result is None else result[1]
        following = end_of_line(data, start + end)[1]
        end += start
    if end - start <= LONG_ROW:
        return None
    return Row(line, data[start : start + ROW_BEGINNING], None if result is None else []), following


def read_rows(data: bytes, delimiter: bytes, start: int = 0, line: int = 1) -> Iterator[Row]:
    """Rows that are not empty; a row with a quote fault is its first line alone."""
    while start < len(data):
        end, following = end_of_line(data, start)
        long_row = read_long_row(data, start, line, delimiter) if len(data) - start > LONG_ROW else None
        if long_row:
            row, following = long_row
            yield row
        elif start < end:
            result = read_fields(data, start, delimiter)
            if result is None:
                yield Row(line, data[start:end], None)
            else:
                fields, end = result
                _, following = end_of_line(data, end)
                yield Row(line, data[start:end], fields)
        line += data.count(b"\n", start, following)
        start = following


def find_delimiter(data: bytes) -> bytes:
    """Counts the candidates in the header line; on a tie the earlier candidate wins."""
    start = 0
    while start < len(data):
        end, following = end_of_line(data, start)
        if start < end:
            return max((b",", b";", b"\t", b"|"), key=lambda one: data.count(one, start, end))
        start = following
    return b","


def find_columns(name: str, header: Row, columns: dict[str, str]) -> dict[str, int]:
    """Where each field of an event stands; optional ones may be missing."""
    titles = header.fields
    if titles is None:
        raise ExportError(f"{name}:{header.line}: a quote fault in the header")
    if len(set(titles)) != len(titles):
        raise ExportError(f"{name}:{header.line}: a column name twice")
    found = {}
    for wanted in ("time", "member", "kind", "target", "quantity", "id"):
        title = columns.get(wanted, wanted).encode()
        if wanted == "id" and "id" not in columns and "id" in columns.values():
            continue                # somebody else's
        if title in titles:
            found[wanted] = titles.index(title)
        elif wanted not in ("target", "quantity", "id"):
            raise ExportError(f"{name}:{header.line}: no column {wanted}")
    return found


def read_event(policy: Policy, latest: int | None, cells: dict[str, bytes]) -> Event | str:
    """The event of a row, or the field and reason it is rejected for: the first of the model's order."""
    time = read_time(policy, cells["time"])
    member, target = cells["member"], cells.get("target", b"")
    quantity = read_quantity(cells.get("quantity", b""))
    if time is None:
        return "time"
    if not is_name(member) or not (member or target):
        return "member"
    if not is_name(target):
        return "target"
    if cells["kind"] not in policy.kinds:
        return "kind"
    if quantity is None:
        return "quantity"
    if latest is not None and time > latest:
        return "future"
    return Event(time, member, cells["kind"], target, quantity, cells.get("id", b""))


def taken_once(events: Iterable[Event]) -> list[Event]:
    """Of events with the same id the first alone, whatever the others say."""
    known: set[bytes] = set()
    taken = []
    for event in events:
        if event.id not in known:
            taken.append(event)
        if event.id:
            known.add(event.id)
    return taken


class Export(NamedTuple):
    header: Row
    delimiter: bytes
    results: list[tuple[Row, Event | Reject]]


def read_export(
    policy: Policy,
    name: str,
    data: bytes,
    latest: int | None = None,
    columns: dict[str, str] | None = None,
    delimiter: str | None = None,
) -> Export:
    data = unpack(name, data)
    separator = delimiter.encode() if delimiter else find_delimiter(data)
    rows = read_rows(data, separator)
    header = next(rows, None)
    if header is None:
        raise ExportError(f"{name}: no header")
    if data.find(header.raw) + len(header.raw) > HEADER_MAX:
        raise ExportError(f"{name}: too long a header")
    places = find_columns(name, header, columns or {})
    assert header.fields is not None
    results = []
    for row in rows:
        if row.fields is None:
            result: Event | Reject | str = "quote"
        elif len(row.fields) != len(header.fields):
            result = "fields"
        else:
            result = read_event(policy, latest, {wanted: row.fields[at] for wanted, at in places.items()})
        if isinstance(result, str):
            place = places.get("time" if result == "future" else result)
            column = b"" if place is None else header.fields[place]
            result = Reject(name.rsplit("/", 1)[-1].encode(), row.line, column, result, row.raw)
        results.append((row, result))
    return Export(header, separator, results)
