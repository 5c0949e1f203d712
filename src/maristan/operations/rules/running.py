"""Processes, settings and clocks held against what a release needs."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from maristan.operations.rules.figures import Periodic
from maristan.operations.rules.findings import Finding, finding
from maristan.operations.rules.states import ProcessKind

EVERY_QUEUE = "*"
ALL_INTERFACES = ("0.0.0.0:", "[::]:")
HSTS_LEAST = 31_536_000
CLOCK_SLACK = 5.0


@dataclass(frozen=True, slots=True)
class Running:
    """One live process; `is_debug_server` holds for the framework's own server."""

    kind: str
    host: str
    pid: int
    build_id: str
    code_build_id: str
    started_at: datetime
    listen: Sequence[str] = ()
    queues: Sequence[str] = ()
    is_debug_server: bool = False

    @property
    def name(self) -> str:
        """How a finding names it."""
        return f"{self.kind} {self.host}:{self.pid}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the processes are held against; `released_at` is none where nothing was put into service."""

    build_id: str
    queues: Collection[str]
    released_at: datetime | None = None
    is_container: bool = False
    is_development: bool = False


def processes(there: Sequence[Running], wanted: Wanted) -> list[Finding]:
    """Whether web and workers live, run this build, and are reachable only where they should be."""
    found = list(_presence(there, wanted))
    for each in there:
        found.extend(_build(each, wanted))
        found.extend(_reach(each, wanted))
    return found


def _presence(there: Sequence[Running], wanted: Wanted) -> Iterator[Finding]:
    kinds = {each.kind for each in there}
    if ProcessKind.WEB not in kinds:
        yield finding("web_absent", "web", expected="a live process", found="none")
    if ProcessKind.WORKER not in kinds:
        yield finding("worker_absent", "worker", expected="a live process", found="none")
        return
    served = {queue for each in there if each.kind == ProcessKind.WORKER for queue in each.queues}
    for queue in sorted(wanted.queues):
        if not {queue, EVERY_QUEUE} & served:
            yield finding("queue_unserved", queue, expected="a worker", found="none serves it")


def _build(process: Running, wanted: Wanted) -> Iterator[Finding]:
    if process.build_id != wanted.build_id:
        code = "build_mismatch" if process.kind == ProcessKind.WEB else "worker_build_differs"
        yield finding(code, process.name, expected=wanted.build_id, found=process.build_id)
    elif process.code_build_id != process.build_id:
        yield finding("process_code_stale", process.name, expected=process.build_id, found=process.code_build_id)
    if wanted.released_at is not None and process.started_at < wanted.released_at:
        yield finding(
            "process_older_than_release", process.name, expected=f"started after {wanted.released_at.isoformat()}",
            found=process.started_at.isoformat(), hint="restart it",
        )  # fmt: skip


def _reach(process: Running, wanted: Wanted) -> Iterator[Finding]:
    wide = [each for each in process.listen if each.startswith(ALL_INTERFACES)]
    if wide and not wanted.is_container:
        yield finding("bound_all_interfaces", process.name, expected="127.0.0.1", found=", ".join(wide))
    if process.is_debug_server and not wanted.is_development:
        yield finding("debug_server", process.name, expected="the product's own server", found="development server")


def exposed(listening: Collection[str]) -> list[Finding]:
    """Databases and caches of this host that all interfaces reach; addresses as `ip:port`."""
    ports = {"5432": "PostgreSQL", "6379": "Redis", "6432": "PgBouncer"}
    found = []
    for each in sorted(listening):
        service = ports.get(each.rpartition(":")[2])
        if service and each.startswith(ALL_INTERFACES):
            found.append(finding("service_exposed", service, expected="one interface", found=each))
    return found


def periodics(promised: Collection[str], declared: Collection[str], late: Iterable[Periodic]) -> list[Finding]:
    """Jobs by schedule that are gone, and those that are `late` by the rule of the alert."""
    found = [finding("periodic_missing", name, found="not declared") for name in sorted({*promised} - {*declared})]
    for each in sorted(late, key=lambda each: each.name):
        if each.name in promised:
            due = (each.started_at + each.interval).isoformat()
            found.append(finding("periodic_overdue", each.name, expected=due, found=each.started_at.isoformat()))
    return found


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings that decide about safety, as they are in effect; `weak` are faults by name that a start refuses."""

    is_local: bool
    weak: Mapping[str, str]
    switches: Mapping[str, bool]
    hsts_seconds: int
    legacy_modules: bool
    legacy_writes: bool


def settings(there: Effective) -> list[Finding]:
    """What nobody may have where people are served."""
    found = []
    if not there.is_local:
        found += [finding("insecure_setting", name, expected=what) for name, what in sorted(there.weak.items())]
        found += [
            finding("insecure_setting", name, expected="true", found="false")
            for name, is_on in sorted(there.switches.items())
            if not is_on
        ]
        if there.hsts_seconds < HSTS_LEAST:
            name = "SECURE_HSTS_SECONDS"
            found.append(finding("insecure_setting", name, expected=f">= {HSTS_LEAST}", found=there.hsts_seconds))
        if there.legacy_writes:
            found.append(finding("insecure_setting", "ALLOW_LEGACY_WRITES", expected="false", found="true"))
    if there.legacy_modules:
        found.append(finding("legacy_enabled", "ENABLE_LEGACY_MODULES", expected="false", found="true"))
    return found


@dataclass(frozen=True, slots=True)
class Ages:
    """Times that a verification looks at; `installed` is when the first migration was applied here."""

    host: datetime
    database: datetime
    installed: datetime
    backup: datetime | None
    drill: datetime | None
    oldest_backup: timedelta
    oldest_drill: timedelta


def ages(there: Ages) -> list[Finding]:
    """A clock out of step, and backups or drills that are too old; a new installation has time for its first."""
    found = []
    skew = abs((there.host - there.database).total_seconds())
    if skew > CLOCK_SLACK:
        found.append(finding("clock_skew", "host and database", expected=f"<= {CLOCK_SLACK} s", found=f"{skew:.0f} s"))
    for code, subject, at, limit in (
        ("backup_old", "newest proven backup", there.backup, there.oldest_backup),
        ("drill_old", "newest passed drill", there.drill, there.oldest_drill),
    ):
        if there.database - (at or there.installed) > limit:
            said = at.isoformat() if at else "none"
            found.append(finding(code, subject, expected=f"younger than {limit}", found=said))
    return found
