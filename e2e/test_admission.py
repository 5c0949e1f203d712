"""From an application on a phone to the applicant's own published week."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.browser import PATIENCE
from e2e.conftest import shoot
from e2e.mailbox import mailed_link
from e2e.people import accept, ask
from e2e.product import Product
from e2e.samples import PAGE, picture

CODE = "amc"
EMAIL = "amina.yusuf@example.org"
BROTHERS_PHONE = "+923214567890"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
PAPERS = {"Photograph": picture(), "CNIC or B-form, front": picture(300, 190), "CNIC or B-form, back": PAGE}


def test_an_applicant_becomes_a_student_with_a_week(page: Page, browser: Browser, empty: Product) -> None:
    school = a_school(page, empty)
    applicant = browser.new_context(timezone_id="Asia/Karachi", locale="en-GB", **PHONE)
    applicant.set_default_timeout(PATIENCE)
    phone = applicant.new_page()
    begin(phone, empty)
    fill_in(phone)
    attach(phone)
    number = hand_in(phone)
    decide(page, empty, number)
    told(phone)
    week = enrol_and_see(page, phone, empty, school)
    shoot(week, "admission-own-week")
    applicant.close()


def test_a_second_tab_is_told_and_a_stranger_learns_nothing(page: Page, context: BrowserContext, demo: Product) -> None:
    """Both tabs write; nothing of either is lost. A link that never was gets the page of one that is over."""
    page.goto(demo.url + "/sign-in")
    page.get_by_role("link", name="Apply for admission").click()
    page.get_by_label("Your e-mail").fill("two.tabs@example.org")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("Look into your mail")).to_be_visible()
    link = local(demo, mailed_link(demo, "two.tabs@example.org", "/apply/"))
    page.goto(link)
    other = context.new_page()
    other.goto(link)
    other.get_by_label("Full name").fill("Noor Fatima")
    other.get_by_role("button", name="Save and continue").click()
    expect(other.get_by_text("Step 2 of 6")).to_be_visible()
    page.get_by_label("Father's name").fill("Ghulam Rasool")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("changed in another tab")).to_be_visible()
    expect(page.get_by_text("Step 2 of 6")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Full name")).to_have_value("Noor Fatima")
    expect(page.get_by_label("Father's name")).to_have_value("Ghulam Rasool")
    page.get_by_label("Full name").fill("Noor")
    page.reload()
    expect(page.get_by_label("Full name")).to_have_value("Noor")
    page.goto(demo.url + "/apply/nobody-was-ever-sent-this")
    expect(page.get_by_role("heading", name="This link is no longer valid")).to_be_visible()
    expect(page.get_by_text("Farabi")).not_to_be_visible()


def local(product: Product, link: str) -> str:
    """The way into an application on this very product."""
    return f"{product.url}/apply/{link.rpartition('/')[2]}"


def a_school(page: Page, product: Product) -> dict[str, Any]:
    """One batch with one group, a student whose phone is the family's, an open intake, and a published week."""
    printed = product.run(
        "institutions", "create", CODE, "Avicenna Medical College", "--zone", "Asia/Karachi", "--admin", "Farah Deeba"
    )
    found = re.search(r"https?://\S+", printed)
    assert found is not None
    accept(page, product, found.group(), "farah")
    department = ask(page, "POST", "directory/departments/", {"code": "PAT", "name": "Pathology"})["id"]
    program = ask(page, "POST", "academics/programs/", {"code": "MBBS", "name": "Medicine"})["id"]
    year = date.today().year
    batch = ask(page, "POST", "academics/batches/", {
        "program": program, "name": f"{year + 5} Batch", "intake_year": year, "graduation_year": year + 5,
    })["id"]  # fmt: skip
    group = ask(page, "POST", "academics/groups/", {"batch": batch, "name": "Group A"})["id"]
    ask(page, "POST", "academics/students/", {
        "reg_no": "OLD-001", "name": "Bilal Yusuf", "batch": batch, "group": group, "phone": BROTHERS_PHONE,
    })  # fmt: skip
    now = datetime.now(UTC)
    ask(page, "POST", "academics/intakes/", {
        "batch": batch, "opens_at": str(now - timedelta(days=1)), "closes_at": str(now + timedelta(days=9)), "seats": 5,
    })  # fmt: skip
    return {"batch": batch, **a_published_week(page, department, program, batch)}


