"""Drills: a set is restored beside the live database and brought to this build, so that the day it is needed is not the
first."""

import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.roles_sql import ensure_runtime_role
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import backups, chain, ciphering, offsite, packing, restore_reports, swapping
from maristan.operations.actions.asking import OFFSITE, ONE_AT_A_TIME
from maristan.operations.actions.deployments import NotChecked, StepFault
from maristan.operations.actions.restore_reports import Done
from maristan.operations.models import BackupSet, RestoreRun
from maristan.operations.queries import faults, health, looks, servers, sets, turns
from maristan.operations.queries.looks import Aside
from maristan.operations.queries.schedules import BACKUP, DRILL
from maristan.operations.rules import schedules
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import SetFault
from maristan.operations.rules.states import (
    MediaMode,
    Perm,
    RestoreKind,
    RestoreOutcome,
    SetFormat,
    SetReason,
    SetStatus,
)

MIGRATING = "migrating"
SKEW = timedelta(minutes=1)  # the clock of the database may go after that of this host
LASTS = timedelta(hours=12)  # longer no backup, proof or drill takes
BUSY = 4  # what a command ends with that did not get the turn (D8)
ENDS_WITHIN = 60.0  # seconds for a command that was interrupted
COPIED_AT = 40  # the minute of each hour at which copies that failed are tried again


class NoSet(SetFault):
    """There is nothing to drill with."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The set of a drill: the one that lies here, or its copy off the host."""

    row: BackupSet
    is_far: bool = False


def drill(*, by: Actor) -> RestoreRun:
    """Restore the newest proven set, every other time an older one or a copy off the host, and serve from it.

    Raises `Busy`, and `SetFault` where nothing could be tried (`no_proven_set`, `identity_missing`). What fails marks
    the set damaged, unless it was a disk of this place; a copy that cannot be fetched or is not what it was is no copy
    any more.
    """
    by.demand(Perm.DRILL_RUN)
    with servers.turn("drill"):
        chosen, tools = _chosen(), servers.tools(servers.server_version())
        row, started, begun = chosen.row, clock.now(), time.perf_counter()
        scratch, done, fault = servers.scratch_name("drill", started), Done(chosen.row.name), None
        try:
            with _told(done), _found(chosen, done, by) as found:
                _rehearsed(found, scratch, tools, done, by)
        except SetFault as seen:
            fault = seen
        finally:
            packing.drop_database(name=scratch, by=by)
        if fault is not None and fault.code == "identity_missing":
            raise fault
        done.seconds = round(time.perf_counter() - begun, 3)
        if fault is not None and fault.code not in rules.OF_THE_PLACE:
            _marked(chosen, fault, by)
        return _kept(row, done, scratch, started, fault, by)


@contextmanager
def _told(done: Done) -> Iterator[None]:
    """Whatever ends a drill within it is a `SetFault`: the migrations of a set may raise anything."""
    is_well = False
    try:
        yield
        is_well = True
    finally:
        fault = None if is_well else sys.exception()
        if isinstance(fault, Exception) and not isinstance(fault, SetFault):
            is_of_database = isinstance(fault, jobs.REFUSED) or done.steps[-1]["name"] == MIGRATING
            code = "migration_failed" if is_of_database else "drill_failed"
            raise faults.of_disk(fault) or SetFault(code, faults.said(fault)) from fault


def _kept(row: BackupSet, done: Done, scratch: str, started: datetime, fault: SetFault | None, by: Actor) -> RestoreRun:
    outcome, said = RestoreOutcome.FAILED if fault else RestoreOutcome.PASSED, str(fault or "")
    report = restore_reports.write(
        done=done, kind="drill", outcome=outcome.value, started=started, fault=said, by=by
    )  # fmt: skip
    with tenancy.acting_in(None):
        run = RestoreRun.objects.create(
            kind=RestoreKind.DRILL, set_name=row.name, started_at=started, finished_at=clock.now(), outcome=outcome,
            scratch=scratch, tables_compared=done.tables, files_compared=done.files, rows_compared=done.rows,
            mismatches=[said[:200]] if said else [], seconds=done.seconds, started_by=by.name, report=report,
            failed_step=done.failed_step(fault),
        )  # fmt: skip
        changes = {"outcome": run.outcome, "seconds": run.seconds, "error": said[:300]}
        chain.record(kind="backup.drilled", subject=("backup", row.name), by=by, changes=changes)
    return run


