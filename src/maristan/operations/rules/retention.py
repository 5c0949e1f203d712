"""Which sets stay and which go (B4): decided from their dates alone, in the zone of the platform."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maristan.operations.rules.states import MediaMode, SetReason, SetStatus

PLACED = frozenset({SetReason.SCHEDULED, SetReason.MANUAL})
BESIDE_CHANGES, UNPROVEN = timedelta(days=14), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kept:
    """A set as retention sees it; `is_ours` is false for folders that this installation did not make."""

    name: str
    reason: SetReason
    status: SetStatus
    created_at: datetime
    media: MediaMode = MediaMode.COPY
    is_pinned: bool = False
    is_in_use: bool = False
    is_ours: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """How many days, weeks and months keep a set; `younger_than` days replaces the daily rule."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    younger_than: int | None = None
    zone: str = "UTC"


def reasons_to_keep(sets: Iterable[Kept], policy: Policy, now: datetime) -> dict[str, list[str]]:
    """Why each set stays, by its name, as `code` or `code:which`; a set without a reason may be removed."""
    every = sorted((each for each in sets if each.status is not SetStatus.REMOVED), key=lambda each: each.created_at)
    found: dict[str, list[str]] = {each.name: [] for each in every}
    proven = [each for each in every if each.status is SetStatus.PROVEN and each.is_ours]
    newest = proven[-1] if proven else None
    if newest is not None:
        found[newest.name].append("newest_proven")
    for each in every:
        found[each.name].extend(_own_reasons(each, newest, now))
    placed = [each for each in proven if each.reason in PLACED and each.media is not MediaMode.NONE]
    for name, why in _places(placed, policy, now):
        found[name].append(why)
    return found


def removable(sets: Iterable[Kept], policy: Policy, now: datetime) -> list[str]:
    """The names of the sets that go, oldest first."""
    return [name for name, why in reasons_to_keep(sets, policy, now).items() if not why]


def _own_reasons(each: Kept, newest: Kept | None, now: datetime) -> list[str]:
    age = now - each.created_at
    is_older = newest is not None and newest.created_at > each.created_at
    is_unproven = each.status in (SetStatus.CREATED, SetStatus.FAILED)
    rules = {
        "pinned": each.is_pinned,
        "in_use": each.is_in_use or each.status is SetStatus.RUNNING,
        "not_made_here": not each.is_ours,
        "damaged": each.status is SetStatus.DAMAGED,
        "before_change": (
            each.status in (SetStatus.CREATED, SetStatus.PROVEN) and each.reason not in PLACED and age < BESIDE_CHANGES
        ),
        "unproven": is_unproven and (age < UNPROVEN or not is_older),
    }
    return [why for why, holds in rules.items() if holds]


def _places(placed: list[Kept], policy: Policy, now: datetime) -> Iterable[tuple[str, str]]:
    zone = ZoneInfo(policy.zone)
    if policy.younger_than is None:
        yield from _newest_of(placed, policy.daily, lambda at: at.astimezone(zone).date(), "day:{}")
    else:
        limit = timedelta(hours=24 * policy.younger_than)
        yield from ((each.name, f"younger:{policy.younger_than}") for each in placed if now - each.created_at < limit)
    yield from _newest_of(placed, policy.weekly, lambda at: _week(at.astimezone(zone)), "week:{}")
    yield from _newest_of(placed, policy.monthly, lambda at: f"{at.astimezone(zone):%Y-%m}", "month:{}")


def _week(at: datetime) -> str:
    year, week, _ = at.isocalendar()
    return f"{year}-{week:02}"


def _newest_of(
    placed: list[Kept], count: int, period: Callable[[datetime], Any], why: str
) -> Iterable[tuple[str, str]]:
    newest = {period(each.created_at): each.name for each in placed}  # in order of time: the last one stays
    for which in sorted(newest)[-count:] if count else []:
        yield newest[which], why.format(which)


def against_removal(found: Kept | None, *, newest_proven: str) -> list[str]:
    """Which requirements of removing a set by hand do not hold (3.1)."""
    if found is None:
        return ["not_in_use"]
    unmet = {
        "not_last_proven": found.name == newest_proven,
        "not_in_use": found.is_in_use or found.status is SetStatus.RUNNING,
        "not_pinned": found.is_pinned,
    }
    return [code for code, holds in unmet.items() if holds]
