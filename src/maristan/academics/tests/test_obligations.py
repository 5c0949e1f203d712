"""Obligations: what is owed, what it closes, and who says that it is met."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.academics.actions import obligation_following as following
from maristan.academics.actions import obligations as actions
from maristan.academics.models import Enrollment, Obligation, Request, RequestType, Requirement, Submission
from maristan.academics.queries import obligations as queries
from maristan.academics.rules.states import LockPoint
from maristan.academics.tests import factories as make
from maristan.academics.tests.counting import statements
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel import clock, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
MORNING = "2026-03-02T09:00:00+05:00"
DUE_MIDNIGHT = datetime.fromisoformat("2026-03-21T00:00:00+05:00")
ASKED, OWED = "/api/v1/academics/requirements/", "/api/v1/academics/obligations/"
REQUESTS = "/api/v1/academics/requests/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


class Registry:
    """Ruth is the registrar, Omar coordinates Sara's program, Bilal studies in another."""

    def __init__(self) -> None:
        directory.institution()
        self.student = make.student_with_account("Sara")
        self.other = make.student_with_account("Bilal")
        scope = ("program", self.student.program_id)
        self.ruth_person = directory.member("Ruth", "registrar")
        self.ruth = Client(self.ruth_person)
        self.omar = Client(directory.member("Omar", "coordinator", scope=scope))
        self.sara, self.bilal = Client(self.student.person), Client(self.other.person)

    def asks(self, **values: Any) -> int:
        """Something owed by Sara's batch by the 20th of March, that closes the desk and enrolment."""
        body = {
            "title": "Vaccination card", "kind": "document", "audience": [[f"batch:{self.student.batch_id}"]],
            "due_on": "2026-03-20", "locks": ["request", "enrolment", "document"], "mid_session": True, **values,
        }  # fmt: skip
        made = self.ruth.post(ASKED, body)
        assert made.status == 201, made.body
        run_jobs()
        return int(made.json["id"])

    def owed(self) -> Obligation:
        """What Sara owes."""
        return Obligation.objects.get(person=self.student.person_id)

    def hands_in(self) -> int:
        """Sara hands in her card."""
        pk = self.owed().pk
        assert self.sara.upload(f"{OWED}{pk}/submit/", "card.pdf", PDF).status == 200
        return pk


def test_everybody_of_the_audience_is_asked_once() -> None:
    registry = Registry()
    asked = registry.asks()
    by = platform(tenancy.current())
    assert actions.assign(requirement=asked, by=by) == []
    assert [row.person_id for row in Obligation.objects.all()] == [registry.student.person_id]
    owed = registry.sara.get(OWED).json["results"]
    assert [(each["title"], each["due_on"], each["status"], each["locked_since"]) for each in owed] == [
        ("Vaccination card", "2026-03-20", "pending", None)
    ]
    assert registry.owed().due_at == DUE_MIDNIGHT
    told = registry.sara.get("/api/v1/comms/notifications/").json["results"]
    assert [each["title"] for each in told] == ["You owe: Vaccination card"]
    inbox = registry.sara.get("/api/v1/work/inbox-items/").json["results"]
    assert [each["url"] for each in inbox] == [f"/obligations/{registry.owed().pk}"]
    assert registry.bilal.get(OWED).json["count"] == 0


def test_asking_forty_people_takes_as_many_statements_as_asking_four() -> None:
    of = Registry()
    group = of.student.group

    def asked(title: str) -> int:
        made = actions.create_requirement(
            values={
                "title": title, "kind": "document", "audience": [[f"group:{group.pk}"]], "due_after_days": 9,
                "mid_session": True,
            },
            by=platform(tenancy.current()),
        )  # fmt: skip
        line = JournalLine.objects.filter(kind="requirement.created").latest("pk")
        spent = statements(lambda: following.assign(line_id=line.pk, by=platform(tenancy.current())))
        assert Obligation.objects.filter(requirement=made).count() == make.Student.objects.filter(group=group).count()
        return spent

    for at in range(3):
        make.student(group, reg_no=f"FEW-{at}")
    few = asked("Card")
    for at in range(36):
        make.student(group, reg_no=f"MANY-{at:02}")
    assert asked("Letter") == few


