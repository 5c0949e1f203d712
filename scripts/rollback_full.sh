#!/bin/sh
# Puts a backup set into service, with the release that made it; options are those of `maristan rollback`.
# It runs the release in service of MARISTAN_HOME; without one, the `maristan` on the path. With DEPLOY_TARGET=compose or
# kubernetes, or where neither is there, it runs the image in service.
set -eu
program="${MARISTAN_HOME:-.}/current/bin/maristan"
[ -x "$program" ] || program="${MARISTAN:-maristan}"
case "${DEPLOY_TARGET:-}" in compose | kubernetes) program= ;; esac
if ! command -v "$program" >/dev/null 2>&1; then
    exec "$(dirname "$0")/with_image.sh" - rollback --level 3 "$@"
fi
exec "$program" rollback --level 3 "$@"
