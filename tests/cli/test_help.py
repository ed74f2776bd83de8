# SPDX-License-Identifier: MIT
"""--help, --version, and what is no command."""

import re
import shutil
import subprocess

import pytest
from conftest import HERE

COMMANDS = ["score", "update", "explain", "policy", "calibrate", "sources", "inspect"]
HELPS = [["--help"], ["-h"], *([command, option] for command in COMMANDS for option in ("--help", "-h"))]
MAN_PAGE = HERE.parent.parent / "bindings" / "cli" / "kith.1"


@pytest.mark.parametrize("arguments", HELPS, ids=" ".join)
def test_help_goes_to_stdout_and_fits_80_columns(kith, arguments):
    done = kith(*arguments)
    assert (done.returncode, done.err) == (0, "")
    assert done.out.startswith("Usage: kith ")
    assert max(map(len, done.out.splitlines())) <= 80


def test_help_wins_over_what_else_is_wrong(kith):
    assert kith("score", "--threads", "4", "--help", "--nonsense").returncode == 0


def test_version_is_one_line(kith):
    done = kith("--version")
    assert (done.returncode, done.err) == (0, "")
    assert re.fullmatch(r"kith \d+\.\d+\.\d+\n", done.out)


@pytest.mark.parametrize("arguments", [[], ["scroe"], ["--nonsense"], [""]], ids=repr)
def test_what_is_no_command_is_a_usage_fault(kith, arguments):
    done = kith(*arguments)
    assert (done.returncode, done.out) == (2, "")
    assert done.err.startswith("kith: ") and done.err.endswith("Try 'kith --help'.\n")


def test_help_and_man_page_know_the_same_options(kith):
    def options(text):
        return set(re.findall(r"--[a-z-]+[a-z]", text))

    page = MAN_PAGE.read_text().replace("Fl -", "--").replace("| -", "--")
    told = options(kith("--help").out)
    for command in COMMANDS:
        told |= options(kith(command, "--help").out)
    assert options(page) == told


@pytest.mark.skipif(not shutil.which("mandoc"), reason="needs mandoc")
def test_man_page_is_sound():
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", MAN_PAGE], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize("arguments", [["--help"], ["score", "--help"], ["--version"], ["policy"]], ids=" ".join)
def test_full_disk_is_a_fault(kith, arguments):
    with open("/dev/full", "wb") as full:
        done = kith(*arguments, stdout=full)
    assert done.returncode == 3
    assert done.err == "kith: standard output: cannot be written: No space left on device\n"