def _chosen() -> Chosen:
    """The newest proven set, and in turn any other that lies here or off the host."""
    proven = list(BackupSet.objects.filter(status=SetStatus.PROVEN).order_by("-created_at", "-pk"))
    if not proven:
        raise NoSet("no_proven_set", "make one with: maristan backup create")
    others = [Chosen(each) for each in proven[1:]]
    if settings.BACKUP_OFFSITE_URL:
        copied = BackupSet.objects.filter(status__in=(SetStatus.PROVEN, SetStatus.REMOVED)).exclude(offsite_at=None)
        others += [Chosen(each, is_far=True) for each in copied.order_by("-created_at", "-pk")]
    drilled = RestoreRun.objects.filter(kind=RestoreKind.DRILL).count()
    return secrets.choice(others) if drilled % 2 and others else Chosen(proven[0])


@contextmanager
def _place(name: str) -> Iterator[Path]:
    """Where the files of a drill lie for its time; the next backup removes what a killed one left."""
    place = sets.folder_of(f"drill_{name}{rules.PARTIAL}")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    try:
        yield place / "media"
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _found(chosen: Chosen, done: Done, by: Actor) -> Iterator[sets.OnDisk]:
    """The set with parts that can be read, checked byte by byte."""
    row = chosen.row
    with ExitStack() as kept:
        if chosen.is_far:
            done.begin("fetching")
            found = kept.enter_context(offsite.fetched(name=row.name, known_sha256=row.manifest_sha256, by=by))
            done.say(re.sub(r"//[^/@]*@", "//", str(settings.BACKUP_OFFSITE_URL)))
        else:
            done.begin("reading")
            found = sets.checked(Path(row.location), known_sha256=row.manifest_sha256)
        if found.is_encrypted:
            done.begin("decrypting")
        yield kept.enter_context(ciphering.opened(found=found, by=by))


def _rehearsed(found: sets.OnDisk, scratch: str, tools: servers.Tools, done: Done, by: Actor) -> None:
    """Restore, compare, migrate with this build, hold stored facts against each other, serve and sign in."""
    done.begin("restoring")
    packing.create_database(name=scratch, by=by)
    is_plain = found.manifest["format"] == SetFormat.PLAIN
    packing.load(file=found.dump, is_plain=is_plain, database=scratch, tools=tools, by=by)
    seen = packing.held(database=scratch, by=by)
    differing = rules.differences(rules.of_manifest(found.manifest), seen)
    if differing:
        raise SetFault("contents_differ", "; ".join(differing[:5]))
    done.tables, done.rows = len(seen.tables), sum(rows for rows, _ in seen.tables.values())
    done.begin(MIGRATING)
    with servers.standing_in(scratch):
        with connection.cursor() as cursor:
            ensure_runtime_role(cursor)
        call_command("migrate", verbosity=0, interactive=False)
        look = health.look()
    if not look.database or look.pending:
        raise SetFault("unhealthy", f"{look.pending} migrations pending")
    swapping.end_what_was_going_on(database=scratch, by=by)
    with _place(found.name) as media:
        promised, has_files = found.manifest["media"]["items"], found.manifest["media"]["mode"] != MediaMode.NONE
        if found.archive is not None:
            done.begin("unpacking")
            done.files = packing.unpack(archive=found.archive, folder=media, promised=promised, by=by)
        elif has_files:
            done.begin("fetching files")
            done.files = packing.fetch(folder=media, promised=promised, by=by)
        else:
            media.mkdir()
            done.not_checked.append("files: the set is the database only")
        aside = Aside(scratch, str(media))
        _look(done, "checking", lambda: looks.looks().integrity(aside), "integrity_findings", has_files)
        _look(done, "serving", lambda: looks.looks().served(aside), "not_served")


