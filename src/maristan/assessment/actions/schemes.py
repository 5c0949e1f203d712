"""Writes of grade schemes: a version is drafted, activated, and never changes again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from maristan.academics.queries import courses, structure
from maristan.assessment.models import GradeBand, GradeScheme
from maristan.assessment.queries import schemes as queries
from maristan.assessment.rules.grading import SHIPPED, Band, check_bands
from maristan.assessment.rules.states import Perm, SchemeStatus
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid, NotNow
from maristan.kernel.names import tidy

ONE_DRAFT = {"assessment_gradescheme_one_draft": NotNow("version_drafted", "The next version is drafted already.")}


@transaction.atomic
def create(*, name: str, scope_key: str, bands: Sequence[Mapping[str, Any]], by: Actor) -> GradeScheme:
    """Draft the next version of a scheme, its first one for another name.

    Raises `NotAllowed`, `Invalid` (bands, `unknown_reference`), `NotNow` (`version_drafted`).
    """
    by.demand(Perm.SCHEME_MANAGE)
    _must_be_scope(scope_key, by)
    wanted = _read(bands)
    same = GradeScheme.objects.filter(scope_key=scope_key, name__iexact=tidy(name))
    number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    row = GradeScheme(scope_key=scope_key, name=tidy(name), number=number)
    with rows.refusing(**ONE_DRAFT):
        row.save()
    _write(row, wanted)
    changes = {"name": [None, row.name], "number": [None, number]}
    journal.record("grade_scheme.created", ("grade_scheme", row.pk), by=by, changes=changes)
    return row


@transaction.atomic
def update(*, pk: int, version: int | None, bands: Sequence[Mapping[str, Any]], by: Actor) -> GradeScheme:
    """Replace the bands of a draft. Raises `NotFound`, `NotAllowed`, `Stale`, `Invalid`, `NotNow` (`scheme_active`)."""
    row = _draft(pk, by, version)
    wanted = _read(bands)
    former = sorted((each.letter for each in row.bands.all()), key=str)
    row.bands.all().delete()
    _write(row, wanted)
    changes: dict[str, list[Any]] = {}
    rows.save_changes(row, changes)
    changes["letters"] = [former, sorted(each.letter for each in wanted)]
    journal.record("grade_scheme.updated", ("grade_scheme", pk), by=by, changes=changes)
    return row


@transaction.atomic
def activate(*, pk: int, version: int | None = None, by: Actor) -> GradeScheme:
    """Make a draft the version that exams pin from now on. Raises as `update`."""
    row = _draft(pk, by, version, required=False)
    changes = rows.change(row, {"status": SchemeStatus.ACTIVE})
    rows.save_changes(row, changes)
    journal.record("grade_scheme.activated", ("grade_scheme", pk), by=by, changes=changes)
    return row


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a draft. Raises `NotFound`, `NotAllowed`, `NotNow` (`scheme_active`, `PROTECTED_DELETE`)."""
    row = _draft(pk, by, None, required=False)
    rows.delete(row)
    journal.record("grade_scheme.deleted", ("grade_scheme", pk), by=by, changes={"name": [row.name, None]})


@transaction.atomic
def begin(*, by: Actor) -> None:
    """Enter the schemes that an institution starts with; those whose name is there stay as they are."""
    there = set(GradeScheme.objects.values_list("name", flat=True))
    for name, bands in SHIPPED.items():
        if name not in there:
            row = GradeScheme.objects.create(name=name)
            _write(row, bands)
            row.status = SchemeStatus.ACTIVE
            row.save(update_fields=["status"])
            journal.record("grade_scheme.activated", ("grade_scheme", row.pk), by=by, changes={"name": [None, name]})


def _must_be_scope(scope_key: str, by: Actor) -> None:
    noun, _, pk = scope_key.partition(":")
    known: Any = {"course": courses.courses, "program": structure.programs}.get(noun)
    if scope_key == "institution":
        return
    if known is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Invalid.unknown("/scope_key")
    rows.reference(known(actor=by), int(pk), "/scope_key")


def _read(bands: Sequence[Mapping[str, Any]]) -> list[Band]:
    found = [Band(Decimal(each["min_percent"]), each["letter"], each.get("point"), each["is_fail"]) for each in bands]
    check_bands(found)
    return found


def _write(row: GradeScheme, bands: Sequence[Band]) -> None:
    GradeBand.objects.bulk_create(
        GradeBand(scheme=row, min_percent=each.min_percent, letter=each.letter, point=each.point, is_fail=each.is_fail)
        for each in bands
    )


def _draft(pk: int, by: Actor, version: int | None, *, required: bool = True) -> GradeScheme:
    row = rows.one(queries.visible_to(actor=by), pk, lock=True)
    by.demand(Perm.SCHEME_MANAGE)
    rows.must_match(row, version, ("grade_scheme", pk), required=required)
    if row.status != SchemeStatus.DRAFT:
        raise NotNow("scheme_active", "An active version never changes: draft the next one.")
    return row
