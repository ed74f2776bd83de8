# SPDX-License-Identifier: MIT
"""`kith calibrate`: what its policy gives is counted from the tables that `kith score` writes by it."""

import json
import os
import re
import signal
import subprocess
import time

import calibrate_support as made
import pytest
from conftest import HEADER, result, some
from test_terminal import on_terminal

TIERS = ["newcomer", "active", "veteran", "mentor"]
WEEKS = 60
LAST = (WEEKS - 26, WEEKS - 1)


class Community:
    def __init__(self, rows):
        self.text, self.acts = made.export(rows)


@pytest.fixture(scope="session")
def communities():
    """Two sorts of community, the same for all tests."""
    return {"chat": Community(made.chat(weeks=WEEKS)), "forum": Community(made.forum(weeks=WEEKS))}


@pytest.fixture
def forum(communities, write):
    return write("forum.csv", communities["forum"].text)


@pytest.fixture
def look(kith, tmp_path):
    """Scores an export by a policy. Returns the shares and the changes a week that come of it."""

    def look(community, policy, window=LAST, left_out=()):
        (tmp_path / "look.csv").write_text(community.text)
        options = ["--policy", policy] if policy else []
        assert kith("score", "--quiet", "--history", "--out", "look", *options, "look.csv").returncode == 0
        shares = made.shares(tmp_path / "look", community.acts, TIERS, *window, left_out)
        return shares, made.changes(tmp_path / "look", *window)

    return look


def table(report, title="Share of each tier"):
    """The rows of a table of the report: their last columns, as text, by the first."""
    lines = report.partition(f"  {title}")[2].partition("\n\n")[0].splitlines()[1:]
    return {re.split(r"\s{2,}", line.strip())[0]: re.split(r"\s{2,}", line.strip())[1:] for line in lines}


def percent(text):
    assert text.endswith("%")
    return float(text[:-1])


# Shares are looked for to a twentieth, and round thresholds may come no nearer than this.
def near(wished):
    return pytest.approx(wished, rel=0.1)


def figures(text):
    """Values of the keys that are changed, by section and key."""
    found, section = {}, None
    for line in text.splitlines():
        if line.startswith("["):
            section = line.partition("]")[0][1:]
        elif section and re.match(r"\w+ *=" if section == "half_points" else r"(promote|keep)_at *=", line):
            key, _, value = line.partition("=")
            found[section, key.strip()] = float(value.partition(";")[0])
    return found


# ---- what is found ----


# In a chat a mentor more or less is nearly one percent, and half a point of the score moves several.
@pytest.mark.parametrize("sort, off", [("chat", {"mentor": 0.7, "veteran": 1.5, "active": 1.5}), ("forum", {})])
def test_shares_are_reached_and_the_report_tells_the_truth(kith, communities, write, look, sort, off):
    community = communities[sort]
    write("export.csv", community.text)
    done = kith("calibrate", "--out", "new.ini", "export.csv")
    assert (done.returncode, done.err) == (0, "")
    before, before_changes = look(community, None)
    after, after_changes = look(community, "new.ini")
    told = table(done.out)
    for tier, wished in (("mentor", 2), ("veteran", 8), ("active", 20)):
        assert after[tier] == (pytest.approx(wished, abs=off[tier]) if off else near(wished))
        assert percent(told[tier][0]) == wished
    for tier in TIERS:
        assert percent(told[tier][1]) == pytest.approx(before[tier], abs=0.06)
        assert percent(told[tier][2]) == pytest.approx(after[tier], abs=0.06)
    assert float(told["changes of tier a week"][0]) == pytest.approx(before_changes, abs=0.051)
    assert float(told["changes of tier a week"][1]) == pytest.approx(after_changes, abs=0.051)


