"""Settings in effect, the journal of the platform, and two releases beside each other."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from maristan.config import environment
from maristan.directory.tests import factories as make
from maristan.kernel import files, journal, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotFound, NotNow
from maristan.kernel.models import Job, User
from maristan.kernel.tests.client import Client
from maristan.operations.actions import chain, journal_files
from maristan.operations.models import IntegrityRun
from maristan.operations.queries import journal as queries
from maristan.operations.tests import factories as run

SETTINGS, JOURNAL = "/api/v1/operations/settings/", "/api/v1/operations/journal/"
COMPARISON = "/api/v1/operations/releases/comparison/"


@pytest.fixture
def olga(db) -> Client:
    """Olga, who operates the platform; whoever else there is belongs to an institution."""
    make.institution()
    return Client(run.operator())


def test_settings_tell_where_each_comes_from_and_never_a_secret(
    olga: Client, settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("BACKUP_PREFIX", "SECRET_KEY", "METRICS_TOKEN", "MAINTENANCE_MESSAGE", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("MARISTAN_ENV=test\nBACKUP_PREFIX=fmu\nMAINTENANCE_MESSAGE=written\n")
    (tmp_path / "token").write_text("a-secret-of-the-file")
    given = {
        "MARISTAN_HOME": str(tmp_path), "SECRET_KEY": "s" * 60, "MAINTENANCE_MESSAGE": "real",
        "METRICS_TOKEN_FILE": str(tmp_path / "token"),
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.ENV = environment.load()
    others = [Client(make.member(role, role)) for role in ("admin", "auditor")]
    answer = olga.get(SETTINGS)
    found = {each["name"]: (each["value"], each["source"]) for each in answer.json["results"]}
    assert {name: found[name] for name in ("BACKUP_PREFIX", "MAINTENANCE_MESSAGE", "BACKUP_KEEP_DAILY", "DEBUG")} == {
        "BACKUP_PREFIX": ("fmu", "env_file"), "MAINTENANCE_MESSAGE": ("real", "environment"),
        "BACKUP_KEEP_DAILY": ("7", "default"), "DEBUG": ("false", "default"),
    }  # fmt: skip
    secrets = {name: found[name] for name in ("SECRET_KEY", "METRICS_TOKEN", "EMAIL_HOST_PASSWORD")}
    assert secrets == {
        "SECRET_KEY": ("set", "environment"), "METRICS_TOKEN": ("set", "file"),
        "EMAIL_HOST_PASSWORD": ("unset", "default"),
    }  # fmt: skip
    for body in (answer.body, olga.get(f"{SETTINGS}export/?format=csv").body):
        assert (b"a-secret-of-the-file" in body, b"ssss" in body, b"BACKUP_PREFIX" in body) == (False, False, True)
    assert [each.get(SETTINGS).status for each in others] == [403, 403]


def written() -> None:
    """Two lines of the platform's chain, and one of the institution."""
    with tenancy.acting_in(None):
        by = platform(None, "Olga")
        chain.record(kind="backup.completed", subject=("backup", "fmu_1"), by=by, changes={"bytes": 7})
        chain.record(kind="maintenance.started", subject=("maintenance", 4), by=by, changes={}, reason="Disks")
    journal.record("department.created", ("department", 3), by=platform(tenancy.current(), "Alice"))


def kinds(answer) -> list[str]:
    """What an answer lists."""
    return [each["kind"] for each in answer.json["results"]]


def test_what_a_person_did_is_found(olga: Client) -> None:
    of_alice = make.member("Alice", "admin")
    alice = Client(of_alice)
    assert alice.post("/api/v1/directory/departments/", {"code": "MED", "name": "Medicine"}).status == 201
    written()
    assert kinds(alice.get(f"{JOURNAL}?person={of_alice.pk}&kind=department")) == ["department.created"]
    assert kinds(alice.get(f"{JOURNAL}?kind=department")) == ["department.created"] * 2
    assert kinds(alice.get(f"{JOURNAL}?person={of_alice.pk + 1}")) == []


