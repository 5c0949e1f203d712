"""Writes of the types of request: what people may ask for, and which role serves it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from maristan.academics.models import RequestType
from maristan.academics.queries import requests as queries
from maristan.academics.rules.requests import STARTERS
from maristan.academics.rules.states import Perm
from maristan.kernel import journal, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotNow
from maristan.kernel.names import tidy

TAKEN = {"academics_requesttype_code_once": NotNow("code_taken", "A type of that code exists already.")}
FIELDS = ("code", "name", "handler_role", "requires_attachment", "is_active")


@transaction.atomic
def create(*, values: Mapping[str, Any], by: Actor) -> RequestType:
    """Enter a type of request. Raises `NotAllowed`, `NotNow` (`code_taken`)."""
    by.demand(Perm.REQUEST_TYPE_MANAGE)
    return _entered(values, by)


def _entered(values: Mapping[str, Any], by: Actor) -> RequestType:
    made = RequestType(**_tidied(values))
    with rows.refusing(**TAKEN):
        made.save()
    entered = {field: [None, getattr(made, field)] for field in FIELDS}
    journal.record("request_type.created", ("request_type", made.pk), by=by, changes=entered)
    return made


def _tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **({"name": tidy(values["name"])} if "name" in values else {})}


@transaction.atomic
def update(*, pk: int, version: int | None, values: Mapping[str, Any], by: Actor) -> RequestType:
    """Change a type; what was asked for already stays. Raises `NotFound`, `NotAllowed`, `Stale`, `NotNow`."""
    found = _locked(pk, by)
    rows.must_match(found, version, ("request_type", pk))
    changes = rows.change(found, _tidied(values))
    if changes:
        with rows.refusing(**TAKEN):
            rows.save_changes(found, changes)
        journal.record("request_type.updated", ("request_type", pk), by=by, changes=changes)
    return found


@transaction.atomic
def delete(*, pk: int, by: Actor) -> None:
    """Delete a type nobody used. Raises `NotFound`, `NotAllowed`, `NotNow` (`PROTECTED_DELETE`)."""
    found = _locked(pk, by)
    rows.delete(found)
    gone = {field: [getattr(found, field), None] for field in FIELDS}
    journal.record("request_type.deleted", ("request_type", pk), by=by, changes=gone)


@transaction.atomic
def begin(*, by: Actor) -> None:
    """Enter the types that an institution starts with; those whose code is there stay as they are."""
    there = set(RequestType.objects.values_list("code", flat=True))
    for each in STARTERS:
        if each.code not in there:
            _entered({"code": each.code.value, "name": each.name, "handler_role": each.handler_role.value}, by)


def _locked(pk: int, by: Actor) -> RequestType:
    found = rows.one(queries.request_types(actor=by), pk, lock=True)
    by.demand(Perm.REQUEST_TYPE_MANAGE)
    return found
