"""Routes of attendance."""

from maristan.attendance.api import corrections, policies, registers, standings
from maristan.kernel.api import Routes

routes = Routes()
for part in (registers, corrections, standings, policies):
    routes.add_router("", part.routes)
