# SPDX-License-Identifier: MIT
"""Engines: each method, and each way in which it fails."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kith
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support import BEGIN, DAY, at, columns_of, community, csv_of, engine_of, small, tables_of

WEEK = 7 * DAY


# ---- adding ----


def test_what_became_of_rows() -> None:
    columns = {**small(), "id": ["a", "b", "a"], "kind": ["post", "dance", "comment"]}
    engine = kith.Engine()
    added = engine.add(columns, name="today")
    assert (added.read, added.taken, added.rejected, added.skipped, added.reasons) == (3, 1, 1, 1, {"kind": 1})
    assert added.rejects.to_dicts() == [{"file": "today", "line": 2, "column": "kind", "reason": "kind", "row": ""}]
    assert "rejects" not in repr(added)
    info = engine.info
    assert (info.members, info.taken, info.rejected, info.skipped, info.open_weeks) == (1, 1, 1, 1, 1)
    assert (info.first_event, info.last_event, info.first_open) == (at(BEGIN), at(BEGIN), at(BEGIN))
    assert (info.late, info.future, info.reviewed_until) == (0, 0, None)
    assert repr(engine) == "<kith.Engine: 1 members, 1 events, 1 open weeks>"


def test_an_engine_without_events() -> None:
    engine = kith.Engine()
    info = engine.info
    assert (info.members, info.taken, info.first_event, info.last_event, info.first_open) == (0, 0, None, None, None)
    assert repr(engine.review()) == "<kith.Review of no week>"
    assert (engine.position, engine.members, engine.sequence("queue")) == (b"", "names", 0)
    assert engine.policy == kith.Policy()


def test_exports_by_path_name_and_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "über.csv"
    path.write_bytes(b"time;member;kind\n2026-01-01;ana,b;post\n2026-01-01;ana;dance\n")
    with path.open("rb") as file:
        for source, name in (
            (path, "über.csv"),
            (str(path), "über.csv"),
            (file, "-"),
            (io.BytesIO(path.read_bytes()), "-"),
        ):
            added = kith.Engine().add(source, delimiter=";")
            assert (added.taken, added.reasons) == (1, {"kind": 1})
            assert added.rejects.to_dicts()[0]["file"] == name
    assert kith.Engine().add(path, name="mine").rejects.to_dicts()[0]["file"] == "mine"
    for delimiter in (";;", "é", "\n", '"', 5):
        with pytest.raises((TypeError, kith.BadArgumentError)):
            kith.Engine().add(path, delimiter=delimiter)  # type: ignore[arg-type]
    with pytest.raises(kith.InputOutputError) as caught:
        kith.Engine().add(tmp_path / "nowhere.csv")
    assert caught.value.file is not None and "nowhere.csv" in caught.value.file
    assert isinstance(caught.value, OSError)


def test_several_exports_are_one_community(tmp_path: Path) -> None:
    events = community(41)
    paths = [tmp_path / f"{number}.csv" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(csv_of(events[number::3]) + b"bad row\n")
    expected = kith.score(columns_of(events))
    for given in (paths, tuple(map(str, paths)), [io.BytesIO(path.read_bytes()) for path in paths]):
        engine = kith.Engine()
        added = engine.add(given)
        assert (added.taken, added.rejected, added.reasons) == (len(events), 3, {"fields": 3})
        assert len(added.rejects) == 3
        assert engine.review().standings.to_csv() == expected.standings.to_csv()
    assert kith.score(paths).standings.to_csv() == expected.standings.to_csv()
    with pytest.raises(kith.InputOutputError) as caught:
        kith.score([*paths, tmp_path / "nowhere.csv"])
    paths[1].write_bytes(b"time,member\n")
    with pytest.raises(kith.BadExportError) as broken:
        kith.Engine().add(paths)
    assert broken.value.added is not None
    assert (broken.value.added["taken"], broken.value.added["reasons"]) == (len(events[0::3]), {"fields": 1})
    assert caught.value.added is not None and caught.value.added["taken"] == len(events)


def test_one_event_is_as_one_row() -> None:
    events = community(42)
    expected = engine_of(events).review()
    for way in (int, str):
        engine = kith.Engine(members="names" if way is str else "numbers")
        for event in events:
            member, target = (None if name is None else way(name) for name in (event.member, event.target))
            moment = at(event.time) if event.time % 2 else event.time
            assert engine.add_event(event.kind, moment, member, target, event.quantity or 1) is None
        review = engine.review()
        for name in ("standings", "changes", "flags", "weeks"):
            assert getattr(review, name).to_csv() == getattr(expected, name).to_csv()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"time": -1}, "time"),
    ({"time": 253_370_764_800}, "time"),
    ({"member": None}, "member"),
    ({"member": ""}, "member"),
    ({"member": "n" * 256}, "member"),
    ({"target": "n" * 256}, "target"),
    ({"quantity": 0}, "quantity"),
    ({"quantity": -1}, "quantity"),
    ({"quantity": 1_000_000_001}, "quantity"),
    ({"quantity": 2**32 + 1}, "quantity"),
    ({"quantity": 2**64 + 1}, "quantity"),
    ({"quantity": -(2**70)}, "quantity"),
    ({"time": "2026-01-01"}, "late"),
    ({"time": "2100-01-01"}, "future"),
]


@pytest.mark.parametrize(("given", "reason"), REFUSED, ids=str)
def test_an_event_that_cannot_be_used_is_refused_with_the_reason(given: dict[str, Any], reason: str) -> None:
    engine = kith.Engine(now="2026-02-01")
    engine.add_event("post", "2026-01-01", "ana")
    engine.review("2026-01-20")
    with pytest.raises(kith.RefusedError) as caught:
        engine.add_event(**{"kind": "post", "time": "2026-01-21", "member": "ben", **given})
    error = caught.value
    assert (error.status, error.reason, isinstance(error, ValueError)) == ("KITH_REFUSED", reason, True)
    assert engine.info.taken == 1 and engine.info.rejected == 1
    engine.add_event("post", "2026-01-21", "ben")


def test_arguments_of_an_event_must_be_what_they_are() -> None:
    engine = kith.Engine()
    for wrong in (
        {"kind": "dance"},
        {"kind": None},
        {"time": "yesterday"},
        {"time": 2**70},
        {"time": 1.5},
        {"time": None},
        {"member": 1.5},
        {"member": b"ana"},
        {"member": "\ud800"},
        {"member": -1},
        {"member": 2**64},
        {"member": 2**64 - 1},
        {"member": ["ana"]},
        {"target": 1.5},
        {"quantity": 1.5},
        {"quantity": "1"},
        {"quantity": None},
        {"id": 5},
        {"id": "\ud800"},
        {"sequence": -1},
        {"sequence": 2**64, "source": "q"},
        {"sequence": 1.5, "source": "q"},
        {"sequence": 1, "source": 5},
        {"sequence": 1},
        {"sequence": 1, "source": ""},
        {"member": 7},
    ):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            engine.add_event(**{"kind": "post", "time": BEGIN, "member": "ana", **wrong})  # type: ignore[arg-type]
    assert (engine.info.taken, engine.info.members) == (0, 0)
    with pytest.raises(kith.RefusedError):
        kith.Engine(members="numbers").add_event("post", BEGIN, "ana")


def test_an_event_that_cannot_be_used_is_refused_and_dealt_with() -> None:
    engine = kith.Engine()
    wrong: dict[str, Any] = {"kind": "dance", "time": "20260106x", "quantity": 0, "member": ""}
    for number, (field, value) in enumerate(wrong.items(), 1):
        event = {"kind": "post", "time": BEGIN, "member": "ana", "source": "queue", "sequence": number, field: value}
        with pytest.raises(kith.RefusedError, match=field) as caught:
            engine.add_event(**event)
        assert (caught.value.reason, caught.value.field, caught.value.status) == (field, field, "KITH_REFUSED")
        assert field not in ("kind", "time") or caught.value.value == value
        assert engine.sequence("queue") == number
    with pytest.raises(kith.RefusedError, match="1969"):
        engine.add_event("post", dt.datetime(1969, 12, 31, tzinfo=dt.UTC), "ana")
    assert (engine.info.taken, engine.info.rejected) == (0, len(wrong) + 1)


def test_a_tier_that_the_policy_has_not_cannot_be_pinned() -> None:
    engine = kith.Engine()
    engine.add_event("post", BEGIN, "ana")
    with pytest.raises(kith.BadArgumentError, match="no tier 'boss'; expected .*mentor") as caught:
        engine.set_member("ana", pinned="boss")
    assert (caught.value.field, caught.value.value) == ("pinned", "boss")


def test_what_is_said_of_exports_is_not_passed_over(tmp_path: Path) -> None:
    pq.write_table(pa.table(small()), tmp_path / "a.parquet")
    for data in (small(), pa.table(small()), tmp_path / "a.parquet", tmp_path):
        for option in ({"delimiter": ";"}, {"max_row": 5000}, {"max_bytes": 10**9}):
            with pytest.raises(TypeError, match=f"{next(iter(option))}: .* exports"):
                kith.score(data, **option)  # type: ignore[arg-type]
            with pytest.raises(TypeError):
                kith.Engine().add(data, **option)  # type: ignore[arg-type]


class Reader:
    """Batches as some libraries read them: gone through, or by read()."""

    def __init__(self) -> None:
        self._batches = iter([small(), small()])

    def read(self) -> object:
        return next(self._batches)

    def __iter__(self) -> Iterator[object]:
        return self._batches


def test_a_reader_of_batches_is_no_file() -> None:
    assert kith.score(Reader()).added.taken == 2 * kith.score(small()).added.taken


def test_numbers_of_numpy_are_numbers() -> None:
    engine = kith.Engine(members="numbers")
    engine.add_event("post", np.int64(BEGIN), np.uint32(5), np.int8(6), np.int16(2))  # type: ignore[arg-type]
    engine.review(np.int64(BEGIN + WEEK))  # type: ignore[arg-type]
    assert engine.standing(np.int64(5)).last_seen == at(BEGIN)  # type: ignore[arg-type]
    assert engine.standing(0 + 5).member == 5


def test_an_event_counts_once_by_its_id() -> None:
    engine = kith.Engine()
    for _ in range(3):
        engine.add_event("post", BEGIN, "ana", id="a")
    engine.add_event("post", BEGIN, "ana", id="b")
    engine.add({**small(), "id": ["a", "b", "c"]})
    assert (engine.info.taken, engine.info.skipped) == (3, 4)


def test_an_event_counts_once_by_its_number() -> None:
    engine = kith.Engine()
    for number in (1, 2, 2, 5, 1):
        engine.add_event("post", BEGIN, "ana", sequence=number, source="queue")
    engine.add_event("post", BEGIN, "ana", sequence=1, source="log")
    assert (engine.info.taken, engine.info.skipped) == (4, 2)
    assert (engine.sequence("queue"), engine.sequence("log"), engine.sequence("other")) == (5, 1, 0)
    with pytest.raises(kith.OutOfOrderError) as caught:
        engine.add_event("post", BEGIN, "ana", sequence=4, source="queue")
    assert (caught.value.status, isinstance(caught.value, ValueError)) == ("KITH_OUT_OF_ORDER", True)
    engine.add_event("post", BEGIN, "ana", sequence=2**64 - 1, source="queue")
    assert engine.sequence("queue") == 2**64 - 1
    with pytest.raises(kith.BadArgumentError):
        engine.drop_open()


def test_open_weeks_may_be_dropped_and_added_anew() -> None:
    events = sorted(community(43), key=lambda event: event.time)
    half = BEGIN + 6 * WEEK
    engine = engine_of([event for event in events if event.time < half])
    engine.review(half - WEEK)
    engine.add(columns_of([event for event in events if event.time >= half]))
    engine.drop_open()
    assert engine.info.open_weeks == 0
    engine.add(columns_of([event for event in events if event.time >= half - WEEK]))
    assert engine.review().standings.to_csv() == engine_of(events).review().standings.to_csv()


# ---- reviewing ----


def test_reviews_go_to_the_end_of_the_last_week_or_as_far_as_they_are_told() -> None:
    engine = engine_of(community(44))
    first = engine.review(at(BEGIN + 3 * WEEK))
    assert (first.week_count, first.first_week, first.last_week) == (3, dt.date(2024, 12, 30), dt.date(2025, 1, 13))
    assert repr(first) == "<kith.Review of 3 weeks, 2024-12-30 to 2025-01-13>"
    assert engine.review(at(BEGIN + 3 * WEEK)).week_count == 0
    assert engine.info.reviewed_until == at(BEGIN + 3 * WEEK)
    rest = engine.review()
    assert rest.first_week == dt.date(2025, 1, 20)
    assert engine.info.open_weeks == 0
    assert engine.review().week_count == 0
    assert engine.add({**small(), "target": [None] * 3}).reasons == {"late": 3}
    assert first.week_count == 3 and len(first.weeks) == 3, "an earlier review stays as it was"


def test_a_review_of_too_many_weeks_is_refused() -> None:
    engine = kith.Engine(max_weeks=10)
    engine.add({**small(), "time": [BEGIN, BEGIN + WEEK, BEGIN + 11 * WEEK]})
    with pytest.raises(kith.TooManyWeeksError) as caught:
        engine.review()
    assert (caught.value.status, isinstance(caught.value, ValueError)) == ("KITH_TOO_MANY_WEEKS", True)
    assert engine.review(BEGIN + 5 * WEEK).week_count == 5
    assert engine.review().week_count == 7


def test_a_review_of_a_moment_that_cannot_be_is_refused() -> None:
    engine = engine_of(community(45))
    for until, error in (
        ("tomorrow", kith.BadArgumentError),
        (2**64, OverflowError),
        (1.5, TypeError),
        (2**63 - 1, kith.TooManyWeeksError),
    ):
        with pytest.raises(error):
            engine.review(until)  # type: ignore[arg-type]
    assert engine.info.reviewed_until is None
    assert engine.review(-1).week_count == 0


def test_a_review_to_the_last_week_of_all() -> None:
    engine = kith.Engine(future=dt.timedelta(-1))
    engine.add_event("post", 253_370_764_799, "ana")
    review = engine.review()
    assert (review.week_count, review.last_week, len(review.standings)) == (1, dt.date(9998, 12, 28), 1)


# ---- standings and explanations ----


def test_standings_between_reviews() -> None:
    engine = kith.Engine()
    engine.add({**small(), "time": [BEGIN, BEGIN, BEGIN + WEEK]})
    with pytest.raises(kith.UnknownMemberError, match="reviewed yet") as caught:
        engine.standing("ana")
    assert isinstance(caught.value, LookupError)
    now = engine.standing("ana", at(BEGIN + 3 * DAY))
    engine.review(BEGIN + WEEK)
    last = engine.standing("ana")
    rows = {row["member"]: row for row in engine.review(BEGIN + WEEK).standings}
    assert rows["ana"]["score"] == last.score and "cleo" not in rows
    assert (last.member, last.tier, last.stage, last.flags, last.risk) == ("ana", "newcomer", "new", (), None)
    assert (last.joined, last.last_seen, last.silent_days, now.silent_days) == (at(BEGIN), at(BEGIN), 6, 3)
    assert (last.on_leave, last.leave_end, last.pinned, last.left_out) == (False, None, False, False)
    assert now.score == last.score > 0
    for member in ("cleo", "nobody", "", "n" * 999):
        with pytest.raises(kith.UnknownMemberError) as caught:
            engine.standing(member)
        assert caught.value.status == "KITH_UNKNOWN_MEMBER"
    for as_of in (BEGIN, -1, 2**62):
        with pytest.raises(kith.BadArgumentError):
            engine.standing("ana", as_of)
    for wrong in (5, 1.5, None, b"ana", "\ud800", -1):
        for call in (engine.standing, engine.explain, engine.get_member, engine.forget):
            with pytest.raises((TypeError, ValueError, OverflowError, LookupError)):
                call(wrong)  # type: ignore[arg-type]


def test_standings_are_the_rows_of_the_table() -> None:
    engine = engine_of(community(46, members=50, weeks=30))
    review = engine.review()
    for row in review.standings:
        standing = engine.standing(row["member"])
        for name in (
            "score",
            "content",
            "interaction",
            "community",
            "tier",
            "stage",
            "risk",
            "active_days",
            "silent_days",
            "joined",
            "last_seen",
        ):
            assert getattr(standing, name) == row[name], name
        assert " ".join(standing.flags) == row["flags"]
    assert any(row["risk"] is not None for row in review.standings)


def plain(value: Any) -> Any:
    """Dates and times as the command writes them."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else value


