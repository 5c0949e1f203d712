"""Places: a tree of sites, buildings, floors and rooms, and what rooms have."""

import pytest
from django.db import IntegrityError, connection, transaction

from maristan.directory.models import Place, RoomFeature
from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
PLACES = "/api/v1/directory/places/"
FEATURES = "/api/v1/directory/room-features/"


def registrar() -> Client:
    """Somebody who keeps places."""
    return Client(make.member("Bob", "registrar"))


def test_a_registrar_enters_a_room_with_its_features() -> None:
    make.institution()
    bob, pathology = registrar(), make.department("Pathology")
    projector = bob.post(FEATURES, {"code": "projector", "name": "Projector"}).json["id"]
    body = {
        "kind": "ROOM", "name": "Hall 1", "code": "H1", "capacity": 120, "features": [projector],
        "department": pathology.pk,
    }  # fmt: skip
    answer = bob.post(PLACES, body)
    assert (answer.status, answer.json["kind"], answer.json["department"]) == (201, "room", pathology.pk)
    assert [each["code"] for each in answer.json["features"]] == ["projector"]
    assert list(JournalLine.objects.order_by("id").values_list("kind", flat=True)) == [
        "room_feature.created", "place.created",
    ]  # fmt: skip


def test_a_teacher_sees_places_and_keeps_none() -> None:
    make.institution()
    khan, hall = Client(make.member("Dr Khan", "faculty")), make.room("Hall 1")
    assert khan.get(f"{PLACES}{hall.pk}/").status == 200
    assert khan.post(PLACES, {"kind": "room", "name": "Mine", "code": "M"}).status == 403
    assert khan.patch(f"{PLACES}{hall.pk}/", {"name": "Mine"}, version=1).status == 403
    assert khan.delete(f"{PLACES}{hall.pk}/").status == 403
    assert khan.post(FEATURES, {"code": "tv", "name": "TV"}).status == 403
    assert list(Place.objects.values_list("name", flat=True)) == ["Hall 1"]


def test_a_place_cannot_stand_within_itself() -> None:
    make.institution()
    bob = registrar()
    campus = Place.objects.create(kind="site", name="Campus", code="C")
    block = Place.objects.create(kind="building", name="Block", code="B", parent=campus)
    answer = bob.patch(f"{PLACES}{campus.pk}/", {"parent": block.pk}, version=1)
    assert (answer.status, answer.pointers) == (422, [("/parent", "cycle")])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE directory_place SET parent_id = %s WHERE id = %s", [block.pk, campus.pk])
    campus.refresh_from_db()
    assert campus.parent_id is None


def test_a_place_is_at_most_six_deep() -> None:
    make.institution()
    bob, parent = registrar(), None
    for depth in range(1, 8):
        answer = bob.post(PLACES, {"kind": "room", "name": str(depth), "code": str(depth), "parent": parent})
        if depth <= 6:
            parent = answer.json["id"]
    assert (answer.status, answer.pointers) == (422, [("/parent", "too_deep")])
    assert Place.objects.count() == 6


def test_a_code_is_given_once_in_any_case() -> None:
    make.institution()
    bob = registrar()
    make.room("Hall 1", code="H1")
    answer = bob.post(PLACES, {"kind": "room", "name": "Other", "code": "h1"})
    assert (answer.status, answer.code) == (409, "code_taken")
    assert bob.post(FEATURES, {"code": "tv", "name": "TV"}).status == 201
    assert bob.post(FEATURES, {"code": "tv", "name": "Again"}).code == "code_taken"
    assert Place.objects.count() == RoomFeature.objects.count() == 1


def test_features_are_replaced_and_unknown_ones_refused() -> None:
    make.institution()
    bob, hall = registrar(), make.room("Hall 1")
    tv, mic = (RoomFeature.objects.create(code=code, name=code) for code in ("tv", "mic"))
    url = f"{PLACES}{hall.pk}/"
    assert bob.patch(url, {"features": [tv.pk, mic.pk]}, version=1).status == 200
    answer = bob.patch(url, {"features": [mic.pk]}, version=2)
    assert ([each["code"] for each in answer.json["features"]], answer.json["version"]) == (["mic"], 3)
    line = JournalLine.objects.latest("id")
    assert line.changes["features"] == [sorted([tv.pk, mic.pk]), [mic.pk]]
    refused = bob.patch(url, {"features": [mic.pk, 999_999]}, version=3)
    assert refused.pointers == [("/features/1", "unknown_reference")]
    assert bob.patch(url, {"features": [mic.pk]}, version=3).json["version"] == 3


