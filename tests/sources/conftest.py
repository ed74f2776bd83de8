# SPDX-License-Identifier: MIT
"""What the tests of sources share: how the command is run, and where the ready descriptions are."""

import csv
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
READY = HERE.parent.parent / "lib" / "sources" / "ready"
NAMES = sorted(path.name.removesuffix(".policy.ini") for path in READY.glob("*.policy.ini"))
TABLES = ["standings.csv", "changes.csv", "flags.csv", "weeks.csv", "history.csv"]

csv.field_size_limit(1 << 24)


@pytest.fixture(scope="session")
def binary():
    """Path of the command under test."""
    path = os.environ.get("KITH")
    if not path or not os.access(path, os.X_OK):
        pytest.exit("the environment variable KITH must hold the path of the command", returncode=2)
    return os.path.abspath(path)


@pytest.fixture(scope="session")
def kith(binary):
    """Runs the command: kith("score", "--source", "slack", folder).returncode"""

    def run(*arguments, cwd=None):
        done = subprocess.run([binary, *map(str, arguments)], capture_output=True, timeout=120, cwd=cwd)
        done.out, done.err = done.stdout.decode(), done.stderr.decode()
        # A sanitizer's exit status is that of refused rows.
        assert "runtime error" not in done.err and "Sanitizer" not in done.err, done.err
        return done

    return run


@pytest.fixture
def score(kith):
    """Scores exports into a folder; gives the tables, the rejects as rows, and the summary."""

    def run(out, *arguments):
        done = kith("score", "--quiet", "--history", "--out", out, *arguments)
        assert done.returncode in (0, 1), done.err
        return tables(out), rejects(out), json.loads((out / "summary.json").read_text("utf-8"))

    return run


def tables(out):
    return {name: (out / name).read_bytes() for name in TABLES}


def rejects(out):
    """Rows of rejects.csv: file, line, column, reason, row."""
    path = out / "rejects.csv"
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = list(csv.reader(file))[1:]
    for row in rows:
        # Where JSON is at fault the column tells the byte, and what was expected there: tests of the library look at that.
        if row[3] == "json":
            assert re.match("byte [1-9][0-9]*: ", row[2]), row
            row[2] = ""
    return rows


def counts(summary):
    """Of a summary: how many events were taken, ignored, skipped and rejected."""
    events = summary["events"]
    return events["taken"], events["ignored"], events["skipped"], summary["rejects"]["total"]


sys.path.insert(0, str(HERE))
