# SPDX-License-Identifier: MIT
"""`kith update` when calls fail, and when it is killed: the same run again gives what it would have given."""

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time

import pytest
from conftest import HEADER, LONG, some
from update_support import Job, community, export_of, held

# How often the command is killed; a thousand times shows more.
KILLS = int(os.environ.get("KITH_KILLS", "40" if LONG else "12"))


class Bench:
    """A state some weeks old, and one run on top of it that may be tried again and again."""

    def __init__(self, kith, folder, split, count=2500):
        lines = community()
        self.job = Job(kith, folder)
        self.options = ["--state", self.job.state, "--out", self.job.out, "--quiet"]
        self.export = folder / "new.csv"
        (folder / "old.csv").write_text(export_of(lines[:split]))
        self.export.write_text(export_of(lines[split : split + count]))
        begun = split > 0
        if begun:
            assert self.job.run("--quiet", folder / "old.csv").returncode == 0
        self.begun = begun
        self.kept = folder / "kept"
        self.keep()
        self.before = self.seen()
        began = time.monotonic()
        assert self.job.run("--quiet", self.export).returncode == 0
        self.seconds = time.monotonic() - began
        self.after = self.seen()
        assert self.before != self.after

    def keep(self):
        self.kept.mkdir()
        if self.job.state.exists():
            shutil.copy(self.job.state, self.kept / "state")
            shutil.copytree(self.job.out, self.kept / "out")

    def restore(self):
        """All is as before the run."""
        shutil.rmtree(self.job.out, ignore_errors=True)
        self.job.state.unlink(missing_ok=True)
        if (self.kept / "state").exists():
            shutil.copytree(self.kept / "out", self.job.out)
            shutil.copy(self.kept / "state", self.job.state)

    def seen(self):
        """What stands there, but for the times that the summary tells, and the random key of a state just begun."""
        state, tables = held(self.job)
        if "summary.json" in tables:
            tables["summary.json"] = json.loads(tables["summary.json"])
            del tables["summary.json"]["run"]
        if not self.begun and state:
            state = b"a state"
            tables["summary.json"]["state"].pop("bytes")
        return state, tables

    def is_right_after_repeat(self):
        """Whether what stands there now, or what the same run makes of it, is what one run gives."""
        if self.seen()[0] == self.after[0]:
            return self.seen() == self.after
        assert self.seen()[0] == self.before[0]
        return self.job.run("--quiet", self.export).returncode == 0 and self.seen() == self.after


@pytest.fixture(params=[3000, 0], ids=["gone on", "begun"])
def bench(kith, tmp_path, request):
    return Bench(kith, tmp_path, request.param)


CALLS = ["open", "openat", "read", "write", "lseek", "fsync", "close", "rename", "renameat", "mkdirat", "mkdtemp",
         "flock", "ftruncate", "fchmod"]  # fmt: skip
HARMLESS = {"close", "ftruncate", "flock"}  # a lock on the result folder, or what closes a file that was read


@pytest.mark.parametrize("call", CALLS)
def test_failed_call_leaves_all_as_it_was_or_done(bench, fail_calls, call):
    outcomes = []
    for nth in some(range(1, 200), 4):
        bench.restore()
        done = bench.job.run("--quiet", bench.export, env=fail_calls(call, nth))
        outcomes.append(done.returncode)
        if done.returncode == 0:
            assert bench.seen() == bench.after
            if call in HARMLESS and nth < 40:
                continue
            break
        assert (done.returncode, done.out) == (3, "")
        assert done.err.startswith("kith: ") and "No space left on device" in done.err
        assert bench.seen() in (bench.before, bench.after)
        assert not list(bench.job.out.glob(".kith-*")) and not list(bench.job.folder.glob(".kith-*"))
        assert bench.is_right_after_repeat()
    assert outcomes[-1] == 0
    begun_anew = bench.before[0] is None
    harmless = {"ftruncate", "lseek"} | ({"fchmod", "open"} if begun_anew else set())
    assert (3 in outcomes) == (call not in harmless) or call == "lseek"


