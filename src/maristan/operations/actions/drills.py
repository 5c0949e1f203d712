"""Drills: a set is restored beside the live database and brought to this build, so that the day it is needed is not the
first."""

import secrets
import subprocess
import sys
import time

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection

from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.roles_sql import ensure_runtime_role
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import backups, chain, packing
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import health, servers, sets
from maristan.operations.rules import schedules
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import Contents, SetFault
from maristan.operations.rules.states import Perm, RestoreKind, RestoreOutcome, SetFormat, SetReason, SetStatus

BACKUP, DRILL = "operations.backup", "operations.drill"


class NoSet(SetFault):
    """There is nothing to drill with."""


def drill(*, by: Actor) -> RestoreRun:
    """Restore the newest proven set, every other time an older one; raises `Busy`, `SetFault`.

    A drill that fails marks the set damaged.
    """
    by.demand(Perm.DRILL_RUN)
    with servers.turn("drill"):
        row, tools = _chosen(), servers.tools(servers.server_version())
        started, begun = clock.now(), time.perf_counter()
        scratch, seen, said = servers.scratch_name("drill", started), None, ""
        try:
            found = sets.checked(sets.folder_of(row.name), known_sha256=row.manifest_sha256)
            seen = _rehearsed(found, scratch, tools, by)
        except SetFault as fault:
            said = str(fault)
            backups.mark_damaged(row=row, fault=fault, by=by)
        except (Error, psycopg.Error) as fault:
            said = f"migrating failed ({type(fault).__name__})"
        finally:
            packing.drop_database(name=scratch, by=by)
        with tenancy.acting_in(None):
            run = RestoreRun.objects.create(
                kind=RestoreKind.DRILL, set_name=row.name, started_at=started, finished_at=clock.now(),
                outcome=RestoreOutcome.FAILED if said else RestoreOutcome.PASSED, scratch=scratch,
                tables_compared=len(seen.tables) if seen else 0, files_compared=row.media_files if seen else 0,
                rows_compared=sum(each[0] for each in seen.tables.values()) if seen else 0,
                mismatches=[said[:200]] if said else [], seconds=round(time.perf_counter() - begun, 3),
                started_by=by.name,
            )  # fmt: skip
            changes = {"outcome": run.outcome, "seconds": run.seconds, "error": said[:300]}
            chain.record(kind="backup.drilled", subject=("backup", row.name), by=by, changes=changes)
    return run


def _chosen() -> BackupSet:
    proven = list(BackupSet.objects.filter(status=SetStatus.PROVEN).order_by("-created_at", "-pk"))
    if not proven:
        raise NoSet("no_proven_set", "make one with: maristan backup create")
    last = RestoreRun.objects.filter(kind=RestoreKind.DRILL).order_by("-started_at", "-pk").first()
    was_newest = last is not None and last.set_name == proven[0].name
    return secrets.choice(proven[1:]) if was_newest and proven[1:] else proven[0]


def _rehearsed(found: sets.OnDisk, scratch: str, tools: servers.Tools, by: Actor) -> Contents:
    packing.create_database(name=scratch, by=by)
    is_plain = found.manifest["format"] == SetFormat.PLAIN
    packing.load(file=found.dump, is_plain=is_plain, database=scratch, tools=tools, by=by)
    seen = packing.held(database=scratch, by=by)
    differing = rules.differences(rules.of_manifest(found.manifest), seen)
    if differing:
        raise SetFault("contents_differ", "; ".join(differing[:5]))
    with servers.standing_in(scratch):
        with connection.cursor() as cursor:
            ensure_runtime_role(cursor)
        call_command("migrate", verbosity=0, interactive=False)
        look = health.look()
    if not look.database or look.pending:
        raise SetFault("unhealthy", f"{look.pending} migrations pending")
    return seen


@unjournaled("it queues a job, which leaves its own line")
def queue_due(*, by: Actor) -> list[str]:
    """Queue the backup and the drill whose time has come; gives their names."""
    now, zone = clock.now(), settings.TIME_ZONE
    last_set = BackupSet.objects.filter(reason=SetReason.SCHEDULED).order_by("-created_at").first()
    last_drill = RestoreRun.objects.filter(kind=RestoreKind.DRILL).order_by("-started_at").first()
    begun = {BACKUP: last_set.created_at if last_set else None, DRILL: last_drill.started_at if last_drill else None}
    written = {BACKUP: settings.BACKUP_SCHEDULE, DRILL: settings.DRILL_SCHEDULE}
    due = [name for name, text in written.items() if schedules.is_due(schedules.parsed(text), zone, begun[name], now)]
    for name in due:
        jobs.enqueue_once(name)
    return due


class CommandFailed(Exception):
    """A command that a job ran ended badly; its words are in the log of the worker."""


@unjournaled("the command that it runs leaves its own lines")
def run_command(*, words: tuple[str, ...], by: Actor) -> None:
    """Run a command of this program in a process of its own, which has the owner's login; raises `CommandFailed`."""
    ended = subprocess.run([sys.executable, "-m", "maristan", *words], check=False)  # noqa: S603 - this program
    if ended.returncode:
        raise CommandFailed(f"maristan {' '.join(words)} ended with {ended.returncode}")
