"""From an empty institution to published sessions in somebody's own calendar program."""

import re
import urllib.request
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import shoot
from e2e.people import accept, ask, invited, newcomer
from e2e.product import Product
from e2e.samples import TEACHERS, students


def test_a_week_of_teaching_from_nothing_to_a_calendar(
    page: Page, browser: Browser, empty: Product, tmp_path: Path
) -> None:
    admin_arrives(page, empty)
    rooms_and_departments(page)
    upload(page, empty, "students", students(), tmp_path / "students_2031.csv", "Import 250 rows")
    upload(page, empty, "faculty", TEACHERS, tmp_path / "faculty.csv", "Import 2 rows")
    batch = open_period(page)
    pathology = ask(page, "GET", "directory/departments/?search=Pathology")["results"][0]["id"]
    ask(page, "POST", "academics/courses/", {
        "code": "PATH", "name": "Pathology", "department": pathology, "programs": [batch["program"]],
    })  # fmt: skip
    link = invited(page, "Prof. Bashir Ahmad", "department_head", ("department", pathology))
    _, verifier = newcomer(browser, empty, link, "bashir")
    week = plan_four_weeks(page, empty, batch)
    fill_first_cell(page, empty, week)
    verify(verifier, empty, week)
    publish(page, empty, week)
    rabia = a_student(page, browser, empty)
    calendar = subscribe(rabia, empty, week)
    compare(calendar, page, week)


def admin_arrives(page: Page, product: Product) -> None:
    """The operator founds the institution; its administrator opens the link, and is shown the first step."""
    printed = product.run(
        "institutions", "create", "fmu", "Farabi Medical University", "--zone", "Asia/Karachi", "--admin", "Amna Tariq"
    )
    product.run("institutions", "create", "other", "Another University", "--admin", "Zara Ali")
    found = re.search(r"https?://\S+", printed)
    assert found is not None
    accept(page, product, found.group(), "amna")
    expect(page.get_by_text("Farabi Medical University").first).to_be_visible()
    shoot(page, "empty-institution")


def rooms_and_departments(page: Page) -> None:
    """Two departments and a lecture hall."""
    for code, name in (("PAT", "Pathology"), ("ANA", "Anatomy")):
        ask(page, "POST", "directory/departments/", {"code": code, "name": name})
    ask(page, "POST", "directory/places/", {"kind": "room", "name": "Hall 1", "code": "H1", "capacity": 300})


def upload(page: Page, product: Product, kind: str, content: bytes, file: Path, button: str) -> None:
    """The import wizard: choose, check, decide, see the result."""
    file.write_bytes(content)
    page.goto(f"{product.url}/academics/imports?kind={kind}")
    page.locator("input[type=file]").set_input_files(str(file))
    if kind == "students":
        page.get_by_label("Create missing programs, batches and groups").check()
    page.get_by_role("button", name="Check the file").click()
    decide = page.get_by_role("button", name=button)
    expect(decide).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Every row is good")).to_be_visible()
    shoot(page, f"import-{kind}")
    decide.click()
    expect(page.get_by_role("status").filter(has_text="Imported")).to_be_visible(timeout=60_000)


def open_period(page: Page) -> Any:
    """The batch that the import made, with an open year."""
    batch = ask(page, "GET", "academics/batches/")["results"][0]
    monday = date.today() - timedelta(days=date.today().weekday())
    period = ask(page, "POST", "academics/academic-periods/", {
        "program": batch["program"], "batch": batch["id"], "kind": "year", "name": "Year 1",
        "start_date": str(monday), "end_date": str(monday + timedelta(days=300)),
    })  # fmt: skip
    ask(page, "POST", f"academics/academic-periods/{period['id']}/moves/open/")
    return batch


def plan_four_weeks(page: Page, product: Product, batch: Any) -> int:
    """Choose the batch and press once."""
    page.goto(product.url + "/timetable/weeks")
    page.get_by_label("Plan for").first.click()
    page.get_by_role("option", name=re.compile("2031 Batch")).click()
    page.get_by_role("button", name="Create the next 4 weeks").first.click()
    expect(page.get_by_text("4 weeks were created.")).to_be_visible()
    listed = ask(page, "GET", f"timetable/weeks/?batch={batch['id']}")["results"]
    assert [each["status"] for each in listed] == ["draft"] * 4
    return int(listed[0]["id"])