OWN = """
[calendar]
utc_offset = -08:00
[members]
left_out = 100? 1013
[kind away]
leave = yes
[kind like]
gives = content 2 cap 3 each 1
receives = community 5
"""


@pytest.mark.parametrize("policy", ["", OWN], ids=["usual", "own"])
def test_explanations_have_the_figures_of_the_command(binary: str, tmp_path: Path, policy: str) -> None:
    events = community(47, members=40, weeks=30)
    if policy:
        events = [event._replace(kind="away" if event.kind in ("post", "vote") else "like") for event in events]
    path, ini = tmp_path / "activity.csv", tmp_path / "policy.ini"
    path.write_bytes(csv_of(events))
    ini.write_text(policy)
    own = kith.Policy.parse(policy)
    result = kith.score(path, own, as_of="2025-07-17")
    members = [row["member"] for row in result.standings]
    assert len(members) > 20
    for member in members[::3]:
        command = [binary, "explain", "--json", "--policy", ini, "--as-of", "2025-07-17", member, path]
        told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
        last, now = result.engine.explain(member), result.engine.explain(member, "2025-07-17")
        for explanation, expected in ((last, told["last_review"]), (now, told["open_week"])):
            assert plain(explanation.to_dict()) == expected
            assert f"{explanation.week}" == expected["week"] and f"{explanation.as_of}" == expected["as_of"]
            assert (round(explanation.score * 100), explanation.tier) == (expected["score"], expected["tier"]["name"])
            assert (explanation.stage, list(explanation.flags)) == (expected["stage"], expected["flags"])
            assert explanation.provisional == expected["provisional"] == (explanation is now)
        assert repr(last) == f"<kith.Explanation of {member!r}, week of {last.week}: {last.tier}, {last.score:.2f}>"


