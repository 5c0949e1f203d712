"""A POST to a stranger: who must prove its name, and whose slowness and length have an end."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from maristan.kernel import outgoing
from maristan.kernel.outgoing import Unreachable

Speak = Callable[[socket.socket], None]


@contextlib.contextmanager
def stranger(speak: Speak, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Somebody on this machine who takes one call and speaks; gives the port."""
    server = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        with contextlib.suppress(OSError):
            line, _ = server.accept()
            with line:
                line = context.wrap_socket(line, server_side=True) if context else line
                speak(line)
                line.close()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        thread.join(5)


def post(port: int, **options: Any) -> outgoing.Reply:
    usual: dict[str, Any] = {
        "host": "hooks.example.org",
        "is_secure": False,
        "path": "/a",
        "headers": {},
        "addresses": ["127.0.0.1"],
    }
    return outgoing.post(port=port, body=b"{}", **{**usual, **options})


def says(*parts: bytes, pause: float = 0.0) -> Speak:
    def speak(line: socket.socket) -> None:
        line.recv(65536)
        for part in parts:
            line.sendall(part)
            time.sleep(pause)

    return speak


def test_an_answer_is_its_status_its_body_and_when_to_come_again() -> None:
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 5\r\n\r\nLater and more"
    with stranger(says(answer)) as port:
        assert post(port) == outgoing.Reply(503, b"Later", "7", "127.0.0.1")


def test_of_a_long_answer_64_kb_are_read() -> None:
    with stranger(says(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 65536] * 4)) as port:
        found = post(port)
    assert (found.status, len(found.body)) == (200, 65536)


def test_an_answer_that_breaks_off_counts_by_its_status() -> None:
    with stranger(says(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nThan")) as port:
        assert post(port).status == 200


SLOW: dict[str, list[bytes]] = {
    "says nothing": [],
    "spells its status": [bytes([each]) for each in b"HTTP/1.1 200 OK" * 40],
    "goes on with headers": [b"HTTP/1.1 200 OK\r\n", *[b"X-%d: y\r\n" % at for at in range(90)]],
    "bids to go on for ever": [b"HTTP/1.1 100 Continue\r\n\r\n"] * 90,
}


@pytest.mark.parametrize("how", SLOW)
def test_whoever_is_slow_is_hung_up_on_in_time(how: str) -> None:
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(stranger(says(*SLOW[how], b"", pause=0.05 if SLOW[how] else 3)))
        with pytest.raises(Unreachable, match="timeout"):
            post(port, within=0.5)
        assert time.monotonic() - began < 2


def test_a_slow_body_ends_with_what_was_read() -> None:
    began = time.monotonic()
    with stranger(says(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 60, pause=0.05)) as port:
        assert post(port, within=0.5).status == 200
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("answer", [b"", b"Hello\r\n\r\n", b"\x00\xff\r\n"])
def test_what_is_no_answer_is_told_apart(answer: bytes) -> None:
    with stranger(says(answer)) as port, pytest.raises(Unreachable, match="bad_answer"):
        post(port)


def test_nobody_there_is_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable, match="connect_failed"):
        post(port)


def test_where_nobody_listens_the_next_address_is_asked() -> None:
    with stranger(says(OK)) as port:
        assert post(port, addresses=["127.0.0.9", "127.0.0.1"]).address == "127.0.0.1"


# --- TLS ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of hooks.example.org that signs itself, and a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.org")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


OK = b"HTTP/1.1 204 Fine\r\n\r\n"


def test_tls_is_spoken_with_the_name_though_the_connection_goes_to_the_address(
    certificate: tuple[Path, ssl.SSLContext],
) -> None:
    file, server = certificate
    heard: list[str | None] = []
    server.sni_callback = lambda _line, name, _context: heard.append(name)
    trusting = ssl.create_default_context(cafile=str(file))
    with stranger(says(OK), server) as port:
        assert post(port, is_secure=True, context=trusting).status == 204
    assert heard == ["hooks.example.org"]


@pytest.mark.parametrize("host", ["other.example.org", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(certificate: tuple[Path, ssl.SSLContext], host: str) -> None:
    file, server = certificate
    trusting = ssl.create_default_context(cafile=str(file))
    with stranger(says(OK), server) as port, pytest.raises(Unreachable, match="tls_failed"):
        post(port, is_secure=True, host=host, context=trusting)


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with stranger(says(OK), certificate[1]) as port, pytest.raises(Unreachable, match="tls_failed"):
        post(port, is_secure=True)


def test_a_handshake_that_never_ends_is_hung_up_on() -> None:
    began = time.monotonic()
    with stranger(says(b"", pause=3)) as port, pytest.raises(Unreachable, match="timeout"):
        post(port, is_secure=True, within=0.5)
    assert time.monotonic() - began < 6


# --- names --------------------------------------------------------------------------------------------------------


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: time.sleep(1) or [])
    began = time.monotonic()
    with pytest.raises(Unreachable, match="unresolvable"):
        outgoing.addresses_of("hooks.example.org", within=0.2)
    assert time.monotonic() - began < 1


def test_every_address_of_a_name_is_given_once() -> None:
    assert outgoing.addresses_of("127.0.0.1") == ["127.0.0.1"]
    with pytest.raises(Unreachable, match="unresolvable"):
        outgoing.addresses_of("nowhere.invalid")
