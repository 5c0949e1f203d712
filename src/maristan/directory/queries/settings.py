"""The institution in context and its settings."""

from datetime import date
from typing import Any

from django.db.models import JSONField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from maristan.directory.models import Institution, InstitutionSetting
from maristan.directory.rules.states import Perm
from maristan.kernel import clock, options, tenancy
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound


def institution() -> Institution:
    """The institution in context; raises `NotFound` without one."""
    found = Institution.objects.filter(pk=tenancy.current() or 0).first()
    if found is None:
        raise NotFound("no_institution", "You belong to no institution.")
    return found


def institutions(*, actor: Actor) -> "QuerySet[Institution]":
    """The institution in context alone."""
    actor.demand(Perm.INSTITUTION_VIEW)
    return Institution.objects.filter(pk=tenancy.current() or 0)


def local_today(here: Institution | None = None) -> date:
    """The date it is in the institution in context, read unless it is at hand."""
    return clock.today((here or institution()).time_zone)


def settings_of(*keys: str) -> dict[str, Any]:
    """The values of declared keys, defaults where the institution set none: one query."""
    values = {key: options.option(key).default for key in keys}
    values.update(InstitutionSetting.objects.filter(key__in=keys).values_list("key", "value"))
    return values


def value_of(key: str) -> Coalesce:
    """The value of a declared key as a part of another statement."""
    stored = Subquery(InstitutionSetting.objects.filter(key=key).values("value")[:1])
    return Coalesce(stored, Value(options.option(key).default, JSONField()))


def setting(key: str) -> Any:
    """The value of one declared key."""
    return settings_of(key)[key]


def settings_shown(text: str = "") -> list[dict[str, Any]]:
    """Every declared key with its value, default, range and who reads it; with `text`, those that say it."""
    wanted = text.strip().casefold()
    stored = {row.key: row for row in InstitutionSetting.objects.all()}
    return [
        {
            "key": option.key,
            "kind": option.kind,
            "value": stored[option.key].value if option.key in stored else option.default,
            "default": option.default,
            "expected": option.expected,
            "choices": list(option.choices),
            "minimum": option.minimum,
            "maximum": option.maximum,
            "note": option.note,
            "is_set": option.key in stored,
            "updated_by": stored[option.key].updated_by if option.key in stored else "",
            "version": stored[option.key].version if option.key in stored else 0,
            "updated_at": stored[option.key].updated_at if option.key in stored else None,
        }
        for option in options.declared().values()
        if wanted in f"{option.key} {option.note}".casefold()
    ]


def setting_shown(key: str, *, actor: Actor) -> dict[str, Any]:
    """One key as `settings_shown` tells it; raises `NotFound` for one that no app declares."""
    actor.demand(Perm.SETTING_VIEW)
    for each in settings_shown():
        if each["key"] == key:
            return each
    raise NotFound()
