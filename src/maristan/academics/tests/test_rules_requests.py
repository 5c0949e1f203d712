"""The rules of the request desk, as tables."""

from datetime import UTC, datetime
from typing import Any

import pytest

from maristan.academics.rules.requests import (
    HANDLER_ROLES,
    REQUEST,
    STARTERS,
    RequestFacts,
    Submission,
    attachment_stem,
    check_submission,
    serves,
)
from maristan.academics.rules.states import RequestCode, RequestStatus
from maristan.kernel.access import Grant, Role
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.workflow import Requirement

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
WRONG, LATE, OWN, OTHERS = ["wrong_status"], ["NOT_APPROVED"], ["own_request"], ["not_yours"]


class Anyone:
    """Somebody who holds every permission."""

    def may(self, permission: str) -> bool:
        return True


def missing(status: str, name: str, *, is_own: bool = False, reason: str = "It is all here.") -> list[str]:
    """The codes that refuse a move, none when it is open."""
    try:
        REQUEST.check(RequestFacts(RequestStatus(status), is_own), name, Anyone(), NOW, reason=reason)
    except NotNow as refusal:
        return [each["code"] for each in refusal.extra["missing"]]
    return []


@pytest.mark.parametrize(
    ("status", "assign", "approve", "reject", "complete", "cancel"),
    [
        ("pending", [], [], [], LATE, OTHERS),
        ("under_review", WRONG, [], [], LATE, WRONG),
        ("approved", WRONG, WRONG, WRONG, [], WRONG),
        ("rejected", WRONG, WRONG, WRONG, LATE, WRONG),
        ("completed", WRONG, WRONG, WRONG, LATE, WRONG),
        ("cancelled", WRONG, WRONG, WRONG, LATE, WRONG),
    ],
)
def test_somebody_elses_request_moves_from_state_to_state(
    status: str, assign: list[str], approve: list[str], reject: list[str], complete: list[str], cancel: list[str]
) -> None:
    names = ("assign", "approve", "reject", "complete", "cancel")
    assert [missing(status, name) for name in names] == [assign, approve, reject, complete, cancel]


@pytest.mark.parametrize(
    ("status", "name", "expected"),
    [
        ("pending", "assign", OWN), ("pending", "approve", OWN), ("under_review", "approve", OWN),
        ("pending", "reject", OWN), ("under_review", "reject", OWN), ("approved", "complete", OWN),
        ("pending", "complete", [*LATE, *OWN]), ("pending", "cancel", []), ("under_review", "cancel", WRONG),
        ("approved", "cancel", WRONG),
    ],
)  # fmt: skip
def test_ones_own_request_is_taken_back_and_served_by_somebody_else(
    status: str, name: str, expected: list[str]
) -> None:
    assert missing(status, name, is_own=True) == expected


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("assign", "under_review"), ("approve", "approved"), ("reject", "rejected"), ("complete", "completed"),
        ("cancel", "cancelled"),
    ],
)  # fmt: skip
def test_each_move_ends_where_it_says(name: str, target: str) -> None:
    assert REQUEST.transition(name).target == target


@pytest.mark.parametrize("reason", ["", "no", " four ", "x" * 501])
def test_a_rejection_says_why(reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        missing("pending", "reject", reason=reason)
    assert refused.value.faults[0].code == "REASON_REQUIRED"
    assert missing("pending", "approve", reason=reason) == []


@pytest.mark.parametrize(
    ("active", "demands", "papers", "code"),
    [
        (True, False, 0, None), (True, False, 2, None), (True, True, 1, None), (True, True, 0, "attachment_missing"),
        (False, False, 0, "type_inactive"), (False, True, 0, "type_inactive"),
    ],
)  # fmt: skip
def test_what_a_type_asks_of_a_request(active: bool, demands: bool, papers: int, code: str | None) -> None:
    owed = Requirement("obligations_clear", "Nothing is owed")
    if code is None:
        check_submission(Submission(active, demands, papers))
        code = "obligations_clear"
    with pytest.raises(NotNow) as refused:
        check_submission(Submission(active, demands, papers), [owed])
    assert refused.value.code == code
    assert refused.value.extra["missing"][-1]["code"] == "obligations_clear"


def test_what_is_met_or_only_warns_refuses_nobody() -> None:
    from maristan.kernel.workflow import Severity

    met = Requirement("obligations_clear", "Nothing is owed", met=True)
    warning = Requirement("obligations_clear", "Nothing is owed", severity=Severity.WARN)
    check_submission(Submission(True, False, 0), [met, warning])


@pytest.mark.parametrize(
    ("grant", "program", "batch", "expected"),
    [
        (Grant("finance"), None, None, True),
        (Grant("finance"), 1, 2, True),
        (Grant("exam_cell"), 1, 2, False),
        (Grant("finance", "program", 1), 1, 2, True),
        (Grant("finance", "program", 2), 1, 2, False),
        (Grant("finance", "batch", 2), 1, 2, True),
        (Grant("finance", "batch", 1), 1, 2, False),
        (Grant("finance", "program", 1), None, None, False),
        (Grant("finance", "program", None), None, None, False),
        (Grant("finance", "department", 1), 1, 2, False),
    ],
)
def test_a_role_serves_within_its_scope(grant: Grant, program: int | None, batch: int | None, expected: bool) -> None:
    assert serves([grant], "finance", program=program, batch=batch) is expected


@pytest.mark.parametrize(
    ("filename", "stem"),
    [
        ("letter.pdf", "letter"), ("my  old\tletter.pdf", "my old letter"), ("C:\\docs\\cnic front.png", "cnic front"),
        ("/etc/passwd", "passwd"), ("میٹرک سند.pdf", "میٹرک سند"), ("safe\u202efdp.exe", "safefdp"), (".pdf", ".pdf"),
        ("", "attachment"), ("\x00\n.png", "attachment"), ("x" * 300 + ".pdf", "x" * 100),
    ],
)  # fmt: skip
def test_a_file_keeps_a_name_that_can_be_shown(filename: str, stem: str) -> None:
    assert attachment_stem(filename) == stem


def test_every_institution_starts_with_the_five_types_and_somebody_serves_each() -> None:
    assert [each.code for each in STARTERS] == list(RequestCode)
    assert all(each.handler_role in HANDLER_ROLES for each in STARTERS)
    left_out: Any = frozenset(Role) - HANDLER_ROLES
    assert left_out == {Role.STUDENT, Role.OPERATOR}
