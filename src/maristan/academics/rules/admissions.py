"""Admissions: when one may apply, what a complete application holds, who decides, and the numbers given (A13-A15)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from maristan.academics.rules.details import DETAILS
from maristan.academics.rules.states import ApplicationStatus, Perm
from maristan.kernel.errors import Fault
from maristan.kernel.messages import together
from maristan.kernel.names import normal_identifier
from maristan.kernel.workflow import Mover, Requirement, Severity, Transition, Workflow

EARLIEST_BIRTH = date(1900, 1, 1)
DEFAULT_PATTERN = "{program4}{yy}{seq:04}"
PATTERN = r"(?=.*\{seq(:0[1-9])?\})([A-Za-z0-9/.-]|\{(program|program4|yy|yyyy|seq(:0[1-9])?)\})+"
DRAFT_KEPT_FOR = timedelta(days=90)  # after the last day of its link
OPEN = frozenset({ApplicationStatus.PENDING, ApplicationStatus.NEEDS_REVIEW})

# What must be filled in before an application is handed in and before it is approved.
REQUIRED = (
    "full_name", "father_name", "gender", "date_of_birth", "cnic_or_bform", "mobile", "email", "address",
    "guardian_name", "guardian_relation", "guardian_phone_whatsapp", "last_qualification", "institute_name",
    "board_or_university", "passing_year", "total_marks_or_grade", "obtained_marks_or_grade",
)  # fmt: skip
# What a reviewer looks for: its absence is told, and stops nobody.
EXPECTED_PAPERS = ("photo", "cnic_front", "cnic_back")


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application as its moves see it.

    `duplicates` describes those found (A14) that the decision has not settled; `seats_left` counts the intake's.
    """

    status: ApplicationStatus
    opens_at: datetime
    closes_at: datetime
    empty: tuple[str, ...] = ()
    papers_missing: tuple[str, ...] = ()
    has_placement: bool = True
    seats_left: int = 1
    duplicates: tuple[str, ...] = ()
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one applicant from another, each in its one shape; empty where unknown."""

    cnic: str = ""
    mobile: str = ""
    email: str = ""
    mdcat: str = ""

    def shared_with(self, other: "Identity") -> tuple[str, ...]:
        """The names of what two applicants have in common."""
        pairs = (
            ("cnic_or_bform", self.cnic, other.cnic),
            ("mobile", self.mobile, other.mobile),
            ("email", self.email, other.email),
            ("mdcat_roll_number", self.mdcat, other.mdcat),
        )
        return tuple(name for name, own, theirs in pairs if own and own == theirs)


@dataclass(frozen=True, slots=True)
class Window:
    """The time of an intake, its end not included."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, now: datetime) -> bool:
        """True from the first moment until just before the last."""
        return self.opens_at <= now < self.closes_at


def window_faults(opens_at: datetime, closes_at: datetime) -> list[Fault]:
    """An intake closes after it opens."""
    if closes_at <= opens_at:
        return [Fault("/closes_at", "out_of_range", "It would close before it opens.")]
    return []


def mdcat_number(text: str) -> str:
    """A roll number for comparison: digits and letters only, upper case."""
    return normal_identifier(text)


def value_faults(values: Mapping[str, Any], today: date, shape: str) -> list[Fault]:
    """What is wrong with the fields of an application, where given and not empty.

    `shape` shows a civic number with `#` for a digit.
    """
    faults = []
    born = values.get("date_of_birth")
    if isinstance(born, date) and not EARLIEST_BIRTH <= born <= today:
        faults.append(Fault("/date_of_birth", "out_of_range", "A birth lies between 1900 and today."))
    cnic = values.get("cnic_or_bform")
    digits = shape.count("#")
    if cnic and not re.fullmatch(rf"[0-9]{{{digits}}}", re.sub(r"[\s-]", "", str(cnic))):
        faults.append(Fault("/cnic_or_bform", "bad_number", f"Exactly {digits} digits are wanted, as in {shape}."))
    return faults


