"""What Prometheus reads: totals of all processes of all hosts, and what is true now; each figure truly measured."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count

from maristan.kernel import clock
from maristan.kernel.models import PeriodicRun
from maristan.operations.models import Alert, MetricTotal
from maristan.operations.queries import build, figures, health, jobs, maintenance
from maristan.operations.rules.figures import Figures
from maristan.operations.rules.states import AlertStatus

SECONDS = "maristan_http_request_seconds"
HELP = {
    "maristan_http_requests_total": ("counter", "Requests by method, route and status."),
    SECONDS: ("histogram", "Seconds of requests by method and route."),
    "maristan_http_database_seconds_total": ("counter", "Seconds in the database by method and route."),
    "maristan_http_database_queries_total": ("counter", "Statements by method and route."),
    "maristan_jobs_run_total": ("counter", "Jobs that ended, by name and outcome."),
    "maristan_job_seconds_total": ("counter", "Seconds of jobs by name and outcome."),
    "maristan_pool_requests_total": ("counter", "Times that a request asked for a connection of the pool."),
    "maristan_pool_waits_total": ("counter", "Times that it had to wait for one."),
    "maristan_pool_wait_seconds_total": ("counter", "Seconds of waiting for one."),
    "maristan_throttled_total": ("counter", "Requests that were refused as too many."),
    "maristan_lockouts_total": ("counter", "Tries to sign in to an account that was locked."),
    "maristan_jobs": ("gauge", "Jobs by queue and status."),
    "maristan_jobs_oldest_seconds": ("gauge", "Seconds that the oldest due job of a queue has waited."),
    "maristan_jobs_failed_recently": ("gauge", "Jobs that failed within 15 minutes."),
    "maristan_processes": ("gauge", "Live processes by kind; operations are the workers that serve that queue."),
    "maristan_database_connections": ("gauge", "Connections in use."),
    "maristan_database_connections_limit": ("gauge", "Connections that the database takes."),
    "maristan_cpu_percent": ("gauge", "Percent of the processors of this host."),
    "maristan_memory_percent": ("gauge", "Percent of memory of this host."),
    "maristan_disk_percent": ("gauge", "Percent of a volume of this host."),
    "maristan_http_5xx_last_minute": ("gauge", "Answers of 5xx in the last whole minute."),
    "maristan_http_404_last_minute": ("gauge", "Answers of 404 in the last whole minute."),
    "maristan_recent_requests": ("gauge", "Requests of the last five whole minutes."),
    "maristan_slow_requests": ("gauge", "Slow requests of the last five whole minutes."),
    "maristan_slow_queries": ("gauge", "Slow statements of the last five whole minutes."),
    "maristan_backup_age_seconds": ("gauge", "Age of the newest proven backup set."),
    "maristan_proof_age_seconds": ("gauge", "Seconds since a backup set was last restored and compared."),
    "maristan_drill_age_seconds": ("gauge", "Age of the newest drill that passed."),
    "maristan_backup_failed": ("gauge", "1 when the newest backup failed or is damaged."),
    "maristan_drill_failed": ("gauge", "1 when the newest drill failed."),
    "maristan_offsite_age_seconds": ("gauge", "Age of the newest copy off the host."),
    "maristan_offsite_failed": ("gauge", "Proven sets that could not be copied off the host."),
    "maristan_release_info": ("gauge", "The release that answers."),
    "maristan_release_verified": ("gauge", "1 when the last verification failed nowhere."),
    "maristan_pending_migrations": ("gauge", "Migrations of this build that are not applied."),
    "maristan_maintenance": ("gauge", "1 when maintenance is on."),
    "maristan_maintenance_seconds": ("gauge", "Seconds since maintenance was begun in the database."),
    "maristan_maintenance_past_end_seconds": ("gauge", "Seconds since its announced end."),
    "maristan_redis_up": ("gauge", "1 when Redis answers."),
    "maristan_lockouts_recent": ("gauge", "Accounts locked out within an hour."),
    "maristan_journal_sealed_age_seconds": ("gauge", "Seconds since the journal was last sealed."),
    "maristan_journal_breaks": ("gauge", "Breaks of chains when they were last walked."),
    "maristan_periodic_late_seconds": ("gauge", "Seconds that a job by schedule is later than two intervals."),
    "maristan_certificate_days": ("gauge", "Days that the certificate of a host still holds."),
    "maristan_alerts": ("gauge", "Alerts that are not resolved, by rule."),
}
INFINITE = float("inf")
Row = tuple[str, str, float]


def exposition() -> str:
    """Everything in the text format of Prometheus."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for name, labels, value in [*_totals(), *_now()]:
        found[name].append((labels, value))
    lines = []
    for family, (kind, help_text) in HELP.items():
        names = [each for each in found if each == family or (kind == "histogram" and each.startswith(f"{family}_"))]
        if names:
            lines += [f"# HELP {family} {help_text}", f"# TYPE {family} {kind}"]
            lines += [_line(name, *row) for name in names for row in found[name]]
    return "\n".join([*lines, ""])


def _line(name: str, labels: str, value: float) -> str:
    return f"{name}{{{labels}}} {value:.10g}" if labels else f"{name} {value:.10g}"