def test_a_chat_is_upside_down_before_and_not_after(kith, communities, write, tmp_path):
    write("chat.csv", communities["chat"].text)
    before = kith("score", "chat.csv").out
    assert "stands on its head" in before and "kith calibrate" in before
    told = [json.loads((tmp_path / "kith-out" / "summary.json").read_text("utf-8"))["upside_down"]]
    assert kith("calibrate", "--quiet", "--out", "new.ini", "chat.csv").returncode == 0
    assert "stands on its head" not in kith("score", "--policy", "new.ini", "chat.csv").out
    told.append(json.loads((tmp_path / "kith-out" / "summary.json").read_text("utf-8"))["upside_down"])
    assert told[0]["advice"] == "kith calibrate" and f"stand on {told[0]['tier']}," in " ".join(before.split())
    assert told[1] is None


def test_what_is_told_of_the_unseen_half_is_what_earlier_figures_give(kith, communities, write, look):
    community = communities["forum"]
    write("forum.csv", community.text)
    told = table(kith("calibrate", "--out", "new.ini", "forum.csv").out.partition("Checked")[2])
    # The same with an export that ends half a year earlier.
    earlier = [line for line in community.text.splitlines()[1:] if line < str(made.FIRST_DAY.replace(month=9, day=1))]
    write("earlier.csv", HEADER + "".join(line + "\n" for line in earlier))
    assert kith("calibrate", "--quiet", "--out", "earlier.ini", "earlier.csv").returncode == 0
    seen, seen_changes = look(community, "earlier.ini", (WEEKS - 52, WEEKS - 27))
    unseen, unseen_changes = look(community, "earlier.ini")
    for tier in TIERS:
        assert percent(told[tier][1]) == pytest.approx(seen[tier], abs=0.06)
        assert percent(told[tier][2]) == pytest.approx(unseen[tier], abs=0.06)
    assert float(told["changes of tier a week"][0]) == pytest.approx(seen_changes, abs=0.051)
    assert float(told["changes of tier a week"][1]) == pytest.approx(unseen_changes, abs=0.051)


def test_other_shares(kith, communities, forum, look):
    assert kith("calibrate", "--shares", "active=30.5,mentor=0.75,veteran=5", "--out", "new.ini", forum).returncode == 0
    with open(forum.parent / "new.ini", encoding="utf-8") as file:
        assert re.search(r";   mentor +wished   0\.75, reached", file.read())
    after, _ = look(communities["forum"], "new.ini")
    assert after["mentor"] == near(0.75)
    assert after["veteran"] == near(5)
    assert after["active"] == near(30.5)


def test_figures_can_be_remembered(kith, forum):
    found = figures(kith("calibrate", forum).out)
    assert len(found) == 9
    for (section, key), value in found.items():
        if section == "half_points":
            assert float(f"{value:.2g}") == value
        elif key == "promote_at":
            assert value * 2 == int(value * 2)
            keep = found[section, "keep_at"]
            assert keep == pytest.approx(0.8 * value, abs=0.25 if value >= 5 else 0.05)


def test_half_points_are_passed_by_one_in_ten_of_those_who_have_any(kith, communities, forum, look, tmp_path):
    assert kith("calibrate", "--out", "new.ini", forum).returncode == 0
    look(communities["forum"], "new.ini")
    acts = communities["forum"].acts
    scores = {"content": [], "interaction": [], "community": []}
    for line in (tmp_path / "look" / "history.csv").read_text().splitlines()[1:]:
        week, member, _, *dimensions = line.split(",")[:6]
        week = (made.datetime.date.fromisoformat(week) - made.FIRST_DAY).days // 7
        if week >= LAST[0] and any(member in acts.get(day, ()) for day in range(7 * week - 21, 7 * week + 7)):
            for name, score in zip(scores, dimensions):
                scores[name].append(float(score))
    for name, values in scores.items():
        some = sorted(value for value in values if value > 0)
        # Two digits are within 5 percent of what they stand for; 50 is then within 48.7 and 51.3.
        assert 48.5 <= some[int(0.9 * len(some))] <= 51.5, name


