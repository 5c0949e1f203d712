"""Those who watch from outside: Prometheus by the same rules, the watchdog, and faults that go to Sentry."""

import json
import os
import re
import smtplib
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.core import mail
from django.core.management import call_command

from maristan.comms.models import WebhookDelivery
from maristan.comms.tests import factories as comms
from maristan.config import documents, sentry
from maristan.config.documents import ROOT
from maristan.directory.tests import factories as make
from maristan.kernel import logs, tenancy
from maristan.kernel.access import platform
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.actions import chain
from maristan.operations.management.commands import watchdog as command
from maristan.operations.queries.metrics import HELP
from maristan.operations.rules.alert_rules import BY_NAME, OUTSIDE
from maristan.operations.rules.watchdog import DOWN, UP, Watch, after, untold


def rules() -> dict[str, Any]:
    said = yaml.safe_load((ROOT / "deploy/monitoring/maristan.rules.yml").read_text(encoding="utf-8"))
    (group,) = said["groups"]
    return {each["alert"]: each for each in group["rules"]}


def test_prometheus_knows_every_rule_with_its_threshold_and_severity() -> None:
    found, limits = rules(), documents.usual_limits()
    assert list(found) == [*BY_NAME, *OUTSIDE]
    for name, rule in BY_NAME.items():
        assert found[name]["labels"]["severity"] == rule.severity
        assert f"{rule.threshold(limits):g}" in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", found[name]["expr"]), name
        assert found[name]["annotations"]["summary"]


def test_prometheus_calls_a_worker_down_by_the_same_two_figures_as_the_platform() -> None:
    asked = rules()["worker_down"]["expr"].split(" or on () ")
    assert asked == [f'maristan_processes{{kind="{kind}"}} < 1' for kind in ("worker", "operations")]


def test_prometheus_asks_for_no_figure_that_the_platform_does_not_tell() -> None:
    asked = {name for rule in rules().values() for name in re.findall(r"maristan_\w+", rule["expr"])}
    assert asked - set(HELP) == set()
    assert len(asked) > 20


@pytest.mark.parametrize(
    ("probes", "messages"),
    [
        ([True, True], []), ([False, True], []), ([False, False], [DOWN]), ([False] * 5, [DOWN]),
        ([False, True, False, True], []), ([False, False, True, True], [DOWN, UP]),
        ([False, False, True, False, False], [DOWN, UP, DOWN]),
    ],
)  # fmt: skip
def test_the_watchdog_speaks_after_two_failures_and_when_all_is_well_again(
    probes: list[bool], messages: list[str]
) -> None:
    seen, told = Watch(), []
    for is_well in probes:
        seen, message = after(seen, is_well=is_well, now="09:00")
        told += [message] if message else []
    assert told == messages


def test_the_watchdog_knows_since_when_and_what_it_could_not_tell_stays_due() -> None:
    once, _ = after(Watch(), is_well=False, now="09:00")
    twice, message = after(once, is_well=False, now="09:01")
    assert (once, twice, message) == (Watch(1, "09:00"), Watch(2, "09:00", is_told=True), DOWN)
    still_due = untold(once, twice)
    assert still_due == Watch(2, "09:00")
    assert after(still_due, is_well=False, now="09:02") == (Watch(3, "09:00", is_told=True), DOWN)
    assert after(twice, is_well=True, now="09:03") == (Watch(), UP)
    assert untold(twice, Watch()) == Watch(0, "09:00", is_told=True)


@pytest.fixture
def watch(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], int]:
    """One run of the timer that gets this answer; gives its exit code."""
    settings.VAR, settings.ALERT_EMAILS, settings.ALERT_WEBHOOK_URL = tmp_path, ["night@example.org"], None

    def run(status: int | None) -> int:
        monkeypatch.setattr(command, "probe", lambda _url: status)
        try:
            call_command("watchdog", "--once", stdout=StringIO())
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return run


