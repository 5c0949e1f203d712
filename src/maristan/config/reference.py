"""`/api/docs/`: every route of the API on one page for people, made of its description and in need of no script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from maristan.config import headers
from maristan.operations.queries import build

TEMPLATE = "reference.html"
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a route, or a field of its body."""

    name: str
    place: str
    kind: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as a caller has to know it."""

    tag: str
    method: str
    path: str
    summary: str
    description: str
    permission: str  # none where `public` says why it needs none
    public: str
    fields: tuple[Field, ...]
    answers: tuple[str, ...]


class Reference(DocsBase):
    """What the framework calls for its page of documents; open to whom the description itself is open."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Made on the first request of a process; of each request is only the word by which its styles are known."""
        return HttpResponse(_page(api).replace(headers.NONCE, headers.nonce(request)))


@cache
def _page(api: NinjaAPI) -> str:
    return written(api.get_openapi_schema(path_params={}))


def written(described: Said) -> str:
    """The page of a description; every word of it is escaped."""
    found = sorted(operations(described), key=lambda each: each.tag)
    groups = [(tag, list(of)) for tag, of in groupby(found, key=lambda each: each.tag)]
    said = {
        "title": described["info"]["title"], "about": described["info"]["description"], "groups": groups,
        "count": len(found), "build": build.running(), "nonce": headers.NONCE,
    }  # fmt: skip
    return render_to_string(TEMPLATE, said)


def operations(described: Said) -> Iterator[Operation]:
    """Every operation, in the order of the description."""
    schemas = described.get("components", {}).get("schemas", {})
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            parameters = (
                Field(each["name"], each["in"], kind(each["schema"]), bool(each.get("required")))
                for each in said.get("parameters", ())
            )
            yield Operation(
                tag=said["tags"][0], method=method.upper(), path=path, summary=said.get("summary", ""),
                description=said.get("description", ""), permission=said.get("x-permission", ""),
                public=said.get("x-public", ""), fields=(*parameters, *_body(said, schemas)),
                answers=tuple(_answers(said)),
            )  # fmt: skip


def _body(said: Said, schemas: Said) -> Iterator[Field]:
    for of, content in said.get("requestBody", {}).get("content", {}).items():
        schema, place = content["schema"], "body" if of == "application/json" else "form"
        schema = schemas.get(_name(schema), schema)
        required = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            yield Field(name, place, kind(field), name in required)


def _answers(said: Said) -> Iterator[str]:
    for status, answer in said.get("responses", {}).items():
        shapes = [kind(each["schema"]) for each in answer.get("content", {}).values() if "schema" in each]
        yield " ".join([str(status), *shapes])


def kind(schema: Said) -> str:
    """What a schema takes, in a few words: `integer`, `date or null`, `list of CourseOut`."""
    if "$ref" in schema:
        return _name(schema)
    for joined in ("anyOf", "oneOf", "allOf"):
        if joined in schema:
            return " or ".join(dict.fromkeys(kind(each) for each in schema[joined]))
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _name(schema: Said) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
