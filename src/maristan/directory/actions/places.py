"""Writes of places and of what rooms can have."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.directory.models import Department, Place, RoomFeature
from maristan.directory.queries import places as queries
from maristan.directory.queries.trees import parents_to_change
from maristan.directory.rules.states import Perm
from maristan.directory.rules.trees import PLACE_DEPTH, parent_faults
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow

TAKEN = {
    "directory_place_code_once": NotNow("code_taken", "A place of that code is here already."),
    "directory_place_tree": Invalid.at("/parent", "cycle", "It would become its own ancestor."),
}
FEATURE_TAKEN = {"directory_roomfeature_code_once": NotNow("code_taken", "A feature of that code is here already.")}


def _fields(values: Mapping[str, Any], pk: int | None) -> dict[str, Any]:
    """Wire names to columns, with references resolved; raises `Invalid` for unknown ones and for cycles."""
    found = {field: value for field, value in values.items() if field != "features"}
    if "parent" in found:
        rows.reference(Place.objects.all(), found["parent"], "/parent")
        faults = parent_faults(pk, found["parent"], parents_to_change(Place), max_depth=PLACE_DEPTH)
        if faults:
            raise Invalid(faults)
        found["parent_id"] = found.pop("parent")
    if "department" in found:
        rows.reference(Department.objects.all(), found["department"], "/department")
        found["department_id"] = found.pop("department")
    return found


def _set_features(place: Place, wanted: list[int]) -> dict[str, list[Any]]:
    """Give the place exactly these features; raises `Invalid` (`unknown_reference`)."""
    rows.references(RoomFeature.objects.all(), wanted, "/features")
    before = sorted(place.features.values_list("pk", flat=True))
    if before == sorted(set(wanted)):
        return {}
    place.features.set(set(wanted))
    return {"features": [before, sorted(set(wanted))]}


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Place:
    """Enter a place. Raises `NotAllowed`, `Invalid` (`unknown_reference`, `cycle`), `NotNow` (`code_taken`)."""
    by.demand(Perm.PLACE_MANAGE)
    place = Place(**_fields(values, None))
    with rows.refusing(**TAKEN):
        place.save()
    _set_features(place, values.get("features") or [])
    changes = {"name": [None, place.name], "code": [None, place.code]}
    journal.record("place.created", ("place", place.pk), by=by, changes=changes)
    return place


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Place:
    """Change a place. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow`."""
    place = rows.one(queries.places(actor=by), pk, lock=True)
    by.demand(Perm.PLACE_MANAGE)
    rows.must_match(place, version, ("place", pk))
    changes = rows.change(place, _fields(values, pk))
    features = _set_features(place, values["features"]) if "features" in values else {}
    if changes or features:
        with rows.refusing(**TAKEN):
            rows.save_changes(place, changes)
        journal.record("place.updated", ("place", pk), by=by, changes={**changes, **features})
    return rows.one(queries.places(actor=by), pk)


@transaction.atomic
def delete(*, pk: int, version: int | None = None, by: Actor) -> None:
    """Delete a place that nothing refers to.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` (`PROTECTED_DELETE`).
    """
    place = rows.one(queries.places(actor=by), pk, lock=True)
    by.demand(Perm.PLACE_MANAGE)
    rows.must_match(place, version, ("place", pk), required=False)
    rows.delete(place)
    journal.record("place.deleted", ("place", pk), by=by, changes={"name": [place.name, None]})


@transaction.atomic
def create_feature(*, values: Mapping[str, Any], by: Actor) -> RoomFeature:
    """Enter something a room can have. Raises `NotAllowed`, `NotNow` (`code_taken`)."""
    by.demand(Perm.PLACE_MANAGE)
    feature = RoomFeature(**values)
    with rows.refusing(**FEATURE_TAKEN):
        feature.save()
    journal.record("room_feature.created", ("room_feature", feature.pk), by=by, changes={"name": [None, feature.name]})
    return feature


@transaction.atomic
def update_feature(*, pk: int, values: Mapping[str, Any], by: Actor) -> RoomFeature:
    """Rename something a room can have. Raises `NotFound`, `NotAllowed`, `NotNow` (`code_taken`)."""
    feature = rows.one(queries.room_features(actor=by), pk, lock=True)
    by.demand(Perm.PLACE_MANAGE)
    changes = rows.change(feature, values)
    if changes:
        with rows.refusing(**FEATURE_TAKEN):
            feature.save(update_fields=[*changes, "updated_at"])
        journal.record("room_feature.updated", ("room_feature", pk), by=by, changes=changes)
    return feature


@transaction.atomic
def delete_feature(*, pk: int, by: Actor) -> None:
    """Delete something that no room has. Raises `NotFound`, `NotAllowed`, `NotNow` (`PROTECTED_DELETE`)."""
    feature = rows.one(queries.room_features(actor=by), pk, lock=True)
    by.demand(Perm.PLACE_MANAGE)
    rows.delete(feature)
    journal.record("room_feature.deleted", ("room_feature", pk), by=by, changes={"name": [feature.name, None]})
