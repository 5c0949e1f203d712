"""Routes of webhooks: which machines are sent which events, and what became of each."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from maristan.comms.actions import webhook_deliveries as sending
from maristan.comms.actions import webhooks as actions
from maristan.comms.queries import catalogue
from maristan.comms.queries import webhooks as queries
from maristan.comms.rules.states import DisabledReason, Perm, WebhookStatus
from maristan.comms.rules.webhooks import GRACE_HOURS, LONGEST_GRACE_HOURS
from maristan.kernel import rows, throttle
from maristan.kernel.api import (
    Day,
    ExportFormat,
    Id,
    In,
    Out,
    Page,
    Paging,
    Routes,
    actor,
    created,
    expected_version,
    export,
    needs,
    no_content,
    ordered,
    page_of,
    versioned,
)

routes = Routes()
MANAGE: dict[str, Any] = needs(Perm.WEBHOOK_MANAGE)
TESTS_A_MINUTE = 10
Name = Annotated[str, Field(min_length=1, max_length=120)]
Url = Annotated[str, Field(min_length=1, max_length=2000)]
Pattern = Annotated[str, Field(min_length=1, max_length=80)]
Patterns = Annotated[list[Pattern], Field(min_length=1, max_length=200)]
Value = Annotated[str, Field(max_length=80)] | int
Filters = dict[Annotated[str, Field(max_length=40)], Annotated[list[Value], Field(min_length=1, max_length=200)]]


class SecretOut(Out):
    """A secret by its end; one that was replaced signs too until it expires."""

    masked: str
    expires_at: datetime | None


class EndpointOut(Out):
    """A machine that is sent events; `events` are patterns, `filters` lists of wanted values by attribute."""

    id: int
    name: str
    url: str
    description: str
    enabled: bool
    disabled_reason: DisabledReason | None
    events: list[str]
    filters: dict[str, list[str | int]]
    secrets: list[SecretOut]
    created_by_name: str
    last_success_at: datetime | None
    last_failure_at: datetime | None
    failing_since: datetime | None
    failures: int
    version: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_disabled_reason(row: Any) -> DisabledReason | None:
        """Nothing while it is enabled."""
        return row.disabled_reason or None

    @staticmethod
    def resolve_secrets(row: Any) -> list[dict[str, Any]]:
        """Never the secrets themselves."""
        return queries.secrets_shown(row)


class EndpointWithSecret(EndpointOut):
    """With the secret, told this once."""

    secret: str


class EndpointIn(In):
    """A machine to be sent events."""

    name: Name
    url: Url
    description: Annotated[str, Field(max_length=500)] = ""
    enabled: bool = True
    events: Patterns
    filters: Filters = {}


class EndpointPatch(In):
    """What changes of an endpoint."""

    name: Name | None = None
    url: Url | None = None
    description: Annotated[str, Field(max_length=500)] | None = None
    enabled: bool | None = None
    events: Patterns | None = None
    filters: Filters | None = None


class RotateIn(In):
    """For how long the secret that is replaced signs too."""

    grace_hours: Annotated[int, Field(ge=0, le=LONGEST_GRACE_HOURS)] = GRACE_HOURS


class WebhookDeliveryOut(Out):
    """One event on its way to one endpoint."""

    id: int
    endpoint: int
    event_id: str
    event_type: str
    status: WebhookStatus
    attempts: int
    next_attempt_at: datetime | None
    settled_at: datetime | None
    created_at: datetime

    @staticmethod
    def resolve_endpoint(row: Any) -> int:
        """Its id."""
        return int(row.endpoint_id)


class AttemptOut(Out):
    """One attempt: a status of HTTP with the beginning of the answer, or the code of what went wrong."""

    n: int
    at: datetime
    ip: str
    status_code: int | None
    latency_ms: int
    error_code: str
    response_excerpt: str


class WebhookDeliveryPage(WebhookDeliveryOut):
    """With what was sent, exactly, while it is kept, and every attempt."""

    body: str | None
    made: list[AttemptOut]

    @staticmethod
    def resolve_body(row: Any) -> str | None:
        """The bytes as the text that they are."""
        return None if row.body is None else bytes(row.body).decode()

    @staticmethod
    def resolve_made(row: Any) -> Any:
        """The first one first."""
        return queries.attempts(row)


class WebhookDeliveryFilters(Paging):
    """Filters of the log; days are of when the event was put in line."""

    status: WebhookStatus | None = None
    event_type: Annotated[str, Field(max_length=80)] = ""
    date_from: Day | None = None
    date_to: Day | None = None


class RangeIn(In):
    """Days, in the institution's zone, both whole."""

    date_from: Day
    date_to: Day


