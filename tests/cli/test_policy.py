# SPDX-License-Identifier: MIT
"""`kith policy`, and what `kith score` makes of a policy with faults."""

import re

import pytest

# Three faults on known lines.
FAULTY = "[wieghts]\n[demotion]\ngrace_weeks = 0\n[churn]\nsilent_days = 7.5\n"


def test_default_policy_is_printed_and_valid(kith, write):
    printed = kith("policy")
    assert (printed.returncode, printed.err) == (0, "")
    assert "[tier mentor]" in printed.out
    write("my.ini", printed.out)
    checked = kith("policy", "--check", "my.ini")
    assert (checked.returncode, checked.err) == (0, "")
    assert re.fullmatch(r"my\.ini: a valid policy: 4 tiers, \d+ kinds, digest [0-9a-f]{16}\n", checked.out)


def test_a_single_kind_is_not_kinds(kith, write):
    write("my.ini", "[kind post]\n")
    assert ": 4 tiers, 1 kind, digest " in kith("policy", "--check=my.ini").out.replace("a valid policy: ", "", 1)


def test_check_says_every_fault_with_its_line(kith, write):
    write("my.ini", FAULTY)
    done = kith("policy", "--check", "my.ini")
    assert (done.returncode, done.out) == (4, "")
    lines = done.err.splitlines()
    assert [re.match(r"kith: my\.ini:(\d+)", line)[1] for line in lines[:-1]] == ["1", "3", "5"]
    assert lines[-1] == "kith: my.ini: 3 faults"


def test_one_fault_is_not_faults(kith, write):
    write("my.ini", "[demotion]\ngrace_weeks = 53\n")
    done = kith("policy", "--check", "my.ini")
    assert done.returncode == 4
    assert "grace_weeks" in done.err and "53" in done.err
    assert done.err.endswith("kith: my.ini: 1 fault\n")


def test_control_characters_of_a_policy_are_escaped(kith, write):
    write("\x1b[31mmy.ini", "[demotion]\ngrace_weeks = \x1b[31m\n")
    done = kith("policy", "--check", "\x1b[31mmy.ini")
    assert done.returncode == 4
    assert "\x1b" not in done.err


def test_score_says_the_same_faults_and_reads_nothing(kith, write, tmp_path):
    write("my.ini", FAULTY)
    checked = kith("policy", "--check", "my.ini")
    scored = kith("score", "--policy", "my.ini", "not-there.csv")
    assert (scored.returncode, scored.out) == (4, "")
    assert scored.err.splitlines() == checked.err.splitlines()[:-1]
    assert not (tmp_path / "kith-out").exists()


@pytest.mark.parametrize("arguments", [["policy", "--check"], ["score", "small.csv", "--policy"]], ids=" ".join)
@pytest.mark.parametrize("path", ["not-there.ini", "."])
def test_policy_that_cannot_be_read(kith, events, arguments, path):
    events("small.csv", "2026-02-02,ana,post,,")
    done = kith(*arguments, path)
    assert (done.returncode, done.out) == (3, "")
    assert re.fullmatch(rf"kith: {re.escape(path)}: .+\n", done.err)


@pytest.mark.parametrize("arguments", [["--check"], ["--nonsense"], ["-x"], ["my.ini"], ["--help=yes"]], ids=" ".join)
def test_usage_faults(kith, arguments):
    done = kith("policy", *arguments)
    assert (done.returncode, done.out) == (2, "")
    assert re.fullmatch(r"kith: .+\nTry 'kith policy --help'\.\n", done.err)


def test_policy_file_counts(kith, small, write, tmp_path):
    write("my.ini", "[tier guest]\n[tier regular]\npromote_at = 1\n")
    done = kith("score", "--policy", "my.ini", small)
    assert done.returncode == 0
    assert "tier_guest,tier_regular" in (tmp_path / "kith-out" / "weeks.csv").read_text()
    assert "regular" in done.out and "mentor" not in done.out


def test_members_left_out_are_in_no_week(kith, events, write, tmp_path):
    events("small.csv", "2026-02-02,ana,post,,", "2026-02-03,ci-bot,article,,3", "2026-02-03,ci-bot,like,ana,")
    write("my.ini", "[members]\nleft_out = *-bot\n")
    assert kith("score", "--policy", "my.ini", "small.csv").returncode == 0
    weeks = (tmp_path / "kith-out" / "weeks.csv").read_text().splitlines()
    assert weeks[1].startswith("2026-02-02,1,1,3.35,")
    standings = (tmp_path / "kith-out" / "standings.csv").read_text()
    assert "\nci-bot," in standings and "\nana,3.35," in standings
