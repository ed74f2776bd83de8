# SPDX-License-Identifier: MIT
"""Inspections: what `kith inspect --json` tells of the same exports, found by the command's own code."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import re
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import kith
import polars
import pytest
from support import ROOT, community, csv_of, small

SAMPLES = ROOT / "tests" / "sources"
READY = sorted(path.name for path in SAMPLES.iterdir() if (path / "export").is_dir())


@pytest.fixture
def told(binary: str) -> Callable[..., Any]:
    """What the command tells, in a folder."""

    def run(*arguments: str | Path, folder: Path = ROOT, given: bytes | None = None) -> Any:
        command = [binary, "inspect", "--json", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=folder, input=given)
        assert done.returncode in (0, 1), done.stderr.decode()
        return json.loads(done.stdout)

    return run


def line(**row: Any) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def chat(rows: int = 300) -> bytes:
    """NDJSON of nobody: nested, milliseconds, bots, kinds of its own, and rows that are none."""
    rng = Random(7)
    lines: list[bytes] = []
    for number in range(rows):
        author = {"name": rng.choice(["ana", "ben", "Zoë", "build-bot"]), "bot": number % 9 == 0}
        event = {"at": 1772442000000 + number * 3600_017, "type": rng.choice(["message", "reply", "dance"])}
        lines.append(line(id=f"m{number}", author=author, event=event, likes=[{"by": "ana"}] * (number % 3)))
    lines[5:5] = [b'{"id": "x", tru}\n', line(id="y", author={}, event={"at": "soon", "type": "message"})]
    return b"".join(lines)


FORUM = """\
Posted;Author;Action;In reply to
20.03.2026 17:05;Ana;NewTopic;
20.03.2026 18:30;ben;Reply;Ana
21.03.2026 18:31;autopilot-bot;Reply;Ana
22.03.2026 19:12;Ana R.;Like;ben
""".encode()

EXPORTS: dict[str, bytes] = {
    "chat.ndjson": chat(),
    "chat.ndjson.gz": gzip.compress(chat()),
    "forum.csv": FORUM,
    "document.json": b'{"messages": [%s]}' % b",".join(chat(40).replace(b", tru", b"").splitlines()[:5]),
    "array.json": b'[{"time": "2026-03-02T09:00:00Z", "member": "ana", "kind": "post"}]',
    "plain.csv": csv_of(community(3)),
    "headless.csv": b"2026-03-02,ana,post\n2026-03-03,ben,like\n",
    "spaces.log": b"time member kind\n2026-03-02 ana post\n2026-03-03 ben like\n2026-03-03 eve like\n",
    "poor.csv": b"colour,size\nred,5\nblue,6\n",
    "one.ndjson": line(a=1),
    "odd.csv": b"time,member,kind\n2026-03-02,\xff\xc3,post\n2026-03-03,bn,\xe2\x82\n2026-03-04,\x1b[2J,like\n",
    "long.ndjson": line(time="2026-03-02", member="x" * 300, kind="post")
    + line(time="é" * 300, member="b", kind="é" * 99),
    "kinds.csv": b"time,member,kind\n" + b"".join(b"2026-03-02,m%d,k; %d\n" % (i % 7, i % 90) for i in range(999)),
}


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """All of them in a folder."""
    for name, data in EXPORTS.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


# ---- the same as the command ----


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_found_to_be_what_the_command_says(
    exports: Path, told: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(exports)
    found = kith.inspect(name)
    assert found.to_dict() == told(name, folder=exports)
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    # What is open is read as what lies there.
    data = EXPORTS[name]
    piped = kith.inspect(io.BytesIO(data)).to_dict()
    assert piped == told("-", folder=exports, given=data) and piped["exports"] == ["-"]
    assert kith.inspect(io.BytesIO(data), name="talk").exports == ("talk",)


@pytest.mark.parametrize("name", READY)
def test_exports_of_platforms_are_known(told: Callable[..., Any], name: str) -> None:
    folder = SAMPLES / name / "export"
    found = kith.inspect(folder)
    assert found.to_dict() == told(folder) and found.fits == name
    assert found.reading is not None and (found.reading.source, found.reading.guessed) == (name, False)
    assert found.reading.taken == kith.score(folder, source=name).added.taken or found.files > len(found.exports)
    given = kith.inspect(folder, source=name)
    assert given.to_dict() == told("--source", name, folder)


def test_of_many_exports_some_are_looked_at(tmp_path: Path, told: Callable[..., Any]) -> None:
    for number in range(23):
        (tmp_path / f"{number:02}.csv").write_bytes(csv_of(community(number, members=3 + number % 5, weeks=2)))
    (tmp_path / "09.csv").write_bytes(b"\x1f\x8bno gzip")
    found = kith.inspect(tmp_path)
    assert found.to_dict() == told(tmp_path)
    assert (len(found.exports) + len(found.unreadable), found.files) == (8, 23)
    paths = [str(path) for path in sorted(tmp_path.iterdir())[3:7]]
    assert kith.inspect(paths).to_dict() == told(*paths)
    assert kith.inspect(f"{tmp_path}/1*.csv").to_dict() == told(f"{tmp_path}/1*.csv")


def test_a_source_of_ones_own_reads_them(exports: Path, told: Callable[..., Any]) -> None:
    guess = kith.inspect(exports / "chat.ndjson")
    assert guess.complete and guess.fits is None and not guess.plain
    description = exports / "my.ini"
    guess.write_source(description)
    assert description.read_text(encoding="utf-8") == guess.source
    with pytest.raises(FileExistsError):
        guess.write_source(description)
    for source in (description, str(description), kith.Source.load(description)):
        found = kith.inspect(exports / "chat.ndjson", source)
        assert found.to_dict() == told("--source", description, exports / "chat.ndjson")
    assert found.reading is not None and found.reading.unknown_kinds == {"dance": _kinds(guess)["dance"]}
    assert kith.inspect(exports / "chat.ndjson", source=kith.Source.parse(guess.source)).reading is not None


def _kinds(found: kith.Inspection) -> dict[str, int]:
    return {kind.name: kind.rows for kind in found.kinds}


def test_the_policy_says_which_kinds_there_are(exports: Path) -> None:
    path = exports / "chat.ndjson"
    guessed = kith.inspect(path).reading
    assert guessed is not None and guessed.unknown_kinds == {}
    strict = kith.inspect(path, policy=kith.Policy()).reading
    assert strict is not None and set(strict.unknown_kinds) == {"dance"} and strict.taken < guessed.taken
    assert strict.read == guessed.read == strict.taken + strict.ignored + strict.skipped + strict.rejected


# ---- what is in it ----


def test_what_an_inspection_holds(exports: Path) -> None:
    found = kith.inspect(exports / "chat.ndjson")
    fields = {field.path: field for field in found.fields}
    assert (found.format, found.delimiter, found.rows_path, found.gzip) == ("ndjson", None, None, False)
    assert (found.rows, found.not_rows, found.whole) == (301, 1, True)
    assert {name: fields[name].field for name in ("event.at", "author.name", "event.type", "id")} == {
        "event.at": "time",
        "author.name": "member",
        "event.type": "kind",
        "id": "id",
    }
    assert fields["event.at"].times == "milliseconds" and fields["event.at"].type == "time"
    assert fields["author.bot"].type == "boolean" and set(fields["author.bot"].examples) == {"true", "false"}
    assert fields["likes[].by"].examples == ("ana",) and fields["likes[].by"].of == fields["likes[].by"].there
    assert found.first is not None and found.first.isoformat() == "2026-03-02T09:00:00+00:00"
    assert {kind.kind for kind in found.kinds if kind.name == "dance"} == {None}
    assert {reject.reason: (reject.line, reject.column) for reject in found.rejects} == {
        "json": (6, None),
        "time": (7, "event.at"),
    }
    assert [reject.expected for reject in found.rejects] == ["expected a name in quotes", None]
    again = pickle.loads(pickle.dumps(found))
    assert again.to_dict() == found.to_dict() and again.fields == found.fields
    with pytest.raises(AttributeError):
        found.rows = 5  # type: ignore[misc]


def test_what_was_not_found_is_left_open(exports: Path) -> None:
    poor = kith.inspect(exports / "poor.csv")
    assert not poor.complete and poor.reading is None and poor.rejects == ()
    with pytest.raises(kith.BadSourceError):
        kith.Source.parse(poor.source)
    assert "to be filled in" in repr(poor)


def test_who_scores_an_export_of_another_sort_is_told_where_to_begin(exports: Path) -> None:
    result = kith.score(exports / "chat.ndjson")
    assert repr(result).endswith("302 rejected; no row could be used: see kith.inspect()>")
    with pytest.raises(kith.BadExportError, match="no such column") as caught:
        kith.score(exports / "forum.csv")
    assert any("kith.inspect() tells" in note for note in caught.value.__notes__)
    with pytest.raises(kith.BadExportError) as caught:
        kith.score({"when": [1]})
    assert not hasattr(caught.value, "__notes__")


# ---- for people ----


def test_it_shows_itself(exports: Path) -> None:
    shown = repr(kith.inspect(exports / "chat.ndjson"))
    assert shown.splitlines()[:3] == [
        f"kith inspection of {exports}/chat.ndjson: NDJSON",
        "301 rows looked at, which are all; 1 more is none",
        "4 members, 2026-03-02 to 2026-03-14",
    ]
    assert re.search(r"\ntime +event\.at +[0-9]+%  milliseconds +(about )?[0-9]+  177", shown)
    assert re.search(r"\ndance +[0-9]+  \?\n", shown)
    assert ".write_source(path)" in shown and "Rows that would be refused" in shown
    assert "source='slack'" in repr(kith.inspect(SAMPLES / "slack" / "export"))
    assert "as they are" in repr(kith.inspect(ROOT / "examples/data/community.csv"))
    assert "looks like data" in repr(kith.inspect(exports / "headless.csv"))
    page = kith.inspect(exports / "chat.ndjson")._repr_html_()
    assert page.count("<table>") == page.count("</table>") == 3 and "<pre>" in page and "[event]" in page


def test_what_strangers_wrote_is_shown_as_text(exports: Path) -> None:
    evil = b"time,member,kind\n" + b"2026-03-02,<script>alert(1)</script>,post\n2026-03-02,\x1b[2J\xe2\x80\xae,like\n"
    found = kith.inspect(io.BytesIO(evil), name="<b>\x1b[2J")
    assert "\x1b" not in repr(found) and "\u202e" not in repr(found) and "\\x1b" in repr(found)
    page = found._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "<b>" not in page
    for name in EXPORTS:
        assert all(text.isprintable() for text in repr(kith.inspect(exports / name)).splitlines())


# ---- what cannot be ----


def test_what_is_no_export(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    for data in (empty, io.BytesIO(b""), io.BytesIO(b"\x1f\x8bno gzip"), [io.BytesIO(b""), io.BytesIO(b"")]):
        with pytest.raises(kith.BadExportError):
            kith.inspect(data)
    for missing in (tmp_path / "none.csv", tmp_path / "q*.csv"):
        with pytest.raises(kith.InputOutputError, match=r"none\.csv|q\*"):
            kith.inspect(missing)
    empty.unlink()
    with pytest.raises(kith.InputOutputError, match="no export in this folder"):
        kith.inspect(tmp_path)
    polars.DataFrame(small()).write_parquet(tmp_path / "a.parquet")
    for path in (tmp_path / "a.parquet", tmp_path):
        with pytest.raises(TypeError, match=r"a\.parquet is a Parquet file"):
            kith.inspect(path)
    with pytest.raises(kith.BadArgumentError, match="given twice"):
        kith.inspect([ROOT / "examples/data/community.csv"] * 2)


def test_hostile_types(exports: Path) -> None:
    for data in (5, None, b"a.csv", small(), polars.DataFrame(small()), [], [5], iter([]), kith.inspect):
        with pytest.raises(TypeError):
            kith.inspect(data)
    for source in (5, b"slack", kith.Policy()):
        with pytest.raises(TypeError):
            kith.inspect(exports / "chat.ndjson", source)  # type: ignore[arg-type]
    with pytest.raises(kith.BadArgumentError, match="'forum' is none of"):
        kith.inspect(exports / "chat.ndjson", "forum")
    with pytest.raises(TypeError, match="rb"):
        kith.inspect(io.StringIO("time,member,kind\n"))

    class Odd(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        kith.inspect(Odd())
    inner: Any = kith._kith  # type: ignore[attr-defined]
    for wrong in ((5,), (io.BytesIO(b"a,b\n"), None, 5), ("a\0b",)):
        with pytest.raises((TypeError, ValueError)):
            inner.Inspection().add(*wrong)
    for wrong in (-1, "x", 5):
        with pytest.raises((TypeError, OverflowError, kith.BadArgumentError)):
            inner.Inspection(wrong)
    with pytest.raises(kith.BadArgumentError):
        inner.Inspection().source()
    assert inner.Inspection().info()["format"] == 0 and inner.Inspection().fields() == []
    with pytest.raises(TypeError):
        kith.Engine()._engine.add_exports((io.BytesIO(b"a"),), {}, rejects=5)  # type: ignore[arg-type]


# ---- pipes, progress, stopping ----


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(EXPORTS["chat.ndjson"]))
    writer.start()
    found = kith.inspect(pipe)
    writer.join()
    expected = kith.inspect(io.BytesIO(EXPORTS["chat.ndjson"]), name=str(pipe))
    assert found.to_dict() == expected.to_dict()


def test_progress_is_told_and_stops(exports: Path) -> None:
    given: list[tuple[int, int | None]] = []
    kith.inspect(exports / "chat.ndjson", progress=lambda *one: given.append(one))
    assert given and {total for _, total in given} == {None}
    assert [done for done, _ in given] == sorted(done for done, _ in given)
    with pytest.raises(kith.CancelledError):
        kith.inspect(exports / "chat.ndjson", progress=lambda done, total: False)

    def interrupt(done: int, total: int | None) -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        kith.inspect(exports / "chat.ndjson", progress=interrupt)


def test_the_inner_one_does_one_call_at_a_time() -> None:
    inner: Any = kith._kith.Inspection()  # type: ignore[attr-defined]

    def again(done: int, total: int | None) -> None:
        inner.info()

    with pytest.raises(kith.BusyError):
        inner.add(io.BytesIO(EXPORTS["chat.ndjson"]), progress=again)
    inner.add(io.BytesIO(EXPORTS["chat.ndjson"]))
    assert inner.info()["rows"] > 0
