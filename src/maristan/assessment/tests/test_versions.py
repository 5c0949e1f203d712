"""Who writes over something names the version that they read, and nothing is changed where that is missing or old."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from maristan.assessment.models import GradeScheme
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client

pytestmark = pytest.mark.django_db
SCHEMES = "/api/v1/assessment/grade-schemes/"
RESULTS = "/api/v1/assessment/results/"
BANDS = [{"min_percent": "50", "letter": "P"}, {"min_percent": "0", "letter": "F", "is_fail": True}]


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


@dataclass
class Written:
    """Something that Eve changes: where, with what, and its present version."""

    by: Client
    url: str
    body: dict[str, Any]
    version: int
    seen_at: str = ""

    def seen(self) -> Any:
        """How it stands, alone or in its list."""
        answer = self.by.get(self.seen_at or self.url)
        assert answer.status == 200
        return answer.json


def an_exam(of: make.College) -> Written:
    pk = make.draft(of)
    return Written(of.eve, f"{EXAMS}{pk}/", {"title": "Final"}, make.exam(pk).version)


def a_component(of: make.College) -> Written:
    pk = make.draft(of)
    return Written(
        of.eve, f"{EXAMS}{pk}/components/{make.components(pk)[0]}/", {"name": "Paper"}, 1, f"{EXAMS}{pk}/components/"
    )


def a_seat(of: make.College) -> Written:
    pk = make.draft(of)
    url = f"{EXAMS}{pk}/candidates/{make.candidates(pk)[0]}/"
    listed = f"{EXAMS}{pk}/candidates/"
    return Written(of.eve, url, {"seat_no": "12"}, of.eve.get(listed).json["results"][0]["version"], listed)


def a_scheme(of: make.College) -> Written:
    made = of.eve.post(SCHEMES, {"name": "Diploma", "bands": BANDS}).json
    return Written(of.eve, f"{SCHEMES}{made['id']}/", {"bands": [BANDS[1]]}, made["version"])


def an_item(of: make.College) -> Written:
    pk, book = make.announced(of), f"/api/v1/assessment/sections/{of.section.pk}/gradebook/"
    item = of.khan.post(f"{book}items/", {"exam": pk, "weight": "40"}).json["items"][0]
    return Written(of.khan, f"{book}items/{item['id']}/", {"weight": "50"}, item["version"], book)


THINGS = [an_exam, a_component, a_seat, a_scheme, an_item]


@pytest.mark.parametrize("make_one", THINGS, ids=lambda each: each.__name__)
def test_a_change_without_a_version_is_428_and_of_an_old_one_412(make_one: Any) -> None:
    one = make_one(make.college())
    before, lines = one.seen(), JournalLine.objects.count()
    for version, status, code in ((None, 428, "version_required"), (one.version + 1, 412, "stale_version")):
        refused = one.by.patch(one.url, one.body, version=version)
        assert (refused.status, refused.code) == (status, code)
    assert JournalLine.objects.count() == lines
    assert one.seen() == before
    assert one.by.patch(one.url, one.body, version=one.version).status == 200
    again = one.by.patch(one.url, one.body, version=one.version)
    assert (again.status, again.code) == (412, "stale_version")


def test_a_move_of_what_was_changed_meanwhile_is_412() -> None:
    of = make.college()
    pk = make.draft(of)
    assert of.eve.post(f"{EXAMS}{pk}/moves/announce/", {}, version=make.exam(pk).version + 1).status == 412
    assert make.exam(pk).status == "draft"
    scheme = of.eve.post(SCHEMES, {"name": "Diploma", "bands": BANDS}).json
    assert of.eve.post(f"{SCHEMES}{scheme['id']}/moves/activate/", {}, version=scheme["version"] + 1).status == 412
    assert GradeScheme.objects.get(pk=scheme["id"]).status == "draft"
    done = make.published(of)
    row = make.exam(done).results.earliest("pk")
    with clock.stopped_at(make.LATER):
        url = f"{RESULTS}{row.pk}/moves/freeze/"
        assert of.eve.post(url, {}, version=row.version + 1).status == 412
        row.refresh_from_db()
        assert row.status == "published"
        assert of.eve.post(url, {}, version=row.version).status == 200


DECIDING: list[tuple[str, Any]] = [
    ("passing_mode", "hybrid"), ("pass_total_marks", "40"), ("pass_total_percent", "40"),
    ("fail_if_any_component_fail", True), ("requires_eligibility", True),
]  # fmt: skip
OF_PARTS: list[tuple[str, Any]] = [("is_mandatory_to_pass", True), ("pass_marks", "1"), ("pass_percent", "10")]


@pytest.mark.parametrize(("field", "value"), DECIDING)
def test_an_office_assistant_is_told_which_field_of_the_rule_is_not_theirs(field: str, value: Any) -> None:
    of = make.college()
    asked = {"pass_total_percent": None, field: value}
    refused = of.otto.post(EXAMS, make.body(of, **asked))
    assert (refused.status, refused.json["fields"]) == (403, [field])
    pk = make.draft(of, pass_total_percent=None)
    before = getattr(make.exam(pk), field)
    refused = of.otto.patch(f"{EXAMS}{pk}/", {"title": "Final", field: value}, version=make.exam(pk).version)
    assert (refused.status, refused.json["fields"]) == (403, [field])
    row = make.exam(pk)
    assert (row.title, getattr(row, field)) == ("Pathology final", before)


@pytest.mark.parametrize(("field", "value"), OF_PARTS)
def test_an_office_assistant_is_told_which_field_of_a_component_is_not_theirs(field: str, value: Any) -> None:
    of = make.college()
    pk = make.draft(of)
    parts, viva = f"{EXAMS}{pk}/components/", make.exam(pk).components.get(name="Viva")
    refused = of.otto.post(parts, {"name": "Oral", "max_marks": "20", field: value})
    assert (refused.status, refused.json["fields"]) == (403, [field])
    refused = of.otto.patch(f"{parts}{viva.pk}/", {"name": "Oral", field: value}, version=1)
    assert (refused.status, refused.json["fields"]) == (403, [field])
    kept = make.exam(pk).components.get(pk=viva.pk)
    assert (kept.name, getattr(kept, field)) == ("Viva", getattr(viva, field))
    assert make.exam(pk).components.count() == 2
