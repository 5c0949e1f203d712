"""Calls what is served as a visitor does: each path once, redirects as they are, never through a proxy of its own."""

import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from maristan.config.maintenance import PASS
from maristan.operations.rules import served
from maristan.operations.rules.findings import Finding, finding

PATIENCE = 10.0  # seconds for each call
IN_ALL = 120.0
BIGGEST = 64 * 2**20


class Visitor:
    """Calls a base address, each path once, ten seconds at most for each call and two minutes in all."""

    def __init__(self, base_url: str, passing: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self._headers = {"Accept": "*/*", **({PASS: passing} if passing else {})}
        self._until = time.monotonic() + IN_ALL
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())

    def fetch(self, path: str) -> served.Reply | None:
        """One answer, redirects as they are; none when nobody answers in time."""
        left = self._until - time.monotonic()
        if left <= 0:
            return None
        asked = urllib.request.Request(self.base_url + path, headers=self._headers)  # noqa: S310 - named by us
        try:
            with self._opener.open(asked, timeout=min(PATIENCE, left)) as answer:
                return _reply(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return _reply(refused)
        except (OSError, ValueError):
            return None

    def schema(self) -> set[str] | None:
        """The endpoints that the server names."""
        reply = self.fetch("/api/schema/")
        return named_in(reply.body) if reply is not None and reply.status == 200 else None

    def transport(self) -> list[Finding]:
        """The redirect to TLS and the certificate, where the address is one of TLS."""
        parts = urlsplit(self.base_url)
        if parts.scheme != "https":
            return []
        plain = Visitor(f"http://{parts.hostname}").fetch("/")
        found = []
        if plain is not None and not (
            300 <= plain.status < 400 and plain.headers.get("location", "").startswith("https")
        ):
            found.append(finding("http_not_redirected", "/", expected="a redirect to https", found=plain.status))
        days = days_left(str(parts.hostname), parts.port or 443)
        if days is not None and days < 21:
            found.append(finding("certificate_expiring", str(parts.hostname), expected=">= 21 days", found=days))
        return found


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Follow nothing."""


def _reply(answer: Any) -> served.Reply:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return served.Reply(answer.status, headers, answer.read(BIGGEST))


def named_in(body: bytes) -> set[str] | None:
    """The endpoints of an OpenAPI document as `METHOD path`, the path below `/api/`; none when it is none."""
    try:
        paths = json.loads(body)["paths"]
    except (ValueError, KeyError, TypeError):
        return None
    return {f"{method.upper()} {served.short(path)}" for path, said in paths.items() for method in said}


def days_left(host: str, port: int) -> int | None:
    """Days until the certificate of a host ends; none when it cannot be read."""
    with suppress(OSError, KeyError):
        context = ssl.create_default_context()
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as safe,
        ):
            certificate: Any = safe.getpeercert()
        return int((ssl.cert_time_to_seconds(certificate["notAfter"]) - time.time()) // 86400)
    return None
