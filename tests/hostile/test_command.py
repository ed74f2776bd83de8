# SPDX-License-Identifier: MIT
"""The command, given files, folders and names that somebody made to hurt: within memory and time, with a clear error."""

from __future__ import annotations

import gzip
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

KITH = os.environ["KITH"]
LONG = "KITH_LONG" in os.environ
SANITIZED = b"__asan_init" in Path(KITH).read_bytes()
HEADER = b"time,member,kind,target,quantity\n"
GOOD = b"2026-03-02,ana,post,,\n"
MIB = 1 << 20
MEMORY = 128 * MIB              # at its peak; docs/limits.md
SECONDS = 600                   # of a processor: what hangs ends


class Run:
    """One run of the command, which ends by itself or is stopped."""

    def __init__(self, *arguments: str | Path, stdin: int = subprocess.DEVNULL) -> None:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            if not SANITIZED:
                resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

        self.process = subprocess.Popen(
            [KITH, *map(str, arguments)], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit
        )

    def end(self, memory: int = MEMORY) -> Run:
        assert self.process.stdout and self.process.stderr
        errors: list[bytes] = []
        reader = threading.Thread(target=lambda: errors.append(self.process.stderr.read()))
        reader.start()
        self.out = self.process.stdout.read()
        reader.join()
        self.err = errors[0].decode()
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = self.status = os.waitstatus_to_exitcode(status)
        self.process.stdout.close()
        self.process.stderr.close()
        if not SANITIZED:
            assert usage.ru_maxrss * 1024 <= memory
        return self


def score(out: Path, *arguments: str | Path, memory: int = MEMORY, **others: int) -> Run:
    return Run("score", "--quiet", "--until", "2026-03-09", "--out", out, *arguments, **others).end(memory)


def members(out: Path) -> list[str]:
    return [line.split(",")[0] for line in (out / "standings.csv").read_text().splitlines()[1:]]


# --- What is no file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/proc/self/mem", "/"])
def test_device_or_folder_without_exports_is_refused(tmp_path: Path, device: str) -> None:
    if device == "/":
        device = str(tmp_path / "empty")
        os.mkdir(device)
    for threads in ("1", "4"):
        run = score(tmp_path / "out", "--threads", threads, "--max-rejects", "1000", device)
        assert run.status == 3
        # Once in 256 times chance begins with a brace: then there is no end of lines that are no JSON, but the limit.
        assert ("urandom:1:" if "more than 1000 rows" in run.err else device) in run.err
        assert not (tmp_path / "out").exists()


def test_pipe_that_nobody_writes_to_can_be_given_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    run = Run("score", "--out", tmp_path / "out", tmp_path / "pipe.csv")
    time.sleep(0.3)
    run.process.send_signal(signal.SIGINT)
    assert run.end().status != 0
    assert not (tmp_path / "out").exists()


def test_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")

    def write() -> None:
        with (tmp_path / "pipe.csv").open("wb") as pipe:
            pipe.write(HEADER)
            pipe.flush()
            time.sleep(0.2)
            pipe.write(GOOD)

    writer = threading.Thread(target=write)
    writer.start()
    assert score(tmp_path / "out", tmp_path / "pipe.csv").status == 0
    writer.join()
    assert members(tmp_path / "out") == ["ana"]


ENDLESS = """
import gzip, sys
begin, again = eval(sys.argv[1])
try:
    sys.stdout.buffer.write(begin)
    while True:
        sys.stdout.buffer.write(again)
except BrokenPipeError:
    sys.stderr.close()
"""


@pytest.mark.parametrize(
    "begin, again",
    [
        (gzip.compress(HEADER + GOOD), bytes(8192)),
        (gzip.compress(HEADER), gzip.compress(b"") * 200),
        (HEADER + GOOD, b"x" * 65536),
        (HEADER + GOOD, b"\n" * 8192),
        (HEADER + GOOD, GOOD * 1000),
    ],
    ids=["zeros", "members", "line", "lines", "rows"],
)
@pytest.mark.parametrize("threads", ["1", "4"])
def test_input_without_end_can_be_given_up(tmp_path: Path, begin: bytes, again: bytes, threads: str) -> None:
    source = subprocess.Popen([sys.executable, "-c", ENDLESS, repr((begin, again))], stdout=subprocess.PIPE)
    assert source.stdout
    run = Run("score", "--threads", threads, "--out", tmp_path / "out", "-", stdin=source.stdout.fileno())
    source.stdout.close()
    time.sleep(0.4)
    run.process.send_signal(signal.SIGINT)
    assert run.end(2 * MEMORY).status != 0
    source.wait()
    assert not (tmp_path / "out").exists()


