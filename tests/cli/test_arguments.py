# SPDX-License-Identifier: MIT
"""Arguments of `kith score` that make no sense."""

import re

import pytest

FAULTS = {
    "no export": [],
    "no export behind options": ["--quiet"],
    "empty export": [""],
    "standard input twice": ["-", "-"],
    "unknown option": ["--nonsense", "events.csv"],
    "unknown option with a value": ["--nonsense=1", "events.csv"],
    "unknown letter": ["-q", "events.csv"],
    "ambiguous option": ["--h", "events.csv"],
    "value for a flag": ["--quiet=yes", "events.csv"],
    "value for help": ["--help=yes", "events.csv"],
    "policy without value": ["events.csv", "--policy"],
    "empty policy": ["--policy", "", "events.csv"],
    "empty out": ["--out=", "events.csv"],
    "until no day": ["--until", "tomorrow", "events.csv"],
    "until no such day": ["--until", "2026-02-30", "events.csv"],
    "until short": ["--until", "2026-2-3", "events.csv"],
    "until with a time": ["--until", "2026-02-03T00:00", "events.csv"],
    "until Unix seconds": ["--until", "1770000000", "events.csv"],
    "column without header": ["--column", "time", "events.csv"],
    "column with empty header": ["--column", "time=", "events.csv"],
    "column without field": ["--column", "=when", "events.csv"],
    "column unknown": ["--column", "points=score", "events.csv"],
    "column cut short": ["--column", "tim=when", "events.csv"],
    "column twice": ["--column", "time=a", "--column", "time=b", "events.csv"],
    "column same header": ["--column", "time=a", "--column", "kind=a", "events.csv"],
    "column header of another field": ["--column", "member=target", "events.csv"],
    "delimiter empty": ["--delimiter", "", "events.csv"],
    "delimiter of two": ["--delimiter", ";;", "events.csv"],
    "delimiter not ASCII": ["--delimiter", "\u00a7", "events.csv"],
    "delimiter quote": ["--delimiter", '"', "events.csv"],
    "delimiter line end": ["--delimiter", "\n", "events.csv"],
    "threads 0": ["--threads", "0", "events.csv"],
    "threads 65": ["--threads", "65", "events.csv"],
    "threads negative": ["--threads", "-1", "events.csv"],
    "threads empty": ["--threads", "", "events.csv"],
    "threads no number": ["--threads", "2x", "events.csv"],
    "memory 0": ["--memory", "0", "events.csv"],
    "memory too small": ["--memory", "1023K", "events.csv"],
    "memory no number": ["--memory", "M", "events.csv"],
    "memory unknown unit": ["--memory", "64T", "events.csv"],
    "memory huge": ["--memory", "17179869184G", "events.csv"],
    "threads huge": ["--threads", "18446744073709551617", "events.csv"],
    "max-rejects negative": ["--max-rejects", "-1", "events.csv"],
    "max-rejects no number": ["--max-rejects", "few", "events.csv"],
    "max-rejects huge": ["--max-rejects", "18446744073709551616", "events.csv"],
    "max-row too small": ["--max-row", "4095", "events.csv"],
    "max-row too large": ["--max-row", "1025M", "events.csv"],
    "max-row no number": ["--max-row", "long", "events.csv"],
    "max-bytes 0": ["--max-bytes", "0", "events.csv"],
    "max-bytes no number": ["--max-bytes", "64MB", "events.csv"],
    "max-members 0": ["--max-members", "0", "events.csv"],
    "max-members with a unit": ["--max-members", "1M", "events.csv"],
}


@pytest.mark.parametrize("arguments", FAULTS.values(), ids=FAULTS.keys())
def test_fault(kith, events, tmp_path, arguments):
    events("events.csv", "2026-02-02,ana,post,,")
    done = kith("score", *arguments)
    assert (done.returncode, done.out) == (2, "")
    assert re.fullmatch(r"kith: .+\nTry 'kith score --help'\.\n", done.err)
    assert not (tmp_path / "kith-out").exists()


def test_fault_names_the_value(kith):
    assert "'99'" in kith("score", "--threads", "99", "a.csv").err
    assert "'2026-02-30'" in kith("score", "--until", "2026-02-30", "a.csv").err


def test_control_characters_are_escaped(kith):
    assert kith("score", "--until", "\x1b[2J\x9b", "a.csv").err.count("'\\x1b[2J\\x9b'") == 1


def test_options_may_stand_behind_exports(kith, small, tmp_path):
    assert kith("score", small, "--quiet", "--out", "there").returncode == 0
    assert (tmp_path / "there" / "summary.json").exists()


def test_two_hyphens_end_the_options(kith, events):
    events("--quiet", "2026-02-02,ana,post,,")
    done = kith("score", "--", "--quiet")
    assert done.returncode == 0
    assert "1 event" in done.out
