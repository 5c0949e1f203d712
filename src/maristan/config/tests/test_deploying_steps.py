"""A whole deployment with the hands tied: what is called in which order, what is kept of it, and who goes on."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any

import pytest

from maristan.config import deploying, deployment, migrating, preflight, seams, serving_release, verification
from maristan.config.deploying import Plan
from maristan.config.documents import ROOT
from maristan.config.serving_release import Target, Work
from maristan.config.tests.test_rolling_back import A, B
from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import platform
from maristan.operations.actions import deployments, reindexing
from maristan.operations.actions.deployments import NotChecked, Run, StepFault
from maristan.operations.models import Deployment
from maristan.operations.queries import build, processes
from maristan.operations.rules import deploying as rules
from maristan.operations.rules.deploying import Pending
from maristan.operations.rules.findings import Acceptance
from maristan.operations.rules.report import HEADINGS
from maristan.operations.rules.states import DeploymentKind
from maristan.operations.tests import factories as make

pytestmark = pytest.mark.django_db
OLGA = platform(None, "Olga")
SMOKE = Work.smoke
PENDING = [Pending("a.2", False), Pending("a.3", True)]
MANIFEST: dict[str, Any] = {
    "version": "1.1", "build_id": B.build_id, "capabilities": [{"id": "a.new"}], "postgres_min": 15, "jobs": [],
    "package_files": [], "bundle": {"files": []},
}  # fmt: skip


@pytest.fixture
def done(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a run did, in order; a name in `fails` fails."""
    settings.HOME, settings.VAR, settings.MAINTENANCE_FILE = tmp_path, tmp_path / "var", tmp_path / "MAINTENANCE_MODE"
    noted: list[str] = []

    def do(name: str) -> Any:
        def step(*given: Any, **_: Any) -> str:
            words = [name, *(str(each) for each in given if isinstance(each, str))]
            noted.append(" ".join(words))
            if f"fails {noted[-1]}" in noted:
                raise StepFault("as the test says")
            return name

        return step

    def smoke(_: Work) -> str:
        raise NotChecked("not checked: this build has no smoke tests")

    monkeypatch.setattr(Work, "smoke", smoke)
    for name in ("save", "save_again", "close", "open", "hook", "wait", "verify", "verify_other"):
        monkeypatch.setattr(Work, name, do(name))
    monkeypatch.setattr(migrating, "forwards", do("migrate"))
    monkeypatch.setattr(deploying, "static_files", do("static"))
    monkeypatch.setattr(deploying, "clear_cache", do("cache"))
    return noted


def plan(**values: Any) -> Plan:
    return Plan(**{"manifest": MANIFEST, "target": B, "former": A, "pending": PENDING, "is_first": False,
                   "is_rolling": False, **values})  # fmt: skip


def work(run: Run | None = None) -> Work:
    return Work(run or Run(DeploymentKind.DEPLOY, A.build_id, B.build_id), OLGA, "", lambda _: None)


ORDER = [
    "save pre_deploy", "close", "save_again", "hook stop_workers", "migrate", "static", "cache", "hook activate",
    "hook restart_web", "hook start_workers", "wait", "verify", "open", "verify",
]  # fmt: skip


def test_everything_is_done_in_its_order_and_what_was_not_checked_is_said(done: list[str]) -> None:
    ended = deploying.deploy(plan(), work())
    assert (int(ended.code), done) == (0, ORDER)
    row = Deployment.objects.get()
    assert (row.status, row.exit_code) == ("succeeded_with_warnings", 0)
    assert {each["name"]: each["status"] for each in row.steps}["smoke"] == "not checked"
    text = Path(row.report).read_text()
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == list(HEADINGS)
    assert "- smoke: not checked: not checked: this build has no smoke tests" in text
    assert "- a.3 (breaking)" in text
    assert of_success(text) == []


# What else would say that something went well: the three results alone do (V6).
SUCCESS = re.compile(r"succe\w*|pass(?:ed|es)?\b|\bok(?:ay)?\b|\bhealthy\b|\bfine\b|\bwell\b|\bgreen\b", re.IGNORECASE)


