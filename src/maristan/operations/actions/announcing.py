"""What the platform tells every institution: a line in its journal, and of maintenance its members and its calendar."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.agenda import actions as agenda
from maristan.comms.actions import notifications as comms
from maristan.directory.queries import audiences
from maristan.directory.queries.settings import institution, local_today
from maristan.kernel import clock, jobs, journal, messages
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.models import MaintenanceWindow
from maristan.operations.queries import maintenance as queries
from maristan.operations.rules.states import RESTORED

JOB = "operations.announce"
OWNER = "operations.maintenance"
PLANNED, WITHDRAWN = "maintenance.planned", "maintenance.withdrawn"
TOLD = (PLANNED, "maintenance.started", "maintenance.ended", WITHDRAWN)
KINDS = (*TOLD, "health.degraded", "health.recovered")
OF_THE_CHAIN = ("backup.completed", "backup.failed", RESTORED, "release.deployed", "release.rolled_back")
MAILED_AHEAD = timedelta(hours=24)


@unjournaled("the job writes a line into the journal of each institution")
def ask(*, kind: str, pk: int, changes: Mapping[str, Any], by: Actor) -> None:
    """Announce it to every institution as soon as the present transaction holds."""
    if kind in KINDS or kind in OF_THE_CHAIN:
        jobs.enqueue(JOB, kind=kind, pk=pk, changes=dict(changes))


@unjournaled("the job writes a line into the journal of each institution")
def ask_of(*, line: JournalLine, by: Actor) -> None:
    """As `ask`, for a line of the platform's chain that institutions are told of, whatever else follows from it."""
    if line.kind in OF_THE_CHAIN:
        ask(kind=line.kind, pk=line.pk, changes={"name": line.subject_id, **line.changes}, by=by)


def announce(*, kind: str, pk: int, changes: Mapping[str, Any], by: Actor) -> None:
    """Tell the institution in context, once: machines that watch it hear of it by its journal."""
    noun = kind.partition(".")[0]
    if JournalLine.objects.filter(kind=kind, subject_kind=noun, subject_id=str(pk)).exists():
        return
    journal.record(kind, (noun, pk), by=by, changes=changes)
    if kind in TOLD:
        _tell(kind, pk, changes, by)
        _show(kind, pk, changes, by)


def _tell(kind: str, pk: int, changes: Mapping[str, Any], by: Actor) -> None:
    begins = datetime.fromisoformat(changes["from"])
    message = comms.Message(
        event=kind, once=f"{kind}:{pk}", params=_params(changes),
        mails=kind == PLANNED and begins - clock.now() >= MAILED_AHEAD,
    )  # fmt: skip
    everybody = audiences.people((frozenset({"institution"}),), local_today())
    comms.notify(messages=dict.fromkeys(sorted(everybody), message), by=by)


def _params(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Its times as clocks show them at the institution."""
    zone = institution().time_zone
    begins, ends = (datetime.fromisoformat(changes[name]).astimezone(ZoneInfo(zone)) for name in ("from", "until"))
    return {
        "level": str(changes["level"]),
        "message": str(changes["message"]),
        "day": begins.date().isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%Y-%m-%d %H:%M}",
        "zone": zone,
    }


def _show(kind: str, pk: int, changes: Mapping[str, Any], by: Actor) -> None:
    """Planned windows stand in the calendar of everybody until they are withdrawn."""
    if kind == WITHDRAWN:
        agenda.withdraw(owner_kind=OWNER, owner_ids=[pk], by=by)
    if kind == PLANNED:
        agenda.put(owner_kind=OWNER, entries=[_entry(pk, changes)], by=by)


def _entry(pk: int, changes: Mapping[str, Any]) -> agenda.Shown:
    said = messages.compose(PLANNED, _params(changes), institution().locale)
    return agenda.Shown(
        owner_id=pk, title=said.title, detail=str(changes["message"]), audience=("institution",),
        starts_at=datetime.fromisoformat(changes["from"]), ends_at=datetime.fromisoformat(changes["until"]),
    )  # fmt: skip


@unjournaled("it only says what ought to be shown")
def shown(*, by: Actor) -> Mapping[int, agenda.Shown | None]:
    """What the calendar ought to show of each window from when the institution in context is told that it is planned
    until it is told that it is withdrawn; one that has begun stays as it was announced, whatever its end becomes."""
    told: dict[str, dict[str, Any]] = {PLANNED: {}, WITHDRAWN: {}}
    lines = JournalLine.objects.filter(subject_kind="maintenance", kind__in=told)
    for kind, pk, changes in lines.values_list("kind", "subject_id", "changes"):
        told[kind][pk] = changes
    wanted: dict[int, agenda.Shown | None] = {}
    for row in MaintenanceWindow.objects.all():
        announced = told[PLANNED].get(str(row.pk))
        if announced is None or str(row.pk) in told[WITHDRAWN]:
            wanted[row.pk] = None
        else:
            wanted[row.pk] = _entry(row.pk, announced if row.started_at is not None else queries.told_of(row))
    return wanted
