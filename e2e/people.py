"""People at the browser: they are invited and accept; and the API with the session of a page."""

import json
import secrets
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from e2e.browser import PATIENCE
from e2e.product import Product

CALL = """async ([method, path, body, version]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? '';
  const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
  if (version) headers['If-Match'] = `"${version}"`;
  const answer = await fetch(path, {method, headers, body: method === 'GET' ? undefined : JSON.stringify(body ?? {})});
  return {status: answer.status, text: await answer.text()};
}"""


def ask(page: Page, method: str, path: str, body: Any = None, version: int | None = None) -> Any:
    """Call the API as whoever is signed in on the page; raises when it is refused."""
    answer = page.evaluate(CALL, [method, "/api/v1/" + path, body, version])
    if answer["status"] >= 300:
        raise AssertionError(f"{method} {path}: {answer['status']} {answer['text'][:500]}")
    return json.loads(answer["text"]) if answer["text"] else None


def accept(page: Page, product: Product, link: str, username: str) -> None:
    """Open a one-time link, choose a username and a password, and be signed in."""
    page.goto(f"{product.url}/invitation/{link.rstrip('/').rpartition('/')[2]}")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(secrets.token_urlsafe(12))
    page.get_by_role("button", name="Open my account").click()
    page.wait_for_url(lambda url: "/invitation/" not in url)


def newcomer(
    browser: Browser, product: Product, link: str, username: str, **options: Any
) -> tuple[BrowserContext, Page]:
    """Somebody with a browser of their own who accepts an invitation."""
    context = browser.new_context(timezone_id="Asia/Karachi", locale="en-GB", **options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    accept(page, product, link, username)
    return context, page


def invited(page: Page, name: str, role: str, scope: tuple[str, int] | None = None) -> str:
    """Enter a person with a role and give the one-time link."""
    person = ask(page, "POST", "directory/persons/", {"name": name})
    membership: dict[str, Any] = {"person": person["id"], "role": role}
    if scope:
        membership |= {"scope_kind": scope[0], "scope_id": scope[1]}
    ask(page, "POST", "directory/memberships/", membership)
    link: str = ask(page, "POST", "directory/invitations/", {"person": person["id"]})["link"]
    return link
