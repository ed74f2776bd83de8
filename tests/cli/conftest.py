# SPDX-License-Identifier: MIT
"""What the tests of the command share: how it is run, and small communities to run it on."""

import os
import pathlib
import shutil
import signal
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"
TABLES = ["changes.csv", "flags.csv", "standings.csv", "weeks.csv"]
HEADER = "time,member,kind,target,quantity\n"
LONG = bool(os.environ.get("KITH_LONG"))  # the tests may take hours


def some(cases, of):
    """Of many cases of one sort, one of so many and the last; all where the tests may take long."""
    cases = list(cases)
    return cases if LONG else sorted({*cases[::of], *cases[-1:]})


@pytest.fixture(autouse=True)
def usual_signals():
    """Signals end a child as they usually do, however the tests were started: nohup and `&` have some ignored."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        if before[number] == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number in numbers:
        signal.signal(number, before[number])


@pytest.fixture(scope="session")
def binary():
    """Path of the command under test."""
    path = os.environ.get("KITH")
    if not path or not os.access(path, os.X_OK):
        pytest.exit("the environment variable KITH must hold the path of the command", returncode=2)
    return os.path.abspath(path)


@pytest.fixture
def environment():
    """As little as possible of what the person who runs the tests has set."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    return {**kept, "TERM": "xterm"}


@pytest.fixture
def kith(binary, environment, tmp_path):
    """Runs the command in a folder of its own: kith("score", "events.csv").returncode"""

    def run(*arguments, stdin=b"", env=None, **more):
        more.setdefault("cwd", tmp_path)
        result = subprocess.run(
            [binary, *map(os.fsencode, map(str, arguments))],
            **({"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}),
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            env={**environment, **(env or {})},
            timeout=60,
            **more,
        )
        result.out = (result.stdout or b"").decode()
        result.err = result.stderr.decode()
        return result

    return run


@pytest.fixture
def write(tmp_path):
    """Writes a file of the test's folder: write("events.csv", text)"""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def events(write):
    """Writes rows as an export: events("a.csv", "2026-02-02,ana,post,,")"""

    def events(name, *rows):
        return write(name, HEADER + "".join(row + "\n" for row in rows))

    return events


@pytest.fixture
def small(events):
    """An export of three members and two whole weeks."""
    return events(
        "events.csv",
        "2026-02-02,ana,post,,",
        "2026-02-03,ben,like,ana,",
        "2026-02-08T20:00:00Z,cleo,login,,",
        "2026-02-10,ana,article,,3",
        "2026-02-15T20:00:00Z,ben,comment,ana,",
    )


def result(folder):
    """All files below a folder, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def rows(path):
    """Rows of a table less its header."""
    return path.read_text().splitlines()[1:]


def preloaded(tmp_path_factory, name):
    """Builds tests/cli/NAME.c as a library to be preloaded."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        pytest.skip("needs a C compiler")
    library = tmp_path_factory.mktemp(name) / f"{name}.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, HERE / f"{name}.c", "-ldl"], check=True)
    return str(library)


@pytest.fixture(scope="session")
def position(binary):
    """Runs tests/position, which reads and replaces what a state knows of exports."""
    path = os.environ.get("POSITION", os.path.join(os.path.dirname(binary), "..", "..", "tests", "position"))
    if not os.access(path, os.X_OK):
        pytest.skip("needs the program tests/position")

    def run(*arguments):
        return subprocess.run([path, *map(str, arguments)], capture_output=True, check=True, timeout=60).stdout

    return run


@pytest.fixture(scope="session")
def fail_malloc(tmp_path_factory, binary):
    """Environment in which an allocation fails: fail_malloc(7) fails the seventh."""
    with open(binary, "rb") as file:
        if b"__asan_init" in file.read():
            pytest.skip("a sanitizer has allocations in its own hands")
    library = preloaded(tmp_path_factory, "fail_malloc")
    return lambda nth: {"LD_PRELOAD": library, "FAIL_NTH": str(nth)}


@pytest.fixture(scope="session")
def fail_calls(tmp_path_factory):
    """
    Environment in which a call of the C library fails: fail_calls("renameat", 2) fails the second one, and with
    lasting=True all from the second on.
    """
    library = preloaded(tmp_path_factory, "fail_calls")

    def environment(call, nth, lasting=False):
        return {
            "LD_PRELOAD": library,
            "FAIL_CALL": call,
            "FAIL_NTH": str(nth),
            "FAIL_LASTING": "1" if lasting else "",
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0",
        }

    return environment
