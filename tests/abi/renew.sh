#!/bin/sh
# SPDX-License-Identifier: MIT
# Keep the ABI that the headers have now, in tests/abi, after something was added to it:
#
#     sh tests/abi/renew.sh             if programs of before still run
#     sh tests/abi/renew.sh --broken    in any case; docs/stability.md says when that may be
#
# Says what has changed. Takes Debian's abigail-tools and a C compiler.
set -eu
cd "$(dirname "$0")"
PYTHONDONTWRITEBYTECODE=1 exec python3 abi.py renew "$@"
