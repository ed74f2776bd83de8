# SPDX-License-Identifier: MIT
"""Ids of events: rows that come again count once."""

import gzip
import json
import re

from conftest import result

HEADER = "id,time,member,kind,target\n"
ROWS = [
    "1,2026-02-02,ana,article,",
    "2,2026-02-03,ben,like,ana",
    "3,2026-02-05,cleo,post,",
    "4,2026-02-10,ana,comment,ben",
    "5,2026-02-12,ben,article,",
]


def text(rows):
    return HEADER + "".join(row + "\n" for row in rows)


def tables(folder):
    return {name: data for name, data in result(folder).items() if name != "summary.json"}


def summary(folder):
    return json.loads((folder / "summary.json").read_text())


def test_exports_that_overlap_count_once(kith, write, tmp_path):
    write("all.csv", text(ROWS))
    write("first.csv", text(ROWS[:4]))
    write("second.csv.gz", gzip.compress(text(ROWS[1:] + ROWS[4:]).encode()))
    assert kith("score", "--out", "once", "all.csv").returncode == 0
    done = kith("score", "--out", "twice", "first.csv", "second.csv.gz")
    assert done.returncode == 0
    assert tables(tmp_path / "once") == tables(tmp_path / "twice")
    assert "\n  4 rows were left out, as their id was there already\n" in done.out
    assert re.search(r"\n  second\.csv\.gz +5 rows .* B  4 left out\n", done.out)
    told = summary(tmp_path / "twice")
    assert told["events"]["taken"] == 5 and told["events"]["skipped"] == 4
    assert [item["skipped"] for item in told["inputs"]] == [0, 4]
    assert [item["events"] for item in told["inputs"]] == [4, 1]
    assert [item["rows"] for item in told["inputs"]] == [4, 5]


def test_one_row_is_told_of_as_one(kith, write):
    write("a.csv", text(ROWS + ROWS[:1]))
    assert "\n  1 row was left out, as its id was there already\n" in kith("score", "a.csv").out
    write("b.csv", text(ROWS))
    assert "left out" not in kith("score", "b.csv").out


def test_rows_without_an_id_always_count(kith, write, tmp_path):
    write("a.csv", text([",2026-02-02,ana,post,"] * 3))
    assert kith("score", "a.csv").returncode == 0
    told = summary(tmp_path / "kith-out")
    assert told["events"]["taken"] == 3 and told["events"]["skipped"] == 0


def test_a_row_that_is_refused_has_not_taken_its_id(kith, write, tmp_path):
    write("a.csv", text(["7,2026-02-02,ana,dance,", "7,2026-02-02,ana,post,", "7,2026-02-02,ana,dance,"]))
    assert kith("score", "a.csv").returncode == 1
    told = summary(tmp_path / "kith-out")
    assert told["events"]["taken"] == 1 and told["events"]["skipped"] == 0 and told["rejects"]["total"] == 2


def test_the_column_of_ids_may_have_another_name(kith, write, tmp_path):
    rows = "".join(f"{id},{key},2026-02-02,ana,post\n" for id, key in (("1", "a"), ("1", "b"), ("2", "a")))
    write("a.csv", "id,key,time,member,kind\n" + rows)
    assert kith("score", "--column", "id=key", "a.csv").returncode == 0
    assert summary(tmp_path / "kith-out")["events"]["skipped"] == 1
    done = kith("score", "--column", "id=uuid", "a.csv")
    assert done.returncode == 3 and "uuid" in done.err


def test_a_column_called_id_may_be_the_members(kith, write, tmp_path):
    write("a.csv", "id,time,kind\n" + "17,2026-02-02,post\n" * 3)
    assert kith("score", "--column", "member=id", "a.csv").returncode == 0
    told = summary(tmp_path / "kith-out")
    assert told["events"]["taken"] == 3 and told["members"] == 1
    done = kith("score", "--column", "member=id", "--column", "id=id", "a.csv")
    assert done.returncode == 2 and "member and id would both be read from the column 'id'" in done.err
