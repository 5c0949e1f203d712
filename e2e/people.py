"""People at the browser: they are invited, accept, sign in; and the API with the session of a page."""

import json
import secrets
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from e2e.product import Product

CALL = """async ([method, path, body, version]) => {
  const token = document.cookie.split('; ').find(each => each.startsWith('csrftoken='))?.slice(10) ?? '';
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


def accept(page: Page, product: Product, link: str, username: str) -> str:
    """Accept a one-time link with a username; gives the password chosen."""
    password = secrets.token_urlsafe(12)
    page.goto(product.url + "/sign-in")
    body = {"token": link.rstrip("/").rpartition("/")[2], "username": username, "password": password}
    ask(page, "POST", "directory/invitations/accept/", body)
    return password


def sign_in(page: Page, product: Product, username: str, password: str) -> None:
    """Sign in on the sign-in page."""
    page.goto(product.url + "/sign-in")
    page.get_by_label("Username or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def newcomer(
    browser: Browser, product: Product, link: str, username: str, **options: Any
) -> tuple[BrowserContext, Page]:
    """Somebody with a browser of their own who accepts an invitation and signs in."""
    context = browser.new_context(timezone_id="Asia/Karachi", locale="en-GB", **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    password = accept(page, product, link, username)
    sign_in(page, product, username, password)
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
