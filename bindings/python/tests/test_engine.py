# SPDX-License-Identifier: MIT
"""Engines: each method, and each way in which it fails."""

from __future__ import annotations

import datetime as dt
import io
import json
import pickle
import subprocess
import zlib
from pathlib import Path
from typing import Any

import kith
import numpy as np
import pyarrow as pa
import pytest
from support import BEGIN, DAY, Event, columns_of, community, csv_of, small

WEEK = 7 * DAY


def engine_of(events: list[Event], **options: Any) -> kith.Engine:
    engine = kith.Engine(**options)
    engine.add(columns_of(events))
    return engine


def at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


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
    for source in (path, str(path), path.open("rb"), io.BytesIO(path.read_bytes())):
        added = kith.Engine().add(source, delimiter=";")
        assert (added.taken, added.reasons) == (1, {"kind": 1})
        file = added.rejects.to_dicts()[0]["file"]
        assert file == "über.csv" if isinstance(source, (str, Path)) else file
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
    for given in (paths, tuple(map(str, paths)), [path.open("rb") for path in paths]):
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
    for wrong in ({"kind": "dance"}, {"kind": None}, {"time": "yesterday"}, {"time": 2**70}, {"time": 1.5}, {"time": None},
                  {"member": 1.5}, {"member": b"ana"}, {"member": "\ud800"}, {"member": -1}, {"member": 2**64}, {"member": 2**64 - 1},
                  {"member": ["ana"]}, {"target": 1.5}, {"quantity": 1.5}, {"quantity": "1"}, {"quantity": None},
                  {"id": 5}, {"id": "\ud800"}, {"sequence": -1}, {"sequence": 2**64, "source": "q"}, {"sequence": 1.5, "source": "q"},
                  {"sequence": 1, "source": 5}, {"sequence": 1}, {"sequence": 1, "source": ""}, {"member": 7}):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            engine.add_event(**{"kind": "post", "time": BEGIN, "member": "ana", **wrong})  # type: ignore[arg-type]
    assert (engine.info.taken, engine.info.members) == (0, 0)
    with pytest.raises(kith.RefusedError):
        kith.Engine(members="numbers").add_event("post", BEGIN, "ana")


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
    for until, error in (("tomorrow", kith.BadArgumentError), (2**64, OverflowError), (1.5, TypeError),
                         (2**63 - 1, kith.TooManyWeeksError)):
        with pytest.raises(error):
            engine.review(until)  # type: ignore[arg-type]
    assert engine.info.reviewed_until is None
    assert engine.review(-1).week_count == 0


def test_a_review_to_the_last_week_of_all() -> None:
    engine = kith.Engine(future=dt.timedelta(-1))
    engine.add_event("post", 253_370_764_799, "ana")
    review = engine.review()
    assert (review.week_count, len(review.standings)) == (1, 1) or review.week_count == 0


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
        for name in ("score", "content", "interaction", "community", "tier", "stage", "risk", "active_days", "silent_days",
                     "joined", "last_seen"):
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


@pytest.mark.parametrize("policy", ["", "[calendar]\nutc_offset = -08:00\n[members]\nleft_out = 100? 1013\n[kind away]\nleave = yes\n[kind like]\ngives = content 2 cap 3 each 1\nreceives = community 5\n"])
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


def test_watch_is_of_an_open_week() -> None:
    engine = engine_of(community(49))
    engine.review("2025-05-01")
    watched = engine.watch("2025-05-03")
    assert len(watched) > 0 and watched.columns[0] == "member"
    assert {row["member"] for row in watched} == {
        row["member"] for row in engine.review("2025-05-01").standings
    } or all(engine.standing(row["member"], "2025-05-03").flags for row in watched)
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
    renamed = {**columns, "time": [*columns["time"], BEGIN + 3 * DAY], "member": ["new", "new", "ben", "new"], "kind": ["post"] * 4}
    assert engine.review().standings.to_csv() == kith.score(renamed).standings.to_csv()
    assert engine.standing("old").score == engine.standing("new").score
    with pytest.raises(kith.BadArgumentError):
        engine.merge("old", "new")
    for pair in (("ben", "nobody"), ("nobody", "ben")):
        with pytest.raises(kith.UnknownMemberError):
            engine.merge(*pair)


# ---- snapshots ----


def test_a_snapshot_is_of_its_moment_while_the_engine_goes_on(tmp_path: Path) -> None:
    events = sorted(community(52), key=lambda event: event.time)
    half = len(events) // 2
    engine = engine_of(events[:half])
    snapshot = engine.freeze(b"\0position\xff")
    engine.add(columns_of(events[half:]))
    engine.review()
    engine.forget("1003")
    del engine
    path = tmp_path / "über.kith"
    snapshot.save(path)
    assert path.read_bytes() == snapshot.to_bytes()
    for source in (path, str(path), snapshot.to_bytes()):
        loaded = kith.Engine.load(source)
        assert (loaded.position, loaded.info.taken) == (b"\0position\xff", half)
        loaded.add(columns_of(events[half:]))
        assert loaded.review().standings.to_csv() == engine_of(events).review().standings.to_csv()


