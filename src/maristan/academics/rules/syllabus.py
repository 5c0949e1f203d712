"""The syllabus: what an item belongs to, and the order in which items are taught."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from maristan.kernel.errors import Fault


@dataclass(frozen=True, slots=True)
class Placed:
    """What an item belongs to; programs of the course and the program of the period, None where not named."""

    program_of_period: int | None
    programs_of_course: frozenset[int] | None


def item_faults(placed: Placed) -> list[Fault]:
    """An item belongs to a period, a course, or both; then the course is given in the period's program.

    A course of no program belongs to all.
    """
    if placed.program_of_period is None and placed.programs_of_course is None:
        return [Fault("/academic_period", "required", "Name the period, the course, or both.")]
    if placed.program_of_period is None or not placed.programs_of_course:
        return []
    if placed.program_of_period not in placed.programs_of_course:
        return [Fault("/course", "course_not_in_program", "The course is not given in the period's program.")]
    return []


def order_faults(ids: Sequence[int], known: Collection[int]) -> list[Fault]:
    """Every item to be put in order is there, and stands in the list once."""
    faults = []
    for position, pk in enumerate(ids):
        pointer = f"/items/{position}/id"
        if pk not in known:
            faults.append(Fault(pointer, "unknown_reference", "There is nothing of that id here."))
        elif pk in ids[:position]:
            faults.append(Fault(pointer, "duplicate", "The item stands in the list before."))
    return faults
