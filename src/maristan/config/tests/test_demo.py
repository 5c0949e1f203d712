"""The demonstration institution: made by actions, once; never in production."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, Sum

from maristan.academics.models import (
    Application,
    Batch,
    Enrollment,
    Intake,
    Material,
    Obligation,
    Receipt,
    Request,
    Student,
)
from maristan.assessment.models import Document, Exam, GradebookItem, Result, ResultCorrection
from maristan.attendance.models import (
    Attendance,
    Condonation,
    Correction,
    EligibilityLine,
    EligibilityList,
    Register,
)
from maristan.comms.models import Announcement, Notification, WebhookDelivery, WebhookEndpoint
from maristan.config.tests.conftest import DAY, Demonstration
from maristan.directory.models import Address, IdentityDocument, Institution, Person
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.models import JournalLine, User
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable.models import WeekPlan


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


def digest() -> dict[str, str]:
    """Every row of every table, in short."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {name} t")
            found[name] = cursor.fetchone()[0]
        return found


def by_status(model: Any, **values: Any) -> dict[str, int]:
    """How many rows have each status."""
    return counted(model.objects.filter(**values), "status")


def counted(rows: Any, name: str) -> dict[str, int]:
    """How many rows have each value."""
    return dict(rows.values_list(name).annotate(count=Count("pk")).order_by())


def test_the_demonstration_is_made_once_and_a_larger_number_adds_students(demonstration: Demonstration) -> None:
    with tenancy.acting_in(entered()):
        assert Institution.objects.get().code == "farabi"
        assert Student.objects.count() == 50
        assert Enrollment.objects.count() == 24
        assert by_status(WeekPlan) == {"published": 4, "draft": 3}
        assert sorted(Request.objects.values_list("status", flat=True)) == [
            "approved", "completed", "pending", "rejected", "under_review",
        ]  # fmt: skip
        kinds = set(JournalLine.objects.values_list("kind", flat=True))
        before, length = digest(), JournalLine.objects.count()
    assert kinds >= {
        "institution.founded", "department.created", "place.created", "person.created", "membership.granted",
        "program.created", "batch.created", "group.created", "period.opened", "course.created", "student.created",
        "section.created", "enrolment.created", "invitation.accepted", "week_plan.published",
        "request_type.created", "request.submitted", "request.remarked", "request.completed", "request.rejected",
        "register.built", "register.marked", "register.submitted", "register.locked", "register.not_held",
        "mark_correction.accepted", "eligibility_list.frozen", "condonation.granted", "exam.completed",
        "exam.cancelled", "marks.entered", "result.frozen", "result.corrected", "gradebook_item.created",
        "transcript.superseded", "transcript.revoked", "requirement.assigned", "obligation.waived",
        "material.archived", "webhook.created", "holiday.declared", "leave.requested", "leave.approved",
        "leave.rejected", "availability.declared", "syllabus_item.created",
    }  # fmt: skip
    assert "0 students were added" in seed(50)
    assert "0 students were added" in seed(3)
    with tenancy.acting_in(entered()):
        assert (digest(), JournalLine.objects.count()) == (before, length)
    assert "30 students were added" in seed(80)
    with tenancy.acting_in(entered()):
        assert Student.objects.count() == 80
        assert JournalLine.objects.count() == length + 30
        names = set(Person.objects.filter(pk__in=Student.objects.values("person")).values_list("name", flat=True))
    assert {"Shahzeb", "Sara O'Brien", "مُحَمَّد عُمَر الفاروقي", "آمنہ"} <= names


