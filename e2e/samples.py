"""Files as registries export them and as applicants hand them in; every person is invented."""

import struct
import zlib

FIRST = ("Rabia", "Hassan", "Sidra", "Fahad", "Ali", "زینب", "Maryam", "Usman", "Hina", "احمد")
LAST = ("Qureshi", "Bhatti", "Shah", "Cheema", "Malik", "Abbasi", "Rana", "Gill", "Sheikh", "Butt", "Mirza")
HEADER = "reg_no,name,program_name,batch_name,group_name,status,email,phone,date_of_birth"


def students(count: int = 250) -> bytes:
    """A first year: byte-order mark, CRLF, D/M/Y dates, two scripts, stray blanks, blank optional cells."""
    lines = [HEADER]
    for at in range(count):
        group = "ABCDE"[at * 5 // count]
        name = f"{FIRST[at % 10]} {LAST[at % 11]}"
        status = "Active " if at % 7 == 0 else "active"
        lines.append(
            f"2026-MBBS-{at + 1:03},{name},MBBS,2031 Batch,Group {group},{status},,+92 3{at % 60:02} {1000000 + at},"
            f"{at % 28 + 1:02}/{at % 12 + 1:02}/2005"
        )
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode() + b"\r\n"


TEACHERS = (
    b"name,department_name,email,phone\r\n"
    b"Dr Ahmed Khan,Pathology,a.khan@example.edu,\r\n"
    b"Prof. Saadia Rehman,Anatomy,s.rehman@example.edu,\r\n"
)


def picture(width: int = 240, height: int = 300) -> bytes:
    """A plain PNG, whole and small."""
    rows = b"".join(b"\0" + bytes((at % 256, 140, 130)) * width for at in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
