#!/bin/sh
# SPDX-License-Identifier: MIT
# Look at the sources with the tools that find faults without running anything, and see that nothing they find is left
# open. Made for Debian 12, whose versions of the tools are meant; installs them, as root or with sudo.
#
#     sh tests/analyse.sh            all
#     sh tests/analyse.sh --quick    less clang-tidy and gcc's analyzer, which take nearly all of the time
#
# clang-tidy (.clang-tidy), cppcheck and gcc -fanalyzer look at the library, the command and the C of the Python package;
# clang-format at all C; shellcheck, mandoc and pyflakes at what they are for. Findings that are none stand in
# tests/analysis/allowed.txt, each with the reason; one that is not found any more is a failure as well.
#
# A step is a tool at a part. Ends with "N passed, N failed", and status 0 where nothing failed.
set -u
cd "$(dirname "$0")/.." || exit
. tests/packages.sh

ANALYSIS_PACKAGES="clang-tidy clang-format cppcheck shellcheck mandoc pyflakes3 python3 python3-dev libisal-dev"
KEPT=build/analysis

FLAGS="-std=c11 -D_GNU_SOURCE -Iinclude"

passed=0
failed=0
began=$(date +%s)

# --- Steps -----------------------------------------------------------------------------------------------------------

# step TITLE COMMAND…: one line with the time it took and the last of what it said; all of that where it failed.
step() {
    title=$1
    shift
    printf '  %-44s' "$title"
    start=$(date +%s)
    if "$@" >"$KEPT/step" 2>&1; then
        outcome=ok
        passed=$((passed + 1))
    else
        outcome=FAILED
        failed=$((failed + 1))
    fi
    words=
    [ "$outcome" = ok ] && words=$(tail -n 1 "$KEPT/step")
    printf '%-7s %4d s   %s\n' "$outcome" $(($(date +%s) - start)) "$words"
    [ "$outcome" = ok ] || tail -n 60 "$KEPT/step" | sed 's/^/    /'
}

# each FOLDER COMMAND…: runs it for each C file of a folder, on all cores, with the file in the place of {}. What it says of
# each goes into a file of its own, as lines of several would mix, and then to standard output. Its status may just say
# that it found something; what cannot be run or read is a finding of its own, "error".
each() {
    rm -rf "$KEPT/out"
    c_files "$1" >"$KEPT/files"
    shift
    # shellcheck disable=SC2016  # expanded by that shell
    xargs -P "$cores" -I '{}' sh -c 'out=$1; shift; mkdir -p "${out%/*}"; "$@" >"$out" 2>&1' sh "$KEPT/out/{}" "$@" \
        <"$KEPT/files"
    status=$?
    while read -r file; do
        cat "$KEPT/out/$file" || status=127
    done <"$KEPT/files"
    [ "$status" -eq 0 ] || [ "$status" -eq 123 ]
}

c_files() {
    find "$1" -name '*.c' | sort
}

flags_of() {
    case $1 in
    lib) echo "$FLAGS -Ilib -DKITHP_HAS_ISAL" ;;
    bindings/python/ext) echo "$FLAGS -DPy_LIMITED_API=0x030B0000 -isystem $python_include" ;;
    *) echo "$FLAGS" ;;
    esac
}

# One file a run: with several, version 14 takes each va_list of the later ones for one that was never begun.
run_tidy() {
    # shellcheck disable=SC2046  # one word an option
    each "$1" clang-tidy --quiet '{}' -- $(flags_of "$1")
}

run_gcc() {
    # shellcheck disable=SC2046  # one word an option
    each "$1" gcc $(flags_of "$1") -O1 -fanalyzer -fdiagnostics-plain-output -c -o /dev/null '{}'
}

