"""The reference model itself: it reproduces every vector, and its figures are the model's own."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import generate  # noqa: E402
import model  # noqa: E402
import model_exports  # noqa: E402
import model_policy  # noqa: E402

VECTORS = sorted(path for path in (HERE.parent / "vectors").iterdir() if path.is_dir())
HEADER = b"time,member,kind,target,quantity\n"


def score_rows(*rows: bytes, **options) -> dict[str, bytes]:
    return model.score([("events.csv", HEADER + b"".join(row + b"\n" for row in rows))], **options)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda path: path.name)
def test_vector(vector: Path) -> None:
    policy = vector / "policy.ini"
    exports = [(path.name, path.read_bytes()) for path in vector.glob("events.csv*")]
    tables = model.score(exports, policy.read_text("utf-8") if policy.exists() else None)
    expected = {path.name: path.read_bytes() for path in (vector / "expected").iterdir()}
    assert sorted(tables) == sorted(expected)
    for table, data in expected.items():
        assert tables[table] == data, table


@pytest.mark.parametrize(
    ("hundredths", "expected"),
    [(0, 0), (1, 0), (5, 0), (6, 1), (50, 16384), (100, 32768), (400, 55109), (52_000, 65449)],
)
def test_carry(hundredths: int, expected: int) -> None:
    assert model_policy.carry(hundredths) == expected


def test_week_begins_on_its_first_day() -> None:
    monday = model_policy.read_policy("[calendar]\nutc_offset = +00:00\nweek_start = monday\n")
    sunday = model_policy.read_policy("[calendar]\nutc_offset = -14:00\nweek_start = sunday\n")
    assert model_policy.show_day(model_policy.first_day(monday, model_policy.week_of(monday, 0))) == b"1969-12-29"
    assert model_policy.show_day(model_policy.first_day(sunday, model_policy.week_of(sunday, 0))) == b"1969-12-28"
    for policy in (monday, sunday):
        for week in (-1, 0, 1, 2900, 419_000):
            begins = model_policy.first_day(policy, week) * 86400 - policy.utc_offset
            assert model_policy.week_of(policy, begins) == week
            assert model_policy.week_of(policy, begins - 1) == week - 1
    assert model_policy.show_time(model_exports.TIME_MAX) == b"9998-12-31T23:59:59Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"0000000000000000086400", 86400),
        (b"1970-01-02", 86400 - 19800),
        (b"1970-01-02 00:00", 86400 - 19800),
        (b"1970-01-02 00:00 ", 86400 - 19800),
        (b"1970-01-02T00:00:00.999Z", 86400),
        (b"1970-01-02T00:00:01 UTC", 86401),
        (b"1970-01-01T23:00-0100", 86400),
        (b"1969-12-31T23:59:59-00:01", 59),
        (b"1970-01-01T05:29:59", None),
        (b"1970-01-02Z", None),
        (b"1970-01-02T00:00:60Z", None),
        (b"1970-01-02T00:00.5", None),
        (b"253370764799", 253_370_764_799),
        (b"253370764800", None),
    ],
)
def test_time(text: bytes, expected: int | None) -> None:
    policy = model_policy.read_policy("[calendar]\nutc_offset = +05:30\n")
    assert model_exports.read_time(policy, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[colour]\nx = 1\n",
        "[kind]\n",
        "[churn]\nsilent = 7\n",
        "[churn]\nsilent_days = 0\n",
        "[churn]\nsilent_days = 29\n",                  # dormant_days is 28
        "[weights]\ncontent = 0.5\n",                   # the three sum to 1.1
        "[memory]\nhalf_life_weeks = 0.125\n",
        "[calendar]\nutc_offset = +14:01\n",
        "[kind a]\n[kind a]\n",
        "[kind a]\ngives = fame 1\n",
        "[kind a]\ngives = content 1 cap 0\n",
        "[tier a]\n",
        "[tier a]\npromote_at = 1\n[tier b]\npromote_at = 2\n",
        "[tier a]\n[tier b]\n",
        "[tier a]\n[tier b]\npromote_at = 2\nkeep_at = 2.01\n",
        "[tier a]\n[tier b]\npromote_at = 2\n[tier c]\npromote_at = 2\n",
        "[members]\nleft_out = a a\n",
        "[members]\nleft_out=;a\n",
        "[members]\nleave_out = a\n",
        "[members]\nleft_out = " + "a" * 65 + "\n",
        "[members]\nleft_out = " + " ".join(map(str, range(33))) + "\n",
    ],
)
def test_policy_is_refused(text: str) -> None:
    with pytest.raises(model_policy.PolicyError):
        model_policy.read_policy(text)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*-bot", "ci-bot", True),
        ("*-bot", "ci-bots", False),
        ("a*b*c", "abbc", True),
        ("a*b*c", "acb", False),
        ("?", "小", True),
        ("?", "", False),
        ("a?b", "a b", True),
        ("*", "any", True),
        ("Ana", "ana", False),
    ],
)
def test_pattern(pattern: str, name: str, expected: bool) -> None:
    assert model_policy.fits(pattern, name) is expected


def test_quantities_stop_instead_of_overflowing() -> None:
    kinds = "[half_points]\ncontent = 1000000\n[kind a]\ngives = content 0.001 each 1000000000\n"
    rows = [b"2024-01-01,m,a,t%d,1000000000" % number for number in range(6)]
    tables = score_rows(*rows, policy_text=kinds)
    # 4294967295 milli-points, not 6000000000: 10000 × R / (R + 10^9) = 8111
    assert b"\nm,32.44,81.11,0.00,0.00," in tables["standings.csv"]


def test_future_is_after_the_latest_second() -> None:
    tables = score_rows(b"1700000000,m,post,,", b"1700000001,m,post,,", latest=1_700_000_000)
    assert tables["rejects.csv"] == b'file,line,column,reason,row\nevents.csv,3,time,future,"1700000001,m,post,,"\n'


def test_until_closes_only_weeks_that_are_over() -> None:
    rows = (b"2024-01-01,m,post,,", b"2024-01-10,m,post,,")
    assert b"\nm," not in score_rows(*rows, until="2024-01-07")["standings.csv"]
    assert score_rows(*rows, until="2024-01-08")["weeks.csv"].count(b"\n") == 2
    assert score_rows(*rows, until="2024-01-29")["weeks.csv"].count(b"\n") == 5


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"time,member\n", b"time,member,kind,time\n", b'time,"member,kind\n', b"\x1f\x8bnot gzip"],
)
def test_export_is_unreadable(data: bytes) -> None:
    with pytest.raises(model_exports.ExportError):
        model.score([("events.csv", data)])


def test_concatenated_gzip() -> None:
    data = gzip.compress(HEADER) + gzip.compress(b"2024-01-01,m,post,,\n")
    assert b"\nm," in model.score([("events.csv", data)])["standings.csv"]


def test_of_events_with_the_same_id_the_first_counts() -> None:
    first = b"id,time,member,kind\n1,2024-01-01,a,post\n2,oops,b,post\n1,2024-01-09,c,post\n,2024-01-02,d,post\n"
    second = b"time,id,member,kind\n2024-01-03,2,b,post\n2024-01-03,1,e,post\n2024-01-03,,d,post\n"
    tables = model.score([("a.csv", first), ("b.csv", second)])
    members = [line.split(b",")[0] for line in tables["standings.csv"].splitlines()[1:]]
    assert sorted(members) == [b"a", b"b", b"d"]
    assert tables["weeks.csv"].count(b"\n") == 2
    assert tables["rejects.csv"].count(b"\n") == 2
    # Read from a column of another name, or where another field is read from it, it is none.
    tables = model.score([("a.csv", first)], columns={"member": "id", "kind": "kind"})
    assert b"\n1," in tables["standings.csv"]


def test_cases_depend_on_the_seed_alone() -> None:
    assert generate.case(11) == generate.case(11)
    assert generate.case(11) != generate.case(12)
