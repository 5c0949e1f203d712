"""Kinds of file that people may share: told by their content, which must agree with the ending of their name."""

import io
import zipfile
from collections.abc import Callable

from PIL import Image

from maristan.kernel import archives, uploads
from maristan.kernel.pictures import PIXELS_AT_MOST, document_type

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = "vbaproject"
OPEN_MACROS = ("basic/", "scripts/")
CONTENT_TYPES = "[Content_Types].xml"
INNER = {"xml"}  # what documents are made of
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE = "application/vnd.openxmlformats-officedocument."
# Where each kind of document keeps its text, within the archive that it is.
PARTS = {"docx": "word/", "pptx": "ppt/", "xlsx": "xl/"}
OPEN = {"odt": "text", "odp": "presentation", "ods": "spreadsheet"}
TYPES = {
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp",
    "doc": "application/msword", "ppt": "application/vnd.ms-powerpoint", "xls": "application/vnd.ms-excel",
    "docx": f"{OFFICE}wordprocessingml.document", "pptx": f"{OFFICE}presentationml.presentation",
    "xlsx": f"{OFFICE}spreadsheetml.sheet", "odt": f"{OPEN_DOCUMENT}text", "odp": f"{OPEN_DOCUMENT}presentation",
    "ods": f"{OPEN_DOCUMENT}spreadsheet", "txt": "text/plain", "csv": "text/csv", "md": "text/markdown",
    "mp3": "audio/mpeg", "mp4": "video/mp4", "zip": "application/zip",
}  # fmt: skip
STREAMS = {
    "doc": "WordDocument".encode("utf-16-le"), "ppt": "PowerPoint Document".encode("utf-16-le"),
    "xls": "Workbook".encode("utf-16-le"),
}  # fmt: skip
SAME = {"jpeg": "jpg", "markdown": "md"}


def shared_type(name: str, content: bytes) -> tuple[str, str] | None:
    """(ending, content type) of a file whose content is what its name says; none for any other, or one that runs."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    ending = SAME.get(ending, ending)
    if ending not in TYPES or not content or not uploads.may_be_named(name):
        return None
    return (ending, TYPES[ending]) if _judge(ending)(content) else None


def _judge(ending: str) -> Callable[[bytes], bool]:
    if ending in ("pdf", "png", "jpg"):
        return lambda content: document_type(content) == TYPES[ending]
    if ending in STREAMS:
        return lambda content: content.startswith(OLE) and STREAMS[ending] in content and _MACROS not in content
    if ending in (*PARTS, *OPEN, "zip"):
        return lambda content: _is_archive(ending, content)
    return {"webp": _is_webp, "mp3": _is_mp3, "mp4": _is_mp4}.get(ending, _is_text)


_MACROS = "_VBA_PROJECT".encode("utf-16-le")


def _is_archive(ending: str, content: bytes) -> bool:
    try:
        archives.check(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [each.lower() for each in archive.namelist()]
            kept = _said(archive, "mimetype") if "mimetype" in names else ""
            types = _said(archive, CONTENT_TYPES) if CONTENT_TYPES in archive.namelist() else ""
    except (archives.Oversized, *archives.DAMAGES, KeyError):
        return False  # what zipfile says of bad, encrypted or unknown archives
    if any(uploads.ending(each) in uploads.ACTIVE - INNER or MACROS in each for each in names):
        return False
    if "macroenabled" in types or "vbaproject" in types or any(each.startswith(OPEN_MACROS) for each in names):
        return False
    if ending in OPEN:
        return kept.strip() == OPEN_DOCUMENT + OPEN[ending]
    if ending in PARTS:
        return "[content_types].xml" in names and any(each.startswith(PARTS[ending]) for each in names)
    return True


def _said(archive: zipfile.ZipFile, part: str) -> str:
    with archive.open(part) as told:
        return told.read(2**20).decode("utf-8", "replace").lower()


def _is_webp(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=("WEBP",)) as picture:
            if picture.width * picture.height > PIXELS_AT_MOST:
                return False
            picture.load()
            return True
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning):  # what Pillow says of bad bytes
        return False


def _is_mp3(content: bytes) -> bool:
    """An ID3 tag or the first frame of MPEG audio, layer III."""
    return content.startswith(b"ID3") or (
        len(content) > 2 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0 and content[1] & 0x06 == 0x02
    )


def _is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _is_text(content: bytes) -> bool:
    """Readable in UTF-8 or cp1252, without what texts never hold."""
    if b"\0" in content or content.startswith((b"MZ", b"\x7fELF", b"#!")):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return not any(byte in content for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))
    return True
