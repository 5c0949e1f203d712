"""A term in small: a published week, a register on a phone, an exam, its result, and the paper that proves it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.browser import PATIENCE
from e2e.conftest import shoot
from e2e.mailbox import letters, mailed_link
from e2e.people import ask
from e2e.product import Product
from e2e.test_accessibility import faults
from e2e.test_demo import sign_in

ZONE = ZoneInfo("Asia/Karachi")
TITLE = "Anatomy, first written exam"
SOON = timedelta(seconds=45)


def _publish_week(coordinator: Page, head: Page) -> None:
    """The next draft of a week is verified by the head of department and published."""
    drafts = ask(coordinator, "GET", "timetable/weeks/?status=draft&ordering=week_start_date")["results"]
    ask(head, "POST", f"timetable/weeks/{drafts[0]['id']}/moves/verify/", {})
    published = ask(coordinator, "POST", f"timetable/weeks/{drafts[0]['id']}/moves/publish/", {})
    assert published["status"] == "published"


def _begun(page: Page, teacher: int, batch: int, group: int) -> int:
    """A session of the teacher that began five minutes ago, entered by the coordinator."""
    now = datetime.now(ZONE)
    begins, ends = now - timedelta(minutes=5), now + timedelta(minutes=45)
    period, course = _period(page, batch, now.date().isoformat()), _course(page)
    _give_way(page, begins, ends, f"batch={batch}")
    _give_way(page, begins, ends, f"faculty={teacher}")
    body = {
        "academic_period": period, "section": None, "course": course, "groups": [group], "faculty": teacher,
        "co_faculty": [], "faculty_name": "", "room": None, "kind": "lecture", "topic": "", "note": "",
        "starts_at": begins.isoformat(), "ends_at": ends.isoformat(),
    }  # fmt: skip
    made: int = ask(page, "POST", "timetable/sessions/", body)["id"]
    return made


def _give_way(page: Page, begins: datetime, ends: datetime, whose: str) -> None:
    """What is taught at that time is cancelled: the tests are made at any hour of any day."""
    days = f"start_date={begins.date()}&end_date={ends.date()}"
    for each in ask(page, "GET", f"timetable/sessions/?{whose}&{days}&status=scheduled&page_size=100")["results"]:
        if datetime.fromisoformat(each["starts_at"]) < ends and datetime.fromisoformat(each["ends_at"]) > begins:
            ask(page, "POST", f"timetable/sessions/{each['id']}/moves/cancel/", {"reason": "Another session is held."})


def _period(page: Page, batch: int, day: str) -> int:
    periods = ask(page, "GET", "academics/academic-periods/?is_template=false&page_size=100")["results"]
    found = next(each for each in periods if each["batch"] == batch and each["start_date"] <= day <= each["end_date"])
    return int(found["id"])


def _course(page: Page) -> int:
    return int(ask(page, "GET", "academics/courses/?page_size=1")["results"][0]["id"])


def _mark_on_a_phone(page: Page, demo: Product, session: int, reg_no: str) -> None:
    """Somebody absent and somebody late by tap, the rest with one press; then it is handed in."""
    page.goto(f"{demo.url}/timetable/sessions/{session}")
    page.get_by_role("link", name="Register").click()
    page.wait_for_url(f"**/attendance/sessions/{session}")
    rows = page.locator("button[data-line]")
    expect(rows.nth(2)).to_be_visible()
    count = rows.count()
    absent, late = rows.filter(has_text=reg_no), rows.filter(has_not_text=reg_no).first
    for _ in range(3):
        absent.tap()
    for _ in range(2):
        late.tap()
    expect(absent).to_contain_text("Absent")
    expect(late).to_contain_text("Late")
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name=f"Mark the other {count - 2} present").tap()
    assert faults(page) == []
    page.get_by_role("button", name=f"Mark {count - 2} present").tap()
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    page.get_by_role("button", name="Hand in", exact=True).tap()
    expect(page.get_by_text("Submitted", exact=True)).to_be_visible()
    assert faults(page) == []
    held = ask(page, "GET", f"attendance/sessions/{session}/register/")
    assert held["status"] == "submitted"
    counts = {name: held["counts"][name] for name in ("present", "late", "absent", "unmarked")}
    assert counts == {"present": count - 2, "late": 1, "absent": 1, "unmarked": 0}


def _dispute(student: Page, coordinator: Page, demo: Product, session: int) -> None:
    """The student asks for a correction, and the coordinator accepts it."""
    student.goto(demo.url + "/attendance/mine")
    row = student.get_by_role("row").filter(has=student.locator(f"a[href$='/sessions/{session}']"))
    row.get_by_role("button", name="Ask for correction").click()
    dialog = student.get_by_role("dialog")
    dialog.get_by_role("combobox", name="What it should be").click()
    student.get_by_role("option", name="Present").click()
    dialog.get_by_role("textbox").last.fill("I sat in the last row, beside the door.")
    assert faults(student) == []
    dialog.get_by_role("button", name="Send the request").click()
    expect(row.get_by_role("link", name="Asked for")).to_be_visible()
    waiting = ask(coordinator, "GET", "attendance/corrections/?status=pending&page_size=100")["results"]
    correction = next(each for each in waiting if each["session"] == session)
    ask(coordinator, "POST", f"attendance/corrections/{correction['id']}/moves/accept/", {})
    student.reload()
    expect(row.get_by_text("Present", exact=True)).to_be_visible()


def _hold(page: Page, teacher: int, batch: int) -> tuple[int, int, str]:
    """Yesterday's session of the batch, everybody present and handed in; gives period, course and the day."""
    day = (datetime.now(ZONE) - timedelta(days=1)).date().isoformat()
    period, course = _period(page, batch, day), _course(page)
    groups = ask(page, "GET", f"academics/groups/?batch={batch}&page_size=50")["results"]
    begins = datetime.fromisoformat(f"{day}T05:00:00").replace(tzinfo=ZONE)
    body = {
        "academic_period": period, "section": None, "course": course, "groups": [each["id"] for each in groups],
        "faculty": teacher, "co_faculty": [], "faculty_name": "", "room": None, "kind": "lecture", "topic": "",
        "note": "", "starts_at": begins.isoformat(), "ends_at": (begins + timedelta(minutes=50)).isoformat(),
    }  # fmt: skip
    session = ask(page, "POST", "timetable/sessions/", body)["id"]
    register = ask(page, "GET", f"attendance/sessions/{session}/register/")
    ask(page, "POST", f"attendance/sessions/{session}/mark/", {"marks": [], "rest": "present"})
    register = ask(page, "GET", f"attendance/sessions/{session}/register/")
    ask(page, "POST", f"attendance/sessions/{session}/register/moves/submit/", {}, register["version"])
    return period, course, day


