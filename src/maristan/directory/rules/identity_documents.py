"""Identity documents: what their dates may be, and who says that one is genuine (D2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from maristan.directory.rules.details import DETAILS
from maristan.directory.rules.states import DocumentStatus, Perm
from maristan.kernel.errors import Fault
from maristan.kernel.workflow import Mover, Requirement, Severity, Transition, Workflow

CLEARING = frozenset({"number", "file_id"})


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document as its moves see it; `today` is the institution's local date."""

    status: DocumentStatus
    today: date
    expiry_date: date | None = None
    has_file: bool = False


def date_faults(issue_date: date | None, expiry_date: date | None) -> list[Fault]:
    """A document expires after it was issued."""
    if issue_date is not None and expiry_date is not None and expiry_date <= issue_date:
        return [Fault("/expiry_date", "out_of_range", "It would expire before it was issued.")]
    return []


def _has_file(facts: DocumentFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    label = "A copy of the document is attached"
    yield Requirement("document_file_missing", label, met=facts.has_file, severity=Severity.WARN)


def _is_valid(facts: DocumentFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    is_valid = facts.expiry_date is None or facts.expiry_date >= facts.today
    detail = "" if facts.expiry_date is None else DETAILS["document_expired"].told(day=facts.expiry_date.isoformat())
    yield Requirement(
        "document_expired", "The document has not expired", met=is_valid, detail=detail, severity=Severity.WARN
    )


IDENTITY_DOCUMENT: Workflow[DocumentFacts] = Workflow(
    name="identity_document",
    states=tuple(DocumentStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="verify",
            sources=frozenset({DocumentStatus.UNVERIFIED}),
            target=DocumentStatus.VERIFIED,
            permission=Perm.IDENTITY_VERIFY,
            requirements=(_has_file, _is_valid),
        ),
        Transition(
            name="unverify",
            sources=frozenset({DocumentStatus.VERIFIED}),
            target=DocumentStatus.UNVERIFIED,
            permission=Perm.IDENTITY_VERIFY,
            needs_reason=True,
        ),
    ),
)
