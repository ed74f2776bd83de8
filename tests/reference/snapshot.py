"""A second reader of snapshots, written by docs/snapshot.md alone: slow, and with no check but that nothing is left."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

import model_policy

MAGIC = bytes.fromhex("894B4954480D0A1A")
STATE = (
    "leave_end days supporters0 supporters1 supporters2 supporters3 acted on_leave reviews own_days tier weeks_below "
    "flags flags_before stage pinned counts baseline_before baseline_weeks_before tier_before weeks_below_before reason "
    "pinned_before left_out_before"
).split()


class SnapshotError(ValueError):
    """The bytes are not what docs/snapshot.md says."""


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise SnapshotError(what)


class Contents:
    """The contents of a part, read from front to end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        return unfold(self.number())

    def time(self) -> int | None:
        number = self.number()
        return number - 1 if number else None

    def column(self, count: int) -> list[int]:
        return [self.number() for _ in range(count)]

    def signed_column(self, count: int) -> list[int]:
        return [self.signed() for _ in range(count)]

    def take(self, length: int) -> bytes:
        taken = self.data[self.at : self.at + length]
        expect(len(taken) == length, "too few bytes")
        self.at += length
        return taken


def unfold(number: int) -> int:
    return -(number + 1) // 2 if number & 1 else number // 2


class Part(NamedTuple):
    name: str
    contents: Contents


def read_parts(data: bytes) -> list[Part]:
    expect(data[:8] == MAGIC, "magic")
    form, chain = struct.unpack("<II", data[8:16])
    expect(form == 1 and chain == zlib.crc32(data[:12]), "header")
    parts = []
    at = 16
    while at < len(data):
        length, stored, checksum, header = struct.unpack("<IIII", data[at + 4 : at + 20])
        chain = zlib.crc32(data[at : at + 16], chain)
        expect(chain == header, "chain")
        contents = data[at + 20 : at + 20 + stored]
        expect(zlib.crc32(contents) == checksum, "checksum")
        if stored < length:
            contents = zlib.decompress(contents, -15)
        expect(len(contents) == length <= 2 << 20, "length")
        parts.append(Part(data[at : at + 4].decode("ascii"), Contents(contents)))
        at += 20 + stored
    return parts


@dataclass
class Snapshot:
    policy: model_policy.Policy
    head: dict[str, int | None]
    position: bytes = b""
    links: dict[int, int | None] = field(default_factory=dict)
    members: list[bytes | int | None] = field(default_factory=list)
    states: list[dict] = field(default_factory=list)
    risk: list[tuple[int, int]] = field(default_factory=list)
    weeks: list[dict] = field(default_factory=list)
    ids: list[tuple[int, int, int]] = field(default_factory=list)
    sources: dict[bytes, list[int]] = field(default_factory=dict)
    pending: dict | None = None


class Reader:
    """Takes the parts in their order."""

    def __init__(self, data: bytes) -> None:
        self.parts = read_parts(data)
        self.next = 0

    def part(self, name: str) -> Contents:
        part = self.parts[self.next]
        expect(part.name == name, f"{part.name} in the place of {name}")
        self.next += 1
        return part.contents

    def steps(self, name: str, count: int, most: int):
        for first in range(0, count, most):
            contents = self.part(name)
            yield contents, first, min(most, count - first)
            self.done(contents)

    @staticmethod
    def done(contents: Contents) -> None:
        expect(contents.at == len(contents.data), "bytes left")


def read_head(contents: Contents) -> dict:
    names = "named closed explains begun has_reviewed has_pending".split()
    head = {name: contents.number() for name in names}
    head["closed_week"] = contents.signed()
    head["last_week"] = contents.signed()
    head["first_event"] = contents.time()
    head["last_event"] = contents.time()
    for name in "taken rejected late future skipped members links states weeks sources".split():
        head[name] = contents.number()
    Reader.done(contents)
    return head


def read_links(reader: Reader, snapshot: Snapshot) -> None:
    after = 0
    for contents, _, count in reader.steps("LINK", snapshot.head["links"], 65536):
        for _ in range(count):
            member = after + contents.number()
            into = contents.number()
            snapshot.links[member] = into - 1 if into else None
            after = member + 1


def read_members(reader: Reader, snapshot: Snapshot) -> None:
    before = 0
    for contents, _, count in reader.steps("MEMB", snapshot.head["members"], 4096):
        if snapshot.head["named"]:
            lengths = contents.column(count)
            snapshot.members += [contents.take(length) or None for length in lengths]
            continue
        for _ in range(count):
            before = (before + contents.signed()) % 2**64
            forgotten = snapshot.links.get(len(snapshot.members), 0) is None
            snapshot.members.append(None if forgotten else before)


