#!/bin/sh
# As deploy_staging.sh, for an installation that people depend on.
set -eu
WANTED_ENV=production
export WANTED_ENV
exec "$(dirname "$0")/deploy_staging.sh" "$@"
