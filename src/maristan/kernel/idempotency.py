"""The same POST twice does its work once: the first answer is kept and replayed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from maristan.kernel import clock
from maristan.kernel.errors import Invalid
from maristan.kernel.models import StoredReply

KEPT_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it went out."""

    status: int
    body: bytes | None
    headers: dict[str, str]


def claim(*, institution_id: int | None, user_id: int, key: str, target: str, digest: str) -> Reply | None:
    """Take the key for this request, or give the answer of the one before; `digest` is of all that it sends.

    Outside any institution `institution_id` is none: it is that of the present transaction.
    A second request with the same key waits here until the first has committed. Raises `Invalid`
    (`idempotency_key_reused`) when the key was used for another path or body.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO kernel_storedreply (institution_id, user_id, key, target, body_hash, headers, created_at)
               VALUES (%s, %s, %s, %s, %s, '{}', now())
               ON CONFLICT (institution_id, user_id, key) DO NOTHING""",
            [institution_id, user_id, key, target, digest],
        )
        if cursor.rowcount:
            return None
    stored = StoredReply.objects.get(institution_id=institution_id, user_id=user_id, key=key)
    if stored.target != target or stored.body_hash != digest:
        raise Invalid.at("/", "idempotency_key_reused", "This Idempotency-Key belongs to another request.")
    return Reply(stored.status or 200, None if stored.body is None else bytes(stored.body), dict(stored.headers))


def keep(*, institution_id: int | None, user_id: int, key: str, reply: Reply) -> None:
    """Store the answer under the claimed key, in the transaction of the work itself; without a body if it is secret."""
    StoredReply.objects.filter(institution_id=institution_id, user_id=user_id, key=key).update(
        status=reply.status, body=reply.body, headers=reply.headers
    )


def purge() -> int:
    """Forget the answers of the institution in context, or of none, that nobody repeats any more."""
    deleted, _ = StoredReply.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
    return deleted
