"""The figures by which alerts are judged: each group by a statement of its own, so that one that fails is none."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Q
from redis import RedisError

from maristan.kernel import jobs, lockout
from maristan.kernel.models import PeriodicRun
from maristan.operations.models import Sample
from maristan.operations.queries import build, health, maintenance
from maristan.operations.queries.releases import STANDING
from maristan.operations.rules import figures as rules
from maristan.operations.rules.alert_rules import BY_NAME
from maristan.operations.rules.figures import Evidence, Figures, Jobs, Maintenance, Periodic, Samples

log = logging.getLogger("maristan.watching")
T = TypeVar("T")
LOOKED_BACK, CERTIFICATES_SINCE = timedelta(minutes=6), timedelta(days=2)
CERTIFICATE, BREAKS = "certificate_days", "journal_breaks"
LIVE = """
SELECT kind, count(*) FROM operations_process WHERE last_seen_at > now() - interval '30 seconds' GROUP BY kind
UNION ALL
SELECT 'operations', count(*) FROM operations_process WHERE last_seen_at > now() - interval '30 seconds'
  AND kind = 'worker' AND queues && ARRAY['*', 'operations']::varchar[]
"""
JOBS = """
SELECT coalesce(max(extract(epoch FROM now() - coalesce(scheduled_at, (SELECT min(at) FROM procrastinate_events
    WHERE job_id = job.id AND type = 'deferred')))) FILTER (WHERE status = 'todo'), 0),
  count(*) FILTER (WHERE status = 'failed')
FROM procrastinate_jobs AS job
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
  OR status = 'failed' AND EXISTS (SELECT FROM procrastinate_events
    WHERE job_id = job.id AND type = 'failed' AND at > now() - interval '15 minutes')
"""
EVIDENCE = f"""
SELECT coalesce((SELECT min(applied_at) FROM operations_appliedmigration), now()),
  (SELECT max(created_at) FROM operations_backupset WHERE status = 'proven'),
  (SELECT max(proven_at) FROM operations_backupset WHERE status = 'proven'),
  (SELECT max(created_at) FROM operations_backupset WHERE offsite_at IS NOT NULL),
  (SELECT max(started_at) FROM operations_restorerun WHERE kind = 'drill' AND outcome = 'passed'),
  coalesce((SELECT CASE WHEN outcome <> 'passed'
    THEN left(concat_ws(' ', set_name, nullif(failed_step, ''), split_part(mismatches[1], ':', 1)), 200) END
    FROM operations_restorerun WHERE kind = 'drill' ORDER BY started_at DESC, id DESC LIMIT 1), ''),
  (SELECT result <> 'not_verified' FROM ({STANDING}) AS standing),
  (SELECT value FROM operations_sample WHERE name = 'journal_breaks' ORDER BY minute DESC LIMIT 1),
  (SELECT count(*) FROM operations_backupset WHERE status = 'proven' AND error_code = 'offsite_failed'),
  coalesce((SELECT CASE WHEN status IN ('failed', 'damaged') OR status = 'created' AND error_code = 'unproven'
    THEN name || ' ' || error_code END
    FROM operations_backupset WHERE status NOT IN ('running', 'removed')
    ORDER BY created_at DESC, id DESC LIMIT 1), '')
"""  # noqa: S608 - put together from constants
STATE = """
SELECT (SELECT sum(numbackends)::int FROM pg_stat_database), current_setting('max_connections')::int,
  open.started_at, open.until,
  (SELECT count(DISTINCT account) FROM (SELECT account, at,
      lag(at, %(from_one)s - 1) OVER (PARTITION BY account, address ORDER BY at, id) AS here,
      lag(at, %(in_all)s - 1) OVER (PARTITION BY account ORDER BY at, id) AS anywhere
    FROM kernel_signinfailure WHERE at > now() - interval '1 hour' - %(span)s) AS failed
    WHERE at > now() - interval '1 hour' AND (at - here <= %(span)s OR at - anywhere <= %(span)s))
