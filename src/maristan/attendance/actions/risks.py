"""People who near the threshold or fall below it are told when it happens (section 8)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from maristan.attendance.models import Warned
from maristan.attendance.queries import risks as queries
from maristan.attendance.queries.risks import Crossed
from maristan.attendance.rules.percentages import Risk
from maristan.attendance.rules.states import Perm
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders
from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled

HOUR, MINUTE = 2, 30
NEAR, BELOW, FELL = "attendance.near_threshold", "attendance.below_threshold", "attendance.fell_below"
STANDINGS = "/attendance/eligibility?code=below_threshold"
NAMED = 30


@unjournaled("a message repeats what the tables say")
@transaction.atomic
def warn(*, by: Actor) -> int:
    """In the hour from 02:30 local time, tell learners who came near a threshold or fell below it since they were told.

    Each hears of a course once in seven days at most; what grew meanwhile is told then. Coordinators hear of those of
    their programs who fell below. Gives how many learners are told.
    """
    here = institution()
    now = clock.now()
    local = now.astimezone(ZoneInfo(here.time_zone))
    if not timedelta() <= local - local.replace(hour=HOUR, minute=MINUTE, second=0, microsecond=0) < timedelta(hours=1):
        return 0
    today = local.date()
    found = queries.watched(now=now, before=now - timedelta(days=1), today=today)
    for level in Risk:
        eased = [pk for pk, each in found.eased.items() if each is level]
        Warned.objects.filter(pk__in=eased).update(level=level, updated_at=now)
    _note(found.crossed, today)
    comms.notify_each(messages=((each.person, _message(each, today)) for each in found.crossed), by=by)
    comms.notify_each(messages=_for_coordinators(found.crossed, today), by=by)
    return len(found.crossed)


def _note(crossed: Sequence[Crossed], today: date) -> None:
    Warned.objects.bulk_create(
        [
            Warned(
                person_id=each.person, course_id=each.course, academic_period_id=each.period, level=each.risk,
                told_on=today,
            )
            for each in crossed
        ],
        update_conflicts=True, unique_fields=["person", "academic_period", "course"],
        update_fields=["level", "told_on", "updated_at"], batch_size=1000,
    )  # fmt: skip


def _message(each: Crossed, today: date) -> comms.Message:
    params = {"course": each.course_name, "percentage": str(each.percentage), "count": each.can_miss}
    return comms.Message(
        event=BELOW if each.risk is Risk.BELOW else NEAR,
        url="/attendance/mine",
        params=params,
        once=f"attendance.risk:{each.person}:{each.course}:{each.period}:{today.isoformat()}",
    )


def _for_coordinators(crossed: Sequence[Crossed], today: date) -> Iterator[tuple[int, comms.Message]]:
    """One message for each program in which somebody fell below, to those who coordinate it."""
    programs: dict[int, list[Crossed]] = {}
    for each in crossed:
        if each.risk is Risk.BELOW and each.program is not None:
            programs.setdefault(each.program, []).append(each)
    for program, fallen in sorted(programs.items()):
        listed = sorted(fallen, key=lambda each: (each.reg_no, each.course_name))
        message = comms.Message(
            event=FELL, url=STANDINGS, once=f"{FELL}:{program}:{today.isoformat()}",
            params={"count": len({each.person for each in listed}), "people": [_line(each) for each in listed[:NAMED]]},
        )  # fmt: skip
        people = holders.nearest(Perm.REPAIR, day=today, program=program)
        yield from ((person, message) for person in sorted(people))


def _line(each: Crossed) -> str:
    return f"{each.reg_no} {each.full_name}: {each.course_name}, {each.percentage} %"
