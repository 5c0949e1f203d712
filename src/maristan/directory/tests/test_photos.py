"""Photos: whose one may change, and what is no picture."""

import struct
import zlib

import pytest

from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.pictures import picture_type
from maristan.kernel.tests.client import Client

PERSONS = "/api/v1/directory/persons/"


def png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


FRAME = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00"
JPEG = b"\xff\xd8" + FRAME + SCAN + b"\xff\xd9"


def test_a_picture_is_told_by_its_content() -> None:
    assert picture_type(png()) == "image/png"
    assert picture_type(JPEG) == "image/jpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"GIF89a",
        png()[:-12],
        png().replace(b"IDAT", b"JDAT"),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        JPEG[:-2],
        b"\xff\xd8" + SCAN + b"\xff\xd9",
        b"\xff\xd8\xff\xd9",
    ],
)
def test_what_is_cut_or_something_else_is_none(content: bytes) -> None:
    assert picture_type(content) is None


@pytest.mark.django_db
def test_a_student_has_their_own_photo_taken_and_others_see_it() -> None:
    make.institution()
    sara, khan = make.member("Sara", "student"), Client(make.member("Dr Khan", "faculty"))
    student, url = Client(sara), f"{PERSONS}{sara.pk}/photo/"
    assert student.get(url).status == 404
    assert student.upload(url, "me.jpg", png()).status == 204
    shown = khan.get(url)
    assert (shown.status, shown.body, shown.headers["Content-Type"]) == (200, png(), "image/png")
    assert khan.get(f"{PERSONS}{sara.pk}/").json["photo"] == url
    assert JournalLine.objects.get().kind == "person.updated"
    assert student.delete(url).status == 204
    assert student.get(url).status == 404


@pytest.mark.django_db
def test_what_is_no_picture_or_too_large_is_refused() -> None:
    make.institution()
    sara = make.member("Sara", "student")
    student, url = Client(sara), f"{PERSONS}{sara.pk}/photo/"
    refused = student.upload(url, "me.png", b"<html>")
    assert (refused.status, refused.pointers) == (422, [("/file", "file_type")])
    assert student.upload(url, "me.png", png() + b"x" * 2**20).status == 413
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_nobody_changes_the_photo_of_another_nor_of_another_institution() -> None:
    make.institution("fmu")
    sara, khan = make.member("Sara", "student"), Client(make.member("Dr Khan", "faculty"))
    url = f"{PERSONS}{sara.pk}/photo/"
    assert khan.upload(url, "x.png", png()).status == 404
    assert khan.delete(url).status == 404
    make.institution("other")
    zara = Client(make.member("Zara", "admin"))
    assert zara.upload(url, "x.png", png()).status == 404
    assert zara.get(url).status == 404
    assert not StoredFile.objects.exists()
