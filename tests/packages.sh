# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What tests/run.sh and examples/try.sh share: installing what is missing, and running a step out of sight. To be read
# by `.`, with the project's root as the current folder.

# To build the library and the command. libc6-dev is named because it is a mere recommendation of gcc's.
# shellcheck disable=SC2034  # used by the scripts that read this one
BUILD_PACKAGES="gcc libc6-dev meson ninja-build pkg-config zlib1g-dev libjansson-dev libxxhash-dev"

LOGS=build/logs

# quietly NAME COMMAND…: runs it with its output in a log, which is shown where the command fails.
quietly() {
    log=$LOGS/$1.log
    shift
    mkdir -p "$LOGS" || return
    # In a subshell, for its variables are its own.
    ("$@") >"$log" 2>&1 && return
    status=$?
    printf '\n--- failed: %s\n' "$*"
    tail -n 80 "$log" | sed 's/^/    /'
    printf -- '--- the whole of it: %s\n\n' "$log"
    return "$status"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "Neither root nor sudo: cannot run $*"
        return 1
    fi
}

is_installed() {
    dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

fetch_packages() {
    # Lists that cannot be brought up to date may still be good enough.
    as_root apt-get -q update || echo "Going on with the package lists that are here."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends \
        install "$@"
}

# install_packages NAME…: installs those that are missing, and asks nothing of the network where none is.
install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian, so nothing is installed. What is needed, as Debian calls it: $*"
        return
    fi
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    if [ -z "$missing" ]; then
        echo "Packages: all that is needed is installed."
        return
    fi
    echo "Packages: installing$missing (with dependencies)."
    # shellcheck disable=SC2086  # one word a package
    quietly packages fetch_packages $missing
}

# configure FOLDER OPTION…: sets up a build folder, or brings one up to date.
configure() {
    folder=$1
    shift
    if [ -f "$folder/build.ninja" ] && meson setup --reconfigure "$folder" "$@"; then
        return
    fi
    # A folder left by a failure, by another version of meson or by another place of the sources is of no use.
    rm -rf "$folder"
    meson setup "$folder" "$@"
}

# Says so where the build folders of an earlier run belong to someone else, such as root after `sudo`.
check_build_folder() {
    mkdir -p "$LOGS" && [ -w build ] && [ -w "$LOGS" ] && return
    echo "The folder build/ is not yours to write in (made with sudo?): remove it, or go on with sudo."
    return 1
}
