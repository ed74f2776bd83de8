# SPDX-License-Identifier: MIT
"""The guides say what happens: their blocks of Python are run in order, and print what stands below them."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GUIDES = [ROOT / "docs" / name for name in ("python.md", "sources.md")]
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(guide):
    return BLOCK.findall(guide.read_text(encoding="utf-8"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_text_stands_below_a_program(guide):
    languages = [language for language, _ in blocks(guide)]
    assert languages.count("python") > (10 if guide.name == "python.md" else 0)
    assert all(before == "python" for before, language in zip([None, *languages], languages) if language == "text")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_programs_print_what_the_guide_says(monkeypatch: pytest.MonkeyPatch, guide: Path):
    monkeypatch.chdir(ROOT)
    names, printed = {}, ""
    for language, content in blocks(guide):
        if language == "text":
            assert printed == content
            continue
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(content, str(guide), "exec"), names)
        printed = output.getvalue()
