#!/usr/bin/env python3
"""Compare the `kith` command with the reference model, byte for byte, over generated cases.

    compare.py --kith build/kith --cases 1000
    compare.py --kith build/kith --cases 1 --seed 4711      # one case again

Each case is scored once by model.py and several times by the command: as it is, with one thread and with two, with
its files compressed (or not), and, leaving out the rows that were rejected, with its rows shuffled and dealt over
eight times as many files. The first must agree with the model, the others with the first. Rows that come again, by
their ids, do so in each of these.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random, SystemRandom
from typing import Iterator, NamedTuple

import generate
import model
from model_exports import Event, read_export
from model_policy import read_policy

TABLES = ("standings.csv", "changes.csv", "flags.csv", "weeks.csv", "history.csv", "rejects.csv")
DIFF_LINES = 30
MOST_FAILURES = 3       # then stop: one fault tends to fail every case
TIMEOUT = 120           # seconds of one run

Exports = list[tuple[str, bytes]]
Outputs = dict[str, bytes]


class Different(Exception):
    """What two runs that should agree do not agree on, in words."""


class Job(NamedTuple):
    kith: str
    seed: int
    keep: bool


class Report(NamedTuple):
    seed: int
    passed: int         # comparisons
    problem: str        # "" where all of them passed


# --- Running the command -----------------------------------------------------------------------------------------


def options_of(case: generate.Case, folder: Path) -> list[str]:
    options = ["--history"] if case.history else []
    if case.policy_text is not None:
        policy = folder / "policy.ini"
        policy.write_bytes(case.policy_text.encode())
        options += ["--policy", str(policy)]
    if case.until:
        options += ["--until", case.until]
    for name, header in case.columns.items():
        options += ["--column", f"{name}={header}"]
    if case.delimiter:
        options += ["--delimiter", case.delimiter]
    return options


def run_kith(kith: str, folder: Path, name: str, exports: Exports, options: list[str]) -> Outputs:
    """Write the exports, score them, and read every file that came out."""
    inputs, out = folder / name, folder / f"{name}.out"
    inputs.mkdir(parents=True)
    paths = []
    for file, data in exports:
        paths.append(inputs / file)
        paths[-1].write_bytes(data)
    command = [kith, "score", "--quiet", *options, "--out", str(out), *map(str, paths)]
    result = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
    outputs = {path.name: path.read_bytes() for path in out.iterdir()} if out.is_dir() else {}
    expected = 1 if "rejects.csv" in outputs else 0
    if result.returncode != expected:
        words = result.stderr.decode(errors="replace")[-2000:]
        raise Different(f"{name}: exit {result.returncode}, expected {expected}\n{' '.join(command)}\n{words}")
    # The summary tells of the run itself, its clock included; only the tables can be compared.
    if outputs.pop("summary.json", None) is None:
        raise Different(f"{name}: no summary.json beside the tables")
    return outputs


# --- Comparing ---------------------------------------------------------------------------------------------------


def show_difference(table: str, expected: bytes, actual: bytes) -> str:
    before, after = (data.decode("utf-8", "backslashreplace").split("\n") for data in (expected, actual))
    lines = list(difflib.unified_diff(before, after, f"{table} expected", f"{table} kith", n=1, lineterm=""))
    shown = [line[:300] for line in lines[:DIFF_LINES]]
    return "\n".join(shown + ([f"… {len(lines) - DIFF_LINES} more lines"] if len(lines) > DIFF_LINES else []))


def require_same(name: str, expected: Outputs, actual: Outputs) -> None:
    missing, unexpected = sorted(set(expected) - set(actual)), sorted(set(actual) - set(expected))
    if missing or unexpected:
        raise Different(f"{name}: missing files {missing}, unexpected files {unexpected}")
    for table in sorted(expected, key=TABLES.index):
        if expected[table] != actual[table]:
            raise Different(f"{name}: {table} differs\n{show_difference(table, expected[table], actual[table])}")


def without_rejects(outputs: Outputs) -> Outputs:
    return {table: data for table, data in outputs.items() if table != "rejects.csv"}


# --- The same events in another form -----------------------------------------------------------------------------


def clean_exports(case: generate.Case, latest: int) -> Iterator[tuple[str, bytes, list[bytes]]]:
    """Each export's name, its header and the rows that were not rejected, as they stood.

    Of those with the same id, what says something else than the first is left out: which comes first decides.
    """
    policy = read_policy(case.policy_text)
    first: dict[bytes, Event] = {}
    for name, data in case.exports:
        export = read_export(policy, name, data, latest, case.columns, case.delimiter)
        events = [(row.raw, result) for row, result in export.results if isinstance(result, Event)]
        rows = [raw for raw, event in events if not event.id or first.setdefault(event.id, event) == event]
        yield name, export.header.raw, rows


def join_rows(header: bytes, rows: list[bytes]) -> bytes:
    # CR LF: a row whose own last byte is CR keeps it.
    return b"".join(row + b"\r\n" for row in (header, *rows))


def shuffled(case: generate.Case, latest: int) -> Exports:
    rng, result = Random(case.seed), []
    for name, header, rows in clean_exports(case, latest):
        rng.shuffle(rows)
        result.append((name, join_rows(header, rows)))
    return result[::-1]


def split(case: generate.Case, latest: int) -> Exports:
    result = []
    for number, (name, header, rows) in enumerate(clean_exports(case, latest)):
        result += [(f"{number}-{part}.csv", join_rows(header, rows[part::8])) for part in range(8)]
    return result


def repacked(case: generate.Case) -> Exports:
    """Plain files compressed and compressed ones plain, under their old names: rejects name the file."""
    result = []
    for name, data in case.exports:
        packed = data.startswith(b"\x1f\x8b")
        result.append((name, gzip.decompress(data) if packed else gzip.compress(data, 1)))
    return result


def forms(case: generate.Case, latest: int) -> Iterator[tuple[str, Exports, list[str], bool]]:
    """Name, exports, more options, and whether the rejected rows are still among them."""
    yield "one-thread", case.exports, ["--threads", "1"], True
    yield "two-threads", case.exports, ["--threads", "2"], True
    yield "repacked", repacked(case), [], True
    yield "shuffled", shuffled(case, latest), [], False
    yield "split", split(case, latest), [], False


# --- Cases and vectors -------------------------------------------------------------------------------------------


def check_case(case: generate.Case, kith: str, folder: Path) -> int:
    """The number of comparisons that passed; raises Different at the first that does not."""
    latest = int(time.time()) + 86400
    expected = model.score(
        case.exports, case.policy_text, case.until, latest, case.columns, case.delimiter, case.history
    )
    options = options_of(case, folder)
    first = run_kith(kith, folder, "first", case.exports, options)
    require_same("first", expected, first)
    passed = 1
    for name, exports, more, whole in forms(case, latest):
        actual = run_kith(kith, folder, name, exports, options + more)
        require_same(name, first if whole else without_rejects(first), actual)
        passed += 1
    return passed


def check_seed(job: Job) -> Report:
    folder = Path(tempfile.mkdtemp(prefix=f"kith-{job.seed}-"))
    try:
        passed, problem = check_case(generate.case(job.seed), job.kith, folder), ""
    except Different as error:
        return Report(job.seed, 0, f"seed {job.seed}, kept in {folder}\n{error}")
    except Exception as error:  # whatever it is, its seed is worth knowing
        return Report(job.seed, 0, f"seed {job.seed}, kept in {folder}\n{error!r}")
    if not job.keep:
        shutil.rmtree(folder)
    return Report(job.seed, passed, problem)


def check_vector(kith: str, vector: Path) -> str:
    """A vector's expected tables by the command alone; the problem in words, or nothing."""
    expected = {path.name: path.read_bytes() for path in (vector / "expected").iterdir()}
    exports = [(path.name, path.read_bytes()) for path in vector.glob("events.csv*")]
    options = ["--history"] if "history.csv" in expected else []
    if (vector / "policy.ini").exists():
        options += ["--policy", str(vector / "policy.ini")]
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        try:
            require_same("first", expected, run_kith(kith, Path(folder), "first", exports, options))
        except (Different, subprocess.TimeoutExpired, OSError) as error:
            return f"vector {vector.name}\n{error}"
    return ""


