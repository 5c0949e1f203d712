"""Routes of academics."""

from maristan.academics.api import batches, courses, enrollments, imports, periods, programs, sections, students
from maristan.kernel.api import Routes

routes = Routes()
for part in (programs, batches, periods, courses, sections, students, enrollments, imports):
    routes.add_router("", part.routes)
