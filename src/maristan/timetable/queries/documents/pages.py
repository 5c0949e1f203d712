"""Pages of a timetable as plain data, before they are typeset: grids of times and days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.timetable.queries.documents.words import Words, span
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.rules.calendar import cell_date, days_in_order
from maristan.timetable.rules.facts import CellFacts, HolidayFacts, RowFacts
from maristan.timetable.rules.planned import effective_content
from maristan.timetable.rules.states import CellStatus, SessionStatus, WeekStatus

# Points: of a page below its head, of a break, and around a cell.
HEIGHT, BREAK_HEIGHT, PADDING = 440, 16, 8
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Day:
    """A column: its date and the holiday on it."""

    day_of_week: int
    date: date
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A time with its lanes: each lane has a name and the entries of every day."""

    time: str
    label: str
    is_break: bool
    rows: list[tuple[str, list[list[Entry]]]] = field(default_factory=list)


def page(
    words: Words, *, heading: str, subheading: str, stamp: str, days: Sequence[Day], bands: Sequence[Band],
    mark: str = "",
) -> dict[str, Any]:  # fmt: skip
    """One page as the template reads it; letters shrink with the number of rows and columns."""
    count = sum(max(len(band.rows), 1) for band in bands)
    return {
        "heading": heading,
        "subheading": subheading,
        "mark": mark,
        "stamp": stamp,
        "size": 8.5 if count <= 6 else 7.5 if count <= 10 else 6.5,
        "row_height": _row_height(bands),
        "has_lanes": any(lane for band in bands for lane, _ in band.rows),
        "days": [
            {
                "name": words.day(day.day_of_week),
                "date": words.date(day.date, with_year=False),
                "holiday": day.holiday,
            }
            for day in days
        ],
        "bands": [
            {
                "time": band.time,
                "label": band.label,
                "is_break": band.is_break,
                "rows": [{"lane": lane, "cells": cells} for lane, cells in band.rows],
            }
            for band in bands
        ],
    }


def _row_height(bands: Sequence[Band]) -> float:
    """Points by which rows grow so that a week of few rows fills its page."""
    rows = sum(len(band.rows) for band in bands)
    breaks = sum(1 for band in bands if band.is_break)
    return max(12.0, min(90.0, (HEIGHT - breaks * BREAK_HEIGHT) / max(rows, 1) - PADDING))


def days_of(
    start: date, first_weekday: int, *, teaching: Iterable[int], filled: Iterable[int], holidays: Iterable[HolidayFacts]
) -> list[Day]:
    """The days of a week in the institution's order: days of teaching, and others on which something is."""
    wanted = {*teaching, *filled}
    listed = sorted(holidays, key=lambda each: (each.start_date, each.id))
    found = []
    for day_of_week in days_in_order(first_weekday):
        on = cell_date(start, day_of_week, first_weekday)
        names = [each.name for each in listed if each.touches(on, on)]
        if day_of_week in wanted:
            found.append(Day(day_of_week, on, ", ".join(names)))
    return found


def of_week(context: WeekInContext, words: Words) -> dict[str, Any]:
    """The page of a week plan, marked while it is not published."""
    plan, week, settings = context.plan, context.week, context.surroundings.settings
    filled = {cell.day_of_week for cell in week.cells if cell.status is not CellStatus.EMPTY}
    held = [each for each in context.surroundings.holidays if _holds(each, context)]
    days = days_of(
        week.week_start, settings.first_weekday, teaching=settings.teaching_days, filled=filled, holidays=held
    )
    whose = [plan.batch.name, context.names.program] if plan.batch else [words.say("whole_institution")]
    return page(
        words,
        heading=" · ".join(each for each in whose if each),
        subheading=week_title(week.week_start, words),
        stamp=stamp(context, words),
        mark="" if week.status is WeekStatus.PUBLISHED else words.say("draft"),
        days=days,
        bands=_bands(context, days, words),
    )


def week_title(start: date, words: Words) -> str:
    """Such as `Timetable · Week of 9 March 2026`."""
    return f"{words.say('timetable')} · {words.say('week_of', date=words.date(start))}"


def stamp(context: WeekInContext, words: Words) -> str:
    """What a document says of the state of its week."""
    plan = context.plan
    if plan.status != WeekStatus.PUBLISHED or plan.published_at is None:
        key = "verified_stamp" if plan.status == WeekStatus.VERIFIED else "draft_stamp"
        return words.say(key, version=plan.version)
    at = words.moment(plan.published_at)
    if plan.edited_at is not None and plan.edited_at > plan.published_at:
        return words.say("amended_stamp", version=plan.version, at=at, amended=words.moment(plan.edited_at))
    return words.say("published_stamp", version=plan.version, at=at)


