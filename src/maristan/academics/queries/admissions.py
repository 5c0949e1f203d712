"""Reads of intakes and applications: who may see which, whom else they resemble, and what is missing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from maristan.academics.models import Application, ApplicationFile, Group, Intake, Student
from maristan.academics.rules.admissions import (
    APPLICATION,
    EXPECTED_PAPERS,
    OPEN,
    REQUIRED,
    ApplicationFacts,
    Identity,
    Window,
    empty_fields,
)
from maristan.academics.rules.details import DETAILS
from maristan.academics.rules.states import ApplicationDocument, ApplicationStatus, Perm
from maristan.directory.queries import same_people
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor, Reach
from maristan.kernel.errors import Gone, NotFound
from maristan.kernel.messages import together
from maristan.kernel.models import StoredFile
from maristan.kernel.names import normal_identifier
from maristan.kernel.search import Hit
from maristan.kernel.workflow import Move

APPLICANT = "Applicant"
PHOTO = "photo"
LIVE = (*OPEN, ApplicationStatus.APPROVED)
SUBMITTED = ~Q(status=ApplicationStatus.DRAFT)
NAMED = ("cnic_or_bform", "mobile", "email", "mdcat_roll_number")


def intakes(*, actor: Actor) -> "QuerySet[Intake]":
    """The intakes that the actor may see, with how many applied, wait and were admitted."""
    reach = actor.demand(Perm.INTAKE_VIEW)
    found = Intake.objects.select_related("program", "batch").filter(_within(reach, ""))
    return found.annotate(
        application_count=Count("applications", filter=~Q(applications__status=ApplicationStatus.DRAFT)),
        open_count=Count("applications", filter=Q(applications__status__in=OPEN)),
        approved_count=Count("applications", filter=Q(applications__status=ApplicationStatus.APPROVED)),
    )


def open_intakes(now: datetime) -> "QuerySet[Intake]":
    """The intakes of the institution in context that are open to everybody at a moment."""
    found = Intake.objects.select_related("program", "batch").filter(opens_at__lte=now, closes_at__gt=now)
    return found.order_by("closes_at", "pk")


def open_at(found: "QuerySet[Intake]", now: datetime, wanted: bool) -> "QuerySet[Intake]":
    """Those of `found` that are open at a moment, or the others."""
    is_open = Q(opens_at__lte=now, closes_at__gt=now)
    return found.filter(is_open) if wanted else found.exclude(is_open)


def in_status(found: "QuerySet[Application]", status: ApplicationStatus | None) -> "QuerySet[Application]":
    """Those of `found` of a status; without one those that were handed in."""
    return found.filter(SUBMITTED) if status is None else found.filter(status=status)


def applications(*, actor: Actor) -> "QuerySet[Application]":
    """The applications that the actor may look through: all, or those of own programs and batches."""
    reach = actor.demand(Perm.APPLICATION_REVIEW)
    rows = Application.objects.select_related("intake__program", "intake__batch", "student")
    return rows.filter(_within(reach, "intake__"))


def _within(reach: Reach, prefix: str) -> Q:
    if reach.everything:
        return Q()
    return Q(**{f"{prefix}program_id__in": reach.programs}) | Q(**{f"{prefix}batch_id__in": reach.batches})


def matching(found: "QuerySet[Application]", text: str) -> "QuerySet[Application]":
    """Those whose name, number, identity number, mobile or e-mail contains the text."""
    wanted = text.strip()
    if not wanted:
        return found
    named = Q(full_name__icontains=wanted) | Q(number__icontains=wanted) | Q(email__icontains=wanted)
    digits = "".join(char for char in wanted if char.isdigit()).lstrip("0")
    if len(digits) >= 4:
        named |= Q(cnic_or_bform__contains=digits) | Q(mobile__contains=digits)
    return found.filter(named)


def may(actor: Actor, application: Application, permission: str) -> bool:
    """True when the actor holds a permission over the program of this very application."""
    intake = application.intake
    return actor.reach(permission).covers(program=intake.program_id, batch=intake.batch_id)


# --- duplicates (A14) ---------------------------------------------------------------------------------------------


def identity(application: Application) -> Identity:
    """What tells this applicant from another."""
    return Identity(application.cnic_or_bform, application.mobile, application.email, application.mdcat_roll_number)


def duplicates(application: Application) -> list[dict[str, Any]]:
    """Other open or approved applications of the intake, students and people of the same identity or address.

    Each says what is shared; a person who is no student counts by the identity number alone. Eight queries at most.
    """
    own = identity(application)
    shared = Q(pk__in=[])
    for field in NAMED:
        if getattr(application, field):
            shared |= Q(**{field: getattr(application, field)})
    others = Application.objects.filter(shared).exclude(pk=application.pk).select_related("student__person")
    found = []
    of_students: dict[int, set[str]] = {}
    for other in others.filter(Q(intake=application.intake_id, status__in=LIVE) | Q(student__isnull=False)):
        common = own.shared_with(identity(other))
        if other.student is not None and other.intake_id != application.intake_id:
            of_students.setdefault(other.student.person_id, set()).update(set(common) & {"mdcat_roll_number"})
            continue
        found.append(_like("application", other.pk, other.full_name, other.number or "", other.status, common))
    return found + _people_like(own, of_students, known={each["id"] for each in found})


def _people_like(own: Identity, of_students: dict[int, set[str]], known: set[int]) -> list[dict[str, Any]]:
    words = {"civic_number": "cnic_or_bform"}
    sharing = same_people.sharing(civic_number=own.cnic, mobile=own.mobile, email=own.email)
    for person, common in sharing.items():
        of_students.setdefault(person, set()).update(words.get(each, each) for each in common)
    people = {person: common for person, common in of_students.items() if common}
    if not people:
        return []
    students = {row.person_id: row for row in Student.objects.filter(person_id__in=people).select_related("person")}
    found = [
        _like("student", row.pk, row.person.name, row.reg_no, row.status, sorted(people[person]), person=person)
        for person, row in sorted(students.items())
    ]
    strangers = [pk for pk, common in sorted(people.items()) if pk not in students and "cnic_or_bform" in common]
    names = same_people.names(strangers) if strangers else {}
    return found + [_like("person", pk, names[pk], "", "", sorted(people[pk]), person=pk) for pk in strangers]


def _like(
    kind: str, pk: int, name: str, number: str, status: str, shared: Sequence[str], *, person: int | None = None
) -> dict[str, Any]:
    return {
        "kind": kind, "id": pk, "name": name, "number": number, "status": status, "shared": list(shared),
        "person": person,
    }  # fmt: skip


def described(duplicate: dict[str, Any]) -> str:
    """A duplicate in a few words."""
    shared = together(DETAILS["shared"].told(field=each) for each in duplicate["shared"])
    sentence = DETAILS["duplicate" if duplicate["number"] else "duplicate_unnumbered"]
    return sentence.told(kind=duplicate["kind"], number=duplicate["number"], name=duplicate["name"], shared=shared)


# --- moves --------------------------------------------------------------------------------------------------------


def facts(
    application: Application,
    found: Sequence[dict[str, Any]],
    *,
    has_placement: bool,
    person: int | None = None,
    overridden: bool = False,
) -> ApplicationFacts:
    """An application as the rules see it; a duplicate that is the `person` chosen for it is settled. Two queries."""
    intake = application.intake
    taken = Application.objects.filter(intake=intake, status=ApplicationStatus.APPROVED).count()
    papers = set(ApplicationFile.objects.filter(application=application).values_list("kind", flat=True))
    if application.photo_id is not None:
        papers.add(PHOTO)
    unsettled = [each for each in found if person is None or each["person"] != person]
    return ApplicationFacts(
        status=ApplicationStatus(application.status),
        opens_at=intake.opens_at,
        closes_at=intake.closes_at,
        empty=empty_fields({name: getattr(application, name) for name in REQUIRED}),
        papers_missing=tuple(kind for kind in EXPECTED_PAPERS if kind not in papers),
        has_placement=has_placement,
        seats_left=intake.seats - taken,
        duplicates=tuple(described(each) for each in unsettled),
        overridden=overridden,
    )


def has_groups(application: Application) -> bool:
    """True when the intake's batch has a group to place somebody in."""
    return Group.objects.filter(batch=application.intake.batch_id).exists()


