"""Signatures of what leaves the platform, after the Standard Webhooks specification."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
LENGTH = 32


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def signed(body: bytes, *, identity: str, at: datetime, by: Sequence[str]) -> dict[str, str]:
    """The headers under which a body leaves: its identity, the second of sending, a signature by each secret."""
    made = [Webhook(secret).sign(identity, at, body.decode()) for secret in by]
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(made),
    }
