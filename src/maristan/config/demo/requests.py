"""Requests of the demonstration: one waits, one is looked into, one is approved, one was served, one was rejected."""

from typing import Any

from maristan.academics.actions import requests as actions
from maristan.academics.queries import requests as queries
from maristan.kernel.access import Actor

# Type, title, what is said, priority, and the moves by which the registrar takes it on.
ASKED: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("bonafide", "Certificate for the bank", "Two copies, please, for a student account.", "medium", ()),
    ("transcript", "Transcript for Leeds", "The university wants it sealed.", "high", ("assign",)),
    ("noc", "Elective at City Hospital", "Four weeks in the ward of Pathology.", "medium", ("assign", "approve")),
    ("correction", "My father's name", "It is written Yusaf in the register.", "low", ("approve", "complete")),
    ("other", "A locker near the laboratory", "", "low", ("reject",)),
)
NOTES = {
    "approve": "Collect it at window 3 from ten o'clock.",
    "complete": "Handed over.",
    "reject": "No locker is free before the next year.",
}


def ask(*, student: Actor, registrar: Actor) -> None:
    """What the first student asks for, and what became of it."""
    types = {each.code: each.pk for each in queries.request_types(actor=student)}
    for code, title, description, priority, moves in ASKED:
        values = {"type": types[code], "title": title, "description": description, "priority": priority}
        made = actions.create(values=values, by=student)
        for name in moves:
            _move(made.pk, name, registrar)
        if code == "transcript":
            actions.remark(pk=made.pk, text="Which years should it cover?", is_internal=False, by=registrar)
            actions.remark(pk=made.pk, text="The library still waits for a book.", is_internal=True, by=registrar)
            actions.remark(pk=made.pk, text="All of them.", is_internal=False, by=student)


def _move(pk: int, name: str, by: Actor) -> None:
    given: dict[str, Any] = {"assigned_to": by.person_id} if name == "assign" else {}
    actions.move(pk=pk, name=name, version=None, notes=NOTES.get(name), by=by, **given)
