"""What the routes of the request desk take and answer."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from maristan.academics.api.shapes import VersionedMoveIn
from maristan.academics.rules.requests import MOST_ATTACHMENTS
from maristan.academics.rules.states import RequestPriority, RequestStatus
from maristan.kernel.api import Id, In, MoveOut, Out, Paging, any_case

DATA_LENGTH, DATA_DEPTH = 20_000, 20
LARGEST = 2**53 - 1  # beyond it readers of JSON no longer agree on a number


def _storable(data: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [data]
    for _ in range(DATA_DEPTH):
        if any(isinstance(each, int | float) and abs(each) > LARGEST for each in level):
            raise ValueError(f"Numbers reach from -{LARGEST} to {LARGEST}.")
        level = [below for each in level for below in _inside(each)]
    if level:
        raise ValueError(f"At most {DATA_DEPTH} levels.")
    if len(json.dumps(data, ensure_ascii=False)) > DATA_LENGTH:
        raise ValueError(f"At most {DATA_LENGTH} characters of JSON.")
    return data


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


RequestState = Annotated[RequestStatus, any_case]
Priority = Annotated[RequestPriority, any_case]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=5000)]
Data = Annotated[dict[str, Any], AfterValidator(_storable)]
Notes = Annotated[str, Field(max_length=2000)]


class RequestRow(Out):
    """One request in a list."""

    id: int
    type: int = Field(alias="type_id")
    type_code: str = Field(alias="type.code")
    type_name: str = Field(alias="type.name")
    title: str
    requester: int = Field(alias="requester_id")
    requester_name: str = Field(alias="requester.name")
    student: int | None = Field(alias="student_id")
    reg_no: str | None
    student_name: str | None
    priority: str
    status: str
    assigned_to: int | None = Field(alias="assigned_to_id")
    assigned_to_name: str | None
    submitted_at: datetime
    resolved_at: datetime | None
    version: int

    @staticmethod
    def resolve_reg_no(row: Any) -> str | None:
        """Of the student whom it concerns, if any."""
        return row.student.reg_no if row.student else None

    @staticmethod
    def resolve_student_name(row: Any) -> str | None:
        """Of the student whom it concerns, if any."""
        return row.student.person.name if row.student else None

    @staticmethod
    def resolve_assigned_to_name(row: Any) -> str | None:
        """Of the one who serves it, if anybody was named."""
        return row.assigned_to.name if row.assigned_to else None


class AttachmentOut(Out):
    """A paper handed in with a request; `url` shows it."""

    id: int
    name: str
    content_type: str
    size: int
    added_by: str
    created_at: datetime
    url: str


class UploadOut(Out):
    """A paper that waits for its request."""

    id: int
    name: str
    content_type: str
    size: int


class RemarkOut(Out):
    """Something said; internal remarks are shown to handlers alone."""

    id: int
    author: int | None = Field(alias="author_id")
    author_name: str
    text: str
    is_internal: bool
    created_at: datetime


class RequestOut(Out):
    """One request with everything about it that the reader may know.

    `is_own` and `is_handler` say what the reader is to it, `is_editable` that it may be mended now.
    """

    id: int
    type: int
    type_code: str
    type_name: str
    title: str
    requester: int
    requester_name: str
    student: int | None
    reg_no: str | None
    student_name: str | None
    priority: str
    status: str
    assigned_to: int | None
    assigned_to_name: str | None
    submitted_at: datetime
    resolved_at: datetime | None
    description: str
    data: dict[str, Any]
    resolution_notes: str
    requires_attachment: bool
    attachments: list[AttachmentOut]
    remarks: list[RemarkOut]
    is_own: bool
    is_handler: bool
    is_editable: bool
    moves: list[MoveOut]
    version: int
    created_at: datetime
    updated_at: datetime


class RequestIn(In):
    """A new request; `attachments` are papers uploaded before."""

    type: Id
    title: Title
    description: Description = ""
    data: Data = {}
    priority: Priority = RequestPriority.MEDIUM
    student: Id | None = None
    attachments: Annotated[list[Id], Field(max_length=MOST_ATTACHMENTS)] = []


class RequestPatch(In):
    """The fields to change."""

    title: Title = ""
    description: Description = ""
    data: Data = {}
    priority: Priority = RequestPriority.MEDIUM


class Wanted(In):
    """A request that somebody thinks of handing in: its type, and whom it concerns."""

    type: Id
    student: Id | None = None


class RequestFilters(Paging):
    """Filters of the list; `mine` are those that the reader made, `is_open` those that still wait for somebody."""

    type: Id | None = None
    status: RequestState | None = None
    priority: Priority | None = None
    assigned_to: Id | None = None
    requester: Id | None = None
    student: Id | None = None
    mine: bool | None = None
    is_open: bool | None = None


class AssignIn(VersionedMoveIn):
    """To whom the request is given."""

    assigned_to: Id


class ResolveIn(VersionedMoveIn):
    """What is said of the outcome: `notes`, or `reason`."""

    reason: Notes | None = None
    notes: Notes | None = None

    @property
    def said(self) -> str | None:
        """The one of them that was given."""
        return self.reason if self.notes is None else self.notes


class RemarkIn(In):
    """Something to say."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    is_internal: bool = False
