"""Attendance on paper: the sheet that goes round in a session, and the list that hangs beside an exam."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings

from maristan.attendance.models import EligibilityList
from maristan.attendance.queries import eligibility_lists, registers
from maristan.attendance.rules.document_words import words
from maristan.attendance.rules.states import ListStatus
from maristan.directory.queries.settings import institution
from maristan.kernel import typesetting
from maristan.kernel.access import Actor
from maristan.kernel.languages import Language, language, runs_right_to_left
from maristan.kernel.reports import Document

PDF = "application/pdf"
SHEET, LIST = (Path(__file__).with_name(name) for name in ("sheet.typ", "eligibility.typ"))
BLANK_ROWS = 6
LONGEST_WORD = 18
BREAK = "\u200b"  # where a word that has no end may go on in the next line
COUNTED = ("present", "late", "absent", "excused", "percentage", "threshold")


def sheet(session: int, *, actor: Actor, now: datetime) -> Document:
    """The register of a session to be signed, by registration number, with rows for visitors; raises `NotFound`."""
    found = registers.page(session, actor=actor, now=now)
    of, said, named = found["session"], *_spoken()
    zone = ZoneInfo(institution().time_zone)
    starts, ends = of["starts_at"].astimezone(zone), of["ends_at"].astimezone(zone)
    listed = sorted(found["lines"], key=lambda each: (each["reg_no"] == "", each["reg_no"], each["full_name"]))
    expected = [each for each in listed if each["expected"]]
    facts = {
        "date": f"{_day(starts, said)}{said.comma}{said.days[starts.weekday()]}",
        "time": f"\u2066{starts:%H:%M}–{ends:%H:%M}\u2069",
        "place": of["room_name"],
        "audience": of["section_name"] or said.comma.join(each["name"] for each in of["groups"]),
        "teachers": said.comma.join(each["name"] for each in of["teachers"]) or of["faculty_name"],
        "expected": str(len(expected)),
        "roster_version": str(found["roster_version"]),
    }
    address = f"{settings.SITE_URL}/attendance/sessions/{session}"
    data = {
        **_around(said, named, facts),
        "title": f"{named['sheet']}: {of['title']}",
        "heading": _text(of["title"]),
        "mark": named["cancelled"] if of["status"] == "cancelled" else "",
        "roster_version": str(found["roster_version"]),
        "lines": [_line(each) for each in expected],
        "visitors": [_line(each) for each in listed if not each["expected"]],
        "blank_rows": BLANK_ROWS,
        "address": address,
        "qr": _matrix(address),
    }
    return Document(f"attendance-{starts:%Y-%m-%d}-{session}.pdf", PDF, typesetting.pdf(SHEET, data, at=now))


def eligibility(row: EligibilityList, *, now: datetime) -> Document:
    """Who may sit and who may not, as a list says; a draft and one that was followed say so on every page."""
    said, named = _spoken()
    zone = ZoneInfo(institution().time_zone)
    people = eligibility_lists.people_of(row)
    marks = {ListStatus.DRAFT: named["draft"], ListStatus.SUPERSEDED: named["superseded"]}
    frozen = row.frozen_at.astimezone(zone) if row.frozen_at else None
    facts = {
        "days": f"{_date(row.first_day, said)} – {_date(row.last_day, said)}",
        "list_number": str(row.number),
        "people": str(len(people)),
        "may_sit": str(sum(each["eligible"] for each in people)),
        "frozen": said.comma.join((_day(frozen, said), f"{frozen:%H:%M}", row.frozen_by)) if frozen else "",
    }
    address = f"{settings.SITE_URL}/attendance/eligibility-lists/{row.pk}"
    data = {
        **_around(said, named, facts),
        "title": f"{named['list']}: {row.title}",
        "heading": _text(row.title),
        "mark": marks.get(ListStatus(row.status), ""),
        "stamp": named["draft_stamp"] if row.status == ListStatus.DRAFT else "",
        "lines": [
            {**_person(each), **{name: str(each[name]) for name in COUNTED}, "code": each["code"],
             "eligible": each["eligible"]}
            for each in people
        ],
        "address": address,
        "qr": _matrix(address),
    }  # fmt: skip
    return Document(f"eligibility-{row.pk}-{row.number}.pdf", PDF, typesetting.pdf(LIST, data, at=now))


def _spoken() -> tuple[Language, dict[str, str]]:
    said = language(institution().locale)
    return said, words(said.code)


def _around(said: Language, named: Mapping[str, str], facts: Mapping[str, str]) -> dict[str, Any]:
    """What every sheet has: language, words, and facts that there are, each with its label."""
    return {
        "institution": _text(institution().name),
        "lang": said.code,
        "is_rtl": said.is_rtl,
        "words": named,
        "facts": [[named[key], _text(value)] for key, value in facts.items() if value],
    }


def _date(day: Any, said: Language) -> str:
    return f"{said.day(day)} {day.year}"


def _day(moment: datetime, said: Language) -> str:
    return _date(moment.date(), said)


def _line(each: Mapping[str, Any]) -> dict[str, Any]:
    return {**_person(each), "status": each["status"] or ""}


def _person(each: Mapping[str, Any]) -> dict[str, Any]:
    return {"reg_no": breakable(each["reg_no"]), "name": _text(each["full_name"])}


def _text(said: str) -> dict[str, Any]:
    """A text of any script, with the direction in which it runs."""
    return {"text": breakable(said), "is_rtl": bool(runs_right_to_left(said))}


def breakable(said: str) -> str:
    """The text with places to break words that would not fit into a column; other words stay as they are."""
    return " ".join(
        BREAK.join(word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD)) for word in said.split(" ")
    )


def _matrix(address: str) -> list[list[int]]:
    """The modules of a QR code: 1 dark, 0 light."""
    return [[1 if dark else 0 for dark in line] for line in segno.make(address, error="m", micro=False).matrix]