def _draft(page: Page, *, period: int, course: int, student: int, examiner: int) -> tuple[int, datetime]:
    """An exam for one student that begins soon and needs an eligibility list; gives when it begins."""
    begins = datetime.now(UTC) + SOON
    body = {
        "title": TITLE, "exam_type": "theory", "scheduled_at": begins.isoformat(), "duration_minutes": 60,
        "academic_period": period, "course": course, "pass_total_percent": "50", "requires_eligibility": True,
    }  # fmt: skip
    exam: int = ask(page, "POST", "assessment/exams/", body)["id"]
    ask(page, "POST", f"assessment/exams/{exam}/components/", {"name": "Theory", "max_marks": "60"})
    ask(page, "POST", f"assessment/exams/{exam}/examiners/", {"person": examiner})
    ask(page, "POST", f"assessment/exams/{exam}/candidates/", {"persons": [student]})
    return exam, begins


def _announce(page: Page, demo: Product, exam: int) -> None:
    page.goto(f"{demo.url}/assessment/exams/{exam}")
    page.get_by_role("button", name="Announce", exact=True).click()
    expect(page.get_by_text("Announced", exact=True).first).to_be_visible()
    assert faults(page) == []
    shoot(page, "exam-announced")


def _freeze(page: Page, demo: Product, day: str, batch: str) -> None:
    """The coordinator draws the list up for the exam, sees who may sit, and freezes it."""
    page.goto(demo.url + "/attendance/eligibility-lists")
    page.get_by_role("button", name="New list").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("For the exam").fill(TITLE)
    page.get_by_role("option", name=re.compile(TITLE)).first.click()
    expect(dialog.get_by_label("Title", exact=False).first).to_have_value(TITLE)
    dialog.get_by_role("combobox", name="Which one").fill(batch)
    page.get_by_role("option", name=re.compile(batch)).first.click()
    dialog.get_by_label("First day").fill(day)
    dialog.get_by_label("Last day").fill(day)
    assert faults(page) == []
    dialog.get_by_role("button", name="Draw it up").click()
    page.wait_for_url(re.compile(r"/eligibility-lists/\d+$"))
    expect(page.get_by_role("cell", name=re.compile("May sit")).first).to_be_visible()
    assert faults(page) == []
    shoot(page, "eligibility-list")
    page.get_by_role("button", name=re.compile("Freeze|Make final")).click()
    expect(page.locator("h1").locator("..").get_by_text("Frozen", exact=True)).to_be_visible()
    assert faults(page) == []


