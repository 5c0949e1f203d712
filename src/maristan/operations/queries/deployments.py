"""Deployments and rollbacks: what was run, what waits to be migrated, what was applied since."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from maristan.kernel.access import Actor
from maristan.operations.models import Deployment
from maristan.operations.queries import migrations, shelf
from maristan.operations.rules.compatibility import Compatibility
from maristan.operations.rules.deploying import Pending
from maristan.operations.rules.states import UNFINISHED, DeploymentKind, DeploymentStatus, Perm

DONE = (DeploymentStatus.SUCCEEDED, DeploymentStatus.SUCCEEDED_WITH_WARNINGS)
ROWS = """SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname = ANY(%s)"""


def visible_to(actor: Actor) -> "QuerySet[Deployment]":
    """Every run; raises `NotAllowed` without the permission."""
    actor.demand(Perm.RELEASE_VIEW)
    return Deployment.objects.all()


def exists() -> bool:
    """Whether the database has a table of runs."""
    return Deployment._meta.db_table in connection.introspection.table_names()


def replaced_by(build_id: str) -> str:
    """The build that another one took the place of when it was deployed last; empty where no run says so.

    Runs that were put back count for nothing, and neither do rollbacks: two in a row lead back by two releases.
    """
    if not exists():
        return ""
    runs = Deployment.objects.filter(kind=DeploymentKind.DEPLOY, status__in=DONE, to_build=build_id)
    others = runs.exclude(from_build__in=("", build_id)).order_by("-started_at", "-pk")
    return others.values_list("from_build", flat=True).first() or ""


def unfinished() -> Deployment | None:
    """The run that was begun and not ended: it works, or it was killed."""
    return Deployment.objects.filter(status__in=UNFINISHED).first() if exists() else None


def next_of(left: Deployment) -> str:
    """How a run that was killed is gone on with, or taken back: a deployment by the release that it was for."""
    if left.kind != DeploymentKind.DEPLOY:
        return "back with: maristan deploy --undo"
    deploy = by_release(left.to_build)
    return f"next: {deploy} --resume, or back with: {deploy} --undo"


def by_release(build_id: str) -> str:
    """What puts a release into service: its own program, whichever one serves now."""
    if shelf.are_images():
        return f"scripts/deploy_production.sh :{build_id}"
    there = shelf.of_build(build_id)
    return f"{there.program if there else 'maristan'} deploy"


def unproven(build_id: str) -> Deployment | None:
    """The run by which a build took the place of another and ended with an operator needed; none once one was done."""
    for row in Deployment.objects.filter(kind=DeploymentKind.DEPLOY, to_build=build_id).order_by("-started_at", "-pk"):
        if row.status in DONE:
            return None
        if row.status == DeploymentStatus.NEEDS_OPERATOR and row.from_build not in ("", build_id):
            return row
    return None


def steps_of_former() -> list[list[dict[str, Any]]]:
    """The steps of the last three runs that were done, times as seconds."""
    if not exists():
        return []
    rows = Deployment.objects.filter(kind=DeploymentKind.DEPLOY, status__in=DONE).order_by("-started_at")[:3]
    return [
        [
            {"name": each["name"], "at": _seconds(each["started_at"]), "until": _seconds(each["finished_at"])}
            for each in row.steps
            if each["finished_at"]
        ]
        for row in rows
    ]  # fmt: skip


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def pending() -> list[Pending]:
    """The migrations that wait, in the order in which they would be applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    verdicts = _verdicts()
    return [
        Pending(f"{each.app_label}.{each.name}", verdicts[each.app_label, each.name], bool(each.atomic))
        for each, _ in plan
    ]


def _verdicts() -> dict[tuple[str, str], bool]:
    return {(each.app, each.name): each.compatibility == Compatibility.BREAKING for each in migrations.of_build()}


def applied_since(moment: datetime) -> list[Pending]:
    """The migrations that were applied at a moment or later."""
    if "django_migrations" not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations WHERE applied >= %s ORDER BY id", [moment])
        found = cursor.fetchall()
    return _judged(found)


def applied_unknown_to(manifest: Mapping[str, Any]) -> list[Pending]:
    """The applied migrations that a release does not know; what nobody knows counts as breaking."""
    known = {(each["app"], each["name"]) for each in manifest["migrations"]}
    return _judged([(each.app, each.name) for each in migrations.applied() if (each.app, each.name) not in known])


def _judged(found: Iterable[tuple[str, str]]) -> list[Pending]:
    verdicts = _verdicts()
    noted = {(each.app, each.name): each.breaks_former_code for each in migrations.applied()}
    judged = []
    for app, name in found:
        said = verdicts.get((app, name))
        if said is None:
            said = noted.get((app, name)) is not False
        judged.append(Pending(f"{app}.{name}", said))
    return judged


def written() -> int:
    """How many lines the journals of institutions have: it grows whenever somebody writes, and never else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_journalline WHERE institution_id IS NOT NULL")
        return int(cursor.fetchone()[0])


def rows_of(tables: Iterable[str]) -> dict[str, int]:
    """About how many rows tables have, as the server's statistics say."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [[*tables]])
        return dict(cursor.fetchall())


def is_first() -> bool:
    """Whether this is a first installation, or one that stopped half-way: no run was ever done, and nobody has an
    account or wrote anything."""
    if not {"kernel_user", "kernel_journalline"} <= {*connection.introspection.table_names()}:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM kernel_user)")
        if cursor.fetchone()[0] or written():
            return False
    return not exists() or not Deployment.objects.filter(status__in=DONE).exists()


def is_first_unfinished() -> bool:
    """Whether a first installation was begun, and no run was ever done."""
    if not exists() or Deployment.objects.filter(status__in=DONE).exists():
        return False
    return Deployment.objects.filter(kind=DeploymentKind.DEPLOY, from_build="").exists()
