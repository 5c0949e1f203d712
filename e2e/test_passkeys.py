"""A passkey is added to an account and proves its owner, also again; Chromium plays the device."""

from playwright.sync_api import Page, expect

from e2e.product import Product
from e2e.test_demo import account

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
OFFERED = "() => fetch('/_allauth/browser/v1/config').then(each => each.json())"


def named(product: Product) -> str:
    """The address by name: a passkey never belongs to a bare number."""
    return product.url.replace("127.0.0.1", "localhost")


def enter(page: Page, product: Product) -> None:
    """Name and password of the registrar."""
    found = account(product, "registrar")
    page.get_by_label("Username or e-mail").fill(found["username"])
    page.get_by_label("Password", exact=True).fill(found["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def leave(page: Page) -> None:
    """Sign out through the account menu."""
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_is_added_and_proves_its_owner(page: Page, demo: Product) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(named(demo) + "/sign-in")
    enter(page, demo)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(named(demo) + "/account")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name of the device").fill("Office computer")
    page.get_by_role("button", name="Add a passkey").click()
    prove(page, demo)
    expect(page.get_by_role("button", name="Remove Office computer")).to_be_visible()

    leave(page)
    enter(page, demo)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)

    leave(page)
    is_enough = page.evaluate(OFFERED)["data"]["mfa"]["passkey_login_enabled"]
    alone = page.get_by_role("button", name="Sign in with a passkey")
    expect(alone).to_have_count(1 if is_enough else 0)
    if is_enough:
        alone.click()
    else:
        enter(page, demo)
        page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.goto(named(demo) + "/account")
    page.get_by_role("button", name="Remove Office computer").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog", name="Confirm that it is you").get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("button", name="Remove Office computer")).to_have_count(0)


def prove(page: Page, product: Product) -> None:
    """Give the password again where the server asks for a fresh proof."""
    dialog = page.get_by_role("dialog", name="Confirm that it is you")
    dialog.get_by_label("Password", exact=True).fill(account(product, "registrar")["password"])
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog).to_have_count(0)
