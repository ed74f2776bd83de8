# SPDX-License-Identifier: MIT
"""Engines and threads, progress, exceptions of callbacks, and signals."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import kith
import pyarrow as pa
import pytest
from support import BEGIN, DAY, columns_of, community, csv_of, small

WEEK = 7 * DAY


class Odd(BaseException):
    """No exception that anybody would catch by mistake."""


def table_of(seed: int, **size: int) -> pa.Table:
    return pa.table(columns_of(community(seed, **size)))


@pytest.fixture(scope="module")
def large() -> pa.Table:
    """Enough for calls that take a while."""
    return pa.concat_tables([table_of(1, members=100, weeks=50)] * 40).combine_chunks()


# ---- one call at a time ----


def test_an_engine_at_work_is_busy_for_others_and_sound_afterwards() -> None:
    engine, begun, go_on = kith.Engine(), threading.Event(), threading.Event()
    engine.add_event("post", BEGIN, "ana")
    failures: list[BaseException] = []

    def batches() -> Iterator[pa.Table]:
        yield table_of(61)
        begun.set()
        go_on.wait()
        yield table_of(62)

    def work() -> None:
        try:
            engine.add(batches())
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    later = iter([small(), small()])
    calls: dict[str, Callable[[], object]] = {
        "add": lambda: engine.add(small()),
        "add of batches": lambda: engine.add(later),
        "add_exports": lambda: engine.add(io.BytesIO(b"time,member,kind\n")),
        "add_event": lambda: engine.add_event("post", BEGIN, "ana"),
        "review": lambda: engine.review(BEGIN + WEEK),
        "standing": lambda: engine.standing("ana"),
        "explain": lambda: engine.explain("ana"),
        "watch": lambda: engine.watch(BEGIN),
        "set_member": lambda: engine.set_member("ana", left_out=True),
        "get_member": lambda: engine.get_member("ana"),
        "forget": lambda: engine.forget("ana"),
        "merge": lambda: engine.merge("ana", "1003"),
        "sequence": lambda: engine.sequence("queue"),
        "drop_open": engine.drop_open,
        "freeze": engine.freeze,
        "set_now": lambda: engine.set_now(BEGIN),
        "info": lambda: engine.info,
        "position": lambda: engine.position,
        "members": lambda: engine.members,
    }
    busy = []
    for name, call in calls.items():
        with contextlib.suppress(kith.BusyError):
            call()
            busy.append(name)
    shown = repr(engine)
    go_on.set()
    thread.join()
    assert busy == [] and failures == []
    assert shown == "<kith.Engine: at work>"
    assert len(list(later)) == 2, "a call that is refused takes nothing of what can be gone through but once"
    expected = kith.Engine()
    expected.add_event("post", BEGIN, "ana")
    expected.add([table_of(61), table_of(62)])
    assert engine.review().standings.to_csv() == expected.review().standings.to_csv()


def test_busy_is_a_runtime_error_of_kith() -> None:
    engine = kith.Engine()
    with pytest.raises(RuntimeError, match="at work") as caught:
        engine.add(small(), progress=lambda done, total: engine.review())
    assert type(caught.value) is kith.BusyError
    engine.add(small())
    assert engine.info.taken >= 3


def test_batches_that_use_the_engine_they_are_for_are_refused() -> None:
    engine = kith.Engine()

    def batches() -> Iterator[Any]:
        yield small()
        engine.add(small())

    with pytest.raises(kith.BusyError):
        engine.add(batches())
    assert engine.add({**small(), "id": [1, 2, 3]}).taken == 3


def test_engines_of_their_own_in_many_threads() -> None:
    expected = kith.score(table_of(63), history=True).history.to_csv()
    results: list[str] = []
    shared = kith.score(table_of(63), history=True)

    def work(number: int) -> None:
        for _ in range(3):
            results.append(kith.score(table_of(63), history=True, threads=1 + number % 3).history.to_csv())
            results.append(shared.review._table("history").to_csv())
            results.append(pa.table(shared.history).to_pandas().shape and shared.history.to_csv())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * (8 * 3 * 3)


# ---- the interpreter's lock ----


@pytest.fixture
def others() -> Iterator[Callable[[], int]]:
    """How often another thread has had its turn. None is given one unless the lock is let go."""
    turns, stop = 0, threading.Event()

    def take_turns() -> None:
        nonlocal turns
        while not stop.is_set():
            turns += 1
            time.sleep(0)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    thread = threading.Thread(target=take_turns)
    thread.start()
    yield lambda: turns
    stop.set()
    thread.join()
    sys.setswitchinterval(interval)


def has_turns(others: Callable[[], int], calls: list[Callable[[], object]]) -> bool:
    """Whether another thread has a turn during one of some calls."""
    for call in calls:
        before = others()
        call()
        if others() > before:
            return True
    return False


def test_a_call_that_keeps_the_lock_is_noticed(others: Callable[[], int]) -> None:
    assert not has_turns(others, [lambda: sum(range(1_000_000))] * 5)
    assert has_turns(others, [lambda: time.sleep(0.001)] * 100)


CALLS = ["add_stream", "add_exports", "review", "watch", "merge", "forget", "csv", "to_bytes", "load", "save"]


@pytest.mark.parametrize("name", CALLS)
def test_other_threads_go_on_during_work(others: Callable[[], int], large: pa.Table, tmp_path: Path, name: str) -> None:
    """By calls of the extension alone, as what is around them may let go of the lock, too."""
    export = tmp_path / "activity.csv"
    export.write_bytes(csv_of(community(1, members=100, weeks=50)))
    engine = kith.Engine(threads=1)
    engine.add(large)
    snapshot, inner = engine.freeze(), engine._engine
    content, tries = snapshot.to_bytes(), range(30)
    kith.Engine.load(content)
    streams = [kith._kith.stream_of(large) for _ in tries]  # type: ignore[attr-defined]
    loaded = [kith.Engine.load(content, threads=1)._engine for _ in tries] if name == "review" else []
    names = [row["member"] for row in engine.watch(BEGIN + 40 * WEEK)] if name in ("merge", "forget") else []
    table = kith.Engine.load(content).review().standings._table
    options: dict[str, Any] = {"tables": 1}
    calls: dict[str, list[Callable[[], object]]] = {
        "add_stream": [partial(inner.add_stream, stream, {}) for stream in streams],
        "add_exports": [partial(inner.add_exports, (export,), {}) for _ in tries],
        "review": [partial(one.review, BEGIN + 60 * WEEK, None) for one in loaded],
        "watch": [partial(inner.watch, BEGIN + 40 * WEEK) for _ in tries],
        "merge": [partial(inner.merge, one, names[0]) for one in names[1:]],
        "forget": [partial(inner.forget, one) for one in names],
        "csv": [table.csv for _ in range(2000)],
        "to_bytes": [snapshot._snapshot.to_bytes for _ in tries],
        "load": [partial(type(inner).load, content, None, options) for _ in tries],
        "save": [partial(snapshot._snapshot.save, tmp_path / "state.kith") for _ in tries],
    }
    assert has_turns(others, calls[name])


# ---- progress ----


def test_progress_is_told_what_is_done_and_how_much_there_is(export: Path, large: pa.Table) -> None:
    told: dict[str, list[tuple[int, int | None]]] = {"table": [], "path": [], "file": [], "review": []}
    engine = kith.Engine()
    engine.add(large, progress=lambda *given: told["table"].append(given))
    engine.add(export, progress=lambda *given: told["path"].append(given))
    engine.add(io.BytesIO(export.read_bytes()), progress=lambda *given: told["file"].append(given))
    review = engine.review(progress=lambda *given: told["review"].append(given))
    assert {total for _, total in told["table"]} == {None} == {total for _, total in told["file"]}
    assert {total for _, total in told["path"]} == {export.stat().st_size}
    assert {total for _, total in told["review"]} == {review.week_count}
    for given in told.values():
        dones = [done for done, _ in given]
        assert dones and dones == sorted(dones)


@pytest.mark.parametrize("answer", [None, True, 0, "", 1])
def test_any_answer_but_false_lets_the_work_go_on(answer: object) -> None:
    assert kith.score(table_of(64), progress=lambda done, total: answer).standings.to_csv() == (
        kith.score(table_of(64)).standings.to_csv()
    )
    assert kith.score(table_of(64), progress=False).added.taken > 0


@pytest.mark.parametrize("threads", [1, 4])
def test_the_answer_false_stops_and_what_was_done_counts(export: Path, large: pa.Table, threads: int) -> None:
    events = community(1)
    for data in (large, export, io.BytesIO(export.read_bytes()), columns_of(events)):
        engine = kith.Engine(threads=threads)
        with pytest.raises(kith.CancelledError) as caught:
            engine.add(data, progress=lambda done, total: False)
        assert caught.value.status == "KITH_CANCELLED"
        assert caught.value.added is not None and caught.value.added["taken"] == engine.info.taken
        engine.add(columns_of(events))
        engine.review()
        with pytest.raises(kith.CancelledError):
            kith.score(data, progress=lambda done, total: False)


def test_a_review_that_is_stopped_goes_on_when_asked_again() -> None:
    engine = kith.Engine(history=True)
    engine.add(table_of(65))
    with pytest.raises(kith.CancelledError):
        engine.review(progress=lambda done, total: False)
    with pytest.raises(Odd):
        engine.review(progress=raising(Odd()))
    expected = kith.score(table_of(65), history=True)
    assert engine.review().history.to_csv() == expected.history.to_csv()


def raising(error: BaseException) -> Callable[..., Any]:
    def call(*_: object) -> Any:
        raise error

    return call


def test_what_progress_raises_comes_through(export: Path) -> None:
    for error in (
        Odd("ours"),
        KeyboardInterrupt(),
        ValueError("ours"),
        StopIteration(),
        SystemExit(3),
        kith.Error("ours"),
    ):
        for data in (table_of(66), export, io.BytesIO(export.read_bytes()), iter([table_of(66)])):
            engine = kith.Engine()
            with pytest.raises(type(error)) as caught:
                engine.add(data, progress=raising(error))
            assert caught.value is error
            assert error.added["taken"] == engine.info.taken  # type: ignore[attr-defined]
            engine.add(table_of(66))
            assert engine.review().week_count > 0
    for wrong in (5, "yes", object()):
        with pytest.raises(TypeError):
            kith.Engine().add(small(), progress=wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        kith.Engine().add(small(), progress=lambda: None)  # type: ignore[arg-type, misc]


def test_a_bar_is_shown(export: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kith.score(export, progress=True)
    shown = capfd.readouterr().err
    assert "bytes" in shown and "weeks" in shown
    kith.score(table_of(67), progress=True)
    assert "events" in capfd.readouterr().err
    kith.score(export)
    assert capfd.readouterr().err == ""
    with pytest.raises(kith.TooManyWeeksError):
        kith.score({**small(), "time": [0, BEGIN, BEGIN]}, max_weeks=5, progress=True)
    capfd.readouterr()
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match="tqdm"):
        kith.score(export, progress=True)


# ---- iterators and files ----


@pytest.mark.parametrize("threads", [1, 2, 8])
@pytest.mark.parametrize("after", [0, 1, 5])
@pytest.mark.parametrize("nested", [False, True])
def test_what_an_iterator_raises_comes_through(threads: int, after: int, nested: bool) -> None:
    for error in (Odd("ours"), ValueError("ours"), KeyboardInterrupt(), StopAsyncIteration()):

        def batches(error: BaseException = error) -> Iterator[pa.Table]:
            for _ in range(after):
                yield table_of(68)
            raise error

        engine = kith.Engine(threads=threads)
        with pytest.raises(type(error)) as caught:
            engine.add([batches()] if nested else batches())
        assert caught.value is error
        assert engine.info.taken == after * table_of(68).num_rows
        if after:
            assert error.added["taken"] == engine.info.taken  # type: ignore[attr-defined]
        engine.add(table_of(68))
        with pytest.raises(type(error)):
            kith.score(batches())


def test_an_iterator_is_closed_when_the_work_ends() -> None:
    ended: list[str] = []

    def batches() -> Iterator[Any]:
        try:
            yield small()
            yield {**small(), "kind": [1, 2, 3]}
            yield small()
        finally:
            ended.append("closed")

    with pytest.raises(kith.Error):
        kith.Engine().add(batches())
    assert ended == ["closed"]


class File:
    """A file that gives its content in small pieces, and then does what it is told."""

    def __init__(self, content: bytes, end: Callable[[int], Any]) -> None:
        self.content, self.end = io.BytesIO(content), end

    def read(self, size: int) -> Any:
        return self.content.read(min(size, 700)) or self.end(size)


@pytest.mark.parametrize("threads", [1, 2, 4, 16])
def test_what_read_raises_comes_through_whichever_thread_reads(threads: int) -> None:
    for error in (
        Odd("ours"),
        OSError(5, "the disk"),
        KeyboardInterrupt(),
        ValueError("I/O operation on closed file."),
    ):
        engine = kith.Engine(threads=threads)
        with pytest.raises(type(error)) as caught:
            engine.add(File(csv_of(community(69)), raising(error)))
        assert caught.value is error
        assert error.added["taken"] == engine.info.taken  # type: ignore[union-attr]
        engine.add(table_of(69))
    closed = io.BytesIO(b"time,member,kind\n")
    closed.close()
    with pytest.raises(ValueError, match="closed"):
        kith.score(closed, threads=threads)


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("text", TypeError),
        (None, TypeError),
        (bytearray(b"x"), TypeError),
        (5, TypeError),
        (b"x" * 10_000_000, ValueError),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_read_gives_must_be_as_many_bytes_as_it_was_asked_for(
    threads: int, given: object, error: type[Exception]
) -> None:
    with pytest.raises(error, match="read"):
        kith.score(File(csv_of(community(70)), lambda size: given), threads=threads)


@pytest.mark.parametrize("threads", [1, 4])
def test_a_file_that_gives_little_at_a_time_is_read_to_its_end(threads: int) -> None:
    events = community(71)
    result = kith.score(File(csv_of(events), lambda size: b""), threads=threads)
    assert result.standings.to_csv() == kith.score(columns_of(events)).standings.to_csv()


def test_text_files_are_told_apart(export: Path) -> None:
    with export.open() as file, pytest.raises(TypeError, match='opened with "rb"'):
        kith.score(file)


# ---- signals ----

PROGRAM = """
import os, signal, sys, threading
import kith
signal.signal(signal.SIGINT, signal.default_int_handler)
engine = kith.Engine(threads=int(sys.argv[2]), future=__import__("datetime").timedelta(-1), max_weeks=500_000)
try:
    {work}
