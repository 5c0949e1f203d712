"""An announcement: the registrar writes it for a batch, sees how many it reaches and sends it; a student reads it."""

import re

from playwright.sync_api import Browser, Page, expect

from e2e.conftest import shoot
from e2e.people import ask
from e2e.product import Product
from e2e.test_accessibility import faults
from e2e.test_demo import sign_in

TITLE = "The library closes at four"
STILL, PATIENCE = 6, 90  # seconds without news, and at most
BODY = "On Friday the library closes at **four**.\n\n- Return loans before\n- <b>No</b> exceptions"


def quiet(page: Page) -> None:
    """Wait until a young product has told everything that its making caused."""
    counts: list[int] = []
    while len(counts) < STILL or len(set(counts[-STILL:])) > 1 or counts[-1] == 0:
        assert len(counts) < PATIENCE
        counts.append(ask(page, "GET", "comms/notifications/unread-count/")["unread"])
        page.wait_for_timeout(1000)


def compose(page: Page, demo: Product, batch: str) -> int:
    """Write the announcement for a batch, with the keyboard where people use it; gives how many it reaches."""
    page.goto(demo.url + "/announcements/new")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Text").fill(BODY)
    page.get_by_role("combobox", name="Which one").fill(batch)
    page.get_by_role("option", name=re.compile(batch)).first.click()
    reached = page.get_by_text(re.compile(r"^\d+ people$"))
    expect(reached).to_be_visible()
    assert faults(page) == []
    shoot(page, "announcement-composer")
    return int((reached.text_content() or "").split()[0])


def send(page: Page, count: int) -> None:
    """Keep the draft, confirm the number, and wait until everybody is told."""
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url(re.compile(r"/announcements/\d+$"))
    page.get_by_role("button", name="Send", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{count} people will be told now.")
    assert faults(page) == []
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog).to_be_hidden()
    state = page.locator("h1").locator("..").get_by_text("Sent", exact=True)
    expect(state).to_be_visible(timeout=60_000)
    assert faults(page) == []


def test_an_announcement_reaches_a_student_with_a_phone(browser: Browser, page: Page, demo: Product) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", reduced_motion="reduce")
    student = phone.new_page()
    sign_in(student, demo, "student")
    quiet(student)
    ask(student, "POST", "comms/notifications/mark-read/", {"all": True})
    me = ask(student, "GET", "me/")["person"]["id"]
    placed = next(each for each in ask(student, "GET", "academics/students/")["results"] if each["person"] == me)

    sign_in(page, demo, "registrar")
    count = compose(page, demo, placed["batch_name"])
    send(page, count)

    student.goto(demo.url + "/")
    expect(student.get_by_role("link", name=re.compile(TITLE)).first).to_be_visible()
    assert faults(student) == []
    student.get_by_role("button", name="Notifications, one unread").click()
    shoot(student, "announcement-bell")
    student.get_by_role("dialog").get_by_role("link", name=re.compile(TITLE)).click()
    student.wait_for_url(re.compile(r"/board/\d+$"))
    expect(student.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(student.locator("strong", has_text="four")).to_be_visible()
    expect(student.get_by_text("<b>No</b> exceptions")).to_be_visible()
    expect(student.get_by_role("button", name="Notifications, 0 unread")).to_be_visible()
    assert faults(student) == []
    shoot(student, "announcement-phone")
    phone.close()
