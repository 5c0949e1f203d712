"""Calls what is served as a visitor does: each path once, redirects as they are, never through a proxy of its own."""

import http.client
import json
import time
from urllib.parse import urlsplit

from django.conf import settings

from maristan.config.maintenance import PASS
from maristan.kernel import clock
from maristan.operations.queries import certificates
from maristan.operations.rules import served
from maristan.operations.rules.findings import Finding, finding

PATIENCE = 10.0  # seconds for each call
SCHEMA_TRIES = 3
IN_ALL = 120.0
BIGGEST = 64 * 2**20


class Visitor:
    """Calls a base address over one connection, each path once, ten seconds for a call and two minutes in all."""

    def __init__(self, base_url: str, passing: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self._headers = {"Accept": "*/*", **({PASS: passing} if passing else {})}
        self._until = time.monotonic() + IN_ALL
        self._link: http.client.HTTPConnection | None = None

    def fetch(self, path: str) -> served.Reply | None:
        """One answer, redirects as they are; none when nobody answers in time."""
        left = self._until - time.monotonic()
        if left <= 0:
            return None
        was_kept = self._link is not None
        try:
            return self._ask(path, min(PATIENCE, left))
        except (OSError, ValueError, http.client.HTTPException):
            self.close()
        # A connection that was kept may have been closed meanwhile; on a new one nobody answers.
        return self.fetch(path) if was_kept else None

    def _ask(self, path: str, patience: float) -> served.Reply:
        parts = urlsplit(self.base_url)
        if self._link is None:
            kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
            if parts.scheme not in kinds or not parts.hostname:
                raise ValueError(self.base_url)
            self._link = kinds[parts.scheme](parts.hostname, parts.port, timeout=patience)
        elif self._link.sock is not None:
            self._link.sock.settimeout(patience)
        self._link.request("GET", parts.path + path, headers=self._headers)
        answer = self._link.getresponse()
        found = _reply(answer)
        if not answer.isclosed() or answer.will_close:
            self.close()
        return found

    def close(self) -> None:
        """Let the connection go; the next call opens another."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def schema(self) -> set[str] | None:
        """The endpoints that the server names; a process that has just begun on a busy host is asked again for them."""
        tries = (self.fetch("/api/schema/") for _ in range(SCHEMA_TRIES))
        reply = next((each for each in tries if each is not None), None)
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
        host, least = str(parts.hostname), settings.ALERTS["CERTIFICATE_EXPIRING"]
        days = certificates.days_left(host, parts.port or 443, clock.now())
        if days is not None and days < least:
            found.append(finding("certificate_expiring", host, expected=f">= {least} days", found=f"{days:.0f}"))
        return found


def _reply(answer: http.client.HTTPResponse) -> served.Reply:
    headers = {name.lower(): "\n".join(answer.headers.get_all(name, [])) for name in answer.headers}
    return served.Reply(answer.status, headers, answer.read(BIGGEST))


def named_in(body: bytes) -> set[str] | None:
    """The endpoints of an OpenAPI document as `METHOD path`, the path below `/api/`; none when it is none."""
    try:
        paths = json.loads(body)["paths"]
    except (ValueError, KeyError, TypeError):
        return None
    return {f"{method.upper()} {served.short(path)}" for path, said in paths.items() for method in said}
