"""Documents are compared by their characters and shown as people read them."""

from datetime import date
from typing import Any

import pytest

from maristan.directory.rules.people import document_faults, person_faults, shown_number
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


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({}, []),
        ({"name": "Amina", "date_of_birth": date(1900, 1, 1)}, []),
        ({"name": "Amina", "date_of_birth": date(2026, 3, 2)}, []),
        ({"name": ""}, [("/name", "required")]),
        (
            {"name": "", "date_of_birth": date(1899, 12, 31)},
            [("/name", "required"), ("/date_of_birth", "out_of_range")],
        ),
        ({"date_of_birth": date(2026, 3, 3)}, [("/date_of_birth", "out_of_range")]),
    ],
)
def test_all_faults_of_a_record_are_named(values: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    assert [(each.pointer, each.code) for each in person_faults(values, date(2026, 3, 2))] == faults


def test_event_types_are_a_noun_and_a_past_participle_with_a_sentence() -> None:
    for kind, sentence in EVENTS.items():
        noun, _, verb = kind.partition(".")
        assert noun.isidentifier()
        assert verb.endswith("ed") or verb in {"sent", "withdrawn", "read"}
        assert sentence.endswith(".")