def test_a_tier_named_to_stay_stays_and_half_points_with_it(kith, communities, forum, look):
    before = figures(kith("policy").out)
    done = kith("calibrate", "--shares", "mentor=2,veteran=keep,active=20", "--out", "new.ini", forum)
    assert done.returncode == 0
    with open(forum.parent / "new.ini", encoding="utf-8") as file:
        after = figures(file.read())
    for key in before:
        if key[0] in ("half_points", "tier veteran"):
            assert after[key] == before[key]
        else:
            assert after[key] != before[key]
    shares, _ = look(communities["forum"], "new.ini")
    assert shares["mentor"] == near(2)
    assert shares["active"] == near(20)
    assert table(done.out)["veteran"][0] == "as it is"
    assert "half_points are as they were" in done.out


def test_members_left_out_are_in_no_share(kith, communities, write, look):
    bots = "".join(
        f"{made.FIRST_DAY + made.datetime.timedelta(7 * week + day)},b{bot}-bot,article,,3\n"
        for week in range(WEEKS) for day in range(3) for bot in range(60)
    )  # fmt: skip
    community = Community(())
    community.text = communities["forum"].text + bots
    community.acts = communities["forum"].acts
    write("with_bots.csv", community.text)
    write("forum.csv", communities["forum"].text)
    start = write("start.ini", "[members]\nleft_out = *-bot\n")
    done = kith("calibrate", "--policy", start, "--out", "new.ini", "with_bots.csv")
    assert kith("calibrate", "--policy", start, "--out", "other.ini", "forum.csv").returncode == 0
    with open(start.parent / "new.ini", encoding="utf-8") as new, open(start.parent / "other.ini") as other:
        assert new.read() == other.read()
    shares, _ = look(community, "new.ini")
    for tier, wished in (("mentor", 2), ("veteran", 8), ("active", 20)):
        assert shares[tier] == near(wished)
        assert percent(table(done.out)[tier][2]) == pytest.approx(shares[tier], abs=0.06)


