"""Snapshots are what docs/snapshot.md says: a reader written by it finds in them what the tables say."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import model_policy  # noqa: E402
import snapshot as snapshots  # noqa: E402

SNAPSHOTS = HERE.parent / "snapshots" / "v1"
STAGES = "new returned core active away silent dormant".split()
FLAGS = "silent dormant drop stalled returned at_risk".split()


@pytest.fixture(params=["named", "numbered"])
def folder(request) -> Path:
    return SNAPSHOTS / request.param


@pytest.fixture
def snapshot(folder: Path) -> snapshots.Snapshot:
    return snapshots.read_snapshot((folder / "snapshot.kith").read_bytes())


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def name_of(snapshot: snapshots.Snapshot, member: int) -> str:
    name = snapshot.members[member]
    return name.decode("utf-8") if isinstance(name, bytes) else str(name)


def shown(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def test_a_cut_snapshot_is_none(folder: Path) -> None:
    data = (folder / "snapshot.kith").read_bytes()
    for length in range(0, len(data), 97):
        with pytest.raises((snapshots.SnapshotError, IndexError, snapshots.struct.error)):
            snapshots.read_snapshot(data[:length])


def test_states_are_those_of_the_week_reviewed_last(folder: Path, snapshot: snapshots.Snapshot) -> None:
    policy = snapshot.policy
    day = 7 * snapshot.head["closed_week"] - 3 + policy.week_start
    week = str(model_policy.date.fromordinal(model_policy.date(1970, 1, 1).toordinal() + day))
    rows = {row["member"]: row for row in table(folder, "history") if row["week"] == week}
    states = {name_of(snapshot, i): state for i, state in enumerate(snapshot.states) if state["joined"] is not None}
    assert len(rows) > 5
    assert rows.keys() == states.keys()
    for name, row in rows.items():
        state = states[name]
        assert row["score"] == shown(state["score"])
        for dimension in model_policy.DIMENSIONS:
            assert row[dimension] == shown(state["scores"][dimension])
        assert row["tier"] == policy.tiers[state["tier"]].name
        assert row["stage"] == STAGES[state["stage"]]
        up = [flag for i, flag in enumerate(FLAGS) if state["flags"] >> i & 1 and flag != "at_risk"]
        assert row["flags"].split() == up


def test_a_stopped_review_has_the_rows_of_the_tables(folder: Path, snapshot: snapshots.Snapshot) -> None:
    pending, policy = snapshot.pending, snapshot.policy
    assert pending is not None and len(pending["weeks"]) == 1
    first = table(folder, "weeks")[0]
    counts = pending["weeks"][0]
    assert [first[key] for key in ("members", "active_members")] == [str(count) for count in counts[1:3]]
    assert [first[stage] for stage in STAGES] == [str(count) for count in counts[4:11]]
    tiers = [first[f"tier_{tier.name}"] for tier in policy.tiers]
    assert tiers == [str(count) for count in counts[11 : 11 + len(tiers)]]
    changes = {row["member"]: row for row in table(folder, "changes") if row["week"] == first["week"]}
    assert len(changes) == len(pending["changes"]) > 0
    reasons = "promoted skipped dormant demoted pinned".split()
    for row in pending["changes"]:
        change = changes[name_of(snapshot, row[1])]
        assert change["score"] == shown(row[2])
        assert [change["from"], change["to"]] == [policy.tiers[row[3]].name, policy.tiers[row[4]].name]
        assert change["reason"] == reasons[row[5]]


def test_rows_and_pairs_agree(snapshot: snapshots.Snapshot) -> None:
    """What counts by `each` is what the pairs say, and what had no other member."""
    kinds = list(snapshot.policy.kinds.values())
    limited = 0
    for week in snapshot.weeks[: snapshot.head["weeks"]]:
        assert week["week"] > snapshot.head["closed_week"]
        sums: dict[tuple[int, int], tuple[int, int]] = {}
        for (actor, target, kind), quantity in week["pairs"].items():
            for member, role, credit in ((actor, 0, kinds[kind].gives), (target, 1, kinds[kind].receives)):
                if credit and credit.each:
                    slot = member, 4 * kind + 2 * role
                    raw, counted = sums.get(slot, (0, 0))
                    sums[slot] = raw + quantity, counted + min(quantity, credit.each)
        for (member, slot), (raw, counted) in sums.items():
            slots = week["rows"][member]["slots"]
            assert slots[slot] - raw == slots[slot + 1] - counted >= 0
            limited += slots[slot] > slots[slot + 1]
    assert limited > 0


def test_the_rest_is_what_was_put_in(snapshot: snapshots.Snapshot) -> None:
    assert snapshot.position == b"as far as row 12"
    assert len(snapshot.ids) == 40
    assert snapshot.ids == sorted(snapshot.ids)
    assert list(snapshot.sources) == [b"a", b"queue", "web €".encode()]
    assert snapshot.sources[b"a"] == [2] + [number * number * 1000 for number in range(2, 52)]
    assert len(snapshot.sources["web €".encode()]) == 64
    assert sorted(snapshot.links.values(), key=str) == [2, None, None]
    assert [snapshot.members[member] for member, into in snapshot.links.items() if into is None] == [None, None]
    for cells in snapshot.risk[1:]:
        assert tuple(map(sum, zip(*cells))) == snapshot.risk[0][0]
