# SPDX-License-Identifier: MIT
"""The programs under examples/ do on the sample community what the command does."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SAMPLE = ROOT / "examples" / "data" / "community.csv"
TIERS = ["newcomer", "active", "veteran", "mentor"]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    out = tmp_path_factory.mktemp("tables")
    subprocess.run([os.environ["KITH"], "score", "--quiet", "--out", out, SAMPLE], check=True, timeout=120)
    return out


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(name, *arguments, **options):
    command = [sys.executable, EXAMPLES / name, *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, timeout=120, env=environment, **options)


def test_score_export_gives_the_commands_standings(tables):
    result = run("score_export.py", SAMPLE)
    assert result.stdout == (tables / "standings.csv").read_bytes()


def test_score_export_reads_what_a_platform_gives(tmp_path):
    folder = ROOT / "tests" / "sources" / "slack" / "export"
    command = [os.environ["KITH"], "score", "--quiet", "--source", "slack", "--out", tmp_path, folder]
    subprocess.run(command, check=False, timeout=120)
    result = run("score_export.py", folder, "slack")
    assert result.stdout == (tmp_path / "standings.csv").read_bytes()
    unknown = run("score_export.py", folder, "slak")
    assert unknown.returncode == 1 and unknown.stderr.startswith(b"KITH_BAD_ARGUMENT: source: 'slak' is none of")


def test_score_export_tells_of_refused_rows(tmp_path):
    export = tmp_path / "bad.csv"
    export.write_text("time,member,kind\n2026-01-05,ana,dance\n2026-01-05,ana,post\n")
    result = run("score_export.py", export)
    assert result.returncode == 0
    assert result.stderr == b"line 2 is refused for its kind: 2026-01-05,ana,dance\n1 events, 1 members\n"


def test_score_export_says_what_it_cannot_read(tmp_path):
    result = run("score_export.py", tmp_path / "none.csv")
    assert result.returncode == 1
    assert result.stderr.startswith(b"KITH_INPUT_OUTPUT: ")


def said_by_the_batch(tables):
    """What live_app says of every week but the last, which is still open when its input ends."""
    weeks = [row["week"] for row in rows(tables / "weeks.csv")]
    changes, flags = rows(tables / "changes.csv"), rows(tables / "flags.csv")
    expected = []
    for week in weeks[:-1]:
        for change in changes:
            if change["week"] == week and TIERS.index(change["to"]) > TIERS.index(change["from"]):
                expected.append(f"{change['member']} rose to {change['to']}")
        for flag in flags:
            if flag["week"] == week and flag["flag"] == "at_risk":
                expected.append(f"write to {flag['member']}")
    assert len(expected) > 50
    return expected


def live_app(state, lines):
    result = run("live_app.py", state, input=b"".join(lines))
    assert (result.returncode, result.stderr) == (0, b"")
    return result.stdout.decode().splitlines()


def test_live_app_says_what_the_batch_says_however_often_it_is_ended(tables, tmp_path):
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    whole = live_app(tmp_path / "whole.kith", lines)
    assert whole == said_by_the_batch(tables)
    parts = [line for end in (2500, 5000, None) for line in live_app(tmp_path / "parts.kith", lines[:end])]
    assert parts == whole


def test_explain_tells_why():
    result = run("explain.py", SAMPLE, "Henrik")
    assert result.returncode == 0
    told = subprocess.run([os.environ["KITH"], "explain", "Henrik", SAMPLE], capture_output=True, check=True)
    assert result.stdout.strip() and told.stdout.startswith(result.stdout.rstrip() + b"\n")


def test_explain_knows_nobody_else():
    result = run("explain.py", SAMPLE, "nobody")
    assert result.returncode == 1
    assert b"nobody" in result.stderr