def test_who_is_in_the_middle_of_a_period_is_asked_only_where_that_is_said() -> None:
    registry = Registry()
    make.period(batch=registry.student.batch)
    asked = registry.asks(mid_session=False)
    assert not Obligation.objects.exists()
    with clock.stopped_at("2027-01-01T01:40:00+05:00"):
        following.settle(by=platform(tenancy.current()))
    assert registry.owed().requirement_id == asked


def test_who_joins_later_is_asked_at_night_and_who_leaves_still_owes() -> None:
    registry = Registry()
    registry.asks()
    newcomer = make.student(registry.student.group)
    by = platform(tenancy.current())
    with clock.stopped_at("2026-03-03T01:29:00+05:00"):
        following.settle(by=by)
    assert not Obligation.objects.filter(person=newcomer.person_id).exists()
    registry.student.person.is_active = False
    registry.student.person.save()
    with clock.stopped_at("2026-03-03T01:31:00+05:00"):
        following.settle(by=by)
        following.settle(by=by)
    assert Obligation.objects.count() == 2


def asks_for_a_letter(registry: Registry, who: Client) -> Any:
    kind = RequestType.objects.filter(code="letter").first() or make.request_type("letter")
    return who.post(REQUESTS, {"type": kind.pk, "title": "A letter", "student": registry.student.pk})


def test_what_is_owed_closes_from_its_lead_on_and_opens_when_it_is_handed_in() -> None:
    registry = Registry()
    registry.asks()
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(hours=73)):
        assert registry.sara.get(OWED).json["results"][0]["locked_since"] is None
        assert queries.unmet([registry.student.person_id], LockPoint.DOCUMENT)[registry.student.person_id] == []
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(hours=71)):
        since = registry.sara.get(OWED).json["results"][0]["locked_since"]
        assert datetime.fromisoformat(since) == DUE_MIDNIGHT - timedelta(hours=72)
        refused = asks_for_a_letter(registry, registry.sara)
        assert (refused.status, refused.code, refused.missing) == (409, "obligations_clear", ["obligations_clear"])
        assert refused.json["missing"][0]["detail"] == "Vaccination card"
        assert not Request.objects.exists()
        unmet = queries.unmet([registry.student.person_id], LockPoint.DOCUMENT)[registry.student.person_id]
        assert [(each.code, each.blocks) for each in unmet] == [("obligations_clear", True)]
        assert queries.unmet([registry.student.person_id], LockPoint.EXAM_ADMISSION)[registry.student.person_id] == []
        registry.hands_in()
        assert asks_for_a_letter(registry, registry.sara).status == 201


@pytest.mark.parametrize(("second", "closes"), [(-1, False), (0, True), (1, True)])
def test_it_closes_from_the_very_instant_of_its_lead_on(second: int, closes: bool) -> None:
    registry = Registry()
    registry.asks()
    person = registry.student.person_id
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(hours=72) + timedelta(seconds=second)):
        assert bool(queries.unmet([person], LockPoint.ENROLMENT)[person]) is closes
        assert (registry.sara.get(OWED).json["results"][0]["locked_since"] is not None) is closes
        assert queries.unmet([person], LockPoint.EXAM_ADMISSION)[person] == []


def test_what_was_not_accepted_closes_again_until_it_is_handed_in_once_more() -> None:
    registry = Registry()
    registry.asks()
    person = registry.student.person_id
    pk = registry.hands_in()
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(hours=71)):
        assert queries.unmet([person], LockPoint.DOCUMENT)[person] == []
        assert registry.omar.post(f"{OWED}{pk}/moves/reject/", {"reason": "No date on it."}).status == 200
        assert [each.detail for each in queries.unmet([person], LockPoint.DOCUMENT)[person]] == ["Vaccination card"]
        assert (asks_for_a_letter(registry, registry.sara).code, Request.objects.count()) == ("obligations_clear", 0)
        registry.hands_in()
        assert queries.unmet([person], LockPoint.DOCUMENT)[person] == []


def test_enrolment_of_oneself_is_closed_and_staff_are_only_warned() -> None:
    registry = Registry()
    registry.asks()
    period = make.period(batch=registry.student.batch)
    section = make.section(academic_period=period, self_enrollment=True)
    body = {"section": section.pk}
    with clock.stopped_at(DUE_MIDNIGHT + timedelta(days=30)):
        refused = registry.sara.post("/api/v1/academics/enrollments/", body)
        assert (refused.status, refused.code) == (409, "obligations_clear")
        assert not Enrollment.objects.exists()
        for_her = registry.ruth.post("/api/v1/academics/enrollments/", {**body, "student": registry.student.pk})
        assert for_her.status == 201
        assert [(each["code"], each["severity"], each["detail"]) for each in for_her.json["warnings"]] == [
            ("obligations_clear", "warn", "Vaccination card")
        ]


