# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What tests/run.sh and tests/nightly.sh share: the steps that they are made of. To be read by `.`, with the project's root
# as the current folder.
. tests/packages.sh

# dpkg-dev tells meson where Debian keeps libraries: without it they are installed in lib64, where Debian's tools do not
# look.
TEST_PACKAGES="g++ clang lld libclang-rt-14-dev cmake dpkg-dev libisal-dev libcmocka-dev abigail-tools python3 gzip mandoc doxygen"
# For the Python package; what its tests use beside that, pip installs in an environment of its own.
TEST_PACKAGES="$TEST_PACKAGES python3-dev python3-venv ca-certificates"
KITH=bindings/cli/kith # in a build folder

passed=0
failed=0
began=$(date +%s)

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

# The release build that users get, with the lines of the sources for valgrind.
build_gcc() {
    build build/gcc gcc -Dc_args=-g
}

# Little is optimised, and lld links, to build in less time.
build_clang() {
    build build/clang clang -Dbuildtype=custom -Doptimization=1 -Ddebug=false -Db_sanitize=address,undefined \
        -Db_lundef=false -Dc_args='-g1 -fno-omit-frame-pointer -fno-sanitize-recover=all' -Dc_link_args=-fuse-ld=lld
}

# The interpreter that has pytest: on a machine with several, that need not be the first.
find_python() {
    for python in python3 /usr/bin/python3; do
        "$python" -m pytest --version >/dev/null 2>&1 && return
    done
    return 1
}

# set_up PACKAGE…: installs what testing takes, and those beside it.
set_up() {
    check_build_folder || return
    echo "Testing kith takes $BUILD_PACKAGES $TEST_PACKAGES python3-pytest${*:+ }$*."
    find_python || TEST_PACKAGES="$TEST_PACKAGES python3-pytest"
    # shellcheck disable=SC2086  # one word a package
    install_packages $BUILD_PACKAGES $TEST_PACKAGES "$@" || return
    # The sources may belong to someone else: nothing is written beside them.
    export PYTHONDONTWRITEBYTECODE=1
    find_python && return
    echo "No python3 with pytest."
    return 1
}

# What the runners counted, and whether nothing failed.
conclude() {
    printf '\nin %d s; the logs are in %s\n' $(($(date +%s) - began)) "$LOGS"
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
