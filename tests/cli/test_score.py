# SPDX-License-Identifier: MIT
"""What `kith score` makes of exports: the tables, whatever way the events come in."""

import gzip
import random
import shutil

import pytest
from conftest import HEADER, TABLES, VECTORS, rows

MONDAY = 1767571200  # 2026-01-05
CASES = sorted(path.name for path in VECTORS.iterdir()) if VECTORS.is_dir() else []


@pytest.fixture
def tables(kith, tmp_path):
    """Scores, and gives the tables: tables("a.csv", "--threads", 2)"""

    def tables(*arguments, stdin=b"", status=0):
        done = kith("score", "--quiet", "--out", "result", *arguments, stdin=stdin)
        assert (done.returncode, done.out, done.err) == (status, "", "")
        return {name: (tmp_path / "result" / name).read_bytes() for name in TABLES}

    return tables


@pytest.mark.parametrize("case", CASES)
def test_vector(kith, tmp_path, case):
    folder = VECTORS / case
    policy = ["--policy", folder / "policy.ini"] if (folder / "policy.ini").exists() else []
    refused = (folder / "expected" / "rejects.csv").exists()
    done = kith("score", *policy, folder / "events.csv")
    assert (done.returncode, done.err) == (1 if refused else 0, "")
    expected = {path.name: path.read_bytes() for path in (folder / "expected").iterdir()}
    assert {name: (tmp_path / "kith-out" / name).read_bytes() for name in expected} == expected
    assert (tmp_path / "kith-out" / "rejects.csv").exists() == refused


def test_standard_input(tables, small):
    assert tables("-", stdin=small.read_bytes()) == tables(small)


def test_standard_input_from_a_file(tables, small):
    with open(small, "rb") as file:
        assert tables("-", stdin=file) == tables(small)


def test_gzip_is_recognised_by_content(tables, small, write):
    whole = tables(small)
    packed = gzip.compress(small.read_bytes())
    write("packed.csv", packed)
    assert tables("packed.csv") == whole
    assert tables("-", stdin=packed) == whole


def test_several_exports_are_one_community(tables, small, write):
    whole = tables(small)
    lines = small.read_text().splitlines(keepends=True)[1:]
    write("one.csv", HEADER + "".join(lines[3:]))
    write("two.csv", HEADER + "".join(lines[:2]))
    assert tables("one.csv", "-", "two.csv", stdin=(HEADER + lines[2]).encode()) == whole


@pytest.fixture
def large(write):
    """An export in no order, of which open weeks take some ten times a mebibyte."""
    chance = random.Random(11)
    kinds = ["post", "comment", "like", "reply", "login", "help", "welcome"]
    def row():
        time = MONDAY + chance.randrange(8 * 7 * 86400)
        member, target = chance.randrange(4000), chance.randrange(4000)
        return f"{time},m{member},{chance.choice(kinds)},{'' if target % 5 == 0 else f'm{target}'}\n"

    return write("large.csv", "time,member,kind,target\n" + "".join(row() for _ in range(60_000)))


@pytest.mark.parametrize("memory", ["1M", "3000K", "1G", "1048576"])
def test_memory_changes_nothing(tables, large, memory):
    assert tables(large, "--memory", memory) == tables(large)