def of_success(report: str) -> list[str]:
    """Words of a report by which somebody would take a release for verified."""
    return SUCCESS.findall(report)


def test_all_of_it_checked_without_a_finding_is_more_than_that(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = [{"name": f"step {number}", "passed": True, "evidence": "200"} for number in range(12)]
    monkeypatch.setattr(seams.steps, "run", lambda *_, **__: tried)
    monkeypatch.setattr(Work, "smoke", SMOKE)
    here = work()
    here.seen = {**deploying.nothing_seen(), "result": "verified"}
    assert int(deploying.deploy(plan(), here).code) == 0
    row = Deployment.objects.get()
    report = Path(row.report).read_text()
    assert (row.status, "- VERIFIED\n" in report) == ("succeeded", True)
    assert "- smoke: done: 12 steps, none failed\n" in report
    assert of_success(report) == []
    assert of_success("12 steps passed; success") == ["passed", "success"]


def test_what_a_run_was_stands_in_its_report_too_and_comes_back_from_there(done: list[str]) -> None:
    deploying.deploy(plan(), work())
    kept = Deployment.objects.values().get()
    Deployment.objects.all().delete()
    assert len(reindexing.rescan(by=OLGA)) == 1
    found = Deployment.objects.values().get()
    assert abs(found.pop("finished_at") - kept.pop("finished_at")).total_seconds() < 5
    assert {**found, "id": kept["id"]} == kept


def test_a_killed_run_is_gone_on_with_where_it_was(done: list[str]) -> None:
    done.append("fails migrate")
    first = work()
    deployments.begin(run=first.run, by=OLGA)
    with pytest.raises(deployments.StepFailed):
        deployments.carry_out(run=first.run, steps=deploying.steps(plan(), first), by=OLGA)
    left = Deployment.objects.get()
    assert left.status == "running"
    done[:] = []
    ended = deploying.deploy(plan(pending=PENDING[1:]), work(deploying.resumed(left, OLGA)))
    assert (int(ended.code), done) == (0, ORDER[3:])  # workers may have come back with the host
    row = Deployment.objects.get()
    assert (row.run_id, row.started_at, row.status) == (left.run_id, left.started_at, "succeeded_with_warnings")


def test_what_a_killed_run_had_started_and_seen_is_started_and_looked_at_again(done: list[str]) -> None:
    first = work()
    deployments.begin(run=first.run, by=OLGA)
    until_smoke = deploying.steps(plan(), first)[:12]
    deployments.carry_out(run=first.run, steps=until_smoke, by=OLGA)
    assert done == ORDER[:12]
    done[:] = []
    ended = deploying.deploy(plan(pending=[]), work(deploying.resumed(Deployment.objects.get(), OLGA)))
    assert (int(ended.code), done) == (0, ORDER[5:])


def test_each_step_is_said_when_it_begins(done: list[str]) -> None:
    said: list[str] = []
    here = work()
    here.say = lambda line: said.append(f"{line.split(' ', 1)[1]} after {len(done)}")
    deploying.deploy(plan(), here)
    assert [said[0], said[4], said[-1]] == ["backup after 0", "migrate after 4", f"verify again after {len(ORDER) - 1}"]


def test_a_run_is_verified_with_what_was_accepted_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def told(_: Any, *, accept: Any, **__: Any) -> dict[str, Any]:
        asked.append(list(accept))
        raise StepFault("as the test says")

    monkeypatch.setattr(verification, "told", told)
    kept = [Acceptance("clock_skew", "database", "Both are set right tonight.")]
    with pytest.raises(StepFault):
        work(deploying.begun(plan(), kept)).verify()
    assert asked == [kept]


def test_a_failed_verification_brings_the_former_release_back(done: list[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(deploying.queries, "applied_since", lambda _: PENDING[:1])
    done.append("fails verify")
    ended = deploying.deploy(plan(pending=PENDING[:1]), work())
    assert int(ended.code) == 5
    back = ["hook activate", "hook restart_web", "hook start_workers", "wait", "verify_other", "open"]
    assert done[-6:] == back
    assert Deployment.objects.get().status == "rolled_back"


def test_over_an_empty_database_nothing_is_saved_and_nobody_kept_out(done: list[str]) -> None:
    deploying.deploy(plan(former=None, is_first=True), work())
    assert done == [each for each in ORDER[4:] if each != "open"]
    assert Deployment.objects.get().from_build == A.build_id


def told(**change: Any) -> list[str]:
    return [each.code for each in rules.unmet(preflight.evidence({**MANIFEST, **change}, PENDING))]


def test_what_is_judged_is_looked_at(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HOME, settings.BACKUP_DIR = tmp_path, tmp_path / "sets"
    settings.DEPLOY_TARGET, settings.DEPLOY_HOOKS_DIR = "systemd", ROOT / "deploy" / "hooks"
    monkeypatch.setattr(preflight, "code_altered", lambda _: [])
    monkeypatch.setattr(preflight, "wide_ports", list)
    assert told() == [], "nobody has an account: a first installation"
    make.operator()
    assert told() == ["previous_release_known"]
    make.deployment(status="needs_operator", from_build="")
    assert told() == [], "a first installation that failed is gone on with"
    Deployment.objects.all().delete()
    settings.DEPLOY_HOOKS_DIR = tmp_path / "hooks"
    make.deployment(status="succeeded")
    assert told() == ["hooks_present"]
    make.deployment(status="running")
    assert told(postgres_min=99) == ["postgres_version", "hooks_present", "no_other_operation"]
    assert [each.code for each in rules.unmet(preflight.evidence(None, None))] == [
        "manifest_intact", "database_reachable", "hooks_present",
    ]  # fmt: skip


def test_a_web_process_on_all_interfaces_and_a_broken_proxy_are_seen(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight.verification, "is_container", lambda: False)
    make.process("web", listen=["0.0.0.0:8010", "127.0.0.1:9"])
    assert preflight.wide_ports() == ["0.0.0.0:8010"]
    settings.HOME = tmp_path
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "nginx.conf").touch()
    nginx = tmp_path / "bin" / "nginx"
    nginx.parent.mkdir()
    nginx.write_text("#!/bin/sh\necho 'unexpected end' >&2; exit 1\n")
    nginx.chmod(0o755)
    monkeypatch.setenv("PATH", f"{nginx.parent}:/usr/bin:/bin")
    assert "unexpected end" in preflight.proxy_fault()
    nginx.write_text("#!/bin/sh\nexit 0\n")
    assert preflight.proxy_fault() == ""


def test_whoever_does_not_serve_in_time_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_release, "READY_WITHIN", 0.0)
    monkeypatch.setattr(serving_release, "is_ready", lambda _: True)
    monkeypatch.setattr(build, "manifest", lambda: None)
    make.process("web", build_id=B.build_id)
    make.process("worker", build_id=A.build_id)
    with pytest.raises(StepFault, match=f"a worker process of {B.build_id}; worker host-1:101 runs {A.build_id}"):
        work().wait(B)
    processes.live().filter(kind="worker").update(build_id=B.build_id)
    assert work().wait(B).startswith("2 processes after")


@pytest.mark.parametrize("other", [False, True])
def test_lines_that_waited_while_no_worker_ran_are_sealed_before_anybody_verifies(
    other: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.stopped_at("2026-03-01T05:00:00+00:00"), tenancy.acting_in(None):
        journal.record("release.verified", ("release", 1), by=OLGA)

    def breaks() -> int:
        with tenancy.acting_in(None):
            return len(list(journal.verify(None)))

    seen: list[int] = []
    said = {"result": "VERIFIED", "findings": [], "command": "release verify"}

    def look(*_: Any, **__: Any) -> Any:
        seen.append(breaks())
        return CompletedProcess((), 0, json.dumps(said), "") if other else said

    with clock.stopped_at("2026-03-01T06:00:00+00:00"):
        assert breaks() == 1
        monkeypatch.setattr(serving_release.verification, "told", look)
        monkeypatch.setattr(serving_release.verifications, "keep", lambda **_: SimpleNamespace(**said))
        monkeypatch.setattr(Work, "_other", look)
        work().verify_other(B) if other else work().verify()
    assert seen == [0]


def test_another_release_without_a_folder_is_said_to_be_unchecked() -> None:
    for ask in (work().verify_other, work().smoke_other):
        with pytest.raises(NotChecked):
            ask(Target(A.build_id))


def test_a_password_of_the_address_is_not_among_the_commands_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def ended(_: str, *, words: list[str], **__: Any) -> "CompletedProcess[str]":
        asked.append(words)
        return CompletedProcess((), *said.pop(0))

    steps = [{"name": "admin signs in", "passed": True, "evidence": "200"}]
    said = [
        (0, f"{json.dumps({'steps': steps})}\n", ""), (1, json.dumps({"steps": [{**steps[0], "passed": False}]}), ""),
        (2, "", "the database does not answer"),
    ]  # fmt: skip
    monkeypatch.setattr(serving_release.hooks, "ended", ended)
    by_image, address = work(), "https://olga:hunter2@maristan.example"
    by_image.base_url = address
    there = Target(A.build_id, image="sha256:a", manifest={"package_files": [{"path": "config/smoke.py"}]})
    assert by_image.smoke_other(there) == "1 steps, none failed"
    assert asked == [["smoke", "--json", "--base-url", address]]
    for why in ("^1 of 1 steps failed: admin signs in: 200$", "^smoke ended with 2: the database does not answer$"):
        with pytest.raises(StepFault, match=why):
            by_image.smoke_other(there)
    shown = f"maristan smoke --json --base-url https://maristan.example (of {A.build_id})"
    assert by_image.run.commands == [shown] * 3


class Kept:
    """What stands in for Redis: what several installations keep there."""

    def __init__(self, keys: list[str]) -> None:
        self.keys = keys

    def scan_iter(self, *, match: str, count: int) -> list[str]:
        """Every key that fits."""
        return [each for each in self.keys if fnmatchcase(each, match)]

    def delete(self, key: str) -> int:
        """Forget one."""
        self.keys.remove(key)
        return 1


def test_the_cache_of_this_installation_alone_is_cleared(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    own, other = (deployment.cache_prefix("k" * 50, f"https://{name}.example") for name in "ab")
    settings.REDIS_URL, settings.CACHES = "redis://r", {"default": {"KEY_PREFIX": own}}
    there = Kept([f"{own}:1:seen", f"{other}:1:seen", f"{own}:throttle:x", f"{other}:throttle:x", "maristan:1:seen"])
    monkeypatch.setattr(serving_release.Redis, "from_url", lambda *_, **__: there)
    assert serving_release.clear_cache() == "2 keys"
    assert there.keys == [f"{other}:1:seen", f"{other}:throttle:x", "maristan:1:seen"]


def test_the_client_is_copied_to_where_a_proxy_serves_it_and_former_files_stay(settings: Any, tmp_path: Path) -> None:
    bundle, there = tmp_path / "client", tmp_path / "served"
    (bundle / "assets").mkdir(parents=True)
    (bundle / "index.html").write_text("<!doctype html>")
    (bundle / "assets" / "b.js").write_text("// b")
    (there / "assets").mkdir(parents=True)
    (there / "assets" / "a.js").write_text("// a")
    settings.WEB_BUNDLE, settings.CLIENT_COPY = bundle, None
    manifest = {"bundle": {"files": [{}, {}]}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "manifest", lambda: manifest)
        assert serving_release.static_files() == "2 files in the package"
        settings.CLIENT_COPY = there
        assert serving_release.static_files() == f"2 files in the package; 1 in {there}"
    assert {each.name: each.read_text() for each in there.rglob("*") if each.is_file()} == {
        "a.js": "// a", "b.js": "// b",
    }  # fmt: skip
