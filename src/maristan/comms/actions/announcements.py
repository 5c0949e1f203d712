"""Writes of announcements: drafted, sent or scheduled, told in parts so that a worker may die between two of them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.comms.actions import deliveries, notifications
from maristan.comms.models import Announcement, Notification
from maristan.comms.queries import announcements as queries
from maristan.comms.rules.announcements import ALREADY_SENT, ANNOUNCEMENT, EDITABLE, check_times
from maristan.comms.rules.states import AnnouncementStatus, Message, Perm, Priority
from maristan.directory.queries import audiences
from maristan.kernel import clock, jobs, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.unjournaled import unjournaled
from maristan.kernel.workflow import Requirement

FAN_OUT = "comms.fan_out"
PART = 5000
EVENT = "announcement.sent"
KINDS = {"schedule": "announcement.scheduled", "send": EVENT, "cancel": "announcement.cancelled"}


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> Announcement:
    """Draft an announcement.

    Raises `NotAllowed` (`audience_out_of_scope`), `Invalid` (`audience_empty`, `unknown_audience_key`, times).
    """
    by.demand(Perm.ANNOUNCEMENT_SEND)
    row = Announcement(created_by=by.person_id, created_by_name=by.name, **_checked(values, by))
    check_times(row.publish_at, row.expires_at)
    row.save()
    changes = {name: [None, value] for name, value in values.items() if name not in ("body",)}
    journal.record("announcement.created", ("announcement", row.pk), by=by, changes=changes)
    return row


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Announcement:
    """Change a draft.

    Raises `NotFound`, `NotAllowed`, `Stale`, `VersionRequired`, `Invalid`, `NotNow` (`not_a_draft`).
    """
    row = _own(pk, by)
    rows.must_match(row, version, ("announcement", pk))
    _must_be_draft(row)
    changes = rows.change(row, _checked(values, by))
    check_times(row.publish_at, row.expires_at)
    if changes:
        rows.save_changes(row, changes)
        journal.record("announcement.updated", ("announcement", pk), by=by, changes=changes)
    return row


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a draft. Raises `NotFound`, `NotNow` (`not_a_draft`)."""
    row = _own(pk, by)
    _must_be_draft(row)
    journal.record("announcement.deleted", ("announcement", pk), by=by, changes={"title": [row.title, None]})
    row.delete()


def _own(pk: int, by: Actor) -> Announcement:
    by.demand(Perm.ANNOUNCEMENT_SEND)
    return rows.one(queries.visible_to(actor=by), pk, lock=True)


def _must_be_draft(row: Announcement) -> None:
    if row.status not in EDITABLE:
        raise NotNow("not_a_draft", "Only a draft is changed.")


def _checked(values: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """The values with the audience as it is stored."""
    if "audience" not in values:
        return dict(values)
    audience = audiences.must_be_known(values["audience"])
    audiences.must_be_within(audience, by, Perm.ANNOUNCEMENT_SEND)
    return {**values, "audience": audiences.written(audience)}


@transaction.atomic
def move(
    *, pk: int, name: str, version: int | None = None, reason: str | None = None, by: Actor
) -> tuple[Requirement, ...]:
    """Schedule, send or cancel an announcement; gives the warnings.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow` (ALREADY_SENT is its own code).
    """
    row = _own(pk, by)
    rows.must_match(row, version, ("announcement", pk), required=False)
    return _moved(row, name, reason, by)


def _moved(row: Announcement, name: str, reason: str | None, by: Actor) -> tuple[Requirement, ...]:
    facts = queries.facts(row, actor=by)
    if name == "send" and row.status in (AnnouncementStatus.SENDING, AnnouncementStatus.SENT):
        raise NotNow(ALREADY_SENT, "It has been sent already.", missing=[])
    _, warnings = ANNOUNCEMENT.check(facts, name, by, clock.now(), reason=reason)
    values: dict[str, Any] = {"status": ANNOUNCEMENT.transition(name).target}
    if name == "send":
        values |= {"sent_at": clock.now(), "recipients_count": facts.recipients}
    if name in ("send", "schedule") and by.person_id is not None:
        values["sent_by"] = by.person_id
    changes = rows.change(row, values)
    rows.save_changes(row, changes)
    journal.record(KINDS[name], ("announcement", row.pk), by=by, changes=changes, reason=(reason or "").strip())
    if name == "send":
        jobs.enqueue(FAN_OUT, announcement_id=row.pk, after=0)
    if name == "cancel":
        told = Notification.objects.filter(dedupe_key=_key(row), event=EVENT).values("pk")
        deliveries.suppress(notifications=told, reason="cancelled", by=by)
    return warnings


def _key(row: Announcement) -> str:
    return f"announcement:{row.pk}"


@transaction.atomic
def send_due(*, by: Actor) -> int:
    """Send the scheduled announcements whose time has come; gives how many.

    One that nobody belongs to any more, or that no longer holds, is called off with a line that says why.
    """
    now = clock.now()
    due = Announcement.objects.filter(status=AnnouncementStatus.SCHEDULED, publish_at__lte=now)
    found = list(due.select_for_update(skip_locked=True).order_by("publish_at", "id"))
    for row in found:
        try:
            _moved(row, "send", None, by)
        except NotNow as refused:
            _moved(row, "cancel", f"It could not be sent: {refused.detail}", by)
    return len(found)


@unjournaled("the line was written when it was sent")
@transaction.atomic
def fan_out(*, pk: int, after: int, by: Actor) -> None:
    """Tell the next part of the audience; a part told twice tells nobody twice. One that was called off stops."""
    row = Announcement.objects.select_for_update().filter(pk=pk, status=AnnouncementStatus.SENDING).first()
    if row is None:
        return
    part = list(queries.recipients(row).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:PART])
    message = Message(
        event=EVENT,
        once=_key(row),
        url=f"/board/{row.pk}",
        params={"title": row.title, "body": row.body},
        priority=Priority(row.priority),
        mails=row.send_email,
    )
    notifications.notify(messages=dict.fromkeys(part, message), by=by)
    if len(part) == PART:
        jobs.enqueue(FAN_OUT, announcement_id=pk, after=part[-1])
        return
    row.status = AnnouncementStatus.SENT
    row.version += 1
    row.save(update_fields=["status", "version", "updated_at"])
