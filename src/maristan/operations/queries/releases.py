"""Releases that were put into service, and what verifications found."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.names import nearest
from maristan.operations.models import Release, Verification
from maristan.operations.queries import build
from maristan.operations.rules import manifest as rules
from maristan.operations.rules import presence
from maristan.operations.rules import shelf as shelf_rules
from maristan.operations.rules.states import Perm, VerificationScope

# The last word on a build comes first: what a full verification found missing stands until a full one finds it,
# whatever a quick one, which looks at less, says meanwhile; a full one says all that a quick one before it did.
NEWEST = """
SELECT result, at, build_id, scope, id FROM (
  SELECT DISTINCT ON (scope) result, at, build_id, scope, id FROM operations_verification WHERE build_id = %s
  ORDER BY scope, at DESC, id DESC
) AS newest
ORDER BY coalesce(at < max(at) FILTER (WHERE scope = 'full') OVER (), false), result <> 'not_verified', at DESC
"""
STANDING = f"{NEWEST} LIMIT 1"
TOLD = ("result", "at", "build_id", "scope")


def standing(build_id: str) -> dict[str, Any] | None:
    """`result`, `at`, `build_id` and `scope` of the verification that counts for a build; none where none was made."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [build_id])
        row = cursor.fetchone()
    return dict(zip(TOLD, row[:-1], strict=True)) if row else None


def newest(build_id: str) -> list[Verification]:
    """The newest full verification of a build and a quick one since; the one that counts for it is the first."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [build_id])
        keys = [row[-1] for row in cursor.fetchall()]
    rows = Verification.objects.in_bulk(keys)
    full = max((row.at for row in rows.values() if row.scope == VerificationScope.FULL), default=None)
    return [rows[key] for key in keys if full is None or rows[key].at >= full]


def current(*, actor: Actor) -> dict[str, Any]:
    """The build that runs: the verification that counts for it, the other that still says something, and what is there.

    Capabilities are those of its manifest, none in a checkout. Raises `NotAllowed` without the permission.
    """
    actor.demand(Perm.RELEASE_VIEW)
    running, promised = build.running(), build.manifest()
    rows = newest(running.build_id)
    return {
        "version": running.version,
        "build_id": running.build_id,
        "verification": rows[0] if rows else None,
        "beside": rows[1] if len(rows) > 1 else None,
        "capabilities": _present(promised, rows) if promised else [],
    }


def _present(promised: dict[str, Any], rows: list[Verification]) -> list[dict[str, Any]]:
    """Each capability as verifications of its build found it."""
    looks = [
        presence.Look(row.scope == VerificationScope.FULL, bool(row.base_url), row.findings)
        for row in rows
        if row.build_id == promised["build_id"]
    ]
    queues = {each["name"]: each["queue"] for each in promised["jobs"]}
    return presence.told(promised["capabilities"], looks, queues=queues)


def releases(*, actor: Actor) -> "QuerySet[Release]":
    """Every release, without its manifest; raises `NotAllowed` without the permission."""
    actor.demand(Perm.RELEASE_VIEW)
    return Release.objects.defer("manifest")


def verifications(*, actor: Actor) -> "QuerySet[Verification]":
    """Every verification; raises `NotAllowed` without the permission."""
    actor.demand(Perm.RELEASE_VIEW)
    return Verification.objects.all()


def current_manifest(*, actor: Actor) -> dict[str, Any]:
    """What this build promises; raises `NotAllowed`, and `NotFound` in a checkout, which promises nothing."""
    actor.demand(Perm.RELEASE_VIEW)
    found = build.manifest()
    if found is None:
        raise NotFound()
    return found


def compared(former: str, later: str, *, actor: Actor) -> dict[str, dict[str, list[str]]]:
    """By kind, what the later of two builds added and removed; without names the newest and the one before it.

    Raises `NotAllowed`, `NotFound` for an unknown one, naming those that are near.
    """
    actor.demand(Perm.RELEASE_VIEW)
    newest = list(Release.objects.order_by("-first_seen_at", "-pk").values_list("build_id", flat=True)[:2])
    later = later or (newest[0] if newest else "")
    former = former or (newest[-1] if newest else "")
    if not later:
        return {}
    found = dict(Release.objects.filter(build_id__in=(former, later)).values_list("build_id", "manifest"))
    for each in (former, later):
        if each not in found:
            raise NotFound(detail=f"There is no release {each!r}; near it are: {near(each)}.")
    return rules.differences(found[former], found[later])


def near(build_id: str) -> str:
    """The builds that were put into service and are like one, else the newest."""
    newest = list(Release.objects.order_by("-first_seen_at", "-pk").values_list("build_id", flat=True))
    return nearest(build_id, newest, newest[:3]) or "none"


def names() -> set[str]:
    """What any release that was ever put into service is called: build, version, and the two as its folder has them."""
    rows = Release.objects.values_list("version", "build_id")
    return {each for version, build_id in rows for each in (version, build_id, shelf_rules.named(version, build_id))}


def about() -> dict[str, Any]:
    """What anybody who is signed in may know of the build; in a checkout nothing is announced."""
    found, running = build.manifest(), build.running()
    put = Release.objects.filter(build_id=running.build_id).values_list("first_seen_at", flat=True).first()
    announced = found["capabilities"] if found else []
    return {
        "version": running.version,
        "build": running.build_id,
        "released_at": put,
        "capabilities": [{key: each[key] for key in ("id", "title", "since")} for each in announced],
    }
