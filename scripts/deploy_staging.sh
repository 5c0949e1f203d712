#!/bin/sh
# Installs a release into MARISTAN_HOME/releases/<version>-<build>/ and puts it into service.
# $1: the wheel that `make release` wrote; further words go to `maristan deploy`. PYTHON: the interpreter (python3).
# REQUIREMENTS: the pinned requirements of that release (requirements.txt beside the wheel).
# With --install-only before the wheel the release is made and stays out of service.
# Where a container engine serves, the image is the release, tagged with its build. $1: that tag, beginning with a colon,
# as `:0123456789ab`; the `maristan deploy` of that image is called (with_image.sh, which reads DEPLOY_TARGET).
set -eu
WANTED_ENV="${WANTED_ENV:-staging}"
installs_only=
if [ "${1:-}" = --install-only ]; then
    installs_only=yes
    shift
fi
if [ "$#" -lt 1 ]; then
    echo "usage: deploy_$WANTED_ENV.sh [--install-only] <wheel | :build> [options of maristan deploy]" >&2
    exit 2
fi
if [ "${MARISTAN_ENV:-$WANTED_ENV}" != "$WANTED_ENV" ]; then
    echo "MARISTAN_ENV is $MARISTAN_ENV, this deploys to $WANTED_ENV" >&2
    exit 2
fi
wheel="$1"
shift
case "$installs_only$wheel" in
:?*) exec "$(dirname "$0")/with_image.sh" "${wheel#:}" deploy "$@" ;;
esac
home="${MARISTAN_HOME:?name the folder of the installation}"
case "$wheel" in
*.whl) [ -f "$wheel" ] || { echo "$wheel is no file" >&2; exit 2; } ;;
*) echo "$wheel is no wheel" >&2; exit 2 ;;
esac
requirements="${REQUIREMENTS:-$(dirname "$wheel")/requirements.txt}"
[ -f "$requirements" ] || { echo "$requirements is missing; name it by REQUIREMENTS" >&2; exit 2; }
said="$("${PYTHON:-python3}" - "$wheel" <<'END'
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    manifest = json.loads(wheel.read("maristan/release/manifest.json"))
print(f"{manifest['version']}-{manifest['build_id']}")
END
)"
folder="$home/releases/$said"
if [ ! -x "$folder/bin/maristan" ]; then
    # An environment knows its own place, so it is made where it stays; half of one is removed.
    mkdir -p "$home/releases"
    trap 'rm -rf "$folder"' EXIT
    rm -rf "$folder"
    "${PYTHON:-python3}" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$wheel"
    # The wheel holds the product; how processes are started here comes with the scripts.
    mkdir "$folder/deploy"
    cp -R "$(dirname "$0")/../deploy/hooks" "$folder/deploy/hooks"
    trap - EXIT
fi
if [ -n "$installs_only" ]; then
    echo "$folder"
    exit 0
fi
MARISTAN_HOME="$home" exec "$folder/bin/maristan" deploy "$@"
