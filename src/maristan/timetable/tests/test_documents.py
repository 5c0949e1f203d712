"""Documents: a week as PDF, workbook and calendar, one's own calendar, and packs for print."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar
from python_calamine import CalamineWorkbook

from maristan.kernel import clock, files, jobs, reports, typesetting
from maristan.kernel.errors import Invalid, NotFound
from maristan.kernel.models import Job
from maristan.kernel.tests.client import Client
from maristan.kernel.tests.worker import run_jobs
from maristan.timetable.models import Session, WeekPlan
from maristan.timetable.queries import surroundings
from maristan.timetable.queries.documents import packs, pages
from maristan.timetable.queries.documents.words import words
from maristan.timetable.tests import factories as make
from maristan.timetable.tests.factories import WEEKS

pytestmark = pytest.mark.django_db
PRINT = "/api/v1/timetable/print/"
MINE = "/api/v1/timetable/my-timetable/ics/"
URDU = "ڈاکٹر خان"


@pytest.fixture(autouse=True)
def _stopped() -> Iterator[None]:
    with clock.stopped_at(make.CLOCK):
        yield


def drafted(of: make.School, *cells: dict[str, Any], rows: Any = None) -> int:
    pk = make.week(of)
    saved = make.save(of.alice, pk, *(cells or (make.lesson(of),)), rows=rows or [make.times()])
    assert saved.status == 200, saved.json
    return pk


def page_of(of: make.School, pk: int) -> dict[str, Any]:
    plan = WeekPlan.objects.select_related("institution", "batch").get(pk=pk)
    context = surroundings.of_week(plan, actor=make.directory.actor(of.alice_person))
    return pages.of_week(context, words("en", "Asia/Karachi"))


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def pages_in(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "ics"])
def test_a_draft_in_any_form_is_not_there_for_a_student_and_is_once_published(kind: str) -> None:
    of = make.school()
    pk = drafted(of)
    url = f"{WEEKS}{pk}/{kind}/"
    assert (of.sara.get(url).status, of.alice.get(url).status) == (404, 200)
    for name in ("verify", "publish"):
        make.move(of.alice, pk, name)
    answer = of.sara.get(url)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert make.school("other").alice.get(url).status == 404


def test_the_pdf_of_a_week_is_one_tagged_page_with_its_title() -> None:
    of = make.school()
    pk = make.published(of)
    answer = of.sara.get(f"{WEEKS}{pk}/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"week-2026-03-09-{of.batch.name.lower().replace(' ', '-')}.pdf" in answer.headers["Content-Disposition"]
    assert answer.body.startswith(b"%PDF-")
    assert b"/MarkInfo" in answer.body
    assert pages_in(answer.body) == 1


def test_a_page_shows_bands_with_lanes_breaks_and_days_in_the_order_of_the_institution() -> None:
    of = make.school()
    cells = [
        make.lesson(of, row=1, topic="Cell injury", note="Bring coats"),
        make.lesson(of, row=2, faculty=None, faculty_name="Guest", room=None, groups=[of.groups[1].pk]),
    ]
    rows = [
        make.times(1, lane="A", label="I"),
        make.times(2, lane="B"),
        make.times(3, "08:50", "09:10", label="Tea", is_break=True),
    ]
    page = page_of(of, drafted(of, *cells, rows=rows))
    assert [day["name"] for day in page["days"]] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]  # fmt: skip
    shown = [(band["time"].strip("\u2066\u2069"), band["is_break"], len(band["rows"])) for band in page["bands"]]
    assert shown[:2] == [("08:00–08:50", False, 2), ("08:50–09:10", True, 0)]
    first, second = (row["cells"][0][0] for row in page["bands"][0]["rows"])
    assert (first["title"], first["lines"]) == ("Pathology", [["Cell injury"], ["Hall 1", "A"], ["Dr Khan"]])
    assert (first["note"], second["lines"]) == ("Bring coats", [["B"], ["Guest"]])
    assert (page["mark"], page["stamp"]) == ("DRAFT", "Draft, version 2: not published")


def test_a_published_page_says_when_and_which_version_and_later_that_it_was_amended() -> None:
    of = make.school()
    pk = make.published(of)
    page = page_of(of, pk)
    assert (page["mark"], page["stamp"]) == ("", "Published version 4 on 2 March 2026, 01:30")
    with clock.stopped_at("2026-03-02T06:00:00+00:00"):
        make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "topic": "Necrosis"}, reason="Topic was wrong")
    assert page_of(of, pk)["stamp"] == "Published version 5 on 2 March 2026, 01:30, amended on 2 March 2026, 11:00"


def test_a_holiday_shades_its_day_and_a_filled_weekend_is_never_hidden() -> None:
    of = make.school()
    make.directory.holiday("Pakistan Day", "2026-03-11")
    make.directory.holiday("Only for another batch", "2026-03-12", scope=("batch", of.batch.pk + 1))
    page = page_of(of, drafted(of, make.lesson(of, day=6)))
    assert {day["name"]: day["holiday"] for day in page["days"] if day["holiday"]} == {"Wednesday": "Pakistan Day"}
    assert page["days"][-1]["name"] == "Sunday"


def test_a_week_that_starts_on_sunday_begins_with_sunday() -> None:
    of = make.school()
    make.directory.Institution.objects.update(first_weekday=6)
    pk = make.week(of, "2026-03-08")
    make.save(of.alice, pk, make.lesson(of, day=6), rows=[make.times()])
    page = page_of(of, pk)
    assert (page["days"][0]["name"], page["days"][0]["date"]) == ("Sunday", "8 March")


def test_what_people_type_is_shown_and_never_run_in_any_script() -> None:
    of = make.school()
    teacher = make.directory.member(URDU, "faculty", scope=("department", of.department.pk))
    pk = drafted(
        of, make.lesson(of, faculty=teacher.pk, topic='#panic("x") *b* $a$ \\ <i>', note='#read("/etc/passwd")')
    )
    answer = of.alice.get(f"{WEEKS}{pk}/pdf/")
    assert (answer.status, pages_in(answer.body)) == (200, 1)
    make.directory.Institution.objects.update(locale="ur")
    urdu = of.alice.get(f"{WEEKS}{pk}/pdf/")
    assert (urdu.status, pages_in(urdu.body)) == (200, 1)
    assert re.search(rb"/Lang\s*\(ur", urdu.body)


def test_typesetting_goes_on_without_any_of_the_preferred_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    of = make.school()
    pk = drafted(of)
    monkeypatch.setattr(typesetting, "families", lambda: ["Libertinus Serif"])
    assert of.alice.get(f"{WEEKS}{pk}/pdf/").status == 200


def test_the_workbook_has_a_grid_and_a_list_and_no_formula() -> None:
    of = make.school()
    pk = make.published(of, make.lesson(of, topic="=1+1", note="@SUM(A1)"))
    answer = of.sara.get(f"{WEEKS}{pk}/xlsx/")
    found = sheets(answer.body)
    assert list(found) == ["Grid", "List"]
    grid = found["Grid"]
    assert grid[0][0].startswith(of.batch.name)
    assert [text.split("\n")[0] for text in grid[4][1:]] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]  # fmt: skip
    assert grid[5][1] == "Pathology\n=1+1\nHall 1 · A\nDr Khan\n@SUM(A1)"
    listed = found["List"]
    assert listed[4][:5] == ["date", "day", "start", "end", "course"]
    assert [str(value) for value in listed[5]] == [
        "2026-03-09", "Monday", "08:00", "08:50", "Pathology", "=1+1", "lecture", "A", "", "Dr Khan", "Hall 1",
        "Pathology", "@SUM(A1)",
    ]  # fmt: skip
    assert b"<f>" not in unzipped(answer.body, "xl/worksheets/sheet2.xml")


def test_the_workbook_names_lanes_strikes_what_is_cancelled_and_reads_from_the_right_in_urdu() -> None:
    of = make.school()
    rows = [make.times(1, lane="A"), make.times(2, lane="B")]
    pk = drafted(of, make.lesson(of, status="cancelled"), make.lesson(of, row=2, faculty=None, room=None), rows=rows)
    make.directory.Institution.objects.update(locale="ur")
    content = of.alice.get(f"{WEEKS}{pk}/xlsx/").body
    sheet = unzipped(content, "xl/worksheets/sheet1.xml")
    assert b'rightToLeft="1"' in sheet
    grid = next(iter(sheets(content).values()))
    assert [row[1] for row in grid[5:7]] == ["A", "B"]
    assert [is_struck(content, cell) for cell in ("C6", "C7")] == [True, False]


def is_struck(content: bytes, cell: str) -> bool:
    """Whether a line goes through the text of a cell of the first sheet."""
    found = re.search(rf'r="{cell}" s="(\d+)"', unzipped(content, "xl/worksheets/sheet1.xml").decode())
    assert found is not None
    styles = unzipped(content, "xl/styles.xml").decode()
    fonts = re.findall(r"<font>.*?</font>", styles)
    used = re.findall(r'<xf [^>]*fontId="(\d+)"', styles.partition("<cellXfs")[2])
    return "<strike/>" in fonts[int(used[int(found[1])])]


def unzipped(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def test_the_workbook_of_a_draft_says_so_on_both_sheets() -> None:
    of = make.school()
    found = sheets(of.alice.get(f"{WEEKS}{drafted(of)}/xlsx/").body)
    assert [sheet[2][0].split(" · ")[0] for sheet in found.values()] == ["DRAFT", "DRAFT"]


def test_a_calendar_knows_each_session_by_its_own_name_version_and_zone() -> None:
    of = make.school()
    pk = make.published(of)
    answer = of.sara.get(f"{WEEKS}{pk}/ics/")
    (event,) = events(answer.body)
    session = Session.objects.get()
    assert str(event["UID"]) == f"session-{session.pk}@127.0.0.1"
    assert (int(event["SEQUENCE"]), str(event["STATUS"])) == (1, "CONFIRMED")
    assert event.decoded("DTSTART").isoformat() == "2026-03-09T08:00:00+05:00"
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Pathology", "Hall 1")
    assert b"BEGIN:VTIMEZONE" in answer.body


def test_a_cancelled_session_stays_in_the_calendar_as_cancelled_with_a_higher_sequence() -> None:
    of = make.school()
    pk = make.published(of, make.lesson(of), make.lesson(of, day=1))
    make.save(of.alice, pk, {"row_index": 1, "day_of_week": 0, "status": "empty"}, reason="Dr Khan unwell")
    gone, kept = events(of.sara.get(f"{WEEKS}{pk}/ics/").body)
    assert (str(gone["STATUS"]), int(gone["SEQUENCE"]), str(kept["STATUS"])) == ("CANCELLED", 2, "CONFIRMED")
    assert "Dr Khan unwell" in str(gone["DESCRIPTION"])


def test_a_lesson_whose_hour_is_not_known_yet_stands_in_no_calendar() -> None:
    of = make.school()
    lessons = make.lesson(of), make.lesson(of, row=2, topic="Some time")
    (event,) = events(of.alice.get(f"{WEEKS}{drafted(of, *lessons)}/ics/").body)
    assert event.decoded("DTSTART").isoformat() == "2026-03-09T08:00:00+05:00"


def test_the_calendar_of_a_draft_is_marked_and_has_no_session_identity() -> None:
    of = make.school()
    content = of.alice.get(f"{WEEKS}{drafted(of)}/ics/").body
    (event,) = events(content)
    assert str(event["SUMMARY"]) == "DRAFT: Pathology"
    assert str(event["UID"]).startswith("cell-")


def test_ones_own_calendar_holds_the_whole_open_period_and_nothing_of_others() -> None:
    of = make.school()
    other = make.lesson(of, row=2, faculty=None, faculty_name="Guest", room=None, groups=[of.groups[1].pk])
    make.published(of, make.lesson(of), other, rows=[make.times(1, lane="A"), make.times(2, lane="B")])
    make.published(of, start="2026-09-14")
    own = [event.decoded("DTSTART").date().isoformat() for event in events(of.sara.get(MINE).body)]
    assert own == ["2026-03-09", "2026-09-14"]
    taught = events(Client(of.teacher).get(MINE).body)
    assert len(taught) == 2
    of.period.status = "closed"
    of.period.save(update_fields=["status"])
    assert events(of.sara.get(MINE).body) == []


def test_a_pack_has_one_page_for_each_subject_and_week() -> None:
    of = make.school()
    make.published(of)
    hall = make.directory.room("Hall 2")
    asked = f"{PRINT}?by=room&id={of.room.pk}&id={hall.pk}&from=2026-03-09&to=2026-03-15"
    answer = of.alice.get(asked)
    assert (answer.status, pages_in(answer.body)) == (200, 2)
    two_weeks = of.alice.get(asked.replace("to=2026-03-15", "to=2026-03-16"))
    assert pages_in(two_weeks.body) == 4


@pytest.mark.parametrize("by", ["faculty", "room", "group", "department"])
def test_each_kind_of_pack_finds_the_sessions_of_its_subject(by: str) -> None:
    of = make.school()
    make.published(of)
    below = make.directory.department("Histology", parent=of.department)
    ids = {"faculty": of.teacher, "room": of.room, "group": of.groups[0], "department": of.department}
    actor = make.directory.actor(of.alice_person)
    kind = packs.Subject(by)
    first, last = (datetime(2026, 3, day, tzinfo=UTC).date() for day in (9, 15))
    found = packs.check(by=kind, ids=[ids[by].pk], first=first, last=last, actor=actor)
    held = packs._sessions(found, "Asia/Karachi", actor)
    assert [(key, [each["title"] for each in rows]) for key, rows in held.items()] == [
        ((ids[by].pk, first), ["Pathology"])
    ]
    empty = packs.check(by=packs.Subject.DEPARTMENT, ids=[below.pk], first=first, last=last, actor=actor)
    assert packs._sessions(empty, "Asia/Karachi", actor) == {}


def test_a_pack_shows_what_is_published_and_no_draft() -> None:
    of = make.school()
    drafted(of)
    actor = make.directory.actor(of.alice_person)
    first, last = (datetime(2026, 3, day, tzinfo=UTC).date() for day in (9, 15))
    found = packs.check(by=packs.Subject.ROOM, ids=[of.room.pk], first=first, last=last, actor=actor)
    assert packs._sessions(found, "Asia/Karachi", actor) == {}


def test_a_student_prints_the_own_group_and_a_teacher_oneself_and_nothing_else() -> None:
    of = make.school()
    make.published(of)
    dates = "&from=2026-03-09&to=2026-03-15"
    khan = Client(of.teacher)
    allowed = [(of.sara, f"group&id={of.groups[0].pk}"), (khan, f"faculty&id={of.teacher.pk}")]
    assert [who.get(f"{PRINT}?by={asked}{dates}").status for who, asked in allowed] == [200, 200]
    refused = [
        (of.sara, f"group&id={of.groups[1].pk}"),
        (of.sara, f"group&id={of.groups[0].pk}&id={of.groups[1].pk}"),
        (of.sara, f"faculty&id={of.teacher.pk}"),
        (of.sara, f"room&id={of.room.pk}"),
        (khan, f"faculty&id={of.alice_person.pk}"),
        (khan, f"group&id={of.groups[0].pk}"),
        (khan, f"department&id={of.department.pk}"),
    ]
    assert {who.get(f"{PRINT}?by={asked}{dates}").status for who, asked in refused} == {404}


def test_a_pack_of_another_institution_or_of_nothing_is_refused() -> None:
    of = make.school()
    make.published(of)
    dates = "&from=2026-03-09&to=2026-03-15"
    assert of.alice.get(f"{PRINT}?by=room&id=999999{dates}").status == 404
    zara = make.school("other").alice
    assert zara.get(f"{PRINT}?by=room&id={of.room.pk}{dates}").status == 404
    assert zara.get(f"{PRINT}?by=faculty&id={of.teacher.pk}{dates}").status == 404
    assert zara.get(f"{PRINT}?by=room{dates}").pointers == [("?id", "required")]
    assert zara.get(f"{PRINT}?by=place&id=1{dates}").status == 422
    backwards = zara.get(f"{PRINT}?by=room&id=1&from=2026-03-09&to=2026-03-01")
    assert (backwards.status, backwards.pointers) == (422, [("?to", "bad_window")])


def test_somebody_without_the_permission_to_print_is_refused() -> None:
    of = make.school()
    clerk = Client(make.directory.member("Fatima", "staff"))
    answer = clerk.get(f"{PRINT}?by=room&id={of.room.pk}&from=2026-03-09&to=2026-03-15")
    assert (answer.status, answer.code) == (403, "not_allowed")


def test_more_than_forty_pages_are_made_by_a_job_into_a_private_file() -> None:
    of = make.school()
    make.published(of)
    rooms = [make.directory.room(f"Lab {number}").pk for number in range(41)]
    dates = {"from": "2026-03-09", "to": "2026-03-15"}
    query = "&".join(f"id={pk}" for pk in rooms)
    refused = of.alice.get(f"{PRINT}?by=room&{query}&from=2026-03-09&to=2026-03-15")
    assert (refused.status, refused.pointers) == (422, [("?id", "too_many_pages")])
    started = of.alice.post(PRINT + "jobs/", {"by": "room", "id": rooms, **dates})
    assert (started.status, started.json["status"], started.json["total"]) == (202, "queued", 41)
    file = f"{PRINT}jobs/{started.json['id']}/file/"
    waiting = of.alice.get(file)
    assert (waiting.status, waiting.code) == (409, "in_progress")
    assert "timetable.print_pack" in run_jobs()
    job = of.alice.get(f"/api/v1/jobs/{started.json['id']}/").json
    assert (job["status"], job["result"]["pages"]) == ("succeeded", 41)
    made = of.alice.get(file)
    assert (made.status, pages_in(made.body)) == (200, 41)
    assert of.bob.get(file).status == 404
    other = jobs.start("import.students.preview", by=make.directory.actor(of.alice_person))
    assert of.alice.get(f"{PRINT}jobs/{other.pk}/file/").status == 404
    jobs.finish(Job.objects.create(kind="timetable.print_pack", user_id=other.user_id).pk, error="too_large")
    failed = of.alice.get(f"{PRINT}jobs/{Job.objects.latest('id').pk}/file/")
    assert (failed.status, failed.code) == (409, "job_failed")
    assert make.school("other").alice.get(file).status == 404


def test_a_pack_of_more_pages_than_anybody_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    of = make.school()
    monkeypatch.setattr(packs, "PAGES_AT_MOST", 2)
    asked = {"by": "room", "id": [of.room.pk], "from": "2026-03-09", "to": "2026-03-22"}
    assert of.alice.post(f"{PRINT}jobs/", asked).status == 202
    refused = of.alice.post(f"{PRINT}jobs/", {**asked, "to": "2026-03-23"})
    assert (refused.status, refused.pointers, Job.objects.count()) == (422, [("?id", "too_many")], 1)


def test_a_printed_pack_is_kept_for_a_week() -> None:
    of = make.school()
    make.published(of)
    asked = {"by": "group", "id": [of.groups[0].pk], "from": "2026-03-09", "to": "2026-03-15"}
    started = of.alice.post(f"{PRINT}jobs/", asked)
    run_jobs()
    file = f"{PRINT}jobs/{started.json['id']}/file/"
    assert of.alice.get(file).status == 200
    with clock.stopped_at("2026-03-10T00:00:00+00:00"):
        assert files.purge() == 1
    assert of.alice.get(file).status == 404


def test_a_print_job_beyond_ones_reach_is_refused_before_it_starts() -> None:
    of = make.school()
    answer = of.sara.post(PRINT + "jobs/", {"by": "room", "id": [of.room.pk], "from": "2026-03-09", "to": "2026-03-15"})
    assert answer.status == 404
    assert "timetable.print_pack" not in run_jobs()


def test_the_week_is_a_report_that_knows_who_asks() -> None:
    of = make.school()
    pk = drafted(of)
    alice, sara = make.directory.actor(of.alice_person), make.directory.actor(of.sara_person)
    assert reports.make("timetable.week", actor=alice, parameters={"week": pk}).content.startswith(b"%PDF-")
    with pytest.raises(NotFound):
        reports.make("timetable.week", actor=sara, parameters={"week": pk})
    for wrong, pointer in (({"week": pk, "format": "exe"}, "/format"), ({"week": "x"}, "/week"), ({}, "/week")):
        with pytest.raises(Invalid) as refused:
            reports.make("timetable.week", actor=alice, parameters=wrong)
        assert [(each.pointer, each.code) for each in refused.value.faults] == [(pointer, "bad_value")]


def test_a_feed_matches_the_published_sessions_one_to_one() -> None:
    of = make.school()
    other = make.lesson(of, row=2, faculty=None, faculty_name="Guest", room=None, groups=[of.groups[1].pk])
    rows = [make.times(1, lane="A"), make.times(2, lane="B")]
    pk = make.published(of, make.lesson(of), make.lesson(of, day=1), other, rows=rows)
    make.save(of.alice, pk, {"row_index": 1, "day_of_week": 1, "status": "empty"}, reason="Dr Khan unwell")
    url = of.sara.post("/api/v1/agenda/feed/").json["url"]
    feed = {str(each["UID"]): each for each in events(Client().get("/" + url.split("/", 3)[3]).body)}
    own = Session.objects.filter(session_groups__group=of.groups[0])
    assert set(feed) == {f"session-{session.pk}@127.0.0.1" for session in own}
    week = {str(each["UID"]): each for each in events(of.sara.get(f"{WEEKS}{pk}/ics/").body)}
    for uid, event in feed.items():
        for name in ("DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION"):
            assert event.get(name) == week[uid].get(name)
