"""Acting as another person: for which reasons, as whom, how often, and what stays closed meanwhile."""

from typing import Any

import pytest

from maristan.kernel.errors import Invalid, NotAllowed, TooMany
from maristan.operations.rules.impersonation import check_account, check_often, check_reason, check_target

BOB: dict[str, Any] = {"is_self": False, "is_active": True, "is_operator": False, "roles": ["student", "staff"]}


@pytest.mark.parametrize("length", [10, 500])
def test_a_reason_has_ten_to_five_hundred_characters(length: int) -> None:
    assert check_reason(f"  {'x' * length}\n") == "x" * length


@pytest.mark.parametrize(("length", "code"), [(0, "too_short"), (9, "too_short"), (501, "too_long")])
def test_any_other_reason_is_refused_where_it_is_given(length: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_reason(f"  {'x' * length}  ")
    assert [(each.pointer, each.code) for each in refused.value.faults] == [("/reason", code)]


@pytest.mark.parametrize(
    "change",
    [
        {"is_self": True}, {"is_active": False}, {"is_operator": True}, {"roles": ["admin"]},
        {"roles": ["student", "auditor"]}, {"roles": ["operator"]},
    ],
)  # fmt: skip
def test_nobody_acts_as_themselves_or_the_inactive_or_those_who_watch_or_run_the_place(change: dict[str, Any]) -> None:
    check_target(**BOB)
    with pytest.raises(NotAllowed) as refused:
        check_target(**{**BOB, **change})
    assert refused.value.code == "not_impersonable"


def test_the_eleventh_start_of_an_hour_waits() -> None:
    check_often(9)
    with pytest.raises(TooMany) as refused:
        check_often(10)
    assert refused.value.extra["retry_after"] == 3600


def test_an_account_shows_who_is_signed_in_and_nothing_else_of_it() -> None:
    for path in ("/_allauth/browser/v1/auth/session", "/_allauth/app/v1/config"):
        check_account(path)
    for path in (
        "/_allauth/browser/v1/account/password/change",
        "/_allauth/browser/v1/auth/sessions",
        "/accounts/email/",
    ):
        with pytest.raises(NotAllowed) as refused:
            check_account(path)
        assert refused.value.code == "impersonating"