def _look(done: Done, name: str, find: Callable[[], str], code: str, is_possible: bool = True) -> None:
    done.begin(name)
    try:
        if not is_possible:
            raise NotChecked("it needs the files")
        done.say(find())
    except NotChecked as why:
        done.say(f"not checked: {why}")
        done.not_checked.append(f"{name}: {why}")
    except StepFault as fault:
        raise SetFault(code, str(fault)) from None


def _marked(chosen: Chosen, fault: SetFault, by: Actor) -> None:
    """What a failed drill means for the set: it is damaged; of a copy, that there is none."""
    if chosen.is_far:
        offsite.lost(row=chosen.row, fault=fault, by=by)
    else:
        backups.mark_damaged(row=chosen.row, fault=fault, by=by)


@unjournaled("it queues a job, which leaves its own line")
def queue_due(*, by: Actor) -> list[str]:
    """Queue the backup, the drill and the copies whose time has come; gives their names."""
    now, zone = clock.now(), settings.TIME_ZONE
    queued = turns.last_queued((BACKUP, DRILL))
    last_set = BackupSet.objects.filter(reason=SetReason.SCHEDULED).order_by("-created_at").first()
    last_drill = RestoreRun.objects.filter(kind=RestoreKind.DRILL).order_by("-started_at").first()
    rows = {BACKUP: last_set.created_at if last_set else None, DRILL: last_drill.started_at if last_drill else None}
    written = {BACKUP: settings.BACKUP_SCHEDULE, DRILL: settings.DRILL_SCHEDULE}
    due = []
    if not turns.is_any_in_hand(ONE_AT_A_TIME):
        begun = {name: _begun(rows[name], queued.get(name)) for name in written}
        wanted = {name: schedules.parsed(text) for name, text in written.items()}
        due = [name for name, each in wanted.items() if schedules.is_due(each, zone, begun[name], now)][:1]
    if now.minute == COPIED_AT and _is_any_copy_missing():
        due.append(OFFSITE)
    for name in due:
        jobs.enqueue_once(name)
    return due


def _begun(row: datetime | None, queued: datetime | None) -> datetime | None:
    """When it was begun the last time: one that ended before it wrote a row was begun when it was queued."""
    return max((each for each in (row, queued + SKEW if queued else None) if each), default=None)


def _is_any_copy_missing() -> bool:
    """Whether a proven set could not be copied: that is tried again every hour."""
    failed = BackupSet.objects.filter(status=SetStatus.PROVEN, offsite_at=None, error_code=offsite.FAILED)
    return bool(settings.BACKUP_OFFSITE_URL) and failed.exists()


class CommandFailed(Exception):
    """A command that a job ran ended badly; its words are in the log of the worker."""


class CommandBusy(CommandFailed):
    """Another one had the turn: it may be tried again."""


@unjournaled("the command that it runs leaves its own lines")
def run_command(*, words: tuple[str, ...], by: Actor) -> None:
    """Run a command of this program in a process of its own, which has the owner's login, for 12 h at most.

    Raises `CommandFailed`, and `CommandBusy` where another one has the turn.
    """
    said, running = f"maristan {' '.join(words)}", subprocess.Popen([sys.executable, "-m", "maristan", *words])  # noqa: S603 - this program
    try:
        code = running.wait(LASTS.total_seconds())
    except subprocess.TimeoutExpired:
        _ended(running)
        raise CommandFailed(f"{said} did not end within {LASTS}") from None
    if code:
        raise (CommandBusy if code == BUSY else CommandFailed)(f"{said} ended with {code}")


def _ended(running: "subprocess.Popen[bytes]") -> None:
    """Interrupt a command, so that it puts away what it began; one that hangs is killed, and not waited for."""
    for end in (partial(running.send_signal, signal.SIGINT), running.kill):
        end()
        with suppress(subprocess.TimeoutExpired):
            running.wait(ENDS_WITHIN)
            return
