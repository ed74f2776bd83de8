# SPDX-License-Identifier: MIT
"""What earlier versions made of the same exports, byte for byte: every table, and all that is JSON."""

import csv
import json
import os
import re
from pathlib import Path

import pytest
import runs

HERE = Path(__file__).resolve().parent
FORMS = sorted(path for path in HERE.iterdir() if re.fullmatch(r"v\d+", path.name))
INPUTS = {"events.csv", "events.ndjson", "policy.ini"}


@pytest.fixture(scope="module", params=FORMS, ids=lambda path: path.name)
def form(request):
    return request.param


@pytest.fixture(scope="module")
def kept(form):
    paths = (path for path in form.rglob("*") if path.is_file())
    files = {str(path.relative_to(form)): path.read_bytes() for path in paths}
    return {name: content for name, content in files.items() if name not in INPUTS}


@pytest.fixture(scope="module")
def made(form):
    return runs.results(os.environ["KITH"], form)


def rows(kept, table):
    return list(csv.DictReader(kept[f"score/{table}.csv"].decode("utf-8").splitlines(keepends=True)))


def test_results_are_those_of_before(kept, made):
    assert set(made) == set(kept)
    assert [name for name in kept if made[name] != kept[name]] == []


def test_no_kept_json_is_damaged_by_masking(kept):
    for name, content in kept.items():
        if name.endswith(".json"):
            json.loads(content.replace(b"RUN", b"0"))


def test_what_is_kept_has_one_of_everything(kept):
    """Else a change of how it is written would go unseen."""
    for table in ("standings", "changes", "flags", "weeks", "history", "watch", "rejects"):
        columns = rows(kept, table)[0].keys()
        assert all(any(row[column] for row in rows(kept, table)) for column in columns), table
    history = rows(kept, "history")
    assert {row["tier"] for row in history} == {"newcomer", "active", "veteran", "mentor"}
    assert {row["stage"] for row in history} == {"new", "returned", "core", "active", "away", "silent", "dormant"}
    flags = {row["flag"] for row in rows(kept, "flags")}
    assert flags == {"silent", "dormant", "drop", "stalled", "returned", "at_risk"}
    assert {row["reason"] for row in rows(kept, "changes")} == {"promoted", "skipped", "dormant", "demoted"}
    reasons = {row["reason"] for row in rows(kept, "rejects")}
    assert reasons == {"time", "kind", "fields", "quote", "member", "target", "quantity", "future", "json"}
    assert any('"' in row["member"] for row in history) and any("\n" in row["member"] for row in history)
    assert b"'=HYPERLINK" in kept["spreadsheet/standings.csv"]
