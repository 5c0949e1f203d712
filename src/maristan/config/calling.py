"""Calls what is served as one person does: signs in, keeps cookies, sends the token that changes need."""

import http.client
import json
import ssl
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from maristan.config.maintenance import PASS
from maristan.config.verification import without_secret

PATIENCE = 15.0  # seconds for each call
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Unreachable(Exception):
    """Nobody answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, kind and body of an answer."""

    status: int
    kind: str
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; none when it is something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """The code of a problem document, else nothing."""
        said = self.json
        return str(said.get("code", "")) if isinstance(said, dict) else ""


class Caller:
    """A session of its own, `passing` maintenance by the token of its run.

    On the loopback of a host that serves TLS it says what the proxy would say.
    """

    def __init__(self, base_url: str, passing: str = "") -> None:
        self.base_url = without_secret(base_url).rstrip("/")  # as whoever verifies, it brings none to a proxy
        self._cookies: dict[str, str] = {}
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _Stay(), urllib.request.HTTPSHandler(context=ssl.create_default_context())
        )
        self._sent = {"Accept": "application/json", **({PASS: passing} if passing else {})}
        parts = urlsplit(self.base_url)
        if parts.hostname in LOOPBACK and settings.SESSION_COOKIE_SECURE and parts.scheme == "http":
            host = urlsplit(settings.SITE_URL).netloc or parts.netloc
            self._sent |= {"X-Forwarded-Proto": "https", "Host": host, "Referer": f"https://{host}/"}
        else:
            self._sent["Referer"] = f"{self.base_url}/"

    def sign_in(self, username: str, password: str) -> Answer:
        """As the form does."""
        body = urlencode({"username": username, "password": password}).encode()
        return self._call("POST", "/accounts/login/", body, "application/x-www-form-urlencoded")

    @property
    def has_session(self) -> bool:
        """Whether a cookie of a session was given."""
        return any("sessionid" in name for name in self._cookies)

    def get(self, path: str) -> Answer:
        """GET."""
        return self._call("GET", path)

    def post(self, path: str, body: Any = None) -> Answer:
        """POST as JSON."""
        return self._call("POST", path, json.dumps(body or {}).encode(), "application/json")

    def delete(self, path: str) -> Answer:
        """DELETE."""
        return self._call("DELETE", path)

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """POST a form with one file."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body = (
            f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + f"\r\n--{mark}--\r\n".encode()
        )
        return self._call("POST", path, body, f"multipart/form-data; boundary={mark}")

    def _call(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        headers = dict(self._sent)
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if kind:
            headers["Content-Type"] = kind
        if method in UNSAFE and settings.CSRF_COOKIE_NAME in self._cookies:
            headers["X-CSRFToken"] = self._cookies[settings.CSRF_COOKIE_NAME]
        asked = urllib.request.Request(self.base_url + path, data=body, headers=headers, method=method)  # noqa: S310
        try:
            with self._opener.open(asked, timeout=PATIENCE) as answer:
                return self._read(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return self._read(refused)
        except (OSError, ValueError, http.client.HTTPException) as fault:
            raise Unreachable(f"{method} {path}: {type(fault).__name__}") from None

    def _read(self, answer: Any) -> Answer:
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self._cookies[name] = morsel.value
                else:
                    self._cookies.pop(name, None)
        return Answer(answer.status, answer.headers.get_content_type(), answer.read())


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Follow nothing."""
