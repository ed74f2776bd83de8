# SPDX-License-Identifier: MIT
"""Exports that are folders, and patterns."""

import gzip
import json
import os
import random
import resource

import pytest
from conftest import HEADER, TABLES, result
from update_support import Job

WHAT_IS_LOOKED_FOR = (
    "there is no export in this folder: no file in it or below has a name that ends in .csv, .tsv, .json, .ndjson or "
    ".jsonl, or in one of these and .gz"
)


def export(member, day="2026-02-02"):
    return f"{HEADER}{day},{member},post,,\n"


@pytest.fixture
def tree(write):
    """Exports of these paths, each of a member of its own: tree("logs/a.csv", ...)"""

    def tree(*paths):
        for number, path in enumerate(paths):
            text = export(f"m{number}").encode()
            write(path, gzip.compress(text) if path.endswith(".gz") else text)

    return tree


def inputs(folder):
    """Exports that were read, in their order."""
    return [item["file"] for item in json.loads((folder / "kith-out" / "summary.json").read_text())["inputs"]]


def tables(folder):
    return {name: (folder / name).read_bytes() for name in TABLES}


# ---- what is read ----


def test_exports_of_a_folder_are_read_in_the_order_of_their_paths(kith, tree, tmp_path):
    names = ["a.csv", "a/b.csv", "a/B.csv", "a/z/1.csv", "a0.csv", "a-b/c.csv", "b.csv.gz", "Z.csv", "10.csv", "9.csv"]
    names.append("\u00e9.csv")
    random.Random(3).shuffle(names)
    tree(*(f"logs/{name}" for name in names))
    assert kith("score", "logs").returncode == 0
    assert inputs(tmp_path) == [f"logs/{name}" for name in sorted(names, key=str.encode)]


def test_folder_gives_what_its_files_give(kith, tree, tmp_path):
    tree("logs/b.csv", "logs/a/c.csv", "logs/d.csv.gz")
    assert kith("score", "--out", "one", "logs").returncode == 0
    assert kith("score", "--out", "two", "logs/d.csv.gz", "logs/b.csv", "logs/a/c.csv").returncode == 0
    assert tables(tmp_path / "one") == tables(tmp_path / "two")


def test_folders_and_files_are_read_in_the_order_given(kith, tree, tmp_path):
    tree("z/2.csv", "z/1.csv", "m.csv", "a/3.csv")
    assert kith("score", "z", "m.csv", "-", "a/", stdin=HEADER.encode()).returncode == 0
    assert inputs(tmp_path) == ["z/1.csv", "z/2.csv", "m.csv", "-", "a/3.csv"]


def test_names_tell_which_files_of_a_folder_are_exports(kith, tree, write, tmp_path):
    tree("logs/a.csv", "logs/b.tsv", "logs/c.csv.gz", "logs/.hidden.csv", "logs/.git/x.csv", "logs/d/.x/y.csv")
    for name in ("README", "notes.txt", "a.csv.bak", "csv", ".csv", "a.csv~", "x.CSV", "a.csv.zip", "a.gz"):
        write(f"logs/{name}", "no export\n")
    assert kith("score", "logs").returncode == 0
    assert inputs(tmp_path) == ["logs/a.csv", "logs/b.tsv", "logs/c.csv.gz"]


def test_file_given_by_its_name_is_read_whatever_that_is(kith, tree, tmp_path):
    tree("logs/.hidden", "logs/data.txt", "logs/a.csv")
    assert kith("score", "logs/.hidden", "logs/data.txt").returncode == 0
    assert inputs(tmp_path) == ["logs/.hidden", "logs/data.txt"]


def test_folder_without_an_export_is_a_fault(kith, tree, tmp_path):
    tree("logs/a.txt", "logs/.b.csv")
    (tmp_path / "logs" / "deep" / "er").mkdir(parents=True)
    before = result(tmp_path)
    done = kith("score", "logs")
    assert (done.returncode, done.out, done.err) == (3, "", f"kith: logs: {WHAT_IS_LOOKED_FOR}\n")
    assert result(tmp_path) == before


def test_fault_of_an_export_in_a_folder_names_it(kith, tree, write, tmp_path):
    tree("logs/a.csv")
    write("logs/deep/bad.csv", "when,who\n")
    done = kith("score", "logs")
    assert done.returncode == 3
    assert done.err.startswith("kith: logs/deep/bad.csv:1: ")
    assert not (tmp_path / "kith-out").exists()


# ---- the result ----


def test_result_within_the_folder_is_not_read_again(kith, tree, tmp_path):
    tree("a.csv", "out/b.csv")
    for _ in range(2):
        assert kith("score", ".").returncode == 0
        assert inputs(tmp_path) == ["./a.csv", "./out/b.csv"]
    assert kith("score", "--out", "./out/../made", ".").returncode == 3, "tables of the run before are no exports"
    (tmp_path / "kith-out").rename(tmp_path / "made")
    assert kith("score", "--out", "./out/../made", ".").returncode == 0
    assert kith("explain", "--until", "2026-02-09", "m0", "out", "a.csv").returncode == 0


