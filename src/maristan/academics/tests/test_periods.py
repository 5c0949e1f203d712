"""The tree of academic periods: what stands where, opening and closing."""

import pytest

from maristan.academics.models import AcademicPeriod
from maristan.academics.queries import contributions
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Client
from maristan.kernel.workflow import Requirement

pytestmark = pytest.mark.django_db
URL = "/api/v1/academics/academic-periods/"


@pytest.fixture
def alice() -> Client:
    directory.institution()
    return Client(directory.member("Alice", "registrar"))


def year(program: int, **values: object) -> dict[str, object]:
    return {"program": program, "kind": "year", "name": "Year 1", **values}


def test_a_year_is_entered_planned_and_closed_for_enrolment(alice: Client) -> None:
    made = alice.post(URL, year(make.program().pk, start_date="2026-01-01", end_date="2026-12-31"))
    assert made.status == 201
    shown = {key: made.json[key] for key in ("status", "is_enrollment_open", "position", "is_template", "parent")}
    assert shown == {
        "status": "planned", "is_enrollment_open": False, "position": 1, "is_template": False, "parent": None
    }  # fmt: skip
    assert [move["name"] for move in made.json["moves"]] == ["open", "close"]
    assert list(JournalLine.objects.values_list("kind", flat=True)) == ["period.created"]


@pytest.mark.parametrize(
    ("kind", "parent", "status"),
    [
        ("year", None, 201), ("semester", None, 201), ("semester", "year", 201), ("block", "year", 201),
        ("block", "semester", 201), ("module", "block", 201), ("year", "year", 422), ("block", None, 422),
        ("block", "block", 422), ("module", "year", 422), ("module", "rotation", 422), ("module", None, 422),
        ("semester", "block", 422),
    ],
)  # fmt: skip
def test_each_kind_has_its_parents(alice: Client, kind: str, parent: str | None, status: int) -> None:
    above = make.period(kind=parent) if parent else None
    program = above.program_id if above else make.program().pk
    answer = alice.post(URL, {"program": program, "kind": kind, "name": "N", "parent": above and above.pk})
    assert answer.status == status
    if status == 422:
        assert answer.pointers == [("/parent", "parent_kind")]
        assert not AcademicPeriod.objects.filter(name="N").exists()


def test_a_rotation_needs_a_department_and_its_sub_department_is_a_child_of_it(alice: Client) -> None:
    above = make.period()
    medicine, surgery = directory.department("Medicine"), directory.department("Surgery")
    cardiology = directory.department("Cardiology", parent=medicine)
    body = {"program": above.program_id, "parent": above.pk, "kind": "rotation", "name": "Ward"}
    assert alice.post(URL, body).pointers == [("/primary_department", "required")]
    wrong = alice.post(URL, {**body, "primary_department": surgery.pk, "sub_department": cardiology.pk})
    assert wrong.pointers == [("/sub_department", "not_sub_department")]
    right = alice.post(URL, {**body, "primary_department": medicine.pk, "sub_department": cardiology.pk})
    assert (right.status, right.json["sub_department_name"]) == (201, "Cardiology")
    block = alice.post(URL, {**body, "kind": "block", "name": "B", "primary_department": medicine.pk})
    assert block.pointers == [("/primary_department", "department_not_allowed")]


def test_a_child_lies_inside_its_parent_and_a_parent_keeps_its_children(alice: Client) -> None:
    above = make.period()
    body = {"program": above.program_id, "parent": above.pk, "kind": "block", "name": "B"}
    outside = alice.post(URL, {**body, "start_date": "2026-12-01", "end_date": "2027-01-10"})
    assert (outside.status, outside.pointers) == (422, [("/end_date", "outside_parent")])
    inside = alice.post(URL, {**body, "start_date": "2026-12-01", "end_date": "2026-12-20"})
    assert inside.status == 201
    shorter = alice.patch(f"{URL}{above.pk}/", {"end_date": "2026-12-10"}, version=1)
    assert (shorter.status, shorter.pointers) == (422, [("/end_date", "children_outside")])
    half = alice.patch(f"{URL}{above.pk}/", {"end_date": None}, version=1)
    assert (half.status, half.code) == (422, "required")


def test_below_a_parent_without_dates_anything_may_lie(alice: Client) -> None:
    above = make.period(start_date=None, end_date=None, status="planned")
    body = {"program": above.program_id, "parent": above.pk, "kind": "block", "name": "B", "start_date": "2031-01-01",
            "end_date": "2031-02-01"}  # fmt: skip
    assert alice.post(URL, body).status == 201


