# SPDX-License-Identifier: MIT
"""Why a member stands where it does, by the last review of an export.

Usage: explain.py EXPORT MEMBER
"""

import sys

import kith


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: explain.py EXPORT MEMBER", file=sys.stderr)
        return 2
    try:
        print(kith.explain(sys.argv[1], sys.argv[2]))
    except kith.Error as error:
        print(f"{error.status}: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
