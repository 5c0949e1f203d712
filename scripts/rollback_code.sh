#!/bin/sh
# Puts the code of a former release into service again; options are those of `maristan rollback`.
# It runs the release in service of MARISTAN_HOME; without one, the `maristan` on the path.
set -eu
program="${MARISTAN_HOME:-.}/current/bin/maristan"
[ -x "$program" ] || program="${MARISTAN:-maristan}"
exec "$program" rollback --level 1 "$@"