def test_what_is_asked_of_an_explanation_is_a_copy() -> None:
    engine = engine_of(community(48))
    engine.review()
    explanation = engine.explain("1003")
    explanation.to_dict()["tier"]["name"] = "king"
    explanation.to_dict()["slots"].clear()
    assert explanation.to_dict()["tier"]["name"] == explanation.tier
    assert json.dumps(plain(explanation.to_dict()))


def test_explain_takes_whatever_score_takes(export: Path) -> None:
    events = community(1)
    result = kith.score(export, as_of="2025-06-01")
    expected = plain(result.engine.explain("1003", "2025-06-01").to_dict())
    for data in (export, columns_of(events), pa.table(columns_of(events))):
        assert plain(kith.explain(data, "1003", "2025-06-01").to_dict()) == expected
    assert plain(kith.explain(result, "1003", "2025-06-01").to_dict()) == expected
    assert plain(kith.explain(result.engine, "1003", "2025-06-01").to_dict()) == expected
    with pytest.raises(TypeError, match="has been scored"):
        kith.explain(result, "1003", policy=kith.Policy())
    with pytest.raises(TypeError, match="has been scored"):
        kith.explain(result.engine, "1003", history=True)
    with pytest.raises(kith.UnknownMemberError):
        kith.explain(result, "nobody")


