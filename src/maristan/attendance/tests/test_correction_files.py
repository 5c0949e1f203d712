"""The file with a correction: given by who asked while it is open, read by who asked and who decides alone."""

from datetime import timedelta
from typing import Any

import pytest

from maristan.attendance.models import Correction
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import ATTENDANCE, DURING, Client, directory
from maristan.kernel import clock
from maristan.kernel.models import JournalLine, StoredFile

pytestmark = pytest.mark.django_db
URL = f"{ATTENDANCE}corrections/"
NEXT_DAY = "2026-03-10T09:00:00+05:00"
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def asked(of: make.Class) -> int:
    """A request of Sara's about a session in which everybody was marked absent."""
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, rest="absent")
        [line] = [e.pk for e in make.lines(of.session).values() if e.person_id == of.school.sara_person.pk]
    with clock.stopped_at(NEXT_DAY):
        made = of.sara.post(URL, {"line": line, "wanted": "present", "reason": "I sat in the second row."})
    assert made.status == 201, made.json
    assert (made.json["filename"], made.json["may_open"], made.json["may_attach"]) == ("", False, True)
    return int(made.json["id"])


def give(client: Client, pk: int, content: bytes = PAPER, name: str = "doctor.pdf") -> Any:
    return client.upload(f"{URL}{pk}/file/", name, content)


def test_who_asked_gives_a_file_and_the_teacher_reads_it_by_an_address_of_five_minutes() -> None:
    of = make.a_class()
    pk = asked(of)
    answer = give(of.sara, pk)
    assert (answer.status, answer.json["filename"], answer.json["version"]) == (200, "doctor.pdf", 2)
    assert JournalLine.objects.filter(kind="mark_correction.documented", subject_id=str(pk)).count() == 1
    for client in (of.khan, of.alice, of.sara):
        assert client.get(f"{URL}{pk}/").json["may_open"] is True
        link = client.post(f"{URL}{pk}/open/").json["url"]
        found = client.get(link)
        assert (found.status, found.body) == (200, PAPER)
        assert found.headers["Cache-Control"] == "private, no-store"
    assert of.khan.get(link).status == 404  # made for Sara
    assert of.sara.get(link.replace("token=", "token=x")).status == 404
    assert of.sara.get(f"{URL}{pk}/file/").status == 422
    with clock.stopped_at(clock.now() + timedelta(seconds=302)):
        late = of.sara.get(link)
    assert (late.status, late.code) == (410, "link_expired")


def test_an_address_of_one_correction_opens_no_other() -> None:
    of = make.a_class()
    pk = asked(of)
    give(of.sara, pk)
    link = of.khan.post(f"{URL}{pk}/open/").json["url"]
    other = make.correction(make.session(of.school, start="12:00"), of.students[0])
    Correction.objects.filter(pk=other.pk).update(file=StoredFile.objects.get())
    assert of.khan.get(link.replace(f"/{pk}/", f"/{other.pk}/")).status == 404


def test_nobody_else_gives_a_file_or_reads_it() -> None:
    of = make.a_class()
    pk = asked(of)
    assert (give(of.khan, pk).status, give(of.alice, pk).status) == (403, 403)
    assert give(Client(directory.member("Mina", "student")), pk).status == 404
    assert StoredFile.objects.count() == 0
    give(of.sara, pk)
    otto = Client(directory.member("Otto", "auditor"))
    seen = otto.get(f"{URL}{pk}/")
    assert (seen.status, seen.json["may_open"], otto.post(f"{URL}{pk}/open/").status) == (200, False, 403)
    link = of.sara.post(f"{URL}{pk}/open/").json["url"]
    assert otto.get(link).status == 403
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert [zara.get(link).status, zara.post(f"{URL}{pk}/open/").status, give(zara, pk).status] == [404] * 3


def test_a_program_named_pdf_and_a_file_too_large_are_refused_and_nothing_is_kept() -> None:
    of = make.a_class()
    pk = asked(of)
    wrong = give(of.sara, pk, b"MZ\x90\x00" + b"\x00" * 64)
    assert (wrong.status, wrong.pointers) == (422, [("/file", "file_type_not_allowed")])
    large = give(of.sara, pk, PAPER + b" " * 3 * 2**20)
    assert (large.status, large.code) == (413, "file_too_large")
    assert (StoredFile.objects.count(), Correction.objects.get(pk=pk).version) == (0, 1)


def test_the_name_of_a_file_ends_as_its_content_says() -> None:
    of = make.a_class()
    pk = asked(of)
    assert give(of.sara, pk, name="../note").json["filename"] == "note.pdf"
    for name in ("note.exe", "note.png"):
        assert give(of.sara, pk, name=name).pointers == [("/file", "file_type_not_allowed")]
    assert of.sara.get(f"{URL}{pk}/").json["filename"] == "note.pdf"


def test_another_file_takes_the_place_of_the_first_until_it_is_decided() -> None:
    of = make.a_class()
    pk = asked(of)
    give(of.sara, pk)
    assert give(of.sara, pk, name="better.pdf").json["filename"] == "better.pdf"
    assert StoredFile.objects.filter(expires_at=None).count() == 1
    with clock.stopped_at(NEXT_DAY):
        assert of.khan.post(f"{URL}{pk}/moves/accept/", {}).status == 200
    refused = give(of.sara, pk)
    assert (refused.status, refused.code) == (409, "wrong_status")
    assert of.sara.get(f"{URL}{pk}/").json["filename"] == "better.pdf"
    assert StoredFile.objects.count() == 2


def test_without_a_file_there_is_nothing_to_open() -> None:
    of = make.a_class()
    pk = asked(of)
    assert of.sara.post(f"{URL}{pk}/open/").status == 404
