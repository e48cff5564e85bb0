# shellcheck shell=bash
# Shared by setup.sh, demo.sh and test.sh; sourced, not run. Says what it does, and does nothing twice:
# a stamp in the environment holds the lock file's digest and the interpreter's version.

say() { printf '%s\n' "== $*"; }

# run_quiet MESSAGE COMMAND...: shows the message, a sign of life every few seconds, and the output only on failure.
run_quiet() {
    local message=$1 output code=0 start=$SECONDS
    shift
    output=$(mktemp)
    printf '== %s ' "$message"
    "$@" >"$output" 2>&1 </dev/null &
    local job=$!
    while kill -0 "$job" 2>/dev/null; do
        sleep 1
        if [ $(((SECONDS - start) % 5)) -eq 0 ]; then printf '.'; fi
    done
    wait "$job" || code=$?
    printf ' %s (%d s)\n' "$([ "$code" -eq 0 ] && echo "done" || echo FAILED)" $((SECONDS - start))
    if [ "$code" -ne 0 ]; then cat "$output" >&2; fi
    rm -f "$output"
    return "$code"
}

is_root() { [ "$(id -u)" -eq 0 ]; }

has_apt() { command -v apt-get >/dev/null; }

# apt_install PACKAGE...: installs what is missing of these, without starting any service.
apt_install() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    if [ "${#missing[@]}" -eq 0 ]; then return 0; fi
    run_quiet "reading the package lists" apt-get -qq update || say "going on with the lists that are there"
    ( # a shell of its own, whose traps take the guard away again, also where somebody interrupts
        guard=/usr/sbin/policy-rc.d
        if [ ! -e "$guard" ]; then # invoke-rc.d(8): 101 = do not start; the tests start servers of their own
            trap 'rm -f "$guard"' EXIT
            trap 'exit 130' INT TERM
            printf '#!/bin/sh\nexit 101\n' >"$guard" && chmod 755 "$guard"
        fi
        run_quiet "installing Debian packages: ${missing[*]}" \
            env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}"
    )
}

# find_python: sets $python to an interpreter of 3.11 to 3.13 ($PYTHON wins), or fails with one line.
find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            python=$candidate
            return 0
        fi
    done
    echo "Python 3.11, 3.12 or 3.13 is needed and was not found (PYTHON=/path/to/python3 names one)" >&2
    return 1
}

# can_make_environments: true when $python can make a virtual environment with pip in it.
can_make_environments() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

make_environment() { # FOLDER
    if ! can_make_environments; then
        if is_root && has_apt; then
            apt_install python3-venv || return
            if ! can_make_environments; then python=/usr/bin/python3; fi
        fi
        if ! can_make_environments; then
            echo "python3-venv is missing; as root: apt-get install python3-venv" >&2
            return 1
        fi
    fi
    run_quiet "making the virtual environment $1" "$python" -m venv --clear "$1"
}

# fill_environment LOCKFILE [--editable]: the lock file's versions and the checkout itself into $venv; every hash is checked.
# The build tools come first, for what is published as source only is built with them and not with whatever is newest.
fill_environment() {
    local lock=$1 editable=${2:-} tools
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input install --quiet)
    tools=$(mktemp)
    awk '/^[a-z0-9]/ { wanted = /^setuptools==/ } wanted' "$lock" >"$tools"
    run_quiet "installing the build tools" "${pip[@]}" --require-hashes --no-deps --requirement "$tools" || return
    rm -f "$tools"
    run_quiet "installing the $(grep -c '^[a-z0-9]' "$lock") packages of $lock (a minute or so)" \
        "${pip[@]}" --require-hashes --no-deps --no-build-isolation --requirement "$lock" || return
    rm -rf build # what an older version had and this one has not would be installed again
    run_quiet "installing the checkout itself" "${pip[@]}" --no-deps --no-build-isolation $editable . || return
    rm -rf build # 0.1.0, installed from here to go back, would take our migrations in
}

# set_up LOCKFILE: a virtual environment ($DOITHOAI_VENV, else .venv) with exactly the lock file's versions.
set_up() {
    local lock=$1 wanted
    venv=${DOITHOAI_VENV:-.venv}
    find_python || return
    wanted="$(cat "$lock" setup.py | sha256sum | cut -c 1-64) $("$python" -V)"
    if [ "$(cat "$venv/.stamp-$lock" 2>/dev/null)" = "$wanted" ]; then
        say "environment $venv is up to date"
        return 0
    fi
    if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 || [ "$("$venv/bin/python" -V)" != "$("$python" -V)" ]; then
        make_environment "$venv" || return
    fi
    fill_environment "$lock" --editable || return
    printf '%s\n' "$wanted" >"$venv/.stamp-$lock"
}
