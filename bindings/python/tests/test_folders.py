# SPDX-License-Identifier: MIT
"""Folders and patterns: the exports that they stand for are those that the command reads."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import kith
import polars
import pytest
from kith._adding import _together  # type: ignore[import-not-found, unused-ignore]
from kith._files import files_of  # type: ignore[import-not-found, unused-ignore]
from support import columns_of, community, csv_of, tables_of

Reads: TypeAlias = "Callable[..., list[str] | None]"

ROW = b"time,member,kind\n2026-02-02,%s,post\n"
NAMES = [
    "a.csv", "a/b.csv", "a/B.csv", "a/z/1.csv", "a0.csv", "a-b/c.csv", "b.csv.gz", "Z.tsv", "10.json", "9.ndjson",
    "é.csv", "a/x.jsonl", "a/x.jsonl.gz", "notes.txt", "a/README", ".hidden.csv", ".git/x.csv", "a/.b/c.csv", "csv",
    "a.csv/inside.csv", "x.CSV", "deep/er/and/deeper/1.csv", ".csv", "a b.csv", "*.csv", "a.csv.bak",
]  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder of many names, each file of a member of its own."""
    folder = tmp_path / "logs"
    names = [name for name in NAMES if name != "a.csv"]
    Random(3).shuffle(names)
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ROW % name.encode())
    return folder


@pytest.fixture
def read_by_command(binary: str, tmp_path: Path) -> Reads:
    """The exports that the command has read, in their order; None where it finds none."""

    def run(given: str, source: Path | None = None) -> list[str] | None:
        options = ["--source", str(source)] if source else []
        command = [binary, "score", "--quiet", *options, "--out", str(tmp_path / "out"), given]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        if b"there is no file of this name" in done.stderr:
            return None
        assert done.returncode in (0, 1), done.stderr.decode()
        summary: Any = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
        return [item["file"] for item in summary["inputs"]]

    return run


PATTERNS = ["*", "a/*", "*.csv", "a/*.csv *.ndjson", "?.csv b* 1?.json", "a/?/*", "*/*/*", "nothing *x*"]


def description(files: str) -> str:
    return f"[source]\nfiles = {files}\n[event]\ntime = time\nmember = member\nkind = kind\n"


def test_files_of_a_folder_are_those_of_the_command(read_by_command: Reads, tree: Path) -> None:
    found = files_of(tree, None)
    assert found == read_by_command(str(tree))
    assert 10 < len(found) < len(NAMES)
    assert files_of(f"{tree}/", None) == found
    assert not any("/." in path.partition("logs")[2] for path in found)


@pytest.mark.parametrize("files", PATTERNS)
def test_a_source_says_which_files(read_by_command: Reads, tree: Path, files: str) -> None:
    text = description(files)
    source = kith.Source.parse(text)
    path = tree.parent / "source.ini"
    path.write_text(text, encoding="utf-8")
    found = files_of(tree, source)
    assert found == read_by_command(str(tree), path)
    below = [os.path.relpath(name, tree) for name in found]
    assert all(source.takes_file(name) for name in below)
    assert {name for name in NAMES if source.takes_file(name)} - {"a.csv"} == set(below)


def test_a_folder_gives_what_its_files_give(tmp_path: Path) -> None:
    events = community(31)
    for number, name in enumerate(["b.csv", "a/c.csv", "d/e/f.csv"]):
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(csv_of(events[number::3]) + b"bad\n")
    expected = kith.score([*sorted((tmp_path / "logs").glob("**/*.csv"))], history=True)
    assert expected.standings.to_csv() == kith.score(columns_of(events)).standings.to_csv()
    for given in (tmp_path / "logs", str(tmp_path / "logs"), [tmp_path / "logs"], f"{tmp_path}/l*s/"):
        result = kith.score(given, history=True)
        assert tables_of(result) == tables_of(expected)
        assert kith.Engine().add(given).taken == result.added.taken == len(events)
    many = [tmp_path / "logs" / "d", tmp_path / "logs" / "b.csv", f"{tmp_path}/logs/a/*"]
    assert kith.score(many).standings.to_csv() == expected.standings.to_csv()


