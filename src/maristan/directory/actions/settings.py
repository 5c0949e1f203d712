"""Writes of settings."""

from typing import Any

from django.db import transaction

from maristan.directory.models import InstitutionSetting
from maristan.directory.queries import settings as queries
from maristan.directory.rules.states import Perm
from maristan.kernel import journal, options, rows
from maristan.kernel.access import Actor
from maristan.kernel.errors import Invalid


@transaction.atomic
def put(*, key: str, value: Any, version: int | None, by: Actor) -> dict[str, Any]:
    """Give a declared key a value; the version of one that was never set is 0.

    Raises `Invalid` (`unknown_setting`, `bad_value`), `NotAllowed`, `Stale`.
    """
    if key not in options.declared():
        raise Invalid.at("/key", "unknown_setting", f"There is no setting {key}.")
    by.demand(Perm.SETTING_MANAGE)
    stored = InstitutionSetting.objects.select_for_update().filter(key=key).first()
    setting = stored or InstitutionSetting(key=key, value=options.option(key).default, version=0)
    rows.must_match(setting, version, ("setting", key), required=False)
    changes = rows.change(setting, {"value": options.option(key).read(value)})
    if changes:
        setting.updated_by = by.name
        _save(setting, changes, is_new=stored is None)
        journal.record("setting.changed", ("setting", key), by=by, changes=changes)
    return queries.setting_shown(key, actor=by)


def _save(setting: InstitutionSetting, changes: dict[str, list[Any]], *, is_new: bool) -> None:
    if is_new:
        setting.version = 1
        setting.save()
        changes["version"] = [0, 1]
    else:
        setting.save(update_fields=["updated_by"])
        rows.save_changes(setting, changes)
