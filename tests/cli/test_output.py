# SPDX-License-Identifier: MIT
"""The result folder: complete, or as it was before."""

import json
import os

import pytest
from conftest import TABLES, result

FILES = [*TABLES, "history.csv", "rejects.csv", "summary.json"]


@pytest.fixture
def bad(events):
    """One event, and one row that is refused."""
    return events("bad.csv", "2026-02-02,dora,post,,", "2026-02-02,dora,dance,,")


def test_folder_is_made(kith, small, tmp_path):
    assert kith("score", "--out", "there", small).returncode == 0
    assert set(result(tmp_path / "there")) == {*TABLES, "summary.json"}


def test_folder_is_used_and_what_else_is_in_it_left_alone(kith, small, write, tmp_path):
    write("kith-out/notes.txt", "mine")
    write("kith-out/weeks.csv", "old")
    assert kith("score", small).returncode == 0
    assert set(result(tmp_path / "kith-out")) == {*TABLES, "summary.json", "notes.txt"}
    assert (tmp_path / "kith-out" / "notes.txt").read_text() == "mine"


def test_stale_files_are_removed(kith, small, bad, tmp_path):
    assert kith("score", "--history", bad).returncode == 1
    assert set(result(tmp_path / "kith-out")) == set(FILES)
    assert kith("score", small).returncode == 0
    assert set(result(tmp_path / "kith-out")) == {*TABLES, "summary.json"}


def test_files_may_be_read_by_whom_the_umask_lets(kith, small, tmp_path):
    assert kith("score", small, umask=0o027).returncode == 0
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "kith-out").iterdir()} == {0o640}


def test_folder_may_be_a_link_and_have_a_slash(kith, small, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert kith("score", "--out", "link/", small).returncode == 0
    assert (tmp_path / "real" / "summary.json").exists()


def test_link_in_place_of_a_table_is_replaced_not_followed(kith, small, write, tmp_path):
    write("precious.csv", "mine")
    (tmp_path / "kith-out").mkdir()
    (tmp_path / "kith-out" / "weeks.csv").symlink_to("../precious.csv")
    assert kith("score", small).returncode == 0
    assert (tmp_path / "precious.csv").read_text() == "mine"
    assert not (tmp_path / "kith-out" / "weeks.csv").is_symlink()


@pytest.mark.parametrize("path", ["there/deep", "file", "file/deep"])
def test_folder_that_cannot_be_made(kith, small, write, tmp_path, path):
    write("file", "mine")
    done = kith("score", "--out", path, small)
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith(f"kith: {path}: ")
    assert set(result(tmp_path)) == {"file", "events.csv"}


@pytest.mark.parametrize("name", FILES)
def test_folder_in_place_of_a_file_is_left_alone(kith, small, write, tmp_path, name):
    write(f"kith-out/{name}/precious.txt", "mine")
    before = result(tmp_path)
    done = kith("score", small)
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith(f"kith: kith-out/{name}: ")
    assert result(tmp_path) == before


@pytest.mark.parametrize("name", ["history.csv", "rejects.csv", "weeks.csv"])
def test_export_is_never_replaced(kith, events, tmp_path, name):
    events(name, "2026-02-02,ana,post,,")
    before = result(tmp_path)
    done = kith("score", "--out", ".", name)
    assert (done.returncode, done.out) == (3, "")
    assert name in done.err
    assert result(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_without_permission(kith, small, tmp_path):
    (tmp_path / "kith-out").mkdir(mode=0o500)
    done = kith("score", small)
    assert (done.returncode, done.err) == (3, "kith: kith-out: cannot be written: Permission denied\n")


# Each call that a run makes on its way to a complete folder, failed one at a time until none is left to fail.
@pytest.mark.parametrize("call", ["mkdtemp", "openat", "write", "fsync", "mkdirat", "renameat"])
@pytest.mark.parametrize("there_before", [True, False])
def test_failed_call_leaves_what_stood_there(kith, small, bad, fail_calls, tmp_path, call, there_before):
    if there_before:
        assert kith("score", "--history", small).returncode == 0
    before = result(tmp_path)
    for nth in range(1, 100):
        done = kith("score", bad, env=fail_calls(call, nth))
        if done.returncode == 1:
            break
        assert (done.returncode, done.out) == (3, "")
        assert done.err.startswith("kith: kith-out") and "No space left on device" in done.err
        assert done.err.count("\n") == 1
        assert result(tmp_path) == before
    assert nth > 1
    assert set(result(tmp_path / "kith-out")) == {*TABLES, "rejects.csv", "summary.json"}
    assert json.loads((tmp_path / "kith-out" / "summary.json").read_text())["rejects"]["total"] == 1


def test_what_cannot_be_moved_back_is_not_lost(kith, small, bad, fail_calls, tmp_path):
    assert kith("score", small).returncode == 0
    before = result(tmp_path / "kith-out")
    done = kith("score", bad, env=fail_calls("renameat", 4, lasting=True))
    assert done.returncode == 3
    hidden = done.err.strip().rpartition(" ")[2]
    kept = result(tmp_path / "kith-out")
    for name, content in before.items():
        found = kept.get(name, kept.get(f"{hidden.removeprefix('kith-out/')}/{name}"))
        assert found == content
    assert not (tmp_path / "kith-out" / "summary.json").exists()


def test_fault_while_reading_leaves_what_stood_there(kith, small, write, tmp_path):
    assert kith("score", small).returncode == 0
    write("broken.csv.gz", b"\x1f\x8b\x08\x00damaged")
    before = result(tmp_path)
    assert kith("score", "broken.csv.gz").returncode == 3
    assert result(tmp_path) == before


def test_full_disk_at_stdout_is_a_fault_but_the_tables_are_whole(kith, small, tmp_path):
    with open("/dev/full", "wb") as full:
        done = kith("score", small, stdout=full)
    assert (done.returncode, done.err) == (3, "kith: standard output: cannot be written: No space left on device\n")
    assert set(result(tmp_path / "kith-out")) == {*TABLES, "summary.json"}
