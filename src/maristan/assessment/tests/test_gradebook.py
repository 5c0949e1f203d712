"""The gradebook of a section, and its items and scores in the words of the system before."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from maristan.assessment.models import GradebookItem, ResultEntry
from maristan.assessment.queries import legacy
from maristan.assessment.rules.gradebook import Standing, standing
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.config.tests.counting import counted
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client

pytestmark = pytest.mark.django_db
LEGACY = "/api/legacy/assessments/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    cache.clear()
    with clock.stopped_at(make.CLOCK), clock.stopped_at(make.LATER):
        yield


def college(learners: int = 3) -> make.College:
    with clock.stopped_at(make.CLOCK):
        return make.college(learners=learners)


def published(of: make.College, title: str, theory: str = "45", viva: str = "30") -> int:
    """An exam whose results are published, the same for everybody; gives its id."""
    with clock.stopped_at(make.CLOCK):
        pk = make.marking(of, title=title)
    make.filled(of, pk, theory, viva)
    for name in ("verify", "publish"):
        assert make.move_all(of.eve, pk, name).status == 200
    return pk


def book(of: make.College) -> str:
    return f"/api/v1/assessment/sections/{of.section.pk}/gradebook/"


def count(client: Client, of: make.College, exam: int, weight: str) -> Answer:
    return client.post(f"{book(of)}items/", {"exam": exam, "weight": weight})


def reached(client: Client, of: make.College) -> list[tuple[str, Any, Any, str]]:
    rows = client.get(book(of)).json["rows"]
    return [(each["full_name"], each["running"], each["final"], each["letter"]) for each in rows]


WEIGHTS = {1: Decimal(30), 2: Decimal(70)}


@pytest.mark.parametrize(
    ("weights", "percentages", "expected"),
    [
        (WEIGHTS, {}, Standing()),
        (WEIGHTS, {1: Decimal("66.67")}, Standing(Decimal("66.67"))),
        (WEIGHTS, {1: Decimal(60), 2: Decimal(80)}, Standing(Decimal("74.00"), Decimal("74.00"))),
        (WEIGHTS, {1: Decimal("33.33"), 2: Decimal("66.68")}, Standing(Decimal("56.68"), Decimal("56.68"))),
        ({1: Decimal(30), 2: Decimal("69.99")}, {1: Decimal(60), 2: Decimal(80)}, Standing(Decimal("74.00"))),
        (WEIGHTS, {1: Decimal(60), 2: None}, Standing(Decimal("60.00"))),
        ({}, {}, Standing()),
    ],
)
def test_what_weights_and_percentages_come_to(weights: Any, percentages: Any, expected: Standing) -> None:
    assert standing(weights, percentages) == expected


def test_the_final_grade_appears_at_exactly_100_with_every_item_published() -> None:
    of = college()
    first = published(of, "Midterm")
    made = count(of.khan, of, first, "40")
    assert (made.status, made.json["weights_total"], made.json["is_whole"]) == (201, "40.00", False)
    assert reached(of.khan, of)[0] == ("Sara", "75.00", None, "")
    with clock.stopped_at(make.CLOCK):
        second = make.marking(of, title="Final")
    assert count(of.khan, of, second, "59.99").status == 201
    assert reached(of.khan, of)[0] == ("Sara", "75.00", None, "")
    item = GradebookItem.objects.get(exam_id=second)
    url = f"{book(of)}items/{item.pk}/"
    assert of.khan.patch(url, {"weight": "60"}, version=1).json["is_whole"] is True
    assert reached(of.khan, of)[0] == ("Sara", "75.00", None, "")
    make.filled(of, second, "60", "30")
    make.move_all(of.eve, second, "verify")
    assert reached(of.khan, of)[0] == ("Sara", "75.00", None, "")
    make.move_all(of.eve, second, "publish")
    assert reached(of.khan, of) == [(each, "84.00", "84.00", "B+") for each in ("Sara", "Bilal", "Learner 0002")]
    assert of.khan.patch(url, {"weight": "59.99"}, version=2).status == 200
    assert reached(of.khan, of)[0] == ("Sara", "84.00", None, "")


def test_weights_add_to_100_at_most_and_an_exam_counts_once_in_its_own_section() -> None:
    of = college()
    exam = published(of, "Midterm")
    assert count(of.khan, of, exam, "0").pointers == [("/weight", "bad_value")]
    assert count(of.khan, of, exam, "60").status == 201
    twice = count(of.khan, of, exam, "10")
    assert (twice.status, twice.code) == (409, "already_counts")
    with clock.stopped_at(make.CLOCK):
        other, third = make.draft(of, title="Quiz"), make.draft(of, title="Cancelled")
        make.move(of.eve, third, "cancel", reason="The paper leaked")
    full = count(of.khan, of, other, "40.01")
    assert (full.status, full.pointers) == (422, [("/weight", "weights_above_100")])
    gone = count(of.khan, of, third, "10")
    assert (gone.status, gone.code) == (409, "exam_cancelled")
    elsewhere = make.academics.section(make.academics.course("X", of.section.academic_period.program))
    foreign = of.eve.post(EXAMS, {**make.body(of, title="Other"), "section": elsewhere.pk, "audience": []}).json["id"]
    refused = count(of.eve, of, foreign, "10")
    assert (refused.status, refused.pointers) == (422, [("/exam", "other_section")])
    assert count(of.eve, of, 999_999, "10").pointers == [("/exam", "unknown_reference")]
    item = GradebookItem.objects.get()
    assert count(of.khan, of, other, "40").status == 201
    over = of.khan.patch(f"{book(of)}items/{item.pk}/", {"weight": "60.01"}, version=1)
    assert over.pointers == [("/weight", "weights_above_100")]
    assert of.khan.patch(f"{book(of)}items/{item.pk}/", {"weight": "50"}).code == "version_required"
    assert list(GradebookItem.objects.order_by("pk").values_list("weight", flat=True)) == [60, 40]


def test_a_learner_sees_the_own_line_alone_and_strangers_nothing() -> None:
    of = college()
    count(of.khan, of, published(of, "Midterm"), "100")
    mine = of.sara.get(book(of)).json
    assert [(each["full_name"], each["final"]) for each in mine["rows"]] == [("Sara", "75.00")]
    assert mine["may_manage"] is False
    other = Client(directory.member("Omar", "student"))
    fox = Client(directory.member("Dr Fox", "faculty"))
    zoe = Client(directory.member("Zoe", "coordinator", scope=("program", 999)))
    assert [each.get(book(of)).status for each in (other, fox, zoe)] == [404, 404, 404]
    assert of.otto.get(book(of)).status == 403
    assert len(of.cora.get(book(of)).json["rows"]) == 3
    auditor = Client(directory.member("Audrey", "auditor"))
    assert auditor.get(book(of)).json["may_manage"] is False


def test_teachers_and_coordinators_weigh_and_others_do_not() -> None:
    of = college()
    exam = published(of, "Midterm")
    fox = Client(directory.member("Dr Fox", "faculty"))
    assert (count(of.sara, of, exam, "40").status, count(fox, of, exam, "40").status) == (403, 404)
    assert not GradebookItem.objects.exists()
    assert count(of.cora, of, exam, "40").status == 201
    item = GradebookItem.objects.get()
    url = f"{book(of)}items/{item.pk}/"
    assert of.sara.delete(url).status == 403
    assert fox.patch(url, {"weight": "50"}, version=1).status == 404
    assert GradebookItem.objects.get().weight == 40
    assert of.khan.delete(url).json["items"] == []
    kinds = JournalLine.objects.filter(subject_kind="gradebook_item").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["gradebook_item.created", "gradebook_item.deleted"]


def test_the_gradebook_as_a_file_has_a_column_for_each_item() -> None:
    of = college()
    count(of.khan, of, published(of, "Midterm"), "40")
    answer = of.khan.django.get(f"{book(of)}export/?format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[:2] == [
        "reg_no,full_name,Midterm (40.00 %),running,final,letter", "P-0000,Sara,75.00,75.00,,",
    ]  # fmt: skip
    own = of.sara.django.get(f"{book(of)}export/?format=csv")
    assert len(b"".join(own.streaming_content).decode("utf-8-sig").splitlines()) == 2


def test_a_gradebook_costs_the_same_for_few_and_for_many() -> None:
    of = college(learners=40)
    spent = []
    for title in ("Midterm", "Final", "Quiz"):
        count(of.khan, of, published(of, title), "30")
        with counted() as found:
            assert len(of.khan.get(book(of)).json["rows"]) == 40
        spent.append(len(found))
    assert spent[0] == spent[1] == spent[2] <= 8


def test_another_institution_sees_no_gradebook() -> None:
    of = college()
    count(of.khan, of, published(of, "Midterm"), "40")
    item = GradebookItem.objects.get().pk
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert zara.get(book(of)).status == 404
    assert zara.delete(f"{book(of)}items/{item}/").status == 404


# --- the words of the system before --------------------------------------------------------------------------------


def quiz(of: make.College) -> tuple[int, int]:
    """An exam of one component that is being marked and counts in the section: its id, and the item's."""
    with clock.stopped_at(make.CLOCK):
        pk = of.eve.post(EXAMS, make.body(of, title="Quiz", exam_type="quiz")).json["id"]
        assert of.eve.post(f"{EXAMS}{pk}/components/", {"name": "Paper", "max_marks": "10"}).status == 201
        assert make.move(of.eve, pk, "announce").status == 200
    assert make.move(of.eve, pk, "start_marking").status == 200
    assert count(of.khan, of, pk, "10").status == 201
    return pk, GradebookItem.objects.get(exam_id=pk).pk