def _totals() -> Iterator[Row]:
    """What was counted; buckets are added up, because Prometheus wants each with all below it."""
    buckets: dict[str, dict[float, float]] = defaultdict(dict)
    for name, labels, value in MetricTotal.objects.order_by("name", "labels").values_list("name", "labels", "value"):
        if name == f"{SECONDS}_bucket":
            bound, _, rest = labels.partition(",")
            buckets[rest][float(bound.removeprefix('le="').removesuffix('"'))] = value
        else:
            yield name, labels, value
    for rest, counts in buckets.items():
        below = 0.0
        for limit in sorted({*counts, INFINITE}):
            below += counts.get(limit, 0)
            yield f"{SECONDS}_bucket", f'le="{"+Inf" if limit == INFINITE else limit}",{rest}', below


def _now() -> Iterator[Row]:
    now = clock.now()
    seen = figures.collect(now)
    for queue in jobs.stats():
        for status in ("queued", "active", "deferred", "finished", "failed"):
            yield "maristan_jobs", f'queue="{queue.queue}",status="{status}"', getattr(queue, status)
        yield "maristan_jobs_oldest_seconds", f'queue="{queue.queue}"', queue.oldest_seconds or 0
    running, state = build.running(), maintenance.state()
    yield "maristan_release_info", f'version="{running.version}",build="{running.build_id}"', 1
    yield "maristan_maintenance", "", state.is_on
    yield "maristan_pending_migrations", "", health.look().pending or 0
    yield from _of_figures(seen, now)
    unresolved = Alert.objects.exclude(status=AlertStatus.RESOLVED).order_by("rule")
    for rule, count in unresolved.values_list("rule").annotate(count=Count("pk")):
        yield "maristan_alerts", f'rule="{rule}"', count
    sealed = PeriodicRun.objects.filter(name="kernel.seal_journal", outcome="succeeded").first()
    if sealed is not None and sealed.finished_at is not None:
        yield "maristan_journal_sealed_age_seconds", "", (now - sealed.finished_at).total_seconds()


def _of_figures(seen: Figures, now: datetime) -> Iterator[Row]:
    """The figures by which the platform judges itself, for those who judge it from outside."""
    if seen.live is not None:
        for kind in ("web", "worker", "operations"):
            yield "maristan_processes", f'kind="{kind}"', seen.live.get(kind, 0)
    known = {
        "maristan_jobs_failed_recently": None if seen.jobs is None else seen.jobs.failed,
        "maristan_database_connections": None if seen.connections is None else seen.connections[0],
        "maristan_database_connections_limit": None if seen.connections is None else seen.connections[1],
        "maristan_lockouts_recent": seen.lockouts,
        "maristan_redis_up": seen.redis,
    }
    yield from ((name, "", value) for name, value in known.items() if value is not None)
    yield from _measured(seen)
    for each in seen.periodics or ():
        late = (now - each.started_at - 3 * each.interval).total_seconds()
        yield "maristan_periodic_late_seconds", f'job="{each.name}"', max(0.0, late)
    for host, days in sorted(seen.certificates.items()):
        yield "maristan_certificate_days", f'host="{host}"', days
    yield from _of_evidence(seen, now)


def _measured(seen: Figures) -> Iterator[Row]:
    """What the last whole minute says of each host, and the last five of slowness."""
    if seen.samples is None:
        return
    for status in ("5xx", "404"):
        yield f"maristan_http_{status}_last_minute", "", seen.samples.total(f"http_{status}", [seen.minute])
    yield "maristan_recent_requests", "", seen.samples.total("http_requests", seen.minutes(5))
    yield "maristan_slow_requests", "", seen.samples.total("http_slow", seen.minutes(5))
    yield "maristan_slow_queries", "", seen.samples.total("db_slow", seen.minutes(5))
    for kind in ("cpu", "memory", "disk"):
        for host, name in seen.samples.hosts(kind):
            value = next(seen.samples.means(host, name, [seen.minute]))
            path = name.removeprefix(kind).strip()
            if value is not None:
                yield f"maristan_{kind}_percent", f'host="{host}"' + (f',path="{path}"' if path else ""), value


def _of_evidence(seen: Figures, now: datetime) -> Iterator[Row]:
    if seen.maintenance is not None and seen.maintenance.since is not None:
        yield "maristan_maintenance_seconds", "", (now - seen.maintenance.since).total_seconds()
        if seen.maintenance.until is not None:
            yield "maristan_maintenance_past_end_seconds", "", (now - seen.maintenance.until).total_seconds()
    there = seen.evidence
    if there is None:
        return
    first = there.installed  # a new installation has the same time for its first
    for name, at in (("backup", there.backup), ("proof", there.proof), ("drill", there.drill)):
        yield f"maristan_{name}_age_seconds", "", (now - (at or first)).total_seconds()
    if there.has_offsite:
        yield "maristan_offsite_age_seconds", "", (now - (there.offsite or first)).total_seconds()
        yield "maristan_offsite_failed", "", there.offsite_failed
    yield "maristan_backup_failed", "", bool(there.backup_failed)
    yield "maristan_drill_failed", "", bool(there.drill_failed)
    if there.is_verified is not None:
        yield "maristan_release_verified", "", there.is_verified
    if there.journal_breaks is not None:
        yield "maristan_journal_breaks", "", there.journal_breaks
