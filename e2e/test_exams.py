"""One exam from its eligibility list to the student's phone, through the hands of four people."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.conftest import shoot
from e2e.people import ask
from e2e.product import Product
from e2e.test_accessibility import faults
from e2e.test_demo import sign_in

ZONE = ZoneInfo("Asia/Karachi")
TITLE = "Anatomy, first written exam"
SOON = timedelta(seconds=45)


def _hold(page: Page, teacher: int, batch: int) -> tuple[int, int, str]:
    """Yesterday's session of the batch, everybody present and handed in; gives period, course and the day."""
    periods = ask(page, "GET", "academics/academic-periods/?is_template=false&page_size=100")["results"]
    day = (datetime.now(ZONE) - timedelta(days=1)).date().isoformat()
    period = next(each for each in periods if each["batch"] == batch and each["start_date"] <= day <= each["end_date"])
    groups = ask(page, "GET", f"academics/groups/?batch={batch}&page_size=50")["results"]
    course = ask(page, "GET", "academics/courses/?page_size=1")["results"][0]
    begins = datetime.fromisoformat(f"{day}T05:00:00").replace(tzinfo=ZONE)
    body = {
        "academic_period": period["id"], "section": None, "course": course["id"],
        "groups": [each["id"] for each in groups], "faculty": teacher, "co_faculty": [], "faculty_name": "",
        "room": None, "kind": "lecture", "topic": "", "note": "", "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(minutes=50)).isoformat(),
    }  # fmt: skip
    session = ask(page, "POST", "timetable/sessions/", body)["id"]
    register = ask(page, "GET", f"attendance/sessions/{session}/register/")
    ask(page, "POST", f"attendance/sessions/{session}/mark/", {"marks": [], "rest": "present"})
    register = ask(page, "GET", f"attendance/sessions/{session}/register/")
    ask(page, "POST", f"attendance/sessions/{session}/register/moves/submit/", {}, register["version"])
    return period["id"], course["id"], day


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
    context.set_default_timeout(15_000)
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
    for _ in range(30):
        if student.get_by_text("Replaced", exact=True).count():
            break
        student.wait_for_timeout(1000)
        student.reload()
    row = student.get_by_role("row").filter(has_text=number)
    expect(row.get_by_text("Replaced", exact=True)).to_be_visible()
    expect(student.get_by_text("Valid", exact=True).first).to_be_visible()
    assert faults(student) == []


def test_an_exam_goes_from_its_eligibility_list_to_the_phone_of_a_student(browser: Browser, demo: Product) -> None:
    opened: list[BrowserContext] = []
    phone = {"viewport": {"width": 390, "height": 844}}
    student = _as(browser, demo, "student", opened, **phone)
    teacher, coordinator, cell = (_as(browser, demo, role, opened) for role in ("faculty", "coordinator", "exam_cell"))
    sitting, examiner = (ask(page, "GET", "me/")["person"]["id"] for page in (student, teacher))
    placed = next(each for each in ask(student, "GET", "academics/students/")["results"] if each["person"] == sitting)
    student.goto(demo.url + "/assessment/my-results")
    expect(student.get_by_role("heading", name="My results")).to_be_visible()
    expect(student.get_by_text(TITLE)).to_have_count(0)

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
    expect(student.get_by_text(TITLE)).to_be_visible()
    expect(student.get_by_text("45 / 60 (75 %)")).to_be_visible()
    expect(student.get_by_text("Passed", exact=True)).to_be_visible()
    assert faults(student) == []
    shoot(student, "my-results")

    number, address = _ask_for_transcript(student, demo)
    stranger = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB").new_page()
    opened.append(stranger.context)
    _check(stranger, address, "Genuine and valid", number)
    _correct(cell, _as(browser, demo, "admin", opened), exam)
    _replaced(student, demo, number)
    _check(stranger, address, "Replaced", number)
    for context in opened:
        context.close()