def test_links(read_by_command: Reads, tree: Path) -> None:
    """Those to files are followed, those to folders are not; of what is no file at all nobody is told."""
    other = tree.parent / "other"
    other.mkdir()
    (other / "far.csv").write_bytes(ROW % b"far")
    (tree / "link.csv").symlink_to(other / "far.csv")
    (tree / "folder.csv").symlink_to(other)
    (tree / "loop").symlink_to(tree)
    os.mkfifo(tree / "pipe.csv")
    found = files_of(tree, None)
    assert found == read_by_command(str(tree))
    below = [os.path.relpath(name, tree) for name in found]
    assert "link.csv" in below
    assert not any("loop" in name or "pipe" in name or "folder" in name for name in below)
    assert kith.score(tree / "folder.csv").added.taken == 1
    (tree / "lost.csv").symlink_to(other / "nowhere")
    with pytest.raises(kith.InputOutputError, match=r"lost\.csv: cannot be read: No such file"):
        kith.score([tree])


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "logs")
    os.mkdir(folder)
    with open(folder + b"/\xff\xfe.csv", "wb") as file:
        file.write(ROW % b"ana" + b"bad\n")
    result = kith.score(tmp_path / "logs")
    assert (result.added.taken, result.added.rejected) == (1, 1)
    assert result.rejects.to_csv().encode(errors="surrogateescape").split(b"\n")[1].startswith(b"\xff\xfe.csv,3")


def test_a_folder_without_an_export(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / ".hidden.csv").write_bytes(ROW % b"ana")
    with pytest.raises(kith.InputOutputError, match=r"there is no export in this folder: .* or in \.parquet") as caught:
        kith.score(tmp_path)
    assert (caught.value.status, caught.value.file) == ("KITH_INPUT_OUTPUT", str(tmp_path))
    assert isinstance(caught.value, OSError)
    with pytest.raises(kith.InputOutputError, match="the source description asks for"):
        kith.score(tmp_path, source=kith.Source.parse(description("*.csv")))


def test_a_folder_that_cannot_be_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(folder: bytes) -> Any:
        raise PermissionError(13, "Permission denied")

    engine = kith.Engine()
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        with pytest.raises(kith.InputOutputError, match="logs/?: cannot be read: Permission denied"):
            engine.add(tree)
    assert engine.info.taken == 0


def test_patterns(read_by_command: Reads, tree: Path) -> None:
    for name in ("a*", "*.csv*", "[a0-9]*/*.csv", "?", "a/?", "*/*/"):
        assert files_of(f"{tree}/{name}", None) == read_by_command(f"{tree}/{name}")
    for pattern in (f"{tree}/q*", f"{tree}/.?*.txt", f"{tree}/nowhere/*.csv"):
        assert read_by_command(pattern) is None
        with pytest.raises(kith.InputOutputError, match="there is no file of this name, nor one that fits it"):
            files_of(pattern, None)
    # What is there is what is meant.
    assert files_of(tree / "*.csv", None) == [f"{tree}/*.csv"]
    assert files_of("-", None) == ["-"]


def test_a_file_that_is_given_twice(tree: Path) -> None:
    path = tree / "a0.csv"
    (tree.parent / "again.csv").hardlink_to(path)
    for given in ([path, path], [tree, path], [path, tree.parent / "again.csv"], [str(path), f"{tree}/a0*"]):
        with pytest.raises(kith.BadArgumentError, match="given twice"):
            kith.score(given)
    with path.open("rb") as one, path.open("rb") as other:
        assert kith.score([one, other]).added.taken == 2


