"""What whoever plans has to know, in the demonstration: holidays, who is away, weekly times, what is to be taught."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from maristan.academics.actions import syllabus
from maristan.config.demo.acting import acting_as
from maristan.config.demo.diary import Diary
from maristan.config.demo.institution import Demo
from maristan.directory.actions import holidays, leaves
from maristan.kernel.access import Actor
from maristan.timetable.actions import availabilities

# course → what is taught in it, in order, each with the minutes that it is meant to take
TOPICS = {
    "PAT101": (
        ("Cell injury and adaptation", 100), ("Acute inflammation", 100), ("Chronic inflammation and repair", 50),
        ("Disturbances of fluid and blood flow", 150), ("Neoplasia", 150),
    ),
    "ANA101": (
        ("Upper limb: bones and joints", 150), ("Upper limb: muscles and nerves", 200), ("Thorax", 150),
        ("Lower limb", 200),
    ),
    "PHY101": (("The cardiac cycle", 100), ("The electrocardiogram", 100), ("Control of blood pressure", 100)),
}  # fmt: skip


def note(demo: Demo, diary: Diary, by: Mapping[str, Actor]) -> None:
    """Two holidays and the leaves of four people, all after the weeks that are planned, and what teachers declared."""
    diary.on(-27, 10, partial(_teach, demo, by["coordinator"]))
    diary.on(-26, 10, partial(_declare, demo, diary.today))
    diary.on(-20, 10, partial(_holidays, diary.today, by["registrar"]))
    diary.on(-6, 10, partial(_away, demo, diary.today, by))


def _teach(demo: Demo, by: Actor) -> None:
    for code, topics in TOPICS.items():
        for title, minutes in topics:
            values = {"course": demo.courses[code].pk, "title": title, "planned_minutes": minutes}
            syllabus.create(values=values, by=by)


def _declare(demo: Demo, today: date) -> None:
    for name, day, begins, ends, level in (
        ("Dr Lubna Aslam", 4, time(11), time(17), "unavailable"), ("Dr Nadia Farooq", 0, time(8), time(9), "avoid"),
        ("Dr Shazia Iqbal", 1, time(9), time(12), "prefer"),
    ):  # fmt: skip
        person = demo.teachers[name]
        values = {
            "subject_kind": "person", "subject_id": person.pk, "day_of_week": day, "start_time": begins,
            "end_time": ends, "level": level, "from_date": today + timedelta(days=28), "to_date": None,
        }  # fmt: skip
        availabilities.declare(values=values, by=acting_as(person))


def _holidays(today: date, by: Actor) -> None:
    for name, begins, days, kind in (("Founders' Day", 38, 1, "institution"), ("یومِ پاکستان", 45, 1, "public")):
        start = today + timedelta(days=begins)
        values = {"name": name, "start_date": start, "end_date": start + timedelta(days=days - 1), "kind": kind}
        holidays.create(values=values, by=by)


def _away(demo: Demo, today: date, by: Mapping[str, Actor]) -> None:
    def ask(asks: Actor, kind: str, begins: int, days: int, reason: str) -> int:
        start = today + timedelta(days=begins)
        values: dict[str, Any] = {"kind": kind, "start_date": start, "end_date": start + timedelta(days=days - 1)}
        return leaves.request(values={**values, "reason": reason}, by=asks).pk

    pathologist, anatomist = (acting_as(demo.teachers[name]) for name in ("Dr Yasir Khan", "Dr Imran Qazi"))
    approved = ask(by["faculty"], "annual", 40, 5, "A week with the family")
    leaves.move(pk=approved, name="approve", reason=None, by=by["department_head"])
    ask(pathologist, "academic", 47, 3, "Congress of pathologists")
    ask(by["student"], "medical", 36, 2, "A small operation")
    refused = ask(anatomist, "personal", 39, 2, "")
    leaves.move(pk=refused, name="reject", reason="Two others of Anatomy are away then.", by=by["registrar"])
