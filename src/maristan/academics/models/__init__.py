"""Tables of academics: what is taught to whom, admissions, the request desk, the syllabus, obligations, materials."""

from maristan.academics.models.admissions import AdmissionCounter, Application, ApplicationFile, Intake
from maristan.academics.models.desk import Request, RequestAttachment, RequestRemark, RequestType
from maristan.academics.models.materials import Material, Receipt
from maristan.academics.models.obligations import Obligation, Requirement, Submission
from maristan.academics.models.syllabus import SyllabusItem
from maristan.academics.models.teaching import (
    AcademicPeriod,
    Batch,
    Course,
    CourseProgram,
    Enrollment,
    Group,
    Placement,
    Program,
    Section,
    SectionTeacher,
    Student,
    Track,
)

__all__ = [
    "AcademicPeriod",
    "AdmissionCounter",
    "Application",
    "ApplicationFile",
    "Batch",
    "Course",
    "CourseProgram",
    "Enrollment",
    "Group",
    "Intake",
    "Material",
    "Obligation",
    "Placement",
    "Program",
    "Receipt",
    "Request",
    "RequestAttachment",
    "RequestRemark",
    "RequestType",
    "Requirement",
    "Section",
    "SectionTeacher",
    "Student",
    "Submission",
    "SyllabusItem",
    "Track",
]
