#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Choose few small files for a target's corpus that reach, together, nearly all that those given reach.

    choose.py TARGET FOLDER…

The files of tests/fuzz/corpora/TARGET and of the folders are run by the target that run.sh has built with libFuzzer, whose
merge writes down what each of them reaches. Of these, the one that reaches the most for its size comes first, then the one
that adds the most, and so on; until nothing is added, or the corpus is as large as it may be.
"""

import hashlib
import heapq
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parents[1] / "build" / "fuzz-libfuzzer" / "tests" / "fuzz"
# How much all files may take, how many there may be, and how long one may be.
ROOM = {"snapshot": 110_000, "number": 12_000, "time": 12_000}
MOST = {"snapshot": 80}
LONGEST = {"snapshot": 4200, "calls": 1500, "model": 1500, "exchange": 1500, "stretch": 2000}
# What a file costs beside its bytes: it is opened and run in every test.
FILE_COST = 60


def features_of(target, folders):
    """What each file reaches, by libFuzzer's numbers."""
    with tempfile.TemporaryDirectory() as empty:
        control = Path(empty) / "control"
        merged = Path(empty) / "merged"
        merged.mkdir()
        program = PROGRAMS / f"fuzz_{target}"
        options = ["-merge=1", f"-merge_control_file={control}", "-timeout=20", "-rss_limit_mb=3000"]
        subprocess.run([program, *options, merged, *folders], check=True, capture_output=True)
        lines = control.read_text(encoding="utf-8").splitlines()
    count = int(lines[0])
    files = lines[2 : 2 + count]
    features = {}
    for words in map(str.split, lines[2 + count :]):
        if words[:1] == ["FT"]:
            features[Path(files[int(words[1])])] = set(map(int, words[2:]))
    return features


def choose(features, room, most):
    """Greedy; what a file adds only gets less, so the queue's order is right where its first entry was looked at last."""
    queue = [(-len(reached) / (file.stat().st_size + FILE_COST), file) for file, reached in features.items()]
    heapq.heapify(queue)
    chosen, covered = [], set()
    while queue and len(chosen) < most:
        _, file = heapq.heappop(queue)
        added, size = len(features[file] - covered), file.stat().st_size
        worth = -added / (size + FILE_COST)
        if added == 0 or size > room:
            continue
        if queue and worth > queue[0][0]:
            heapq.heappush(queue, (worth, file))
            continue
        chosen.append(file)
        covered |= features[file]
        room -= size
    return chosen, covered


def main():
    target = sys.argv[1]
    corpus = HERE / "corpora" / target
    corpus.mkdir(parents=True, exist_ok=True)
    longest = LONGEST.get(target, 800)
    features = features_of(target, [corpus, *map(Path, sys.argv[2:])])
    short = {file: reached for file, reached in features.items() if file.stat().st_size <= longest}
    chosen, covered = choose(short, ROOM.get(target, 42_000), MOST.get(target, 150))
    contents = [file.read_bytes() for file in chosen]
    for file in corpus.iterdir():
        file.unlink()
    for content in contents:
        (corpus / hashlib.sha1(content).hexdigest()[:12]).write_bytes(content)
    size = sum(map(len, contents))
    reached = len(set().union(*features.values()))
    print(f"  {target}: {len(contents)} files, {size} bytes, reach {len(covered)} of {reached} features")


if __name__ == "__main__":
    main()
