# SPDX-License-Identifier: MIT
"""functions.txt: that it names every function of the library, and that each target named there calls the function."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ["FUZZ"])
# Those that are linked with the library's inside call it without saying so; they have nothing but their own object.
INSIDE = os.environ["FUZZ_INSIDE"].split()


def symbols(*arguments):
    """The last word of each line of nm, without a version."""
    lines = subprocess.run(["nm", *arguments], check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[-1].split("@")[0] for line in lines if line and not line.endswith(":")}


def read_table():
    lines = (HERE / "functions.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(":") for line in lines if not line.startswith("#")]
    assert [name for name, _ in pairs] == sorted({name for name, _ in pairs}), "not in order, or twice"
    return {name: targets.split() for name, targets in pairs}


def called_by(target):
    """What a program takes from the shared library: sections that nothing leads to are not linked."""
    if target in INSIDE:
        return symbols("--undefined-only", *map(str, BUILD.glob(f"fuzz_{target}.p/*fuzz_{target}.c.o")))
    return symbols("--dynamic", "--undefined-only", str(BUILD / f"fuzz_{target}"))


TABLE = read_table()
TARGETS = sorted(path.stem[len("fuzz_") :] for path in HERE.glob("fuzz_*.c"))


def test_every_function_of_the_library_has_a_target():
    exported = {name for name in symbols("--dynamic", "--defined-only", os.environ["LIBRARY"]) if name[:5] == "kith_"}
    assert "kith_version" in exported
    assert set(TABLE) == exported
    assert [name for name, targets in TABLE.items() if not targets] == []


def test_targets_of_the_table_are_those_that_there_are():
    assert {target for targets in TABLE.values() for target in targets} | {"number", "stretch"} == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_target_calls_what_the_table_says(target):
    assert {name for name, targets in TABLE.items() if target in targets} <= called_by(target)


@pytest.mark.parametrize("target", TARGETS)
def test_target_has_a_corpus(target):
    assert len(list((HERE / "corpora" / target).iterdir())) >= 10


def test_corpora_are_small():
    files = [path for path in (HERE / "corpora").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1_000_000
    assert {path.parent.name for path in files} == set(TARGETS)
