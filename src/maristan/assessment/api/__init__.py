"""Routes of assessment."""

from maristan.assessment.api import candidates, corrections, exams, grid, parts, results, schemes, statistics
from maristan.kernel.api import Routes

routes = Routes()
for part in (schemes, exams, parts, candidates, grid, results, corrections, statistics):
    routes.add_router("", part.routes)