def moves(
    application: Application, found: Sequence[dict[str, Any]], *, actor: Actor, names: Sequence[str]
) -> list[Move]:
    """Which of these moves are open, and what is missing."""
    known = facts(application, found, has_placement=has_groups(application))
    listed = APPLICATION.moves(known, actor, clock.now(), may=lambda permission: may(actor, application, permission))
    return [each for each in listed if each.name in names]


def paper_kind(kind: str) -> str:
    """A kind of paper that applications have, `photo` among them; raises `NotFound`."""
    if kind not in (PHOTO, *ApplicationDocument):
        raise NotFound()
    return kind


def paper(application: Application, kind: str) -> StoredFile:
    """One paper of an application; raises `NotFound`."""
    if kind == PHOTO:
        found = application.photo
    else:
        row = ApplicationFile.objects.filter(application=application, kind=kind).select_related("file").first()
        found = row.file if row else None
    if found is None:
        raise NotFound()
    return found


def papers(application: Application) -> list[dict[str, Any]]:
    """Kind, name, type and size (bytes) of each paper, the photo first."""
    rows = ApplicationFile.objects.filter(application=application).select_related("file").order_by("kind")
    stored = [(PHOTO, application.photo)] if application.photo is not None else []
    stored += [(row.kind, row.file) for row in rows]
    return [
        {"kind": kind, "name": file.name, "content_type": file.content_type, "size": file.size} for kind, file in stored
    ]