def test_result_that_a_pattern_finds_is_not_read(kith, tree, tmp_path):
    tree("a.csv", "out/b.csv")
    for _ in range(2):
        assert kith("score", "*").returncode == 0
        assert inputs(tmp_path) == ["a.csv", "out/b.csv"]


def test_result_that_would_replace_an_export_is_refused(kith, tree, tmp_path):
    tree("logs/weeks.csv", "logs/a.csv")
    before = result(tmp_path)
    done = kith("score", "--out", "logs", "logs")
    assert (done.returncode, done.out) == (3, "")
    assert done.err == "kith: logs/weeks.csv: is one of the files to be read, and would be replaced\n"
    assert result(tmp_path) == before


# ---- links, and what is no file ----


def test_links_to_files_are_followed_and_links_to_folders_are_not(kith, tree, tmp_path):
    tree("logs/a.csv", "elsewhere/b.data", "elsewhere/c.csv")
    (tmp_path / "logs" / "b.csv").symlink_to("../elsewhere/b.data")
    (tmp_path / "logs" / "linked").symlink_to("../elsewhere")
    (tmp_path / "logs" / "loop").symlink_to("..")
    (tmp_path / "logs" / "self.csv").symlink_to(".")
    assert kith("score", "logs").returncode == 0
    assert inputs(tmp_path) == ["logs/a.csv", "logs/b.csv"]
    assert kith("score", "logs/linked").returncode == 0, "a link that is given is followed"
    assert inputs(tmp_path) == ["logs/linked/c.csv"]


def test_link_that_leads_nowhere_is_a_fault_where_it_would_be_an_export(kith, tree, tmp_path):
    tree("logs/a.csv")
    (tmp_path / "logs" / "gone.txt").symlink_to("nowhere")
    assert kith("score", "logs").returncode == 0
    (tmp_path / "logs" / "gone.csv").symlink_to("nowhere")
    done = kith("score", "logs")
    assert (done.returncode, done.err) == (3, "kith: logs/gone.csv: cannot be read: No such file or directory\n")


def test_what_is_no_file_is_passed_over(kith, tree, tmp_path):
    tree("logs/a.csv")
    os.mkfifo(tmp_path / "logs" / "pipe.csv")
    (tmp_path / "logs" / "folder.csv").mkdir()
    assert kith("score", "logs").returncode == 0
    assert inputs(tmp_path) == ["logs/a.csv"]


def test_one_file_by_two_paths_is_refused(kith, tree, tmp_path):
    tree("logs/a.csv", "logs/b.csv")
    done = kith("score", "logs", "logs/b.csv")
    assert done.returncode == 2
    assert "kith: 'logs/b.csv' is given twice, and its events would count twice\n" in done.err
    assert "'logs/a.csv' and './logs/a.csv' are one file" in kith("score", "logs/a.csv", "./logs/a.csv").err
    os.link(tmp_path / "logs" / "a.csv", tmp_path / "logs" / "c.csv")
    done = kith("score", "logs")
    assert (done.returncode, done.out) == (2, "")
    assert done.err.startswith("kith: 'logs/a.csv' and 'logs/c.csv' are one file, and its events would count twice\n")


# ---- many ----


