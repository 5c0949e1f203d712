"""Changed fields as people read them: names in place of ids."""

from typing import Any

from maristan.timetable.queries.surroundings import Names
from maristan.timetable.rules.publication import FieldChange

ID_FIELDS = {
    "faculty": "people",
    "co_faculty": "people",
    "room": "rooms",
    "groups": "groups",
    "course": "courses",
    "section": "sections",
    "department": "departments",
}


def change(each: FieldChange, names: Names) -> dict[str, Any]:
    """One changed field with ids replaced by names."""
    return {"field": each.field, "old": _named(each.field, each.old, names), "new": _named(each.field, each.new, names)}


def _named(field: str, value: Any, names: Names) -> Any:
    known: dict[int, str] = getattr(names, ID_FIELDS[field]) if field in ID_FIELDS else {}
    if isinstance(value, tuple):
        return [known.get(each, str(each)) for each in value]
    return known.get(value, value) if known else value
