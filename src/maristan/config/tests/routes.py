"""Every route of the API with a body of the right shape, read from its own description."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from maristan.config import roles
from maristan.config.api import api
from maristan.kernel.access import Role

METHODS = ("get", "post", "put", "patch", "delete")


# Where the smallest value of the schema is not yet of the right shape, because a rule of the shape says more.
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/v1/academics/request-types/": {"code": "locker", "name": "Locker", "handler_role": "registrar"},
    **{
        f"POST /api/v1/{prefix}/webhooks/": {"name": "Ledger", "url": "https://93.184.216.34/", "events": ["*"]}
        for prefix in ("comms", "ptw")
    },
    "POST /api/v1/directory/holidays/": {"name": "Eid", "start_date": "2026-06-05", "end_date": "2026-06-05"},
    "POST /api/v1/directory/memberships/": {"person": 1, "role": "finance"},
}


@dataclass(frozen=True)
class Route:
    """One operation: its method, path, permission and how to call it rightly shaped."""

    method: str
    path: str
    permission: str | None
    public: str | None
    body: dict[str, Any] | None
    query: str
    is_upload: bool
    is_file: bool
    marks: frozenset[str]

    @property
    def has_object(self) -> bool:
        """True when an object stands in the path."""
        return "{" in self.path

    @property
    def is_of_platform(self) -> bool:
        """True when operators of the platform may call it and administrators of an institution may not."""
        may = set(roles.TABLE.get(self.permission or "", {}))
        return Role.OPERATOR in may and may <= {Role.OPERATOR, Role.AUDITOR}

    @property
    def name(self) -> str:
        """METHOD path, as tests are named."""
        return f"{self.method.upper()} {self.path}"


@cache
def description() -> dict[str, Any]:
    """The OpenAPI description."""
    return api.get_openapi_schema(path_prefix="/api/v1/")


def every() -> Iterator[Route]:
    """All routes."""
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                yield _route(method, path, operation)


def _route(method: str, path: str, operation: dict[str, Any]) -> Route:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    required = [each for each in operation.get("parameters", []) if each["in"] == "query" and each.get("required")]
    query = "&".join(f"{each['name']}={_text(sample(each['schema']))}" for each in required)
    body = BODIES.get(f"{method.upper()} {path}") or (sample(schema) if schema else None)
    is_upload = "multipart/form-data" in content
    is_file = not operation.get("responses", {}).get(200, operation.get("responses", {}).get("200", {})).get("content")
    marks = frozenset(name for name in operation if name.startswith("x-"))
    return Route(
        method, path, operation.get("x-permission"), operation.get("x-public"), body, query, is_upload, is_file, marks
    )


def _text(value: Any) -> str:
    return str(value).replace("+", "%2B")


def sample(schema: dict[str, Any]) -> Any:
    """The smallest value that has the schema's shape."""
    if "$ref" in schema:
        return sample(description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return sample(schema[key][0])
    if "enum" in schema or "const" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", [])
        return {name: sample(schema["properties"][name]) for name in wanted}
    if kind == "array":
        return [sample(schema["items"])] * schema.get("minItems", 0)
    return _plain(kind, schema)


def _plain(kind: str | None, schema: dict[str, Any]) -> Any:
    formats = {
        "date": "2026-03-09",
        "date-time": "2026-03-09T08:00:00+00:00",
        "time": "08:00:00",
        "email": "a@b.example",
    }
    if kind == "string":
        return formats.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1 if "exclusiveMinimum" in schema else 1)
    return {"boolean": True, "null": None}.get(kind or "", "x")
