#!/usr/bin/env bash
# Sets everything up and runs the tests; options go to pytest.
# As root it first installs the Debian packages whose servers the system tests start on ports of their own;
# without root the tests that need a missing one are left out, and named at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

PACKAGES=(dovecot-imapd dovecot-lmtpd postfix nginx postgresql chromium openssl systemd util-linux fonts-liberation python3-venv shellcheck)

servers() {
    if is_root && has_apt; then
        apt_install "${PACKAGES[@]}"
    else
        say "not root, or no apt-get here: nothing is installed besides the Python packages"
    fi
}

servers
set_up requirements-dev.lock
unset PYTHONDONTWRITEBYTECODE # the programs that tests start, hundreds, need not compile the house each time
cores=$(nproc)
workers=$((cores < 4 ? cores + 1 : 4)) # one more than cores: many tests wait for servers of their own
say "running the tests, $workers files at a time (-n 0: one after the other)"
exec "$venv/bin/python" -m pytest --numprocesses="$workers" --dist=loadfile "$@"
