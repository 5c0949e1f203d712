"""Leave: asked for, decided by somebody else, and the days on which study pauses (D6, D7)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.directory.actions import leaves as actions
from maristan.directory.actions.leaves import StudySwitched
from maristan.directory.jobs import settle_leaves
from maristan.directory.models import Leave, Person
from maristan.directory.queries import contributions, scoped_people
from maristan.directory.tests import factories as make
from maristan.kernel import clock, events, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import Invalid
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client

pytestmark = pytest.mark.django_db
LEAVES = "/api/v1/directory/leaves/"
NOON = "2026-03-10T07:00:00+00:00"
NEXT_WEEK = {"kind": "MEDICAL", "start_date": "2026-03-16", "end_date": "2026-03-18", "reason": "Surgery"}


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    """Noon of 10 March in Karachi."""
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def switched() -> Iterator[list[tuple[set[int], set[int]]]]:
    """Who begins and who finishes, as academics would hear it."""
    heard: list[tuple[set[int], set[int]]] = []
    listener = lambda event: heard.append((set(event.begin), set(event.finish)))  # noqa: E731
    before = list(events._within[StudySwitched])
    events._within[StudySwitched][:] = [listener]
    yield heard
    events._within[StudySwitched][:] = before


@pytest.fixture
def program_of() -> Iterator[dict[int, list[int]]]:
    """Students of programs, as somebody above knows them."""
    known: dict[int, list[int]] = {}
    before = list(scoped_people._people_of_programs)
    scoped_people.register_program_people(
        lambda reach: [person for pk in reach.programs for person in known.get(pk, [])]
    )
    yield known
    scoped_people._people_of_programs[:] = before


def asked(who: Person, **values: Any) -> Leave:
    """Leave that somebody has asked for."""
    dates = {"start_date": date(2026, 3, 16), "end_date": date(2026, 3, 18)}
    return Leave.objects.create(person=who, **{"kind": "medical", "requested_by": who, **dates, **values})


def move(client: Client, leave: Leave, name: str, **body: object) -> Answer:
    return client.post(f"{LEAVES}{leave.pk}/moves/{name}/", body)


def allowed(answer: Answer) -> dict[str, list[str]]:
    """Each move with the codes of what is missing."""
    return {each["name"]: [one["code"] for one in each["missing"]] for each in answer.json["moves"]}


def test_a_teacher_asks_for_their_own_and_sees_which_moves_are_open() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty")
    answer = Client(khan).post(LEAVES, NEXT_WEEK)
    assert (answer.status, answer.json["status"], answer.json["person"]["id"]) == (201, "pending", khan.pk)
    assert allowed(answer) == {
        "approve": ["not_permitted", "own_leave"], "reject": ["not_permitted", "own_leave"], "cancel": [],
        "end": ["not_permitted", "wrong_status"],
    }  # fmt: skip
    assert list(JournalLine.objects.values_list("kind", flat=True)) == ["leave.requested"]


def test_leave_is_somebodys_who_is_here_and_ends_on_a_day() -> None:
    make.institution()
    gone, khan = make.person("Gone", is_active=False), make.member("Dr Khan", "faculty")
    refused = Client(make.member("Bob", "registrar")).post(LEAVES, NEXT_WEEK | {"person": gone.pk})
    assert (refused.status, refused.code, Leave.objects.count()) == (409, "person_inactive", 0)
    by = platform(tenancy.current())
    with pytest.raises(Invalid) as nobodys:
        actions.request(values={**NEXT_WEEK, "kind": "medical"}, by=by)
    running = asked(khan, status="approved", start_date=date(2026, 3, 2), end_date=None)
    with pytest.raises(Invalid) as endless:
        actions.move(pk=running.pk, name="end", reason=None, by=by)
    assert [(fault.pointer, fault.code) for each in (nobodys, endless) for fault in each.value.faults] == [
        ("/person", "required"), ("/date", "required"),
    ]  # fmt: skip
    running.refresh_from_db()
    assert (running.status, Leave.objects.count(), JournalLine.objects.count()) == ("approved", 1, 0)


def test_overlapping_leave_names_the_other() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty")
    first = asked(khan)
    for dates in ({"start_date": "2026-03-18"}, {"start_date": "2026-03-01", "end_date": None}):
        answer = Client(khan).post(LEAVES, NEXT_WEEK | dates)
        assert (answer.status, answer.code, answer.json["other"]["id"]) == (409, "overlap", first.pk)
    assert Leave.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(khan, start_date=date(2026, 3, 18), end_date=None)
    Leave.objects.update(status="rejected")
    assert Client(khan).post(LEAVES, NEXT_WEEK).status == 201


def test_absence_never_counts_and_academic_leave_suspends_study() -> None:
    make.institution()
    bob, sara = Client(make.member("Bob", "registrar")), make.person("Sara")
    absence = bob.post(LEAVES, NEXT_WEEK | {"person": sara.pk, "kind": "absence", "counts_toward_graduation": True})
    assert (absence.json["counts_toward_graduation"], absence.json["suspends_study"]) == (False, False)
    academic = {"person": sara.pk, "kind": "ACADEMIC", "start_date": "2026-04-01", "end_date": None}
    answer = bob.post(LEAVES, academic)
    assert (answer.json["counts_toward_graduation"], answer.json["suspends_study"]) == (True, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(sara, kind="absence", start_date=date(2027, 1, 1), end_date=None, counts_toward_graduation=True)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"end_date": "2026-03-15"}, [("/end_date", "out_of_range")]),
        ({"kind": "fishing"}, [("/kind", "bad_value")]),
        ({"person": 999_999}, [("/person", "unknown_reference")]),
        ({"status": "approved"}, [("/status", "read_only_field")]),
    ],
)
def test_wrong_leave_is_refused(body: dict[str, object], pointers: list[tuple[str, str]]) -> None:
    make.institution()
    answer = Client(make.member("Bob", "registrar")).post(LEAVES, NEXT_WEEK | body)
    assert (answer.status, answer.pointers) == (422, pointers)
    assert not Leave.objects.exists()


def test_a_teacher_asks_for_nobody_else() -> None:
    make.institution()
    khan, other = Client(make.member("Dr Khan", "faculty")), make.person("Other")
    answer = khan.post(LEAVES, NEXT_WEEK | {"person": other.pk})
    assert (answer.status, answer.pointers) == (422, [("/person", "unknown_reference")])
    assert not Leave.objects.exists()


def test_a_head_decides_the_leave_of_their_staff_and_sees_no_others() -> None:
    make.institution()
    hospital = make.department("Hospital")
    pathology, surgery = make.department("Pathology", parent=hospital), make.department("Surgery")
    head = make.member("Head", "department_head", scope=("department", hospital.pk))
    khan = make.member("Dr Khan", "faculty", scope=("department", pathology.pk))
    far = make.member("Dr Far", "faculty", scope=("department", surgery.pk))
    client, theirs, others = Client(head), asked(khan), asked(far)
    assert [each["id"] for each in client.get(LEAVES).json["results"]] == [theirs.pk]
    assert client.get(f"{LEAVES}{others.pk}/").status == 404
    assert move(client, others, "approve").status == 404
    answer = move(client, theirs, "approve", reason="Get well")
    assert (answer.status, answer.json["status"], answer.json["decided_by"]["id"]) == (200, "approved", head.pk)
    line = JournalLine.objects.get(kind="leave.approved")
    assert (line.reason, line.changes["status"]) == ("Get well", ["pending", "approved"])
    again = move(client, theirs, "approve")
    assert (again.status, again.missing) == (409, ["wrong_status"])


def test_a_coordinator_decides_the_leave_of_own_students(program_of: dict[int, list[int]]) -> None:
    make.institution()
    sara, other = make.member("Sara", "student"), make.member("Other", "student")
    program_of.update({7: [sara.pk], 8: [other.pk]})
    cora = Client(make.member("Cora", "coordinator", scope=("program", 7)))
    assert move(cora, asked(sara), "approve").status == 200
    assert move(cora, asked(other), "approve").status == 404


def test_nobody_decides_their_own() -> None:
    make.institution()
    alice = make.member("Alice", "admin")
    own = asked(alice)
    for name in ("approve", "reject"):
        answer = move(Client(alice), own, name, reason="Because of me")
        assert (answer.status, answer.missing) == (409, ["own_leave"])
    own.refresh_from_db()
    assert (own.status, own.version) == ("pending", 1)
    assert not JournalLine.objects.exists()


def test_a_teacher_decides_nothing_and_a_rejection_needs_a_reason() -> None:
    make.institution()
    khan, bob = make.member("Dr Khan", "faculty"), Client(make.member("Bob", "registrar"))
    leave = asked(khan)
    assert move(Client(khan), leave, "approve").status == 403
    refused = move(bob, leave, "reject", reason=" no ")
    assert (refused.status, refused.code) == (422, "REASON_REQUIRED")
    answer = move(bob, leave, "reject", reason="Exams are on")
    assert (answer.json["status"], answer.json["decision_note"]) == ("rejected", "Exams are on")


def test_its_requester_cancels_before_it_starts_and_a_decider_later() -> None:
    make.institution()
    khan, bob = make.member("Dr Khan", "faculty"), Client(make.member("Bob", "registrar"))
    leave = asked(khan, status="approved")
    with clock.stopped_at("2026-03-16T07:00:00+00:00"):
        late = move(Client(khan), leave, "cancel")
        assert (late.status, late.missing) == (409, ["leave_started"])
        assert move(bob, leave, "cancel").json["status"] == "cancelled"
    another = asked(khan, start_date=date(2026, 4, 1), end_date=None)
    assert move(Client(khan), another, "cancel").json["status"] == "cancelled"
    assert JournalLine.objects.filter(kind="leave.cancelled").count() == 2


def test_the_last_day_is_set_and_what_is_over_is_completed() -> None:
    make.institution()
    khan, bob = make.member("Dr Khan", "faculty"), Client(make.member("Bob", "registrar"))
    leave = asked(khan, status="approved", start_date=date(2026, 3, 1), end_date=None)
    early = move(bob, leave, "end", date="2026-02-28")
    assert (early.status, early.pointers) == (422, [("/date", "out_of_range")])
    answer = move(bob, leave, "end", date="2026-03-20")
    assert (answer.json["status"], answer.json["end_date"]) == ("approved", "2026-03-20")
    asked(khan, start_date=date(2026, 4, 1), end_date=None)
    assert move(bob, leave, "end", date="2026-04-02").code == "overlap"
    answer = move(bob, leave, "end", date="2026-03-08")
    assert (answer.json["status"], answer.json["end_date"]) == ("completed", "2026-03-08")
    assert JournalLine.objects.filter(kind="leave.ended").count() == 2


def test_who_decides_sees_how_many_sessions_are_hit() -> None:
    make.institution()
    khan, bob = make.member("Dr Khan", "faculty"), Client(make.member("Bob", "registrar"))
    leave = asked(khan)
    before = list(contributions._sessions_of)
    contributions._sessions_of.clear()
    try:
        assert bob.get(f"{LEAVES}{leave.pk}/").json["sessions_affected"] is None
        contributions.register_leave_sessions(lambda person, first, last: 3 if person == khan.pk else 0)
        assert bob.get(f"{LEAVES}{leave.pk}/").json["sessions_affected"] == 3
    finally:
        contributions._sessions_of[:] = before


def on(day: str) -> None:
    """Run the hourly job on a local day."""
    here = tenancy.current()
    with clock.stopped_at(f"{day}T07:00:00+00:00"):
        settle_leaves.func(0)
    tenancy.enter(here)


def test_study_pauses_on_the_first_day_and_goes_on_after_the_last(
    switched: list[tuple[set[int], set[int]]],
) -> None:
    make.institution()
    sara = make.person("Sara")
    leave = asked(sara, kind="academic", suspends_study=True)
    assert move(Client(make.member("Bob", "registrar")), leave, "approve").status == 200
    for day in ("2026-03-15", "2026-03-16", "2026-03-16", "2026-03-18", "2026-03-19", "2026-03-20"):
        on(day)
    assert switched == [({sara.pk}, set()), (set(), {sara.pk})]
    leave.refresh_from_db()
    assert (leave.status, leave.is_pausing_study) == ("completed", False)
    assert JournalLine.objects.filter(kind="leave.ended").count() == 1


def test_leave_approved_late_pauses_study_at_once_and_a_cancelled_one_gives_back(
    switched: list[tuple[set[int], set[int]]],
) -> None:
    make.institution()
    sara, bob = make.person("Sara"), Client(make.member("Bob", "registrar"))
    leave = asked(sara, kind="academic", suspends_study=True, start_date=date(2026, 3, 9), end_date=None)
    move(bob, leave, "approve")
    assert switched == [({sara.pk}, set())]
    move(bob, leave, "cancel")
    assert switched == [({sara.pk}, set()), (set(), {sara.pk})]
    on("2026-03-11")
    assert len(switched) == 2


def test_medical_leave_pauses_no_study(switched: list[tuple[set[int], set[int]]]) -> None:
    make.institution()
    leave = asked(make.person("Sara"), start_date=date(2026, 3, 9), end_date=None)
    move(Client(make.member("Bob", "registrar")), leave, "approve")
    on("2026-03-11")
    assert switched == []


def test_a_day_begins_when_it_begins_in_the_institution(switched: list[tuple[set[int], set[int]]]) -> None:
    here = make.institution(time_zone="Pacific/Auckland")
    sara = make.person("Sara")
    asked(sara, status="approved", suspends_study=True)
    for moment, heard in (("2026-03-15T10:59:00+00:00", 0), ("2026-03-15T11:01:00+00:00", 1)):
        with clock.stopped_at(moment):
            settle_leaves.func(0)
        assert len(switched) == heard
    tenancy.enter(here.pk)


def test_the_list_costs_the_same_for_any_number(django_assert_max_num_queries: object) -> None:
    make.institution()
    bob = Client(make.member("Bob", "registrar"))

    def queries(number: int) -> int:
        for index in range(number):
            asked(make.person(f"Person {index}"))
        with django_assert_max_num_queries(30) as seen:  # type: ignore[operator]
            assert bob.get(f"{LEAVES}?status=PENDING&on=2026-03-17&page_size=200").json["count"] >= number
        return len(seen)

    assert queries(2) == queries(30)
    assert bob.get(f"{LEAVES}?on=2026-03-19").json["count"] == 0


def test_another_institution_sees_no_leave() -> None:
    make.institution("fmu")
    leave = asked(make.person("Amina"))
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.get(LEAVES).json["count"] == 0
    assert zara.get(f"{LEAVES}{leave.pk}/").status == 404
    assert move(zara, leave, "approve").status == 404
    assert zara.post(LEAVES, NEXT_WEEK | {"person": leave.person_id}).code == "unknown_reference"
