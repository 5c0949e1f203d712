#!/bin/sh
# Puts a backup set into service: a folder, a name in BACKUP_DIR, or a dump. FORCE=1 answers the question.
# Without `maristan` on the path it runs inside the compose service that has the owner's login; DB_CONTAINER names another.
set -eu
if [ "$#" -lt 1 ]; then
    echo "usage: restore_db.sh <set folder | name | dump file> [options of maristan restore]" >&2
    exit 2
fi
if command -v "${MARISTAN:-maristan}" >/dev/null 2>&1; then
    exec "${MARISTAN:-maristan}" restore "$@"
fi
exec docker compose exec -e FORCE "${DB_CONTAINER:-operations}" maristan restore "$@"
