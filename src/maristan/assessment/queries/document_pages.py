"""Documents as PDF, drawn from what was issued and nothing else: the same document is always the same bytes (T3)."""

from pathlib import Path
from typing import Any

import segno

from maristan.assessment.queries.documents import issued_on, verify_url
from maristan.assessment.rules.document_words import labels, sentences
from maristan.assessment.rules.documents import PRINTED_HASH, CertificateKind, DocumentLanguage
from maristan.kernel import typesetting
from maristan.kernel.languages import LANGUAGES, runs_right_to_left

TEMPLATE = Path(__file__).with_name("document.typ")


def pdf(row: Any) -> bytes:
    """The document as a PDF; deterministic in its snapshot, number and date of issue."""
    said = row.snapshot
    codes = ["en", "ur"] if row.language == DocumentLanguage.BOTH else [row.language]
    first = LANGUAGES[codes[0]]
    data = {
        "title": row.number,
        "is_transcript": row.kind == CertificateKind.TRANSCRIPT,
        "lang": first.code,
        "is_rtl": first.is_rtl,
        "said": {key: value for key, value in said.items() if key not in ("periods",)},
        "name_is_rtl": runs_right_to_left(said["name"]),
        "periods": said.get("periods", []),
        "labels": labels(codes),
        "kinds": [labels([code])[row.kind] for code in codes],
        "facts": _facts(row, codes),
        "sentences": sentences(row.kind, said, codes),
        "number": row.number,
        "issued_on": issued_on(row).isoformat(),
        "hash": row.content_hash[:PRINTED_HASH],
        "address": verify_url(row.code),
        "qr": _matrix(verify_url(row.code)),
    }
    return typesetting.pdf(TEMPLATE, data, at=row.issued_at)


def _facts(row: Any, codes: list[str]) -> list[list[str]]:
    """Who the document is about, and under which number: label and value."""
    named, said = labels(codes), row.snapshot
    facts = [("reg_no", said["reg_no"]), ("program", said["program"]), ("number", row.number)]
    return [[named[key], value] for key, value in [*facts, ("issued_on", issued_on(row).isoformat())]]


def _matrix(address: str) -> list[list[int]]:
    """The modules of a QR code: 1 dark, 0 light."""
    return [[1 if dark else 0 for dark in line] for line in segno.make(address, error="m", micro=False).matrix]