def fill_first_cell(page: Page, product: Product, week: int) -> None:
    """Times for the first row, then Monday's cell by keyboard, saved in one go."""
    page.goto(f"{product.url}/timetable/weeks/{week}")
    page.get_by_role("button", name="Edit rows").click()
    page.get_by_label("Start of row 1", exact=True).fill("08:00")
    page.get_by_label("End of row 1", exact=True).fill("08:50")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.locator("[role=gridcell]").first.click()
    page.keyboard.press("Enter")
    choose(page, "Course or section", "Pathology", "PATH")
    choose(page, "Teacher", "Khan", "Dr Ahmed Khan")
    choose(page, "Room", "Hall", "Hall 1")
    page.get_by_label("All groups of the batch").check()
    shoot(page, "cell-editor")
    page.get_by_role("button", name="Done", exact=True).click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved at")).to_be_visible()
    shoot(page, "week-draft")


def choose(page: Page, label: str, text: str, option: str) -> None:
    """Type into a picker and take what it offers."""
    field = page.get_by_label(label, exact=True).first
    field.click()
    field.fill(text)
    page.get_by_role("option", name=re.compile(option)).first.click()


def verify(page: Page, product: Product, week: int) -> None:
    """Another person looks and verifies."""
    page.goto(f"{product.url}/timetable/weeks/{week}")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Verified", exact=True).first).to_be_visible()


def publish(page: Page, product: Product, week: int) -> None:
    """The consequences first, then one press."""
    page.goto(f"{product.url}/timetable/weeks/{week}")
    page.get_by_role("button", name="Publish", exact=True).click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("251 people will be told")).to_be_visible()
    shoot(page, "consequences")
    sheet.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Students see this week")).to_be_visible()
    shoot(page, "published")


def a_student(page: Page, browser: Browser, product: Product) -> Page:
    """The first student of the file, invited and signed in on a phone."""
    student = ask(page, "GET", "academics/students/?search=2026-MBBS-001")["results"][0]
    person = student["person"]["id"] if isinstance(student["person"], dict) else student["person"]
    link = ask(page, "POST", "directory/invitations/", {"person": person})["link"]
    _, phone = newcomer(browser, product, link, "rabia", viewport={"width": 390, "height": 844})
    return phone


def subscribe(page: Page, product: Product, week: int) -> Calendar:
    """See the published week, then take it along in one's own calendar."""
    start = ask(page, "GET", f"timetable/weeks/{week}/")["week_start_date"]
    page.goto(f"{product.url}/timetable/my-week?date={start}")
    expect(page.get_by_text("Pathology").first).to_be_visible()
    shoot(page, "student-week")
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_role("dialog").get_by_role("textbox")
    expect(address).to_have_value(re.compile(r"\.ics$"))
    with urllib.request.urlopen(address.input_value()) as answer:
        assert answer.headers["Content-Type"].startswith("text/calendar")
        return Calendar.from_ical(answer.read())


def compare(calendar: Calendar, page: Page, week: int) -> None:
    """The feed and the published sessions match one to one."""
    published = [each for each in ask(page, "GET", "timetable/sessions/")["results"] if each["week_plan"] == week]
    events = list(calendar.walk("VEVENT"))
    taught = {
        (str(each["SUMMARY"]), each["DTSTART"].dt.timestamp(), each["DTEND"].dt.timestamp())
        for each in events
        if str(each["UID"]).startswith("session-")
    }  # fmt: skip
    assert taught == {
        (
            each["title"],
            datetime.fromisoformat(each["starts_at"]).timestamp(),
            datetime.fromisoformat(each["ends_at"]).timestamp(),
        )
        for each in published
    }
    assert len(published) == 1
    assert calendar.walk("VTIMEZONE")