def test_watch_has_those_who_are_slipping_away_in_an_open_week() -> None:
    engine = engine_of(community(49))
    review = engine.review("2025-05-01")
    watched = [row["member"] for row in engine.watch("2025-05-03")]
    slipping = {"silent", "dormant", "at_risk"}
    expected = {
        row["member"] for row in review.standings if slipping & set(engine.standing(row["member"], "2025-05-03").flags)
    }
    assert set(watched) == expected and len(watched) == len(expected) > 0
    with pytest.raises(kith.BadArgumentError):
        engine.watch("2025-04-01")


# ---- members ----


def test_a_pinned_tier_and_those_left_out() -> None:
    engine = engine_of(community(50))
    engine.review(BEGIN + WEEK)
    assert engine.get_member("1003") == kith.Settings()
    engine.set_member("1003", pinned="mentor")
    engine.set_member("1004", left_out=True)
    engine.set_member("1005", left_out=False)
    assert engine.get_member("1003") == kith.Settings("mentor", None)
    assert engine.get_member("1004") == kith.Settings(None, True)
    assert engine.get_member("1005") == kith.Settings(None, False)
    assert engine.review().week_count > 0
    assert (engine.standing("1003").tier, engine.standing("1003").pinned) == ("mentor", True)
    assert engine.standing("1004").left_out and engine.standing("1004").risk is None
    engine.set_member("1003")
    assert engine.get_member("1003") == kith.Settings()
    with pytest.raises(ValueError, match="no tier 'king'; expected newcomer, active"):
        engine.set_member("1003", pinned="king")
    for call in (engine.set_member, engine.get_member, engine.forget):
        with pytest.raises(kith.UnknownMemberError):
            call("nobody")
    numbers = kith.Engine(members="numbers")
    numbers.set_member(5, left_out=True)
    assert numbers.get_member(5).left_out is True
    with pytest.raises((kith.Error, TypeError, ValueError)):
        numbers.set_member("5")


