# SPDX-License-Identifier: MIT
"""docs/python.md says what happens: its blocks are run in order, and print what stands below them."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "python.md"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks():
    return BLOCK.findall(GUIDE.read_text(encoding="utf-8"))


def test_every_text_stands_below_a_program():
    languages = [language for language, _ in blocks()]
    assert languages.count("python") > 10
    assert all(before == "python" for before, language in zip([None, *languages], languages) if language == "text")


def test_programs_print_what_the_guide_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    names, printed = {}, ""
    for language, content in blocks():
        if language == "text":
            assert printed == content
            continue
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(content, str(GUIDE), "exec"), names)
        printed = output.getvalue()
