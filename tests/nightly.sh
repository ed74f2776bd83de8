#!/bin/sh
# SPDX-License-Identifier: MIT
# What takes too long to be run on each change: every case of every test, under clang's sanitizers and valgrind; threads,
# coverage, fuzzing, analysis, each of which has a script of its own. Installs what it takes, as tests/run.sh does;
# that one is to be run as well.
#
#     sh tests/nightly.sh          all of it
#     sh tests/nightly.sh PART…    of gcc clang valgrind threads coverage fuzz analysis
#
# Ends with what the runners counted, "N passed, N failed", and with status 0 where nothing failed.
set -u
cd "$(dirname "$0")/.." || exit
. tests/steps.sh

PARTS="gcc clang valgrind threads coverage fuzz analysis"
# shellcheck disable=SC2086  # one word a part
[ $# -gt 0 ] || set -- $PARTS

run_gcc() {
    step gcc-build 'gcc: build without a warning' build_gcc || return
    export KITH_LONG=1
    step gcc-tests 'gcc: all suites, every case' test_suites build/gcc all --no-suite install --no-suite docs \
        --timeout-multiplier 20
    unset KITH_LONG
    step gcc-cases 'gcc: 1000 generated cases, the vectors' compare build/gcc 1000
}

run_clang() {
    step clang-build 'clang with sanitizers: build without a warning' build_clang || return
    step clang-tests 'clang with sanitizers: all suites' test_suites build/clang all --no-suite install --no-suite docs \
        --timeout-multiplier 5
    step clang-cases 'clang with sanitizers: 200 cases, the vectors' compare build/clang 200
}

# The command under valgrind, as a command of its own for compare.py: a fault is an exit status that it does not expect.
under_valgrind() {
    mkdir -p "build/valgrind/$(dirname "$KITH")" || return
    printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$MEMCHECK" "$PWD/build/gcc/$KITH" >"build/valgrind/$KITH"
    chmod +x "build/valgrind/$KITH"
    compare build/valgrind "$1"
}
MEMCHECK="valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible"

run_valgrind() {
    step gcc-build 'gcc: build without a warning' build_gcc || return
    # What is tried by chance is tried a tenth as often: the sanitizers, which do it all, are twenty times as fast.
    export KITH_SHORT=1
    step valgrind-tests 'valgrind: unit tests' \
        test_suites build/gcc valgrind --suite unit --wrapper "$MEMCHECK" --timeout-multiplier 20
    unset KITH_SHORT
    step valgrind-cases 'valgrind: 10 generated cases, the vectors' under_valgrind 10
}

run_threads() {
    step threads 'ThreadSanitizer: what uses threads' sh tests/tsan.sh
}

run_coverage() {
    step coverage 'coverage: lines and branches of the library' sh tests/coverage.sh
}

run_fuzz() {
    step fuzz 'fuzzing: a minute for each target' sh tests/fuzz/run.sh
}

run_analysis() {
    step analysis 'analysis: clang-tidy, cppcheck, gcc' sh tests/analyse.sh
}

for part in "$@"; do
    case " $PARTS " in
    *" $part "*) ;;
    *)
        sed -n '3,10s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
    esac
done
# libc6-dbg is what valgrind reads the loader's symbols from.
set_up valgrind libc6-dbg || exit
for part in "$@"; do
    "run_$part"
done
conclude
