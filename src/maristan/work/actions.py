"""Writes of work: inbox items open with a cause and close with it."""

from collections.abc import Iterable, Sequence

from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.unjournaled import unjournaled
from maristan.work.models import InboxItem
from maristan.work.rules import Waiting as Waiting


@unjournaled("an inbox item mirrors a cause whose own action writes the line")
def open_items(*, items: Sequence[Waiting], by: Actor) -> None:
    """Open items that are not open yet; one statement for all."""
    InboxItem.objects.bulk_create(
        (
            InboxItem(
                kind=each.kind,
                cause_kind=each.cause_kind,
                cause_id=each.cause_id,
                audience=each.audience,
                title=each.title[:255],
                detail=each.detail[:500],
                url=each.url,
                params=each.params,
            )
            for each in items
        ),
        ignore_conflicts=True,
    )


@unjournaled("an inbox item mirrors a cause whose own action writes the line")
def close_items(*, kind: str, cause_kind: str, cause_ids: Iterable[int], by: Actor) -> None:
    """Close the items of causes that are gone."""
    InboxItem.objects.filter(kind=kind, cause_kind=cause_kind, cause_id__in=list(cause_ids), closed_at=None).update(
        closed_at=clock.now()
    )
