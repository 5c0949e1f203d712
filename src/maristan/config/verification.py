"""Holds what runs against the release manifest: gathers the facts of each group and asks the rules; changes nothing."""

import hashlib
import importlib.metadata
import os
import re
import shlex
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection

from maristan.config import deployment, release, roles
from maristan.config.visiting import Visitor
from maristan.kernel import clock, jobs, journal, tenancy
from maristan.operations.models import AppliedMigration, BackupSet, Release, RestoreRun
from maristan.operations.queries import build, catalogue, figures, machine, maintenance, migrations, processes
from maristan.operations.rules import catalogue as schema_rules
from maristan.operations.rules import installed, running, served
from maristan.operations.rules import migrations as migration_rules
from maristan.operations.rules.findings import Acceptance, Finding, accepted, finding, result
from maristan.operations.rules.manifest import contents
from maristan.operations.rules.states import ProcessKind, RestoreKind, RestoreOutcome, SetStatus


@dataclass(slots=True)
class Evidence:
    """What was found, and what was looked at: each checked part with how much of it there was."""

    findings: list[Finding] = field(default_factory=list)
    checked: dict[str, str] = field(default_factory=dict)
    present: dict[str, set[str]] = field(default_factory=dict)


def examine(
    manifest: Mapping[str, Any], *, expect: Sequence[str] = (), quick: bool = False, fetch: served.Fetch | None = None,
    schema: Callable[[], set[str] | None] | None = None, is_public: bool = False,
) -> Evidence:  # fmt: skip
    """Compare everything that can be reached; what cannot be reached is a finding or said to be unchecked."""
    seen = Evidence()
    with MayBeAway(seen):
        database(manifest, seen, quick=quick)
        process_group(manifest, seen)
    setting_group(seen)
    if quick:
        seen.checked |= {"code": "not checked (quick)", "web": "not checked (quick)"}
    else:
        code(manifest, seen)
    if expect:
        promised_capabilities(manifest, seen, expect)
    if fetch is not None and not quick:
        named = schema() if schema else None
        found = served.web(
            manifest, fetch, build_id=build.running().build_id, schema=named, is_public=is_public
        )  # fmt: skip
        seen.findings += found
        seen.checked["web"] = f"{len(manifest['bundle']['files'])} files, {len(manifest['endpoints'])} endpoints"
    return seen


class MayBeAway(suppress):
    """A database that is away is a finding, not a failure."""

    def __init__(self, seen: Evidence) -> None:
        super().__init__(Error)
        self.seen = seen

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        handled = super().__exit__(kind, error, trace)
        if handled and kind is not None:
            self.seen.findings.append(finding("database_unreachable", "database", found=kind.__name__))
        return bool(handled)


def told(
    manifest: Mapping[str, Any], *, expect: Sequence[str] = (), quick: bool = False, base_url: str = "",
    accept: Sequence[Acceptance] = (),
) -> dict[str, Any]:  # fmt: skip
    """Everything that a verification says, as it is kept and reported."""
    started, begun = clock.now(), time.monotonic()
    with _visiting("" if quick else base_url) as visitor:
        seen = examine(
            manifest, expect=expect, quick=quick, fetch=visitor.fetch if visitor else None,
            schema=visitor.schema if visitor else None,
            is_public=base_url.startswith("https:") and not settings.IS_LOCAL,
        )  # fmt: skip
        found = accepted([*seen.findings, *(visitor.transport() if visitor else [])], accept)
    return {
        "build_id": build.running().build_id, "version": build.running().version, "at": started,
        "environment": settings.MARISTAN_ENV, "host": socket.gethostname(), "base_url": without_secret(base_url),
        "scope": "quick" if quick else "full", "result": result(found).value,
        "findings": [each.shown() for each in found], "seconds": round(time.monotonic() - begun, 3),
        "checked": seen.checked, "processes": sorted(seen.present.get("processes", ())),
        "contents": {kind: len(names) for kind, names in contents(manifest).items()},
        "expected": {name: list(needs(manifest, seen, name)) for name in expect},
        "command": _command(expect, quick, base_url, accept),
    }  # fmt: skip


