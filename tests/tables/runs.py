#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The runs of `kith` whose results are kept. `runs.py KITH FOLDER` writes those that are missing, from the exports in the
folder; README.md says when.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

EXPORTS = ["events.csv", "events.ndjson"]
SCORE = ["score", "--policy", "policy.ini", "--history", "--as-of", "2025-06-18", "--quiet"]
EXPLAIN = ["explain", "--json", "--policy", "policy.ini"]

# What they write: folders of tables, and JSON on standard output. Rows are refused, so the status is 1.
FOLDERS = {"score": SCORE, "spreadsheet": [*SCORE, "--spreadsheet"]}
OUTPUTS = {
    "explain-ana.json": [*EXPLAIN, "ana", *EXPORTS],
    "explain-kobayashi.json": [*EXPLAIN, "--as-of", "2025-06-18", "小林", *EXPORTS],
    "explain-gus.json": [*EXPLAIN, "gus", *EXPORTS],
}
# Of these the keys alone: what is guessed of an export may get better.
OUTLINES = {
    "inspect-csv.keys": ["inspect", "--json", "events.csv"],
    "inspect-ndjson.keys": ["inspect", "--json", "events.ndjson"],
}


def run(kith, folder, *arguments):
    result = subprocess.run([kith, *arguments], cwd=folder, capture_output=True, check=False, timeout=60)
    assert result.returncode in (0, 1), f"{result.returncode}: {arguments}\n{result.stderr.decode()}"
    return result.stdout


def mask(text):
    """Without what is another's at every run, or release: the version, and how long it took."""
    text = re.sub(rb'("version": )"[^"]*"', rb'\1"VERSION"', text)
    return re.sub(rb'("(?:started|seconds|events_per_second)": )("[^"]*"|[\d.]+)', rb"\1RUN", text)


def outline(value, path=""):
    """Paths of the keys, in the order in which they come first."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}.{key}"
            yield from outline(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from outline(inner, f"{path}[]")


def results(kith, folder):
    """Content of each file, by its name in the folder."""
    found = {}
    with tempfile.TemporaryDirectory() as out:
        for name, arguments in FOLDERS.items():
            run(kith, folder, *arguments, "--out", f"{out}/{name}", *EXPORTS)
            for path in (Path(out) / name).iterdir():
                found[f"{name}/{path.name}"] = mask(path.read_bytes())
    for name, arguments in OUTPUTS.items():
        found[name] = mask(run(kith, folder, *arguments))
    for name, arguments in OUTLINES.items():
        paths = dict.fromkeys(outline(json.loads(run(kith, folder, *arguments))))
        found[name] = "".join(f"{path.removeprefix('.')}\n" for path in paths).encode()
    return found


def main():
    kith, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
    for name, content in results(kith, folder).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(content)


if __name__ == "__main__":
    main()