def test_a_parent_of_another_batch_is_unknown(alice: Client) -> None:
    batch = make.batch()
    above = make.period(batch=batch)
    body = {"program": batch.program_id, "kind": "block", "name": "B", "parent": above.pk}
    assert alice.post(URL, {**body, "batch": make.batch(batch.program).pk}).pointers == [
        ("/parent", "unknown_reference")
    ]
    assert alice.post(URL, {**body, "batch": batch.pk}).status == 201


def rotation(
    above: AcademicPeriod, name: str, track: int, first: str, last: str, **values: object
) -> dict[str, object]:
    return {
        "program": above.program_id, "batch": above.batch_id, "parent": above.pk, "kind": "rotation", "name": name,
        "track": track, "start_date": first, "end_date": last, **values,
    }  # fmt: skip


def test_two_rotations_of_one_track_and_batch_share_no_day(alice: Client) -> None:
    batch = make.batch()
    above, other = make.period(batch=batch), make.period(batch=make.batch(batch.program))
    track, second = make.track(batch.program), make.track(batch.program)
    ward = {"primary_department": directory.department().pk}
    made = alice.post(URL, rotation(above, "Medicine", track.pk, "2026-02-01", "2026-02-28", **ward))
    assert made.status == 201
    clash = alice.post(URL, rotation(above, "Surgery", track.pk, "2026-02-28", "2026-03-31", **ward))
    assert (clash.status, clash.code) == (409, "overlap")
    assert clash.json["other"] == {
        "id": made.json["id"], "name": "Medicine", "start_date": "2026-02-01", "end_date": "2026-02-28"
    }  # fmt: skip
    assert not AcademicPeriod.objects.filter(name="Surgery").exists()
    beside = alice.post(URL, rotation(above, "Surgery", second.pk, "2026-02-28", "2026-03-31", **ward))
    elsewhere = alice.post(URL, rotation(other, "Surgery", track.pk, "2026-02-28", "2026-03-31", **ward))
    after = alice.post(URL, rotation(above, "Surgery II", track.pk, "2026-03-01", "2026-03-31", **ward))
    assert (beside.status, elsewhere.status, after.status) == (201, 201, 201)
    earlier = alice.patch(f"{URL}{after.json['id']}/", {"start_date": "2026-02-20"}, version=1)
    assert (earlier.status, earlier.code, earlier.json["other"]["name"]) == (409, "overlap", "Medicine")


def test_a_module_stands_on_no_track(alice: Client) -> None:
    block = make.period(kind="block")
    body = {"program": block.program_id, "parent": block.pk, "kind": "module", "name": "M"}
    refused = alice.post(URL, {**body, "track": make.track(block.program).pk})
    assert (refused.status, refused.pointers) == (422, [("/track", "track_not_allowed")])


def test_names_and_positions_are_taken_among_siblings(alice: Client) -> None:
    program = make.program()
    alice.post(URL, year(program.pk))
    assert alice.post(URL, year(program.pk)).code == "name_taken"
    assert alice.post(URL, year(program.pk, name="Year 2", position=1)).code == "position_taken"
    assert alice.post(URL, year(program.pk, name="Year 2")).json["position"] == 2


def test_opening_and_closing_carry_enrolment_with_them(alice: Client) -> None:
    period = make.period(status="planned", is_enrollment_open=False)
    url = f"{URL}{period.pk}/"
    opened = alice.post(f"{url}moves/open/")
    assert (opened.status, opened.json["status"], opened.json["is_enrollment_open"]) == (200, "open", True)
    again = alice.post(f"{url}moves/open/")
    assert (again.status, again.code, again.missing) == (409, "ALREADY_OPEN", ["ALREADY_OPEN"])
    assert alice.patch(url, {"is_enrollment_open": False}, version=2).json["is_enrollment_open"] is False
    closed = alice.post(f"{url}moves/close/")
    assert (closed.json["status"], closed.json["is_enrollment_open"]) == ("closed", False)
    again = alice.post(f"{url}moves/close/")
    assert (again.status, again.code, again.missing) == (409, "ALREADY_CLOSED", ["ALREADY_CLOSED"])
    refused = alice.patch(url, {"is_enrollment_open": True}, version=4)
    assert (refused.status, refused.code) == (409, "period_not_open")
    period.refresh_from_db()
    assert (period.status, period.is_enrollment_open, period.version) == ("closed", False, 4)


def test_a_closed_period_is_opened_again_with_a_reason_only(alice: Client) -> None:
    period = make.period(status="closed")
    url = f"{URL}{period.pk}/moves/open/"
    bare = alice.post(url)
    assert (bare.status, bare.code) == (422, "REASON_REQUIRED")
    assert alice.post(url, {"reason": "Late results"}).json["status"] == "open"
    line = JournalLine.objects.get()
    assert (line.kind, line.reason) == ("period.opened", "Late results")


