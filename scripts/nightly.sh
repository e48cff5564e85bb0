#!/usr/bin/env bash
# The long runs, whole: fail points and kills on SQLite and PostgreSQL, the cluster, seeded faults, canaries, hostile
# mails, fuzzing, the simulation. The tests of every change run a part of each. They take hours; figures in docs/security.md.
# scripts/nightly.sh [FOLDER FOR THE LOGS [PART...]]: all, or the parts named; exit status 1 when any of them failed.
# PYTHON= chooses the interpreter.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
if [ -z "${PYTHON:-}" ]; then
    set_up requirements-dev.lock || exit 1
    PYTHON="$venv/bin/python"
fi
logs=${1:-nightly-logs}
mkdir -p "$logs"
wanted=" ${*:2} "
ran=0
failed=()

is_wanted() { [ "$wanted" = "  " ] || [[ "$wanted" == *" $1 "* ]]; } # NAME

run() { # NAME COMMAND...
    local name=$1 start=$SECONDS
    shift
    is_wanted "$name" || return 0
    ran=$((ran + 1))
    say "$name: $*"
    if "$@" >"$logs/$name.log" 2>&1; then
        say "$name: passed, $((SECONDS - start)) s: $(tail -n 1 "$logs/$name.log")"
    else
        failed+=("$name")
        say "$name: FAILED, $((SECONDS - start)) s, see $logs/$name.log: $(tail -n 1 "$logs/$name.log")"
    fi
}

long=("$PYTHON" -m pytest -s -o timeout=7200)
run crash-sqlite "$PYTHON" scripts/crash_all.py --kills 300
run crash-postgresql "$PYTHON" scripts/crash_all.py --postgres --points 31 --kills 30
run seeded-faults "$PYTHON" scripts/seeded_faults.py
run cluster env DOITHOAI_PAUSES=10 DOITHOAI_CLUSTER_MAILS=1000 "${long[@]}" tests/faults/test_cluster.py
run canaries env DOITHOAI_CANARY_MAILS=500 "${long[@]}" tests/faults/test_canaries.py
run hostile env DOITHOAI_ROUNDS=50 "${long[@]}" tests/faults/test_hostile.py tests/faults/test_output.py tests/faults/test_output_files.py tests/faults/test_loops.py
run below env DOITHOAI_FORGED=10 DOITHOAI_TWINS=10 "${long[@]}" tests/faults/test_results_below.py
run damaged-files env DOITHOAI_DAMAGES=all "${long[@]}" tests/unit/rules/tuning/test_datafiles_damaged.py
run properties env DOITHOAI_DOSES=all "${long[@]}" tests/unit/rules tests/unit/db
run blind-mails env DOITHOAI_DOSES=all "${long[@]}" tests/contract/test_human_mails.py
for day in 2027-03-01 2028-02-29 2028-12-31; do
    run "day-$day" env PYTHON="$PYTHON" scripts/at_day.sh "$day" --random-order-bucket=module tests/unit tests/contract
done
run fuzz "$PYTHON" scripts/fuzz_mail.py --count 40000 --seconds 3600
run pathological-known "$PYTHON" scripts/pathological_mails.py --dose small --limit 8
run pathological "$PYTHON" scripts/pathological_mails.py --dose whole --seed "$(date +%-j)"
run lowest-versions scripts/lowest_versions.sh
run audit "$PYTHON" scripts/audit_dependencies.py
run other-servers env DOITHOAI_DOSES=all "${long[@]}" tests/system/test_other_real.py
run pathological-service env DOITHOAI_HONEST=200 "${long[@]}" tests/system/test_systemd_pathological.py
if is_wanted mutants; then rm -f "$logs/lines.db"; fi
run mutants "$PYTHON" scripts/mutants.py --keep "$logs/lines.db"
run coverage "$PYTHON" scripts/coverage_rooms.py --data "$logs/lines.db"
run simulation env PYTHONPATH=. "$PYTHON" scripts/simulate.py
if [ "$wanted" != "  " ] && [ "$ran" -ne $(($# - 1)) ]; then
    say "FAILED: of the parts named, $ran are parts of this script"
    exit 1
fi
if [ "${#failed[@]}" -ne 0 ]; then
    say "FAILED: ${failed[*]}"
    exit 1
fi
say "$ran long runs passed"
