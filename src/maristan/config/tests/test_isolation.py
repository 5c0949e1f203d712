"""Two institutions exist and no route leaks between them; each role may do what the table says and no more."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from maristan.academics.tests import factories as academics
from maristan.config import roles
from maristan.config.tests import routes
from maristan.config.tests.world import World, world
from maristan.directory.tests import factories as directory
from maristan.kernel import clock, options, tenancy
from maristan.kernel.access import Extent
from maristan.kernel.api import SIGNED_IN
from maristan.kernel.tests.client import Answer, Client
from maristan.timetable.tests import factories as timetable

pytestmark = pytest.mark.django_db


MOVES = {
    "/api/v1/assessment/exams/{pk}/moves/{name}/": "cancel",
    "/api/v1/assessment/corrections/{pk}/moves/{name}/": "approve",
    "/api/v1/academics/students/{pk}/moves/{name}/": "suspend",
    "/api/v1/academics/academic-periods/{pk}/moves/{name}/": "close",
    "/api/v1/academics/programs/{pk}/moves/{name}/": "retire",
    "/api/v1/academics/enrollments/{pk}/moves/{name}/": "drop",
    "/api/v1/attendance/sessions/{pk}/register/moves/{name}/": "submit",
    "/api/v1/attendance/corrections/{pk}/moves/{name}/": "accept",
    "/api/v1/attendance/condonations/{pk}/moves/{name}/": "grant",
    "/api/v1/operations/alerts/{pk}/moves/{name}/": "acknowledge",
    "/api/v1/operations/maintenance/{pk}/moves/{name}/": "start",
}
# The key of a setting names no row: each institution has its own value under the same key.
SAME_EVERYWHERE = "/api/v1/directory/settings/{key}/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(timetable.CLOCK):
        yield


def address(route: routes.Route, of: World) -> str:
    """The path with the ids of one's world, and the query that the route needs."""
    path = route.path
    while "{" in path:
        start, end = path.index("{"), path.index("}")
        place = path[start : end + 1]
        value = MOVES.get(route.path) if place == "{name}" else of.id_for(route.path, place)
        path = path[:start] + str(value) + path[end + 1 :]
    return f"{path}?{route.query}" if route.query else path


def call(client: Client, route: routes.Route, of: World) -> Answer:
    """Call a route with a body of the right shape and a version."""
    url = address(route, of)
    if route.is_upload:
        return client.upload(url, "x.csv", b"")
    headers = {"If-Match": '"1"'} if route.method in ("put", "patch") else {}
    if route.method in ("get", "delete"):
        return getattr(client, route.method)(url, **headers)
    return getattr(client, route.method)(url, route.body or {}, **headers)


def fingerprint(institution_id: int) -> str:
    """Everything that an institution has, as one digest."""
    tenancy.enter(institution_id)
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'institution_id' "
            "WHERE c.relkind = 'r' ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t")
            found.update(f"{table}:{cursor.fetchone()[0]}".encode())
    return found.hexdigest()


def test_every_object_of_another_institution_is_404_on_every_route_and_nothing_changes() -> None:
    theirs = world("fmu")
    before = fingerprint(theirs.school.batch.institution_id)
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    wrong = {}
    for route in routes.every():
        if route.has_object and not (route.public or route.is_of_platform) and route.path != SAME_EVERYWHERE:
            answer = call(zara, route, theirs)
            if answer.status != 404:
                wrong[route.name] = (answer.status, answer.body[:200])
    assert wrong == {}
    assert fingerprint(theirs.school.batch.institution_id) == before


def test_every_list_of_another_institution_is_empty() -> None:
    world("fmu")
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    allowed = {"persons": 1, "memberships": 1, "institutions": 1, "settings": len(options.declared())}
    for route in routes.every():
        if route.method == "get" and not route.has_object and not route.public and "export" not in route.path:
            answer = call(zara, route, None)  # type: ignore[arg-type]
            is_json = answer.headers.get("Content-Type", "").startswith("application/json")
            found = answer.json if answer.status == 200 and is_json else {}
            if isinstance(found, dict) and "count" in found:
                assert found["count"] == allowed.get(route.path.split("/")[-2], 0), route.name


