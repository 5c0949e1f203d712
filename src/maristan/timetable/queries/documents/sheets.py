"""A week as a workbook: the grid as it is read, and a list as it is sorted and filtered."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from maristan.kernel.tables.formulas import protect_typed
from maristan.kernel.tables.writing import CELL_CHARACTERS
from maristan.timetable.queries.documents.words import Words
from maristan.timetable.queries.surroundings import WeekInContext
from maristan.timetable.rules.calendar import DAYS
from maristan.timetable.rules.planned import PlannedSession, plan_sessions

COLUMNS = (
    "date", "day", "start", "end", "course", "topic", "kind", "groups", "section", "teachers", "room", "department",
    "note",
)  # fmt: skip
ISOLATES = dict.fromkeys((0x2066, 0x2069))
LOOKS = {
    "title": {"bold": True, "font_size": 14},
    "mark": {"bold": True, "font_color": "#B3261E"},
    "head": {"bold": True, "bg_color": "#0F5C63", "font_color": "white", "border": 1, "text_wrap": True,
             "align": "center", "valign": "vcenter"},
    "side": {"bg_color": "#F1F4F6", "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"},
    "cell": {"border": 1, "text_wrap": True, "valign": "top"},
    "holiday": {"border": 1, "text_wrap": True, "valign": "top", "bg_color": "#FBF3E4"},
    "cancelled": {"border": 1, "text_wrap": True, "valign": "top", "font_strikeout": True, "font_color": "#5B6B78"},
    "date": {"num_format": "yyyy-mm-dd"},
}  # fmt: skip


def workbook(context: WeekInContext, page: dict[str, Any], words: Words, *, at: datetime) -> bytes:
    """The workbook of a week; `page` is its page as typeset. Every text is a text and never a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"title": f"{page['heading']} {page['subheading']}", "created": at.replace(tzinfo=None)})
        looks = {name: book.add_format(look) for name, look in LOOKS.items()}
        _grid(book.add_worksheet("Grid"), page, looks, words)
        _list(book.add_worksheet("List"), context, page, looks, words)
    return made.getvalue()


def _put(sheet: Worksheet, row: int, column: int, text: str, look: Format | None = None) -> None:
    safe = protect_typed(text.translate(ISOLATES))[:CELL_CHARACTERS]
    if safe or look is not None:
        sheet.write_string(row, column, safe, look)


def _title(sheet: Worksheet, page: dict[str, Any], looks: dict[str, Format], words: Words) -> int:
    """Heading, state and mark above a sheet; gives the next free row."""
    _put(sheet, 0, 0, page["heading"], looks["title"])
    _put(sheet, 1, 0, page["subheading"])
    _put(sheet, 2, 0, " · ".join(each for each in (page["mark"], page["stamp"]) if each),
         looks["mark"] if page["mark"] else None)  # fmt: skip
    if words.is_rtl:
        sheet.right_to_left()
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if page["mark"]:
        sheet.set_header("&C&24&K" + "B3261E" + page["mark"].replace("&", "&&"))
    return 4


def _grid(sheet: Worksheet, page: dict[str, Any], looks: dict[str, Format], words: Words) -> None:
    row = _title(sheet, page, looks, words)
    sides = 2 if page["has_lanes"] else 1
    for column in range(sides):
        _put(sheet, row, column, "", looks["head"])
    for at, day in enumerate(page["days"]):
        parts = [day["name"], day["date"], day["holiday"]]
        _put(sheet, row, sides + at, "\n".join(each for each in parts if each), looks["head"])
    sheet.set_column(0, sides - 1, 13)
    sheet.set_column(sides, sides + len(page["days"]), 26)
    sheet.freeze_panes(row + 1, sides)
    row += 1
    for band in page["bands"]:
        side = "\n".join(each for each in (band["time"], band["label"]) if each)
        for lane in band["rows"] or [{"lane": "", "cells": [[] for _ in page["days"]]}]:
            _put(sheet, row, 0, side, looks["side"])
            if page["has_lanes"]:
                _put(sheet, row, 1, lane["lane"], looks["side"])
            for at, entries in enumerate(lane["cells"]):
                look = "side" if band["is_break"] else _look(entries, page["days"][at])
                _put(sheet, row, sides + at, "\n".join(_text(each) for each in entries), looks[look])
            row += 1


def _look(entries: Sequence[dict[str, Any]], day: dict[str, Any]) -> str:
    if entries and all(each["is_cancelled"] for each in entries):
        return "cancelled"
    return "holiday" if day["holiday"] else "cell"


def _text(entry: dict[str, Any]) -> str:
    return "\n".join([entry["title"], *(" · ".join(line) for line in entry["lines"]), entry["note"]]).rstrip("\n")


def _list(
    sheet: Worksheet, context: WeekInContext, page: dict[str, Any], looks: dict[str, Format], words: Words
) -> None:
    start = _title(sheet, page, looks, words)
    for column, name in enumerate(COLUMNS):
        _put(sheet, start, column, name, looks["head"])
    planned = sorted(plan_sessions(context.week, context.surroundings), key=lambda each: (each.day, _start(each)))
    for row, each in enumerate(planned, start + 1):
        sheet.write_datetime(row, 0, datetime.combine(each.day, datetime.min.time()), looks["date"])
        for column, text in enumerate(_values(each, context, words), 1):
            _put(sheet, row, column, text)
    sheet.set_column(0, len(COLUMNS) - 1, 16)
    sheet.autofilter(start, 0, max(start + len(planned), start + 1), len(COLUMNS) - 1)
    sheet.freeze_panes(start + 1, 0)


def _start(each: PlannedSession) -> str:
    return each.starts_at.isoformat() if each.starts_at else ""


def _values(each: PlannedSession, context: WeekInContext, words: Words) -> list[str]:
    names, content, zone = context.names, each.content, ZoneInfo(words.zone)
    teachers = [names.people.get(pk, "") for pk in content.teachers] or [content.faculty_name]
    return [
        DAYS[each.day.weekday()],
        *(at.astimezone(zone).strftime("%H:%M") if at else "" for at in (each.starts_at, each.ends_at)),
        names.courses.get(content.course or 0, ""),
        content.topic,
        str(content.kind),
        ", ".join(names.groups.get(pk, "") for pk in content.groups),
        names.sections.get(content.section or 0, ""),
        ", ".join(each for each in teachers if each),
        names.rooms.get(content.room or 0, ""),
        names.departments.get(content.department or 0, ""),
        content.note,
    ]
