"""Learning material: who keeps it, who reads it, and who opened it."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from maristan.academics.actions import materials as actions
from maristan.academics.models import Material, Receipt
from maristan.academics.tests import factories as make
from maristan.directory.tests import factories as directory
from maristan.directory.tests.test_leave_attachments import PDF
from maristan.kernel import clock, files, tenancy
from maristan.kernel.access import platform
from maristan.kernel.errors import NotFound
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.tests.client import Answer, Client
from maristan.kernel.tests.worker import run_jobs

pytestmark = pytest.mark.django_db
NOON = "2026-03-02T12:00:00+05:00"
URL = "/api/v1/academics/materials/"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


class Classroom:
    """Dr Khan teaches a section; Sara sits in it and in the batch, Bilal in the batch, Nida in the section alone."""

    def __init__(self) -> None:
        directory.institution()
        self.group = make.group()
        self.batch = self.group.batch
        self.khan_person = directory.member("Dr Khan", "faculty")
        self.section = make.section(academic_period=make.period(batch=self.batch), faculty=self.khan_person)
        self.sara_student = make.student_with_account("Sara", self.group)
        self.bilal_student = make.student_with_account("Bilal", self.group)
        self.nida_student = make.student_with_account("Nida", make.group())
        for who in (self.sara_student, self.nida_student):
            make.enrollment(who, self.section)
        self.khan, self.sara, self.bilal, self.nida = (
            Client(each) for each in (
                self.khan_person, self.sara_student.person, self.bilal_student.person, self.nida_student.person
            )
        )  # fmt: skip

    @property
    def both(self) -> list[list[str]]:
        """Who sits in the section and studies in the batch."""
        return [[f"section:{self.section.pk}", f"batch:{self.batch.pk}"]]

    def published(self, **values: Any) -> int:
        """Notes of Dr Khan's for those of the batch in the section."""
        body = {"title": "Notes", "audience": self.both, **values}
        made = self.khan.post(URL, body)
        assert made.status == 201, made.body
        pk = int(made.json["id"])
        if made.json["kind"] == "file":
            assert self.khan.upload(f"{URL}{pk}/file/", "notes.pdf", PDF).status == 200
        assert self.move(pk, "publish").status == 200
        return pk

    def move(self, pk: int, name: str) -> Answer:
        """One of Dr Khan's moves."""
        return self.khan.post(f"{URL}{pk}/moves/{name}/")


def feed(who: Client) -> list[int]:
    return [each["id"] for each in who.get(f"{URL}feed/").json["results"]]


def test_a_reader_holds_every_key_of_an_alternative() -> None:
    room = Classroom()
    pk = room.published()
    assert (feed(room.sara), feed(room.bilal), feed(room.nida)) == ([pk], [], [])
    link = room.sara.post(f"{URL}{pk}/open/").json["url"]
    for other in (room.bilal, room.nida):
        for answer in (other.get(f"{URL}feed/{pk}/"), other.post(f"{URL}{pk}/open/"), other.get(link)):
            assert (answer.status, answer.code) == (404, "not_found")
    assert room.sara.get(link).body == PDF
    assert Receipt.objects.get().person_id == room.sara_student.person_id


def test_the_feed_goes_by_course_the_latest_first_and_what_is_for_all_comes_last() -> None:
    room = Classroom()
    other = make.section(make.course("ANAT", name="Anatomy"), academic_period=room.section.academic_period,
                         faculty=room.khan_person, name="B")  # fmt: skip
    make.enrollment(room.sara_student, other)
    own, anatomy = [[f"section:{room.section.pk}"]], [[f"section:{other.pk}"]]
    old = room.published(title="Old", audience=own)
    amir = Client(directory.member("Amir", "admin"))
    for_all = amir.post(URL, {"title": "Rules", "kind": "link", "url": "https://example.org/", "audience": [
        [f"batch:{room.batch.pk}"]]}).json["id"]  # fmt: skip
    assert amir.post(f"{URL}{for_all}/moves/publish/").status == 200
    with clock.stopped_at("2026-03-03T12:00:00+05:00"):
        bones, new = room.published(title="Bones", audience=anatomy), room.published(title="New", audience=own)
        named = room.section.course.name
        assert named > "Anatomy"
        assert [(each["id"], each["course"]) for each in room.sara.get(f"{URL}feed/").json["results"]] == [
            (bones, "Anatomy"), (new, named), (old, named), (for_all, None),
        ]  # fmt: skip
        by_course = [[f"course:{other.course_id}", f"batch:{room.batch.pk}"]]
        wide = amir.post(URL, {"title": "Atlas", "kind": "link", "url": "https://example.org/", "audience": by_course})
        assert amir.post(f"{URL}{wide.json['id']}/moves/publish/").status == 200
        assert room.sara.get(f"{URL}feed/{wide.json['id']}/").json["course"] == "Anatomy"


