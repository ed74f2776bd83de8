#!/bin/sh
# SPDX-License-Identifier: MIT
# How large the library is, and how large its tests: public functions, lines, tests by suite.
#
#     sh tests/figures.sh
#
# Lines are those with code: neither empty nor comment alone. A test is a function of cmocka's or pytest's; what it tries
# over and over, by chance or by a list, counts once.
set -u
cd "$(dirname "$0")/.." || exit

# lines_of_c FILE…, of files with /* … */ and //
lines_of_c() {
    awk '
        {
            line = $0
            code = ""
            while (line != "") {
                if (inside) {
                    end = index(line, "*/")
                    if (!end) break
                    line = substr(line, end + 2)
                    inside = 0
                } else {
                    begin = index(line, "/*")
                    if (!begin) { code = code line; break }
                    code = code substr(line, 1, begin - 1)
                    line = substr(line, begin + 2)
                    inside = 1
                }
            }
            sub(/^[ \t]*\/\/.*/, "", code)
            if (code ~ /[^ \t]/) count++
        }
        END { print count + 0 }
    ' "$@" /dev/null
}

# lines_of_script FILE…, of Python and shell
lines_of_script() {
    cat "$@" /dev/null | grep -cv '^[[:space:]]*\(#.*\)\{0,1\}$'
}

# files FOLDER NAME…: those of a folder, tracked or not, but for what is built.
files() {
    folder=$1
    shift
    for name in "$@"; do
        find "$folder" -name "$name" -type f ! -path '*/build/*' ! -path '*/subprojects/*' | sort
    done
}

# No name of the project has a blank.
# shellcheck disable=SC2046
count() {
    echo $(($(lines_of_c $(files "$1" '*.c' '*.h')) + $(lines_of_script $(files "$1" '*.py' '*.sh'))))
}

# matches PATTERN FILE…
matches() {
    pattern=$1
    shift
    cat "$@" /dev/null | grep -cE "$pattern"
}

line() {
    printf '%-44s %7s\n' "$1" "$2"
}

public=$(matches '^KITH_API [^_]' include/kith/*.h)
# shellcheck disable=SC2046
library=$(lines_of_c $(files lib '*.c' '*.h') include/kith/*.h)
tests=$(($(count tests) + $(count bindings/python/tests)))

line 'public functions' "$public"
line 'lines of the library, headers too' "$library"
line 'lines of tests' "$tests"
line 'lines of tests a line of the library' "$(awk "BEGIN { printf \"%.2f\", $tests / $library }")"
echo
all=$(matches 'cmocka_unit_test[a-z_]*\(' tests/unit/test_*.c)
line 'tests: unit' "$all"
for suite in reference cli sources examples faults install ../bindings/python/tests; do
    # shellcheck disable=SC2046
    suite_tests=$(matches '^ *(async )?def test_' $(files "tests/$suite" 'test_*.py'))
    line "tests: $(echo "$suite" | sed 's,\.\./bindings/\(.*\)/tests,\1,')" "$suite_tests"
    all=$((all + suite_tests))
done
line 'tests in all' "$all"
line 'vectors' "$(find tests/vectors -mindepth 1 -maxdepth 1 -type d | wc -l)"
