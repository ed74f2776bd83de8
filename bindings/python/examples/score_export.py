# SPDX-License-Identifier: MIT
"""Batch: an export goes in, the standings after its last week come out.

Usage: score_export.py EXPORT [SOURCE] > standings.csv

The export is a file or a folder of files; the source says how they are read: the name of one that comes with kith, or
the file of a description.
"""

import sys

import kith


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print("usage: score_export.py EXPORT [SOURCE] > standings.csv", file=sys.stderr)
        return 2
    try:
        result = kith.score(sys.argv[1], source=sys.argv[2] if len(sys.argv) == 3 else None)
    except kith.Error as error:
        print(f"{error.status}: {error}", file=sys.stderr)
        return 1
    for row in result.rejects:
        print(f"line {row['line']} is refused for its {row['reason']}: {row['row']}", file=sys.stderr)
    sys.stdout.write(result.standings.to_csv())
    print(f"{result.added.taken} events, {len(result.standings)} members", file=sys.stderr)
    return 0


sys.exit(main())
