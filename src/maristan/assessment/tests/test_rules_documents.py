"""Rules of documents: numbers, codes, digests, masked names, averages."""

from decimal import Decimal
from typing import Any

import pytest

from maristan.assessment.rules.document_words import SENTENCES, WORDS, labels, sentences
from maristan.assessment.rules.documents import (
    CertificateKind,
    content_hash,
    grade_point_average,
    masked,
    number,
    read_code,
)
from maristan.assessment.rules.verify_words import ENGLISH, URDU


def test_a_number_carries_kind_year_and_six_digits() -> None:
    assert number(CertificateKind.TRANSCRIPT, 2026, 1) == "TRN-2026-000001"
    assert number(CertificateKind.BONAFIDE, 2026, 1_234_567) == "BON-2026-1234567"
    assert [number(kind, 2026, 1)[:3] for kind in CertificateKind] == ["TRN", "BON", "NOC", "DOC"]


def test_a_code_is_read_as_it_is_typed_from_paper() -> None:
    assert read_code(" arg0-oil1 ") == "ARG001L1".replace("L", "1")


def test_the_digest_does_not_depend_on_the_order_of_keys_and_does_on_every_value() -> None:
    assert content_hash({"a": 1, "b": "گیس"}) == content_hash({"b": "گیس", "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2}) != content_hash({"a": "2"})
    assert content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Amina Yusuf", "A••• Y•••"),
        ("عائشہ خان", "ع••• خ•••"),
        ("مُحمّد", "مُ•••"),
        ("É", "É•••"),
        ("E\u0301va", "E\u0301•••"),
    ],
)
def test_a_masked_name_keeps_the_first_sign_of_each_word(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("graded", "average"),
    [
        ([("4", "3"), ("3", "1")], "3.75"), ([("3.335", "1")], "3.34"), ([("2", "0")], None), ([], None),
        ([("1", "1"), ("2", "2")], "1.67"), ([("4", "0"), ("2", "1.5")], "2.00"),
    ],
)  # fmt: skip
def test_the_average_is_weighted_by_credits_and_rounded_half_up(graded: Any, average: str | None) -> None:
    found = grade_point_average((Decimal(point), Decimal(credits)) for point, credits in graded)
    assert (None if found is None else str(found)) == average


def test_every_word_is_there_in_both_languages() -> None:
    assert all(english and urdu and english != urdu for english, urdu in (*WORDS.values(), *SENTENCES.values()))
    assert set(ENGLISH) == set(URDU)
    assert set(ENGLISH["states"]) == set(URDU["states"]) == {"issued", "superseded", "revoked", "unknown", "slow"}
    assert labels(["en", "ur"])["reg_no"] == "Registration number · رجسٹریشن نمبر"


def test_a_certificate_says_who_studies_what_and_for_what() -> None:
    said = {"name": "Sara", "reg_no": "P-1", "institution": "FMU", "program": "MBBS", "father_name": "Yusuf",
            "studies": {"batch": "2031"}, "purpose": "Passport"}  # fmt: skip
    [english] = sentences("bonafide", said, ["en"])
    assert english["text"] == (
        "This is to certify that Sara, child of Yusuf, registration number P-1, is a bonafide student of FMU in the "
        "programme MBBS, 2031."
    )
    assert [each["is_rtl"] for each in sentences("noc", said, ["en", "ur"])] == [False, True, False]
    assert sentences("transcript", said, ["en"]) == []
