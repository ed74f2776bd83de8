# SPDX-License-Identifier: MIT
"""What the comparisons share: jobs that are run in turn, each a process of its own, and what they took."""

import json
import os
import statistics
import subprocess
import sys
import time
import venv


class Run:
    """One process: what it printed, and what it took."""

    def __init__(self, command):
        began = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} failed")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024
        lines = output.splitlines()
        self.answer = json.loads(lines[0]) if lines and lines[0].startswith("{") else None
        self.said = {words[0]: float(words[1]) for words in map(str.split, lines[1:]) if len(words) == 2}
        self.output = output


class Job:
    """One row of a table. `timed`: which of the seconds that it prints is meant, where it is not the whole process."""

    def __init__(self, group, name, command, timed=None):
        self.group, self.name, self.command, self.timed = group, name, command, timed
        self.runs = []

    def seconds(self):
        return [run.said[self.timed] if self.timed else run.wall for run in self.runs]


def make_environment(folder, packages):
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        print("setting up an environment with", *packages, file=sys.stderr)
        venv.create(folder / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def tell(progress):
    if sys.stderr.isatty():
        print("\r" + progress.ljust(100), end="\n" if not progress else "", file=sys.stderr, flush=True)


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def free_memory():
    """Bytes that nothing is in, not even files."""
    with open("/proc/meminfo") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemFree:"))


def settle(job, build):
    """Touches as much memory as the job took at its peak, and lets go of it.

    A virtual machine gives what has been free for some seconds back to its host, and getting it again takes twenty times
    as long as clearing it: who comes after a small job would pay for that, who comes after a large one would not.
    """
    room = free_memory() * 9 // 10
    peak = max((run.peak for run in job.runs), default=1 << 32)
    subprocess.run([build / "limits", "memory", str(min(peak * 5 // 4, room))], stdout=subprocess.DEVNULL, check=True)


def run_rounds(jobs, rounds, build):
    """Runs all jobs in turn, round by round. Ctrl-C ends it with the rounds that are whole. build: folder of the bench's
    programs."""
    try:
        for number in range(rounds):
            for job in jobs:
                tell(f"round {number + 1} of {rounds}: {job.group}, {job.name}")
                settle(job, build)
                job.runs.append(Run(job.command))
    except KeyboardInterrupt:
        rounds = len(jobs[-1].runs)
        if rounds == 0:
            sys.exit(130)
        for job in jobs:
            del job.runs[rounds:]
    tell("")
    return rounds
