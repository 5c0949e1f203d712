"""Shapes that several routes of the directory share."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from maristan.directory.rules import states
from maristan.kernel.access import Role
from maristan.kernel.api import Out, any_case

ContactKind = Annotated[states.ContactKind, any_case]
DepartmentKind = Annotated[states.DepartmentKind, any_case]
Gender = Annotated[states.Gender, any_case]
HolidayKind = Annotated[states.HolidayKind, any_case]
HolidayScope = Annotated[states.HolidayScope, any_case]
InvitationPurpose = Annotated[states.InvitationPurpose, any_case]
LeaveKind = Annotated[states.LeaveKind, any_case]
LeaveStatus = Annotated[states.LeaveStatus, any_case]
PlaceKind = Annotated[states.PlaceKind, any_case]
ScopeKind = Annotated[states.ScopeKind, any_case]
AnyRole = Annotated[Role, any_case]

Name = Annotated[str, Field(min_length=1, max_length=255)]
Code = Annotated[str, Field(min_length=1, max_length=30)]
Reason = Annotated[str, Field(max_length=500)]


class LineOut(Out):
    """One thing that happened."""

    id: int
    kind: str
    subject_kind: str
    subject_id: str
    at: datetime
    by_name: str
    changes: dict[str, Any]
    reason: str


LINE_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "at": lambda line: line.at,
    "kind": lambda line: line.kind,
    "by_name": lambda line: line.by_name,
    "changes": lambda line: json.dumps(line.changes, ensure_ascii=False),
    "reason": lambda line: line.reason,
}


class Named(Out):
    """Somebody or something with a name."""

    id: int
    name: str
