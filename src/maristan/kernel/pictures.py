"""Whether bytes are a whole picture or a document, told by their content and never by a name."""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"
RASTER_BYTES = 2**27  # an A4 page in colour at 600 dots per inch
# What a PNG may be: bits of a sample and samples of a pixel by colour type, and where its interlaced passes begin.
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
# JPEG markers that start a frame, and those that stand alone without a length.
FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
SCAN, END = 0xDA, b"\xff\xd9"


def picture_type(content: bytes) -> str | None:
    """`image/png` or `image/jpeg` for a picture that is whole, None for anything else."""
    if content.startswith(PNG):
        return "image/png" if _is_whole_png(content) else None
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg" if _is_whole_jpeg(content) else None
    return None


def document_type(content: bytes) -> str | None:
    """`application/pdf` for a PDF that has its end, else as `picture_type`."""
    if content.startswith(b"%PDF-"):
        return "application/pdf" if b"%%EOF" in content[-1024:] else None
    return picture_type(content)


def _is_whole_png(content: bytes) -> bool:
    """Every chunk carries its checksum, the data inflate to just the picture, and the last chunk is the end."""
    place, kinds, data = len(PNG), [], None
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + 8 + length]
        checksum = content[place + 8 + length : place + 12 + length]
        if len(checksum) != 4 or struct.unpack(">I", checksum)[0] != zlib.crc32(kind + body):
            return False
        kinds.append(kind)
        if kind == b"IHDR":
            data = _Inflating(_raster_bytes(body))
        if kind == b"IDAT" and not (data and data.takes(body)):
            return False
        if kind == b"IEND":
            break
        place += 12 + length
    return kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"] and data is not None and data.is_whole


def _raster_bytes(header: bytes) -> int:
    """How many bytes the picture of a header has when inflated; 0 for a header that no picture has."""
    if len(header) != 13:
        return 0
    width, height, depth, colour, compression, filtering, interlacing = struct.unpack(">IIBBBBB", header)
    if depth not in DEPTHS.get(colour, ()) or (compression, filtering) != (0, 0) or interlacing not in (0, 1):
        return 0
    bits = depth * CHANNELS[colour]
    passes = ADAM7 if interlacing else ((0, 0, 1, 1),)
    sizes = (((width - x + dx - 1) // dx, (height - y + dy - 1) // dy) for x, y, dx, dy in passes)
    return sum(((wide * bits + 7) // 8 + 1) * high for wide, high in sizes if wide > 0 and high > 0)


class _Inflating:
    """Compressed bytes that must become just so many, which are counted and not kept."""

    def __init__(self, wanted: int) -> None:
        self._stream = zlib.decompressobj()
        self._missing = wanted if wanted <= RASTER_BYTES else 0
        self._is_possible = self._missing > 0

    def takes(self, body: bytes) -> bool:
        """False for bytes that do not inflate, or to more than the picture: a small file cannot keep us busy."""
        rest = body
        try:
            while self._is_possible and rest:
                self._missing -= len(self._stream.decompress(rest, 2**20))
                rest = self._stream.unconsumed_tail
                self._is_possible = self._missing >= 0
        except zlib.error:
            self._is_possible = False
        return self._is_possible

    @property
    def is_whole(self) -> bool:
        """True once the stream has ended and nothing is missing."""
        return self._is_possible and self._stream.eof and not self._missing


def _is_whole_jpeg(content: bytes) -> bool:
    """Segments lead to a frame with a size and to a scan, and the file ends with the end marker."""
    place, has_frame = 2, False
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF or marker in ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", content, place + 2)
        if marker in FRAMES and place + 9 <= len(content):
            _height, width = struct.unpack_from(">HH", content, place + 5)
            has_frame = bool(width)
        if marker == SCAN:
            return has_frame and END in content[place + 2 + length :][-1024:]
        place += 2 + length
    return False
