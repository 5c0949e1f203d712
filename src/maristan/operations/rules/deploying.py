"""Putting a release into service, decided without touching anything: the question, what must hold, the order, the way
back."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Any

from maristan.operations.rules.running import CLOCK_SLACK, EVERY_QUEUE
from maristan.operations.rules.sets import major

QUESTION = "Continue with deployment? (yes/no): "
CANCELLED = "Deployment cancelled"
SHOWN = 10


def is_yes(line: str) -> bool:
    """Whether an answer goes on: the line `yes` and nothing else."""
    return line.rstrip("\r\n") == "yes"


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that does not hold, by the word of the specification, and why."""

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found before anything is changed; none where it could not be looked at, which is never met.

    `altered` is none where there is no manifest; `postgres` is the server's version; `previous` is met by a known
    release or by a database without any migration.
    """

    weaknesses: Sequence[str] = ()
    altered: Sequence[str] | None = ()
    duplicates: Mapping[str, Collection[str]] = field(default_factory=dict)
    unwritten: Mapping[str, Collection[str]] = field(default_factory=dict)
    database_fault: str = ""
    may_create: bool | None = True
    postgres: str | None = "18.0"
    postgres_min: int = 15
    unknown_migrations: Sequence[str] | None = ()
    locks: Sequence[str] | None = ()
    free_bytes: int = 2**40
    needed_bytes: int | None = 0
    backup_fault: str | None = ""
    clock_skew: float | None = 0.0
    hooks_missing: Sequence[str] = ()
    is_previous_known: bool | None = True
    proxy_fault: str = ""
    wide_ports: Sequence[str] = ()
    other_operation: str = ""


def unmet(there: Evidence, *, allows_long_locks: bool = False) -> list[Unmet]:
    """Everything that keeps a release from being put into service; empty when nothing does."""
    return [*_of_code(there), *_of_database(there, allows_long_locks), *_of_host(there)]


def _of_code(there: Evidence) -> Iterator[Unmet]:
    if there.weaknesses:
        yield Unmet("settings_valid", "; ".join(there.weaknesses))
    if there.altered is None:
        yield Unmet("manifest_intact", "this is no release: it has no manifest")
    elif there.altered:
        yield Unmet("manifest_intact", _listed(there.altered))
    if there.duplicates:
        said = [f"{place}: {', '.join(names)}" for place, names in sorted(there.duplicates.items())]
        yield Unmet("no_duplicate_migrations", _listed(said))
    if there.unwritten:
        said = [f"{app}: {'; '.join(what)}" for app, what in sorted(there.unwritten.items())]
        yield Unmet("models_migrated", _listed(said))


def _of_database(there: Evidence, allows_long_locks: bool) -> Iterator[Unmet]:
    if there.database_fault:
        yield Unmet("database_reachable", there.database_fault)
        return
    if not there.may_create:
        yield Unmet("owner_role", "the login must be allowed to CREATEDB and to BYPASSRLS")
    if there.postgres is None or major(there.postgres) < there.postgres_min:
        yield Unmet("postgres_version", f"PostgreSQL {there.postgres_min} is needed, found {there.postgres}")
    if there.unknown_migrations is None or there.unknown_migrations:
        yield Unmet("migration_plan_linear", f"not of this build: {_listed(there.unknown_migrations)}")
    if (there.locks is None or there.locks) and not allows_long_locks:
        yield Unmet("migration_locks_safe", f"{_listed(there.locks)}; --long-locks goes on")
    yield from _of_standing(there)


def _of_standing(there: Evidence) -> Iterator[Unmet]:
    if there.backup_fault is None or there.backup_fault:
        yield Unmet("backup_possible", there.backup_fault or "not checked")
    if there.clock_skew is None or there.clock_skew > CLOCK_SLACK:
        yield Unmet("clock_in_step", f"host and database are {there.clock_skew} s apart")
    if not there.is_previous_known:
        yield Unmet("previous_release_known", "the database is not empty and no release is known to be in service")


def _of_host(there: Evidence) -> Iterator[Unmet]:
    if there.needed_bytes is not None and there.free_bytes < there.needed_bytes:
        yield Unmet("disk_space", f"{there.needed_bytes} bytes needed, {there.free_bytes} free")
    if there.hooks_missing:
        yield Unmet("hooks_present", _listed(there.hooks_missing))
    if there.proxy_fault:
        yield Unmet("proxy_config_valid", there.proxy_fault)
    if there.wide_ports:
        yield Unmet("ports_private", f"on all interfaces: {_listed(there.wide_ports)}")
    if there.other_operation:
        yield Unmet("no_other_operation", there.other_operation)


def _listed(names: Sequence[str] | None) -> str:
    if names is None:
        return "not checked"
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Pending:
    """A migration that waits; whether code from before it fails after it, and whether it is one transaction."""

    name: str
    is_breaking: bool
    is_atomic: bool = True

    @property
    def said(self) -> str:
        """Name and risk."""
        return f"{self.name} ({'breaking' if self.is_breaking else 'compatible'})"


class StepName(StrEnum):
    """The steps of putting a release into service or back."""

    BACKUP = "backup"
    CLOSE = "maintenance on"
    FINAL = "final backup"
    STOP_WORKERS = "stop workers"
    MIGRATE = "migrate"
    REVERSE = "take migrations back"
    RESTORE = "restore"
    STATIC = "static files"
    CACHE = "clear cache"
    ACTIVATE = "activate"
    RESTART_WEB = "restart web"
    START_WORKERS = "start workers"
    WAIT = "wait"
    VERIFY = "verify"
    SMOKE = "smoke"
    OPEN = "maintenance off"
    VERIFY_QUICK = "verify again"


SERVING = (StepName.ACTIVATE, StepName.RESTART_WEB, StepName.START_WORKERS, StepName.WAIT)
PROVING = (StepName.VERIFY, StepName.SMOKE)


def order(pending: Sequence[Pending], *, is_first: bool, is_rolling: bool) -> list[StepName]:
    """The steps in their order; over an empty database nothing is saved and nobody is kept out."""
    closes = not (is_first or is_rolling)
    steps = [] if is_first else [StepName.BACKUP]
    steps += [StepName.CLOSE, StepName.FINAL] if closes else []
    if any(each.is_breaking for each in pending) and not is_first:
        steps.append(StepName.STOP_WORKERS)
    steps += [StepName.MIGRATE, StepName.STATIC, StepName.CACHE, *SERVING, *PROVING]
    return [*steps, *([StepName.OPEN] if closes else []), StepName.VERIFY_QUICK]


def not_rolling(pending: Sequence[Pending]) -> list[Unmet]:
    """Why a release cannot be put into service while the former one serves."""
    breaking = [each.name for each in pending if each.is_breaking]
    return [Unmet("incompatible_schema", f"--rolling: breaking: {_listed(breaking)}")] if breaking else []


class WayBack(StrEnum):
    """What a failed run leaves to be done."""

    OPEN = "open"  # the former code never stopped being the one in service
    CODE = "code"  # the former code is put into service again
    OPERATOR = "operator"  # no safe way: a person decides


def way_back(
    begun: Collection[str], applied: Iterable[Pending], *, has_former: bool, is_torn: bool = False,
    is_unproven: bool = False,
) -> WayBack:  # fmt: skip
    """How a failed run is put back: `begun` are the steps that were begun, `applied` the migrations of this run.

    `is_torn` holds where a migration that is no transaction failed half-way, `is_unproven` where what serves is the
    same build, behind doors that a run before this one could not open. The way of L1: code goes back only over
    migrations that it survives.
    """
    applied = list(applied)
    if is_torn or is_unproven or any(each.is_breaking for each in applied) or (applied and not has_former):
        return WayBack.OPERATOR
    if StepName.ACTIVATE not in begun:
        return WayBack.OPEN
    return WayBack.CODE if has_former else WayBack.OPERATOR


def downtime(runs: Iterable[Sequence[Mapping[str, Any]]]) -> float | None:
    """Seconds of maintenance to expect: the median of former runs, each given by its steps with `at` and `until` in
    seconds; none without any."""
    found = []
    for steps in runs:
        times = {each["name"]: each for each in steps}
        begin, end = times.get(StepName.CLOSE.value), times.get(StepName.OPEN.value)
        if begin and end:
            found.append(end["until"] - begin["at"])
    return median(found) if found else None


@dataclass(frozen=True, slots=True)
class Lives:
    """A live process and its build."""

    kind: str
    name: str
    build_id: str
    queues: Collection[str] = ()


def awaited(there: Iterable[Lives], *, build_id: str, is_ready: bool, queues: Collection[str] = ()) -> list[str]:
    """What is still missing until a build serves: readiness, a web process, a worker for each queue, the end of all
    others."""
    given = list(there)
    own = [each for each in given if each.build_id == build_id]
    missing = [] if is_ready else ["readiness"]
    for kind in ("web", "worker"):
        if not any(each.kind == kind for each in own):
            missing.append(f"a {kind} process of {build_id}")
    served = {queue for each in own for queue in each.queues}
    if EVERY_QUEUE not in served:
        missing += [f"a worker of queue {each}" for each in sorted({*queues} - served)]
    others = [each for each in given if each.kind in ("web", "worker") and each.build_id != build_id]
    return missing + [f"{each.name} runs {each.build_id}" for each in others]


def banner(
    *, was: str, becomes: str, pending: Sequence[Pending], capabilities: Mapping[str, Sequence[str]] | None,
    seconds: float | None, is_rolling: bool, is_first: bool = False,
) -> list[str]:  # fmt: skip
    """What is said before the question: from → to, migrations with their risk, capabilities, maintenance.

    `capabilities` are those `added` and `removed`; None where the former release left no manifest to compare with.
    """
    lines = [f"Release: {was or 'none'} → {becomes}"]
    lines.append(f"Pending migrations: {len(pending) or 'none'}")
    lines += [f"  {each.said}" for each in pending]
    for way in ("added", "removed"):
        names = "unknown" if capabilities is None else ", ".join(capabilities.get(way, ())) or "none"
        lines.append(f"Capabilities {way}: {names}")
    closes = StepName.CLOSE in order(pending, is_first=is_first, is_rolling=is_rolling)
    expected = "unknown: no run before" if seconds is None else f"about {seconds:.0f} s"
    why = "first installation: nobody is kept out" if is_first else "rolling"
    lines.append(f"Maintenance: full, downtime {expected}" if closes else f"Maintenance: none ({why})")
    return lines
