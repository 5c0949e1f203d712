"""For how long a certificate still holds, asked of whoever shows it."""

import socket
import ssl
from datetime import UTC, datetime

PATIENCE = 10.0
EXPIRED = 10  # what OpenSSL calls X509_V_ERR_CERT_HAS_EXPIRED


def days_left(host: str, port: int, now: datetime, *, context: ssl.SSLContext | None = None) -> float | None:
    """Days until the certificate of a host expires, 0 when it has; none when it cannot be seen."""
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as plain,
            (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host) as line,
        ):
            shown = line.getpeercert() or {}
    except ssl.SSLCertVerificationError as fault:
        return 0.0 if fault.verify_code == EXPIRED else None
    except OSError:
        return None
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    return max(0.0, (until - now).total_seconds() / 86400)
