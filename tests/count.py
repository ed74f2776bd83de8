#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sum what the tests of one `meson test`, or of one run of pytest, counted themselves.

    count.py build/gcc/meson-logs/testlog.json
    count.py build/logs/pytest.log

A test of meson's that is a cmocka program or a run of pytest counts as many as its own last lines say; any other counts as
one.
"""

import json
import re
import sys

# A program of several cmocka groups says this once a group; not always at the start of a line, for long messages of
# failures are cut with their line end.
CMOCKA = {
    "passed": re.compile(r"\[  PASSED  \] (\d+) test\(s\)"),
    "failed": re.compile(r"\[  FAILED  \] (\d+) test\(s\)"),
    "skipped": re.compile(r"\[  SKIPPED \] (\d+) test\(s\)"),
}
PYTEST = re.compile(r"^(?:=+ )?((?:\d+ \w+, )*\d+ \w+) in \d[\d.]*s", re.M)
PYTEST_NAMES = {"passed": "passed", "failed": "failed", "error": "failed", "errors": "failed", "skipped": "skipped"}


def count_own(output):
    """What a runner's own output says, or nothing."""
    counts = {name: sum(map(int, pattern.findall(output))) for name, pattern in CMOCKA.items()}
    summaries = PYTEST.findall(output)
    if summaries:
        for number, name in re.findall(r"(\d+) (\w+)", summaries[-1]):
            if name in PYTEST_NAMES:
                counts[PYTEST_NAMES[name]] += int(number)
    return counts


def count_test(test):
    counts = count_own(test.get("stdout", "") + "\n" + test.get("stderr", ""))
    result = test["result"]
    # The exit status has the last word: one that crashed, or was stopped, may have counted no failure.
    if result in ("OK", "EXPECTEDFAIL"):
        counts["passed"] = counts["passed"] or (0 if counts["skipped"] else 1)
    elif result == "SKIP":
        counts["skipped"] = counts["skipped"] or 1
    else:
        counts["failed"] = counts["failed"] or 1
    return counts


def main():
    total = {"passed": 0, "failed": 0, "skipped": 0}
    with open(sys.argv[1], encoding="utf-8") as log:
        counts = map(count_test, map(json.loads, log)) if sys.argv[1].endswith(".json") else [count_own(log.read())]
        for count in counts:
            for name, number in count.items():
                total[name] += number
    if total["skipped"]:
        print(f"{total['skipped']} skipped")
    print(f"{total['passed']} passed, {total['failed']} failed")


if __name__ == "__main__":
    main()
