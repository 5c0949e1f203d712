"""Routes of attendance."""

from maristan.attendance.api import corrections, eligibility_lists, own, policies, registers, standings, uploads
from maristan.kernel.api import Routes

routes = Routes()
for part in (registers, corrections, own, standings, policies, eligibility_lists, uploads):
    routes.add_router("", part.routes)