OBSTACLES = {
    "supporters": (
        "min_supporters = 60000", r"mentor holds 0\.0% .*too few have the 60000 supporters of min_supporters",
    ),
    "days": ("min_active_days = 28", r"mentor holds [01]\.\d% .*too few have the 28 days of min_active_days"),
    "both": (
        "min_supporters = 60000\nmin_active_days = 28",
        r"mentor holds 0\.0% .*both the 60000 supporters of min_supporters and the 28 days of min_active_days",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OBSTACLES)
def test_what_stands_in_the_way_of_a_share_is_named_and_left(kith, communities, forum, write, look, name):
    lines, words = OBSTACLES[name]
    tiers = "[tier newcomer]\n[tier active]\npromote_at = 5\n[tier veteran]\npromote_at = 15\n"
    write("start.ini", f"{tiers}[tier mentor]\npromote_at = 30\n{lines}\n")
    done = kith("calibrate", "--policy", "start.ini", "--out", "new.ini", forum)
    assert done.returncode == 0
    assert re.search(words, done.out.replace("\n  ", " "))
    assert lines in (forum.parent / "new.ini").read_text()
    after, _ = look(communities["forum"], "new.ini")
    assert after["mentor"] < 1.9
    assert after["veteran"] == near(8)
    assert after["active"] == near(20)


def test_a_dimension_that_hardly_anybody_has_points_in_is_left_as_it_is(kith, write):
    rows = (f"{made.FIRST_DAY + made.datetime.timedelta(day)},m{member:03},post,,"
            for day in range(140) for member in range(80) if (day * member) % 29 < member % 13)  # fmt: skip
    write("posts.csv", HEADER + "".join(f"{row}\n" for row in rows))
    start = "[tier low]\n[tier high]\npromote_at = 20\n"
    write("start.ini", start)
    done = kith("calibrate", "--policy", "start.ini", "--shares", "high=10", "--out", "new.ini", "posts.csv")
    assert done.returncode == 0
    said = done.out.replace("\n  ", " ")
    assert "half_points of interaction are as they were" in said and "half_points of content" not in said
    assert set(figures((write("x", "").parent / "new.ini").read_text())) == {
        ("half_points", "content"), ("tier high", "promote_at"),
    }  # fmt: skip


# ---- its text ----

MINE = """\
# My policy. \u2603
[tier newcomer]   ; everybody
[tier active]
promote_at=5      ; not much
  keep_at = 4
[tier  veteran]
promote_at = 15
[tier mentor]
; far up
min_supporters = 2
promote_at = 30
keep_at\t=\t24\t; a tab before
[demotion]
grace_weeks = 3 ; mine
[half_points]
content = 100 # no comment
""".replace(" # no comment", "")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "byte order mark"])
def test_all_but_the_figures_is_as_its_author_wrote_it(kith, forum, write, end, mark):
    write("mine.ini", mark + MINE.replace("\n", end))
    done = kith("calibrate", "--policy", "mine.ini", forum)
    assert done.returncode == 0
    assert done.out.startswith(mark + "; Calibrated by kith ")
    assert done.out.count("\r\n") == (done.out.count("\n") if end == "\r\n" else 0)
    lines = done.out.removeprefix(mark).replace("\r\n", "\n").splitlines()
    head = lines.index("")
    assert all(line.startswith("; ") or line.startswith(";  ") for line in lines[:head])
    number = r"\d+(\.\d+)?"
    patterns = [
        r"# My policy. \u2603", r"\[tier newcomer\]   ; everybody", r"\[tier active\]",
        rf"promote_at=(?={number})[\d. ]{{6}} ; not much", rf"  keep_at = {number}",
        r"\[tier  veteran\]", rf"promote_at = {number}", r"\[tier mentor\]", "; far up", "min_supporters = 2",
        rf"promote_at = {number}", rf"keep_at\t=\t{number}\t; a tab before", r"\[demotion\]", "grace_weeks = 3 ; mine",
        r"\[half_points\]", rf"content = {number}", rf"interaction = {number}", rf"community = {number}",
    ]  # fmt: skip
    rest = lines[head + 1 :]
    assert len(rest) == len(patterns)
    for line, pattern in zip(rest, patterns):
        assert re.fullmatch(pattern, line), line
    write("new.ini", done.out)
    assert kith("policy", "--check", "new.ini").returncode == 0


@pytest.mark.parametrize("text", ["", "\ufeff", "; nothing", "[churn]\nsilent_days = 8", "[half_points]"])
def test_what_a_policy_leaves_out_is_added(kith, communities, forum, write, look, text):
    write("mine.ini", text)
    done = kith("calibrate", "--policy", "mine.ini", "--out", "new.ini", forum)
    assert done.returncode == 0
    new = (forum.parent / "new.ini").read_text(encoding="utf-8")
    assert text.removeprefix("\ufeff") in new
    assert figures(new) == figures(kith("calibrate", forum).out)
    assert new.count("min_supporters = 3") == new.count("min_supporters = 8") == 1
    after, _ = look(communities["forum"], "new.ini")
    assert after["mentor"] == near(2)


def test_comments_say_what_it_rests_on(kith, forum):
    done = kith("calibrate", forum)
    head = done.out.partition("\n\n")[0]
    told = table(done.err)
    assert kith("--version").out.split()[1] in head
    assert "up to 2026-03-01" in head and "26 weekly reviews" in head
    assert "2025-09-01" in head and "2026-02-23" in head
    for tier in TIERS:
        line = next(line for line in head.splitlines() if line.startswith(f";   {tier} "))
        assert all(value.removesuffix("%").replace("the rest", "rest") in line for value in told[tier])


def test_calibrated_once_more_it_has_one_head(kith, forum, write):
    first = kith("calibrate", forum).out
    write("first.ini", first)
    second = kith("calibrate", "--policy", "first.ini", forum)
    assert second.returncode == 0
    assert second.out.count("; Calibrated by kith") == 1
    assert second.out.partition("\n\n")[2].splitlines()[0] == first.partition("\n\n")[2].splitlines()[0]


