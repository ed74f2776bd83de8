# SPDX-License-Identifier: MIT
"""The pieces of C in README.md and docs/ are compiled as they stand, each in a function of its own."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What a piece takes as given, by name: declared around it unless it declares the same itself.
GIVEN = {
    "error": "kith_error error = {.size = sizeof error};",
    "engine": "kith_engine *engine = NULL;",
    "review": "kith_review *review = NULL;",
    "options": "kith_engine_options options = {.size = sizeof options};",
    "now": "int64_t now = 0;",
    "post": "uint32_t post = 0;",
    "id": "uint64_t id = 1;",
    "n": "uint64_t n = 0;",
    "offset": "uint64_t offset = 0;",
    "line": "uint64_t line = 0;",
    "policy": "kith_policy *policy = NULL;",
    "write_out": "kith_write_fn write_out = NULL;",
    "out": "void *out = NULL;",
}


def snippets():
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"^```c\n(.*?)^```$", text, re.M | re.S):
            line = text.count("\n", 0, match.start()) + 2
            yield pytest.param(match[1], id=f"{path.name}:{line}")


ALL = list(snippets())


def program(snippet):
    includes = "".join(re.findall(r"^#include .*\n", snippet, re.M))
    body = re.sub(r"^#include .*\n", "", snippet, flags=re.M)
    body = body.replace("= …;", "= NULL;").replace("…", "")
    given = [code for name, code in GIVEN.items()
             if re.search(rf"\b{name}\b", body) and not re.search(rf"^kith_\w+ \**{name}\b", body, re.M)]
    return (f"#include <kith/kith.h>\n{includes}\nextern void check(kith_status status);\nvoid piece(void);\n"
            f"void piece(void)\n{{\n" + "\n".join(given) + f"\n{{\n{body}}}\n}}\n")


def test_there_are_snippets():
    assert len(ALL) >= 7


@pytest.mark.parametrize("snippet", ALL)
def test_snippet_compiles(snippet):
    compiler = os.environ.get("CC", "cc").split()
    command = [*compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-Wno-missing-field-initializers",
               "-I", ROOT / "include", "-fsyntax-only", "-x", "c", "-"]
    done = subprocess.run(command, input=program(snippet), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
