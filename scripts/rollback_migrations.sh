#!/bin/sh
# Takes migrations back, then the code; options are those of `maristan rollback`.
# It runs the release in service of MARISTAN_HOME; without one, the `maristan` on the path.
set -eu
program="${MARISTAN_HOME:-.}/current/bin/maristan"
[ -x "$program" ] || program="${MARISTAN:-maristan}"
exec "$program" rollback --level 2 "$@"
