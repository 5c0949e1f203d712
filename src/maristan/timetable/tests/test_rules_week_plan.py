from dataclasses import replace
from datetime import date, timedelta

import pytest

from maristan.kernel.errors import Invalid, NotAllowed, NotNow
from maristan.timetable.rules.conflicts import week_conflicts
from maristan.timetable.rules.facts import PeriodFacts
from maristan.timetable.rules.grid import grid_changes
from maristan.timetable.rules.grid_input import KnownIds
from maristan.timetable.rules.planned import plan_sessions
from maristan.timetable.rules.publication import desired_sessions, publication_diff
from maristan.timetable.rules.states import (
    EVENTS,
    OccurrenceState,
    PeriodStatus,
    Perm,
    SessionStatus,
    WeekScope,
    WeekStatus,
)
from maristan.timetable.rules.week_plan import (
    WEEK_PLAN,
    WEEK_SAVE,
    PlanMoveFacts,
    SaveFacts,
    check_delete,
    check_new_week,
    check_open,
)
from maristan.timetable.tests.rules_examples import (
    HALL,
    LAB,
    MONDAY,
    NOW,
    SPRING,
    TODAY,
    WORLD,
    Person,
    at,
    cell,
    row,
    week,
)
from maristan.timetable.tests.test_rules_publication import stored

COORDINATOR = Person(*Perm)
REASON = "Dr Khan unwell"


def facts(plan, world=WORLD, **more):
    return PlanMoveFacts(plan, week_conflicts(plan, world, today=TODAY), **more)


def sessions(plan, **more):
    return tuple(
        stored(each, n, **more) for n, each in enumerate(desired_sessions(plan_sessions(plan, WORLD)), start=1)
    )


def refused(found, move, actor=COORDINATOR, now=NOW, **more):
    with pytest.raises(NotNow) as refusal:
        WEEK_PLAN.check(found, move, actor, now, **more)
    return [each["code"] for each in refusal.value.extra["missing"]]


@pytest.mark.parametrize(
    ("move", "sources", "target", "permission"),
    [
        ("verify", [WeekStatus.DRAFT], WeekStatus.VERIFIED, "week.verify"),
        ("return", [WeekStatus.VERIFIED], WeekStatus.DRAFT, "week.verify"),
        ("publish", [WeekStatus.VERIFIED, WeekStatus.PUBLISHED], WeekStatus.PUBLISHED, "week.publish"),
        ("revert", [WeekStatus.PUBLISHED], WeekStatus.DRAFT, "week.revert"),
    ],
)
def test_a_week_moves_as_the_table_says_and_from_nowhere_else(move, sources, target, permission):
    for status in WeekStatus:
        found = facts(week(cell(), status=status))
        if status in sources:
            transition, _ = WEEK_PLAN.check(found, move, Person(permission), NOW, reason=REASON)
            assert transition.target == target
        else:
            assert refused(found, move, reason=REASON) == ["wrong_status"]
        with pytest.raises(NotAllowed):
            WEEK_PLAN.check(found, move, Person(*(set(Perm) - {permission})), NOW, reason=REASON)


@pytest.mark.parametrize(("move", "status"), [("return", WeekStatus.VERIFIED), ("revert", WeekStatus.PUBLISHED)])
@pytest.mark.parametrize("reason", [None, "", "  four ", "x" * 501])
def test_taking_something_back_needs_a_reason(move, status, reason):
    with pytest.raises(Invalid) as refusal:
        WEEK_PLAN.check(facts(week(cell(), status=status)), move, COORDINATOR, NOW, reason=reason)
    assert refusal.value.code == "REASON_REQUIRED"


@pytest.mark.parametrize(("move", "status"), [("verify", WeekStatus.DRAFT), ("publish", WeekStatus.VERIFIED)])
def test_verify_and_publish_refuse_every_fault_at_once_and_pass_on_the_warnings(move, status):
    plan = week(cell(1, 0, groups=(), room=None), cell(2, 0), rows=[row(1, "08:00", "08:50"), row(2)], status=status)
    assert refused(facts(plan), move) == ["row_times_missing", "cell_audience_missing"]
    lacking_room = week(cell(1, 0, room=None), status=status)
    _, warnings = WEEK_PLAN.check(facts(lacking_room), move, COORDINATOR, NOW)
    assert [each.code for each in warnings] == ["room_missing"]