def limited(files):
    """A process that may have no more files open."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def test_thousands_of_exports_need_no_more_open_files_than_one(kith, write, tmp_path):
    for number in range(3000):
        write(f"logs/{number % 50}/{number}.csv", export(f"m{number}", f"2026-02-{2 + number % 7:02}"))
    done = kith("score", "logs", preexec_fn=limited(16))
    assert (done.returncode, done.err) == (0, "")
    assert "Read 3,000 rows of 3,000 exports\n" in done.out and "and 2,990 more, listed in summary.json" in done.out
    names = inputs(tmp_path)
    assert len(names) == 3000 and names == sorted(names)
    assert len((tmp_path / "kith-out" / "standings.csv").read_text().splitlines()) == 3001


def test_folders_may_lie_deep(kith, write, tmp_path):
    path = "/".join(["d"] * 400)
    write(f"{path}/a.csv", export("ana"))
    assert kith("score", "d", preexec_fn=limited(16)).returncode == 0
    assert inputs(tmp_path) == [f"{path}/a.csv"]


# ---- patterns ----


def test_pattern_that_no_shell_has_expanded(kith, tree, tmp_path):
    tree("2015-01-02.csv", "2015-01-01.csv.gz", "2015-02-01.csv", "2015-01-x.txt", ".2015-01-03.csv")
    assert kith("score", "2015-01-*").returncode == 0
    assert inputs(tmp_path) == ["2015-01-01.csv.gz", "2015-01-02.csv", "2015-01-x.txt"]
    assert kith("score", "2015-0?-0[1]*", "./2015-01-02.csv").returncode == 0
    assert inputs(tmp_path) == ["2015-01-01.csv.gz", "2015-02-01.csv", "./2015-01-02.csv"]


def test_pattern_of_folders(kith, tree, tmp_path):
    tree("a1/x.csv", "a1/x.txt", "a2/y.csv", "b/z.csv")
    assert kith("score", "a*").returncode == 0
    assert inputs(tmp_path) == ["a1/x.csv", "a2/y.csv"]
    assert kith("score", "*/[xz].*").returncode == 0
    assert inputs(tmp_path) == ["a1/x.csv", "a1/x.txt", "b/z.csv"]


def test_file_whose_name_looks_like_a_pattern(kith, tree, tmp_path):
    tree("a[1].csv", "a1.csv", "b*.csv", "b2.csv")
    assert kith("score", "a[1].csv", "b*.csv").returncode == 0
    assert inputs(tmp_path) == ["a[1].csv", "b*.csv"]


def test_pattern_that_nothing_fits(kith, tree, tmp_path):
    tree("a.csv")
    done = kith("score", "a.csv", "b*.csv")
    assert (done.returncode, done.out) == (3, "")
    assert done.err == "kith: b*.csv: there is no file of this name, nor one that fits it as a pattern\n"
    assert not (tmp_path / "kith-out").exists()
    assert kith("score", "b.csv").err == "kith: b.csv: cannot be read: No such file or directory\n"


# ---- other commands ----


def test_update_takes_what_is_new_in_a_folder(kith, write, tmp_path):
    job = Job(kith, tmp_path)
    write("logs/2026/02-02.csv", export("ana", "2026-02-02"))
    assert job.run("logs").returncode == 0
    write("logs/2026/02-09.csv", export("ben", "2026-02-09"))
    write("logs/2026/02-02.csv", export("ana", "2026-02-02") + "2026-02-03,cat,post,,\n")
    assert job.run("logs").returncode == 0
    told = [(item["file"], item["novelty"], item["events"]) for item in job.summary()["inputs"]]
    assert told == [("logs/2026/02-02.csv", "grown", 1), ("logs/2026/02-09.csv", "new", 1)]
    assert job.run("logs").returncode == 0
    assert [item["novelty"] for item in job.summary()["inputs"]] == ["read before"] * 2
    assert kith("score", "--out", "once", "--until", "2026-02-09", "logs").returncode == 0
    assert job.gave() == tables(tmp_path / "once")


def test_overlapping_exports_may_be_a_folder(kith, write, tmp_path):
    job = Job(kith, tmp_path)
    write("last30/a.csv", export("ana", "2026-02-02"))
    write("last30/b.csv", export("ben", "2026-02-03"))
    assert job.run("--overlapping", "last30").returncode == 0
    assert job.run("--overlapping", "last30").returncode == 0
    assert [item["novelty"] for item in job.summary()["inputs"]] == ["read before"] * 2
    write("last30/c.csv", export("cat", "2026-02-04"))
    assert job.run("--overlapping", "last30").returncode == 0
    assert job.summary()["events"]["taken"] == 3


def test_explain_reads_folders_and_patterns(kith, tree):
    tree("logs/a.csv", "logs/b.csv")
    by_folder = kith("explain", "m1", "logs")
    assert (by_folder.returncode, by_folder.err) == (0, "")
    assert kith("explain", "m1", "logs/*.csv").out == by_folder.out
    assert kith("explain", "m1", "logs/a.csv", "logs/b.csv").out == by_folder.out


def test_calibrate_reads_folders(kith, write):
    for day in range(1, 71):
        moment = 1_735_516_800 + day * 86400
        rows = [f"{moment},m{i},post,,{1 + i % 5}" for i in range(40) if (day + i) % 3]
        write(f"logs/{day:02}.csv", HEADER + "\n".join(rows) + "\n")
    by_folder = kith("calibrate", "--quiet", "logs")
    assert (by_folder.returncode, by_folder.err) == (0, "")
    assert kith("calibrate", "--quiet", "logs/*").out == by_folder.out


# ---- faults ----


@pytest.mark.parametrize("call", ["opendir", "readdir"])
def test_folder_that_cannot_be_read(kith, tree, fail_calls, tmp_path, call):
    tree("logs/a.csv", "logs/b/c.csv")
    before = result(tmp_path)
    faults = set()
    for nth in range(1, 20):
        done = kith("score", "logs", env=fail_calls(call, nth))
        if done.returncode == 0:
            break
        assert (done.returncode, done.out) == (3, "")
        faults.add(done.err)
        assert result(tmp_path) == before
    words = "cannot be read: No space left on device"
    assert faults == {f"kith: logs: {words}\n", f"kith: logs/b: {words}\n"}


def test_memory_that_runs_out_while_a_folder_is_read(kith, tree, fail_malloc, tmp_path):
    tree("logs/a.csv", "logs/b/c.csv")
    before = result(tmp_path)
    for nth in range(1, 400):
        done = kith("score", "--quiet", "logs", "log*/b/*", "logs[x]", env=fail_malloc(nth))
        assert done.returncode in (2, 3) and result(tmp_path) == before
        if "memory" not in done.err:
            break
    assert nth > 12 and "logs[x]" in done.err
