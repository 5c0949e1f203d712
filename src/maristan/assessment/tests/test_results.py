"""Marks in the grid, and results from draft to frozen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from maristan.assessment import jobs
from maristan.assessment.actions import marks
from maristan.assessment.models import Candidate, Result, ResultEntry
from maristan.assessment.queries import contributions
from maristan.assessment.rules.results import RESULT, ResultFacts
from maristan.assessment.rules.states import EntryState, Outcome, ResultStatus
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.factories import EXAMS
from maristan.config.tests.counting import counted
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.errors import NotAllowed
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.kernel.workflow import Requirement

pytestmark = pytest.mark.django_db
RESULTS, MINE = "/api/v1/assessment/results/", "/api/v1/assessment/my/results/"
LONG_AFTER = "2026-06-01T10:00:00+05:00"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


@pytest.fixture
def _later() -> Iterator[None]:
    with clock.stopped_at(make.LATER):
        yield


def grid(client: Client, pk: int) -> dict[int, dict[str, Any]]:
    rows = client.get(f"{EXAMS}{pk}/grid/").json["rows"]
    return {each["candidate"]: each for each in rows}


def at_marking(learners: int = 3, **values: Any) -> tuple[make.College, int, list[int], list[int]]:
    of = make.college(learners=learners)
    pk = make.marking(of, **values)
    return of, pk, make.candidates(pk), make.components(pk)


def test_the_teacher_enters_marks_and_the_grid_shows_totals_and_outcome() -> None:
    of, pk, (sara, bilal, third), (theory, viva) = at_marking()
    with clock.stopped_at(make.LATER):
        saved = make.enter(
            of.khan, pk, make.cell(sara, theory, "۴۵.۵"), make.cell(sara, viva, 30), make.cell(bilal, theory, "AB"),
            make.cell(bilal, viva, "AB"), make.cell(third, theory, "20"),
        )  # fmt: skip
        assert (saved.status, saved.json["changed"], saved.json["unchanged"]) == (200, 5, 0)
        shown = grid(of.khan, pk)
        repeated = make.enter(of.khan, pk, make.cell(sara, viva, "30.00"))
    numbers = {who: (row["result"]["total_obtained"], row["result"]["percentage"], row["result"]["final_outcome"],
                     row["result"]["letter"]) for who, row in shown.items()}  # fmt: skip
    assert numbers == {
        sara: ("75.50", "75.50", "pass", "B"), bilal: ("0.00", "0.00", "fail", "F"),
        third: ("20.00", None, "pending", ""),
    }  # fmt: skip
    assert shown[sara]["cells"][0]["entered_by_name"] == "Dr Khan"
    assert (repeated.json["changed"], repeated.json["unchanged"]) == (0, 1)
    assert JournalLine.objects.filter(kind="marks.entered").count() == 1


def test_patch_of_50_cells_with_one_60_01_of_60_is_422_pointing_at_it_and_49_others_unsaved() -> None:
    of, pk, people, (theory, viva) = at_marking(learners=25)
    cells = [make.cell(who, part, "30") for who in people for part in (theory, viva)]
    cells[14] = make.cell(people[7], theory, "60.01")
    with clock.stopped_at(make.LATER):
        answer = make.enter(of.khan, pk, *cells)
        assert (answer.status, answer.pointers) == (422, [("/entries/14/marks", "out_of_range")])
        cells[14] = make.cell(people[7], theory, "45.125")
        assert make.enter(of.khan, pk, *cells).pointers == [("/entries/14/marks", "too_many_decimals")]
        cells[14] = make.cell(people[7], theory, 45.125)
        assert make.enter(of.khan, pk, *cells).pointers == [("/entries/14/marks", "too_many_decimals")]
        assert not ResultEntry.objects.exists()
        cells[14] = make.cell(people[7], theory, "60.00")
        assert make.enter(of.khan, pk, *cells).json["changed"] == 50


@pytest.mark.parametrize("marks", ["NaN", "45,5", True, [5], {"a": 1}, "", 1e300])
def test_what_is_no_marks_is_422_at_its_cell(marks: Any) -> None:
    of, pk, (sara, *_), (theory, _) = at_marking()
    with clock.stopped_at(make.LATER):
        answer = make.enter(of.khan, pk, {"candidate": sara, "component": theory, "state": "marked", "marks": marks})
    code = "out_of_range" if marks == 1e300 else "not_a_number"
    assert (answer.status, answer.pointers) == (422, [("/entries/0/marks", code)])


def test_only_a_person_enters_marks() -> None:
    of, pk, (sara, *_), (theory, _) = at_marking()
    cells = [marks.Cell(sara, theory, EntryState.MARKED, "45")]
    with clock.stopped_at(make.LATER), pytest.raises(NotAllowed):
        marks.enter(exam_id=pk, cells=cells, by=platform(of.batch.institution_id))
    assert not ResultEntry.objects.exists()


def test_what_is_verified_already_is_not_verified_again_and_the_inbox_says_who_is_next() -> None:
    of, pk, *_ = at_marking()
    jobs.settle_inbox.func(0)
    assert [waiting(each) for each in (of.khan, of.cora)] == [["exam_to_mark"], []]
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        assert make.move_all(of.eve, pk, "verify").json["moved"] == 3
        again = make.move_all(of.eve, pk, "verify")
    assert (again.status, again.code, again.missing) == (409, "NOT_VERIFIABLE", ["nothing_to_move"])
    assert JournalLine.objects.filter(kind="result.verified").count() == 1


def test_cells_of_others_twice_or_with_marks_and_no_state_are_named() -> None:
    of, pk, (sara, *_), (theory, _) = at_marking()
    with clock.stopped_at(make.LATER):
        absent = {**make.cell(sara, theory, "AB"), "marks": "3"}
        answer = make.enter(
            of.khan, pk, make.cell(999_999, theory, "3"), make.cell(sara, 999_999, "3"), make.cell(sara, theory, "3"),
            absent,
        )  # fmt: skip
    assert answer.pointers == [
        ("/entries/0/candidate", "unknown_reference"), ("/entries/1/component", "unknown_reference"),
        ("/entries/3", "duplicate_cell"), ("/entries/3/marks", "marks_without_state"),
    ]  # fmt: skip
    assert not ResultEntry.objects.exists()


def test_two_people_save_one_cell_and_the_second_learns_what_the_first_wrote() -> None:
    of, pk, (sara, bilal, _), (theory, _) = at_marking()
    with clock.stopped_at(make.LATER):
        assert make.enter(of.khan, pk, make.cell(sara, theory, "40", 0)).status == 200
        refused = make.enter(of.eve, pk, make.cell(sara, theory, "41", 0), make.cell(bilal, theory, "30", 0))
        assert (refused.status, refused.code) == (412, "stale_version")
        theirs = refused.json["cells"]
        assert [(each["candidate"], each["marks"], each["by"]) for each in theirs] == [(sara, "40.00", "Dr Khan")]
        assert ResultEntry.objects.count() == 1
        assert make.enter(of.eve, pk, make.cell(sara, theory, "41")).status == 428
        assert make.enter(of.eve, pk, make.cell(sara, theory, "41", theirs[0]["version"])).status == 200
    assert ResultEntry.objects.get().marks == 41


def test_an_emptied_cell_makes_the_result_pending_again() -> None:
    of, pk, (sara, *_), (theory, viva) = at_marking()
    with clock.stopped_at(make.LATER):
        make.enter(of.khan, pk, make.cell(sara, theory, "40"), make.cell(sara, viva, "30"))
        version = grid(of.khan, pk)[sara]["cells"][0]["version"]
        assert make.enter(of.khan, pk, make.cell(sara, theory, None, version)).json["changed"] == 1
    row = grid(of.khan, pk)[sara]
    assert (len(row["cells"]), row["result"]["final_outcome"], row["result"]["total_obtained"]) == (
        1,
        "pending",
        "30.00",
    )


def test_marks_enter_only_while_the_exam_is_marked_and_for_who_is_admitted() -> None:
    of = make.college()
    pk = make.announced(of, requires_eligibility=True)
    sara, theory = make.candidates(pk)[0], make.components(pk)[0]
    assert make.enter(of.khan, pk, make.cell(sara, theory, "40")).code == "exam_not_marking"
    with clock.stopped_at(make.LATER):
        make.move(of.eve, pk, "start_marking")
        refused = make.enter(of.khan, pk, make.cell(sara, theory, "40"))
    assert (refused.status, refused.code, refused.json["detail"]) == (
        409, "candidate_not_admitted", "no_eligibility_list",
    )  # fmt: skip
    assert not ResultEntry.objects.exists()


def test_learners_and_strangers_enter_nothing_and_an_examiner_only_the_own_component() -> None:
    of, pk, (sara, *_), (theory, viva) = at_marking()
    lee = directory.member("Dr Lee", "faculty")
    of.eve.post(f"{EXAMS}{pk}/examiners/", {"person": lee.pk, "component": viva})
    with clock.stopped_at(make.LATER):
        assert make.enter(of.sara, pk, make.cell(sara, theory, "60")).status == 403
        assert make.enter(of.cora, pk, make.cell(sara, theory, "60")).status == 403
        stranger = Client(directory.member("Dr Fox", "faculty"))
        assert make.enter(stranger, pk, make.cell(sara, theory, "60")).status == 404
        refused = make.enter(Client(lee), pk, make.cell(sara, theory, "60"), make.cell(sara, viva, "30"))
        assert (refused.status, refused.code, refused.json["components"]) == (403, "not_your_component", [theory])
        assert not ResultEntry.objects.exists()
        assert make.enter(Client(lee), pk, make.cell(sara, viva, "30")).status == 200
    assert of.sara.get(f"{EXAMS}{pk}/grid/").status == 404


def test_enterer_verifies_publish_from_draft_and_patch_when_published_are_refused_and_frozen_it_stays() -> None:
    of, pk, people, (theory, _) = at_marking()
    with clock.stopped_at(make.LATER):
        cells = [make.cell(who, part, "35") for who in people for part in make.components(pk)]
        assert make.enter(of.eve, pk, *cells).status == 200
        refused = make.move_all(of.eve, pk, "verify")
        assert (refused.status, refused.code, set(refused.missing)) == (409, "NOT_VERIFIABLE", {"verifier_differs"})
        refused = make.move_all(of.eve, pk, "publish")
        assert (refused.status, refused.code, set(refused.missing)) == (409, "NOT_PUBLISHABLE", {"wrong_status"})
        assert {each.status for each in Result.objects.all()} == {"draft"}
        assert make.move_all(of.cora, pk, "verify").json == {"moved": 3, "refused": []}
        assert of.sara.get(MINE).json["count"] == 0
        assert make.move_all(of.cora, pk, "publish").status == 403
        assert make.move_all(of.eve, pk, "publish").json["moved"] == 3
        version = grid(of.eve, pk)[people[0]]["cells"][0]["version"]
        refused = make.enter(of.eve, pk, make.cell(people[0], theory, "36", version))
        assert (refused.status, refused.code) == (409, "IMMUTABLE_RESULT")
        assert make.move_all(of.eve, pk, "freeze").json["moved"] == 3
        assert make.move(of.eve, pk, "complete").status == 200
        refused = make.enter(of.eve, pk, make.cell(people[0], theory, "36", version))
        assert (refused.status, refused.code) == (409, "IMMUTABLE_RESULT")
    shown = of.sara.get(MINE).json["results"]
    assert [(each["full_name"], each["status"], each["total_obtained"]) for each in shown] == [
        ("Sara", "frozen", "70.00")
    ]
    assert of.sara.get(RESULTS).json["count"] == 1
    own = Result.objects.get(person_id=of.students[0].person_id)
    for changed in ({"total_obtained": 99}, {"letter": "A+"}, {"status": "draft"}, {"final_outcome": "fail"}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Result.objects.filter(pk=own.pk).update(**changed)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        ResultEntry.objects.filter(result=own).update(marks=1)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        ResultEntry.objects.filter(result=own).delete()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Result.objects.filter(pk=own.pk)._raw_delete("default")


def test_the_enterer_verifies_where_the_institution_allows_it() -> None:
    of, pk, people, _ = at_marking()
    directory.setting("assessment.verifier_must_differ", False)
    with clock.stopped_at(make.LATER):
        make.enter(of.eve, pk, *(make.cell(who, part, "35") for who in people for part in make.components(pk)))
        assert make.move_all(of.eve, pk, "verify").json["moved"] == 3


def test_one_refusal_stops_all_and_what_is_possible_moves_with_the_others_listed() -> None:
    of, pk, (sara, bilal, third), (theory, viva) = at_marking()
    with clock.stopped_at(make.LATER):
        cells = [make.cell(who, part, "35") for who in (sara, bilal) for part in (theory, viva)]
        make.enter(of.khan, pk, *cells, make.cell(third, theory, "35"))
        refused = make.move_all(of.eve, pk, "verify")
        assert (refused.status, sorted(refused.missing)) == (409, ["marks_complete", "outcome_decided"])
        assert {each["where"]["reg_no"] for each in refused.json["missing"]} == {"P-0002"}
        assert {each.status for each in Result.objects.all()} == {"draft"}
        done = make.move_all(of.eve, pk, "verify", mode="possible").json
        assert (done["moved"], [each["reg_no"] for each in done["refused"]]) == (2, ["P-0002"])
        returned = make.move_all(of.eve, pk, "return")
        assert (returned.status, returned.code) == (422, "REASON_REQUIRED")
        assert make.move_all(of.eve, pk, "return", reason="Sheet two was missing").json["moved"] == 2
    assert {(each.status, each.verified_by_id) for each in Result.objects.all()} == {("draft", None)}


def test_one_result_moves_by_itself_and_a_double_press_is_refused() -> None:
    of, pk, *_ = at_marking()
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        first = Result.objects.earliest("pk").pk
        moves = {each["name"]: each["allowed"] for each in of.eve.get(f"{RESULTS}{first}/").json["moves"]}
        assert moves == {"verify": True, "return": False, "publish": False, "freeze": False}
        assert of.eve.post(f"{RESULTS}{first}/moves/verify/").json["status"] == "verified"
        again = of.eve.post(f"{RESULTS}{first}/moves/verify/")
        assert (again.status, again.code, again.missing) == (409, "NOT_VERIFIABLE", ["wrong_status"])
        refused = of.eve.post(f"{RESULTS}{first}/moves/freeze/")
        assert (refused.code, refused.missing) == ("NOT_FREEZABLE", ["wrong_status"])
    assert Result.objects.filter(status="verified").count() == 1


def test_what_another_app_asks_holds_publication_back_and_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of, pk, *_ = at_marking()
    owing, asked = of.students[0].person_id, []

    def fees(exam: int, persons: Any) -> dict[int, list[Requirement]]:
        asked.append(len(persons))
        return {owing: [Requirement("fees_paid", "Fees are paid")]}

    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        make.move_all(of.eve, pk, "verify")
        monkeypatch.setattr(contributions, "_to_publish", [])
        for _ in range(2):
            contributions.register_to_publish(fees)
        refused = make.move_all(of.eve, pk, "publish")
        assert (refused.code, refused.missing, asked) == ("NOT_PUBLISHABLE", ["fees_paid"], [3])
        assert make.move_all(of.eve, pk, "publish", mode="possible").json["moved"] == 2


def test_at_the_time_of_publication_what_is_verified_appears_in_the_name_of_who_set_it() -> None:
    of, pk, *_ = at_marking()
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        make.move_all(of.eve, pk, "verify")
        wanted, version = {"publish_at": LONG_AFTER}, make.exam(pk).version
        assert of.cora.patch(f"{EXAMS}{pk}/", wanted, version=version).status == 403
        assert of.eve.patch(f"{EXAMS}{pk}/", wanted, version=version).status == 200
        assert make.move_all(of.eve, pk, "publish").missing == ["publish_time_reached"] * 3
        by = jobs.platform(make.exam(pk).institution_id)
        assert jobs.result_moves.publish_due(by=by) == 0
    with clock.stopped_at(LONG_AFTER):
        assert (jobs.result_moves.publish_due(by=by), jobs.result_moves.publish_due(by=by)) == (3, 0)
    assert JournalLine.objects.get(kind="result.published").by_name == "Eve"
    assert of.sara.get(MINE).json["count"] == 1


def events(client: Client) -> list[tuple[str, str]]:
    found = client.get("/api/v1/comms/notifications/").json["results"]
    return [(each["event"], each["body"]) for each in found if each["event"].startswith("result")]


def waiting(client: Client) -> list[str]:
    found = client.get("/api/v1/work/inbox-items/").json["results"]
    return sorted(each["kind"] for each in found if each["closed_at"] is None)


def test_learners_are_told_once_without_marks_and_the_next_step_waits_for_whoever_takes_it() -> None:
    of, pk, *_ = at_marking()
    with clock.stopped_at(make.LATER):
        run_jobs()
        assert (waiting(of.khan), waiting(of.eve)) == (["exam_to_mark"], [])
        make.filled(of, pk)
        run_jobs()
        assert (waiting(of.khan), waiting(of.cora), waiting(of.eve)) == (
            [], ["results_to_verify"], ["results_to_verify"],
        )  # fmt: skip
        make.move_all(of.cora, pk, "verify")
        run_jobs()
        assert (waiting(of.cora), waiting(of.eve)) == ([], ["results_to_publish"])
        make.move_all(of.eve, pk, "publish")
        run_jobs()
        assert (waiting(of.eve), events(of.sara)) == ([], [("result.published", "Pathology")])


def test_a_learner_sees_neither_drafts_nor_others_and_the_office_sees_drafts_alone() -> None:
    of = make.college()
    pk = make.marking(of)
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        assert (of.sara.get(RESULTS).json["count"], of.otto.get(RESULTS).json["count"]) == (0, 3)
        for name in ("verify", "publish"):
            make.move_all(of.eve, pk, name)
    assert [each["full_name"] for each in of.sara.get(RESULTS).json["results"]] == ["Sara"]
    assert of.otto.get(RESULTS).json["count"] == 0
    assert {row["result"] is None for row in grid(of.otto, pk).values()} == {True}
    others = Result.objects.get(person_id=of.students[1].person_id).pk
    assert (of.sara.get(f"{RESULTS}{others}/").status, of.bilal.get(f"{RESULTS}{others}/").status) == (404, 200)
    assert of.bilal.get(f"{RESULTS}{others}/revisions/").status == 404
    assert of.eve.get(f"{RESULTS}{others}/revisions/").json["count"] == 1


def test_an_amended_component_is_judged_anew_and_holds_whose_marks_exceed_it() -> None:
    of, pk, (sara, *_), (theory, _) = at_marking()
    url = f"{EXAMS}{pk}/components/{theory}/"
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        wanted = {"max_marks": "44.99", "reason": "Question nine is void"}
        refused = of.eve.patch(url, wanted, version=1)
        assert (refused.status, refused.code, len(refused.json["missing"])) == (409, "marks_exceed_new_maximum", 3)
        assert of.eve.patch(url, {"pass_marks": "46"}, version=1).code == "REASON_REQUIRED"
        assert {each.final_outcome for each in Result.objects.all()} == {"pass"}
        done = of.eve.patch(url, {**wanted, "max_marks": "45", "pass_marks": "30"}, version=1)
        assert done.status == 200, done.json
    row = grid(of.eve, pk)[sara]["result"]
    assert (row["total_obtained"], row["total_max"], row["percentage"]) == ("75.00", "85.00", "88.24")
    assert set(ResultEntry.objects.filter(component_id=theory).values_list("max_marks", flat=True)) == {45}


def test_nothing_is_cancelled_once_a_result_is_published_and_an_exam_completes_when_all_are_frozen() -> None:
    of = make.college()
    pk = make.published(of)
    with clock.stopped_at(make.LATER):
        assert make.move(of.eve, pk, "cancel", reason="The paper leaked").missing == ["nothing_published"]
        refused = make.move(of.eve, pk, "complete")
        assert (refused.status, refused.missing) == (409, ["all_results_frozen"])
        make.move_all(of.eve, pk, "freeze")
        assert make.move(of.eve, pk, "complete").json["status"] == "completed"


def test_the_grid_costs_eight_and_marks_twelve_for_ten_cells_and_for_a_thousand() -> None:
    of, pk, people, (theory, viva) = at_marking(learners=500)
    with clock.stopped_at(make.LATER):
        with counted() as few:
            assert make.enter(of.khan, pk, *(make.cell(who, theory, "30") for who in people[:10])).status == 200
        cells = [make.cell(who, part, "31", 1) for who in people for part in (theory, viva)]
        for at in range(10):
            cells[2 * at]["version"] = 2
        for each in cells:
            each["version"] = each["version"] if each["version"] == 2 else 0
        with counted() as many:
            assert make.enter(of.khan, pk, *cells).json["changed"] == 1000
        with counted() as shown:
            assert len(grid(of.khan, pk)) == 500
        make.move_all(of.eve, pk, "verify")
        with counted() as published:
            assert make.move_all(of.eve, pk, "publish").json["moved"] == 500
    assert len(few) == len(many) <= 12, "\n".join(many.statements)
    assert len(shown) <= 8
    assert len(published) <= 25


def facts(**values: Any) -> ResultFacts:
    begun = datetime.fromisoformat(make.STARTS)
    found = {"status": ResultStatus.VERIFIED, "outcome": Outcome.PASS, "is_complete": True, "is_admitted": True}
    return ResultFacts(**{**found, "scheduled_at": begun, **values})


@pytest.mark.parametrize(
    ("minutes", "publish_at", "missing"),
    [
        (0, 0, []), (-1, None, ["exam_begun"]), (0, 1, ["publish_time_reached"]), (1, None, []), (60, 60, []),
        (-1, 0, ["exam_begun", "publish_time_reached"]),
    ],
)  # fmt: skip
def test_nothing_is_published_before_the_exam_or_before_its_time(
    minutes: int, publish_at: int | None, missing: list[str]
) -> None:
    begun = datetime.fromisoformat(make.STARTS)
    at = None if publish_at is None else begun + timedelta(minutes=publish_at)
    eve: Any = object()
    found = RESULT.requirements(facts(publish_at=at), "publish", eve, begun + timedelta(minutes=minutes))
    assert [each.code for each in found if not each.met] == missing


def test_the_result_of_a_withdrawn_candidate_is_not_verified() -> None:
    of, pk, people, _ = at_marking()
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        url = f"{EXAMS}{pk}/candidates/{people[0]}/moves/withdraw/"
        assert of.eve.post(url, {"reason": "Left the program"}).status == 200
        own = Result.objects.get(person_id=of.students[0].person_id)
        refused = of.eve.post(f"{RESULTS}{own.pk}/moves/verify/")
        assert (refused.status, refused.code, refused.missing) == (409, "NOT_VERIFIABLE", ["candidate_admitted"])
        assert make.move_all(of.eve, pk, "verify").json["moved"] == 2
    assert Result.objects.get(pk=own.pk).status == "draft"


def test_components_are_not_amended_once_a_result_is_verified() -> None:
    of, pk, _, (theory, viva) = at_marking()
    with clock.stopped_at(make.LATER):
        make.filled(of, pk)
        make.move_all(of.eve, pk, "verify")
        url, why = f"{EXAMS}{pk}/components/", {"reason": "Question nine is void"}
        answers = [
            of.eve.patch(f"{url}{theory}/", {"max_marks": "50", **why}, version=1),
            of.eve.post(url, {"name": "Oral", "max_marks": "10", **why}),
            of.eve.post(f"{url}{viva}/remove/", why),
        ]
    assert [(each.status, each.code) for each in answers] == [(409, "results_not_draft")] * 3
    assert [str(each.max_marks) for each in make.exam(pk).components.all()] == ["60.00", "40.00"]


def test_the_database_keeps_frozen_results_frozen_and_lets_no_entry_into_published_ones() -> None:
    of = make.college()
    pk = make.published(of)
    make.move_all(of.eve, pk, "freeze")
    row = Result.objects.earliest("pk")
    entry = ResultEntry.objects.filter(result=row).earliest("pk")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Result.objects.filter(pk=row.pk).update(status="published")
    draft = Result.objects.create(exam_id=make.draft(of, title="Other"), person_id=row.person_id)
    loose = ResultEntry.objects.create(
        result=draft, component_id=entry.component_id, state="absent", max_marks=60, outcome="fail",
        entered_at=clock.now(), entered_by_id=row.person_id,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        ResultEntry.objects.filter(pk=entry.pk).update(result=draft)
    published = Result.objects.exclude(pk=draft.pk).latest("pk")
    ResultEntry.objects.filter(pk=loose.pk).update(component_id=make.components(draft.exam_id)[0])
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        ResultEntry.objects.filter(pk=loose.pk).update(result=published)


def test_another_institution_sees_nothing_of_it() -> None:
    of = make.college()
    pk = make.published(of)
    row = Result.objects.earliest("pk").pk
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    for path in (f"{EXAMS}{pk}/", f"{EXAMS}{pk}/grid/", f"{RESULTS}{row}/"):
        assert zara.get(path).status == 404
    assert make.enter(zara, pk, make.cell(1, 1, "3")).status == 404
    assert Candidate.objects.count() == 0