# --- Folders ---------------------------------------------------------------------------------------------------------


def test_folder_of_very_many_files_is_read(tmp_path: Path) -> None:
    count = 100_000 if LONG else 3_000
    for i in range(count):
        folder = tmp_path / "in" / f"{i // 500}"
        if i % 500 == 0:
            folder.mkdir(parents=True)
        (folder / f"{i}.csv").write_bytes(b"time,member,kind\n2026-03-02,m%d,post\n" % i)
    for threads in ("1", "4"):
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        assert score(tmp_path / "out", "--threads", threads, tmp_path / "in", memory=MEMORY + 4096 * count).status == 0
        assert len(members(tmp_path / "out")) == count


def test_folder_that_holds_itself_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "x.csv").write_bytes(HEADER + GOOD)
    (folder / "loop").symlink_to(tmp_path / "in")
    (folder / "loop.csv").symlink_to(".")
    (tmp_path / "in" / "me.csv").symlink_to("me.csv.d")
    os.mkfifo(folder / "pipe.csv")
    (tmp_path / "in" / "me.csv").unlink()
    assert score(tmp_path / "out", tmp_path / "in").status == 0
    assert '"rows": 1' in (tmp_path / "out" / "summary.json").read_text()
    (tmp_path / "in" / "self.csv").symlink_to("self.csv")
    run = score(tmp_path / "other", tmp_path / "in")
    assert run.status == 3
    assert "self.csv: cannot be read: Too many levels of symbolic links" in run.err


def test_folder_of_very_deep_folders_is_read(tmp_path: Path) -> None:
    folder, depth = tmp_path / "in", 0
    while len(str(folder)) < 3500:
        folder /= "d" * 50
        depth += 1
    folder.mkdir(parents=True)
    (folder / "x.csv").write_bytes(HEADER + GOOD)
    assert score(tmp_path / "out", tmp_path / "in").status == 0
    assert members(tmp_path / "out") == ["ana"]


def test_folder_that_is_written_to_while_it_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "0.csv").write_bytes(HEADER + GOOD)
    stop = threading.Event()

    def change() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            path = folder / f"{number % 50}.csv"
            if number % 3 == 0 and path.name != "0.csv":
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(HEADER + GOOD * (number % 40))

    changer = threading.Thread(target=change)
    changer.start()
    try:
        for attempt in range(100 if LONG else 12):
            run = score(tmp_path / f"out{attempt}", "--threads", str(1 + attempt % 4), folder)
            # All is well; or a file was gone, empty or cut within a row when it was its turn, which is told.
            assert run.status in (0, 1) or (run.status == 3 and re.search(r"/\d+\.csv", run.err)), run.err
            assert run.status == 3 or members(tmp_path / f"out{attempt}") == ["ana"]
    finally:
        stop.set()
        changer.join()


# --- Files that change while they are read ---------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["grow", "truncate", "empty", "replace", "remove"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_export_that_changes_while_it_is_read(tmp_path: Path, change: str, packed: bool) -> None:
    rows = 1_000_000 if LONG else 100_000
    text = HEADER + GOOD * rows
    whole = gzip.compress(text, 1) + gzip.compress(GOOD * rows, 1) * 10 if packed else text
    path = tmp_path / "in.csv"
    for delay in (0.005, 0.02, 0.05) if LONG else (0.02,):
        path.write_bytes(whole)
        run = Run("score", "--quiet", "--until", "2026-03-09", "--out", tmp_path / "out", path)
        time.sleep(delay)
        if change == "grow":
            with path.open("ab") as file:
                file.write(gzip.compress(GOOD) if packed else GOOD)
        elif change in ("truncate", "empty"):
            os.truncate(path, len(whole) // 2 if change == "truncate" else 0)
        elif change == "replace":
            (tmp_path / "new").write_bytes(HEADER)
            (tmp_path / "new").rename(path)
        else:
            path.unlink()
        run.end()
        # It ended by itself, with the tables of what it read, or with a word about the file.
        assert run.status in (0, 1, 3), run.err
        assert run.status != 3 or "in.csv" in run.err


# --- Names -----------------------------------------------------------------------------------------------------------

ODD = [chr(code) for code in (*range(1, 32), *range(127, 160), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))]


