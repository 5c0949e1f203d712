"""Routes of settings in effect; secrets are never told."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query

from maristan.kernel import exports
from maristan.kernel.api import ExportFormat, Out, Routes, actor, file_response, needs
from maristan.operations.queries import settings as queries
from maristan.operations.rules.states import Perm

routes = Routes()
FIELDS = ("name", "value", "source", "group", "note")


class SettingInEffect(Out):
    """A variable: its value, or for a secret whether it is set, and where that comes from."""

    name: str
    value: str
    source: Literal["environment", "file", "env_file", "default"]
    group: str
    note: str
    secret: bool


class EffectiveSettings(Out):
    """Every variable."""

    results: list[SettingInEffect]


@routes.get("settings/", response=EffectiveSettings, **needs(Perm.SETTING_INSPECT))
def list_settings(request: HttpRequest) -> Any:
    """What this process runs with."""
    return {"results": queries.settings(actor=actor(request))}


@routes.get("settings/export/", response=None, **needs(Perm.SETTING_INSPECT))
def export_settings(request: HttpRequest, wanted: Query[ExportFormat]) -> Any:
    """The list as a file."""
    rows = queries.settings(actor=actor(request))
    content = exports.stream(wanted.format, FIELDS, ([row[each] for each in FIELDS] for row in rows))
    return file_response(b"".join(content), exports.CONTENT_TYPES[wanted.format], f"settings.{wanted.format}")
