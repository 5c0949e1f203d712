"""Writes of candidates: entered from an audience or by name, seated, withdrawn; and whether they are admitted."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from maristan.academics.queries import learners
from maristan.assessment.actions import calendar, computing
from maristan.assessment.models import Candidate, Exam
from maristan.assessment.queries import exams as queries
from maristan.assessment.queries.admission import admissions
from maristan.assessment.rules.states import Admission, ExamStatus, Perm
from maristan.directory.queries import audiences, people
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Faults, NotNow
from maristan.kernel.unjournaled import unjournaled
from maristan.kernel.workflow import require_reason

OPEN = (ExamStatus.DRAFT, ExamStatus.SCHEDULED, ExamStatus.MARKING)
SEAT_TAKEN = {"assessment_candidate_seat_once": NotNow("seat_taken", "Somebody else has that seat.")}
PART = "the action of the exam writes the line"


@transaction.atomic
def enter(*, exam_id: int, persons: Sequence[int], by: Actor) -> list[Candidate]:
    """Enter learners as candidates; those who are entered already stay as they are.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`unknown_reference`), `NotNow` (`exam_closed`).
    """
    exam = _locked(exam_id, by)
    rows.references(people.visible_to(actor=by), persons, "/persons")
    known = learners.of(persons, day=queries.local(exam.scheduled_at).date())
    faults = Faults()
    for position, person in enumerate(persons):
        if person not in known:
            faults.unknown(f"/persons/{position}")
    faults.stop()
    made = put(exam=exam, persons=persons, by=by)
    if made:
        changes = {"persons": [each.person_id for each in made], "count": len(made)}
        journal.record("exam_candidate.entered", ("exam", exam.pk), by=by, changes=changes)
        calendar.follow(exam=exam, by=by)
    return made


@transaction.atomic
def gather(*, exam_id: int, by: Actor) -> list[Candidate]:
    """Enter everybody of the exam's audience who is not a candidate yet. Raises as `enter`."""
    exam = _locked(exam_id, by)
    made = put(exam=exam, persons=audience_of(exam), by=by)
    if made:
        changes = {"persons": [each.person_id for each in made], "count": len(made)}
        journal.record("exam_candidate.entered", ("exam", exam.pk), by=by, changes=changes)
        calendar.follow(exam=exam, by=by)
    return made


def audience_of(exam: Exam, clauses: Iterable[Sequence[str]] | None = None) -> list[int]:
    """Learners of the exam's audience, or of other `clauses`, on its day, by id."""
    audience = audiences.read(exam.audience if clauses is None else clauses)
    day = queries.local(exam.scheduled_at).date()
    return sorted(learners.of(audiences.people(audience, day), day=day)) if audience else []


@unjournaled(PART)
def put(*, exam: Exam, persons: Collection[int], by: Actor) -> list[Candidate]:
    """Enter people who are no candidates yet, admitted or not; while an exam is marked they get an empty result."""
    there = set(Candidate.objects.filter(exam=exam, person_id__in=persons).values_list("person_id", flat=True))
    missing = sorted(set(persons) - there)
    if not missing:
        return []
    known = learners.of(missing, day=queries.local(exam.scheduled_at).date())
    verdicts = admissions(exam, missing)
    made = Candidate.objects.bulk_create(
        [
            Candidate(
                exam=exam, person_id=each, student_id=known[each].student if each in known else None,
                admission=Admission.ADMITTED if verdicts[each].is_admitted else Admission.NOT_ELIGIBLE,
                code=verdicts[each].code,
            )
            for each in missing
        ]
    )  # fmt: skip
    if exam.status == ExamStatus.MARKING:
        computing.begin(exam=exam, by=by)
    return list(made)


@transaction.atomic
def settle(*, exam: Exam, by: Actor) -> int:
    """Bring the admissions of candidates in line with what is known now; gives how many changed."""
    verdicts = admissions(exam)
    changed: dict[int, dict[str, object]] = {}
    lines = []
    for row in Candidate.objects.filter(exam=exam).exclude(admission=Admission.WITHDRAWN):
        verdict = verdicts[row.person_id]
        admission = Admission.ADMITTED if verdict.is_admitted else Admission.NOT_ELIGIBLE
        if (row.admission, row.code) != (admission, verdict.code):
            changed[row.person_id] = {"admission": [row.admission, admission], "code": [row.code, verdict.code]}
            row.admission, row.code, row.version = admission, verdict.code, row.version + 1
            lines.append(row)
    if lines:
        Candidate.objects.bulk_update(lines, ["admission", "code", "version", "updated_at"])
        journal.record("exam_candidate.judged", ("exam", exam.pk), by=by, changes={"persons": changed})
    return len(lines)


