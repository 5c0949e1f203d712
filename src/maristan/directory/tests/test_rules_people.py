"""Documents are compared by their characters and shown as people read them."""

import pytest

from maristan.directory.rules.people import document_faults, shown_number
from maristan.directory.rules.states import EVENTS, DocumentKind


@pytest.mark.parametrize("number", ["35202-1234567-1", "3520212345671", " 35202 1234567 1 ", "۳۵۲۰۲۱۲۳۴۵۶۷۱"])
@pytest.mark.parametrize("kind", [DocumentKind.CNIC, DocumentKind.BIRTH_FORM])
def test_thirteen_digits_are_a_civic_number(kind: DocumentKind, number: str) -> None:
    assert document_faults(kind, number) == []


@pytest.mark.parametrize("number", ["352021234567", "35202123456712", "35202-1234567-X", "35202.1234567.1"])
def test_anything_else_is_none(number: str) -> None:
    assert [fault.code for fault in document_faults(DocumentKind.CNIC, number)] == ["bad_number"]
    assert document_faults(DocumentKind.PASSPORT, number) == []


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_has_a_number(kind: DocumentKind) -> None:
    assert [fault.code for fault in document_faults(kind, " - ")] == ["required"]


def test_a_country_may_have_another_shape() -> None:
    assert document_faults(DocumentKind.CNIC, "123-456", "###-###") == []
    assert shown_number("123456", "###-###") == "123-456"


def test_a_civic_number_is_shown_in_groups() -> None:
    assert shown_number("3520212345671") == "35202-1234567-1"
    assert shown_number("AB 123") == "AB 123"


def test_event_types_are_a_noun_and_a_past_participle_with_a_sentence() -> None:
    for kind, sentence in EVENTS.items():
        noun, _, verb = kind.partition(".")
        assert noun.isidentifier()
        assert verb.endswith("ed") or verb in {"sent", "withdrawn", "read"}
        assert sentence.endswith(".")
