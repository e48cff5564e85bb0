#!/usr/bin/env bash
# Copies the register with `doithoai backup`, keeps the newest copies, and notes the moment for the alarm.
# Run every night by doithoai-backup.timer; by hand: systemctl start doithoai-backup. Settings: /etc/doithoai/backup.conf.
#   KEEP                     how many copies stay (14)
#   DOITHOAI_CONFIG          the configuration (/etc/doithoai/doithoai.toml)
#   DOITHOAI_BACKUP_FOLDER   where the copies lie (/var/lib/doithoai-backup)
#   DOITHOAI_STATE           where the daemon finds last-backup, the file whose age tells how old the last copy is (/var/lib/doithoai)
set -euo pipefail
keep=${KEEP:-14}
config=${DOITHOAI_CONFIG:-/etc/doithoai/doithoai.toml}
folder=${DOITHOAI_BACKUP_FOLDER:-/var/lib/doithoai-backup}
state=${DOITHOAI_STATE:-/var/lib/doithoai}
program=${DOITHOAI_PROGRAM:-/opt/doithoai/bin/doithoai}
umask 077

if ! [[ $keep =~ ^[1-9][0-9]*$ ]]; then
    echo "backup: KEEP must be a number from 1: $keep" >&2
    exit 2
fi
rm -f "$folder"/doithoai-*.db.part # of a backup that was killed
copy=$folder/doithoai-$(date --utc +%Y-%m-%dT%H%M%SZ).db
"$program" backup --config "$config" "$copy"

# By name, which is by time. Only now, so that a backup that fails removes none of those there are.
shopt -s nullglob
copies=("$folder"/doithoai-????-??-??T??????Z.db)
surplus=$((${#copies[@]} - keep))
for ((number = 0; number < surplus; number++)); do
    rm -f "${copies[number]}"
    echo "removed ${copies[number]}"
done

# Under its own name only when it is whole; a reader never sees half of it.
basename "$copy" >"$state/last-backup.part"
mv "$state/last-backup.part" "$state/last-backup"
echo "kept the newest $keep in $folder"
