"""Routes of assessment."""

from maristan.assessment.api import candidates, exams, grid, parts, results, schemes, statistics
from maristan.kernel.api import Routes

routes = Routes()
for part in (schemes, exams, parts, candidates, grid, results, statistics):
    routes.add_router("", part.routes)
