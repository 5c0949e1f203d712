"""What is attached to leave: by whom, until when, and what is no document."""

from typing import Any

import pytest

from maristan.directory.models import Leave
from maristan.directory.tests import factories as make
from maristan.directory.tests.test_photos import png
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.pictures import document_type
from maristan.kernel.tests.client import Client

LEAVES = "/api/v1/directory/leaves/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def asked(who: Any) -> str:
    """Medical leave of somebody; gives the address of its attachment."""
    made = Client(who).post(LEAVES, {"kind": "medical", "start_date": "2026-05-01", "end_date": "2026-05-03"})
    assert made.status == 201, made.json
    return f"{LEAVES}{made.json['id']}/attachment/"


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, "application/pdf"), (png(), "image/png"), (PDF[:-7], None), (b"<html>", None)]
)
def test_a_document_is_told_by_its_content(content: bytes, kind: str | None) -> None:
    assert document_type(content) == kind


@pytest.mark.django_db
def test_a_certificate_is_attached_by_who_asks_and_read_by_who_decides() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty")
    url = asked(khan)
    assert Client(khan).get(url).status == 404
    assert Client(khan).upload(url, "certificate.exe", PDF).pointers == [("/file", "unsupported_file")]
    assert Client(khan).upload(url, "certificate.pdf", PDF).status == 204
    registrar = Client(make.member("Ruth", "registrar"))
    shown = registrar.get(url)
    assert (shown.status, shown.body, shown.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert registrar.get(url.removesuffix("attachment/")).json["attachment"] == url
    assert [each.kind for each in JournalLine.objects.order_by("-id")[:2]] == ["file.read", "leave.updated"]
    assert Client(khan).delete(url).status == 204
    assert Client(khan).get(url).status == 404


@pytest.mark.django_db
def test_what_is_no_document_too_large_or_late_is_refused() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty")
    url = asked(khan)
    refused = Client(khan).upload(url, "certificate.pdf", b"<html>")
    assert (refused.status, refused.pointers) == (422, [("/file", "file_type")])
    assert Client(khan).upload(url, "certificate.pdf", PDF + b"x" * 3 * 2**20).status == 413
    registrar = Client(make.member("Ruth", "registrar"))
    assert registrar.post(url.replace("attachment/", "moves/approve/")).status == 200
    late = Client(khan).upload(url, "certificate.pdf", PDF)
    assert (late.status, late.code) == (409, "wrong_status")
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_what_was_decided_upon_keeps_its_attachment() -> None:
    make.institution()
    khan = make.member("Dr Khan", "faculty")
    url = asked(khan)
    assert Client(khan).upload(url, "certificate.pdf", PDF).status == 204
    registrar = Client(make.member("Ruth", "registrar"))
    assert registrar.post(url.replace("attachment/", "moves/approve/")).status == 200
    late = Client(khan).delete(url)
    assert (late.status, late.code) == (409, "wrong_status")
    assert Client(khan).get(url).body == PDF


@pytest.mark.django_db
def test_nobody_attaches_to_the_leave_of_another_nor_of_another_institution() -> None:
    make.institution("fmu")
    url = asked(make.member("Dr Khan", "faculty"))
    assert Client(make.member("Dr Noor", "faculty")).upload(url, "x.pdf", PDF).status == 404
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert [zara.upload(url, "x.pdf", PDF).status, zara.get(url).status] == [404, 404]
    assert not Leave.objects.exclude(attachment=None).exists()
