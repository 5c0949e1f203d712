"""Documents that a stranger can verify: what they say, how they are numbered and hashed, when they cease to hold."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from maristan.assessment.rules.states import Perm
from maristan.kernel.errors import Faults
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow

# Crockford's base 32: no letter that a reader takes for a digit. 26 characters hold 130 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH, PRINTED_HASH = 26, 16
# What a reader of paper types for a letter that the alphabet leaves out.
TYPED = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
HIDDEN = "•••"
CENT = Decimal("0.01")


class CertificateKind(StrEnum):
    """What a document certifies."""

    TRANSCRIPT = "transcript"
    BONAFIDE = "bonafide"
    NOC = "noc"
    OTHER = "other"


class DocumentStatus(StrEnum):
    """Only an ISSUED document is valid."""

    ISSUED = "issued"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class DocumentLanguage(StrEnum):
    """In which language, or languages, a document speaks."""

    ENGLISH = "en"
    URDU = "ur"
    BOTH = "both"


PREFIXES = {
    CertificateKind.TRANSCRIPT: "TRN",
    CertificateKind.BONAFIDE: "BON",
    CertificateKind.NOC: "NOC",
    CertificateKind.OTHER: "DOC",
}
ON_REQUEST = {kind.value: kind for kind in (CertificateKind.TRANSCRIPT, CertificateKind.BONAFIDE, CertificateKind.NOC)}


CERTIFICATES = frozenset(CertificateKind) - {CertificateKind.TRANSCRIPT}


def must_be_certificate(kind: CertificateKind, purpose: str) -> None:
    """A certificate is no transcript, and one of no other kind says what it certifies.

    Raises `Invalid` (`not_a_certificate`, `required`).
    """
    faults = Faults()
    if kind not in CERTIFICATES:
        faults.add("/kind", "not_a_certificate", "A transcript is asked for, and says what was published.")
    if kind is CertificateKind.OTHER and not purpose:
        faults.add("/purpose", "required", "Say what is certified.")
    faults.stop()


def number(kind: CertificateKind, year: int, count: int) -> str:
    """The number of a document, such as `TRN-2026-000001`; `year` is the institution's local one (T2)."""
    return f"{PREFIXES[kind]}-{year}-{count:06}"


def read_code(typed: str) -> str:
    """A code as it is stored, from what a link or a person says."""
    return typed.strip().upper().translate(TYPED)


def content_hash(snapshot: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of what a document says without its date: keys in order, no blanks, UTF-8 (T3)."""
    said = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def masked(name: str) -> str:
    """The first sign of each word of a name with the marks that belong to it, the rest hidden (T5)."""
    return " ".join(f"{_first_sign(word)}{HIDDEN}" for word in name.split())


def _first_sign(word: str) -> str:
    end = 1
    while end < len(word) and (unicodedata.category(word[end]).startswith("M") or word[end] == "\u200d"):
        end += 1
    return word[:end]


def grade_point_average(graded: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Σ credits × point / Σ credits over (point, credits), half-up to two decimals; none without credits (T1)."""
    listed = [(point, credits) for point, credits in graded if credits > 0]
    weight = sum((credits for _, credits in listed), Decimal())
    if not weight:
        return None
    return (sum((point * credits for point, credits in listed), Decimal()) / weight).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What decides about an issued document."""

    status: DocumentStatus


ISSUED, SUPERSEDED, REVOKED = DocumentStatus.ISSUED, DocumentStatus.SUPERSEDED, DocumentStatus.REVOKED
DOCUMENT: Workflow[DocumentFacts] = Workflow(
    name="document",
    states=tuple(DocumentStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition("supersede", frozenset({ISSUED}), SUPERSEDED, Perm.DOCUMENT_REVOKE),
        Transition("revoke", frozenset({ISSUED, SUPERSEDED}), REVOKED, Perm.DOCUMENT_REVOKE, needs_reason=True),
    ),
)
PRESSED = ("revoke",)  # superseding is done by a correction alone


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """What decides whether a document is issued; `contributed` are requirements of obligations and other apps."""

    kind: CertificateKind
    has_published_results: bool = True
    contributed: Sequence[Requirement] = ()


def issue_requirements(facts: IssueFacts) -> Iterator[Requirement]:
    """What a document asks of the learner before it is issued."""
    if facts.kind is CertificateKind.TRANSCRIPT:
        yield Requirement("has_published_results", "A result is published", met=facts.has_published_results)
    yield from facts.contributed


def moves(facts: DocumentFacts, actor: Mover, now: datetime) -> list[dict[str, Any]]:
    """What somebody may do with a document now."""
    return [each.as_dict() for each in DOCUMENT.moves(facts, actor, now) if each.name in PRESSED]
