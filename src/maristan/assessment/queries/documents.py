"""Documents: who sees which, what a stranger is told, and what a learner must have done before one is issued."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from maristan.academics.queries import learners, obligations, students
from maristan.assessment.models import Document, DocumentBatch, DocumentBatchLine, Result
from maristan.assessment.queries import contributions
from maristan.assessment.queries.exams import SHOWN
from maristan.assessment.rules.documents import (
    PRINTED_HASH,
    CertificateKind,
    DocumentFacts,
    DocumentStatus,
    IssueFacts,
    issue_requirements,
    masked,
    moves,
    read_code,
)
from maristan.assessment.rules.states import Perm
from maristan.directory.queries import people
from maristan.directory.queries.settings import institution, local_today
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import Gone, NotFound
from maristan.kernel.languages import Language, language
from maristan.kernel.workflow import Move, Requirement

SALT = "assessment.document"
ORDERINGS = ("number", "issued_at", "status", "kind", "id")
NO_STUDENT = "STUDENT_NOT_FOUND"
FIELDS = (
    "kind", "number", "language", "content_hash", "file_sha256", "code", "status", "issued_at", "issued_by",
    "revoked_at", "reason", "version",
)  # fmt: skip


def visible_to(*, actor: Actor) -> "QuerySet[Any]":
    """Every document for the offices that issue them, one's own for everybody else; with what lists show."""
    reach = actor.demand(Perm.DOCUMENT_VIEW)
    rows: QuerySet[Any] = Document.objects.annotate(
        full_name=F("person__name"), replaced_by=F("superseded_by__number"), revoked_by_name=F("revoked_by__name")
    )
    return rows if reach.everything else rows.filter(person=actor.person_id or 0)


def matching(found: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """Those whose number, learner or registration number contains the text."""
    wanted = " ".join(text.split())
    if not wanted:
        return found
    named = Q(person__name__icontains=wanted) | Q(student__reg_no__icontains=wanted)
    return found.filter(Q(number__icontains=wanted) | named)


def shown(row: Any, *, actor: Actor) -> dict[str, Any]:
    """A document as lists show it."""
    status = DocumentStatus(row.status)
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in FIELDS},
        "person": row.person_id,
        "full_name": row.full_name,
        "reg_no": row.snapshot.get("reg_no", ""),
        "printed_hash": row.content_hash[:PRINTED_HASH],
        "is_ready": row.file_id is not None,
        "replaced_by": row.replaced_by,
        "revoked_by_name": row.revoked_by_name,
        "verify_url": verify_url(row.code),
        "moves": moves(DocumentFacts(status), actor, clock.now()),
    }


def verify_url(code: str) -> str:
    """Where a stranger checks a document; the QR on it holds this and nothing else (T3)."""
    return f"{settings.SITE_URL.rstrip('/')}/verify/{code}"


def learner(*, student: int | None, person: int | None, actor: Actor) -> int:
    """The person for whom a document is asked; raises `NotFound` (STUDENT_NOT_FOUND)."""
    reach = actor.demand(Perm.DOCUMENT_ISSUE)
    found = person
    if student is not None:
        found = students.person_of(student)
    if found is None or (not reach.everything and found != actor.person_id):
        raise NotFound(NO_STUDENT, "There is no such learner here.")
    if not learners.of([found], day=local_today()):
        raise NotFound(NO_STUDENT, "There is no such learner here.")
    return found


def unmet(kind: CertificateKind, persons: Collection[int], *, by: Actor) -> dict[int, list[Requirement]]:
    """What blocks a document for each of these learners, or warns whoever acts for them; constant queries."""
    owed = obligations.unmet(persons, obligations.LockPoint.DOCUMENT, by=by)
    contributed = contributions.to_issue(kind, persons)
    current = Result.objects.filter(person__in=list(persons), is_current=True, status__in=SHOWN)
    published = set(current.values_list("person_id", flat=True).distinct())
    return {
        person: [
            each
            for each in issue_requirements(
                IssueFacts(kind, person in published, (*owed[person], *contributed.get(person, ())))
            )
            if not each.met
        ]
        for person in persons
    }