def _holds(holiday: HolidayFacts, context: WeekInContext) -> bool:
    week = context.week
    return holiday.holds_for([week.program] if week.program else [], [week.batch] if week.batch else [])


def _bands(context: WeekInContext, days: Sequence[Day], words: Words) -> list[Band]:
    """Rows of one time become the lanes of one band; rows without a time stand alone."""
    week = context.week
    by_address = {cell.address: cell for cell in week.cells}
    bands: list[Band] = []
    last: tuple[time, time] | None = None
    for row in week.rows:
        if row.is_break:
            bands.append(Band(_time(row), row.label or words.say("break"), True))
            last = None
            continue
        if row.band is None or row.band != last:
            bands.append(Band(_time(row), row.label, False))
        cells = [by_address.get((row.row_index, day.day_of_week)) for day in days]
        bands[-1].rows.append((row.lane, [_entries(cell, context, words) for cell in cells]))
        last = row.band
    return bands


def _time(row: RowFacts) -> str:
    if row.start_time is None and row.end_time is None:
        return ""
    return span(*(at.strftime("%H:%M") if at else "?" for at in (row.start_time, row.end_time)))


def _entries(cell: CellFacts | None, context: WeekInContext, words: Words) -> list[Entry]:
    if cell is None or cell.status is CellStatus.EMPTY:
        return []
    names = context.names
    content = effective_content(context.week, cell, context.surroundings)
    course = names.courses.get(content.course or 0, "")
    groups = [names.groups.get(each, "") for each in content.groups]
    whom = [names.sections.get(content.section, "")] if content.section else groups
    return [
        entry(
            title=course or content.topic,
            kind=content.kind,
            topic=content.topic if course else "",
            room=names.rooms.get(content.room or 0, ""),
            audience=[words.say("all_groups")] if cell.all_groups and len(groups) > 1 else whom,
            teachers=[names.people.get(each, "") for each in content.teachers] or [content.faculty_name],
            note=content.note,
            is_cancelled=cell.status is CellStatus.CANCELLED,
            words=words,
        )
    ]


def entry(
    *, title: str, kind: str, topic: str, room: str, audience: Sequence[str], teachers: Sequence[str], note: str,
    is_cancelled: bool, words: Words,
) -> Entry:  # fmt: skip
    """What stands in a cell; blank parts are left out."""
    lines = [[topic], [room, ", ".join(each for each in audience if each)], [each for each in teachers if each]]
    kept = [[part for part in line if part] for line in lines]
    said = [words.say("cancelled"), note] if is_cancelled else [note]
    return {
        "title": title,
        "kind": str(kind),
        "is_cancelled": is_cancelled,
        "note": ": ".join(part for part in said if part),
        "lines": [line for line in kept if line],
    }


def of_sessions(
    sessions: Sequence[Mapping[str, Any]], *, heading: str, start: date, first_weekday: int, teaching: Iterable[int],
    holidays: Iterable[HolidayFacts], words: Words, at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The page of one week of somebody or something, made of published sessions (`queries.sessions.shown`)."""
    zone = ZoneInfo(words.zone)
    by_time: dict[tuple[time, time], dict[date, list[Entry]]] = {}
    for each in sessions:
        first, last = each["starts_at"].astimezone(zone), each["ends_at"].astimezone(zone)
        column = by_time.setdefault((first.time(), last.time()), {})
        column.setdefault(first.date(), []).append(_session_entry(each, words))
    filled = {day.weekday() for column in by_time.values() for day in column}
    days = days_of(start, first_weekday, teaching=teaching, filled=filled, holidays=holidays)
    bands = [
        Band(span(f"{begins:%H:%M}", f"{ends:%H:%M}"), "", False, [("", [column.get(day.date, []) for day in days])])
        for (begins, ends), column in sorted(by_time.items())
    ]
    return page(
        words,
        heading=heading,
        subheading=week_title(start, words),
        stamp=words.say("printed_stamp", at=words.moment(at)),
        days=days,
        bands=bands,
    )


def _session_entry(each: Mapping[str, Any], words: Words) -> Entry:
    is_cancelled = each["status"] == SessionStatus.CANCELLED
    return entry(
        title=each["title"],
        kind=each["kind"],
        topic=each["topic"] if each["course"] else "",
        room=each["room_name"],
        audience=[each["section_name"]] if each["section"] else [group["name"] for group in each["groups"]],
        teachers=[teacher["name"] for teacher in each["teachers"]] or [each["faculty_name"]],
        note=each["cancel_reason"] if is_cancelled else each["note"],
        is_cancelled=is_cancelled,
        words=words,
    )


def weeks_between(first: date, last: date) -> list[date]:
    """Starts of the weeks from the one that starts on `first` to the last that starts on or before `last`."""
    return [first + timedelta(days=7 * n) for n in range((last - first).days // 7 + 1)]
