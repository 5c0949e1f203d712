"""What a requirement says beyond its label is there in every language, with the same values."""

import pytest

from maristan.academics.rules import details as of_academics
from maristan.assessment.rules import details as of_assessment
from maristan.directory.rules import details as of_directory
from maristan.kernel.languages import ENGLISH, LANGUAGES, URDU, unmarked
from maristan.kernel.messages import Sentence, in_language, placeholders, sentence, together
from maristan.timetable.rules import details as of_timetable

SOURCES = {"academics": of_academics, "assessment": of_assessment, "directory": of_directory, "timetable": of_timetable}
DETAILS = {f"{app}.{code}": each for app, source in SOURCES.items() for code, each in source.DETAILS.items()}


def is_whole(each: Sentence) -> bool:
    read = {frozenset(name for name, _ in placeholders(template)) for template in each.templates.values()}
    return set(each.templates) == set(LANGUAGES) and len(read) == 1


@pytest.mark.parametrize("code", sorted(DETAILS))
def test_every_detail_says_the_same_values_in_every_language(code: str) -> None:
    assert is_whole(DETAILS[code])
    assert all(each.isascii() for each in [DETAILS[code].templates["en"]])
    assert not DETAILS[code].templates["ur"].isascii()


def test_a_detail_of_one_language_or_of_other_values_is_found() -> None:
    assert not is_whole(sentence(en="{count} rows."))
    assert not is_whole(sentence(en="{count} rows.", ur="قطاریں۔"))


def test_a_detail_is_english_as_it_stands_and_said_in_any_language() -> None:
    detail = DETAILS["academics.CAPACITY_EXCEEDED"].told(taken=30, capacity=30)
    assert detail == "30 of 30 seats are taken."
    assert unmarked(in_language(detail, URDU)) == "30 میں سے 30 نشستیں پُر ہیں۔"
    assert in_language("Room 3", URDU) == "Room 3"


def test_details_within_details_are_said_in_the_language_of_the_whole() -> None:
    shared = together(DETAILS["academics.shared"].told(field=each) for each in ("mobile", "email"))
    detail = DETAILS["academics.duplicate"].told(kind="student", number="M-1", name="Alice", shared=shared)
    assert detail == in_language(detail, ENGLISH) == "student M-1 Alice (mobile, email)"
    assert unmarked(in_language(detail, URDU)) == "طالب علم M-1 Alice (موبائل نمبر، ای میل)"
