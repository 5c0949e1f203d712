"""Reads of the request desk: types, who may see which request, and what is said about it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from maristan.academics.models import Request, RequestAttachment, RequestRemark, RequestType, Student
from maristan.academics.queries import contributions, obligations, students
from maristan.academics.rules.requests import REQUEST, UNFINISHED, RequestFacts, serves
from maristan.academics.rules.states import Perm, RequestPriority, RequestStatus
from maristan.directory.queries import holders, people
from maristan.directory.queries.settings import local_today
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound
from maristan.kernel.search import Hit
from maristan.kernel.workflow import Move, Requirement

EVERY, NONE = ~Q(pk__in=[]), Q(pk__in=[])
URGENCY = Case(
    *(When(priority=each, then=Value(at)) for at, each in enumerate(RequestPriority)), output_field=IntegerField()
)
ORDERINGS = ("submitted_at", "resolved_at", "status", "title", "type__name", "requester__name", "urgency", "id")
UNSEEN = {"is_internal": True}  # how a line of the journal says that a remark is internal


def request_types(*, actor: Actor) -> "QuerySet[RequestType]":
    """The types of request of the institution."""
    actor.demand(Perm.REQUEST_TYPE_VIEW)
    return RequestType.objects.all()


def type_named(name: int | str, *, actor: Actor) -> int:
    """The id of a type by its id or its code in any case; raises `Invalid` (`unknown_reference`) at `/type`."""
    known = request_types(actor=actor)
    found = known.filter(pk=name) if isinstance(name, int) else known.filter(code__iexact=name)
    pk = found.values_list("pk", flat=True).first()
    if pk is None:
        raise Invalid.unknown("/type")
    return pk


def concerned(pk: int | None, *, actor: Actor) -> Student | None:
    """The student whom a request concerns: one's own record unless another is named.

    Raises `Invalid` (`unknown_reference`) at `/student`.
    """
    if pk is None:
        return Student.objects.filter(person_id=actor.person_id or 0).first()
    return rows.reference(students.students(actor=actor), pk, "/student")


def unmet(code: str, student: Student | None, *, actor: Actor) -> list[Requirement]:
    """What stands against a request of a type for a student: what is owed, then what upper apps ask."""
    person = (student.person_id if student else actor.person_id) or 0
    owed = obligations.unmet([person], obligations.LockPoint.REQUEST, by=actor)[person]
    return [*owed, *(contributions.request_requirements([student.pk], code)[student.pk] if student else ())]


def readiness(*, kind: int, student: int | None, actor: Actor) -> dict[str, Any]:
    """Whether a request of a type could be handed in now, papers aside, as a move with what is missing.

    What a student owes blocks the student alone and warns whoever asks for them. Raises `Invalid`
    (`unknown_reference`).
    """
    asked = rows.reference(request_types(actor=actor), kind, "/type")
    assert asked is not None
    found = unmet(asked.code, concerned(student, actor=actor), actor=actor)
    missing, warnings = (tuple(each for each in found if each.blocks is blocks) for blocks in (True, False))
    return Move("submit", "Hand in", not missing, missing, warnings).as_dict()


def visible_to(*, actor: Actor) -> "QuerySet[Request]":
    """The requests that the actor may see: all, or their own and those that their role handles."""
    reach = actor.demand(Perm.REQUEST_VIEW)
    found = Request.objects.annotate(urgency=URGENCY)
    found = found.select_related("type", "requester", "student__person", "assigned_to")
    return found if reach.everything else found.filter(_made_by(actor) | _handled_by(actor))


def _made_by(actor: Actor) -> Q:
    return Q(requester_id=actor.person_id or 0)


def _handled_by(actor: Actor) -> Q:
    """The requests that the actor handles, the own among them: all, or those of the types of own roles."""
    reach = actor.reach(Perm.REQUEST_HANDLE)
    if not reach or reach.everything:
        return EVERY if reach else NONE
    found, carrying = NONE, holders.roles(Perm.REQUEST_HANDLE)
    for grant in actor.grants:
        served = Q(type__handler_role=grant.role) if grant.role in carrying else NONE
        if grant.scope_kind in ("program", "batch"):
            served &= Q(**{f"student__{grant.scope_kind}_id": grant.scope_id})
        elif grant.scope_kind != "institution":
            served = NONE
        found |= served
    return found


def handles(request: Request, *, actor: Actor) -> bool:
    """True when the actor's role handles this very request, be it the own one or not."""
    reach = actor.reach(Perm.REQUEST_HANDLE)
    if not reach or reach.everything:
        return bool(reach)
    role, student = request.type.handler_role, request.student
    if role not in holders.roles(Perm.REQUEST_HANDLE):
        return False
    program, batch = (student.program_id, student.batch_id) if student else (None, None)
    return serves(actor.grants, role, program=program, batch=batch)


def is_own(request: Request, *, actor: Actor) -> bool:
    """True for the one who made the request."""
    return actor.person_id is not None and request.requester_id == actor.person_id


def sees_internal(request: Request, *, actor: Actor) -> bool:
    """True for who handles the request of somebody else: what is internal is never for the requester."""
    return handles(request, actor=actor) and not is_own(request, actor=actor)


