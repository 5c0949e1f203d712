from dataclasses import replace
from datetime import date, timedelta

import pytest

from maristan.kernel.errors import Invalid, NotAllowed, NotFound, NotNow
from maristan.kernel.workflow import Severity
from maristan.timetable.rules.conflict_report import Conflict, When
from maristan.timetable.rules.facts import Content, HolidayFacts
from maristan.timetable.rules.sessions import (
    REQUESTED_MOVES,
    SESSION,
    SessionFacts,
    SessionMoveFacts,
    check_change,
    check_delete,
    check_direct,
    check_times,
    hit_by_holiday,
    may_manage,
    out_of_scope,
)
from maristan.timetable.rules.states import HolidayScope, Perm, SessionSource, SessionStatus
from maristan.timetable.tests.rules_examples import (
    BANO,
    BATCH,
    KHAN,
    MONDAY,
    OTHER_PLAN,
    PLAN,
    PROGRAM,
    Person,
    at,
)

COORDINATOR = Person(Perm.SESSION_MANAGE)
REASON = "Dr Khan unwell"
BEFORE, DURING, AFTER = at("07:59"), at("08:00"), at("08:50")


def session(source=SessionSource.PLAN, **more):
    known = {
        "id": 1,
        "status": SessionStatus.SCHEDULED,
        "starts_at": at("08:00"),
        "ends_at": at("08:50"),
        "day": MONDAY,
        "last_day": MONDAY,
        "teachers": frozenset({KHAN}),
        "section_teachers": frozenset({KHAN}),
        "week_plan": PLAN if source is SessionSource.PLAN else None,
        "cell": 10 if source is SessionSource.PLAN else None,
        "batches": frozenset({BATCH}),
        "programs": frozenset({PROGRAM}),
        **more,
    }
    return SessionFacts(source=source, **known)


DIRECT = session(SessionSource.DIRECT)
TAUGHT = session()


def conflict(code, severity=Severity.BLOCK):
    return Conflict(code, severity, When(MONDAY))


@pytest.mark.parametrize(
    ("length", "code"),
    [
        (timedelta(hours=24), None),
        (timedelta(minutes=1), None),
        (timedelta(hours=24, seconds=1), "too_long"),
        (timedelta(0), "end_not_after_start"),
        (timedelta(minutes=-1), "end_not_after_start"),
    ],
)
def test_a_session_lasts_more_than_nothing_and_at_most_a_day(length, code):
    start = at("22:00")
    if code is None:
        assert check_times(start, start + length) is None
    else:
        with pytest.raises(Invalid) as refusal:
            check_times(start, start + length)
        assert [(each.pointer, each.code) for each in refusal.value.faults] == [("/ends_at", code)]


@pytest.mark.parametrize(
    ("person", "manages", "may"),
    [(KHAN, False, True), (BANO, False, False), (None, False, False), (BANO, True, True), (None, True, True)],
)
def test_a_direct_session_is_made_by_who_manages_or_teaches_the_section(person, manages, may):
    assert may_manage(person, {KHAN}, manages=manages) is may


def test_a_direct_session_is_refused_for_what_blocks_and_warned_of_the_rest():
    warning = conflict("room_too_small", Severity.WARN)
    assert [each.code for each in check_direct([warning])] == ["room_too_small"]
    with pytest.raises(NotNow) as refusal:
        check_direct([warning, conflict("room_clash"), conflict("on_holiday")])
    assert [each["code"] for each in refusal.value.extra["missing"]] == ["room_clash", "on_holiday"]


def outcome(judge):
    try:
        judge()
    except NotFound:
        return "not_found"
    except NotNow as refusal:
        return refusal.code
    return "accepted"


@pytest.mark.parametrize(
    ("changed", "now", "expected"),
    [
        ({}, BEFORE, "accepted"),
        ({"attendance_recorded": True}, BEFORE, "session_in_use"),
        ({"status": SessionStatus.COMPLETED}, BEFORE, "session_in_use"),
        ({}, DURING, "session_in_use"),
        ({}, AFTER, "session_in_use"),
    ],
)
@pytest.mark.parametrize(
    ("person", "manages", "is_allowed"), [(KHAN, False, True), (BANO, True, True), (BANO, False, False)]
)
def test_a_direct_session_changes_and_goes_until_it_starts(changed, now, expected, person, manages, is_allowed):
    direct = replace(DIRECT, **changed)
    who = {"person": person, "manages": manages, "now": now}
    wanted = expected if is_allowed else "not_found"
    assert outcome(lambda: check_change(direct, {"starts_at"}, **who)) == wanted
    assert outcome(lambda: check_delete(direct, **who)) == wanted


