"""What nobody does in somebody else's name is said by each route and permission, and refused on all of them."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from maristan.config import roles
from maristan.config.tests import routes
from maristan.config.tests.test_isolation import address, call, fingerprint
from maristan.config.tests.world import World, world
from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.access import Actor, Reach
from maristan.kernel.api import SIGNED_IN
from maristan.kernel.tests.client import Client
from maristan.timetable.tests import factories as timetable

START = "/api/v1/admin/impersonation/start/"
NOT_AS = {"admin", "auditor"}  # nobody acts as these
EVERYWHERE = ("registrar", "office_assistant", "exam_cell", "finance")
# Files that are one paper, or what everybody may print: seen as the person sees them.
FILES = {
    "one paper of somebody": {
        "academics/applications/{pk}/papers/{kind}/", "academics/applications/{pk}/pdf/",
        "academics/materials/{pk}/file/", "academics/obligations/{pk}/submissions/{submission}/",
        "academics/requests/{pk}/attachments/{attachment}/", "attendance/corrections/{pk}/file/",
        "directory/identity-documents/{pk}/file/", "directory/leaves/{pk}/attachment/", "directory/persons/{pk}/photo/",
        "transcripts/{pk}/file/",
    },
    "an empty form": {
        "academics/students/imports/template/", "attendance/imports/template/", "directory/faculty/imports/template/",
        "attendance/sessions/{pk}/sheet.pdf",
    },
    "what hangs on the wall": {
        "timetable/my-timetable/ics/", "timetable/print/", "timetable/print/jobs/{pk}/file/",
        "timetable/weeks/{pk}/ics/", "timetable/weeks/{pk}/pdf/", "timetable/weeks/{pk}/xlsx/",
    },
}  # fmt: skip
# Moves of many names under one address: what the move asks for decides, not the address.
BY_NAME = {
    "academics/enrollments/{pk}/moves/{name}/": None,  # drops a course, as the registrar's clerk does all day
    "assessment/corrections/{pk}/moves/{name}/": "impersonating",
    "attendance/corrections/{pk}/moves/{name}/": "impersonating",
    "attendance/sessions/{pk}/register/moves/{name}/": "impersonating",
}


# What is lent on most objects and asks, on the one of this world, for what is not.
BY_OBJECT = {
    "POST /api/v1/attendance/corrections/{pk}/open/",  # the evidence of another is for who decides
    "POST /api/v1/timetable/weeks/{pk}/save-grid/",  # the week is published, and signed with that
    "POST /api/v1/academics/requests/{pk}/remarks/",  # a word of who handles the request
    "POST /api/v1/attendance/sessions/{pk}/roster/",  # the roster is fixed; it is repaired in person
}


@pytest.fixture
def acting() -> Iterator[tuple[Client, World]]:
    """Alice, who acts as Bob, who holds every role as which somebody may act."""
    with clock.stopped_at(timetable.CLOCK):
        here = world("fmu")
        bob = make.member("Bob", *EVERYWHERE)
        make.membership(bob, "coordinator", scope=("program", here.school.batch.program_id))
        make.membership(bob, "department_head", scope=("department", here.school.department.pk))
        alice = Client(make.member("Alice", "admin"))
        assert alice.post(START, {"user_id": bob.user_id, "reason": "He sees no week."}).status == 200
        yield alice, here


def is_in_person(route: routes.Route) -> bool:
    """Whether a route says by itself that it is not for somebody who acts as another."""
    if route.permission == SIGNED_IN:
        return "x-export" in route.marks or (route.method != "get" and "x-lent" not in route.marks)
    if route.method == "get":
        return "x-export" in route.marks
    return bool({"x-secret", "x-proven", "x-export"} & route.marks) or roles.in_person(route.permission or "")


def is_held(route: routes.Route) -> bool:
    """Whether anybody as whom one may act could use a route at all."""
    if route.permission == SIGNED_IN:
        return True
    return bool(set(roles.TABLE[route.permission or ""]) - NOT_AS - {"operator", "faculty", "student"})


@pytest.mark.django_db
def test_what_is_done_in_person_is_refused_on_every_route_and_nothing_changes(acting: tuple[Client, World]) -> None:
    alice, here = acting
    before, walked, wrong = fingerprint(here.school.batch.institution_id), 0, {}
    for route in routes.every():
        if route.public or not is_in_person(route) or not is_held(route):
            continue
        answer = call(alice, route, here)
        walked += 1
        if (answer.status, answer.code) != (403, "impersonating"):
            wrong[route.name] = (answer.status, answer.body[:120])
    assert wrong == {}
    assert walked > 120
    assert fingerprint(here.school.batch.institution_id) == before


@pytest.mark.django_db
def test_what_is_lent_is_refused_nowhere_for_being_lent(acting: tuple[Client, World]) -> None:
    alice, here = acting
    refused = set()
    for route in routes.every():
        if route.public or route.method == "get" or is_in_person(route) or "{name}" in route.path:
            continue
        with transaction.atomic():
            answer = call(alice, route, here)
            transaction.set_rollback(True)
        if answer.status == 403 and answer.code == "impersonating":
            refused.add(route.name)
    assert refused == BY_OBJECT


@pytest.mark.django_db
def test_a_move_is_judged_by_what_it_asks_for(acting: tuple[Client, World]) -> None:
    alice, here = acting
    shared = [route for route in routes.every() if route.path.endswith("moves/{name}/") and not route.is_of_platform]
    open_ones = {route.path.removeprefix("/api/v1/") for route in shared if not is_in_person(route)}
    assert open_ones == set(BY_NAME) | {"operations/jobs/{pk}/moves/{name}/"}
    for route in shared:
        wanted = BY_NAME.get(route.path.removeprefix("/api/v1/"), "")
        if wanted == "":
            continue
        with transaction.atomic():
            answer = alice.post(address(route, here), {"reason": "As agreed with him."}, version=1)
            transaction.set_rollback(True)
        code = answer.code if answer.status >= 400 else None
        assert (code if code == "impersonating" else None) == wanted, (route.name, answer.body)


def test_every_file_is_an_export_or_says_why_not() -> None:
    files = {
        route.path.removeprefix("/api/v1/")
        for route in routes.every()
        if route.method == "get" and route.is_file and not route.public and not is_in_person(route)
    }
    assert files == set().union(*FILES.values())


def test_what_comes_later_is_done_in_person_until_it_is_lent() -> None:
    used = {route.permission for route in routes.every() if route.method != "get"}
    named = roles.LENT.split()
    assert len(named) == len(set(named))
    assert set(named) <= set(roles.TABLE)
    assert {"leave.decide", "result.publish", "membership.grant", "invitation.send", "document.issue"} <= used
    for permission in ("leave.decide", "result.publish", "membership.grant", "tomorrow.sign", "invitation.send"):
        assert roles.in_person(permission)
    assert not roles.in_person("week.view_drafts")


def test_an_actor_who_is_lent_sees_as_before_and_lacks_what_is_withheld_when_writing() -> None:
    from maristan.config.identity import lent

    everywhere = Reach(everything=True)
    bob = Actor(1, 1, name="Bob", reaches={"leave.decide": everywhere, "leave.request": everywhere})
    reading, writing = lent(bob, "Alice", is_writing=False), lent(bob, "Alice", is_writing=True)
    assert (reading.name, reading.permissions, set(reading.withheld)) == ("Bob (Alice)", bob.permissions, set())
    assert (writing.permissions, set(writing.withheld)) == (("leave.request",), {"leave.decide"})
    assert (reading.is_lent, writing.is_lent, bob.is_lent) == (True, True, False)
