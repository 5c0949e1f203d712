"""Finished documents: a week as PDF, workbook or calendar, one's own timetable, and packs for print."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from maristan.directory.queries.settings import institution
from maristan.kernel import clock, typesetting
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid
from maristan.kernel.exports import CONTENT_TYPES
from maristan.kernel.reports import Document, Report
from maristan.timetable.models import Session, WeekPlan
from maristan.timetable.queries import sessions, surroundings, weeks
from maristan.timetable.queries.documents import calendar_files, pages, sheets
from maristan.timetable.queries.documents.words import Words, words
from maristan.timetable.rules.states import PeriodStatus, Perm, WeekStatus

TEMPLATE = Path(__file__).with_name("timetable.typ")
PDF = "application/pdf"
ICS = "text/calendar; charset=utf-8"


def week_pdf(plan: WeekPlan, *, actor: Actor, now: datetime) -> Document:
    """The grid of a week on A4, marked while it is no more than a draft; the plan was found as visible."""
    context, spoken = surroundings.of_week(plan, actor=actor), _words(plan)
    page = pages.of_week(context, spoken)
    title = f"{page['heading']}: {page['subheading']}"
    return Document(_name(plan, "pdf"), PDF, typeset([page], title, plan.institution.name, spoken, at=now))


def week_xlsx(plan: WeekPlan, *, actor: Actor, now: datetime) -> Document:
    """A week as a workbook of two sheets; the plan was found as visible."""
    context, spoken = surroundings.of_week(plan, actor=actor), _words(plan)
    content = sheets.workbook(context, pages.of_week(context, spoken), spoken, at=now)
    return Document(_name(plan, "xlsx"), CONTENT_TYPES["xlsx"], content)


def week_ics(plan: WeekPlan, *, actor: Actor, now: datetime) -> Document:
    """The sessions of a published week as a calendar, or a draft's intentions; the plan was found as visible."""
    spoken = _words(plan)
    name = f"{plan.batch.name if plan.batch else plan.institution.name}, {spoken.date(plan.week_start_date)}"
    if plan.status != WeekStatus.PUBLISHED:
        context = surroundings.of_week(plan, actor=actor)
        return Document(_name(plan, "ics"), ICS, calendar_files.of_draft(context, spoken, name=name, at=now))
    rows = sessions.with_names(Session.objects.filter(occurrence__week_plan=plan)).order_by("starts_at", "id")
    return Document(_name(plan, "ics"), ICS, calendar_files.of_sessions(rows, name=name, zone=spoken.zone))


def own_ics(*, actor: Actor) -> Document:
    """All sessions that the actor teaches or attends in periods that are open, from their first to their last day."""
    here = institution()
    actor.demand(Perm.SESSION_VIEW)
    mine = Session.objects.filter(sessions.own(actor), academic_period__status=PeriodStatus.OPEN)
    rows = sessions.with_names(mine).order_by("starts_at", "id")
    content = calendar_files.of_sessions(rows, name=f"{here.name}: {actor.name}", zone=here.time_zone)
    return Document("my-timetable.ics", ICS, content)


def typeset(listed: list[dict[str, Any]], title: str, institution_name: str, spoken: Words, *, at: datetime) -> bytes:
    """Pages as a PDF."""
    data = {
        "title": title,
        "institution": institution_name,
        "lang": spoken.language,
        "is_rtl": spoken.is_rtl,
        "words": {key: spoken.say(key) for key in ("page", "of", "nothing")},
        "pages": listed,
    }
    return typesetting.pdf(TEMPLATE, data, at=at)


def _words(plan: WeekPlan) -> Words:
    return words(plan.institution.locale, plan.institution.time_zone)


def _name(plan: WeekPlan, suffix: str) -> str:
    """A name that any file system and header can carry."""
    whose = slugify(plan.batch.name) if plan.batch else "institution"
    parts = ["week", plan.week_start_date.isoformat(), whose, "" if plan.status == WeekStatus.PUBLISHED else "draft"]
    return "-".join(part for part in parts if part) + f".{suffix}"


def week_report(actor: Actor, parameters: Mapping[str, Any]) -> Document:
    """The report `timetable.week`: `{week, format}` with format pdf (default), xlsx or ics.

    Raises `Invalid` for a week that is no number or another format, `NotFound` for one the actor may not see.
    """
    makers = {"pdf": week_pdf, "xlsx": week_xlsx, "ics": week_ics}
    wanted, week = str(parameters.get("format", "pdf")), str(parameters.get("week", ""))
    if wanted not in makers:
        raise Invalid.at("/format", "bad_value", "One of " + ", ".join(makers) + ".")
    if not week.isdecimal() or len(week) > 18:
        raise Invalid.at("/week", "bad_value", "Name a week.")
    return makers[wanted](weeks.get(int(week), actor=actor), actor=actor, now=clock.now())


WEEK_REPORT = Report("timetable.week", "Timetable of a week", Perm.WEEK_VIEW, week_report)
