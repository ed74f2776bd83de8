# SPDX-License-Identifier: MIT
"""`kith explain`: why one member stands where it does, in words and as JSON."""

import csv
import gzip
import json
import re

import pytest
from conftest import HEADER, VECTORS

COMMUNITY = VECTORS.parents[1] / "examples" / "data" / "community.csv"
DIMENSIONS = ("content", "interaction", "community")
# The default policy's.
WEIGHTS = {"content": 400, "interaction": 300, "community": 300}
HALF_POINTS = {"content": 120000, "interaction": 60000, "community": 40000}
TIERS = {"newcomer": (0, 0, 0), "active": (500, 400, 0), "veteran": (1500, 1200, 3), "mentor": (3000, 2400, 8)}
CARRY = 55109
NAMES = list(TIERS)


@pytest.fixture
def village(events):
    """Two weeks: Ana writes and is liked, by Ben above all; then she is silent, and Ben sees to the rest."""
    return events(
        "village.csv",
        "2026-02-02T10:00:00Z,ana,article,,4",
        "2026-02-03T10:00:00Z,ben,like,ana,14",
        "2026-02-04T10:00:00Z,cleo,like,ana,",
        "2026-02-05T10:00:00Z,ben,welcome,cleo,2",
        "2026-02-10T10:00:00Z,ben,help,cleo,",
        "2026-02-12T10:00:00Z,cleo,post,,",
    )


def explained(kith, *arguments):
    done = kith("explain", "--json", *arguments)
    assert done.returncode == 0, done.err
    return json.loads(done.out)


# ---- text ----


# By docs/model.md: 3 of 4 articles and 11 of 15 likes count, 71 points; 10000 x 71 / 191 = 3717, a score of 14.86.
ANA = """\
Review of the week of 2026-02-02
It finds ana in tier active, with a score of 14.86 of 100. They rose from
newcomer. Their stage is new: this is their first week.

What was done this week
                                      how often       counted     worth   points
  content                                                                     71
    article              done                 4             3        20       60
    like                 received            15            11         1       11
- 3 of 4 article done counted: in all at most 3 a week.
- 11 of 15 like received counted: with any one other member at most 10 a week,
  which leaves 11.

From points to the score
               carried over        earned    remembered   score  weight     adds
  content                 0            71            71   37.17     0.4   14.868
  interaction             0             0             0    0.00     0.3    0.000
  community               0             0             0    0.00     0.3    0.000
  together                                                                14.868
Rounded down, that is the score of 14.86. Of the points of earlier weeks a part
is carried over, so that old ones fade. A dimension scores 50 of 100 with 120
remembered points of content, 60 of interaction or 40 of community, and more
with more.

To keep the tier
The tier active is kept with a score of 4.00, which is there.

What was missing to rise
The tier above, veteran, takes a score of 15.00, 3 supporters (members whose
acts give them points) in one of the last four weeks, and an act of their own in
the week.
- score: 0.14 short; 1 more point of content alone would have done, or 0.266 of
  interaction, or 0.177 of community.
- supporters: 2 of 3.

Flags
None is up.

The week of 2026-02-09, which is open, as on 2026-02-15, its last day
If nothing more came, the review of this week would find ana in tier active,
with a score of 13.28 of 100. Their stage is silent: they did not act this week.

What was done this week
Nothing so far that counts for points.

From points to the score
               carried over        earned    remembered   score  weight     adds
  content            59.703             0        59.703   33.22     0.4   13.288
  interaction             0             0             0    0.00     0.3    0.000
  community               0             0             0    0.00     0.3    0.000
  together                                                                13.288
Rounded down, that is the score of 13.28.

To keep the tier
The tier active is kept with a score of 4.00, which is there.

What is missing to rise
The tier above, veteran, takes a score of 15.00, 3 supporters (members whose
acts give them points) in one of the last four weeks, and an act of their own in
the week.
- score: 1.72 short; 12.297 more points of content alone would do, or 3.634 of
  interaction, or 2.423 of community.
- supporters: 2 of 3.
- an act of their own: there is none this week.

Flags
- silent: 13 days without an act of their own, the last on 2026-02-02; the
  policy warns from 7.
- stalled: they are new, acted on a single day, and then stayed away.
"""


