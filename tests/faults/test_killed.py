# SPDX-License-Identifier: MIT
"""An application that is killed while it adds events and saves: begun again, it comes to the batch's tables.

KITH_KILLS says how many kills there are to be, 60 by default; KITH_SEED makes the moments those of an earlier run.
"""

import csv
import os
import random
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "examples" / "data" / "community.csv"
KILLS = int(os.environ.get("KITH_KILLS", "60"))
SEED = int(os.environ.get("KITH_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)


def batch(folder, export):
    subprocess.run([os.environ["KITH"], "score", "--quiet", "--out", folder, export], check=True, timeout=120)
    return {name: (folder / f"{name}.csv").read_bytes() for name in ("standings", "changes", "flags", "weeks")}


def gather(folder):
    """The tables of all reviews, one behind the other, under one header."""
    tables = {"standings": (folder / "standings.csv").read_bytes()}
    for name in ("changes", "flags", "weeks"):
        parts = [path.read_bytes() for path in sorted(folder.glob(f"{name}-*.csv"))]
        tables[name] = parts[0] + b"".join(part.split(b"\n", 1)[1] for part in parts[1:])
    return tables


def sorted_sample(path):
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    header, rows = rows[0], sorted(rows[1:], key=lambda row: row[0])
    assert header == ["time", "member", "kind", "target", "quantity"]
    path.write_text("\n".join(",".join(row) for row in [header] + rows) + "\n", encoding="utf-8")


def run_until_done(chance, folder, export, most):
    """Runs the application to its end, killing it up to `most` times on the way. Returns how often."""
    killed = 0
    while True:
        with export.open("rb") as events:
            process = subprocess.Popen(
                [os.environ["LIVE"], folder / "state", folder, str(chance.randrange(1, 40)), str(chance.randrange(1 << 30))],
                stdin=events, stderr=subprocess.PIPE)
        if killed < most:
            time.sleep(chance.choice([chance.uniform(0, 0.004), chance.uniform(0, 0.03), chance.uniform(0, 0.15)]))
            process.kill()
        _, complaint = process.communicate(timeout=120)
        if process.returncode == 0:
            return killed
        assert process.returncode == -9, (SEED, process.returncode, complaint)
        killed += 1


def test_killed_at_any_moment_it_comes_to_the_same_tables(tmp_path):
    export = tmp_path / "events.csv"
    sorted_sample(export)
    expected = batch(tmp_path / "batch", export)
    chance = random.Random(SEED)
    killed = rounds = 0
    while killed < KILLS:
        folder = tmp_path / f"round-{rounds}"
        folder.mkdir()
        killed += run_until_done(chance, folder, export, KILLS - killed)
        assert gather(folder) == expected, (SEED, rounds)
        rounds += 1
    print(f"{killed} kills in {rounds} rounds, seed {SEED}")
