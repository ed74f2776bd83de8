# SPDX-License-Identifier: MIT
"""Live: events come one at a time; when a week is over, says who rose and whom to write to. Killed and run again, it
goes on from its snapshot.

Usage: live_app.py STATE < community.csv
"""

import csv
import datetime as dt
import sys
from pathlib import Path

import kith

SOURCE = "community.csv"
WEEK = dt.timedelta(weeks=1)


def close_weeks(engine: kith.Engine, until: dt.date) -> None:
    review = engine.review(until)
    ranks = {tier.name: rank for rank, tier in enumerate(engine.policy.tiers)}
    for row in review.changes:
        if ranks[row["to"]] > ranks[row["from"]]:
            print(f"{row['member']} rose to {row['to']}")
    for row in review.flags:
        if row["flag"] == "at_risk":
            print(f"write to {row['member']}")


def week_of(engine: kith.Engine, time: str, otherwise: dt.date | None) -> dt.date | None:
    """The week of a time; of what is none, which the engine will refuse, the one that it is in the middle of."""
    try:
        return engine.policy.week(time)
    except kith.BadArgumentError:
        return otherwise


def main() -> int:
    state = Path(sys.argv[1] if len(sys.argv) == 2 else "state.kith")
    engine = kith.Engine.load(state) if state.exists() else kith.Engine()
    known = engine.sequence(SOURCE)  # rows dealt with; an event that is added again is skipped anyway
    week = None
    # What the application's database hands over as an event, here a row of CSV.
    for number, row in enumerate(csv.DictReader(sys.stdin), 1):
        now = week_of(engine, row["time"], week)
        if number > known and week is not None and now is not None and now > week:
            close_weeks(engine, week + WEEK)
            engine.save(state)
        week = now
        try:
            engine.add_event(
                row["kind"],
                row["time"],
                row["member"] or None,
                row["target"] or None,
                int(row["quantity"] or 1),
                source=SOURCE,
                sequence=number,
            )
        except kith.RefusedError as error:  # such as a late one: the others count all the same
            print(f"event {number}: {error}", file=sys.stderr)
    engine.save(state)  # the last week is still open: more may come
    return 0


sys.exit(main())