def test_text_of_a_small_community(kith, village):
    done = kith("explain", "--until", "2026-02-09", "ana", village)
    assert (done.returncode, done.err) == (0, "")
    assert done.out == ANA


def test_text_until_a_day_and_as_of_another(kith, village):
    out = kith("explain", "--until", "2026-02-09", "--as-of", "2026-02-11", "ben", village).out
    last, week, following = out.partition("The week of 2026-02-09, which is open, as on 2026-02-11\n")
    assert last.startswith("Review of the week of 2026-02-02\n")
    assert "- 10 of 14 like done counted: with any one other member at most 10 a week, which" in last
    assert week and "If this week closed now, its review would find ben in tier " in following
    assert re.search(r"^    help +done +1 +1 ", following, re.M)


def test_text_fits_80_columns(kith, tmp_path):
    kith("score", "--quiet", COMMUNITY)
    with (tmp_path / "kith-out" / "standings.csv").open(newline="") as file:
        members = [row["member"] for row in csv.DictReader(file)]
    for member in members[::40] + members[:5]:
        out = kith("explain", "--as-of", "2026-06-24", member, COMMUNITY).out
        assert max(map(len, out.splitlines())) <= 80
        assert "\x1b" not in out


def test_control_characters_are_escaped(kith, events):
    nasty = "\x1b[31m\x07\u009b\u202e"
    events("a.csv", f"2026-02-02,{nasty},post,,")
    for more in ([], ["--json"]):
        done = kith("explain", *more, nasty, "a.csv")
        assert done.returncode == 0
        assert not re.search("[\x00-\x09\x0b-\x1f]", done.out)
    assert kith("explain", nasty, "a.csv").out.count("\\x1b[31m\\x07\\x9b\\u202e") == 2
    assert explained(kith, nasty, "a.csv")["member"] == nasty
    assert "\\x1b[2J" in kith("explain", "\x1b[2J", "a.csv").err


def test_long_and_wide_names_are_cut(kith, write, events):
    write(
        "my.ini",
        f"[tier {'q' * 60}]\n[tier {'文' * 20}]\npromote_at = 1\n[tier top]\npromote_at = 99\n"
        f"[kind {'k' * 60}]\ngives = content 1000000 cap 1000000\n[kind {'文' * 20}]\nreceives = community 3 each 2\n",
    )
    events("a.csv", f"2026-02-02,{'w' * 255},{'k' * 60},,900", f"2026-02-02,x,{'文' * 20},{'w' * 255},9")
    out = kith("explain", "--policy", "my.ini", "w" * 255, "a.csv").out
    assert "…" in out
    for line in out.splitlines():
        assert sum(2 if "\u2e80" <= character <= "\uffe6" else 1 for character in line) <= 80
    assert re.search(r"^    k+… done +900 +900 +1,000,000 900,000,000$", out, re.M)


def test_leave_is_told(kith):
    export = VECTORS / "leave" / "events.csv"
    out = kith("explain", "--until", "2025-11-10", "ren", export).out
    assert "They are on leave until 2025-12-11." in out
    told = explained(kith, "--until", "2025-11-10", "ren", export)["last_review"]
    assert (told["presence"]["on_leave"], told["presence"]["leave_end"]) == (True, "2025-12-11")
    assert told["stage"] == "away"