def _command(expect: Sequence[str], quick: bool, base_url: str, accept: Sequence[Acceptance]) -> str:
    """How somebody would verify the same again, without secrets."""
    words = ["maristan", "release", "verify"]
    words += ["--quick"] if quick else []
    words += ["--base-url", without_secret(base_url)] if base_url else []
    words += ["--expect", ",".join(expect)] if expect else []
    for each in accept:
        words += ["--accept", f"{each.code}:{each.subject}={each.reason}"]
    return shlex.join(words)


@contextmanager
def _visiting(base_url: str) -> Iterator[Visitor | None]:
    """Who calls what is served; neither maintenance nor a limit of requests keeps it out. None without an address."""
    if not base_url:
        yield None
        return
    with maintenance.passing("release verify") as passing:
        yield Visitor(base_url, passing)


def asked_by_job(manifest: Mapping[str, Any], quick: bool, expect: Sequence[str]) -> dict[str, Any]:
    """What the worker finds: it asks the address at which the platform serves."""
    return told(manifest, expect=expect, quick=quick, base_url="" if quick else settings.SITE_URL)


def needs(manifest: Mapping[str, Any], seen: Evidence, name: str) -> Iterator[str]:
    """What a capability needs, each with whether it is there."""
    for each in manifest["capabilities"]:
        if each["id"] == name:
            for kind, there in sorted(seen.present.items()):
                yield from (f"{need}: {'present' if need in there else 'missing'}" for need in each.get(kind, ()))


def without_secret(url: str) -> str:
    """An address without the name and password that may stand in it."""
    return re.sub(r"//.*@", "//", url)  # also of a password with a / or @ that should have been written as %2F or %40


def code(manifest: Mapping[str, Any], seen: Evidence) -> None:
    """Packaged files, packages, migration files, models."""
    files = {each["path"]: each["sha256"] for each in manifest["package_files"]}
    there = {name: digest(file) for name, file in build.package_files().items()}
    if build.MANIFEST.is_file():  # a checkout has no bill of materials
        files["release/sbom.json"] = manifest["sbom_sha256"]
        there |= {"release/sbom.json": digest(build.SBOM)} if build.SBOM.is_file() else {}
    packages = {each["name"]: each["version"] for each in manifest["dependencies"]}
    seen.findings += installed.files(files, there)
    seen.findings += installed.packages(packages, {name: _version(name) for name in packages})
    seen.findings += installed.duplicates(migrations.duplicates())
    seen.findings += installed.unwritten(migrations.unwritten())
    seen.checked["code"] = f"{len(files)} files, {len(packages)} packages"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def promised_capabilities(manifest: Mapping[str, Any], seen: Evidence, expect: Sequence[str]) -> None:
    """What somebody was promised, with everything that it needs; a quick verification looks at it, too."""
    endpoints, public = release.routes()
    announced = {each for capability in manifest["capabilities"] for each in capability["screens"]}
    seen.present |= {
        "endpoints": {f"{each['method']} {each['path']}" for each in (*endpoints, *public)},
        "screens": {*release.emitted(settings.WEB_BUNDLE, announced | {*manifest["bundle"]["screens"]})},
        "jobs": {each["name"] for each in release.declared_jobs()},
        "permissions": set(roles.TABLE),
    }
    seen.findings += installed.capabilities(expect, manifest["capabilities"], seen.present)
    seen.checked["code"] += f"; {len(expect)} of {len(manifest['capabilities'])} capabilities looked for"


def database(manifest: Mapping[str, Any], seen: Evidence, *, quick: bool) -> None:
    """Migrations, every object of the schema, the roles, the journal's chains."""
    promised = {(each["app"], each["name"]): each["sha256"] for each in manifest["migrations"]}
    applied, there = migrations.applied(), catalogue.read()
    pending = migration_rules.pending_apps(promised, applied)
    # The files as they lie here: a changed one differs from what was applied, whatever the manifest says.
    files = {(each.app, each.name): each.sha256 for each in migrations.of_build()}
    seen.findings += migration_rules.compare({**promised, **files}, applied)
    seen.findings += schema_rules.compare(manifest["tables"], there, pending_apps=pending)
    seen.present |= {
        "tables": set(there.tables),
        "constraints": {f"{name}.{each}" for name, kept in there.tables.items() for each in kept["constraints"]},
    }
    seen.checked |= {
        "database": f"{len(manifest['tables'])} tables, {len(promised)} migrations",
        "journal": "not checked (quick)",
    }
    if not quick:
        chains(seen)


