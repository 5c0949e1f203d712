"""The rules of marking, by whole tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from maristan.attendance.rules import marking, windows, words
from maristan.attendance.rules.rosters import RosterLine, difference, follows
from maristan.attendance.rules.states import Mark, Source
from maristan.kernel.errors import Invalid

KARACHI, BERLIN = "Asia/Karachi", "Europe/Berlin"
DAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("mark", "spellings"),
    [
        (Mark.PRESENT, "p present 1 true t y yes P Present YES"),
        (Mark.ABSENT, "a absent 0 false f n no A ABSENT"),
        (Mark.LATE, "l late LATE"),
        (Mark.EXCUSED, "e excused leave Leave"),
    ],
)
def test_every_word_for_a_mark_is_understood(mark: Mark, spellings: str) -> None:
    assert {words.mark_of(f" {each}\u00a0") for each in spellings.split()} == {mark}


@pytest.mark.parametrize("text", ["", " ", "x", "banana", "pp", "2", "lates", "none"])
def test_any_other_word_is_no_mark(text: str) -> None:
    assert words.mark_of(text) is None


@pytest.mark.parametrize(
    ("column", "text", "mark"),
    [
        ("present", "1", Mark.PRESENT), ("present", "no", Mark.ABSENT), ("absent", "1", Mark.ABSENT),
        ("absent", "F", Mark.PRESENT), ("absent", "", None), ("present", "late", None),
    ],
)  # fmt: skip
def test_a_column_of_truth_words_says_present_or_absent(column: str, text: str, mark: Mark | None) -> None:
    assert words.mark_of_column(column, text) is mark


@pytest.mark.parametrize(
    ("text", "zone", "day", "utc"),
    [
        ("08:05", KARACHI, DAY, "2026-03-09T03:05"),
        ("8:05:30", KARACHI, DAY, "2026-03-09T03:05:30"),
        ("2026-03-10 08:05", KARACHI, DAY, "2026-03-10T03:05"),
        ("2026-03-09T08:05+01:00", KARACHI, DAY, "2026-03-09T07:05"),
        ("02:30", BERLIN, date(2026, 10, 25), "2026-10-25T00:30"),  # the first of the two
    ],
)
def test_a_time_is_local_and_of_the_day_of_the_session(text: str, zone: str, day: date, utc: str) -> None:
    assert words.moment_of(text, day, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "code"),
    [("02:30", "nonexistent_local_time"), ("25:00", "invalid_check_in_time"), ("soon", "invalid_check_in_time")],
)
def test_a_time_that_does_not_exist_is_told_from_one_that_cannot_be_read(text: str, code: str) -> None:
    with pytest.raises(words.NotATime) as caught:
        words.moment_of(text, date(2026, 3, 29), BERLIN)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("ends", "days", "until"),
    [
        ("2026-03-09T11:00+05:00", 0, "2026-03-10T00:00+05:00"),
        ("2026-03-09T23:30+05:00", 0, "2026-03-10T01:30+05:00"),
        ("2026-03-09T11:00+05:00", 2, "2026-03-12T00:00+05:00"),
        ("2026-03-10T00:00+05:00", 0, "2026-03-11T00:00+05:00"),
    ],
)
def test_teachers_mark_until_midnight_or_two_hours_on(ends: str, days: int, until: str) -> None:
    assert windows.teachers_until(datetime.fromisoformat(ends), KARACHI, days) == datetime.fromisoformat(until)


@pytest.mark.parametrize(("days", "day"), [(0, date(2026, 3, 10)), (7, date(2026, 3, 17))])
def test_a_register_locks_after_so_many_full_days(days: int, day: date) -> None:
    assert windows.locks_on(datetime.fromisoformat("2026-03-09T23:00+05:00"), KARACHI, days) == day


def test_a_roster_adds_expects_and_releases_and_leaves_what_was_settled_by_hand_or_marked() -> None:
    lines = {
        1: RosterLine(1, expected=True), 2: RosterLine(2, expected=False), 3: RosterLine(3, expected=True),
        4: RosterLine(4, expected=True, is_marked=True), 5: RosterLine(5, expected=True, by_hand=True),
        6: RosterLine(6, expected=False, by_hand=True),
    }  # fmt: skip
    found = difference({1, 2, 6, 7}, lines)
    assert (found.add, found.expect, found.release) == ((7,), (2,), (3,))
    assert not difference({1, 4}, {1: lines[1], 4: lines[4]})


def test_remarks_beside_the_same_mark_keep_where_it_came_from() -> None:
    line = marking.Line(1, Mark.EXCUSED, marking.Source.EXCUSE)
    asked = {1: marking.Wanted(Mark.EXCUSED, remarks="Letter seen", version=1)}
    (change,) = marking.plan(asked, None, [line], source=marking.Source.LIVE).changes
    assert (change.source, change.is_mark) == (marking.Source.EXCUSE, False)
    assert marking.judge(marking.Plan((change,)), asked, may_override=False).protected == ()


def test_the_rest_are_those_who_are_expected_and_bear_no_mark() -> None:
    lines = [
        marking.Line(1), marking.Line(2, expected=False), marking.Line(3, Mark.LATE, Source.LIVE), marking.Line(4),
    ]  # fmt: skip
    asked = {4: marking.Wanted(Mark.ABSENT)}
    found = marking.plan(asked, Mark.PRESENT, lines, source=Source.LIVE)
    assert [(each.line.id, each.status, each.source) for each in found.changes] == [
        (1, Mark.PRESENT, Source.BULK), (4, Mark.ABSENT, Source.LIVE),
    ]  # fmt: skip


def test_a_line_of_another_register_and_a_number_that_two_bear_are_refused_each_at_its_place() -> None:
    named = [marking.Named(line=1), marking.Named(line=9), marking.Named(reg_no="MB-007"), marking.Named(student=5)]
    with pytest.raises(Invalid) as refused:
        marking.lines_named(named, by_student={}, by_reg_no={"MB-007": [2, 3]}, known={1, 2, 3})
    assert [(each.pointer, each.code) for each in refused.value.faults] == [
        ("/marks/1", "not_expected"), ("/marks/2/reg_no", "person_ambiguous"), ("/marks/3", "not_expected"),
    ]  # fmt: skip


def test_a_roster_follows_who_moves_until_its_session_starts() -> None:
    starts_at = datetime(2026, 3, 9, 5, tzinfo=UTC)
    assert [follows(starts_at, starts_at + timedelta(seconds=each)) for each in (-1, 0)] == [True, False]
