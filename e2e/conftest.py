"""A product for each story, and Chromium to look at it with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e.browser import PATIENCE, find
from e2e.product import CHECKOUT, Product, free_port, new_home

SHOTS = CHECKOUT / "var" / "screenshots"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium; its absence is a failure."""
    executable = find()
    if executable is None:
        pytest.fail("Chromium is missing; run make e2e, which installs it", pytrace=False)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE / 2)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile, desktop sized."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Asia/Karachi")
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when the client throws."""
    thrown: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    assert thrown == []


@pytest.fixture(scope="session")
def migrated() -> Path:
    """A home whose database has its tables and nothing in them; stopped, to be copied."""
    product = Product(new_home("migrated"), free_port())
    product.run("prepare")
    return product.home


@pytest.fixture(scope="session")
def demo(migrated: Path) -> Iterator[Product]:
    """The product with the demonstration institution."""
    product = Product(new_home("demo", migrated), free_port())
    product.run("seed_demo", "--students=60")
    product.start()
    yield product
    product.stop()


@pytest.fixture(scope="session")
def empty(migrated: Path) -> Iterator[Product]:
    """The product with two institutions that have nothing but an administrator each."""
    product = Product(new_home("empty", migrated), free_port())
    product.start()
    yield product
    product.stop()


def shoot(page: Page, name: str) -> Path:
    """A screenshot below var/screenshots, to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    file = SHOTS / f"{name}.png"
    page.screenshot(path=str(file))
    return file
