"""How far long work of the platform is: its job, and what the job has brought so far.

What the clock or somebody else brings meanwhile is none of it: what is shown is the first that was made as it was asked
for, in the name of the one who asked, since the job began.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from maristan.kernel import jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import Job, JobNote, JournalLine, PeriodicRun
from maristan.operations.models import BackupSet, IntegrityRun, RestoreRun, Verification
from maristan.operations.rules.states import Perm, RestoreKind, SetStatus, VerificationScope

Seen = tuple[str, int, str, dict[str, Any]]  # step, percent, message, result
A_MOMENT = timedelta(seconds=2)  # sets are named by whole seconds

OF_SETS = {SetStatus.RUNNING: ("writing", 20), SetStatus.CREATED: ("proving", 60)}


def _set(since: datetime, asked: Mapping[str, Any]) -> Seen | None:
    made = BackupSet.objects.filter(created_by=asked.get("asked_by", ""), reason=asked.get("reason", ""))
    row = made.filter(created_at__gte=since - A_MOMENT).order_by("created_at", "pk").first()
    if row is None:
        return None
    step, percent = OF_SETS.get(SetStatus(row.status), (row.status, 100))
    return step, percent, row.error_code, {"name": row.name, "status": row.status}


def _drill(since: datetime, asked: Mapping[str, Any]) -> Seen | None:
    drills = RestoreRun.objects.filter(kind=RestoreKind.DRILL, started_by=asked.get("asked_by", ""))
    row = drills.filter(started_at__gte=since).order_by("started_at", "pk").first()
    if row is None:
        return None
    return "compared", 100, "; ".join(row.mismatches[:1]), {"set": row.set_name, "outcome": row.outcome}


def _proof(since: datetime, asked: Mapping[str, Any]) -> Seen | None:
    name, who = asked.get("name", ""), asked.get("asked_by", "")
    proofs = RestoreRun.objects.filter(kind=RestoreKind.PROVE, set_name=name, started_by=who)
    row = proofs.filter(started_at__gte=since).order_by("started_at", "pk").first()
    if row is not None:
        return "compared", 100, "; ".join(row.mismatches[:1]), {"name": row.set_name, "outcome": row.outcome}
    with tenancy.acting_in(None):
        read = JournalLine.objects.filter(kind="backup.checked", subject_id=name, by_name=who, at__gte=since)
        return ("checksums_only", 100, "", {"name": name}) if read.exists() else None


def _verified(since: datetime, asked: Mapping[str, Any]) -> Seen | None:
    scope = VerificationScope.QUICK if asked.get("quick") else VerificationScope.FULL
    made = Verification.objects.filter(scope=scope, started_by=asked.get("asked_by", ""))
    row = made.filter(at__gte=since).order_by("at", "pk").first()
    return ("compared", 100, "", {"verification": row.pk, "result": row.result}) if row else None


def _checked(since: datetime, asked: Mapping[str, Any]) -> Seen | None:
    made = IntegrityRun.objects.filter(started_by=asked.get("asked_by", ""), app="")
    row = made.filter(at__gte=since).order_by("at", "pk").first()
    return ("checked", 100, "", {"run": row.pk, "result": row.result}) if row else None


SOURCES: dict[str, Callable[[datetime, Mapping[str, Any]], Seen | None]] = {
    "operations.create_backup": _set,
    "operations.verify_backup": _proof,
    "operations.run_drill": _drill,
    "operations.verify": _verified,
    "operations.check_integrity": _checked,
}


def _scheduled(name: str) -> Callable[[datetime, Mapping[str, Any]], Seen | None]:
    """What runs by schedule keeps its last run: its outcome, or the kind of its fault."""

    def seen(since: datetime, _asked: Mapping[str, Any]) -> Seen | None:
        row = PeriodicRun.objects.filter(name=name, started_at__gte=since).first()
        if row is None or not row.outcome:
            return None
        return row.outcome, 100, row.error, {"name": name, "outcome": row.outcome, "seconds": row.seconds}

    return seen


STATES = {"todo": "queued", "doing": "running", "succeeded": "succeeded"}


def percents(rows: Iterable[ProcrastinateJob]) -> dict[int, int]:
    """How far the jobs among these are that run and say so, by id: one statement for each institution of such jobs."""
    told: dict[int, dict[int, int]] = {}
    for row in rows:
        institution_id, job_id = row.args.get("institution_id"), row.args.get("job_id")
        if row.status == "doing" and institution_id is not None and job_id is not None:
            told.setdefault(institution_id, {})[job_id] = row.pk
    found: dict[int, int] = {}
    for institution_id, of_job in told.items():
        with tenancy.acting_in(institution_id):
            figures = Job.objects.filter(pk__in=of_job, total__gt=0).values_list("pk", "done", "total")
            found |= {of_job[job_id]: min(100, done * 100 // total) for job_id, done, total in figures}
    return found


def progress(pk: int, *, actor: Actor) -> dict[str, Any]:
    """`status`, `percent`, `step`, `message` and `result` of a job; raises `NotFound` and `NotAllowed`."""
    actor.demand(Perm.VIEW)
    sources = SOURCES | {name: _scheduled(name) for name in jobs.periodic_jobs}
    row = ProcrastinateJob.objects.filter(pk=pk, task_name__in=sources).first()
    if row is None:
        raise NotFound()
    status = STATES.get(row.status, "failed")
    begun = ProcrastinateEvent.objects.filter(job_id=pk, type="started").order_by("-at")
    since = begun.values_list("at", flat=True).first()
    seen = sources[row.task_name](since, row.args) if since is not None else None
    step, percent, message, result = seen or ("", 0, "", {})
    if status == "failed":
        note = JobNote.objects.filter(job_id=pk).values_list("error", flat=True).first()
        message = message or note or "failed"
    return {
        "status": status, "percent": 100 if status == "succeeded" else percent, "step": step or status,
        "message": message, "result": result or None,
    }  # fmt: skip