@pytest.mark.parametrize("role", [each.value for each in roles.COLUMNS])
def test_each_role_may_do_what_the_table_says_on_every_collection(role: str) -> None:
    here = world("fmu")
    somebody = Client(directory.member("Somebody", role, scope=scope_of(role, here)))
    before = fingerprint(here.school.batch.institution_id)
    wrong = {}
    for route in routes.every():
        if route.has_object or route.public or route.permission == SIGNED_IN:
            continue
        if role in roles.TABLE[route.permission or ""]:
            continue
        answer = call(somebody, route, here)
        if answer.status != 403 or answer.code != "not_allowed":
            wrong[route.name] = (answer.status, answer.body[:120])
    assert wrong == {}
    assert fingerprint(here.school.batch.institution_id) == before


@pytest.mark.parametrize("role", [each.value for each in roles.COLUMNS])
def test_each_role_is_refused_on_every_object_that_it_may_not_change(role: str) -> None:
    here = world("fmu")
    somebody = Client(directory.member("Somebody", role, scope=scope_of(role, here)))
    before = fingerprint(here.school.batch.institution_id)
    wrong = {}
    for route in routes.every():
        if (
            not route.has_object
            or route.public
            or route.permission == SIGNED_IN
            or role in roles.TABLE[route.permission or ""]
        ):
            continue
        answer = call(somebody, route, here)
        if answer.status not in (403, 404):
            wrong[route.name] = (answer.status, answer.body[:120])
        elif answer.status == 404 and sees(somebody, route, here):
            wrong[route.name] = "404 for what is visible"
        elif answer.status == 403 and not sees(somebody, route, here) and tells_apart(somebody, route, here):
            wrong[route.name] = "403 tells that something invisible exists"
    assert wrong == {}
    assert fingerprint(here.school.batch.institution_id) == before


# What each role writes within a scope only, and therefore meets in the walk over another one's objects.
WRITES = {
    "coordinator": {
        "program.manage", "batch.manage", "period.manage", "period.open", "course.manage", "section.manage",
        "enrollment.manage", "student.place", "session.manage", "week.edit", "week.verify", "week.publish",
    },
    "department_head": {"leave.decide", "week.edit", "week.verify"},
    "faculty": {"availability.manage", "contact.edit", "person.edit", "session.manage"},
}  # fmt: skip
# A head drafts lessons of the own department for every batch: no week is outside, and the body is read.
WITHIN = {"department_head": {"POST /api/v1/timetable/weeks/{pk}/copy-from/": (422, "unknown_reference")}}


@pytest.mark.parametrize("role", WRITES)
def test_every_write_outside_of_a_scope_is_404_and_nothing_changes(role: str) -> None:
    here = world("fmu")
    somebody = Client(directory.member("Somebody", role, scope=scope_elsewhere(role)))
    before = fingerprint(here.school.batch.institution_id)
    walked, wrong = set(), {}
    for route in routes.every():
        extent = roles.TABLE.get(route.permission or "", {}).get(role)
        if route.method == "get" or not route.has_object or extent in (None, Extent.ALL):
            continue
        walked.add(route.permission)
        answer = call(somebody, route, here)
        if answer.status != 404 and not lacks(role, answer):
            wrong[route.name] = (answer.status, answer.code)
    assert wrong == WITHIN.get(role, {})
    assert walked >= WRITES[role]
    assert fingerprint(here.school.batch.institution_id) == before


