"""Two people press at once: what is written below a row waits for who closes it, and the other way round."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections, transaction

from maristan.academics.actions import (
    applications,
    applying,
    batches,
    enrollments,
    periods,
    programs,
    request_papers,
    request_types,
    requests,
    sections,
    students,
)
from maristan.academics.models import (
    Application,
    Batch,
    Enrollment,
    Intake,
    Placement,
    Request,
    RequestAttachment,
    Section,
    Student,
)
from maristan.academics.queries.admissions import digest
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel import clock, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow, Refusal
from maristan.kernel.models import JournalLine

Press = Callable[[], object]


@pytest.fixture
def alice(own_database: object) -> Actor:
    """The registrar of an institution of its own; each test commits what it makes."""
    with transaction.atomic():
        directory.institution()
        return directory.actor(directory.member("Alice", "registrar"))


def second_outcome(by: Actor, first: Press, second: Press) -> str:
    """What becomes of the second press, made while the first has not yet been committed."""
    outcome: list[str] = []

    def press() -> None:
        try:
            with tenancy.acting_in(by.institution_id):
                second()
            outcome.append("done")
        except Refusal as refusal:
            outcome.append(refusal.code)
        finally:
            connections.close_all()

    other = Thread(target=press)
    with tenancy.acting_in(by.institution_id):
        first()
        other.start()
        other.join(timeout=0.5)
        assert outcome == []
    other.join()
    return outcome[0]


def made(by: Actor, thing: Callable[[], object]) -> object:
    with tenancy.acting_in(by.institution_id):
        return thing()


def closing(by: Actor, pk: int) -> Press:
    return lambda: periods.move(pk=pk, name="close", version=None, reason=None, by=by)


def test_nobody_is_enrolled_in_a_period_that_is_being_closed(alice: Actor) -> None:
    seat = made(alice, lambda: (make.student(), make.section()))
    student, section = seat
    outcome = second_outcome(
        alice,
        closing(alice, section.academic_period_id),
        lambda: enrollments.enroll(student=student.pk, section=section.pk, by=alice),
    )
    assert outcome == "TERM_CLOSED"
    assert made(alice, Enrollment.objects.count) == 0


def test_a_period_is_closed_after_the_enrolment_that_came_first(alice: Actor) -> None:
    student, section = made(alice, lambda: (make.student(), make.section()))
    outcome = second_outcome(
        alice,
        lambda: enrollments.enroll(student=student.pk, section=section.pk, by=alice),
        closing(alice, section.academic_period_id),
    )
    assert outcome == "done"
    assert made(alice, Enrollment.objects.count) == 1


def test_a_student_who_is_being_suspended_gets_no_seat(alice: Actor) -> None:
    student, section = made(alice, lambda: (make.student(), make.section()))
    outcome = second_outcome(
        alice,
        lambda: students.move(
            pk=student.pk, name="suspend", version=None, reason="Unpaid dues", actual_graduation_year=None, by=alice
        ),
        lambda: enrollments.enroll(student=student.pk, section=section.pk, by=alice),
    )
    assert outcome == "INVALID_STATUS"
    assert made(alice, Enrollment.objects.count) == 0


def test_a_period_that_is_being_closed_takes_no_section(alice: Actor) -> None:
    course, period = made(alice, lambda: (make.course(), make.period()))
    values = {"course": course.pk, "academic_period": period.pk, "name": "S1"}
    outcome = second_outcome(alice, closing(alice, period.pk), lambda: sections.create(values=values, by=alice))
    assert outcome == "period_closed"
    assert made(alice, Section.objects.count) == 0


def test_a_program_that_is_being_retired_takes_no_batch(alice: Actor) -> None:
    program = made(alice, make.program)
    values = {"program": program.pk, "name": "2031", "intake_year": 2026, "graduation_year": 2031}
    outcome = second_outcome(
        alice,
        lambda: programs.move(pk=program.pk, name="retire", version=None, reason=None, by=alice),
        lambda: batches.create(values=values, by=alice),
    )
    assert outcome == "program_retired"
    assert made(alice, Batch.objects.count) == 0


def test_two_students_of_one_first_name_entered_at_once_get_two_usernames(alice: Actor) -> None:
    group = made(alice, make.group)

    def entering(reg_no: str) -> Press:
        values = {"reg_no": reg_no, "name": "Ali Raza", "batch": group.batch_id, "group": group.pk}
        return lambda: students.create(values=values, by=alice)

    assert second_outcome(alice, entering("1"), entering("2")) == "done"
    names = made(alice, lambda: list(Student.objects.order_by("reg_no").values_list("person__proposed_username")))
    assert names == [("ali.b31",), ("ali2.b31",)]


def test_two_who_admit_at_once_give_two_numbers_and_never_the_last_seat_twice(alice: Actor) -> None:
    def prepare() -> tuple[int, int, int]:
        batch = make.batch(make.program(code="MBBS"), graduation_year=2029)
        make.group(batch)
        intake = make.intake(batch, seats=2)
        return tuple(make.application(intake=intake, batch_year=2029).pk for _ in range(3))  # type: ignore[return-value]

    first, second, third = made(alice, prepare)  # type: ignore[misc]

    def admit(pk: int) -> Press:
        return lambda: applications.approve(
            pk=pk, version=None, group=None, person=None, override=False, reason=None, by=alice
        )

    assert second_outcome(alice, admit(first), admit(second)) == "done"
    with tenancy.acting_in(alice.institution_id):
        assert sorted(Student.objects.values_list("reg_no", flat=True)) == ["MBBS290001", "MBBS290002"]
        assert Placement.objects.filter(to_date=None).count() == 2
        assert JournalLine.objects.filter(kind="invitation.sent").count() == 2
        with pytest.raises(NotNow) as refused:
            admit(third)()
    assert [each["code"] for each in refused.value.extra["missing"]] == ["no_seats_left"]


def test_two_programs_whose_codes_begin_alike_never_give_one_number_twice(alice: Actor) -> None:
    def prepare(code: str) -> int:
        batch = make.batch(make.program(code=code), graduation_year=2029)
        make.group(batch)
        return make.application(intake=make.intake(batch), batch_year=2029).pk

    first, second = made(alice, lambda: (prepare("MBBS"), prepare("MBBSX")))  # type: ignore[misc]

    def admit(pk: int) -> Press:
        return lambda: applications.approve(
            pk=pk, version=None, group=None, person=None, override=False, reason=None, by=alice
        )

    assert second_outcome(alice, admit(first), admit(second)) == "done"
    numbers = made(alice, lambda: sorted(Student.objects.values_list("reg_no", flat=True)))
    assert numbers == ["MBBS290001", "MBBS290002"]


def hand_in(token: str) -> Press:
    return lambda: applying.submit(token=token, version=None, by=None)


def drafts(**values: str) -> tuple[str, str]:
    """The tokens of two complete drafts of one intake."""
    intake = make.intake()
    for token in ("one", "two"):
        make.application(
            intake=intake, status="draft", number=None, submitted_at=None, token_hash=digest(token),
            token_expires_at=clock.now() + timedelta(days=1), **values,
        )  # fmt: skip
    return "one", "two"


def test_of_two_who_hand_in_one_identity_at_once_the_second_is_reviewed(alice: Actor) -> None:
    one, two = made(alice, lambda: drafts(cnic_or_bform="3520212345671"))  # type: ignore[misc]
    assert second_outcome(alice, hand_in(one), hand_in(two)) == "done"
    statuses = made(alice, lambda: list(Application.objects.order_by("number").values_list("status", flat=True)))
    assert statuses == ["pending", "needs_review"]


def test_a_draft_is_handed_in_once_however_often_it_is_pressed(alice: Actor) -> None:
    one, _ = made(alice, drafts)  # type: ignore[misc]
    assert second_outcome(alice, hand_in(one), hand_in(one)) == "not_now"
    assert made(alice, lambda: Application.objects.exclude(number=None).count()) == 1


def test_two_starts_of_one_address_at_once_make_one_draft(alice: Actor) -> None:
    intake = made(alice, make.intake)
    assert isinstance(intake, Intake)

    def start() -> object:
        return applying.start(intake=intake.pk, email="amina@example.edu", language="", by=alice)

    assert second_outcome(alice, start, start) == "done"
    assert made(alice, Application.objects.count) == 1


def decide(by: Actor, pk: int, name: str) -> Press:
    return lambda: requests.move(pk=pk, name=name, version=None, notes="As agreed", by=by)


def test_of_two_who_decide_at_once_one_is_late(alice: Actor) -> None:
    found = made(alice, make.request)
    assert isinstance(found, Request)
    assert second_outcome(alice, decide(alice, found.pk, "approve"), decide(alice, found.pk, "reject")) == "not_now"
    assert made(alice, lambda: Request.objects.get(pk=found.pk).status) == "approved"


def test_one_upload_hangs_on_one_request_only(alice: Actor) -> None:
    kind, paper = made(
        alice,
        lambda: (make.request_type(), request_papers.upload(uploads=[("a.pdf", PDF)], by=alice)[0]),
    )

    def hand_in() -> object:
        values = {"type": kind.pk, "title": "A letter", "attachments": [paper.pk]}
        return requests.create(values=values, by=alice)

    assert second_outcome(alice, hand_in, hand_in) == "unknown_reference"
    assert made(alice, RequestAttachment.objects.count) == 1


def test_no_request_slips_by_a_type_that_is_being_closed(alice: Actor) -> None:
    kind = made(alice, make.request_type)
    close = {"is_active": False}
    outcome = second_outcome(
        alice,
        lambda: request_types.update(pk=kind.pk, version=1, values=close, by=alice),
        lambda: requests.create(values={"type": kind.pk, "title": "A letter"}, by=alice),
    )
    assert outcome == "type_inactive"
    assert made(alice, Request.objects.count) == 0