def test_the_demonstration_has_every_state_of_attendance_exams_and_what_is_owed(demonstration: Demonstration) -> None:
    with tenancy.acting_in(entered()):
        assert by_status(Register) == {"locked": 43, "not_held": 1, "submitted": 23, "open": 20}
        past = Register.objects.get(status="open", session__ends_at__lt=f"{DAY}T00:00+05:00")
        assert past.session.course.code == "PAT101"
        assert Attendance.objects.filter(session=past.session, status=None, expected=True).count() == 14
        assert by_status(Attendance) == {"present": 1642, "late": 212, "absent": 254, "excused": 18, None: 714}
        assert by_status(Correction) == {"pending": 1, "accepted": 1, "declined": 1}
        lines = EligibilityLine.objects.filter(of_list=EligibilityList.objects.get(status="frozen"))
        assert counted(lines, "code") == {"eligible": 34, "below_threshold": 5, "condoned": 1}
        assert by_status(Condonation) == {"granted": 1, "requested": 1}
        assert by_status(Exam) == {"draft": 1, "scheduled": 1, "marking": 3, "completed": 1, "cancelled": 1}
        current = Result.objects.filter(is_current=True)
        assert counted(current, "status") == {"draft": 40, "verified": 24, "published": 24, "frozen": 24}
        assert current.filter(status="draft", final_outcome="pending").exists()
        assert by_status(ResultCorrection) == {"approved": 1, "proposed": 1}
        assert GradebookItem.objects.aggregate(whole=Sum("weight"))["whole"] == 100
        assert by_status(Document) == {"issued": 2, "superseded": 1, "revoked": 1}
        assert Document.objects.filter(file=None).count() == 0
        assert by_status(Obligation, requirement__title="Proof of vaccination") == {
            "pending": 34, "submitted": 2, "verified": 2, "rejected": 1, "waived": 1,
        }  # fmt: skip
        assert by_status(Material) == {"published": 3, "archived": 1, "draft": 1}
        assert Receipt.objects.count() == 12
        assert WebhookEndpoint.objects.get().enabled is False
        assert WebhookDelivery.objects.count() == 0


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-06"])
def test_the_demonstration_is_made_on_any_day_of_the_week_for_two_students(as_owner: Path, day: str) -> None:
    call_command("seed_demo", "--students=2", f"--date={day}", stdout=StringIO())
    with tenancy.acting_in(entered()):
        assert by_status(WeekPlan) == {"published": 4, "draft": 3}
        assert by_status(Exam) == {"draft": 1, "scheduled": 1, "marking": 3, "completed": 1, "cancelled": 1}
        assert Register.objects.exclude(status="open").count() >= 53


def test_the_demonstration_has_an_open_intake_with_applications_of_every_kind(demonstration: Demonstration) -> None:
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


def test_the_demonstration_has_told_a_batch_of_one_thing_and_drafts_another(demonstration: Demonstration) -> None:
    with tenancy.acting_in(entered()):
        run_jobs(2000)
        assert list(Announcement.objects.order_by("pk").values_list("status", flat=True)) == ["sent", "draft"]
        sent = Announcement.objects.get(status="sent")
        placed = Student.objects.filter(status="active", placements__batch=Batch.objects.order_by("pk")[0]).count()
        assert sent.recipients_count == placed > 0
        told = Notification.objects.filter(event="announcement.sent")
        assert (told.count(), {each.url for each in told}) == (placed, {f"/board/{sent.pk}"})


def test_every_role_signs_in_with_the_password_of_the_file(demonstration: Demonstration) -> None:
    file = demonstration.home / "demo-accounts.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text(encoding="utf-8").splitlines()
    listed = {each["role"]: each for each in csv.DictReader(lines, delimiter="\t")}
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
        assert coordinator.get("/api/v1/timetable/weeks/").json["count"] == 7
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


@pytest.mark.parametrize("name", ["operator", "Registrar"])
def test_an_account_of_somebody_else_that_has_a_name_of_the_demonstration_stays_theirs(
    name: str, as_owner: Path
) -> None:
    somebody = User.objects.create_user(name, password="cedar-lantern-47")
    with pytest.raises(CommandError) as refused:
        seed(2)
    said = f"names of the demonstration are taken by other accounts: {name}; nothing was made"
    assert (str(refused.value), refused.value.returncode) == (said, 3)
    with transaction.atomic():
        assert tenancy.institution_ids() == []
    assert list(User.objects.values_list("pk", "is_operator")) == [(somebody.pk, False)]
    assert list(as_owner.iterdir()) == []


@pytest.mark.parametrize("number", ["0", "5001", "x"])
def test_a_number_of_students_beyond_the_range_is_a_fault(number: str) -> None:
    with pytest.raises(CommandError):
        call_command("seed_demo", f"--students={number}")
