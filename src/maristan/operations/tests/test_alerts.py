"""Alerts from what processes count to the mail that operators get, and what operators do with them."""

import json
import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, OperationalError, transaction
from redis import RedisError

from maristan.config.tests.counting import counted
from maristan.directory.tests import factories as make
from maristan.kernel import clock, jobs, metering
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine, User
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.actions import alert_telling, alerts, counting, watching
from maristan.operations.models import Alert, Process, Sample
from maristan.operations.queries import figures, maintenance, servers
from maristan.operations.rules import alert_rules
from maristan.operations.rules.figures import last_whole
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
ALERTS = "/api/v1/operations/alerts/"
BY = platform(None)
BEGINNING = datetime.now(UTC).replace(second=20, microsecond=0) - timedelta(minutes=3)


@pytest.fixture(autouse=True)
def _quiet(settings: Any) -> Iterator[None]:
    """Both kinds of process live, nothing was counted yet, and Redis is not asked."""
    settings.REDIS_URL = None
    metering.take()
    for kind in ("web", "worker"):
        run.process(kind)
    yield
    metering.take()


def olga(email: str = "olga@example.org", language: str = "") -> Any:
    found = run.operator()
    User.objects.filter(pk=found.user_id).update(email=email, language=language)
    return found


@contextmanager
def minute(number: int) -> Iterator[datetime]:
    """A quarter of a minute after the end of the `number`-th one."""
    with clock.stopped_at(BEGINNING + timedelta(minutes=number)) as at:
        yield at


def answers_of_500(count: int, *, over: int = 2, at: int = 0) -> None:
    """As two processes count and write them down."""
    for process in range(over):
        with minute(at):
            share = count // over + (process < count % over)
            metering.sample(http_requests=share, http_5xx=share)
            counting.write_down(counted=metering.take(), by=BY)


def evaluate(number: int) -> Any:
    with minute(number):
        decided = alerts.evaluate(by=BY)
        run_jobs()
        return decided


def test_eleven_answers_of_500_over_two_processes_are_one_alert_and_one_mail_and_its_end_is_told_once() -> None:
    olga()
    answers_of_500(11)
    evaluate(1)
    (alert,) = Alert.objects.all()
    assert (alert.rule, alert.status, alert.value, alert.threshold) == ("http_5xx", "firing", 11, 10)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["olga@example.org"], "Critical: The server fails to answer")
    assert "11 against 10" in sent.body
    assert f"/operations/alerts/{alert.pk}" in sent.body
    evaluate(2)
    alert.refresh_from_db()
    assert (alert.status, alert.calm, len(mail.outbox)) == ("firing", 1, 1)
    evaluate(3)
    alert.refresh_from_db()
    assert (alert.status, len(mail.outbox), mail.outbox[1].subject) == (
        "resolved", 2, "Over: The server fails to answer",
    )  # fmt: skip
    evaluate(4)
    assert (Alert.objects.count(), len(mail.outbox)) == (1, 2)
    kinds = JournalLine.objects.filter(institution_id=None).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["alert.fired", "health.degraded", "alert.resolved", "health.recovered"]


def test_ten_answers_of_500_are_nobodys_business() -> None:
    olga()
    answers_of_500(10)
    evaluate(1)
    assert (Alert.objects.count(), mail.outbox) == (0, [])


def test_what_goes_on_is_the_same_alert_and_told_again_only_while_nobody_knows_of_it() -> None:
    client = Client(olga())
    for each in (0, 1):
        answers_of_500(20, at=each)
        evaluate(each + 1)
    (alert,) = Alert.objects.all()
    assert (alert.count, alert.value, len(mail.outbox)) == (2, 20, 1)
    answers_of_500(20, at=241)
    evaluate(242)
    assert len(mail.outbox) == 2
    answer = client.post(f"{ALERTS}{alert.pk}/moves/acknowledge/", {"comment": "The disk of host-1"})
    assert (answer.status, answer.json["status"], answer.json["comment"]) == (200, "acknowledged", "The disk of host-1")
    assert answer.json["acknowledged_by"] == "olga"
    answers_of_500(20, at=490)
    evaluate(491)
    assert (Alert.objects.get().status, len(mail.outbox)) == ("acknowledged", 2)


