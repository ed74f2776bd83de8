# SPDX-License-Identifier: MIT
"""All that kith.score() makes of a data frame, under the default policy. Usage: whole_job.py pyarrow|polars PARQUET THREADS

The file is read into a table or a data frame first, and only what follows is timed, up to the four tables as Arrow: the
seconds are printed, too.
"""

import sys
import time
from pathlib import Path

import numpy as np

import kith
from frame_job import read

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))
from fold import settle  # noqa: E402
from tables import COLUMNS, FLAGS, REASONS, STAGES, print_answer  # noqa: E402

TIERS = {tier.name: number for number, tier in enumerate(kith.Policy().tiers)}
WORDS = {
    "tier": TIERS, "from": TIERS, "to": TIERS,
    "stage": {name: number for number, name in enumerate(STAGES)},
    "reason": {name: number for number, name in enumerate(REASONS)},
    "flag": {name: number for number, name in enumerate(FLAGS)},
}
NAMES = {"before": "from", "after": "to", **{f"tier_{number}": f"tier_{name}" for name, number in TIERS.items()}}


def number_of(column, word):
    """Of a word in a column of words, -1 where the default policy has no use for it; of several flags the sum."""
    if column == "flags":
        return sum(1 << FLAGS.index(flag) for flag in word.split())
    return WORDS[column].get(word, -1)


def numbers_of(column, name):
    if "dictionary" in str(column.type):
        words = column.combine_chunks()
        numbers = np.array([number_of(name, word) for word in words.dictionary.to_pylist()], np.int64)
        return numbers[words.indices.to_numpy()]
    if "double" in str(column.type):
        return np.rint(column.fill_null(-0.01).to_numpy() * 100).astype(np.int64)
    if "timestamp" in str(column.type):
        return column.cast("int64").fill_null(-1).to_numpy()
    return column.cast("int32").to_numpy() if "date" in str(column.type) else column.to_numpy()


def main():
    form, path, threads = sys.argv[1:]
    events = read(form, path)
    settle(path)
    begin = time.monotonic()
    result = kith.score(events, threads=int(threads))
    tables = {name: getattr(result, name).to_arrow() for name in COLUMNS}
    seconds = time.monotonic() - begin
    print_answer({name: {column: numbers_of(tables[name][NAMES.get(column, column)], NAMES.get(column, column))
                         for column in columns} for name, columns in COLUMNS.items()})
    print(f"seconds {seconds:.6f}")


main()