def a_published_week(page: Page, department: int, program: int, batch: int) -> dict[str, Any]:
    """Next Monday at eight the section meets."""
    monday = date.today() + timedelta(days=7 - date.today().weekday())
    period = ask(page, "POST", "academics/academic-periods/", {
        "program": program, "batch": batch, "kind": "year", "name": "Year 1",
        "start_date": str(monday - timedelta(days=14)), "end_date": str(monday + timedelta(days=250)),
    })["id"]  # fmt: skip
    ask(page, "POST", f"academics/academic-periods/{period}/moves/open/")
    course = ask(page, "POST", "academics/courses/", {
        "code": "PATH", "name": "Pathology", "department": department, "programs": [program],
    })["id"]  # fmt: skip
    section = ask(page, "POST", "academics/sections/", {"course": course, "academic_period": period, "name": "P1"})[
        "id"
    ]
    week = ask(page, "POST", "timetable/weeks/", {
        "week_start_date": str(monday), "scope": "batch", "batch": batch, "academic_period": period,
    })["id"]  # fmt: skip
    ask(page, "POST", f"timetable/weeks/{week}/save-grid/", {
        "version": 1,
        "rows": [{"row_index": 1, "start_time": "08:00", "end_time": "08:50"}],
        "cells": [{"row_index": 1, "day_of_week": 0, "course": course, "section": section, "topic": "Cell injury"}],
    })  # fmt: skip
    for move in ("verify", "publish"):
        ask(page, "POST", f"timetable/weeks/{week}/moves/{move}/")
    return {"section": section, "monday": monday}


def begin(phone: Page, product: Product) -> None:
    """An address is asked for, and the link comes by mail."""
    phone.goto(f"{product.url}/apply?institution={CODE}")
    expect(phone.get_by_role("heading", name="Avicenna Medical College")).to_be_visible()
    phone.get_by_label("Your e-mail").fill(EMAIL)
    phone.get_by_role("button", name="Send me the link").click()
    expect(phone.get_by_text("Look into your mail")).to_be_visible()
    phone.goto(local(product, mailed_link(product, EMAIL, "/apply/")))


def fill_in(phone: Page) -> None:
    """Four steps, each saved as one goes on; a wrong number is told at its field and corrected."""
    go_on = phone.get_by_role("button", name="Save and continue")
    phone.get_by_label("Full name").fill("Amina Yusuf")
    phone.get_by_label("Father's name").fill("محمد یوسف")
    phone.get_by_label("Gender").select_option("female")
    phone.get_by_label("Date of birth").fill("2007-03-01")
    phone.get_by_label("CNIC or B-form number").fill("35202-1234")
    go_on.click()
    expect(phone.get_by_role("alert")).to_contain_text("CNIC or B-form number")
    shoot(phone, "apply-fault")
    phone.get_by_label("CNIC or B-form number").fill("35202-1234567-1")
    go_on.click()
    phone.get_by_label("Mobile number").fill("0321 4567890")
    phone.get_by_label("Postal address").fill("12 Mall Road, Lahore")
    go_on.click()
    phone.get_by_label("Guardian's name").fill("Muhammad Yusuf")
    phone.get_by_label("Relation to the applicant").select_option("father")
    phone.get_by_label("Guardian's WhatsApp number").fill("0301 7654321")
    go_on.click()
    phone.get_by_label("Last qualification").select_option("fsc")
    phone.get_by_label("School or college").fill("Government College")
    phone.get_by_label("Board or university").fill("BISE Lahore")
    phone.get_by_label("Year of passing").fill("2026")
    phone.get_by_label("Total marks or grade").fill("1100")
    phone.get_by_label("Marks or grade obtained").fill("1001")
    go_on.click()
    expect(phone.get_by_role("heading", name="Step 5 of 6: Papers")).to_be_visible()


def attach(phone: Page) -> None:
    """Papers; one of a kind that is not taken is told at once, and more writes than a minute takes wait."""
    choose(phone, "Photograph", "me.gif", "image/gif", b"GIF89a")
    expect(phone.get_by_role("alert")).to_contain_text("JPG or PNG picture")
    for name, content in PAPERS.items():
        is_page = content is PAGE
        choose(phone, name, "x.pdf" if is_page else "x.png", "application/pdf" if is_page else "image/png", content)
    # Ten writes a minute: what comes beyond waits for its turn, and is taken by itself.
    expect(phone.get_by_role("button", name=re.compile("^Remove: "))).to_have_count(3, timeout=90_000)
    shoot(phone, "apply-papers")


