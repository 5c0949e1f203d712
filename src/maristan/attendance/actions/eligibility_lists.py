"""Eligibility lists: drawn up, frozen as evidence, followed by the next (E5)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.queries import learners, planning
from maristan.attendance.actions import calendar
from maristan.attendance.models import EligibilityLine, EligibilityList
from maristan.attendance.queries import eligibility_lists as queries
from maristan.attendance.rules.eligibility import ELIGIBILITY_LIST
from maristan.attendance.rules.states import ListStatus, Perm
from maristan.directory.queries import audiences, contributions
from maristan.kernel import clock, journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.workflow import Requirement, require_reason

SUBJECT = "eligibility_list"
TAKEN = NotNow("conflict", "Somebody else drew up a list at the same time; try again.")
COPIED = ("title", "owner_kind", "owner_id", "first_day", "last_day", "courses", "sections", "departments", "audience")


@transaction.atomic
def draft(*, values: Mapping[str, Any], by: Actor) -> EligibilityList:
    """Draw up a list: title, first_day, last_day, courses, sections, departments, audience, owner_kind?, owner_id?

    Raises `NotAllowed` (`audience_out_of_scope`), `Invalid` (`ends_before_start`, `audience_empty`,
    `unknown_audience_key`, `unknown_reference`), `NotNow` (`list_exists`).
    """
    by.demand(Perm.ELIGIBILITY)
    row = EligibilityList(owner_kind=values.get("owner_kind") or "", owner_id=values.get("owner_id"))
    _fill(row, values, by)
    with rows.refusing(attendance_list_number_once=NotNow("list_exists", "There is a list for it; renew that one.")):
        row.save()
    changes = {name: [None, value] for name, value in queries.shown(row).items() if name in COPIED}
    journal.record("eligibility_list.drafted", (SUBJECT, row.pk), by=by, changes=changes)
    calendar.follow(row=row, by=by)
    return row


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> EligibilityList:
    """Change a draft; raises as `draft`, and `NotFound`, `Stale`, `VersionRequired`, `NotNow` (`list_frozen`)."""
    row = _own(pk, by)
    rows.must_match(row, version, (SUBJECT, pk))
    if row.status != ListStatus.DRAFT:
        raise NotNow("list_frozen", "A frozen list is evidence; renew it.")
    before = queries.shown(row)
    _fill(row, {**before, **values}, by)
    changes = {name: [before[name], getattr(row, name)] for name in COPIED if before[name] != getattr(row, name)}
    if changes:
        rows.save_changes(row, {**changes, "programs": [None, row.programs]})
        journal.record("eligibility_list.changed", (SUBJECT, pk), by=by, changes=changes)
        calendar.follow(row=row, by=by)
    return row


def _own(pk: int, by: Actor) -> EligibilityList:
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.ELIGIBILITY, within=queries.within(row, Perm.ELIGIBILITY, actor=by))
    return row


def _fill(row: EligibilityList, values: Mapping[str, Any], by: Actor) -> None:
    if values["last_day"] < values["first_day"]:
        raise Invalid.at("/last_day", "ends_before_start", "The last day comes after the first.")
    audience = audiences.must_be_known(values["audience"])
    audiences.must_be_within(audience, by, Perm.ELIGIBILITY)
    _must_be_known(values)
    for name in ("title", "first_day", "last_day"):
        setattr(row, name, values[name])
    for name in ("courses", "sections", "departments"):
        setattr(row, name, sorted(set(values.get(name) or ())))
    row.audience = audiences.written(audience)
    known = learners.of(queries.audience_of(row), day=row.last_day)
    keys = {key for each in known.values() for key in each.scope_keys if key.startswith("program:")}
    found = {int(key.partition(":")[2]) for key in keys}
    row.programs = sorted(found or by.reach(Perm.ELIGIBILITY).programs)  # a list of nobody stays with who draws it up


def _must_be_known(values: Mapping[str, Any]) -> None:
    found = planning.known(
        periods=[], courses=values.get("courses") or [], sections=values.get("sections") or [], groups=[], batch=None
    )
    present = {
        "courses": set(found.courses), "sections": set(found.sections),
        "departments": set(contributions.scope_names("department", values.get("departments") or [])),
    }  # fmt: skip
    for name, known in present.items():
        for position, pk in enumerate(values.get(name) or ()):
            if pk not in known:
                raise Invalid.unknown(f"/{name}/{position}")


@transaction.atomic
def freeze(*, pk: int, version: int | None = None, by: Actor) -> tuple[Requirement, ...]:
    """Make a list evidence, with everybody as the counts stand now; gives the warnings.

    Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow` with every register that is not complete.
    """
    row = _own(pk, by)
    rows.must_match(row, version, (SUBJECT, pk), required=False)
    known = queries.members(row)
    facts = queries.facts(row, known)
    transition, warnings = ELIGIBILITY_LIST.check(facts, "freeze", by, clock.now(), may=lambda _: True)
    found = queries.drawn(row, known)
    EligibilityLine.objects.bulk_create(
        (
            EligibilityLine(
                of_list=row, person_id=each.person, student_id=each.learner.student, policy=each.policy,
                present=each.counts.present, late=each.counts.late, absent=each.counts.absent,
                excused=each.counts.excused, unmarked=each.counts.unmarked, percentage=each.stands.percentage,
                threshold=each.terms.threshold, max_points=each.limits.max_points,
                grants_per_period=each.limits.grants_per_period, eligible=each.stands.is_eligible,
                code=each.stands.code.value,
            )
            for each in found
        ),
        batch_size=1000,
    )  # fmt: skip
    values = {"status": ListStatus(transition.target), "frozen_at": clock.now(), "frozen_by": by.name}
    changes = rows.change(row, values)
    with rows.refusing(attendance_list_one_frozen=TAKEN):
        rows.save_changes(row, changes)
    changes["people"] = [None, len(found)]
    changes["eligible"] = [None, sum(each.stands.is_eligible for each in found)]
    journal.record("eligibility_list.frozen", (SUBJECT, pk), by=by, changes=changes)
    calendar.follow(row=row, by=by)
    return warnings


@transaction.atomic
def renew(*, pk: int, reason: str | None, version: int | None = None, by: Actor) -> EligibilityList:
    """Follow a frozen list by a draft of the next number; gives the draft.

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow` (`exam_not_published`).
    """
    row = _own(pk, by)
    rows.must_match(row, version, (SUBJECT, pk), required=False)
    said = require_reason(reason)
    transition, _ = ELIGIBILITY_LIST.check(
        queries.facts(row), "renew", by, clock.now(), reason=reason, may=lambda _: True
    )
    changes = rows.change(row, {"status": ListStatus(transition.target)})
    rows.save_changes(row, changes)
    following = EligibilityList(
        **{name: getattr(row, name) for name in COPIED}, programs=row.programs, number=row.number + 1, follows=row
    )
    with rows.refusing(attendance_list_number_once=TAKEN):
        following.save()
    calendar.follow(row=following, by=by)
    changes["followed_by"] = [None, following.pk]
    journal.record("eligibility_list.superseded", (SUBJECT, pk), by=by, changes=changes, reason=said)
    return following
