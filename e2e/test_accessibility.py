"""No screen breaks a rule of WCAG 2.2 AA that a machine can find: in light and dark, in English and Urdu."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, TimeoutError, expect

from e2e.browser import PATIENCE
from e2e.people import ask
from e2e.product import CHECKOUT, Product
from e2e.test_demo import sign_in

AXE = CHECKOUT / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FIND = """async (tags) => {
  const {violations} = await axe.run(document, {runOnly: {type: 'tag', values: tags}});
  return violations.map(({id, help, nodes}) => ({id, help, at: nodes.slice(0, 5).map(node => node.target.join(' '))}));
}"""

SETTLED = """() => document.getAnimations().every(
  each => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity
)"""

DESK = [
    "/", "/inbox", "/notifications", "/notifications/preferences", "/announcements", "/announcements/new", "/board",
    "/timetable/weeks", "/timetable/conflicts", "/timetable/sessions",
    "/timetable/availability", "/timetable/rooms", "/timetable/print", "/academics/students",
    "/academics/applications", "/academics/intakes", "/academics/programs", "/academics/courses",
    "/academics/sections", "/academics/imports", "/academics/periods", "/requests", "/requests?view=others",
    "/requests/new", "/administration/request-types",
    "/attendance/eligibility", "/attendance/eligibility-lists", "/attendance/condonations", "/attendance/uploads",
    "/attendance/policies", "/assessment/exams", "/assessment/corrections",
    "/directory/people", "/directory/departments", "/directory/places", "/directory/leave", "/directory/holidays",
    "/administration/settings", "/administration/memberships", "/administration/invitations",
    "/administration/invitations/slips", "/administration/deliveries", "/account",
]  # fmt: skip
OPERATIONS = [
    "/operations", "/operations/alerts", "/operations/jobs", "/operations/schedule", "/operations/processes",
    "/operations/maintenance", "/operations/backups", "/operations/releases", "/operations/settings",
    "/operations/journal",
]  # fmt: skip
# On a phone a row is a card. What is wider than its card is cut off there, though the page itself is not wider.
WIDER = """() => [...document.querySelectorAll('table')].map(table => table.parentElement)
  .filter(around => around.scrollWidth > around.clientWidth + 1).map(around => around.scrollWidth)"""
VARIANTS = [("en", "light"), ("en", "dark"), ("ur", "light"), ("ur", "dark")]
# Colours do not depend on the language nor names on the colours: two variants see all of both.
OPPOSITES = [VARIANTS[0], VARIANTS[3]]


def faults(page: Page) -> list[dict[str, Any]]:
    """What axe finds on a page that has settled."""
    with suppress(TimeoutError):  # a page that follows a job asks on
        page.wait_for_load_state("networkidle", timeout=5_000)
    expect(page.locator("h1").first).to_be_visible()
    # Whatever fades in is measured when it has arrived.
    page.wait_for_function(SETTLED)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(FIND, TAGS)
    return found


def dress(page: Page, language: str, scheme: str) -> None:
    """Language and colours from the next page on."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.evaluate("language => localStorage.setItem('maristan.language', language)", language)


