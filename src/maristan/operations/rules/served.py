"""What is served over HTTP held against the manifest."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from maristan.operations.rules.findings import Finding, finding

BUILD, ROUTE = "x-maristan-build", "x-maristan-route"
ROUTES = ("/api/health/", "/accounts/login/", "/media/", "/static/", "/_allauth/browser/v1/config")
HEADERS = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "permissions-policy": "camera=(self), geolocation=(self)",
    "content-security-policy": "default-src 'self'; script-src 'self'",
}  # fmt: skip
STRICT = re.compile(r"\bmax-age=(\d+)")
STRICT_LEAST = 31_536_000
NOT_THERE, TOO_MANY = 404, 429
NONCE = re.compile(rb'nonce="[^"]*"')  # the server's word of the moment
NAMED = re.compile(r"""(?:src|href)=["']?/(assets/[^"'\s>]+)""")
PREFIX = re.compile(r"^/api/(v1/)?")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; header names in small letters."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.headers.get("content-type", "").startswith("text/html")


Fetch = Callable[[str], Reply | None]


def web(
    manifest: Mapping[str, Any], fetch: Fetch, *, build_id: str, schema: Collection[str] | None, is_public: bool = False
) -> list[Finding]:
    """Everything that a visitor meets; `schema` holds the endpoints that the server names, none when it names none.

    `is_public`: it is served over TLS to others than its developer.
    """
    home = fetch("/")
    if home is None:
        return [finding("web_unreachable", "/", expected="an answer", found="none")]
    found = list(_home(manifest, home, build_id))
    found.extend(_transport(home) if is_public else ())
    found.extend(_routes(fetch))
    found.extend(_bundle(manifest["bundle"], home, fetch))
    found.extend(endpoints(manifest["endpoints"], schema, fetch))
    found.extend(_probes(manifest, fetch))
    return found


def _home(manifest: Mapping[str, Any], home: Reply, build_id: str) -> Iterator[Finding]:
    served = home.headers.get(BUILD, "none")
    if served != build_id:
        yield finding("build_mismatch", "/", expected=build_id, found=served)
    kept = home.headers.get("cache-control", "")
    if "no-cache" not in kept and "no-store" not in kept:
        yield finding("index_cached", "/", expected="no-cache", found=kept or "no Cache-Control")
    for name, value in HEADERS.items():
        if value.lower() not in home.headers.get(name, "").lower():
            yield finding("security_header_missing", name, expected=value, found=home.headers.get(name, "none"))


def _transport(home: Reply) -> Iterator[Finding]:
    """What keeps a browser on TLS, and its cookies with it."""
    name = "strict-transport-security"
    said = STRICT.search(home.headers.get(name, ""))
    if said is None or int(said[1]) < STRICT_LEAST:
        found = home.headers.get(name, "none")
        yield finding("security_header_missing", name, expected=f"max-age >= {STRICT_LEAST}", found=found)
    for cookie in filter(None, home.headers.get("set-cookie", "").split("\n")):
        if not re.search(r";\s*secure\s*(;|$)", cookie, re.I):
            setting = "CSRF_COOKIE_SECURE" if "csrftoken=" in cookie else "SESSION_COOKIE_SECURE"
            yield finding("insecure_setting", setting, expected="a cookie for TLS alone", found="sent without Secure")


def _routes(fetch: Fetch) -> Iterator[Finding]:
    """What is not answered by the product was not passed on by the proxy."""
    for path in ROUTES:
        reply = fetch(path)
        if reply is None or BUILD not in reply.headers:
            said = "none" if reply is None else f"{reply.status} of somebody else"
            yield finding("proxy_route_missing", path, expected="an answer of the product", found=said)


def _bundle(bundle: Mapping[str, Any], home: Reply, fetch: Fetch) -> Iterator[Finding]:
    digests = {each["path"]: each["sha256"] for each in bundle["files"]}
    entry, text = bundle["entry"], []
    if entry:
        yield from _entry(entry, digests, home)
    for path in (each for each in sorted(digests) if each != entry):
        reply = fetch(f"/{path}")
        fault = _file(path, digests[path], reply)
        if fault is not None:
            yield fault
        elif reply is not None and path.endswith((".js", ".mjs")):
            text.append(reply.body.decode(errors="replace"))
    yield from _screens(bundle["screens"], "\n".join(text))


def _entry(entry: str, digests: Mapping[str, str], home: Reply) -> Iterator[Finding]:
    named = NAMED.findall(home.body.decode(errors="replace"))
    strange = sorted({*named} - digests.keys())
    if strange:
        yield finding("bundle_stale", "/", expected="files of this build", found=", ".join(strange))
    elif hashlib.sha256(NONCE.sub(rb'nonce="__CSP_NONCE__"', home.body)).hexdigest() != digests[entry]:
        yield finding("bundle_differs", entry, expected=digests[entry][:12], found="another page")


def _screens(promised: Collection[str], chunks: str) -> Iterator[Finding]:
    for screen in promised:
        if f'"{screen}"' not in chunks and f"`{screen}`" not in chunks:
            yield finding("screen_missing", screen, expected="in a served chunk", found="in none")


def _file(path: str, digest: str, reply: Reply | None) -> Finding | None:
    if reply is None or reply.status != 200:
        return finding("bundle_missing", path, expected="200", found=reply.status if reply else "no answer")
    if reply.is_page and not path.endswith(".html"):
        return finding("bundle_served_as_html", path, expected="the file", found="a page")
    there = hashlib.sha256(reply.body).hexdigest()
    return None if there == digest else finding("bundle_differs", path, expected=digest[:12], found=there[:12])


def endpoints(promised: Collection[Mapping[str, str]], schema: Collection[str] | None, fetch: Fetch) -> list[Finding]:
    """Endpoints that the server does not name, does not have, or cannot answer; called without signing in."""
    if schema is None:
        return [finding("endpoint_missing", "/api/schema/", expected="the description of the API", found="none")]
    found, wanted = [], {f"{each['method']} {short(each['path'])}": each for each in promised}
    for name, each in wanted.items():
        subject = f"{each['method']} {each['path']}"
        if name not in schema:
            found.append(finding("endpoint_missing", subject, expected="in the schema", found="not there"))
        elif each["method"] == "GET" and "{" not in each["path"]:
            found.extend(_called(subject, fetch(each["path"])))
    unexpected = sorted({*schema} - wanted.keys())
    return found + [finding("endpoint_unexpected", name) for name in unexpected]


def _probes(manifest: Mapping[str, Any], fetch: Fetch) -> Iterator[Finding]:
    """What is open and no endpoint of the API answers machines: never with a page, whatever the status."""
    of_api = {each["path"] for each in manifest["endpoints"]}
    for each in (each for each in manifest["public"] if each["path"] not in of_api):
        reply = fetch(each["path"])
        if reply is None or not reply.headers.get("content-type", "").startswith("application/json"):
            said = "none" if reply is None else f"{reply.status} {reply.headers.get('content-type', '')}".strip()
            yield finding("endpoint_missing", f"{each['method']} {each['path']}", expected="an answer", found=said)


def _called(subject: str, reply: Reply | None) -> Iterator[Finding]:
    if reply is None or (reply.status == NOT_THERE and not _is_of_endpoint(reply)):
        yield finding("endpoint_missing", subject, expected="an answer", found=reply.status if reply else "none")
    elif reply.status == TOO_MANY:
        yield finding("not_checked", subject, expected="an answer", found="too many requests")
    elif reply.status >= 500:
        yield finding("endpoint_error", subject, expected="no 5xx", found=reply.status)


def _is_of_endpoint(reply: Reply) -> bool:
    """Whether a 404 is the word of an endpoint, which has no such thing, and not of somebody who knows no endpoint."""
    is_problem = reply.headers.get("content-type", "").startswith("application/problem+json")
    return is_problem and BUILD in reply.headers and ROUTE not in reply.headers


def short(path: str) -> str:
    """A path below `/api/` or `/api/v1/`: both lead to the same endpoints."""
    return PREFIX.sub("", path)