def readiness(
    *, student: int | None, person: int | None, actor: Actor, kind: CertificateKind = CertificateKind.TRANSCRIPT
) -> dict[str, Any]:
    """Whether a document of a learner, oneself if none is named, could be issued now, as a move with what is missing.

    What a learner owes blocks the learner alone and warns whoever acts for them. Raises `NotFound` (STUDENT_NOT_FOUND).
    """
    named = person if student is not None or person is not None else actor.person_id
    whose = learner(student=student, person=named, actor=actor)
    found = unmet(kind, [whose], by=actor)[whose]
    missing, warnings = ([each for each in found if each.blocks is blocks] for blocks in (True, False))
    return Move("issue", "Issue", not missing, tuple(missing), tuple(warnings)).as_dict()


def spoken_by(person: int) -> Language:
    """The language that a learner chose, else the institution's."""
    chosen = people.languages([person]).get(person, "")
    return language(chosen, institution().locale, settings.LANGUAGE_CODE)


def own_addresses(person: int) -> list[str]:
    """The registered addresses of a learner, the one for mail first."""
    return people.addresses_of(person)


def latest(kind: CertificateKind, person: int, content_hash: str) -> Document | None:
    """The document that says this already and still holds (T4)."""
    rows = Document.objects.filter(kind=kind, person=person, status=DocumentStatus.ISSUED, content_hash=content_hash)
    return rows.order_by("-pk").first()


def local_year() -> int:
    """The year in the institution's zone, which numbers carry."""
    return local_today().year


def issued_on(row: Any) -> date:
    """The local day of issue."""
    at: Any = row.issued_at
    day: date = at.astimezone(ZoneInfo(institution().time_zone)).date()
    return day


def verified(code: str) -> dict[str, Any] | None:
    """What a stranger is told of a code (T5); none for a code that was never given.

    A stranger is signed in nowhere: only the database can say whose the document is.
    """
    wanted = read_code(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT assessment_issued_as(%s)", [wanted])
        institution_id = cursor.fetchone()[0]
    if institution_id is None:
        return None
    with tenancy.acting_in(institution_id):
        return _told(Document.objects.get(code=wanted))


def _told(row: Any) -> dict[str, Any]:
    return {
        "valid": row.status == DocumentStatus.ISSUED,
        "status": row.status,
        "reason": row.status,
        "institution": institution().name,
        "kind": row.kind,
        "number": row.number,
        "programme": row.snapshot.get("program", ""),
        "issued_on": issued_on(row),
        "content_hash": row.content_hash,
        "file_sha256": row.file_sha256,
        "name": masked(row.snapshot["name"]),
    }


def by_link(token: str) -> Document:
    """The document behind a signed address, its institution entered; raises `NotFound`, `Gone` (`link_expired`)."""
    try:
        institution_id, pk, until = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound() from None
    if clock.now() > datetime.fromisoformat(until):
        raise Gone("link_expired", "The link has ended; ask for the document again.")
    tenancy.enter(institution_id)
    found = Document.objects.select_related("file").filter(pk=pk, file__isnull=False)
    row = found.exclude(status=DocumentStatus.REVOKED).first()
    if row is None:
        raise NotFound()
    return row


def batches(*, actor: Actor) -> "QuerySet[DocumentBatch]":
    """Batches, for those who may issue to anybody."""
    reach = actor.demand(Perm.DOCUMENT_ISSUE)
    return DocumentBatch.objects.all() if reach.everything else DocumentBatch.objects.none()


def batch_lines(batch: int, *, actor: Actor) -> Any:
    """The learners of a batch with what became of each."""
    rows: Any = DocumentBatchLine.objects.filter(batch__in=batches(actor=actor), batch=batch)
    return rows.annotate(full_name=F("person__name"), number=F("document__number"))


def batch_counts(batch: int) -> dict[str, int]:
    """How many learners a batch has, how many documents were made and how many were skipped: one query."""
    made = Q(is_done=True, document__isnull=False)
    return DocumentBatchLine.objects.filter(batch=batch).aggregate(
        total=Count("pk"), issued=Count("pk", filter=made), skipped=Count("pk", filter=Q(is_done=True) & ~made)
    )
