#!/bin/sh
# SPDX-License-Identifier: MIT
# Install what it takes to build and test kith, then run the tests that each change must pass. Made for Debian 12 with
# nothing but a shell and apt, as root or with sudo; can be run again and again.
#
#     sh tests/run.sh            with gcc, with clang's sanitizers, as the Python package and as installed
#     sh tests/run.sh --quick    with gcc alone
#
# What takes hours is in tests/nightly.sh. Ends with what the runners counted, "N passed, N failed", and with status 0
# where nothing failed.
set -u
cd "$(dirname "$0")/.." || exit
. tests/steps.sh

run_gcc() {
    step gcc-build 'gcc: build without a warning' build_gcc || return
    step gcc-tests 'gcc: all suites' test_suites build/gcc all --no-suite install --no-suite docs
    step gcc-cases 'gcc: 100 generated cases, the vectors' compare build/gcc 100
}

# What runs the library itself. What is tried by chance is tried a tenth as often.
run_clang() {
    step clang-build 'clang with sanitizers: build without a warning' build_clang || return
    export KITH_SHORT=1
    step clang-tests 'clang with sanitizers: the library' test_suites build/clang library \
        --suite unit --suite sources --suite examples --suite fuzz
    unset KITH_SHORT
    step clang-cases 'clang with sanitizers: 20 cases, the vectors' compare build/clang 20
}

run_python() {
    [ -x "build/gcc/$KITH" ] || return
    step python-build 'Python: the package, by pip' make_environment || return
    step python-tests 'Python: all tests of the package' test_python
}

run_rest() {
    [ -f build/gcc/build.ninja ] || return
    step install 'installed: header, pkg-config, CMake, meson' test_suites build/gcc install --suite install
    step docs 'header: doxygen without a warning' test_suites build/gcc docs --suite docs
}

case ${1-} in
'' | --quick) ;;
*)
    sed -n '3,10s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
# shellcheck disable=SC2119  # no package beside the usual ones
set_up || exit
run_gcc
if [ -z "${1-}" ]; then
    run_clang
    run_python
    run_rest
fi
conclude
