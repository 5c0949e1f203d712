"""Reads of people, their contacts and memberships."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from maristan.directory.models import ContactInfo, Leave, Membership, Person
from maristan.directory.queries import contributions, scoped_people
from maristan.directory.queries.identity import active_on
from maristan.directory.queries.settings import institution, local_today
from maristan.directory.rules.states import Perm
from maristan.kernel import clock, imports
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.names import tidy
from maristan.kernel.phones import normal_phone
from maristan.kernel.search import Hit


def visible_to(*, actor: Actor) -> "QuerySet[Person]":
    """The people that the actor may see; with a scope also those taught there, and all who teach: weeks name them."""
    reach = actor.demand(Perm.PERSON_VIEW)
    if reach.everything:
        return Person.objects.all()
    day = local_today()
    covered = scoped_people.within(reach, actor=actor, day=day, person="pk")
    if reach.departments or reach.programs or reach.batches:
        covered |= scoped_people.studying(reach, person="pk") | Q(Exists(_teaching(day)))
    return Person.objects.filter(covered)


def _teaching(day: date) -> "QuerySet[Membership]":
    """Faculty memberships of departments in force on a day, of the person in the outer query."""
    return Membership.objects.filter(active_on(day), person=OuterRef("pk"), role="faculty", scope_kind="department")


def get(pk: int, *, actor: Actor, lock: bool = False) -> Person:
    """One person; raises `NotFound` when the actor may not see them."""
    rows = visible_to(actor=actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def matching(rows: "QuerySet[Person]", text: str, country: str, *, reached: Q) -> "QuerySet[Person]":
    """People whose name in any script contains the text, or the phone or address of those for whom `reached` holds.

    A phone is found in any spelling of `country`.
    """
    wanted = tidy(text)
    if not wanted:
        return rows
    named = Q(name__icontains=wanted) | Q(name_latin__icontains=wanted)
    contact = Q(value__icontains=wanted) | Q(value__in=_phones(wanted, country))
    by_contact = ContactInfo.objects.filter(contact, person=OuterRef("pk"))
    return rows.filter(named | (reached & Exists(by_contact)))


def reached_by(*, actor: Actor, day: date, person: str = "pk") -> Q:
    """Rows whose `person` the actor may see more of than name and photo: contacts, roles, account."""
    reach = actor.reach(Perm.CONTACT_VIEW)
    found = scoped_people.within(reach, actor=actor, day=day, person=person)
    return found if reach.everything else found | scoped_people.entered_by(actor, person=person)


def is_active(pk: int) -> bool:
    """True while a person has not been deactivated."""
    return Person.objects.filter(pk=pk, is_active=True).exists()


def has_account(pk: int) -> bool:
    """True for a person who can sign in."""
    return Person.objects.filter(pk=pk, user__isnull=False).exists()


def primary_contact(kind: str, *, person: str) -> Subquery:
    """The primary contact of a kind, else the oldest, of the person in the outer query's column `person`."""
    found = ContactInfo.objects.filter(person=OuterRef(person), kind=kind).order_by("-is_primary", "pk")
    return Subquery(found.values("value")[:1])


def _phones(text: str, country: str) -> list[str]:
    try:
        return [normal_phone(text, country)]
    except ValueError:
        return []


def in_role(rows: "QuerySet[Person]", role: str, *, actor: Actor, day: date) -> "QuerySet[Person]":
    """Those of `rows` who hold a role on a day, as far as the actor may know."""
    return rows.filter(Exists(_known_roles(actor, day).filter(role=role)))


def in_department(rows: "QuerySet[Person]", department: int, *, actor: Actor, day: date) -> "QuerySet[Person]":
    """Those of `rows` who hold a role in that very department on a day, as far as the actor may know."""
    return rows.filter(Exists(_known_roles(actor, day).filter(scope_kind="department", scope_id=department)))


def _known_roles(actor: Actor, day: date) -> "QuerySet[Membership]":
    """The roles of the person in the outer query that the actor may know of: teaching is no secret."""
    known = Q(role="faculty") | reached_by(actor=actor, day=day, person="person_id")
    return Membership.objects.filter(known, active_on(day), person=OuterRef("pk"))


def entered_by(rows: "QuerySet[Person]", run: int, *, actor: Actor) -> "QuerySet[Person]":
    """Those of `rows` whom a committed file of teachers entered; nobody for a run that the actor may not see."""
    if not actor.may(Perm.FACULTY_IMPORT):
        return rows.none()
    committed = imports.visible_to("faculty", actor=actor).filter(pk=run).first()
    return rows.filter(pk__in=committed.entered or ()) if committed else rows.none()


def teachers(*, actor: Actor, day: date) -> "QuerySet[Person]":
    """People with an active faculty membership of a department on a day."""
    return visible_to(actor=actor).filter(Exists(_teaching(day)), is_active=True)


