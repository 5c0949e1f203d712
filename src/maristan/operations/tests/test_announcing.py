"""What every institution hears of the platform: maintenance before it comes, and when it is not well."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from maristan.directory.tests import factories as make
from maristan.kernel import tenancy
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.actions import alerts, announcing, chain, maintenance
from maristan.operations.models import MaintenanceWindow
from maristan.operations.queries import maintenance as queries
from maristan.operations.rules.states import MaintenanceLevel
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
BY = platform(None, "olga")
TOLD = "/api/v1/comms/notifications/"


@pytest.fixture
def here(tmp_path: Any, settings: Any) -> Any:
    """Bob, who has an address, at one institution; Zara at another."""
    settings.VAR, settings.MAINTENANCE_FILE = tmp_path, tmp_path / "MAINTENANCE_MODE"
    there = make.institution("other", time_zone="Europe/London")
    zara = make.member("Zara", "student")
    found = make.institution(time_zone="Asia/Karachi")
    bob = make.member("Bob", "student")
    make.email(bob, "bob@example.edu")
    return found, bob, there, zara


def plan(begins: datetime) -> MaintenanceWindow:
    window = maintenance.plan(
        level=MaintenanceLevel.FULL, message="New disks", planned_from=begins, until=begins + timedelta(hours=1), by=BY
    )
    run_jobs()
    return window


def titles(person: Any) -> list[str]:
    return [each["title"] for each in Client(person).get(TOLD).json["results"]]


def calendar(person: Any, day: datetime) -> list[str]:
    span = f"?start_date={day:%Y-%m-%d}&end_date={day + timedelta(days=1):%Y-%m-%d}"
    return [each["title"] for each in Client(person).get(f"/api/v1/agenda/entries/{span}").json["results"]]


def test_planned_maintenance_is_told_to_everybody_at_their_own_time_and_stands_in_the_calendar(here: Any) -> None:
    found, bob, _, zara = here
    begins = (timezone.now() + timedelta(days=3)).replace(hour=21, minute=0, second=0, microsecond=0)
    window = plan(begins)
    assert (titles(bob), titles(zara)) == (["Maintenance is planned"], ["Maintenance is planned"])
    said = {each: Client(each).get(TOLD).json["results"][0]["body"] for each in (bob, zara)}
    assert "02:00 to 03:00 (Asia/Karachi)" in said[bob]
    assert "21:00 to 22:00 (Europe/London)" in said[zara]
    assert calendar(zara, begins) == ["Maintenance is planned"]
    assert [each.to for each in mail.outbox] == [["bob@example.edu"]]
    announcing_again(window)
    assert titles(bob) == ["Maintenance is planned"]
    tenancy.enter(found.pk)
    assert JournalLine.objects.filter(institution_id=found.pk, kind="maintenance.planned").count() == 1
    maintenance.move(pk=window.pk, name="withdraw", by=BY)
    run_jobs()
    assert titles(bob) == ["Maintenance will not take place", "Maintenance is planned"]
    assert calendar(zara, begins) == []
    assert len(mail.outbox) == 1


def announcing_again(window: MaintenanceWindow) -> None:
    """As a job that is run a second time, because its worker died at its end."""
    changes = {"level": "full", "message": "", "from": window.planned_from, "until": window.until}
    for institution in tenancy.institution_ids():
        with tenancy.acting_in(institution):
            said = {name: str(value) for name, value in changes.items()}
            announcing.announce(kind="maintenance.planned", pk=window.pk, changes=said, by=platform(institution))


def test_what_begins_within_a_day_is_not_mailed_any_more_and_its_end_is_told(here: Any) -> None:
    found, bob, _, _ = here
    window = plan(timezone.now() + timedelta(hours=23))
    for name in ("start", "end"):
        maintenance.move(pk=window.pk, name=name, by=BY)
        run_jobs()
    assert titles(bob) == ["Maintenance is over", "Maintenance has begun", "Maintenance is planned"]
    assert mail.outbox == []
    tenancy.enter(found.pk)
    lines = JournalLine.objects.filter(institution_id=found.pk, subject_kind="maintenance").order_by("id")
    assert [each.kind for each in lines] == ["maintenance.planned", "maintenance.started", "maintenance.ended"]


def test_that_the_platform_is_not_well_stands_in_the_journal_of_each_institution(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, bob, there, _ = here
    alerts.evaluate(by=BY)
    run_jobs()
    for institution in (found, there):
        tenancy.enter(institution.pk)
        lines = JournalLine.objects.filter(institution_id=institution.pk, subject_kind="health")
        assert [each.kind for each in lines] == ["health.degraded"]
    assert titles(bob) == []


@pytest.mark.parametrize("kind", announcing.OF_THE_CHAIN)
def test_what_becomes_of_backups_and_releases_is_told_to_every_institution_once(here: Any, kind: str) -> None:
    found, bob, there, _ = here
    with tenancy.acting_in(None):
        noun = kind.partition(".")[0]
        line = chain.record(kind=kind, subject=(noun, "maristan_20260102_020000"), by=BY, changes={"error": "killed"})
        chain.record(kind="backup.started", subject=("backup", "x"), by=BY, changes={})  # is nobody else's business
    run_jobs()
    for institution in (found, there):
        with tenancy.acting_in(institution.pk):
            again = {"name": "maristan_20260102_020000", "error": "killed"}
            announcing.announce(kind=kind, pk=line.pk, changes=again, by=platform(institution.pk))
            lines = JournalLine.objects.filter(institution_id=institution.pk, subject_kind__in=("backup", "release"))
            assert [(each.kind, each.changes) for each in lines] == [(kind, again)]
    assert titles(bob) == []


@pytest.mark.parametrize(("hours", "is_told"), [(23, True), (25, False)])
def test_a_bar_stands_over_every_screen_from_a_day_before(here: Any, hours: int, is_told: bool) -> None:
    _, bob, _, _ = here
    window = run.window()
    begins = timezone.now() + timedelta(hours=hours)
    MaintenanceWindow.objects.update(planned_from=begins, until=begins + timedelta(hours=1))
    queries.forget()
    said = Client(bob).get("/api/v1/me/").json["maintenance"]
    assert (said is not None) is is_told
    if said is not None:
        assert (said["is_on"], said["level"], said["message"]) == (False, "full", window.message)
    MaintenanceWindow.objects.update(started_at=timezone.now(), level="read_only")
    queries.forget()
    on = Client(bob).get("/api/v1/me/").json["maintenance"]
    assert (on["is_on"], on["level"], on["begins_at"]) == (True, "read_only", None)
    MaintenanceWindow.objects.update(ended_at=timezone.now())
    queries.forget()
    assert Client(bob).get("/api/v1/me/").json["maintenance"] is None
