#!/bin/sh
# SPDX-License-Identifier: MIT
# Try kith: install what it takes to build it, build it, score the sample community, show the result. Made for Debian
# 12 with nothing but a shell and apt, as root or with sudo; can be run again and again.
set -u
cd "$(dirname "$0")/.." || exit
. tests/packages.sh

BUILD=build/try
KITH=$BUILD/bindings/cli/kith
SAMPLE=examples/data/community.csv
OUT=build/kith-out

# align COLUMNS: CSV to columns, those with the numbers given, as "1,2,5". No field shown here is ever quoted.
align() {
    # By the byte, whatever the locale, so that all awks count alike: a character is all but UTF-8's continuation bytes.
    LC_ALL=C awk -F, -v columns="$1" '
        function width(text) { gsub(/[\200-\277]/, "", text); return length(text) }
        BEGIN { count = split(columns, shown, ",") }
        {
            for (i = 1; i <= count; i++) {
                cell[NR, i] = $shown[i]
                if (width($shown[i]) > widest[i]) widest[i] = width($shown[i])
            }
        }
        END {
            for (row = 1; row <= NR; row++) {
                line = ""
                for (i = 1; i <= count; i++) {
                    line = line "  " cell[row, i]
                    for (pad = width(cell[row, i]); pad < widest[i]; pad++) line = line " "
                }
                sub(/ +$/, "", line)
                print line
            }
        }'
}

# show TITLE TABLE first|last COLUMNS: the header and a few rows.
show() {
    printf '\n%s: the %s rows of %s\n' "$1" "$3" "$OUT/$2"
    if [ "$3" = first ]; then
        head -n 7 "$OUT/$2"
    else
        head -n 1 "$OUT/$2"
        tail -n 6 "$OUT/$2"
    fi | align "$4"
}

check_build_folder || exit
echo "Trying kith: building takes $BUILD_PACKAGES."
# shellcheck disable=SC2086  # one word a package
install_packages $BUILD_PACKAGES || exit
echo "Building the library and the command in $BUILD."
quietly configure configure "$BUILD" --buildtype=release -Dtests=false || exit
quietly compile ninja -C "$BUILD" || exit


printf '\n$ kith score --out %s %s\n\n' "$OUT" "$SAMPLE"
"$KITH" score --out "$OUT" "$SAMPLE"
status=$?
# 1: done, with rows refused; the report says which.
[ "$status" -le 1 ] || exit "$status"

show 'Where members stand' standings.csv first 1,2,6,7,8,9,11
show 'Changes of tier' changes.csv last 1,2,3,4,5,6
show 'Flags raised' flags.csv last 1,2,3
show 'Week by week' weeks.csv last 1,2,3,4,12,13,14,15

cat <<END

Next: $KITH score YOUR-EXPORT.csv
      $KITH policy > my.ini    # every figure of the model, to be changed
docs/guide.md goes on from here.
END
exit "$status"
