"""Documents: issued under numbers without a gap, drawn from what was issued, mailed, superseded, revoked, verified."""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction

from maristan.academics.tests import factories as academics
from maristan.assessment.actions import document_following
from maristan.assessment.actions import documents as actions
from maristan.assessment.models import Document
from maristan.assessment.queries import contributions, document_pages, transcripts
from maristan.assessment.rules.documents import CertificateKind, DocumentLanguage
from maristan.assessment.tests import factories as make
from maristan.assessment.tests.test_corrections import move as decide
from maristan.directory.tests import factories as directory
from maristan.kernel import clock
from maristan.kernel.access import platform
from maristan.kernel.errors import NotFound
from maristan.kernel.models import Job, JournalLine, StoredFile
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs
from maristan.kernel.workflow import Requirement

pytestmark = pytest.mark.django_db
TRANSCRIPTS = "/api/v1/transcripts/"
VERIFY = f"{TRANSCRIPTS}verify/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    cache.clear()
    with clock.stopped_at(make.CLOCK), clock.stopped_at(make.LATER):
        yield


class Office:
    """Sara and Bilal have a published result each; Ruth is the registrar, Alice and Charlie work in the exam cell."""

    def __init__(self) -> None:
        with clock.stopped_at(make.CLOCK):
            self.of = make.college()
            self.exam = make.published(self.of)
        run_jobs()
        mail.outbox.clear()
        self.sara_student, self.bilal_student = self.of.students[0], self.of.students[1]
        self.sara, self.bilal = self.of.sara, self.of.bilal
        for who, address in ((self.sara_student, "sara@example.edu"), (self.bilal_student, "bilal@example.edu")):
            who.person.contacts.create(kind="email", value=address, is_primary=True)
        self.ruth = Client(directory.member("Ruth", "registrar"))
        self.alice = Client(directory.member("Alice", "exam_cell"))
        self.charlie = Client(directory.member("Charlie", "exam_cell"))

    def asks(self, who: Client | None = None, **values: Any) -> Answer:
        """Sara, or another, asks for Sara's transcript."""
        body = {"student_id": self.sara_student.pk, **values}
        return (who or self.sara).post(f"{TRANSCRIPTS}enqueue/", body)

    def issued(self, **values: Any) -> Document:
        """Sara's transcript, drawn and mailed."""
        answer = self.asks(**values)
        assert answer.status == 202, answer.body
        run_jobs()
        return Document.objects.latest("pk")

    def corrected(self) -> None:
        """Sara's theory was 45 and becomes 48: Alice proposes, Charlie approves."""
        theory, _ = make.components(self.exam)
        result = make.exam(self.exam).results.get(person=self.sara_student.person, is_current=True).pk
        body = {"result": result, "entries": [{"component": theory, "marks": "48"}], "reason": "Added up wrongly."}
        made = self.alice.post("/api/v1/assessment/corrections/", body)
        assert made.status == 201, made.json
        assert decide(self.charlie, made.json["id"], "approve").status == 200
        run_jobs()


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def scanned(pdf: bytes) -> str:
    """What a stranger's telephone reads on the first page."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    return str(zxingcpp.read_barcodes(page)[0].text)


def attached() -> tuple[str, bytes]:
    """Name and bytes of the document that was mailed last."""
    [(name, content, _)] = carrying()[-1].attachments
    return str(name), bytes(content)


def carrying() -> list[Any]:
    """The mails that carry a document."""
    return [each for each in mail.outbox if each.attachments]


def test_a_learner_asks_and_the_mail_carries_a_document_that_anybody_can_verify() -> None:
    office = Office()
    answer = office.asks()
    assert (answer.status, answer.json["student_id"]) == (202, office.sara_student.pk)
    assert set(answer.json) >= {"message", "job_id", "student_id", "status_url"}
    run_jobs()
    row = Document.objects.get()
    status = office.sara.get(answer.json["status_url"]).json
    assert (status["status"], status["result"]) == (
        "succeeded", {"document": row.pk, "number": "TRN-2026-000001", "mailed": True},
    )  # fmt: skip
    [sent] = carrying()
    assert sent.to == ["sara@example.edu"]
    name, pdf = attached()
    shown = office.sara.get(f"{TRANSCRIPTS}{row.pk}/").json
    assert (name, shown["number"]) == ("TRN-2026-000001.pdf", "TRN-2026-000001")
    assert hashlib.sha256(pdf).hexdigest() == shown["file_sha256"] == row.file_sha256
    assert scanned(pdf) == shown["verify_url"] == f"{settings.SITE_URL}/verify/{row.code}"
    said = text_of(pdf)
    for each in ("TRN-2026-000001", shown["printed_hash"], "Sara", "P-0000", "Pathology final", "75.00 / 100.00"):
        assert each in said
    assert shown["printed_hash"] == row.content_hash[:16]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", row.code)
    assert office.sara.get(f"{TRANSCRIPTS}{row.pk}/file/").body == pdf
    told = [each["title"] for each in office.sara.get("/api/v1/comms/notifications/").json["results"]]
    assert "Your transcript is ready: TRN-2026-000001" in told


def test_what_has_not_changed_is_sent_again_and_a_new_one_takes_the_next_number() -> None:
    office = Office()
    first = office.issued()
    assert office.issued() == first
    assert [each.attachments[0][0] for each in carrying()] == ["TRN-2026-000001.pdf"] * 2
    assert office.issued(new=True).number == "TRN-2026-000002"
    assert office.issued(language="ur").number == "TRN-2026-000003"
    assert office.issued(language="ur").number == "TRN-2026-000003"
    with clock.stopped_at("2027-01-01T00:30:00+05:00"):
        assert office.issued(new=True).number == "TRN-2027-000001"
    assert JournalLine.objects.filter(kind="transcript.issued").count() == 4


def test_learners_ask_for_themselves_and_to_their_own_address() -> None:
    office = Office()
    for values in ({"student_id": office.bilal_student.pk}, {"student_id": 999_999}, {"student_id": None}):
        refused = office.asks(**values)
        assert (refused.status, refused.code) == (404, "STUDENT_NOT_FOUND")
    refused = office.asks(email="stranger@example.org")
    assert (refused.status, refused.code) == (403, "address_not_own")
    for bad in ("two@example.org,three@example.org", "nobody", "a@b.c\nBcc: d@e.f"):
        refused = office.asks(email=bad)
        assert (refused.status, refused.pointers) == (422, [("/email", "invalid_email")])
    assert not Job.objects.filter(kind=actions.ISSUE).exists()
    assert office.asks(email="SARA@example.edu").status == 202
    assert office.asks(student_id=None, person_id=office.sara_student.person_id).status == 202
    run_jobs()
    assert Document.objects.count() == 1


def test_the_registrar_sends_elsewhere_and_the_learner_is_told() -> None:
    office = Office()
    assert office.asks(office.ruth, email="office@other.example").status == 202
    assert office.asks(office.alice, email="office@other.example").code == "address_not_own"
    run_jobs()
    assert carrying()[0].to == ["office@other.example"]
    told = [each["title"] for each in office.sara.get("/api/v1/comms/notifications/").json["results"]]
    assert "Your transcript TRN-2026-000001 was sent to office@other.example" in told


def test_nothing_is_issued_while_something_is_missing() -> None:
    office = Office()
    late = clock.now() + timedelta(hours=1)
    owed = academics.requirement(locks=["document"])
    row = academics.obligation(office.sara_student.person, requirement=owed, due_at=late)
    refused = office.asks()
    assert (refused.status, refused.missing) == (409, ["obligations_clear"])
    assert office.asks(office.ruth).status == 202
    run_jobs()
    assert Document.objects.count() == 1
    row.status = "submitted"
    row.save()
    assert office.asks().status == 202
    newcomer = academics.student_with_account("Nida", office.of.group)
    nobody = Client(newcomer.person).post(f"{TRANSCRIPTS}enqueue/", {"student_id": newcomer.pk})
    assert (nobody.status, nobody.missing) == (409, ["has_published_results"])


def test_another_app_may_hold_a_document_back(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    asked = []

    def fees(kind: str, persons: Any) -> dict[int, list[Requirement]]:
        asked.append((kind, list(persons)))
        return {person: [Requirement("fees_paid", "Fees are paid")] for person in persons}

    monkeypatch.setattr(contributions, "_to_issue", [])
    for _ in range(2):
        contributions.register_to_issue(fees)
    assert office.asks().missing == ["fees_paid"]
    assert asked == [("transcript", [office.sara_student.person_id])]


def test_what_is_missing_by_the_time_of_the_job_is_told_and_nothing_is_issued() -> None:
    office = Office()
    answer = office.asks()
    owed = academics.requirement(locks=["document"])
    academics.obligation(office.sara_student.person, requirement=owed, due_at=clock.now())
    run_jobs()
    job = office.sara.get(answer.json["status_url"]).json
    assert (job["status"], job["error"]) == ("failed", "obligations_clear")
    assert (Document.objects.count(), carrying()) == (0, [])
    for who in (office.sara, office.ruth):
        told = [each["title"] for each in who.get("/api/v1/comms/notifications/").json["results"]]
        assert "A document for Sara could not be made" in told


def test_a_step_done_again_issues_and_mails_nothing_twice() -> None:
    office = Office()
    job = office.asks().json["job_id"]
    run_jobs()
    by = directory.actor(office.sara_student.person)
    again = {"job_id": job, "person": office.sara_student.person_id, "language": "en", "renew": True, "by": by}
    assert actions.issue(**again) is None
    Job.objects.filter(pk=job).update(finished_at=None, status="running")
    first = actions.issue(**again)
    assert first == Document.objects.get()
    assert first is not None
    Job.objects.filter(pk=job).update(finished_at=clock.now(), status="succeeded")
    actions.finish(document=first.pk, email="sara@example.edu", job_id=job, by=by)
    actions.finish(document=first.pk, email="sara@example.edu", by=by)
    run_jobs()
    assert len(carrying()) == 1


def test_the_same_document_is_the_same_bytes_and_a_corrected_one_is_another() -> None:
    office = Office()
    row = office.issued()
    assert document_pages.pdf(row) == document_pages.pdf(row) == bytes(attached()[1])
    office.corrected()
    assert Document.objects.latest("pk").content_hash != row.content_hash


def test_a_correction_replaces_every_transcript_that_shows_the_result() -> None:
    office = Office()
    first, second = office.issued(), office.issued(new=True)
    revoked = office.issued(new=True)
    assert office.ruth.post(f"{TRANSCRIPTS}{revoked.pk}/moves/revoke/", {"reason": "Given by mistake"}).status == 200
    mail.outbox.clear()
    office.corrected()
    latest = Document.objects.latest("pk")
    assert (latest.number, latest.status) == ("TRN-2026-000004", "issued")
    found = list(Document.objects.order_by("pk").values_list("status", "superseded_by"))
    assert found == [
        ("superseded", latest.pk), ("superseded", latest.pk), ("revoked", None), ("issued", None),
    ]  # fmt: skip
    sent = carrying()
    assert [(each.to, each.attachments[0][0]) for each in sent] == [(["sara@example.edu"], "TRN-2026-000004.pdf")]
    assert "78.00 / 100.00" in text_of(sent[0].attachments[0][1])
    for row in (first, second):
        row.refresh_from_db()
        answer = Client().get(f"{VERIFY}{row.code}/").json
        assert (answer["valid"], answer["reason"]) == (False, "superseded")
    run_jobs()
    assert Document.objects.count() == 4


def test_a_stranger_learns_that_it_is_genuine_and_no_more() -> None:
    office = Office()
    row = office.issued()
    stranger = Client()
    answer = stranger.get(f"{VERIFY}{row.code}/")
    assert answer.json == {
        "valid": True, "status": "issued", "reason": "issued", "institution": "FMU", "kind": "transcript",
        "number": "TRN-2026-000001", "programme": office.sara_student.program.name, "issued_on": "2026-03-10",
        "content_hash": row.content_hash, "file_sha256": row.file_sha256, "name": "S•••",
    }  # fmt: skip
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    with clock.stopped_at(clock.now() + timedelta(days=731)):
        assert stranger.get(f"{VERIFY}{row.code.lower()}/").json["valid"] is True
    unknown = stranger.get(f"{VERIFY}{'0' * 26}/")
    assert (unknown.status, unknown.json["valid"], unknown.json["reason"]) == (404, False, "unknown")
    assert office.ruth.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {"reason": "Given by mistake"}).status == 200
    after = stranger.get(f"{VERIFY}{row.code}/").json
    assert (after["valid"], after["reason"]) == (False, "revoked")
    assert "mistake" not in str(after)


def test_a_stranger_looks_thirty_times_a_minute() -> None:
    office = Office()
    row = office.issued()
    stranger = Client()
    statuses = [stranger.get(f"{VERIFY}{row.code}/").status for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    assert stranger.get(f"/verify/{row.code}").status == 429


@pytest.mark.parametrize(
    ("status", "english", "urdu"),
    [("issued", "Genuine and valid", "اصل اور درست"), ("superseded", "Replaced", "تبدیل ہو چکی"),
     ("revoked", "Revoked", "منسوخ")],
)  # fmt: skip
def test_the_page_of_the_qr_answers_without_a_script(status: str, english: str, urdu: str) -> None:
    office = Office()
    row = office.issued()
    if status == "revoked":
        assert office.ruth.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {"reason": "A mistake"}).status == 200
    if status == "superseded":
        office.corrected()
    stranger = Client()
    page = stranger.get(f"/verify/{row.code}").body.decode()
    assert f"<h1>{english}</h1>" in page
    assert "S•••" in page
    for secret in ("Sara", "P-0000", "75.00"):
        assert secret not in page
    other = stranger.get(f"/verify/{row.code}?lang=ur").body.decode()
    assert f"<h1>{urdu}</h1>" in other
    assert '<html lang="ur" dir="rtl">' in other
    missing = stranger.get("/verify/NOSUCHCODE")
    assert (missing.status, "<h1>Unknown</h1>" in missing.body.decode()) == (404, True)


def test_documents_are_seen_by_their_learner_and_the_offices_alone() -> None:
    office = Office()
    row = office.issued()
    assert office.bilal.get(TRANSCRIPTS).json["count"] == 0
    for path in (f"{TRANSCRIPTS}{row.pk}/", f"{TRANSCRIPTS}{row.pk}/file/"):
        assert office.bilal.get(path).status == office.of.khan.get(path).status == 404
    assert office.sara.get(TRANSCRIPTS).json["count"] == office.alice.get(TRANSCRIPTS).json["count"] == 1
    for who, status in ((office.sara, 403), (office.alice, 403), (office.bilal, 404)):
        assert who.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {"reason": "No more"}).status == status
    blank = office.ruth.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {})
    assert (blank.status, blank.code) == (422, "REASON_REQUIRED")
    row.refresh_from_db()
    assert row.status == "issued"
    done = office.ruth.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {"reason": "Given by mistake"})
    assert (done.json["status"], done.json["revoked_by_name"]) == ("revoked", "Ruth")
    twice = office.ruth.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {"reason": "Given by mistake"})
    assert (twice.status, twice.missing) == (409, ["wrong_status"])


@pytest.mark.parametrize(
    "values",
    [
        {"number": "TRN-2026-999999"}, {"snapshot": {}}, {"content_hash": "0" * 64}, {"code": "X" * 26},
        {"file_sha256": "0" * 64}, {"language": "ur"}, {"issued_by": "Somebody"}, {"result_ids": []},
    ],
)  # fmt: skip
def test_the_database_keeps_what_was_issued(values: dict[str, Any]) -> None:
    office = Office()
    row = office.issued()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=row.pk).delete()
    row.refresh_from_db()
    assert row.number == "TRN-2026-000001"


def test_a_revoked_document_stays_revoked_in_the_database() -> None:
    office = Office()
    row = office.issued()
    assert office.ruth.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {"reason": "Given by mistake"}).status == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=row.pk).update(status="issued", revoked_at=None, revoked_by=None)


@pytest.mark.parametrize(("code", "number", "kind"), [
    ("transcript", "TRN-2026-000001", "Academic transcript"), ("bonafide", "BON-2026-000001", "Bonafide certificate"),
    ("noc", "NOC-2026-000001", "No objection certificate"),
])  # fmt: skip
def test_an_approved_request_is_served_with_a_document(code: str, number: str, kind: str) -> None:
    office = Office()
    asked = academics.request_type(code, handler_role="registrar")
    requests = "/api/v1/academics/requests/"
    made = office.sara.post(requests, {"type": asked.pk, "title": "For my passport"}).json["id"]
    run_jobs()
    assert not Document.objects.exists()
    assert office.ruth.post(f"{requests}{made}/moves/approve/").status == 200
    run_jobs()
    row = Document.objects.get()
    assert (row.number, row.request_id) == (number, made)
    done = office.sara.get(f"{requests}{made}/").json
    assert (done["status"], done["resolution_notes"]) == ("completed", number)
    name, pdf = attached()
    assert (name, kind in text_of(pdf)) == (f"{number}.pdf", True)
    assert ("For my passport" in text_of(pdf)) is (code == "noc")
    line = JournalLine.objects.get(kind="request.approved")
    document_following.follow_request(line_id=line.pk, by=platform(line.institution_id))
    assert (Document.objects.count(), run_jobs()) == (1, [])


def test_only_of_a_learner_a_document_says_something() -> None:
    office = Office()
    with pytest.raises(NotFound) as refused:
        transcripts.content(CertificateKind.TRANSCRIPT, office.of.khan_person.pk, DocumentLanguage.ENGLISH)
    assert refused.value.code == "STUDENT_NOT_FOUND"


def test_an_address_that_was_mailed_holds_for_seven_days(monkeypatch: pytest.MonkeyPatch) -> None:
    from maristan.assessment.actions import document_mails

    office = Office()
    monkeypatch.setattr(document_mails, "ATTACHED_AT_MOST", 10)
    row = office.issued()
    assert carrying() == []
    said = "\n".join(str(each.body) for each in mail.outbox)
    [link] = re.findall(rf"{re.escape(settings.SITE_URL)}(/api/v1/transcripts/signed/\S+)", said)
    stranger = Client()
    assert hashlib.sha256(stranger.get(link).body).hexdigest() == row.file_sha256
    assert stranger.get(f"{link}x").status == 404
    with clock.stopped_at(clock.now() + timedelta(days=7, seconds=1)):
        late = stranger.get(link)
    assert (late.status, late.code) == (410, "link_expired")
    assert StoredFile.objects.filter(content_type="application/pdf").count() == 1
    assert office.ruth.post(f"{TRANSCRIPTS}{row.pk}/moves/revoke/", {"reason": "Given by mistake"}).status == 200
    revoked = stranger.get(link)
    assert (revoked.status, revoked.code) == (404, "not_found")
    assert document_mails.compose(params={"document": row.pk}, by=directory.acting_as("registrar")) is None
