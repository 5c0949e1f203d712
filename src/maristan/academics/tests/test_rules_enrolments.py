"""Enrolment is refused in one order of checks, and an enrolment ends once."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from maristan.academics.rules.enrolments import (
    ENROLLMENT,
    EnrollmentFacts,
    EnrolmentRequest,
    check_enrolment,
    enrolment_requirements,
    holds_the_enrolled,
)
from maristan.academics.rules.states import EnrollmentStatus, PeriodStatus, Perm, StudentStatus
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.workflow import Requirement, Severity

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ACTIVE, DROPPED, COMPLETED, WITHDRAWN = EnrollmentStatus
FINE = EnrolmentRequest(PeriodStatus.OPEN, True, StudentStatus.ACTIVE, None, 9, 10)


class Registrar:
    def may(self, permission: str) -> bool:
        return permission == Perm.ENROLLMENT_MANAGE


def code_of(request: EnrolmentRequest) -> str:
    with pytest.raises(NotNow) as refused:
        check_enrolment(request)
    return refused.value.code


def test_the_last_free_seat_is_given() -> None:
    check_enrolment(FINE)
    assert all(each.met for each in enrolment_requirements(FINE))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (replace(FINE, period_status=PeriodStatus.CLOSED), "TERM_CLOSED"),
        (replace(FINE, period_status=PeriodStatus.PLANNED), "ENROLLMENT_CLOSED"),
        (replace(FINE, is_enrollment_open=False), "ENROLLMENT_CLOSED"),
        *((replace(FINE, student_status=status), "INVALID_STATUS") for status in list(StudentStatus)[1:]),
        (replace(FINE, existing=ACTIVE), "DUPLICATE_ENROLLMENT"),
        (replace(FINE, existing=COMPLETED), "DUPLICATE_ENROLLMENT"),
        (replace(FINE, enrolled_count=10), "CAPACITY_EXCEEDED"),
        (replace(FINE, enrolled_count=11), "CAPACITY_EXCEEDED"),
    ],
)
def test_each_refusal_has_its_code(request_: EnrolmentRequest, code: str) -> None:
    assert code_of(request_) == code


def test_the_first_in_order_gives_the_code_and_all_are_named() -> None:
    worst = EnrolmentRequest(PeriodStatus.CLOSED, False, StudentStatus.SUSPENDED, ACTIVE, 10, 10)
    order = ["TERM_CLOSED", "ENROLLMENT_CLOSED", "INVALID_STATUS", "DUPLICATE_ENROLLMENT", "CAPACITY_EXCEEDED"]
    with pytest.raises(NotNow) as refused:
        check_enrolment(worst)
    assert refused.value.code == "TERM_CLOSED"
    assert [each["code"] for each in refused.value.extra["missing"]] == order
    assert code_of(replace(worst, period_status=PeriodStatus.OPEN)) == "ENROLLMENT_CLOSED"
    opened = replace(worst, period_status=PeriodStatus.OPEN, is_enrollment_open=True)
    assert code_of(opened) == "INVALID_STATUS"
    assert code_of(replace(opened, student_status=StudentStatus.ACTIVE)) == "DUPLICATE_ENROLLMENT"


def test_contributed_requirements_come_last_and_warnings_let_pass() -> None:
    fees = Requirement("obligations_clear", "No fees are due")
    with pytest.raises(NotNow) as refused:
        check_enrolment(FINE, [fees])
    assert refused.value.code == "obligations_clear"
    with pytest.raises(NotNow) as refused:
        check_enrolment(replace(FINE, enrolled_count=10), [fees])
    assert refused.value.code == "CAPACITY_EXCEEDED"
    check_enrolment(FINE, [replace(fees, severity=Severity.WARN), replace(fees, met=True)])


def test_the_capacity_holds_everyone_enrolled() -> None:
    assert [each.met for each in holds_the_enrolled(10, 10)] == [True]
    assert [(each.code, each.met) for each in holds_the_enrolled(9, 10)] == [("capacity_below_enrolled", False)]


@pytest.mark.parametrize(("name", "status"), list(product(["drop", "withdraw", "complete"], EnrollmentStatus)))
def test_only_an_active_enrolment_ends(name: str, status: EnrollmentStatus) -> None:
    targets = {"drop": DROPPED, "withdraw": WITHDRAWN, "complete": COMPLETED}
    if status is ACTIVE:
        transition, _ = ENROLLMENT.check(EnrollmentFacts(status), name, Registrar(), NOW, reason="Illness")
        assert transition.target == targets[name]
    else:
        with pytest.raises(NotNow):
            ENROLLMENT.check(EnrollmentFacts(status), name, Registrar(), NOW, reason="Illness")


def test_only_withdrawing_needs_a_reason() -> None:
    with pytest.raises(Invalid):
        ENROLLMENT.check(EnrollmentFacts(ACTIVE), "withdraw", Registrar(), NOW)
    ENROLLMENT.check(EnrollmentFacts(ACTIVE), "drop", Registrar(), NOW)