def test_failed_allocation_leaves_all_as_it_was(kith, fail_malloc, tmp_path):
    bench = Bench(kith, tmp_path, 600, 60)
    done_in_a_row = 0
    for nth in some(range(1, 2000), 7):
        bench.restore()
        done = bench.job.run("--quiet", bench.export, env=fail_malloc(nth))
        if done.returncode == 0:
            # A few are of no consequence, such as a buffer of the C library's.
            assert bench.seen() == bench.after
            done_in_a_row += 1
            if done_in_a_row == 5:
                break
            continue
        done_in_a_row = 0
        assert (done.returncode, done.out) == (3, "")
        assert done.err.startswith("kith: ") and done.err.count("\n") == 1
        assert bench.seen() == bench.before
        assert not list(bench.job.out.glob(".kith-*")) and not list(bench.job.folder.glob(".kith-*"))
    assert 100 < nth < 1999


@pytest.fixture
def packed_bench(kith, tmp_path):
    """A run on an export that was read plain, has grown by a week, and has been packed since."""
    bench = Bench(kith, tmp_path, 600, 60)
    plain = (tmp_path / "old.csv").read_bytes() + b"2026-01-05,ana,post,,\n"
    bench.export.write_bytes(gzip.compress(plain))
    bench.restore()
    assert bench.job.run("--quiet", bench.export).returncode == 0
    assert bench.job.summary()["inputs"][0] | {"rows": 1, "novelty": "grown"} == bench.job.summary()["inputs"][0]
    bench.after = bench.seen()
    return bench


@pytest.mark.parametrize("call", ["open", "read", "lseek", "close", "fail_malloc"])
def test_failed_calls_while_a_packed_copy_is_found(packed_bench, fail_calls, fail_malloc, call):
    failed = 0
    for nth in some(range(1, 500), 6) if call == "fail_malloc" else range(1, 60):
        packed_bench.restore()
        env = fail_malloc(nth) if call == "fail_malloc" else fail_calls(call, nth)
        done = packed_bench.job.run("--quiet", packed_bench.export, env=env)
        if done.returncode == 0:
            assert packed_bench.seen() == packed_bench.after
            continue
        failed += 1
        assert (done.returncode, done.out) == (3, "")
        assert done.err.startswith("kith: ") and done.err.count("\n") == 1
        assert packed_bench.seen() in (packed_bench.before, packed_bench.after)
    assert failed > 2 or call in ("lseek", "close")


def test_a_state_that_may_not_outlast_a_crash_goes_with_its_tables(bench, fail_calls):
    """The last fsync is that of the folder in which the state has been replaced."""
    last = 0
    for nth in range(1, 40):
        bench.restore()
        done = bench.job.run("--quiet", bench.export, env=fail_calls("fsync", nth))
        if done.returncode == 0:
            break
        last = bench.seen()
    assert "whether that outlasts a crash is not sure" not in done.err
    assert last == bench.after


def test_killed_at_any_moment(bench, binary, environment):
    chance = random.Random(KILLS)
    seen = {"before": 0, "between": 0, "after": 0}
    for _ in range(KILLS):
        bench.restore()
        process = subprocess.Popen([binary, "update", *bench.options, bench.export], env=environment)
        time.sleep(chance.uniform(0, 1.2 * bench.seconds))
        process.kill()
        process.wait()
        state, tables = bench.seen()
        moment = "after" if state == bench.after[0] else "before" if tables == bench.before[1] else "between"
        seen[moment] += 1
        assert bench.is_right_after_repeat()
        for left in bench.job.folder.glob(".kith-*"):
            left.unlink()
    assert seen["before"] > 0
    print(seen)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_interrupted_at_any_moment(bench, binary, environment, number):
    chance = random.Random(number)
    for _ in range(max(KILLS // 4, 3)):
        bench.restore()
        process = subprocess.Popen(
            [binary, "update", *bench.options, bench.export], stderr=subprocess.PIPE, env=environment
        )
        time.sleep(chance.uniform(0.003, 1.2 * bench.seconds))
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) in ((0, b""), (-number, b""))
        # One that came before the handlers were set may leave nothing but the lock.
        assert bench.seen() in (bench.before, bench.after)
        assert not list(bench.job.out.glob(".kith-*")) and not list(bench.job.folder.glob(".kith-*"))
        assert bench.is_right_after_repeat()


def test_interrupted_while_it_waits_for_a_pipe(bench, binary, environment):
    bench.restore()
    process = subprocess.Popen(
        [binary, "update", *bench.options, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    process.stdin.write((HEADER + "2026-06-20,ana,post,,\n").encode())
    process.stdin.flush()
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert (process.wait(timeout=60), process.stderr.read()) == (-signal.SIGTERM, b"")
    assert bench.seen() == bench.before