def test_same_history_same_bytes(kith, communities, write):
    lines = communities["forum"].text.splitlines(keepends=True)
    write("all.csv", "".join(lines))
    write("one.csv", lines[0] + "".join(lines[1::2]))
    write("two.csv", lines[0] + "".join(lines[:0:-2]))
    runs = [
        ["all.csv"], ["one.csv", "two.csv"], ["two.csv", "one.csv"], ["--threads", "2", "--memory", "1M", "all.csv"],
    ]  # fmt: skip
    done = [kith("calibrate", *arguments) for arguments in runs]
    assert all(run.returncode == 0 for run in done)
    assert len({run.out for run in done}) == 1
    assert len({run.err for run in done}) == 1


# ---- where it goes ----


def test_policy_on_stdout_report_on_stderr(kith, forum):
    done = kith("calibrate", forum)
    assert done.out.startswith("; Calibrated") and "Share of each tier" in done.err
    assert max(map(len, done.err.splitlines())) <= 80
    quiet = kith("calibrate", "--quiet", forum)
    assert (quiet.returncode, quiet.out, quiet.err) == (0, done.out, "")


def test_a_file_is_replaced_only_by_force(kith, forum, write, tmp_path):
    write("mine.ini", "; mine\n")
    done = kith("calibrate", "--out", "mine.ini", forum)
    assert (done.returncode, done.out) == (3, "")
    assert done.err == "kith: mine.ini: is there already; --force writes over it\n"
    assert (tmp_path / "mine.ini").read_text() == "; mine\n"
    os.chmod(tmp_path / "mine.ini", 0o640)
    os.symlink("mine.ini", tmp_path / "link.ini")
    assert kith("calibrate", "--force", "--policy", "mine.ini", "--out", "link.ini", forum).returncode == 0
    assert (tmp_path / "link.ini").is_symlink()
    assert "; mine\n" in (tmp_path / "mine.ini").read_text()
    assert (tmp_path / "mine.ini").read_text().startswith("; Calibrated")
    assert (tmp_path / "mine.ini").stat().st_mode & 0o777 == 0o640
    assert set(result(tmp_path)) == {"mine.ini", "link.ini", "forum.csv"}


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "force"])
def test_an_export_is_never_replaced(kith, forum, force):
    before = forum.read_bytes()
    done = kith("calibrate", *force, "--out", forum, forum)
    assert (done.returncode, done.out) == (3, "")
    assert "is one of the files to be read" in done.err
    assert forum.read_bytes() == before


@pytest.mark.parametrize("path", [".", "there/deep.ini"])
def test_a_file_that_cannot_be_made(kith, small, path):
    done = kith("calibrate", "--force", "--out", path, small)
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith(f"kith: {path}: ") or "weeks to review" in done.err


@pytest.mark.parametrize("call", ["mkstemp", "write", "fchmod", "fsync", "rename"])
def test_a_failed_call_leaves_what_stood_there(kith, events, fail_calls, tmp_path, call):
    days = [made.FIRST_DAY + made.datetime.timedelta(day) for day in range(0, 70)]
    events("a.csv", *[f"{day},m{i},post,,{1 + i % 5}" for day in days for i in range(40) if (day.day + i) % 3])
    (tmp_path / "mine.ini").write_text("; mine\n")
    before = result(tmp_path)
    arguments = ["calibrate", "--force", "--policy", "mine.ini", "--out", "mine.ini", "a.csv"]
    for nth in range(1, 200):
        done = kith(*arguments, env={**fail_calls(call, nth), "TMPDIR": str(tmp_path)})
        if done.returncode == 0:
            break
        assert (done.returncode, done.out) == (3, "")
        assert "No space left on device" in done.err and done.err.count("\n") == 1
        assert result(tmp_path) == before
    assert nth > 1
    assert set(result(tmp_path)) == set(before)