def test_a_minute_is_looked_at_once_whoever_comes_first() -> None:
    answers_of_500(11)
    assert evaluate(1) is not None
    assert evaluate(1) is None
    assert Alert.objects.get().count == 1


def test_once_a_clock_is_set_back_minutes_that_come_again_are_looked_at_again() -> None:
    assert [evaluate(each) is not None for each in range(3, 9)] == [True] * 6
    assert [evaluate(each) is not None for each in range(4, 9)] == [False, False, True, True, True]


def test_an_evaluation_takes_fifteen_statements_whatever_the_number_of_samples() -> None:
    olga()
    answers_of_500(11)
    Process.objects.all().delete()
    with minute(1) as now, counted() as few:
        alerts.evaluate(by=BY)
    assert Alert.objects.count() == 3
    Sample.objects.bulk_create(
        Sample(minute=last_whole(now), host=f"host-{host}", name=f"cpu{name}", value=1)
        for host in range(50) for name in range(20)
    )  # fmt: skip
    with minute(2), counted() as many:
        alerts.evaluate(by=BY)
    assert len(many) <= len(few) <= 15


def test_a_rule_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise ZeroDivisionError

    broken = alert_rules.Rule("cpu", alert_rules.WARNING, "CPU", "percent", fails)  # type: ignore[arg-type]
    monkeypatch.setattr(alerts, "RULES", (broken, *alert_rules.RULES))
    answers_of_500(11)
    evaluate(1)
    assert [each.rule for each in Alert.objects.all()] == ["http_5xx"]


def test_figures_that_cannot_be_read_stop_no_other_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maristan.operations.queries.figures.JOBS", "SELECT no_such_thing")
    answers_of_500(11)
    evaluate(1)
    assert [each.rule for each in Alert.objects.all()] == ["http_5xx"]


