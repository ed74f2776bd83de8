# SPDX-License-Identifier: MIT
"""What the tests of the package share: the command to compare with, and a small community.

pip install "bindings/python[test]"
KITH=build/bindings/cli/kith python -m pytest bindings/python/tests
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import Exports, Tables, community, csv_of


@pytest.fixture(autouse=True)
def usual_interrupt() -> Iterator[None]:
    """Ctrl-C raises as it usually does, however the tests were started: nohup and `&` have it ignored."""
    before = signal.getsignal(signal.SIGINT)
    if before == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def binary() -> str:
    """Path of the command."""
    path = os.environ.get("KITH")
    if not path or not os.access(path, os.X_OK):
        pytest.fail("the environment variable KITH must hold the path of the command that the package is compared with")
    return os.path.abspath(path)


@pytest.fixture
def kith_score(binary: str, tmp_path: Path) -> Callable[..., Tables]:
    """Files that the command writes: kith_score([("a.csv", data)], "--history")["standings.csv"]"""

    def run(exports: Exports, *options: str, policy: str | None = None) -> Tables:
        folder = tmp_path / f"run-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        if policy is not None:
            (folder / "policy.ini").write_text(policy, encoding="utf-8", newline="")
            options = (*options, "--policy", "policy.ini")
        for name, data in exports:
            (folder / name).write_bytes(data)
        names = [f"./{name}" for name, _ in exports]
        command = [binary, "score", "--quiet", "--history", *options, "--out", "out", *names]
        result = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
        assert result.returncode in (0, 1), result.stderr.decode()
        return {path.name: path.read_bytes() for path in (folder / "out").glob("*.csv")}

    return run


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small community as a file."""
    path = tmp_path / "activity.csv"
    path.write_bytes(csv_of(community(1)))
    return path
