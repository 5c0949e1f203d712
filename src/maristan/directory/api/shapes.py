"""Shapes that several routes of the directory share."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from maristan.directory.rules import states
from maristan.kernel.access import Role
from maristan.kernel.api import Out, any_case

AddressKind = Annotated[states.AddressKind, any_case]
DocumentKind = Annotated[states.DocumentKind, any_case]
DocumentStatus = Annotated[states.DocumentStatus, any_case]
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
CountryCode = Annotated[
    str,
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
    Field(pattern="^[A-Z]{2}$"),
]
Reason = Annotated[str, Field(max_length=500)]


class Named(Out):
    """Somebody or something with a name."""

    id: int
    name: str