@pytest.mark.parametrize(
    "vector, member, until, words",
    [
        ("dormant_mentor", "mei", "2025-04-14", "They fell from mentor, for silence: 31 days without an act of their "
         "own, where each week from day 28 on costs a tier."),
        ("caps_and_penalties", "ben", "2026-02-23", "They fell from active, for 2 weeks in a row below the score that "
         "keeps it."),
        ("photographer", "lin", "2025-12-08", "They rose from newcomer, past a tier between. Their stage is returned: "
         "they are back after a long silence."),
        ("photographer", "lin", "2025-12-08", "- returned: they acted again, after they had been dormant at the review "
         "before."),
        ("drop_and_stalled", "kim", "2025-06-02", "- drop: interactions fell to 4, from 8 a week on average over 4 "
         "weeks; the policy warns where they fall by 50 in 100."),
    ],
)  # fmt: skip
def test_reasons_are_told(kith, vector, member, until, words):
    out = kith("explain", "--until", until, member, VECTORS / vector / "events.csv").out
    assert words in re.sub(r"\n +|\n", " ", out)


def test_risk_is_told_with_what_it_rests_on(kith):
    """The example of docs/model.md: of the 12 like Tam, 9 were lost, and 27 of all 100."""
    export = VECTORS / "leave" / "events.csv"
    policy = VECTORS / "leave" / "policy.ini"
    arguments = ["--until", "2026-01-05", "tam", export, *(["--policy", policy] if policy.exists() else [])]
    risk = explained(kith, *arguments)["last_review"]["risk"]
    assert risk == {
        "risk": 5642, "percent": 50, "pattern": 255, "age": 7, "alike": {"known": 12, "lost": 9},
        "similar": {"known": 12, "lost": 9}, "all": {"known": 100, "lost": 27},
    }  # fmt: skip
    out = kith("explain", *arguments).out
    assert "- at_risk: the risk that they do not come back is 56.42 in 100; the policy warns\n  from 50." in out
    assert re.search(r"^  in any situation +100 +27 +27$", out, re.M)
    assert "Of 12 members in the same situation before, 75 in 100 had no act" in out.replace("\n", " ")


# ---- JSON ----


def points(slots, dimension):
    return sum(slot["points"] for slot in slots if slot["dimension"] == dimension)


