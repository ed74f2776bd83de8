# SPDX-License-Identifier: MIT
"""A program as a user of the package writes it, for type checkers alone: each type is what they must make of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, assert_type

import kith


def show(done: int, total: int | None) -> bool:
    return done != total


def scored(frame: Any) -> None:
    policy = kith.Policy.load(Path("policy.ini")).with_(
        half_life_weeks=8, weights={"content": 0.5}, tiers={"mentor": {"promote_at": 40, "min_supporters": None}}
    )
    result = kith.score(
        frame,
        policy,
        dt.date(2026, 3, 9),
        columns={"time": "created_at"},
        as_of="2026-03-12",
        history=True,
        threads=2,
        future=dt.timedelta(hours=1),
        progress=show,
    )
    assert_type(result, kith.Result)
    assert_type(result.standings, kith.Table)
    assert_type(result.watch, kith.Table)
    assert_type(result.added.reasons, dict[str, int])
    assert_type(result.rejects, kith.Table)
    assert_type(result.policy, kith.Policy)
    assert_type([row["member"] for row in result.standings], list[Any])
    assert_type(len(result.changes), int)
    assert_type(result.weeks.to_csv(), str)
    assert_type(result.weeks.to_dicts(), list[dict[str, Any]])
    assert_type(kith.explain(result, "ana"), kith.Explanation)
    assert_type(kith.explain(frame, 5, dt.datetime.now(dt.UTC), history=False).to_dict(), dict[str, Any])


def ran_on(path: str) -> None:
    engine = kith.Engine(members="numbers", now=1_800_000_000)
    assert_type(engine.add(["a.csv", Path("b.csv")], delimiter=";"), kith.Added)
    engine.add_event("post", dt.datetime.now(), 5, None, 3, id="a", sequence=7, source="queue")
    review = engine.review(progress=True)
    assert_type(review, kith.Review)
    assert_type(review.first_week, dt.date | None)
    standing = engine.standing(5, as_of="2026-03-12")
    assert_type(standing, kith.Standing)
    assert_type(standing.risk, float | None)
    assert_type(standing.flags, tuple[str, ...])
    assert_type(engine.get_member(5).pinned, str | None)
    engine.set_member(5, pinned="mentor", left_out=True)
    engine.merge(5, into=6)
    engine.save(path, position=b"17")
    loaded = kith.Engine.load(Path(path), kith.Policy(), memory=2**20)
    assert_type(loaded, kith.Engine)
    assert_type(loaded.position, bytes)
    assert_type(loaded.info.first_event, dt.datetime | None)
    assert_type(loaded.freeze().to_bytes(), bytes)


def described(folder: Path) -> None:
    source = kith.Source.load(folder / "forum.ini")
    assert_type(source, kith.Source)
    assert_type(source.policy, kith.Policy | None)
    assert_type(source.name, str | None)
    assert_type(source.takes_file("a/b.json"), bool)
    assert_type(kith.sources(), dict[str, str])
    result = kith.score([folder, "more.ndjson"], source=source)
    assert_type(result.added.ignored, int)
    assert_type(kith.score(folder, source="slack").engine.info.ignored, int)
    assert_type(kith.score("*.parquet", columns={"member": "user"}, source=None), kith.Result)
    engine = kith.Engine(kith.Source.ready("slack").policy)
    assert_type(engine.add(folder, source=kith.Source.parse("[event]")), kith.Added)
    try:
        engine.add(folder, source=folder / "forum.ini")
    except kith.BadSourceError as error:
        assert_type((error.field, error.faults), tuple[str | None, list[str]])


def looked_at(policy: kith.Policy) -> None:
    assert_type(policy.tiers, tuple[kith.Tier, ...])
    assert_type(policy.kinds[0].gives, kith.Credit | None)
    assert_type(policy.week("2026-03-12"), dt.date)
    assert_type(policy.utc_offset, dt.timedelta)
    assert_type(kith.__version__, str)


def caught(path: Path) -> None:
    try:
        kith.score(path)
    except kith.BadExportError as error:
        assert_type(error.line, int | None)
        assert_type(error.added, dict[str, Any] | None)
    except kith.BadPolicyError as error:
        assert_type(error.faults, list[str])
    except (kith.BusyError, kith.CancelledError) as error:
        assert_type(error.status, str)


def inspected(folder: Path) -> None:
    found = kith.inspect([folder, "more.ndjson"], policy=kith.Policy(), progress=True)
    assert_type(found, kith.Inspection)
    assert_type(found.fields[0].examples, tuple[str, ...])
    assert_type(found.kinds[0].kind, str | None)
    assert_type(found.first, dt.datetime | None)
    assert_type(found.source, str)
    assert_type(found.rejects, tuple[kith.InspectedReject, ...])
    assert_type(found.to_dict(), dict[str, Any])
    found.write_source(folder / "my.ini")
    if found.reading is not None:
        assert_type(found.reading.unknown_kinds, dict[str, int])
    if found.fits is not None:
        kith.score(folder, source=found.fits)