def test_a_member_that_is_forgotten_is_a_newcomer_next_time() -> None:
    engine = engine_of(community(51))
    engine.review(BEGIN + 8 * WEEK)
    engine.forget("1003")
    with pytest.raises(kith.UnknownMemberError):
        engine.standing("1003")
    engine.add_event("post", BEGIN + 8 * WEEK, "1003")
    engine.review()
    assert engine.standing("1003").joined == at(BEGIN + 8 * WEEK)
    for content in (engine.freeze().to_bytes(),):
        assert kith.Engine.load(content).standing("1003").joined == at(BEGIN + 8 * WEEK)


def test_two_accounts_become_one() -> None:
    columns = {"time": [BEGIN, BEGIN + DAY, BEGIN + 2 * DAY], "member": ["old", "new", "ben"], "kind": ["post"] * 3}
    engine = kith.Engine()
    engine.add(columns)
    engine.merge("old", into="new")
    assert engine.info.members == 2
    engine.add_event("post", BEGIN + 3 * DAY, "old")
    renamed = {
        **columns,
        "time": [*columns["time"], BEGIN + 3 * DAY],
        "member": ["new", "new", "ben", "new"],
        "kind": ["post"] * 4,
    }
    assert engine.review().standings.to_csv() == kith.score(renamed).standings.to_csv()
    assert engine.standing("old").score == engine.standing("new").score
    with pytest.raises(kith.BadArgumentError):
        engine.merge("old", "new")
    for pair in (("ben", "nobody"), ("nobody", "ben")):
        with pytest.raises(kith.UnknownMemberError):
            engine.merge(*pair)


