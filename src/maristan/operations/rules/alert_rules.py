"""The rules by which the platform calls its operators, each a pure function of figures; strictly greater fires."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from maristan.operations.rules.figures import Evidence, Figures
from maristan.operations.rules.maintenance import OVERDUE_AFTER
from maristan.operations.rules.states import AlertSeverity

LATE_INTERVALS = 2
CALM, CALM_CPU = 2, 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule says of one subject now."""

    subject: str
    value: float
    fires: bool


Limits = Mapping[str, float]
Judge = Callable[[Figures, float, Limits], Iterator[Reading] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `limit` is its threshold, or the name of one that is set, of a unit.

    `judge` gives none where its figures are not known.

    `calm` is how many evaluations in a row have to be quiet before it is resolved.
    """

    name: str
    severity: AlertSeverity
    limit: str | int
    unit: str
    judge: Judge
    calm: int = CALM

    def threshold(self, limits: Limits) -> float:
        """What its value is held against."""
        return float(limits[self.limit] if isinstance(self.limit, str) else self.limit)

    def readings(self, figures: Figures, limits: Limits) -> list[Reading] | None:
        """What it says of each subject now; none where it cannot be judged."""
        found = self.judge(figures, self.threshold(limits), limits)
        return None if found is None else list(found)


def _counted(name: str, minutes: int = 1, *, at_least: bool = False) -> Judge:
    """A count of all processes together over some minutes."""

    def judge(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
        if figures.samples is None:
            return None
        value = figures.samples.total(name, figures.minutes(minutes))
        return iter([Reading("", value, value >= limit if at_least else value > limit)])

    return judge


def _slow(figures: Figures, limit: float, limits: Limits) -> Iterator[Reading] | None:
    """The share of requests of five minutes that were slow: it is above 5 % exactly when p95 is above that time."""
    if figures.samples is None:
        return None
    minutes = figures.minutes(5)
    count = figures.samples.total("http_requests", minutes)
    share = 100 * figures.samples.total("http_slow", minutes) / count if count else 0.0
    return iter([Reading("", round(share, 2), count >= limits["RESPONSE_LEAST"] and share > limit)])


def _measured(prefix: str, minutes: int) -> Judge:
    """A measure of each host that is above its threshold in each of some minutes; its value is the newest."""

    def judge(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
        return None if figures.samples is None else each(figures, limit)

    def each(figures: Figures, limit: float) -> Iterator[Reading]:
        assert figures.samples is not None
        for host, name in figures.samples.hosts(prefix):
            found = list(figures.samples.means(host, name, figures.minutes(minutes)))
            known = [value for value in found if value is not None]
            if known:
                fires = len(known) == minutes and all(value > limit for value in known)
                subject = f"{host}{name.removeprefix(prefix)}"
                yield Reading(subject, round(known[-1], 2), fires)

    return judge


def _absent(kind: str) -> Judge:
    """No live process of a kind."""

    def judge(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
        if figures.live is None:
            return None
        live = figures.live.get(kind, 0)
        return iter([Reading("", live, live < limit)])

    return judge


def _workers(figures: Figures, limit: float, limits: Limits) -> Iterator[Reading] | None:
    """No live worker; or none of those that live serves the queue by which everything here is watched."""
    found = _absent("worker")(figures, limit, limits)
    if found is None or figures.live is None or not figures.live.get("worker"):
        return found
    watching = figures.live.get("operations", 0)
    return chain(found, [Reading("operations", watching, watching < limit)])


def _redis(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    """Two probes in a row without an answer."""
    if figures.redis is None or figures.samples is None:
        return None
    before = figures.samples.total("redis_failed", [figures.minute])
    failed = (1 + min(before, 1)) if not figures.redis else 0
    return iter([Reading("", failed, failed > limit)])


def _queue(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    if figures.jobs is None or _is_held(figures):
        return None
    return iter([Reading("", round(figures.jobs.oldest_seconds, 1), figures.jobs.oldest_seconds > limit)])


def _failed(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    if figures.jobs is None:
        return None
    return iter([Reading("", figures.jobs.failed, figures.jobs.failed > limit)])


def _is_held(figures: Figures) -> bool:
    """Maintenance holds back all jobs but those of operations: what waits then is no fault."""
    return figures.maintenance is not None and figures.maintenance.since is not None


def _overdue(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    if figures.periodics is None or _is_held(figures):
        return None
    return (_late(each.name, each.started_at, each.interval, figures.now, limit) for each in figures.periodics)


def _late(name: str, started: datetime, interval: timedelta, now: datetime, limit: float) -> Reading:
    """How many minutes a job is later than two of its intervals."""
    late = (now - started - interval * (1 + LATE_INTERVALS)).total_seconds() / 60
    return Reading(name, round(max(0.0, late), 1), late > limit)


def _age(of: Callable[[Evidence], datetime | None], unit: timedelta, *, offsite: bool = False) -> Judge:
    """The age of what has to be young; a new installation has the same time for its first."""

    def judge(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
        seen = figures.evidence
        if seen is None or (offsite and not seen.has_offsite):
            return None
        age = (figures.now - (of(seen) or seen.installed)) / unit
        return iter([Reading("", round(age, 2), age > limit)])

    return judge


def _found(of: Callable[[Evidence], int | None]) -> Judge:
    """A number of faults that has to be zero."""

    def judge(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
        value = None if figures.evidence is None else of(figures.evidence)
        return None if value is None else iter([Reading("", value, value > limit)])

    return judge


def _named(of: Callable[[Evidence], str]) -> Judge:
    """What failed last, by its name and fault; empty where it did not."""

    def judge(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
        if figures.evidence is None:
            return None
        failed = of(figures.evidence)
        return iter([Reading(failed, int(bool(failed)), int(bool(failed)) > limit)])

    return judge


def _maintenance(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    """Minutes of maintenance; it is too long also 15 minutes past its announced end."""
    seen = figures.maintenance
    if seen is None:
        return None
    minutes = (figures.now - seen.since).total_seconds() / 60 if seen.since else 0.0
    is_past = seen.since is not None and seen.until is not None and figures.now > seen.until + OVERDUE_AFTER
    return iter([Reading("", round(minutes, 1), minutes > limit or is_past)])


def _certificates(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    return (Reading(host, round(days, 1), days < limit) for host, days in sorted(figures.certificates.items()))


def _connections(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    if figures.connections is None:
        return None
    share = 100 * figures.connections[0] / figures.connections[1]
    return iter([Reading("", round(share, 1), share > limit)])


def _lockouts(figures: Figures, limit: float, _limits: Limits) -> Iterator[Reading] | None:
    if figures.lockouts is None:
        return None
    return iter([Reading("", figures.lockouts, figures.lockouts > limit)])


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CRITICAL, WARNING = AlertSeverity.CRITICAL, AlertSeverity.WARNING
RULES = (
    Rule("http_5xx", CRITICAL, "HTTP_5XX", "count", _counted("http_5xx")),
    Rule("http_404", WARNING, "HTTP_404", "count", _counted("http_404")),
    Rule("response_slow", WARNING, "RESPONSE_SLOW", "percent", _slow),
    Rule("query_slow", WARNING, "QUERY_SLOW", "count", _counted("db_slow", 5, at_least=True)),
    Rule("cpu", WARNING, "CPU", "percent", _measured("cpu", 5), CALM_CPU),
    Rule("memory", WARNING, "MEMORY", "percent", _measured("memory", 2)),
    Rule("disk", WARNING, "DISK", "percent", _measured("disk", 1)),
    Rule("disk_full", CRITICAL, "DISK_FULL", "percent", _measured("disk", 1)),
    Rule("web_down", CRITICAL, 1, "count", _absent("web")),
    Rule("worker_down", CRITICAL, 1, "count", _workers),
    Rule("redis_down", WARNING, 1, "count", _redis),
    Rule("queue_delay", WARNING, "QUEUE_DELAY", "seconds", _queue),
    Rule("jobs_failed", WARNING, "JOBS_FAILED", "count", _failed),
    Rule("periodic_overdue", WARNING, "PERIODIC_OVERDUE", "minutes", _overdue),
    Rule("backup_missing", CRITICAL, "BACKUP_MISSING", "hours", _age(lambda seen: seen.backup, HOUR)),
    Rule("backup_failed", WARNING, 0, "count", _named(lambda seen: seen.backup_failed)),
    Rule("drill_missing", CRITICAL, "DRILL_MISSING", "days", _age(lambda seen: seen.drill, DAY)),
    Rule("offsite_missing", CRITICAL, "OFFSITE_MISSING", "hours", _age(lambda seen: seen.offsite, HOUR, offsite=True)),
    Rule(
        "offsite_failed", WARNING, 0, "count", _found(lambda seen: seen.offsite_failed if seen.has_offsite else None)
    ),
    Rule("drill_failed", CRITICAL, 0, "count", _named(lambda seen: seen.drill_failed)),
    Rule(
        "release_not_verified", CRITICAL, 0, "count",
        _found(lambda seen: None if seen.is_verified is None else int(not seen.is_verified)),
    ),
    Rule("journal_broken", CRITICAL, 0, "count", _found(lambda seen: seen.journal_breaks)),
    Rule("maintenance_long", WARNING, "MAINTENANCE_LONG", "minutes", _maintenance),
    Rule("certificate_expiring", WARNING, "CERTIFICATE_EXPIRING", "days", _certificates),
    Rule("db_connections", WARNING, "DB_CONNECTIONS", "percent", _connections),
    Rule("lockouts", WARNING, "LOCKOUTS", "count", _lockouts),
)  # fmt: skip
BY_NAME = {rule.name: rule for rule in RULES}
# Only whoever stands outside sees that nothing answers: `maristan watchdog` and Prometheus tell it.
OUTSIDE = ("postgres_down",)
