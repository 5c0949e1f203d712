"""Memberships: who gives roles to whom, where they reach, and how they end (D3)."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from maristan.directory.actions import memberships as actions
from maristan.directory.models import Membership
from maristan.directory.queries import contributions, holders, identity
from maristan.directory.rules.memberships import UNSCOPED_ROLES
from maristan.directory.tests import factories as make
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

MEMBERSHIPS = "/api/v1/directory/memberships/"
NOON = "2026-03-10T07:00:00+00:00"
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    """Noon of 10 March in Karachi; somebody above knows the program 7."""
    before = dict(contributions._scopes)
    contributions.register_scope_check("program", lambda ids: {pk: "MBBS" for pk in ids if pk == 7})
    with clock.stopped_at(NOON):
        yield
    contributions._scopes.clear()
    contributions._scopes.update(before)


@pytest.mark.django_db
def test_an_admin_gives_a_role_from_today_in_a_department() -> None:
    make.institution()
    alice, khan, pathology = Client(make.member("Alice", "admin")), make.person("Dr Khan"), make.department()
    body = {"person": khan.pk, "role": "FACULTY", "scope_kind": "DEPARTMENT", "scope_id": pathology.pk}
    answer = alice.post(MEMBERSHIPS, body)
    assert answer.status == 201
    assert (answer.json["scope_name"], answer.json["from_date"], answer.json["to_date"]) == (
        "Pathology", "2026-03-10", None,
    )  # fmt: skip
    assert list(JournalLine.objects.values_list("kind", flat=True)) == ["membership.granted"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["registrar", "coordinator", "department_head", "faculty", "student", "auditor"])
def test_others_give_none(role: str) -> None:
    make.institution()
    charlie, khan = Client(make.member("Charlie", role)), make.person("Dr Khan")
    answer = charlie.post(MEMBERSHIPS, {"person": khan.pk, "role": "faculty"})
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert not Membership.objects.filter(person=khan).exists()


@pytest.mark.django_db
def test_nobody_gives_a_role_to_oneself() -> None:
    make.institution()
    who = make.member("Alice", "admin")
    answer = Client(who).post(MEMBERSHIPS, {"person": who.pk, "role": "registrar"})
    assert (answer.status, answer.code) == (403, "own_role")
    assert Membership.objects.filter(person=who).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"scope_kind": "department"}, [("/scope_id", "required")]),
        ({"scope_kind": "department", "scope_id": 999_999}, [("/scope_id", "unknown_reference")]),
        ({"scope_kind": "program", "scope_id": 8}, [("/scope_id", "unknown_reference")]),
        ({"scope_id": 7}, [("/scope_id", "not_wanted")]),
        ({"role": "registrar", "scope_kind": "program", "scope_id": 7}, [("/scope_kind", "not_wanted")]),
        ({"role": "admin", "scope_kind": "program", "scope_id": 7}, [("/scope_kind", "not_wanted")]),
        ({"role": "operator"}, [("/role", "bad_value")]),
        ({"role": "emperor"}, [("/role", "bad_value")]),
        ({"person": 999_999}, [("/person", "unknown_reference")]),
        ({"from_date": "2026-03-10", "to_date": "2026-03-09"}, [("/to_date", "out_of_range")]),
    ],
)
def test_a_wrong_membership_is_refused(body: dict[str, object], pointers: list[tuple[str, str]]) -> None:
    make.institution()
    alice, khan = Client(make.member("Alice", "admin")), make.person("Dr Khan")
    answer = alice.post(MEMBERSHIPS, {"person": khan.pk, "role": "faculty"} | body)
    assert (answer.status, answer.pointers) == (422, pointers)
    assert not Membership.objects.filter(person=khan).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(UNSCOPED_ROLES))
def test_a_role_that_reaches_everything_gives_nothing_in_a_department(role: str) -> None:
    make.institution()
    pathology = make.department()
    narrow = make.member("Ruth", role, scope=("department", pathology.pk))
    client, khan = Client(narrow), make.person("Dr Khan")
    me = client.get("/api/v1/me/").json
    assert (me["roles"], me["permissions"]) == ([], [])
    for refused in (
        client.get("/api/v1/directory/persons/"),
        client.post(MEMBERSHIPS, {"person": khan.pk, "role": "faculty"}),
    ):
        assert (refused.status, refused.code) == (403, "not_allowed")
    assert identity.audience_keys(narrow.pk, TODAY) == {"institution", f"person:{narrow.pk}"}
    assert not holders.people("person.view", day=TODAY) | holders.in_role(role, day=TODAY)
    make.membership(narrow, "department_head", scope=("department", pathology.pk))
    assert client.get("/api/v1/me/").json["roles"] == ["department_head"]
    assert not Membership.objects.filter(person=khan).exists()


@pytest.mark.django_db
def test_a_program_that_somebody_above_knows_is_a_scope() -> None:
    make.institution()
    alice, khan = Client(make.member("Alice", "admin")), make.person("Dr Khan")
    body = {"person": khan.pk, "role": "coordinator", "scope_kind": "program", "scope_id": 7}
    assert alice.post(MEMBERSHIPS, body).json["scope_name"] == "MBBS"


@pytest.mark.django_db
def test_the_same_role_twice_at_a_time_names_the_other() -> None:
    make.institution()
    alice, khan = Client(make.member("Alice", "admin")), make.person("Dr Khan")
    first = make.membership(khan, "registrar", from_date=date(2026, 3, 1), to_date=date(2026, 3, 20))
    body = {"person": khan.pk, "role": "registrar", "from_date": "2026-03-20"}
    answer = alice.post(MEMBERSHIPS, body)
    assert (answer.status, answer.code, answer.json["other"]["id"]) == (409, "overlap", first.pk)
    assert alice.post(MEMBERSHIPS, body | {"from_date": "2026-03-21"}).status == 201
    with pytest.raises(IntegrityError), transaction.atomic():
        make.membership(khan, "registrar", from_date=date(2026, 3, 20))


@pytest.mark.django_db
def test_somebody_inactive_is_given_no_role() -> None:
    make.institution()
    alice, gone = Client(make.member("Alice", "admin")), make.person("Gone", is_active=False)
    answer = alice.post(MEMBERSHIPS, {"person": gone.pk, "role": "faculty"})
    assert (answer.status, answer.code) == (409, "person_inactive")


@pytest.mark.django_db
def test_a_role_ends_at_once_or_on_a_day_to_come() -> None:
    make.institution()
    alice, khan = Client(make.member("Alice", "admin")), make.member("Dr Khan", "registrar", "finance")
    registrar, finance = khan.memberships.order_by("pk")
    assert Client(khan).get("/api/v1/me/").json["roles"] == ["finance", "registrar"]
    ended = alice.post(f"{MEMBERSHIPS}{registrar.pk}/moves/end/", {"reason": "Moves abroad"})
    assert (ended.status, ended.json["to_date"]) == (200, "2026-03-09")
    later = alice.post(f"{MEMBERSHIPS}{finance.pk}/moves/end/", {"to_date": "2026-03-31"})
    assert later.json["to_date"] == "2026-03-31"
    assert Client(khan).get("/api/v1/me/").json["roles"] == ["finance"]
    lines = JournalLine.objects.filter(kind="membership.revoked").order_by("id")
    assert [line.reason for line in lines] == ["Moves abroad", ""]
    again = alice.post(f"{MEMBERSHIPS}{registrar.pk}/moves/end/", {})
    assert (again.status, again.code) == (409, "already_ended")


@pytest.mark.django_db
def test_what_has_been_held_stays_held() -> None:
    make.institution()
    alice, khan = Client(make.member("Alice", "admin")), make.person("Dr Khan")
    held = make.membership(khan, "registrar", to_date=date(2026, 3, 20))
    for day in ("2026-03-08", "2026-03-21"):
        answer = alice.post(f"{MEMBERSHIPS}{held.pk}/moves/end/", {"to_date": day})
        assert (answer.status, answer.pointers) == (422, [("/to_date", "out_of_range")])
    held.refresh_from_db()
    assert held.to_date == date(2026, 3, 20)


@pytest.mark.django_db
def test_the_last_administrator_remains() -> None:
    make.institution()
    who = make.member("Alice", "admin")
    alice, own = Client(who), who.memberships.get()
    for body in ({}, {"to_date": "2026-12-31"}):
        answer = alice.post(f"{MEMBERSHIPS}{own.pk}/moves/end/", body)
        assert (answer.status, answer.code, answer.missing) == (409, "last_admin", ["last_admin"])
    leaving = make.member("Bob")
    make.membership(leaving, "admin", to_date=date(2026, 3, 20))
    assert alice.post(f"{MEMBERSHIPS}{own.pk}/moves/end/", {"to_date": "2026-12-31"}).code == "last_admin"
    assert alice.post(f"{MEMBERSHIPS}{own.pk}/moves/end/", {"to_date": "2026-03-15"}).status == 200
    own.refresh_from_db()
    assert own.to_date == date(2026, 3, 15)


def test_two_administrators_who_end_each_other_leave_one(own_database: Callable[[str], None]) -> None:
    with transaction.atomic():
        here = make.institution().pk
        alice, bob = make.member("Alice", "admin"), make.member("Bob", "admin")
        presses = [(make.actor(alice), bob.memberships.get().pk), (make.actor(bob), alice.memberships.get().pk)]
    outcomes: list[str] = []
    barrier = Barrier(2)

    def press(by: Actor, pk: int) -> None:
        try:
            barrier.wait()
            with tenancy.acting_in(here):
                actions.end(pk=pk, version=None, to_date=None, reason="", by=by)
                time.sleep(0.2)
            outcomes.append("ended")
        except NotNow as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=press, args=each) for each in presses]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["ended", "last_admin"]
    with tenancy.acting_in(here):
        assert Membership.objects.filter(role="admin", to_date=None).count() == 1


@pytest.mark.django_db
def test_a_designation_is_changed_and_dates_are_not() -> None:
    make.institution()
    alice, khan = Client(make.member("Alice", "admin")), make.person("Dr Khan")
    url = f"{MEMBERSHIPS}{make.membership(khan, 'faculty').pk}/"
    assert alice.patch(url, {"designation": "Professor"}, version=1).json["designation"] == "Professor"
    assert alice.patch(url, {"to_date": "2026-12-31"}, version=2).pointers == [("/to_date", "unknown_field")]
    assert alice.patch(url, {"designation": "Dean"}, version=1).status == 412
    assert JournalLine.objects.filter(kind="membership.updated").count() == 1


@pytest.mark.django_db
def test_the_list_tells_scopes_by_name_at_the_same_cost(django_assert_max_num_queries: object) -> None:
    make.institution()
    alice, pathology = Client(make.member("Alice", "admin")), make.department()

    def queries(number: int) -> int:
        for index in range(number):
            make.member(f"Dr {index}", "faculty", scope=("department", pathology.pk))
        with django_assert_max_num_queries(30) as seen:  # type: ignore[operator]
            listed = alice.get(f"{MEMBERSHIPS}?role=FACULTY&active=true&page_size=200").json["results"]
        assert {each["scope_name"] for each in listed} == {"Pathology"}
        return len(seen)

    assert queries(2) == queries(30)
    assert alice.get(f"{MEMBERSHIPS}?active=false").json["count"] == 0


@pytest.mark.django_db
def test_a_teacher_sees_only_their_own_membership() -> None:
    make.institution()
    khan, other = make.member("Dr Khan", "faculty"), make.member("Other", "faculty")
    teacher = Client(khan)
    assert teacher.get(MEMBERSHIPS).status == 403
    assert teacher.get(f"{MEMBERSHIPS}{khan.memberships.get().pk}/").status == 200
    assert teacher.get(f"{MEMBERSHIPS}{other.memberships.get().pk}/").status == 404


@pytest.mark.django_db
def test_another_institution_sees_none() -> None:
    make.institution("fmu")
    khan, pathology = make.member("Dr Khan", "faculty"), make.department()
    held = khan.memberships.get()
    make.institution("other")
    zara, own = Client(make.member("Zara", "admin")), make.person("Own")
    assert {each["person"]["name"] for each in zara.get(MEMBERSHIPS).json["results"]} == {"Zara"}
    assert zara.get(f"{MEMBERSHIPS}{held.pk}/").status == 404
    assert zara.post(f"{MEMBERSHIPS}{held.pk}/moves/end/", {}).status == 404
    body = {"person": own.pk, "role": "faculty", "scope_kind": "department", "scope_id": pathology.pk}
    assert zara.post(MEMBERSHIPS, body).pointers == [("/scope_id", "unknown_reference")]
    assert zara.post(MEMBERSHIPS, {"person": khan.pk, "role": "faculty"}).code == "unknown_reference"
