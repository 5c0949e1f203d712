"""Registers: who may see which, with their lines and what may be done with them now."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from maristan.academics.queries import learners
from maristan.attendance.models import Attendance, Correction, Register
from maristan.attendance.queries import corrections, excuses, policies
from maristan.attendance.rules import marking
from maristan.attendance.rules.registers import REGISTER, REQUESTED_MOVES, RegisterFacts
from maristan.attendance.rules.states import ATTENDING, CorrectionStatus, Mark, Perm, RegisterStatus, Source
from maristan.attendance.rules.windows import local_day
from maristan.directory.queries.settings import value_of
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.timetable.queries import sessions, taught

LOCK_DAYS, TEACHER_DAYS = "attendance_lock_days", "attendance.teacher_window_days"
SUPERVISOR_DAYS = "attendance.supervisor_window_days"  # for those who oversee residents
NAMES: dict[str, Any] = {"full_name": F("person__name"), "reg_no": F("student__reg_no"), "photo": F("person__photo_id")}


def registers() -> "QuerySet[Register]":
    """Every register with the facts of its session and the settings that judge it, in one statement."""
    return Register.objects.annotate(
        **taught.facts("session__", session="session_id"),
        lock_days=value_of(LOCK_DAYS),
        teacher_days=value_of(TEACHER_DAYS),
        opens_minutes=policies.opening_minutes("session__"),
    )


def is_there(session: int) -> bool:
    """Whether a session has its register."""
    return Register.objects.filter(session_id=session).exists()


def without(ids: Collection[int]) -> list[int]:
    """Those sessions that have no register: one query."""
    there = set(Register.objects.filter(session_id__in=list(ids)).values_list("session_id", flat=True))
    return [pk for pk in ids if pk not in there]


def get(session: int, *, actor: Actor, permission: str = Perm.VIEW, lock: bool = False) -> Any:
    """The register of a session that a permission reaches, locked if asked; raises `NotAllowed`, `NotFound`."""
    reach = actor.demand(permission)
    rows = registers().filter(session_id=session)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None or not taught.covers(reach, found, actor.person_id):
        raise NotFound()
    return found


def may(register: Any, *, actor: Actor) -> Callable[[str], bool]:
    """Which permissions the actor holds over the session of a register."""
    return lambda name: taught.covers(actor.reach(name), register, actor.person_id)


def lines(session: int) -> "QuerySet[Attendance]":
    """The lines of a session with names, by registration number."""
    found: QuerySet[Attendance] = Attendance.objects.filter(session_id=session).annotate(**NAMES)
    return found.order_by("student__reg_no", "person__name", "pk")


def shown_lines(found: Sequence[Any]) -> list[Any]:
    """Lines that a register shows: who is expected, and whoever came besides."""
    return [line for line in found if line.expected or line.status is not None or line.by_hand]


def line_facts(row: Any) -> marking.Line:
    """A line as the rules see it."""
    return marking.Line(
        row.pk, Mark(row.status) if row.status else None, Source(row.source) if row.source else None, row.expected,
        row.version, row.check_in_at, row.remarks,
    )  # fmt: skip


def facts(register: Any, found: Iterable[Any] = (), *, actor: Actor) -> RegisterFacts:
    """A register with its lines as the rules see it."""
    rows = list(found)
    return RegisterFacts(
        status=RegisterStatus(register.status),
        starts_at=register.of_starts_at,
        ends_at=register.of_ends_at,
        zone=register.zone,
        is_cancelled=taught.is_cancelled(register),
        may_repair=may(register, actor=actor)(Perm.REPAIR),
        unmarked=tuple(line.full_name for line in rows if line.expected and line.status is None),
        attending=sum(1 for line in rows if line.status in ATTENDING),
        teacher_days=register.teacher_days,
        lock_days=register.lock_days,
        opens_minutes=register.opens_minutes,
    )


def page(session: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The register of a session as the screen shows it; raises `NotFound`."""
    register = get(session, actor=actor)
    found = list(lines(session))
    moves = REGISTER.moves(facts(register, found, actor=actor), actor, now, may=may(register, actor=actor))
    row = sessions.with_names(sessions.named([session])).get()
    return {
        "session": sessions.shown(row),
        "id": register.pk,
        "status": register.status,
        "version": register.version,
        "roster_version": register.roster_version,
        "frozen_at": register.frozen_at,
        "submitted_at": register.submitted_at,
        "submitted_by": register.submitted_by,
        "locked_at": register.locked_at,
        "reason": register.reason,
        "moves": [each.as_dict() for each in moves if each.name in REQUESTED_MOVES],
        "counts": marking.counts(line_facts(line) for line in found),
        "lines": _with_numbers(shown_lines(found), register),
    }


