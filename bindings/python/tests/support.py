# SPDX-License-Identifier: MIT
"""Small communities, and the tables of a result as the command writes them."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeAlias

import kith

ROOT = Path(__file__).resolve().parents[3]
VECTORS = sorted(path for path in (ROOT / "tests" / "vectors").iterdir() if path.is_dir())

# The second implementation of the model, for what it reads and for the cases that it draws.
sys.path.append(str(ROOT / "tests" / "reference"))

Exports: TypeAlias = "list[tuple[str, bytes]]"
Tables: TypeAlias = "dict[str, bytes]"

DAY = 86400
BEGIN = 1_735_516_800  # 2024-12-30, a Monday
KINDS = [kind.name for kind in kith.Policy().kinds]


class Event(NamedTuple):
    time: int
    member: str | None
    kind: str
    target: str | None
    quantity: int | None


def community(seed: int, members: int = 24, weeks: int = 16, at: int | None = None) -> list[Event]:
    """Members who come, fall silent and come back, by names that are numbers of the same length; at is the second of
    each day, any where it is left out."""
    rng = Random(seed)
    events: list[Event] = []
    for number in range(members):
        name = str(1000 + number)
        first, last = sorted((rng.randrange(weeks), rng.randrange(weeks)))
        for week in range(first, last + 1):
            for _ in range(rng.choice((0, 1, 2, 2, 5))):
                second = rng.randrange(DAY) if at is None else at
                time = BEGIN + (7 * week + rng.randrange(7)) * DAY + second
                target = rng.choice((None, str(1000 + rng.randrange(members))))
                member = None if target and rng.random() < 0.1 else name
                events.append(Event(time, member, rng.choice(KINDS), target, rng.choice((None, 1, 2, 30))))
    rng.shuffle(events)
    return events


def csv_of(events: list[Event]) -> bytes:
    """An export of them."""
    rows = [",".join("" if value is None else str(value) for value in event) for event in events]
    return "\n".join([",".join(Event._fields), *rows, ""]).encode()


def columns_of(events: list[Event]) -> dict[str, list[Any]]:
    """Their values by column."""
    return {name: [getattr(event, name) for event in events] for name in Event._fields}


def engine_of(events: list[Event], **options: Any) -> kith.Engine:
    """An engine that has taken them."""
    engine = kith.Engine(**options)
    engine.add(columns_of(events))
    return engine


def at(seconds: int) -> dt.datetime:
    """The moment of Unix seconds."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def tables_of(result: kith.Result) -> Tables:
    """Files that the command would write of a result that has its history."""
    names = ["standings", "changes", "flags", "weeks", "history"]
    tables = {f"{name}.csv": getattr(result, name).to_csv() for name in names}
    if len(result.rejects) > 0:
        tables["rejects.csv"] = result.rejects.to_csv()
    return {name: table.encode("utf-8", "surrogateescape") for name, table in tables.items()}


def small() -> dict[str, list[Any]]:
    """Columns of three good rows."""
    return {
        "time": [BEGIN, BEGIN + 3600, BEGIN + DAY],
        "member": ["ana", "ben", "cleo"],
        "kind": ["post", "like", "comment"],
        "target": [None, "ana", "ben"],
        "quantity": [1, 2, 3],
    }
