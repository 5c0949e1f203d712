"""Alerts: looked for every minute, told to operators, acknowledged and closed by them."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from maristan.kernel import clock, jobs, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound
from maristan.kernel.journal import Entry
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import alert_telling, announcing, chain
from maristan.operations.models import Alert
from maristan.operations.queries import alerts as queries
from maristan.operations.queries import figures as figure_queries
from maristan.operations.queries import processes
from maristan.operations.rules import alerts as rules
from maristan.operations.rules import figures as figure_rules
from maristan.operations.rules.alert_rules import BY_NAME, RULES, Reading
from maristan.operations.rules.alerts import ALERT, AlertFacts, Decided
from maristan.operations.rules.figures import PLATFORM, Figures
from maristan.operations.rules.states import AlertSeverity, AlertStatus

log = logging.getLogger("maristan.watching")
SUBJECT, HEALTH, QUEUE = "alert", "health", "operations"
KINDS = {"acknowledge": "alert.acknowledged", "close": "alert.closed"}
# Minutes that are still to come were looked at before a clock was set back; the next is that of a host a little ahead.
CLAIM = """
WITH ahead AS (DELETE FROM operations_sample
  WHERE minute > %(minute)s + interval '1 minute' AND host = 'platform' AND name = 'evaluated')
INSERT INTO operations_sample (minute, host, name, value) VALUES (%(minute)s, 'platform', 'evaluated', 1)
ON CONFLICT DO NOTHING
"""
KEEP = """
INSERT INTO operations_sample (minute, host, name, value)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::float8[])
ON CONFLICT (minute, host, name) DO UPDATE SET value = excluded.value
"""
WRITTEN = ("status", "value", "threshold", "last_at", "count", "calm", "resolved_at")


def evaluate(*, by: Actor) -> Decided | None:
    """Hold every rule against the figures of the last whole minute; none where this minute was looked at already.

    At most fifteen statements, however many samples there are; what has to be told is told by a job.
    """
    now = clock.now()
    with tenancy.acting_in(None):
        if not _claimed(now):
            return None
        figures = figure_queries.collect(now)
        said = _judged(figures)
        there = list(queries.to_be_heard(now).select_for_update())
        unresolved = [each for each in there if each.status != AlertStatus.RESOLVED]
        decided = rules.decide(said, [rules.Open(each.pk, each.rule, each.subject, each.calm) for each in unresolved])
        rows = _write(decided, {each.pk: each for each in unresolved}, now)
        _record(decided, unresolved, rows, by)
        _keep(said, figures)
        if any(_is_due(each, now) for each in [*there, *rows]):
            jobs.enqueue(alert_telling.JOB)
    return decided


def _claimed(now: datetime) -> bool:
    """One evaluation for each minute, whoever comes first."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"minute": figure_rules.minute_of(now)})
        return bool(cursor.rowcount)


def _judged(figures: Figures) -> dict[str, Sequence[Reading]]:
    """What each rule says (rule → readings); one that cannot be judged, or fails, is left out and stops no other."""
    said: dict[str, Sequence[Reading]] = {}
    for rule in RULES:
        try:
            readings = rule.readings(figures, settings.ALERTS)
        except alert_telling.UNFORESEEN:
            log.exception("rule_failed", extra={"code": rule.name})
            continue
        if readings is not None:
            said[rule.name] = readings
    return said


def _write(decided: Decided, rows: dict[int, Alert], now: datetime) -> list[Alert]:
    """The new alerts, after the known ones were brought to what is true now."""
    changed = []
    for seen, reading in decided.going_on:
        row = rows[seen.pk]
        row.value, row.last_at, row.count, row.calm = reading.value, now, row.count + 1, 0
        changed.append(row)
    for seen in decided.calming:
        rows[seen.pk].calm += 1
        changed.append(rows[seen.pk])
    for seen in decided.resolved:
        row = rows[seen.pk]
        row.status, row.resolved_at = AlertStatus.RESOLVED.value, now
        changed.append(row)
    if changed:
        Alert.objects.bulk_update(changed, WRITTEN)
    return Alert.objects.bulk_create(
        [
            Alert(
                rule=name, subject=reading.subject, severity=BY_NAME[name].severity.value,
                status=AlertStatus.FIRING.value, value=reading.value,
                threshold=BY_NAME[name].threshold(settings.ALERTS), first_at=now, last_at=now,
            )
            for name, reading in decided.fired
        ]
    )  # fmt: skip