class RedeliveredOut(Out):
    """How much is sent once more."""

    redelivered: int


class EventOut(Out):
    """A type of event: what it means, what its `data` holds, how it may be filtered, and an example of all of it."""

    type: str
    meaning: str
    filters: list[str]
    data_schema: dict[str, Any]
    example: dict[str, Any]


class AppEventsOut(Out):
    """The events of one app."""

    app: str
    events: list[EventOut]


class CatalogueOut(Out):
    """Every event that an endpoint can be subscribed to."""

    apps: list[AppEventsOut]


def _shown(row: Any, response: HttpResponse) -> Any:
    versioned(response, row.version)
    return row


def _told(found: tuple[Any, str], response: HttpResponse) -> Any:
    row, secret = found
    response["Cache-Control"] = "no-store"
    row.secret = secret
    return _shown(row, response)


def _listed(request: HttpRequest, filters: Paging) -> Any:
    found = queries.matching(queries.visible_to(actor=actor(request)), filters.search)
    return ordered(found, filters.ordering or "name", ("name", "created_at", "last_success_at", "last_failure_at"))


@routes.get("/", response=Page[EndpointOut], **MANAGE)
def list_webhooks(request: HttpRequest, filters: Query[Paging]) -> Any:
    """Every endpoint of the institution, by name."""
    return page_of(request, _listed(request, filters), filters)


@routes.get("/export/", response=None, **MANAGE)
def export_webhooks(request: HttpRequest, filters: Query[Paging], wanted: Query[ExportFormat]) -> Any:
    """The list as a file, without secrets."""
    columns = {
        "name": lambda row: row.name,
        "url": lambda row: row.url,
        "events": lambda row: ", ".join(row.events),
        "enabled": lambda row: row.enabled,
        "disabled_reason": lambda row: row.disabled_reason,
        "last_success_at": lambda row: row.last_success_at,
        "last_failure_at": lambda row: row.last_failure_at,
    }
    return export(_listed(request, filters), wanted, name="webhooks", columns=columns)


@routes.post("/", response={201: EndpointWithSecret}, **needs(Perm.WEBHOOK_MANAGE, secret=True))
def create_webhook(request: HttpRequest, body: EndpointIn, response: HttpResponse) -> Any:
    """Subscribe a machine to events; the answer holds the secret, this once."""
    return created(_told(actions.create(values=body.dict(), by=actor(request)), response))


@routes.get("/events/", response=CatalogueOut, **MANAGE)
def list_events(request: HttpRequest) -> Any:
    """The catalogue of events, by app."""
    return {"apps": catalogue.catalogue(actor=actor(request))}


@routes.get("/deliveries/{int:pk}/", response=WebhookDeliveryPage, **MANAGE)
def get_webhook_delivery(request: HttpRequest, pk: Id) -> Any:
    """One event on its way, with its bytes and its attempts."""
    return rows.one(queries.deliveries(actor=actor(request)), pk)


@routes.post("/deliveries/{int:pk}/redeliver/", response=WebhookDeliveryPage, **MANAGE)
def redeliver(request: HttpRequest, pk: Id) -> Any:
    """Send the same bytes under the same id once more."""
    return sending.redeliver(pk=pk, by=actor(request))


