"""Pictures and documents that people hand in: taken only when their content is what it should be, pictures redrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from maristan.kernel import files
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, TooLarge
from maristan.kernel.models import StoredFile
from maristan.kernel.pictures import document_type, picture_type, redrawn

PICTURE_BYTES = 2**20
DOCUMENT_BYTES = 3 * 2**20
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Paper:
    """Bytes that were looked at and may be kept; `name` ends as their content says."""

    content: bytes
    content_type: str
    name: str

    def keep(self, *, by: Actor, keep_for: timedelta | None = None) -> StoredFile:
        """Store it, for good or for as long as said."""
        return files.store(self.content, name=self.name, content_type=self.content_type, by=by, keep_for=keep_for)


def judge(*, is_picture: bool) -> Callable[[bytes], str | None]:
    """What tells whether bytes are a picture, or a picture or document."""
    return picture_type if is_picture else document_type


def picture(content: bytes, *, stem: str, pointer: str = "/file") -> Paper:
    """A whole JPEG or PNG of at most 1 MB; raises `TooLarge`, `Invalid` (`file_type`) at `pointer`."""
    fault = "A photo is a whole JPEG or PNG picture."
    return _paper(content, PICTURE_BYTES, picture_type(content), fault, stem, pointer)


def document(content: bytes, *, stem: str, pointer: str = "/file") -> Paper:
    """A PDF, or a whole JPEG or PNG, of at most 3 MB; raises `TooLarge`, `Invalid` (`file_type`) at `pointer`."""
    fault = "A document is a PDF, or a whole JPEG or PNG picture."
    return _paper(content, DOCUMENT_BYTES, document_type(content), fault, stem, pointer)


def _paper(content: bytes, limit: int, content_type: str | None, fault: str, stem: str, pointer: str) -> Paper:
    if len(content) > limit:
        raise TooLarge(detail=f"At most {limit // 2**20} MB.", limit=limit)
    if content_type is None:
        raise Invalid.at(pointer, "file_type", fault)
    kept = redrawn(content) if content_type.startswith("image/") else content
    return Paper(kept, content_type, f"{stem}.{ENDINGS[content_type]}")
