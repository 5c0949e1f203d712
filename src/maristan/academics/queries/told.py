"""What machines are told of programs, students and applications: numbers and pages, never who somebody is."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F

from maristan.academics.models import Application
from maristan.kernel.events import Field, Subject


def applications(ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """Number, batch and program of applications, by id: one query."""
    found = Application.objects.filter(pk__in=ids).values(
        "pk", "number", batch_name=F("intake__batch__name"), program=F("intake__batch__program__name"),
        program_id=F("intake__batch__program_id"),
    )  # fmt: skip
    return {
        each["pk"]: {
            "number": each["number"], "batch": each["batch_name"], "program": each["program"],
            "program_id": each["program_id"],
        }
        for each in found
    }  # fmt: skip


SUBJECTS = {
    "program": Subject(url="/academics/programs/{id}"),
    "batch": Subject(url="/academics/batches/{id}"),
    "course": Subject(url="/academics/courses/{id}"),
    "section": Subject(url="/academics/sections/{id}"),
    "period": Subject(url="/academics/periods/{id}"),
    "student": Subject(url="/academics/students/{id}"),
    "intake": Subject(url="/academics/intakes/{id}"),
    "request": Subject(url="/requests/{id}"),
    "obligation": Subject(url="/obligations/{id}"),
    "material": Subject(url="/materials/{id}"),
    "application": Subject(
        url="/academics/applications/{id}",
        fields={
            "number": Field("number of the application; null for a draft", "A-2026-00017"),
            "batch": Field("name of the batch applied for", "MBBS 2026"),
            "program": Field("name of its program", "MBBS"),
            "program_id": Field("number of the program", 3),
        },
        filters=("program_id",),
        read=applications,
    ),
}