def _mark(page: Page, demo: Product, exam: int) -> None:
    """The teacher types a mark that is too high, sees why it is refused, and mends it."""
    page.goto(f"{demo.url}/assessment/exams/{exam}/marks")
    cell = page.locator("input[data-cell]").first
    cell.fill("61")
    expect(page.get_by_text("Marks here are from 0 to 60.")).to_be_visible()
    assert faults(page) == []
    cell.fill("45")
    cell.press("Enter")
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    expect(page.get_by_text("45 / 60")).to_be_visible()
    assert faults(page) == []
    shoot(page, "marks")


def _press(page: Page, demo: Product, exam: int, button: str, state: str) -> None:
    """One press over the results of the exam."""
    page.goto(f"{demo.url}/assessment/exams/{exam}/results")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("cell", name=state, exact=True)).to_be_visible()
    assert faults(page) == []


def _begin(page: Page, demo: Product, exam: int, begins: datetime) -> None:
    """Once the hour has come, marking is started, unless the product has done so by itself."""
    wait = (begins - datetime.now(UTC)).total_seconds() + 1
    page.wait_for_timeout(max(0, wait) * 1000)
    page.goto(f"{demo.url}/assessment/exams/{exam}")
    start = page.get_by_role("button", name="Start marking")
    expect(start.or_(page.get_by_text("Being marked", exact=True)).first).to_be_visible()
    if start.is_visible():
        start.click()
    expect(page.get_by_text("Being marked", exact=True).first).to_be_visible()


def _as(browser: Browser, demo: Product, role: str, opened: list[BrowserContext], **more: Any) -> Page:
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **more},
                                  locale="en-GB", timezone_id="Asia/Karachi", reduced_motion="reduce")  # fmt: skip
    context.set_default_timeout(PATIENCE)
    opened.append(context)
    page = context.new_page()
    sign_in(page, demo, role)
    return page


def _ask_for_transcript(student: Page, demo: Product) -> tuple[str, str]:
    """The student asks on the phone and waits until the sheet is there; gives its number and the address in its QR."""
    student.goto(demo.url + "/documents")
    student.get_by_role("button", name="Ask for my transcript").first.click()
    dialog = student.get_by_role("dialog")
    assert faults(student) == []
    dialog.get_by_role("button", name="Prepare it").click()
    student.wait_for_url(re.compile(r"/documents/\d+$"), timeout=60_000)
    expect(student.locator("h1")).to_have_text(re.compile(r"^TRN-\d{4}-\d{6}$"))
    number = student.locator("h1").inner_text()
    address = student.get_by_label("Address in the QR code")
    expect(address).to_have_value(re.compile(r"/verify/[0-9A-Z]{26}$"))
    expect(student.get_by_text("Valid", exact=True).first).to_be_visible()
    assert faults(student) == []
    shoot(student, "document")
    return number, address.input_value()


def _mail(registrar: Page, demo: Product, student: int, number: str) -> None:
    """The registrar sends the same sheet to an address; the letter names its number."""
    to = "dean@leeds.example"
    ask(registrar, "POST", "transcripts/enqueue/", {"student_id": student, "email": to})
    assert mailed_link(demo, to, "/verify/")
    assert number in letters(demo, to)[-1]