def test_olga_searches_the_chain_of_the_platform_and_alice_that_of_her_institution(olga: Client) -> None:
    alice, bob = Client(make.member("Alice", "admin")), Client(make.member("Bob", "student"))
    written()
    assert kinds(olga.get(JOURNAL)) == ["maintenance.started", "backup.completed"]
    assert kinds(olga.get(f"{JOURNAL}?kind=backup")) == ["backup.completed"]
    assert kinds(olga.get(f"{JOURNAL}?kind=backup.started")) == []
    assert kinds(olga.get(f"{JOURNAL}?subject=maintenance:4")) == ["maintenance.started"]
    assert kinds(olga.get(f"{JOURNAL}?subject=maintenance:5")) == []
    assert kinds(olga.get(f"{JOURNAL}?search=disks")) == ["maintenance.started"]
    late = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (kinds(olga.get(f"{JOURNAL}?from={late}")), len(kinds(olga.get(f"{JOURNAL}?to={late}")))) == ([], 2)
    assert kinds(alice.get(JOURNAL)) == ["department.created"]
    assert kinds(alice.get(f"{JOURNAL}?chain=institution")) == ["department.created"]
    assert (alice.get(f"{JOURNAL}?chain=platform").status, olga.get(f"{JOURNAL}?chain=institution").status) == (
        404,
        404,
    )
    assert (bob.get(JOURNAL).status, bob.get(f"{JOURNAL}export/").status) == (403, 403)
    exported = olga.get(f"{JOURNAL}export/?format=csv&kind=maintenance").body.decode()
    assert ("maintenance:4" in exported, "backup" in exported, "department" in exported) == (True, False, False)


@pytest.mark.parametrize(
    "query", ["from=yesterday", "to=2026-02-30T00:00:00Z", "person=x", "kinds=backup", "chain=all", "ordering=at"]
)
def test_a_bad_date_or_an_unknown_filter_of_the_journal_is_refused(olga: Client, query: str) -> None:
    found, exported = olga.get(f"{JOURNAL}?{query}"), olga.get(f"{JOURNAL}export/?{query}")
    named = [f"?{query.split('=')[0]}"]
    assert ([at for at, _ in found.pointers], [at for at, _ in exported.pointers]) == (named, named)
    assert (found.status, exported.status) == (422, 422)


def test_the_state_of_a_chain_is_how_far_it_is_sealed_and_what_the_last_check_found(olga: Client) -> None:
    written()
    alice, here = Client(make.member("Alice", "auditor")), tenancy.current()
    assert olga.get(f"{JOURNAL}chain/").json["position"] == 0
    with tenancy.acting_in(None):
        journal.seal()
    finding = {"code": "journal_broken", "app": "kernel", "subject": "journal line", "count": 2, "fixable": False}
    IntegrityRun.objects.create(
        at=timezone.now(), result="findings", seconds=1, findings=[{**finding, "sample_ids": [f"{here}:77", "5"]}]
    )
    IntegrityRun.objects.create(at=timezone.now(), app="agenda", result="sound", seconds=1)  # has read no chain
    of_platform, own = olga.get(f"{JOURNAL}chain/").json, alice.get(f"{JOURNAL}chain/").json
    assert (of_platform["position"], len(of_platform["digest"]), of_platform["broken_lines"]) == (2, 64, ["5"])
    assert of_platform["sealed_to"] is not None
    assert (own["position"], own["is_broken"], own["broken_lines"]) == (0, True, [f"{here}:77"])


def test_two_releases_are_told_apart_by_what_they_contain(olga: Client) -> None:
    kinds_of = ("capabilities", "migrations", "endpoints", "public", "jobs", "permissions", "settings", "dependencies")
    nothing = {**{kind: [] for kind in kinds_of}, "tables": {}, "bundle": {"screens": []}}
    alice = Client(make.member("Alice", "admin"))
    assert olga.get(COMPARISON).json == {"results": []}
    for name, screens in (("c" * 12, ["a.Old", "a.Both"]), ("d" * 12, ["a.Both", "a.New"])):
        run.release(name, manifest={**nothing, "bundle": {"screens": screens}})
    expected = {"results": [{"kind": "screens", "added": ["a.New"], "removed": ["a.Old"]}]}
    assert olga.get(f"{COMPARISON}?from={'c' * 12}&to={'d' * 12}").json == expected
    assert olga.get(COMPARISON).json == expected  # the newest and the one before it
    for wanted, near in (("d" * 11 + "e", "d" * 12), ("unknown", f"{'d' * 12}, {'c' * 12}")):
        answer = olga.get(f"{COMPARISON}?from={'c' * 12}&to={wanted}")
        assert (answer.status, answer.code) == (404, "not_found")
        assert answer.json["detail"] == f"There is no release '{wanted}'; near it are: {near}."
    assert alice.get(COMPARISON).status == 403


