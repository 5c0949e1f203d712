#!/bin/sh
# Tries what is served as every role. BASE_URL: where it is served (SITE_URL). Exit 0 when every step passed.
# Without `maristan` on the path it runs inside the compose service; DB_CONTAINER names another one.
set -eu
if [ -n "${BASE_URL:-}" ]; then
    set -- --base-url "$BASE_URL" "$@"
fi
if command -v "${MARISTAN:-maristan}" >/dev/null 2>&1; then
    exec "${MARISTAN:-maristan}" smoke "$@"
fi
exec docker compose exec -T "${DB_CONTAINER:-worker}" maristan smoke "$@"
