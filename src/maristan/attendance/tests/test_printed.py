"""Attendance on paper: every name whole, every page numbered, and a code that leads back to the register."""

import io
import unicodedata
from datetime import datetime
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings

from maristan.attendance.models import EligibilityLine, Register
from maristan.attendance.queries import printed
from maristan.attendance.tests import factories as make
from maristan.attendance.tests.factories import ATTENDANCE, DURING, MONDAY, Client, academics, directory, local
from maristan.config.tests.counting import counted
from maristan.kernel import clock, typesetting

pytestmark = pytest.mark.django_db
LISTS = f"{ATTENDANCE}eligibility-lists/"
LONG = "محمد عبدالرحمان سید ابوالحسن علی قادری گیلانی بن سید غلام مصطفی شاہ بخاری"
ENDLESS = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren"


def pages(pdf: bytes) -> list[str]:
    """The text of each page as it is stored, with letters in their plain forms and no soft breaks."""
    found = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return [unicodedata.normalize("NFKC", each).replace(printed.BREAK, "") for each in found]


def words_of(pdf: bytes) -> set[str]:
    """The words of the first page, each by its letters: ligatures are stored in the order in which they are seen."""
    said = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    return {letters(word) for word in unicodedata.normalize("NFKC", said).split()}


def letters(word: str) -> str:
    return "".join(sorted(word.translate(typesetting.NEAREST)))


def scanned(pdf: bytes) -> str:
    """What a telephone reads on the first page."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    return str(zxingcpp.read_barcodes(page)[0].text)


def sheet(client: Client, of: make.Class) -> Any:
    return client.get(f"{of.url}sheet.pdf")


def test_the_sheet_lists_who_is_expected_by_number_and_its_code_leads_to_the_register() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        answer = sheet(of.khan, of)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert f"attendance-2026-03-09-{of.session.pk}.pdf" in answer.headers["Content-Disposition"]
    [text] = pages(answer.body)
    assert text.index("MB-001") < text.index("MB-002") < text.index("Sara")
    for said in ("Attendance sheet", "9 March 2026, Monday", "10:00–11:00", "Dr Khan", "Roster version 1", "Visitors"):
        assert said in text, said
    assert "Signature of the teacher" in text
    assert scanned(answer.body) == f"{settings.SITE_URL}/attendance/sessions/{of.session.pk}"


def test_there_is_a_box_for_each_mark_and_there_are_empty_rows_for_visitors() -> None:
    of = make.a_class()
    with clock.stopped_at(DURING):
        make.mark(of.khan, of, {"reg_no": "MB-001", "status": "late"})
        [text] = pages(sheet(of.khan, of).body)
    rows = 3 + printed.BLANK_ROWS
    below = text[text.index("Signature") :].split()
    assert {letter: below.count(letter) for letter in "PLAEX"} == {
        "P": rows,
        "L": rows - 1,
        "A": rows,
        "E": rows,
        "X": 1,
    }


def test_a_visitor_stands_below_and_is_not_counted_as_expected() -> None:
    of = make.a_class()
    guest = academics.student(of.school.groups[1], reg_no="ZZ-900")
    with clock.stopped_at(DURING):
        added = of.khan.post(f"{of.url}roster/", {"add": [{"person": guest.person_id}], "expected": False})
        assert added.status == 200, added.json
        [text] = pages(sheet(of.khan, of).body)
    assert text.index("Visitors") < text.index("ZZ-900")
    assert "Expected 3" in " ".join(text.split())


@pytest.mark.parametrize("locale", ["en", "ur-PK"])
def test_a_long_urdu_name_and_a_word_without_end_are_there_whole(locale: str) -> None:
    of = make.a_class()
    directory.Institution.objects.filter(pk=of.session.institution_id).update(locale=locale)
    of.students[0].person.__class__.objects.filter(pk=of.students[0].person_id).update(name=LONG)
    of.students[1].person.__class__.objects.filter(pk=of.students[1].person_id).update(name=ENDLESS)
    with clock.stopped_at(DURING):
        body = sheet(of.khan, of).body
    found = words_of(body)
    assert [word for word in LONG.split() if letters(word) not in found] == []
    assert ENDLESS in "".join("".join(pages(body)).split())
    assert widest(body) <= 210 / 25.4 * 72 - 30


def widest(pdf: bytes) -> float:
    """How far to the right any letter reaches, in points."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    return max(page.get_charbox(at)[2] for at in range(page.count_chars()))