def test_two_failed_probes_are_one_mail_and_the_recovery_another(watch: Callable[[int | None], int]) -> None:
    assert [watch(200), watch(503)] == [0, 1]
    assert mail.outbox == []
    assert [watch(None), watch(503), watch(200), watch(200)] == [1, 1, 0, 0]
    assert [(each.to, each.subject) for each in mail.outbox] == [
        (["night@example.org"], "Critical: the platform is not well"),
        (["night@example.org"], "Over: the platform is well again"),
    ]


def test_a_message_leads_to_the_address_that_people_open_and_not_to_where_the_watchdog_asked(
    watch: Callable[[int | None], int], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL, asked = "https://maristan.example", []
    monkeypatch.setattr(command, "probe", asked.append)
    for _ in range(2):
        with pytest.raises(SystemExit):
            call_command("watchdog", "--once", "--base-url", "http://web:8000", stdout=StringIO())
    assert asked == ["http://web:8000/health/"] * 2
    (told,) = mail.outbox
    assert "https://maristan.example" in told.body
    assert "web:8000" not in told.body


class Flaky:
    """A mail server that is away, refuses one address, or takes what comes."""

    def __init__(self, fault: type[Exception] | None, refused: str = "") -> None:
        self.fault, self.refused, self.opened = fault, refused, 0

    def __call__(self) -> "Flaky":
        return self

    def __enter__(self) -> "Flaky":
        self.opened += 1
        if self.fault:
            raise self.fault("away")
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        if messages[0].to == [self.refused]:
            raise smtplib.SMTPRecipientsRefused({self.refused: (550, b"nobody")})
        mail.outbox += messages
        return len(messages)


def test_what_could_not_be_told_stays_due(
    watch: Callable[[int | None], int], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALERT_EMAILS = ["gone@example.org", "night@example.org"]
    away, well = Flaky(ConnectionRefusedError), Flaky(None, "gone@example.org")
    monkeypatch.setattr(command, "get_connection", away)
    assert [watch(503), watch(503), watch(503)] == [1, 1, 1]
    assert (mail.outbox, away.opened) == ([], 2)  # one try for both addresses
    monkeypatch.setattr(command, "get_connection", well)
    assert [watch(503), watch(503)] == [1, 1]
    assert [(each.to, each.subject) for each in mail.outbox] == [
        (["night@example.org"], "Critical: the platform is not well")
    ]
    monkeypatch.setattr(command, "get_connection", away)
    assert watch(200) == 0
    monkeypatch.setattr(command, "get_connection", well)
    assert [watch(200), watch(200)] == [0, 0]
    assert [each.subject for each in mail.outbox[1:]] == ["Over: the platform is well again"]


def test_a_watchdog_that_is_cut_off_while_it_tells_tells_again(
    watch: Callable[[int | None], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watch(503) == 1

    def cut_off(_kind: str, _params: dict[str, Any]) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(command, "tell", cut_off)
        with pytest.raises(KeyboardInterrupt):
            watch(503)
    assert watch(503) == 1
    assert len(mail.outbox) == 1


@pytest.fixture
def no_note(tmp_path: Path) -> None:
    """The disk takes no note of the watchdog; nobody waits between two probes."""
    (tmp_path / "watchdog.json").mkdir()


@pytest.mark.usefixtures("no_note")
def test_a_watchdog_whose_note_cannot_be_written_probes_twice_and_tells(
    watch: Callable[[int | None], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(command.time, "sleep", waited.append)
    assert [watch(200), len(waited)] == [0, 0]
    assert [watch(503), waited] == [1, [command.EVERY]]
    assert [each.subject for each in mail.outbox] == ["Critical: the platform is not well"]


@pytest.mark.usefixtures("no_note")
def test_a_single_failure_is_nobodys_business_without_a_note_either(
    watch: Callable[[int | None], int], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(command.time, "sleep", lambda _: monkeypatch.setattr(command, "probe", lambda _url: 200))
    assert (watch(503), mail.outbox) == (0, [])
    assert "watchdog.json cannot be written" in capsys.readouterr().err


def test_that_all_is_well_again_is_told_once_the_note_can_say_so(
    watch: Callable[[int | None], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [watch(503), watch(503)] == [1, 1]
    with monkeypatch.context() as patch:
        patch.setattr(command, "keep", lambda *_: False)
        assert [watch(200), watch(200)] == [0, 0]
    assert len(mail.outbox) == 1
    assert [watch(200), watch(200)] == [0, 0]
    assert [each.subject for each in mail.outbox[1:]] == ["Over: the platform is well again"]


def test_a_note_is_written_over_the_former_and_takes_no_more_room(tmp_path: Path) -> None:
    file = tmp_path / "watchdog.json"
    told, room = Watch(failures=2, since="2026-01-02 12:03 UTC", is_told=True), []
    for seen in (Watch(), told, Watch(failures=1)):
        assert command.keep(file, seen)
        room.append((file.stat().st_ino, file.stat().st_size))
        assert command.remembered(file) == seen
    assert len(set(room)) == 1


def test_the_watchdog_needs_no_database(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    env = {**os.environ, "MARISTAN_HOME": str(tmp_path), "MARISTAN_ENV": "test", "PYTHONPATH": str(ROOT / "src")}
    words = ["-m", "maristan", "watchdog", "--once", "--json", "--base-url", "http://127.0.0.1:1"]
    done = subprocess.run(
        [sys.executable, *words], env={**env, "DATABASE_URL": nowhere}, capture_output=True, timeout=60, text=True
    )
    assert (done.returncode, json.loads(done.stdout)) == (
        1, {"well": False, "status": None, "failures": 1, "told": "", "due": ""},
    )  # fmt: skip
    assert json.loads((tmp_path / "var" / "watchdog.json").read_text())["failures"] == 1


def test_without_the_package_or_a_dsn_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    assert sentry.begin(dsn="https://key@sentry.example/1", release="1", environment="test") is False
    begun: list[dict[str, Any]] = []
    monkeypatch.setitem(sys.modules, "sentry_sdk", SimpleNamespace(init=lambda **given: begun.append(given)))
    assert sentry.begin(dsn=None, release="1", environment="test") is False
    assert begun == []
    assert sentry.begin(dsn="https://key@sentry.example/1", release="1", environment="test") is True
    (given,) = begun
    assert (given["release"], given["environment"]) == ("1", "test")
    assert (given["send_default_pii"], given["include_local_variables"]) == (False, False)


def test_a_fault_goes_without_anybodys_data() -> None:
    marked = "hunter2"
    frame = {"filename": "a.py", "function": "f", "lineno": 1, "vars": {"x": marked}, "context_line": marked}
    event = {
        "level": "error", "request": {"data": marked, "cookies": marked}, "user": {"email": marked},
        "breadcrumbs": [marked], "extra": {"x": marked}, "message": marked, "transaction": f"/{marked}",
        "exception": {"values": [{"type": "ValueError", "value": marked, "stacktrace": {"frames": [frame]}}]},
    }  # fmt: skip
    token = logs.request_id.set("of-a-request")
    sent = sentry.without_data(event)
    logs.request_id.reset(token)
    assert marked not in json.dumps(sent)
    assert (sent["exception"]["values"][0]["type"], sent["tags"]) == ("ValueError", {"request_id": "of-a-request"})


def test_a_machine_that_subscribed_to_backups_is_called(db: None) -> None:
    endpoints = {}
    for code, event in (("fmu", "backup.failed"), ("other", "backup.completed")):
        made = make.institution(code)
        endpoints[made.pk] = comms.endpoint("https://127.0.0.1/", event).pk
    with tenancy.acting_in(None):
        chain.record(kind="backup.failed", subject=("backup", "x"), by=platform(None), changes={"error": "killed"})
    run_jobs()
    expected = dict(zip(endpoints, (["backup.failed"], []), strict=True))
    for institution, events in expected.items():
        tenancy.enter(institution)
        assert [each.event_type for each in WebhookDelivery.objects.all()] == events