def read_states(reader: Reader, snapshot: Snapshot) -> None:
    policy, head = snapshot.policy, snapshot.head
    offset = policy.utc_offset
    end = 86400 * (7 * (head["closed_week"] + 1) - 3 + policy.week_start) - offset
    for contents, _, count in reader.steps("STAT", head["states"], 4096):
        columns = {name: contents.column(count) for name in STATE}
        states = [{name: columns[name][i] for name in STATE} for i in range(count)]
        before = {name: contents.column(count) for name in model_policy.DIMENSIONS}
        earned = {name: contents.signed_column(count) for name in model_policy.DIMENSIONS}
        off = {name: contents.signed_column(count) for name in model_policy.DIMENSIONS}
        score_off = contents.signed_column(count)
        joined = contents.column(count)
        ago = contents.column(count)
        risk = contents.column(count)
        weeks = contents.column(count)
        last = 0
        for i, state in enumerate(states):
            remembered = {d: before[d][i] * policy.carry // 65536 + earned[d][i] for d in model_policy.DIMENSIONS}
            scores = {
                d: 10000 * remembered[d] // (remembered[d] + policy.half_points[d]) + off[d][i]
                for d in model_policy.DIMENSIONS
            }
            state["remembered"], state["scores"] = remembered, scores
            state["score"] = sum(policy.weights[d] * scores[d] for d in scores) // 1000 + score_off[i]
            if joined[i]:
                last += unfold(joined[i] - 1)
            state["joined"] = last if joined[i] else None
            state["last_seen"] = end - ago[i] if ago[i] else None
            state["risk"] = risk[i] - 1
            state["baseline"] = contents.column(weeks[i])
        snapshot.states += states


def read_risk(contents: Contents) -> list[list[tuple[int, int]]]:
    counts, lost = contents.number(), contents.number()
    tables = [[(counts, lost)]]
    for cells in (8 * 9, 256 * 8) if counts else ():
        numbers = contents.column(cells)
        tables.append(list(zip(numbers, contents.column(cells))))
    Reader.done(contents)
    return tables


def read_rows(reader: Reader, count: int) -> dict[int, dict]:
    rows: dict[int, dict] = {}
    after = 0
    while len(rows) < count:
        contents = reader.part("ROWS")
        part = contents.number()
        members = []
        for _ in range(part):
            members.append(after + contents.number())
            after = members[-1] + 1
        columns = [contents.column(part) for _ in range(6)]
        slots = contents.take(sum(columns[5]))
        quantities = contents.column(len(slots))
        at = 0
        for i, member in enumerate(members):
            row = dict(zip("first last leave_end days supporters".split(), (column[i] for column in columns)))
            used = columns[5][i]
            row["slots"] = dict(zip(slots[at : at + used], quantities[at : at + used]))
            rows[member] = row
            at += used
        Reader.done(contents)
    return rows


def read_pairs(reader: Reader, total: int) -> dict[tuple[int, int, int], int]:
    pairs: dict[tuple[int, int, int], int] = {}
    actor = target = 0
    for contents, _, count in reader.steps("PAIR", total, 32768):
        actors, targets, kinds, quantities = (contents.column(count) for _ in range(4))
        for i in range(count):
            target = targets[i] + (target if actors[i] == 0 else 0)
            actor += actors[i]
            pairs[actor, target, kinds[i]] = quantities[i]
    return pairs


def read_weeks(reader: Reader, snapshot: Snapshot) -> None:
    for _ in range(snapshot.head["weeks"] + snapshot.head["has_reviewed"]):
        contents = reader.part("WEEK")
        week = {"week": contents.signed(), "first": contents.number()}
        rows, pairs = contents.number(), contents.number()
        Reader.done(contents)
        week["rows"] = read_rows(reader, rows)
        week["pairs"] = read_pairs(reader, pairs)
        snapshot.weeks.append(week)


def read_ids(reader: Reader, snapshot: Snapshot) -> None:
    contents = reader.part("KEYS")
    contents.column(4)
    total = contents.number()
    Reader.done(contents)
    low = week = 0
    for contents, _, count in reader.steps("IDS.", total, 32768):
        lows, highs, weeks = contents.column(count), contents.column(count), contents.signed_column(count)
        for i in range(count):
            low += lows[i]
            week += weeks[i]
            snapshot.ids.append((low, highs[i], week))


def read_sources(reader: Reader, snapshot: Snapshot) -> None:
    for contents, _, count in reader.steps("SEQS", snapshot.head["sources"], 1024):
        for _ in range(count):
            name = contents.take(contents.number())
            numbers = [0]
            for _ in range(contents.number()):
                numbers.append(numbers[-1] + contents.number())
            snapshot.sources[name] = numbers[1:]


def read_pending(reader: Reader, snapshot: Snapshot) -> None:
    contents = reader.part("PEND")
    tables, weeks = contents.number(), contents.number()
    counts = contents.column(3)
    Reader.done(contents)
    pending: dict = {"tables": tables, "weeks": []}
    for contents, _, count in reader.steps("PWKS", weeks, 4096):
        for _ in range(count):
            pending["weeks"].append((contents.signed(), *contents.column(3 + 7 + 16)))
    for (name, kept), total in zip((("changes", 4), ("flags", 1), ("history", 7)), counts):
        rows = pending[name] = []
        week = member = 0
        for contents, _, count in reader.steps("PROW", total, 16384):
            weeks_off, members_off = contents.column(count), contents.signed_column(count)
            columns = [contents.column(count) for _ in range(kept)]
            for i in range(count):
                week += weeks_off[i]
                member += members_off[i]
                rows.append((week, member, *(column[i] for column in columns)))
    snapshot.pending = pending


def read_snapshot(data: bytes) -> Snapshot:
    reader = Reader(data)
    policy = model_policy.read_policy(reader.part("POLI").data.decode("utf-8"))
    snapshot = Snapshot(policy, read_head(reader.part("HEAD")))
    snapshot.position = reader.part("POSI").data
    read_links(reader, snapshot)
    read_members(reader, snapshot)
    read_states(reader, snapshot)
    snapshot.risk = read_risk(reader.part("RISK"))
    read_weeks(reader, snapshot)
    read_ids(reader, snapshot)
    read_sources(reader, snapshot)
    if snapshot.head["has_pending"]:
        read_pending(reader, snapshot)
    Reader.done(reader.part("END."))
    expect(reader.next == len(reader.parts), "parts behind the end")
    return snapshot
