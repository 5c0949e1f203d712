"""The request desk: who serves a request, what must come with it, and how it ends."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from maristan.academics.rules.details import DETAILS
from maristan.academics.rules.states import Perm, RequestCode, RequestStatus
from maristan.kernel.access import Grant, Role
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow, refuse

MOST_ATTACHMENTS = 10
STEM_LENGTH = 100
NON_JOINER = "\u200c"  # Urdu and Persian write it within words
UNDECIDED = frozenset({RequestStatus.PENDING, RequestStatus.UNDER_REVIEW})
UNFINISHED = UNDECIDED | {RequestStatus.APPROVED}
# A student only ever asks, and an operator belongs to no institution.
HANDLER_ROLES = frozenset(Role) - {Role.STUDENT, Role.OPERATOR}


@dataclass(frozen=True, slots=True)
class Starter:
    """A type of request that every institution starts with."""

    code: RequestCode
    name: str
    handler_role: Role


STARTERS = (
    Starter(RequestCode.TRANSCRIPT, "Transcript", Role.EXAM_CELL),
    Starter(RequestCode.BONAFIDE, "Bonafide certificate", Role.REGISTRAR),
    Starter(RequestCode.NOC, "No objection certificate", Role.REGISTRAR),
    Starter(RequestCode.CORRECTION, "Correction of record", Role.REGISTRAR),
    Starter(RequestCode.OTHER, "Other", Role.REGISTRAR),
)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request about to be handed in, as far as its type judges it."""

    type_is_active: bool
    requires_attachment: bool
    attachment_count: int


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request as seen by the one who acts; `is_own` says that the actor made it."""

    status: RequestStatus
    is_own: bool = False


def serves(grants: Iterable[Grant], role: str, *, program: int | None, batch: int | None) -> bool:
    """True when one of these roles is `role`, held everywhere or over the program or batch of the student concerned."""
    scopes = {("program", program), ("batch", batch)} - {("program", None), ("batch", None)}
    return any(
        grant.role == role and (grant.scope_kind == "institution" or (grant.scope_kind, grant.scope_id) in scopes)
        for grant in grants
    )


def submission_requirements(submission: Submission) -> Iterator[Requirement]:
    """What a type asks of a request that is handed in."""
    yield Requirement("type_inactive", "Requests of this type are taken", met=submission.type_is_active)
    met = not submission.requires_attachment or submission.attachment_count > 0
    yield Requirement("attachment_missing", "A paper is attached", met=met)


def check_submission(submission: Submission, contributed: Sequence[Requirement] = ()) -> None:
    """Raise `NotNow` whose code is the first unmet requirement's; `contributed` ones of upper apps come last."""
    missing = [each for each in (*submission_requirements(submission), *contributed) if each.blocks]
    if missing:
        refuse(missing, code=missing[0].code)


def attachment_stem(filename: str) -> str:
    """A file's name as it is shown, without folders, ending and characters that are not seen; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    stem = last.rpartition(".")[0] or last
    shown = "".join(char for char in " ".join(stem.split()) if char.isprintable() or char == NON_JOINER)
    return shown[:STEM_LENGTH].strip() or "attachment"


# --- workflow -----------------------------------------------------------------------------------------------------


def _not_own(facts: RequestFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("own_request", "Somebody else serves one's own request", met=not facts.is_own)


def _is_own(facts: RequestFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("not_yours", "It is taken back by the one who made it", met=facts.is_own)


def _approved(facts: RequestFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    met = facts.status is RequestStatus.APPROVED
    yield Requirement(
        "NOT_APPROVED", "The request is approved", met=met, detail=DETAILS["NOT_APPROVED"].told(status=facts.status)
    )


REQUEST: Workflow[RequestFacts] = Workflow(
    name="request",
    states=tuple(RequestStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="assign",
            sources=frozenset({RequestStatus.PENDING}),
            target=RequestStatus.UNDER_REVIEW,
            permission=Perm.REQUEST_HANDLE,
            requirements=(_not_own,),
        ),
        Transition(
            name="approve",
            sources=UNDECIDED,
            target=RequestStatus.APPROVED,
            permission=Perm.REQUEST_HANDLE,
            requirements=(_not_own,),
        ),
        Transition(
            name="reject",
            sources=UNDECIDED,
            target=RequestStatus.REJECTED,
            permission=Perm.REQUEST_HANDLE,
            requirements=(_not_own,),
            needs_reason=True,
        ),
        # From APPROVED alone; the other states are among its sources so that they are answered with its contract code.
        Transition(
            name="complete",
            sources=frozenset(RequestStatus),
            target=RequestStatus.COMPLETED,
            permission=Perm.REQUEST_HANDLE,
            requirements=(_approved, _not_own),
        ),
        Transition(
            name="cancel",
            sources=frozenset({RequestStatus.PENDING}),
            target=RequestStatus.CANCELLED,
            permission=Perm.REQUEST_CREATE,
            requirements=(_is_own,),
        ),
    ),
)
