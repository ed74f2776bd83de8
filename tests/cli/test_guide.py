# SPDX-License-Identifier: MIT
"""The walk through an unknown export in docs/guide.md: its commands print what stands below them."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")
SECTION = re.search(r"^### A walk through one\n(.*?)^### ", GUIDE, re.M | re.S)[1]


def blocks(language):
    return [block for name, block in re.findall(r"^```(\w*)\n(.*?)^```$", SECTION, re.M | re.S) if name == language]


def commands():
    """Each command, and the lines below it."""
    for block in blocks(""):
        for one in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, said = one.partition("\n")
            yield command, said.splitlines()


def lines_as_edited(description):
    """The description with the lines of the INI block: those of the same key, and [ignore] in place of its guess."""
    kinds, ignore = blocks("ini")[0].split("\n\n")
    for line in kinds.splitlines():
        key = line.partition(" = ")[0]
        description, count = re.subn(rf"^{re.escape(key)} = .*$", line, description, flags=re.M)
        assert count == 1, key
    guess = description[description.index("; [ignore]\n; author.bot = true ;") :]
    assert description.count(guess) == 1
    return description.replace(guess, ignore)


def is_said(expected, lines):
    """Whether the lines are those that are expected, where an ellipsis stands for any."""
    pattern = "".join("(?:.*\n)*?" if line == "…" else re.escape(line) + "\n" for line in expected)
    return re.fullmatch(pattern, "".join(line + "\n" for line in lines)) is not None


def test_the_walk_goes_as_the_guide_says(kith, tmp_path):
    steps = list(commands())
    assert [command.split()[1] for command, _ in steps if command.startswith("kith ")] == [
        "inspect",
        "inspect",
        "calibrate",
        "score",
    ]
    for number, (command, expected) in enumerate(steps):
        words = shlex.split(command)
        if words[0] == "python3":
            made = subprocess.run([sys.executable, ROOT / words[1]], capture_output=True, check=True, timeout=60)
            (tmp_path / words[3]).write_bytes(made.stdout)
            continue
        if words[0] == "head":
            said = (tmp_path / words[3]).read_text("utf-8").splitlines()[: int(words[2])]
        else:
            done = kith(*words[1:])
            assert (done.returncode, done.err) == (0, ""), command
            said = done.out.splitlines()
        assert is_said(expected, said), (command, "\n".join(said))
        if "--write" in words:
            written = tmp_path / "lounge.ini"
            written.write_text(lines_as_edited(written.read_text("utf-8")), "utf-8")
    refused = kith("score", "lounge.ndjson")
    assert refused.returncode == 1 and "no row could be used" in refused.out
