"""Holidays, dated periods and the time to apply as entries of the calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.academics.queries import admissions, structure
from maristan.academics.rules.states import Perm
from maristan.agenda import actions as agenda
from maristan.directory.queries import holders, places
from maristan.directory.queries.identity import role_key
from maristan.directory.queries.settings import institution
from maristan.kernel.access import Actor, Role
from maristan.kernel.models import JournalLine

HOLIDAY, PERIOD, INTAKE = "directory.holiday", "academics.period", "academics.intake"


def show_holiday(*, line_id: int, by: Actor) -> None:
    """Show a holiday as it is now, or no longer once it is withdrawn."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    holiday = places.holidays(actor=by).filter(pk=pk).first()
    if holiday is None:
        agenda.withdraw(owner_kind=HOLIDAY, owner_ids=[pk], by=by)
        return
    agenda.put(owner_kind=HOLIDAY, entries=[_of_holiday(holiday)], by=by)


def holidays_shown(*, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each holiday."""
    return {each.pk: _of_holiday(each) for each in places.holidays(actor=by)}


def _of_holiday(holiday: Any) -> agenda.Shown:
    return _all_day(
        holiday.pk, holiday.name, holiday.start_date, holiday.end_date, holiday.version,
        audience=_audience(holiday.scope_kind, holiday.scope_id),
    )  # fmt: skip


def show_periods(*, line_id: int, by: Actor) -> None:
    """Show the dated periods that a line is about: one, or all of a batch that was laid out."""
    line = JournalLine.objects.get(pk=line_id)
    found = structure.periods(actor=by)
    if line.subject_kind == "program":
        chosen = list(found.filter(program_id=line.subject_id, batch_id=line.changes["batch"]))
    else:
        chosen = list(found.filter(pk=line.subject_id))
        if not any(_is_dated(each) for each in chosen):
            agenda.withdraw(owner_kind=PERIOD, owner_ids=[int(line.subject_id)], by=by)
    agenda.put(owner_kind=PERIOD, entries=list(_entries(chosen)), by=by)


def periods_shown(*, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each period: nothing without dates."""
    found = list(structure.periods(actor=by))
    wanted: dict[int, agenda.Shown | None] = {each.pk: None for each in found}
    return wanted | {each.owner_id: each for each in _entries(found)}


def show_intake(*, line_id: int, by: Actor) -> None:
    """Show the time in which people may apply to those who look through applications."""
    pk = int(JournalLine.objects.get(pk=line_id).subject_id)
    intake = admissions.intakes(actor=by).filter(pk=pk).first()
    if intake is None:
        agenda.withdraw(owner_kind=INTAKE, owner_ids=[pk], by=by)
        return
    agenda.put(owner_kind=INTAKE, entries=[_of_intake(intake)], by=by)


def intakes_shown(*, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each intake."""
    return {each.pk: _of_intake(each) for each in admissions.intakes(actor=by)}


def _of_intake(intake: Any) -> agenda.Shown:
    return agenda.Shown(
        owner_id=intake.pk,
        title=f"{intake.program.name} · {intake.batch.name}",
        starts_at=intake.opens_at,
        ends_at=intake.closes_at,
        audience=holders.keys(Perm.APPLICATION_REVIEW, program=intake.program_id, batch=intake.batch_id),
        url=f"/academics/intakes/{intake.pk}",
        sequence=intake.version,
    )


def _is_dated(period: Any) -> bool:
    return period.start_date is not None and period.end_date is not None


def _entries(periods: Iterable[Any]) -> Iterable[agenda.Shown]:
    for each in periods:
        if _is_dated(each):
            scope = ("batch", each.batch_id) if each.batch_id else ("program", each.program_id)
            whose = each.batch.name if each.batch_id else each.program.name
            yield _all_day(
                each.pk, f"{each.name} · {whose}", each.start_date, each.end_date, each.version,
                audience=(*_audience(*scope), role_key(Role.COORDINATOR, "program", each.program_id)),
            )  # fmt: skip


def _all_day(pk: int, title: str, first: date, last: date, version: int, *, audience: Iterable[str]) -> agenda.Shown:
    zone = ZoneInfo(institution().time_zone)
    return agenda.Shown(
        owner_id=pk,
        title=title,
        starts_at=datetime.combine(first, time.min, zone),
        ends_at=datetime.combine(last + timedelta(days=1), time.min, zone),
        audience=tuple(dict.fromkeys(audience)),
        is_all_day=True,
        sequence=version,
    )


def _audience(kind: str, pk: int | None) -> tuple[str, ...]:
    """Who lives in a scope, and those who coordinate just that."""
    if pk is None:
        return ("institution",)
    return (f"{kind}:{pk}", role_key(Role.COORDINATOR, kind, pk))