def test_a_class_of_a_hundred_takes_several_numbered_pages_with_every_name_once() -> None:
    of = make.a_class(students=100)
    with clock.stopped_at(DURING):
        found = pages(sheet(of.khan, of).body)
    assert len(found) >= 3
    assert all(f"{at} / {len(found)}" in page and "Reg. no." in page for at, page in enumerate(found[:-1], 1))
    text = " ".join(found).split()
    assert [text.count(f"MB-{at:03}") for at in range(1, 100)] == [1] * 99


def test_the_sheet_is_in_the_language_of_the_institution() -> None:
    of = make.a_class()
    directory.Institution.objects.filter(pk=of.session.institution_id).update(locale="ur-PK")
    with clock.stopped_at(DURING):
        found = words_of(sheet(of.khan, of).body)
    assert {letters("رجسٹریشن"), letters("دستخط")} <= found
    assert letters("Signature") not in found


def test_who_may_not_see_the_register_gets_no_sheet_and_fixes_no_roster() -> None:
    of = make.a_class()
    noor = Client(directory.member("Dr Noor", "faculty"))
    finn = Client(directory.member("Finn", "finance"))
    assert [sheet(client, of).status for client in (of.sara, noor, finn)] == [404, 404, 403]
    directory.institution("other")
    zara = Client(directory.member("Zara", "admin"))
    assert sheet(zara, of).status == 404
    assert Register.objects.count() == 0


def test_a_sheet_costs_the_same_for_three_and_for_sixty() -> None:
    small = make.a_class(students=3)
    with clock.stopped_at(DURING):
        make.register(small.khan, small)
        with counted() as few:
            sheet(small.khan, small)
        for at in range(60):
            academics.student(small.school.groups[0], reg_no=f"XX-{at:03}")
        later = make.Class(
            small.school, [], make.session(small.school, MONDAY, "12:00"), small.khan, small.alice, small.sara
        )
        make.register(later.khan, later)
        with counted() as many:
            sheet(later.khan, later)
    assert len(many) == len(few)


def frozen_list(of: make.Class) -> Any:
    row = make.eligibility_list(of.students[0], "frozen")
    for at, student in enumerate(of.students):
        EligibilityLine.objects.create(
            of_list=row, person_id=student.person_id, student=student, policy="institution 1", present=18 - at * 6,
            late=0, absent=2 + at * 6, excused=0, unmarked=0, percentage=90 - at * 30, threshold=75, max_points=5,
            grants_per_period=1, eligible=at == 0, code="eligible" if at == 0 else "below_threshold",
        )  # fmt: skip
    return row


def test_a_frozen_list_on_paper_says_who_may_sit_and_who_may_not() -> None:
    of = make.a_class()
    row = frozen_list(of)
    answer = of.alice.get(f"{LISTS}{row.pk}/pdf/")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf")
    plain = " ".join(" ".join(pages(answer.body)).split())
    assert plain.index("MB-001") < plain.index("90.00 75.00 May sit") < plain.index("MB-002")
    assert plain.index("MB-002") < plain.index("60.00 75.00 Below the threshold")
    assert "DRAFT" not in plain
    assert scanned(answer.body) == f"{settings.SITE_URL}/attendance/eligibility-lists/{row.pk}"


def test_a_draft_says_that_it_is_one_and_a_list_that_was_followed_too() -> None:
    of = make.a_class()
    draft = make.eligibility_list(of.students[0])
    assert "DRAFT" in pages(of.alice.get(f"{LISTS}{draft.pk}/pdf/").body)[0]
    old = make.eligibility_list(of.students[0], "superseded")
    assert "REPLACED" in pages(of.alice.get(f"{LISTS}{old.pk}/pdf/").body)[0]


def test_a_list_on_paper_is_for_those_who_see_it() -> None:
    of = make.a_class()
    row = frozen_list(of)
    finn = Client(directory.member("Finn", "finance"))
    elsewhere = Client(directory.member("Cora", "coordinator", scope=("program", academics.program().pk)))
    path = f"{LISTS}{row.pk}/pdf/"
    assert [client.get(path).status for client in (of.sara, elsewhere, finn)] == [404, 404, 403]
    directory.institution("other")
    assert Client(directory.member("Zara", "admin")).get(path).status == 404


def test_the_time_on_a_sheet_is_that_of_the_institution() -> None:
    of = make.a_class()
    assert of.session.starts_at == local(MONDAY, "10:00")
    with clock.stopped_at(datetime.fromisoformat(DURING).isoformat()):
        assert "10:00–11:00" in pages(sheet(of.khan, of).body)[0]