def _record(decided: Decided, unresolved: Sequence[Alert], fired: Sequence[Alert], by: Actor) -> None:
    """A line for each alert that fired or was resolved, and one when critical ones begin or end."""
    over = {each.pk for each in decided.resolved}
    entries = [_entry("alert.fired", each) for each in fired]
    entries += [_entry("alert.resolved", each) for each in unresolved if each.pk in over]
    before = sum(each.severity == AlertSeverity.CRITICAL for each in unresolved)
    after = before + sum(each.severity == AlertSeverity.CRITICAL for each in fired)
    after -= sum(each.severity == AlertSeverity.CRITICAL for each in unresolved if each.pk in over)
    if bool(before) != bool(after):
        kind = "health.degraded" if after else "health.recovered"
        entries.append(Entry(kind, (HEALTH, PLATFORM), {"critical": [before, after]}))
    if entries:
        lines = chain.record_all(entries=entries, by=by)
        for line in lines:
            announcing.ask(kind=line.kind, pk=line.pk, changes=line.changes, by=by)


def _entry(kind: str, row: Alert) -> Entry:
    changes = {"rule": row.rule, "subject": row.subject, "value": row.value, "threshold": row.threshold}
    return Entry(kind, (SUBJECT, row.pk), changes)


def _keep(said: dict[str, Sequence[Reading]], figures: Figures) -> None:
    """Keep what each rule said of each subject: the graph beside its threshold."""
    rows = [
        (each.subject or PLATFORM, f"rule:{rule}", float(each.value)) for rule, found in said.items() for each in found
    ]
    if figures.redis is not None:
        rows.append((PLATFORM, "redis_failed", float(not figures.redis)))
    hosts, names, values = (list(each) for each in zip(*rows, strict=True)) if rows else ([], [], [])
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [figure_rules.minute_of(figures.now), hosts, names, values])


def _is_due(row: Alert, now: datetime) -> bool:
    return rules.must_be_told(AlertStatus(row.status), AlertSeverity(row.severity), row.told_at, row.resolved_at, now)


@unjournaled("what it calls writes the lines")
def stand_in(*, by: Actor) -> bool:
    """Where no worker lives that would look for alerts, a web process does, once a minute; true when it did.

    What has to be told then is told apart: mail and calls take their time, and the next minute is looked at meanwhile.
    """
    with tenancy.acting_in(None):
        if processes.serving(QUEUE).exists():
            return False
        evaluate(by=by)
    return True


def move(*, pk: int, name: str, comment: str | None, by: Actor) -> Alert:
    """Acknowledge an alert, or close it; it fires again if it is still true.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`comment_required`) and `NotNow`.
    """
    if name not in KINDS:
        raise NotFound()
    with tenancy.acting_in(None):
        row = queries.get(pk, actor=by, lock=True)
        by.demand(ALERT.transition(name).permission)
        said = rules.comment_of(comment)
        now, before = clock.now(), row.status
        step, _ = ALERT.check(AlertFacts(AlertStatus(row.status)), name, by, now, reason=said)
        row.status, row.comment = step.target, said
        if name == "acknowledge":
            row.acknowledged_at, row.acknowledged_by = now, by.user_id or 0
        else:
            row.resolved_at = now
        row.save(update_fields=["status", "comment", "acknowledged_at", "acknowledged_by", "resolved_at"])
        changes = {"rule": row.rule, "subject": row.subject, "status": [before, row.status]}
        chain.record(kind=KINDS[name], subject=(SUBJECT, pk), by=by, changes=changes, reason=said)
        if name == "close":
            jobs.enqueue(alert_telling.JOB)
    return row
