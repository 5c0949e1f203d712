"""Routes of attendance."""

from maristan.attendance.api import corrections, policies, registers, standings, uploads
from maristan.kernel.api import Routes

routes = Routes()
for part in (registers, corrections, standings, policies, uploads):
    routes.add_router("", part.routes)
