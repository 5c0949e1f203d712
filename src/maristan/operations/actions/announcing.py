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

JOB = "operations.announce"
OWNER = "operations.maintenance"
TOLD = ("maintenance.planned", "maintenance.started", "maintenance.ended", "maintenance.withdrawn")
KINDS = (*TOLD, "health.degraded", "health.recovered")
OF_THE_CHAIN = ("backup.completed", "backup.failed", "backup.restored", "release.deployed", "release.rolled_back")
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
        mails=kind == "maintenance.planned" and begins - clock.now() >= MAILED_AHEAD,
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
    if kind == "maintenance.withdrawn":
        agenda.withdraw(owner_kind=OWNER, owner_ids=[pk], by=by)
    if kind == "maintenance.planned":
        said = messages.compose(kind, _params(changes), institution().locale)
        entry = agenda.Shown(
            owner_id=pk, title=said.title, detail=str(changes["message"]), audience=("institution",),
            starts_at=datetime.fromisoformat(changes["from"]), ends_at=datetime.fromisoformat(changes["until"]),
        )  # fmt: skip
        agenda.put(owner_kind=OWNER, entries=[entry], by=by)