def test_the_desk_is_told_what_is_owed_before_it_asks_for_somebody() -> None:
    registry = Registry()
    registry.asks()
    letter = make.request_type("letter").pk
    ready = f"{REQUESTS}readiness/?type={letter}"
    owed = {"code": "obligations_clear", "detail": "Vaccination card"}
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(hours=73)):
        assert _told(registry.sara.get(ready)) == (True, [], [])
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(hours=71)):
        assert _told(registry.sara.get(ready)) == (False, [owed], [])
        for_her = f"{ready}&student={registry.student.pk}"
        assert _told(registry.ruth.get(for_her)) == (True, [], [owed])
        assert _told(registry.ruth.get(ready)) == (True, [], [])
        body = {"type": letter, "title": "A letter", "student": registry.student.pk}
        assert registry.ruth.post(REQUESTS, body).status == 201
        elsewhere = registry.omar.get(f"{ready}&student=999999")
        assert (elsewhere.status, elsewhere.pointers) == (422, [("/student", "unknown_reference")])
        unknown = registry.sara.get(f"{REQUESTS}readiness/?type=999999")
        assert (unknown.status, unknown.pointers) == (422, [("/type", "unknown_reference")])


def _told(answer: Any) -> tuple[bool, list[dict[str, str]], list[dict[str, str]]]:
    said = answer.json

    def brief(found: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{"code": each["code"], "detail": each["detail"]} for each in found]

    return said["allowed"], brief(said["missing"]), brief(said["warnings"])


def test_whoever_enrols_many_is_warned_of_each_who_owes_something() -> None:
    registry = Registry()
    registry.asks()
    free = make.student(registry.other.group, reg_no="FREE-1")
    section = make.section(academic_period=make.period(batch=registry.student.batch))
    body = {"section": section.pk, "students": [registry.student.pk, free.pk]}
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(hours=71)):
        lines = registry.ruth.post("/api/v1/academics/enrollments/bulk/", body).json["lines"]
    assert [(line["outcome"], [each["code"] for each in line["warnings"]]) for line in lines] == [
        ("enrolled", ["obligations_clear"]), ("enrolled", []),
    ]  # fmt: skip


def test_handing_in_is_never_too_late_and_can_be_done_again() -> None:
    registry = Registry()
    registry.asks()
    with clock.stopped_at(DUE_MIDNIGHT + timedelta(days=400)):
        pk = registry.hands_in()
        page = registry.sara.get(f"{OWED}{pk}/").json
        assert (page["status"], page["is_late"], page["locked_since"]) == ("submitted", True, None)
        assert registry.hands_in() == pk
        assert Submission.objects.count() == 2
        handed = registry.omar.get(f"{OWED}{pk}/").json["submissions"][0]["url"]
        assert registry.omar.get(handed).body == PDF
        assert registry.bilal.get(handed).status == 404


def test_what_was_handed_in_in_time_is_never_late() -> None:
    registry = Registry()
    registry.asks()
    with clock.stopped_at(DUE_MIDNIGHT - timedelta(seconds=1)):
        registry.hands_in()
    with clock.stopped_at(DUE_MIDNIGHT + timedelta(days=9)):
        assert registry.sara.get(OWED).json["results"][0]["is_late"] is False
        registry.hands_in()
        assert registry.sara.get(OWED).json["results"][0]["is_late"] is True


def test_evidence_is_a_document_of_the_kind_that_is_asked_for() -> None:
    registry = Registry()
    registry.asks()
    pk = registry.owed().pk
    url = f"{OWED}{pk}/submit/"
    for name, content, status, code in (
        ("card.pdf", b"MZ\x90\x00", 422, "file_type_not_allowed"), ("card.pdf", b"x" * (3 * 2**20 + 1), 413, ""),
    ):  # fmt: skip
        refused = registry.sara.upload(url, name, content)
        assert refused.status == status
        assert refused.code == "file_too_large" if status == 413 else refused.pointers == [("/file", code)]
    missing = registry.sara.django.post(url, {"value": "x"})
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (422, "file_missing")
    assert (StoredFile.objects.count(), Submission.objects.count(), registry.owed().status) == (0, 0, "pending")


