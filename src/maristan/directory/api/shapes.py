"""Shapes that several routes of the directory share."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from maristan.directory.rules import states
from maristan.kernel.access import Role
from maristan.kernel.api import Out


def _any_case(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


ANY_CASE = BeforeValidator(_any_case)
ContactKind = Annotated[states.ContactKind, ANY_CASE]
Gender = Annotated[states.Gender, ANY_CASE]
HolidayKind = Annotated[states.HolidayKind, ANY_CASE]
HolidayScope = Annotated[states.HolidayScope, ANY_CASE]
InvitationPurpose = Annotated[states.InvitationPurpose, ANY_CASE]
LeaveKind = Annotated[states.LeaveKind, ANY_CASE]
LeaveStatus = Annotated[states.LeaveStatus, ANY_CASE]
PlaceKind = Annotated[states.PlaceKind, ANY_CASE]
ScopeKind = Annotated[states.ScopeKind, ANY_CASE]
AnyRole = Annotated[Role, ANY_CASE]

Name = Annotated[str, Field(min_length=1, max_length=255)]
Code = Annotated[str, Field(min_length=1, max_length=30)]
Reason = Annotated[str, Field(max_length=500)]


class Named(Out):
    """Somebody or something with a name."""

    id: int
    name: str
