"""Pictures and pages of the demonstration's people, drawn and written here, so that no file of anybody is needed."""

import struct
import zlib
from collections.abc import Callable

Colour = tuple[int, int, int]
INK: Colour = (38, 52, 56)
SKIN: Colour = (214, 178, 148)


def portrait(number: int) -> bytes:
    """A head and shoulders before a wall, as a PNG; each number has its own colours."""
    wall = (236 - number * 9 % 40, 230, 214 + number * 7 % 30)
    coat = (60 + number * 37 % 120, 80 + number * 53 % 90, 110 + number * 29 % 90)

    def pixel(x: int, y: int) -> Colour:
        if (x - 90) ** 2 + (y - 85) ** 2 * 0.75 < 42**2:
            return INK if y < 62 else SKIN
        if (x - 90) ** 2 * 0.6 + (y - 240) ** 2 * 0.7 < 90**2:
            return coat
        return wall

    return _png(180, 230, pixel)


def card(number: int) -> bytes:
    """A card with a picture and lines of writing that cannot be read, as a PNG."""
    tint = (216, 232 - number * 5 % 20, 220)

    def pixel(x: int, y: int) -> Colour:
        if 22 <= x < 92 and 40 <= y < 130:
            return SKIN if (x - 57) ** 2 + (y - 80) ** 2 < 24**2 else (180, 196, 190)
        is_line = x >= 110 and 40 <= y < 140 and y % 20 < 5 and x < 110 + 150 - (y * number) % 60
        return INK if is_line or (y < 24 and x > 20 and y > 12 and x < 200) else tint

    return _png(290, 180, pixel)


def _png(width: int, height: int, pixel: Callable[[int, int], Colour]) -> bytes:
    rows = b"".join(b"\0" + bytes(value for x in range(width) for value in pixel(x, y)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def certificate(title: str, *lines: str) -> bytes:
    """A page of Latin text, as a PDF."""
    said = [f"BT /F1 22 Tf 60 520 Td ({title}) Tj ET"]
    said += [f"BT /F1 13 Tf 60 {470 - 26 * at} Td ({line}) Tj ET" for at, line in enumerate(lines)]
    stream = "\n".join(said).encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end
