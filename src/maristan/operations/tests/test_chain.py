"""The journal of the host: what a disk does not take is lost aloud, and stops nothing of what is done beside it."""

import json
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from maristan.kernel import metering
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.operations.actions import chain, deployments
from maristan.operations.actions.deployments import Run
from maristan.operations.models import Alert, Deployment
from maristan.operations.queries import maintenance as queries
from maristan.operations.rules.states import DeploymentKind, DeploymentStatus
from maristan.operations.tests import factories as run
from maristan.operations.tests.made_sets import ended
from maristan.operations.tests.test_alerts import answers_of_500, evaluate

pytestmark = pytest.mark.django_db
OLGA = platform(None, "Olga")


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.VAR, settings.MAINTENANCE_FILE, settings.REDIS_URL = tmp_path, tmp_path / "MAINTENANCE_MODE", None
    queries.forget()
    yield tmp_path
    queries.forget()


@pytest.fixture
def full(var: Path) -> None:
    """The disk that has the journal of the host takes no byte more."""
    (var / "operations.jsonl").symlink_to("/dev/full")


def lost(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    found = [each for each in caplog.records if each.getMessage() == "host_journal_failed"]
    return [(each.__dict__["code"], each.exc_info[0].__name__) for each in found if each.exc_info and each.exc_info[0]]


def kinds() -> list[str]:
    lines = JournalLine.objects.filter(institution_id=None).order_by("pk")
    return list(lines.values_list("kind", flat=True))


@pytest.mark.usefixtures("full")
def test_alerts_fire_and_are_acknowledged_on_a_full_disk(caplog: pytest.LogCaptureFixture) -> None:
    metering.take()
    for kind in ("web", "worker"):
        run.process(kind)
    answers_of_500(11)
    evaluate(1)
    alert = Alert.objects.get()
    words = {"comment": "Disks are on their way."}
    answer = Client(run.operator()).post(f"/api/v1/operations/alerts/{alert.pk}/moves/acknowledge/", words)
    assert (answer.status, answer.json["status"]) == (200, "acknowledged")
    said = ["alert.fired", "health.degraded", "alert.acknowledged"]
    assert (kinds(), lost(caplog)) == (said, [(each, "OSError") for each in said])


@pytest.mark.usefixtures("full")
def test_maintenance_ends_on_a_full_disk(var: Path, capsys: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert ended(["maintenance", "on"], capsys)[0] == 0
    assert ended(["maintenance", "off"], capsys)[0] == 0
    assert (queries.open_window(), (var / "MAINTENANCE_MODE").exists()) == (None, False)
    said = ["maintenance.started", "maintenance.ended"]
    assert kinds() == said
    assert lost(caplog) == [(each, "OSError") for kind in said for each in (kind, kind)]  # of window and file


@pytest.mark.parametrize("is_away", [False, True])
@pytest.mark.usefixtures("full")
def test_a_deployment_goes_on_where_no_disk_takes_its_line(
    is_away: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    here = deployments.begin(run=Run(DeploymentKind.DEPLOY, "a" * 12, "b" * 12), by=OLGA)

    def away(**_: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    if is_away:
        monkeypatch.setattr(deployments.chain, "record", away)
        monkeypatch.setattr(deployments.connection, "close", lambda: None)
    deployments.finish(run=here, status=DeploymentStatus.SUCCEEDED, exit_code=0, by=OLGA)
    assert Deployment.objects.get().status == "succeeded"
    assert kinds() == ["release.begun", *([] if is_away else ["release.deployed"])]
    assert lost(caplog) == [("release.begun", "OSError"), ("release.deployed", "OSError")]


def test_a_line_that_was_cut_short_spoils_itself_alone(var: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = var / "operations.jsonl"
    file.write_text(json.dumps({"kind": "x" * 1_000_000}) + "\n")
    room, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 20, hard))
    try:
        chain.on_host(kind="host.drained", subject=("host", "a"), by=OLGA, changes={})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    assert lost(caplog) == [("host.drained", "OSError")]
    for name in ("b", "c"):
        chain.on_host(kind="host.drained", subject=("host", name), by=OLGA, changes={})
    _, torn, *whole = file.read_text().splitlines()
    assert (len(torn), [json.loads(each)["subject"] for each in whole]) == (20, [["host", "b"], ["host", "c"]])
