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
    """Keys with their bytes; no file of a name in `refused` is given its place by a copy."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, bytes] = {}
        self.refused: set[str] = set()

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
        key, asked = self._key(), parse_qs(urlsplit(self.path).query)
        if key is None:
            return
        if "list-type" in asked:
            start = f"{key}/{asked.get('prefix', [''])[0]}"
            found = [each.removeprefix(f"{key}/") for each in sorted(self.server.kept) if each.startswith(start)]
            rows = "".join(f"<Contents><Key>{escape(each)}</Key><Size>1</Size></Contents>" for each in found)
            said = f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
            self._answer(200, said.encode(), **{"Content-Type": "application/xml"})
        elif key in self.server.kept:
            self._answer(200, self.server.kept[key], ETag='"x"')
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>")

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
            body = self.server.kept[unquote(source).lstrip("/")]
        elif promised != hashlib.sha256(body).hexdigest():
            return self._answer(400, b"<Error><Code>XAmzContentSHA256Mismatch</Code></Error>")
        self.server.kept[key] = body
        return self._answer(200, b"<CopyObjectResult><ETag>x</ETag></CopyObjectResult>" if source else b"")

    def do_DELETE(self) -> None:
        key = self._key()
        if key is not None:
            self.server.kept.pop(key, None)
            self._answer(204)


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
