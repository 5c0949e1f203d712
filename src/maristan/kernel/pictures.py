"""Whether bytes are a whole picture or a document, told by their content and never by a name."""

import io
import warnings

from PIL import Image, ImageOps

# An A4 page at 600 dots per inch; a small file that would become more cannot keep us busy.
PIXELS_AT_MOST = 40_000_000
QUALITY = 90
KEPT = ("transparency", "icc_profile")  # what the look of the pixels depends on
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


def redrawn(content: bytes) -> bytes:
    """A picture that `picture_type` or `shared_type` accepted, drawn anew from its pixels, as its camera held it.

    Where, when and with what it was taken is left behind, and whatever else stood beside the pixels.
    """
    with warnings.catch_warnings(), Image.open(io.BytesIO(content)) as picture:
        warnings.simplefilter("ignore")
        kind = picture.format or "PNG"
        upright = ImageOps.exif_transpose(picture)
        upright.info = {name: upright.info[name] for name in KEPT if name in upright.info}
        into = io.BytesIO()
        upright.save(into, format=kind, **({} if kind == "PNG" else {"quality": QUALITY}))
    return into.getvalue()


def document_type(content: bytes) -> str | None:
    """`application/pdf` for a PDF that has its end, else as `picture_type`."""
    if content.startswith(b"%PDF-"):
        return "application/pdf" if b"%%EOF" in content[-1024:] else None
    return picture_type(content)
