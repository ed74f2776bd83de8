# SPDX-License-Identifier: MIT
"""What a person is told on standard output."""

import json
import re

import pytest
from conftest import HERE, VECTORS

COMMUNITY = HERE.parent.parent / "examples" / "data" / "community.csv"


def test_overview(kith, small):
    out = kith("score", small.name).out
    assert "5 rows of 1 export" in out
    assert "5 events of 3 members, 2026-02-02 to 2026-02-15" in out
    assert "2 weeks reviewed, the last begins on 2026-02-09" in out
    assert "events.csv" in out and "refused" not in out
    assert re.search(r"Tables in kith-out\n  standings.csv +3 rows\n  changes.csv ", out)
    assert re.search(r"\n\d+\.\d\d s, [\d,]+ events a second\n$", out)


def test_days_are_those_of_the_community(kith, events, write):
    events("a.csv", "2026-02-02T20:00:00Z,ana,post,,")
    write("my.ini", "[calendar]\nutc_offset = +08:00\n")
    assert "1 event of 1 member, 2026-02-03 to 2026-02-03" in kith("score", "--policy", "my.ini", "a.csv").out


def test_many_exports_are_not_all_listed(kith, events):
    names = [f"{i:02}.csv" for i in range(12)]
    for name in names:
        events(name, "2026-02-02,ana,post,,")
    out = kith("score", *names).out
    assert "09.csv" in out and "10.csv" not in out
    assert "and 2 more" in out


def test_pyramid_has_the_highest_tier_on_top_with_rises_and_falls(kith, events):
    events(
        "a.csv",
        *[f"2026-02-02,{name},login,," for name in ("ana", "ben", "cleo", "dora")],
        "2026-02-09,ana,article,,3",
        "2026-02-09,ben,article,,3",
    )
    lines = kith("score", "a.csv").out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Tiers"))
    assert [line.split()[0] for line in lines[at + 1 : at + 5]] == ["mentor", "veteran", "active", "newcomer"]
    assert re.fullmatch(r"  active +█+ +2 +50\.0%  \+2", lines[at + 3])
    assert re.fullmatch(r"  newcomer +█+ +2 +50\.0%", lines[at + 4])
    assert re.fullmatch(r"  mentor +0 +0\.0%", lines[at + 1])


def test_falls_count_where_they_leave(kith, tmp_path):
    out = kith("score", VECTORS / "dormant_mentor" / "events.csv").out
    changes = (tmp_path / "kith-out" / "changes.csv").read_text().splitlines()[1:]
    weeks = (tmp_path / "kith-out" / "weeks.csv").read_text().splitlines()
    last = weeks[-1].split(",")[0]
    order = ["newcomer", "active", "veteran", "mentor"]
    fell = [row.split(",")[2] for row in changes if row.startswith(last)]
    fell = [tier for tier, row in zip(fell, [r for r in changes if r.startswith(last)])
            if order.index(row.split(",")[3]) < order.index(tier)]  # fmt: skip
    for tier in order:
        line = next(line for line in out.splitlines() if line.startswith(f"  {tier} "))
        assert (f"-{fell.count(tier)}" in line) == (tier in fell)


def test_who_rose_furthest(kith, events):
    events(
        "a.csv",
        *[f"2026-02-09,m{i},article,,{1 + i % 3}" for i in range(9)],
        *[f"2026-02-09,{fan},like,star,10" for fan in (f"m{i}" for i in range(9))],
        "2026-02-09,star,article,,3",
        "2026-02-09,star,post,,7",
    )
    out = kith("score", "a.csv").out
    part = out.partition("Rose furthest")[2].splitlines()
    assert re.match(r" last week \(5 of \d+ that rose\)", part[0])
    assert re.fullmatch(r"  star +newcomer -> veteran +\d+\.\d\d  skipped", part[1])
    scores = [float(line.split()[-2]) for line in part[2:6]]
    assert scores == sorted(scores, reverse=True)
    assert all("newcomer -> active" in line and "promoted" in line for line in part[2:6])


