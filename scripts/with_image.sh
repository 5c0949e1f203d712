#!/bin/sh
# Runs `maristan deploy`, `maristan rollback` or `maristan restore` from an image, and calls on this host the hooks that
# it asks for: the container holds the owner's login and no right over the engine. $1: the tag of the image, which is the build it carries
# (`-`: the one in service); then the words of the command. What it ends with is what the command ended with.
# DEPLOY_TARGET: compose (default) or kubernetes. MARISTAN_HOME: where compose.yaml lies. DOCKER, KUBECTL: the programs.
# IMAGE: the image without its tag, where .env or the web pods do not say it.
set -eu
root="$(cd "$(dirname "$0")/.." && pwd)"
target="${DEPLOY_TARGET:-compose}"
MARISTAN_HOME="${MARISTAN_HOME:-$root}"
export MARISTAN_HOME
asking=/opt/maristan/deploy/asking/host
tag="$1"
shift
if [ -t 0 ]; then terminal=--tty without=; else terminal= without=--no-TTY; fi
name="maristan-command-$$"

case "$target" in
compose)
    cd "$MARISTAN_HOME"
    in_service="$(sed -n 's/^RELEASE_TAG=//p' .env 2>/dev/null || true)"
    inside() { "${DOCKER:-docker}" exec -i "$name" "$@"; }
    ;;
kubernetes)
    there="$("${KUBECTL:-kubectl}" get deployment/maristan-web --output 'jsonpath={.spec.template.spec.containers[0].image}')"
    in_service="$(echo "$there" | sed -n 's/.*:\([^:/]*\)$/\1/p')"
    IMAGE="${IMAGE:-$(echo "$there" | sed 's/:[^:/]*$//')}"
    export IMAGE
    inside() { "${KUBECTL:-kubectl}" exec -i "$name" -- "$@"; }
    ;;
*)
    echo "DEPLOY_TARGET is $target; images are run by compose or kubernetes" >&2
    exit 2
    ;;
esac
[ "$tag" != - ] || tag="$in_service"
[ -n "$tag" ] || { echo "no image is in service here; name its tag" >&2 && exit 2; }

answer() {
    said="$(mktemp)" faults="$(mktemp)"
    trap 'rm -f "$said" "$faults"' EXIT
    trap 'exit 0' TERM
    while kill -0 "$$" 2>/dev/null; do # also where this script was ended by a signal
        # Before the container runs and after it ended there is nobody to ask.
        asked="$(inside "$asking" take 2>/dev/null)" || { sleep "${ASK_EVERY:-1}" && continue; }
        set -f
        IFS='
'
        # shellcheck disable=SC2086 # one word in each line
        set -- $asked
        unset IFS
        set +f
        [ "$#" -ge 2 ] || continue
        id="$1" hook="$2" code=0
        shift 2
        case "$hook" in
        activate | restart_web | stop_workers | start_workers | kept | ask)
            case "${1:-}" in # the build goes into names, files and JSON
            *[!0-9a-f]* | "") code=2 && : >"$said" && echo "$hook of no build" >"$faults" ;;
            *)
                timeout "${HOOK_WITHIN:-110}" "$root/deploy/hooks/$target/$hook" "" "$@" \
                    >"$said" 2>"$faults" </dev/null || code=$?
                ;;
            esac
            ;;
        *) code=2 && : >"$said" && echo "no hook $hook" >"$faults" ;;
        esac
        { echo "$id $code $(wc -c <"$said")" && cat "$said" "$faults"; } | inside "$asking" give || true
    done
}
(exec >/dev/null 2>&1 && answer) &
answers=$!
trap 'kill "$answers" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

code=0
# shellcheck disable=SC2086 # a word or none
if [ "$target" = compose ]; then
    RELEASE_TAG="$tag" "${DOCKER:-docker}" compose run --rm --no-deps $without --name "$name" \
        --env DEPLOY_TARGET=compose --env WEB_BIND=web:8000 operations "$@" || code=$?
else
    "${KUBECTL:-kubectl}" run "$name" --image="$IMAGE:$tag" --restart=Never --rm --quiet --stdin $terminal \
        --override-type=strategic --overrides="$(sed "s/COMMAND/$name/" "$root/deploy/kubernetes/command.json")" \
        -- "$@" || code=$?
fi
exit "$code"
