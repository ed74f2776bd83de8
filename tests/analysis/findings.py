#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Judge what a tool has found.

    findings.py TOOL LOG PART…     the tool's name in allowed.txt, its output, and the folders that it looked at
    findings.py --count LOG        the checks that it names, one a line

Findings that stand in allowed.txt are none. Shown, and a failure, are all others, and lines of allowed.txt about these
folders that nothing was found for.
"""

import fnmatch
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# clang-tidy, gcc and cppcheck (by its template) alike; gcc may name a weakness before the check.
FINDING = re.compile(r"^([^\s:][^:]*):(\d+):(?:\d+:)? (?:warning|error|fatal error): (.*?)(?: \[([\w.,=+-]+)\])?$")


def read_allowed(tool):
    """Lines of allowed.txt about a tool, as (file, check, text, line as it stands)."""
    for line in (HERE / "allowed.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            fields = [field.strip() for field in line.split(" | ")]
            assert len(fields) == 5 and fields[4], f"allowed.txt: five fields with a reason: {line}"
            if fields[0] == tool:
                yield fields[1], fields[2], fields[3], line


def read_findings(log):
    """(file, line, check, words), each once, though a header may have it for every file that includes it."""
    found = []
    for text in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = FINDING.match(text)
        if match:
            path = Path(match[1])
            if path.is_absolute() and path.is_relative_to(ROOT):
                path = path.relative_to(ROOT)
            # One finding may go by several names.
            check = (match[4] or "error").split(",")[0].removeprefix("-W")
            finding = (str(path), int(match[2]), check, match[3])
            if finding[:3] not in [other[:3] for other in found]:
                found.append(finding)
    return found


def source_line(path, number):
    try:
        return (ROOT / path).read_text(encoding="utf-8").splitlines()[number - 1]
    except (OSError, IndexError):
        return ""


def is_allowed(finding, entry):
    path, line, check, _ = finding
    glob, entry_check, text, _ = entry
    return (
        fnmatch.fnmatch(path, glob)
        and check == entry_check
        and (text == "*" or text in source_line(path, line))
    )


def main():
    if sys.argv[1] == "--count":
        print("\n".join(sorted({check for _, _, check, _ in read_findings(Path(sys.argv[2]))})))
        return 0
    tool, log, parts = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    allowed = list(read_allowed(tool))
    findings = read_findings(log)
    open_ones = [finding for finding in findings if not any(is_allowed(finding, entry) for entry in allowed)]
    for path, line, check, words in open_ones:
        print(f"{path}:{line}: {words} [{check}]")
    stale = [
        entry[3]
        for entry in allowed
        if any(entry[0].startswith(f"{part}/") for part in parts)
        and not any(is_allowed(finding, entry) for finding in findings)
    ]
    for line in stale:
        print(f"allowed.txt: not found any more: {line}")
    print(f"{len(findings)} found, {len(findings) - len(open_ones)} of them allowed")
    return 1 if open_ones or stale else 0


if __name__ == "__main__":
    sys.exit(main())
