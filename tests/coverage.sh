#!/bin/sh
# SPDX-License-Identifier: MIT
# How much of lib/ the tests reach: lines and branches, by gcov and gcovr.
#
#     sh tests/coverage.sh          builds, tests, reports
#     sh tests/coverage.sh report   reports once more on what ran before
#
# Ends with "N passed, N failed", of the tests and of the two limits, and with status 0 where nothing failed. The lines
# that were not reached are in build/coverage/report.txt; docs/coverage.md says why.
set -u
cd "$(dirname "$0")/.." || exit
. tests/packages.sh

LINES_LEAST=97
BRANCHES_LEAST=92
FOLDER=build/coverage
KITH=$PWD/$FOLDER/bindings/cli/kith

passed=0
failed=0

# check WORDS STATUS: counts one check.
check() {
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$1"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$1"
    fi
}

# Threads count the same lines at the same time. No assertion is counted: the library has none.
build() {
    CC=gcc configure "$FOLDER" --buildtype=debug -Db_coverage=true -Dc_args=-fprofile-update=atomic &&
        ninja -C "$FOLDER" --quiet && find "$FOLDER" -name '*.gcda' -delete
}

find_python() {
    for python in python3 /usr/bin/python3; do
        "$python" -m pytest --version >/dev/null 2>&1 && return
    done
    return 1
}

run_units() {
    meson test -C "$FOLDER" --no-rebuild --print-errorlogs --suite unit --suite sources --timeout-multiplier 10
}

# Those that use the library in ways of their own, and take no time. Where memory fails in the whole of the command, it
# fails in gcov as well, which does not bear it.
COMMAND_TESTS="score explain folders inspect terminal"

run_command_tests() {
    files=
    for name in $COMMAND_TESTS; do
        files="$files tests/cli/test_$name.py"
    done
    # shellcheck disable=SC2086  # one word a file
    KITH=$KITH POSITION=$PWD/$FOLDER/tests/position LD_LIBRARY_PATH=$PWD/$FOLDER/lib \
        "$python" -m pytest -q -p no:cacheprovider -k 'not memory and not fail_malloc' $files
}

run_cases() {
    LD_LIBRARY_PATH=$PWD/$FOLDER/lib \
        "$python" tests/reference/compare.py --kith "$KITH" --vectors tests/vectors --cases 50
}

run_all() {
    # What is tried by chance is tried a tenth as often: counting takes its time, and reaches no more.
    export KITH_SHORT=1 PYTHONDONTWRITEBYTECODE=1
    quietly coverage-units run_units
    check 'unit tests, sources' $?
    quietly coverage-command run_command_tests
    check 'the command' $?
    quietly coverage-cases run_cases
    check '50 generated cases, the vectors' $?
}

# Headers are counted where the library's own files use them. gcovr wants the folder that the compiler ran in.
report() {
    cd "$FOLDER" || return
    gcovr --root ../.. --filter '../../lib/' --gcov-ignore-parse-errors --print-summary \
        --fail-under-line "$LINES_LEAST" --fail-under-branch "$BRANCHES_LEAST" \
        --txt report.txt --csv report.csv lib >summary.txt 2>gcovr.log
    status=$?
    cd ../..
    grep -q '^lines: ' "$FOLDER/summary.txt" || {
        cat "$FOLDER/gcovr.log"
        status=6
    }
    cat "$FOLDER/summary.txt"
    echo
    echo 'The files with the least, by branches: lines, branches'
    # filename, lines, of them reached, share, branches, …
    tail -n +2 "$FOLDER/report.csv" | awk -F, '$5 > 0 { printf "%5.1f %% %5.1f %%   %s\n", 100 * $4, 100 * $7, $1 }' |
        sed 's,\.\./\.\./,,' | sort -k 3n | head -n 10
    echo
    # gcovr adds 2 for lines and 4 for branches.
    check "at least $LINES_LEAST % of lines" $((status & 2))
    check "at least $BRANCHES_LEAST % of branches" $((status & 4))
}

case ${1-} in
'' | report) ;;
*)
    sed -n '3,9s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
check_build_folder || exit
# shellcheck disable=SC2086  # one word a package
install_packages $BUILD_PACKAGES libisal-dev libcmocka-dev gcovr || exit
if [ "${1-}" != report ]; then
    find_python || install_packages python3-pytest && find_python || exit
    quietly coverage-build build || exit
    run_all
fi
report
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
