"""What the routes of staff and of applicants say of an application."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from maristan.academics.api.shapes import Gender
from maristan.academics.rules.states import ApplicationStatus, GuardianRelation, Qualification
from maristan.kernel.api import Day, In, MoveOut, Out, any_case

ApplicationState = Annotated[ApplicationStatus, any_case]
Relation = Annotated[GuardianRelation, any_case]
LastQualification = Annotated[Qualification, any_case]
PersonName = Annotated[str, Field(max_length=255)]
PhoneNumber = Annotated[str, Field(max_length=40)]
Marks = Annotated[str, Field(max_length=40)]


class Fields(In):
    """What an applicant fills in, step by step; what is left out stays, what is empty is emptied."""

    full_name: PersonName = ""
    father_name: PersonName = ""
    gender: Gender | None = None
    date_of_birth: Day | None = None
    cnic_or_bform: Annotated[str, Field(max_length=20)] = ""
    mobile: PhoneNumber = ""
    phone: PhoneNumber = ""
    address: Annotated[str, Field(max_length=255)] = ""
    guardian_name: PersonName = ""
    guardian_relation: Relation | None = None
    guardian_phone_whatsapp: PhoneNumber = ""
    mdcat_roll_number: Annotated[str, Field(max_length=40)] = ""
    merit_number: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    merit_percentage: Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)] | None = None
    last_qualification: LastQualification | None = None
    institute_name: PersonName = ""
    board_or_university: PersonName = ""
    passing_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    total_marks_or_grade: Marks = ""
    obtained_marks_or_grade: Marks = ""
    subjects: Annotated[str, Field(max_length=500)] = ""

    def given(self) -> dict[str, Any]:
        """The fields that the body holds; words of a list that are null are empty."""
        found = self.dict(exclude_unset=True)
        return {field: "" if value is None and field in WORDS else value for field, value in found.items()}


WORDS = frozenset({"gender", "guardian_relation", "last_qualification"})


class PaperOut(Out):
    """One paper: its kind, and name, type and size in bytes of the file."""

    kind: str
    name: str
    content_type: str
    size: int


class Said(Out):
    """What was filled in, each in its one shape; empty where nothing is."""

    id: int
    number: str | None
    status: str
    batch_year: int
    full_name: str
    father_name: str
    gender: str
    date_of_birth: date | None
    cnic_or_bform: str
    mobile: str
    email: str
    phone: str
    address: str
    guardian_name: str
    guardian_relation: str
    guardian_phone_whatsapp: str
    mdcat_roll_number: str
    merit_number: int | None
    merit_percentage: Decimal | None
    last_qualification: str
    institute_name: str
    board_or_university: str
    passing_year: int | None
    total_marks_or_grade: str
    obtained_marks_or_grade: str
    subjects: str
    submitted_at: datetime | None
    decided_at: datetime | None
    decision_reason: str
    version: int
    papers: list[PaperOut]
    moves: list[MoveOut]


SAID = tuple(field for field in Said.model_fields if field not in ("papers", "moves"))
