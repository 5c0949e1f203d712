"""Tables of assessment: exams with what is obtained in them, and the documents that tell of it."""

from maristan.assessment.models.documents import Document, DocumentBatch, DocumentBatchLine, DocumentCounter
from maristan.assessment.models.exams import (
    Candidate,
    Exam,
    ExamComponent,
    Examiner,
    GradeBand,
    GradebookItem,
    GradeScheme,
    Result,
    ResultCorrection,
    ResultEntry,
)

__all__ = [
    "Candidate",
    "Document",
    "DocumentBatch",
    "DocumentBatchLine",
    "DocumentCounter",
    "Exam",
    "ExamComponent",
    "Examiner",
    "GradeBand",
    "GradeScheme",
    "GradebookItem",
    "Result",
    "ResultCorrection",
    "ResultEntry",
]