def test_nobody_rose(kith, events):
    events("a.csv", "2026-02-02,ana,login,,")
    assert "Nobody rose last week" in kith("score", "a.csv").out


def test_slipping_away_by_tier(kith, tmp_path):
    out = kith("score", COMMUNITY).out
    header, *lines = out.partition("Slipping away")[2].splitlines()[:6]
    assert header.split() == ["members", "silent", "dormant", "dropping", "at", "risk"]
    standings = [line.split(",") for line in (tmp_path / "kith-out" / "standings.csv").read_text().splitlines()[1:]]
    for line in lines:
        name, *numbers = line.replace(",", "").split()
        of_tier = [row for row in standings if name in ("all", row[5])]
        flags = [row[7].split() for row in of_tier]
        counts = [sum(flag in up for up in flags) for flag in ("silent", "dormant", "drop", "at_risk")]
        assert list(map(int, numbers)) == [len(of_tier), *counts]


def test_rejects_by_reason_and_unknown_kinds_by_name(kith, events):
    events(
        "a.csv",
        "2026-02-02,ana,post,,",
        "2026-02-30,ana,post,,",
        *["2026-02-02,ana,dance,,"] * 3,
        *[f"2026-02-02,ana,odd {i:02},," for i in range(12)],
    )
    out = kith("score", "a.csv").out
    assert "Refused 16 rows, listed in kith-out/rejects.csv" in out
    assert re.search(r"^  time +1  ", out, re.M) and re.search(r"^  kind +15  ", out, re.M)
    assert re.search(r"^ +3  dance *\n +1  odd 00", out, re.M)
    assert "odd 08" in out and "odd 09" not in out
    assert re.search(r"^ +3  others$", out, re.M)
    assert "late" not in out


def test_incomplete_week_is_warned_of(kith, events):
    events("a.csv", "2026-02-02,ana,post,,", "2026-02-10T12:00:00Z,ana,post,,")
    out = kith("score", "a.csv").out
    assert "the last event lies 5 days 12 hours before the end of the week of\n2026-02-09" in out
    assert "--until 2026-02-09 leaves it out" in out
    assert "--until" not in kith("score", "--until", "2026-02-16", "a.csv").out


@pytest.mark.parametrize("time, warned", [("2026-02-15T00:00:00Z", False), ("2026-02-14T23:59:59Z", True)])
def test_a_day_before_the_end_is_not_incomplete(kith, events, time, warned):
    events("a.csv", f"{time},ana,post,,")
    assert ("may be incomplete" in kith("score", "a.csv").out) == warned


def test_members_left_out_are_in_no_count(kith, events, write):
    write("my.ini", "[members]\nleft_out = *-bot\n")
    rows = [f"2026-02-02,{name},{kind},,3" for name, kind in (("ana", "article"), ("b-bot", "article"), ("ben", "login"))]
    events("a.csv", *rows)
    out = kith("score", "--policy", "my.ini", "a.csv").out
    assert "b-bot" not in out
    assert re.search(r"\n  active +\S+ +1 +50\.0% +\+1\n", out)
    assert re.search(r"\n  newcomer +\S+ +1 +50\.0%\n", out)
    assert re.search(r"\n  all +2 +0 +0 +0 +0\n", out)
    assert "b-bot" in kith("score", "a.csv").out


HEAD = "stands on its head"
# How many of those who have acted in the last four weeks stand on each tier, lowest first, and the tier that is named.
PYRAMIDS = {
    "as it should be": ([40, 20, 8, 2], None),
    "most on the second": ([20, 40, 8, 2], None),
    "most on the third": ([15, 10, 25, 5], "25 of 55 stand on third,"),
    "most on the highest": ([3, 2, 5, 45], "45 of 55 stand on highest,"),
    "as many on the third as on the lowest": ([25, 5, 25, 5], None),
    "more of few": ([4, 5, 10, 30], None),
    "just enough of them": ([4, 5, 10, 31], "31 of 50 stand on highest,"),
    "three tiers": ([20, 0, 30], "30 of 50 stand on highest,"),
    "two tiers": ([24, 26], "26 of 50 stand on highest,"),
    "two tiers alike": ([25, 25], None),
}


