# SPDX-License-Identifier: MIT
"""The comparison's job in kith's Python package. Usage: frame_job.py pyarrow|polars PARQUET POLICY THREADS

The file is read into a table or a data frame first, and only what follows is timed: the seconds are printed, too.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

import kith

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))
from fold import MASK, checksum, settle  # noqa: E402


def read(form, path):
    if form == "pyarrow":
        import pyarrow.parquet

        return pyarrow.parquet.read_table(path)
    import polars

    return polars.read_parquet(path)


def print_changes(result):
    changes = result.changes.to_arrow()
    number = {tier.name: place for place, tier in enumerate(result.policy.tiers)}
    before, after = (np.array([number[name] for name in changes[column].to_pylist()]) for column in ("from", "to"))
    weeks = changes["week"].cast("int32").to_numpy()
    scores = np.rint(changes["score"].to_numpy() * 100).astype(np.int64)
    total = checksum(changes["member"].to_numpy(), weeks, before, after, scores)
    print(json.dumps({"changes": len(changes), "checksum": f"{total & MASK:016x}"}))


def main():
    form, path, policy, threads = sys.argv[1:]
    policy = kith.Policy() if policy == "default" else kith.Policy.load(policy)
    events = read(form, path)
    settle(path)
    begin = time.monotonic()
    result = kith.score(events, policy, threads=int(threads))
    seconds = time.monotonic() - begin
    print_changes(result)
    print(f"seconds {seconds:.6f}")


if __name__ == "__main__":
    main()
