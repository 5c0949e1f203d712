#!/bin/sh
# Makes a backup set, proves it, and then removes the sets that need not stay. Anything that fails ends with another
# exit code than 0, and then nothing is removed.
# BACKUP_DIR: folder of sets. RETENTION_DAYS: keep what is younger (7). FORMAT: custom or plain.
# Without `maristan` on the path it runs inside the compose service that has the owner's login; DB_CONTAINER names another.
set -eu
RETENTION_DAYS="${RETENTION_DAYS:-7}"
export RETENTION_DAYS
set -- backup create --retain --format "${FORMAT:-custom}" "$@"
if command -v "${MARISTAN:-maristan}" >/dev/null 2>&1; then
    exec "${MARISTAN:-maristan}" "$@"
fi
if [ -n "${BACKUP_DIR:-}" ]; then
    exec docker compose exec -T -e RETENTION_DAYS -e BACKUP_DIR "${DB_CONTAINER:-operations}" maristan "$@"
fi
exec docker compose exec -T -e RETENTION_DAYS "${DB_CONTAINER:-operations}" maristan "$@"
