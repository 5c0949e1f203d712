"""The demonstration: every role signs in, the published week is seen, the product stops when told to."""

import csv
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from e2e.conftest import shoot
from e2e.product import Product


def account(product: Product, role: str) -> dict[str, str]:
    """Username and password of a role."""
    with (product.home / "var" / "demo-accounts.txt").open(encoding="utf-8") as listed:
        return next(each for each in csv.DictReader(listed, delimiter="\t") if each["role"] == role)


def sign_in(page: Page, product: Product, role: str) -> None:
    """Sign in as the demonstration account of a role."""
    found = account(product, role)
    page.goto(product.url + "/sign-in")
    page.get_by_label("Username or e-mail").fill(found["username"])
    page.get_by_label("Password", exact=True).fill(found["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_student_signs_in_and_sees_the_published_week(page: Page, demo: Product) -> None:
    sign_in(page, demo, "student")
    page.goto(f"{demo.url}/timetable/my-week?date={datetime.now(ZoneInfo('Asia/Karachi')).date() + timedelta(days=2)}")
    expect(page.get_by_text("Gross Anatomy").first).to_be_visible()
    shoot(page, "student-my-week")


def test_a_coordinator_opens_the_grid_of_the_published_week(page: Page, demo: Product) -> None:
    sign_in(page, demo, "coordinator")
    page.goto(demo.url + "/timetable/weeks")
    page.get_by_role("link", name=re.compile("Published")).first.click()
    expect(page.get_by_role("gridcell", name=re.compile("Gross Anatomy")).first).to_be_visible()
    shoot(page, "week")
