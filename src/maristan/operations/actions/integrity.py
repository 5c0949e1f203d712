"""Stored facts held against what they follow from, kept as a run; derived values made to follow again."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from maristan.kernel import clock, journal, tenancy
from maristan.kernel.access import Actor, platform
from maristan.kernel.errors import NotNow
from maristan.kernel.integrity import Unchecked
from maristan.kernel.roles_sql import bind
from maristan.kernel.unjournaled import unjournaled
from maristan.operations.actions import chain
from maristan.operations.models import IntegrityRun
from maristan.operations.queries import integrity as queries
from maristan.operations.rules.integrity import Check, Found, findings
from maristan.operations.rules.states import IntegrityResult, Perm

JOB = "operations.check_integrity"
NOUN = "integrity"


@dataclass(slots=True)
class Looked:
    """A run, and what was mended in it."""

    row: IntegrityRun
    mended: list[dict[str, Any]] = field(default_factory=list)


@unjournaled("what is found is the job's business")
def ask(*, by: Actor) -> int:
    """Queue a check; gives the id of its job. Raises `NotAllowed`, and `NotNow` (`busy`) while one waits."""
    by.demand(Perm.INTEGRITY_RUN)
    try:
        with transaction.atomic():
            return int(queue.configure_task(JOB, queueing_lock=JOB).defer(asked_by=by.name))
    except AlreadyEnqueued:
        raise NotNow("busy", "A check waits already.") from None


def check(*, app: str = "", fix: bool = False, by: Actor) -> Looked:
    """Run the checks of an app, or all, in every institution; with `fix` mend derived values and look again.

    Raises `NotAllowed`, `NotFound` for an unknown app. What is left over is what the run keeps.
    """
    by.demand(Perm.INTEGRITY_RUN)
    started, begun = clock.now(), time.perf_counter()
    asked = queries.checks(app)
    found: list[Found] = []
    mended: list[Found] = []
    not_checked: list[str] = []
    for institution, each in _places(asked):
        try:
            ids = _look(each, institution, by)
            if fix and ids and each.mend is not None:
                mended.append(Found(each, institution, _mend(each, institution, ids)))
                ids = _look(each, institution, by)
            found.append(Found(each, institution, ids))
        except Unchecked as reason:
            where = "" if institution is None else f" in institution {institution}"
            not_checked.append(f"{each.app} {each.code}{where}: {reason}")
    seconds = round(time.perf_counter() - begun, 3)
    done = findings(mended)
    row = IntegrityRun(app=app, findings=findings(found), not_checked=not_checked, at=started, seconds=seconds)
    return Looked(_kept(row, done, by), done)


def _places(asked: Collection[Check]) -> Iterator[tuple[int | None, Check]]:
    for each in asked:
        for institution in [None] if each.is_platform else tenancy.institution_ids():
            yield institution, each


@contextmanager
def _bound_in(institution: int | None) -> Iterator[None]:
    """Within an institution, also for a command that runs as the owner: nobody else's rows are seen."""
    with tenancy.acting_in(institution, is_bound=True), connection.cursor() as cursor:
        bind(cursor)
        yield


def _look(check: Check, institution: int | None, by: Actor) -> tuple[int | str, ...]:
    with _bound_in(institution):
        return tuple(check.find(by=platform(institution, by.name)))


def _mend(check: Check, institution: int | None, ids: Collection[int | str]) -> tuple[int | str, ...]:
    assert check.mend is not None
    by = platform(institution)
    with _bound_in(institution):
        changed = check.mend(ids=ids, by=by)
        journal.record_each("integrity.mended", NOUN, changed, by=by, reason=check.code)
    return tuple(changed)


def _kept(row: IntegrityRun, mended: list[dict[str, Any]], by: Actor) -> IntegrityRun:
    row.result, row.started_by = IntegrityResult.FINDINGS if row.findings else IntegrityResult.SOUND, by.name
    with tenancy.acting_in(None):
        row.save()
        changes = {
            "app": row.app, "result": row.result.value, "not_checked": row.not_checked[:20],
            "findings": {f"{each['app']} {each['code']}": each["count"] for each in row.findings},
            "mended": sum(each["count"] for each in mended),
        }  # fmt: skip
        chain.record(kind="integrity.checked", subject=(NOUN, row.pk), by=by, changes=changes)
    return row
