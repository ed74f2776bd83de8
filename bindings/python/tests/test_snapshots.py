# SPDX-License-Identifier: MIT
"""Snapshots: of an engine, of the command's state, damaged ones, and other policies."""

from __future__ import annotations

import datetime as dt
import subprocess
import zlib
from pathlib import Path
from typing import Any

import kith
import pytest
from support import BEGIN, DAY, at, columns_of, community, csv_of, engine_of

WEEK = 7 * DAY


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
    with pytest.raises(kith.InputOutputError):
        kith.Engine().save(tmp_path)
    assert list(tmp_path.iterdir()) == [], "nothing half written stays"


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
        kith.Engine.load(content, 5)  # type: ignore[arg-type]


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