@routes.get("/{int:pk}/", response=EndpointOut, **MANAGE)
def get_webhook(request: HttpRequest, pk: Id, response: HttpResponse) -> Any:
    """One endpoint."""
    return _shown(rows.one(queries.visible_to(actor=actor(request)), pk), response)


@routes.patch("/{int:pk}/", response=EndpointOut, **MANAGE)
def update_webhook(request: HttpRequest, pk: Id, body: EndpointPatch, response: HttpResponse) -> Any:
    """Change an endpoint, switch it off or on again."""
    values = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    row = actions.update(pk=pk, version=expected_version(request), values=values, by=actor(request))
    return _shown(row, response)


@routes.delete("/{int:pk}/", response={204: None}, **MANAGE)
def delete_webhook(request: HttpRequest, pk: Id) -> Any:
    """Delete an endpoint; what had not left is cancelled."""
    actions.delete(pk=pk, by=actor(request))
    return no_content()


@routes.post("/{int:pk}/rotate_secret/", response=EndpointWithSecret, **needs(Perm.WEBHOOK_MANAGE, secret=True))
def rotate_secret(request: HttpRequest, pk: Id, body: RotateIn, response: HttpResponse) -> Any:
    """Replace the secret; the answer holds the next one, this once."""
    return _told(actions.rotate_secret(pk=pk, grace_hours=body.grace_hours, by=actor(request)), response)


@routes.post("/{int:pk}/test/", response=WebhookDeliveryPage, **MANAGE)
def test_webhook(request: HttpRequest, pk: Id) -> Any:
    """Send an event of its own to an endpoint now, and answer what came back."""
    by = actor(request)
    rows.one(queries.visible_to(actor=by), pk)
    throttle.count("webhook_test", str(by.user_id), limit=TESTS_A_MINUTE, seconds=60)
    return sending.test(pk=pk, by=by)


def _log(request: HttpRequest, pk: int, filters: WebhookDeliveryFilters) -> Any:
    by = actor(request)
    endpoint = rows.one(queries.visible_to(actor=by), pk)
    found = queries.between(queries.deliveries(actor=by).filter(endpoint=endpoint), filters.date_from, filters.date_to)
    if filters.status is not None:
        found = found.filter(status=filters.status)
    if filters.event_type:
        found = found.filter(event_type=filters.event_type)
    wanted = filters.search.strip()
    found = found.filter(event_id=wanted) if wanted else found
    return ordered(found, filters.ordering or "-id", ("created_at", "event_type", "status", "id"))


@routes.get("/{int:pk}/deliveries/", response=Page[WebhookDeliveryOut], **MANAGE)
def list_webhook_deliveries(request: HttpRequest, pk: Id, filters: Query[WebhookDeliveryFilters]) -> Any:
    """Everything sent to an endpoint, newest first; `search` is the id of an event."""
    return page_of(request, _log(request, pk, filters), filters)


@routes.get("/{int:pk}/deliveries/export/", response=None, **MANAGE)
def export_webhook_deliveries(
    request: HttpRequest, pk: Id, filters: Query[WebhookDeliveryFilters], wanted: Query[ExportFormat]
) -> Any:
    """The log as a file."""
    columns = {
        "created_at": lambda row: row.created_at,
        "event_id": lambda row: row.event_id,
        "event_type": lambda row: row.event_type,
        "status": lambda row: row.status,
        "attempts": lambda row: row.attempts,
        "settled_at": lambda row: row.settled_at,
    }
    return export(_log(request, pk, filters), wanted, name="webhook-deliveries", columns=columns)


@routes.post("/{int:pk}/redeliver/", response=RedeliveredOut, **MANAGE)
def redeliver_dead(request: HttpRequest, pk: Id, body: RangeIn) -> Any:
    """Send everything of these days once more that died on its way to an endpoint."""
    count = sending.redeliver_dead(pk=pk, first=body.date_from, last=body.date_to, by=actor(request))
    return {"redelivered": count}
