"""Rules of admissions as tables: numbers, masks, what is missing, who resembles whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from maristan.academics.rules.admissions import (
    APPLICATION,
    DEFAULT_PATTERN,
    REQUIRED,
    ApplicationFacts,
    Identity,
    Window,
    application_number,
    empty_fields,
    masked_email,
    masked_phone,
    registration_number,
    value_faults,
    window_faults,
)
from maristan.academics.rules.options import OPTIONS
from maristan.academics.rules.states import ApplicationStatus
from maristan.kernel.errors import Invalid, NotNow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
DIGITS_13 = "#####-#######-#"


class Registrar:
    """Somebody who may do everything."""

    def may(self, permission: str) -> bool:
        """Yes."""
        return True


def facts(**values: Any) -> ApplicationFacts:
    given = {
        "status": ApplicationStatus.PENDING, "opens_at": NOW - timedelta(days=1), "closes_at": NOW + timedelta(days=1),
    }  # fmt: skip
    return ApplicationFacts(**{**given, **values})


def missing(name: str, known: ApplicationFacts, now: datetime = NOW) -> list[str]:
    """Codes of what stands against a move."""
    try:
        APPLICATION.check(known, name, Registrar(), now, reason="Because of that.")
    except NotNow as refusal:
        return [each["code"] for each in refusal.extra["missing"]]
    return []


@pytest.mark.parametrize(
    ("pattern", "program", "year", "count", "made"),
    [
        (DEFAULT_PATTERN, "MBBS", 2029, 1, "MBBS290001"),
        (DEFAULT_PATTERN, "BS-4N", 2100, 12345, "BSN0012345"),
        ("{program}/{yyyy}/{seq}", "BS-4N", 2031, 7, "BS4N/2031/7"),
        ("", "MBBS", 2029, 2, "MBBS290002"),
    ],
)
def test_registration_numbers_follow_the_pattern(pattern: str, program: str, year: int, count: int, made: str) -> None:
    assert registration_number(pattern, program, year, count) == made


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        (DEFAULT_PATTERN, True),
        ("R-{yyyy}-{seq:06}", True),
        ("{program4}", False),
        ("{seq}{other}", False),
        ("{seq:x}", False),
        ("{program}/{yyyy}/{seq:09}", True),
        ("{program}/{yyyy}/{yy}-{seq:08}", False),
        ("x" * 29 + "{seq}", False),
    ],
)
def test_a_pattern_without_a_counter_or_with_an_unknown_part_is_refused(value: str, fits: bool) -> None:
    option = next(each for each in OPTIONS if each.key == "academics.reg_no_pattern")
    if fits:
        assert option.read(value) == value
    else:
        with pytest.raises(Invalid) as refused:
            option.read(value)
        assert refused.value.faults[0].code == "bad_value"


def test_an_application_is_numbered_by_day_and_counter() -> None:
    assert application_number(date(2026, 3, 9), 7) == "STU-20260309-0007"
    assert application_number(date(2026, 3, 9), 12345) == "STU-20260309-12345"


def test_lists_show_neither_number_nor_address_whole() -> None:
    assert masked_phone("+923001234567") == "+923•••••••67"
    assert masked_phone("12345") == "•••••"
    assert masked_email("amina@example.edu") == "a•••@example.edu"


def test_an_intake_is_open_from_its_first_moment_until_before_its_last() -> None:
    window = Window(NOW, NOW + timedelta(hours=1))
    moments = (NOW - timedelta(seconds=1), NOW, NOW + timedelta(minutes=59), NOW + timedelta(hours=1))
    assert [window.is_open(each) for each in moments] == [False, True, True, False]
    assert [each.code for each in window_faults(NOW, NOW)] == ["out_of_range"]


@pytest.mark.parametrize("field", REQUIRED)
def test_each_required_field_is_missed_when_it_holds_nothing(field: str) -> None:
    whole: dict[str, Any] = dict.fromkeys(REQUIRED, "said")
    assert empty_fields(whole) == ()
    assert empty_fields({**whole, field: ""}) == (field,)


def test_births_and_identity_numbers_are_judged_together() -> None:
    faults = value_faults({"date_of_birth": date(2026, 3, 2), "cnic_or_bform": "35202-12345"}, TODAY, DIGITS_13)
    assert [(each.pointer, each.code) for each in faults] == [
        ("/date_of_birth", "out_of_range"), ("/cnic_or_bform", "bad_number"),
    ]  # fmt: skip
    assert value_faults({"date_of_birth": TODAY, "cnic_or_bform": "35202-1234567-1"}, TODAY, DIGITS_13) == []


def test_two_applicants_share_what_both_have_said() -> None:
    one = Identity("3520212345671", "+923001234567", "a@example.org", "")
    other = Identity("3520212345671", "", "A@example.org".lower(), "")
    assert one.shared_with(other) == ("cnic_or_bform", "email")


def test_every_requirement_of_a_decision_is_told_at_once() -> None:
    known = facts(empty=("address",), has_placement=False, seats_left=0, duplicates=("application A",))
    assert missing("approve", known) == [
        "application_incomplete", "placement_missing", "no_seats_left", "open_duplicate",
    ]  # fmt: skip
    assert missing("approve", facts()) == []
    assert missing("approve", facts(duplicates=("application A",), overridden=True)) == []


def test_a_draft_is_handed_in_while_the_intake_is_open() -> None:
    draft = facts(status=ApplicationStatus.DRAFT)
    assert missing("submit", draft) == []
    assert missing("submit", draft, NOW + timedelta(days=1)) == ["intake_closed"]
    assert missing("submit", facts()) == ["wrong_status"]


@pytest.mark.parametrize("status", ["draft", "approved", "rejected", "withdrawn"])
@pytest.mark.parametrize("name", ["approve", "reject", "withdraw", "review"])
def test_only_what_waits_is_decided(status: str, name: str) -> None:
    assert missing(name, facts(status=ApplicationStatus(status))) == ["wrong_status"]


def test_papers_that_are_missing_are_told_and_stop_nobody() -> None:
    known = facts(papers_missing=("photo",))
    _, warnings = APPLICATION.check(known, "approve", Registrar(), NOW)
    assert [each.code for each in warnings] == ["papers_missing"]
