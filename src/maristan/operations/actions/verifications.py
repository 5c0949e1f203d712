"""What a verification found is kept: a row that nobody changes, a report on the disk, a line in the platform chain."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import chain
from maristan.operations.models import Release, Verification
from maristan.operations.queries import build, evidence
from maristan.operations.rules import report
from maristan.operations.rules.manifest import canonical, digest_of
from maristan.operations.rules.states import Perm

JOB, QUICK = "operations.verify", "operations.verify_quick"
AFTER_START = timedelta(seconds=60)


@unjournaled("what is written is the job's business")
def ask(*, quick: bool, expect: Sequence[str], by: Actor) -> int:
    """Queue a verification; gives the id of its job.

    Raises `NotAllowed`, and `NotNow` (`no_manifest`, or `busy` while one waits).
    """
    by.demand(Perm.RELEASE_VERIFY)
    if build.manifest() is None:
        raise NotNow("no_manifest", "This build carries no manifest; make a release first.")
    try:
        with transaction.atomic():
            queued = app.configure_task(JOB, queueing_lock=JOB)
            return int(queued.defer(quick=quick, expect=[*expect], asked_by=by.name))
    except AlreadyEnqueued:
        raise NotNow("busy", "A verification waits already.") from None


@unjournaled("what is written is the job's business")
def soon(*, by: Actor) -> None:
    """Queue a quick verification for a minute from now, as after every start; a checkout promises nothing."""
    if build.manifest() is not None:
        jobs.run_now(QUICK, after=AFTER_START)


def verify(*, quick: bool, expect: Sequence[str], by: Actor) -> Verification | None:
    """Hold what runs against the manifest of this build, and keep what was found; none in a checkout."""
    manifest = build.manifest()
    return None if manifest is None else keep(said=evidence.gather(manifest, quick, expect), by=by)


def keep(*, said: Mapping[str, Any], by: Actor) -> Verification:
    """Write report and row of a verification that was made."""
    with tenancy.acting_in(None):
        row = enter(said=said, at=said["at"], report=write_report(said=said, by=by), by=by)
        failed = sum(each["severity"] == "fail" for each in said["findings"])
        chain.record(
            kind="release.verified", subject=("release", row.pk), by=by,
            changes={"build": row.build_id, "result": row.result, "failed": failed},
        )  # fmt: skip
    return row


@unjournaled("a row for a report, whose own line is written where it is made or indexed")
def enter(*, said: Mapping[str, Any], at: datetime, report: Path, by: Actor) -> Verification:
    """The row of a report; raises `KeyError` and `TypeError` when it says too little, and what the database refuses."""
    return Verification.objects.create(
        build_id=said["build_id"], at=at, base_url=said["base_url"], scope=said["scope"], result=said["result"],
        findings=said["findings"], expected=list(said["expected"]), seconds=said["seconds"], started_by=by.name,
        report=str(report),
    )  # fmt: skip


@unjournaled("a file beside the row")
def write_report(*, said: Mapping[str, Any], by: Actor) -> Path:
    """The report as Markdown and as JSON in `var/reports`; gives the path of the first."""
    moment: datetime = said["at"]
    folder = settings.VAR / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    file: Path = folder / f"DEPLOYMENT_REPORT_{moment:%Y%m%d_%H%M%S}.md"
    file.write_text(report.markdown(said), encoding="utf-8")
    file.with_suffix(".json").write_text(json.dumps(said, default=str, indent=1), encoding="utf-8")
    return file


@unjournaled("an index of what was put into service; the row is append-only")
def put_into_service(*, by: Actor) -> Release | None:
    """Remember the release of this build the first time that its migrations ran; none in a checkout."""
    manifest = build.manifest()
    if manifest is None or Release._meta.db_table not in connection.introspection.table_names():
        return None
    row, _ = Release.objects.get_or_create(
        build_id=manifest["build_id"],
        defaults={
            "version": manifest["version"], "git_sha": manifest["git_sha"], "manifest": manifest,
            "manifest_sha256": digest_of(canonical(manifest)), "first_seen_at": clock.now(),
        },
    )  # fmt: skip
    return row