def _check(stranger: Page, address: str, verdict: str, number: str) -> None:
    """Whoever holds the paper sees what became of it, and no more than the first letter of a name."""
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name=verdict)).to_be_visible()
    expect(stranger.get_by_text(number)).to_be_visible()
    assert faults(stranger) == []
    shoot(stranger, f"verify-{verdict.split()[0].lower()}")


def _correct(cell: Page, admin: Page, exam: int) -> None:
    """The exam cell proposes 48 marks instead of 45, and somebody else approves."""
    result = ask(cell, "GET", f"assessment/results/?exam={exam}")["results"][0]["id"]
    part = ask(cell, "GET", f"assessment/exams/{exam}/components/")["results"][0]["id"]
    body = {"result": result, "entries": [{"component": part, "marks": "48"}], "reason": "Question four was missed."}
    proposed = ask(cell, "POST", "assessment/corrections/", body)["id"]
    ask(admin, "POST", f"assessment/corrections/{proposed}/moves/approve/", {})


def _replaced(student: Page, demo: Product, number: str) -> None:
    """The student finds the old transcript replaced by a new one."""
    student.goto(demo.url + "/documents")
    row = student.get_by_role("row").filter(has_text=number)
    for _ in range(30):
        if row.get_by_text("Replaced", exact=True).count():
            break
        student.wait_for_timeout(1000)
        student.reload()
    expect(row.get_by_text("Replaced", exact=True)).to_be_visible()
    expect(student.get_by_text("Valid", exact=True).first).to_be_visible()
    assert faults(student) == []


def test_a_term_from_its_published_week_to_a_transcript_that_a_stranger_checks(browser: Browser, demo: Product) -> None:
    opened: list[BrowserContext] = []
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    student = _as(browser, demo, "student", opened, **phone)
    teacher, coordinator, cell = (_as(browser, demo, role, opened) for role in ("faculty", "coordinator", "exam_cell"))
    sitting, examiner = (ask(page, "GET", "me/")["person"]["id"] for page in (student, teacher))
    placed = next(each for each in ask(student, "GET", "academics/students/")["results"] if each["person"] == sitting)
    student.goto(demo.url + "/assessment/my-results")
    expect(student.get_by_role("heading", name="My results")).to_be_visible()
    expect(student.get_by_text(TITLE)).to_have_count(0)

    _publish_week(coordinator, _as(browser, demo, "department_head", opened))
    session = _begun(coordinator, examiner, placed["batch"], placed["group"])
    _mark_on_a_phone(_as(browser, demo, "faculty", opened, **phone), demo, session, placed["reg_no"])
    _dispute(student, coordinator, demo, session)

    period, course, day = _hold(coordinator, examiner, placed["batch"])
    exam, begins = _draft(cell, period=period, course=course, student=sitting, examiner=examiner)
    _announce(cell, demo, exam)
    _freeze(coordinator, demo, day, placed["batch_name"])
    _begin(cell, demo, exam, begins)
    _mark(teacher, demo, exam)
    _press(coordinator, demo, exam, "Verify it", "Verified")
    _press(cell, demo, exam, "Publish it", "Published")
    shoot(cell, "exam-results")

    student.goto(demo.url + "/assessment/my-results")
    mine = student.get_by_role("row").filter(has_text=TITLE)
    expect(mine.get_by_text("45 / 60 (75 %)")).to_be_visible()
    expect(mine.get_by_text("Passed", exact=True)).to_be_visible()
    assert faults(student) == []
    shoot(student, "my-results")

    number, address = _ask_for_transcript(student, demo)
    stranger = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB").new_page()
    opened.append(stranger.context)
    _check(stranger, address, "Genuine and valid", number)
    _mail(_as(browser, demo, "registrar", opened), demo, placed["id"], number)
    _correct(cell, _as(browser, demo, "admin", opened), exam)
    _replaced(student, demo, number)
    _check(stranger, address, "Replaced", number)
    for context in opened:
        context.close()