def operating(name: str, *roles: str) -> Client:
    """Somebody of the institution who also operates the platform."""
    who = make.member(name, *roles)
    User.objects.filter(pk=who.user_id).update(is_operator=True)
    return Client(who)


def test_an_operator_who_administers_an_institution_searches_both_chains_the_platforms_unless_asked(
    olga: Client,
) -> None:
    omar = operating("Omar", "admin")
    written()
    chains = {"": ["maintenance.started", "backup.completed"], "institution": ["department.created"]}
    chains["platform"] = chains[""]
    for name, expected in chains.items():
        assert kinds(omar.get(f"{JOURNAL}?chain={name}")) == expected
        assert (b"department:3" in omar.get(f"{JOURNAL}export/?chain={name}").body) is (name == "institution")
    said = {name: omar.get(f"{JOURNAL}chain/?chain={name}").json for name in chains}
    assert {name: each["chain"] for name, each in said.items()} == {
        "": "platform", "platform": "platform", "institution": "institution",
    }  # fmt: skip
    assert all(each["chains"] == ["platform", "institution"] for each in said.values())


@pytest.mark.parametrize("roles", [(), ("student",)])
def test_operating_the_platform_opens_no_journal_of_an_institution(olga: Client, roles: tuple[str, ...]) -> None:
    oscar = operating("Oscar", *roles)
    written()
    assert oscar.get(f"{JOURNAL}chain/").json["chains"] == ["platform"]
    for url in (JOURNAL, f"{JOURNAL}chain/", f"{JOURNAL}export/"):
        assert (oscar.get(f"{url}?chain=institution").status, oscar.get(url).status) == (404, 200)


def test_a_member_searches_the_chain_of_the_institution_alone(olga: Client) -> None:
    anna = Client(make.member("Anna", "auditor"))
    assert anna.get(f"{JOURNAL}chain/").json["chains"] == ["institution"]
    for url in (JOURNAL, f"{JOURNAL}chain/", f"{JOURNAL}export/"):
        assert (anna.get(f"{url}?chain=platform").status, anna.get(f"{url}?chain=both").status) == (404, 422)


def test_a_long_file_of_an_institution_is_written_by_a_job_also_for_an_operator_of_it(
    olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    omar = operating("Omar", "admin")
    written()
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 0)
    assert omar.get(f"{JOURNAL}export/").status == 200
    answer = omar.get(f"{JOURNAL}export/?chain=institution")
    assert answer.status == 202
    assert Job.objects.get(pk=answer.json["job_id"]).result["wanted"]["chain"] == "institution"


@pytest.mark.parametrize(
    ("job", "refusal"),
    [
        ({"kind": "kernel.import"}, NotFound), ({"status": Job.Status.RUNNING}, NotNow),
        ({"result": {"file": 10**9}}, NotFound), ({"result": None}, NotFound),
    ],
)  # fmt: skip
def test_a_file_of_the_journal_is_had_from_a_job_that_wrote_one_which_is_still_there(
    db, monkeypatch: pytest.MonkeyPatch, job: dict[str, Any], refusal: type[Exception]
) -> None:
    by = platform(make.institution().pk)
    file = files.store(b"id\r\n", name="journal.csv", content_type="text/csv", by=by)
    made = {
        "kind": journal_files.JOB,
        "status": Job.Status.SUCCEEDED,
        "result": {"file": file.pk},
        "Status": Job.Status,
    }
    monkeypatch.setattr(queries.jobs, "get", lambda pk, actor: SimpleNamespace(**made))
    assert queries.exported(7, actor=by, kind=journal_files.JOB) == file
    made |= job
    with pytest.raises(refusal):
        queries.exported(7, actor=by, kind=journal_files.JOB)
