#!/bin/sh
# SPDX-License-Identifier: MIT
# Build kith with ThreadSanitizer (clang, in build/tsan), and run what uses threads: the unit tests that do, the
# application of tests/faults/threads.c, and the command with --threads.
#
#     sh tests/tsan.sh           takes about five minutes
#
# A race, a lock held twice or a thread that is left is a failure. Ends with "N passed, N failed", and with status 0
# where nothing failed. What it needs, tests/run.sh installs.
set -u
cd "$(dirname "$0")/.." || exit
. tests/packages.sh
# The sources may belong to someone else: nothing is written beside them.
export PYTHONDONTWRITEBYTECODE=1
# Threads that a review waits for cost much where every access is looked at: what is tried by chance is tried less.
export KITH_SHORT=1
export TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1:${TSAN_OPTIONS-}"

folder=build/tsan
check_build_folder || exit
mkdir -p build/logs
passed=0
failed=0

# note STATUS NAME: one more that passed or failed.
note() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
        printf '  ok      %s\n' "$2"
    else
        failed=$((failed + 1))
        printf '  FAILED  %s: see build/logs/tsan-%s.log\n' "$2" "$2"
        tail -n 40 "build/logs/tsan-$2.log"
    fi
}

# try NAME COMMAND...
try() {
    name=$1
    shift
    "$@" >"build/logs/tsan-$name.log" 2>&1
    note $? "$name"
}

# Unit tests whose code asks for threads.
units=$(grep -lE 'threads = [2-9]|pthread_create|kithp_parallel|begin_ahead\(|kithp_scout_begin|\.threads = [a-z]' tests/unit/test_*.c |
    sed 's|.*/test_||; s|\.c$||' | sort)

build_all() {
    targets=
    for unit in $units; do
        targets="$targets tests/unit/test_$unit"
    done
    # shellcheck disable=SC2086  # one word a target
    CC=clang configure "$folder" --buildtype=debugoptimized -Dwerror=true -Db_sanitize=thread -Db_lundef=false &&
        ninja -C "$folder" --quiet $targets tests/threads bindings/cli/kith
}

quietly tsan-build build_all || {
    echo "0 passed, 1 failed"
    exit 1
}

for unit in $units; do
    try "$unit" "$folder/tests/unit/test_$unit"
done
try threads "$folder/tests/threads" 2
# shellcheck disable=SC2016  # expanded by the shell that is started
try command sh -c '
    out=$(mktemp -d) && trap "rm -rf \"$out\"" EXIT
    for threads in 1 2 4; do
        "$1" score --quiet --threads "$threads" --out "$out/$threads" examples/data/community.csv || exit
        "$1" score --quiet --threads "$threads" --memory 1M --out "$out/spilled" examples/data/community.csv || exit
        cmp "$out/1/standings.csv" "$out/$threads/standings.csv" || exit
        cmp "$out/1/standings.csv" "$out/spilled/standings.csv" || exit
    done' sh "$folder/bindings/cli/kith"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
