"""The settings of this process and where each comes from; a secret only says whether it is set."""

from typing import Any

from django.conf import settings

from maristan.config.environment import Environment
from maristan.config.variables import TABLE, Variable


def effective() -> list[dict[str, Any]]:
    """Every variable of the table, in its order."""
    return [_shown(each, settings.ENV) for each in TABLE]


def _shown(variable: Variable, environment: Environment) -> dict[str, Any]:
    value = environment.values[variable.name]
    return {
        "name": variable.name,
        "value": _secret(value) if variable.secret else _text(value),
        "source": environment.sources.get(variable.name, "default"),
        "group": variable.group,
        "note": variable.note,
        "secret": variable.secret,
    }


def _secret(value: Any) -> str:
    return "set" if value else "unset"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
