#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kith, DuckDB and Polars on the same activity, in turn: who takes how long, and do they agree?

    python3 tests/bench/compare.py --build build [--events 10000000] [--members 200000] [--weeks 52] [--runs 5]
                                   [--folder /var/tmp/kith-bench] [--only array]

Makes the activity (once; kept in the folder), sets up a virtual environment with the peers there, runs every job once a
round for as many rounds as there are to be runs: changes of tier under a plain policy and under the default one, and all
tables of kith.score(), which the peers make each in its own engine alone. Checks that all give the same number of changes
or rows, and the same checksum of them, and prints tables in Markdown: wall time, CPU time and peak memory of the whole
process, medians with the least and the most, how many times as long as kith a peer takes, and what an event costs in lines:
random lines of memory, as the machine takes them in the same rounds, in which its other limits are measured, too.
Above 10 million events, Polars is left out, as are data frames given to kith's Python package, and DuckDB under the
default policy, which counts pairs of members: they take more memory than most machines have.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from rounds import Job, make_environment, run_rounds, spread

HERE = Path(__file__).resolve().parent
PLAIN = HERE / "plain.ini"
PEERS = ["duckdb", "polars", "numpy", "pyarrow"]
PACKAGE = HERE.parent.parent / "bindings" / "python"


def make_files(folder, python, build, options):
    stem = folder / f"{options.events}-{options.members}-{options.weeks}"
    files = {form: Path(f"{stem}.{form}") for form in ("csv", "array", "parquet", "csv.gz")}
    if not files["array"].exists():
        print("making", files["csv"], file=sys.stderr)
        subprocess.run([build / "make_activity", str(options.events), str(options.members), str(options.weeks), PLAIN,
                        files["csv"], f"{stem}.part"], check=True)
        os.rename(f"{stem}.part", files["array"])
    if not files["parquet"].exists():
        subprocess.run([python, HERE / "peers" / "make_parquet.py", files["csv"], f"{stem}.part"], check=True)
        os.rename(f"{stem}.part", files["parquet"])
    if not files["csv.gz"].exists():
        with open(f"{stem}.part", "wb") as packed:
            subprocess.run(["gzip", "-6", "-c", files["csv"]], stdout=packed, check=True)
        os.rename(f"{stem}.part", files["csv.gz"])
    return files


# The forms that activity comes in: how it is called, the file, and what each side makes of it.
ARRAY, CSV, PACKED = "array, integer ids", "CSV, names", "CSV.gz, names"
PEER_NAMES = {"duckdb": "DuckDB, 2 threads", "polars": "Polars, 2 threads"}


def by(threads):
    return f"kith, {threads} thread{'s' if threads > 1 else ''}"


def make_jobs(files, python, build, options):
    few = options.events <= 10_000_000

    def kith(group, form, file, policy, threads, timed=None):
        return Job(group, by(threads), [build / "job", form, files[file], policy, threads], timed)

    def frames(group, script, *policy):
        return [Job(group, f"{by(threads)} ({library})",
                    [python, HERE / script, library, files["parquet"], *policy, threads], "seconds")
                for library in ("pyarrow", "polars") for threads in (1, 2)]

    def peer(group, tool, form, file, policy):
        command = [python, HERE / "peers" / f"{tool}_job.py", form, files[file], 2, policy]
        loaded = form == "table"
        return Job(group, PEER_NAMES[tool] + (" (table)" if loaded else ""), command, "seconds" if loaded else None)

    jobs = []
    for policy, file in (("plain", PLAIN), ("default", "default")):
        array, csv, packed = (f"{policy} policy, {form}" for form in (ARRAY, CSV, PACKED))
        tools = ("duckdb", "polars") if few else ("duckdb",) if policy == "plain" else ()
        jobs += [kith(array, "array", "array", file, threads, "seconds") for threads in (1, 2)]
        jobs += frames(array, "frame_job.py", file) if few else []
        jobs += [peer(array, tool, form, "parquet", policy) for tool in tools for form in ("table", "parquet")]
        jobs += [kith(csv, "csv", "csv", file, threads) for threads in (1, 2)]
        jobs += [peer(csv, tool, "csv", "csv", policy) for tool in tools]
        jobs += [kith(packed, "csv", "csv.gz", file, threads) for threads in (1, 2)]
        jobs += [peer(packed, tool, "csv", "csv.gz", policy) for tool in tools]
    if few:
        whole = "default policy, all tables, data frames"
        jobs += frames(whole, "whole_job.py")
        jobs += [Job(whole, name, [python, HERE / "peers" / f"{tool}_whole.py", files["parquet"], 2], "seconds")
                 for tool, name in PEER_NAMES.items()]
    alone = "plain policy, array, no targets"
    jobs += [kith(alone, "untargeted", "array", PLAIN, threads, "seconds") for threads in (1, 2)]
    single = "plain policy, one event at a time"
    jobs += [kith(single, "single", "array", PLAIN, 1, "seconds")]
    return jobs