def visited(page: Page, product: Product, paths: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The faults of each screen that has any."""
    found = {}
    for path in paths:
        page.goto(product.url + path)
        if wrong := faults(page):
            found[path] = wrong
    return found


@pytest.fixture(scope="module")
def admin(browser: Browser, demo: Product) -> Iterator[Page]:
    """The administrator at a desk, who sees every list."""
    yield from _somebody(browser, demo, "admin", width=1440)


@pytest.fixture(scope="module")
def coordinator(browser: Browser, demo: Product) -> Iterator[Page]:
    """The coordinator at a desk, who plans weeks."""
    yield from _somebody(browser, demo, "coordinator", width=1440)


@pytest.fixture(scope="module")
def operator(browser: Browser, demo: Product) -> Iterator[Page]:
    """The operator at a desk."""
    yield from _somebody(browser, demo, "operator", width=1440)


@pytest.fixture(scope="module")
def student(browser: Browser, demo: Product) -> Iterator[Page]:
    """A student with a phone."""
    yield from _somebody(browser, demo, "student", width=360)


def _somebody(browser: Browser, demo: Product, role: str, *, width: int) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="Asia/Karachi", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sign_in(page, demo, role)
    yield page
    context.close()


@pytest.mark.parametrize(("language", "scheme"), VARIANTS)
def test_the_sign_in(page: Page, demo: Product, language: str, scheme: str) -> None:
    page.goto(demo.url + "/sign-in")
    dress(page, language, scheme)
    page.goto(demo.url + "/sign-in")
    assert faults(page) == []


@pytest.mark.parametrize(("language", "scheme"), OPPOSITES)
def test_the_screens_of_the_desk(admin: Page, demo: Product, language: str, scheme: str) -> None:
    dress(admin, language, scheme)
    assert visited(admin, demo, DESK) == {}


@pytest.mark.parametrize(("language", "scheme"), OPPOSITES)
def test_the_screens_of_operations(operator: Page, demo: Product, language: str, scheme: str) -> None:
    dress(operator, language, scheme)
    assert visited(operator, demo, OPERATIONS) == {}


@pytest.mark.parametrize("language", ["en", "ur"])
def test_nothing_in_a_list_of_operations_is_wider_than_its_card(operator: Page, demo: Product, language: str) -> None:
    dress(operator, language, "light")
    operator.set_viewport_size({"width": 360, "height": 800})
    operator.route("**/api/v1/operations/journal/**", _of_a_run)
    found, seen = {}, 0
    for path in OPERATIONS:
        operator.goto(demo.url + path)
        expect(operator.locator("h1").first).to_be_visible()
        operator.wait_for_load_state("networkidle")
        seen += operator.locator("tbody tr").count()
        if wide := operator.evaluate(WIDER):
            found[path] = wide
    operator.unroute("**/api/v1/operations/journal/**")
    operator.set_viewport_size({"width": 1440, "height": 900})
    assert (found, seen > len(OPERATIONS)) == ({}, True)


def _of_a_run(route: Route) -> None:
    """The journal as it is, but that it has one line, of a deployment, whose id is long."""
    answer = route.fetch()
    said = answer.json()
    if "results" in said:
        said["results"] = [{
            "id": 1, "at": "2026-01-02T12:00:00Z", "by_name": "command line", "kind": "release.activated",
            "subject_kind": "release", "subject_id": "8f49250d-168e-44a0-a835-1e137950e355", "changes": {},
            "reason": "", "by_user_id": None, "by_person_id": None, "request_id": "",
        }]  # fmt: skip
    route.fulfill(response=answer, json=said)


@pytest.mark.parametrize(("language", "scheme"), OPPOSITES)
def test_a_request_with_a_note_among_handlers(admin: Page, demo: Product, language: str, scheme: str) -> None:
    dress(admin, language, scheme)
    admin.goto(demo.url + "/requests?view=review")
    admin.locator("main a[href*='/requests/']").filter(has_not=admin.locator(".tabler-icon-plus")).first.click()
    admin.get_by_role("switch").click()
    expect(admin.locator("form[data-internal]")).to_be_visible()
    found = {"page": faults(admin)}
    admin.locator("[role=group] button").first.click()
    expect(admin.get_by_role("dialog")).to_be_visible()
    found["decision"] = faults(admin)
    assert found == {"page": [], "decision": []}


@pytest.mark.parametrize(("language", "scheme"), OPPOSITES)
def test_what_opens_over_a_screen(admin: Page, demo: Product, language: str, scheme: str) -> None:
    dress(admin, language, scheme)
    admin.goto(demo.url + "/academics/students")
    admin.locator("main button:has(.tabler-icon-plus)").first.click()
    expect(admin.get_by_role("dialog")).to_be_visible()
    found = {"form": faults(admin)}
    admin.goto(demo.url + "/")
    for name in ("bell", "menu"):
        button = admin.locator("header button")
        (button.last if name == "menu" else button.filter(has=admin.locator(".tabler-icon-bell"))).click()
        expect(admin.get_by_role("dialog")).to_be_visible()
        found[name] = faults(admin)
        admin.keyboard.press("Escape")
    admin.keyboard.press("Control+k")
    admin.keyboard.type("ana")
    expect(admin.get_by_role("dialog")).to_be_visible()
    found["search"] = faults(admin)
    assert found == {"form": [], "bell": [], "menu": [], "search": []}


@pytest.mark.parametrize(("language", "scheme"), OPPOSITES)
def test_the_forms_of_the_timetable(coordinator: Page, demo: Product, language: str, scheme: str) -> None:
    dress(coordinator, language, scheme)
    found = {}
    for name in ("availability", "sessions"):
        coordinator.goto(f"{demo.url}/timetable/{name}")
        coordinator.locator("main button:has(.tabler-icon-plus)").first.click()
        expect(coordinator.get_by_role("dialog")).to_be_visible()
        found[name] = faults(coordinator)
    assert found == {"availability": [], "sessions": []}


@pytest.mark.parametrize(("language", "scheme"), OPPOSITES)
def test_conflicts_and_a_time_declared(coordinator: Page, demo: Product, language: str, scheme: str) -> None:
    dress(coordinator, language, scheme)
    coordinator.goto(demo.url + "/")
    taught = ask(coordinator, "GET", "timetable/sessions/?ordering=starts_at&page_size=1")["results"][0]
    day = taught["starts_at"][:10]
    declared = ask(coordinator, "POST", "timetable/availabilities/", {
        "subject_kind": "person", "subject_id": taught["faculty"], "day_of_week": date.fromisoformat(day).weekday(),
        "start_time": "00:01", "end_time": "23:59", "level": "unavailable", "from_date": day,
    })  # fmt: skip
    found = visited(coordinator, demo, ["/timetable/availability", f"/timetable/conflicts?from={day}&to={day}"])
    expect(coordinator.locator("main section ul a").first).to_be_visible()
    ask(coordinator, "DELETE", f"timetable/availabilities/{declared['id']}/")
    assert found == {}


@pytest.mark.parametrize(("language", "scheme"), VARIANTS)
def test_the_grid_of_a_week_and_its_editor(coordinator: Page, demo: Product, language: str, scheme: str) -> None:
    dress(coordinator, language, scheme)
    coordinator.goto(demo.url + "/timetable/weeks")
    coordinator.locator("a[href*='/timetable/weeks/']").first.click()
    expect(coordinator.get_by_role("grid")).to_be_visible()
    found = {"grid": faults(coordinator)}
    coordinator.get_by_role("gridcell").first.dblclick()
    expect(coordinator.locator("[data-address]").first).to_be_visible()
    found["editor"] = faults(coordinator)
    coordinator.keyboard.press("Escape")
    assert found == {"grid": [], "editor": []}


@pytest.mark.parametrize(("language", "scheme"), VARIANTS)
def test_a_student_with_a_phone(student: Page, demo: Product, language: str, scheme: str) -> None:
    dress(student, language, scheme)
    found = visited(student, demo, ["/", "/timetable/my-week", "/notifications", "/requests", "/account"])
    student.goto(demo.url + "/timetable/my-week?date=" + _day(student))
    session = student.locator("a[href*='/timetable/sessions/']").first
    session.click()
    student.wait_for_url(re.compile("/timetable/sessions/"))
    assert (found, faults(student)) == ({}, [])


def _day(page: Page) -> str:
    """The first day on which the student has a session."""
    start = "() => fetch('/api/v1/timetable/sessions/?ordering=starts_at').then(each => each.json())"
    day: str = page.evaluate(start)["results"][0]["starts_at"][:10]
    return day
