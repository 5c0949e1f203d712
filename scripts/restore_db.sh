#!/bin/sh
# Puts a backup set into service: a folder, a name in BACKUP_DIR, or a dump. FORCE=1 answers the question.
# Without `maristan` on the path it runs in a container of its own, like the compose service that has the owner's login;
# DB_CONTAINER names another. Before the exchange a restore ends every connection to the database, and with it the worker
# of a container that is there already: whatever was called in that one would end, too, with the doors closed.
# DEPLOY_TARGET=kubernetes: in a pod of its own, of the image in service.
set -eu
if [ "$#" -lt 1 ]; then
    echo "usage: restore_db.sh <set folder | name | dump file> [options of maristan restore]" >&2
    exit 2
fi
if command -v "${MARISTAN:-maristan}" >/dev/null 2>&1; then
    exec "${MARISTAN:-maristan}" restore "$@"
fi
if [ "${DEPLOY_TARGET:-compose}" = kubernetes ]; then
    [ "${FORCE:-}" != 1 ] || set -- "$@" --yes --unproven
    exec "$(dirname "$0")/with_image.sh" - restore "$@"
fi
# What lies on this host is not seen in there: it is mounted at its own path, where 10001 has to be able to read it.
there=
if [ -e "$1" ]; then
    there="$(realpath "$1")"
    shift
    set -- "$there" "$@"
fi
set -- "${DB_CONTAINER:-operations}" restore "$@"
[ -z "$there" ] || set -- --volume "$there:$there:ro" "$@"
[ -t 0 ] || set -- --no-TTY "$@"
exec docker compose run --rm --no-deps -e FORCE "$@"
