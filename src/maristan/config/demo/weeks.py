"""Weeks of the demonstration: those taught, one published, three drafts; planned and verified by different people."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from maristan.config.demo.diary import Diary
from maristan.config.demo.institution import Demo
from maristan.kernel.access import Actor
from maristan.timetable.actions import grid, moves, weeks
from maristan.timetable.rules.states import WeekScope

ROWS = [
    {"row_index": 1, "start_time": "08:00", "end_time": "08:50", "label": "I"},
    {"row_index": 2, "start_time": "08:50", "end_time": "09:40", "label": "II"},
    {"row_index": 3, "start_time": "09:40", "end_time": "10:30", "label": "III"},
    {"row_index": 4, "start_time": "10:30", "end_time": "11:00", "label": "Break", "is_break": True},
    {"row_index": 5, "start_time": "11:00", "end_time": "11:50", "label": "IV"},
    {"row_index": 6, "start_time": "11:50", "end_time": "12:40", "label": "V"},
    {"row_index": 7, "start_time": "13:30", "end_time": "15:00", "label": "Practical", "lane": "A + B"},
    {"row_index": 8, "start_time": "13:30", "end_time": "15:00", "label": "Practical", "lane": "C + D"},
]
# row → course and teacher of Monday to Friday; a letter is a course of COURSES with its teacher below
LECTURES = {1: "AHPBG", 2: "PGAHB", 3: "BPHGC", 5: "GAEPH", 6: "CBPEA"}
TAUGHT = {
    "A": ("ANA101", "Prof. Saadia Rehman"), "H": ("ANA102", "Dr Imran Qazi"), "P": ("PHY101", "Prof. Kamran Aziz"),
    "B": ("BIO101", "Prof. Tahira Bano"), "G": ("PAT101", "Dr Shazia Iqbal"), "C": ("COM101", "Dr Lubna Aslam"),
    "E": ("BEH101", "Dr Pervaiz Akhtar"),
}  # fmt: skip
PRACTICALS = {
    7: [("ANA101", "Prof. Saadia Rehman", "Dissection Hall"), ("PHY101", "Dr Nadia Farooq", "Physiology Laboratory")],
    8: [("ANA102", "Dr Imran Qazi", "Histology Laboratory"), ("BIO101", "Dr Asif Mehmood", "Biochemistry Laboratory")],
}
TOPICS = {
    "ANA101": "Upper limb", "ANA102": "Epithelium", "PHY101": "Cardiac cycle", "BIO101": "Enzyme kinetics",
    "PAT101": "Cell injury", "COM101": "Vital statistics", "BEH101": "Breaking bad news",
}  # fmt: skip


TAUGHT_WEEKS = 3
FIRST_ROWS = (1, 2, 7, 8)  # what was taught of a day before the whole timetable began


def note(
    demo: Demo, diary: Diary, *, planner: Actor, verifier: Actor, then: Callable[[int, int], None]
) -> None:  # fmt: skip
    """Three weeks that were taught, the present one (on a weekend the coming one), and three drafts after it.

    Each is published on the Sunday before it, at the latest now; `then` hears of the plan and its number.
    """
    ahead = diary.today + timedelta(days=2)
    monday = ahead - timedelta(days=ahead.weekday())
    for number in range(TAUGHT_WEEKS + 1):
        start = monday + timedelta(days=7 * (number - TAUGHT_WEEKS))
        publish = partial(_publish, demo, start, number, planner, verifier, then)
        diary.on((start - diary.today).days - 1, 18, publish)


def _publish(
    demo: Demo, start: date, number: int, planner: Actor, verifier: Actor, then: Callable[[int, int], None]
) -> None:
    pk = _week(demo, start, planner)
    is_present = number == TAUGHT_WEEKS
    kept = [each["row_index"] for each in ROWS] if is_present else FIRST_ROWS
    rows = [each for each in ROWS if each["row_index"] in kept]
    cells = [each for each in _cells(demo) if each["row_index"] in kept]
    grid.save(pk=pk, version=1, payload={"rows": rows, "cells": cells}, by=planner)
    moves.move(pk=pk, name="verify", by=verifier)
    moves.move(pk=pk, name="publish", by=planner)
    for at in range(1, 4) if is_present else ():
        draft = _week(demo, start + timedelta(days=7 * at), planner)
        weeks.copy_from(pk=draft, source=pk, version=None, overwrite=False, with_topics=False, by=planner)
    then(pk, number)


def _week(demo: Demo, start: date, by: Actor) -> int:
    created = weeks.create(
        week_start_date=start, scope=WeekScope.BATCH, batch=demo.batches[0].pk, academic_period=demo.period.pk,
        slot_count=8, by=by,
    )  # fmt: skip
    return int(created.pk)


def _cells(demo: Demo) -> list[dict[str, Any]]:
    found = []
    for row, letters in LECTURES.items():
        for day, letter in enumerate(letters):
            code, teacher = TAUGHT[letter]
            found.append(_cell(demo, row, day, code, teacher, "Lecture Hall 1", {"all_groups": True}))
    groups = [each.pk for each in demo.groups[demo.batches[0].pk]]
    for row, sides in PRACTICALS.items():
        half = groups[:2] if row == 7 else groups[2:]
        for day in range(4):
            code, teacher, room = sides[day % 2]
            found.append(_cell(demo, row, day, code, teacher, room, {"groups": half, "kind": "practical"}))
    return found


def _cell(
    demo: Demo, row: int, day: int, code: str, teacher: str, room: str, audience: dict[str, Any]
) -> dict[str, Any]:
    return {
        "row_index": row, "day_of_week": day, "course": demo.courses[code].pk, "topic": TOPICS[code],
        "faculty": demo.teachers[teacher].pk, "room": demo.rooms[room].pk, **audience,
    }  # fmt: skip
