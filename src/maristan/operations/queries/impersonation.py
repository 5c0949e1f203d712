"""Who acts as whom at this moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from maristan.kernel import clock
from maristan.operations.models import Impersonation


def live(pk: int, *, actor_id: int) -> Impersonation | None:
    """An impersonation of an account that has neither ended nor expired, in the institution in context."""
    return Impersonation.objects.filter(
        pk=pk, actor_id=actor_id, ended_at__isnull=True, expires_at__gt=clock.now()
    ).first()


@dataclass(frozen=True, slots=True)
class Acted:
    """One time that an account acted as somebody, in whichever institution and session."""

    institution_id: int
    pk: int
    started_at: datetime
    expires_at: datetime
    is_open: bool


def acted(actor_id: int, *, since: datetime) -> list[Acted]:
    """Every time since then, and what was never ended, in all institutions of an account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM operations_impersonated_by(%s, %s)", [actor_id, since])
        return [Acted(*row) for row in cursor.fetchall()]
