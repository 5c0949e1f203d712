"""What people hand in, before anybody looks into it: no more bytes than can be taken, and a name that is true."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from maristan.kernel.errors import Invalid, TooLarge
from maristan.kernel.problems import problem_response

UNSUPPORTED = "unsupported_file"
AROUND = 2**20  # what stands around the file in a form
# How contents begin, with the endings that agree.
BEGINNINGS = (
    (b"%PDF-", frozenset({"pdf"})),
    (b"\x89PNG\r\n\x1a\n", frozenset({"png"})),
    (b"\xff\xd8\xff", frozenset({"jpg", "jpeg"})),
    (b"GIF8", frozenset({"gif"})),
    (b"PK\x03\x04", frozenset({"xlsx", "docx", "pptx", "odt", "ods", "odp", "zip"})),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", frozenset({"doc", "xls", "ppt"})),
)
# What a browser or a machine would run, whatever it holds.
ACTIVE = frozenset({
    "svg", "svgz", "html", "htm", "xhtml", "xml", "js", "mjs", "hta", "wsf", "vbs", "ps1", "sh", "bat", "cmd",
    "exe", "dll", "com", "scr", "msi", "jar", "apk", "app", "lnk",
    "docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppam", "ppsm",
})  # fmt: skip


class Sent(Protocol):
    """A file of a form."""

    name: str | None

    def read(self, most: int, /) -> bytes:
        """At most so many bytes."""
        ...


def received(file: Sent, most: int, takes: Callable[[bytes], object], code: str = UNSUPPORTED) -> bytes:
    """What was sent, and one byte more where it is more than `most`.

    Raises `Invalid` with `code` where a content that is taken has the name of another kind, or of one that runs, or an
    ending that ALLOWED_UPLOAD_EXTENSIONS does not name. What is too large, or of no kind that `takes`, is left to
    whoever would keep it, who says so in its turn.
    """
    content, name = file.read(most + 1), file.name or ""
    why = "" if agrees(name, content) else "The file is not what its name says, or named as one that runs."
    if not why and not may_be_named(name):
        why = f"Files here end with {', '.join(sorted(settings.ALLOWED_UPLOAD_EXTENSIONS))}."
    if why and len(content) <= most and takes(content):
        raise Invalid.at("/file", code, why)
    return content


def may_be_named(name: str) -> bool:
    """Whether this installation takes files of an ending at all."""
    return not settings.ALLOWED_UPLOAD_EXTENSIONS or ending(name) in settings.ALLOWED_UPLOAD_EXTENSIONS


def ending(name: str) -> str:
    """What a name says of the kind of a file, in lower case; nothing for a name without a point."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def agrees(name: str, content: bytes) -> bool:
    """False for a name that runs, and for content that begins like another kind than the name says."""
    says = ending(name)
    if says in ACTIVE:
        return False
    return all(says in endings or not says for begins, endings in BEGINNINGS if content.startswith(begins))


class Bounded:
    """Refuses a form of more bytes than any file may have before a byte of it is read or written anywhere.

    The server reads no further than the length that a request states, so what it states is the limit of the stream.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        stated = request.META.get("CONTENT_LENGTH") or "0"
        if stated.isdecimal() and int(stated) > settings.LARGEST_UPLOAD + AROUND:
            limit = settings.LARGEST_UPLOAD
            return problem_response(TooLarge("file_too_large", f"At most {limit // 2**20} MB.", limit=limit))
        return self.get_response(request)
