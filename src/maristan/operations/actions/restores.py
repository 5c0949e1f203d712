"""A set put into service: refused before any change, compared before it serves, undone when a later step fails."""

import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from django.core.management import call_command
from django.db import Error, connection

from maristan.kernel import clock, encryption, jobs, journal, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Refusal
from maristan.kernel.roles_sql import ensure_runtime_role
from maristan.operations.actions import (
    backups,
    chain,
    ciphering,
    maintenance,
    packing,
    reindexing,
    restore_reports,
    retelling,
    swapping,
)
from maristan.operations.actions.deployments import NotChecked, StepFault
from maristan.operations.actions.restore_reports import Done
from maristan.operations.models import RestoreRun
from maristan.operations.queries import deployments, faults, health, looks, processes, restores, servers, stores
from maristan.operations.queries.looks import Aside
from maristan.operations.queries.restores import Plan, Source
from maristan.operations.rules import restoring
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import Contents, SetFault
from maristan.operations.rules.states import RESTORED, MediaMode, ProcessKind, RestoreKind, RestoreOutcome, SetReason

NEXT = "next: maristan restore --undo"
MOST = 600  # letters of what a look found; the rest is in its own log


class Refused(Exception):
    """Nothing was changed; `faults` says every reason."""

    def __init__(self, faults: list[SetFault]) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


class PutBack(Exception):
    """A step failed; what served before serves again."""


class NeedsOperator(Exception):
    """A step failed and so did the way back; maintenance stays on."""


class StillDown(NeedsOperator):
    """What served before was put back, and does not serve."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a set is put into service.

    Not migrated to this build it is for the release that made it; whoever does not open the doors closed them, and
    looks at what serves.
    """

    named: str
    backup_before: bool = True
    is_other_key: bool = False
    is_unproven: bool = False
    accepts_findings: bool = False
    is_migrated: bool = True
    opens_doors: bool = True
    say: Callable[[str], object] = str  # what is told of each step when it begins


def restore(*, wanted: Wanted, by: Actor, confirm: Callable[[Source], bool]) -> Done | None:
    """Put a set (or a lone dump) into service; none when the question was not answered with yes.

    Raises `Busy` and `Refused` before any change, `PutBack` and `NeedsOperator` after one.
    """
    with servers.turn("restore"):
        return restored_in_turn(wanted=wanted, by=by, confirm=confirm)


def restored_in_turn(*, wanted: Wanted, by: Actor, confirm: Callable[[Source], bool]) -> Done | None:
    """As `restore`, for whoever has the turn already."""
    was_down = False
    try:
        recover(by=by)
    except StillDown:  # that is what this one is for; the doors stay closed meanwhile
        was_down = True
    started = clock.now()
    with ExitStack() as kept:
        try:
            source, tools = _sound(wanted, kept, by)
        except SetFault as fault:
            raise Refused([fault]) from None
        if not confirm(source):
            return None
        plan = replace(restores.plan(started), opens_doors=wanted.opens_doors, was_down=was_down)
        work = Work(wanted, source, plan, tools, Done(source.name, before=plan.before), started, by)
        work.next("begun")
        is_done = False
        try:
            _replace(work)
            _finished(work)
            is_done = True
        finally:  # whatever ended it: the migrations of a set may raise anything
            if not is_done:
                _put_back(work, sys.exception() or KeyboardInterrupt())
        _opened(work)
    return work.done


@dataclass(slots=True)
class Work:
    """A restore that was begun: what is wanted, and what it has come to."""

    wanted: Wanted
    source: Source
    plan: Plan
    tools: servers.Tools
    done: Done
    started: datetime
    by: Actor

    def next(self, step: str) -> None:
        """Say which step comes, on the disk and in the report."""
        self.plan = swapping.note(plan=self.plan, step=step, by=self.by)
        self.done.begin(step)
        self.wanted.say(f"{clock.now():%H:%M:%S} {step}")

    def look(self, find: Callable[[], str], code: str) -> None:
        """Keep what a look finds; raises `SetFault` with `code`."""
        try:
            self.done.say(find())
        except NotChecked as why:
            self.done.say(f"not checked: {why}")
            self.done.not_checked.append(f"{self.done.steps[-1]['name']}: {why}")
        except StepFault as fault:
            raise SetFault(code, str(fault)[:MOST]) from None


