# SPDX-License-Identifier: MIT
"""Rows that are refused: rejects.csv, the exit status, --max-rejects."""

import csv
import json

import pytest
from conftest import HEADER, result

BAD = [
    "2026-02-02,ana,dance,,",
    "2026-02-30,ana,post,,",
    "2026-02-02,ana,post,,0",
]


@pytest.fixture
def bad(events):
    return events("bad.csv", "2026-02-02,ana,post,,", *BAD)


def test_refused_rows_are_listed_and_status_is_1(kith, bad, tmp_path):
    done = kith("score", bad)
    assert (done.returncode, done.err) == (1, "")
    with open(tmp_path / "kith-out" / "rejects.csv", newline="") as file:
        listed = list(csv.reader(file))
    assert listed == [
        ["file", "line", "column", "reason", "row"],
        ["bad.csv", "3", "kind", "kind", BAD[0]],
        ["bad.csv", "4", "time", "time", BAD[1]],
        ["bad.csv", "5", "quantity", "quantity", BAD[2]],
    ]


def test_quiet_says_in_one_line_that_rows_were_refused(kith, bad, events):
    done = kith("score", "--quiet", bad)
    assert (done.returncode, done.out) == (1, "")
    assert done.err == "kith: 3 rows were refused: see kith-out/rejects.csv\n"
    done = kith("score", "--quiet", "--out", "there", events("one.csv", BAD[0]))
    assert (done.returncode, done.out) == (1, "")
    assert done.err == "kith: 1 row was refused: see there/rejects.csv\n"


# Exports of which kith knows no column: what each member is called, and how much of it can be used.
UNKNOWN = {
    "nested.ndjson": '{"author": {"name": "ana"}, "event": {"at": 1772442000000, "type": "message"}}\n',
    "array.json": '[{"when": "2026-03-02", "user": "ana", "action": "post"}]',
    "document.json": '{"messages": [{"when": "2026-03-02", "user": "ana", "action": "post"}]}',
    "pretty.json": '{\n  "messages": [\n    {"when": "2026-03-02", "user": "ana"}\n  ]\n}\n',
    "kinds.ndjson": '{"time": "2026-03-02", "member": "ana", "kind": "NewTopic"}\n' * 3,
    "kinds.csv": "time,member,kind\n2026-03-02,ana,NewTopic\n2026-03-02,ben,Reply\n2026-03-02,ben,post\n",
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_who_brings_an_export_of_another_sort_is_told_where_to_begin(kith, write, name):
    write(name, UNKNOWN[name])
    out = kith("score", name).out
    note = " ".join(out.partition("\nNote:")[2].split())
    words = "more rows were refused than taken" if name == "kinds.csv" else "no row could be used"
    assert note.startswith(f"{words}. 'kith inspect', with the same exports, tells what their fields are")
    assert "for --source." in note and max(map(len, out.splitlines())) <= 80
    # What is said is so.
    assert kith("inspect", name, "--write", "my.ini").returncode in (0, 1)
    write("other.ini", "[event]\ntime = nothing\nmember = there\nkind = 'post'\n[source]\nformat = ndjson\n")
    if name.endswith(".ndjson"):
        out = kith("score", "--source", "./other.ini", name).out
        assert "with the same\nexports and --source, tells" in out and max(map(len, out.splitlines())) <= 80


def test_rows_of_the_future_are_no_sign_of_another_sort(kith, events):
    out = kith("score", events("a.csv", "2026-02-02,ana,post,,", *["2999-02-02,ana,post,,"] * 3)).out
    assert "future" in out and "kith inspect" not in out


def test_column_is_named_as_in_the_header(kith, write, tmp_path):
    write("bad.csv", "when,member,what\n2026-02-02,ana,dance\n")
    assert kith("score", "bad.csv", "--column", "time=when", "--column", "kind=what").returncode == 1
    assert (tmp_path / "kith-out" / "rejects.csv").read_text().splitlines()[1].startswith("bad.csv,2,what,kind,")


def test_no_refused_row_no_file(kith, bad, small, tmp_path):
    assert kith("score", bad).returncode == 1
    assert kith("score", small).returncode == 0
    assert not (tmp_path / "kith-out" / "rejects.csv").exists()


def test_rows_from_several_exports_are_listed_in_their_order(kith, events, tmp_path):
    events("b.csv", BAD[0])
    events("a.csv", BAD[1])
    assert kith("score", "b.csv", "a.csv").returncode == 1
    lines = (tmp_path / "kith-out" / "rejects.csv").read_text().splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == ["b.csv", "a.csv"]


def test_many_refused_rows_have_one_header(kith, events, tmp_path):
    events("many.csv", *[f"2026-02-02,ana,dance,,{i}" for i in range(10000)])
    assert kith("score", "many.csv").returncode == 1
    with open(tmp_path / "kith-out" / "rejects.csv", newline="") as file:
        listed = list(csv.reader(file))
    assert [row[1] for row in listed] == ["line", *(str(i + 2) for i in range(10000))]
    told = json.loads((tmp_path / "kith-out" / "summary.json").read_text())
    assert told["tables"]["rejects.csv"] == 10000


def test_long_refused_rows_are_kept_whole(kith, write, tmp_path):
    rows = [f"2026-02-02,ana,{'x' * 700_000}{i},," for i in range(20)]
    write("long.csv", HEADER + "\n".join(rows) + "\n")
    assert kith("score", "long.csv").returncode == 1
    csv.field_size_limit(1 << 24)
    with open(tmp_path / "kith-out" / "rejects.csv", newline="") as file:
        assert [row[4] for row in csv.reader(file)][1:] == rows


def test_as_many_as_allowed_are_no_fault(kith, bad):
    assert kith("score", "--max-rejects", 3, bad).returncode == 1


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_more_than_allowed_change_nothing(kith, bad, small, tmp_path, allowed):
    assert kith("score", small).returncode == 0
    before = result(tmp_path / "kith-out")
    done = kith("score", "--max-rejects", allowed, bad)
    assert (done.returncode, done.out) == (3, "")
    rows_were = "row was" if allowed == 1 else "rows were"
    assert f"more than {allowed} {rows_were} refused" in done.err
    first = done.err.splitlines()[1]
    for part in ("bad.csv:3:", "kind 'dance'", "reason kind"):
        assert part in first
    assert result(tmp_path / "kith-out") == before


def test_allowed_over_all_exports_together(kith, events, tmp_path):
    events("a.csv", BAD[0])
    events("b.csv", BAD[1])
    assert kith("score", "--max-rejects", 1, "a.csv", "b.csv").returncode == 3
    assert not (tmp_path / "kith-out").exists()


def test_first_reject_without_a_column(kith, events):
    events("bad.csv", "2026-02-02,ana")
    done = kith("score", "--max-rejects", 0, "bad.csv")
    assert done.returncode == 3
    assert "bad.csv:2: more or fewer fields than the header (reason fields)" in done.err


def test_first_reject_is_escaped(kith, events):
    events("bad.csv", "2026-02-02,ana,\x1b[2Jdance\u009b,,")
    done = kith("score", "--max-rejects", 0, "bad.csv")
    assert "\\x1b[2Jdance\\x9b" in done.err and "\x1b" not in done.err and "\u009b" not in done.err
