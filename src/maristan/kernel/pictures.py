"""Whether bytes are a whole picture or a document, told by their content and never by a name."""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"
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
    """Every chunk carries its checksum, the picture's data inflate, and the last chunk is the end."""
    place, kinds, data = len(PNG), [], zlib.decompressobj()
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + 8 + length]
        checksum = content[place + 8 + length : place + 12 + length]
        if len(checksum) != 4 or struct.unpack(">I", checksum)[0] != zlib.crc32(kind + body):
            return False
        kinds.append(kind)
        if kind == b"IDAT" and not _inflates(data, body):
            return False
        if kind == b"IEND":
            break
        place += 12 + length
    return kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"] and data.eof


def _inflates(data: "zlib._Decompress", body: bytes) -> bool:
    """Feed compressed bytes, at most a mebibyte out at a time, so that a small file cannot fill the memory."""
    try:
        data.decompress(body, 2**20)
        while data.unconsumed_tail:
            data.decompress(data.unconsumed_tail, 2**20)
    except zlib.error:
        return False
    return True


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
