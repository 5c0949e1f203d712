"""What an archive unpacks to, found by inflating it piece by piece into nothing, so that none exhausts a machine."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

MOST_UNPACKED = 200 * 2**20
MOST_TIMES = 100
MOST_PARTS = 10_000
MOST_NESTED = 32 * 2**20  # an archive within an archive is held in memory to be looked into
DEEPEST = 2
PIECE = 2**16
MAGIC = b"PK\x03\x04"
LOCAL_HEADER = 30
DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, NotImplementedError, ValueError, OSError)


class Oversized(Exception):
    """It unpacks to more than anybody would pack: beyond 200 MiB, 100 times its size, or 10,000 parts."""


def check(content: bytes) -> int:
    """How many bytes an archive and those within it unpack to; raises `Oversized`, `DAMAGES` for what is no archive.

    The sizes that an archive states about itself are not believed.
    """
    return _spend(content, min(MOST_UNPACKED, MOST_TIMES * len(content)), DEEPEST)


def _spend(content: bytes, budget: int, depth: int) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Oversized
    spent = 0
    for part in parts:
        size, within = _look(content, part, budget - spent)
        spent += size
        if within and not depth:
            raise Oversized
        if within:
            spent += _nested(within, budget - spent, depth - 1)
    return spent


def _look(content: bytes, part: zipfile.ZipInfo, budget: int) -> tuple[int, bytes]:
    """How many bytes a part unpacks to, and those bytes when they are an archive themselves."""
    size, within = 0, bytearray()
    for piece in _pieces(content, part):
        size += len(piece)
        if size == len(piece) or within:
            within += piece
        if not within.startswith(MAGIC):
            within.clear()
        if size > budget or len(within) > MOST_NESTED:
            raise Oversized
    return size, bytes(within)


def _nested(content: bytes, budget: int, depth: int) -> int:
    try:
        return _spend(content, budget, depth)
    except DAMAGES:
        return 0  # it only begins like one


def _pieces(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    names, extra = struct.unpack_from("<HH", content, part.header_offset + 26)
    begin = part.header_offset + LOCAL_HEADER + names + extra
    packed = content[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("packed in a way that documents are not")
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not inflating.eof:
        piece = inflating.decompress(packed, PIECE)
        packed = inflating.unconsumed_tail
        if not piece and not packed:
            break
        yield piece