def memberships(*, actor: Actor) -> "QuerySet[Membership]":
    """The memberships that the actor may see: all, or their own."""
    if actor.may(Perm.MEMBERSHIP_VIEW):
        return Membership.objects.select_related("person")
    return Membership.objects.select_related("person").filter(person_id=actor.person_id or 0)


def in_force(rows: "QuerySet[Membership]", day: date, wanted: bool) -> "QuerySet[Membership]":
    """Those of `rows` in force on a day, or the others."""
    return rows.filter(active_on(day)) if wanted else rows.exclude(active_on(day))


def with_scope_names(memberships: Iterable[Membership]) -> list[Membership]:
    """The memberships, each with the `scope_name` of what it reaches: one query for each kind of scope."""
    by_kind: dict[str, set[int]] = {}
    found = list(memberships)
    for each in found:
        if each.scope_id is not None:
            by_kind.setdefault(each.scope_kind, set()).add(each.scope_id)
    names = {kind: contributions.scope_names(kind, ids) for kind, ids in by_kind.items()}
    for each in found:
        each.scope_name = names.get(each.scope_kind, {}).get(each.scope_id or 0, "")  # type: ignore[attr-defined]
    return found


def among(ids: Collection[int]) -> "QuerySet[Person]":
    """People by id, for those who may see why they are named."""
    return Person.objects.filter(pk__in=list(ids))


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people by id; unknown ids are left out."""
    wanted = {pk for pk in ids if pk is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def email_addresses(ids: Iterable[int]) -> dict[int, str]:
    """The address that mail to each of these people goes to: the primary one, else the oldest."""
    rows = ContactInfo.objects.filter(person_id__in=list(ids), kind="email").order_by("is_primary", "-id")
    return dict(rows.values_list("person_id", "value"))


def addresses_of(person: int) -> list[str]:
    """The e-mail addresses of a person, the one that mail goes to first."""
    rows = ContactInfo.objects.filter(person=person, kind="email").order_by("-is_primary", "id")
    return list(rows.values_list("value", flat=True))


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody who is told of things: the address that mail goes to (empty: none), and the language chosen."""

    email: str
    language: str


def reachable(ids: Collection[int]) -> dict[int, Reachable]:
    """Those of these people who are active, with how they are reached: one query."""
    addresses = ContactInfo.objects.filter(person=OuterRef("pk"), kind="email").order_by("-is_primary", "id")
    rows = Person.objects.filter(pk__in=list(ids), is_active=True).annotate(
        address=Subquery(addresses.values("value")[:1])
    )
    return {
        pk: Reachable(address or "", spoken or "")
        for pk, address, spoken in rows.values_list("pk", "address", "user__language")
    }


def by_email(addresses: Collection[str]) -> dict[str, set[int]]:
    """Person ids by each of these addresses, given in lower case; one address may be of several people. One query."""
    found: dict[str, set[int]] = {}
    rows = ContactInfo.objects.filter(kind="email", value__in=list(addresses))
    for value, person in rows.values_list("value", "person_id"):
        found.setdefault(value, set()).add(person)
    return found


def languages(ids: Iterable[int]) -> dict[int, str]:
    """The language that each of these people chose; those who chose none are left out."""
    rows = Person.objects.filter(pk__in=list(ids)).exclude(user=None).exclude(user__language="")
    return dict(rows.values_list("pk", "user__language"))


def approved_leaves(ids: Iterable[int], *, first: date, last: date) -> list[tuple[int, int, str, date, date | None]]:
    """(leave, person, kind, start, end) of approved leaves of these people that touch [first, last]."""
    rows = Leave.objects.filter(
        Q(end_date__isnull=True) | Q(end_date__gte=first),
        person_id__in=list(ids),
        status="approved",
        start_date__lte=last,
    )
    return list(rows.values_list("pk", "person_id", "kind", "start_date", "end_date"))


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """People for the search box: only those whom the actor may see, by contacts only where those are seen too."""
    if not actor.may(Perm.PERSON_VIEW):
        return []
    here = institution()
    reached = reached_by(actor=actor, day=clock.today(here.time_zone))
    found = matching(visible_to(actor=actor), text, here.country, reached=reached).order_by("name", "pk")[:limit]
    return [Hit("person", row.name, row.name_latin, f"/directory/people/{row.pk}") for row in found]


@dataclass(frozen=True, slots=True)
class Account:
    """A person with the account, if there is one."""

    person: int
    name: str
    user: int | None
    username: str


def accounts(*, ids: Collection[int] = (), users: Collection[int] = ()) -> list[Account]:
    """People by id or by the id of their account: one query."""
    rows = Person.objects.filter(Q(pk__in=list(ids)) | Q(user_id__in=list(users)))
    found = rows.values_list("pk", "name", "user_id", "user__username")
    return [Account(pk, name, user, username or "") for pk, name, user, username in found]