def _sound(wanted: Wanted, kept: ExitStack, by: Actor) -> tuple[Source, servers.Tools]:
    """What is restored, with its parts readable; raises `SetFault` and `Refused`."""
    named, server = wanted.named, servers.server_version()
    with suppress(Error):  # one that is away is another matter
        if not deployments.exists():
            raise SetFault("not_migrated", "the database has no table of this product; first: maristan migrate")
    source, tools = restores.source(named), servers.tools(server)
    if source.found is None:
        if not wanted.is_unproven:
            raise SetFault("unproven", "a lone file has no manifest; --unproven restores it without a comparison")
        _sound_file(source, tools, server)
        return source, tools
    manifest = source.found.manifest
    faults = rules.refusals(
        manifest, restores.here(tools, server), needed_bytes=restores.needed_bytes(manifest),
        is_other_key=wanted.is_other_key,
    )  # fmt: skip
    try:
        stores.check_referred(manifest)
    except SetFault as fault:
        faults.append(fault)
    if faults:
        raise Refused(faults)
    return restores.of_set(kept.enter_context(ciphering.opened(found=source.found, by=by))), tools


def _sound_file(source: Source, tools: servers.Tools, server: str) -> None:
    """See that a lone dump is whole, of a version that goes here, and has room; raises `Refused`."""
    here, wrong = restores.here(tools, server), []
    said = {"migrations": (), "postgres_version": "0", "pg_dump_version": "0", "secret_key_fingerprint": ""}
    try:
        said |= restores.of_lone(source, tools)
    except SetFault as fault:
        wrong.append(fault)
    needed = source.dump.stat().st_size * restores.UNPACKED
    wrong = [*rules.refusals(said, here, needed_bytes=needed, is_other_key=True), *wrong]
    if wrong:
        raise Refused(wrong)


def _replace(work: Work) -> None:
    source, plan, done, by = work.source, work.plan, work.done, work.by
    if work.wanted.backup_before:
        work.next("saving")
        made = backups.made_in_turn(reason=SetReason.PRE_RESTORE, by=by)
        if made.differing:
            raise SetFault("backup_before_failed", made.differing[0])
        done.say(made.row.name)
    work.next("closing doors")
    was_served = any(each.kind == ProcessKind.WEB for each in processes.living())
    maintenance.shut(by=by)
    work.next("waiting for workers")
    done.say(swapping.wait_for_workers(by=by))
    work.next("restoring")
    packing.create_database(name=plan.scratch, by=by)
    packing.load(file=source.dump, is_plain=source.is_plain, database=plan.scratch, tools=work.tools, by=by)
    seen = packing.held(database=plan.scratch, by=by)
    done.tables, done.rows = len(seen.tables), sum(rows for rows, _ in seen.tables.values())
    _compare(source, seen, done)
    work.next("preparing")
    _prepare(work)
    work.next("unpacking")
    _unpack(work)
    work.next("checking")
    work.look(lambda: _checked(work), "integrity_findings")
    if stores.is_bucket() and Path(plan.media_new).is_dir():
        work.next("filling the bucket")
        done.say(f"{packing.fill(folder=Path(plan.media_new), promised=_items(source), by=by)} files put")
        shutil.rmtree(plan.media_new)
    _swap(work, was_served)


def _unpack(work: Work) -> None:
    """The files of the set beside the live ones, or read again in their bucket."""
    found, media_new = work.source.found, Path(work.plan.media_new)
    if found is not None and found.archive is not None:
        items = _items(work.source)
        work.done.files = packing.unpack(archive=found.archive, folder=media_new, promised=items, by=work.by)
    elif found is not None and found.manifest["media"]["mode"] == MediaMode.REFERENCE:
        work.done.files = packing.bring_back(promised=_items(work.source), by=work.by)
    else:
        work.done.not_checked.append("files")


