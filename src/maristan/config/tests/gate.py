"""A proxy before the web server into which a fault can be put: what is changed here is really served over sockets."""

import http.client
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server", "upgrade"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Served:
    """One answer on its way out; headers in their order, a name may stand several times."""

    path: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def of(self, name: str) -> str:
        """A header; empty without it."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def without(self, *names: str) -> "Served":
        """Less headers."""
        return replace(self, headers=tuple(each for each in self.headers if each[0].lower() not in names))

    def saying(self, name: str, value: str) -> "Served":
        """A header replaced."""
        left = self.without(name.lower())
        return replace(left, headers=(*left.headers, (name, value)))


Fault = Callable[[Served], Served]


@dataclass(slots=True)
class Gate:
    """Passes everything on to a port of this host; `fault` changes what comes back."""

    behind: int
    fault: Fault | None = None
    tls: ssl.SSLContext | None = None
    port: int = 0
    server: ThreadingHTTPServer | None = field(default=None, repr=False)

    def start(self) -> "Gate":
        """Listen at a port of its own."""
        gate = self

        class Passing(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = PATIENCE
            disable_nagle_algorithm = True  # head and body of an answer leave at once

            def pass_on(self) -> None:
                gate._pass(self)

            def log_message(self, *_said: Any) -> None:
                """Say nothing."""

        for each in METHODS:
            setattr(Passing, f"do_{each}", Passing.pass_on)
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Passing)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        if self.tls is not None:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def _pass(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        try:
            served = self._ask(asked.command, asked.path, dict(asked.headers.items()), body)
        except (OSError, http.client.HTTPException):
            served = Served(asked.path, 502)
        if self.fault is not None:
            served = self.fault(served)
        asked.send_response_only(served.status)
        for name, value in served.headers:
            asked.send_header(name, value)
        asked.send_header("Content-Length", str(len(served.body)))
        asked.end_headers()
        if asked.command != "HEAD":
            asked.wfile.write(served.body)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Served:
        link = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=PATIENCE)
        given = {name: value for name, value in headers.items() if name.lower() not in OF_ONE_HOP}
        if self.tls is not None:
            given["X-Forwarded-Proto"] = "https"
        try:
            link.request(method, path, body=body or None, headers=given)
            reply = link.getresponse()
            kept = tuple(each for each in reply.getheaders() if each[0].lower() not in OF_ONE_HOP)
            return Served(path, reply.status, kept, reply.read())
        finally:
            link.close()
