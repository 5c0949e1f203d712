"""Identity documents: one number once, a copy that is what it says, and verification that a change clears (D2)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.directory.models import IdentityDocument
from maristan.directory.rules.identity_documents import IDENTITY_DOCUMENT, DocumentFacts, date_faults
from maristan.directory.rules.people import document_number
from maristan.directory.rules.states import DocumentKind, DocumentStatus
from maristan.directory.tests import factories as make
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.tests.client import Answer, Client

DOCUMENTS = "/api/v1/directory/identity-documents/"
CNIC = "35202-1234567-1"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


class Anybody:
    """Somebody who may do everything."""

    def may(self, permission: str) -> bool:
        """Yes."""
        return True


def entered(client: Client, who: Any, **values: Any) -> Answer:
    """A document of somebody, a national identity card unless said otherwise."""
    return client.post(DOCUMENTS, {"person": who.pk, "kind": "cnic", "number": CNIC, **values})


# --- rules --------------------------------------------------------------------------------------------------------


def test_a_document_expires_after_it_was_issued() -> None:
    day = date(2026, 3, 1)
    assert [fault.code for fault in date_faults(day, day)] == ["out_of_range"]
    assert not date_faults(day, date(2026, 3, 2))
    assert not date_faults(None, day)


def test_verifying_warns_of_a_missing_copy_and_of_an_expired_document() -> None:
    facts = DocumentFacts(DocumentStatus.UNVERIFIED, date(2026, 3, 1), expiry_date=date(2026, 2, 28))
    verify = next(move for move in IDENTITY_DOCUMENT.moves(facts, Anybody(), NOW) if move.name == "verify")
    assert verify.allowed
    assert [each.code for each in verify.warnings] == ["document_file_missing", "document_expired"]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(DocumentKind.CNIC, CNIC), (DocumentKind.BIRTH_FORM, CNIC), (DocumentKind.PASSPORT, "3520212345671")],
)
def test_civic_numbers_are_shown_as_people_write_them(kind: DocumentKind, shown: str) -> None:
    assert document_number(kind, "3520212345671") == shown


# --- at the API ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_number_is_stored_bare_and_shown_in_its_shape() -> None:
    make.institution()
    ruth, amina = Client(make.member("Ruth", "registrar")), make.person("Amina")
    made = entered(ruth, amina, number="35202 1234567 1", issue_date="2020-01-01", expiry_date="2030-01-01")
    assert (made.status, made.json["number"], made.json["status"]) == (201, CNIC, "unverified")
    assert made.json["person"] == {"id": amina.pk, "name": "Amina"}
    assert IdentityDocument.objects.get().number == "3520212345671"
    assert ruth.get(f"{DOCUMENTS}?search=35202-123").json["count"] == 1
    assert JournalLine.objects.filter(kind="identity_document.created").count() == 1


@pytest.mark.django_db
def test_the_shape_of_civic_numbers_is_a_setting() -> None:
    make.institution()
    ada, amina = Client(make.member("Ada", "admin")), make.person("Amina")
    key = "/api/v1/directory/settings/directory.civic_number/"
    assert ada.put(key, {"value": "no digits"}, version=0).code == "bad_value"
    assert ada.put(key, {"value": "####-####"}, version=0).status == 200
    refused = entered(ada, amina)
    assert (refused.status, refused.pointers) == (422, [("/number", "bad_number")])
    assert entered(ada, amina, number="12345678").json["number"] == "1234-5678"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"number": "35202-1234567"}, [("/number", "bad_number")]),
        ({"number": "-- --"}, [("/number", "required")]),
        ({"number": "12", "issue_date": "2026-01-02", "expiry_date": "2026-01-02"},
         [("/number", "bad_number"), ("/expiry_date", "out_of_range")]),
        ({"status": "verified"}, [("/status", "read_only_field")]),
    ],
)  # fmt: skip
def test_all_faults_of_a_document_are_told_at_once(values: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    make.institution()
    refused = entered(Client(make.member("Ruth", "registrar")), make.person("Amina"), **values)
    assert (refused.status, refused.pointers) == (422, faults)
    assert not IdentityDocument.objects.exists()


@pytest.mark.django_db
def test_a_number_taken_names_the_document_that_has_it() -> None:
    make.institution()
    ruth, amina, noor = Client(make.member("Ruth", "registrar")), make.person("Amina"), make.person("Noor")
    first = entered(ruth, amina).json["id"]
    again = entered(ruth, noor)
    assert (again.status, again.code) == (409, "overlap")
    assert again.json["other"] == {"id": first, "person": {"id": amina.pk, "name": "Amina"}}
    assert entered(ruth, noor, kind="birth_form").status == 201


@pytest.mark.django_db
def test_only_whoever_may_verifies_and_a_new_number_or_copy_clears_it() -> None:
    make.institution()
    ruth, sara = make.member("Ruth", "registrar"), make.member("Sara", "student")
    registrar, student = Client(ruth), Client(sara)
    made = entered(registrar, sara).json
    url = f"{DOCUMENTS}{made['id']}/"
    assert student.post(f"{url}moves/verify/").status == 403
    verified = registrar.post(f"{url}moves/verify/").json
    assert (verified["status"], verified["verified_by"]["name"]) == ("verified", "Ruth")
    other = entered(registrar, sara, kind="passport", number="AB1").json["id"]
    for status, found in (("verified", made["id"]), ("unverified", other)):
        assert [each["id"] for each in registrar.get(f"{DOCUMENTS}?status={status}").json["results"]] == [found]
    again = registrar.post(f"{url}moves/verify/")
    assert (again.status, again.missing) == (409, ["wrong_status"])
    dated = registrar.patch(url, {"expiry_date": "2031-01-01"}, version=verified["version"]).json
    assert dated["status"] == "verified"
    numbered = registrar.patch(url, {"number": "35202-1234567-2"}, version=dated["version"]).json
    assert (numbered["status"], numbered["verified_by"]) == ("unverified", None)
    registrar.post(f"{url}moves/verify/")
    assert registrar.upload(f"{url}file/", "card.pdf", PDF).status == 204
    assert registrar.get(url).json["status"] == "unverified"


@pytest.mark.django_db
def test_verification_is_taken_back_with_a_reason() -> None:
    make.institution()
    ruth = Client(make.member("Ruth", "registrar"))
    url = f"{DOCUMENTS}{entered(ruth, make.person('Amina')).json['id']}/"
    ruth.post(f"{url}moves/verify/")
    refused = ruth.post(f"{url}moves/unverify/", {"reason": "no"})
    assert (refused.status, refused.code) == (422, "REASON_REQUIRED")
    assert IdentityDocument.objects.get().verified_at is not None
    assert ruth.post(f"{url}moves/unverify/", {"reason": "The card was reported lost."}).json["status"] == "unverified"
    line = JournalLine.objects.latest("id")
    assert (line.kind, line.reason) == ("identity_document.unverified", "The card was reported lost.")


@pytest.mark.django_db
def test_a_copy_is_what_its_content_says_and_stays_private() -> None:
    make.institution()
    ruth, sara, other = make.member("Ruth", "registrar"), make.member("Sara", "student"), make.member("Omar", "student")
    url = f"{DOCUMENTS}{entered(Client(ruth), sara).json['id']}/file/"
    refused = Client(ruth).upload(url, "card.pdf", b"<html>")
    assert (refused.status, refused.pointers) == (422, [("/file", "file_type")])
    assert Client(ruth).upload(url, "card.pdf", PDF + b"x" * 3 * 2**20).status == 413
    assert not StoredFile.objects.exists()
    assert Client(ruth).upload(url, "card.exe", PDF).pointers == [("/file", "unsupported_file")]
    assert not StoredFile.objects.exists()
    assert Client(ruth).upload(url, "card.PDF", PDF).status == 204
    seen = Client(sara).get(url)
    assert (seen.status, seen.body, seen.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert [Client(omar).get(url).status for omar in (other,)] == [404]
    assert Client(sara).upload(url, "card.pdf", PDF).status == 403
    assert Client(ruth).delete(url).status == 204
    assert Client(sara).get(url).status == 404


@pytest.mark.django_db
def test_a_stale_or_missing_version_changes_nothing() -> None:
    make.institution()
    ruth = Client(make.member("Ruth", "registrar"))
    url = f"{DOCUMENTS}{entered(ruth, make.person('Amina')).json['id']}/"
    assert ruth.patch(url, {"issuing_authority": "NADRA"}).status == 428
    assert ruth.patch(url, {"issuing_authority": "NADRA"}, version=1).status == 200
    assert ruth.patch(url, {"issuing_authority": "Other"}, version=1).status == 412
    assert IdentityDocument.objects.get().issuing_authority == "NADRA"


@pytest.mark.django_db
def test_faculty_see_their_own_documents_alone_and_finance_none() -> None:
    make.institution("fmu")
    ruth, khan = make.member("Ruth", "registrar"), make.member("Dr Khan", "faculty")
    own, other = (
        entered(Client(ruth), khan).json["id"],
        entered(Client(ruth), ruth, kind="passport", number="AB1").json["id"],
    )
    assert [each["id"] for each in Client(khan).get(DOCUMENTS).json["results"]] == [own]
    assert Client(khan).get(f"{DOCUMENTS}{other}/").status == 404
    assert Client(make.member("Fay", "finance")).get(DOCUMENTS).status == 403
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert [zara.get(f"{DOCUMENTS}{own}/").status, zara.delete(f"{DOCUMENTS}{own}/").status] == [404, 404]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"number": "1"},
        {"number": "2", "issue_date": date(2026, 1, 2), "expiry_date": date(2026, 1, 2)},
        {"number": "2", "verified_at": NOW},
        {"number": ""},
    ],
)
def test_the_database_refuses_what_cannot_be(values: dict[str, Any]) -> None:
    make.institution()
    amina = make.person("Amina")
    IdentityDocument.objects.create(person=amina, kind="passport", number="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityDocument.objects.create(person=amina, kind="passport", **values)
