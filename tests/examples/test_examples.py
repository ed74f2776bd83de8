# SPDX-License-Identifier: MIT
"""The example programs do what they say, on the sample community: compared with the command's tables."""

import csv
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "examples" / "data" / "community.csv"


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    out = tmp_path_factory.mktemp("tables")
    subprocess.run([os.environ["KITH"], "score", "--quiet", "--out", out, SAMPLE], check=True, timeout=120)
    return out


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_score_export_gives_the_commands_standings(tables):
    result = subprocess.run([os.environ["SCORE_EXPORT"], SAMPLE], capture_output=True, check=True, timeout=120)
    assert result.stdout == (tables / "standings.csv").read_bytes()


def test_score_export_tells_of_refused_rows(tmp_path):
    export = tmp_path / "bad.csv"
    export.write_text("time,member,kind\n2026-01-05,ana,dance\n2026-01-05,ana,post\n")
    result = subprocess.run([os.environ["SCORE_EXPORT"], export], capture_output=True, check=True, timeout=120)
    assert b"line 2 is refused for its kind: 2026-01-05,ana,dance\n1 events, 1 members\n" == result.stderr


def said_by_the_batch(tables):
    """What live_app says of every week but the last, which is still open when its input ends."""
    tiers = ["newcomer", "active", "veteran", "mentor"]
    weeks = [row["week"] for row in rows(tables / "weeks.csv")]
    changes, flags = rows(tables / "changes.csv"), rows(tables / "flags.csv")
    expected = []
    for week in weeks[:-1]:
        for change in changes:
            to = tiers.index(change["to"])
            if change["week"] == week and to > tiers.index(change["from"]):
                expected.append(f"{change['member']} rose to tier {to}")
        for flag in flags:
            if flag["week"] == week and flag["flag"] == "at_risk":
                expected.append(f"write to {flag['member']}")
    assert len(expected) > 50
    return expected


def live_app(state, lines):
    result = subprocess.run([os.environ["LIVE_APP"], state], input=b"".join(lines), capture_output=True, check=True,
                            timeout=120)
    return result.stdout.decode().splitlines()


def test_live_app_says_week_by_week_what_the_batch_says(tables, tmp_path):
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    assert live_app(tmp_path / "state", lines) == said_by_the_batch(tables)


@pytest.mark.parametrize("cut", [1, 2, 1000, 5000, 7312])
def test_live_app_goes_on_where_it_ended(tables, tmp_path, cut):
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    said = live_app(tmp_path / "state", lines[:cut]) + live_app(tmp_path / "state", lines)
    assert said == said_by_the_batch(tables)
    assert live_app(tmp_path / "state", lines) == []


def test_explain_tells_what_the_command_tells_of_the_last_review(tables):
    for row in rows(tables / "standings.csv")[::20]:
        name = row["member"]
        result = subprocess.run([os.environ["EXPLAIN"], SAMPLE, name], capture_output=True, check=True, timeout=120)
        said = result.stdout.decode()
        assert f"It finds {name} in tier {row['tier']}, with a score of {row['score']} of 100." in " ".join(said.split())
        command = subprocess.run([os.environ["KITH"], "explain", name, SAMPLE], capture_output=True, check=True,
                                 timeout=120)
        assert command.stdout.decode().startswith(f"{said}\nThe week of ")


def test_explain_knows_no_stranger():
    result = subprocess.run([os.environ["EXPLAIN"], SAMPLE, "nobody"], capture_output=True, timeout=120)
    assert result.returncode == 1
    assert b"KITH_UNKNOWN_MEMBER" in result.stderr


def test_examples_are_short():
    for path in (ROOT / "examples").glob("*.c"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 120, path.name