def choose(phone: Page, name: str, file: str, kind: str, content: bytes) -> None:
    """Choose a file for a paper."""
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name=f"Choose a file: {name}").click()
    chooser.value.set_files({"name": file, "mimeType": kind, "buffer": content})


def hand_in(phone: Page) -> str:
    """Look it over, hand it in, and be told its number."""
    phone.get_by_role("button", name="Save and continue").click()
    expect(phone.get_by_role("heading", name="Step 6 of 6: Review")).to_be_visible()
    expect(phone.get_by_text("still missing")).to_have_count(0)
    shoot(phone, "apply-review")
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_text("Your application has arrived")).to_be_visible(timeout=90_000)
    shoot(phone, "apply-status")
    return phone.get_by_text(re.compile(r"^STU-\d{8}-\d{4}$")).inner_text()


def decide(page: Page, product: Product, number: str) -> None:
    """The one who shares the brother's phone is compared with him, and admitted all the same."""
    page.goto(product.url + "/academics/applications")
    page.get_by_role("tab", name="Needs review").click()
    page.wait_for_url(re.compile("status=needs_review"))
    page.get_by_role("row", name=re.compile(number)).get_by_role("link", name="Amina Yusuf").click()
    page.wait_for_url(re.compile(r"/academics/applications/\d+"))
    beside = page.get_by_role("region", name="This applicant beside")
    expect(beside.get_by_role("row", name=re.compile("Mobile number"))).to_contain_text("shared")
    expect(beside.get_by_role("link", name="Bilal Yusuf")).to_be_visible()
    page.get_by_role("button", name="CNIC or B-form, back").click()
    expect(page.get_by_title("CNIC or B-form, back")).to_be_visible()
    shoot(page, "application-duplicate")
    page.get_by_role("button", name="Approve").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Group")).to_have_value("Group A")
    dialog.get_by_role("button", name="Admit").click()
    expect(dialog.get_by_role("alert")).to_contain_text("same identity or address")
    dialog.get_by_role("switch", name="Admit all the same").check(force=True)
    dialog.get_by_label("Why").fill("Brother and sister share the family's phone.")
    shoot(page, "application-approve")
    dialog.get_by_role("button", name="Admit").click()
    expect(page.get_by_text(re.compile("Decided by .?Farah Deeba"))).to_be_visible()
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()


def told(phone: Page) -> None:
    """The applicant's page says that they are admitted, and not why in spite of whom."""
    phone.reload()
    expect(phone.get_by_text("You are admitted.")).to_be_visible()
    expect(phone.get_by_text("Brother and sister")).to_have_count(0)
    shoot(phone, "apply-admitted")


def enrol_and_see(page: Page, phone: Page, product: Product, school: dict[str, Any]) -> Page:
    """The invitation opens an account; once enrolled in the section, its published session is in one's week."""
    page.get_by_role("link", name="To the student's page").click()
    expect(page.get_by_role("heading", name="Amina Yusuf")).to_be_visible()
    expect(page.get_by_text(re.compile("Group A")).first).to_be_visible()
    student = ask(page, "GET", "academics/students/?search=Amina")["results"][0]
    assert (student["group_name"], student["reg_no"]) == ("Group A", f"MBBS{(date.today().year + 5) % 100:02}0001")
    accept(phone, product, mailed_link(product, EMAIL, "/invitation/"), "amina")
    own = f"{product.url}/timetable/my-week?date={school['monday']}"
    phone.goto(own)
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    expect(phone.get_by_text("Pathology")).to_have_count(0)
    page.goto(f"{product.url}/academics/sections/{school['section']}")
    page.get_by_role("button", name="Enrol students").first.click()
    page.get_by_label("Registration numbers").fill(student["reg_no"])
    page.get_by_role("button", name="Enrol one student").click()
    expect(page.get_by_text("1 enrolled, 0 not.")).to_be_visible()
    phone.goto(own)
    expect(phone.get_by_text("Pathology").first).to_be_visible()
    return phone
