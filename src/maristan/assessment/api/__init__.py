"""Routes of assessment."""

from maristan.assessment.api import (
    candidates,
    corrections,
    documents,
    exams,
    gradebook,
    grid,
    mark_files,
    papers,
    parts,
    results,
    schemes,
    statistics,
)
from maristan.kernel.api import Routes

routes = Routes()
for part in (schemes, exams, parts, candidates, grid, mark_files, papers, results, corrections, statistics, gradebook):
    routes.add_router("", part.routes)

transcripts = Routes()
transcripts.add_router("", documents.routes)