@pytest.mark.parametrize(
    ("changed", "person", "manages", "now", "expected"),
    [
        ({"topic"}, KHAN, False, BEFORE, "accepted"),
        ({"topic", "note", "syllabus_items"}, KHAN, False, at("08:49"), "accepted"),
        ({"note"}, KHAN, False, AFTER, "session_has_plan"),
        ({"topic", "room"}, KHAN, False, BEFORE, "session_has_plan"),
        ({"room"}, KHAN, True, BEFORE, "session_has_plan"),
        (set(), KHAN, False, BEFORE, "session_has_plan"),
        ({"topic"}, BANO, False, BEFORE, "not_found"),
        ({"topic"}, BANO, True, BEFORE, "session_has_plan"),
        ({"topic"}, None, False, BEFORE, "not_found"),
    ],
)
def test_a_planned_session_takes_only_its_own_teachers_annotations(changed, person, manages, now, expected):
    assert outcome(lambda: check_change(TAUGHT, changed, person=person, manages=manages, now=now)) == expected


@pytest.mark.parametrize(
    ("section", "groups", "teaches", "manages_programs", "refused"),
    [
        (5, (2,), True, False, []),
        (5, (2, 3), True, True, [("groups", 3)]),
        (6, (2,), False, False, [("section", 6)]),
        (None, (2, 3), False, False, [("groups", 2), ("groups", 3)]),
        (6, (2,), False, True, [("academic_period", 4), ("section", 6)]),
    ],
)
def test_what_a_session_names_beyond_a_scope_is_told_by_field(section, groups, teaches, manages_programs, refused):
    content = Content(academic_period=4, section=section, groups=groups)
    who = {"is_teacher": teaches, "own_group": 2, "manages_programs": manages_programs}
    assert out_of_scope(content, [("academic_period", 4), ("section", 6)], **who) == refused
    assert out_of_scope(content, [], **who) == []


def test_nobody_annotates_a_cancelled_session():
    gone = replace(TAUGHT, status=SessionStatus.CANCELLED)
    assert outcome(lambda: check_change(gone, {"topic"}, person=KHAN, manages=False, now=BEFORE)) == "session_has_plan"


@pytest.mark.parametrize(
    ("person", "manages", "expected"),
    [
        (BANO, True, "session_has_plan"),
        (KHAN, False, "session_has_plan"),
        (BANO, False, "not_found"),
        (None, False, "not_found"),
    ],
)
def test_a_planned_session_is_never_deleted(person, manages, expected):
    assert outcome(lambda: check_delete(TAUGHT, person=person, manages=manages, now=BEFORE)) == expected


def test_the_refusal_names_the_week_to_change_instead():
    for judge in (
        lambda: check_change(TAUGHT, {"room"}, person=None, manages=True, now=BEFORE),
        lambda: check_delete(TAUGHT, person=None, manages=True, now=BEFORE),
    ):
        with pytest.raises(NotNow) as refusal:
            judge()
        assert refusal.value.extra == {"week": PLAN}


@pytest.mark.parametrize(
    ("move", "source", "target", "needs_reason"),
    [
        ("cancel", SessionStatus.SCHEDULED, SessionStatus.CANCELLED, True),
        ("substitute", SessionStatus.SCHEDULED, SessionStatus.SCHEDULED, True),
        ("relocate", SessionStatus.SCHEDULED, SessionStatus.SCHEDULED, True),
        ("complete", SessionStatus.SCHEDULED, SessionStatus.COMPLETED, False),
        ("reopen", SessionStatus.COMPLETED, SessionStatus.SCHEDULED, False),
    ],
)
def test_a_session_moves_as_the_table_says_and_from_nowhere_else(move, source, target, needs_reason):
    for status in SessionStatus:
        found = SessionMoveFacts(replace(TAUGHT, status=status))
        if status is source:
            transition, _ = SESSION.check(found, move, COORDINATOR, BEFORE, reason=REASON)
            assert (transition.target, transition.needs_reason) == (target, needs_reason)
        else:
            with pytest.raises(NotNow):
                SESSION.check(found, move, COORDINATOR, BEFORE, reason=REASON)
    with pytest.raises(NotAllowed):
        SESSION.check(SessionMoveFacts(TAUGHT), move, Person(), BEFORE, reason=REASON)


