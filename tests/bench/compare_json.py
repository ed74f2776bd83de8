#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kith and DuckDB on lines of JSON, in turn: how long does it take to have the events of an archive?

    python3 tests/bench/compare_json.py --build build [--events 1000000] [--members 20000] [--weeks 52] [--runs 5]
                                        [--folder /var/tmp/kith-bench]

Makes lines of the shape of GH Archive's (some 1.9 kB each, five fields of which are of use), plain and gzipped, in eight files
as an archive of hours has them, and in one; and small flat objects. Runs every job once a round, and prints tables in Markdown.
DuckDB reads the five fields, declared or found by itself, and kith reads the same: each adds them up, and the sums must agree.
Beside that, kith scores what it reads, week by week, for which it may use up to two threads more. What it takes to start is
in none of the seconds but the processor's. For the flat lines it prints what memchr() takes to count them, what checking them
and finding the fields takes, and scoring them with one thread.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from glob import glob
from pathlib import Path

from rounds import Job, make_environment, run_rounds, spread

HERE = Path(__file__).resolve().parent
PLAIN = HERE / "plain.ini"
ARCHIVE = HERE / "archive.ini"
HOURS = 8


def make_file(path, command):
    """What a command prints, unless it is there already."""
    if not path.exists():
        with open(f"{path}.part", "wb") as part:
            subprocess.run(command, stdout=part, check=True)
        os.rename(f"{path}.part", path)


def make_files(folder, build, options):
    """The files of each form, by what a pattern of theirs is."""
    stem = folder / f"{options.events}-{options.members}-{options.weeks}"
    array, whole, flat = (Path(f"{stem}.{form}") for form in ("array", "archive.ndjson", "flat.ndjson"))
    if not array.exists():
        print("making", array, file=sys.stderr)
        subprocess.run([build / "make_activity", str(options.events), str(options.members), str(options.weeks), PLAIN,
                        f"{stem}.csv", f"{stem}.part"], check=True)
        os.rename(f"{stem}.part", array)
    for path in (whole, flat):
        make_file(path, [build / "make_ndjson", path.name.split(".")[1], array, PLAIN])
    make_file(Path(f"{whole}.gz"), ["gzip", "-6", "-c", whole])
    hours = f"{stem}.hour"
    if not Path(f"{hours}{HOURS - 1}.ndjson").exists():
        subprocess.run(["split", "-n", f"l/{HOURS}", "-a", "1", "-d", "--additional-suffix=.ndjson", whole, hours], check=True)
    for hour in range(HOURS):
        make_file(Path(f"{hours}{hour}.ndjson.gz"), ["gzip", "-6", "-c", f"{hours}{hour}.ndjson"])
    return {"eight files": f"{hours}?.ndjson", "eight packed files": f"{hours}?.ndjson.gz", "one file": whole,
            "one packed file": f"{whole}.gz", "flat": flat}


def make_jobs(files, python, build):
    jobs = []
    for group, pattern in files.items():
        if group == "flat":
            jobs.append(Job(group, "kith, 1 thread, scores", [build / "job", "ndjson", pattern, PLAIN, 1], "seconds"))
            continue
        for threads, name in ((1, "kith, 1 thread"), (2, "kith, 2 threads")):
            jobs.append(Job(group, f"{name}, reads", [build / "reading", pattern, PLAIN, ARCHIVE, threads], "seconds"))
            command = [build / "job", "ndjson", pattern, PLAIN, threads, ARCHIVE]
            jobs.append(Job(group, f"{name}, reads and scores", command, "seconds"))
        for how in ("declared", "found"):
            command = [python, HERE / "peers" / "duckdb_json.py", pattern, 2, how]
            jobs.append(Job(group, f"DuckDB, 2 threads, reads, fields {how}", command, "seconds"))
    return jobs


def check_answers(jobs, events):
    """Who reads has the same sums; who scores, the same changes."""
    sums, changes = {}, {}
    for job in (job for job in jobs if job.group != "flat"):
        for run in job.runs:
            scores = "changes" in run.answer
            first_name, first = (changes if scores else sums).setdefault("first", (job.name, run.answer))
            if run.answer != first or (not scores and run.answer["events"] != events):
                sys.exit(f"compare_json: {job.group}, {job.name}: {run.answer}, and {first_name}: {first}")


def print_group(group, jobs, size):
    own = {job.name: statistics.median(job.seconds()) for job in jobs if job.name.startswith("kith, 2 threads")}
    print(f"\n{group}, {size / 1e6:.0f} MB:\n")
    columns = ["seconds", "MB a second", "CPU seconds of the process", "peak MB", *(f"times {name}" for name in own)]
    print("| |", " | ".join(columns), "|")
    print("| --- " * (len(columns) + 1) + "|")
    for job in jobs:
        median = statistics.median(job.seconds())
        cells = [spread(job.seconds(), 3), f"{size / median / 1e6:.0f}",
                 f"{statistics.median(run.cpu for run in job.runs):.2f}",
                 f"{statistics.median(run.peak for run in job.runs) / 1e6:.0f}",
                 *(f"{median / seconds:.2f}" for seconds in own.values())]
        print("|", job.name, "|", " | ".join(cells), "|")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=Path, required=True, help="a build of kith, best --buildtype=release")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/kith-bench"))
    options = parser.parse_args()
    build = options.build.resolve() / "tests" / "bench"
    options.folder.mkdir(parents=True, exist_ok=True)
    python = make_environment(options.folder, ["duckdb"])
    files = make_files(options.folder, build, options)
    jobs = make_jobs(files, python, build)
    rounds = run_rounds(jobs, options.runs, build)
    check_answers(jobs, options.events)
    print(f"{options.events} events; {platform.machine()}, {os.cpu_count()} cores; median of {rounds} runs (least to most)")
    for group, pattern in files.items():
        size = sum(os.stat(path).st_size for path in glob(str(pattern)))
        print_group(group, [job for job in jobs if job.group == group], size)
    print("\nflat lines, processor time alone:\n", flush=True)
    subprocess.run([build / "json", files["flat"], "5", "time", "member", "kind", "target", "quantity"], check=True)


main()
