# SPDX-License-Identifier: MIT
"""Every call that the command makes on a file fails, one after the other.

Each job below is run with its n-th call on its files failing, for n = 1, 2, ... until there is none left: with EIO or
ENOSPC; interrupted, or doing one byte of what it was asked to, which must change nothing. Whatever fails, the command
says so in one line that names a file, and each file is what it was or what it was to become; nothing else is left.

KITH_LONG=1 tries both faults on each call, and all later calls of the name with it; otherwise one fault, once.
"""

import collections
import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SAMPLE = ROOT / "examples" / "data" / "community.csv"
LONG = bool(os.environ.get("KITH_LONG"))


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """io.c, to be preloaded."""
    path = tmp_path_factory.mktemp("io") / "io.so"
    compiler = os.environ.get("CC", "cc").split()
    subprocess.run([*compiler, "-O1", "-shared", "-fPIC", "-o", path, HERE / "io.c", "-ldl"], check=True)
    return path


@pytest.fixture(scope="session")
def counts():
    """Calls that were made to fail, by their names; printed in the end."""
    found = collections.defaultdict(collections.Counter)
    yield found
    total = sum(sum(counter.values()) for counter in found.values())
    print(f"\n{total} points failed")
    for name, counter in sorted(found.items()):
        print(f"  {name:10}", *(f"{what} {count}" for what, count in sorted(counter.items())))