@pytest.mark.parametrize(
    ("by_other", "is_editor", "is_refused"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_the_last_editor_does_not_verify_where_two_pairs_of_eyes_are_asked(by_other, is_editor, is_refused):
    found = facts(week(cell()), verify_by_other=by_other, asker_is_editor=is_editor)
    if is_refused:
        assert refused(found, "verify") == ["verifier_is_editor"]
    else:
        assert WEEK_PLAN.check(found, "verify", COORDINATOR, NOW)[1] == ()


def test_publish_stops_at_attendance_that_it_would_overrule():
    plan = week(cell(), status=WeekStatus.PUBLISHED)
    diff = publication_diff((), sessions(plan, attendance_recorded=True))
    assert refused(facts(plan, blocked=diff.blocked), "publish") == ["attendance_exists"]


def test_revert_stops_at_any_recorded_session_of_the_week():
    plan = week(cell(1, 0), cell(1, 1), status=WeekStatus.PUBLISHED)
    recorded = sessions(plan, attendance_recorded=True)
    assert refused(facts(plan, sessions=recorded), "revert", reason=REASON) == ["attendance_exists"] * 2


def test_what_is_cancelled_or_withdrawn_does_not_hold_a_revert_back():
    plan = week(cell(), status=WeekStatus.PUBLISHED)
    for gone in ({"status": SessionStatus.CANCELLED}, {"state": OccurrenceState.WITHDRAWN}):
        found = facts(plan, sessions=sessions(plan, attendance_recorded=True, **gone))
        assert WEEK_PLAN.check(found, "revert", COORDINATOR, at("12:00"), reason=REASON)[1] == ()


@pytest.mark.parametrize(("now", "begun"), [(at("07:59"), []), (at("08:00"), [1]), (at("09:30"), [1, 3])])
def test_a_revert_warns_of_sessions_that_have_begun(now, begun):
    plan = week(cell(1, 0), cell(2, 0), cell(1, 1), status=WeekStatus.PUBLISHED)
    _, warnings = WEEK_PLAN.check(facts(plan, sessions=sessions(plan)), "revert", COORDINATOR, now, reason=REASON)
    assert [(each.code, each.where["sessions"]) for each in warnings] == ([("session_started", begun)] if begun else [])


def test_the_screen_shows_the_same_as_the_server_does():
    shown = {each.name: each for each in WEEK_PLAN.moves(facts(week(cell(groups=()))), Person(Perm.WEEK_VERIFY), NOW)}
    assert [each.code for each in shown["verify"].missing] == ["cell_audience_missing"]
    assert [each.code for each in shown["publish"].missing] == ["not_permitted", "wrong_status"]
    assert (shown["return"].needs_reason, shown["publish"].needs_reason) == (True, False)


def saving(plan, world=WORLD, **payload):
    known = KnownIds(rooms={HALL, LAB}, academic_periods={SPRING, 91})
    changes = grid_changes(payload, plan, known)
    after = changes.after
    desired = desired_sessions(plan_sessions(after, world))
    diff = publication_diff(desired, sessions(plan, attendance_recorded=True), only=changes.touched)
    return SaveFacts(plan, changes, world, week_conflicts(after, world, today=TODAY), diff)


def save(found, *permissions, reason=None):
    name = "amend" if found.week.status is WeekStatus.PUBLISHED else "edit"
    return WEEK_SAVE.check(found, name, Person(*permissions), NOW, reason=reason)


@pytest.mark.parametrize(
    ("status", "name", "permission", "target"),
    [
        (WeekStatus.DRAFT, "edit", Perm.WEEK_EDIT, WeekStatus.DRAFT),
        (WeekStatus.VERIFIED, "edit", Perm.WEEK_EDIT, WeekStatus.DRAFT),
        (WeekStatus.PUBLISHED, "amend", Perm.WEEK_AMEND, WeekStatus.PUBLISHED),
    ],
)
def test_saving_is_an_edit_until_the_week_is_published_and_an_amendment_then(status, name, permission, target):
    found = saving(week(cell(), status=status), cells=[{"id": 10, "room": LAB}])
    transition, _ = save(found, permission, reason=REASON)
    assert (transition.name, transition.target) == (name, target)
    with pytest.raises(NotAllowed):
        save(found, *(set(Perm) - {permission}), reason=REASON)


def test_an_amendment_needs_a_reason_and_an_edit_none():
    change = {"cells": [{"id": 10, "room": LAB}]}
    save(saving(week(cell()), **change), Perm.WEEK_EDIT)
    with pytest.raises(Invalid) as refusal:
        save(saving(week(cell(), status=WeekStatus.PUBLISHED), **change), Perm.WEEK_AMEND)
    assert refusal.value.code == "REASON_REQUIRED"


def missing_of(found, *permissions):
    with pytest.raises(NotNow) as refusal:
        save(found, *permissions, reason=REASON)
    return [each["code"] for each in refusal.value.extra["missing"]]


def test_a_draft_is_saved_with_all_its_faults():
    assert save(saving(week(cell(groups=(), room=None), rows=[row(1)])), Perm.WEEK_EDIT)[1] == ()


@pytest.mark.parametrize(
    ("status", "is_refused"), [(PeriodStatus.CLOSED, True), (PeriodStatus.PLANNED, False), (PeriodStatus.OPEN, False)]
)
@pytest.mark.parametrize("week_status", [WeekStatus.DRAFT, WeekStatus.VERIFIED])
def test_a_closed_period_ends_the_editing_and_a_planned_one_admits_it(status, is_refused, week_status):
    world = replace(WORLD, periods={SPRING: replace(WORLD.periods[SPRING], status=status)})
    found = saving(week(cell(), status=week_status), world, cells=[{"id": 10, "room": LAB}])
    if is_refused:
        assert missing_of(found, Perm.WEEK_EDIT) == ["period_closed"]
    else:
        assert save(found, Perm.WEEK_EDIT)[0].name == "edit"


@pytest.mark.parametrize(
    ("before", "change", "is_refused"),
    [
        (None, {"id": 10, "academic_period": 91}, True),
        (91, {"id": 10, "academic_period": None}, True),
        (91, {"id": 20, "room": LAB}, False),
        (404, {"id": 10, "room": LAB}, False),
    ],
)
def test_a_closed_period_counts_only_where_cells_are_touched(before, change, is_refused):
    world = replace(WORLD, periods={91: replace(WORLD.periods[SPRING], id=91, status=PeriodStatus.CLOSED)})
    plan = week(cell(academic_period=before), cell(2, 0), academic_period=None, scope=WeekScope.INSTITUTION)
    found = saving(plan, world, cells=[change])
    if is_refused:
        assert missing_of(found, Perm.WEEK_EDIT) == ["period_closed"]
    else:
        assert save(found, Perm.WEEK_EDIT)[0].name == "edit"


def test_an_amendment_answers_for_the_cells_it_touches_and_is_warned_of_the_others():
    plan = week(cell(1, 0), cell(1, 1, groups=()), status=WeekStatus.PUBLISHED)
    _, warnings = save(saving(plan, cells=[{"id": 10, "room": LAB}]), Perm.WEEK_AMEND, reason=REASON)
    assert [each.code for each in warnings] == ["cell_audience_missing"]
    assert missing_of(saving(plan, cells=[{"id": 11, "room": LAB}]), Perm.WEEK_AMEND) == ["cell_audience_missing"]


def test_an_amendment_of_a_recorded_session_may_change_its_room_and_not_remove_it():
    plan = week(cell(), cell(1, 1), status=WeekStatus.PUBLISHED)
    assert save(saving(plan, cells=[{"id": 10, "room": LAB}]), Perm.WEEK_AMEND, reason=REASON)[1] == ()
    removal = saving(plan, cells=[{"id": 10, "status": "EMPTY"}])
    assert missing_of(removal, Perm.WEEK_AMEND) == ["attendance_exists"]


def test_a_closed_period_refuses_an_amendment():
    world = replace(WORLD, periods={SPRING: replace(WORLD.periods[SPRING], status=PeriodStatus.CLOSED)})
    found = saving(week(cell(), status=WeekStatus.PUBLISHED), world, cells=[{"id": 10, "room": LAB}])
    assert missing_of(found, Perm.WEEK_AMEND) == ["period_closed"]


def period(start=None, end=None, status=PeriodStatus.OPEN):
    return PeriodFacts(SPRING, "Spring", status, 1, None, start, end)


@pytest.mark.parametrize(
    ("scope", "has_batch", "given", "slots", "found"),
    [
        (WeekScope.BATCH, True, period(MONDAY, MONDAY), 8, []),
        (WeekScope.BATCH, True, period(), 8, []),
        (WeekScope.BATCH, True, period(MONDAY, None), 8, []),
        (WeekScope.BATCH, True, period(date(2026, 1, 1), MONDAY), 8, []),
        (WeekScope.BATCH, True, period(MONDAY + timedelta(days=6), date(2026, 6, 1)), 40, []),
        (WeekScope.INSTITUTION, False, None, 1, []),
        (WeekScope.BATCH, False, None, 8, ["/batch batch_required", "/academic_period period_required"]),
        (WeekScope.INSTITUTION, True, None, 8, ["/batch batch_not_allowed"]),
        (WeekScope.INSTITUTION, False, None, 0, ["/slot_count out_of_range"]),
        (WeekScope.INSTITUTION, False, None, 41, ["/slot_count out_of_range"]),
        (
            WeekScope.BATCH,
            True,
            period(date(2026, 1, 1), date(2026, 3, 8)),
            8,
            ["/academic_period week_outside_period"],
        ),
        (
            WeekScope.BATCH,
            True,
            period(date(2026, 3, 16), date(2026, 6, 1)),
            8,
            ["/academic_period week_outside_period"],
        ),
    ],
)
def test_a_new_week_belongs_to_a_batch_and_its_period_or_to_the_institution(scope, has_batch, given, slots, found):
    try:
        check_new_week(scope, MONDAY, has_batch=has_batch, period=given, slot_count=slots)
        faults = []
    except Invalid as refusal:
        faults = [f"{each.pointer} {each.code}" for each in refusal.faults]
    assert faults == found


def test_a_closed_period_takes_no_new_week_and_a_planned_one_does():
    closed = period(MONDAY, MONDAY, PeriodStatus.CLOSED)
    with pytest.raises(NotNow) as refusal:
        check_open([closed])
    assert refusal.value.code == "period_closed"
    assert [each["code"] for each in refusal.value.extra["missing"]] == ["period_closed"]
    planned = period(MONDAY, MONDAY, PeriodStatus.PLANNED)
    assert check_open([planned]) is None


@pytest.mark.parametrize(
    ("status", "was_published", "code"),
    [
        (WeekStatus.DRAFT, False, None),
        (WeekStatus.DRAFT, True, "week_was_published"),
        (WeekStatus.PUBLISHED, True, "week_was_published"),
        (WeekStatus.PUBLISHED, False, "week_was_published"),
        (WeekStatus.VERIFIED, False, "week_was_published"),
    ],
)
def test_only_a_draft_that_was_never_published_is_deleted(status, was_published, code):
    plan = week(status=status, was_published=was_published)
    if code is None:
        assert check_delete(plan) is None
    else:
        with pytest.raises(NotNow) as refusal:
            check_delete(plan)
        assert refusal.value.code == code


def test_the_journal_knows_every_event_of_a_week_and_a_session():
    assert set(EVENTS) == {
        *(
            f"week_plan.{past}"
            for past in ["created", "verified", "returned", "published", "amended", "reverted", "edited", "deleted"]
        ),
        *(f"session_occurrence.{past}" for past in ["created", "changed", "cancelled", "completed"]),
        *(f"availability.{past}" for past in ["declared", "changed", "withdrawn"]),
        "holiday.sessions_cancelled",
    }
