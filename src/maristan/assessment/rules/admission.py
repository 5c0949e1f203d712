"""Who may sit an exam (rule E6)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one candidate is admitted, and the code that says why."""

    is_admitted: bool
    code: str = ""


ADMITTED = Verdict(True)
NO_LIST = Verdict(False, "no_eligibility_list")
NOT_ON_LIST = Verdict(False, "not_on_list")