def test_nobody_verifies_what_is_their_own_nor_for_other_programs() -> None:
    registry = Registry()
    registry.asks(audience=[["institution"]])
    pk = registry.hands_in()
    assert registry.sara.post(f"{OWED}{pk}/moves/verify/").status == 403
    assert registry.bilal.post(f"{OWED}{pk}/moves/verify/").status == 404
    others = Client(directory.member("Nida", "coordinator", scope=("program", registry.other.program_id)))
    assert others.post(f"{OWED}{pk}/moves/verify/").status == 404
    own = Obligation.objects.get(person=registry.ruth_person)
    assert registry.ruth.upload(f"{OWED}{own.pk}/submit/", "card.pdf", PDF).status == 200
    refused = registry.ruth.post(f"{OWED}{own.pk}/moves/verify/")
    assert (refused.status, refused.missing) == (409, ["not_own"])
    assert registry.omar.upload(f"{OWED}{pk}/submit/", "card.pdf", PDF).status == 404
    assert {row.status for row in Obligation.objects.filter(pk__in=[pk, own.pk])} == {"submitted"}


def test_a_coordinator_rejects_with_a_reason_and_verifies_what_comes_again() -> None:
    registry = Registry()
    registry.asks()
    pk = registry.owed().pk
    early = registry.omar.post(f"{OWED}{pk}/moves/verify/")
    assert (early.status, early.missing) == (409, ["wrong_status"])
    registry.hands_in()
    run_jobs()
    waiting = registry.omar.get("/api/v1/work/inbox-items/").json["results"]
    assert [each["title"] for each in waiting] == ["Verify what Sara handed in: Vaccination card"]
    blank = registry.omar.post(f"{OWED}{pk}/moves/reject/", {"reason": " "})
    assert (blank.status, blank.code) == (422, "REASON_REQUIRED")
    assert registry.omar.post(f"{OWED}{pk}/moves/reject/", {"reason": "Unreadable page"}).status == 200
    run_jobs()
    assert registry.omar.get("/api/v1/work/inbox-items/").json["count"] == 0
    told = registry.sara.get("/api/v1/comms/notifications/").json["results"][0]
    assert told["title"] == "Not accepted: Vaccination card"
    registry.hands_in()
    done = registry.omar.post(f"{OWED}{pk}/moves/verify/").json
    assert (done["status"], done["completed_at"] is not None) == ("verified", True)
    assert registry.sara.upload(f"{OWED}{pk}/submit/", "card.pdf", PDF).missing == ["wrong_status"]
    assert registry.ruth.post(f"{OWED}{pk}/moves/waive/", {"reason": "Too late now"}).status == 409


def test_the_registrar_frees_somebody_with_a_reason() -> None:
    registry = Registry()
    registry.asks()
    pk = registry.owed().pk
    with clock.stopped_at(DUE_MIDNIGHT):
        freed = registry.ruth.post(f"{OWED}{pk}/moves/waive/", {"reason": "Allergic to it"})
        assert (freed.status, freed.json["status"], freed.json["note"]) == (200, "waived", "Allergic to it")
        assert freed.json["locked_since"] is None
        assert asks_for_a_letter(registry, registry.sara).status == 201


def test_a_value_for_the_record_is_written_when_it_is_verified() -> None:
    registry = Registry()
    registry.asks(kind="profile_field", field="phone", title="Mobile number")
    pk = registry.owed().pk
    url, person = f"{OWED}{pk}/submit/", registry.student.person
    for bad in ("", "not a phone"):
        assert registry.sara.django.post(url, {"value": bad}).status_code == 422
    assert registry.sara.django.post(url, {"value": "0300 1234567"}).status_code == 200
    assert registry.omar.post(f"{OWED}{pk}/moves/reject/", {"reason": "Whose is it?"}).status == 200
    assert not person.contacts.exists()
    assert registry.sara.django.post(url, {"value": "0300 1234567"}).status_code == 200
    assert registry.omar.post(f"{OWED}{pk}/moves/verify/").status == 200
    contact = person.contacts.get()
    assert (contact.kind, contact.value, contact.is_primary, contact.is_verified) == (
        "phone", "+923001234567", True, True,
    )  # fmt: skip


