# SPDX-License-Identifier: MIT
"""summary.json."""

import gzip
import json
import re

from conftest import HEADER, VECTORS


def summary(tmp_path):
    return json.loads((tmp_path / "kith-out" / "summary.json").read_text())


def test_summary_of_the_vector_of_rejects(kith, tmp_path):
    export = VECTORS / "rejects" / "events.csv"
    assert kith("score", export).returncode == 1
    told = summary(tmp_path)
    run = told.pop("run")
    digest = told["policy"].pop("digest")
    assert told == {
        "version": kith("--version").out.split()[1],
        "policy": {"file": None, "ready": None},
        "source": None,
        "inputs": [
            {
                "file": str(export), "bytes": export.stat().st_size, "rows": 26, "events": 5, "rejected": 21,
                "skipped": 0, "ignored": 0,
            },
        ],
        "events": {"taken": 5, "skipped": 0, "ignored": 0, "first": "2026-02-02T00:00:00Z", "last": "2026-02-04T00:00:00Z"},
        "members": 3,
        "rejects": {
            "total": 21,
            "by_reason": {
                "quote": 3, "fields": 3, "time": 6, "member": 3, "target": 0, "kind": 2, "quantity": 4, "late": 0,
                "future": 0, "json": 0,
            },
            "unknown_kinds": {"dance": 2},
            "other_unknown_kinds": 0,
        },
        "weeks": {"first": "2026-02-02", "last": "2026-02-02", "count": 1},
        "upside_down": None,
        "tables": {"standings.csv": 3, "changes.csv": 1, "flags.csv": 0, "weeks.csv": 1, "rejects.csv": 21},
        "spreadsheet": False,
    }  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{16}", digest)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", run["started"])
    assert run["seconds"] >= 0 and isinstance(run["events_per_second"], int)
    assert set(run) == {"started", "seconds", "events_per_second"}


def test_digest_is_that_of_the_policy(kith, small, write, tmp_path):
    write("my.ini", "[demotion]\ngrace_weeks = 3\n")
    checked = kith("policy", "--check", "my.ini").out.split()[-1]
    kith("score", "--policy", "my.ini", small)
    assert summary(tmp_path)["policy"] == {"file": "my.ini", "ready": None, "digest": checked}


def test_nothing_read(kith, events, tmp_path):
    events("none.csv")
    assert kith("score", "--history", "none.csv").returncode == 0
    told = summary(tmp_path)
    assert told["events"] == {"taken": 0, "skipped": 0, "ignored": 0, "first": None, "last": None}
    assert told["weeks"] == {"first": None, "last": None, "count": 0}
    assert told["tables"] == {
        "standings.csv": 0, "changes.csv": 0, "flags.csv": 0, "weeks.csv": 0, "history.csv": 0,
    }  # fmt: skip


def test_bytes_are_those_on_disk_and_unknown_for_a_pipe(kith, small, write, tmp_path):
    packed = write("packed.csv.gz", gzip.compress((HEADER + "2026-02-02,ana,post,,\n" * 1000).encode()))
    assert kith("score", small, "packed.csv.gz", "-", stdin=HEADER.encode()).returncode == 0
    inputs = summary(tmp_path)["inputs"]
    assert [item["bytes"] for item in inputs] == [small.stat().st_size, packed.stat().st_size, None]
    assert [item["events"] for item in inputs] == [5, 1000, 0]
    assert [item["file"] for item in inputs] == [str(small), "packed.csv.gz", "-"]


def test_any_name_is_valid_json(kith, write, tmp_path):
    row = b'2026-02-02,ana,"da""n\\c\te\x1b\x00\xff",,\n'
    write(b"\xff.csv".decode("utf-8", "surrogateescape"), HEADER.encode() + row)
    assert kith("score", b"\xff.csv".decode("utf-8", "surrogateescape")).returncode == 1
    told = summary(tmp_path)
    assert told["inputs"][0]["file"] == "\ufffd.csv"
    assert told["rejects"]["unknown_kinds"] == {'da"n\\c\te\x1b\ufffd\ufffd': 1}


def test_unknown_kinds_are_bounded(kith, events, tmp_path):
    events("many.csv", *[f"2026-02-02,ana,kind {i:04},," for i in range(1200)], "2026-02-02,ana,kind 0000,,")
    done = kith("score", "many.csv")
    assert done.returncode == 1
    rejects = summary(tmp_path)["rejects"]
    assert len(rejects["unknown_kinds"]) == 1000
    assert rejects["unknown_kinds"]["kind 0000"] == 2
    assert rejects["other_unknown_kinds"] == 200
    assert re.search(r"^ +1,190  others$", done.out, re.M)


def test_only_run_differs_from_one_run_to_the_next(kith, small, tmp_path):
    told = []
    for _ in range(2):
        kith("score", small)
        told.append(summary(tmp_path))
        told[-1].pop("run")
    assert told[0] == told[1]
