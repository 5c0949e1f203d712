"""A program: its structure, its workflow, and the years of its batches."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from maristan.academics.rules.details import DETAILS
from maristan.academics.rules.states import Perm, ProgramStatus, ProgramStructure
from maristan.kernel.errors import Fault
from maristan.kernel.messages import together
from maristan.kernel.workflow import Mover, Requirement, Transition, Workflow

IMPLIED_MONTHS: Mapping[ProgramStructure, int] = MappingProxyType(
    {ProgramStructure.YEARLY: 12, ProgramStructure.SEMESTER: 6}
)
DEFAULT_PERIODS: Mapping[ProgramStructure, int] = MappingProxyType(
    {ProgramStructure.YEARLY: 5, ProgramStructure.SEMESTER: 10}
)
FIXED_WHEN_FINALIZED = frozenset({"structure_type", "period_length_months", "total_periods"})
BATCH_YEARS = range(1900, 2101)
LONGEST_STUDY = 12


@dataclass(frozen=True, slots=True)
class Structure:
    """How long a program's periods are, in months, and how many there are."""

    structure_type: ProgramStructure
    period_length_months: int | None = None
    total_periods: int | None = None

    @property
    def months(self) -> int | None:
        """The length of one period in months, implied or given."""
        return IMPLIED_MONTHS.get(self.structure_type, self.period_length_months)


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """What the moves of a program depend on."""

    status: ProgramStatus
    structure: Structure
    active_batches: int = 0


def with_default_periods(structure: Structure) -> Structure:
    """The structure with 5 years or 10 semesters where no number was given."""
    total = structure.total_periods
    if total is None:
        total = DEFAULT_PERIODS.get(structure.structure_type)
    return Structure(structure.structure_type, structure.period_length_months, total)


def structure_faults(structure: Structure) -> list[Fault]:
    """What keeps a structure from being complete: CUSTOM names both numbers, the others imply the length."""
    faults = []
    implied = structure.structure_type in IMPLIED_MONTHS
    if implied and structure.period_length_months is not None:
        faults.append(Fault("/period_length_months", "length_implied", DETAILS["length_implied"].told()))
    if not implied and not (structure.period_length_months or 0) > 0:
        faults.append(Fault("/period_length_months", "required", DETAILS["length_wanted"].told()))
    if not (structure.total_periods or 0) > 0:
        faults.append(Fault("/total_periods", "required", DETAILS["periods_wanted"].told()))
    return faults


def fixed_field_faults(status: ProgramStatus, changed: Collection[str]) -> list[Fault]:
    """The changed fields that are immutable because the program is no draft any more."""
    if status is ProgramStatus.DRAFT:
        return []
    fixed = sorted(FIXED_WHEN_FINALIZED.intersection(changed))
    return [Fault(f"/{name}", "structure_fixed", "The structure is fixed once finalized.") for name in fixed]


def batch_year_faults(intake_year: int, graduation_year: int) -> list[Fault]:
    """Years lie in 1900..2100, and graduation is 1 to 12 years after intake."""
    years = {"/intake_year": intake_year, "/graduation_year": graduation_year}
    faults = [
        Fault(pointer, "out_of_range", "A year from 1900 to 2100 is wanted.")
        for pointer, year in years.items()
        if year not in BATCH_YEARS
    ]
    if not intake_year < graduation_year <= intake_year + LONGEST_STUDY:
        faults.append(Fault("/graduation_year", "out_of_range", "Graduation is 1 to 12 years after intake."))
    return faults


def batch_code(graduation_year: int) -> str:
    """The short code of a batch: 2031 gives `b31`."""
    return f"b{graduation_year % 100:02}"


def is_finalized(status: ProgramStatus) -> bool:
    """True when periods may be generated and laid out (otherwise 409 `not_finalized`)."""
    return status is ProgramStatus.FINALIZED


def _not_yet_finalized(facts: ProgramFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("already_finalized", "Not finalized before", met=facts.status is not ProgramStatus.FINALIZED)


def _structure_complete(facts: ProgramFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    faults = structure_faults(facts.structure)
    detail = together((fault.detail for fault in faults), lambda _spoken: " ")
    yield Requirement("structure_incomplete", "The structure is complete", met=not faults, detail=detail)


def _no_active_batch(facts: ProgramFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    count = facts.active_batches
    yield Requirement(
        "active_batches", "No batch is active", met=not count, detail=DETAILS["active_batches"].told(count=count)
    )


PROGRAM: Workflow[ProgramFacts] = Workflow(
    name="program",
    states=tuple(ProgramStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="finalize",
            # FINALIZED is a source only so that a second press is answered with its own code.
            sources=frozenset({ProgramStatus.DRAFT, ProgramStatus.FINALIZED}),
            target=ProgramStatus.FINALIZED,
            permission=Perm.PROGRAM_FINALIZE,
            requirements=(_not_yet_finalized, _structure_complete),
        ),
        Transition(
            name="retire",
            sources=frozenset({ProgramStatus.FINALIZED}),
            target=ProgramStatus.RETIRED,
            permission=Perm.PROGRAM_FINALIZE,
            requirements=(_no_active_batch,),
        ),
    ),
)