def test_a_term_that_changes_holds_for_who_owes_it_still() -> None:
    registry = Registry()
    asked = registry.asks()
    row = Requirement.objects.get()
    changed = registry.ruth.patch(f"{ASKED}{asked}/", {"due_on": "2026-04-20"}, version=row.version)
    assert changed.status == 200
    assert registry.owed().due_at == datetime.fromisoformat("2026-04-21T00:00:00+05:00")
    after = {"due_on": None, "due_after_days": 10}
    assert registry.ruth.patch(f"{ASKED}{asked}/", after, version=row.version + 1).status == 200
    assert registry.owed().due_at == datetime.fromisoformat("2026-03-13T00:00:00+05:00")
    both = registry.ruth.patch(f"{ASKED}{asked}/", {"due_on": "2026-04-20"}, version=row.version + 2)
    assert (both.status, both.pointers) == (422, [("/due_after_days", "two_terms")])


def test_people_are_reminded_on_three_days_and_when_it_closes() -> None:
    registry = Registry()
    registry.asks()
    told = []
    by = platform(tenancy.current())
    for day in range(5, 22):
        with clock.stopped_at(f"2026-03-{day:02}T01:45:00+05:00"):
            before = registry.sara.get("/api/v1/comms/notifications/").json["count"]
            following.settle(by=by)
            following.settle(by=by)
            found = registry.sara.get("/api/v1/comms/notifications/").json
            told += [(day, each["title"], each["body"]) for each in found["results"][: found["count"] - before]]
    closes = "It closes when it is late: transcripts and documents, enrolment, requests."
    assert told == [
        *((day, "Vaccination card is due by 20 March", closes) for day in (6, 13, 16)),
        (18, "Vaccination card is not handed in",
         "Due by 20 March. Closed until it is: transcripts and documents, enrolment, requests."),
    ]  # fmt: skip


def test_what_has_no_term_never_closes_and_what_is_asked_no_more_is_asked_of_nobody() -> None:
    registry = Registry()
    asked = registry.asks(due_on=None)
    assert registry.owed().due_at is None
    with clock.stopped_at(DUE_MIDNIGHT + timedelta(days=400)):
        person = registry.student.person_id
        assert queries.unmet([person], LockPoint.ENROLMENT)[person] == []
    Obligation.objects.all().delete()
    Requirement.objects.update(is_active=False)
    assert actions.assign(requirement=asked, by=platform(tenancy.current())) == []
    assert not Obligation.objects.exists()


@pytest.mark.parametrize("name", ["submit", "forgive"])
def test_nothing_else_is_done_with_what_is_owed(name: str) -> None:
    registry = Registry()
    registry.asks()
    with pytest.raises(NotFound):
        actions.move(pk=registry.hands_in(), name=name, reason=None, by=platform(tenancy.current()))
    assert registry.owed().status == "submitted"


def test_only_the_registry_says_what_is_owed() -> None:
    registry = Registry()
    body = {"title": "Card", "kind": "document", "audience": [["institution"]]}
    for who in (registry.omar, registry.sara):
        assert who.post(ASKED, body).status == 403
    for wrong, pointer, code in (
        ({"audience": []}, "/audience", "audience_empty"),
        ({"audience": [["batch:999999"]]}, "/audience/0/0", "unknown_audience_key"),
        ({"kind": "profile_field"}, "/field", "field_mismatch"),
        ({"field": "phone"}, "/field", "field_mismatch"),
        ({"due_on": "2026-03-20", "due_after_days": 3}, "/due_after_days", "two_terms"),
    ):
        refused = registry.ruth.post(ASKED, {**body, **wrong})
        assert (refused.status, refused.pointers) == (422, [(pointer, code)])
    assert not Requirement.objects.exists()


def test_the_database_keeps_what_was_handed_in() -> None:
    registry = Registry()
    registry.asks()
    pk = registry.hands_in()
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(obligation=pk).update(filename="other.pdf")
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(obligation=pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.create(
            requirement=registry.owed().requirement, person=registry.student.person, assigned_on="2026-03-02"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.filter(pk=pk).update(status="verified")
    kinds = list(JournalLine.objects.filter(kind__startswith="obligation.").values_list("kind", flat=True))
    assert kinds == ["obligation.submitted"]
