"""Reads of departments, places and holidays."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from urllib.parse import quote

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from maristan.directory.models import Department, Holiday, Membership, Place, PlaceFeature, RoomFeature
from maristan.directory.queries.identity import active_on
from maristan.directory.rules.states import Perm
from maristan.kernel.access import Actor
from maristan.kernel.search import Hit

M = TypeVar("M", Department, Place)


def departments(*, actor: Actor) -> "QuerySet[Department]":
    """All departments; everybody with a role may see them."""
    actor.demand(Perm.DEPARTMENT_VIEW)
    return Department.objects.select_related("head")


def with_people(rows: "QuerySet[Department]", day: date) -> "QuerySet[Department]":
    """The departments, each with the number of people who hold a role in that very one on a day as `person_count`."""
    held = Membership.objects.filter(active_on(day), scope_kind="department", scope_id=OuterRef("pk")).order_by()
    counted = held.values("scope_id").annotate(n=Count("person_id", distinct=True)).values("n")
    return rows.annotate(person_count=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))


def places(*, actor: Actor) -> "QuerySet[Place]":
    """All places; everybody with a role may see them."""
    actor.demand(Perm.PLACE_VIEW)
    return Place.objects.select_related("department").prefetch_related("features")


def with_feature(rows: "QuerySet[Place]", code: str) -> "QuerySet[Place]":
    """Those of `rows` that have the feature of that code."""
    return rows.filter(Exists(PlaceFeature.objects.filter(place=OuterRef("pk"), feature__code__iexact=code)))


def named(rows: "QuerySet[M]", text: str) -> "QuerySet[M]":
    """Those of `rows` whose name or code contains the text."""
    return rows.filter(Q(name__icontains=text) | Q(code__icontains=text))


def room_features(*, actor: Actor) -> "QuerySet[RoomFeature]":
    """All features of rooms."""
    actor.demand(Perm.PLACE_VIEW)
    return RoomFeature.objects.all()


def holidays(*, actor: Actor) -> "QuerySet[Holiday]":
    """All holidays; everybody with a role may see them."""
    actor.demand(Perm.HOLIDAY_VIEW)
    return Holiday.objects.all()


def find_places(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Rooms and other places for the search box."""
    if not actor.may(Perm.PLACE_VIEW):
        return []
    found = named(places(actor=actor), text).prefetch_related(None).order_by("name", "pk")[:limit]
    return [Hit("place", row.name, row.code, f"/directory/places?search={quote(row.code)}") for row in found]


def find_departments(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Departments for the search box."""
    if not actor.may(Perm.DEPARTMENT_VIEW):
        return []
    found = named(departments(actor=actor), text).order_by("name", "pk")[:limit]
    return [Hit("department", row.name, row.code, f"/directory/departments?search={quote(row.code)}") for row in found]
