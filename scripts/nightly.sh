#!/usr/bin/env bash
# The long runs, whole: fail points and kills on SQLite and PostgreSQL, the cluster, seeded faults, canaries, hostile
# mails, fuzzing, mutants, the simulation. The tests of every change run a part of each. A night on two cores: what needs
# one core runs beside another part, the longest first. Seed, mutants and the day on which the tests run change from
# night to night; tables that train a vote anew, seeded faults and phrases take turns: four nights play all.
# scripts/nightly.sh [FOLDER FOR THE LOGS [PART...]]: all, or the parts named; exit status 1 when any of them failed.
# PYTHON= chooses the interpreter. Figures stand in docs/security.md.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/lib.sh
if [ -z "${PYTHON:-}" ]; then
    set_up requirements-dev.lock || exit 1
    PYTHON="$venv/bin/python"
fi
logs=${1:-nightly-logs}
mkdir -p "$logs"
rm -f "$logs/failed"
wanted=" ${*:2} "
ran=0
cores=$(nproc)
night=$(date +%-j)
days=(2027-03-01 2028-02-29 2028-12-31)
day=${days[night % 3]}
nights=4 # in a row play all that takes turns
export DOITHOAI_TURN=$((night % nights))/$nights

is_wanted() { [ "$wanted" = "  " ] || [[ "$wanted" == *" $1 "* ]]; } # NAME

run() { # NAME COMMAND...
    local name=$1 start=$SECONDS
    shift
    say "$name: $*"
    if "$@" >"$logs/$name.log" 2>&1; then
        say "$name: passed, $((SECONDS - start)) s: $(tail -n 1 "$logs/$name.log")"
    else
        echo "$name" >>"$logs/failed"
        say "$name: FAILED, $((SECONDS - start)) s, see $logs/$name.log: $(tail -n 1 "$logs/$name.log")"
    fi
}

beside() { # NAME COMMAND...: beside others, one a core
    is_wanted "$1" || return 0
    ran=$((ran + 1))
    while [ "$(jobs -pr | wc -l)" -ge "$cores" ]; do wait -n; done
    run "$@" &
}

alone() { # NAME COMMAND...: what uses all cores by itself, or judges by the clock
    is_wanted "$1" || return 0
    ran=$((ran + 1))
    wait
    run "$@"
}

long=("$PYTHON" -m pytest -s -o timeout=7200)
alone pathological-service env DOITHOAI_HONEST=200 "${long[@]}" tests/system/test_systemd_pathological.py
alone "day-$day" env PYTHON="$PYTHON" scripts/at_day.sh "$day" --random-order-bucket=module --random-order-seed="$night" tests/unit tests/contract
beside pathological "$PYTHON" scripts/pathological_mails.py --dose whole --seed "$night" --turn "$DOITHOAI_TURN"
beside crash-sqlite "$PYTHON" scripts/crash_all.py --kills 100 --seed "$night"
beside properties env DOITHOAI_DOSES=all "${long[@]}" tests/unit/rules tests/unit/db tests/corpus
beside fuzz "$PYTHON" scripts/fuzz_mail.py --count 40000 --seconds 1200 --seed "$night"
beside seeded-faults "$PYTHON" scripts/seeded_faults.py --turn "$DOITHOAI_TURN"
beside contract env DOITHOAI_DOSES=all "${long[@]}" tests/contract
beside other-servers env DOITHOAI_DOSES=all "${long[@]}" tests/system/test_other_real.py
beside lowest-versions env PYTHON="$(command -v python3.11 || echo "$PYTHON")" scripts/lowest_versions.sh
beside crash-postgresql "$PYTHON" scripts/crash_all.py --postgres --points 31 --kills 30
beside faults env DOITHOAI_DOSES=all "${long[@]}" tests/faults/test_crash.py tests/faults/test_crash_points.py tests/faults/test_faulty_imap.py
beside hostile env DOITHOAI_DOSES=all DOITHOAI_ROUNDS=50 "${long[@]}" tests/faults/test_hostile.py tests/faults/test_output.py tests/faults/test_output_files.py tests/faults/test_loops.py
beside cluster env DOITHOAI_PAUSES=10 DOITHOAI_CLUSTER_MAILS=1000 "${long[@]}" tests/faults/test_cluster.py
beside below env DOITHOAI_DOSES=all DOITHOAI_FORGED=10 DOITHOAI_TWINS=10 "${long[@]}" tests/faults/test_results_below.py
beside damaged-files env DOITHOAI_DAMAGES=all "${long[@]}" tests/unit/rules/tuning/test_datafiles_damaged.py
beside simulation env PYTHONPATH=. "$PYTHON" scripts/simulate.py
beside canaries env DOITHOAI_CANARY_MAILS=500 "${long[@]}" tests/faults/test_canaries.py
beside pathological-known "$PYTHON" scripts/pathological_mails.py --dose small --limit 8
beside audit "$PYTHON" scripts/audit_dependencies.py
if is_wanted mutants; then rm -f "$logs/lines.db"; fi
alone mutants "$PYTHON" scripts/mutants.py --most 40 --seed "$night" --keep "$logs/lines.db"
alone coverage "$PYTHON" scripts/coverage_rooms.py --data "$logs/lines.db"
wait
if [ "$wanted" != "  " ] && [ "$ran" -ne $(($# - 1)) ]; then
    say "FAILED: of the parts named, $ran are parts of this script"
    exit 1
fi
if [ -s "$logs/failed" ]; then
    say "FAILED: $(tr '\n' ' ' <"$logs/failed")"
    exit 1
fi
say "$ran long runs passed in $((SECONDS / 60)) minutes"