def test_what_is_not_current_is_nobodys_to_read() -> None:
    room = Classroom()
    later = (clock.now() + timedelta(hours=1)).isoformat()
    pk = room.published(available_from=later, available_until=(clock.now() + timedelta(hours=2)).isoformat())
    draft = room.khan.post(URL, {"title": "Draft", "kind": "link", "url": "https://x.pk", "audience": room.both}).json
    assert feed(room.sara) == []
    assert room.sara.post(f"{URL}{draft['id']}/open/").status == 404
    for hours, found in ((1, [pk]), (2, [])):
        with clock.stopped_at(clock.now() + timedelta(hours=hours)):
            assert feed(room.sara) == found
            assert room.sara.post(f"{URL}{pk}/open/").status == (200 if found else 404)
    gone = room.published(title="Gone")
    assert room.move(gone, "archive").status == 200
    assert feed(room.sara) == []
    assert room.move(gone, "restore").status == 200
    assert feed(room.sara) == [gone]


def test_a_receipt_counts_once_for_each_person_and_never_for_the_author() -> None:
    room = Classroom()
    pk = room.published()
    for who in (room.sara, room.sara, room.khan):
        assert who.post(f"{URL}{pk}/open/").status == 200
    page = room.khan.get(f"{URL}{pk}/").json
    assert (page["audience_count"], page["opened_count"]) == (1, 1)
    rows = room.khan.get(f"{URL}{pk}/receipts/").json["results"]
    assert [(each["full_name"], each["opens"]) for each in rows] == [("Sara", 2)]
    assert room.khan.get(f"{URL}{pk}/receipts/?opened=false").json["count"] == 0
    assert room.move(pk, "archive").status == 200
    assert room.khan.get(f"{URL}{pk}/").json["opened_count"] == 1
    assert room.sara.get(f"{URL}{pk}/receipts/").status == 403


def test_the_address_of_a_file_holds_five_minutes_and_for_who_asked() -> None:
    room = Classroom()
    pk = room.published()
    link = room.sara.post(f"{URL}{pk}/open/").json["url"]
    assert room.khan.get(link).status == 404
    assert room.sara.get(link.replace("token=", "token=x")).status == 404
    with clock.stopped_at(clock.now() + timedelta(seconds=301)):
        late = room.sara.get(link)
    assert (late.status, late.code) == (410, "link_expired")
    found = room.sara.get(link)
    assert (found.status, found.headers["Content-Disposition"]) == (200, 'attachment; filename="notes.pdf"')
    assert room.sara.get(f"{URL}{pk}/file/").status == 422


def test_the_address_of_one_file_opens_no_other() -> None:
    room = Classroom()
    one, other = room.published(), room.published(title="Other")
    link = room.sara.post(f"{URL}{one}/open/").json["url"]
    assert room.sara.get(link.replace(f"/{one}/file/", f"/{other}/file/")).status == 404
    assert room.sara.get(link).status == 200


def test_whoever_looks_after_archived_material_leaves_no_receipt() -> None:
    room = Classroom()
    pk = room.published()
    amir = Client(directory.member("Amir", "admin"))
    assert room.move(pk, "archive").status == 200
    assert amir.post(f"{URL}{pk}/open/").status == 200
    assert Receipt.objects.count() == 0