def run_vectors(kith: str, folder: Path) -> tuple[int, int]:
    problems = [check_vector(kith, vector) for vector in sorted(folder.iterdir()) if vector.is_dir()]
    for problem in filter(None, problems):
        print(problem, flush=True)
    failed = sum(map(bool, problems))
    return len(problems) - failed, failed


def run_cases(jobs: list[Job]) -> tuple[int, int]:
    """Cases that passed and that failed. Stops early where many fail."""
    passed = failed = comparisons = 0
    with ProcessPoolExecutor(min(len(jobs), os.cpu_count() or 1)) as pool:
        for report in pool.map(check_seed, jobs):
            comparisons += report.passed
            if not report.problem:
                passed += 1
                continue
            failed += 1
            print(report.problem, flush=True)
            if failed == MOST_FAILURES:
                pool.shutdown(cancel_futures=True)
                break
    print(f"{comparisons} comparisons in {passed + failed} cases")
    return passed, failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kith", required=True, type=Path, help="the command to check")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, help="of the first case, the next ones count up")
    parser.add_argument("--vectors", type=Path, help="a folder of vectors to check as well")
    parser.add_argument("--keep", action="store_true", help="keep the files of cases that pass, too")
    arguments = parser.parse_args()
    if not arguments.kith.is_file():
        parser.error(f"{arguments.kith} is not a file")
    kith = str(arguments.kith.resolve())
    seed = SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    print(f"seed {seed}", flush=True)
    passed, failed = run_vectors(kith, arguments.vectors) if arguments.vectors else (0, 0)
    if arguments.cases > 0:
        jobs = [Job(kith, seed + number, arguments.keep) for number in range(arguments.cases)]
        passed, failed = (a + b for a, b in zip((passed, failed), run_cases(jobs)))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
