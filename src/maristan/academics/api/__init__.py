"""Routes of academics."""

from maristan.academics.api import (
    applications,
    apply,
    batches,
    courses,
    enrollments,
    imports,
    intakes,
    materials,
    obligations,
    periods,
    programs,
    request_types,
    requests,
    sections,
    students,
    syllabus,
)
from maristan.kernel.api import Routes

routes = Routes()
PARTS = (
    programs,
    batches,
    periods,
    courses,
    sections,
    students,
    enrollments,
    imports,
    intakes,
    applications,
    apply,
    syllabus,
    request_types,
    requests,
    obligations,
    materials,
)
for part in PARTS:
    routes.add_router("", part.routes)