def timeline(application: Application) -> "QuerySet[Any]":
    """What happened to an application of `applications`, newest first."""
    return journal.lines_of("application", application.pk)


# --- those without an account -------------------------------------------------------------------------------------


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def applicant() -> Actor:
    """Whoever came through the link of an application: somebody of the institution in context without a name."""
    return Actor(
        None,
        tenancy.current(),
        name=APPLICANT,
        reaches={str(Perm.APPLICATION_SUBMIT): Reach(everything=True, own=True)},
    )


def enter(code: str) -> None:
    """Enter the institution of a code, or the only one there is; raises `NotFound`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_institution_coded(%s)", [code.strip().lower()])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotFound()
    tenancy.enter(row[0])


def opened_by(token: str, *, lock: bool = False) -> Application:
    """The application of a link, its institution entered; raises `NotFound` and, once the link is over, `Gone`.

    A link is opened by somebody who is signed in nowhere: only the database can say whose it is.
    """
    hashed = digest(token)
    with connection.cursor() as cursor:
        cursor.execute("SELECT academics_applied_with(%s)", [hashed])
        institution_id = cursor.fetchone()[0]
    if institution_id is None:
        raise NotFound()
    tenancy.enter(institution_id)
    rows = Application.objects.select_related("intake__program", "intake__batch", "photo", "student")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(token_hash=hashed).first()
    if found is None:
        raise NotFound()
    if found.token_expires_at <= clock.now():
        raise Gone("link_expired", "This link is no longer valid; ask for a new one.")
    return found


def told_reason(application: Application) -> str:
    """The reason that an applicant is told: why not. Why one was admitted in spite of a duplicate is about others."""
    return application.decision_reason if application.status == ApplicationStatus.REJECTED else ""


def is_open(intake: Intake, now: datetime) -> bool:
    """True while people may apply."""
    return Window(intake.opens_at, intake.closes_at).is_open(now)


@dataclass(frozen=True, slots=True)
class House:
    """What applicants are told of the institution that they apply to."""

    code: str
    name: str
    time_zone: str


def house() -> House:
    """The institution in context."""
    here = institution()
    return House(here.code, here.name, here.time_zone)


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Applications handed in, for the search box."""
    if not actor.may(Perm.APPLICATION_REVIEW) or not normal_identifier(text):
        return []
    found = matching(applications(actor=actor).filter(SUBMITTED), text).order_by("-pk")
    return [
        Hit("application", row.full_name, row.number or "", f"/academics/applications/{row.pk}")
        for row in found[:limit]
    ]