def test_a_link_is_http_and_opened_as_it_is() -> None:
    room = Classroom()
    for bad in ("javascript:alert(1)", "ftp://x.pk", "https://", "http://a b.pk", "https://u:p@x.pk"):
        refused = room.khan.post(URL, {"title": "L", "kind": "link", "url": bad, "audience": room.both})
        assert (refused.status, refused.pointers) == (422, [("/url", "invalid_url")])
    pk = room.published(kind="link", url="https://example.org/atlas")
    assert room.sara.post(f"{URL}{pk}/open/").json == {"url": "https://example.org/atlas", "valid_until": None}
    refused = room.khan.upload(f"{URL}{pk}/file/", "notes.pdf", PDF)
    assert (refused.status, refused.pointers) == (422, [("/file", "not_a_file")])


def test_a_draft_goes_with_its_file_and_what_has_none_is_not_opened() -> None:
    room = Classroom()
    pk = room.khan.post(URL, {"title": "Notes", "audience": room.both}).json["id"]
    nothing = room.khan.post(f"{URL}{pk}/open/")
    assert (nothing.status, nothing.code) == (404, "not_found")
    assert room.khan.upload(f"{URL}{pk}/file/", "notes.pdf", PDF).status == 200
    assert room.khan.delete(f"{URL}{pk}/").status == 204
    assert (Material.objects.count(), files.purge(), StoredFile.objects.count()) == (0, 1, 0)
    assert JournalLine.objects.get(kind="material.deleted").changes == {"title": ["Notes", None]}


def test_material_is_either_a_file_or_a_link_and_ends_after_it_begins() -> None:
    room = Classroom()
    for wrong, fault in (
        ({"url": "https://x.pk"}, ("/url", "not_a_link")),
        ({"kind": "link", "url": "http://[::1"}, ("/url", "invalid_url")),
        ({"available_from": NOON, "available_until": NOON}, ("/available_until", "ends_before_start")),
    ):
        refused = room.khan.post(URL, {"title": "Notes", "audience": room.both, **wrong})
        assert (refused.status, refused.pointers) == (422, [fault])
    assert not Material.objects.exists()
    pk = room.khan.post(URL, {"title": "Notes", "audience": room.both}).json["id"]
    held = room.khan.upload(f"{URL}{pk}/file/", "notes.pdf", PDF).json
    refused = room.khan.patch(f"{URL}{pk}/", {"kind": "link", "url": "https://x.pk"}, version=held["version"])
    assert (refused.status, refused.pointers) == (422, [("/file", "not_a_file")])
    with pytest.raises(NotFound):
        actions.move(pk=pk, name="burn", by=directory.actor(room.khan_person))
    assert (Material.objects.get().kind, Material.objects.get().status) == ("file", "draft")


def test_nothing_is_published_without_content_audience_and_time() -> None:
    room = Classroom()
    past = (clock.now() - timedelta(days=1)).isoformat()
    made = room.khan.post(URL, {"title": "Notes", "available_until": past}).json
    refused = room.move(made["id"], "publish")
    assert (refused.status, refused.missing) == (409, ["has_audience", "content_present", "window_not_over"])
    assert Material.objects.get().status == "draft"


def test_faculty_reach_their_sections_and_nobody_else() -> None:
    room = Classroom()
    other = make.section(academic_period=make.period(batch=room.batch))
    for key in (f"section:{other.pk}", f"batch:{room.batch.pk}", "institution"):
        refused = room.khan.post(URL, {"title": "Notes", "audience": [[key]]})
        assert (refused.status, refused.code) == (403, "audience_out_of_scope")
    assert not Material.objects.exists()
    pk = room.published()
    room.section.faculty = None
    room.section.save()
    assert room.move(pk, "archive").status == 200
    refused = room.move(pk, "restore")
    assert (refused.status, refused.missing) == (409, ["audience_in_scope"])
    assert room.sara.post(URL, {"title": "Mine"}).status == 403
    assert Client(directory.member("Dr Noor", "faculty")).get(f"{URL}{pk}/").status == 404


def zipped(*names: str, **parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, parts.get(name, "x"))
    return held.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
