"""Faults to Sentry, where a DSN is set and its package is there: their kind and place, never anybody's data."""

import importlib
from collections.abc import Mapping
from typing import Any

from maristan.kernel import logs

KEPT = {"event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk", "exception", "tags"}


def begin(*, dsn: str | None, release: str, environment: str) -> bool:
    """Send faults from now on; false where none is wanted or the package is absent."""
    if not dsn:
        return False
    try:
        sdk = importlib.import_module("sentry_sdk")
    except ImportError:
        return False
    sdk.init(
        dsn=dsn, release=release, environment=environment, send_default_pii=False, include_local_variables=False,
        max_request_body_size="never", max_breadcrumbs=0, traces_sample_rate=0.0, before_send=without_data,
    )  # fmt: skip
    return True


def without_data(event: Mapping[str, Any], _hint: Any = None) -> dict[str, Any]:
    """What is sent of a fault: its kind and its frames, the request id, and nothing that was typed or sent."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    values = (event.get("exception") or {}).get("values") or ()
    kept["exception"] = {"values": [_kind_and_place(each) for each in values]}
    kept["tags"] = {"request_id": logs.request_id.get()}
    return kept


def _kind_and_place(fault: Mapping[str, Any]) -> dict[str, Any]:
    frames = (fault.get("stacktrace") or {}).get("frames") or ()
    names = ("filename", "function", "module", "lineno", "in_app")
    shown = [{name: frame[name] for name in names if name in frame} for frame in frames]
    return {"type": fault.get("type"), "value": "", "stacktrace": {"frames": shown}}
