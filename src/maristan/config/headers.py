"""What every answer says to the browser about its own protection, and which scheme a trusted proxy speaks for."""

import secrets
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from maristan.config.proxies import is_trusted

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NONCE = "__CSP_NONCE__"
PERSONAL = ("/api/", "/_allauth/", "/accounts/")  # what stands there is for whoever asked, now


class Protected:
    """Stands before everything else, so that static files, probes and refusals of the framework are covered too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        speak_for_the_client(request)
        response = self.get_response(request)
        for name, value in FIXED.items():
            response[name] = value
        if request.path.startswith(PERSONAL) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
        response["Content-Security-Policy"] = policy(nonce(request))
        if request.is_secure() and settings.SECURE_HSTS_SECONDS:
            response["Strict-Transport-Security"] = strict_transport()
        return response


def nonce(request: HttpRequest) -> str:
    """The one word of this request by which its own styles are known."""
    made: str | None = getattr(request, "csp_nonce", None)
    if made is None:
        made = secrets.token_urlsafe(18)
        request.csp_nonce = made  # type: ignore[attr-defined]
    return made


def policy(word: str) -> str:
    """The content security policy, with the sources that the installation adds."""
    return _policy().replace(NONCE, word)


@cache
def _policy() -> str:
    own = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{NONCE}'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "frame-src": "blob:",  # the preview of a file that the client has fetched
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(" ".join([name, own[name], *settings.CSP_ADDED.get(name, ())]) for name in own)


def strict_transport() -> str:
    """How long, and how far, browsers keep to https."""
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    parts += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
    parts += ["preload"] if settings.SECURE_HSTS_PRELOAD else []
    return "; ".join(parts)


def speak_for_the_client(request: HttpRequest) -> None:
    """Take the scheme from `X-Forwarded-Proto` where the peer is a trusted proxy; from anybody else it is nothing."""
    said = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
    if said and _is_proxied(request):
        scheme = said.rpartition(",")[2].strip().lower()
        if scheme in {"http", "https"}:
            request.META["wsgi.url_scheme"] = scheme


def _is_proxied(request: HttpRequest) -> bool:
    try:
        return is_trusted(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    except ValueError:  # a socket without an address
        return False
