"""What a person's page shows of people, by what the reader may see of each: constant queries for any number."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from maristan.directory.models import ContactInfo, IdentityDocument, Invitation, Leave, Membership, Person
from maristan.directory.queries import scoped_people
from maristan.directory.queries.identity import active_on
from maristan.directory.queries.invitations import with_live
from maristan.directory.queries.people import with_scope_names
from maristan.directory.rules.states import Perm
from maristan.kernel import tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JournalLine, StoredFile

PLAIN = (
    "id", "name", "given_name", "middle_name", "family_name", "name_latin", "is_active", "version", "created_at",
    "updated_at",
)  # fmt: skip
DETAILS = ("father_name", "date_of_birth", "gender", "proposed_username")
JOURNAL_VIEW = "journal.view"
RECORDS: tuple[tuple[str, type[Any]], ...] = (
    ("membership", Membership),
    ("leave", Leave),
    ("invitation", Invitation),
    ("identity_document", IdentityDocument),
)


def shown(people: Sequence[Person], *, actor: Actor, day: date) -> list[dict[str, Any]]:
    """Each person with the roles held on `day`; what the actor may not see of somebody is null."""
    ids = [person.pk for person in people]
    detailed = scoped_people.covered(actor.reach(Perm.CONTACT_VIEW), ids, actor=actor, day=day, with_entered=True)
    identified = scoped_people.covered(actor.reach(Perm.IDENTITY_VIEW), ids, actor=actor, day=day)
    contacts = _by_person(ContactInfo.objects.filter(person_id__in=detailed))
    held = with_scope_names(Membership.objects.filter(active_on(day), person_id__in=detailed))
    roles = _by_person(held)
    invited = with_live(detailed)
    return [
        {
            **{field: getattr(person, field) for field in PLAIN},
            **{field: getattr(person, field) if person.pk in detailed else None for field in DETAILS},
            "national_id": person.national_id if person.pk in identified else None,
            "photo": f"/api/v1/directory/persons/{person.pk}/photo/" if person.photo_id else None,
            "has_account": person.user_id is not None if person.pk in detailed else None,
            "user_id": person.user_id if person.pk in detailed else None,
            "has_live_invitation": person.pk in invited if person.pk in detailed else None,
            "contacts": contacts.get(person.pk, []) if person.pk in detailed else None,
            "roles": [_role(each) for each in roles.get(person.pk, [])] if person.pk in detailed else None,
        }
        for person in people
    ]


def _by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _role(held: Any) -> dict[str, Any]:
    return {
        "membership": held.pk,
        "role": held.role,
        "scope_kind": held.scope_kind,
        "scope_id": held.scope_id,
        "scope_name": held.scope_name,
        "designation": held.designation,
        "is_primary": held.is_primary,
    }


def photo(person: Person) -> StoredFile:
    """A person's photo; raises `NotFound` for one who has none."""
    if person.photo is None:
        raise NotFound()
    return person.photo


def timeline(person: Person, *, actor: Actor) -> "QuerySet[JournalLine]":
    """What happened to a person and their roles, leave, invitations and papers, newest first.

    It is for oneself and for those who read the journal.
    """
    if not actor.may(JOURNAL_VIEW) and person.pk != actor.person_id:
        actor.demand(JOURNAL_VIEW)
    subjects = Q(subject_kind="person", subject_id=str(person.pk))
    for kind, model in RECORDS:
        ids = [str(pk) for pk in model.objects.filter(person=person).values_list("pk", flat=True)]
        subjects |= Q(subject_kind=kind, subject_id__in=ids)
    return JournalLine.objects.filter(subjects, institution_id=tenancy.current()).order_by("-id")