def _items(source: Source) -> list[dict[str, Any]]:
    return list(source.found.manifest["media"]["items"]) if source.found else []


def _checked(work: Work) -> str:
    """Stored facts of the restored database with its files; this build knows them in its own schema alone."""
    if not work.wanted.is_migrated:
        raise NotChecked("the set stays as its own release made it")
    media = work.plan.media_new if Path(work.plan.media_new).is_dir() else work.plan.media
    try:
        return looks.looks().integrity(Aside(work.plan.scratch, media))
    except StepFault as fault:
        if not work.wanted.accepts_findings:
            raise StepFault(f"{fault}; --accept-findings goes on") from None
        work.done.not_checked.append(f"findings that were accepted: {fault}")
        return f"accepted: {fault}"


def _compare(source: Source, seen: Contents, done: Done) -> None:
    if source.found is None:
        done.not_checked.append("contents: the file has no manifest")
        return
    differing = rules.differences(rules.of_manifest(source.found.manifest), seen)
    if differing:
        raise SetFault("contents_differ", "; ".join(differing[:5]))


def _prepare(work: Work) -> None:
    """The restored database as the build that will serve needs it, while the former one still serves."""
    source, plan, done, by, is_migrated = work.source, work.plan, work.done, work.by, work.wanted.is_migrated
    with servers.standing_in(plan.scratch):
        with connection.cursor() as cursor:
            role = ensure_runtime_role(cursor)
            applied = health.applied(cursor)
        if is_migrated and health.known_migrations() - applied:
            call_command("migrate", verbosity=0, interactive=False)
        if not restores.is_key_known(source):
            done.unreadable = encryption.unreadable()
        untold = retelling.take_up(since=restores.made_at(source), role=role, by=by)
        done.not_checked += [f"what {name} tells again is not held: {why}" for name, why in untold.items()]
    done.held = swapping.end_what_was_going_on(database=plan.scratch, by=by)
    done.say(f"held: {restoring.held(done.held)}")
    with servers.standing_in(plan.scratch):
        swapping.close_aside(by=by)
    with servers.standing_in(plan.scratch), tenancy.acting_in(None):
        changes = {"set": source.name, "before": plan.before}
        chain.record(kind=RESTORED, subject=("backup", source.name), by=by, changes=changes)
    with servers.standing_in(plan.scratch), nullcontext() if is_migrated else suppress(Error):
        journal.seal_all()  # what waited for its seal when the set was made is too old for it by now


def _swap(work: Work, was_served: bool) -> None:
    plan, by = work.plan, work.by
    work.next("closing")
    swapping.close(databases=[plan.live, plan.scratch], by=by)
    work.next("swapping")
    swapping.rename(pairs=[(plan.live, plan.before), (plan.scratch, plan.live)], by=by)
    work.next("exchanging files")
    swapping.exchange_files(plan=plan, by=by)
    work.next("looking")
    seen = health.look()
    if not seen.database or (work.wanted.is_migrated and seen.pending):
        raise SetFault("unhealthy", f"after the swap: database {seen.database}, {seen.pending} migrations pending")
    work.done.say("the database answers, and no migration waits")
    if work.wanted.opens_doors:  # else whoever closed them looks
        work.next("verifying")
        work.look(looks.looks().verified, "not_verified")
        work.next("smoke")
        work.look(looks.looks().smoked if was_served else _unserved, "smoke_failed")


def _unserved() -> str:
    raise NotChecked("no web process lived when it began")


def _finished(work: Work) -> None:
    backups.rescan(by=work.by)
    reindexing.rescan(by=work.by)
    work.done.seconds = round((clock.now() - work.started).total_seconds(), 3)
    _row(work, RestoreOutcome.PASSED)
    if work.wanted.opens_doors:  # from here on nothing is undone: what serves is written to
        swapping.note(plan=work.plan, step=swapping.SERVES, by=work.by)


