"""The catalogue of events: of each type its meaning, what it says, how it may be filtered, and an example."""

import json
from datetime import UTC, datetime
from typing import Any

from maristan.comms.rules import webhooks as rules
from maristan.comms.rules.states import Perm
from maristan.kernel import events
from maristan.kernel.access import Actor

SITE = "https://maristan.example.org"
AT = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
NUMBER, OBJECT, INSTITUTION = 4711, 7, 1
MEANINGS = {
    "id": "number of the object",
    "status": "status after the event; null where there is none or it did not change",
    "previous_status": "status before it",
    "version": "version of the object after it",
    "url": "page of the object; null where there is none",
    "actor": "id and name of the person who caused it; null for the platform",
}
TYPES = {
    "id": ["integer", "string"],
    "status": ["string", "null"],
    "previous_status": ["string", "null"],
    "version": ["integer", "null"],
    "url": ["string", "null"],
    "actor": ["object", "null"],
}


def known() -> list[str]:
    """Every event type that an endpoint can be subscribed to."""
    return sorted(kind for kind in events.declared() if kind != rules.TEST)


def attributes() -> set[str]:
    """Everything by which some event may be filtered."""
    return {name for kind in known() for name in events.subject_of(kind).filters}


def catalogue(*, actor: Actor) -> list[dict[str, Any]]:
    """The events of each app, by name."""
    actor.demand(Perm.WEBHOOK_MANAGE)
    by_app: dict[str, list[dict[str, Any]]] = {}
    for kind in known():
        entry = {
            "type": kind,
            "meaning": events.declared()[kind],
            "filters": list(events.subject_of(kind).filters),
            "data_schema": schema(kind),
            "example": example(kind),
        }
        by_app.setdefault(events.app_of(kind), []).append(entry)
    return [{"app": name, "events": found} for name, found in sorted(by_app.items())]


def schema(kind: str) -> dict[str, Any]:
    """What `data` of an event type looks like, as JSON Schema."""
    own = {
        name: {"type": [_type(each.example), "null"], "description": each.meaning}
        for name, each in events.subject_of(kind).fields.items()
    }
    common = {name: {"type": TYPES[name], "description": MEANINGS[name]} for name in rules.COMMON}
    return {"type": "object", "properties": {**common, **own}, "required": [*common, *own]}


def _type(example: str | int | bool) -> str:
    return "boolean" if isinstance(example, bool) else "integer" if isinstance(example, int) else "string"


def example(kind: str) -> dict[str, Any]:
    """An event of a type as it would be sent."""
    subject = events.subject_of(kind)
    page = subject.url.replace("{id}", str(OBJECT))
    data = rules.data(
        subject=str(OBJECT),
        changes={"version": [2, 3]},
        actor={"id": 12, "name": "Alice"},
        url=SITE + page if page else None,
        told={name: each.example for name, each in subject.fields.items()},
    )
    made: dict[str, Any] = json.loads(rules.body(kind=kind, at=AT, institution=INSTITUTION, number=NUMBER, data=data))
    return made
