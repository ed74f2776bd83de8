# SPDX-License-Identifier: MIT
"""Limits that a user sets: --max-row, --max-bytes, --max-members. Those of the library itself are in tests/hostile."""

import gzip

import pytest
from conftest import HEADER, result

ROWS = "".join(f"2026-02-{day:02},member {day},post,,\n" for day in range(2, 22))


@pytest.mark.parametrize("size", [4096, "4K"])
def test_longer_rows_are_refused_and_no_other(kith, write, tmp_path, size):
    write("long.csv", HEADER + "2026-02-02,ana,post,," + 4095 * " " + "\n" + ROWS)
    assert kith("score", "--out", "all", "long.csv").returncode == 1
    assert kith("score", "--max-row", size, "--out", "out", "long.csv").returncode == 1
    reasons = {name: (tmp_path / name / "rejects.csv").read_text().splitlines()[1].split(",")[3] for name in ("all", "out")}
    assert reasons == {"all": "quantity", "out": "fields"}


@pytest.mark.parametrize("packed", [False, True])
def test_an_export_of_more_bytes_changes_nothing(kith, small, tmp_path, packed):
    text = (HEADER + ROWS).encode()
    (tmp_path / "a.csv").write_bytes(gzip.compress(text) if packed else text)
    assert kith("score", "--max-bytes", len(text), "a.csv").returncode == 0
    before = result(tmp_path / "kith-out")
    done = kith("score", "--max-bytes", len(text) - 1, "a.csv")
    assert (done.returncode, done.out) == (3, "")
    assert "a.csv" in done.err and f"at most {len(text) - 1} bytes" in done.err
    assert result(tmp_path / "kith-out") == before


@pytest.mark.parametrize("threads", [1, 2])
def test_more_members_change_nothing(kith, write, tmp_path, threads):
    write("a.csv", HEADER + ROWS)
    assert kith("score", "--threads", threads, "--max-members", 20, "a.csv").returncode == 0
    before = result(tmp_path / "kith-out")
    done = kith("score", "--threads", threads, "--max-members", 19, "a.csv")
    assert (done.returncode, done.out) == (3, "")
    assert done.err == "kith: expected at most 19 members\n"
    assert result(tmp_path / "kith-out") == before


def test_an_update_has_them_too(kith, write, tmp_path):
    write("a.csv", HEADER + ROWS)
    update = ["update", "--state", "community.kith"]
    assert kith(*update, "--max-members", 19, "a.csv").returncode == 3
    assert kith(*update, "--max-bytes", 100, "a.csv").returncode == 3
    assert not (tmp_path / "community.kith").exists()
    assert kith(*update, "--max-members", 20, "--max-bytes", "1M", "--max-row", "4K", "a.csv").returncode == 0
    write("b.csv", HEADER + "2026-02-23,a stranger,post,,\n")
    assert kith(*update, "--max-members", 20, "b.csv").returncode == 3
    assert kith(*update, "--max-members", 21, "b.csv").returncode == 0
