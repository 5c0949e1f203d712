#!/bin/sh
# Makes a backup set, proves it, and then removes the sets that need not stay. Anything that fails ends with another
# exit code than 0, and then nothing is removed.
# BACKUP_DIR: folder of sets. RETENTION_DAYS: keep what is younger; without it the settings of the installation say what
# stays (7 days that have a set). FORMAT: custom or plain.
# Without `maristan` on the path it runs inside the compose service that has the owner's login; DB_CONTAINER names another.
set -eu
set -- maristan backup create --retain --format "${FORMAT:-custom}" "$@"
if command -v "${MARISTAN:-maristan}" >/dev/null 2>&1; then
    shift
    exec "${MARISTAN:-maristan}" "$@"
fi
set -- "${DB_CONTAINER:-operations}" "$@"
# Only what was given goes along: an empty value would stand above that of the container.
if [ -n "${BACKUP_DIR:-}" ]; then
    set -- -e BACKUP_DIR "$@"
fi
if [ -n "${RETENTION_DAYS:-}" ]; then
    set -- -e RETENTION_DAYS "$@"
fi
exec docker compose exec -T "$@"
