"""In the hour after a deployment what fails is written into its report, beside the hour before, with the way back."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from maristan.kernel.access import platform
from maristan.kernel.models import User
from maristan.operations.actions import aftermath, alert_telling
from maristan.operations.models import AppliedMigration, Deployment, Sample
from maristan.operations.queries import aftermath as queries
from maristan.operations.rules.aftermath import Hour, appended, signature, told, way_back
from maristan.operations.tests import factories as run

BY = platform(None)


def test_only_errors_that_were_not_there_before_are_new_and_a_way_back_is_proposed_for_faults_alone() -> None:
    before = Hour(faults=2, jobs={"a.b": 1}, signatures={"KeyError at x.py f": 9})
    after = Hour(faults=30, signatures={"KeyError at x.py f": 1, "TypeError at y.py g": 3}, alerts=("http_5xx",))
    assert told(before, after, minutes=7, command="maristan rollback --level 1") == [
        "looked at: 7 of 60 minutes, beside the hour before",
        "answers of 5xx: 30, before 2",
        "failed jobs: none, before a.b (1)",
        "new errors: TypeError at y.py g (3)",
        "alerts: http_5xx, before none",
        "to take it back: `maristan rollback --level 1`",
    ]
    calm = told(before, Hour(alerts=("cpu",)), minutes=60, command="maristan rollback --level 1")
    assert not any("rollback" in line for line in calm)
    noisy = Hour(jobs={"c.d": 2, "a.b": 1}, alerts=("cpu", "disk"))
    assert told(noisy, Hour(), minutes=60, command="")[2:] == [
        "failed jobs: none, before a.b (1), c.d (2)", "new errors: none", "alerts: none, before cpu, disk",
    ]  # fmt: skip


def test_the_report_ends_with_the_newest_look() -> None:
    once = appended("# Report\n\n## Result\n\n- VERIFIED\n", ["first"])
    assert once == "# Report\n\n## Result\n\n- VERIFIED\n\n### The hour after\n\n- first\n"
    assert appended(once, ["second"]) == once.replace("first", "second")


def test_an_error_is_known_again_when_its_lines_moved() -> None:
    assert signature({"error": "KeyError", "trace": ["a.py:1 f", "work/b.py:12 g"]}) == "KeyError at work/b.py g"
    assert signature({"error": "KeyError", "trace": ["work/b.py:99 g"]}) == "KeyError at work/b.py g"
    assert signature({"event": "slow_query"}) == ""
    for frames in (None, [], "work/b.py:12 g"):
        assert signature({"error": "KeyError", "trace": frames}) == "KeyError at an unknown place"


def test_a_breaking_release_goes_back_with_its_set() -> None:
    assert way_back(is_breaking=False, set_name="s") == "maristan rollback --level 1"
    assert way_back(is_breaking=True, set_name="s") == "maristan rollback --level 3 --set s"


@pytest.fixture
def deployed(db: None, tmp_path: Path, settings: Any) -> Deployment:
    """A release that was put into service twenty minutes ago, and a log file of this host."""
    settings.LOG_DIR = tmp_path / "logs"
    settings.LOG_DIR.mkdir()
    (tmp_path / "report.md").write_text("# Report\n")
    now = timezone.now()
    return run.deployment(
        started_at=now - timedelta(minutes=25), finished_at=now - timedelta(minutes=20), set_name="m_20260102_120323",
        report=str(tmp_path / "report.md"),
    )  # fmt: skip


def logged(folder: Path, at: datetime, error: str) -> None:
    line = {"time": at.isoformat(), "level": "error", "event": "request", "error": error, "trace": ["x.py:3 f"]}
    with (folder / f"web-{at:%Y-%m-%d}.jsonl").open("a") as there:
        there.write(json.dumps(line) + "\n")


def failed_job(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("""INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)
          VALUES ('mail', 'comms.send_due', '{}', 'failed') RETURNING id""")
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'failed', %s)", [cursor.fetchone()[0], at]
        )


def test_what_fails_since_then_stands_in_the_report(deployed: Deployment, settings: Any) -> None:
    done = deployed.finished_at
    assert done is not None
    whole = done.replace(second=0, microsecond=0)
    for minutes, value in ((-30, 1), (2, 11), (5, 3)):
        Sample.objects.create(minute=whole + timedelta(minutes=minutes), host="a", name="http_5xx", value=value)
    for minutes, error in ((-40, "KeyError"), (1, "KeyError"), (2, "TypeError")):
        logged(settings.LOG_DIR, done + timedelta(minutes=minutes), error)
    failed_job(done + timedelta(minutes=3))
    run.alert(first_at=done + timedelta(minutes=3))
    assert aftermath.follow(by=BY)
    text = Path(deployed.report).read_text()
    assert text.startswith("# Report\n")
    assert "- answers of 5xx: 14, before 1\n" in text
    assert "- failed jobs: comms.send_due (1), before none\n" in text
    assert "- new errors: TypeError at x.py f (1)\n" in text
    assert "- to take it back: `maristan rollback --level 1`\n" in text
    AppliedMigration.objects.create(
        app="work", name="0099_x", sha256="0" * 64, build_id=deployed.to_build, breaks_former_code=True,
        applied_at=done,
    )  # fmt: skip
    assert aftermath.follow(by=BY)
    text = Path(deployed.report).read_text()
    assert text.count("### The hour after") == 1
    assert "`maristan rollback --level 3 --set m_20260102_120323`" in text


def test_nothing_is_written_where_nothing_was_put_into_service_lately(deployed: Deployment) -> None:
    Deployment.objects.update(
        started_at=timezone.now() - timedelta(hours=3), finished_at=timezone.now() - timedelta(hours=2)
    )
    assert not aftermath.follow(by=BY)
    Deployment.objects.all().delete()
    run.deployment(status="rolled_back", report=deployed.report)
    assert not aftermath.follow(by=BY)
    assert Path(deployed.report).read_text() == "# Report\n"


def test_who_hears_of_faults_after_a_release_reads_the_way_back(deployed: Deployment) -> None:
    User.objects.filter(pk=run.operator().user_id).update(email="olga@example.org")
    run.alert(first_at=timezone.now() - timedelta(hours=5), rule="http_404")
    fired = run.alert()
    assert alert_telling.tell_due(by=BY) == 2
    bodies = {"maristan rollback --level 1" in each.body for each in mail.outbox}
    assert bodies == {True, False}
    type(fired).objects.filter(pk=fired.pk).update(told_at=None)
    Deployment.objects.all().delete()
    mail.outbox.clear()
    assert alert_telling.tell_due(by=BY) == 1
    assert "rollback" not in mail.outbox[0].body


def test_where_no_log_is_kept_no_error_is_known(settings: Any) -> None:
    settings.LOG_DIR = None
    assert queries.errors(timezone.now() - timedelta(hours=1), timezone.now()) == {}
