"""Writes of settings."""

from typing import Any

from django.db import transaction

from maristan.directory.models import InstitutionSetting
from maristan.directory.queries import settings as queries
from maristan.directory.rules.states import Perm
from maristan.kernel import journal, options
from maristan.kernel.access import Actor
from maristan.kernel.errors import NotFound


@transaction.atomic
def put(*, key: str, value: Any, by: Actor) -> dict[str, Any]:
    """Give a declared key a value. Raises `NotFound` for another key, `NotAllowed`, `Invalid` (`bad_value`)."""
    if key not in options.declared():
        raise NotFound()
    by.demand(Perm.SETTING_MANAGE)
    wanted = options.option(key).read(value)
    before = queries.setting(key)
    if wanted != before:
        InstitutionSetting.objects.update_or_create(key=key, defaults={"value": wanted, "updated_by": by.name})
        journal.record("setting.changed", ("setting", key), by=by, changes={"value": [before, wanted]})
    return queries.setting_shown(key, actor=by)
