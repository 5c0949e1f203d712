"""Writes of work: inbox items open with a cause and close with it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from maristan.directory.queries.settings import institution
from maristan.kernel import clock
from maristan.kernel.access import Actor
from maristan.kernel.languages import unmarked
from maristan.kernel.messages import compose
from maristan.kernel.unjournaled import unjournaled
from maristan.work.models import InboxItem
from maristan.work.rules import Waiting as Waiting

SAID = ("audience", "title", "detail", "url", "params")
MIRROR = "an inbox item mirrors a cause whose own action writes the line"


@unjournaled(MIRROR)
@transaction.atomic
def open_items(*, items: Sequence[Waiting], by: Actor) -> None:
    """Open items; one that is open already keeps its place and says what is true now. Four statements at most.

    An item whose audience is empty waits for nobody and is left out. Raises `ValueError` for a kind that is not
    declared, or an item that lacks a parameter of its kind.
    """
    wanted = {(each.kind, each.cause_kind, each.cause_id): each for each in items if each.audience}
    if not wanted:
        return
    locale = institution().locale
    open_now = InboxItem.objects.filter(kind__in={kind for kind, _, _ in wanted}, closed_at=None)
    known = {(row.kind, row.cause_kind, row.cause_id): row for row in open_now}
    both = [(row, wanted[key]) for key, row in known.items() if key in wanted]
    changed = [_told(row, each, locale) for row, each in both if not _says(row, each, locale)]
    if changed:
        InboxItem.objects.bulk_update(changed, [*SAID, "updated_at"])
    InboxItem.objects.bulk_create(  # somebody else may be opening the same one
        [_told(InboxItem(), each, locale) for key, each in wanted.items() if key not in known], ignore_conflicts=True
    )


def _told(row: InboxItem, each: Waiting, locale: str) -> InboxItem:
    row.kind, row.cause_kind, row.cause_id = each.kind, each.cause_kind, each.cause_id
    for field, value in _said(each, locale).items():
        setattr(row, field, value)
    row.updated_at = clock.now()
    return row


def _says(row: InboxItem, each: Waiting, locale: str) -> bool:
    return all(getattr(row, field) == value for field, value in _said(each, locale).items())


def _said(each: Waiting, locale: str) -> dict[str, Any]:
    """What is kept: besides the parameters, the sentences in the institution's language, which are searched."""
    said = compose(each.kind, each.params, locale)
    return {
        "audience": sorted(set(each.audience)),
        "title": unmarked(said.title)[:255],
        "detail": unmarked(said.body)[:500],
        "url": each.url[:200],
        "params": each.params,
    }


@unjournaled(MIRROR)
def close_items(*, kind: str, cause_kind: str, cause_ids: Iterable[int], by: Actor) -> None:
    """Close the items of causes that are gone."""
    _open(kind, cause_kind).filter(cause_id__in=list(cause_ids)).update(closed_at=clock.now())


@unjournaled(MIRROR)
@transaction.atomic
def keep_only(
    *, kind: str, cause_kind: str, items: Sequence[Waiting], among: Collection[int] | None = None, by: Actor
) -> None:
    """Make `items` the open ones of a kind: those missing open, those of other causes close.

    `among` limits what is closed to these causes.
    """
    present = {each.cause_id for each in items}
    gone = _open(kind, cause_kind).exclude(cause_id__in=present)
    (gone if among is None else gone.filter(cause_id__in=list(among))).update(closed_at=clock.now())
    open_items(items=items, by=by)


def _open(kind: str, cause_kind: str) -> "QuerySet[InboxItem]":
    return InboxItem.objects.filter(kind=kind, cause_kind=cause_kind, closed_at=None)