def test_rooms_are_found_by_seats_and_features() -> None:
    make.institution()
    bob = registrar()
    tv = RoomFeature.objects.create(code="tv", name="TV")
    big, small = make.room("Big", 200), make.room("Small", 20)
    make.room("Closed", 300, is_active=False)
    big.features.add(tv)
    small.features.add(tv)
    found = bob.get(f"{PLACES}?kind=ROOM&capacity_min=100&feature=tv&is_active=true").json["results"]
    assert [each["name"] for each in found] == ["Big"]
    assert [each["name"] for each in bob.get(f"{PLACES}?search=smal").json["results"]] == ["Small"]


def test_the_tree_nests_rooms_in_one_query_for_any_number(django_assert_max_num_queries: object) -> None:
    make.institution()
    bob = registrar()
    block = Place.objects.create(kind="building", name="Block", code="B")

    def queries(number: int) -> int:
        for index in range(number):
            make.room(f"Room {index} of {number}", parent=block)
        with django_assert_max_num_queries(30) as seen:  # type: ignore[operator]
            tree = bob.get(f"{PLACES}?tree=true").json
        assert [root["name"] for root in tree["results"]] == ["Block"]
        assert {child["kind"] for child in tree["results"][0]["children"]} == {"room"}
        return len(seen)

    assert queries(2) == queries(40)


def test_a_list_tells_no_children_and_costs_the_same_for_any_number(django_assert_max_num_queries: object) -> None:
    make.institution()
    bob = registrar()
    block = Place.objects.create(kind="building", name="Block", code="B")

    def queries(number: int) -> int:
        for index in range(number):
            make.room(f"Room {index} of {number}", parent=block)
            make.department(f"{index} of {number}")
        with django_assert_max_num_queries(60) as seen:  # type: ignore[operator]
            places = bob.get(f"{PLACES}?page_size=200").json["results"]
            bob.get("/api/v1/directory/departments/?page_size=200")
        assert {each["children"] for each in places} == {None}
        return len(seen)

    assert queries(2) == queries(40)


def test_what_holds_others_is_not_deleted() -> None:
    make.institution()
    bob = registrar()
    block = Place.objects.create(kind="building", name="Block", code="B")
    room = make.room("Room", parent=block)
    answer = bob.delete(f"{PLACES}{block.pk}/")
    assert (answer.status, answer.code, answer.json["counts"]) == (409, "PROTECTED_DELETE", {"place": 1})
    assert bob.delete(f"{PLACES}{room.pk}/").status == 204
    assert bob.delete(f"{PLACES}{block.pk}/").status == 204


def test_a_feature_is_renamed_and_deleted() -> None:
    make.institution()
    bob, hall = registrar(), make.room("Hall")
    tv = RoomFeature.objects.create(code="tv", name="TV")
    hall.features.add(tv)
    assert bob.patch(f"{FEATURES}{tv.pk}/", {"name": "Television"}).json["name"] == "Television"
    assert bob.get(f"{FEATURES}{tv.pk}/").json["code"] == "tv"
    refused = bob.delete(f"{FEATURES}{tv.pk}/")
    assert (refused.status, refused.code, refused.json["counts"]) == (409, "PROTECTED_DELETE", {"placefeature": 1})
    assert [each["id"] for each in bob.get(f"{PLACES}{hall.pk}/").json["features"]] == [tv.pk]
    hall.features.clear()
    assert bob.delete(f"{FEATURES}{tv.pk}/").status == 204


def test_another_institution_sees_no_place() -> None:
    make.institution("fmu")
    hall, tv = make.room("Hall"), RoomFeature.objects.create(code="tv", name="TV")
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(PLACES).json["count"] == zara.get(FEATURES).json["count"] == 0
    assert zara.get(f"{PLACES}{hall.pk}/").status == 404
    assert zara.patch(f"{PLACES}{hall.pk}/", {"name": "X"}, version=1).status == 404
    assert zara.delete(f"{FEATURES}{tv.pk}/").status == 404
    body = {"kind": "room", "name": "Mine", "code": "M", "parent": hall.pk}
    assert zara.post(PLACES, body).pointers == [("/parent", "unknown_reference")]
    body = {"kind": "room", "name": "Mine", "code": "M", "features": [tv.pk]}
    assert zara.post(PLACES, body).pointers == [("/features/0", "unknown_reference")]
    assert zara.post(PLACES, {"kind": "room", "name": "Mine", "code": hall.code}).status == 201
