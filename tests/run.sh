#!/bin/sh
# SPDX-License-Identifier: MIT
# Install what it takes to build and test kith, then run every test. Made for Debian 12 with nothing but a shell and
# apt, as root or with sudo; can be run again and again.
#
#     sh tests/run.sh            every test
#     sh tests/run.sh --quick    the tests of one build, and a tenth of the generated cases
#
# Ends with what the runners counted, "N passed, N failed", and with status 0 where nothing failed.
set -u
cd "$(dirname "$0")/.." || exit
. tests/packages.sh

# libc6-dbg is what valgrind reads the loader's symbols from, dpkg-dev what tells meson where Debian keeps libraries:
# without it they are installed in lib64, where Debian's tools do not look.
TEST_PACKAGES="g++ clang libclang-rt-14-dev cmake dpkg-dev libisal-dev libcmocka-dev valgrind libc6-dbg python3 gzip mandoc doxygen"
# For the ABI: abidiff, and another linker.
TEST_PACKAGES="$TEST_PACKAGES abigail-tools lld"
# For the Python package; what its tests use beside that, pip installs in an environment of its own.
TEST_PACKAGES="$TEST_PACKAGES python3-dev python3-venv ca-certificates"
KITH=bindings/cli/kith # in a build folder

passed=0
failed=0
began=$(date +%s)

# --- Steps -----------------------------------------------------------------------------------------------------------

# step NAME TITLE COMMAND…: one line with the time it took, and with what it counted: the last "N passed, N failed" of
# its log.
step() {
    name=$1
    title=$2
    shift 2
    printf '  %-48s' "$title"
    start=$(date +%s)
    if quietly "$name" "$@" >build/logs/failure; then outcome=ok; else outcome=FAILED; fi
    counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "build/logs/$name.log" | tail -n 1)
    step_passed=${counts%% passed*}
    step_failed=${counts##*, }
    step_failed=${step_failed%% failed*}
    # A step that fails as a whole, such as a build, is a failure though it counts none.
    [ "$outcome" = ok ] || [ "${step_failed:-0}" -gt 0 ] || step_failed=1
    passed=$((passed + ${step_passed:-0}))
    failed=$((failed + ${step_failed:-0}))
    printf '%-7s %4d s   %s\n' "$outcome" $(($(date +%s) - start)) "$counts"
    cat build/logs/failure
    [ "$outcome" = ok ]
}

# build FOLDER COMPILER OPTION…
build() {
    folder=$1
    compiler=$2
    shift 2
    CC=$compiler configure "$folder" -Dwerror=true "$@" && ninja -C "$folder" --quiet -k 0
}

# test_suites FOLDER NAME OPTION…: `meson test`, and what its tests counted. That nothing ran is a failure, too.
test_suites() {
    folder=$1
    results=$folder/meson-logs/$2
    rm -f "$results"*
    shift
    meson test -C "$folder" --no-rebuild --print-errorlogs --logbase "$@"
    status=$?
    # With a wrapper its name is added to that of the file.
    "$python" tests/count.py "$results"*.json || status=1
    return "$status"
}

compare() {
    "$python" tests/reference/compare.py --kith "$1/$KITH" --vectors tests/vectors --cases "$2"
}

# The command under valgrind, as a command of its own for compare.py: a fault is an exit status that it does not expect.
under_valgrind() {
    mkdir -p "build/valgrind/$(dirname "$KITH")" || return
    printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$MEMCHECK" "$PWD/build/gcc/$KITH" >"build/valgrind/$KITH"
    chmod +x "build/valgrind/$KITH"
    compare build/valgrind "$1"
}
MEMCHECK="valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible"

# The Python package as users get it, with what its tests use, in an environment that keeps nothing of an earlier one.
make_environment() {
    "$python" -m venv --clear build/python && build/python/bin/pip install --quiet './bindings/python[test]'
}

test_python() {
    KITH="$PWD/build/gcc/$KITH" build/python/bin/python -m pytest -q -p no:cacheprovider bindings/python/tests \
        >build/logs/pytest.log 2>&1
    status=$?
    cat build/logs/pytest.log
    "$python" tests/count.py build/logs/pytest.log || status=1
    return "$status"
}

# --- What is run -----------------------------------------------------------------------------------------------------

# The interpreter that has pytest: on a machine with several, that need not be the first.
find_python() {
    for python in python3 /usr/bin/python3; do
        "$python" -m pytest --version >/dev/null 2>&1 && return
    done
    return 1
}

set_up() {
    echo "Testing kith takes $BUILD_PACKAGES $TEST_PACKAGES python3-pytest."
    find_python || TEST_PACKAGES="$TEST_PACKAGES python3-pytest"
    # shellcheck disable=SC2086  # one word a package
    install_packages $BUILD_PACKAGES $TEST_PACKAGES || return
    find_python || {
        echo "No python3 with pytest."
        return 1
    }
}

# The release build that users get, with the lines of the sources for valgrind.
run_gcc() {
    step gcc-build 'gcc: build without a warning' build build/gcc gcc -Dc_args=-g || return
    step gcc-tests 'gcc: all suites' test_suites build/gcc all --no-suite install --no-suite docs
    step gcc-cases "gcc: $1 generated cases, the vectors" compare build/gcc "$1"
}

run_clang() {
    step clang-build 'clang with sanitizers: build without a warning' build build/clang clang --buildtype=debugoptimized \
        -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fno-sanitize-recover=all || return
    step clang-tests 'clang with sanitizers: all suites' test_suites build/clang all --no-suite install --no-suite docs
    step clang-cases "clang with sanitizers: $1 cases, the vectors" compare build/clang "$1"
}

run_valgrind() {
    [ -x "build/gcc/$KITH" ] || return
    # What is tried by chance is tried a tenth as often: the sanitizers, which do it all, are twenty times as fast.
    export KITH_SHORT=1
    step valgrind-tests 'valgrind: unit tests' \
        test_suites build/gcc valgrind --suite unit --wrapper "$MEMCHECK" --timeout-multiplier 20
    unset KITH_SHORT
    step valgrind-cases 'valgrind: 10 generated cases, the vectors' under_valgrind 10
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
'') quick= ;;
--quick) quick=yes ;;
*)
    sed -n '3,9s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
check_build_folder || exit
set_up || exit
# The sources may belong to someone else: nothing is written beside them.
export PYTHONDONTWRITEBYTECODE=1

if [ "$quick" ]; then
    run_gcc 100
else
    run_gcc 600
    run_clang 200
    run_valgrind
    run_python
    run_rest
fi
printf '\nin %d s; the logs are in %s\n' $(($(date +%s) - began)) "$LOGS"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