ODT = zipped("mimetype", mimetype="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("prog.pdf", b"MZ\x90\x00 this is a program"), ("prog.exe", b"MZ\x90\x00"), ("notes", PDF), ("notes.docx", PDF),
        ("notes.txt", b"\x7fELF\x02"), ("run.txt", b"#!/bin/sh\nrm"), ("a.zip", zipped("readme.txt", "virus.EXE")),
        ("macro.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("sheet.xlsx", DOCX), ("a.odt", DOCX), ("a.mp4", b"not a film"), ("a.csv", b"a\0b"), ("a.png", b"\x89PNG"),
        ("empty.txt", b""), ("a.svg", b"<svg/>"), ("a.html", b"<p>"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(name: str, content: bytes) -> None:
    room = Classroom()
    pk = room.khan.post(URL, {"title": "Notes", "audience": room.both}).json["id"]
    refused = room.khan.upload(f"{URL}{pk}/file/", name, content)
    assert refused.status == 422
    if content:
        assert refused.pointers == [("/file", "file_type_not_allowed")]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("a.PDF", PDF, "application/pdf"), ("نوٹس.docx", DOCX, "application/vnd.openxmlformats-officedocument"),
        ("a.odt", ODT, "application/vnd.oasis.opendocument.text"), ("a.md", "# علم".encode(), "text/markdown"),
        ("a.csv", b"caf\xe9;1", "text/csv"), ("a.zip", zipped("readme.txt"), "application/zip"),
        ("a.mp3", b"ID3\x03", "audio/mpeg"), ("a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
    ],
)  # fmt: skip
def test_what_is_shared_in_a_classroom_is_taken(name: str, content: bytes, mime: str) -> None:
    room = Classroom()
    pk = room.khan.post(URL, {"title": "Notes", "audience": room.both}).json["id"]
    taken = room.khan.upload(f"{URL}{pk}/file/", name, content)
    assert (taken.status, taken.json["filename"], taken.json["size_bytes"]) == (200, name, len(content))
    assert taken.json["mime"].startswith(mime)


def test_a_file_above_the_limit_is_refused(settings: Any) -> None:
    room = Classroom()
    directory.setting("academics.material_megabytes", 1)
    pk = room.khan.post(URL, {"title": "Notes", "audience": room.both}).json["id"]
    refused = room.khan.upload(f"{URL}{pk}/file/", "a.txt", b"x" * (2**20 + 1))
    assert (refused.status, refused.code) == (413, "file_too_large")
    assert not StoredFile.objects.exists()
    assert room.khan.upload(f"{URL}{pk}/file/", "a.txt", b"x" * 2**20).status == 200


def test_the_audience_hears_of_it_once_when_it_can_be_read() -> None:
    room = Classroom()
    told = lambda: [each["title"] for each in room.sara.get("/api/v1/comms/notifications/").json["results"]]  # noqa: E731
    pk = room.published(available_from=(clock.now() + timedelta(hours=1)).isoformat())
    run_jobs()
    by = platform(tenancy.current())
    assert (actions.tell(by=by), told()) == (0, [])
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        assert (actions.tell(by=by), actions.tell(by=by)) == (1, 0)
        assert told() == ["New learning material: Notes"]
        assert room.sara.get(f"{URL}feed/{pk}/").json["courses"] == [room.section.course.name]
        assert room.bilal.get("/api/v1/comms/notifications/").json["count"] == 0
    room.published(title="Now")
    run_jobs()
    assert told()[0] == "New learning material: Now"


def test_an_author_changes_what_was_published_but_never_empties_it() -> None:
    room = Classroom()
    pk = room.published()
    assert room.khan.patch(f"{URL}{pk}/", {"title": "Better"}).status == 428
    version = room.khan.get(f"{URL}{pk}/").json["version"]
    for body, status in (({"kind": "link"}, 409), ({"audience": []}, 422), ({"status": "draft"}, 422)):
        assert room.khan.patch(f"{URL}{pk}/", body, version=version).status == status
    assert room.khan.patch(f"{URL}{pk}/", {"title": "Better"}, version=version).json["title"] == "Better"
    assert room.khan.delete(f"{URL}{pk}/").code == "not_a_draft"
    kinds = JournalLine.objects.filter(kind__startswith="material.").values_list("kind", flat=True).order_by("pk")
    assert list(kinds) == ["material.created", "material.updated", "material.published", "material.updated"]


def test_the_database_refuses_material_without_content() -> None:
    room = Classroom()
    pk = room.published()
    for values in ({"file_id": None}, {"url": "https://x.pk"}, {"status": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Material.objects.filter(pk=pk).update(**values)