def test_items_and_scores_are_read_in_the_words_of_before(settings: Any) -> None:
    of = college()
    count(of.khan, of, published(of, "Midterm"), "40")
    item = GradebookItem.objects.get().pk
    assert of.khan.get(LEGACY).status == 404
    settings.ENABLE_LEGACY_MODULES = True
    shown = of.khan.get(LEGACY)
    assert shown.json["results"] == [
        {"id": item, "section": of.section.pk, "type": "theory", "title": "Midterm", "weight": "40.00"}
    ]
    assert shown.headers["Link"] == '</api/v1/assessment/exams/>; rel="successor-version"'
    assert of.sara.get(f"{LEGACY}{item}/").json["title"] == "Midterm"
    (mine,) = of.sara.get(f"{LEGACY}{item}/scores/").json["results"]
    assert {name: mine[name] for name in ("assessment", "student", "score", "max_score")} == {
        "assessment": item, "student": of.students[0].pk, "score": "75.00", "max_score": "100.00",
    }  # fmt: skip
    assert set(mine) == {"id", "assessment", "student", "score", "max_score"}
    assert of.khan.get(f"{LEGACY}{item}/scores/").json["count"] == 3
    assert of.khan.get(f"{LEGACY}{item}/scores/?student={of.students[1].pk}").json["count"] == 1
    assert [each["id"] for each in of.eve.get(LEGACY).json["results"]] == [item]
    with pytest.raises(NotFound):
        legacy.score(item, student=10**9, actor=directory.actor(of.khan_person))
    other = Client(directory.member("Omar", "student"))
    assert (other.get(LEGACY).json["count"], other.get(f"{LEGACY}{item}/scores/").status) == (0, 404)
    refused = of.khan.post(f"{LEGACY}{item}/scores/", {"student": of.students[0].pk, "score": 3})
    assert (refused.status, refused.code) == (409, "LEGACY_WRITES_DISABLED")


