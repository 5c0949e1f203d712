"""Corrections: asked for by whose mark it is, decided by somebody else, written beside the first mark (A10)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.attendance.actions import inbox, registers
from maristan.attendance.models import Correction, MarkChange
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import DURING, Client, directory, run_jobs
from maristan.kernel import clock, journal
from maristan.kernel.access import platform
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer

pytestmark = pytest.mark.django_db
URL = "/api/v1/attendance/corrections/"
REASON = "I sat in the second row all along."
NEXT_DAY = "2026-03-10T09:00:00+05:00"


def marked(of: make.Class) -> Any:
    """Everybody absent; gives Sara's line."""
    with clock.stopped_at(DURING):
        assert make.mark(of.khan, of, rest="absent").status == 200
    return next(each for each in make.lines(of.session).values() if each.person_id == of.school.sara_person.pk)


def ask(client: Client, line: Any, wanted: str = "present", **values: Any) -> Answer:
    """Ask for another mark."""
    return client.post(URL, {"line": line.pk, "wanted": wanted, "reason": REASON, **values})


def move(client: Client, pk: int, name: str, **body: Any) -> Answer:
    """One move of a correction."""
    return client.post(f"{URL}{pk}/moves/{name}/", body)


def told(client: Client) -> list[str]:
    """Titles of what a person was told."""
    run_jobs()
    return [each["title"] for each in client.get("/api/v1/comms/notifications/").json["results"]]


def waiting(client: Client) -> list[str]:
    """Kinds of what waits for a person."""
    run_jobs()
    return [each["kind"] for each in client.get("/api/v1/work/inbox-items/").json["results"]]


def test_bob_asks_absent_to_present_a_second_request_is_409_he_cannot_decide_it_and_the_teacher_accepts() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        first = ask(of.sara, line)
        assert first.status == 201, first.json
        again = ask(of.sara, line)
        assert (again.status, again.missing) == (409, ["no_open_correction"])
        assert move(of.sara, first.json["id"], "accept").status == 403
        assert waiting(of.khan) == ["correction_to_decide"]
        answer = move(of.khan, first.json["id"], "accept")
        assert (answer.status, answer.json["status"]) == (200, "accepted")
        line.refresh_from_db()
        assert (line.status, line.source, line.version) == ("present", "correction", 3)
        assert list(MarkChange.objects.filter(line=line).values_list("before", "after", "source")) == [
            ("", "absent", "bulk"), ("absent", "present", "correction"),
        ]  # fmt: skip
        assert len(told(of.sara)) == 1
        assert waiting(of.khan) == []
    assert JournalLine.objects.filter(kind="mark_correction.accepted").count() == 1


def test_nobody_asks_about_the_line_of_another() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        for client in (Client(directory.member("Dr Noor", "faculty")), Client(directory.member("Mina", "student"))):
            assert ask(client, line).pointers == [("/line", "unknown_reference")]
        assert ask(of.alice, line).status == 403
    assert Correction.objects.count() == 0


def test_what_a_request_needs_is_named_and_nothing_is_kept() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at("2026-03-24T00:00:00+05:00"):
        assert ask(of.sara, line, "absent").missing == ["within_correction_days", "status_differs"]
    with clock.stopped_at("2026-03-23T23:59:00+05:00"):
        assert ask(of.sara, line, "banana").pointers == [("/wanted", "invalid_status")]
        assert ask(of.sara, line, reason="Too short").pointers == [("/reason", "too_short")]
        unmarked = make.session(of.school, start="14:00")
        later = make.Class(of.school, [], unmarked, of.khan, of.alice, of.sara)
        make.register(of.khan, later)
        own = next(e for e in make.lines(unmarked).values() if e.person_id == line.person_id)
        assert ask(of.sara, own).missing == ["line_marked"]
        assert Correction.objects.count() == 0
        assert ask(of.sara, line).status == 201


