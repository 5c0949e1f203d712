"""The same rules in the words of Prometheus, for those who watch the platform from outside."""

import json
from collections.abc import Mapping

from maristan.operations.rules.alert_rules import BY_NAME, OUTSIDE
from maristan.operations.rules.messages import WORDS

NOT_HELD = "and on () maristan_maintenance == 0"
# Rule → its condition, where {limit} is its threshold, and for how long it has to hold.
EXPRESSIONS: Mapping[str, tuple[str, str]] = {
    "http_5xx": ("maristan_http_5xx_last_minute > {limit}", "0m"),
    "http_404": ("maristan_http_404_last_minute > {limit}", "0m"),
    "response_slow": (
        "100 * maristan_slow_requests / maristan_recent_requests > {limit} and maristan_recent_requests >= {least}",
        "0m",
    ),
    "query_slow": ("maristan_slow_queries >= {limit}", "0m"),
    "cpu": ("min_over_time(maristan_cpu_percent[5m]) > {limit}", "0m"),
    "memory": ("min_over_time(maristan_memory_percent[2m]) > {limit}", "0m"),
    "disk": ("maristan_disk_percent > {limit}", "0m"),
    "disk_full": ("maristan_disk_percent > {limit}", "0m"),
    "web_down": ('maristan_processes{{kind="web"}} < {limit}', "0m"),
    "worker_down": (
        'maristan_processes{{kind="worker"}} < {limit} or on () maristan_processes{{kind="operations"}} < {limit}',
        "0m",
    ),
    "redis_down": ("maristan_redis_up < {limit}", "1m"),
    "queue_delay": (f"max(maristan_jobs_oldest_seconds) > {{limit}} {NOT_HELD}", "0m"),
    "jobs_failed": ("maristan_jobs_failed_recently > {limit}", "0m"),
    "periodic_overdue": (f"maristan_periodic_late_seconds > 60 * {{limit}} {NOT_HELD}", "0m"),
    "backup_missing": ("maristan_backup_age_seconds > 3600 * {limit}", "0m"),
    "backup_failed": ("maristan_backup_failed > {limit}", "0m"),
    "drill_missing": ("maristan_drill_age_seconds > 86400 * {limit}", "0m"),
    "offsite_missing": ("maristan_offsite_age_seconds > 3600 * {limit}", "0m"),
    "offsite_failed": ("maristan_offsite_failed > {limit}", "0m"),
    "drill_failed": ("maristan_drill_failed > {limit}", "0m"),
    "release_not_verified": ("1 - maristan_release_verified > {limit}", "0m"),
    "journal_broken": ("maristan_journal_breaks > {limit}", "0m"),
    "maintenance_long": (
        "maristan_maintenance_seconds > 60 * {limit} or maristan_maintenance_past_end_seconds > 900", "0m",
    ),
    "certificate_expiring": ("maristan_certificate_days < {limit}", "0m"),
    "db_connections": ("100 * maristan_database_connections / maristan_database_connections_limit > {limit}", "0m"),
    "lockouts": ("maristan_lockouts_recent > {limit}", "0m"),
    "postgres_down": ('up{{job="maristan"}} == 0', "1m"),
}  # fmt: skip
OUTSIDE_WORDS = (
    "The platform or its database does not answer",
    "Look at `maristan worker-health` and the log on the host.",
)
HEAD = """# Generated from operations/rules; do not edit. Scrape one address of the platform, as job "maristan":
# it speaks of all processes and hosts. /metrics wants the bearer token METRICS_TOKEN from any other host.
groups:
  - name: maristan
    rules:
"""


def written(limits: Mapping[str, float]) -> str:
    """Every rule as a file of Prometheus, with these thresholds."""
    return HEAD + "".join(_rule(name, limits) for name in (*BY_NAME, *OUTSIDE))


def _rule(name: str, limits: Mapping[str, float]) -> str:
    expression, held = EXPRESSIONS[name]
    rule = BY_NAME.get(name)
    limit = f"{rule.threshold(limits):g}" if rule else ""
    said = expression.format(limit=limit, least=f"{limits['RESPONSE_LEAST']:g}")
    title, step, *_ = WORDS.get(name, OUTSIDE_WORDS)
    severity = rule.severity.value if rule else "critical"
    return (
        f"      - alert: {name}\n        expr: {json.dumps(said)}\n        for: {held}\n"
        f"        labels: {{severity: {severity}}}\n"
        f"        annotations:\n          summary: {json.dumps(title)}\n          description: {json.dumps(step)}\n"
    )
