"""What protects the browser stands on every answer; what a stranger says of scheme or address counts for nothing."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from maristan.config import environment, headers, proxies
from maristan.operations.queries import maintenance

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/", "/sign-in", "/health/", "/liveness/", "/api/v1/me/", "/api/nothing-here", "/static/nothing.js",
    "/_allauth/browser/v1/config", "/verify/ABCD-EFGH", "/favicon.svg",
)  # fmt: skip


@pytest.fixture
def client_page(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<meta property="csp-nonce" nonce="__CSP_NONCE__">')
    settings.WEB_BUNDLE = tmp_path


def nonce_of(answer: Any) -> str:
    found = re.search(r"'nonce-([\w-]{20,})'", answer["Content-Security-Policy"])
    assert found
    return found.group(1)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.usefixtures("client_page")
def test_every_answer_carries_what_protects_the_browser(address: str) -> None:
    answer = Client().get(address)
    answer.close()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=(self), geolocation=(self)" in answer["Permissions-Policy"]
    said = answer["Content-Security-Policy"].split("; ")
    for each in (
        "default-src 'self'", "script-src 'self'", "style-src-attr 'unsafe-inline'", "img-src 'self' data: blob:",
        "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    ):  # fmt: skip
        assert each in said
    assert f"style-src 'self' 'nonce-{nonce_of(answer)}'" in said
    assert "Strict-Transport-Security" not in answer


@pytest.mark.usefixtures("client_page")
def test_the_page_holds_the_word_of_its_own_answer_and_each_answer_another() -> None:
    first, second = Client().get("/"), Client().get("/")
    assert f'nonce="{nonce_of(first)}"' in first.content.decode()
    assert nonce_of(first) != nonce_of(second)


def test_the_page_of_maintenance_styles_itself_under_the_policy(settings: Any) -> None:
    settings.MAINTENANCE_MODE = True
    maintenance.forget()
    answer = Client().get("/", headers={"accept": "text/html"})
    maintenance.forget()
    assert answer.status_code == 503
    assert f'<style nonce="{nonce_of(answer)}">' in answer.content.decode()


def test_https_is_what_a_trusted_proxy_says_and_not_what_a_stranger_says(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31536000, True
    forwarded = {"x-forwarded-proto": "https"}
    trusted = Client(REMOTE_ADDR="127.0.0.1").get("/api/nothing", headers=forwarded)
    assert trusted.status_code == 404
    assert trusted["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    stranger = Client(REMOTE_ADDR="203.0.113.9").get("/api/nothing?a=b", headers=forwarded)
    assert (stranger.status_code, stranger["Location"]) == (301, "https://testserver/api/nothing?a=b")
    assert "Strict-Transport-Security" not in stranger
    probe = Client(REMOTE_ADDR="127.0.0.1").get("/liveness/", headers=forwarded)
    assert probe["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "198.51.100.7, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, 127.0.0.1", "203.0.113.5"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
    ],
)
def test_the_client_is_the_rightmost_address_that_no_trusted_proxy_is(peer: str, forwarded: str, client: str) -> None:
    request: HttpRequest = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert proxies.client_address(request) == client


def test_sources_are_added_and_nothing_unsafe_can_be(settings: Any) -> None:
    headers._policy.cache_clear()
    settings.CSP_ADDED = {"img-src": ("https://pictures.example.org",)}
    assert "img-src 'self' data: blob: https://pictures.example.org" in headers.policy("x")
    headers._policy.cache_clear()
    for value in ("'unsafe-inline'", "*", "https://a;script-src", "http://a.example.org"):
        with pytest.raises(environment.EnvironmentFault):
            environment.read({"CSP_SCRIPT_SRC": value, "MARISTAN_ENV": "test"})


@pytest.mark.parametrize(("secure", "prefix"), [("1", "__Host-"), ("0", "")])
def test_cookies_bear_the_name_that_only_this_host_can_set_over_https(secure: str, prefix: str, tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,"
        " s.CSRF_COOKIE_SAMESITE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)"
    )
    env = {
        "MARISTAN_ENV": "test", "MARISTAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "maristan.config.settings",
        "SESSION_COOKIE_SECURE": secure, "CSRF_COOKIE_SECURE": secure, "PYTHONPATH": ":".join(sys.path),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }  # fmt: skip
    made = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    names = f"{prefix}sessionid {prefix}csrftoken"
    assert made.stdout.split() == [*names.split(), "True", "Lax", "Lax", "None", "/"]


@pytest.fixture
def other_origins(settings: Any) -> None:
    """Pages of one other origin may call the API."""
    settings.CORS_ALLOWED_ORIGINS = ["https://partner.example"]
    at = settings.MIDDLEWARE.index("maristan.config.builds.BuildNamed") + 1
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:at], "corsheaders.middleware.CorsMiddleware", *settings.MIDDLEWARE[at:],
    ]  # fmt: skip


@pytest.mark.usefixtures("other_origins", "client_page")
def test_pages_of_an_allowed_origin_may_call_the_api_and_nothing_else_and_never_with_cookies() -> None:
    partner, stranger = {"Origin": "https://partner.example"}, {"Origin": "https://stranger.example"}
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,if-match"}
    answer = Client().get("/api/v1/me/", headers=partner)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (401, "https://partner.example")
    assert "Access-Control-Allow-Credentials" not in answer
    before = Client().options("/api/v1/me/", headers={**partner, **asks})
    assert before.status_code == 200
    assert {"authorization", "if-match"} <= set(before["Access-Control-Allow-Headers"].split(", "))
    for address, said in (("/api/v1/me/", stranger), ("/sign-in", partner), ("/accounts/login/", partner)):
        other = Client().get(address, headers=said)
        other.close()
        assert "Access-Control-Allow-Origin" not in other


def test_without_a_word_no_other_origin_may_call() -> None:
    answer = Client().get("/api/v1/me/", headers={"Origin": "https://partner.example"})
    assert (answer.status_code, "Access-Control-Allow-Origin" in answer) == (401, False)