def test_a_mail_server_that_is_away_stops_no_evaluation_and_the_mail_comes_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    olga()

    def away(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    answers_of_500(11)
    with monkeypatch.context() as broken:
        broken.setattr("maristan.operations.actions.alert_telling.EmailMessage.send", away)
        evaluate(1)
    assert (Alert.objects.get().told_at, mail.outbox) == (None, [])
    evaluate(2)
    assert [each.subject for each in mail.outbox] == ["Critical: The server fails to answer"]


@pytest.mark.parametrize("fault", [OperationalError("away"), KeyboardInterrupt()])
def test_an_alert_stays_due_whatever_kept_it_from_being_told(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga()
    told_before = clock.now() - timedelta(hours=5)
    due = {fired("http_5xx", told_at=told_before).pk: told_before, fired("cpu", subject="a").pk: None}

    def stopped(*_: Any) -> str:
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(alert_telling, "_way_back", stopped)
        with pytest.raises(type(fault)):
            alert_telling.tell_due(by=BY)
    assert (dict(Alert.objects.values_list("pk", "told_at")), mail.outbox) == (due, [])
    assert (alert_telling.tell_due(by=BY), len(mail.outbox)) == (2, 2)


def test_an_alert_that_cannot_be_told_stays_due_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    olga()
    odd, other = fired("http_5xx"), fired("cpu", subject="a")
    usual = alert_telling._way_back

    def fails(row: Alert) -> str:
        if row.pk == odd.pk:
            raise ValueError("a word is missing")
        return usual(row)

    with monkeypatch.context() as broken:
        broken.setattr(alert_telling, "_way_back", fails)
        assert (alert_telling.tell_due(by=BY), len(mail.outbox)) == (1, 1)
    assert dict(Alert.objects.filter(told_at=None).values_list("pk", "rule")) == {odd.pk: "http_5xx"}
    assert Alert.objects.get(pk=other.pk).told_at is not None
    assert [each.getMessage() for each in caplog.records if each.name == "maristan.watching"] == ["alert_not_told"]
    assert (alert_telling.tell_due(by=BY), len(mail.outbox)) == (1, 2)


def test_each_reader_is_written_to_once_in_their_language_and_a_machine_is_called(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []

    def post(**given: Any) -> SimpleNamespace:
        called.append(given)
        return SimpleNamespace(succeeded=False, error_code="blocked_address", status_code=None)

    monkeypatch.setattr("maristan.comms.actions.webhook_calls.post", post)
    settings.ALERT_EMAILS, settings.ALERT_WEBHOOK_URL = (
        ["Olga@example.org", "night@example.org"],
        "https://pager.example/",
    )
    olga(language="ur")
    answers_of_500(11)
    evaluate(1)
    assert [each.to for each in mail.outbox] == [["olga@example.org"], ["night@example.org"]]
    assert "سرور جواب دینے میں ناکام ہے" in mail.outbox[0].subject
    (call,) = called
    said = json.loads(call["body"])
    assert (call["url"], said["type"], said["rule"], said["value"]) == (
        "https://pager.example/", "alert.fired", "http_5xx", "11",
    )  # fmt: skip


def test_the_machine_that_is_called_has_to_be_on_the_public_internet(settings: Any) -> None:
    settings.ALERT_WEBHOOK_URL = "https://127.0.0.1/"
    from maristan.comms.actions import webhook_calls

    assert webhook_calls.post(url=settings.ALERT_WEBHOOK_URL, body=b"{}", by=BY).error_code == "blocked_address"


def test_without_a_worker_a_web_process_looks_and_tells_itself() -> None:
    olga()
    answers_of_500(11)
    with minute(1):
        assert not alerts.stand_in(by=BY)
    assert Alert.objects.count() == 0
    Process.objects.filter(kind="worker").delete()
    with minute(1):
        assert alerts.stand_in(by=BY)
        alert_telling.tell_due(by=BY)
    assert {each.rule for each in Alert.objects.all()} == {"http_5xx", "worker_down"}
    assert len(mail.outbox) == 2


def test_workers_of_other_queues_do_not_watch() -> None:
    Process.objects.filter(kind="worker").update(queues=["default", "mail"])
    with minute(1):
        alerts.stand_in(by=BY)
    assert list(Alert.objects.values_list("rule", "subject")) == [("worker_down", "operations")]
    Process.objects.filter(kind="worker").update(queues=["operations"])
    for at in (2, 3):
        with minute(at):
            alerts.stand_in(by=BY)
            alerts.evaluate(by=BY)
    assert Alert.objects.get().status == "resolved"


def test_a_forgotten_file_of_maintenance_is_told_of(settings: Any, tmp_path: Path) -> None:
    file = settings.MAINTENANCE_FILE = tmp_path / "MAINTENANCE_MODE"
    file.touch()
    for at, (minutes, expected) in enumerate(((50, []), (70, ["maintenance_long"])), start=1):
        with minute(at) as now:
            begun = now.timestamp() - 60 * minutes
            os.utime(file, (begun, begun))
            maintenance.forget()
            alerts.evaluate(by=BY)
        assert list(Alert.objects.values_list("rule", flat=True)) == expected


def fired(rule: str = "http_5xx", **values: Any) -> Alert:
    return run.alert(rule, **values)


@pytest.mark.parametrize("comment", [None, "", "   four  ", "x" * 501])
@pytest.mark.parametrize("name", ["acknowledge", "close"])
def test_a_move_says_what_is_known(name: str, comment: str | None) -> None:
    alert, client = fired(), Client(run.operator())
    refused = client.post(f"{ALERTS}{alert.pk}/moves/{name}/", {"comment": comment} if comment is not None else {})
    assert (refused.status, refused.pointers) == (422, [("/comment", "comment_required")])
    alert.refresh_from_db()
    assert (alert.status, JournalLine.objects.count()) == ("firing", 0)


def test_acknowledging_twice_and_closing_what_is_over_are_refused() -> None:
    alert, client = fired(), Client(run.operator())
    said = {"comment": "Looking at it"}
    client.post(f"{ALERTS}{alert.pk}/moves/acknowledge/", said)
    again = client.post(f"{ALERTS}{alert.pk}/moves/acknowledge/", said)
    assert (again.status, again.missing) == (409, ["wrong_status"])
    closed = client.post(f"{ALERTS}{alert.pk}/moves/close/", {"comment": "Restarted host-1"})
    assert (closed.status, closed.json["status"]) == (200, "resolved")
    for name in ("acknowledge", "close"):
        assert client.post(f"{ALERTS}{alert.pk}/moves/{name}/", said).status == 409
    assert client.post(f"{ALERTS}{alert.pk}/moves/forget/", said).status == 404
    kinds = JournalLine.objects.order_by("id").values_list("kind", "reason")
    assert list(kinds) == [("alert.acknowledged", "Looking at it"), ("alert.closed", "Restarted host-1")]


def test_what_was_closed_and_is_still_true_fires_again() -> None:
    client = Client(olga())
    answers_of_500(11)
    evaluate(1)
    client.post(f"{ALERTS}{Alert.objects.get().pk}/moves/close/", {"comment": "It is over, I think"})
    answers_of_500(12, at=1)
    evaluate(2)
    assert [each.status for each in Alert.objects.order_by("id")] == ["resolved", "firing"]


def test_auditors_see_alerts_and_only_operators_move_them() -> None:
    make.institution()
    alert = fired()
    auditor, bob = Client(make.member("Alice", "auditor")), Client(make.member("Bob", "admin"))
    assert [each["rule"] for each in auditor.get(ALERTS).json["results"]] == ["http_5xx"]
    assert bob.get(ALERTS).json["permission"] == "alert.view"
    for client in (auditor, bob):
        refused = client.post(f"{ALERTS}{alert.pk}/moves/close/", {"comment": "Nothing to see"})
        assert (refused.status, refused.code) == (403, "not_allowed")
        assert client.post(f"{ALERTS}{alert.pk}/moves/close/", {}).status == 403
    assert (Client().get(ALERTS).status, Alert.objects.get().status) == (401, "firing")
    told = Client(olga()).post(f"{ALERTS}{alert.pk}/moves/acknowledge/", {"comment": "The disk"}).json
    assert auditor.get(f"{ALERTS}{alert.pk}/").json["acknowledged_by"] == told["acknowledged_by"] == "olga"


def test_firing_alerts_stand_first_and_the_graph_is_what_the_rule_said() -> None:
    client = Client(olga())
    fired("http_404", status="resolved", resolved_at=BEGINNING, last_at=BEGINNING + timedelta(days=1))
    answers_of_500(11)
    evaluate(1)
    evaluate(2)
    assert [each["rule"] for each in client.get(ALERTS).json["results"]] == ["http_5xx", "http_404"]
    page = client.get(f"{ALERTS}{Alert.objects.get(rule='http_5xx').pk}/").json
    assert [each["value"] for each in page["values"]] == [11, 0]
    assert [each["name"] for each in page["moves"] if each["allowed"]] == ["acknowledge", "close"]
    assert (page["title"], page["unit"]) == ("The server fails to answer", "count")
    assert client.get(ALERTS, Accept_Language="ur").json["results"][0]["title"] == "سرور جواب دینے میں ناکام ہے"
    seen = client.get("/api/v1/operations/overview/").json["alerts"]
    assert (seen["critical"], seen["warning"], seen["evaluated_at"] is None) == (1, 0, False)
    only = client.get(f"{ALERTS}?status=firing&severity=critical&rule=http_5xx&search=")
    assert only.json["count"] == 1


def test_the_database_keeps_one_unresolved_alert_of_a_rule_and_subject() -> None:
    fired()
    with pytest.raises(IntegrityError), transaction.atomic():
        fired()
    fired("http_404")


def test_a_broken_chain_is_counted_and_fires() -> None:
    make.institution()
    make.department("Pathology")
    assert watching.verify_journal(by=BY) == 0
    with minute(1):
        alerts.evaluate(by=BY)
    assert Alert.objects.count() == 0
    Sample.objects.filter(name="journal_breaks").update(value=1)
    with minute(2):
        alerts.evaluate(by=BY)
    assert [each.rule for each in Alert.objects.all()] == ["journal_broken"]


def test_samples_are_added_up_and_forgotten_after_two_weeks() -> None:
    with minute(0) as at:
        for amount in (2, 3):
            metering.sample(http_404=amount)
            counting.write_down(counted=metering.take(), by=BY)
    with minute(-15 * 24 * 60):
        metering.sample(http_404=1)
        counting.write_down(counted=metering.take(), by=BY)
    assert counting.forget(by=BY) == 1
    (row,) = Sample.objects.all()
    assert (row.minute, row.name, row.value) == (at.replace(second=0), "http_404", 5)


def test_what_could_not_be_written_down_is_not_lost() -> None:
    metering.sample(http_404=2)
    metering.total("maristan_throttled_total")
    taken = metering.take()
    metering.sample(http_404=1)
    metering.give_back(taken)
    both = metering.take()
    assert list(both.samples.values()) == [3]
    assert both.totals == {("maristan_throttled_total", ()): 1}


def test_what_is_told_is_told_by_one_of_two_that_look_at_once() -> None:
    olga()
    alert = fired()
    ((pk, before),) = alert_telling._due()
    with servers.alone(f"telling {pk}"):
        assert (alert_telling.tell_due(by=BY), mail.outbox) == (0, [])
    alert.refresh_from_db()
    assert alert.told_at is None
    assert (alert_telling.tell_due(by=BY), len(mail.outbox)) == (1, 1)
    assert alert_telling._is_told(pk, before, BY) is False  # it saw the same, and comes later
    assert len(mail.outbox) == 1


def test_who_is_killed_while_they_tell_has_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    olga()
    alert, seen = fired(), []

    def looks(row: Alert, _by: Any) -> bool:
        seen.append(Alert.objects.get(pk=row.pk).told_at)
        return True

    with minute(2) as begun, monkeypatch.context() as patch:
        patch.setattr(alert_telling, "_tell", looks)
        assert alert_telling.tell_due(by=BY) == 1
    alert.refresh_from_db()
    assert (seen, alert.told_at) == ([None], begun)


def test_an_end_that_comes_while_it_is_told_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    olga()
    fired()
    usual = alert_telling._tell

    def ends(row: Alert, by: Any) -> bool:
        Alert.objects.filter(pk=row.pk).update(status="resolved", resolved_at=clock.now())
        return usual(row, by)

    with monkeypatch.context() as patch:
        patch.setattr(alert_telling, "_tell", ends)
        assert alert_telling.tell_due(by=BY) == 1
    assert (alert_telling.tell_due(by=BY), alert_telling.tell_due(by=BY)) == (1, 0)
    assert [each.subject.partition(":")[0] for each in mail.outbox] == ["Critical", "Over"]


def test_jobs_of_watching_run_by_schedule() -> None:
    named = {name: cron for name, cron in jobs.periodic_jobs.items() if name.startswith("operations.")}
    assert named["operations.evaluate_alerts"] == "* * * * * 15"
    assert (named["operations.verify_journal"], named["operations.check_certificates"]) == ("0 4 * * *", "0 6 * * *")
    due = jobs.next_due("* * * * * 15", datetime(2026, 1, 1, 8, 0, 16, tzinfo=UTC))
    assert due == datetime(2026, 1, 1, 8, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(("answers", "kept"), [(True, [0.0]), (False, [1.0]), (None, [])])
def test_whether_redis_answers_is_kept_for_the_graph(
    monkeypatch: pytest.MonkeyPatch, answers: bool | None, kept: list[float]
) -> None:
    monkeypatch.setattr("maristan.operations.queries.figures.redis_answers", lambda: answers)
    evaluate(1)
    assert list(Sample.objects.filter(name="redis_failed").values_list("value", flat=True)) == kept


@pytest.mark.parametrize(
    ("url", "fault", "answers"),
    [
        (None, None, None), ("redis://127.0.0.1:1/0", None, True),
        ("redis://127.0.0.1:1/0", RedisError("away"), False), ("redis://127.0.0.1:1/0", OSError("no route"), False),
    ],
)  # fmt: skip
def test_redis_is_asked_only_where_there_is_one_and_answers_or_does_not(
    settings: Any, monkeypatch: pytest.MonkeyPatch, url: str | None, fault: Exception | None, answers: bool | None
) -> None:
    def ping() -> bool:
        if fault is not None:
            raise fault
        return True

    settings.REDIS_URL = url
    monkeypatch.setattr(figures.health, "redis", lambda: SimpleNamespace(ping=ping))
    assert figures.redis_answers() is answers


def test_an_alert_that_is_not_there_is_not_found() -> None:
    assert Client(olga()).post(f"{ALERTS}{10**6}/moves/acknowledge/", {"comment": "What is it?"}).status == 404