def missing(dimensions, dimension, wanted):
    """Points for a score, by trying: the least that is enough."""

    def score(more):
        total = 0
        for name in DIMENSIONS:
            of = dimensions[name]
            remembered = of["carried_over"] + of["earned"] + (more if name == dimension else 0)
            remembered = max(0, min(remembered, 2**40))
            total += WEIGHTS[name] * (10000 * remembered // (remembered + HALF_POINTS[name]))
        return total // 1000

    low, high = 0, 2**41
    if score(high) < wanted:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if score(middle) >= wanted else (middle + 1, high)
    return low


def check(told):
    """Recomputes all that follows from the rest, under the default policy."""
    dimensions, tier, presence = told["dimensions"], told["tier"], told["presence"]
    assert list(dimensions) == list(DIMENSIONS)
    for slot in told["slots"]:
        assert 0 < slot["counted"] <= slot["each"] <= slot["quantity"]
        assert slot["points"] == slot["unit"] * slot["counted"]
    for name, of in dimensions.items():
        assert of["earned"] == points(told["slots"], name)
        assert of["carried_over"] == of["before"] * CARRY // 65536
        assert of["remembered"] == max(0, of["carried_over"] + of["earned"])
        assert (of["weight"], of["half_points"]) == (WEIGHTS[name], HALF_POINTS[name])
        assert of["score"] == 10000 * of["remembered"] // (of["remembered"] + of["half_points"])
    assert told["score"] == sum(of["score"] * of["weight"] for of in dimensions.values()) // 1000

    higher = max(NAMES.index(tier["name"]), NAMES.index(tier["before"]))
    assert (told["keep"] or {}).get("tier") == (NAMES[higher] if higher else None)
    assert (told["rise"] or {}).get("tier") == (NAMES[higher + 1] if higher < 3 else None)
    for key, terms in (("to_rise", told["rise"]), ("to_keep", told["keep"])):
        for name in DIMENSIONS:
            expected = missing(dimensions, name, terms["score"]) if terms else 0
            assert dimensions[name][key] == expected
    if told["rise"]:
        assert (told["rise"]["score"], told["rise"]["supporters"]) == (TIERS[NAMES[higher + 1]][0::2])
    if told["keep"]:
        assert told["keep"]["score"] == TIERS[NAMES[higher]][1]
    rose = NAMES.index(tier["name"]) - NAMES.index(tier["before"])
    assert tier["reason"] in {0: [None], 1: ["promoted"], -1: ["dormant", "demoted"]}.get(rose, ["skipped"])

    flags, risk = told["flags"], told["risk"]
    assert ("silent" in flags) == (presence["silent_days"] >= 7 and not presence["on_leave"])
    assert ("dormant" in flags) == (presence["silent_days"] >= 28 and not presence["on_leave"])
    assert ("returned" in flags) == (presence["acted"] and "dormant" in told["flags_before"])
    if risk["risk"] is None:
        assert "at_risk" not in flags
    else:
        g = 10000 * (risk["all"]["lost"] + 1) // (risk["all"]["known"] + 2)
        q = (10000 * risk["similar"]["lost"] + 20 * g) // (risk["similar"]["known"] + 20)
        assert risk["risk"] == (10000 * risk["alike"]["lost"] + 20 * q) // (risk["alike"]["known"] + 20)
        assert ("at_risk" in flags) == (risk["risk"] >= 5000)


def test_json_adds_up_for_every_member(kith, tmp_path):
    kith("score", "--quiet", COMMUNITY)
    with (tmp_path / "kith-out" / "standings.csv").open(newline="") as file:
        standings = list(csv.DictReader(file))
    assert len(standings) > 200
    for row in standings:
        told = explained(kith, row["member"], COMMUNITY)
        assert told["member"] == row["member"]
        last, following = told["last_review"], told["open_week"]
        check(last)
        check(following)
        assert (last["provisional"], following["provisional"]) == (False, True)
        assert f"{last['score'] // 100}.{last['score'] % 100:02}" == row["score"]
        for name in DIMENSIONS:
            score = last["dimensions"][name]["score"]
            assert f"{score // 100}.{score % 100:02}" == row[name]
            assert following["dimensions"][name]["before"] == last["dimensions"][name]["remembered"]
        assert (last["tier"]["name"], last["stage"]) == (row["tier"], row["stage"])
        assert " ".join(last["flags"]) == row["flags"]
        assert last["risk"]["risk"] == (round(float(row["risk"]) * 100) if row["risk"] else None)
        for name in ("active_days", "silent_days"):
            assert str(last["presence"][name]) == row[name]
        for name in ("joined", "last_seen"):
            assert (last["presence"][name] or "") == row[name]
        assert following["tier"]["before"] == last["tier"]["name"]
        assert following["flags_before"] == last["flags"]


def test_json_of_a_small_community(kith, village):
    told = explained(kith, "--until", "2026-02-09", "ana", village)
    assert list(told) == ["version", "policy", "member", "last_review", "open_week"]
    last = told["last_review"]
    assert list(last) == [
        "week", "as_of", "provisional", "score", "stage", "flags", "flags_before", "slots", "dimensions", "tier",
        "rise", "keep", "presence", "drop", "risk", "left_out",
    ]  # fmt: skip
    assert (last["week"], last["as_of"], last["stage"], last["left_out"]) == ("2026-02-02", "2026-02-08", "new", False)
    assert last["slots"] == [
        {"kind": "article", "role": "gives", "dimension": "content", "quantity": 4, "each": 4, "counted": 3,
         "unit": 20000, "points": 60000},
        {"kind": "like", "role": "receives", "dimension": "content", "quantity": 15, "each": 11, "counted": 11,
         "unit": 1000, "points": 11000},
    ]  # fmt: skip
    assert last["tier"] == {
        "name": "active", "before": "newcomer", "reason": "promoted", "weeks_below": 0, "weeks_below_before": 0,
        "grace_weeks": 2, "pinned": False,
    }  # fmt: skip
    assert last["rise"] == {"tier": "veteran", "score": 1500, "active_days": 0, "supporters": 3}
    assert last["presence"]["supporters"] == 2
    check(last)
    assert (told["open_week"]["week"], told["open_week"]["as_of"]) == ("2026-02-09", "2026-02-15")


def test_what_cannot_be_reached_is_null(kith, write, events):
    write("my.ini", "[weights]\ncontent = 1\ninteraction = 0\ncommunity = 0\n")
    events("a.csv", "2026-02-02,ana,post,,")
    last = explained(kith, "--policy", "my.ini", "ana", "a.csv")["last_review"]
    assert last["dimensions"]["interaction"]["to_rise"] is None
    assert last["dimensions"]["content"]["to_rise"] > 0
    out = kith("explain", "--policy", "my.ini", "ana", "a.csv").out
    assert "interaction and community alone could not." in re.sub(r"\s+", " ", out)
    assert "interaction and community alone cannot." in re.sub(r"\s+", " ", out)


def test_a_member_of_the_open_week_alone(kith, village):
    told = explained(kith, "--until", "2026-02-09", "--as-of", "2026-02-14", "ana", village)
    assert told["last_review"] is not None
    late = village.with_name("late.csv")
    late.write_text(village.read_text() + "2026-02-13,dora,post,,\n")
    told = explained(kith, "--until", "2026-02-09", "--as-of", "2026-02-14", "dora", late)
    assert told["last_review"] is None
    assert told["open_week"]["stage"] == "new"
    out = kith("explain", "--until", "2026-02-09", "dora", late).out
    assert out.startswith("The week of 2026-02-09, which is open, as on 2026-02-15, its last day\n")
    # Where nothing is reviewed, the week of the last event is looked at.
    assert kith("explain", "--until", "2026-02-02", "dora", late).out == out
    assert kith("explain", "--until", "2026-02-02", "ana", late).out.startswith("The week of 2026-02-09, ")
    done = kith("explain", "--until", "2026-02-02", "--as-of", "2026-02-03", "dora", late)
    assert (done.returncode, done.out) == (3, "")
    assert done.err == "kith: 'dora' is not known yet: no event that is looked at names them\n"


# ---- reading ----


def test_exports_are_read_as_by_score(kith, write, village):
    plain = explained(kith, "ben", village)
    lines = village.read_text().splitlines()[1:]
    write("1.csv.gz", gzip.compress((HEADER + "\n".join(lines[3:])).encode()))
    renamed = "when;who;kind;target;quantity\n" + "\n".join(line.replace(",", ";") for line in lines[:3])
    write("2.csv", renamed)
    write("3.csv", "when;who;kind;target;quantity\n" + "\n".join(line.replace(",", ";") for line in lines[3:]))
    columns = ["--column", "time=when", "--column", "member=who"]
    assert explained(kith, *columns, "--threads", "3", "ben", "2.csv", "3.csv") == plain
    assert explained(kith, *columns, "--memory", "1M", "ben", "2.csv", "3.csv") == plain
    assert explained(kith, *columns, "--delimiter", ";", "ben", "2.csv", "3.csv") == plain
    half = write("half.csv", HEADER + "\n".join(lines[:3]) + "\n")
    done = kith("explain", "--json", "ben", "-", "1.csv.gz", stdin=half.read_bytes())
    assert json.loads(done.out) == plain


def test_nothing_is_written(kith, village, tmp_path):
    before = sorted(path.name for path in tmp_path.iterdir())
    assert kith("explain", "ana", village).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_refused_rows_show_in_the_status(kith, events):
    events("a.csv", "2026-02-02,ana,post,,", "2026-02-02,ana,dance,,", "never,ana,post,,")
    done = kith("explain", "ana", "a.csv")
    assert done.returncode == 1
    assert done.err == "kith: 2 rows were refused; 'kith score' lists them with the reason\n"
    assert done.out.startswith("Review of the week of 2026-02-02\n")


# ---- a state in place of exports ----


@pytest.fixture
def state(kith, village):
    """What `kith update` keeps of the village, its first week reviewed."""
    assert kith("update", "--quiet", "--state", "village.kith", village).returncode == 0
    return village.with_name("village.kith")


def test_state_tells_what_the_exports_tell(kith, village, state):
    kept = state.read_bytes()
    for more in ([], ["--as-of", "2026-02-11"], ["--until", "2026-02-16"]):
        for member in ("ana", "ben", "cleo"):
            until = more or ["--until", "2026-02-09"]
            assert explained(kith, *more, "--state", state, member) == explained(kith, *until, member, village)
            assert kith("explain", *more, "--state", state, member).out == kith(
                "explain", *until, member, village
            ).out
    assert state.read_bytes() == kept
    assert kith("explain", "--state", state, "Ana").err == "kith: there is no member 'Ana'; there is 'ana'\n"


def test_state_under_another_policy(kith, write, state):
    write("my.ini", "[memory]\nhalf_life_weeks = 1\n")
    done = kith("explain", "--json", "--policy", "my.ini", "--state", state, "ana")
    assert done.returncode == 0
    assert done.err == "kith: the last review went by another policy, so it is not explained; the next one will be\n"
    told = json.loads(done.out)
    assert told["last_review"] is None
    assert told["open_week"]["dimensions"]["content"]["carried_over"] == 71000 // 2


def test_faults_of_a_state(kith, write, state, village):
    assert kith("explain", "--state", "none.kith", "ana").returncode == 3
    write("cut.kith", state.read_bytes()[:-9])
    write("empty.kith", "")
    faults = {
        "cut.kith": "this state is damaged: put a copy of it back, or explain by exports instead (",
        "empty.kith": "is not a state of 'kith update': without --state, exports come behind the member (is empty",
        village.name: "is not a state of 'kith update': without --state, exports come behind the member (",
    }
    for name, words in faults.items():
        done = kith("explain", "--state", name, "ana")
        assert (done.returncode, done.out) == (3, "")
        assert done.err.startswith(f"kith: {name}: {words}") and len(done.err.splitlines()) == 1


def test_a_day_of_a_state_that_has_been_reviewed(kith, write, state):
    done = kith("explain", "--state", state, "--as-of", "2026-02-08", "ana")
    assert (done.returncode, done.out) == (2, "")
    assert "--as-of 2026-02-08 lies in a week that has been reviewed" in done.err
    assert "days from 2026-02-09 on can be explained, and without --as-of the last review is" in done.err
    assert kith("explain", "--state", state, "--as-of", "2026-02-09", "ana").returncode == 0
    # The day is that of the community's clock.
    export = write("west.csv", HEADER + "2026-02-02,ana,post,,\n2026-02-12,ana,post,,\n")
    policy = write("west.ini", "[calendar]\nutc_offset = -08:00\n")
    assert kith("update", "--quiet", "--policy", policy, "--state", "west.kith", export).returncode == 0
    assert "days from 2026-02-09 on" in kith("explain", "--state", "west.kith", "--as-of", "2026-02-08", "ana").err
    assert kith("explain", "--state", "west.kith", "--as-of", "2026-02-09", "ana").returncode == 0


def test_a_state_of_numbered_members_is_told_from_one_without_the_member(kith, position, tmp_path):
    position(tmp_path / "numbers.kith", "--numbered")
    done = kith("explain", "--state", "numbers.kith", "ana")
    assert (done.returncode, done.out) == (3, "")
    assert done.err.startswith("kith: numbers.kith: ") and "by numbers, not by names" in done.err


# ---- faults ----


FAULTS = {
    "nothing": [],
    "member alone": ["ana"],
    "empty member": ["", "a.csv"],
    "empty export": ["ana", ""],
    "standard input twice": ["ana", "-", "-"],
    "an option of score": ["--out", "there", "ana", "a.csv"],
    "value for a flag": ["--json=yes", "ana", "a.csv"],
    "until no day": ["--until", "soon", "ana", "a.csv"],
    "as-of before until": ["--until", "2026-02-09", "--as-of", "2026-02-08", "ana", "a.csv"],
    "as-of before time": ["--as-of", "1960-01-01", "ana", "a.csv"],
    "export twice": ["ana", "a.csv", "a.csv"],
    "state and an export": ["--state", "state.kith", "ana", "a.csv"],
    "state without a member": ["--state", "state.kith"],
    "empty state": ["--state", "", "ana"],
}


@pytest.mark.parametrize("arguments", FAULTS.values(), ids=FAULTS.keys())
def test_usage(kith, events, arguments):
    events("a.csv", "2026-02-02,ana,post,,")
    done = kith("explain", *arguments)
    assert (done.returncode, done.out) == (2, "")
    assert re.fullmatch(r"kith: .+\nTry 'kith explain --help'\.\n", done.err)


def test_the_export_before_the_member(kith, events):
    """Which of them is the member shows where the first is a file and another is none."""
    events("a.csv", "2026-02-02,ana,post,,")
    events("b.csv", "2026-02-02,ben,post,,")
    for arguments, right in ((["a.csv", "ana"], "ana a.csv"), (["a.csv", "b.csv", "ana"], "ana a.csv")):
        done = kith("explain", *arguments)
        assert (done.returncode, done.out) == (2, "")
        assert done.err.startswith("kith: 'a.csv' is a file and 'ana' is none: the member comes first,")
        assert f"kith explain {right}\n" in done.err
    done = kith("explain", "a.csv")
    assert done.returncode == 2 and "no member is given: 'a.csv' is a file" in done.err


def test_a_member_whose_name_is_that_of_a_file(kith, events, tmp_path):
    events("a.csv", "2026-02-02,ana,post,,", "2026-02-02,src,post,,")
    events("ana", "2026-02-02,ben,post,,")
    (tmp_path / "src").mkdir()
    assert kith("explain", "ana", "a.csv").returncode == 0
    assert kith("explain", "ana", "-", stdin=(tmp_path / "a.csv").read_bytes()).returncode == 0
    assert "none.csv: cannot be read" in kith("explain", "src", "none.csv").err


@pytest.mark.parametrize(
    "name, hint",
    [
        ("Ana", "; there is 'ana', 'anabel'"),
        ("anab", "; there is 'ana', 'anabel'"),
        ("b", "; there is 'ben'"),
        ("zoe", ""),
        ("\udcff", ""),
    ],
)
def test_unknown_member(kith, events, name, hint):
    events("a.csv", *[f"2026-02-02,{member},post,," for member in ("ana", "anabel", "ben", "cleo")])
    done = kith("explain", name, "a.csv")
    assert (done.returncode, done.out) == (3, "")
    shown = name.replace("\udcff", "\ufffd")
    assert done.err == f"kith: there is no member '{shown}'{hint}\n"


def test_no_event_at_all(kith, events):
    events("a.csv")
    done = kith("explain", "ana", "a.csv")
    assert (done.returncode, done.err) == (3, "kith: there is no member 'ana'\n")


def test_faults_of_files(kith, events, write):
    events("a.csv", "2026-02-02,ana,post,,")
    write("bad.ini", "[weights]\ncontent = 2\n")
    assert kith("explain", "--policy", "bad.ini", "ana", "a.csv").returncode == 4
    assert kith("explain", "--policy", "none.ini", "ana", "a.csv").returncode == 3
    assert kith("explain", "ana", "none.csv").returncode == 3
    with open("/dev/full", "wb") as full:
        for more in ([], ["--json"]):
            done = kith("explain", *more, "ana", "a.csv", stdout=full)
            assert done.returncode == 3
            assert done.err.startswith("kith: standard output: cannot be written: ")


def test_help(kith):
    done = kith("explain", "--help")
    assert done.returncode == 0
    assert done.out.startswith("Usage: kith explain ")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "  explain " in kith("--help").out