def _with_numbers(found: Sequence[Any], register: Any) -> list[dict[str, Any]]:
    """Lines as they are shown; those of people who learn without a student record get their number from its source."""
    unknown = [line.person_id for line in found if line.reg_no is None]
    known = learners.of(unknown, day=local_day(register.of_starts_at, register.zone)) if unknown else {}
    excused = excuses.beside(found, register.of_starts_at, register.of_ends_at)
    asked = corrections.open_beside([line.pk for line in found])
    listed = [
        {**shown(line), "excuse": excused.get(line.person_id), "correction": asked.get(line.pk)} for line in found
    ]
    for each in listed:
        if each["person"] in known:
            each["reg_no"] = known[each["person"]].reg_no
    return listed


def shown(line: Any) -> dict[str, Any]:
    """One line as it is shown."""
    return {
        "id": line.pk,
        "person": line.person_id,
        "student": line.student_id,
        "reg_no": line.reg_no or "",
        "full_name": line.full_name,
        "photo": f"/api/v1/directory/persons/{line.person_id}/photo/" if line.photo else None,
        "expected": line.expected,
        "status": line.status,
        "source": line.source or None,
        "check_in_at": line.check_in_at,
        "remarks": line.remarks,
        "marked_by": line.marked_by,
        "marked_at": line.marked_at,
        "version": line.version,
    }


def due_for_locking(now: datetime) -> "QuerySet[Register]":
    """Submitted registers whose session began before now, with what the rule needs, locked for writing."""
    rows = registers().filter(Q(status=RegisterStatus.SUBMITTED), session__starts_at__lt=now)
    return rows.select_for_update(of=("self",), skip_locked=True)


def due_for_forgetting(before: datetime, limit: int) -> list[Any]:
    """The oldest registers with lines of sessions before a moment, none of which waits to be corrected, locked."""
    pending = Correction.objects.filter(line__session=OuterRef("session_id"), status=CorrectionStatus.PENDING)
    rows = registers().filter(~Exists(pending), session__starts_at__lt=before)
    rows = rows.exclude(status=RegisterStatus.FORGOTTEN).order_by("session__starts_at", "pk")
    return list(rows.select_for_update(of=("self",), skip_locked=True)[:limit])


def counted(sessions: Collection[int]) -> dict[int, int]:
    """Session → how many lines its register has."""
    found = Attendance.objects.filter(session_id__in=list(sessions)).values_list("session_id")
    return dict(found.annotate(count=Count("pk")).order_by())


def line(pk: int, *, lock: bool = False) -> Any:
    """One line with the facts of its session, whoever asks; none when there is none."""
    rows: QuerySet[Any] = Attendance.objects.annotate(**taught.facts("session__", session="session_id")).filter(pk=pk)
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def of_session(session: int) -> Register | None:
    """The register of a session, whoever asks; none before its roster is fixed."""
    return Register.objects.filter(session_id=session).first()


def sessions_of(ids: Collection[int]) -> list[int]:
    """The sessions of these registers."""
    return list(Register.objects.filter(pk__in=list(ids)).values_list("session_id", flat=True))


def absent(sessions: Collection[int]) -> "QuerySet[Any]":
    """Lines of expected people who are marked absent in live sessions of these."""
    rows: QuerySet[Any] = Attendance.objects.annotate(**taught.facts("session__", session="session_id"))
    return rows.filter(session__in=list(sessions), session__is_live=True, expected=True, status=Mark.ABSENT)


def unsubmitted(first: date, today: date, zone: str) -> "QuerySet[Any]":
    """Open registers of live sessions that started from a local day on and ended before today, with who is unmarked."""
    local = ZoneInfo(zone)
    waiting = Attendance.objects.filter(session=OuterRef("session_id"), expected=True, status=None).order_by()
    counted = waiting.values("session").annotate(number=Count("pk")).values("number")
    rows: QuerySet[Any] = registers().filter(
        status=RegisterStatus.OPEN,
        session__is_live=True,
        session__starts_at__gte=datetime.combine(first, time.min, local),
        session__ends_at__lte=datetime.combine(today, time.min, local),
    )
    found: QuerySet[Any] = rows.annotate(unmarked=Coalesce(Subquery(counted), 0))
    return found
