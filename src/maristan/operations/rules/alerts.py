"""Alerts: what an evaluation does with what the rules said, and what operators may do with an alert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maristan.kernel.errors import Invalid
from maristan.kernel.workflow import Transition, Workflow
from maristan.operations.rules.alert_rules import BY_NAME, Reading
from maristan.operations.rules.states import AlertSeverity, AlertStatus, Perm

TOLD_AGAIN_AFTER = timedelta(hours=4)
COMMENT_LENGTH = range(5, 501)


@dataclass(frozen=True, slots=True)
class Open:
    """An alert that is not resolved, as an evaluation sees it."""

    pk: int
    rule: str
    subject: str
    calm: int


@dataclass(slots=True)
class Decided:
    """What an evaluation does: fires anew, goes on, grows calm, resolves."""

    fired: list[tuple[str, Reading]] = field(default_factory=list)
    going_on: list[tuple[Open, Reading]] = field(default_factory=list)
    calming: list[Open] = field(default_factory=list)
    resolved: list[Open] = field(default_factory=list)


def decide(said: Mapping[str, Sequence[Reading]], there: Sequence[Open]) -> Decided:
    """Hold what the rules said (rule → its readings; rules that were not judged are left out) against open alerts.

    An alert of a rule that was not judged stays as it is; one whose subject is gone is quiet.
    """
    found, known = Decided(), {(each.rule, each.subject) for each in there}
    firing = {(rule, each.subject): each for rule, readings in said.items() for each in readings if each.fires}
    found.fired = [(rule, each) for (rule, subject), each in firing.items() if (rule, subject) not in known]
    for alert in there:
        reading = firing.get((alert.rule, alert.subject))
        if reading is not None:
            found.going_on.append((alert, reading))
        elif alert.rule in said or alert.rule not in BY_NAME:
            is_over = alert.calm + 1 >= _calm_needed(alert.rule)
            (found.resolved if is_over else found.calming).append(alert)
    return found


def _calm_needed(rule: str) -> int:
    return BY_NAME[rule].calm if rule in BY_NAME else 1


def must_be_told(
    status: AlertStatus, severity: AlertSeverity, told_at: datetime | None, resolved_at: datetime | None, now: datetime
) -> bool:
    """Whether people are to hear of an alert now: once when it fires, once when it is resolved, and of a critical one
    that nobody acknowledged every four hours."""
    if told_at is None:
        return True
    if status is AlertStatus.RESOLVED:
        return resolved_at is not None and told_at < resolved_at
    is_ignored = status is AlertStatus.FIRING and severity is AlertSeverity.CRITICAL
    return is_ignored and now - told_at >= TOLD_AGAIN_AFTER


def comment_of(text: str | None) -> str:
    """The comment, trimmed; raises `Invalid` (`comment_required`) unless 5 to 500 characters remain."""
    trimmed = (text or "").strip()
    if len(trimmed) not in COMMENT_LENGTH:
        raise Invalid.at("/comment", "comment_required", "Say in 5 to 500 characters what is known or done.")
    return trimmed


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """What decides about the moves of an alert."""

    status: AlertStatus


UNRESOLVED = frozenset({AlertStatus.FIRING, AlertStatus.ACKNOWLEDGED})
ALERT: Workflow[AlertFacts] = Workflow(
    name="alert",
    states=tuple(AlertStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            "acknowledge", frozenset[str]({AlertStatus.FIRING}), AlertStatus.ACKNOWLEDGED, Perm.ALERT_ACKNOWLEDGE,
            needs_reason=True,
        ),
        Transition(
            "close", frozenset[str](UNRESOLVED), AlertStatus.RESOLVED, Perm.ALERT_CLOSE, needs_reason=True,
        ),
    ),
)  # fmt: skip
