"""Reads of departments, places and holidays."""

from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from maristan.directory.models import Department, Holiday, Place, PlaceFeature, RoomFeature
from maristan.directory.rules.states import Perm
from maristan.kernel.access import Actor

M = TypeVar("M", Department, Place)


def departments(*, actor: Actor) -> "QuerySet[Department]":
    """All departments; everybody with a role may see them."""
    actor.demand(Perm.DEPARTMENT_VIEW)
    return Department.objects.select_related("head")


def places(*, actor: Actor) -> "QuerySet[Place]":
    """All places; everybody with a role may see them."""
    actor.demand(Perm.PLACE_VIEW)
    return Place.objects.prefetch_related("features")


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
