"""Reads of people, their contacts and memberships."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from maristan.directory.models import ContactInfo, Leave, Membership, Person
from maristan.directory.queries import contributions
from maristan.directory.queries.identity import active_on
from maristan.directory.rules.states import Perm
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.names import tidy
from maristan.kernel.phones import normal_phone


def visible_to(*, actor: Actor) -> "QuerySet[Person]":
    """The people that the actor may see."""
    reach = actor.demand(Perm.PERSON_VIEW)
    if reach.everything or reach.departments or reach.programs:
        return Person.objects.all()
    return Person.objects.filter(pk=actor.person_id or 0)


def get(pk: int, *, actor: Actor, lock: bool = False) -> Person:
    """One person; raises `NotFound` when the actor may not see them."""
    rows = visible_to(actor=actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def matching(rows: "QuerySet[Person]", text: str, country: str) -> "QuerySet[Person]":
    """People whose name in any script, or phone or address, contains the text; a phone in any spelling of `country`."""
    wanted = tidy(text)
    if not wanted:
        return rows
    contact = Q(value__icontains=wanted) | Q(value__in=_phones(wanted, country))
    by_contact = ContactInfo.objects.filter(contact, person=OuterRef("pk"))
    return rows.filter(Q(name__icontains=wanted) | Q(name_latin__icontains=wanted) | Exists(by_contact))


def primary_contact(kind: str, *, person: str) -> Subquery:
    """The primary contact of a kind, else the oldest, of the person in the outer query's column `person`."""
    found = ContactInfo.objects.filter(person=OuterRef(person), kind=kind).order_by("-is_primary", "pk")
    return Subquery(found.values("value")[:1])


def _phones(text: str, country: str) -> list[str]:
    try:
        return [normal_phone(text, country)]
    except ValueError:
        return []


def in_role(rows: "QuerySet[Person]", role: str, day: date) -> "QuerySet[Person]":
    """Those of `rows` who hold a role on a day."""
    return rows.filter(Exists(Membership.objects.filter(active_on(day), person=OuterRef("pk"), role=role)))


def in_department(rows: "QuerySet[Person]", department: int, day: date) -> "QuerySet[Person]":
    """Those of `rows` who hold a role in that very department on a day."""
    held = Membership.objects.filter(
        active_on(day), person=OuterRef("pk"), scope_kind="department", scope_id=department
    )
    return rows.filter(Exists(held))


def teachers(*, actor: Actor, day: date) -> "QuerySet[Person]":
    """People with an active faculty membership of a department on a day."""
    held = Membership.objects.filter(active_on(day), person=OuterRef("pk"), role="faculty", scope_kind="department")
    return visible_to(actor=actor).filter(Exists(held), is_active=True)


def memberships(*, actor: Actor) -> "QuerySet[Membership]":
    """The memberships that the actor may see: all, or their own."""
    if actor.may(Perm.MEMBERSHIP_VIEW):
        return Membership.objects.select_related("person")
    return Membership.objects.select_related("person").filter(person_id=actor.person_id or 0)


def in_force(rows: "QuerySet[Membership]", day: date, wanted: bool) -> "QuerySet[Membership]":
    """Those of `rows` in force on a day, or the others."""
    return rows.filter(active_on(day)) if wanted else rows.exclude(active_on(day))


def with_scope_names(memberships: Sequence[Membership]) -> list[Membership]:
    """The memberships, each with the `scope_name` of what it reaches: one query for each kind of scope."""
    by_kind: dict[str, set[int]] = {}
    for each in memberships:
        if each.scope_id is not None:
            by_kind.setdefault(each.scope_kind, set()).add(each.scope_id)
    names = {kind: contributions.scope_names(kind, ids) for kind, ids in by_kind.items()}
    for each in memberships:
        each.scope_name = names.get(each.scope_kind, {}).get(each.scope_id or 0, "")  # type: ignore[attr-defined]
    return list(memberships)


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people by id; unknown ids are left out."""
    wanted = {pk for pk in ids if pk is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def email_addresses(ids: Iterable[int]) -> dict[int, str]:
    """The address that mail to each of these people goes to: the primary one, else the oldest."""
    rows = ContactInfo.objects.filter(person_id__in=list(ids), kind="email").order_by("is_primary", "-id")
    return dict(rows.values_list("person_id", "value"))


def faculty_terms(ids: Iterable[int], *, first: date, last: date) -> list[tuple[int, int | None, date, date | None]]:
    """(person, department, from, to) of faculty memberships that touch [first, last], for these people."""
    rows = Membership.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=first), person_id__in=list(ids), role="faculty", from_date__lte=last
    )
    return list(rows.values_list("person_id", "scope_id", "from_date", "to_date"))


def approved_leaves(ids: Iterable[int], *, first: date, last: date) -> list[tuple[int, int, str, date, date | None]]:
    """(leave, person, kind, start, end) of approved leaves of these people that touch [first, last]."""
    rows = Leave.objects.filter(
        Q(end_date__isnull=True) | Q(end_date__gte=first),
        person_id__in=list(ids),
        status="approved",
        start_date__lte=last,
    )
    return list(rows.values_list("pk", "person_id", "kind", "start_date", "end_date"))
