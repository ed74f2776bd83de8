# SPDX-License-Identifier: MIT
"""Exceptions: of which class, what they say, and that they are handed on."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from pathlib import Path

import kith
import pytest
from support import BEGIN, small


def test_every_exception_is_a_kith_error_and_what_python_calls_it() -> None:
    builtin = {
        "BadArgumentError": ValueError,
        "NoMemoryError": MemoryError,
        "UnsupportedError": NotImplementedError,
        "CancelledError": Exception,
        "InputOutputError": OSError,
        "BadPolicyError": ValueError,
        "BadExportError": ValueError,
        "RefusedError": ValueError,
        "TooManyWeeksError": ValueError,
        "UnknownMemberError": LookupError,
        "OutOfOrderError": ValueError,
        "BadSnapshotError": ValueError,
        "NewerSnapshotError": ValueError,
        "OtherPolicyError": ValueError,
        "BadSourceError": ValueError,
        "BusyError": RuntimeError,
    }
    classes = {name for name in kith.__all__ if name.endswith("Error") and name != "Error"}
    assert classes == set(builtin)
    for name, base in builtin.items():
        class_ = getattr(kith, name)
        assert issubclass(class_, kith.Error) and issubclass(class_, base)
        made = class_("words")
        assert (str(made), made.line, made.added, made.faults) == ("words", None, None, [])


def test_an_exception_says_where_and_is_pickled() -> None:
    with pytest.raises(kith.BadExportError) as caught:
        kith.Engine().add(io.BytesIO(b"\n\ntime,member,member\n"), name="three.csv")
    error = caught.value
    assert (error.status, error.file, error.line, error.field) == ("KITH_BAD_EXPORT", "three.csv", 3, "member")
    assert str(error).startswith("three.csv:3")
    again = pickle.loads(pickle.dumps(error))
    assert vars(again) == vars(error) and str(again) == str(error)
    with pytest.raises(kith.InputOutputError) as missing:
        kith.Engine().add("/nowhere/activity.csv")
    again = pickle.loads(pickle.dumps(missing.value))
    assert (str(again), again.file, again.status) == (str(missing.value), missing.value.file, "KITH_INPUT_OUTPUT")
    assert "activity.csv" in str(missing.value)


def test_there_is_no_way_around_the_makers() -> None:
    for class_ in (kith._kith.Table, kith._kith.Review, kith._kith.Snapshot):  # type: ignore[attr-defined]
        with pytest.raises(TypeError):
            class_()
        with pytest.raises(TypeError):
            type("Sub", (class_,), {})
    with pytest.raises(TypeError):
        kith._kith.Engine()  # type: ignore[attr-defined]
    for thing in (kith.Engine(), kith.Engine().freeze(), kith.Engine().review(), kith.score(small()).standings):
        with pytest.raises(TypeError):
            pickle.dumps(thing)


def test_a_folder_for_temporary_files_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    engine = kith.Engine(memory=2**20, members="numbers")
    count = 100_000
    data = {"time": [BEGIN + row for row in range(count)], "member": list(range(count)), "kind": ["post"] * count}
    with pytest.raises(kith.InputOutputError) as caught:
        engine.add(data)
    assert caught.value.added is not None and caught.value.added["taken"] == engine.info.taken < count
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    rest = {name: values[engine.info.taken :] for name, values in data.items()}
    engine.add(rest)
    assert engine.info.taken == engine.info.members == count


SCARCE = """
import resource
import numpy as np
import kith

count = 2_000_000
columns = {"time": np.full(count, 1_735_516_800), "member": np.arange(count), "kind": ["post"] * count}
stream, again = kith._kith.stream_of_columns, None
given = [(name, values, None) for name, values in columns.items()]
first, second = stream(given), stream(given)
engine = kith.Engine(members="numbers", threads=1)
pages = int(open("/proc/self/statm").read().split()[0])
limit = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 30 * 2**20, limit[1]))
try:
    engine._engine.add_stream(first, {})
except kith.NoMemoryError as error:
    resource.setrlimit(resource.RLIMIT_AS, limit)
    assert isinstance(error, MemoryError) and error.status == "KITH_NO_MEMORY"
    assert 0 < error.added["taken"] == engine.info.taken < count
    engine._engine.add_stream(second, {})
    assert engine.info.members == count
    print("sound")
"""


def test_too_little_memory_leaves_the_engine_sound() -> None:
    maps = Path("/proc/self/maps").read_text()
    if "asan" in maps:
        pytest.skip("a sanitizer needs all the addresses that there are")
    result = subprocess.run([sys.executable, "-c", SCARCE], capture_output=True, text=True, timeout=120, check=False)
    assert (result.stdout, result.stderr, result.returncode) == ("sound\n", "", 0)