def chains(seen: Evidence) -> None:
    """The journal of the platform and of every institution, line by line."""
    institutions = [None, *tenancy.institution_ids()]
    for institution_id in institutions:
        with tenancy.acting_in(institution_id):
            broken = list(journal.verify(institution_id))
        name = f"institution {institution_id}" if institution_id else "platform"
        seen.findings += [
            finding("journal_broken", f"{name} line {each.line_id}", found=each.detail) for each in broken[:5]
        ]
    seen.checked["journal"] = f"{len(institutions)} chains"


def process_group(manifest: Mapping[str, Any], seen: Evidence) -> None:
    """What lives, what listens, and what runs by schedule."""
    there = [_running(each) for each in processes.living() if each.kind != ProcessKind.COMMAND]
    current = build.running().build_id
    put = Release.objects.filter(build_id=current).values_list("first_seen_at", flat=True).first()
    wanted = running.Wanted(
        build_id=current,
        queues={each["queue"] for each in manifest["jobs"]},
        released_at=put,
        is_container=is_container(),
        is_development=settings.IS_LOCAL,
    )
    works = any(each.kind == ProcessKind.WORKER for each in there)  # without one `worker_absent` says enough
    runs = figures.periodics() if works else []
    late = figures.overdue(runs, clock.now())
    promised = {each["name"] for each in manifest["jobs"] if each["periodic"]}
    seen.findings += running.processes(there, wanted)
    seen.findings += running.exposed(machine.all_listening())
    seen.findings += running.periodics(promised, jobs.periodic_jobs, [each for each in runs if each.name in late])
    seen.checked["processes"] = f"{len(there)} live, {len(promised)} by schedule"
    seen.present["processes"] = {f"{each.name} build {each.build_id} {', '.join(each.listen)}" for each in there}


def _running(row: Any) -> running.Running:
    return running.Running(
        row.kind, row.host, row.pid, row.build_id, row.code_build_id, row.started_at, row.listen, row.queues,
        machine.is_debug_server(row.host, row.pid),
    )  # fmt: skip


def setting_group(seen: Evidence) -> None:
    """Settings in effect, the clocks, and how old the newest backup and drill are."""
    seen.findings += running.settings(effective())
    seen.checked["settings"] = f"environment {settings.MARISTAN_ENV}"
    with suppress(Error):
        found = ages()
        seen.findings += running.ages(found)
        seen.checked["backup"] = f"newest proven {found.backup or 'none'}, newest drill {found.drill or 'none'}"


def effective() -> running.Effective:
    """The settings of this process."""
    return running.Effective(
        is_local=settings.IS_LOCAL,
        weak={each.name: each.fault for each in deployment.weaknesses(settings.ENV.values)},
        switches={
            name: bool(getattr(settings, name))
            for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
        },
        hsts_seconds=settings.SECURE_HSTS_SECONDS,
        legacy_modules=settings.ENABLE_LEGACY_MODULES,
        legacy_writes=settings.ALLOW_LEGACY_WRITES,
    )


def digest(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def is_container() -> bool:
    """Whether this process runs in one, as the settings say or else what engines leave behind."""
    if settings.MARISTAN_CONTAINER is not None:
        return bool(settings.MARISTAN_CONTAINER)
    signs = (Path("/.dockerenv"), Path("/run/.containerenv"))
    return any(each.exists() for each in signs) or "KUBERNETES_SERVICE_HOST" in os.environ


def clocks() -> tuple[datetime, datetime]:
    """The time of this host and of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    return datetime.now(UTC), there


def ages() -> running.Ages:
    """The clocks of host and database, and the newest of what has to be young."""
    host, there = clocks()
    first = AppliedMigration.objects.order_by("applied_at").values_list("applied_at", flat=True).first()
    proven = BackupSet.objects.filter(status=SetStatus.PROVEN).order_by("-created_at")
    drills = RestoreRun.objects.filter(kind=RestoreKind.DRILL, outcome=RestoreOutcome.PASSED).order_by("-started_at")
    return running.Ages(
        host=host,
        database=there,
        installed=first or there,
        backup=proven.values_list("created_at", flat=True).first(),
        drill=drills.values_list("started_at", flat=True).first(),
        oldest_backup=timedelta(hours=settings.ALERTS["BACKUP_MISSING"]),
        oldest_drill=timedelta(days=settings.ALERTS["DRILL_MISSING"]),
    )