def test_names_cannot_move_the_cursor_or_turn_the_line_round(tmp_path: Path) -> None:
    rows = [HEADER]
    for number, odd in enumerate(ODD):
        name = f"n{number}{odd}[2J{odd}]0;x".encode()
        quoted = b'"' + name + b'"'
        rows.append(b"2026-03-02,%s,post,,\n2026-03-02,%s,%s,,\n" % (quoted, quoted, quoted))
    export = tmp_path / f"x{ODD[26]}[2J.csv"
    export.write_bytes(b"".join(rows))
    source = tmp_path / "fault.ini"
    source.write_text("".join(f"[event{odd}]\ntime{odd} = {odd}\n" for odd in ODD if odd not in "\n\r"))
    for arguments in (
        ("score", "--out", tmp_path / "out", export),
        ("score", "--out", tmp_path / "out3", "--as-of", "2026-03-08", export),
        ("score", "--out", tmp_path / "out2", "--max-rejects", "3", export),
        ("explain", f"n26{ODD[26]}[2J{ODD[26]}]0;x", export),
        ("inspect", export),
        ("score", "--out", tmp_path / "out", "--source", source, export),
        ("score", "--out", tmp_path / "out", "--policy", source, export),
        ("score", "--out", tmp_path / "out", export.with_name(export.name + "\x1b]")),
    ):
        run = Run(*arguments).end()
        shown = run.out.decode() + run.err
        assert shown
        assert not set(shown) & (set(ODD) - {"\n"}), arguments
    # Tables hold names as they are.
    assert len((tmp_path / "out" / "standings.csv").read_bytes().split(b"\n")) > len(ODD)


# --- Descriptions and policies at their limits -------------------------------------------------------------------------


def test_patterns_take_as_many_steps_as_texts_and_they_are_long(tmp_path: Path) -> None:
    def patterns(count: int, most: int = 100) -> str:
        return " ".join("*a" * number + "*b" for number in range(most, most - count, -1))

    policy = tmp_path / "policy.ini"
    policy.write_text(f"[members]\nleft_out = {patterns(25, 30)}\n")
    source = tmp_path / "source.ini"
    source.write_text(
        "[event]\ntime = time\nmember = member\nkind = kind\ntarget = target\n"
        f"[kinds]\n{patterns(1)}c = post\n[ignore]\nmember = {patterns(90)}\n"
        f"kind = {patterns(80)}\ntarget = {patterns(80)}\n"
    )
    rows = 20_000 if LONG else 300
    name = b"a" * 250
    export = tmp_path / "x.csv"
    export.write_bytes(HEADER + b"".join(b"2026-03-02,%s%d,post,%s,\n" % (name, i % 100, name) for i in range(rows)))
    run = score(tmp_path / "out", "--policy", policy, "--source", source, export)
    assert run.status in (0, 1), run.err


@pytest.mark.parametrize("option", ["--policy", "--source"])
def test_settings_of_a_mib_have_each_fault_told_and_larger_ones_are_refused(tmp_path: Path, option: str) -> None:
    export = tmp_path / "x.csv"
    export.write_bytes(HEADER + GOOD)
    path = tmp_path / "settings.ini"
    lines = [b"[kind a]\n", b"\0", b"[", b'"\\u0000" = "', b"x = y\n", b"[aliases]\n", b"[event e]\n"]
    for line in lines if LONG else lines[:4]:
        path.write_bytes((line * MIB)[:MIB])
        run = score(tmp_path / "out", option, path, export)
        assert run.status == 4
        assert str(path) in run.err
    path.write_bytes(b" " * (MIB + 1))
    run = score(tmp_path / "out", option, path, export)
    assert run.status == 3
    assert "1 MiB at most" in run.err
    run = score(tmp_path / "out", option, "/dev/zero", export)
    assert run.status == 3