def empty_fields(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The required fields that hold nothing."""
    return tuple(name for name in REQUIRED if values.get(name) in (None, ""))


def masked_phone(number: str) -> str:
    """A number as lists show it: its first four and last two characters."""
    return f"{number[:4]}{'•' * (len(number) - 6)}{number[-2:]}" if len(number) > 6 else "•" * len(number)


def masked_email(address: str) -> str:
    """An address as lists show it: the first letter and the domain."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}•••{at}{domain}" if at else ""


def application_number(day: date, count: int) -> str:
    """`STU-20260309-0007`: the local day of submission and the day's counter."""
    return f"STU-{day:%Y%m%d}-{count:04}"


def registration_number(pattern: str, program_code: str, batch_year: int, count: int) -> str:
    """A registration number by the institution's pattern: `{program4}{yy}{seq:04}` gives `MBBS290001`.

    `program4` is the first four letters of the program's code, `program` all its letters and digits, `yy` and `yyyy`
    the year of graduation, `seq` the counter of (program, batch year), with `:0n` in at least n digits.
    """
    letters = "".join(char for char in program_code.upper() if char.isascii() and char.isalpha())
    known = {
        "program4": letters[:4],
        "program": "".join(char for char in program_code.upper() if char.isascii() and char.isalnum()),
        "yy": f"{batch_year % 100:02}",
        "yyyy": str(batch_year),
    }

    def filled(found: re.Match[str]) -> str:
        name, _, width = found[1].partition(":")
        return f"{count:{width}}" if name == "seq" else known[name]

    return re.sub(r"\{([^}]+)\}", filled, pattern or DEFAULT_PATTERN)


# --- workflow -----------------------------------------------------------------------------------------------------


def _in_time(facts: ApplicationFacts, _actor: Mover, now: datetime) -> Iterator[Requirement]:
    is_open = Window(facts.opens_at, facts.closes_at).is_open(now)
    yield Requirement("intake_closed", "The intake is open", met=is_open)


def _complete(facts: ApplicationFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    where = {"fields": list(facts.empty)}
    detail = DETAILS["application_incomplete"].told(count=len(facts.empty)) if facts.empty else ""
    yield Requirement(
        "application_incomplete", "Every required field is filled in", met=not facts.empty, detail=detail, where=where
    )
    yield Requirement(
        "papers_missing", "Photo and both sides of the identity card are there", met=not facts.papers_missing,
        severity=Severity.WARN, where={"papers": list(facts.papers_missing)},
    )  # fmt: skip


def _placed(facts: ApplicationFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("placement_missing", "A group of the batch is chosen", met=facts.has_placement)


def _seat_left(facts: ApplicationFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    yield Requirement("no_seats_left", "A seat of the intake is free", met=facts.seats_left > 0)


def _settled(facts: ApplicationFacts, _actor: Mover, _now: datetime) -> Iterator[Requirement]:
    met = facts.overridden or not facts.duplicates
    detail = "" if met else together(facts.duplicates, lambda spoken: spoken.then)
    yield Requirement("open_duplicate", "Nobody else has the same identity or address", met=met, detail=detail)


APPLICATION: Workflow[ApplicationFacts] = Workflow(
    name="application",
    states=tuple(ApplicationStatus),
    status_of=lambda facts: facts.status,
    transitions=(
        Transition(
            name="submit",
            sources=frozenset({ApplicationStatus.DRAFT}),
            target=ApplicationStatus.PENDING,
            permission=Perm.APPLICATION_SUBMIT,
            requirements=(_in_time, _complete),
        ),
        Transition(
            name="review",
            sources=frozenset({ApplicationStatus.PENDING}),
            target=ApplicationStatus.NEEDS_REVIEW,
            permission=Perm.APPLICATION_REVIEW,
        ),
        Transition(
            name="approve",
            sources=OPEN,
            target=ApplicationStatus.APPROVED,
            permission=Perm.APPLICATION_DECIDE,
            requirements=(_complete, _placed, _seat_left, _settled),
        ),
        Transition(
            name="reject",
            sources=OPEN,
            target=ApplicationStatus.REJECTED,
            permission=Perm.APPLICATION_DECIDE,
            needs_reason=True,
        ),
        Transition(
            name="withdraw",
            sources=OPEN,
            target=ApplicationStatus.WITHDRAWN,
            permission=Perm.APPLICATION_SUBMIT,
        ),
    ),
)
