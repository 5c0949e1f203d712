"""What a check of stored facts says, who may ask for one, and how far it is."""

import pytest
from django.db import connection

from maristan.directory.tests import factories as make
from maristan.kernel.access import platform
from maristan.kernel.errors import NotAllowed, NotFound
from maristan.kernel.integrity import Unchecked
from maristan.kernel.journal import lines_of
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.operations.actions import integrity as actions
from maristan.operations.models import IntegrityRun
from maristan.operations.queries import integrity as queries
from maristan.operations.rules import integrity as rules
from maristan.operations.rules.integrity import Check, Found
from maristan.operations.tests import factories as run

INTEGRITY = "/api/v1/operations/integrity/"


def a_check(code: str = "wrong", **values) -> Check:
    return Check(**{"app": "agenda", "code": code, "subject": "entry", "find": lambda by: [], **values})


def test_findings_of_all_institutions_are_one_with_at_most_twenty_samples() -> None:
    wrong, lost = a_check(mend=lambda ids, by: {}), a_check("lost", is_platform=True)
    said = rules.findings(
        [Found(wrong, 1, (7, 8)), Found(lost, None, ("table",)), Found(wrong, 2, tuple(range(30))), Found(wrong, 3, ())]
    )
    assert [(each["code"], each["count"], each["fixable"]) for each in said] == [
        ("lost", 1, False),
        ("wrong", 32, True),
    ]
    assert said[0]["sample_ids"] == ["table"]
    assert (said[1]["sample_ids"][:3], len(said[1]["sample_ids"])) == (["1:7", "1:8", "2:0"], 20)


@pytest.mark.parametrize(
    ("promised", "now", "lost"),
    [
        ({"line": 10}, {"line": 9}, ["line"]),  # rows of this table are never removed
        ({"line": 10}, {"line": 10}, []),
        ({"mark": 100}, {"mark": 50}, []),
        ({"mark": 100}, {"mark": 49}, ["mark"]),
        ({"mark": 49}, {"mark": 0}, []),  # so few say nothing
        ({"mark": 100}, {}, []),  # the table is not there any more: a matter of the schema
    ],
)
def test_rows_are_lost_when_fewer_are_left_than_the_last_set_has(promised, now, lost) -> None:
    assert rules.lost_rows(promised, now, kept_for_ever={"line"}) == lost


@pytest.fixture
def olga(db, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Olga, and one check that finds what the test wants."""
    make.institution()
    monkeypatch.setattr(queries, "_checks", [a_check(find=lambda by: [3])])
    return Client(run.operator())


def test_an_operator_asks_for_a_check_and_sees_how_far_it_is_and_what_it_found(olga: Client) -> None:
    asked = olga.post(INTEGRITY, {})
    assert (asked.status, asked.json["progress_url"]) == (
        202, f"/api/v1/operations/progress/{asked.json['job_id']}/",
    )  # fmt: skip
    url = asked.json["progress_url"]
    assert olga.get(url).json == {"status": "queued", "percent": 0, "step": "queued", "message": "", "result": None}
    assert "operations.check_integrity" in run_jobs()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'started', now() - interval '1 minute')",
            [asked.json["job_id"]],
        )
    kept = IntegrityRun.objects.get()
    assert olga.get(f"{url}?wait=1").json == {
        "status": "succeeded", "percent": 100, "step": "checked", "message": "",
        "result": {"run": kept.pk, "result": "findings"},
    }  # fmt: skip
    [shown] = olga.get(INTEGRITY).json["results"]
    assert (shown["result"], shown["started_by"], shown["findings"][0]["code"]) == ("findings", "olga", "wrong")
    assert "wrong 1" in olga.get(f"{INTEGRITY}export/?format=csv").body.decode()


def test_nobody_of_an_institution_asks_for_checks_or_sees_them(olga: Client) -> None:
    with pytest.raises(NotAllowed):
        actions.ask(by=make.acting_as("admin"))
    for role in ("admin", "auditor"):
        alice = Client(make.member(f"Alice {role}", role))
        for answer in (alice.get(INTEGRITY), alice.post(INTEGRITY, {})):
            assert (answer.status, answer.json["code"]) == (403, "not_allowed")
    assert (IntegrityRun.objects.count(), run_jobs()) == (0, [])


def test_progress_of_work_that_is_none_of_operations_is_not_found(olga: Client) -> None:
    other = run.failed_job("kernel.deliver_line")
    assert olga.get(f"/api/v1/operations/progress/{other}/").status == 404
    failed = run.failed_job("operations.check_integrity")
    assert olga.get(f"/api/v1/operations/progress/{failed}/").json["status"] == "failed"


def test_what_cannot_be_checked_is_said_and_is_no_finding(db, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_to_say(by):
        raise Unchecked("there is no set")

    monkeypatch.setattr(queries, "_checks", [a_check("lost", find=nothing_to_say, is_platform=True)])
    looked = actions.check(by=platform(None, "Olga"))
    assert (looked.row.result, looked.not_checked) == ("sound", ["agenda lost: there is no set"])
    [line] = lines_of("integrity", looked.row.pk)
    assert (line.kind, line.changes["not_checked"]) == ("integrity.checked", looked.not_checked)
    with pytest.raises(NotFound):
        actions.check(app="nobody", by=platform(None, "Olga"))
