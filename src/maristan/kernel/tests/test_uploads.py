"""What is handed in cannot fill a disk, a memory or a day: bombs are found before they burst, names must be true."""

import io
import zipfile
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from PIL import Image

from maristan.kernel import archives, formats, uploads
from maristan.kernel.errors import Invalid
from maristan.kernel.pictures import PIXELS_AT_MOST, picture_type, redrawn
from maristan.kernel.tables.reading import read_table

MIB = 2**20


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return into.getvalue()


def noise(size: int) -> bytes:
    """Bytes that nothing makes smaller."""
    import random

    return random.Random(7).randbytes(size)


def test_an_archive_is_measured_by_inflating_it() -> None:
    assert archives.check(packed({"a.txt": b"x" * 1000 + noise(1000), "b.bin": noise(500)})) == 2500
    assert archives.check(packed({"in.zip": packed({"a.bin": noise(900)})})) == 900 + len(packed({"a.bin": noise(900)}))


def lying(content: bytes, size: int) -> bytes:
    """The same archive, stating about its part that it unpacks to `size` bytes."""
    found = bytearray(content)
    central = content.rindex(b"PK\x01\x02")
    found[22:26] = found[central + 24 : central + 28] = size.to_bytes(4, "little")
    return bytes(found)


def within(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = packed({"a.zip": content})
    return content


@pytest.mark.parametrize(
    "bomb",
    [
        packed({"a.txt": b"\0" * 4 * MIB}),
        lying(packed({"a.txt": b"\0" * 4 * MIB}), 10),
        packed({"a.zip": packed({"a.txt": b"\0" * 4 * MIB}, zipfile.ZIP_DEFLATED)}, zipfile.ZIP_STORED),
        within(noise(100), 4),
        packed({f"{number}": b"" for number in range(archives.MOST_PARTS + 1)}),
    ],
    ids=["many times its size", "one that lies", "within another", "too deep", "too many parts"],
)
def test_a_bomb_is_no_document_and_no_table(bomb: bytes) -> None:
    with pytest.raises(archives.Oversized):
        archives.check(bomb)
    assert formats.shared_type("notes.zip", bomb) is None
    with pytest.raises(Invalid) as refused:
        read_table(bomb, "students.xlsx", required=("name",), known=())
    assert refused.value.code == "unsupported_file"


def test_more_than_200_mib_is_too_much_however_large_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed({"a.bin": noise(3000)})
    assert archives.check(content) == 3000
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2999)
    with pytest.raises(archives.Oversized):
        archives.check(content)


DOCUMENT = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", packed({**DOCUMENT, "[Content_Types].xml": b"<T t='x.macroEnabled.main'/>"})),
        ("a.docx", packed({**DOCUMENT, "word/vbaProjectSignature.bin": b"x"})),
        ("a.docm", packed(DOCUMENT)),
        ("a.odt", packed({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/script.xml": b"x"})),
        ("a.zip", packed({"page.html": b"<p>"})), ("a.zip", packed({"drawing.SVG": b"<svg/>"})),
        ("a.zip", packed({"macro.xlsm": b"x"})), ("a.svg", b"<svg/>"), ("a.html", b"<p>"), ("a.txt", b"MZ"),
        ("a.pdf", packed(DOCUMENT)), ("a.png", b"%PDF-1.7 %%EOF"),
    ],
)  # fmt: skip
def test_what_runs_or_lies_is_not_shared(name: str, content: bytes) -> None:
    assert formats.shared_type(name, content) is None
    assert formats.shared_type("a.docx", packed(DOCUMENT)) is not None


@pytest.mark.parametrize(
    ("name", "begins", "is_true"),
    [
        ("a.pdf", b"%PDF-", True), ("a.PDF", b"%PDF-", True), ("scan", b"%PDF-", True), ("a.jpg", b"%PDF-", False),
        ("a.jpeg", b"\xff\xd8\xff", True), ("a.png", b"\xff\xd8\xff", False), ("a.png.exe", b"\x89PNG", False),
        ("a.svg", b"<svg", False), ("a.csv", b"PK\x03\x04", False), ("a.csv", b"name", True),
    ],
)  # fmt: skip
def test_a_name_and_a_content_agree(name: str, begins: bytes, is_true: bool) -> None:
    assert uploads.agrees(name, begins) is is_true


@pytest.mark.parametrize("name", ["students.xlsx", "students.pdf", "students.html"])
def test_a_table_is_of_the_kind_that_its_name_says(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(b"name\nAmina\n", name, required=("name",), known=())
    assert (refused.value.code, refused.value.faults[0].pointer) == ("unsupported_file", "/file")
    assert len(read_table(b"name\nAmina\n", "students.csv", required=("name",), known=()).rows) == 1


def test_a_picture_of_too_many_points_is_never_decoded() -> None:
    into = io.BytesIO()
    Image.new("1", (PIXELS_AT_MOST // 4000 + 1, 4000)).save(into, "PNG")
    assert len(into.getvalue()) < 64 * 1024
    assert picture_type(into.getvalue()) is None


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1", "CMYK"])
def test_a_picture_drawn_anew_looks_as_before(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    into = io.BytesIO()
    Image.new(mode, (3, 2), 1).save(into, kind)
    again = redrawn(into.getvalue())
    assert picture_type(again) == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(again)) as made:
        assert (made.size, made.mode) == ((3, 2), mode)


def test_a_form_larger_than_any_file_is_refused_by_what_it_states(settings: Any) -> None:
    settings.LARGEST_UPLOAD = MIB
    answer = Browser().post(
        "/api/v1/directory/persons/1/photo/", b"x", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(3 * MIB),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    request = RequestFactory().post("/api/v1/directory/persons/1/photo/", b"x", content_type="text/plain")
    assert uploads.Bounded(lambda _request: HttpResponse(status=204))(request).status_code == 204


class Sent(io.BytesIO):
    """A file of a form."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def test_an_installation_takes_fewer_kinds_than_each_purpose_where_it_says_so(settings: Any) -> None:
    page, letter, rows = b"%PDF-1.7 x", b"a letter", b"name\nAlice\n"

    def tried() -> list[bool]:
        found = []
        for act in (
            lambda: uploads.received(Sent("a.PDF", page), 100, bool, "not_taken"),
            lambda: formats.shared_type("a.txt", letter) or 1 / 0,
            lambda: read_table(rows, "a.csv", required=("name",), known=("name",)),
        ):
            try:
                act()
                found.append(True)
            except (Invalid, ZeroDivisionError):
                found.append(False)
        return found

    assert tried() == [True, True, True]
    for taken, of in (("pdf", [True, False, False]), ("txt", [False, True, False]), ("csv", [False, False, True])):
        settings.ALLOWED_UPLOAD_EXTENSIONS = frozenset({taken})
        assert tried() == of
    with pytest.raises(Invalid) as refused:
        uploads.received(Sent("a.pdf", page), 100, bool, "not_taken")
    assert (refused.value.code, refused.value.faults[0].pointer) == ("not_taken", "/file")
    settings.ALLOWED_UPLOAD_EXTENSIONS = frozenset({"exe", "pdf"})
    with pytest.raises(Invalid):
        uploads.received(Sent("a.exe", letter), 100, bool)  # it narrows, and opens nothing
