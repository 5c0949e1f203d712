"""Writes of obligations: what is owed is said, asked of an audience, handed in, verified, rejected, waived."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.models import Obligation, Requirement, Submission
from maristan.academics.queries import obligations as queries
from maristan.academics.rules import obligations as rules
from maristan.academics.rules.states import ObligationStatus, Perm, ProfileField, RequirementKind
from maristan.directory.actions import profile_fields as record
from maristan.directory.queries import audiences, profile_fields
from maristan.directory.queries.settings import institution
from maristan.kernel import clock, journal, papers, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotFound, TooLarge
from maristan.kernel.workflow import Requirement as Unmet

NOUN, ASKED = "obligation", "requirement"
KINDS = {
    "submit": "obligation.submitted", "verify": "obligation.verified", "reject": "obligation.rejected",
    "waive": "obligation.waived",
}  # fmt: skip
TERMS = ("due_on", "due_after_days")
NAME_LENGTH, BATCH = 120, 1000


@transaction.atomic
def create_requirement(*, values: Mapping[str, Any], by: Actor) -> Requirement:
    """Say what everybody of an audience owes; they are asked in the background.

    Raises `NotAllowed`, `Invalid` (`audience_empty`, `unknown_audience_key`, `field_mismatch`, `two_terms`).
    """
    by.demand(Perm.OBLIGATION_DEFINE)
    row = Requirement(**_checked(values))
    _check(row)
    row.save()
    changes = {name: [None, getattr(row, name)] for name in ("title", "kind", "audience", "locks", *TERMS)}
    journal.record("requirement.created", (ASKED, row.pk), by=by, changes=changes)
    return row


@transaction.atomic
def update_requirement(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> Requirement:
    """Change what is owed; another term also holds for whoever owes it still.

    Raises `NotFound`, `NotAllowed`, `Stale`, `VersionRequired`, `Invalid`.
    """
    row = rows.one(queries.requirements(actor=by), pk, lock=True)
    rows.must_match(row, version, (ASKED, pk))
    changes = rows.change(row, _checked(values))
    _check(row)
    if changes:
        rows.save_changes(row, changes)
        if any(name in changes for name in TERMS):
            _date_again(row)
        journal.record("requirement.updated", (ASKED, pk), by=by, changes=changes)
    return row


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if "audience" in found:
        found["audience"] = audiences.written(audiences.must_be_known(found["audience"]))
    if "locks" in found:
        found["locks"] = sorted(set(found["locks"]))
    return found


def _check(row: Requirement) -> None:
    field = ProfileField(row.field) if row.field else None
    rules.check_requirement(RequirementKind(row.kind), field, row.due_on, row.due_after_days)


def _date_again(row: Requirement) -> None:
    zone = institution().time_zone
    owed = list(Obligation.objects.select_for_update().filter(requirement=row, status__in=list(rules.OPEN)))
    for each in owed:
        each.due_at = rules.due_at(row.due_on, row.due_after_days, each.assigned_on, zone)
        each.version, each.updated_at = each.version + 1, clock.now()
    Obligation.objects.bulk_update(owed, ["due_at", "version", "updated_at"], batch_size=BATCH)


@transaction.atomic
def assign(*, requirement: int, by: Actor) -> list[Obligation]:
    """Ask what is owed of whoever belongs to the audience today and does not owe it yet; gives what is new."""
    row = Requirement.objects.select_for_update().filter(pk=requirement, is_active=True).first()
    if row is None:
        return []
    zone = institution().time_zone
    today = clock.today(zone)
    due = rules.due_at(row.due_on, row.due_after_days, today, zone)
    made = Obligation.objects.bulk_create(
        (
            Obligation(requirement=row, person_id=person, assigned_on=today, due_at=due)
            for person in queries.unasked(row, today)
        ),
        batch_size=BATCH,
    )
    if made:
        journal.record("requirement.assigned", (ASKED, row.pk), by=by, changes={"people": len(made)})
    return made


@transaction.atomic
def submit(*, pk: int, name: str = "", content: bytes | None = None, value: str = "", by: Actor) -> None:
    """Hand in what is owed, or hand it in again: a paper, or a value for one's record.

    Raises `NotFound`, `NotAllowed`, `Invalid` (`file_missing`, `value_missing`, `file_type_not_allowed`, what the
    record cannot take), `TooLarge` (`file_too_large`), `NotNow` (`own_obligation`, `wrong_status`).
    """
    row = _locked(pk, by)
    by.demand(Perm.OBLIGATION_SUBMIT)
    _check_move(row, "submit", None, by)
    handed = _evidence(row.requirement, name, content, value, by)
    now = clock.now()
    handed.obligation, handed.by, handed.at = row, by.name, now
    handed.save()
    _save(row, {"status": ObligationStatus.SUBMITTED, "submitted_at": now, "note": ""}, "submit", None, by)


def _evidence(asked: Requirement, name: str, content: bytes | None, value: str, by: Actor) -> Submission:
    if asked.kind == RequirementKind.PROFILE_FIELD:
        if not value.strip():
            raise Invalid.at("/value", "value_missing", "Say what goes on the record.")
        return Submission(value=profile_fields.normal(asked.field or "", value))
    if content is None:
        raise Invalid.at("/file", "file_missing", "Hand in a file.")
    try:
        paper = papers.document(content, stem="evidence")
    except TooLarge as refused:
        raise TooLarge("file_too_large", refused.detail, **refused.extra) from None
    except Invalid:
        raise Invalid.at("/file", "file_type_not_allowed", "A PDF, or a whole JPEG or PNG picture.") from None
    return Submission(file=paper.keep(by=by), filename=(name or paper.name)[-NAME_LENGTH:])


@transaction.atomic
def move(*, pk: int, name: str, reason: str | None, version: int | None = None, by: Actor) -> tuple[Unmet, ...]:
    """Verify, reject or waive; what was verified for a record is written on it in the same moment (C2).

    Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid` (`REASON_REQUIRED`), `NotNow` (`not_own`, `wrong_status`,
    `national_id_taken`).
    """
    if name not in KINDS or name == "submit":
        raise NotFound()
    row = _locked(pk, by)
    by.demand(Perm.OBLIGATION_VERIFY)
    rows.must_match(row, version, (NOUN, pk), required=False)
    warnings = _check_move(row, name, reason, by)
    status = ObligationStatus(rules.OBLIGATION.transition(name).target)
    said = (reason or "").strip()
    values: dict[str, Any] = {"status": status, "note": said[:500]}
    if name != "reject":
        values["completed_at"] = clock.now()
    if name == "verify" and row.requirement.kind == RequirementKind.PROFILE_FIELD:
        handed = queries.submissions(row).first()
        assert handed is not None
        record.write(person=row.person_id, field=row.requirement.field or "", value=handed.value, by=by)
    _save(row, values, name, said, by)
    return warnings


def _locked(pk: int, by: Actor) -> Any:
    return rows.one(queries.visible_to(actor=by), pk, lock=True)


def _check_move(row: Any, name: str, reason: str | None, by: Actor) -> tuple[Unmet, ...]:
    def may(permission: str) -> bool:
        return queries.may(row, actor=by, permission=permission)

    return rules.OBLIGATION.check(queries.facts(row, actor=by), name, by, clock.now(), reason=reason, may=may)[1]


def _save(row: Any, values: Mapping[str, Any], name: str, reason: str | None, by: Actor) -> None:
    changes = rows.change(row, values)
    rows.save_changes(row, changes)
    journal.record(KINDS[name], (NOUN, row.pk), by=by, changes=changes, reason=reason or "")
