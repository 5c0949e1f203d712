"""What operators look at first."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from maristan.config.tests.counting import counted
from maristan.directory.tests import factories as make
from maristan.kernel.tests.client import Client
from maristan.operations.models import BackupSet, Verification
from maristan.operations.queries import build, figures
from maristan.operations.tests import factories as run

pytestmark = pytest.mark.django_db
OVERVIEW = "/api/v1/operations/overview/"


def test_nothing_is_claimed_that_was_never_seen() -> None:
    said = Client(run.operator()).get(OVERVIEW).json
    assert (said["verification"], said["started_at"]) == (None, None)
    assert said["backup"] == {"name": None, "proven_at": None, "age_hours": None, "offsite_at": None, "drill": None}
    assert said["processes"] == {"web": 0, "worker": 0, "differing_build": 0}
    assert said["alerts"] == {"critical": 0, "warning": 0, "evaluated_at": None}
    assert said["jobs"]["oldest_seconds"] is None
    assert all(0 < each["used_ratio"] < 1 for each in said["disks"])


def test_figures_are_those_of_the_tables() -> None:
    now, ours = timezone.now(), build.running().build_id
    run.process("web", build_id=ours, code_build_id=ours)
    run.process("worker", build_id=ours, code_build_id="f" * 12)
    run.process("worker", seen=now - timedelta(minutes=2))
    run.failed_job()
    BackupSet.objects.create(
        name="a", reason="manual", status="proven", created_at=now - timedelta(hours=5), location="/b/a",
        format="custom", media="copy", proven_at=now, tables_compared=3,
    )  # fmt: skip
    BackupSet.objects.create(
        name="b", reason="manual", status="created", created_at=now, location="/b/b", format="custom", media="copy"
    )
    Verification.objects.create(build_id=ours, at=now, scope="quick", result="verified", seconds=1.5)
    said = Client(run.operator()).get(OVERVIEW).json
    assert (said["backup"]["name"], said["backup"]["age_hours"]) == ("a", 5.0)
    assert said["processes"] == {"web": 1, "worker": 1, "differing_build": 1}
    assert (said["verification"]["result"], said["build"]) == ("verified", ours)
    assert said["jobs"]["failed_24h"] == 1


def test_what_another_build_was_found_to_be_says_nothing_of_this_one() -> None:
    olga, ours, now = Client(run.operator()), build.running().build_id, timezone.now()

    def verified(build_id: str, at: datetime, result: str) -> None:
        Verification.objects.create(build_id=build_id, at=at, scope="quick", result=result, seconds=1.5)

    verified("f" * 12, now, "verified")
    assert olga.get(OVERVIEW).json["verification"] is None
    verified(ours, now, "verified_with_warnings")
    verified("f" * 12, now + timedelta(hours=1), "not_verified")
    assert olga.get(OVERVIEW).json["verification"]["result"] == "verified_with_warnings"


def test_what_a_full_verification_misses_stands_until_a_full_one_finds_it() -> None:
    olga, ours, now = Client(run.operator()), build.running().build_id, timezone.now()
    for hour, (scope, result, counts) in enumerate((
        ("full", "not_verified", ("full", "not_verified")),
        ("quick", "verified", ("full", "not_verified")),
        ("quick", "not_verified", ("quick", "not_verified")),
        ("quick", "verified", ("full", "not_verified")),
        ("full", "verified_with_warnings", ("full", "verified_with_warnings")),
        ("quick", "verified", ("quick", "verified")),
        ("quick", "not_verified", ("quick", "not_verified")),
        ("full", "verified", ("full", "verified")),
    )):  # fmt: skip
        run.verification(ours, at=now + timedelta(hours=hour), scope=scope, result=result)
        said = olga.get(OVERVIEW).json["verification"]
        assert (said["scope"], said["result"]) == counts
        assert figures.evidence().is_verified is (counts[1] != "not_verified")
    run.verification("f" * 12, at=now + timedelta(days=1), scope="full", result="not_verified")
    assert figures.evidence().is_verified is True


def test_it_asks_at_most_twelve_times() -> None:
    olga = Client(run.operator())
    olga.get(OVERVIEW)
    with counted() as count:
        olga.get(OVERVIEW)
    assert len(count) <= 12


@pytest.mark.parametrize("role", ["admin", "auditor", "student"])
def test_nobody_of_an_institution_sees_the_machines(role: str) -> None:
    make.institution()
    answer: Any = Client(make.member("Bob", role)).get(OVERVIEW)
    assert (answer.status, answer.json["permission"]) == (403, "operations.view")