# ---- options ----


@pytest.mark.parametrize(
    "options",
    [
        {"members": "both"},
        {"members": 0},
        {"threads": 65},
        {"threads": -1},
        {"threads": 2**32 + 1},
        {"max_weeks": -1},
        {"max_weeks": 2**32},
        {"memory": 5},
        {"memory": -1},
        {"memory": 2**64},
        {"max_members": -1},
        {"max_members": 2**64},
        {"threads": 1.5},
        {"max_weeks": "10"},
        {"now": "then"},
        {"now": 2**63},
        {"future": 5},
        {"policy": 5},
        {"colour": "red"},
    ],
    ids=str,
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError, AttributeError)):
        kith.Engine(**options)
    if "members" not in options:
        with pytest.raises((TypeError, ValueError, OverflowError, AttributeError)):
            kith.score(small(), **options)


def test_members_may_be_limited() -> None:
    columns = columns_of(community(58))
    count = len(kith.score(columns).standings)
    expected = tables_of(kith.score(columns, history=True))
    assert tables_of(kith.score(columns, max_members=count, history=True)) == expected
    with pytest.raises(kith.NoMemoryError):
        kith.score(columns, max_members=count - 1)
    data = kith.score(columns).engine.freeze().to_bytes()
    full = kith.Engine.load(data, max_members=count)
    full.add_event("post", "2026-01-05", columns["target"][0] or columns["member"][0])
    with pytest.raises(kith.NoMemoryError):
        full.add_event("post", "2026-01-05", "a stranger")


def test_an_export_may_be_limited() -> None:
    export = b"time,member,kind\n2026-03-02,ana,post\n2026-03-03," + 5000 * b"b" + b",post\n2026-03-04,cem,post\n"
    assert kith.score(io.BytesIO(export)).added.reasons == {"member": 1}
    assert kith.score(io.BytesIO(export), max_row=4096).added.reasons == {"fields": 1}
    assert kith.Engine().add(io.BytesIO(export), max_row=4096, max_bytes=len(export)).reasons == {"fields": 1}
    for given in (export, gzip.compress(export)):
        with pytest.raises(kith.BadExportError, match="at most 100 bytes") as caught:
            kith.score(io.BytesIO(given), max_bytes=100)
        assert caught.value.added is not None and caught.value.added["taken"] == 1
    for wrong in ({"max_row": 4095}, {"max_row": 2**30 + 1}, {"max_row": -1}, {"max_bytes": 2**64}, {"max_bytes": "1"}):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            kith.score(io.BytesIO(export), **wrong)  # type: ignore[arg-type]


def test_memory_may_be_limited() -> None:
    events = community(57, members=200, weeks=60)
    expected = kith.score(columns_of(events))
    assert kith.score(columns_of(events), memory=2**20).standings.to_csv() == expected.standings.to_csv()
