# SPDX-License-Identifier: MIT
"""Allocations that fail: every function that the library exports has a scenario, and every scenario holds.

The scenarios are a program, allocations.c; KITH_LONG=1 has it leave out no allocation.
"""

import os
import re
import subprocess


def functions():
    """The table of the program: function, whether it may lack memory, scenario."""
    lines = subprocess.run([os.environ["ALLOCATIONS"], "--functions"], check=True, capture_output=True, text=True).stdout
    return [line.split("\t") for line in lines.splitlines()]


def exported():
    lines = subprocess.run(["nm", "--dynamic", "--defined-only", "--extern-only", os.environ["LIBKITH"]], check=True,
                           capture_output=True, text=True).stdout  # fmt: skip
    rows = [line.split() for line in lines.splitlines()]
    return {row[2].split("@")[0] for row in rows if len(row) == 3 and row[1] != "A"}


def test_every_exported_function_is_in_the_table():
    table = functions()
    assert {function for function, _, _ in table} == exported()
    # One that needs memory here and none there would be shown to need none by chance.
    kinds = {function: {kind for name, kind, _ in table if name == function} for function, _, _ in table}
    assert {function for function, kind in kinds.items() if len(kind) > 1} == set()


def test_every_function_of_the_table_is_called():
    """By name at least: what the program does not call it does not link to."""
    lines = subprocess.run(["nm", "--undefined-only", os.environ["ALLOCATIONS"]], check=True, capture_output=True, text=True)
    called = {word.split("@")[0] for word in lines.stdout.split() if word.startswith("kith_")}
    assert called == exported()


def test_memory_is_asked_for_in_one_place():
    """So that what fails allocations of a handle fails all that there are."""
    folder = os.environ["LIBKITH_OBJECTS"]
    asking = set()
    for name in os.listdir(folder):
        if not name.endswith(".o"):
            continue
        symbols = subprocess.run(["nm", "--undefined-only", os.path.join(folder, name)], check=True, capture_output=True,
                                 text=True).stdout  # fmt: skip
        if re.search(r"\b(malloc|calloc|realloc|aligned_alloc|posix_memalign|strn?dup|v?asprintf|mmap|fopen|fdopen|"
                     r"opendir|getline|open_memstream|tmpfile)\b", symbols):  # fmt: skip
            asking.add(name)
    assert asking == {"base_alloc.c.o"}


def test_every_allocation_may_fail(tmp_path):
    done = subprocess.run([os.environ["ALLOCATIONS"]], cwd=tmp_path, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = re.search(r"(\d+) scenarios, (\d+) points failed", done.stdout)
    assert int(figures[1]) > 40 and int(figures[2]) > 1500
