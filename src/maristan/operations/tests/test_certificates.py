"""For how long the certificate of this site still holds, and who is told when that is not long."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from maristan.kernel.access import platform
from maristan.kernel.tests.test_outgoing import stranger
from maristan.operations.actions import alerts, watching
from maristan.operations.models import Alert
from maristan.operations.queries import certificates
from maristan.operations.tests import factories as run

BY = platform(None)
NOW = datetime.now(UTC)


def served(folder: Path, days: int) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server whose certificate for localhost holds for as many days, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(NOW - timedelta(days=100)).not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


@pytest.mark.parametrize(("days", "left"), [(30, 30), (20, 20), (-1, 0)])
def test_days_are_read_from_the_certificate_that_is_shown(tmp_path: Path, days: int, left: int) -> None:
    server, client = served(tmp_path, days)
    with stranger(lambda line: None, server) as port:
        found = certificates.days_left("localhost", port, NOW, context=client)
    assert found is not None
    assert round(found) == left


def test_what_cannot_be_seen_is_not_said(tmp_path: Path) -> None:
    server, _ = served(tmp_path, 30)
    with stranger(lambda line: None, server) as port:
        assert certificates.days_left("localhost", port, NOW) is None
    assert certificates.days_left("localhost", 1, NOW) is None


@pytest.mark.django_db
def test_a_certificate_that_ends_soon_is_an_alert_that_names_its_host(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("web", "worker"):
        run.process(kind)
    monkeypatch.setattr(certificates, "days_left", lambda *_: 20.0)
    assert watching.check_certificates(by=BY) is None
    settings.SITE_URL = "https://maristan.example/"
    assert watching.check_certificates(by=BY) == 20
    alerts.evaluate(by=BY)
    assert list(Alert.objects.values_list("rule", "subject")) == [("certificate_expiring", "maristan.example")]
