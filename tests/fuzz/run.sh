#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzz kith for as long as one likes. Made for Debian 12, as root or with sudo; installs what it needs.
#
#     sh tests/fuzz/run.sh                          every target for a minute, by libFuzzer
#     sh tests/fuzz/run.sh --minutes 20 csv ndjson  these for 20 minutes each
#     sh tests/fuzz/run.sh --engine afl csv         by AFL++
#     sh tests/fuzz/run.sh --keep                   then takes what is new into tests/fuzz/corpora
#
# What was found stays in build/fuzz-findings, what the corpora have grown by in build/fuzz-corpora, for the next run to
# go on with. Ends with "N passed, N failed", the numbers of targets, and with status 0 where nothing was found.
set -u
cd "$(dirname "$0")/../.." || exit
. tests/packages.sh

CORPORA=build/fuzz-corpora
FINDINGS=build/fuzz-findings
minutes=1
engine=libfuzzer
keep=
targets=

usage() {
    sed -n '3,11s/^# \{0,1\}//p' "$0"
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
    --minutes)
        [ $# -gt 1 ] || usage
        minutes=$2
        shift
        ;;
    --engine)
        [ $# -gt 1 ] || usage
        engine=$2
        shift
        ;;
    --keep) keep=yes ;;
    -*) usage ;;
    *) targets="$targets $1" ;;
    esac
    shift
done
case $minutes in '' | *[!0-9]* | 0) usage ;; esac
case $engine in libfuzzer | afl) ;; *) usage ;; esac
[ "$targets" ] || targets=$(find tests/fuzz -name 'fuzz_*.c' | sort | sed 's/.*fuzz_//; s/\.c$//')
for target in $targets; do
    [ -f "tests/fuzz/fuzz_$target.c" ] || {
        echo "There is no target $target."
        exit 2
    }
done

# --- Building --------------------------------------------------------------------------------------------------------

set_up() {
    packages="$BUILD_PACKAGES clang libclang-rt-14-dev llvm-14 libisal-dev libcmocka-dev python3 python3-pytest"
    [ "$engine" = afl ] && packages="$packages afl++"
    # shellcheck disable=SC2086  # one word a package
    install_packages $packages
}

build() {
    programs=
    for target in $targets; do
        programs="$programs tests/fuzz/fuzz_$target"
    done
    # shellcheck disable=SC2086  # one word a program
    if [ "$engine" = libfuzzer ]; then
        CC=clang configure "$folder" $options -Dfuzz=libfuzzer \
            '-Dc_args=-fsanitize=fuzzer-no-link -fno-sanitize-recover=all' && ninja -C "$folder" $programs
    else
        CC=afl-clang-fast configure "$folder" $options -Dfuzz=replay -Dc_args=-fno-sanitize-recover=all &&
            ninja -C "$folder" $programs
    fi
}

# --- Fuzzing ---------------------------------------------------------------------------------------------------------

count_files() {
    find "$1" -type f 2>/dev/null | wc -l
}

# Sets executions; 77 and the like, by which libFuzzer says that it has found something, are for the files to tell.
fuzz_by_libfuzzer() {
    dictionary=
    [ -f "tests/fuzz/dictionaries/$target.dict" ] && dictionary="-dict=tests/fuzz/dictionaries/$target.dict"
    # shellcheck disable=SC2086  # nothing, or one word
    "$folder/tests/fuzz/fuzz_$target" -max_total_time=$((minutes * 60)) -timeout=20 -rss_limit_mb=3000 -entropic=0 \
        -max_len=4096 -print_final_stats=1 "-artifact_prefix=$FINDINGS/$target/" $dictionary \
        "$CORPORA/$target" "tests/fuzz/corpora/$target" >"build/logs/fuzz-$target.log" 2>&1
    status=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/logs/fuzz-$target.log")
}

fuzz_by_afl() {
    out=build/fuzz-afl/$target
    rm -rf "$out"
    mkdir -p build/fuzz-afl
    dictionary=
    [ -f "tests/fuzz/dictionaries/$target.dict" ] && dictionary="-x tests/fuzz/dictionaries/$target.dict"
    # shellcheck disable=SC2086  # nothing, or two words
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 \
        afl-fuzz -V $((minutes * 60)) -t 20000 -m none -i "tests/fuzz/corpora/$target" -o "$out" $dictionary \
        -- "$folder/tests/fuzz/fuzz_$target" >"build/logs/fuzz-$target.log" 2>&1
    status=$?
    executions=$(sed -n 's/^execs_done *: *//p' "$out/default/fuzzer_stats" 2>/dev/null)
    find "$out/default/crashes" "$out/default/hangs" -name 'id:*' -exec cp {} "$FINDINGS/$target/" \; 2>/dev/null
    find "$out/default/queue" -name 'id:*' ! -name '*,orig:*' -exec cp {} "$CORPORA/$target/" \; 2>/dev/null
}

# Sets spent: seconds of the processor, in all threads, that the programs run so far have taken.
see_spent() {
    times >build/logs/times
    spent=$(sed -n '2s/[ms]/ /gp' build/logs/times | awk '{ printf "%d", 60 * ($1 + $3) + $2 + $4 }')
}

# Nothing found, and fuzzed at all.
fuzz() {
    mkdir -p "$CORPORA/$target" "$FINDINGS/$target" build/logs
    before=$(count_files "$CORPORA/$target")
    found=$(count_files "$FINDINGS/$target")
    see_spent
    start=$spent
    executions=
    "fuzz_by_$engine"
    found=$(($(count_files "$FINDINGS/$target") - found))
    see_spent
    printf '  %-16s %12s %11d %9d %9d\n' "$target" "${executions:-none}" $((spent - start)) \
        $(($(count_files "$CORPORA/$target") - before)) "$found"
    [ "$found" -eq 0 ] && [ "${executions:-0}" -gt 0 ] && return
    tail -n 40 "build/logs/fuzz-$target.log" | sed 's/^/    /'
    [ "$found" -eq 0 ] || echo "    Found: $FINDINGS/$target"
    return 1
}

folder=build/fuzz-$engine
options="--buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false -Ddefault_library=static -Dcli=false"
check_build_folder || exit
if ! set_up || ! quietly fuzz-build build; then
    echo '0 passed, 1 failed'
    exit 1
fi
passed=0
failed=0
printf '  %-16s %12s %11s %9s %9s\n' target executions 'CPU seconds' new found
for target in $targets; do
    if fuzz; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    if [ "$keep" ]; then
        python3 tests/fuzz/choose.py "$target" "$CORPORA/$target" || failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
