"""One POST to an address that somebody else chose: to a checked IP address, within a deadline, nothing followed."""

import contextlib
import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 15.0
READ_AT_MOST = 64 * 1024


class Unreachable(Exception):
    """No answer came; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, what was read of its body, and when the receiver wants to be asked again."""

    status: int
    body: bytes
    retry_after: str


def addresses_of(host: str, *, within: float = CONNECT_WITHIN) -> list[str]:
    """Every IP address of a name, in the resolver's order; raises `Unreachable` (`unresolvable`)."""
    found: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            return found.put(list(dict.fromkeys(str(each[4][0]) for each in answers)))
        return found.put([])

    threading.Thread(target=ask, daemon=True).start()  # the resolver has no deadline of its own
    with contextlib.suppress(queue.Empty):
        if answers := found.get(timeout=within):
            return answers
    raise Unreachable("unresolvable")


def post(
    *,
    address: str,
    host: str,
    port: int,
    is_secure: bool,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    context: ssl.SSLContext | None = None,
    within: float = ANSWER_WITHIN,
) -> Reply:
    """Send `body` to `address`, where `host` is the name that its certificate must have; at most 64 KB are read.

    Neither proxies of the environment nor redirects are followed. Raises `Unreachable` (`connect_timeout`,
    `connect_failed`, `tls_failed`, `timeout`, `bad_answer`).
    """
    deadline = time.monotonic() + within
    plain = _connected(address, port, min(CONNECT_WITHIN, within))
    line = _Line(plain, deadline)
    try:
        if is_secure:
            line.secure(host, context or ssl.create_default_context())
        line.wait_to_the_end()
        connection = (http.client.HTTPSConnection if is_secure else http.client.HTTPConnection)(host, port)
        connection.sock = line.socket
        connection.request("POST", path, body, {**headers, "Connection": "close"})
        response = connection.getresponse()
        if line.is_cut:  # headers that never end look ended then
            raise Unreachable("timeout")
        return _read(response)
    except TimeoutError:
        raise Unreachable("timeout") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Unreachable("timeout" if time.monotonic() >= deadline else "bad_answer") from None
    finally:
        line.close()


def _connected(address: str, port: int, within: float) -> socket.socket:
    try:
        return socket.create_connection((address, port), timeout=within)
    except TimeoutError:
        raise Unreachable("connect_timeout") from None
    except OSError:
        raise Unreachable("connect_failed") from None


class _Line:
    """A connection that is cut at its deadline, however slowly the other side speaks."""

    def __init__(self, plain: socket.socket, deadline: float) -> None:
        self.socket = plain
        self.deadline = deadline
        self.is_cut = False
        self.timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._cut)
        self.timer.daemon = True
        self.timer.start()

    def secure(self, host: str, context: ssl.SSLContext) -> None:
        """Speak TLS with whoever has a certificate of that name."""
        try:
            self.socket = context.wrap_socket(self.socket, server_hostname=host, do_handshake_on_connect=False)
            self.socket.do_handshake()
        except TimeoutError:
            raise Unreachable("connect_timeout") from None
        except OSError:  # a fault of TLS is one too
            raise Unreachable("timeout" if time.monotonic() >= self.deadline else "tls_failed") from None

    def wait_to_the_end(self) -> None:
        """Let every answer take the time that is left."""
        self.socket.settimeout(max(0.1, self.deadline - time.monotonic()))

    def _cut(self) -> None:
        self.is_cut = True
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up."""
        self.timer.cancel()
        with contextlib.suppress(OSError):
            self.socket.close()


def _read(response: http.client.HTTPResponse) -> Reply:
    content = b""
    # the status counts, even where the body breaks off
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        content = response.read(READ_AT_MOST)
    return Reply(response.status, content, response.headers.get("Retry-After", ""))