def make_limits(files, build, options):
    inflate = "igzip" if shutil.which("igzip") else "gzip"
    lines = options.members
    return [
        Job("limits", f"line: one of {lines} random lines of 64 bytes, ns", [build / "limits", "line", lines]),
        Job("limits", "index: every delimiter of the CSV, s", [build / "limits", "index", files["csv"]]),
        Job("limits", f"inflate: {inflate} -dc, s", ["sh", "-c", f"{inflate} -dc {files['csv.gz']} >/dev/null"]),
    ]


def check_answers(jobs):
    """Jobs of the same policy and the same events must give the same changes, or the same tables."""
    answers = {}
    for job in jobs:
        kind = ", ".join(part for part in ("plain policy", "default policy", "no targets", "all tables")
                         if part in job.group)
        for run in job.runs:
            first = answers.setdefault(kind, (job, run.answer))
            if run.answer != first[1]:
                sys.exit(f"compare: {job.group}, {job.name}: {run.answer}, but {first[0].group}, {first[0].name}: "
                         f"{first[1]}")
    for kind, (_, answer) in answers.items():
        print(f"- {kind}: {', '.join(f'{name} {value}' for name, value in answer.items())}, the same from all")


def touched(group):
    """Lines of memory that kith touches for an event: for each member that it names, the place of its id or name, the
    number of its row, and the row; and where a policy counts them, the place of the pair."""
    members = 1 if "no targets" in group else 2
    pair = ", and 1 more where its pair is counted" if "default" in group else ""
    return f"an event touches {3 * members} lines at most for the members that it names{pair}"


def print_group(group, jobs, events, line):
    """line: nanoseconds."""
    kith = [job for job in jobs if job.name.startswith("kith")]
    own = [statistics.median(job.seconds()) for job in kith if "(" not in job.name or "all tables" in group]
    print(f"\n{group}; {touched(group)}:\n")
    print("| | seconds | ns an event | lines | CPU seconds | peak MB | times kith with 1 thread | with the most |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for job in jobs:
        median = statistics.median(job.seconds())
        print(f"| {job.name} | {spread(job.seconds(), 3)} | {median / events * 1e9:.1f} "
              f"| {median / events * 1e9 / line:.1f} "
              f"| {statistics.median(run.cpu for run in job.runs):.2f} "
              f"| {statistics.median(run.peak for run in job.runs) / 1e6:.0f} "
              f"| {median / own[0]:.2f} | {median / own[-1]:.2f} |")


def print_limits(limits):
    print("\nlimits of the machine:\n\n| | |\n| --- | --- |")
    for limit in limits:
        own = [float(run.output) if run.output.strip() else run.wall for run in limit.runs]
        print(f"| {limit.name} | {spread(own, 3)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=Path, required=True, help="a build of kith, best --buildtype=release")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", metavar="WORDS", help="leave out tables without these words in their title")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/kith-bench"))
    options = parser.parse_args()
    build = options.build.resolve() / "tests" / "bench"
    options.folder.mkdir(parents=True, exist_ok=True)
    # kith's Python package is built anew each time.
    python = make_environment(options.folder, [*PEERS, PACKAGE])
    files = make_files(options.folder, python, build, options)
    jobs = [job for job in make_jobs(files, python, build, options) if options.only in job.group]
    limits = make_limits(files, build, options)
    rounds = run_rounds(jobs + limits, options.runs, build)
    print(f"{options.events} events of up to {options.members} members in {options.weeks} weeks; "
          f"{files['csv'].stat().st_size / 1e6:.0f} MB of CSV, {files['csv.gz'].stat().st_size / 1e6:.0f} MB of CSV.gz; "
          f"{platform.machine()}, {os.cpu_count()} cores; median of {rounds} runs (least to most)\n")
    check_answers(jobs)
    line = statistics.median(float(run.output) for run in limits[0].runs)
    for group in dict.fromkeys(job.group for job in jobs):
        print_group(group, [job for job in jobs if job.group == group], options.events, line)
    print_limits(limits)


main()
