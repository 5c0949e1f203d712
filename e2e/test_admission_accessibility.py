"""The form for applicants and the desk that decides hold the same rules: by machine, by keyboard, on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.browser import PATIENCE
from e2e.conftest import shoot
from e2e.mailbox import mailed_link
from e2e.people import ask
from e2e.product import Product
from e2e.test_accessibility import OPPOSITES, VARIANTS, dress, faults
from e2e.test_admission import local
from e2e.test_demo import sign_in

STEPS = ("applicant", "contact", "guardian", "education", "papers", "review")
OVERFLOWS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def phone(browser: Browser, demo: Product) -> Iterator[Page]:
    """An applicant with a small phone, at the beginning of the form."""
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, locale="en-GB", timezone_id="Asia/Karachi", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{demo.url}/apply?institution=farabi")
    page.get_by_label("Your e-mail").fill("small.phone@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Look into your mail")).to_be_visible()
    page.goto(local(demo, mailed_link(demo, "small.phone@example.org", "/apply/")))
    expect(page.get_by_label("Full name")).to_be_visible()
    yield page
    context.close()


@pytest.mark.parametrize(("language", "scheme"), VARIANTS)
def test_every_step_of_the_form_on_a_small_phone(phone: Page, demo: Product, language: str, scheme: str) -> None:
    link = phone.url.partition("?")[0]
    dress(phone, language, scheme)
    found: dict[str, list[dict[str, Any]]] = {}
    addresses = [f"{demo.url}/apply", *(f"{link}?step={step}" for step in STEPS), f"{demo.url}/apply/unknown"]
    for address in addresses:
        phone.goto(address)
        if wrong := faults(phone):
            found[address] = wrong
        assert not phone.evaluate(OVERFLOWS), address
        shoot(phone, f"apply-{language}-{scheme}-{address.rpartition('=')[2].rpartition('/')[2]}")
    phone.goto(link)
    assert found == {}


def test_the_first_step_is_filled_in_by_keyboard_alone(phone: Page, demo: Product) -> None:
    dress(phone, "en", "light")
    phone.goto(f"{phone.url.partition('?')[0]}?step=applicant")
    phone.get_by_label("Full name").focus()
    for typed in ("Nida Keyboard", "Abdul Keyboard", "Female", "03012007", "3520277777771"):
        phone.keyboard.type(typed)
        phone.keyboard.press("Tab")
    # The day took three stops of its own; whatever is left leads to the button.
    for _ in range(6):
        if phone.evaluate("() => document.activeElement.textContent") == "Save and continue":
            break
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Step 2 of 6: Contact")).to_be_focused()
    assert "Saved at" in phone.get_by_role("status").filter(has_text="Saved").inner_text()


@pytest.mark.parametrize(("language", "scheme"), OPPOSITES)
def test_the_desk_that_decides(page: Page, demo: Product, language: str, scheme: str) -> None:
    sign_in(page, demo, "registrar")
    dress(page, language, scheme)
    listed = ask(page, "GET", "academics/applications/?status=needs_review")["results"][0]
    intake = ask(page, "GET", "academics/intakes/")["results"][0]
    found = {}
    for name, path in {
        "record": f"/academics/applications/{listed['id']}",
        "intake": f"/academics/intakes/{intake['id']}",
        "person": "/directory/people/" + str(ask(page, "GET", "me/")["person"]["id"]),
    }.items():
        page.goto(demo.url + path)
        found[name] = faults(page)
    page.goto(f"{demo.url}/academics/applications/{listed['id']}")
    page.locator("[role=group] button").first.click()
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_visible()
    found["approve"] = faults(page)
    assert found == {"record": [], "intake": [], "person": [], "approve": []}
