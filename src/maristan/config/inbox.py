"""What waits because of the directory and academics: leave, imports with rows that failed, doubtful applications."""

from maristan.academics.queries import admissions
from maristan.academics.rules.states import ApplicationStatus
from maristan.academics.rules.states import Perm as AcademicsPerm
from maristan.config.messages import import_page, scope_of, span
from maristan.directory.queries import holders, leaves
from maristan.directory.queries.settings import local_today
from maristan.directory.rules.states import LeaveStatus, Perm
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.work import actions as work
from maristan.work import queries as work_queries

LEAVE, IMPORT, APPLICATION = "leave_to_decide", "import_with_failed_rows", "application_to_review"


def follow_leave(*, line_id: int, by: Actor) -> None:
    """Leave waits for whoever decides it until it is decided or taken back."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    leave = leaves.visible_to(actor=by, day=local_today()).filter(pk=pk).first()
    items = []
    if leave is not None and leave.status == LeaveStatus.PENDING:
        items.append(
            work.Waiting(
                kind=LEAVE,
                cause_kind="leave",
                cause_id=pk,
                audience=holders.keys(Perm.LEAVE_DECIDE, **scope_of(leave.person_id)),
                url=f"/directory/leave/{pk}",
                params={"person": leave.person.name, "days": span(leave), "reason": leave.reason},
            )
        )
    work.keep_only(kind=LEAVE, cause_kind="leave", items=items, among=[pk], by=by)


def follow_application(*, line_id: int, by: Actor) -> None:
    """An application that resembles another waits for whoever decides it."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    found = admissions.applications(actor=by).filter(pk=pk, status=ApplicationStatus.NEEDS_REVIEW).first()
    items = []
    if found is not None:
        intake = found.intake
        audience = holders.keys(AcademicsPerm.APPLICATION_DECIDE, program=intake.program_id, batch=intake.batch_id)
        items.append(
            work.Waiting(
                kind=APPLICATION,
                cause_kind="application",
                cause_id=pk,
                audience=audience,
                url=f"/academics/applications/{pk}",
                params={"number": found.number, "name": found.full_name, "program": intake.program.name},
            )
        )
    work.keep_only(kind=APPLICATION, cause_kind="application", items=items, among=[pk], by=by)


def follow_import(*, line_id: int, by: Actor) -> None:
    """Rows that failed wait for whoever imported them, until an import of that kind by the same person has none."""
    line = JournalLine.objects.get(pk=line_id)
    if line.by_person_id is None:
        return
    kind, failed, pk = line.changes["kind"], line.changes.get("error", 0), int(line.subject_id)
    audience = f"person:{line.by_person_id}"
    if failed:
        item = work.Waiting(
            kind=IMPORT,
            cause_kind="import_run",
            cause_id=pk,
            audience=(audience,),
            url=import_page(kind, pk),
            params={"import": kind, "run": pk, "failed": failed},
        )
        work.open_items(items=[item], by=by)
        return
    mended = [
        item.cause_id
        for item in work_queries.open_items(kind=IMPORT, cause_kind="import_run")
        if item.audience == [audience] and item.params["import"] == kind
    ]
    work.close_items(kind=IMPORT, cause_kind="import_run", cause_ids=mended, by=by)
