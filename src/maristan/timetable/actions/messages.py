"""Telling people what happened to their weeks and sessions: one message for each person and each journal line."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from maristan.comms.actions import notifications as comms
from maristan.directory.queries import holders
from maristan.directory.queries.settings import institution, local_today
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.timetable.models import WeekPlan
from maristan.timetable.queries import audience_of_week
from maristan.timetable.rules.states import Perm, SessionSource

REPEATS = "a message repeats a journal line; it is none itself"
CONCERNED = ("people", "groups", "sections")
AUDIENCES = ("person", "group", "section")
TELLING = frozenset(
    {"starts_at", "ends_at", "room", "faculty", "faculty_name", "co_faculty", "groups", "section", "course"}
)


@unjournaled(REPEATS)
def tell_published(*, line_id: int, by: Actor) -> None:
    """Tell students and teachers of a week that it is out, once for each publication."""
    line, plan = _line_and_plan(line_id)
    if plan is None:
        return
    zone = institution().time_zone
    people = audience_of_week.people_of_sessions(audience_of_week.live_sessions_of(plan.pk), zone)
    _tell(people, line, plan, url=f"/timetable/weeks/{plan.pk}", by=by)


@unjournaled(REPEATS)
def tell_reverted(*, line_id: int, by: Actor) -> None:
    """Tell the same audience that a week was taken back."""
    line, plan = _line_and_plan(line_id)
    if plan is None:
        return
    cancelled = line.changes.get("sessions", {}).get("cancelled", [])
    people = audience_of_week.people_of_sessions(cancelled, institution().time_zone)
    _tell(people, line, plan, url=_own_week(plan), by=by)


@unjournaled(REPEATS)
def tell_amended(*, line_id: int, by: Actor) -> None:
    """Tell those whose sessions changed, before or after, in one message each."""
    line, plan = _line_and_plan(line_id)
    if plan is None:
        return
    told = line.changes.get("told", [])
    shown = [_plain(each) for each in told]
    zone = institution().time_zone
    messages: dict[int, comms.Message] = {}
    for concerned, people in _by_lines(told).items():
        params = {**_params(plan), "reason": line.reason, "zone": zone, "lines": [shown[at] for at in concerned]}
        messages |= dict.fromkeys(people, _message(line, url=_own_week(plan), params=params))
    comms.notify(messages=messages, by=by)


def _by_lines(told: Iterable[Mapping[str, Any]]) -> dict[tuple[int, ...], set[int]]:
    """People grouped by which of the lines concern them."""
    of_person: dict[int, list[int]] = {}
    for at, people in enumerate(audience_of_week.people_of(list(told))):
        for person in people:
            of_person.setdefault(person, []).append(at)
    grouped: dict[tuple[int, ...], set[int]] = {}
    for person, lines in of_person.items():
        grouped.setdefault(tuple(lines), set()).add(person)
    return grouped


@unjournaled(REPEATS)
def tell_verified(*, line_id: int, by: Actor) -> None:
    """Tell those who may publish a week that it is verified; who verified it knows."""
    line, plan = _line_and_plan(line_id)
    if plan is None:
        return
    program = plan.batch.program_id if plan.batch else None
    people = holders.people(Perm.WEEK_PUBLISH, day=local_today(), program=program, batch=plan.batch_id)
    _tell(people - {line.by_person_id}, line, plan, url=f"/timetable/weeks/{plan.pk}", by=by)


@unjournaled(REPEATS)
def tell_returned(*, line_id: int, by: Actor) -> None:
    """Tell who edited a week last that it was returned, and why."""
    line, plan = _line_and_plan(line_id)
    if plan is None or plan.edited_by_id is None:
        return
    _tell({plan.edited_by_id} - {line.by_person_id}, line, plan, url=f"/timetable/weeks/{plan.pk}", by=by)


@unjournaled(REPEATS)
def tell_session(*, line_id: int, by: Actor) -> None:
    """Tell the audience of a session that it changed or was cancelled by itself; notes alone tell nobody."""
    line = JournalLine.objects.get(pk=line_id)
    zone = institution().time_zone
    if line.changes.get("deleted"):
        _tell_lines([_deleted(line)], line, zone, by)
        return
    action = "cancelled" if line.kind.endswith("cancelled") else "changed"
    if action == "changed" and not TELLING.intersection(line.changes):
        return
    changes = audience_of_week.named_changes(line.changes, local_today())
    told = _keyed_by_kind(line.changes["told"]) if "told" in line.changes else {}
    found = audience_of_week.lines_of_sessions([int(line.subject_id)], zone)
    _tell_lines([{**each, **told, "action": action, "changes": changes} for each in found], line, zone, by)


@unjournaled(REPEATS)
def tell_holiday(*, line_id: int, by: Actor) -> None:
    """Tell the audiences of sessions without a week that a holiday cancelled; those of weeks hear of the amendment."""
    line = JournalLine.objects.get(pk=line_id)
    zone = institution().time_zone
    found = audience_of_week.lines_of_sessions(line.changes["sessions"], zone)
    direct = [
        {**each, "action": "cancelled", "changes": []} for each in found if each["source"] == SessionSource.DIRECT
    ]
    _tell_lines(direct, line, zone, by)


def _deleted(line: JournalLine) -> dict[str, Any]:
    told, starts_at = line.changes.get("told", []), line.changes["starts_at"][0]
    return {
        "action": "cancelled",
        "title": line.changes.get("title", ""),
        "room": "",
        "starts_at": starts_at,
        "date": starts_at[:10],
        "changes": [],
        **_keyed_by_kind(told),
    }


def _keyed_by_kind(told: Collection[str]) -> dict[str, list[int]]:
    """Audience keys as the ids of a line: people, groups, sections."""
    return {f"{kind}s" if kind != "person" else "people": _keyed(told, f"{kind}:") for kind in AUDIENCES}


def _keyed(told: Iterable[str], prefix: str) -> list[int]:
    return [int(each.removeprefix(prefix)) for each in told if each.startswith(prefix)]


def _tell_lines(lines: list[dict[str, Any]], line: JournalLine, zone: str, by: Actor) -> None:
    messages: dict[int, comms.Message] = {}
    for concerned, people in _by_lines(lines).items():
        chosen = [_plain(lines[at]) for at in concerned]
        first = chosen[0]["date"]
        params = {"week_start_date": first, "reason": line.reason, "zone": zone, "lines": chosen}
        messages |= dict.fromkeys(people, _message(line, url=f"/timetable/my-week?date={first}", params=params))
    comms.notify(messages=messages, by=by)


def _plain(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line as it is kept with a message: without those whom it concerns."""
    return {key: str(value) if key == "date" else value for key, value in line.items() if key not in CONCERNED}


def _line_and_plan(line_id: int) -> tuple[JournalLine, WeekPlan | None]:
    """A journal line and its week; a draft may have been deleted since."""
    line = JournalLine.objects.get(pk=line_id)
    return line, WeekPlan.objects.select_related("batch", "institution").filter(pk=line.subject_id).first()


def _tell(people: Collection[int], line: JournalLine, plan: WeekPlan, *, url: str, by: Actor) -> None:
    params = {**_params(plan), "reason": line.reason, "by": line.by_name}
    message = _message(line, url=url, params=params)
    comms.notify(messages=dict.fromkeys(people, message), by=by)


def _message(line: JournalLine, *, url: str, params: dict[str, Any]) -> comms.Message:
    return comms.Message(event=line.kind, url=url, params=params, once=f"{line.kind}:{line.pk}")


def _params(plan: WeekPlan) -> dict[str, Any]:
    return {
        "week_plan": plan.pk,
        "week_start_date": plan.week_start_date.isoformat(),
        "whose": plan.batch.name if plan.batch else plan.institution.name,
    }


def _own_week(plan: WeekPlan) -> str:
    return f"/timetable/my-week?date={plan.week_start_date}"
