"""What people are told of attendance and what waits for them; never who asked, never twice."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from maristan.attendance.actions import excuses, inbox, registers
from maristan.attendance.models import Correction
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import ATTENDANCE, DURING, Client, directory, run_jobs
from maristan.config.tests.counting import counted
from maristan.kernel import clock, journal
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine

pytestmark = pytest.mark.django_db
NEXT_DAY = "2026-03-10T09:00:00+05:00"
REASON = "I sat in the second row all along."
LISTS = f"{ATTENDANCE}eligibility-lists/"


def told(client: Client) -> list[str]:
    run_jobs()
    return [each["title"] for each in client.get("/api/v1/comms/notifications/").json["results"]]


def of_absence() -> list[tuple[int, str]]:
    """To whom absences were told, and how their mails go."""
    run_jobs()
    found = Client(directory.member("Ada", "admin")).get("/api/v1/comms/deliveries/").json["results"]
    return [(each["recipient"], each["mode"]) for each in found if each["kind"] == "attendance.marked_absent"]


def urls(client: Client) -> list[str]:
    return [each["url"] for each in client.get("/api/v1/comms/notifications/").json["results"]]


def waiting(client: Client) -> list[str]:
    run_jobs()
    return [each["kind"] for each in client.get("/api/v1/work/inbox-items/").json["results"]]


def chase(of: make.Class, at: str) -> None:
    with clock.stopped_at(at):
        inbox.chase(by=platform(of.session.institution_id))


def sara_line(of: make.Class) -> Any:
    return next(each for each in make.lines(of.session).values() if each.person_id == of.school.sara_person.pk)


# --- marked absent ------------------------------------------------------------------------------------------------


def test_who_is_absent_hears_it_when_the_register_is_submitted_and_once() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"line": make.register(of.khan, of)["lines"][-1]["id"], "status": "absent"})
        make.mark(of.khan, of, rest="present")
        assert told(of.sara) == []
        assert make.move(of.khan, of, "submit").status == 200
        assert told(of.sara) == ["You were marked absent in Pathology of 9 March"]
        assert urls(of.sara) == ["/attendance/mine"]
        make.move(of.khan, of, "reopen", reason="Somebody came late")
        make.move(of.khan, of, "submit")
        assert len(told(of.sara)) == 1
    assert [person for person, _ in of_absence()] == [of.school.sara_person.pk]


def test_of_a_register_that_nobody_submits_they_hear_it_the_next_morning_at_eight() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="absent")
    chase(of, "2026-03-10T07:30:00+05:00")
    assert told(of.sara) == []
    for at in ("2026-03-10T08:00:00+05:00", "2026-03-10T08:30:00+05:00"):
        chase(of, at)
    assert told(of.sara) == ["You were marked absent in Pathology of 9 March"]


def test_a_visitor_and_who_is_excused_are_not_told_of_an_absence() -> None:
    of = make.a_class()
    guest = make.academics.student(of.school.groups[1], reg_no="ZZ-900")
    with clock.stopped_at(DURING):
        of.khan.post(f"{of.url}roster/", {"add": [{"person": guest.person_id}], "expected": False})
        make.mark(of.khan, of, {"reg_no": "ZZ-900", "status": "absent"})
        make.mark(of.khan, of, rest="excused")
        assert make.move(of.khan, of, "submit").status == 200
    assert of_absence() == []


def test_absences_wait_for_the_daily_mail() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="absent")
        make.move(of.khan, of, "submit")
    assert {mode for _, mode in of_absence()} == {"daily"}


# --- registers ----------------------------------------------------------------------------------------------------


def test_a_register_of_a_session_that_is_cancelled_waits_for_nobody() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.register(of.khan, of)
    chase(of, NEXT_DAY)
    assert waiting(of.khan) == ["register_to_submit"]
    by = platform(of.session.institution_id)
    journal.record("session_occurrence.cancelled", ("session", of.session.pk), by=by, changes={"status": [1, 2]})
    assert waiting(of.khan) == []


def test_many_registers_of_one_program_cost_no_more_to_chase() -> None:
    of = make.a_class()
    by = platform(of.session.institution_id)
    make.held(of, None, start=date(2026, 3, 1))
    with clock.stopped_at(NEXT_DAY), counted() as few:
        inbox.chase(by=by)
    make.held(of, *[None] * 8, start=date(2026, 3, 2))
    with clock.stopped_at(NEXT_DAY), counted() as many:
        assert inbox.chase(by=by) == 9
    looked_up = [each for each in many.statements if "directory_membership" in each]
    assert len(looked_up) == len([each for each in few.statements if "directory_membership" in each])


# --- corrections --------------------------------------------------------------------------------------------------


def asked(client: Client, of: make.Class) -> int:
    made = client.post(f"{ATTENDANCE}corrections/", {"line": sara_line(of).pk, "wanted": "present", "reason": REASON})
    assert made.status == 201, made.json
    return int(made.json["id"])


def all_absent(of: make.Class) -> None:
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="absent")


def test_a_request_is_told_to_the_teacher_and_waits_for_teacher_and_coordinator() -> None:
    of = make.a_class()
    all_absent(of)
    with clock.stopped_at(NEXT_DAY):
        asked(of.sara, of)
        assert told(of.khan) == ["Sara asks to be marked present in Pathology of 9 March"]
        assert waiting(of.khan) == waiting(of.alice) == ["correction_to_decide"]
        assert waiting(of.sara) == []
        assert told(of.alice) == []


def test_a_request_of_the_only_teacher_is_told_to_the_coordinator_and_does_not_wait_for_the_teacher() -> None:
    of = make.a_class()
    all_absent(of)
    with clock.stopped_at(NEXT_DAY):
        asked(of.khan, of)
        assert told(of.alice) == ["Sara asks to be marked present in Pathology of 9 March"]
        assert waiting(of.alice) == ["correction_to_decide"]
        assert (told(of.khan), waiting(of.khan)) == ([], [])


def test_a_coordinator_who_teaches_and_asks_does_not_wait_for_herself_but_the_other_does() -> None:
    of = make.a_class()
    program = ("program", of.school.batch.program_id)
    person = directory.member("Cora", "coordinator", scope=program)
    directory.membership(person, "faculty")
    of.session.__class__.objects.filter(pk=of.session.pk).update(faculty=person)
    cora = Client(person)
    with clock.stopped_at(DURING):
        make.mark(cora, of, rest="absent")
    with clock.stopped_at(NEXT_DAY):
        asked(cora, of)
        assert (waiting(cora), waiting(of.alice)) == ([], ["correction_to_decide"])


def test_of_a_locked_register_a_request_waits_for_who_repairs_alone() -> None:
    of = make.a_class()
    all_absent(of)
    with clock.stopped_at(NEXT_DAY):
        make.move(of.alice, of, "submit")
    with clock.stopped_at("2026-03-20T09:00:00+05:00"):
        registers.lock_due(by=platform(of.session.institution_id))
        asked(of.sara, of)
        assert (waiting(of.khan), waiting(of.alice)) == ([], ["correction_to_decide"])
        assert told(of.alice) == ["Sara asks to be marked present in Pathology of 9 March"]


def test_an_excuse_for_a_locked_register_waits_for_the_coordinator_with_a_line_of_the_journal() -> None:
    of = make.a_class()
    all_absent(of)
    with clock.stopped_at(NEXT_DAY):
        make.move(of.alice, of, "submit")
    with clock.stopped_at("2026-03-20T09:00:00+05:00"):
        registers.lock_due(by=platform(of.session.institution_id))
        day, starts = timedelta(days=1), of.session.starts_at
        excuses.file(
            owner=excuses.Owner("leave", 1), person=of.school.sara_person.pk, starts_at=starts - day,
            ends_at=starts + day, reason="medical", by=platform(of.session.institution_id),
        )  # fmt: skip
        assert waiting(of.alice) == ["correction_to_decide"]
        pk = Correction.objects.get().pk
        assert JournalLine.objects.filter(kind="mark_correction.requested", subject_id=str(pk)).count() == 1
        move = f"{ATTENDANCE}corrections/{pk}/moves/accept/"
        assert of.alice.post(move, {}).status == 200
        assert waiting(of.alice) == []


def test_what_is_decided_is_told_to_the_requester_and_closes_the_item() -> None:
    of = make.a_class()
    all_absent(of)
    with clock.stopped_at(NEXT_DAY):
        pk = asked(of.sara, of)
        assert waiting(of.khan) == ["correction_to_decide"]
        of.khan.post(f"{ATTENDANCE}corrections/{pk}/moves/decline/", {"reason": "The sheet says otherwise"})
        assert "The mark of Sara in Pathology of 9 March stays" in told(of.sara)
        assert waiting(of.khan) == waiting(of.alice) == []


# --- condonations -------------------------------------------------------------------------------------------------


def condonable(of: make.Class) -> int:
    """A frozen list on which Sara lacks five points; gives her line."""
    row = make.condonation(make.academics.Student.objects.get(person=of.school.sara_person)).line
    row.condonations.all().delete()
    return int(row.pk)


def request(client: Client, line: int) -> int:
    made = client.post(f"{ATTENDANCE}condonations/", {"line": line, "reason": "Ill for two weeks."})
    assert made.status == 201, made.json
    return int(made.json["id"])


def test_a_condonation_waits_for_those_who_decide_and_not_for_who_asked() -> None:
    of = make.a_class()
    eve, finn = (Client(directory.member(name, "exam_cell")) for name in ("Eve", "Finn"))
    pk = request(eve, condonable(of))
    assert waiting(eve) == []
    assert waiting(finn) == ["condonation_to_decide"]
    later = Client(directory.member("Gil", "admin"))
    assert waiting(later) == []
    granted = finn.post(f"{ATTENDANCE}condonations/{pk}/moves/grant/", {})
    assert granted.status == 200, granted.json
    assert waiting(finn) == []
    assert told(of.sara) == ["Sara may sit Final in spite of less attendance"]
    assert told(eve) == ["Sara may sit Final in spite of less attendance"]
    assert (urls(of.sara), urls(eve)) == (["/attendance/mine"], [f"/attendance/condonations/{pk}"])
    assert told(finn) == []


def test_what_a_coordinator_asks_waits_for_everybody_who_condones_now_and_later() -> None:
    of = make.a_class()
    eve = Client(directory.member("Eve", "exam_cell"))
    request(of.alice, condonable(of))
    assert (waiting(eve), waiting(of.alice)) == (["condonation_to_decide"], [])
    assert waiting(Client(directory.member("Gil", "exam_cell"))) == ["condonation_to_decide"]


# --- calendar -----------------------------------------------------------------------------------------------------


def entries(client: Client) -> list[tuple[str, str]]:
    found = client.get("/api/v1/agenda/entries/?start_date=2026-03-01&end_date=2026-04-10").json
    return [
        (each["title"], datetime.fromisoformat(each["starts_at"]).astimezone(make.ZONE).date().isoformat())
        for each in found["results"]
    ]


def test_the_day_on_which_a_list_can_be_frozen_stands_in_the_calendar_of_the_exam_cell_until_it_is() -> None:
    of = make.a_class()
    eve = Client(directory.member("Eve", "exam_cell"))
    body = {
        "title": "Final of Pathology", "first_day": "2026-02-01", "last_day": "2026-03-15",
        "audience": [[f"group:{of.school.groups[0].pk}"]],
    }  # fmt: skip
    with clock.stopped_at("2026-03-16T09:00:00+05:00"):
        pk = of.alice.post(LISTS, body).json["id"]
        assert entries(eve) == [("Final of Pathology", "2026-03-16")]
        assert entries(of.sara) == entries(of.khan) == []
        answer = of.alice.patch(f"{LISTS}{pk}/", {"last_day": "2026-03-14"}, version=1)
        assert answer.status == 200, answer.json
        assert entries(eve) == [("Final of Pathology", "2026-03-15")]
        assert of.alice.post(f"{LISTS}{pk}/moves/freeze/", {}).status == 200
        assert entries(eve) == []
        renewed = of.alice.post(f"{LISTS}{pk}/moves/renew/", {"reason": "Marks were corrected"})
        assert renewed.status == 200, renewed.json
        assert entries(eve) == [("Final of Pathology", "2026-03-15")]
