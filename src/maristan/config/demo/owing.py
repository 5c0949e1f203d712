"""Obligations of the demonstration: one in each state, one that closes enrolment by now, one of another kind."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from maristan.academics.actions import obligation_following as following
from maristan.academics.actions import obligations
from maristan.academics.models import Obligation, Requirement
from maristan.config.demo.acting import acting_as
from maristan.config.demo.diary import Diary
from maristan.config.demo.institution import Demo
from maristan.config.demo.papers import certificate
from maristan.directory.models import Person
from maristan.kernel.access import Actor
from maristan.kernel.models import JournalLine

VACCINATED = "Proof of vaccination"
REPORTED = "Police clearance"
CONTACT = "Whom to call in an emergency"
PAPER = certificate("Hepatitis B", "Three doses, the last one in autumn", "Seal of the health office")
WHY = {"reject": "The date of the third dose cannot be read.", "waive": "Allergic; the letter of the ward is on file."}
# By place in the list of who owes it, counted from the second: what is done with it.
HANDED_IN = (("submit",), ("submit", "verify"), ("submit", "reject"), ("waive",), ("submit", "verify"), ("submit",))


def note(demo: Demo, diary: Diary, by: Mapping[str, Actor]) -> None:
    """What is asked of whom, and what came of it."""
    first = demo.batches[0]
    common = {"kind": "document", "mid_session": True}
    vaccinated = {
        **common, "title": VACCINATED, "description": "Hepatitis B, three doses, before the wards open.",
        "audience": [[f"batch:{first.pk}"]], "due_on": diary.today + timedelta(days=9),
        "locks": ["document", "exam_admission"],
    }  # fmt: skip
    reported = {
        **common, "title": REPORTED, "audience": [[f"group:{demo.groups[first.pk][1].pk}"]],
        "due_on": diary.today + timedelta(days=1), "locks": ["enrolment"],
    }  # fmt: skip
    contact = {
        "title": CONTACT, "kind": "profile_field", "field": "emergency_contact", "mid_session": True,
        "audience": [["role:student"]], "due_after_days": 45,
    }  # fmt: skip
    for at, values in enumerate((vaccinated, reported, contact)):
        diary.on(-18, 10 + at, partial(_ask, demo, values, by["registrar"]))
    diary.on(-6, 14, partial(_hand_in, VACCINATED, HANDED_IN, by["registrar"]))
    diary.on(-5, 14, partial(_hand_in, CONTACT, (("submit", "verify"), ("submit",)), by["registrar"]))


def _ask(demo: Demo, values: Mapping[str, Any], by: Actor) -> None:
    made = obligations.create_requirement(values=values, by=by)
    line = JournalLine.objects.filter(kind="requirement.created", subject_id=str(made.pk)).latest("pk")
    following.assign(line_id=line.pk, by=demo.by)


def _hand_in(title: str, moves: tuple[tuple[str, ...], ...], registrar: Actor) -> None:
    asked = Requirement.objects.get(title=title)
    owed = Obligation.objects.filter(requirement=asked).order_by("person_id")[1 : len(moves) + 1]
    for number, (row, names) in enumerate(zip(owed, moves, strict=False)):
        for name in names:
            if name == "submit":
                _submit(row, asked, number)
            else:
                obligations.move(pk=row.pk, name=name, reason=WHY.get(name), by=registrar)


def _submit(row: Any, asked: Requirement, number: int) -> None:
    by = acting_as(Person.objects.get(pk=row.person_id))
    if asked.field:
        obligations.submit(pk=row.pk, value=f"0301 55502{number:02}", by=by)
    else:
        obligations.submit(pk=row.pk, name="vaccination.pdf", content=PAPER, by=by)
