"""The papers of an exam: a sheet for its marks, and the gazette of what was published."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from maristan.assessment.models import Result
from maristan.assessment.queries import exams, grid, results
from maristan.assessment.rules.paper_words import WORDS, tally, written
from maristan.assessment.rules.states import Admission, Perm
from maristan.directory.queries.settings import institution
from maristan.kernel import typesetting
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.reports import Document

SHEET = Path(__file__).with_name("marks_sheet.typ")
GAZETTE = Path(__file__).with_name("gazette.typ")
WIDE_FROM = 5  # components, from which on a sheet is turned


def marks_sheet(pk: int, *, is_filled: bool, actor: Actor, now: datetime) -> Document:
    """The candidates of an exam by seat, then number, with a column for each component, empty or as entered.

    Who may see drafts alone finds the other results empty. Raises `NotFound`, `NotAllowed`.
    """
    exam = grid.staffed(pk, actor=actor)
    words = _words()
    parts = exams.components_of(pk)
    sees_decided = exams.may_in(exam, actor)(Perm.RESULT_VIEW_DECIDED)
    rows = [row for row in grid.rows_of(exam, sees_decided=sees_decided) if row["admission"] != Admission.WITHDRAWN]
    rows.sort(key=lambda row: (row["seat_no"] == "", _natural(row["seat_no"]), row["reg_no"], row["candidate"]))
    examiners: list[str] = [each.person_name for each in exams.examiners(pk, actor=actor).order_by("pk")]  # type: ignore[attr-defined]
    data = {
        **_common(exam, "sheet", words, now),
        "is_filled": is_filled,
        "is_wide": len(parts) >= WIDE_FROM,
        "has_seats": any(row["seat_no"] for row in rows),
        "components": [{"name": each.name, "max": _number(each.max_marks)} for each in parts],
        "examiners": list(dict.fromkeys(name for name in examiners if name)),
        "rows": [_line(row, [each.pk for each in parts], is_filled, words) for row in rows],
    }
    return _document(SHEET, "marks-sheet", exam, data, now)


def _line(row: dict[str, Any], parts: list[int], is_filled: bool, words: dict[str, str]) -> dict[str, Any]:
    cells = {each["component"]: written(each["state"], each["marks"], words) for each in row["cells"]}
    total = row["result"]["total_obtained"] if row["result"] is not None and cells else None
    return {
        "seat": row["seat_no"],
        "reg_no": row["reg_no"],
        "name": row["full_name"],
        "is_admitted": row["admission"] == Admission.ADMITTED,
        "cells": [cells.get(each, "") if is_filled else "" for each in parts],
        "total": "" if total is None or not is_filled else f"{total:.2f}",
    }


def gazette(pk: int, *, actor: Actor, now: datetime) -> Document:
    """The published results of an exam by number, with how many passed and failed; never anything unpublished.

    Raises `NotFound`, `NotAllowed`, `NotNow` (`nothing_published`).
    """
    exam = exams.get(pk, actor=actor)
    actor.demand(Perm.RESULT_VIEW_DECIDED, within=exams.may_in(exam, actor)(Perm.RESULT_VIEW_DECIDED))
    shown = Result.objects.filter(exam=exam, is_current=True, status__in=exams.SHOWN).annotate(**results.NAMES)
    rows = sorted(results.shown(shown), key=lambda row: (row["reg_no"], row["id"]))
    if not rows:
        raise NotNow("nothing_published", "No result of the exam is published.")
    words = _words()
    data = {
        **_common(exam, "gazette", words, now),
        "tally": [[words[key], count] for key, count in tally(row["final_outcome"] for row in rows)],
        "rows": [
            {
                **{name: row[name] for name in ("reg_no", "letter")},
                "name": row["full_name"],
                "marks": f"{row['total_obtained']:.2f} / {row['total_max']:.2f}",
                "percentage": "" if row["percentage"] is None else f"{row['percentage']:.2f}",
                "outcome": row["final_outcome"],
            }
            for row in rows
        ],
    }
    return _document(GAZETTE, "gazette", exam, data, now)


def _words() -> dict[str, str]:
    return WORDS.get(_language(), WORDS["en"])


def _language() -> str:
    return institution().locale.replace("_", "-").split("-")[0].lower()


def _common(exam: Any, title: str, words: dict[str, str], now: datetime) -> dict[str, Any]:
    """What stands above and below every paper of an exam."""
    here, language = institution(), _language()
    at, zone = exams.local(exam.scheduled_at), ZoneInfo(here.time_zone)
    course = " ".join(each for each in (exam.course_code, exam.course_name) if each)
    about = [course, exam.academic_period_name, exam.section_name, f"{at:%Y-%m-%d %H:%M}", exam.place_name]
    return {
        "title": f"{exam.title}: {words[title]}",
        "kind": words[title],
        "exam": exam.title,
        "subtitle": [each for each in about if each],
        "institution": here.name,
        "printed": f"{now.astimezone(zone):%Y-%m-%d %H:%M}",
        "lang": language if language in WORDS else "en",
        "is_rtl": language in WORDS and typesetting.is_right_to_left(here.locale),
        "words": words,
    }


def _natural(text: str) -> tuple[int, str]:
    """Seats that are numbers in their order, others by their letters."""
    return (int(text), "") if text.isascii() and text.isdigit() else (10**9, text)


def _number(value: Any) -> str:
    return f"{value:.2f}".removesuffix(".00")


def _document(template: Path, name: str, exam: Any, data: dict[str, Any], now: datetime) -> Document:
    stem = slugify(f"{exam.title} {name}") or f"{name}-{exam.pk}"
    return Document(f"{stem}.pdf", "application/pdf", typesetting.pdf(template, data, at=now))
