"""What happened before and after the newest deployment."""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from maristan.kernel import clock
from maristan.operations.models import Alert, AppliedMigration, Deployment, Sample
from maristan.operations.queries import deployments, lines
from maristan.operations.rules.aftermath import FAULTS, LASTS, Hour, signature, way_back
from maristan.operations.rules.lines import Wanted
from maristan.operations.rules.states import DeploymentKind

LATE = timedelta(minutes=10)  # the last look is at the whole hour, whenever the job comes to it
JOBS = """SELECT job.task_name, count(*) FROM procrastinate_events event
  JOIN procrastinate_jobs job ON job.id = event.job_id
  WHERE event.type = 'failed' AND event.at >= %s AND event.at < %s GROUP BY 1"""


def newest() -> Deployment | None:
    """The deployment in whose hour it is now; none when nothing was put into service lately."""
    done = Deployment.objects.filter(kind=DeploymentKind.DEPLOY, status__in=deployments.DONE)
    return done.filter(finished_at__gt=clock.now() - LASTS - LATE).order_by("-finished_at").first()


def way_back_from(row: Deployment) -> str:
    """The exact command that takes a deployment back."""
    breaking = AppliedMigration.objects.filter(
        build_id=row.to_build, breaks_former_code=True, applied_at__gte=row.started_at
    )
    return way_back(is_breaking=breaking.exists(), set_name=row.set_name)


def hours(row: Deployment) -> tuple[Hour, Hour, int]:
    """The hour before a deployment began, what there is of the hour after it, and how many minutes that is."""
    ended = row.finished_at or clock.now()
    until = min(clock.now(), ended + LASTS)
    return hour(row.started_at - LASTS, row.started_at), hour(ended, until), int((until - ended).total_seconds() // 60)


def hour(since: datetime, until: datetime) -> Hour:
    """What happened between two moments; errors are those of this host's log files."""
    counted = Sample.objects.filter(name=FAULTS, minute__gte=since.replace(second=0, microsecond=0), minute__lt=until)
    with connection.cursor() as cursor:
        cursor.execute(JOBS, [since, until])
        failed = {str(name): int(count) for name, count in cursor.fetchall()}
    fired = Alert.objects.filter(first_at__gte=since, first_at__lt=until).order_by("rule")
    return Hour(
        faults=int(counted.aggregate(all=Sum("value"))["all"] or 0), jobs=failed, signatures=errors(since, until),
        alerts=tuple(dict.fromkeys(fired.values_list("rule", flat=True))),
    )  # fmt: skip


def errors(since: datetime, until: datetime) -> dict[str, int]:
    """Signatures of the errors that were logged between two moments."""
    if settings.LOG_DIR is None:
        return {}
    wanted = Wanted("warning", since=since)
    there = lines.last(settings.LOG_DIR, wanted, count=100_000)
    within = [line for line in there if datetime.fromisoformat(str(line["time"])) < until]
    return dict(Counter(filter(None, map(signature, within))))