except KeyboardInterrupt:
    print("interrupted", engine.info.taken, flush=True)
last = engine.info.last_event
engine.add_event("post", int(last.timestamp()) + 14 * 86400 if last else 0, "zoe")
weeks = engine.review().week_count
print("sound", weeks, engine.standing("zoe").stage, flush=True)
"""


def interrupt(work: str, argument: Path, threads: int, meanwhile: Callable[[subprocess.Popen[str]], None]) -> list[str]:
    """Runs a program that works, and is interrupted; what it says."""
    program = PROGRAM.format(work=textwrap.indent(textwrap.dedent(work), "    ").strip())
    command = [sys.executable, "-c", program, str(argument), str(threads)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        watchdog = threading.Timer(60, child.kill)
        watchdog.start()
        meanwhile(child)
        # Not by communicate(), which would pass over what has been read ahead.
        assert child.stdout is not None and child.stderr is not None
        out, err = child.stdout.read(), child.stderr.read()
        watchdog.cancel()
    assert (child.returncode, err) == (0, "")
    return out.split("\n")


@pytest.mark.parametrize("threads", [1, 4])
def test_an_interrupt_while_a_pipe_is_waited_for_leaves_the_engine_sound(tmp_path: Path, threads: int) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write_and_interrupt(child: subprocess.Popen[str]) -> None:
        with pipe.open("wb") as writer:  # which waits until it is being read
            writer.write(csv_of(community(72)))
            writer.flush()
            child.send_signal(signal.SIGINT)
            assert child.stdout is not None
            said.append(child.stdout.readline())

    said: list[str] = []
    lines = interrupt("engine.add(sys.argv[1])", pipe, threads, write_and_interrupt)
    assert said[0].startswith("interrupted")
    assert lines[0].startswith("sound") and lines[0].endswith("new")


def test_an_interrupt_during_a_review_leaves_it_to_be_gone_on_with(tmp_path: Path) -> None:
    """The signal comes from another thread while the main one is in the library."""
    work = """
        begun = threading.Event()
        threading.Thread(target=lambda: (begun.wait(), os.kill(os.getpid(), signal.SIGINT)), daemon=True).start()
        engine.add({"time": [0, 100_000_000_000], "member": ["ana", "ben"], "kind": ["post"] * 2})
        engine.review(progress=lambda done, total: begun.set())
        print("not interrupted")
    """
    lines = interrupt(work, tmp_path, 1, lambda child: None)
    assert lines[0] == "interrupted 2"
    weeks = 1 + (100_000_000_000 + 14 * DAY + 3 * DAY) // WEEK
    assert lines[1] == f"sound {weeks} new"


@pytest.mark.parametrize("threads", [1, 4])
def test_an_interrupt_between_batches(tmp_path: Path, threads: int) -> None:
    work = """
        batch = {"time": [0, 1], "member": ["ana", "ben"], "kind": ["post"] * 2}
        def batches():
            yield batch
            print("at work", flush=True)
            while True:
                yield batch
        engine.add(batches())
    """

    def interrupt_when_at_work(child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None and child.stdout.readline() == "at work\n"
        child.send_signal(signal.SIGINT)

    lines = interrupt(work, tmp_path, threads, interrupt_when_at_work)
    # Batches are added many at a time: the interrupt may have come before the first of them were.
    word, taken = lines[0].split()
    assert word == "interrupted" and lines[1] == f"sound {3 if int(taken) else 1} new"


def test_a_handler_that_raises_nothing_lets_the_work_go_on(large: pa.Table) -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    try:
        engine = kith.Engine(future=dt.timedelta(-1))
        engine.add([large, large], progress=lambda done, total: os.kill(os.getpid(), signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert seen and engine.info.taken == 2 * large.num_rows