def test_people_ask_for_three_moves_and_each_needs_a_reason():
    for move in REQUESTED_MOVES:
        with pytest.raises(Invalid) as refusal:
            SESSION.check(SessionMoveFacts(TAUGHT), move, COORDINATOR, BEFORE, reason=" no ")
        assert refusal.value.code == "REASON_REQUIRED"


def test_a_cancellation_says_that_attendance_is_recorded():
    found = SessionMoveFacts(replace(TAUGHT, attendance_recorded=True))
    shown = {each.name: each for each in SESSION.moves(found, COORDINATOR, BEFORE)}
    assert [each.code for each in shown["cancel"].missing] == ["attendance_exists"]
    assert shown["relocate"].missing == ()


@pytest.mark.parametrize(
    ("move", "is_refused"), [("cancel", True), ("substitute", False), ("relocate", False), ("complete", False)]
)
def test_recorded_attendance_stops_only_the_cancellation(move, is_refused):
    found = SessionMoveFacts(replace(TAUGHT, attendance_recorded=True))
    judged = outcome(lambda: SESSION.check(found, move, COORDINATOR, BEFORE, reason=REASON))
    assert judged == ("not_now" if is_refused else "accepted")


@pytest.mark.parametrize(
    ("move", "code", "is_refused"),
    [
        ("substitute", "faculty_clash", True),
        ("substitute", "faculty_on_leave", True),
        ("substitute", "faculty_inactive", True),
        ("substitute", "room_clash", False),
        ("relocate", "room_clash", True),
        ("relocate", "room_inactive", True),
        ("relocate", "room_too_small", True),
        ("relocate", "faculty_clash", False),
        ("cancel", "room_clash", False),
    ],
)
def test_a_move_answers_for_what_it_changes(move, code, is_refused):
    found = SessionMoveFacts(TAUGHT, (conflict(code),))
    judged = outcome(lambda: SESSION.check(found, move, COORDINATOR, BEFORE, reason=REASON))
    assert judged == ("not_now" if is_refused else "accepted")


def test_a_substitute_who_would_rather_not_is_a_warning():
    found = SessionMoveFacts(TAUGHT, (conflict("faculty_unavailable", Severity.WARN),))
    _, warnings = SESSION.check(found, "substitute", COORDINATOR, BEFORE, reason=REASON)
    assert [each.code for each in warnings] == ["faculty_unavailable"]


EID = HolidayFacts(3, "Eid", MONDAY, MONDAY)


def test_a_holiday_cancels_the_sessions_of_its_days_and_leaves_those_with_attendance():
    sessions = [
        session(id=1),
        session(id=2, attendance_recorded=True),
        session(id=3, status=SessionStatus.CANCELLED),
        session(id=4, status=SessionStatus.COMPLETED),
        session(id=5, day=date(2026, 3, 10), last_day=date(2026, 3, 10)),
        session(id=6, day=date(2026, 3, 8)),
        session(SessionSource.DIRECT, id=7),
        session(id=8, week_plan=OTHER_PLAN, starts_at=at("07:00")),
    ]
    selection = hit_by_holiday(EID, sessions)
    assert [each.id for each in selection.cancel] == [8, 1, 6, 7]
    assert [each.id for each in selection.left] == [2, 4]
    assert {week: [each.id for each in found] for week, found in selection.by_week.items()} == {
        OTHER_PLAN: [8],
        PLAN: [1, 6],
        None: [7],
    }


@pytest.mark.parametrize(
    ("scope", "scope_id", "is_hit"),
    [
        (HolidayScope.INSTITUTION, None, True),
        (HolidayScope.PROGRAM, PROGRAM, True),
        (HolidayScope.PROGRAM, 2, False),
        (HolidayScope.BATCH, BATCH, True),
        (HolidayScope.BATCH, 8, False),
    ],
)
def test_a_holiday_leaves_those_alone_for_whom_it_is_not(scope, scope_id, is_hit):
    assert bool(hit_by_holiday(replace(EID, scope=scope, scope_id=scope_id), [TAUGHT]).cancel) is is_hit
