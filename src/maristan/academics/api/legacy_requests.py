"""The request paths that integrations of the system before this one still speak, by the same actions (L3)."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from maristan.academics.actions import requests as actions
from maristan.academics.api.request_shapes import Data, Description, Priority, RequestState, Title
from maristan.academics.api.shapes import narrowed
from maristan.academics.queries import requests as queries
from maristan.academics.rules.requests import MOST_ATTACHMENTS
from maristan.academics.rules.states import Perm, RequestPriority
from maristan.kernel import rows
from maristan.kernel.api import Id, In, Out, Page, PlainPaging, Routes, actor, created, needs, no_content, page_of

routes = Routes()


class LegacyRequest(Out):
    """A request in the words of before."""

    id: int
    type: int = Field(alias="type_id")
    requester: int = Field(alias="requester_id")
    student: int | None = Field(alias="student_id")
    status: str
    priority: str
    title: str
    description: str
    data: dict[str, Any]
    assigned_to: int | None = Field(alias="assigned_to_id")
    submitted_at: datetime
    resolved_at: datetime | None
    resolution_notes: str


class LegacyRequestIn(In):
    """What is asked for; the type by its id, or by its code in any case."""

    type: Id | Annotated[str, Field(min_length=1, max_length=40)]
    title: Title
    description: Description = ""
    data: Data = {}
    priority: Priority = RequestPriority.MEDIUM
    student: Id | None = None
    attachments: Annotated[list[Id], Field(max_length=MOST_ATTACHMENTS)] = []


class LegacyFilters(PlainPaging):
    """Filters of the list."""

    type: Id | None = None
    student: Id | None = None
    requester: Id | None = None
    assigned_to: Id | None = None
    status: RequestState | None = None
    priority: Priority | None = None


@routes.get("/requests/", response=Page[LegacyRequest], **needs(Perm.REQUEST_VIEW))
def list_requests(request: HttpRequest, filters: Query[LegacyFilters]) -> Any:
    """Requests that one may see, newest first."""
    found = narrowed(
        queries.visible_to(actor=actor(request)), filters, type="type", student="student", requester="requester",
        assigned_to="assigned_to", status="status", priority="priority",
    )  # fmt: skip
    return page_of(request, found.order_by("-id"), filters)


@routes.post("/requests/", response={201: LegacyRequest}, **needs(Perm.REQUEST_CREATE))
def create_request(request: HttpRequest, body: LegacyRequestIn) -> Any:
    """Hand in a request."""
    by = actor(request)
    values = {**body.dict(), "type": queries.type_named(body.type, actor=by)}
    return created(actions.create(values=values, by=by))


@routes.get("/requests/{int:pk}/", response=LegacyRequest, **needs(Perm.REQUEST_VIEW))
def get_request(request: HttpRequest, pk: Id) -> Any:
    """One request."""
    return rows.one(queries.visible_to(actor=actor(request)), pk)


@routes.delete("/requests/{int:pk}/", response={204: None}, **needs(Perm.REQUEST_CREATE))
def cancel_request(request: HttpRequest, pk: Id) -> Any:
    """Take one's own pending request back: it is cancelled, never deleted."""
    actions.move(pk=pk, name="cancel", version=None, notes=None, by=actor(request))
    return no_content()
