# SPDX-License-Identifier: MIT
"""What the tests of `kith update` share: a job that runs again and again, and what all of its runs together give."""

import json

from conftest import HEADER, HERE

COMMUNITY = HERE.parent.parent / "examples" / "data" / "community.csv"
GROWING = ["changes.csv", "flags.csv", "weeks.csv"]  # each run writes the rows that are new


class Job:
    """A state, and the tables of all runs so far, put together."""

    def __init__(self, kith, folder, name="job"):
        self.kith = kith
        self.folder = folder
        self.name = name
        self.state = folder / f"{name}.state"
        self.out = folder / f"{name}.out"
        self.tables = {}

    def run(self, *arguments, **more):
        """One run, whatever comes of it. Takes its tables where it was done."""
        done = self.kith("update", "--state", self.state, "--out", self.out, *arguments, **more)
        if done.returncode in (0, 1):
            self.take()
        return done

    def take(self):
        for name in GROWING:
            header, *rows = (self.out / name).read_bytes().splitlines(keepends=True)
            self.tables.setdefault(name, [header]).extend(rows)
            assert self.tables[name][0] == header
        self.tables["standings.csv"] = (self.out / "standings.csv").read_bytes().splitlines(keepends=True)

    def gave(self):
        return {name: b"".join(lines) for name, lines in self.tables.items()}

    def summary(self):
        return json.loads((self.out / "summary.json").read_text())


def batch(kith, folder, *arguments):
    """What one `kith score` gives."""
    out = folder / "batch.out"
    done = kith("score", "--quiet", "--out", out, *arguments)
    assert done.returncode in (0, 1), done.err
    return {name: (out / name).read_bytes() for name in [*GROWING, "standings.csv"]}


def community():
    """Rows of the sample community, in order of time."""
    return COMMUNITY.read_text().splitlines()[1:]


def export_of(rows, header=HEADER):
    return header + "".join(row + "\n" for row in rows)


def held(job):
    """All that a run may change: the state, and every file of the result, whatever the folder of a killed run."""
    tables = {
        path.name: path.read_bytes() for path in sorted(job.out.glob("*")) if path.is_file()
    } if job.out.exists() else {}  # fmt: skip
    return (job.state.read_bytes() if job.state.exists() else None), tables
