"""Photos: whose one may change, and what is no picture."""

import io
import re
import struct
import time
import zlib

import pytest
from PIL import Image

from maristan.directory.tests import factories as make
from maristan.kernel.models import JournalLine, StoredFile
from maristan.kernel.pictures import PIXELS_AT_MOST, picture_type
from maristan.kernel.tests.client import Client

PERSONS = "/api/v1/directory/persons/"


def png(
    width: int = 1,
    height: int = 1,
    *,
    depth: int = 8,
    colour: int = 0,
    interlacing: int = 0,
    raster: bytes = b"\x00\x80",
) -> bytes:
    """One grey pixel, or another header over other bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlacing)
    data = zlib.compress(raster)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def drawn(kind: str, width: int = 40, height: int = 30) -> bytes:
    """A picture with some detail."""
    kept = io.BytesIO()
    Image.effect_noise((width, height), 60).save(kept, kind)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(png(), "image/png"), (drawn("PNG"), "image/png"), (drawn("JPEG"), "image/jpeg"), (drawn("GIF"), None)],
)
def test_a_picture_is_told_by_its_content(content: bytes, kind: str | None) -> None:
    assert picture_type(content) == kind


JPEG = drawn("JPEG")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"GIF89a",
        png().replace(b"IDAT", b"JDAT"),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        drawn("PNG")[: len(drawn("PNG")) // 2],
        JPEG[: len(JPEG) // 2],
        JPEG[:20] + b"\xff\xd9",
        b"\xff\xd8\xff\xd9",
        png(width=0),
        png(depth=3),
        png(depth=4, colour=2),
        png(colour=5),
    ],
)
def test_what_cannot_be_drawn_to_its_last_pixel_is_none(content: bytes) -> None:
    assert picture_type(content) is None


def test_a_small_file_that_would_become_a_huge_picture_is_put_aside_at_once() -> None:
    endless = bytes(2**28)
    for width, height in ((2**14, 2**14), (100, 100)):
        bomb = png(width, height, raster=endless)
        started = time.process_time()
        assert (picture_type(bomb) is None) is (width * height > PIXELS_AT_MOST)
        assert time.process_time() - started < 0.5


def pixels(content: bytes) -> bytes:
    """What a picture shows."""
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


def taken_with_a_phone() -> bytes:
    """A photo held upright, by a camera that notes where it was, with a comment and a thumbnail of the room."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Marked Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 41.0, 35.0), 3: "E", 4: (73.0, 3.0, 0.0)})
    made, into = Image.new("RGB", (4, 2), "red"), io.BytesIO()
    made.save(into, "JPEG", exif=exif, comment=b"marked comment", xmp=b"<marked/>")
    return into.getvalue()


@pytest.mark.django_db
def test_a_photo_is_drawn_anew_without_where_it_was_taken() -> None:
    make.institution()
    sara = make.member("Sara", "student")
    student, url = Client(sara), f"{PERSONS}{sara.pk}/photo/"
    sent = taken_with_a_phone()
    assert b"Marked Camera" in sent
    assert student.upload(url, "me.jpeg", sent).status == 204
    kept = student.get(url).body
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.size, dict(picture.getexif()), picture.info.get("comment")) == ((2, 4), {}, None)
    assert not re.search(rb"(?i)marked|Exif", kept)


@pytest.mark.django_db
def test_a_student_has_their_own_photo_taken_and_others_see_it() -> None:
    make.institution()
    sara, khan = make.member("Sara", "student"), Client(make.member("Dr Khan", "faculty"))
    student, url = Client(sara), f"{PERSONS}{sara.pk}/photo/"
    assert student.get(url).status == 404
    assert student.upload(url, "me.png", png()).status == 204
    shown = khan.get(url)
    assert (shown.status, pixels(shown.body), shown.headers["Content-Type"]) == (200, pixels(png()), "image/png")
    assert shown.headers["Content-Disposition"].startswith("attachment")
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
    for name in ("me.jpg", "me.svg", "me.pdf", "me.exe"):
        assert student.upload(url, name, png()).pointers == [("/file", "unsupported_file")]
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
