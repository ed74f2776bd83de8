# SPDX-License-Identifier: MIT
"""Nothing is left behind, whatever comes of a call.

Two figures are taken before and after many rounds of the same: blocks that Python's allocator has given out, where all
of its objects are, and bytes that malloc() has given out, where the library's and the extension's own are. Neither
grows with the rounds, where nothing leaks; that one block of either kind a round is noticed, the first test makes sure.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kith
import numpy as np
import pyarrow as pa
import pytest
from arrow_c import Stream, batch, numbers, texts
from pyarrow import parquet
from support import BEGIN, columns_of, community, csv_of, small

ROUNDS = 400


class Mallinfo(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    ]


libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Mallinfo
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]

sanitized = pytest.mark.skipif(
    "asan" in Path("/proc/self/maps").read_text(),
    reason="a sanitizer has allocations in its own hands, and counts itself",
)


def in_use() -> tuple[int, int]:
    """Blocks of Python's, and bytes of malloc()'s."""
    gc.collect()
    info = libc.mallinfo2()
    return sys.getallocatedblocks(), info.uordblks + info.hblkhd


def growth(call: Callable[[], object]) -> tuple[float, float]:
    """What a round leaves behind, once caches are warm."""
    for _ in range(ROUNDS // 8):
        call()
    before = in_use()
    for _ in range(ROUNDS):
        call()
    after = in_use()
    return (after[0] - before[0]) / ROUNDS, (after[1] - before[1]) / ROUNDS


def leaks(call: Callable[[], object]) -> bool:
    """Whether rounds leave anything behind, each time: what grows by leaps, as tables of strings do, may do so."""
    for _ in range(5):
        blocks, size = growth(call)
        if blocks < 0.2 and size < 8:
            return False
    return True


# ---- what is looked at ----

TABLE = pa.table(columns_of(community(81, 8, 6)))
EXPORT = csv_of(community(81, 8, 6)) + b"bad row\n2026-01-01,\xff,post,,\n"
RESULT = kith.score(TABLE, history=True)
ENGINE = kith.Engine()
ENGINE.add(TABLE)
ENGINE.review(BEGIN + 21 * 86400)
CONTENT = ENGINE.freeze(b"here").to_bytes()
FOLDER = tempfile.TemporaryDirectory()
PARQUET, BROKEN = Path(FOLDER.name, "a.parquet"), Path(FOLDER.name, "b.parquet")
parquet.write_table(TABLE, PARQUET)
PATHS = [Path(FOLDER.name, f"{number}.csv") for number in range(3)]
for path in PATHS:
    path.write_bytes(EXPORT)
BROKEN.write_bytes(b"PAR1" + PARQUET.read_bytes()[9:])
POLICY = "[churn]\nsilent_days = many\n[tier x\n"


def swallow(*errors: type[BaseException]) -> contextlib.suppress:
    return contextlib.suppress(*(errors or (kith.Error, TypeError, ValueError)))


def failing(data: Any, **options: Any) -> Callable[[], None]:
    """Data that are made anew each time, and cannot be scored."""

    def call() -> None:
        failed = True
        with swallow():
            kith.score(data(), **options)
            failed = False
        assert failed

    return call


def raising() -> Iterator[Any]:
    yield TABLE
    raise ValueError("ours")


def raise_it(*_: object) -> bool:
    raise ValueError("ours")


class Reader:
    def read(self, size: int) -> bytes:
        raise ValueError("ours")


def half_used() -> None:
    reader = pa.RecordBatchReader.from_stream(RESULT.history)
    reader.read_next_batch()
    del reader
    kith._kith.stream_of(TABLE)  # type: ignore[attr-defined]
    kith._kith.stream_of_batches(iter([TABLE, TABLE]))  # type: ignore[attr-defined]
    kith._kith.stream_of_columns([("a", [1, None], None), ("b", np.arange(2), None)])  # type: ignore[attr-defined]


def broken_structs() -> None:
    columns = batch([numbers("time", [1, 2, 3]), texts("member", ["a", "b", "c"]), texts("kind", ["post"] * 3)])
    columns.children[0].array.n_buffers = 7
    data = Stream(columns)
    with swallow():
        kith.score([data])
    data.check()


def refused() -> None:
    engine = kith.Engine(now=BEGIN)
    for given in (
        {"kind": "dance"},
        {"time": -1},
        {"quantity": 0},
        {"member": 1.5},
        {"sequence": 1},
        {"member": "\ud800"},
    ):
        with swallow():
            engine.add_event(**{"kind": "post", "time": BEGIN, "member": "ana", **given})  # type: ignore[arg-type]


def asked_of_an_engine() -> None:
    engine = kith.Engine.load(CONTENT)
    engine.standing("1003")
    engine.explain("1003").to_dict()
    engine.set_member("1003", pinned="mentor")
    engine.get_member("1003")
    engine.watch(BEGIN + 30 * 86400).to_dicts()
    engine.merge("1003", "1004")
    engine.forget("1005")
    engine.freeze(b"x").to_bytes()
    for call in (engine.standing, engine.explain, engine.forget):
        with swallow():
            call("nobody")
    _ = repr(engine), engine.info, engine.policy, engine.position, engine.sequence("x")


def taken_as_tables() -> None:
    for table in (RESULT.standings, RESULT.weeks, RESULT.history):
        table.to_dicts()
        table.to_csv()
        table.to_arrow()
        _ = repr(table), table._repr_html_(), len(table), table.columns


def policies() -> None:
    policy = kith.Policy().with_(silent_days=5)
    _ = str(policy), hash(policy), policy.tiers, policy.kinds, policy.week(BEGIN)
    for text in (POLICY, "\0"):
        with swallow():
            kith.Policy.parse(text)
    for moment in ("yesterday", 2**70, -1):
        with swallow(ValueError, OverflowError):
            policy.week(moment)
    with swallow():
        kith.Policy.load("/nowhere")


SOURCE = kith.Source.parse(
    "[event]\ntime = t\nmember = a.b | 'x'\nkind = k / l\n[kinds]\np* = post\n[aliases]\nx = y\n"
)
LINES = b'{"t": 1735689600, "a": {"b": "ana"}, "k": "p"}\n{"t": 1, "k": 5}\n{"t": tru}\n' * 5


def sources() -> None:
    for name in kith.sources():
        source = kith.Source.ready(name)
        _ = source.policy, source.format, str(source), hash(source), source.takes_file("a/b.json")
    kith._kith.takes_file(None, "a.csv")  # type: ignore[attr-defined]
    for text in ("[event", "[event]\ntime = /\n[colour]\n", "\0"):
        with swallow():
            kith.Source.parse(text)
    with swallow():
        kith.Source.load("/nowhere")
    with swallow():
        kith.Engine().add(io.BytesIO(LINES), source="gharchive")
    with swallow():
        kith._kith.takes_file(5, "a.csv")  # type: ignore[attr-defined]


def by_parquet(module: str) -> Callable[[], None]:
    """A file, and what is none, by one library; of which some keep a little for themselves with every file."""

    def call() -> None:
        with pytest.MonkeyPatch.context() as patched:
            for other in {"pyarrow.parquet", "polars", "duckdb"} - {module}:
                patched.setitem(sys.modules, other, None)
            kith.score(PARQUET, threads=1)
            with swallow():
                kith.score(PARQUET, threads=1, progress=raise_it)
            with swallow():
                kith.score(BROKEN, threads=1)
            with swallow():
                kith.score(PARQUET, columns={"member": "nobody"})

    return call


TALK = b'{"a": {"t": 1772442000000, "who": "ana"}, "type": "dance", "l": [1, {"x": "y"}]}\n' * 9 + b'{"a": tru}\n[1]\n'


def inspections() -> None:
    found = kith.inspect(io.BytesIO(TALK))
    _ = repr(found), found._repr_html_(), found.to_dict(), found.rejects
    _ = kith.inspect(io.BytesIO(TALK), policy=kith.Policy()).rejects
    kith.inspect([io.BytesIO(EXPORT), io.BytesIO(EXPORT)])
    with swallow():
        kith.inspect([io.BytesIO(TALK), io.BytesIO(b"")], source=SOURCE)
    for data in (io.BytesIO(b""), "/nowhere", Reader(), 5):
        with swallow(kith.Error, TypeError, ValueError, Exception):
            kith.inspect(data)
    with swallow(kith.Error):
        kith.inspect(io.BytesIO(TALK), progress=lambda done, total: False)
    inner = kith._kith  # type: ignore[attr-defined]
    with swallow():
        inner.Inspection().add(5)
    with swallow():
        inner.Inspection().source()


CALLS: dict[str, Callable[[], object]] = {
    "inspections": inspections,
    "several exports": lambda: kith.score([io.BytesIO(EXPORT), io.BytesIO(EXPORT)], threads=1),
    "several paths": lambda: kith.score(PATHS, threads=1).rejects.to_dicts(),
    "several paths on threads": lambda: kith.score(PATHS, threads=3),
    "several paths, one of which is none": failing(lambda: [*PATHS, "/nowhere"], threads=3),
    "a table": lambda: kith.score(TABLE, history=True, threads=1),
    "lists": lambda: kith.score(small(), threads=1),
    "arrays": lambda: kith.score(
        {"time": np.arange(3), "member": np.arange(3), "kind": np.array(["post"] * 3, object)}, threads=1
    ),
    "batches": lambda: kith.score(iter([TABLE, TABLE]), threads=1),
    "an export": lambda: kith.score(io.BytesIO(EXPORT), threads=1),
    "rejects": lambda: kith.score(io.BytesIO(EXPORT), threads=1).rejects.to_arrow(),
    "threads": lambda: kith.score(io.BytesIO(EXPORT), threads=3),
    "progress": lambda: kith.score(TABLE, progress=lambda done, total: None, threads=1),
    "a missing column": failing(lambda: {"time": [1]}),
    "a wrong type": failing(lambda: {**small(), "kind": [1, 2, 3]}),
    "other lengths": failing(lambda: {**small(), "quantity": [1]}),
    "mixed lists": failing(lambda: {**small(), "member": ["a", 1, None]}),
    "a surrogate": failing(lambda: {**small(), "member": ["a", "\ud800", None]}),
    "no events": failing(lambda: 5),
    "no batches": failing(lambda: []),
    "an iterator that raises": failing(raising),
    "a nested iterator that raises": failing(lambda: [raising()]),
    "batches of other columns": failing(lambda: [TABLE, TABLE.drop_columns(["target"])]),
    "progress that raises": failing(lambda: TABLE, progress=raise_it),
    "cancelled": failing(lambda: TABLE, progress=lambda done, total: False),
    "a file that raises": failing(Reader),
    "a file that raises on a thread": failing(Reader, threads=3),
    "names of columns": failing(lambda: small(), columns={"member": 5}),
    "a file that is none": failing(lambda: "/nowhere"),
    "options": failing(lambda: small(), threads=65),
    "half used streams": half_used,
    "broken structs": broken_structs,
    "refused events": refused,
    "an engine": asked_of_an_engine,
    "tables": taken_as_tables,
    "policies": policies,
    "sources": sources,
    "an export by a source": lambda: kith.score(io.BytesIO(LINES), source=SOURCE, threads=1).rejects.to_dicts(),
    "an export by a source and threads": lambda: kith.score(io.BytesIO(LINES), source=SOURCE, threads=3),
    "a source for a data frame": failing(lambda: TABLE, source=SOURCE),
    "a file that raises, by a source": failing(Reader, source=SOURCE),
    "a folder without exports": failing(lambda: "/proc/self/ns"),
    "parquet": by_parquet("pyarrow.parquet"),
    "a damaged snapshot": lambda: swallow_load(CONTENT[:-9]),
}


def swallow_load(content: bytes) -> None:
    with swallow():
        kith.Engine.load(content)


@sanitized
def test_one_block_a_round_is_noticed() -> None:
    kept: list[object] = []
    assert leaks(lambda: kept.append(object()))
    assert leaks(lambda: libc.malloc(24))
    assert leaks(lambda: kept.append(kith.Policy()._policy))
    assert not leaks(lambda: object())
    assert not leaks(lambda: None)


@sanitized
@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_left_behind(name: str) -> None:
    assert not leaks(CALLS[name])
