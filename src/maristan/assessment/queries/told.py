"""What machines are told of exams and documents: titles, numbers and pages, never a mark or whose it is."""

from collections.abc import Collection, Mapping
from typing import Any

from maristan.assessment.models import Document, Exam
from maristan.kernel.events import Field, Subject


def exams(ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """Title, time and course of exams, by id: one query."""
    found = Exam.objects.filter(pk__in=ids).values_list("pk", "title", "scheduled_at", "course_id", "course__name")
    return {
        pk: {"title": title, "scheduled_at": at.isoformat(), "course_id": course, "course": name}
        for pk, title, at, course, name in found
    }


def documents(ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """Number and kind of documents, by id: one query."""
    found = Document.objects.filter(pk__in=ids).values_list("pk", "number", "kind")
    return {pk: {"number": number, "kind": kind} for pk, number, kind in found}


SUBJECTS = {
    "exam": Subject(
        url="/assessment/exams/{id}",
        fields={
            "title": Field("title of the exam", "Pathology final"),
            "scheduled_at": Field("when it begins", "2026-11-23T04:00:00+00:00"),
            "course_id": Field("number of the course; null for an exam of none", 12),
            "course": Field("name of the course", "Pathology"),
        },
        filters=("course_id",),
        read=exams,
    ),
    "result_correction": Subject(url="/assessment/corrections/{id}"),
    "transcript": Subject(
        url="/documents/{id}",
        fields={
            "number": Field("number of the document", "TRN-2026-000017"),
            "kind": Field("what it certifies", "transcript"),
        },
        filters=("kind",),
        read=documents,
    ),
}
