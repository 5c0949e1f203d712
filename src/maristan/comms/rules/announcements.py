"""Announcements: from draft to an audience, at once or at a set time (N5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from maristan.comms.rules.states import AnnouncementStatus, Perm
from maristan.kernel.errors import Faults
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow

ALREADY_SENT = "ALREADY_SENT"
DRAFT, SCHEDULED = AnnouncementStatus.DRAFT, AnnouncementStatus.SCHEDULED
SENDING, SENT = AnnouncementStatus.SENDING, AnnouncementStatus.SENT
EDITABLE = frozenset({DRAFT})


@dataclass(frozen=True, slots=True)
class AnnouncementFacts:
    """What decides about an announcement; `beyond` are keys outside the sender's scope."""

    status: AnnouncementStatus
    publish_at: datetime | None = None
    expires_at: datetime | None = None
    recipients: int = 1
    beyond: Sequence[str] = ()


def _not_sent(facts: AnnouncementFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    met = facts.status not in (SENDING, SENT)
    yield Requirement(ALREADY_SENT, "It has not been sent", met=met)


def _audience(facts: AnnouncementFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("audience_not_empty", "Somebody belongs to the audience", met=facts.recipients > 0)
    yield Requirement(
        "audience_in_scope", "The audience is yours to reach", met=not facts.beyond, detail=", ".join(facts.beyond)
    )


def _not_expired(facts: AnnouncementFacts, _actor: Mover, now: datetime) -> Iterator[Requirement]:
    met = facts.expires_at is None or facts.expires_at > now
    yield Requirement("not_expired", "It still holds", met=met)


def _has_time(facts: AnnouncementFacts, _actor: Mover, now: datetime) -> Iterator[Requirement]:
    met = facts.publish_at is not None and facts.publish_at > now
    yield Requirement("publish_time_to_come", "A time to come is set", met=met)


ANNOUNCEMENT: Workflow[AnnouncementFacts] = Workflow(
    name="announcement",
    states=tuple(AnnouncementStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="schedule",
            sources=frozenset({DRAFT}),
            target=SCHEDULED,
            permission=Perm.ANNOUNCEMENT_SEND,
            requirements=(_has_time, _audience, _not_expired),
        ),
        # From DRAFT or SCHEDULED; the sent states are among its sources so that they are answered with their code.
        Transition(
            name="send",
            sources=frozenset({DRAFT, SCHEDULED, SENDING, SENT}),
            target=SENDING,
            permission=Perm.ANNOUNCEMENT_SEND,
            requirements=(_not_sent, _audience, _not_expired),
        ),
        Transition(
            name="cancel",
            sources=frozenset({SCHEDULED, SENDING}),
            target=AnnouncementStatus.CANCELLED,
            permission=Perm.ANNOUNCEMENT_SEND,
            needs_reason=True,
        ),
    ),
)


def check_times(publish_at: datetime | None, expires_at: datetime | None) -> None:
    """Raise `Invalid` (`ends_before_start`) unless an announcement holds longer than until it is published."""
    faults = Faults()
    if publish_at is not None and expires_at is not None and expires_at <= publish_at:
        faults.add("/expires_at", "ends_before_start", "It expires after it is published.")
    faults.stop()
