#!/usr/bin/env bash
# Installs Doithoai from this folder, without any network: into /opt/doithoai, or the folder given. Run it again to upgrade.
# Wants Python 3.11, 3.12 or 3.13 with venv (Debian: python3-venv) on x86-64; PYTHON=/path/to/python3 names one.
set -euo pipefail
umask 022 # the service has a user of its own, from whom another umask of root hides the folder
cd "$(dirname "$0")"
target=${1:-/opt/doithoai}

if ! sha256sum --quiet --check SHA256SUMS; then
    echo "this folder is damaged: unpack the archive again" >&2
    exit 1
fi
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "Python 3.11, 3.12 or 3.13 with venv is needed and was not found (Debian: apt-get install python3-venv)" >&2
    exit 1
fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "these packages are for Linux on x86-64; this is $(uname -sm)" >&2
    exit 1
fi

if ! "$target/bin/python" -m pip --version >/dev/null 2>&1; then "$python" -m venv --clear "$target"; fi
# --isolated: no setting of this machine's for pip adds another source.
"$target/bin/python" -m pip --isolated --quiet --disable-pip-version-check --no-input install --no-cache-dir \
    --no-index --find-links wheelhouse --no-deps --require-hashes --requirement wheelhouse/requirements.txt
echo "installed $("$target/bin/doithoai" --version) as $target/bin/doithoai"