@transaction.atomic
def seat(*, pk: int, exam_id: int, version: int | None, seat_no: str | None, by: Actor) -> Candidate:
    """Give a candidate a seat, or none. Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`seat_taken`)."""
    exam = _locked(exam_id, by)
    row = rows.one(queries.candidates(exam.pk, actor=by), pk, lock=True)
    rows.must_match(row, version, ("exam_candidate", pk))
    changes = rows.change(row, {"seat_no": (seat_no or "").strip() or None})
    if changes:
        with rows.refusing(**SEAT_TAKEN):
            rows.save_changes(row, changes)
        journal.record("exam_candidate.updated", ("exam_candidate", pk), by=by, changes=changes)
    return row


@transaction.atomic
def remove(*, pk: int, exam_id: int, by: Actor) -> None:
    """Take a candidate off the draft of an exam. Raises `NotFound`, `NotAllowed`, `NotNow` (`exam_not_draft`)."""
    exam = _locked(exam_id, by)
    row = rows.one(queries.candidates(exam.pk, actor=by), pk, lock=True)
    if exam.status != ExamStatus.DRAFT:
        raise NotNow("exam_not_draft", "The exam is announced: withdraw the candidate with a reason.")
    row.delete()
    journal.record("exam_candidate.removed", ("exam", exam.pk), by=by, changes={"person": [row.person_id, None]})


@transaction.atomic
def withdraw(*, pk: int, exam_id: int, reason: str | None, by: Actor) -> Candidate:
    """Withdraw a candidate with a reason; nothing of the result changes.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`REASON_REQUIRED`), `NotNow` (`already_withdrawn`, `exam_closed`).
    """
    exam = _locked(exam_id, by)
    row = rows.one(queries.candidates(exam.pk, actor=by), pk, lock=True)
    sentence = require_reason(reason)
    if row.admission == Admission.WITHDRAWN:
        raise NotNow("already_withdrawn", "The candidate is withdrawn already.")
    changes = rows.change(row, {"admission": Admission.WITHDRAWN, "code": "withdrawn"})
    rows.save_changes(row, changes)
    journal.record("exam_candidate.withdrawn", ("exam_candidate", pk), by=by, changes=changes, reason=sentence)
    calendar.follow(exam=exam, by=by)
    return row


@transaction.atomic
def restore(*, pk: int, exam_id: int, reason: str | None, by: Actor) -> Candidate:
    """Enter a withdrawn candidate again, admitted or not as things stand now.

    Raises as `withdraw`, and `NotNow` (`not_withdrawn`).
    """
    exam = _locked(exam_id, by)
    row = rows.one(queries.candidates(exam.pk, actor=by), pk, lock=True)
    sentence = require_reason(reason)
    if row.admission != Admission.WITHDRAWN:
        raise NotNow("not_withdrawn", "The candidate is not withdrawn.")
    verdict = admissions(exam, [row.person_id])[row.person_id]
    admission = Admission.ADMITTED if verdict.is_admitted else Admission.NOT_ELIGIBLE
    changes = rows.change(row, {"admission": admission, "code": verdict.code})
    rows.save_changes(row, changes)
    if exam.status == ExamStatus.MARKING:
        computing.begin(exam=exam, by=by)
    journal.record("exam_candidate.restored", ("exam_candidate", pk), by=by, changes=changes, reason=sentence)
    calendar.follow(exam=exam, by=by)
    return row


def _locked(exam_id: int, by: Actor) -> Exam:
    exam = queries.get(exam_id, actor=by, lock=True)
    by.demand(Perm.EXAM_EDIT, within=queries.may_in(exam, by)(Perm.EXAM_EDIT))
    if exam.status not in OPEN:
        raise NotNow("exam_closed", "The exam is completed or cancelled.")
    return exam
