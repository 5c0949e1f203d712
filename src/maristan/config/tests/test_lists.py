"""Every list answers what its description says, field by field."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from maristan.config.tests import routes
from maristan.config.tests.test_isolation import call
from maristan.config.tests.test_query_counts import lists
from maristan.config.tests.world import World, world
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import ImportRow, ImportRun
from maristan.kernel.tests.client import Client
from maristan.operations.tests import factories as operations
from maristan.timetable.tests import factories as timetable

DIRECTORY = "/api/v1/directory/"
pytestmark = pytest.mark.django_db
# Lists of which the world has no row for an administrator.
EMPTY = {
    "GET /api/v1/attendance/mine/sessions/", "GET /api/v1/assessment/my/results/",
    "GET /api/v1/comms/notifications/", "GET /api/v1/work/inbox-items/",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(timetable.CLOCK):
        yield


def described(path: str) -> tuple[Any, set[str]]:
    """A validator of a list's answer, and the keys that its rows have."""
    whole = routes.description()
    reference = whole["paths"][path]["get"]["responses"][200]["content"]["application/json"]["schema"]
    schema = json.loads(json.dumps({**reference, "components": whole["components"]}))
    parts = whole["components"]["schemas"]
    page = parts[reference["$ref"].rpartition("/")[2]]
    row = parts[page["properties"]["results"]["items"]["$ref"].rpartition("/")[2]]
    return jsonschema_rs.validator_for(schema), set(row["properties"])


def fill(of: World, admin: Client) -> None:
    """A row in the lists that hang below another object."""
    week = of.ids["timetable/weeks"]
    assert (
        timetable.save(admin, int(week), timetable.lesson(of.school, topic="Necrosis"), reason="As agreed").status
        == 200
    )
    paper = f"{DIRECTORY}identity-documents/{of.ids['directory/identity-documents']}/"
    assert admin.post(f"{paper}moves/verify/").status == 200
    application = f"/api/v1/academics/applications/{of.ids['academics/applications']}/"
    assert admin.patch(application, {"staff_notes": "Called."}, version=1).status == 200
    request = f"/api/v1/academics/requests/{of.ids['academics/requests']}/"
    assert admin.post(f"{request}remarks/", {"text": "Which year?"}).status == 201
    for run in ImportRun.objects.all():
        ImportRow.objects.create(run=run, row=2, action="create")
    assert (
        admin.patch(f"{DIRECTORY}persons/{of.ids['directory/persons']}/", {"gender": "female"}, version=1).status == 200
    )


def test_every_list_answers_what_its_description_says() -> None:
    of = world("fmu")
    admin = Client(directory.member("Adam", "admin"))
    olga = Client(operations.operator())
    fill(of, admin)
    empty = set()
    for route in lists():
        answer = call(olga if route.is_of_platform else admin, route, of)
        assert answer.status == 200, route.name
        validator, keys = described(route.path)
        assert [error.message for error in validator.iter_errors(answer.json)] == [], route.name
        assert [set(row) for row in answer.json["results"]] == [keys] * len(answer.json["results"]), route.name
        if not answer.json["results"]:
            empty.add(route.name)
    assert empty == EMPTY
