"""A receiver of webhooks on a socket of this machine, which answers as a test tells it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Its `webhook-id`."""
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """What it received, and how it answers: the next of `answers`, else 204, after `thinks` seconds."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    holding: threading.Event | None = None
    thinks: float = 0.0
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    together: int = 0
    most_together: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    def answer(self, *statuses: int, body: bytes = b"", **headers: str) -> None:
        """Answer the next requests with these."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers += [(status, named, body) for status in statuses]


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver that listens until the test ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.lock:
                receiver.together += 1
                receiver.most_together = max(receiver.most_together, receiver.together)
                receiver.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, headers, said = receiver.answers.pop(0) if receiver.answers else (204, {}, b"")
            receiver.arrived.release()
            if receiver.holding is not None:
                receiver.holding.wait(20)
            time.sleep(receiver.thinks)
            with receiver.lock:
                receiver.together -= 1
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        if receiver.holding is not None:
            receiver.holding.set()
        server.shutdown()
        server.server_close()