def test_memory_goes_to_the_folder_for_temporary_files_and_leaves_nothing(kith, large, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    assert kith("score", "--memory", "1M", large, env={"TMPDIR": str(folder)}).returncode == 0
    assert list(folder.iterdir()) == []


def test_no_room_for_what_is_beyond_memory_is_a_fault(kith, large, tmp_path):
    missing = tmp_path / "missing"
    done = kith("score", "--memory", "1M", "--out", "out", large, env={"TMPDIR": str(missing)})
    assert (done.returncode, done.out) == (3, "")
    assert f"{missing}/kith-" in done.err and "temporary file cannot be made" in done.err
    assert not (tmp_path / "out" / "summary.json").exists()


@pytest.mark.parametrize("threads", [1, 2, 64])
def test_threads_change_nothing(tables, small, threads):
    assert tables(small, "--threads", threads) == tables(small)


def test_columns_by_other_names(tables, small, write):
    other = small.read_text().replace(HEADER, "when,who,what,whom,how many\n")
    write("other.csv", other)
    names = ["time=when", "member=who", "kind=what", "target=whom", "quantity=how many"]
    arguments = [word for name in names for word in ("--column", name)]
    assert tables("other.csv", *arguments) == tables(small)


def test_header_may_hold_an_equals_sign(tables, small, write):
    write("other.csv", small.read_text().replace("time", "a=b", 1))
    assert tables("other.csv", "--column", "time=a=b") == tables(small)


def test_two_fields_may_swap_their_columns(tables, events):
    events("plain.csv", "2026-02-02,ana,like,ben,")
    events("swapped.csv", "2026-02-02,ben,like,ana,")
    swapped = tables("swapped.csv", "--column", "member=target", "--column", "target=member")
    assert swapped == tables("plain.csv")


@pytest.mark.parametrize("name, byte", [(";", ";"), ("tab", "\t"), ("\\t", "\t"), ("\t", "\t"), ("|", "|"), ("!", "!")])
def test_delimiter(tables, small, write, name, byte):
    write("other.csv", small.read_text().replace(",", byte))
    assert tables("other.csv", "--delimiter", name) == tables(small)


def test_delimiter_is_found(tables, small, write):
    write("other.csv", small.read_text().replace(",", ";"))
    assert tables("other.csv") == tables(small)


def test_wrong_delimiter_is_a_fault_of_the_export(kith, small):
    done = kith("score", "--delimiter", ";", small)
    assert (done.returncode, done.out) == (3, "")
    assert "events.csv" in done.err


def test_until_leaves_later_weeks_out(tables, small, events, tmp_path):
    events("first.csv", "2026-02-02,ana,post,,", "2026-02-03,ben,like,ana,", "2026-02-08T20:00:00Z,cleo,login,,")
    first = tables("first.csv")
    assert tables(small, "--until", "2026-02-09") == first
    assert tables(small, "--until", "2026-02-15") == first
    assert rows(tmp_path / "result" / "weeks.csv")[0].startswith("2026-02-02,3,")


def test_until_takes_later_weeks_in(tables, small, tmp_path):
    tables(small, "--until", "2026-03-02")
    assert [row[:10] for row in rows(tmp_path / "result" / "weeks.csv")] == [
        "2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23",
    ]  # fmt: skip


def test_until_goes_by_the_clock_of_the_community(kith, small, write, tmp_path):
    # There the week begins at 16:00 UTC of the Sunday: cleo's act and ben's second one belong to the week after.
    write("my.ini", "[calendar]\nutc_offset = +08:00\n")
    done = kith("score", "--policy", "my.ini", "--until", "2026-02-16", small)
    assert done.returncode == 0
    weeks = [row.split(",")[:3] for row in rows(tmp_path / "kith-out" / "weeks.csv")]
    assert weeks == [["2026-02-02", "2", "2"], ["2026-02-09", "3", "2"]]


def test_until_before_any_event_can_be_reviews_nothing(tables, small, tmp_path):
    tables(small, "--until", "1969-12-31")
    assert rows(tmp_path / "result" / "weeks.csv") == []


@pytest.mark.parametrize("day", ["9998-12-31", "9999-12-31"])
def test_too_many_weeks_are_a_fault(kith, small, tmp_path, day):
    done = kith("score", "--until", day, small)
    assert (done.returncode, done.out) == (3, "")
    assert "5200" in done.err
    assert not (tmp_path / "kith-out").exists()


def test_history_is_written_on_request(kith, small, tmp_path):
    assert kith("score", "--history", small).returncode == 0
    assert len(rows(tmp_path / "kith-out" / "history.csv")) == 6
    assert kith("score", small).returncode == 0
    assert not (tmp_path / "kith-out" / "history.csv").exists()


def test_no_event_gives_headers(kith, events, tmp_path):
    events("none.csv")
    done = kith("score", "none.csv")
    assert (done.returncode, done.err) == (0, "")
    assert "no event" in done.out
    for name in TABLES:
        assert len((tmp_path / "kith-out" / name).read_text().splitlines()) == 1


def test_no_week_over_yet(kith, small, tmp_path):
    done = kith("score", "--until", "2026-02-03", small)
    assert (done.returncode, done.err) == (0, "")
    assert "2026-02-03" in done.out and "--until" in done.out
    assert rows(tmp_path / "kith-out" / "standings.csv") == []


BAD_EXPORTS = {
    "empty": b"",
    "only empty lines": b"\n\n",
    "column missing": b"time,member\n",
    "column twice": b"time,member,kind,kind\n",
    "quote in the header": b'time,mem"ber,kind\n',
    "damaged gzip": gzip.compress(HEADER.encode() * 50)[:40],
    "gzip with a tail": gzip.compress(HEADER.encode()) + b"tail",
}


@pytest.mark.parametrize("content", BAD_EXPORTS.values(), ids=BAD_EXPORTS.keys())
def test_export_that_is_none(kith, write, small, tmp_path, content):
    write("bad.csv", content)
    done = kith("score", small, "bad.csv")
    assert (done.returncode, done.out) == (3, "")
    said, *advice = done.err.splitlines()
    assert said.startswith("kith: bad.csv")
    is_missing = "no such column" in said
    assert len(advice) == is_missing and all("'kith inspect' tells" in line and "--source" in line for line in advice)
    assert not (tmp_path / "kith-out").exists()


def test_export_that_is_not_there_is_missed_before_any_is_read(kith, small, tmp_path):
    done = kith("score", small, "not-there.csv")
    assert (done.returncode, done.out) == (3, "")
    assert done.err == "kith: not-there.csv: cannot be read: No such file or directory\n"
    assert not (tmp_path / "kith-out").exists()


def test_same_file_twice_is_refused(kith, small, tmp_path):
    shutil.copy(small, tmp_path / "copy.csv")
    assert kith("score", small, "copy.csv").returncode == 0
    (tmp_path / "link.csv").symlink_to(small)
    done = kith("score", small, "link.csv")
    assert (done.returncode, done.out) == (2, "")
    assert "link.csv" in done.err


def test_export_that_fails_while_it_is_read(kith, small, fail_calls, tmp_path):
    done = kith("score", small, env=fail_calls("read", 1, lasting=True))
    assert done.returncode == 3
    assert done.err.endswith("events.csv:1: cannot be read: No space left on device\n")
    assert not (tmp_path / "kith-out").exists()


def test_as_of_writes_whom_to_write_to(kith, small, events, tmp_path):
    events("quiet.csv", "2026-02-02,ana,post,,", "2026-02-08,ana,login,,", "2026-02-10,ben,login,,")
    done = kith("score", "--as-of", "2026-02-15", "quiet.csv")
    assert done.returncode == 0
    assert "watch.csv" in done.out
    out = tmp_path / "kith-out"
    # On Sunday, in the middle of the second week: seven days after ana's last act, five after ben's.
    assert rows(out / "watch.csv") == ["ana,newcomer,2.61,silent,7,2026-02-08T00:00:00Z,,0,0"]
    assert [row[:10] for row in rows(out / "weeks.csv")] == ["2026-02-02"]
    assert kith("score", "quiet.csv").returncode == 0
    assert not (out / "watch.csv").exists()


def test_as_of_goes_with_until(kith, small, tmp_path):
    assert kith("score", "--as-of", "2026-02-15", "--until", "2026-02-09", small).returncode == 0
    assert [row[:10] for row in rows(tmp_path / "kith-out" / "weeks.csv")] == ["2026-02-02"]
    done = kith("score", "--as-of", "2026-02-08", "--until", "2026-02-09", small)
    assert (done.returncode, done.out) == (2, "")
    assert "--as-of 2026-02-08 lies before --until 2026-02-09" in done.err
    for day in ("soon", "1969-12-31"):
        done = kith("score", "--as-of", day, small)
        assert (done.returncode, done.out) == (2, "")
        assert f"--as-of takes a day such as 2026-03-20, not '{day}'" in done.err
