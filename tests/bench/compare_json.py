#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kith and DuckDB on lines of JSON, in turn: how long does it take to have the events of an archive?

    python3 tests/bench/compare_json.py --build build [--events 1000000] [--members 20000] [--weeks 52] [--runs 5]
                                        [--folder /var/tmp/kith-bench]

Makes lines of the shape of GH Archive's (some 1.8 kB each, five fields of which are of use), plain and gzipped, and small flat
objects; runs every job once a round, and prints a table in Markdown. kith scores what it reads, week by week, while DuckDB
reads the same five fields and does no more than take a checksum of them. For the flat lines it prints what memchr() takes to
count them, what checking them and finding the fields takes, and the whole job with one thread.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

from rounds import Job, make_environment, run_rounds, spread

HERE = Path(__file__).resolve().parent
PLAIN = HERE / "plain.ini"
ARCHIVE = HERE / "archive.ini"


def make_files(folder, build, options):
    stem = folder / f"{options.events}-{options.members}-{options.weeks}"
    files = {form: Path(f"{stem}.{form}") for form in ("array", "archive.ndjson", "archive.ndjson.gz", "flat.ndjson")}
    if not files["array"].exists():
        print("making", files["array"], file=sys.stderr)
        subprocess.run([build / "make_activity", str(options.events), str(options.members), str(options.weeks), PLAIN,
                        f"{stem}.csv", f"{stem}.part"], check=True)
        os.rename(f"{stem}.part", files["array"])
    makers = {form: [build / "make_ndjson", form.partition(".")[0], files["array"], PLAIN]
              for form in ("archive.ndjson", "flat.ndjson")}
    makers["archive.ndjson.gz"] = ["gzip", "-6", "-c", files["archive.ndjson"]]
    for form, command in makers.items():
        if not files[form].exists():
            with open(f"{stem}.part", "wb") as part:
                subprocess.run(command, stdout=part, check=True)
            os.rename(f"{stem}.part", files[form])
    return files


def make_jobs(files, python, build):
    jobs = []
    for group, form in (("archive, NDJSON", "archive.ndjson"), ("archive, NDJSON.gz", "archive.ndjson.gz")):
        for threads in (1, 2):
            command = [build / "job", "ndjson", files[form], PLAIN, threads, ARCHIVE]
            jobs.append(Job(group, f"kith, {threads} thread{'s' if threads > 1 else ''}", command))
        command = [python, HERE / "peers" / "duckdb_json.py", files[form], 2]
        jobs.append(Job(group, "DuckDB, 2 threads, reading alone", command))
    jobs.append(Job("flat, NDJSON", "kith, 1 thread", [build / "job", "ndjson", files["flat.ndjson"], PLAIN, 1]))
    return jobs


def check_events(jobs, events):
    for job in jobs:
        for run in job.runs:
            if run.answer.get("events", events) != events:
                sys.exit(f"compare_json: {job.group}, {job.name}: {run.answer['events']} events, not {events}")


def print_group(group, jobs, size):
    own = statistics.median(jobs[-2].seconds() if len(jobs) > 1 else jobs[0].seconds())
    print(f"\n{group}, {size / 1e6:.0f} MB:\n")
    print("| | seconds | MB a second | CPU seconds | peak MB | times kith with the most threads |")
    print("| --- | --- | --- | --- | --- | --- |")
    for job in jobs:
        median = statistics.median(job.seconds())
        print(f"| {job.name} | {spread(job.seconds(), 3)} | {size / median / 1e6:.0f} "
              f"| {statistics.median(run.cpu for run in job.runs):.2f} "
              f"| {statistics.median(run.peak for run in job.runs) / 1e6:.0f} | {median / own:.2f} |")


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
    check_events(jobs, options.events)
    print(f"{options.events} events; {platform.machine()}, {os.cpu_count()} cores; median of {rounds} runs (least to most)")
    sizes = {"archive, NDJSON": "archive.ndjson", "archive, NDJSON.gz": "archive.ndjson.gz", "flat, NDJSON": "flat.ndjson"}
    for group, form in sizes.items():
        print_group(group, [job for job in jobs if job.group == group], files[form].stat().st_size)
    print("\nflat lines, processor time alone:\n", flush=True)
    subprocess.run([build / "json", files["flat.ndjson"], "5", "time", "member", "kind", "target", "quantity"], check=True)


main()
