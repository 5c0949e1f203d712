"""An object store on the loopback: what is put there is kept in memory, by the verbs of S3."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY = "olga"
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class Store(ThreadingHTTPServer):
    """Keys with their bytes; no file of a name in `refused` is given its place by a copy, and `closed` has verbs that
    are refused.

    `versions` are those of each key, oldest first, none where it was removed; `keeps` them or forgets what was.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, bytes] = {}
        self.refused: set[str] = set()
        self.closed: set[str] = set()
        self.versions: dict[str, list[bytes | None]] = {}
        self.keeps = True

    def put(self, key: str, body: bytes) -> None:
        """What a key is now."""
        self.kept[key] = body
        self.versions.setdefault(key, []).append(body)

    def remove(self, key: str) -> None:
        """A key that is no more."""
        if self.kept.pop(key, None) is not None:
            self.versions.setdefault(key, []).append(None)

    def of_version(self, key: str, version: str) -> bytes | None:
        """What a key was, by the number of its version."""
        there = self.versions.get(key, [])
        return there[int(version)] if version.isdecimal() and int(version) < len(there) else None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """GET, HEAD, PUT, copy, DELETE and a list in one page, for whoever signs as Olga."""

    server: Store
    protocol_version = "HTTP/1.1"  # whoever waits for a word before sending the body gets it

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _key(self) -> str | None:
        if f"Credential={KEY}/" not in self.headers.get("Authorization", ""):
            self._answer(403, DENIED)
            return None
        return unquote(urlsplit(self.path).path).lstrip("/")

    def do_GET(self) -> None:
        key, asked = self._key(), parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        if key is None:
            return
        if "versioning" in asked:
            status = "<Status>Enabled</Status>" if self.server.keeps else ""
            self._xml(f"<VersioningConfiguration>{status}</VersioningConfiguration>")
        elif "versions" in asked:
            self._xml(f"<ListVersionsResult><IsTruncated>false</IsTruncated>{self._versions(key)}</ListVersionsResult>")
        elif "list-type" in asked or "delimiter" in asked:
            start = f"{key}/{asked.get('prefix', [''])[0]}"
            found = [each.removeprefix(f"{key}/") for each in sorted(self.server.kept) if each.startswith(start)]
            rows = "".join(f"<Contents><Key>{escape(each)}</Key><Size>1</Size></Contents>" for each in found)
            self._xml(f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>")
        else:
            self._object(key, asked)

    def _versions(self, bucket: str) -> str:
        rows = []
        for key, there in sorted(self.server.versions.items()):
            name = escape(key.removeprefix(f"{bucket}/"))
            for number, body in enumerate(there):
                newest = str(number == len(there) - 1).lower()
                said = f"<Key>{name}</Key><VersionId>{number}</VersionId><IsLatest>{newest}</IsLatest>"
                rows.append(
                    f"<DeleteMarker>{said}</DeleteMarker>" if body is None
                    else f"<Version>{said}<Size>{len(body)}</Size></Version>"
                )  # fmt: skip
        return "".join(rows)

    def _object(self, key: str, asked: dict[str, list[str]]) -> None:
        if self.command in self.server.closed:
            return self._answer(403, DENIED)
        version = asked.get("versionId", [""])[0]
        body = self.server.of_version(key, version) if version else self.server.kept.get(key)
        if body is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>")
        return self._answer(200, body, ETag='"x"', **{"Last-Modified": "Fri, 02 Jan 2026 12:03:23 GMT"})

    def _xml(self, said: str) -> None:
        self._answer(200, said.encode(), **{"Content-Type": "application/xml"})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        key = self._key()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if key is None:
            return None
        source = self.headers.get("x-amz-copy-source")
        promised = self.headers.get("x-amz-content-sha256", "")
        if source and key.rpartition("/")[2] in self.server.refused:
            return self._answer(403, DENIED)
        if source:
            name, _, version = unquote(source).lstrip("/").partition("?versionId=")
            body = (self.server.of_version(name, version) if version else self.server.kept[name]) or b""
        elif promised != hashlib.sha256(body).hexdigest():
            return self._answer(400, b"<Error><Code>XAmzContentSHA256Mismatch</Code></Error>")
        self.server.put(key, body)
        return self._answer(200, b"<CopyObjectResult><ETag>x</ETag></CopyObjectResult>" if source else b"")

    def do_DELETE(self) -> None:
        key = self._key()
        if key is None:
            return None
        if self.command in self.server.closed:
            return self._answer(403, DENIED)
        self.server.remove(key)
        return self._answer(204)


@contextmanager
def serving() -> Iterator[Store]:
    """A store that answers until it is left."""
    server = Store()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
