"""Who acts as whom at this moment."""

from maristan.kernel import clock
from maristan.operations.models import Impersonation


def live(pk: int, *, actor_id: int) -> Impersonation | None:
    """An impersonation of an account that has neither ended nor expired, in the institution in context."""
    return Impersonation.objects.filter(
        pk=pk, actor_id=actor_id, ended_at__isnull=True, expires_at__gt=clock.now()
    ).first()


def is_open_for(actor_id: int) -> bool:
    """True while an account acts as somebody, in whichever session."""
    return Impersonation.objects.filter(actor_id=actor_id, ended_at__isnull=True, expires_at__gt=clock.now()).exists()