def test_memory_that_runs_out_leaves_nothing(kith, events, fail_malloc, tmp_path):
    days = [made.FIRST_DAY + made.datetime.timedelta(day) for day in range(0, 70)]
    events("a.csv", *[f"{day},m{i},post,,{1 + i % 5}" for day in days for i in range(40) if (day.day + i) % 3])
    before = result(tmp_path)
    for nth in some([*range(1, 60), *range(60, 6000, 173)], 5):
        done = kith("calibrate", "--out", "new.ini", "a.csv", env=fail_malloc(nth))
        if done.returncode == 0:
            assert set(result(tmp_path)) == {*before, "new.ini"}
            (tmp_path / "new.ini").unlink()
            continue
        assert done.returncode == 3 and "memory" in done.err, (nth, done.err)
        assert result(tmp_path) == before


def test_full_disk_at_stdout_is_a_fault(kith, forum):
    with open("/dev/full", "wb") as full:
        done = kith("calibrate", "--quiet", forum, stdout=full)
    assert (done.returncode, done.err) == (3, "kith: standard output: cannot be written: No space left on device\n")


def test_no_room_for_what_was_read(kith, forum, tmp_path):
    done = kith("calibrate", forum, env={"TMPDIR": str(tmp_path / "not-there")})
    assert (done.returncode, done.out) == (3, "")
    assert done.err == f"kith: {tmp_path}/not-there: a temporary file cannot be written: No such file or directory\n"


