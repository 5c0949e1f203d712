"""What the routes of academics share: words in any case, years, names, answers with moves."""

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

from maristan.academics.rules.states import (
    EnrollmentStatus,
    PeriodKind,
    PeriodStatus,
    ProgramStatus,
    ProgramStructure,
    StudentStatus,
)
from maristan.directory.queries.records import GENDERS
from maristan.kernel.api import MoveIn, MoveOut, Out, any_case, versioned
from maristan.kernel.workflow import Move

Name = Annotated[str, Field(min_length=1, max_length=255)]
ShortName = Annotated[str, Field(min_length=1, max_length=100)]
Year = Annotated[int, Field(ge=1900, le=2100)]
Level = Annotated[int, Field(ge=1, le=20)]
Position = Annotated[int, Field(ge=1, le=32767)]

Gender = Annotated[str, any_case, Field(pattern=f"^({'|'.join(GENDERS)})$")]

Structure = Annotated[ProgramStructure, any_case]
ProgramState = Annotated[ProgramStatus, any_case]
Kind = Annotated[PeriodKind, any_case]
PeriodState = Annotated[PeriodStatus, any_case]
StudentState = Annotated[StudentStatus, any_case]
EnrollmentState = Annotated[EnrollmentStatus, any_case]


class Named(Out):
    """Something with a name."""

    id: int
    name: str


class WithMoves(Out):
    """What may be done now, and what is missing."""

    moves: list[MoveOut]


class VersionedMoveIn(MoveIn):
    """A move, with the version that the mover has seen where it matters."""

    version: int | None = None


def with_moves(row: Any, moves: Iterable[Move], response: HttpResponse) -> Any:
    """The row as its detail answer: its moves and its `ETag`."""
    row.moves = [move.as_dict() for move in moves]
    versioned(response, row.version)
    return row


def narrowed(rows: Any, filters: Schema, **lookups: str) -> Any:
    """Rows for which every given filter holds; `lookups` maps the filter's name → the field it is compared with."""
    for name, lookup in lookups.items():
        value = getattr(filters, name)
        if value is not None:
            rows = rows.filter(**{lookup: value})
    return rows
