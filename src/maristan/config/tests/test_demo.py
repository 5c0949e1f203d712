"""The demonstration institution: made by actions, once; never in production."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from maristan.academics.models import Application, Batch, Enrollment, Intake, Request, Student
from maristan.comms.models import Announcement, Notification
from maristan.directory.models import Address, IdentityDocument, Institution
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.models import JournalLine, User
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable.models import WeekPlan

DAY = "2026-03-04"


def seed(students: int) -> str:
    told = StringIO()
    call_command("seed_demo", f"--students={students}", f"--date={DAY}", stdout=told)
    return told.getvalue()


@pytest.fixture
def as_owner(own_database: Any, settings: Any, tmp_path: Path) -> Path:
    """A database of the test's own, and a folder for the accounts."""
    settings.VAR = tmp_path
    return tmp_path


def entered() -> int:
    """The id of the demonstration institution."""
    return tenancy.institution_ids()[0]


def test_the_demonstration_is_made_once_and_a_larger_number_adds_students(as_owner: Path) -> None:
    seed(9)
    with tenancy.acting_in(entered()):
        assert Institution.objects.get().code == "farabi"
        assert Student.objects.count() == 9
        assert Enrollment.objects.count() == 8
        assert sorted(WeekPlan.objects.values_list("status", flat=True)) == ["draft", "draft", "draft", "published"]
        assert sorted(Request.objects.values_list("status", flat=True)) == [
            "approved", "completed", "pending", "rejected", "under_review",
        ]  # fmt: skip
        kinds = set(JournalLine.objects.values_list("kind", flat=True))
        before = JournalLine.objects.count()
    assert kinds >= {
        "institution.founded", "department.created", "place.created", "person.created", "membership.granted",
        "program.created", "batch.created", "group.created", "period.opened", "course.created", "student.created",
        "section.created", "enrolment.created", "invitation.accepted", "week_plan.published",
        "request_type.created", "request.submitted", "request.remarked", "request.completed", "request.rejected",
    }  # fmt: skip
    assert "0 students were added" in seed(9)
    assert "0 students were added" in seed(3)
    with tenancy.acting_in(entered()):
        assert (Student.objects.count(), JournalLine.objects.count()) == (9, before)
    assert "3 students were added" in seed(12)
    with tenancy.acting_in(entered()):
        assert Student.objects.count() == 12
        assert JournalLine.objects.count() == before + 3


def test_the_demonstration_has_an_open_intake_with_applications_of_every_kind(as_owner: Path) -> None:
    seed(9)
    with tenancy.acting_in(entered()), clock.stopped_at(f"{DAY}T12:00:00+00:00"):
        now = clock.now()
        opened = Intake.objects.get(opens_at__lte=now, closes_at__gt=now)
        assert Intake.objects.exclude(pk=opened.pk).get().opens_at > now
        statuses = Application.objects.filter(intake=opened).order_by("pk").values_list("status", flat=True)
        assert list(statuses) == [
            "approved", "rejected", "pending", "needs_review", "pending", "pending", "needs_review", "draft",
        ]  # fmt: skip
        admitted = Application.objects.get(status="approved")
        assert admitted.student is not None
        assert admitted.student.reg_no == "MBBS310001"
        assert admitted.papers.count() == 4
        assert admitted.photo is not None
        assert IdentityDocument.objects.filter(verified_at__isnull=False).count() == 3
        assert IdentityDocument.objects.filter(verified_at=None).count() == 2
        assert Address.objects.filter(is_primary=True).count() == 5


def test_the_demonstration_has_told_a_batch_of_one_thing_and_drafts_another(as_owner: Path) -> None:
    seed(9)
    with tenancy.acting_in(entered()):
        run_jobs()
        assert list(Announcement.objects.order_by("pk").values_list("status", flat=True)) == ["sent", "draft"]
        sent = Announcement.objects.get(status="sent")
        placed = Student.objects.filter(status="active", placements__batch=Batch.objects.order_by("pk")[0]).count()
        assert sent.recipients_count == placed > 0
        told = Notification.objects.filter(event="announcement.sent")
        assert (told.count(), {each.url for each in told}) == (placed, {f"/board/{sent.pk}"})


def test_every_role_signs_in_with_the_password_of_the_file(as_owner: Path) -> None:
    seed(3)
    file = as_owner / "demo-accounts.json"
    assert file.stat().st_mode & 0o777 == 0o600
    listed = {each["roles"][0]: each for each in json.loads(file.read_text(encoding="utf-8"))}
    assert {"admin", "registrar", "coordinator", "department_head", "faculty", "student", "operator"} <= set(listed)
    for role, each in listed.items():
        user = User.objects.get(username=each["username"])
        assert user.check_password(each["password"]), role
    moment = datetime.fromisoformat(DAY).replace(hour=13, tzinfo=UTC)
    with clock.stopped_at(moment):
        coordinator = Client()
        coordinator.django.force_login(
            User.objects.get(username="coordinator"), backend="django.contrib.auth.backends.ModelBackend"
        )
        assert coordinator.get("/api/v1/timetable/weeks/").json["count"] == 4
        with tenancy.acting_in(entered()):
            while journal.seal():
                pass
    with tenancy.acting_in(entered()), clock.stopped_at(moment + timedelta(days=1)):
        assert list(journal.verify(entered())) == []


def test_the_demonstration_refuses_to_run_in_production(as_owner: Path, settings: Any) -> None:
    settings.MARISTAN_ENV = "production"
    with pytest.raises(CommandError, match="seed_demo refuses to run in production"):
        seed(3)
    with transaction.atomic():
        assert tenancy.institution_ids() == []
    assert not User.objects.exists()


@pytest.mark.parametrize("number", ["0", "5001", "x"])
def test_a_number_of_students_beyond_the_range_is_a_fault(number: str) -> None:
    with pytest.raises(CommandError):
        call_command("seed_demo", f"--students={number}")
