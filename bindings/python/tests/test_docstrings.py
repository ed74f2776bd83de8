# SPDX-License-Identifier: MIT
"""Examples in the descriptions of the package."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

import kith
import pytest

MODULES = sorted(module.name for module in pkgutil.iter_modules(kith.__path__) if module.name != "_kith")


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    module = importlib.import_module(f"kith.{name}")
    names = {**vars(module), **{name: getattr(kith, name) for name in kith.__all__}}
    assert doctest.testmod(module, extraglobs=names).failed == 0


def test_there_are_examples_of_what_is_used_most() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    for thing in (kith.score, kith.Engine, kith.Policy, kith.explain):
        assert any(test.examples for test in finder.find(thing, globs={}))


def test_everything_that_is_handed_out_is_described() -> None:
    for name in kith.__all__:
        thing = getattr(kith, name)
        assert thing.__doc__, name
        members = vars(thing) if isinstance(thing, type) else {}
        for member, value in members.items():
            is_shown = not member.startswith("_") and (callable(value) or isinstance(value, (property, classmethod)))
            assert not is_shown or getattr(thing, member).__doc__, f"{name}.{member}"


ALONE = """
import sys
for name in ("numpy", "pandas", "polars", "pyarrow", "duckdb", "tqdm", "matplotlib"):
    sys.modules[name] = None
import kith
result = kith.score({"time": ["2026-03-02"], "member": ["ana"], "kind": ["post"]}, history=True)
print(result.standings.to_dicts()[0]["member"], len(result.history.to_csv()) > 0, len(repr(result.weeks)) > 0)
for method in ("to_arrow", "to_pandas", "to_polars"):
    try:
        getattr(result.standings, method)()
    except ImportError as error:
        print(error.name)
"""


def test_no_other_library_is_needed() -> None:
    result = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=60, check=False)
    assert (result.stdout, result.stderr) == ("ana True True\npyarrow\npyarrow\npolars\n", "")
