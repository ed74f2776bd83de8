# SPDX-License-Identifier: MIT
"""Writes the sample community as an export that kith has never heard of: what docs/guide.md walks through.

    python3 examples/data/lounge.py > lounge.ndjson
"""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

SAMPLE = Path(__file__).resolve().with_name("community.csv")

# What the platform calls the kinds of a community; it knows no others.
KINDS = {
    "post": "topic.created", "article": "topic.created", "question": "topic.asked", "comment": "topic.replied",
    "reply": "topic.replied", "answer": "answer.posted", "accept": "answer.accepted", "like": "reaction.added",
    "favorite": "topic.starred", "vote": "poll.voted", "media": "file.shared", "view": "page.viewed",
    "login": "session.started", "join": "user.joined", "invite": "user.invited", "event_join": "event.attended",
    "event_host": "event.hosted", "checkin": "plant.watered",
}  # fmt: skip


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def row(number: int, at: datetime, who: str, what: str, target: str = "", count: str = "", bot: bool = False) -> str:
    event = {"type": what, "at": milliseconds(at)}
    told = {"id": f"ev_{number:05}", "author": {"name": who, "bot": bot}, "event": event}
    if target:
        event["to"] = {"name": target}
    if count:
        event["count"] = int(count)
    return json.dumps(told, ensure_ascii=False)


def main() -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        events = [one for one in csv.DictReader(file) if one["kind"] in KINDS and one["member"]]
    day = None
    number = 0
    for one in events:
        moment = datetime.fromisoformat(one["time"])
        # A bot has something to say every morning.
        if moment.date() != day:
            day = moment.date()
            number += 1
            print(row(number, moment - timedelta(seconds=1), "digest", "topic.created", bot=True))
        number += 1
        print(row(number, moment, one["member"], KINDS[one["kind"]], one["target"], one["quantity"]))


if __name__ == "__main__":
    main()