FROM (SELECT) AS always
LEFT JOIN operations_maintenancewindow AS open ON open.started_at IS NOT NULL AND open.ended_at IS NULL
"""
KEY = ("minute", "host", "name")


def collect(now: datetime) -> Figures:
    """Everything that the rules ask for, in six statements and a probe of Redis."""
    minute = rules.last_whole(now)
    locking = {"from_one": settings.MAX_LOGIN_ATTEMPTS, "in_all": lockout.ANYWHERE, "span": lockout.span()}
    there = _tried(lambda: _rows(STATE, locking)[0])
    counted = _tried(lambda: samples(minute))
    return Figures(
        now=now,
        minute=minute,
        samples=counted,
        live=_tried(lambda: {str(kind): int(count) for kind, count in _rows(LIVE)}),
        jobs=_tried(lambda: Jobs(*map(float, _rows(JOBS)[0]))),  # type: ignore[arg-type]
        evidence=_tried(evidence),
        periodics=_tried(periodics),
        maintenance=_maintenance(None if there is None else Maintenance(*there[2:4])),
        connections=None if there is None else (there[0], there[1]),
        lockouts=None if there is None else there[4],
        redis=redis_answers(),
        certificates={} if counted is None else certificates(counted),
    )


def _tried(read: Callable[[], T]) -> T | None:
    """A group of figures; none when the database refuses it, and the others go on."""
    try:
        with transaction.atomic():
            return read()
    except Error as error:
        log.warning("figures_missing", extra={"code": type(error).__name__})
        return None


def _rows(statement: str, values: Mapping[str, Any] | Sequence[Any] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _maintenance(window: Maintenance | None) -> Maintenance | None:
    """The open window; without one what a file or the environment of this host closes."""
    if window is not None and window.since is not None:
        return window
    since, until = maintenance.of_host_since()
    return window if since is None else Maintenance(since, until)


def samples(minute: datetime) -> Samples:
    """What was counted and measured in the minutes up to one, and for how long certificates still hold."""
    found = Sample.objects.exclude(name__startswith="rule:").filter(
        Q(minute__gt=minute - LOOKED_BACK, minute__lte=minute)
        | Q(name=CERTIFICATE, minute__gt=minute - CERTIFICATES_SINCE)
    )
    return Samples({(at, host, name): value for at, host, name, value in found.order_by().values_list(*KEY, "value")})


def certificates(counted: Samples) -> dict[str, float]:
    """Host → days that its certificate still holds, as it was last seen."""
    newest = sorted((at, host, value) for (at, host, name), value in counted.rows.items() if name == CERTIFICATE)
    return {host: value for _, host, value in newest}


def evidence() -> Evidence:
    """Backups, drills, the last verification, the journal."""
    installed, backup, proof, offsite, drill, failed, verified, breaks, not_copied, not_made = _rows(
        EVIDENCE, [build.running().build_id]
    )[0]
    return Evidence(
        installed=installed, backup=backup, offsite=offsite, drill=drill, drill_failed=str(failed).strip(),
        backup_failed=str(not_made).strip(),
        has_offsite=bool(settings.BACKUP_OFFSITE_URL), offsite_failed=int(not_copied), proof=proof,
        is_verified=verified, journal_breaks=None if breaks is None else int(breaks),
    )  # fmt: skip


def periodics() -> list[Periodic]:
    """Jobs by schedule that have run here."""
    found = []
    for name, started in PeriodicRun.objects.values_list("name", "started_at"):
        cron = jobs.periodic_jobs.get(name)
        if cron:
            found.append(Periodic(name, started, interval(cron, started)))
    return found


def interval(cron: str, started: datetime) -> timedelta:
    """How long it is from the run after one that began to the next."""
    due = jobs.next_due(cron, started)
    return jobs.next_due(cron, due) - due


def overdue(runs: Sequence[Periodic], now: datetime) -> frozenset[str]:
    """The names of those that are late, by the rule of the alert: none while maintenance holds jobs back."""
    held = Maintenance(since=now if maintenance.state().is_on else None)
    seen = Figures(now=now, minute=rules.last_whole(now), periodics=runs, maintenance=held)
    said = BY_NAME["periodic_overdue"].readings(seen, settings.ALERTS) or ()
    return frozenset(each.subject for each in said if each.fires)


def redis_answers() -> bool | None:
    """Whether Redis answers; none where there is none."""
    if not settings.REDIS_URL:
        return None
    try:
        return bool(health.redis().ping())
    except (RedisError, OSError):
        return False
