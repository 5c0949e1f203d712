"""A set put into service: refused before any change, compared before it serves, undone when a later step fails."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import Error, connection

from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Refusal
from maristan.kernel.roles_sql import ensure_runtime_role
from maristan.operations.actions import backups, chain, packing, swapping
from maristan.operations.models import RestoreRun
from maristan.operations.queries import health, restores, servers
from maristan.operations.queries.restores import Plan, Source
from maristan.operations.rules import sets as rules
from maristan.operations.rules.sets import Contents, SetFault
from maristan.operations.rules.states import RestoreKind, RestoreOutcome, SetReason

UNDONE = (SetFault, Refusal, Error, psycopg.Error, OSError, subprocess.SubprocessError, KeyboardInterrupt)


class Refused(Exception):
    """Nothing was changed; `faults` says every reason."""

    def __init__(self, faults: list[SetFault]) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


class PutBack(Exception):
    """A step failed; what served before serves again."""


class NeedsOperator(Exception):
    """A step failed and so did the way back; maintenance stays on."""


@dataclass(slots=True)
class Restored:
    """What a restore did: what was compared, where the former database is, what was not checked."""

    name: str
    before: str = ""
    tables: int = 0
    rows: int = 0
    files: int = 0
    seconds: float = 0.0
    not_checked: list[str] = field(default_factory=list)


def restore(
    *, named: str, by: Actor, confirm: Callable[[Source], bool], backup_before: bool = True, is_other_key: bool = False,
    is_unproven: bool = False,
) -> Restored | None:  # fmt: skip
    """Put a set (or a lone dump) into service; none when the question was not answered with yes.

    Raises `Busy` and `Refused` before any change, `PutBack` and `NeedsOperator` after one.
    """
    with servers.turn("restore"):
        return restored_in_turn(
            named=named, by=by, confirm=confirm, backup_before=backup_before, is_other_key=is_other_key,
            is_unproven=is_unproven,
        )  # fmt: skip


def restored_in_turn(
    *, named: str, by: Actor, confirm: Callable[[Source], bool], backup_before: bool = True, is_other_key: bool = False,
    is_unproven: bool = False, is_migrated: bool = True, opens_doors: bool = True,
) -> Restored | None:  # fmt: skip
    """As `restore`, for whoever has the turn already.

    Not migrated to this build it is for the release that made it; whoever does not open the doors closed them.
    """
    recover(by=by)
    started, begun = clock.now(), time.perf_counter()
    try:
        source, tools = _sound(named, is_other_key, is_unproven)
    except SetFault as fault:
        raise Refused([fault]) from None
    if not confirm(source):
        return None
    plan = restores.plan(started)
    swapping.note(plan=plan, step="begun", by=by)
    try:
        done = _replace(source, plan, tools, backup_before, is_migrated, by)
        done.seconds = round(time.perf_counter() - begun, 3)
        _finished(source, plan, done, started, opens_doors, by)
    except UNDONE as fault:
        _put_back(plan, source, fault, started, by)
    return done


def _sound(named: str, is_other_key: bool, is_unproven: bool) -> tuple[Source, servers.Tools]:
    server = servers.server_version()
    source, tools = restores.source(named), servers.tools(server)
    if source.found is None:
        if not is_unproven:
            raise SetFault("unproven", "a lone file has no manifest; --unproven restores it without a comparison")
        if not servers.may_create():
            raise SetFault("owner_role", "the login must be allowed to CREATEDB and to BYPASSRLS")
        return source, tools
    manifest = source.found.manifest
    faults = rules.refusals(
        manifest, restores.here(tools, server), needed_bytes=restores.needed_bytes(manifest), is_other_key=is_other_key
    )
    if faults:
        raise Refused(faults)
    return source, tools


def _replace(
    source: Source, plan: Plan, tools: servers.Tools, backup_before: bool, is_migrated: bool, by: Actor
) -> Restored:
    done = Restored(source.name, before=plan.before, not_checked=["integrity"])
    if backup_before:
        swapping.note(plan=plan, step="saving", by=by)
        made = backups.made_in_turn(reason=SetReason.PRE_RESTORE, by=by)
        if made.differing:
            raise SetFault("backup_before_failed", made.differing[0])
    swapping.note(plan=plan, step="closing doors", by=by)
    swapping.close_doors(by=by)
    swapping.note(plan=plan, step="restoring", by=by)
    packing.create_database(name=plan.scratch, by=by)
    packing.load(file=source.dump, is_plain=source.is_plain, database=plan.scratch, tools=tools, by=by)
    seen = packing.held(database=plan.scratch, by=by)
    done.tables, done.rows = len(seen.tables), sum(rows for rows, _ in seen.tables.values())
    _compare(source, seen, done)
    swapping.note(plan=plan, step="preparing", by=by)
    _prepare(source, plan, is_migrated, by)
    swapping.note(plan=plan, step="unpacking", by=by)
    if source.found is not None and source.found.archive is not None:
        items = source.found.manifest["media"]["items"]
        done.files = packing.unpack(archive=source.found.archive, folder=Path(plan.media_new), promised=items, by=by)
    else:
        done.not_checked.append("files")
    _swap(plan, is_migrated, by)
    return done


def _compare(source: Source, seen: Contents, done: Restored) -> None:
    if source.found is None:
        done.not_checked.append("contents: the file has no manifest")
        return
    differing = rules.differences(rules.of_manifest(source.found.manifest), seen)
    if differing:
        raise SetFault("contents_differ", "; ".join(differing[:5]))


def _prepare(source: Source, plan: Plan, is_migrated: bool, by: Actor) -> None:
    """The restored database as the build that will serve needs it, while the former one still serves."""
    with servers.standing_in(plan.scratch):
        with connection.cursor() as cursor:
            ensure_runtime_role(cursor)
            applied = health.applied(cursor)
        if is_migrated and health.known_migrations() - applied:
            call_command("migrate", verbosity=0, interactive=False)
    swapping.end_what_was_going_on(database=plan.scratch, by=by)
    with servers.standing_in(plan.scratch):
        swapping.close_doors(by=by)  # the doors stay closed after the swap, on every host
    with servers.standing_in(plan.scratch), tenancy.acting_in(None):
        changes = {"set": source.name, "before": plan.before}
        chain.record(kind="backup.restored", subject=("backup", source.name), by=by, changes=changes)


def _swap(plan: Plan, is_migrated: bool, by: Actor) -> None:
    swapping.note(plan=plan, step="closing", by=by)
    swapping.close(databases=[plan.live, plan.scratch], by=by)
    swapping.note(plan=plan, step="swapping", by=by)
    swapping.rename(pairs=[(plan.live, plan.before), (plan.scratch, plan.live)], by=by)
    swapping.note(plan=plan, step="exchanging files", by=by)
    swapping.exchange_files(plan=plan, by=by)
    swapping.note(plan=plan, step="looking", by=by)
    seen = health.look()
    if not seen.database or (is_migrated and seen.pending):
        raise SetFault("unhealthy", f"after the swap: database {seen.database}, {seen.pending} migrations pending")


def _finished(source: Source, plan: Plan, done: Restored, started: datetime, opens_doors: bool, by: Actor) -> None:
    backups.rescan(by=by)
    _row(source.name, plan, RestoreOutcome.PASSED, started, by, done)
    if opens_doors:
        swapping.open_doors(by=by)
    restores.note().unlink(missing_ok=True)


def _row(
    name: str, plan: Plan, outcome: RestoreOutcome, started: datetime, by: Actor, done: Restored, *said: str
) -> None:
    ended = clock.now()
    RestoreRun.objects.create(
        kind=RestoreKind.RESTORE, set_name=name[:120], started_at=started, finished_at=ended, outcome=outcome,
        scratch=plan.scratch, tables_compared=done.tables, rows_compared=done.rows, files_compared=done.files,
        mismatches=[each[:200] for each in said], seconds=(ended - started).total_seconds(), started_by=by.name,
    )  # fmt: skip


def _put_back(plan: Plan, source: Source, fault: BaseException, started: datetime, by: Actor) -> None:
    said = str(fault) or type(fault).__name__
    try:
        swapping.undo(plan=plan, by=by)
        _row(source.name, plan, RestoreOutcome.ROLLED_BACK, started, by, Restored(source.name), said)
        with tenancy.acting_in(None):
            changes = {"error": said[:300]}
            chain.record(kind="backup.restore_undone", subject=("backup", source.name), by=by, changes=changes)
    except UNDONE as worse:
        raise NeedsOperator(f"{said}; and the way back failed: {worse}") from None
    raise PutBack(said) from None


def recover(*, by: Actor) -> bool:
    """Put back what a killed restore left; call it within the turn. True when there was something."""
    left = restores.noted()
    if left is None:
        return False
    swapping.undo(plan=left, by=by)
    with tenancy.acting_in(None):
        changes = {"error": "killed", "step": left.step}
        chain.record(kind="backup.restore_undone", subject=("backup", left.scratch), by=by, changes=changes)
    return True


def recover_alone(*, by: Actor) -> bool:
    """As `recover`, for a command that begins with it; raises `Busy`."""
    if restores.noted() is None:
        return False
    with servers.turn("restore undo"):
        return recover(by=by)
