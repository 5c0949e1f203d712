"""One POST to an address that somebody else chose: to a checked IP address, within a deadline, nothing followed."""

import contextlib
import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CONNECT_WITHIN, ANSWER_WITHIN = 5.0, 15.0
READ_AT_MOST = 64 * 1024


class Unreachable(Exception):
    """No answer came from `address`, where one was connected to; `code` says why."""

    def __init__(self, code: str, address: str = "") -> None:
        self.code = code
        self.address = address
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, what was read of its body, when the receiver wants to be asked again, and from where."""

    status: int
    body: bytes
    retry_after: str
    address: str


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
    addresses: Sequence[str],
    host: str,
    port: int,
    is_secure: bool,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    context: ssl.SSLContext | None = None,
    within: float = ANSWER_WITHIN,
) -> Reply:
    """Send `body` to the first of `addresses` where somebody listens who proves to be `host`; at most 64 KB are read.

    Neither proxies of the environment nor redirects are followed. Raises `Unreachable` (`connect_timeout`,
    `connect_failed`, `tls_failed`, `timeout`, `bad_answer`).
    """
    deadline = time.monotonic() + within
    plain, address = _connected(addresses, port, min(CONNECT_WITHIN, within))
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
        return _read(response, address)
    except Unreachable as fault:
        raise Unreachable(fault.code, address) from None
    except (OSError, http.client.HTTPException, ValueError) as fault:
        is_late = isinstance(fault, TimeoutError) or time.monotonic() >= deadline
        raise Unreachable("timeout" if is_late else "bad_answer", address) from None
    finally:
        line.close()


def _connected(addresses: Sequence[str], port: int, within: float) -> tuple[socket.socket, str]:
    """A connection with the first address that takes it, all of them within the time of one."""
    deadline = time.monotonic() + within
    fault = Unreachable("connect_failed")
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left), address
        except TimeoutError:
            fault = Unreachable("connect_timeout", address)
        except OSError:
            fault = Unreachable("connect_failed", address)
    raise fault


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


def _read(response: http.client.HTTPResponse, address: str) -> Reply:
    content = b""
    # the status counts, even where the body breaks off
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        content = response.read(READ_AT_MOST)
    return Reply(response.status, content, response.headers.get("Retry-After", ""), address)