def test_how_members_are_known_is_in_the_snapshot(tmp_path: Path) -> None:
    engine = kith.Engine(members="numbers")
    engine.add_event("post", BEGIN, 0, 7)
    engine.save(tmp_path / "numbers.kith", b"5")
    loaded = kith.Engine.load(tmp_path / "numbers.kith")
    assert (loaded.members, loaded.position) == ("numbers", b"5")
    loaded.review()
    assert loaded.standing(0).last_seen == at(BEGIN)


def test_an_engine_that_is_loaded_goes_by_its_options_and_its_own_clock() -> None:
    policy = kith.Policy.parse("[calendar]\nutc_offset = +12:00\n")
    engine = kith.Engine(policy)
    engine.add_event("post", BEGIN, "ana")
    content = engine.freeze().to_bytes()
    # Midnight there is noon of the day before in UTC; a day ahead is the usual limit.
    loaded = kith.Engine.load(content, now="2026-03-02T00:00")
    loaded.add_event("post", "2026-03-03T00:00", "ana")
    with pytest.raises(kith.RefusedError):
        loaded.add_event("post", "2026-03-03T00:00:01", "ana")
    loaded.set_now("2026-03-02T00:00:01")
    loaded.add_event("post", "2026-03-03T00:00:01", "ana")
    loaded.set_now(None)
    with_history = kith.Engine.load(content, history=True, max_weeks=1, future=dt.timedelta(days=3650))
    assert len(with_history.review().history) == 1
    with_history.add_event("post", BEGIN + 5 * WEEK, "ana")
    with pytest.raises(kith.TooManyWeeksError):
        with_history.review()


@pytest.mark.parametrize("position", ["text", None, 5, b"x" * (2**20 + 1)], ids=lambda value: type(value).__name__)
def test_positions_are_bytes_of_no_more_than_a_mebibyte(position: Any) -> None:
    with pytest.raises((TypeError, kith.BadArgumentError)):
        kith.Engine().freeze(position)
    assert kith.Engine.load(kith.Engine().freeze(b"x" * 2**20).to_bytes()).position == b"x" * 2**20