def content(folder):
    """All that a run may change. What it tells of itself is no result."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir():
            files[name + "/"] = None
        elif path.name == "summary.json":
            summary = json.loads(path.read_text())
            summary.pop("run")
            summary.get("state", {}).pop("bytes", None)
            files[name] = summary
        elif path.name == "printed":
            files[name] = re.sub(rb"[0-9.]+ s, [0-9,]+ events a second", b"", path.read_bytes())
        elif not path.name.endswith(".lock"):
            files[name] = path.read_bytes()
    return files


class Job:
    """A folder of files, and a command to be run in it again and again."""

    def __init__(self, kept, name, arguments, prepare):
        self.name = name
        self.kept, self.folder = kept / "kept", kept / "work"
        self.arguments = arguments
        self.kept.mkdir()
        (self.kept / "tmp").mkdir()
        prepare(self.kept)
        (self.kept / "printed").touch()
        self.restore()
        # One that is just begun has a random key in it.
        self.begins = not (self.kept / "state").exists()
        self.before = self.content()

    def content(self):
        files = content(self.folder)
        if self.begins and "state" in files:
            files["state"] = b"a state"
        return files

    def restore(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.kept, self.folder, symlinks=True)

    def run(self, library=None, **io):
        environment = {**os.environ, "TMPDIR": str(self.folder / "tmp")}
        if library:
            environment |= {"LD_PRELOAD": str(library), "IO_UNDER": str(self.folder), "IO_LOG": str(self.folder) + ".log"}
            environment |= {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
            environment |= {f"IO_{name.upper()}": str(value) for name, value in io.items()}
        Path(str(self.folder) + ".log").unlink(missing_ok=True)
        with (self.folder / "printed").open("wb") as printed:
            done = subprocess.run([os.environ["KITH"], *self.arguments], cwd=self.folder, env=environment, stdout=printed,
                                  stderr=subprocess.PIPE, timeout=120, check=False)  # fmt: skip
        return done.returncode, done.stderr.decode()

    def log(self):
        log = Path(str(self.folder) + ".log")
        return [line.split(" ", 2)[1:] for line in log.read_text().splitlines()] if log.exists() else []

    def calls(self):
        """What was done, as io.c has told it: the name of each call, and the path."""
        return [(name, path.removesuffix(" failed")) for name, path in self.log()]

    def failed(self):
        return [(name, path.removesuffix(" failed")) for name, path in self.log() if path.endswith(" failed")]


def rows(folder, name, lines):
    (folder / name).parent.mkdir(exist_ok=True, parents=True)
    text = "time,member,kind,target,quantity\n" + "".join(line + "\n" for line in lines)
    (folder / name).write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())


def sample(first, last):
    return SAMPLE.read_text().splitlines()[1:][first:last]


def run_there(folder, *arguments):
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    subprocess.run([os.environ["KITH"], *arguments], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, timeout=120)  # fmt: skip


def make_score(folder):
    rows(folder, "exports/one.csv", sample(0, 900) + ["yesterday,ana,post,,"])
    rows(folder, "exports/sub/two.csv.gz", sample(900, 1500))
    (folder / "policy.ini").write_text(subprocess.run([os.environ["KITH"], "policy"], check=True, capture_output=True,
                                                      text=True).stdout)  # fmt: skip
    rows(folder, "old.csv", sample(0, 300))
    run_there(folder, "score", "--quiet", "--out", "out", "--history", "old.csv")


def make_new(folder):
    rows(folder, "one.csv", sample(0, 500))


def make_spilled(folder):
    rows(folder, "large.csv", [f"{1772409600 + i % 9 * 604800 + i},member {i * 7919 % 9973},post,member {i % 5003},"
                               for i in range(45000)])  # fmt: skip


def make_update(folder):
    rows(folder, "old.csv", sample(0, 1000))
    rows(folder, "new.csv", sample(1000, 1400))
    run_there(folder, "update", "--quiet", "--state", "state", "--out", "out", "old.csv")


def make_repacked(folder):
    """What was read before, packed since: to be known again by its text."""
    rows(folder, "old.csv", sample(0, 1000))
    run_there(folder, "update", "--quiet", "--state", "state", "--out", "out", "old.csv")
    (folder / "old.csv.gz").write_bytes(gzip.compress((folder / "old.csv").read_bytes()))
    (folder / "old.csv").unlink()


def make_source(folder):
    lines = [dict(zip(("at", "who", "what"), line.split(","))) for line in sample(0, 300)]
    (folder / "rows.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "source.ini").write_text("[source]\nformat = ndjson\n[event]\ntime = at\nmember = who\nkind = what\n")


def make_calibrate(folder):
    rows(folder, "one.csv", sample(0, 3000))
    (folder / "mine.ini").write_text("what stood there before\n")


JOBS = {
    "score": (["score", "--out", "out", "--history", "--policy", "policy.ini", "exports"], make_score),
    "score anew": (["score", "--quiet", "--out", "out", "one.csv"], make_new),
    "spilled": (["score", "--quiet", "--memory", "1M", "--out", "out", "large.csv"], make_spilled),
    "update": (["update", "--state", "state", "--out", "out", "new.csv"], make_update),
    "repacked": (["update", "--quiet", "--state", "state", "--out", "out", "old.csv.gz"], make_repacked),
    "begun": (["update", "--quiet", "--state", "state", "--out", "out", "one.csv"], make_new),
    "source": (["score", "--quiet", "--source", "source.ini", "--out", "out", "rows.ndjson"], make_source),
    "explain": (["explain", "--state", "state", "Lale"], make_update),
    "explain exports": (["explain", "--json", "Lale", "one.csv"], make_new),
    "inspect": (["inspect", "--write", "found.ini", "one.csv"], make_new),
    "calibrate": (["calibrate", "--quiet", "--force", "--out", "mine.ini", "one.csv"], make_calibrate),
    "policy": (["policy", "--check", "policy.ini"], make_score),
    "sources": (["sources", "--check", "source.ini"], make_source),
}


# What a run may leave behind that could not remove it, and where messages name a file that is made beside another.
LEFT = re.compile(r"(^|/)\.?kith-[^/]+(/|$)|^tmp/")
TARGETS = ("state", "mine.ini", "found.ini", "standard output", "tmp")


@pytest.fixture(params=JOBS)
def job(request, tmp_path):
    arguments, prepare = JOBS[request.param]
    made = Job(tmp_path, request.param, arguments, prepare)
    made.status, made.said = made.run()
    assert made.status in (0, 1), made.said
    made.after = made.content()
    assert made.after != made.before
    return made


def role(name, path):
    """What a call is for, however often it is made: all tables are written alike, all temporary names are one."""
    path = re.sub(r"\.?kith-[0-9A-Za-z.]+", "KITH", path)
    return name, re.sub(r"(standings|changes|flags|weeks|history|watch|rejects)\.csv", "TABLE", path)


def points(calls):
    """Which calls to fail: all of them, or the last of each role."""
    if LONG:
        return range(1, len(calls) + 1)
    return sorted({role(*call): n for n, call in enumerate(calls, 1)}.values())


def faults(name):
    writes = re.fullmatch("p?write|mk.*|fsync|rename.*|fflush|fclose|ftruncate", name)
    hard = ["EIO", "ENOSPC"] if LONG else ["ENOSPC" if writes else "EIO"]
    return [(how, lasting) for how in hard for lasting in ((False, True) if LONG else (False,))]


def check_message(job, said, failed):
    """It names what a call failed on: where all from one on fail, that may be a later one than the first."""
    assert said.startswith("kith: ") and said.endswith("\n"), said
    parts = [part for _, path in failed for part in os.path.relpath(path, job.folder).split("/") if part != "."]
    assert any(part in said for part in [*parts, *TARGETS]), (said, failed)


def check_moved_aside(job, said, now):
    """What could not be moved back is all there: where it stood, or where it is said to lie."""
    place = re.search(r"could not be moved back; it lies in (.+)$", said, re.MULTILINE)[1]
    for file, content in job.before.items():
        if file != "printed":
            assert content in (now.get(file), now.get(f"{place}/{os.path.basename(file)}")), file


def check_hard(job, status, said, failed):
    """One call has failed for good, or all from it on."""
    now = job.content()
    name = failed[0][0]
    if "could not be moved back" in said:
        assert status == 3 and len(failed) > 1
        check_moved_aside(job, said, now)
        return "told where it lies"
    removes = name in ("unlink", "unlinkat", "rmdir")
    left = {file for file in now if LEFT.search(file) and file not in job.after}
    assert removes or not left, left
    now = {file: content for file, content in now.items() if file not in left}
    printed = now["printed"]
    if status == job.status:
        assert now == job.after
        return "harmless"
    # Of what is printed, it may be the beginning; how far an export can be read is what an inspection tells.
    assert job.after["printed"].startswith(printed) or job.name == "inspect"
    wanted = [{**files, "printed": printed} for files in (job.before, job.after)]
    assert now in wanted
    # How far an export can be read with what was found is what an inspection tells, faults of the disk among it.
    if job.name == "inspect" and status == 1:
        assert b"cannot be read: " in printed
        return "told"
    assert status == 3
    check_message(job, said, failed)
    return "failed" if now == wanted[0] else "failed when all was done"


def test_failed_call_leaves_all_as_it_was_or_done(job, library, counts):
    job.restore()
    assert job.run(library) == (job.status, job.said)
    assert job.content() == job.after
    calls = job.calls()
    assert len(calls) > 2
    for n in points(calls):
        for how, lasting in faults(calls[n - 1][0]):
            job.restore()
            status, said = job.run(library, nth=n, how=how, lasting=lasting or "")
            failed = job.failed()
            if not failed:
                # A state that has just been begun is as long as its random key makes it.
                assert job.begins and n > len(job.calls()) and (status, said) == (job.status, job.said)
                continue
            counts[failed[0][0]][check_hard(job, status, said, failed)] += 1


def test_interrupted_and_short_calls_change_nothing(job, library, counts):
    job.restore()
    job.run(library)
    calls = job.calls()
    for n in points(calls):
        for how in ("EINTR", "short"):
            for lasting in (False, True) if LONG else (calls[n - 1][0] in ("read", "write", "pread", "pwrite"),):
                job.restore()
                outcome = job.run(library, nth=n, how=how, lasting=lasting or "")
                failed = job.failed()
                if not failed:
                    break
                name, path = failed[0]
                # zlib's reader of files takes an interruption for a fault; nothing is changed then, either.
                if how == "EINTR" and name == "read" and job.name == "repacked" and outcome[0] == 3:
                    assert {**job.content(), "printed": b""} == {**job.before, "printed": b""}
                    continue
                assert outcome == (job.status, job.said), (n, how, name, path)
                assert job.content() == job.after, (n, how, name, path)
                counts[name]["interrupted" if how == "EINTR" else "short"] += 1


def test_failed_call_of_the_library_is_told_and_costs_nothing(tmp_path):
    done = subprocess.run([os.environ["FILES"]], cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)},
                          capture_output=True, text=True, check=False)  # fmt: skip
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = re.search(r"(\d+) calls: (\d+) points failed, \d+ of them harmless; (\d+) interrupted", done.stdout)
    assert all(int(figure) > (150 if LONG else 80) for figure in figures.groups())
    assert not list(tmp_path.glob(".kith-*"))
    # A temporary file loses its name before anything is written to it; where that fails, it stays, empty.
    assert not any(path.stat().st_size for path in tmp_path.glob("kith-*"))