def _opened(work: Work) -> None:
    """The doors open where this restore closed them; raises `NeedsOperator`."""
    try:
        if work.wanted.opens_doors:
            swapping.open_doors(by=work.by)
        restores.note().unlink(missing_ok=True)
    except (Refusal, *jobs.REFUSED, OSError) as fault:
        raise NeedsOperator(f"{work.done.name} serves, and its doors stay closed: {faults.said(fault)}") from None


def _row(work: Work, outcome: RestoreOutcome, fault: str = "") -> None:
    done, ended = work.done if outcome is RestoreOutcome.PASSED else Done(work.done.name), clock.now()
    work.done.report = restore_reports.write(
        done=work.done, kind="restore", outcome=outcome.value, started=work.started, fault=fault, by=work.by
    )
    RestoreRun.objects.create(
        kind=RestoreKind.RESTORE, set_name=done.name[:120], started_at=work.started, finished_at=ended,
        outcome=outcome, scratch=work.plan.scratch, tables_compared=done.tables, rows_compared=done.rows,
        files_compared=done.files, mismatches=[fault[:200]] if fault else [], started_by=work.by.name,
        seconds=(ended - work.started).total_seconds(), report=work.done.report,
        failed_step=work.done.failed_step(fault),
    )  # fmt: skip


def _put_back(work: Work, fault: BaseException) -> None:
    """What served before serves again, as was seen; raises `PutBack`, or `NeedsOperator`."""
    said, is_back = faults.said(fault), False
    try:
        swapping.undo(plan=work.plan, by=work.by)
        _must_serve(work.plan)
        _row(work, RestoreOutcome.ROLLED_BACK, said)
        _line(work.done.name, {"error": said[:300]}, work.by)
        if work.wanted.opens_doors:
            swapping.open_doors(by=work.by)
        restores.note().unlink(missing_ok=True)
        is_back = True
    finally:
        if not is_back:
            _told_operator(work, f"{said}; and the way back failed: {faults.said(sys.exception() or fault)}")
    raise PutBack(said) from None


def _must_serve(plan: Plan) -> None:
    """The former database answers and, where it was away, is what this build knows; raises `SetFault`."""
    if not health.look().database:
        raise SetFault("unhealthy", "the former database does not answer")
    was_away = plan.was_down or plan.step in swapping.EXCHANGED
    if not was_away or not plan.opens_doors:  # whoever closed them looks
        return
    try:
        looks.looks().verified()
    except NotChecked:
        return
    except StepFault as fault:
        raise SetFault("not_verified", f"the former database: {str(fault)[:MOST]}") from None


def _told_operator(work: Work, said: str) -> NoReturn:
    with suppress(OSError):
        restore_reports.write(
            done=work.done, kind="restore", outcome="needs_operator", started=work.started, fault=said,
            following=[NEXT], by=work.by,
        )  # fmt: skip
    raise NeedsOperator(said) from None


def _line(name: str, changes: dict[str, Any], by: Actor) -> None:
    with tenancy.acting_in(None):
        chain.record(kind="backup.restore_undone", subject=("backup", name), by=by, changes=changes)


def recover(*, by: Actor, accepts_findings: bool = False) -> bool:
    """Put back what a killed restore left; call it within the turn. True when there was something.

    Raises `StillDown` when that does not serve, unless findings are accepted: doors stay closed, and it can be called
    again. A restore that was killed while it opened the doors is done: they are opened.
    """
    left = restores.noted()
    if left is None:
        return False
    if left.step != swapping.SERVES:
        swapping.undo(plan=left, by=by)
        try:
            _must_serve(left)
        except SetFault as fault:
            if not accepts_findings:
                raise StillDown(f"the restore was undone, and the way back failed: {fault}") from None
        _line(left.scratch, {"error": "killed", "step": left.step}, by)
    swapping.reopen(by=by)
    return left.step != swapping.SERVES


def recover_alone(*, by: Actor, accepts_findings: bool = False) -> bool:
    """As `recover`, for a command that begins with it; raises `Busy`."""
    if restores.noted() is None:
        return False
    with servers.turn("restore undo"):
        return recover(by=by, accepts_findings=accepts_findings)