def test_what_a_body_names_outside_of_a_scope_is_unknown_and_nothing_changes() -> None:
    here = world("fmu")
    cora = Client(directory.member("Cora", "coordinator", scope=scope_elsewhere("coordinator")))
    khan = Client(directory.member("Khan", "faculty"))
    school, student = here.school, here.ids["directory/persons"]
    batch, program = school.batch.pk, school.batch.program_id
    period, section, group = school.period.pk, here.ids["academics/sections"], school.groups[0].pk
    week = {"week_start_date": "2026-04-06", "scope": "batch", "batch": batch}
    session = {"starts_at": "2026-04-06T08:00:00+05:00", "ends_at": "2026-04-06T09:00:00+05:00", "group": group,
               "academic_period": period, "department": school.department.pk}  # fmt: skip
    phone = {"person": student, "kind": "phone", "value": "03001234568"}
    leave = {"person": student, "kind": "medical", "start_date": "2026-06-01"}
    before = fingerprint(school.batch.institution_id)
    for client, path, body, pointers in (
        (cora, "academics/batches/", {"program": program, "name": "2040", "intake_year": 2035,
                                      "graduation_year": 2040}, ["/program"]),
        (cora, "academics/groups/", {"batch": batch, "name": "Z"}, ["/batch"]),
        (cora, "academics/tracks/", {"program": program, "name": "Z"}, ["/program"]),
        (cora, "academics/academic-periods/", {"program": program, "kind": "year", "name": "Z"}, ["/program"]),
        (cora, "academics/courses/", {"code": "Z", "name": "Z", "department": school.department.pk,
                                      "programs": [program]}, ["/programs/0"]),
        (cora, "academics/sections/", {"course": school.course.pk, "academic_period": period, "name": "Z"},
         ["/academic_period"]),
        (cora, "academics/enrollments/bulk/", {"section": section, "reg_nos": ["1"]}, ["/section"]),
        (cora, "directory/invitations/", {"person": student}, ["/person"]),
        (cora, "directory/invitations/bulk/", {"persons": [student]}, ["/persons/0"]),
        (cora, "timetable/weeks/", week, ["/batch"]),
        (cora, "timetable/weeks/create-next-4/", {"scope": "batch", "batch": batch}, ["/batch"]),
        (cora, "timetable/weeks/generate/", {"academic_period": period, "batch": batch}, ["/batch"]),
        (cora, "timetable/sessions/", session, ["/academic_period", "/group"]),
        (khan, "timetable/sessions/", {**session, "group": None, "section": section}, ["/section"]),
        (khan, "timetable/availabilities/", {"subject_kind": "person", "subject_id": school.teacher.pk,
         "day_of_week": 0, "start_time": "08:00", "end_time": "09:00", "level": "avoid", "from_date": "2026-01-01"},
         ["/subject_id"]),
        (khan, "directory/contact-info/", {**phone, "person": school.teacher.pk}, ["/person"]),
        (khan, "directory/leaves/", {**leave, "person": school.teacher.pk}, ["/person"]),
    ):  # fmt: skip
        answer = client.post(f"/api/v1/{path}", body)
        assert (answer.status, answer.pointers) == (422, [(each, "unknown_reference") for each in pointers]), path
    assert fingerprint(school.batch.institution_id) == before


def lacks(role: str, answer: Answer) -> bool:
    """Whether an answer refuses for a permission that the role does not hold anywhere, and says so."""
    return answer.status == 403 and role not in roles.TABLE[answer.json.get("permission", "")]


def sees(client: Client, route: routes.Route, of: World) -> bool:
    """Whether the object of a route can be read by this client."""
    parts = route.path.split("{")[0]
    return route.path != SAME_EVERYWHERE and client.get(f"{parts}{of.id_for(route.path)}/").status == 200


def tells_apart(client: Client, route: routes.Route, of: World) -> bool:
    """Whether the same call on an object that does not exist is answered otherwise."""
    if route.path == SAME_EVERYWHERE:
        return False
    nothing = World(of.school, dict.fromkeys(of.ids, 999999999))
    return call(client, route, nothing).status != call(client, route, of).status


def scope_elsewhere(role: str) -> tuple[str, Any]:
    """Where a role is held that has nothing to do with `world`: another program, another department."""
    if role == "coordinator":
        return ("program", academics.program("Dentistry").pk)
    return ("department", directory.department("Radiology").pk)


def scope_of(role: str, here: World) -> tuple[str, Any]:
    """Where a role of the walk is held: its own program or department, where roles have one."""
    if role == "coordinator":
        return ("program", here.school.batch.program_id)
    return (
        ("department", here.school.department.pk) if role in ("department_head", "faculty") else ("institution", None)
    )
