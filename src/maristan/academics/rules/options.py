"""Settings of the institution that academics reads."""

from typing import Any

from maristan.academics.rules.admissions import DEFAULT_PATTERN, PATTERN, registration_number
from maristan.academics.rules.students import REG_NO_LENGTH
from maristan.kernel.errors import Invalid
from maristan.kernel.names import normal_email
from maristan.kernel.options import Option

LONGEST_CODE, MANY = "X" * 16, 9_999  # of a program, and of students of one program and year


class DomainOption(Option):
    """A domain of e-mail addresses, in lower case; blank for none."""

    @property
    def expected(self) -> str:
        """What fits, in words."""
        return "a domain such as students.example.edu, or nothing"

    def read(self, value: Any) -> Any:
        """The domain as stored; raises `Invalid` (`bad_value`) at `/value` for what no address can end in."""
        found = str(Option.read(self, value)).strip().lower()
        try:
            return found and normal_email(f"somebody@{found}").removeprefix("somebody@")
        except ValueError:
            raise Invalid.at("/value", "bad_value", f"{self.key} takes {self.expected}.") from None


class PatternOption(Option):
    """A pattern of registration numbers; the longest that it makes is still one."""

    @property
    def expected(self) -> str:
        """What fits, in words."""
        return f"a pattern such as {DEFAULT_PATTERN} whose numbers have at most {REG_NO_LENGTH} characters"

    def read(self, value: Any) -> Any:
        """The pattern as stored; raises `Invalid` (`bad_value`) at `/value` for one that makes no numbers."""
        found = str(Option.read(self, value))
        if len(registration_number(found, LONGEST_CODE, 2100, MANY)) > REG_NO_LENGTH:
            raise Invalid.at("/value", "bad_value", f"{self.key} takes {self.expected}.")
        return found


OPTIONS = (
    Option(
        "default_academic_year_id", "int", None, "The period that screens and generation preselect.",
        minimum=1, maximum=2**62, nullable=True,
    ),
    DomainOption(
        "academics.student_email_domain", "text", "", "Domain of addresses proposed by the import.", maximum=120
    ),
    PatternOption(
        "academics.reg_no_pattern", "text", DEFAULT_PATTERN,
        "How registration numbers of admitted students are made.", maximum=60, pattern=PATTERN,
    ),
    Option(
        "academics.material_megabytes", "int", 50, "Largest file of learning material, in MB.", minimum=1, maximum=500
    ),
    Option("academics.date_order", "choice", "dmy", "Order of dates in imported files.", choices=("dmy", "mdy")),
)  # fmt: skip
