"""What the disk knows and the tables have forgotten: releases and what became of them, restores, drills."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor, platform
from maristan.operations.actions import chain, verifications
from maristan.operations.models import Deployment, Release, RestoreRun, Verification
from maristan.operations.queries import shelf
from maristan.operations.rules.manifest import canonical, digest_of
from maristan.operations.rules.states import UNFINISHED, DeploymentKind, DeploymentStatus, Perm, RestoreOutcome

UNREADABLE = (KeyError, TypeError, ValueError, OSError, DataError, IntegrityError)
INDEX = platform(None, "rescan")


def rescan(*, by: Actor) -> list[str]:
    """Enter releases, deployments, verifications, restores and drills that lie on this host and have no row.

    A deployment whose row says no end gets that of its report. Gives their names.
    """
    by.demand(Perm.RELEASE_VIEW)
    with tenancy.acting_in(None):
        entered = [*_releases(), *_deployments(), *_verifications(), *_runs()]
        if entered:
            chain.record(kind="release.indexed", subject=("release", "all"), by=by, changes={"entered": entered[:100]})
    return entered


def _releases() -> Iterator[str]:
    for folder in shelf.folders():
        _, is_new = Release.objects.get_or_create(
            build_id=folder.build_id,
            defaults={
                "version": folder.manifest["version"], "git_sha": folder.manifest["git_sha"],
                "manifest": folder.manifest, "manifest_sha256": digest_of(canonical(folder.manifest)),
                "first_seen_at": shelf.activated_at(folder.path) or clock.now(),
            },
        )  # fmt: skip
        if is_new:
            yield folder.path.name


def _reports(name: str) -> Iterator[tuple[Path, Any]]:
    """Reports of a kind that can be read; others are none."""
    for file in sorted((Path(settings.VAR) / "reports").glob(f"{name}_*.json")):
        try:
            yield file, json.loads(file.read_text(encoding="utf-8"))
        except UNREADABLE:
            continue


def _verifications() -> Iterator[str]:
    for file, said in _reports("DEPLOYMENT_REPORT"):
        if "more" in said:  # the report of a run; what it verified has reports of its own
            continue
        try:
            at, build = datetime.fromisoformat(said["at"]), said["build_id"]
            if Verification.objects.filter(build_id=build, at=at).exists():
                continue
            with transaction.atomic():
                verifications.enter(said=said, at=at, report=file.with_suffix(".md"), by=INDEX)
        except UNREADABLE:
            continue
        yield file.stem


def _deployments() -> Iterator[str]:
    for file, said in _reports("DEPLOYMENT_REPORT"):
        try:
            run_id, values = _ended(said["run"], file)
            # Every end has a code: a row without one was going on when its set was made, whatever a restore made of it.
            if Deployment.objects.filter(run_id=run_id, exit_code__isnull=False).exists():
                continue
            with transaction.atomic():
                Deployment.objects.update_or_create(run_id=run_id, defaults=values)
        except UNREADABLE:
            continue
        yield file.stem


def _ended(run: Any, file: Path) -> tuple[UUID, dict[str, Any]]:
    """A run as its report has it, with the report at hand; raises what `UNREADABLE` names."""
    status, accepted = DeploymentStatus(run["status"]), run["accepted"]
    if status in UNFINISHED or not isinstance(run["steps"], list) or not isinstance(accepted, list):
        raise ValueError("it did not end")
    return UUID(str(run["run_id"])), {
        "kind": DeploymentKind(run["kind"]), "from_build": str(run["from_build"]), "to_build": str(run["to_build"]),
        "status": status, "steps": run["steps"], "set_name": str(run["set_name"]),
        "report": str(file.with_suffix(".md")), "exit_code": int(run["exit_code"]),
        "started_at": datetime.fromisoformat(run["started_at"]),
        "finished_at": datetime.fromisoformat(run["finished_at"]), "started_by": str(run["started_by"]),
        "host": str(run["host"]), "pid": int(run["pid"]), "accepted": accepted,
    }  # fmt: skip


def _runs() -> Iterator[str]:
    for name in ("RESTORE_REPORT", "DRILL_REPORT"):
        for file, said in _reports(name):
            try:
                started, seconds = datetime.fromisoformat(said["started_at"]), float(said["seconds"])
                outcome, kind = RestoreOutcome(said["outcome"]), said["kind"]
                if RestoreRun.objects.filter(kind=kind, started_at=started).exists():
                    continue
                with transaction.atomic():
                    RestoreRun.objects.create(
                        kind=kind, set_name=said["set"][:120], started_at=started, outcome=outcome,
                        finished_at=started + timedelta(seconds=seconds), tables_compared=said["tables"],
                        rows_compared=said["rows"], files_compared=said["files"], seconds=seconds,
                        mismatches=[said["fault"][:200]] if said.get("fault") else [], started_by=INDEX.name,
                        report=str(file.with_suffix(".md")),
                        failed_step=str(said.get("failed_step", ""))[:100],
                    )  # fmt: skip
            except UNREADABLE:
                continue
            yield file.stem
