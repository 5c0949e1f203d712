"""Answers of many rows, read straight from the rows by the fields that their schema declares.

The schema documents and types such an answer; tests hold every list against it. Validating each row once more while
answering costs more than fetching them.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from operator import attrgetter
from typing import Any, get_args

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Schema

OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
Getter = Callable[[Any], Any]
ABSENT = object()


def encoded(data: Any) -> bytes:
    """JSON as every answer has it: ISO 8601 with `Z`, decimals as strings."""
    return orjson.dumps(data, default=str, option=OPTIONS)


def respond(schema: type[Schema], view: Callable[..., Any]) -> Callable[..., Any]:
    """The view whose plain results become an answer of that schema."""
    read = reader(schema)

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        result = view(request, *args, **kwargs)
        if isinstance(result, HttpResponse):
            return result
        return HttpResponse(encoded(read(result)), content_type="application/json; charset=utf-8")

    return answered


class Shaped(Schema):
    """A row that its query gives as a dictionary of exactly these fields: it is taken as it is."""


@cache
def reader(schema: type[Schema]) -> Getter:
    """A function that reads a row (an object, a mapping, or rows below it) as a dictionary of the schema's fields."""
    if issubclass(schema, Shaped):
        return dict
    getters = tuple((name, _getter(schema, name)) for name in schema.model_fields)
    plain = [name for name in schema.model_fields if _is_plain(schema, name)]
    if len(plain) < 2:
        return lambda row: {name: get(row) for name, get in getters}
    taken = attrgetter(*(schema.model_fields[name].alias or name for name in plain))
    places = {name: at for at, name in enumerate(plain)}
    steps = tuple((name, places.get(name), get) for name, get in getters)

    def read(row: Any) -> dict[str, Any]:
        if isinstance(row, Mapping):
            return {name: get(row) for name, get in getters}
        values = taken(row)  # all at once: a list has thousands of them
        return {name: get(row) if at is None else values[at] for name, at, get in steps}

    return read


def _is_plain(schema: type[Schema], name: str) -> bool:
    """Whether an object has a field's value as an attribute that needs no further reading."""
    field = schema.model_fields[name]
    is_own = name not in schema._ninja_resolvers and "." not in (field.alias or name)
    return is_own and field.is_required() and _schema_in(field.annotation) is None


def _getter(schema: type[Schema], name: str) -> Getter:
    field = schema.model_fields[name]
    resolver = schema._ninja_resolvers.get(name)
    get = resolver._func if resolver is not None else _path((field.alias or name).split("."))
    default = ABSENT if field.is_required() else field.get_default()
    below = _schema_in(field.annotation)  # its reader is asked for late: a tree's node holds nodes

    def value_of(row: Any) -> Any:
        value = get(row)
        if value is ABSENT:
            if default is ABSENT:
                raise AttributeError(f"{type(row).__name__} has no {name}")
            return default
        return value if below is None or value is None else _below(reader(below), value)

    return value_of


def _path(names: list[str]) -> Getter:
    if len(names) == 1:
        return lambda row: _step(row, names[0])
    return lambda row: reduce(_step, names, row)


def _step(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row.get(name, ABSENT)
    return getattr(row, name, ABSENT) if row is not ABSENT else ABSENT


def _below(read: Getter, value: Any) -> Any:
    if hasattr(value, "all"):
        value = value.all()
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return [read(each) for each in value]
    return read(value)


def _schema_in(annotation: Any) -> type[Schema] | None:
    """The schema of a field, or of the rows of a field; none for plain values."""
    if isinstance(annotation, type) and issubclass(annotation, Schema):
        return annotation
    found = (_schema_in(each) for each in get_args(annotation))
    return next((each for each in found if each is not None), None)