# Python's header is not for it: what it says is given by hand.
run_cppcheck() {
    cppcheck --quiet --enable=warning,performance,portability --std=c11 -j "$cores" \
        --template='{file}:{line}:{column}: warning: {message} [{id}]' -D_GNU_SOURCE -D__GNUC__=12 -Iinclude -Ilib \
        -DPy_BEGIN_ALLOW_THREADS= -DPy_END_ALLOW_THREADS= '-DPy_RETURN_NONE=return Py_None' "$1" 2>&1
}

# found TOOL NAME PART: runs it, and judges what it found.
found() {
    "run_$2" "$3" >"$KEPT/log" || {
        tail -n 5 "$KEPT/log"
        return 1
    }
    python3 tests/analysis/findings.py "$1" "$KEPT/log" "$3"
}

# finds NAME CHECK…: that it names these checks at least for the faults that were planted.
finds() {
    run=run_$1
    shift
    "$run" tests/analysis >"$KEPT/log"
    named=$(python3 tests/analysis/findings.py --count "$KEPT/log")
    for check in "$@"; do
        echo "$named" | grep -qx -- "$check" || {
            echo "It does not find $check in tests/analysis/planted.c."
            return 1
        }
    done
    echo "$named" | wc -l | sed 's/$/ checks named/'
}

# At a part, then whether it would have found anything.
slow_tools() {
    for part in $PARTS; do
        step "clang-tidy: $part" found clang-tidy tidy "$part"
    done
    step 'clang-tidy: finds what was planted' finds tidy clang-analyzer-core.uninitialized.UndefReturn \
        clang-analyzer-core.NullDereference clang-analyzer-unix.Malloc
    for part in $PARTS; do
        step "gcc -fanalyzer: $part" found gcc gcc "$part"
    done
    step 'gcc -fanalyzer: finds what was planted' finds gcc analyzer-null-dereference analyzer-use-after-free
}

check_format() {
    # Not the library's of the Python package, which is the same folder by a link.
    # shellcheck disable=SC2086  # one word a folder
    find $SOURCES -name '*.[ch]' -type f >"$KEPT/files"
    xargs -P "$cores" -n 40 clang-format --dry-run -Werror <"$KEPT/files" && echo "$(wc -l <"$KEPT/files") files"
}

check_shell() {
    find .ci -type f >"$KEPT/files"
    # shellcheck disable=SC2086  # one word a folder
    find $SOURCES -name '*.sh' -type f >>"$KEPT/files"
    xargs shellcheck -x <"$KEPT/files" && echo "$(wc -l <"$KEPT/files") files"
}

check_page() {
    mandoc -T lint -W warning bindings/cli/kith.1
}

# Stubs name what stands further down, which is no fault there.
check_python() {
    # shellcheck disable=SC2086  # one word a folder
    find $SOURCES -name '*.py' -type f >"$KEPT/files"
    xargs pyflakes3 <"$KEPT/files" && echo "$(wc -l <"$KEPT/files") files"
}

# --- What is run -----------------------------------------------------------------------------------------------------

PARTS="lib bindings/cli bindings/python/ext"
SOURCES="include lib bindings examples tests"

case ${1-} in
'') quick= ;;
--quick) quick=yes ;;
*)
    sed -n '3,12s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
check_build_folder || exit
mkdir -p "$KEPT" || exit
# shellcheck disable=SC2086  # one word a package
install_packages $BUILD_PACKAGES $ANALYSIS_PACKAGES || exit
export PYTHONDONTWRITEBYTECODE=1
cores=$(nproc)
python_include=$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')

[ "$quick" ] || slow_tools
for part in $PARTS; do
    step "cppcheck: $part" found cppcheck cppcheck "$part"
done
step 'cppcheck: finds what was planted' finds cppcheck arrayIndexOutOfBounds nullPointer
step 'clang-format: all C' check_format
step 'shellcheck: all scripts' check_shell
step 'mandoc: kith.1' check_page
step 'pyflakes: all Python' check_python

printf '\nin %d s\n' $(($(date +%s) - began))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
