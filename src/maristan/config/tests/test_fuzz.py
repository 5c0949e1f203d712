"""Whatever is sent, no route answers with a fault of the server, and every refusal is a problem document."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from maristan.config.tests import routes
from maristan.config.tests.world import World, world
from maristan.directory.tests import factories as make
from maristan.kernel import clock
from maristan.kernel.models import User
from maristan.timetable.tests import factories as timetable

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning"),
]
EXAMPLES = 6


def operations() -> dict[str, Any]:
    schema = schemathesis.openapi.from_dict(deepcopy(routes.description()))
    found = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        found[f"{operation.method.upper()} {operation.path}"] = operation
    return found


OPERATIONS = operations()
WRITES = sorted(name for name in OPERATIONS if not name.startswith("GET"))
READS = sorted(name for name in OPERATIONS if name.startswith("GET"))
IN_ONE_WORLD = 12  # a world takes longer to make than a route to probe
ROUNDS = [[*WRITES, *READS][start : start + IN_ONE_WORLD] for start in range(0, len(OPERATIONS), IN_ONE_WORLD)]


@pytest.fixture
def here() -> Iterator[tuple[World, Client]]:
    with clock.stopped_at(timetable.CLOCK):
        of = world("fmu")
        admin = Client(raise_request_exception=False)
        admin.force_login(
            User.objects.get(pk=make.member("Adam", "admin").user_id),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        yield of, admin


def send(client: Client, case: Any, of: World) -> Any:
    """One generated case, with an object that exists in the path where one is known."""
    path = case.operation.path
    for name, value in (case.path_parameters or {}).items():
        try:
            known = of.id_for(case.operation.path) if name in ("pk", "key") else value
        except KeyError:
            known = value
        path = path.replace("{" + name + "}", str(known).replace("/", "").replace("?", "") or "x")
    body = case.body if isinstance(case.body, dict | list) else {}
    query = {key: value for key, value in (case.query or {}).items() if value is not None}
    options: dict[str, Any] = {"headers": {"If-Match": '"1"'}, "query_params": query}
    if case.method.upper() not in ("GET", "DELETE"):
        options |= {"data": json.dumps(body, default=str), "content_type": "application/json"}
    with transaction.atomic():
        answer = getattr(client, case.method.lower())(path, **options)
        transaction.set_rollback(True)
    return answer


def probe(name: str, of: World, client: Client) -> None:
    """Send generated cases to one route; each is rolled back, so that the world serves the next."""

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.generate], database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=OPERATIONS[name].as_strategy())
    def cases(case: Any) -> None:
        answer = send(client, case, of)
        assert answer.status_code < 500, (name, case.body, case.query, answer.content[:300])
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", (name, answer.content[:300])

    cases()


@pytest.mark.parametrize("names", ROUNDS, ids=lambda names: names[0])
def test_no_input_is_a_fault_of_the_server(names: list[str], here: tuple[World, Client]) -> None:
    for name in names:
        probe(name, *here)


def test_every_route_is_probed_once() -> None:
    assert sorted(name for names in ROUNDS for name in names) == sorted(OPERATIONS)
