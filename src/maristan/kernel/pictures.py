"""Whether bytes are a whole picture or a document, told by their content and never by a name."""

import io
import warnings

from PIL import Image

# An A4 page at 600 dots per inch; a small file that would become more cannot keep us busy.
PIXELS_AT_MOST = 40_000_000
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


def picture_type(content: bytes) -> str | None:
    """`image/png` or `image/jpeg` for a picture that can be drawn to its last pixel, None for anything else."""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=tuple(TYPES)) as picture:
            warnings.simplefilter("error")
            if picture.width * picture.height > PIXELS_AT_MOST:
                return None
            picture.load()
            return TYPES[picture.format or ""]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning):  # what Pillow says of bad bytes
        return None


def document_type(content: bytes) -> str | None:
    """`application/pdf` for a PDF that has its end, else as `picture_type`."""
    if content.startswith(b"%PDF-"):
        return "application/pdf" if b"%%EOF" in content[-1024:] else None
    return picture_type(content)
