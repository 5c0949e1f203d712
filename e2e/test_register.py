"""A teacher marks a register on a phone: two by tap, the rest with one press, and hands it in."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from e2e.people import ask
from e2e.product import Product
from e2e.test_accessibility import faults
from e2e.test_demo import sign_in

PHONE = {"width": 390, "height": 844}


def _begun(browser: Browser, demo: Product, teacher: int) -> int:
    """A session of the teacher that began five minutes ago, entered by the coordinator."""
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Karachi")
    page = context.new_page()
    sign_in(page, demo, "coordinator")
    now = datetime.now(UTC)
    today = now.date().isoformat()
    periods = ask(page, "GET", "academics/academic-periods/?is_template=false&page_size=100")["results"]
    period = next(each for each in periods if each["batch"] and each["start_date"] <= today <= each["end_date"])
    groups = ask(page, "GET", f"academics/groups/?batch={period['batch']}&page_size=10")["results"]
    course = ask(page, "GET", "academics/courses/?page_size=1")["results"][0]
    body = {
        "academic_period": period["id"], "section": None, "course": course["id"], "groups": [groups[0]["id"]],
        "faculty": teacher, "co_faculty": [], "faculty_name": "", "room": None, "kind": "lecture", "topic": "",
        "note": "", "starts_at": (now - timedelta(minutes=5)).isoformat(),
        "ends_at": (now + timedelta(minutes=45)).isoformat(),
    }  # fmt: skip
    made: int = ask(page, "POST", "timetable/sessions/", body)["id"]
    context.close()
    return made


def _open(page: Page, demo: Product, session: int) -> None:
    page.goto(f"{demo.url}/timetable/sessions/{session}")
    page.get_by_role("link", name="Register").click()
    page.wait_for_url(f"**/attendance/sessions/{session}")


def test_a_teacher_marks_and_hands_in_a_register_on_a_phone(browser: Browser, demo: Product) -> None:
    context = browser.new_context(
        viewport=PHONE, has_touch=True, locale="en-GB", timezone_id="Asia/Karachi", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    sign_in(page, demo, "faculty")
    session = _begun(browser, demo, ask(page, "GET", "me/")["person"]["id"])
    _open(page, demo, session)
    rows = page.locator("button[data-line]")
    expect(rows.nth(2)).to_be_visible()
    count = rows.count()
    rows.nth(0).tap()
    rows.nth(1).tap()
    rows.nth(1).tap()
    expect(rows.nth(1)).to_contain_text("Late")
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
    assert (held["counts"]["present"], held["counts"]["late"], held["counts"]["unmarked"]) == (count - 1, 1, 0)
    context.close()
