#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Put the source descriptions of a folder, and the policies that fit them, into a C file.

    embed.py OUTPUT FOLDER DEPENDENCIES

Each NAME.ini comes with a NAME.policy.ini. A description begins with a comment, whose first line is its title.
"""

from __future__ import annotations  # as builds may have a Python that is old

import sys
from pathlib import Path


def array(name: str, text: str) -> str:
    """Return the definition of a text, byte by byte, as compilers need not take strings of any length."""
    codes = [str(byte) if byte < 128 else f"'\\{byte:03o}'" for byte in text.encode() + b"\0"]
    lines = [", ".join(codes[at : at + 20]) + "," for at in range(0, len(codes), 20)]
    return f"static const char {name}[] = {{\n    " + "\n    ".join(lines) + "\n};\n"


def title_of(path: Path, text: str) -> str:
    first = text.split("\n", 1)[0]
    title = first.lstrip("; ").strip()
    if not first.startswith(";") or not title:
        sys.exit(f"{path}: expected a first line that says in a comment what the description is for")
    return title


def texts_of(path: Path) -> list[str]:
    policy = path.with_suffix(".policy.ini")
    if not policy.exists():
        sys.exit(f"{path}: expected {policy.name} beside it")
    description = path.read_text(encoding="utf-8")
    return [path.stem, title_of(path, description), description, policy.read_text(encoding="utf-8")]


def main() -> None:
    output, folder, dependencies = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    policies = sorted(folder.glob("*.policy.ini"))
    descriptions = sorted(set(folder.glob("*.ini")) - set(policies), key=lambda path: path.stem)
    for policy in policies:
        if not policy.with_name(policy.name.replace(".policy", "")).exists():
            sys.exit(f"{policy}: expected the description that it goes with beside it")
    arrays, entries = [], []
    for number, path in enumerate(descriptions):
        names = [f"{sort}_{number}" for sort in ("name", "title", "description", "policy")]
        arrays += [array(name, text) for name, text in zip(names, texts_of(path))]
        entries.append(f"    {{sizeof(kith_ready_source), 0, {', '.join(names)}}},\n")
    output.write_text(
        '/* Made by lib/sources/embed.py when the library is built. */\n#include "sources/ready.h"\n\n'
        + "\n".join(arrays)
        + "\nconst kith_ready_source kithp_ready_sources[] = {\n"
        + "".join(entries)
        + f"}};\n\nconst uint32_t kithp_ready_source_count = {len(entries)};\n",
        encoding="utf-8",
    )
    watched = " ".join(str(path).replace(" ", "\\ ") for path in [folder, *descriptions, *policies])
    dependencies.write_text(f"{output}: {watched}\n", encoding="utf-8")


main()