def test_unpublished_scores_are_no_learners_business_there_either(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = True
    of = college()
    pk, item = quiz(of)
    make.enter(of.khan, pk, make.cell(make.candidates(pk)[0], make.components(pk)[0], "7"))
    assert of.sara.get(f"{LEGACY}{item}/scores/").json["count"] == 0
    assert of.khan.get(f"{LEGACY}{item}/scores/?student={of.students[0].pk}").json["results"][0]["score"] == "7.00"


def test_a_score_is_a_mark_of_an_exam_of_one_component(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = settings.ALLOW_LEGACY_WRITES = True
    of = college()
    _, item = quiz(of)
    url, sara = f"{LEGACY}{item}/scores/", of.students[0].pk
    made = of.khan.post(url, {"student": sara, "score": "7.5"})
    assert (made.status, made.json["score"], made.json["student"]) == (201, "7.50", sara)
    assert of.khan.post(url, {"student": sara, "score": 8}).json["score"] == "8.00"
    for score, code in (("10.01", "out_of_range"), ("7.125", "too_many_decimals"), ("x", "not_a_number")):
        assert of.khan.post(url, {"student": sara, "score": score}).pointers == [("/score", code)]
    assert of.khan.post(url, {"student": 999_999, "score": 1}).pointers == [("/student", "unknown_reference")]
    assert of.sara.post(url, {"student": sara, "score": 10}).status == 403
    assert ResultEntry.objects.get().marks == 8
    whole = published(of, "Midterm")
    count(of.khan, of, whole, "40")
    several = GradebookItem.objects.get(exam_id=whole).pk
    refused = of.khan.post(f"{LEGACY}{several}/scores/", {"student": sara, "score": 1})
    assert (refused.status, refused.code) == (409, "several_components")


def test_a_published_score_is_not_written(settings: Any) -> None:
    settings.ENABLE_LEGACY_MODULES = settings.ALLOW_LEGACY_WRITES = True
    of = college()
    pk, item = quiz(of)
    part = make.components(pk)[0]
    make.enter(of.khan, pk, *(make.cell(who, part, "7") for who in make.candidates(pk)))
    for name in ("verify", "publish"):
        make.move_all(of.eve, pk, name)
    refused = of.khan.post(f"{LEGACY}{item}/scores/", {"student": of.students[0].pk, "score": 8})
    assert (refused.status, refused.code) == (409, "IMMUTABLE_RESULT")
    assert set(ResultEntry.objects.values_list("marks", flat=True)) == {7}
