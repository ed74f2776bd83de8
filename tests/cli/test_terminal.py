# SPDX-License-Identifier: MIT
"""Terminals, pipes that break, and signals."""

import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest
from conftest import HEADER, TABLES, result


def on_terminal(binary, arguments, environment, cwd, stderr_only=False):
    """Runs the command on a terminal of its own. Returns its exit status and all that it printed there."""
    master, slave = pty.openpty()
    stdout = subprocess.DEVNULL if stderr_only else slave
    process = subprocess.Popen(
        [binary, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=stdout, stderr=slave, env=environment, cwd=cwd
    )
    os.close(slave)
    printed = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the terminal's other end is closed
            break
        if not piece:
            break
        printed += piece
    os.close(master)
    return process.wait(timeout=60), printed.decode()


@pytest.fixture
def many(events):
    """An export that takes a moment to read, with 52 weeks to review."""
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    return events("many.csv", *(f"{day},m{i},login,," for day in days for i in range(100)))


def test_bar_shows_bytes_then_weeks_and_is_cleared(binary, environment, many, tmp_path):
    status, printed = on_terminal(binary, ["score", many.name], environment, tmp_path, stderr_only=True)
    assert status == 0
    assert re.search(r"\rreading many\.csv +\[#*\.*\] +\d+%", printed)
    assert re.search(r"\rreviewing weeks +\[#*\.*\] +\d+% \d+ of \d+", printed)
    assert re.search(r"\r +\r$", printed), "the bar is cleared at the end"
    assert "\n" not in printed
    assert max(map(len, printed.split("\r"))) < 80


def test_no_bar_where_quiet(binary, environment, many, tmp_path):
    assert on_terminal(binary, ["score", "--quiet", many.name], environment, tmp_path) == (0, "")


def test_no_bar_without_a_terminal(kith, many):
    assert kith("score", many).err == ""


def test_bar_is_gone_before_a_fault_is_said(binary, environment, many, events, tmp_path):
    events("bad.csv", "2026-02-02,ana,dance,,")
    arguments = ["score", "--max-rejects", "0", many.name, "bad.csv"]
    status, printed = on_terminal(binary, arguments, environment, tmp_path)
    assert status == 3
    assert re.search(r"\r +\rkith: more than 0 rows", printed)


@pytest.mark.parametrize(
    "more, painted",
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=str,
)
def test_colour(binary, environment, small, tmp_path, more, painted):
    status, printed = on_terminal(binary, ["score", small.name], {**environment, **more}, tmp_path)
    assert status == 0
    assert ("\x1b[1m" in printed) == painted
    assert ("\x1b" in printed) == painted


def test_no_colour_without_a_terminal(kith, small):
    assert "\x1b" not in kith("score", small).out


@pytest.mark.parametrize("ignored", [False, True], ids=["default", "ignored by the parent"])
def test_broken_pipe_ends_quietly_with_the_tables_whole(binary, environment, small, tmp_path, ignored):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = subprocess.Popen(
        [binary, "score", small.name], stdout=write_end, stderr=subprocess.PIPE, cwd=tmp_path, env=environment,
        restore_signals=not ignored,
    )  # fmt: skip
    os.close(write_end)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (-signal.SIGPIPE, b"")
    assert set(result(tmp_path / "kith-out")) == {*TABLES, "summary.json"}


def interrupted(process, number):
    """Sends a signal once the command waits for input, twice as timeout(1) does. Returns exit status and stderr."""
    time.sleep(0.3)
    process.send_signal(number)
    process.send_signal(number)
    _, err = process.communicate(timeout=10)
    return process.returncode, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("sent", ["", "t", HEADER + "2026-02-02,ana,post,,\n"], ids=["nothing", "a byte", "a row"])
def test_signal_while_waiting_for_a_pipe(binary, environment, small, kith, tmp_path, number, threads, sent):
    assert kith("score", small).returncode == 0
    before = result(tmp_path / "kith-out")
    read_end, write_end = os.pipe()
    os.write(write_end, sent.encode())
    process = subprocess.Popen(
        [binary, "score", "--threads", threads, "-"], stdin=read_end, stderr=subprocess.PIPE, cwd=tmp_path,
        env=environment,
    )  # fmt: skip
    os.close(read_end)
    status, err = interrupted(process, number)
    os.close(write_end)
    assert (status, err) == (-number, b"")
    assert result(tmp_path / "kith-out") == before


@pytest.mark.parametrize("opened", [False, True], ids=["nobody writes", "somebody writes"])
def test_interrupt_while_a_fifo_is_read(binary, environment, tmp_path, opened):
    os.mkfifo(tmp_path / "fifo")
    process = subprocess.Popen(
        [binary, "score", "--out", "there", "fifo"], stderr=subprocess.PIPE, cwd=tmp_path, env=environment
    )
    if opened:
        writer = os.open(tmp_path / "fifo", os.O_WRONLY)
        os.write(writer, HEADER.encode())
    assert interrupted(process, signal.SIGINT) == (-signal.SIGINT, b"")
    if opened:
        os.close(writer)
    assert set(result(tmp_path)) == {"fifo"}


@pytest.mark.parametrize("after", [0.05, 0.1, 0.2, 0.4])
def test_interrupt_at_work(binary, environment, many, tmp_path, after):
    process = subprocess.Popen(
        [binary, "score", "--history", many.name], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=tmp_path,
        env=environment,
    )  # fmt: skip
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    folder = tmp_path / "kith-out"
    if process.returncode == 0 or folder.exists():
        assert set(result(folder)) == {*TABLES, "history.csv", "summary.json"}
    else:
        assert (process.returncode, err) == (-signal.SIGINT, b"")


def test_interrupt_that_the_parent_ignores_is_ignored(binary, environment, small, tmp_path):
    process = subprocess.Popen(
        [binary, "score", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        env=environment, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(small.read_bytes(), timeout=60)
    assert (process.returncode, err) == (0, b"")


def test_slow_writer_is_waited_for(binary, environment, small, tmp_path):
    process = subprocess.Popen(
        [binary, "score", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=environment
    )
    for line in small.read_bytes().splitlines(keepends=True):
        process.stdin.write(line)
        process.stdin.flush()
        assert not select.select([process.stdout], [], [], 0.05)[0]
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"5 events of 3 members" in out