def test_a_teacher_who_asked_does_not_decide_and_another_declines_with_a_reason() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        pk = ask(of.khan, line).json["id"]
        for name in ("accept", "decline"):
            answer = move(of.khan, pk, name, reason="As I said")
            assert (answer.status, answer.missing) == (409, ["decided_by_other"])
        assert move(of.alice, pk, "decline").code == "REASON_REQUIRED"
        assert move(of.alice, pk, "decline", reason="Nobody saw her").json["status"] == "declined"
        assert move(of.alice, pk, "accept").missing == ["wrong_status"]
    line.refresh_from_db()
    assert (line.status, line.version) == ("absent", 2)


def test_who_asked_withdraws_and_nobody_else() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        pk = ask(of.sara, line).json["id"]
        assert move(of.khan, pk, "withdraw").status == 403
        assert move(of.sara, pk, "withdraw").json["status"] == "withdrawn"


def test_of_a_locked_register_only_who_repairs_decides() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        make.move(of.alice, of, "submit")
        pk = ask(of.sara, line).json["id"]
    with clock.stopped_at("2026-03-20T09:00:00+05:00"):
        registers.lock_due(by=platform(of.session.institution_id))
        assert move(of.khan, pk, "accept").missing == ["register_unlocked_or_repair"]
        assert move(of.alice, pk, "accept").status == 200


def test_a_coordinator_of_another_program_and_another_learner_see_no_correction() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        pk = ask(of.sara, line).json["id"]
        elsewhere = Client(directory.member("Cora", "coordinator", scope=("program", make.academics.program().pk)))
        for client in (elsewhere, Client(directory.member("Mina", "student"))):
            assert client.get(URL).json["count"] == 0
            assert client.get(f"{URL}{pk}/").status == 404
            assert move(client, pk, "accept").status == 404
        assert of.sara.get(URL).json["count"] == of.khan.get(URL).json["count"] == 1


def test_cancelling_the_session_withdraws_what_was_asked() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        pk = ask(of.sara, line).json["id"]
        by = platform(of.session.institution_id)
        journal.record("session_occurrence.cancelled", ("session", of.session.pk), by=by, changes={"status": [1, 2]})
        run_jobs()
    found = Correction.objects.get(pk=pk)
    assert (found.status, found.answer) == ("withdrawn", "The session was cancelled.")


def test_the_database_lets_nobody_decide_their_own_nor_ask_twice() -> None:
    of = make.a_class()
    line = marked(of)
    with clock.stopped_at(NEXT_DAY):
        found = Correction.objects.get(pk=ask(of.sara, line).json["id"])
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=found.pk).update(decided_by=found.requested_by_id, decided_at=clock.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.create(
                line=line, wanted="late", reason=REASON, requested_by_id=found.requested_by_id,
                requested_at=clock.now(),
            )  # fmt: skip


def test_unsubmitted_registers_wait_for_their_teacher_from_eight_the_next_day_and_are_told_again_on_the_third() -> None:
    of = make.a_class()
    by = platform(of.session.institution_id)
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "present"})
        assert inbox.chase(by=by) == 0
    with clock.stopped_at("2026-03-10T07:59:00+05:00"):
        assert inbox.chase(by=by) == 0
    with clock.stopped_at("2026-03-10T08:00:00+05:00"):
        assert inbox.chase(by=by) == inbox.chase(by=by) == 1
        assert waiting(of.khan) == ["register_to_submit"]
        assert told(of.khan) == ["Mark Pathology of 9 March"]
        assert told(of.alice) == []
    with clock.stopped_at("2026-03-12T08:00:00+05:00"):
        inbox.chase(by=by)
        assert (len(told(of.khan)), len(told(of.alice))) == (2, 1)
        make.mark(of.alice, of, rest="absent")
        assert make.move(of.alice, of, "submit").status == 200
        assert waiting(of.khan) == []
        assert inbox.chase(by=by) == 0
