"""Certificates that an office issues, what a transcript still waits for, and the language of what the desk issues."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from maristan.academics.tests import factories as academics
from maristan.assessment.models import Document
from maristan.assessment.queries import contributions
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.test_documents import TRANSCRIPTS, Office, attached, carrying, text_of
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.models import JournalLine
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs
from maristan.kernel.workflow import Requirement

pytestmark = pytest.mark.django_db
READY = f"{TRANSCRIPTS}readiness/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    cache.clear()
    with clock.stopped_at(make.CLOCK), clock.stopped_at(make.LATER):
        yield


def certify(office: Office, who: Client | None = None, **values: Any) -> Answer:
    body = {"student_id": office.sara_student.pk, "purpose": "She led the debating society in 2026.", **values}
    return (who or office.ruth).post(f"{TRANSCRIPTS}certificates/", body)


def test_the_registrar_certifies_something_and_the_learner_has_it_by_mail() -> None:
    office = Office()
    made = certify(office)
    assert (made.status, made.json["number"], made.json["kind"], made.json["is_ready"]) == (
        201, "DOC-2026-000001", "other", False,
    )  # fmt: skip
    run_jobs()
    name, pdf = attached()
    assert (name, carrying()[-1].to) == ("DOC-2026-000001.pdf", ["sara@example.edu"])
    said = " ".join(text_of(pdf).split())
    assert "This certifies the following of Sara, registration number P-0000" in said
    assert "She led the debating society in 2026." in said
    assert Client().get(f"{TRANSCRIPTS}verify/{made.json['code']}/").json["valid"] is True
    assert office.sara.get(f"{TRANSCRIPTS}{made.json['id']}/").json["is_ready"] is True


def test_the_same_certificate_is_sent_again_under_its_number_and_another_text_is_another_one() -> None:
    office = Office()
    numbers = []
    for values in ({}, {}, {"purpose": "She sang."}, {"new": True}, {"kind": "bonafide", "purpose": ""}):
        numbers.append(certify(office, **values).json["number"])
        run_jobs()
    assert numbers == [
        "DOC-2026-000001", "DOC-2026-000001", "DOC-2026-000002", "DOC-2026-000003", "BON-2026-000001",
    ]  # fmt: skip
    assert [each.attachments[0][0].split(".")[0] for each in carrying()] == numbers
    assert JournalLine.objects.filter(kind="transcript.issued").count() == 4
    assert JournalLine.objects.filter(kind="transcript.sent").count() == 1


@pytest.mark.parametrize(("values", "pointer", "code"), [
    ({"kind": "transcript"}, "/kind", "not_a_certificate"),
    ({"purpose": " "}, "/purpose", "required"),
    ({"email": "not an address"}, "/email", "invalid_email"),
])  # fmt: skip
def test_what_is_no_certificate_is_refused(values: dict[str, str], pointer: str, code: str) -> None:
    office = Office()
    refused = certify(office, **values)
    assert (refused.status, [(each["pointer"], each["code"]) for each in refused.json["errors"]]) == (
        422, [(pointer, code)],
    )  # fmt: skip
    assert not Document.objects.exists()


def test_nobody_certifies_anything_of_oneself_or_of_another_institutions_learner() -> None:
    office = Office()
    for who, status in ((office.sara, 403), (office.of.khan, 403), (Client(), 401)):
        assert certify(office, who).status == status
    directory.institution("other")
    zara = Client(directory.member("Zara", "registrar"))
    refused = certify(office, zara)
    assert (refused.status, refused.code) == (404, "STUDENT_NOT_FOUND")
    elsewhere = certify(office, office.alice, email="friend@example.org")
    assert (elsewhere.status, elsewhere.code) == (403, "address_not_own")
    assert not Document.objects.exists()


def test_a_learner_finds_what_a_transcript_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    open_one = office.sara.get(READY).json
    assert (open_one["name"], open_one["allowed"], open_one["missing"]) == ("issue", True, [])
    third = office.of.students[2].person_id
    make.exam(office.exam).results.filter(person=third).update(is_current=False)
    seen = office.ruth.get(f"{READY}?person_id={third}").json
    assert (seen["allowed"], [each["code"] for each in seen["missing"]]) == (False, ["has_published_results"])
    fees = {office.sara_student.person_id: [Requirement("fees_paid", "Fees are paid")]}
    monkeypatch.setattr(contributions, "to_issue", lambda _kind, _persons: fees)
    blocked = office.sara.get(READY).json
    assert (blocked["allowed"], [each["code"] for each in blocked["missing"]]) == (False, ["fees_paid"])


def test_what_a_transcript_of_somebody_else_waits_for_is_no_learners_business() -> None:
    office = Office()
    refused = office.sara.get(f"{READY}?student_id={office.bilal_student.pk}")
    assert (refused.status, refused.code) == (404, "STUDENT_NOT_FOUND")
    assert office.ruth.get(READY).status == 404  # a registrar learns nothing here


@pytest.mark.parametrize("kind", ["transcript", "noc"])
def test_what_a_learner_owes_blocks_the_learner_and_warns_the_office(kind: str) -> None:
    office = Office()
    owed = academics.requirement(title="Library book", locks=["document"])
    academics.obligation(office.sara_student.person, requirement=owed, due_at=clock.now())
    own = office.sara.get(f"{READY}?kind={kind}").json
    assert (own["allowed"], [each["code"] for each in own["missing"]]) == (False, ["obligations_clear"])
    told = office.ruth.get(f"{READY}?student_id={office.sara_student.pk}&kind={kind}").json
    assert (told["allowed"], told["missing"]) == (True, [])
    assert [(each["code"], each["detail"]) for each in told["warnings"]] == [("obligations_clear", "Library book")]


@pytest.mark.parametrize(("chosen", "spoken"), [("ur", "ur"), ("en", "en"), ("", "en")])
def test_the_desk_issues_in_the_language_that_the_learner_chose(chosen: str, spoken: str) -> None:
    office = Office()
    account = office.sara_student.person.user
    account.language = chosen
    account.save(update_fields=["language"])
    asked = academics.request_type("bonafide", handler_role="registrar")
    requests = "/api/v1/academics/requests/"
    made = office.sara.post(requests, {"type": asked.pk, "title": "For my passport"}).json["id"]
    office.ruth.post(f"{requests}{made}/moves/approve/")
    run_jobs()
    assert Document.objects.get().language == spoken
