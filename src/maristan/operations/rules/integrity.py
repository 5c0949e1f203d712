"""What an integrity check is made of and what it says (C3)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SAMPLES = 20
FEW = 50  # rows; what becomes of fewer says nothing

Mended = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Check:
    """A promise about rows: `find` gives ids of what breaks it.

    `mend` lets derived values follow again and gives what it changed of each id; without it people decide. A check of
    the platform runs once, any other one in each institution.
    """

    app: str
    code: str
    subject: str
    find: Callable[..., Iterable[int | str]]
    mend: Callable[..., Mended] | None = None
    is_platform: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found in one institution, none for the platform."""

    check: Check
    institution: int | None
    ids: tuple[int | str, ...]


def findings(found: Iterable[Found]) -> list[dict[str, Any]]:
    """One finding for each code of an app, over all institutions; samples are `institution:id`, at most 20."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for each in found:
        if not each.ids:
            continue
        check = each.check
        said = merged.setdefault(
            (check.app, check.code),
            {
                "code": check.code, "app": check.app, "subject": check.subject, "count": 0, "sample_ids": [],
                "fixable": check.mend is not None,
            },
        )  # fmt: skip
        said["count"] += len(each.ids)
        where = "" if each.institution is None else f"{each.institution}:"
        room = SAMPLES - len(said["sample_ids"])
        said["sample_ids"] += [f"{where}{pk}" for pk in each.ids[:room]]
    return [merged[key] for key in sorted(merged)]


def grown(found: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]) -> list[str]:
    """Findings of a check that an earlier one did not have, or had fewer of; said by app, code and numbers."""
    known = {(each["app"], each["code"]): int(each["count"]) for each in before}
    more = []
    for each in found:
        was = known.get((each["app"], each["code"]), 0)
        if each["count"] > was:
            more.append(f"{each['app']} {each['code']}: {each['count']}" + (f" ({was} before)" if was else ""))
    return more


def lost_rows(promised: Mapping[str, int], counted: Mapping[str, int], *, kept_for_ever: Collection[str]) -> list[str]:
    """Tables with fewer rows than the last set has: any fewer where rows are never removed, else less than half."""
    lost = []
    for table, rows in sorted(promised.items()):
        now = counted.get(table)
        if now is None:
            continue
        is_lost = now < rows if table in kept_for_ever else rows >= FEW and now * 2 < rows
        if is_lost:
            lost.append(table)
    return lost