def test_damaged_snapshots_are_refused_wherever_they_are_damaged() -> None:
    content = engine_of(community(53)).freeze(b"here").to_bytes()
    for at_byte in range(0, len(content), max(1, len(content) // 300)):
        damaged = bytearray(content)
        damaged[at_byte] ^= 0x55
        with pytest.raises((kith.BadSnapshotError, kith.NewerSnapshotError)) as caught:
            kith.Engine.load(bytes(damaged))
        assert caught.value.status in ("KITH_BAD_SNAPSHOT", "KITH_NEWER_SNAPSHOT")
    for length in (0, 1, 8, 100, len(content) // 2, len(content) - 1):
        with pytest.raises(kith.BadSnapshotError):
            kith.Engine.load(content[:length])
    with pytest.raises(kith.BadSnapshotError):
        kith.Engine.load(content + b"\0")
    with pytest.raises(kith.BadSnapshotError):
        kith.Engine.load(b"time,member,kind\n")


def test_a_snapshot_of_a_later_form_is_told_apart() -> None:
    """A good one with the number of a later form in its header, and the checksum that goes with it."""
    content = kith.Engine().freeze().to_bytes()
    header = content[:8] + (2).to_bytes(4, "little")
    with pytest.raises(kith.NewerSnapshotError) as caught:
        kith.Engine.load(header + zlib.crc32(header).to_bytes(4, "little") + content[16:])
    assert (caught.value.status, isinstance(caught.value, ValueError)) == ("KITH_NEWER_SNAPSHOT", True)


def test_a_file_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(kith.InputOutputError):
        kith.Engine.load(tmp_path / "nowhere.kith")
    with pytest.raises(kith.InputOutputError):
        kith.Engine.load(tmp_path)
    with pytest.raises(kith.InputOutputError) as caught:
        kith.Engine().save(tmp_path / "no" / "folder.kith")
    assert caught.value.file is not None
    for wrong in (5, None, ["a"]):
        with pytest.raises(TypeError):
            kith.Engine.load(wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            kith.Engine().save(wrong)  # type: ignore[arg-type]
    target = tmp_path / "state.kith"
    target.write_bytes(b"as it was")
    tmp_path.chmod(0o500)
    try:
        kith.Engine().freeze().to_bytes()
    finally:
        tmp_path.chmod(0o700)
    assert target.read_bytes() == b"as it was"


def test_another_policy_takes_the_place_of_a_snapshots_if_it_can() -> None:
    events = community(54)
    content = engine_of(events).freeze().to_bytes()
    other = kith.Policy().with_(half_life_weeks=8)
    assert kith.Engine.load(content, other).policy == other
    result = kith.score(columns_of(events), other)
    assert kith.Engine.load(content, other).review().standings.to_csv() == result.standings.to_csv()
    for wrong in (kith.Policy().with_(week_start="sunday"), kith.Policy.parse("[kind dance]\ngives = content 1\n")):
        with pytest.raises(kith.OtherPolicyError) as caught:
            kith.Engine.load(content, wrong)
        assert (caught.value.status, isinstance(caught.value, ValueError)) == ("KITH_OTHER_POLICY", True)
    with pytest.raises((TypeError, AttributeError)):
        kith.Engine.load(content, "policy.ini")  # type: ignore[arg-type]


def test_an_explanation_by_another_policy_is_refused() -> None:
    engine = engine_of(community(55))
    engine.review()
    loaded = kith.Engine.load(engine.freeze().to_bytes(), kith.Policy().with_(half_life_weeks=8))
    with pytest.raises(kith.OtherPolicyError):
        loaded.explain("1003")
    assert loaded.standing("1003").score == engine.standing("1003").score


def test_a_snapshot_of_the_state_of_the_command_is_an_engine(binary: str, tmp_path: Path) -> None:
    events = sorted(community(56), key=lambda event: event.time)
    path = tmp_path / "activity.csv"
    path.write_bytes(csv_of(events))
    command = [binary, "update", "--quiet", "--state", "state.kith", "--out", "out", "activity.csv"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60, capture_output=True)
    engine = kith.Engine.load(tmp_path / "state.kith")
    assert (engine.members, engine.info.taken) == ("names", len(events))
    standings = (tmp_path / "out" / "standings.csv").read_text().split("\n")
    member, score = standings[1].split(",")[:2]
    assert f"{engine.standing(member).score:.2f}" == score


# ---- options ----


@pytest.mark.parametrize("options", [{"members": "both"}, {"members": 0}, {"threads": 65}, {"threads": -1}, {"threads": 2**32 + 1},
                                     {"max_weeks": -1}, {"max_weeks": 2**32}, {"memory": 5}, {"memory": -1}, {"memory": 2**64},
                                     {"threads": 1.5}, {"max_weeks": "10"}, {"now": "then"}, {"now": 2**63},
                                     {"future": 5}, {"policy": "policy.ini"}, {"colour": "red"}], ids=str)
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError, AttributeError)):
        kith.Engine(**options)
    if "members" not in options:
        with pytest.raises((TypeError, ValueError, OverflowError, AttributeError)):
            kith.score(small(), **options)


def test_memory_may_be_limited() -> None:
    events = community(57, members=200, weeks=60)
    expected = kith.score(columns_of(events))
    assert kith.score(columns_of(events), memory=2**20).standings.to_csv() == expected.standings.to_csv()


# ---- exceptions ----


def test_every_exception_is_a_kith_error_and_what_python_calls_it() -> None:
    builtin = {
        "BadArgumentError": ValueError, "NoMemoryError": MemoryError, "UnsupportedError": NotImplementedError,
        "CancelledError": Exception, "InputOutputError": OSError, "BadPolicyError": ValueError, "BadExportError": ValueError,
        "RefusedError": ValueError, "TooManyWeeksError": ValueError, "UnknownMemberError": LookupError,
        "OutOfOrderError": ValueError, "BadSnapshotError": ValueError, "NewerSnapshotError": ValueError,
        "OtherPolicyError": ValueError, "BusyError": RuntimeError,
    }
    classes = {name for name in kith.__all__ if name.endswith("Error") and name != "Error"}
    assert classes == set(builtin)
    for name, base in builtin.items():
        class_ = getattr(kith, name)
        assert issubclass(class_, kith.Error) and issubclass(class_, base)
        made = class_("words")
        assert (str(made), made.line, made.added, made.faults) == ("words", None, None, [])


def test_an_exception_says_where_and_is_pickled() -> None:
    with pytest.raises(kith.BadExportError) as caught:
        kith.Engine().add(io.BytesIO(b"\n\ntime,member,member\n"), name="three.csv")
    error = caught.value
    assert (error.status, error.file, error.line, error.field) == ("KITH_BAD_EXPORT", "three.csv", 3, "member")
    assert str(error).startswith("three.csv:3")
    again = pickle.loads(pickle.dumps(error))
    assert vars(again) == vars(error) and str(again) == str(error)
    with pytest.raises(kith.InputOutputError) as missing:
        kith.Engine().add("/nowhere/activity.csv")
    again = pickle.loads(pickle.dumps(missing.value))
    assert (str(again), again.file, again.status) == (str(missing.value), missing.value.file, "KITH_INPUT_OUTPUT")
    assert "activity.csv" in str(missing.value)


def test_there_is_no_way_around_the_makers() -> None:
    for class_ in (kith._kith.Table, kith._kith.Review, kith._kith.Snapshot):  # type: ignore[attr-defined]
        with pytest.raises(TypeError):
            class_()
        with pytest.raises(TypeError):
            type("Sub", (class_,), {})
    with pytest.raises(TypeError):
        kith._kith.Engine()  # type: ignore[attr-defined]
    for thing in (kith.Engine(), kith.Engine().freeze(), kith.Engine().review(), kith.score(small()).standings):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