@pytest.mark.parametrize("name", PYRAMIDS)
def test_pyramid_on_its_head_is_warned_of(kith, events, write, tmp_path, name):
    counts, words = PYRAMIDS[name]
    names = ["lowest", "second", "third"][: len(counts) - 1] + ["highest"]
    # One post scores at most 7.69 of content, two 14.28, three 20: times 0.4.
    thresholds = ["", "promote_at = 2", "promote_at = 4", "promote_at = 7"]
    write("my.ini", "".join(f"[tier {tier}]\n{line}\n" for tier, line in zip(names, thresholds)))
    rows = [f"2026-02-03,t{tier}-{i},{'post' if tier else 'login'},,{max(tier, 1)}"
            for tier, count in enumerate(counts) for i in range(count)]  # fmt: skip
    # Members who have been gone for longer count for neither side.
    gone = [f"2026-01-05,gone-{i},article,,3" for i in range(100)] + [f"2026-01-05,went-{i},login,," for i in range(100)]
    events("a.csv", *rows, *gone)
    out = kith("score", "--policy", "my.ini", "a.csv").out
    assert (HEAD in out) == (words is not None)
    if words:
        note = out.partition("Note:")[2].replace("\n", " ")
        assert words in out.replace("\n", " ") and "'kith calibrate'" in note
    # And a program is told, also where no person is.
    assert kith("score", "--quiet", "--policy", "my.ini", "a.csv").out == ""
    told = json.loads((tmp_path / "kith-out" / "summary.json").read_text("utf-8"))["upside_down"]
    assert (told is not None) == (words is not None)
    if words:
        assert f"{told['members']} of {told['of']} stand on {told['tier']}," == words
        assert told["advice"] == "kith calibrate"
    assert max(map(len, out.splitlines())) <= 80


def test_quiet(kith, small):
    done = kith("score", "--quiet", small)
    assert (done.returncode, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    "export", [COMMUNITY, *sorted(VECTORS.glob("*/events.csv"))], ids=lambda path: path.parent.name
)
def test_report_fits_80_columns(kith, tmp_path, export):
    (tmp_path / "events.csv").write_bytes(export.read_bytes())
    out = kith("score", "events.csv").out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


def test_long_and_wide_names_are_cut(kith, write, events):
    write("my.ini", f"[tier {'q' * 40}]\n[tier {'文' * 20}]\npromote_at = 1\n")
    events("a.csv", f"2026-02-02,{'w' * 255},article,,", f"2026-02-02,{'文' * 80},article,,", "2026-02-02,x,login,,")
    out = kith("score", "--policy", "my.ini", "a.csv").out
    assert "…" in out
    for line in out.splitlines():
        assert sum(2 if "\u2e80" <= character <= "\uffe6" else 1 for character in line) <= 80


def test_control_characters_are_escaped(kith, events, write, tmp_path):
    nasty = "\x1b[31m\x07\x7f\u009b\u202e"
    write("my.ini", "[tier low]\n[tier high]\npromote_at = 1\n[kind post]\ngives = content 20\n")
    events(f"{nasty}.csv", f"2026-02-02,{nasty},post,,3", f"2026-02-02,ana,{nasty},,")
    done = kith("score", "--policy", "my.ini", f"{nasty}.csv", "--out", f"out{nasty}")
    assert done.returncode == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.out)
    assert done.out.count("\\x1b[31m\\x07\\x7f\\x9b\\u202e") >= 3
    assert nasty in (tmp_path / f"out{nasty}" / "standings.csv").read_text()