@pytest.mark.parametrize("after", [0.02, 0.05, 0.1, 0.2, 0.3])
def test_interrupt_leaves_nothing(binary, environment, forum, tmp_path, after):
    (tmp_path / "temporary").mkdir()
    before = result(tmp_path)
    process = subprocess.Popen(
        [binary, "calibrate", "--out", "new.ini", "forum.csv"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        cwd=tmp_path, env={**environment, "TMPDIR": str(tmp_path / "temporary")},
    )  # fmt: skip
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    if (tmp_path / "new.ini").exists():
        assert set(result(tmp_path)) == {*before, "new.ini"}
    else:
        assert (process.returncode, err) == (-signal.SIGINT, b"")
        assert result(tmp_path) == before


def test_bar_says_what_is_tried(binary, environment, forum, tmp_path):
    status, printed = on_terminal(binary, ["calibrate", "--out", "new.ini", forum.name], environment, tmp_path, True)
    assert status == 0
    assert re.search(r"\rtrying figures, try \d+ +\[#*\.*\] +\d+%", printed)
    assert re.search(r"\r +\r$", printed), "the bar is cleared at the end"


# ---- what is refused ----

SHARES = {
    "no tier": ("", "takes TIER=PERCENT or TIER=keep, not ''"),
    "no share": ("mentor", "takes TIER=PERCENT or TIER=keep, not 'mentor'"),
    "empty share": ("mentor=", "'mentor' takes a percentage above 0"),
    "no number": ("mentor=few", "'mentor' takes a percentage above 0 with up to two decimals, or 'keep', not 'few'"),
    "a percent sign": ("mentor=2%", "not '2%'"),
    "zero": ("mentor=0", "not '0'"),
    "below zero": ("mentor=-1", "not '-1'"),
    "three decimals": ("mentor=0.125", "not '0.125'"),
    "a bare point": ("mentor=2.", "not '2.'"),
    "no whole": ("mentor=.5", "not '.5'"),
    "above 100": ("mentor=100.01", "not '100.01'"),
    "huge": ("mentor=" + "9" * 60, "not '999"),
    "unknown tier": ("boss=2", "has no tier 'boss'; it has mentor, veteran, active above the lowest"),
    "lowest tier": ("newcomer=70", "'newcomer' is the lowest tier"),
    "twice": ("mentor=2,mentor=3", "'mentor' is named twice"),
    "one left out": ("mentor=2,active=20", "names no share for 'veteran'; 'veteran=keep' leaves that tier as it is"),
    "comma at the end": ("mentor=2,veteran=8,active=20,", "takes TIER=PERCENT or TIER=keep, not ''"),
    "too much": ("mentor=2,veteran=60,active=50.5", "the shares sum to 112.50"),
    "all kept": ("mentor=keep,veteran=keep,active=keep", "leaves nothing to be done"),
}


@pytest.mark.parametrize("name", SHARES)
def test_shares_that_make_no_sense(kith, small, name):
    text, words = SHARES[name]
    done = kith("calibrate", "--shares", text, small)
    assert (done.returncode, done.out) == (2, "")
    assert words in done.err
    assert done.err.endswith("\nTry 'kith calibrate --help'.\n")


def test_a_name_may_hold_what_separates_shares(kith, forum, write):
    write("mine.ini", "[tier a]\n[tier b=1,c]\npromote_at = 5\n[tier b]\npromote_at = 10\n")
    done = kith("calibrate", "--policy", "mine.ini", "--shares", "b=1,c=20,b=5", forum)
    assert done.returncode == 0
    told = table(done.err)
    assert (told["b=1,c"][0], told["b"][0]) == ("20.0%", "5.0%")


def test_other_tiers_take_shares(kith, small, write):
    write("mine.ini", "[tier guest]\n[tier regular]\npromote_at = 1\n[tier star]\npromote_at = 2\n")
    done = kith("calibrate", "--policy", "mine.ini", small)
    assert (done.returncode, done.out) == (2, "")
    assert "--shares TIER=PERCENT,... with a share for each of: star, regular\n" in done.err


USAGE = {
    "no export": [],
    "empty out": ["--out=", "events.csv"],
    "history is no option here": ["--history", "events.csv"],
    "until no day": ["--until", "tomorrow", "events.csv"],
    "value for a flag": ["--force=yes", "events.csv"],
    "shares without value": ["events.csv", "--shares"],
}


@pytest.mark.parametrize("name", USAGE)
def test_usage_faults(kith, small, name):
    done = kith("calibrate", *USAGE[name])
    assert (done.returncode, done.out) == (2, "")
    assert re.fullmatch(r"kith: .+\nTry 'kith calibrate --help'\.\n", done.err)


def test_a_policy_with_faults(kith, small, write):
    write("my.ini", "[wieghts]\n[demotion]\ngrace_weeks = 0\n")
    done = kith("calibrate", "--policy", "my.ini", "not-there.csv")
    assert (done.returncode, done.out) == (4, "")
    assert [line.split(":")[2] for line in done.err.splitlines()] == ["1", "3"]


@pytest.mark.parametrize("path", ["not-there.ini", "."])
def test_a_policy_that_cannot_be_read(kith, small, path):
    done = kith("calibrate", "--policy", path, small)
    assert (done.returncode, done.out) == (3, "")
    assert re.fullmatch(rf"kith: {re.escape(path)}: cannot be read: .+\n", done.err)


def test_a_policy_too_large_is_refused(kith, small, write):
    write("large.ini", "; " + "x" * (1 << 20) + "\n")
    done = kith("calibrate", "--policy", "large.ini", small)
    assert (done.returncode, done.out, done.err) == (3, "", "kith: large.ini: a policy is 1 MiB at most\n")


@pytest.mark.parametrize("rows", [[], ["2026-02-02,ana,post,,"], ["2026-01-05,ana,post,,", "2026-02-22,ana,post,,"]])
def test_too_little_history(kith, events, rows):
    events("a.csv", *rows)
    done = kith("calibrate", "--force", "a.csv")
    assert (done.returncode, done.out) == (3, "")
    assert "and it takes 8 to say anything of shares" in done.err


def test_too_few_members_take_force(kith, events):
    days = [made.FIRST_DAY + made.datetime.timedelta(day) for day in range(0, 7 * 30)]
    events("a.csv", *[f"{day},m{i},post,,{1 + i % 5}" for day in days for i in range(12) if (day.day * i) % 5 < 3])
    done = kith("calibrate", "a.csv")
    assert (done.returncode, done.out) == (3, "")
    assert re.search(r"12\.0 members had acted .*fewer than 30.*--force goes on", done.err)
    forced = kith("calibrate", "--force", "--shares", "mentor=10,veteran=10,active=20", "a.csv")
    assert forced.returncode == 0
    assert "shares say little: one more or less is 8.3%" in forced.err.replace("\n  ", " ")


def test_nobody_has_acted(kith, events):
    days = [made.FIRST_DAY + made.datetime.timedelta(7 * week) for week in range(20)]
    events("a.csv", *[f"{day},,like,ana," for day in days])
    done = kith("calibrate", "--force", "a.csv")
    assert (done.returncode, done.out) == (3, "")
    assert "0.0 members had acted" in done.err and "--force" not in done.err


def test_short_history_is_calibrated_and_not_checked(kith, communities, write):
    lines = [line for line in communities["forum"].text.splitlines() if line < "2025-04-01" or line.startswith("time")]
    write("short.csv", "".join(line + "\n" for line in lines))
    done = kith("calibrate", "--force", "short.csv")
    assert done.returncode == 0
    assert "too little history to see" in done.err
    assert "9 reviews, of the weeks of 2025-02-03 to 2025-03-31" in done.err.replace("\n", " ")


def test_refused_rows_are_counted_and_shown_by_the_status(kith, forum):
    with open(forum, "a", encoding="utf-8") as file:
        file.write("2026-02-28,ana,dance,,\n")
    done = kith("calibrate", "--quiet", forum)
    assert done.returncode == 1
    assert done.out.startswith("; Calibrated")
    assert done.err == "kith: 1 row was refused; 'kith score' lists them with the reason\n"


def test_until_leaves_later_weeks_out(kith, communities, forum):
    done = kith("calibrate", "--until", "2026-01-05", forum)
    assert done.returncode == 0
    assert "to 2025-12-29" in done.err.replace("\n", " ")
    # What it rests on is what came before, in the report and in the policy.
    assert " members, up to 2026-01-04: on " in done.err.replace("\n", " ")
    assert "up to 2026-01-04" in done.out.partition("\n\n")[0]
    assert "may be incomplete" not in done.err


def test_a_last_week_that_may_be_incomplete_is_told(kith, communities, write):
    rows = [row for row in communities["forum"].text.splitlines() if not "2026-02-27" <= row[:10] < "2027"]
    export = write("cut.csv", "\n".join(rows) + "\n")
    said = " ".join(kith("calibrate", export).err.split())
    assert "before the end of the week of 2026-02-23, which may be incomplete: --until 2026-02-23 leaves it out." in said
    again = kith("calibrate", "--until", "2026-02-23", export).err
    assert "may be incomplete" not in again and "up to 2026-02-22" in " ".join(again.split())


def test_no_room_beside_tiers_that_stay(kith, forum, write):
    write("mine.ini", "[tier a]\n[tier b]\npromote_at = 99.8\n[tier c]\npromote_at = 99.9\n")
    done = kith("calibrate", "--policy", "mine.ini", "--shares", "c=2,b=keep", forum)
    assert (done.returncode, done.out) == (3, "")
    assert "no room for thresholds beside those of the tiers that stay" in done.err
    write("mine.ini", "[tier a]\n[tier b]\npromote_at = 0.2\n[tier c]\npromote_at = 0.3\n")
    done = kith("calibrate", "--policy", "mine.ini", "--shares", "b=2,c=keep", forum)
    assert (done.returncode, done.out) == (3, "")


def test_more_weeks_than_can_be_reviewed(kith, forum):
    done = kith("calibrate", "--until", "9990-01-01", forum)
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith("kith: the review would span")
