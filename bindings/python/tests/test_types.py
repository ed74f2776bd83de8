# SPDX-License-Identifier: MIT
"""What type checkers make of the package, of a user's program, and of the extension's stub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "src" / "kith"
PROGRAMS = HERE / "typed"
CONFIG = HERE.parent / "pyproject.toml"

Runs = dict[str, "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """All of them at once, as each takes long."""
    folder = tmp_path_factory.mktemp("types")
    (folder / "src").symlink_to(PACKAGE.parent)
    (folder / "typed").symlink_to(PROGRAMS)
    settings = {
        "include": ["src/kith", "typed/program.py"],
        "typeCheckingMode": "strict",
        # Modules of a package may use what is not for others; matplotlib's types are not all there.
        "reportPrivateUsage": False,
        "ignore": ["src/kith/plot.py"],
        "extraPaths": ["src"],
        "pythonVersion": "3.11",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    python = sys.executable
    mypy = [python, "-m", "mypy", "--config-file", str(CONFIG), "--cache-dir", str(folder / "cache")]
    commands = {
        "mypy": [*mypy, str(PACKAGE), str(PROGRAMS)],
        "pyright": [python, "-m", "pyright", "-p", str(folder), "--pythonpath", python, "--outputjson"],
        "stubtest": [python, "-m", "mypy.stubtest", "--mypy-config-file", str(CONFIG), "kith._kith"],
    }
    environment = {**os.environ, "MYPYPATH": str(PACKAGE.parent)}
    started = {
        name: subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, command in commands.items()
    }
    yield started
    for run in started.values():
        run.kill()
        run.wait()


def said(run: subprocess.Popen[str]) -> tuple[int, str]:
    out, _ = run.communicate(timeout=300)
    return run.returncode, out


def test_stubtest_finds_the_stub_to_be_what_the_extension_is(runs: Runs) -> None:
    status, out = said(runs["stubtest"])
    assert status == 0, out
    assert "no issues found in 1 module" in out


def test_mypy_finds_no_fault_in_the_package_and_all_in_the_mistakes(runs: Runs) -> None:
    status, out = said(runs["mypy"])
    assert status == 0, out
    assert f"in {len([*PACKAGE.glob('*.py'), *PACKAGE.glob('*.pyi'), *PROGRAMS.glob('*.py')])} source files" in out


def test_pyright_finds_no_fault(runs: Runs) -> None:
    status, out = said(runs["pyright"])
    result = json.loads(out[out.index("{") :])
    assert (status, result["generalDiagnostics"]) == (0, []), out
    assert result["summary"]["filesAnalyzed"] > len([*PACKAGE.glob("*.py")])