def test_progress_is_one_for_all_files(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.csv").write_bytes(csv_of(community(number)))
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    told: list[tuple[int, int | None]] = []
    engine = kith.Engine()
    engine.add(tmp_path, progress=lambda *given: told.append(given))
    assert {of for _, of in told} == {total}
    dones = [done for done, _ in told]
    assert dones and dones == sorted(dones) and dones[-1] <= total
    # A file of another sort between them is another call, and goes on where the one before it ended.
    told.clear()
    rows = polars.read_csv(tmp_path / "1.csv", infer_schema=False).cast({"quantity": polars.UInt32})
    rows.write_parquet(tmp_path / "1.parquet")
    paths = [tmp_path / name for name in ("0.csv", "1.parquet", "2.csv", "3.csv")]
    kith.Engine().add(paths, progress=lambda *given: told.append(given))
    sizes = [path.stat().st_size for path in paths]
    dones = [done for done, _ in told]
    assert {of for _, of in told} == {sum(sizes)} and dones == sorted(dones) and dones[-1] <= sum(sizes)
    assert any(done >= sizes[0] + sizes[1] for done in dones)
    with (tmp_path / "0.csv").open("rb") as file:
        told.clear()
        kith.Engine().add([tmp_path / "1.csv", file], progress=lambda *given: told.append(given))
    assert {of for _, of in told} == {None} and [done for done, _ in told] == sorted(done for done, _ in told)


# ---- several at once ----


def grown(folder: Path, count: int) -> list[Path]:
    """Exports with ids, some of which come again in the next, and with rows that are refused in each."""
    paths: list[Path] = []
    for number in range(count):
        events = community(number, members=30, weeks=6)
        rows = [
            f"{time},{member or ''},{kind},{target or ''},e{number * 90 + at}"
            for at, (time, member, kind, target, _) in enumerate(events)
        ]
        rows[7:7] = ["soon,ana,post,,", "1735689600,ana,dance,,", f"1735689600,{number},post,\"x"]
        paths.append(folder / f"{number:02}.csv")
        paths[-1].write_text("\n".join(["time,member,kind,target,id", *rows[:-1], ""]))
    packed = gzip.compress(paths[3].read_bytes())
    paths[3].unlink()
    paths[3] = paths[3].with_suffix(".csv.gz")
    paths[3].write_bytes(packed)
    return paths


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_several_exports_at_once_come_to_what_they_do_in_turn(tmp_path: Path, threads: int) -> None:
    paths = grown(tmp_path, 9)
    one, other = kith.Engine(threads=1, history=True), kith.Engine(threads=threads, history=True)
    in_turn = [one.add(path) for path in paths]
    at_once = other.add(paths)
    for count in ("read", "taken", "rejected", "skipped", "ignored"):
        assert getattr(at_once, count) == sum(getattr(added, count) for added in in_turn)
    assert at_once.skipped > 100 and at_once.reasons["kind"] == 9
    header, *rows = at_once.rejects.to_csv().splitlines()
    assert rows == [row for added in in_turn for row in added.rejects.to_csv().splitlines()[1:]] and "file" in header
    assert one.review().history.to_csv() == other.review().history.to_csv()
    assert one.info.rejected == other.info.rejected


@pytest.mark.parametrize("threads", [1, 3])
def test_a_fault_of_one_of_several_says_which(tmp_path: Path, threads: int) -> None:
    paths = grown(tmp_path, 6)
    paths[4].write_text("when,who\n1,2\n")
    before = sum(kith.Engine().add(path).read for path in paths[:4])
    for bad, error in (("04.csv", kith.BadExportError), ("03.csv", kith.InputOutputError)):
        engine = kith.Engine(threads=threads)
        with pytest.raises(error, match=bad) as caught:
            engine.add(paths)
        assert caught.value.file is not None and caught.value.file.endswith(bad)
        assert caught.value.added is not None and caught.value.added["taken"] == engine.info.taken > 0
        assert bad != "04.csv" or caught.value.added["read"] == before
        paths[4].unlink(missing_ok=True)
        paths[3] = tmp_path / "03.csv"


@pytest.mark.parametrize("threads", [1, 3])
def test_several_exports_at_once_are_stopped(tmp_path: Path, threads: int) -> None:
    paths = grown(tmp_path, 6)
    for name in ("False", "Ctrl-C"):

        def stop(done: int, total: int | None, name: str = name) -> bool:
            if name == "Ctrl-C":
                signal.raise_signal(signal.SIGINT)
            return False

        engine = kith.Engine(threads=threads)
        with pytest.raises(kith.CancelledError if name == "False" else KeyboardInterrupt) as caught:
            engine.add(paths, progress=stop)
        assert caught.value.added["taken"] == engine.info.taken  # type: ignore[union-attr]
        engine.add(paths)
        assert engine.review().week_count > 0


def test_paths_are_handed_over_together() -> None:
    file = io.BytesIO()
    parts = ["a.csv", "b.csv", file, file, "c.csv", 5, "d.csv", "e.csv"]
    assert list(_together(parts)) == [["a.csv", "b.csv"], [file], [file], ["c.csv"], [5], ["d.csv", "e.csv"]]