def is_editable(request: Request, *, actor: Actor) -> bool:
    """True while the one who made the request may still mend it."""
    may = actor.may(Perm.REQUEST_CREATE) and is_own(request, actor=actor)
    return may and request.status == RequestStatus.PENDING


def handled(pk: int, *, actor: Actor) -> Request:
    """A request that the actor handles; raises `NotFound`, `NotAllowed`."""
    found = rows.one(visible_to(actor=actor), pk)
    actor.demand(Perm.REQUEST_HANDLE, within=handles(found, actor=actor))
    return found


def matching(found: "QuerySet[Request]", text: str) -> "QuerySet[Request]":
    """Requests of that number, or whose title, type, requester or student contains the text."""
    wanted = " ".join(text.split())
    if not wanted:
        return found
    named = Q(title__icontains=wanted) | Q(type__name__icontains=wanted) | Q(requester__name__icontains=wanted)
    named |= Q(student__reg_no__icontains=wanted) | Q(student__person__name__icontains=wanted)
    number = wanted.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        named |= Q(pk=int(number))
    return found.filter(named)


def mine(found: "QuerySet[Request]", wanted: bool, *, actor: Actor) -> "QuerySet[Request]":
    """Those of `found` that the actor made, or the others."""
    return found.filter(_made_by(actor)) if wanted else found.exclude(_made_by(actor))


def unfinished(found: "QuerySet[Request]", wanted: bool) -> "QuerySet[Request]":
    """Those of `found` that still wait for somebody, or those that have ended."""
    return found.filter(status__in=UNFINISHED) if wanted else found.exclude(status__in=UNFINISHED)


def facts(request: Request, *, actor: Actor) -> RequestFacts:
    """A request as the rules see it."""
    return RequestFacts(RequestStatus(request.status), is_own=is_own(request, actor=actor))


def moves(request: Request, *, actor: Actor) -> list[Move]:
    """What may be done with the request now, and what is missing."""
    permitted = {
        str(Perm.REQUEST_HANDLE): handles(request, actor=actor),
        str(Perm.REQUEST_CREATE): actor.reach(Perm.REQUEST_CREATE).covers(own=is_own(request, actor=actor)),
    }
    return REQUEST.moves(facts(request, actor=actor), actor, clock.now(), may=lambda name: permitted[str(name)])


def handlers(request: Request) -> dict[int, str]:
    """Who may be given the request, the requester left out: person id → name, by name."""
    day, scope = local_today(), _scope(request)
    found = holders.people(Perm.REQUEST_HANDLE, day=day)
    if request.type.handler_role in holders.roles(Perm.REQUEST_HANDLE):
        found |= holders.in_role(request.type.handler_role, day=day, **scope)
    names = people.names_of(found - {request.requester_id})
    return dict(sorted(names.items(), key=lambda each: (each[1].casefold(), each[0])))


def audience(request: Request) -> tuple[str, ...]:
    """Audience keys of those for whom the request waits: its assignee, else whoever handles its type.

    Where nobody holds the role, or it handles nothing, it waits for those who handle everything.
    """
    if request.assigned_to_id is not None:
        return (f"person:{request.assigned_to_id}",)
    role, everywhere = request.type.handler_role, holders.keys(Perm.REQUEST_HANDLE)
    if f"role:{role}" in everywhere:
        return (f"role:{role}",)
    if role not in holders.roles(Perm.REQUEST_HANDLE):
        return everywhere
    scope = _scope(request)
    own = holders.keys_in_role(role, **scope)
    return own if holders.in_role(role, day=local_today(), **scope) else tuple(sorted({*everywhere, *own}))


def _scope(request: Request) -> dict[str, int]:
    """Where the student concerned studies; nowhere for a request that concerns none."""
    student = request.student
    return {"program": student.program_id, "batch": student.batch_id} if student else {}


def attachments(request: Request) -> list[RequestAttachment]:
    """What is attached to a request of `visible_to`, in order."""
    return list(RequestAttachment.objects.filter(request=request).select_related("file"))


def attachment(request: Request, pk: int) -> RequestAttachment:
    """One of them; raises `NotFound`."""
    found = RequestAttachment.objects.filter(request=request, pk=pk).select_related("file").first()
    if found is None:
        raise NotFound()
    return found


def remarks(request: Request, *, actor: Actor) -> "QuerySet[RequestRemark]":
    """What was said about a request of `visible_to`, oldest first; internal remarks for its handlers alone."""
    found = RequestRemark.objects.filter(request=request)
    return found if sees_internal(request, actor=actor) else found.filter(is_internal=False)


def timeline(request: Request, *, actor: Actor) -> "QuerySet[Any]":
    """What happened to a request of `visible_to`, newest first; without internal remarks but for its handlers."""
    found = journal.lines_of("request", request.pk)
    return found if sees_internal(request, actor=actor) else found.exclude(changes__contains=UNSEEN)


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Requests for the search box: only those that the actor may see."""
    if not actor.may(Perm.REQUEST_VIEW):
        return []
    found = matching(visible_to(actor=actor), text).order_by("-submitted_at", "-pk")[:limit]
    return [
        Hit("request", row.title, f"{row.type.name} · {row.requester.name}", f"/requests/{row.pk}") for row in found
    ]
