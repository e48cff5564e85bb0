#!/usr/bin/env bash
# Installs the program for real, as docs/install.md says: into /opt/doithoai, or the folder given. Run it again to upgrade.
set -euo pipefail
umask 022 # the service has a user of its own, from whom another umask of root hides the folder
cd "$(dirname "$0")/.."
. scripts/lib.sh
venv=${1:-/opt/doithoai}
find_python
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then make_environment "$venv"; fi
fill_environment requirements.lock
say "installed $("$venv/bin/doithoai" --version) as $venv/bin/doithoai"