def test_a_template_is_not_opened(alice: Client) -> None:
    template = make.period(status="planned", start_date=None, end_date=None)
    refused = alice.post(f"{URL}{template.pk}/moves/open/")
    assert (refused.status, refused.code, refused.missing) == (409, "not_now", ["period_not_dated"])


def test_an_upper_app_may_stop_a_period_from_closing(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contributions, "_for_closing", [])
    contributions.register_close_requirement(
        lambda periods: {pk: [Requirement("results_open", "Results are out")] for pk in periods}
    )
    period = make.period()
    refused = alice.post(f"{URL}{period.pk}/moves/close/")
    assert (refused.status, refused.missing) == (409, ["results_open"])
    moves = {each["name"]: each for each in alice.get(f"{URL}{period.pk}/").json["moves"]}
    assert [each["code"] for each in moves["close"]["missing"]] == ["results_open"]


def test_an_office_assistant_neither_opens_nor_writes() -> None:
    directory.institution()
    charlie, period = Client(directory.member("Charlie", "office_assistant")), make.period()
    refused = [
        charlie.post(f"{URL}{period.pk}/moves/close/"),
        charlie.patch(f"{URL}{period.pk}/", {"name": "X"}, version=1),
        charlie.post(URL, year(period.program_id, name="X")),
        charlie.delete(f"{URL}{period.pk}/"),
    ]
    assert {(each.status, each.code) for each in refused} == {(403, "not_allowed")}
    moves = charlie.get(f"{URL}{period.pk}/").json["moves"]
    assert [(each["allowed"], each["missing"][0]["code"]) for each in moves] == [(False, "not_permitted")] * 2
    period.refresh_from_db()
    assert (period.status, period.version) == ("open", 1)


def test_the_tree_nests_and_filters_narrow_the_list(alice: Client) -> None:
    above = make.period(name="Year 1")
    make.period(above.program, "Block A", parent=above, kind="block", status="planned")
    make.period(name="Elsewhere")
    tree = alice.get(f"{URL}?tree=true&program={above.program_id}").json
    assert tree["count"] == 2
    assert [(root["name"], [child["name"] for child in root["children"]]) for root in tree["results"]] == [
        ("Year 1", ["Block A"])
    ]
    assert [each["name"] for each in alice.get(f"{URL}?kind=BLOCK&status=Planned").json["results"]] == ["Block A"]
    assert alice.get(f"{URL}?kind=nonsense").status == 422


def test_the_students_of_a_period_are_those_of_its_batch(alice: Client) -> None:
    group = make.group()
    sara = make.student(group)
    make.student(make.group(make.batch(group.batch.program)))
    period = make.period(batch=group.batch)
    shown = alice.get(f"{URL}{period.pk}/students/").json["results"]
    assert [each["id"] for each in shown] == [sara.pk]
    level = make.period(group.batch.program, level_no=1)
    assert alice.get(f"{URL}{level.pk}/students/").json["count"] == 2


def test_what_is_in_use_is_not_deleted(alice: Client) -> None:
    section = make.section()
    refused = alice.delete(f"{URL}{section.academic_period_id}/")
    assert (refused.status, refused.code, refused.json["counts"]) == (409, "PROTECTED_DELETE", {"section": 1})
    assert alice.delete(f"{URL}{make.period().pk}/").status == 204


def test_zara_of_another_institution_finds_nothing() -> None:
    directory.institution("fmu")
    period = make.period()
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    url = f"{URL}{period.pk}/"
    answers = [
        zara.get(url), zara.patch(url, {"name": "X"}, version=1), zara.delete(url), zara.post(f"{url}moves/close/"),
        zara.get(f"{url}students/"),
    ]  # fmt: skip
    assert {each.status for each in answers} == {404}
    assert zara.get(URL).json["count"] == 0


def test_the_default_period_is_the_one_that_the_institution_sets(alice: Client) -> None:
    period, admin = make.period(), Client(directory.member("Root", "admin"))
    bare = alice.get(f"{URL}default/")
    assert (bare.status, bare.code) == (404, "no_default_period")
    put = admin.put("/api/v1/directory/settings/default_academic_year_id/", {"value": period.pk})
    assert put.status == 200
    assert alice.get(f"{URL}default/").json["id"] == period.pk
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    zara.put("/api/v1/directory/settings/default_academic_year_id/", {"value": period.pk})
    assert zara.get(f"{URL}default/").status == 404
